# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] lang="es"
# # Regresión lineal: la red más pequeña que aprende
#
# Una red de una sola neurona, sin función de activación, es una regresión lineal: $y = x_1 w_1 + x_2 w_2 + b$. Es tan pequeña que se
# puede saber en papel qué debe pasar en cada iteración, y por eso es el mejor lugar para aprender a desconfiar de un
# entrenamiento. En este laboratorio generas tus propios datos a partir de una función que tú conoces,
#
# $$\text{meta} = 2\,x_1 - 3\,x_2 + 5 + \text{ruido},$$
#
# y ves si el descenso por gradiente la encuentra. Después cambias **una cosa a la vez**: cuántas observaciones hay, qué tan
# grande es cada paso, qué significa equivocarse, y la función misma.
#
# El código, las figuras y las afirmaciones valen 70 puntos y se revisan solos; las explicaciones valen 30 y las lee una persona.
# Tus números son al azar y no tienen que coincidir con los de nadie: se revisan con la tolerancia que el azar pide.
#
# **Usa los nombres de variables y funciones exactamente como aparecen.** Puedes agregar todas las celdas que quieras.

# %% [markdown] lang="en"
# # Linear regression: the smallest network that learns
#
# A network of one neuron, without an activation function, is a linear regression: $y = x_1 w_1 + x_2 w_2 + b$. It is so small that one
# can tell on paper what must happen in each iteration, which makes it the best place to learn to distrust a
# training run. In this lab you make your own data from a function that you know,
#
# $$\text{target} = 2\,x_1 - 3\,x_2 + 5 + \text{noise},$$
#
# and see whether gradient descent finds it. Then you change **one thing at a time**: how many observations there are, how large
# each step is, what it means to be wrong, and the function itself.
#
# Code, figures and claims are worth 70 points and are checked automatically; the explanations are worth 30 and a person reads them.
# Your numbers are random and need not be anybody else's: they are checked with the tolerance that chance asks for.
#
# **Use the names of variables and functions exactly as they are given.** You may add as many cells as you like.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

# %% tags=["parameters"]
# es: Cuántas observaciones usan las preguntas 1 y 2, y la función de la pregunta 6: meta = nuevo_w1 · x1 + nuevo_w2 · x2 + nuevo_b.
# es: Usa estas variables en tus celdas en lugar de escribir los números: tu cuaderno se corre otra vez con otros valores.
# en: How many observations questions 1 and 2 use, and the function of question 6: target = new_w1 · x1 + new_w2 · x2 + new_b.
# en: Use these variables in your cells instead of typing the numbers: your notebook is run again with other values.
n_q1 = 100_000
n_q2 = 1_000_000
new_w1 = 13
new_w2 = 7
new_b = -12

# %% [markdown] lang="es" question="base"
# ## El modelo de la clase
#
# ### Los datos
#
# `generar_datos(n, w1, w2, b)` devuelve dos arreglos: las entradas, de forma $(n, 2)$, con números uniformes entre -10 y 10; y las
# metas, de forma $(n, 1)$: $w_1 x_1 + w_2 x_2 + b$ más un ruido uniforme entre -1 y 1, distinto para cada observación.
#
# ### La pérdida y su pendiente
#
# Con $d = \text{salida} - \text{meta}$ y $n$ observaciones, la pérdida de la clase es la mitad de la norma L2:
#
# $$L = \frac{1}{2n} \sum_{i=1}^{n} d_i^2 \qquad\qquad \frac{\partial L}{\partial\, \text{salida}_i} = \frac{d_i}{n}$$
#
# - `mitad_l2(salidas, metas)` devuelve un número.
# - `pendiente_mitad_l2(salidas, metas)` devuelve la derivada respecto a cada salida, de forma $(n, 1)$.
#
# ### El entrenamiento
#
# `entrenar(entradas, metas, tasa, iteraciones, perdida, pendiente)` empieza con pesos $(2, 1)$ y sesgos $(1,)$ uniformes entre -0.1 y 0.1, y en
# cada iteración: calcula las salidas, guarda la pérdida y da un paso cuesta abajo,
#
# $$w \leftarrow w - \alpha\, X^{\top} s \qquad\qquad b \leftarrow b - \alpha \textstyle\sum_i s_i$$
#
# donde $s$ es lo que devuelve `pendiente`. Devuelve los pesos, los sesgos y la lista de **todas** las pérdidas. Los argumentos `perdida` y `pendiente`
# son funciones: en las preguntas 4 y 5 vas a pasarle otras.

