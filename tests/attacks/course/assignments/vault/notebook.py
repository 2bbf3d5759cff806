# %% [markdown] lang="es"
# # La bóveda

# %% [markdown] lang="en"
# # The vault

# %%
import matplotlib.pyplot as plt
import numpy as np

# %% tags=["parameters"]
first = 7

# %% [markdown] lang="es" question="q1"
# ## 1. Pesar
# `weigh(x)` devuelve el promedio de los cuadrados de `x`.

# %% [markdown] lang="en" question="q1"
# ## 1. Weighing
# `weigh(x)` returns the mean of the squares of `x`.

# %% answer="q1-weigh"
### BEGIN SOLUTION
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))
### END SOLUTION

# %% [markdown] lang="es" question="q2"
# ## 2. Contar
# Guarda en `answer` once veces `first`, y dibuja en `drawing` los cuadrados de 0 a 4.

# %% [markdown] lang="en" question="q2"
# ## 2. Counting
# Keep eleven times `first` in `answer`, and draw the squares of 0 to 4 in `drawing`.

# %% answer="q2-count"
### BEGIN SOLUTION
answer = 11 * first
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot(np.arange(5.0) ** 2, label="squares")
### END SOLUTION

# %% [markdown] lang="es" written=true
# ¿Qué más guardarías?

# %% [markdown] lang="en" written=true
# What else would you keep?
