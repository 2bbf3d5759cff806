# tries = "All the memory of the machine, touched page by page"
# intenta = "Toda la memoria de la máquina, tocada página por página"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
kept = []
while True:
    try:
        kept.append(np.ones(1 << 20))
    except MemoryError:
        kept.append("x" * 1000)
