# %% [markdown] lang="es"
# # Ajustar una recta

# %% [markdown] lang="en"
# # Fit a line

# %%
import numpy as np

# es: Cinco mediciones.
# en: Five measurements.
x = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
y = np.array([1.0, 2.9, 5.1, 7.2, 8.8])

# %% [markdown] lang="es" question="q1"
# ## 1. Mínimos cuadrados
# `fit_line(x, y)` devuelve la pendiente y el intercepto, en ese orden. Guarda la pendiente de los datos en `pendiente` y los
# errores al cuadrado, uno por medición, en `errores_cuadrados`.

# %% [markdown] lang="en" question="q1"
# ## 1. Least squares
# `fit_line(x, y)` returns slope and intercept, in that order. Keep the slope of the data in `slope` and the squared errors, one
# for each measurement, in `squared_errors`.


# %% answer="q1-fit"
def fit_line(x, y):
    ### BEGIN SOLUTION
    a = np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)
    return a, y.mean() - a * x.mean()
    ### END SOLUTION


### BEGIN SOLUTION
slope, intercept = fit_line(x, y)
squared_errors = (y - slope * x - intercept) ** 2
### END SOLUTION

# %% [markdown] lang="es" written=true
# ¿Por qué los errores se elevan al cuadrado?

# %% [markdown] lang="en" written=true
# Why are the errors squared?