# %% [markdown] lang="en" question="base"
# ## The class model
#
# ### The data
#
# `make_data(n, w1, w2, b)` returns two arrays: the inputs, of shape $(n, 2)$, with numbers uniform between -10 and 10; and the
# targets, of shape $(n, 1)$: $w_1 x_1 + w_2 x_2 + b$ plus noise that is uniform between -1 and 1, another one for each observation.
#
# ### The loss and its slope
#
# With $d = \text{output} - \text{target}$ and $n$ observations, the class model's loss is half the L2-norm:
#
# $$L = \frac{1}{2n} \sum_{i=1}^{n} d_i^2 \qquad\qquad \frac{\partial L}{\partial\, \text{output}_i} = \frac{d_i}{n}$$
#
# - `half_l2(outputs, targets)` returns one number.
# - `half_l2_slope(outputs, targets)` returns the derivative with respect to each output, of shape $(n, 1)$.
#
# ### The training
#
# `train(inputs, targets, learning_rate, iterations, loss, slope)` starts with weights $(2, 1)$ and biases $(1,)$ uniform between -0.1 and 0.1, and
# in each iteration computes the outputs, stores the loss and takes one step downhill,
#
# $$w \leftarrow w - \alpha\, X^{\top} s \qquad\qquad b \leftarrow b - \alpha \textstyle\sum_i s_i$$
#
# where $s$ is what `slope` returns. It returns the weights, the biases and the list of **all** losses. The arguments `loss` and `slope`
# are functions: in questions 4 and 5 you will pass others.

# %% answer="base-data"
def make_data(n, w1, w2, b):
    ### BEGIN SOLUTION
    inputs = np.random.uniform(-10, 10, size=(n, 2))
    noise = np.random.uniform(-1, 1, size=(n, 1))
    targets = w1 * inputs[:, :1] + w2 * inputs[:, 1:] + b + noise
    return inputs, targets
    ### END SOLUTION

# %% answer="base-loss"
def half_l2(outputs, targets):
    ### BEGIN SOLUTION
    return float(np.sum((outputs - targets) ** 2) / 2 / len(targets))
    ### END SOLUTION


def half_l2_slope(outputs, targets):
    ### BEGIN SOLUTION
    return (outputs - targets) / len(targets)
    ### END SOLUTION

# %% answer="base-train"
def train(inputs, targets, learning_rate=0.01, iterations=100, loss=half_l2, slope=half_l2_slope):
    losses = []
    ### BEGIN SOLUTION
    weights = np.random.uniform(-0.1, 0.1, size=(2, 1))
    biases = np.random.uniform(-0.1, 0.1, size=1)
    for i in range(iterations):
        outputs = inputs @ weights + biases
        losses.append(loss(outputs, targets))
        s = slope(outputs, targets)
        weights = weights - learning_rate * inputs.T @ s
        biases = biases - learning_rate * np.sum(s)
    ### END SOLUTION
    return weights, biases, losses

# %% [markdown] lang="es"
# ### El experimento
#
# Genera `entradas` y `metas` con 1000 observaciones de la función de la clase (2, -3 y 5) y entrena con tasa 0.01 y 100 iteraciones.
# Guarda `pesos`, `sesgos` y `perdidas`, y en `segundos` cuánto tardó el entrenamiento (`time.perf_counter()` antes y después).
#
# Dibuja las salidas contra las metas, un punto por observación, con los ejes nombrados, y guarda la figura en `figura_base`. Si la
# red resolvió el problema, los puntos caen sobre una línea de 45 grados.

# %% [markdown] lang="en"
# ### The experiment
#
# Make `inputs` and `targets` with 1000 observations of the class function (2, -3 and 5) and train at rate 0.01 for 100 iterations.
# Keep `weights`, `biases` and `losses`, and in `seconds` how long the training took (`time.perf_counter()` before and after).
#
# Draw the outputs against the targets, one point an observation, with named axes, and keep the figure in `base_figure`. If the
# network has solved the problem, the points lie on a 45-degree line.

