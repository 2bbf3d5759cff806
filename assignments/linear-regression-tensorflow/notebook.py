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
# # Regresión lineal con TensorFlow y Keras
#
# En la parte 1 escribiste cada paso del descenso por gradiente. Ahora Keras da los pasos por ti, y tu trabajo es otro: decirle bien qué
# quieres, y **leer lo que hizo**. El problema es el mismo, una sola neurona que debe encontrar
#
# $$\text{meta} = 2\,x_1 - 3\,x_2 + 5 + \text{ruido}.$$
#
# Después vas a cambiar **una cosa a la vez**:
#
# 1. **¿Y con más datos?** Cien veces más observaciones.
# 2. **¿Qué tan grande es cada paso?** Cuatro tasas de aprendizaje; no todas llegan.
# 3. **¿Qué significa equivocarse?** La pérdida de Huber, y por qué existe.
#
# El código, las figuras y las afirmaciones valen 70 puntos y se revisan solos; las explicaciones valen 30 y las lee una persona. Keras
# empieza desde pesos al azar y revuelve los datos en cada época, así que tus números no van a ser los de nadie más: se revisan con
# la tolerancia que ese azar pide. Los avisos que TensorFlow escribe (que no hay GPU, por ejemplo) no te quitan nada.
#
# **Usa los nombres de variables exactamente como aparecen.** Las funciones puedes llamarlas como quieras, y agregar todas las celdas que
# quieras. El cuaderno completo se corre en menos de un minuto.

# %% [markdown] lang="en"
# # Linear regression with TensorFlow and Keras
#
# In part 1 you wrote every step of gradient descent. Now Keras takes the steps for you, and your work is another: tell it properly what
# you want, and **read what it did**. The problem is the same, a single neuron that must find
#
# $$\text{target} = 2\,x_1 - 3\,x_2 + 5 + \text{noise}.$$
#
# Then you change **one thing at a time**:
#
# 1. **What about more data?** A hundred times more observations.
# 2. **How large is each step?** Four learning rates; not all of them arrive.
# 3. **What does it mean to be wrong?** The Huber loss, and why it exists.
#
# Code, figures and claims are worth 70 points and are checked automatically; the explanations are worth 30 and a person reads them. Keras
# starts from random weights and shuffles the data in each epoch, so your numbers will be nobody else's: they are checked with
# the tolerance that this chance asks for. The warnings that TensorFlow writes (that there is no GPU, say) cost you nothing.
#
# **Use the names of variables exactly as they are given.** Call your functions as you please, and add as many cells as you
# like. The whole notebook runs in less than a minute.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def make_data(n):
    # es: Entradas de forma (n, 2) y metas de forma (n, 1), como en la parte 1.
    # en: Inputs of shape (n, 2) and targets of shape (n, 1), as in part 1.
    inputs = np.random.uniform(-10, 10, size=(n, 2))
    noise = np.random.uniform(-1, 1, size=(n, 1))
    targets = 2 * inputs[:, :1] - 3 * inputs[:, 1:] + 5 + noise
    return inputs, targets

# %% [markdown] lang="es" question="base"
# ## Una neurona en Keras
#
# ### El modelo
#
# Una neurona con dos entradas y sin función de activación es una capa `Dense(1)`. Escribe `construir_modelo(tasa, loss)`, que
# devuelve un modelo **nuevo** cada vez que se llama:
#
# - un `tf.keras.Sequential` con dos entradas y una capa `Dense(1)`;
# - compilado con el optimizador `SGD` a la tasa que recibe, y con la pérdida que recibe (si no recibe una, `"mse"`, el error cuadrático
#   medio).

# %% [markdown] lang="en" question="base"
# ## One neuron in Keras
#
# ### The model
#
# A neuron with two inputs and no activation function is a layer `Dense(1)`. Write `build_model(rate, loss)`, which returns
# a **new** model each time it is called:
#
# - a `tf.keras.Sequential` with two inputs and one layer `Dense(1)`;
# - compiled with the optimizer `SGD` at the rate that it is given, and with the loss that it is given (if it is given none, `"mse"`, the mean
#   squared error).

# %% answer="base-model"
def build_model(rate, loss="mse"):
    ### BEGIN SOLUTION
    new_model = tf.keras.Sequential([tf.keras.Input(shape=(2,)), tf.keras.layers.Dense(1)])
    new_model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=rate), loss=loss)
    return new_model
    ### END SOLUTION

