# tries = "A function that never returns once the grader calls it"
# intenta = "Una función que nunca regresa cuando el calificador la llama"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


# %%
# [q2-count]
answer = 11 * first
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot(np.arange(5.0) ** 2, label="squares")