# %% answer="base-run"
### BEGIN SOLUTION
inputs, targets = make_data(1000, 2, -3, 5)
started = time.perf_counter()
weights, biases, losses = train(inputs, targets, 0.01, 100)
seconds = time.perf_counter() - started
print(weights.ravel(), biases, losses[0], losses[-1])
### END SOLUTION

# %% answer="base-figure"
### BEGIN SOLUTION
base_figure, ax = plt.subplots()
ax.scatter(targets, inputs @ weights + biases, s=4)
ax.set_xlabel("targets / metas")
ax.set_ylabel("outputs / salidas")
### END SOLUTION

# %% [markdown] lang="es" question="q1"
# ## 1. Cien mil observaciones
#
# Repite el experimento con `n_q1` observaciones nuevas; todo lo demás queda igual (tasa 0.01, 100 iteraciones). Guarda `pesos_q1`,
# `sesgos_q1`, `segundos_q1` y la figura de salidas contra metas en `figura_q1`.

# %% [markdown] lang="en" question="q1"
# ## 1. A hundred thousand observations
#
# Repeat the experiment with `n_q1` new observations; all else stays as it was (rate 0.01, 100 iterations). Keep `weights_q1`,
# `biases_q1`, `seconds_q1`, and the figure of outputs against targets in `figure_q1`.

# %% answer="q1-run"
### BEGIN SOLUTION
inputs_q1, targets_q1 = make_data(n_q1, 2, -3, 5)
started = time.perf_counter()
weights_q1, biases_q1, losses_q1 = train(inputs_q1, targets_q1, 0.01, 100)
seconds_q1 = time.perf_counter() - started
print(weights_q1.ravel(), biases_q1, seconds_q1)
### END SOLUTION

# %% answer="q1-figure"
### BEGIN SOLUTION
figure_q1, ax = plt.subplots()
ax.plot(targets_q1[:5000], (inputs_q1 @ weights_q1 + biases_q1)[:5000], ",")
ax.set_xlabel("targets / metas")
ax.set_ylabel("outputs / salidas")
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (4 puntos, los lee una persona).** Compara con 1000 observaciones: ¿qué cambió en el tiempo, en los pesos, en el sesgo y en la
# figura, y qué no cambió? Apóyate en tus números.
#
# *Borra este texto y escribe aquí tu respuesta, entre 40 y 120 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (4 points, a person reads them).** Compare with 1000 observations: what changed in the time, the weights, the bias and the
# figure, and what did not? Use your numbers.
#
# *Delete this text and write your answer here, 40 to 120 words.*

# %% [markdown] lang="es" question="q2"
# ## 2. Un millón, y una trampa
#
# Ahora con `n_q2` observaciones. Guarda `pesos_q2`, `sesgos_q2` y `segundos_q2`. (Para la figura basta una muestra de los puntos:
# un millón de puntos no se ve mejor que cinco mil. No hace falta guardarla.)
#
# El sesgo verdadero es 5. Mira los tres sesgos que llevas. Después vuelve a las **1000** observaciones de la clase y entrena con tasa 0.01
# pero con **1000 iteraciones**; guarda `pesos_largo`, `sesgos_largo` y `perdidas_largo`.

# %% [markdown] lang="en" question="q2"
# ## 2. A million, and a trap
#
# Now with `n_q2` observations. Keep `weights_q2`, `biases_q2` and `seconds_q2`. (For the picture a sample of the points will do:
# a million points look no better than five thousand. It need not be kept.)
#
# The true bias is 5. Look at the three biases that you have so far. Then go back to the class model's **1000** observations and train at
# rate 0.01, but for **1000 iterations**; keep `long_weights`, `long_biases` and `long_losses`.

# %% answer="q2-run"
### BEGIN SOLUTION
inputs_q2, targets_q2 = make_data(n_q2, 2, -3, 5)
started = time.perf_counter()
weights_q2, biases_q2, losses_q2 = train(inputs_q2, targets_q2, 0.01, 100)
seconds_q2 = time.perf_counter() - started
print(weights_q2.ravel(), biases_q2, seconds_q2)