# %% [markdown] lang="es"
# ### El entrenamiento
#
# Genera `entradas` y `metas` con 1000 observaciones. Construye un modelo con tasa 0.02 y entrénalo con lotes de 32 (`batch_size=32`) durante 30
# épocas. Guarda:
#
# - `modelo`: el modelo entrenado;
# - `historial`: lo que devuelve `fit`;
# - `pesos` y `sesgos`: los que el modelo aprendió (`modelo.get_weights()` devuelve los dos);
# - y en `segundos`, cuánto tardó `fit` (`time.perf_counter()` antes y después): lo vas a necesitar en la pregunta 1.
#
# Con `verbose=0` Keras no escribe una línea por época.

# %% [markdown] lang="en"
# ### The training
#
# Make `inputs` and `targets` with 1000 observations. Build a model at rate 0.02 and train it in batches of 32 (`batch_size=32`) for 30
# epochs. Keep:
#
# - `model`: the trained model;
# - `history`: what `fit` returns;
# - `weights` and `biases`: those that the model learned (`model.get_weights()` returns both);
# - and in `seconds`, how long `fit` took (`time.perf_counter()` before and after): you will need it in question 1.
#
# With `verbose=0` Keras does not write a line for each epoch.

# %% answer="base-train"
### BEGIN SOLUTION
inputs, targets = make_data(1000)
model = build_model(0.02)
started = time.perf_counter()
history = model.fit(inputs, targets, batch_size=32, epochs=30, verbose=0)
seconds = time.perf_counter() - started
weights, biases = model.get_weights()
print(weights.ravel(), biases, history.history["loss"][-1])
### END SOLUTION

# %% [markdown] lang="es"
# Dibuja las salidas del modelo contra las metas, un punto por observación, con nombre en ambos ejes. Guarda la figura en `figura_resultado`
# (por ejemplo, `figura_resultado, ax = plt.subplots()`). Si la neurona resolvió el problema, los puntos caen sobre la línea de 45 grados.

# %% [markdown] lang="en"
# Draw the model's outputs against the targets, one point an observation, with a name on both axes. Keep the figure in `result_figure`
# (for example, `result_figure, ax = plt.subplots()`). If the neuron has solved the problem, the points lie on the 45-degree line.

# %% answer="base-figure"
### BEGIN SOLUTION
outputs = model.predict(inputs, verbose=0)
result_figure, ax = plt.subplots()
ax.scatter(targets, outputs, s=4)
ax.set_xlabel("metas / targets")
ax.set_ylabel("salidas / outputs")
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (6 puntos, los lee una persona).** ¿Está resuelto? Responde con tus números y con tu figura. En la parte 1, después de 100
# iteraciones, el sesgo se quedó cerca de 3.17. ¿Por qué aquí sí llega a 5? Cuenta cuántas veces se actualizaron los pesos.
#
# *Borra este texto y escribe aquí tu respuesta, entre 40 y 120 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (6 points, a person reads them).** Is it solved? Answer with your numbers and your figure. In part 1 the bias was left near 3.17
# after 100 iterations. Why does it reach 5 here? Count how many times the weights were updated.
#
# *Delete this text and write your answer here, 40 to 120 words.*

# %% [markdown] lang="es" question="q1"
# ## 1. Cien veces más observaciones
#
# Genera 100,000 observaciones y entrena con ellas un modelo **nuevo**: todo igual (tasa 0.02, lotes de 32), salvo que ahora son solo 2
# épocas. Guarda `historial_grande`, `pesos_grande` y `sesgos_grande`, y en `segundos_por_epoca` cuántos segundos tardó **cada época** en los dos
# entrenamientos: un diccionario con las claves 1000 y 100000.

# %% [markdown] lang="en" question="q1"
# ## 1. A hundred times more observations
#
# Make 100,000 observations and train a **new** model on them: all else alike (rate 0.02, batches of 32), except that now there are only 2
# epochs. Keep `large_history`, `large_weights` and `large_biases`, and in `seconds_per_epoch` how many seconds **each epoch** took in both
# trainings: a dictionary with the keys 1000 and 100000.

# %% answer="q1-train"
### BEGIN SOLUTION
large_inputs, large_targets = make_data(100_000)
large_model = build_model(0.02)
started = time.perf_counter()
large_history = large_model.fit(large_inputs, large_targets, batch_size=32, epochs=2, verbose=0)
large_seconds = time.perf_counter() - started
large_weights, large_biases = large_model.get_weights()
seconds_per_epoch = {1000: seconds / 30, 100_000: large_seconds / 2}
print(large_weights.ravel(), large_biases, seconds_per_epoch)
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmaciones.**
#
# - `actualizaciones_por_epoca`: ¿cuántas veces se actualizan los pesos en **una** época, con 1000 y con 100,000 observaciones? Cada lote
#   produce una actualización, también el último, aunque no esté lleno.
# - `cambia_la_respuesta`: ¿encontró el modelo grande otros pesos y otro sesgo que el pequeño, más allá de unas décimas? `True` o `False`.

