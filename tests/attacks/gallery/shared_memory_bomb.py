# tries = "Memory that no limit of a process counts: shared, in files of /dev/shm, and without a name"
# intenta = "Memoria que ningún límite de proceso cuenta: compartida, en archivos de /dev/shm y sin nombre"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import mmap

kept = []
for _ in range(200):
    try:
        kept.append(mmap.mmap(-1, 64 << 20))
        kept[-1].write(bytes(64 << 20))
    except (OSError, MemoryError):
        break
for number in range(400):
    try:
        with open(f"/dev/shm/{MARK}{number}", "wb", buffering=0) as file:
            file.write(bytes(4 << 20))
    except OSError:
        break
try:
    handle = os.memfd_create("x")
    won("memory without a name")
except OSError:
    pass
