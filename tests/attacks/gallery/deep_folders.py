# tries = "Folders in folders in folders, closed ones, names that are no text: whoever cleans up must not fail"
# intenta = "Carpetas dentro de carpetas, cerradas, nombres que no son texto: quien limpia no debe fallar"
# kind = "harm"
# must = { points = 5 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
start = os.getcwd()
try:
    for _ in range(1200):
        os.mkdir("deep" * 20)
        os.chdir("deep" * 20)
except OSError:
    pass
os.chdir(start)
for name in (b"\xff\xfe\n", b"-rf", b"$(touch x)", b"*", "\u202e".encode()):
    try:
        os.mkdir(name)
        os.chmod(name, 0)
    except OSError:
        pass
os.chmod(".", 0)
