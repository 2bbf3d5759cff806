# tries = "Waits for somebody to type"
# intenta = "Espera a que alguien escriba"
# kind = "harm"
# must = { points = 5 }
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
import sys

try:
    sys.stdin.read()
    os.read(0, 1)
except OSError:
    pass
answer = input("password of the teacher: ")
