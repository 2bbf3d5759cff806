# tries = "Output without end"
# intenta = "Salida sin fin"
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
    print("all work and no play " * 1000)