# %% [markdown] lang="en"
# **Claims.**
#
# - `updates_per_epoch`: how many times are the weights updated in **one** epoch, with 1000 and with 100,000 observations? Each batch
#   makes one update, the last one too, even if it is not full.
# - `answer_changes`: did the large model find other weights and another bias than the small one, beyond a few tenths? `True` or `False`.

# %% answer="q1-claims"
updates_per_epoch = {1000: ..., 100_000: ...}
answer_changes = ...
### BEGIN SOLUTION
updates_per_epoch = {1000: 32, 100_000: 3125}
answer_changes = False
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (6 puntos, los lee una persona).** ¿Qué cambió al tener cien veces más datos y qué no? ¿Por qué bastaron 2 épocas? Usa bien las
# tres palabras: observación, actualización, época. Si corres otra vez la celda, ¿qué tanto cambian los pesos, y de dónde sale ese cambio?
#
# *Borra este texto y escribe aquí tu respuesta, entre 40 y 120 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (6 points, a person reads them).** What changed with a hundred times more data, and what did not? Why were 2 epochs enough? Use the
# three words well: observation, update, epoch. If you run the cell again, how much do the weights change, and where does that change come from?
#
# *Delete this text and write your answer here, 40 to 120 words.*

# %% [markdown] lang="es" question="q2"
# ## 2. Cuatro tasas de aprendizaje
#
# Con las **mismas** 1000 observaciones de antes, entrena durante 30 épocas (lotes de 32, error cuadrático medio) a cuatro tasas: 0.0001,
# 0.001, 0.1 y 1. Cada tasa empieza con un modelo **nuevo**: si no, sigue entrenando al anterior.
#
# Guarda tres diccionarios, con la tasa como clave:
#
# - `historiales_por_tasa`: la lista de pérdidas de cada entrenamiento (`history.history["loss"]` de lo que devuelve `fit`);
# - `pesos_por_tasa` y `sesgos_por_tasa`: los que quedaron al final.
#
# No te sorprendas si aparecen `inf` y `nan`: son parte del experimento, y aquí son respuestas correctas.

# %% [markdown] lang="en" question="q2"
# ## 2. Four learning rates
#
# With the **same** 1000 observations as before, train for 30 epochs (batches of 32, mean squared error) at four rates: 0.0001,
# 0.001, 0.1 and 1. Each rate begins with a **new** model: otherwise it goes on training the one before.
#
# Keep three dictionaries, with the rate as the key:
#
# - `rate_histories`: each training's list of losses (`history.history["loss"]` of what `fit` returns);
# - `rate_weights` and `rate_biases`: those that were left in the end.
#
# Do not be surprised by `inf` and `nan`: they are part of the experiment, and right answers here.

# %% answer="q2-train"
rate_histories = {}
rate_weights = {}
rate_biases = {}
### BEGIN SOLUTION
for rate in (0.0001, 0.001, 0.1, 1.0):
    trained = build_model(rate)
    rate_histories[rate] = trained.fit(inputs, targets, batch_size=32, epochs=30, verbose=0).history["loss"]
    rate_weights[rate], rate_biases[rate] = trained.get_weights()
    print(rate, rate_weights[rate].ravel(), rate_biases[rate], rate_histories[rate][-1])
### END SOLUTION

# %% [markdown] lang="es"
# Dibuja las cuatro curvas de pérdida en una figura, una por tasa, con los ejes nombrados y la tasa de cada curva en la leyenda. Guárdala en
# `figura_tasas`. Dibuja también las que divergen: de un `inf` o un `nan` no se ve nada, pero la leyenda dice que la curva está. Una
# escala logarítmica ayuda (`ax.set_yscale("log")`).

# %% [markdown] lang="en"
# Draw the four loss curves in one figure, one a rate, with named axes and each curve's rate in the legend. Keep it in
# `rate_figure`. Draw those that diverge as well: nothing shows of an `inf` or a `nan`, but the legend says that the curve is there. A
# logarithmic scale helps (`ax.set_yscale("log")`).

# %% answer="q2-figure"
### BEGIN SOLUTION
rate_figure, ax = plt.subplots()
for rate, losses in rate_histories.items():
    ax.plot(losses, label=str(rate))
