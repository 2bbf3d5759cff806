# tries = "A function that ends the process once the grader calls it"
# intenta = "Una función que termina el proceso cuando el calificador la llama"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    os._exit(0)


# %%
# [q2-count]
answer = 11 * first
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot(np.arange(5.0) ** 2, label="squares")
