# tries = "Memory taken by many processes, each below its own limit"
# intenta = "Memoria tomada por muchos procesos, cada uno debajo de su propio límite"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import time

for _ in range(20):
    if os.fork() == 0:
        try:
            kept = np.ones(300 << 17)
        except MemoryError:
            pass
        time.sleep(60)
        os._exit(0)
time.sleep(60)
