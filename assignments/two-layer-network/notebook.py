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
# # Una red de dos capas aprende XOR
#
# Una sola neurona no puede aprender el «o exclusivo»: no hay una línea recta que separe sus ceros de sus unos.
# Con una capa oculta de dos neuronas sí se puede. En este laboratorio vas a escribir esa red completa, solo con NumPy, y
# después vas a hacer con ella tres experimentos:
#
# 1. **¿Desde dónde empieza?** Pesos al azar contra pesos en cero.
# 2. **¿Qué tan grande es cada paso?** Tres tasas de aprendizaje, comparadas con justicia.
# 3. **¿Qué significa equivocarse?** El error cuadrático medio en lugar de la entropía cruzada.
#
# En cada pregunta hay código, una figura, una afirmación sobre *tus propios datos* y una explicación con tus palabras.
# El código, las figuras y las afirmaciones valen 70 puntos y se revisan solos; las explicaciones valen 30 y las lee una persona.
#
# **Usa los nombres de variables y funciones exactamente como aparecen.** Puedes agregar todas las celdas que quieras.

# %% [markdown] lang="en"
# # A two-layer network learns XOR
#
# A single neuron cannot learn “exclusive or”: no straight line separates its zeros from its ones.
# With a hidden layer of two neurons it can be done. In this lab you write that whole network, with NumPy alone, and
# then run three experiments with it:
#
# 1. **Where does it start?** Random weights against weights of zero.
# 2. **How large is each step?** Three learning rates, compared fairly.
# 3. **What does it mean to be wrong?** Mean squared error instead of cross-entropy.
#
# Each question has code, a figure, a claim about *your own data*, and an explanation in your words.
# Code, figures and claims are worth 70 points and are checked automatically; the explanations are worth 30 and a person reads them.
#
# **Use the names of variables and functions exactly as they are given.** You may add as many cells as you like.

# %%
import matplotlib.pyplot as plt
import numpy as np

