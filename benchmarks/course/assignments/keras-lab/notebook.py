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
# # Regresión lineal con Keras

# %% [markdown] lang="en"
# # Linear regression in Keras

# %%
import numpy as np
import tensorflow as tf

# %% [markdown] lang="es" question="data"
# ## 1. Los datos
# Genera 1000 observaciones de $y = 2x - 3z + 5$ con ruido uniforme entre -1 y 1.

# %% [markdown] lang="en" question="data"
# ## 1. The data
# Make 1000 observations of $y = 2x - 3z + 5$ with uniform noise between -1 and 1.

# %% answer="make-data"
def make_data(n=1000, seed=0):
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    x = rng.uniform(-10, 10, size=n)
    z = rng.uniform(-10, 10, size=n)
    noise = rng.uniform(-1, 1, size=n)
    inputs = np.column_stack((x, z))
    targets = 2 * x - 3 * z + 5 + noise
    return inputs, targets.reshape(n, 1)
    ### END SOLUTION


inputs, targets = make_data()

# %% [markdown] lang="es" question="model"
# ## 2. La red
# Una neurona sin activación, y descenso por gradiente con tasa 0.01 sobre el error cuadrático medio.

# %% [markdown] lang="en" question="model"
# ## 2. The network
# One neuron without activation, and gradient descent at a rate of 0.01 on the mean squared error.

# %% answer="model"
### BEGIN SOLUTION
tf.keras.utils.set_random_seed(42)
model = tf.keras.Sequential([tf.keras.Input(shape=(2,)), tf.keras.layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=0.01), loss="mse")
parameter_count = model.count_params()
### END SOLUTION

# %% [markdown] lang="es" question="fit"
# ## 3. El entrenamiento
# Cinco épocas; guarda sus costos en `losses`.

# %% [markdown] lang="en" question="fit"
# ## 3. The training
# Five epochs; keep their losses in `losses`.

# %% answer="fit"
### BEGIN SOLUTION
history = model.fit(inputs, targets, epochs=5, verbose=0)
losses = history.history["loss"]
### END SOLUTION

# %% [markdown] lang="es" question="weights"
# ## 4. Los pesos

# %% [markdown] lang="en" question="weights"
# ## 4. The weights

# %% answer="weights"
### BEGIN SOLUTION
weights, bias = model.get_weights()
### END SOLUTION