long_weights, long_biases, long_losses = train(inputs, targets, 0.01, 1000)
print(long_weights.ravel(), long_biases)
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmación.** ¿Qué le falta al sesgo de 100 iteraciones para llegar a 5? Escribe `"observaciones"` o `"iteraciones"` en lugar de `...`.

# %% [markdown] lang="en"
# **Claim.** What does the bias of 100 iterations need to come to 5? Write `"observations"` or `"iterations"` in place of `...`.

# %% answer="q2-claim"
bias_needs_more = "..."
### BEGIN SOLUTION
bias_needs_more = "iterations"
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (5 puntos, los lee una persona).** Cada iteración multiplica lo que le falta al sesgo por $1 - \alpha$. ¿Cuánto debería faltarle
# después de 100 iteraciones, y cuánto le falta al tuyo? ¿Por qué un millón de observaciones no lo cambia, y qué sí mejoró con ellas?
#
# *Borra este texto y escribe aquí tu respuesta, entre 60 y 150 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (5 points, a person reads them).** Each iteration multiplies what the bias still lacks by $1 - \alpha$. How much should it
# lack after 100 iterations, and how much does yours? Why does a million observations not change that, and what did get better with them?
#
# *Delete this text and write your answer here, 60 to 150 words.*

# %% [markdown] lang="es" question="q3"
# ## 3. Cuatro tasas de aprendizaje
#
# Entrena con las tasas 0.0001, 0.001, 0.1 y 1, con **los mismos** 1000 datos de la clase y 100 iteraciones cada una. Guarda, por tasa,
# en diccionarios: `pesos_por_tasa`, `sesgos_por_tasa`, `perdidas_por_tasa` y `segundos_por_tasa`.
#
# Vas a ver números enormes, y quizás `inf` o `nan` y una advertencia de NumPy: aquí son la respuesta, no un error. No los escondas.

# %% [markdown] lang="en" question="q3"
# ## 3. Four learning rates
#
# Train at rates 0.0001, 0.001, 0.1 and 1, on **the same** 1000 observations of the class model, for 100 iterations each. Keep, by rate,
# in dictionaries: `rate_weights`, `rate_biases`, `rate_losses` and `rate_seconds`.
#
# You will see enormous numbers, and perhaps `inf` or `nan` and a warning of NumPy: here they are the answer, not an error. Do not hide them.

# %% answer="q3-run"
rate_weights, rate_biases, rate_losses, rate_seconds = {}, {}, {}, {}
### BEGIN SOLUTION
for rate in (0.0001, 0.001, 0.1, 1):
    started = time.perf_counter()
    rate_weights[rate], rate_biases[rate], rate_losses[rate] = train(inputs, targets, rate, 100)
    rate_seconds[rate] = time.perf_counter() - started
    print(rate, rate_weights[rate].ravel(), rate_biases[rate], rate_losses[rate][-1])
### END SOLUTION

# %% [markdown] lang="es"
# Dibuja las cuatro curvas de pérdida en una figura, con los ejes nombrados y la tasa de cada una en la leyenda (usa `ax.set_yscale("log")`:
# con una escala lineal no se vería nada). Guárdala en `figura_tasas`.
#
# Después, en otra figura con cuatro recuadros, uno por tasa, dibuja las salidas contra las metas. Guárdala en `figura_lineas`.

# %% [markdown] lang="en"
# Draw the four loss curves in one figure, with named axes and each one's rate in the legend (use `ax.set_yscale("log")`:
# on a linear scale one would see nothing). Keep it in `rate_figure`.
#
# Then, in another figure with four panels, one a rate, draw the outputs against the targets. Keep it in `line_figure`.

# %% answer="q3-figures"
### BEGIN SOLUTION
rate_figure, ax = plt.subplots()
for rate, curve in rate_losses.items():
    ax.plot(curve, label=str(rate))
ax.set_yscale("log")
ax.set_xlabel("i")
ax.set_ylabel("L")
ax.legend()