ax.set_yscale("log")
ax.set_xlabel("época / epoch")
ax.set_ylabel("pérdida / loss")
ax.legend()
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmaciones.** A partir de tus propios números:
#
# - `comportamiento`: una palabra por tasa.
#
# | palabra | qué muestran las pérdidas |
# |---|---|
# | `"buena"` | la última es 2 o menos |
# | `"lenta"` | bajan, pero la última todavía es mayor que 2 |
# | `"diverge"` | crecen sin límite, tal vez hasta `inf` |
# | `"nan"` | al final ya no queda ningún número |
#
# - `linea_45`: para cada tasa, ¿caen los puntos (meta, salida) sobre la línea de 45 grados? `True` o `False`.
# - `mejor_tasa`: la tasa, de estas cuatro, que llegó más cerca de resolver el problema.

# %% [markdown] lang="en"
# **Claims.** From your own numbers:
#
# - `behaviour`: one word for each rate.
#
# | word | what the losses show |
# |---|---|
# | `"good"` | the last one is 2 or less |
# | `"slow"` | they fall, but the last one is still above 2 |
# | `"diverges"` | they grow without bound, perhaps up to `inf` |
# | `"nan"` | in the end there is no number left |
#
# - `line_45`: for each rate, do the points (target, output) lie on the 45-degree line? `True` or `False`.
# - `best_rate`: the rate, of these four, that came nearest to solving the problem.

# %% answer="q2-claims"
behaviour = {0.0001: "...", 0.001: "...", 0.1: "...", 1.0: "..."}
line_45 = {0.0001: ..., 0.001: ..., 0.1: ..., 1.0: ...}
best_rate = ...
### BEGIN SOLUTION
behaviour = {0.0001: "slow", 0.001: "good", 0.1: "diverges", 1.0: "nan"}
line_45 = {0.0001: False, 0.001: True, 0.1: False, 1.0: False}
best_rate = 0.001
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (9 puntos, los lee una persona).** Describe lo que hizo cada tasa: pesos, sesgo, pérdida. A 0.0001, ¿está resuelto? ¿Qué le falta?
# ¿Qué significan `inf` y `nan`, y qué pasó con la línea de 45 grados en esas tasas? ¿Entre cuáles dos tasas crees que está la que separa
# aprender de divergir, y por qué?
#
# *Borra este texto y escribe aquí tu respuesta, entre 60 y 180 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (9 points, a person reads them).** Describe what each rate did: weights, bias, loss. At 0.0001, is it solved? What is missing?
# What do `inf` and `nan` mean, and what became of the 45-degree line at those rates? Between which two rates do you think lies the one that
# separates learning from diverging, and why?
#
# *Delete this text and write your answer here, 60 to 180 words.*

# %% [markdown] lang="es" question="q3"
# ## 3. La pérdida de Huber y las observaciones atípicas
#
# Con $d = \text{salida} - \text{meta}$, la pérdida de Huber es cuadrática cerca y recta lejos:
#
# $$h(d) = \begin{cases} \tfrac{1}{2} d^2 & \text{si } |d| \le 1 \\ |d| - \tfrac{1}{2} & \text{si } |d| > 1 \end{cases}$$
#
# En Keras es `tf.keras.losses.Huber()`. Para ver por qué existe, vas a entrenar con datos limpios y con datos en los que una de cada diez metas
# está equivocada por 50, como cuando alguien corre el punto decimal.

# %% [markdown] lang="en" question="q3"
# ## 3. The Huber loss, and outliers
#
# With $d = \text{output} - \text{target}$, the Huber loss is quadratic nearby and straight far away:
#
# $$h(d) = \begin{cases} \tfrac{1}{2} d^2 & \text{if } |d| \le 1 \\ |d| - \tfrac{1}{2} & \text{if } |d| > 1 \end{cases}$$
#
# In Keras it is `tf.keras.losses.Huber()`. To see why it exists you train on clean data, and on data in which one target of ten is
# wrong by 50, as when somebody slips with the decimal point.