# es: Los cuatro casos de XOR: cada columna de X es una entrada, y la misma columna de Y es su respuesta.
# en: The four cases of XOR: each column of X is an input, and the same column of Y is its answer.
X = np.array([[0, 0, 1, 1],
              [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])

# %% [markdown] lang="es" question="q1"
# ## 1. La red y su punto de partida
#
# La red tiene $n_x = 2$ entradas, $n_h = 2$ neuronas ocultas y $n_y = 1$ salida. Con $m$ ejemplos en las columnas de $X$:
#
# $$Z_1 = W_1 X + b_1 \qquad A_1 = \tanh(Z_1) \qquad Z_2 = W_2 A_1 + b_2 \qquad A_2 = \sigma(Z_2) = \frac{1}{1 + e^{-Z_2}}$$
#
# El costo es la entropía cruzada **promedio**:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \left[\, y_i \ln a_i + (1 - y_i) \ln (1 - a_i) \,\right]$$
#
# ### 1.1 Hacia adelante
#
# - `initialize_parameters(n_x, n_h, n_y)` devuelve un diccionario con `"W1"` $(n_h, n_x)$, `"b1"` $(n_h, 1)$, `"W2"` $(n_y, n_h)$
#   y `"b2"` $(n_y, 1)$. Los **cuatro** salen de `np.random.randn`, en ese orden (también los sesgos). No fijes la semilla adentro.
# - `forward_prop(X, parameters)` devuelve dos cosas: `A2`, de forma $(1, m)$, y `cache`, con lo que vas a necesitar de regreso.
# - `loss_function(A2, Y)` devuelve un número.
# - `predict(X, parameters)` devuelve 1 donde $A_2 > 0.5$ y 0 donde no.

# %% [markdown] lang="en"
# ## 1. The network and its start
#
# The network has $n_x = 2$ inputs, $n_h = 2$ hidden neurons and $n_y = 1$ output. With $m$ examples in the columns of $X$:
#
# $$Z_1 = W_1 X + b_1 \qquad A_1 = \tanh(Z_1) \qquad Z_2 = W_2 A_1 + b_2 \qquad A_2 = \sigma(Z_2) = \frac{1}{1 + e^{-Z_2}}$$
#
# The cost is the **mean** cross-entropy:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \left[\, y_i \ln a_i + (1 - y_i) \ln (1 - a_i) \,\right]$$
#
# ### 1.1 Forward
#
# - `initialize_parameters(n_x, n_h, n_y)` returns a dictionary with `"W1"` $(n_h, n_x)$, `"b1"` $(n_h, 1)$, `"W2"` $(n_y, n_h)$
#   and `"b2"` $(n_y, 1)$. All **four** come from `np.random.randn`, in that order (the biases too). Do not set the seed inside.
# - `forward_prop(X, parameters)` returns two things: `A2`, of shape $(1, m)$, and `cache`, with what you will need on the way back.
# - `loss_function(A2, Y)` returns one number.
# - `predict(X, parameters)` returns 1 where $A_2 > 0.5$ and 0 elsewhere.

# %% answer="q1-forward"
def sigmoid(z):
    ### BEGIN SOLUTION
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION


def initialize_parameters(n_x, n_h, n_y):
    ### BEGIN SOLUTION
    W1 = np.random.randn(n_h, n_x)
    b1 = np.random.randn(n_h, 1)
    W2 = np.random.randn(n_y, n_h)
    b2 = np.random.randn(n_y, 1)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    ### END SOLUTION


def forward_prop(X, parameters):
    ### BEGIN SOLUTION
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = sigmoid(Z2)
    cache = {"A1": A1, "A2": A2}
    return A2, cache
    ### END SOLUTION


def loss_function(A2, Y):
    ### BEGIN SOLUTION
    m = Y.shape[1]
    return float(-np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m)
    ### END SOLUTION


def predict(X, parameters):
    ### BEGIN SOLUTION
    A2, cache = forward_prop(X, parameters)
    return (A2 > 0.5).astype(int)
    ### END SOLUTION

# %% [markdown] lang="es"
# ### 1.2 Hacia atrás
#
# La regla de la cadena, capa por capa ($\odot$ multiplica elemento por elemento; cada suma es sobre los ejemplos):
#
# $$dZ_2 = A_2 - Y \qquad dW_2 = \tfrac{1}{m}\, dZ_2\, A_1^{\top} \qquad db_2 = \tfrac{1}{m} \textstyle\sum dZ_2$$
#
# $$dZ_1 = W_2^{\top} dZ_2 \odot \left(1 - A_1^2\right) \qquad dW_1 = \tfrac{1}{m}\, dZ_1\, X^{\top} \qquad db_1 = \tfrac{1}{m} \textstyle\sum dZ_1$$
#
# - `backward_prop(X, Y, cache, parameters)` devuelve un diccionario con `"dW1"`, `"db1"`, `"dW2"` y `"db2"`, cada uno con la forma de
#   su parámetro.
# - `update_parameters(parameters, grads, learning_rate)` devuelve un diccionario nuevo, un paso más abajo: $W - \alpha\, dW$.
#
# Cada gradiente se puede comprobar sin conocer la respuesta: mueve un peso un poquito hacia cada lado, mira cuánto cambia **tu**
# costo, y compáralo. `coteja.check("q1")` hace exactamente eso.

# %% [markdown] lang="en"
# ### 1.2 Backward
#
# The chain rule, layer by layer ($\odot$ multiplies element by element; each sum runs over the examples):
#
# $$dZ_2 = A_2 - Y \qquad dW_2 = \tfrac{1}{m}\, dZ_2\, A_1^{\top} \qquad db_2 = \tfrac{1}{m} \textstyle\sum dZ_2$$
#
# $$dZ_1 = W_2^{\top} dZ_2 \odot \left(1 - A_1^2\right) \qquad dW_1 = \tfrac{1}{m}\, dZ_1\, X^{\top} \qquad db_1 = \tfrac{1}{m} \textstyle\sum dZ_1$$
#
# - `backward_prop(X, Y, cache, parameters)` returns a dictionary with `"dW1"`, `"db1"`, `"dW2"` and `"db2"`, each with the shape of
#   its parameter.
# - `update_parameters(parameters, grads, learning_rate)` returns a new dictionary, one step downhill: $W - \alpha\, dW$.
#
# Any gradient can be tested without knowing the answer: move one weight a little to each side, see how much **your** cost
# changes, and compare. `coteja.check("q1")` does exactly that.

# %% answer="q1-backward"
def backward_prop(X, Y, cache, parameters):
    ### BEGIN SOLUTION
    m = X.shape[1]
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = parameters["W2"].T @ dZ2 * (1 - A1**2)
    dW1 = dZ1 @ X.T / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
    ### END SOLUTION


def update_parameters(parameters, grads, learning_rate):
    ### BEGIN SOLUTION
    return {name: parameters[name] - learning_rate * grads["d" + name] for name in ("W1", "b1", "W2", "b2")}
    ### END SOLUTION

# %% [markdown] lang="es"
# ### 1.3 Entrenar
#
# `model` recibe el punto de partida como argumento (así tú decides desde dónde empieza) y devuelve los parámetros entrenados y la
# lista de **todos** los costos. Para $i = 0, 1, \dots,$ `iterations`, en este orden: hacia adelante, guarda el costo, hacia atrás,
# actualiza. Es decir, `costs[i]` es el costo **antes** de la actualización $i$, y con `iterations=1000` hay 1001 costos: el primero es el
# de la red sin entrenar.
#
# Los argumentos `loss` y `gradient` son funciones. Déjalos donde están: te van a servir en la pregunta 3.

# %% [markdown] lang="en"
# ### 1.3 Train
#
# `model` takes the start as an argument (so you decide where it begins) and returns the trained parameters and the list of
# **all** the costs. For $i = 0, 1, \dots,$ `iterations`, in this order: forward, store the cost, backward, update. So `costs[i]`
# is the cost **before** update $i$, and `iterations=1000` gives 1001 costs: the first one is that of the untrained
# network.
#
# The arguments `loss` and `gradient` are functions. Leave them where they are: you will need them in question 3.

# %% answer="q1-model"
def model(X, Y, parameters, iterations, learning_rate, loss=loss_function, gradient=backward_prop):
    costs = []
    ### BEGIN SOLUTION
    for i in range(iterations + 1):
        A2, cache = forward_prop(X, parameters)
        costs.append(loss(A2, Y))
        grads = gradient(X, Y, cache, parameters)
        parameters = update_parameters(parameters, grads, learning_rate)
    ### END SOLUTION
    return parameters, costs

# %% [markdown] lang="es"
# ### 1.4 El experimento: al azar contra ceros
#
# Entrena la red dos veces, con tasa de aprendizaje 0.3 y 1000 iteraciones:
#
# - desde un inicio **al azar**: `np.random.seed(2)` justo antes de `initialize_parameters(2, 2, 1)`;
#   guarda `parametros_aleatorio` y `costos_aleatorio`;
# - desde un inicio en **ceros**: los mismos cuatro parámetros, con las mismas formas, todos en cero;
#   guarda `parametros_ceros` y `costos_ceros`.
#
# Antes de correrla, apuesta: ¿qué va a hacer cada curva?

# %% [markdown] lang="en"
# ### 1.4 The experiment: random against zeros
#
# Train the network twice, at learning rate 0.3 for 1000 iterations:
#
# - from a **random** start: `np.random.seed(2)` right before `initialize_parameters(2, 2, 1)`;
#   keep `random_parameters` and `random_costs`;
# - from a start of **zeros**: the same four parameters, with the same shapes, all zero;
#   keep `zero_parameters` and `zero_costs`.
#
# Before you run it, place a bet: what will each curve do?

# %% answer="q1-train"
### BEGIN SOLUTION
np.random.seed(2)
random_parameters, random_costs = model(X, Y, initialize_parameters(2, 2, 1), 1000, 0.3)

zeros = {"W1": np.zeros((2, 2)), "b1": np.zeros((2, 1)), "W2": np.zeros((1, 2)), "b2": np.zeros((1, 1))}
zero_parameters, zero_costs = model(X, Y, zeros, 1000, 0.3)

for i in range(0, 1001, 100):
    print(i, round(random_costs[i], 6), round(zero_costs[i], 6))
### END SOLUTION

# %% [markdown] lang="es"
# Dibuja las dos curvas en una sola figura, con nombre en ambos ejes y una leyenda que diga cuál empezó al azar y cuál en ceros.
# Guarda la figura en `figura_inicio` (por ejemplo, `figura_inicio, ax = plt.subplots()`).

# %% [markdown] lang="en"
# Draw both curves in one figure, with a name on both axes and a legend that says which one started at random and which at zeros.
# Keep the figure in `start_figure` (for example, `start_figure, ax = plt.subplots()`).

# %% answer="q1-figure"
### BEGIN SOLUTION
start_figure, ax = plt.subplots()
ax.plot(random_costs, label="random / aleatorio")
ax.plot(zero_costs, label="zeros / ceros")
ax.set_xlabel("i")
ax.set_ylabel("J")
ax.legend()
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmación.** Mira tus parámetros después de entrenar desde ceros. ¿Cuáles se movieron de su cero? Para cada uno, escribe `True` o
# `False` en lugar de `...`.

# %% [markdown] lang="en"
# **Claim.** Look at your parameters after training from zeros. Which of them moved away from zero? For each, write `True` or
# `False` in place of `...`.

# %% answer="q1-claim"
moved = {"W1": ..., "b1": ..., "W2": ..., "b2": ...}
### BEGIN SOLUTION
moved = {"W1": False, "b1": False, "W2": False, "b2": False}
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (10 puntos, los lee una persona).** ¿Por qué la red hizo lo que viste al empezar en ceros? Sigue a las dos neuronas ocultas:
# ¿qué calcula cada una en la primera iteración, y qué gradiente recibe? Apóyate en tus números. ¿Y si todos los pesos empezaran en
# uno?
#
# *Borra este texto y escribe aquí tu respuesta, entre 60 y 150 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (10 points, a person reads them).** Why did the network do what you saw when it started at zeros? Follow the two hidden
# neurons: what does each compute in the first iteration, and what gradient does it get? Use your numbers. And if all weights started
# at one?
#
# *Delete this text and write your answer here, 60 to 150 words.*

# %% [markdown] lang="es" question="q2"
# ## 2. Tasas de aprendizaje, comparadas con justicia
#
# Un experimento compara con justicia cuando **solo cambia lo que se está comparando**. Entrena la red con tres tasas de aprendizaje: 0.5,
# 0.1 y 0.01, con 10,000 iteraciones cada una. Todo lo demás tiene que ser igual para las tres.
#
# Guarda los costos en `costos_por_tasa`: un diccionario de tasa a lista de costos (10,001 en cada una). Así puedes revisar que la
# comparación es justa: ¿qué deben tener en común las tres listas?

# %% [markdown] lang="en"
# ## 2. Learning rates, compared fairly
#
# An experiment compares fairly when **only the thing compared changes**. Train the network at three learning rates: 0.5,
# 0.1 and 0.01, for 10,000 iterations each. Everything else has to be the same for all three.
#
# Keep the costs in `rate_costs`: a dictionary from rate to list of costs (10,001 in each). That lets you verify that the
# comparison is fair: what must the three lists have in common?

# %% answer="q2-train"
rate_costs = {}
### BEGIN SOLUTION
for rate in (0.5, 0.1, 0.01):
    np.random.seed(2)
    trained, costs = model(X, Y, initialize_parameters(2, 2, 1), 10_000, rate)
    rate_costs[rate] = costs
    print(rate, costs[0], costs[1000], costs[-1], predict(X, trained))
### END SOLUTION

# %% [markdown] lang="es"
# Dibuja las tres curvas en una figura, una por tasa, con los ejes nombrados y la tasa de cada curva en la leyenda.
# Guárdala en `figura_tasas`. Una escala logarítmica es bienvenida si ayuda a ver.

# %% [markdown] lang="en"
# Draw the three curves in one figure, one a rate, with named axes and each curve's rate in the legend.
# Keep it in `rate_figure`. A logarithmic scale is welcome if it helps one see.

# %% answer="q2-figure"
### BEGIN SOLUTION
rate_figure, ax = plt.subplots()
for rate, costs in rate_costs.items():
    ax.plot(costs, label=str(rate))
ax.set_xlabel("i")
ax.set_ylabel("J")
ax.legend()
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmaciones.** A partir de tus curvas:
#
# - `mejor_en_1000` y `mejor_en_10000`: la tasa (0.5, 0.1 o 0.01) con el costo más bajo después de 1000 y de 10,000 iteraciones.
# - `comportamiento`: para cada tasa, una palabra que diga cómo está después de 10,000 iteraciones:
#
# | palabra | qué se ve en la curva |
# |---|---|
# | `"converge"` | el último costo es menor que 0.05 |
# | `"atascada"` | aprendió algo (el último costo está entre 0.05 y 0.6), pero ya no baja: menos de 0.001 en las últimas 1000 iteraciones |
# | `"lenta"` | todavía está cerca de lo que cuesta no saber nada: el último costo es 0.6 o más |

# %% [markdown] lang="en"
# **Claims.** From your curves:
#
# - `best_after_1000` and `best_after_10000`: the rate (0.5, 0.1 or 0.01) with the lowest cost after 1000 and after 10,000 iterations.
# - `rate_behaviour`: for each rate, one word for how it stands after 10,000 iterations:
#
# | word | what the curve shows |
# |---|---|
# | `"converges"` | the last cost is below 0.05 |
# | `"stuck"` | it learned something (the last cost lies between 0.05 and 0.6) but falls no more: less than 0.001 in the last 1000 iterations |
# | `"crawls"` | it is still near what knowing nothing costs: the last cost is 0.6 or more |

# %% answer="q2-claims"
best_after_1000 = ...
best_after_10000 = ...
rate_behaviour = {0.5: "...", 0.1: "...", 0.01: "..."}
### BEGIN SOLUTION
best_after_1000 = min(rate_costs, key=lambda rate: rate_costs[rate][1000])
best_after_10000 = min(rate_costs, key=lambda rate: rate_costs[rate][-1])
rate_behaviour = {0.5: "stuck", 0.1: "converges", 0.01: "crawls"}
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (10 puntos, los lee una persona).** Una compañera entrenó cada tasa desde pesos al azar distintos y concluyó cuál era «la mejor».
# ¿Qué le dirías? Después, con tus números: ¿qué tasa elegirías tú, y de qué depende? ¿En qué se distingue una curva lenta de una
# atascada?
#
# *Borra este texto y escribe aquí tu respuesta, entre 60 y 150 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (10 points, a person reads them).** A classmate trained each rate from different random weights and concluded which one was
# “the best”. What would you tell her? Then, with your numbers: which rate would you choose, and what does it depend on? How do you tell
# a curve that crawls from one that is stuck?
#
# *Delete this text and write your answer here, 60 to 150 words.*

# %% [markdown] lang="es" question="q3"
# ## 3. El error cuadrático medio, con su propio gradiente
#
# Cambia la función de costo por el error cuadrático medio (*mean squared error*, MSE):
#
# $$J_{\text{MSE}} = \frac{1}{m} \sum_{i=1}^{m} (a_i - y_i)^2$$
#
# Con la entropía cruzada, $dZ_2$ quedaba en $A_2 - Y$ porque la derivada de la sigmoide se cancela. Aquí no se cancela. Deriva
# $J_{\text{MSE}}$ respecto a $Z_2$ en papel antes de escribir código; el resto de la regla de la cadena no cambia.
#
# - `mse_function(A2, Y)` devuelve un número.
# - `backward_prop_mse(X, Y, cache, parameters)` devuelve los gradientes de `mse_function`, con los mismos nombres de antes.

# %% [markdown] lang="en"
# ## 3. Mean squared error, with its own gradient
#
# Replace the cost by the mean squared error (MSE):
#
# $$J_{\text{MSE}} = \frac{1}{m} \sum_{i=1}^{m} (a_i - y_i)^2$$
#
# With cross-entropy, $dZ_2$ came down to $A_2 - Y$ because the derivative of the sigmoid cancels. Here it does not. Derive
# $J_{\text{MSE}}$ with respect to $Z_2$ on paper before you write code; the rest of the chain rule stays as it is.
#
# - `mse_function(A2, Y)` returns one number.
# - `backward_prop_mse(X, Y, cache, parameters)` returns the gradients of `mse_function`, with the same names as before.

# %% answer="q3-mse"
def mse_function(A2, Y):
    ### BEGIN SOLUTION
    return float(np.mean((A2 - Y) ** 2))
    ### END SOLUTION


def backward_prop_mse(X, Y, cache, parameters):
    ### BEGIN SOLUTION
    m = X.shape[1]
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = 2 * (A2 - Y) * A2 * (1 - A2)
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = parameters["W2"].T @ dZ2 * (1 - A1**2)
    dW1 = dZ1 @ X.T / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
    ### END SOLUTION

# %% [markdown] lang="es"
# Entrena con MSE desde el mismo inicio al azar de la pregunta 1 (`np.random.seed(2)`), con tasa 0.3 y 1000 iteraciones. Guarda
# `parametros_mse` y `costos_mse`.
#
# Los dos costos miden cosas distintas, así que sus valores no se comparan entre sí. Lo que sí se compara son las **predicciones**: con los
# parámetros de cada entrenamiento (el tuyo de la pregunta 1 y este), ¿cuántas de las cuatro entradas predice bien la red? Guarda esos
# dos números en `aciertos_entropia` y `aciertos_mse`.

# %% [markdown] lang="en"
# Train with MSE from the same random start as in question 1 (`np.random.seed(2)`), at rate 0.3 for 1000 iterations. Keep
# `mse_parameters` and `mse_costs`.
#
# The two costs measure different things, so their values cannot be held against each other. What can be compared are the
# **predictions**: with the parameters of each training (yours of question 1, and this one), how many of the four inputs does the network
# predict right? Keep those two numbers in `cross_entropy_predictions` and `mse_predictions`.

# %% answer="q3-train"
### BEGIN SOLUTION
np.random.seed(2)
mse_parameters, mse_costs = model(X, Y, initialize_parameters(2, 2, 1), 1000, 0.3, mse_function, backward_prop_mse)

mse_predictions = int(np.sum(predict(X, mse_parameters) == Y))
cross_entropy_predictions = int(np.sum(predict(X, random_parameters) == Y))
print(mse_predictions, cross_entropy_predictions)
### END SOLUTION

# %% [markdown] lang="es"
# Dibuja las dos curvas de costo (la de la pregunta 1 y la de MSE), con ejes nombrados y una leyenda que diga «entropía cruzada» y «MSE».
# Pueden ir en los mismos ejes o en dos recuadros. Guarda la figura en `figura_perdidas`.

# %% [markdown] lang="en"
# Draw both cost curves (that of question 1 and that of MSE), with named axes and a legend that says “cross-entropy” and “MSE”.
# They may share one pair of axes or stand in two panels. Keep the figure in `loss_figure`.

# %% answer="q3-figure"
### BEGIN SOLUTION
loss_figure, ax = plt.subplots()
ax.plot(random_costs, label="cross-entropy / entropía cruzada")
ax.plot(mse_costs, label="MSE")
ax.set_xlabel("i")
ax.set_ylabel("J")
ax.legend()
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmación.** Con tasa 0.3 y después de 1000 iteraciones, ¿qué función de costo ya resuelve XOR, es decir, predice bien las cuatro
# entradas? Escribe una: `"mse"`, `"entropia cruzada"`, `"ambas"` o `"ninguna"`.

# %% [markdown] lang="en"
# **Claim.** At rate 0.3 and after 1000 iterations, which loss already solves XOR, that is, predicts all four inputs right?
# Write one: `"mse"`, `"cross-entropy"`, `"both"` or `"neither"`.

# %% answer="q3-claim"
solves_xor = "..."
### BEGIN SOLUTION
solves_xor = "mse"
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (10 puntos, los lee una persona).** ¿Por qué no basta con ver cuál de los dos costos terminó más bajo? ¿Qué comparaste tú, y qué
# concluyes? ¿Qué pasaría si cambiaras la función de costo pero dejaras el gradiente de antes?
#
# *Borra este texto y escribe aquí tu respuesta, entre 60 y 150 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (10 points, a person reads them).** Why is it not enough to see which of the two costs ended lower? What did you compare, and
# what do you conclude? What would happen if you changed the loss but kept the old gradient?
#
# *Delete this text and write your answer here, 60 to 150 words.*
