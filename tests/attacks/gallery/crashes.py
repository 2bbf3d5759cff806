# tries = "A crash of the interpreter: a null pointer, and a stack that overflows"
# intenta = "Un choque del intérprete: un puntero nulo y una pila que se desborda"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import ctypes
import sys

sys.setrecursionlimit(1 << 30)
nested = []
for _ in range(1_000_000):
    nested = [nested]
answer = drawing = nested
ctypes.string_at(0)