# %%
def add_outliers(targets):
    # es: Una copia de las metas en la que una de cada diez, al azar, tiene 50 de más.
    # en: A copy of the targets in which one of ten, at random, is 50 too large.
    spoiled = np.array(targets)
    chosen = np.random.choice(len(spoiled), size=len(spoiled) // 10, replace=False)
    spoiled[chosen] += 50
    return spoiled


def fit_of(trained):
    # es: Los tres números que aprendió un modelo: peso 1, peso 2 y sesgo.
    # en: The three numbers that a model has learned: weight 1, weight 2 and bias.
    return np.concatenate([array.ravel() for array in trained.get_weights()])


def epochs_needed(losses):
    # es: La primera época (contando desde 1) cuya pérdida ya es menor que 1.5 veces la última.
    # en: The first epoch (counting from 1) whose loss is already less than 1.5 times the last one.
    losses = np.array(losses)
    return int(np.argmax(losses < 1.5 * losses[-1])) + 1

# %% [markdown] lang="es"
# Siempre con tasa 0.02, lotes de 32 y 30 épocas, y cada vez un modelo nuevo:
#
# 1. Entrena con Huber sobre las metas **limpias** de antes. Guarda `modelo_huber` e `historial_huber`.
# 2. `ajustes_limpios = {"mse": ..., "huber": ...}`: los tres números de cada modelo con datos limpios. El de MSE ya lo tienes: es el de la
#    primera sección. La función `ajuste_de` los saca del modelo.
# 3. `epocas_por_perdida = {"mse": ..., "huber": ...}`: cuántas épocas necesitó cada uno con datos limpios, según `epocas_necesarias`.
# 4. Haz **una** copia de las metas con `agregar_atipicas` y entrena sobre ella dos modelos, uno con cada pérdida. Guarda sus tres números en
#    `ajustes_atipicos = {"mse": ..., "huber": ...}`.

# %% [markdown] lang="en"
# Always at rate 0.02, in batches of 32, for 30 epochs, and with a new model each time:
#
# 1. Train with Huber on the **clean** targets from before. Keep `huber_model` and `huber_history`.
# 2. `clean_fits = {"mse": ..., "huber": ...}`: the three numbers of each model on clean data. You have that of MSE already: it is the one of
#    the first section. The function `fit_of` takes them out of a model.
# 3. `epochs_by_loss = {"mse": ..., "huber": ...}`: how many epochs each of them needed on clean data, by `epochs_needed`.
# 4. Make **one** copy of the targets with `add_outliers` and train two models on it, one with each loss. Keep their three numbers in
#    `outlier_fits = {"mse": ..., "huber": ...}`.

# %% answer="q3-train"
### BEGIN SOLUTION
huber_model = build_model(0.02, tf.keras.losses.Huber())
huber_history = huber_model.fit(inputs, targets, batch_size=32, epochs=30, verbose=0)

clean_fits = {"mse": fit_of(model), "huber": fit_of(huber_model)}
epochs_by_loss = {
    "mse": epochs_needed(history.history["loss"]),
    "huber": epochs_needed(huber_history.history["loss"]),
}

spoiled = add_outliers(targets)
outlier_fits = {}
for name, loss in (("mse", "mse"), ("huber", tf.keras.losses.Huber())):
    trained = build_model(0.02, loss)
    trained.fit(inputs, spoiled, batch_size=32, epochs=30, verbose=0)
    outlier_fits[name] = fit_of(trained)

print(clean_fits, outlier_fits, epochs_by_loss)
### END SOLUTION

# %% [markdown] lang="es"
# **Afirmaciones.** Escribe `"mse"` o `"huber"`:
#
# - `perdida_robusta`: ¿con cuál quedaron los tres números cerca de los verdaderos aunque hubiera metas equivocadas?
# - `perdida_lenta`: ¿cuál necesitó más épocas con los datos limpios?

# %% [markdown] lang="en"
# **Claims.** Write `"mse"` or `"huber"`:
#
# - `robust_loss`: with which of them did the three numbers stay near the true ones although some targets were wrong?
# - `slower_loss`: which of them needed more epochs on the clean data?

# %% answer="q3-claims"
robust_loss = "..."
slower_loss = "..."
### BEGIN SOLUTION
robust_loss = "huber"
slower_loss = "huber"
### END SOLUTION

# %% [markdown] lang="es" written=true
# **Explica (9 puntos, los lee una persona).** ¿Por qué Huber casi no se mueve con las metas equivocadas y MSE sí? Piensa en la pendiente de
# cada pérdida en $d = 1$ y en $d = 50$. ¿Por qué eso mismo la hace más lenta desde lejos? ¿De dónde sale el sesgo al que llegó MSE? ¿Qué
# pasa con datos limpios?
#
# *Borra este texto y escribe aquí tu respuesta, entre 60 y 180 palabras.*

# %% [markdown] lang="en" written=true
# **Explain (9 points, a person reads them).** Why does Huber hardly move with the wrong targets, and MSE does? Think of each loss's
# slope at $d = 1$ and at $d = 50$. Why does the same thing make it slower from far away? Where does the bias come from that MSE ended at? What
# happens on clean data?
#
# *Delete this text and write your answer here, 60 to 180 words.*
