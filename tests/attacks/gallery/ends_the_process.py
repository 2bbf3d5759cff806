# tries = "The process ended at once, without a word"
# intenta = "El proceso terminado de golpe, sin decir nada"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
os._exit(0)