line_figure, panels = plt.subplots(2, 2, figsize=(8, 7))
for rate, panel in zip(rate_weights, panels.flat):
    panel.scatter(targets, inputs @ rate_weights[rate] + rate_biases[rate], s=4)
    panel.set_title(str(rate))
    panel.set_xlabel("targets / metas")
    panel.set_ylabel("outputs / salidas")
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmaciones**, a partir de tus números, una por tasa:
#
# - `comportamiento`: `"lenta"` si la pérdida baja pero en 100 iteraciones no llega; `"diverge"` si crece; `"desborda"` si crece hasta que
#   ya no cabe en un número (o está por hacerlo: más de $10^{100}$).
# - `resuelve`: `True` si en 100 iteraciones encontró la función (pesos y sesgo a menos de 0.1 de los verdaderos).
# - `linea_45`: `True` si los puntos de su recuadro caen sobre la línea de 45 grados.
# - `mas_iteraciones`: `True` si entrenar más tiempo con esa misma tasa terminaría por resolverlo.

# %% [markdown] lang="en"
# **Claims**, from your numbers, one a rate:
#
# - `behaviour`: `"slow"` if the loss falls but does not get there in 100 iterations; `"diverges"` if it grows; `"overflows"` if it grows until
#   no number holds it (or is about to: more than $10^{100}$).
# - `solves`: `True` if it found the function in 100 iterations (weights and bias within 0.1 of the true ones).
# - `line_45`: `True` if the points of its panel lie on the 45-degree line.
# - `more_iterations`: `True` if training longer at that same rate would solve it in the end.

# %% answer="q3-claims"
behaviour = {0.0001: "...", 0.001: "...", 0.1: "...", 1: "..."}
solves = {0.0001: ..., 0.001: ..., 0.1: ..., 1: ...}
line_45 = {0.0001: ..., 0.001: ..., 0.1: ..., 1: ...}
more_iterations = {0.0001: ..., 0.001: ..., 0.1: ..., 1: ...}
### BEGIN SOLUTION
behaviour = {0.0001: "slow", 0.001: "slow", 0.1: "diverges", 1: "overflows"}
solves = {0.0001: False, 0.001: False, 0.1: False, 1: False}
line_45 = {0.0001: False, 0.001: False, 0.1: False, 1: False}
more_iterations = {0.0001: True, 0.001: True, 0.1: False, 1: False}
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (7 puntos, los lee una persona).** Para cada tasa: ¿qué hizo la pérdida, dónde quedaron los pesos y el sesgo, y cómo se ve su
# línea? ¿Por qué 0.1 no «oscila y ya», sino que se aleja? Si cada iteración multiplica el error de los pesos por $1 - 33.3\,\alpha$, ¿desde
# qué tasa esperas que diverja? ¿Tardaron distinto las cuatro?
#
# *Borra este texto y escribe aquí tu respuesta, entre 80 y 200 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (7 points, a person reads them).** For each rate: what did the loss do, where did the weights and the bias end, and what does its
# line look like? Why does 0.1 not just oscillate, but move away? If each iteration multiplies the weights' error by $1 - 33.3\,\alpha$, from
# which rate on do you expect it to diverge? Did the four take different times?
#
# *Delete this text and write your answer here, 80 to 200 words.*

# %% [markdown] lang="es" question="q4"
# ## 4. La norma L2, sin dividirla entre dos
#
# $$L = \frac{1}{n} \sum_{i=1}^{n} d_i^2$$
#
# - `norma_l2(salidas, metas)` y `pendiente_l2(salidas, metas)`: la pérdida nueva y **su** derivada respecto a cada salida.
#
# Entrena dos veces con los 1000 datos de la clase, tasa 0.01 y 100 iteraciones:
#
# - solo cambia la pérdida, con la pendiente de antes (`pendiente_mitad_l2`): `pesos_mixto`, `sesgos_mixto`, `perdidas_mixto`;
# - cambia la pérdida **y** su pendiente: `pesos_l2`, `sesgos_l2`, `perdidas_l2`.

