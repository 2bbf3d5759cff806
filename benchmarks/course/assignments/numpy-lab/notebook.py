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
# # Regresión lineal con NumPy

# %% [markdown] lang="en"
# # Linear regression in NumPy

# %%
import numpy as np

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

# %% [markdown] lang="es" question="predict"
# ## 2. La predicción

# %% [markdown] lang="en" question="predict"
# ## 2. The prediction

# %% answer="predict"
def predict(inputs, weights, bias):
    ### BEGIN SOLUTION
    return inputs @ weights + bias
    ### END SOLUTION

# %% [markdown] lang="es" question="loss"
# ## 3. El costo
# La mitad del error cuadrático medio.

# %% [markdown] lang="en" question="loss"
# ## 3. The loss
# Half the mean squared error.

# %% answer="loss"
def loss(outputs, targets):
    ### BEGIN SOLUTION
    return np.mean((outputs - targets) ** 2) / 2
    ### END SOLUTION

# %% [markdown] lang="es" question="train"
# ## 4. El descenso
# Empieza en cero; guarda el costo de cada iteración.

# %% [markdown] lang="en" question="train"
# ## 4. The descent
# Start from zero; keep the loss of every iteration.

# %% answer="train"
def train(inputs, targets, iterations=100, rate=0.02):
    ### BEGIN SOLUTION
    weights = np.zeros((inputs.shape[1], 1))
    bias = 0.0
    losses = []
    for _ in range(iterations):
        outputs = predict(inputs, weights, bias)
        losses.append(float(loss(outputs, targets)))
        deltas = (outputs - targets) / len(inputs)
        weights = weights - rate * inputs.T @ deltas
        bias = bias - rate * deltas.sum()
    return weights, bias, losses
    ### END SOLUTION


weights, bias, losses = train(inputs, targets)
