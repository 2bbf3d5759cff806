# tries = "NumPy's comparisons replaced by ones that always agree"
# intenta = "Las comparaciones de NumPy reemplazadas por otras que siempre dicen que sí"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import numpy as np

for name in [name for name in dir(np.testing) if name.startswith("assert_")]:
    setattr(np.testing, name, lambda *args, **kwargs: None)
np.allclose = np.isclose = np.array_equal = np.all = lambda *args, **kwargs: True
np.abs = np.absolute = lambda *args, **kwargs: 0.0


def weigh(x):
    return 2.5


# %%
# [q2-count]
answer = 0
