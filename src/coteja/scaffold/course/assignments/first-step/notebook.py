# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] lang="es"
# # Un paso cuesta abajo
#
# Un modelo de un solo peso, $\text{salida} = w \cdot \text{entrada}$, cuatro observaciones y un paso de descenso por gradiente: lo
# bastante pequeño para comprobarlo en papel. El código, la figura y la afirmación valen 15 puntos y se revisan solos; la
# explicación vale 5 y la lee una persona.
#
# **Usa los nombres de variables y funciones exactamente como aparecen.** Puedes agregar todas las celdas que quieras.

# %% [markdown] lang="en"
# # One step downhill
#
# A model with a single weight, $\text{output} = w \cdot \text{input}$, four observations and one step of gradient descent: small enough to
# check on paper. Code, figure and claim are worth 15 points and are checked automatically; the explanation is worth 5
# and a person reads it.
#
# **Use the names of variables and functions exactly as they are given.** You may add as many cells as you like.

# %%
import matplotlib.pyplot as plt
import numpy as np

inputs = np.array([1.0, 2.0, 3.0, 4.0])
targets = np.array([2.1, 3.9, 6.2, 7.8])

# %% [markdown] lang="es" question="q1"
# ## 1. El error cuadrático medio
#
# `error_cuadratico_medio(salidas, metas)` recibe dos arreglos de la misma forma $(n,)$ y devuelve un número:
#
# $$L = \frac{1}{n} \sum_{i=1}^{n} (\text{salida}_i - \text{meta}_i)^2$$

# %% [markdown] lang="en" question="q1"
# ## 1. The mean squared error
#
# `mean_squared_error(outputs, targets)` takes two arrays of the same shape $(n,)$ and returns one number:
#
# $$L = \frac{1}{n} \sum_{i=1}^{n} (\text{output}_i - \text{target}_i)^2$$


# %% answer="q1-error"
def mean_squared_error(outputs, targets):
    ### BEGIN SOLUTION
    return np.mean((outputs - targets) ** 2)
    ### END SOLUTION


# %% [markdown] lang="es" question="q2"
# ## 2. Un paso
#
# Empieza en `peso = 0` y da **un** paso de descenso por gradiente con la tasa de abajo. Con $\text{salida}_i = w \, x_i$, la derivada de la
# pérdida es
#
# $$\frac{dL}{dw} = \frac{2}{n} \sum_{i=1}^{n} (w\,x_i - \text{meta}_i)\, x_i$$
#
# Guarda el peso al que llegas en `peso_nuevo`.

# %% [markdown] lang="en" question="q2"
# ## 2. One step
#
# Start at `weight = 0` and take **one** step of gradient descent with the rate below. With $\text{output}_i = w \, x_i$, the derivative of the
# loss is
#
# $$\frac{dL}{dw} = \frac{2}{n} \sum_{i=1}^{n} (w\,x_i - \text{target}_i)\, x_i$$
#
# Keep the weight at which you arrive in `new_weight`.

# %%
weight = 0.0
rate = 0.05

# %% answer="q2-step"
### BEGIN SOLUTION
slope = 2 * np.mean((weight * inputs - targets) * inputs)
new_weight = weight - rate * slope
### END SOLUTION

# %% [markdown] lang="es"
# **Figura.** Guarda en `perdidas` la pérdida de cada uno de los `pesos`, en ese orden, y dibuja la curva: nombra los dos ejes y
# ponle a la curva el nombre `L(w)` en la leyenda. Guarda la figura en `figura_perdida`.

# %% [markdown] lang="en"
# **Figure.** Keep the loss of each of the `weights` in `losses`, in that order, and draw the curve: label both axes and call
# the curve `L(w)` in the legend. Keep the figure in `loss_figure`.

# %%
weights = np.linspace(-2, 6, 81)

# %% answer="q2-figure"
### BEGIN SOLUTION
losses = [mean_squared_error(w * inputs, targets) for w in weights]
loss_figure, ax = plt.subplots()
ax.plot(weights, losses, label="L(w)")
ax.set_xlabel("w")
ax.set_ylabel("L")
ax.legend()
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmación.** Si el mismo paso se da con una tasa de 0.2, ¿la pérdida también baja? Escribe `True` o `False` en lugar de `...`.

# %% [markdown] lang="en"
# **Claim.** If the same step is taken with a rate of 0.2, does the loss fall as well? Write `True` or `False` in place of `...`.

# %% answer="q2-claim"
long_step_helps = ...
### BEGIN SOLUTION
long_step_helps = False
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (5 puntos, los lee una persona).** El paso de tasa 0.2 va en la misma dirección que el de 0.05. ¿Qué le pasa a la pérdida, y por
# qué? Usa tu figura.

# %% [markdown] lang="en" written=true
# **Explain (5 points, a person reads it).** The step with rate 0.2 goes in the same direction as that with 0.05. What happens to the loss, and
# why? Use your figure.