# %% [markdown] lang="en" question="q4"
# ## 4. The L2-norm, not divided by two
#
# $$L = \frac{1}{n} \sum_{i=1}^{n} d_i^2$$
#
# - `l2(outputs, targets)` and `l2_slope(outputs, targets)`: the new loss and **its** derivative with respect to each output.
#
# Train twice on the class model's 1000 observations, at rate 0.01 for 100 iterations:
#
# - only the loss changes, with the slope of before (`half_l2_slope`): `mixed_weights`, `mixed_biases`, `mixed_losses`;
# - the loss changes **and** its slope: `l2_weights`, `l2_biases`, `l2_losses`.

# %% answer="q4-loss"
def l2(outputs, targets):
    ### BEGIN SOLUTION
    return float(np.sum((outputs - targets) ** 2) / len(targets))
    ### END SOLUTION


def l2_slope(outputs, targets):
    ### BEGIN SOLUTION
    return 2 * (outputs - targets) / len(targets)
    ### END SOLUTION

# %% answer="q4-run"
### BEGIN SOLUTION
mixed_weights, mixed_biases, mixed_losses = train(inputs, targets, 0.01, 100, l2, half_l2_slope)
l2_weights, l2_biases, l2_losses = train(inputs, targets, 0.01, 100, l2, l2_slope)
print(mixed_biases, l2_biases, losses[0], mixed_losses[0], l2_losses[0])
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmación.** Comparado con el modelo de la clase, ¿llegó el sesgo (bastante) más lejos? `True` o `False`: en `mixto_mas_lejos` para el entrenamiento en
# el que solo cambió la pérdida, en `l2_mas_lejos` para el otro.

# %% [markdown] lang="en"
# **Claim.** Compared with the class model, did the bias get (much) further? `True` or `False`: in `mixed_further` for the run in
# which only the loss changed, in `l2_further` for the other one.

# %% answer="q4-claim"
mixed_further = ...
l2_further = ...
### BEGIN SOLUTION
mixed_further = False
l2_further = True
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (5 puntos, los lee una persona).** ¿Por qué al cambiar solo la pérdida se duplican los números que ves y los pesos no se enteran? Al
# cambiar también la pendiente, ¿a qué tasa de la pérdida de la clase equivale tu entrenamiento?
#
# *Borra este texto y escribe aquí tu respuesta, entre 40 y 120 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (5 points, a person reads them).** When only the loss changes, why do the numbers you see double while the weights never notice?
# When the slope changes too, which rate of the class model's loss is your training equal to?
#
# *Delete this text and write your answer here, 40 to 120 words.*

# %% [markdown] lang="es" question="q5"
# ## 5. La norma L1
#
# $$L = \frac{1}{n} \sum_{i=1}^{n} |d_i|$$
#
# - `norma_l1(salidas, metas)` y `pendiente_l1(salidas, metas)`. Donde $d_i$ no es cero, la derivada de $|d_i|$ es su signo.
#
# Entrena con los 1000 datos de la clase y tasa 0.01: 100 iteraciones (`pesos_l1`, `sesgos_l1`, `perdidas_l1`) y después **3000**
# (`pesos_l1_largo`, `sesgos_l1_largo`, `perdidas_l1_largo`). Dibuja las dos curvas de pérdida en una figura, cada una con su nombre en la leyenda
# («100» y «3000»), y guárdala en `figura_l1`.

# %% [markdown] lang="en" question="q5"
# ## 5. The L1-norm
#
# $$L = \frac{1}{n} \sum_{i=1}^{n} |d_i|$$
#
# - `l1(outputs, targets)` and `l1_slope(outputs, targets)`. Where $d_i$ is not zero, the derivative of $|d_i|$ is its sign.
#
# Train on the class model's 1000 observations at rate 0.01: 100 iterations (`l1_weights`, `l1_biases`, `l1_losses`) and then **3000**
# (`l1_long_weights`, `l1_long_biases`, `l1_long_losses`). Draw both loss curves in one figure, each with its name in the legend
# (“100” and “3000”), and keep it in `l1_figure`.

# %% answer="q5-loss"
def l1(outputs, targets):
    ### BEGIN SOLUTION
    return float(np.sum(np.abs(outputs - targets)) / len(targets))
    ### END SOLUTION


