# %% [markdown] lang="es"
# # El gradiente de una neurona

# %% [markdown] lang="en"
# # The gradient of one neuron

# %%
import matplotlib.pyplot as plt
import numpy as np

# es: Dos entradas por ejemplo, una etiqueta.
# en: Two inputs an example, one label.
X = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, 0.0, 1.0, 0.0]])
Y = np.array([0.0, 0.0, 1.0, 1.0])

# %% [markdown] lang="es" question="q1"
# ## 1. Un paso cuesta abajo
# La neurona responde $a = \sigma(w \cdot x)$. `pendiente_neurona(w, X, Y)` devuelve el gradiente de la entropía cruzada media con
# respecto a `w`; `costo(w, X, Y)`, su valor. Entrena 30 pasos desde cero con tasa 0.5, y guarda el costo antes de cada paso en
# `costos`.

# %% [markdown] lang="en" question="q1"
# ## 1. One step downhill
# The neuron answers $a = \sigma(w \cdot x)$. `neuron_slope(w, X, Y)` returns the gradient of the mean cross-entropy with respect to
# `w`; `cost(w, X, Y)`, its value. Train 30 steps from zero at rate 0.5, and keep the cost before each step in `costs`.

# %% answer="q1-neuron"
def answer(w, X):
    return 1 / (1 + np.exp(-(w @ X)))


def cost(w, X, Y):
    ### BEGIN SOLUTION
    a = answer(w, X)
    return -np.mean(Y * np.log(a) + (1 - Y) * np.log(1 - a))
    ### END SOLUTION


def neuron_slope(w, X, Y):
    ### BEGIN SOLUTION
    return X @ (answer(w, X) - Y) / Y.size
    ### END SOLUTION


# %% answer="q1-train"
### BEGIN SOLUTION
w, costs = np.zeros(2), []
for _step in range(30):
    costs.append(cost(w, X, Y))
    w = w - 0.5 * neuron_slope(w, X, Y)
### END SOLUTION

# %% [markdown] lang="es" question="q2"
# ## 2. Lo que se ve
# Dibuja los costos en `figura_costos`, y afirma en `aprendio` (True o False) si la neurona aprendió.

# %% [markdown] lang="en" question="q2"
# ## 2. What one sees
# Draw the costs in `cost_figure`, and claim in `learned` (True or False) whether the neuron learned.

# %% answer="q2-figure"
### BEGIN SOLUTION
cost_figure, ax = plt.subplots()
ax.plot(costs, label="cost")
ax.set_xlabel("step")
ax.set_ylabel("cost")
ax.legend()
learned = costs[-1] < costs[0]
### END SOLUTION

# %% [markdown] lang="es" written=true
# ¿Qué pasa con una tasa de 50?

# %% [markdown] lang="en" written=true
# What does a rate of 50 do?
