# tries = "abs, round, all, any and float shadowed, in the notebook and for every module"
# intenta = "abs, round, all, any y float tapados, en el cuaderno y para todos los módulos"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import builtins

abs = round = builtins.abs = builtins.round = lambda *args: 0
all = any = builtins.all = builtins.any = lambda *args: True


class float(float):
    __eq__ = __lt__ = lambda self, other: True


def weigh(x):
    return float(2.5)


# %%
# [q2-count]
answer = 0
