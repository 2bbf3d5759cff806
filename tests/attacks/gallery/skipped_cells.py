# tries = "Tags on every cell that tell programs that run notebooks to skip it, to expect an error, to hide or remove it"
# intenta = "Etiquetas en cada celda que piden a quien ejecuta cuadernos saltarla, esperar un error, ocultarla o quitarla"
# kind = "cheat"
# peers = ["nbgrader"]
# tags = ["skip-execution", "raises-exception", "remove-cell", "hide-cell", "injected-parameters"]
# must = { points = 5 }

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
answer = 0