def l1_slope(outputs, targets):
    ### BEGIN SOLUTION
    return np.sign(outputs - targets) / len(targets)
    ### END SOLUTION

# %% answer="q5-run"
### BEGIN SOLUTION
l1_weights, l1_biases, l1_losses = train(inputs, targets, 0.01, 100, l1, l1_slope)
l1_long_weights, l1_long_biases, l1_long_losses = train(inputs, targets, 0.01, 3000, l1, l1_slope)
print(l1_weights.ravel(), l1_biases, l1_long_weights.ravel(), l1_long_biases)

l1_figure, ax = plt.subplots()
ax.plot(l1_losses, label="100")
ax.plot(l1_long_losses, label="3000")
ax.set_xlabel("i")
ax.set_ylabel("L1")
ax.legend()
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmaciones.** Con la norma L1 y tasa 0.01, ¿quedó resuelto (pesos y sesgo a menos de 0.2 de los verdaderos)? `True` o `False` para 100 y para
# 3000 iteraciones.

# %% [markdown] lang="en"
# **Claims.** With the L1-norm at rate 0.01, was it solved (weights and bias within 0.2 of the true ones)? `True` or `False` for 100 and for
# 3000 iterations.

# %% answer="q5-claim"
l1_solved = {100: ..., 3000: ...}
### BEGIN SOLUTION
l1_solved = {100: False, 3000: True}
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (5 puntos, los lee una persona).** ¿Por qué la pérdida L1 baja casi en línea recta, cuando la L2 baja rápido y después se aplana? ¿Qué
# ganarías con L1 si unas pocas metas estuvieran equivocadas por mucho?
#
# *Borra este texto y escribe aquí tu respuesta, entre 40 y 120 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (5 points, a person reads them).** Why does the L1 loss fall almost in a straight line, where L2 falls fast and then flattens? What
# would L1 gain you if a few targets were wrong by a lot?
#
# *Delete this text and write your answer here, 40 to 120 words.*

# %% [markdown] lang="es" question="q6"
# ## 6. Otra función, el mismo algoritmo
#
# Genera 1000 observaciones de $\text{meta} = 13\,x_1 + 7\,x_2 - 12 + \text{ruido}$ con las variables `nuevo_w1`, `nuevo_w2` y `nuevo_b`, y
# entrena con la pérdida de la clase y tasa 0.01: 100 iteraciones (`pesos_q6`, `sesgos_q6`) y 1000 (`pesos_q6_largo`, `sesgos_q6_largo`).
#
# Tu cuaderno se corre una vez más con otros valores en esas variables: lo que calculas los sigue, lo que escribes a mano no.

# %% [markdown] lang="en" question="q6"
# ## 6. Another function, the same algorithm
#
# Make 1000 observations of $\text{target} = 13\,x_1 + 7\,x_2 - 12 + \text{noise}$ with the variables `new_w1`, `new_w2` and `new_b`, and
# train with the class model's loss at rate 0.01: 100 iterations (`weights_q6`, `biases_q6`) and 1000 (`long_weights_q6`, `long_biases_q6`).
#
# Your notebook is run once more with other values in those variables: what you compute follows them, what you type in does not.

# %% answer="q6-run"
### BEGIN SOLUTION
inputs_q6, targets_q6 = make_data(1000, new_w1, new_w2, new_b)
weights_q6, biases_q6, _ = train(inputs_q6, targets_q6, 0.01, 100)
long_weights_q6, long_biases_q6, _ = train(inputs_q6, targets_q6, 0.01, 1000)
print(weights_q6.ravel(), biases_q6, long_weights_q6.ravel(), long_biases_q6)
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (4 puntos, los lee una persona).** ¿Qué tuviste que cambiar en el algoritmo para esta función, y por qué? ¿Por qué los pesos ya están
# bien después de 100 iteraciones y el sesgo no?
#
# *Borra este texto y escribe aquí tu respuesta, entre 40 y 120 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (4 points, a person reads them).** What did you have to change in the algorithm for this function, and why? Why are the weights
# right after 100 iterations already, and the bias not?
#
# *Delete this text and write your answer here, 40 to 120 words.*
