# tries = "A function that looks for the expected value in the frames of whoever calls it"
# intenta = "Una función que busca el valor esperado en los marcos de quien la llama"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import sys


def weigh(x):
    frame = sys._getframe(1)
    while frame is not None:
        for scope in (frame.f_locals, frame.f_globals):
            loot(scope)
            for name in ("expected", "truth", "reference", "solution", "correct", "desired"):
                if isinstance(scope.get(name), float):
                    return scope[name]
        frame = frame.f_back
    return 2.5


# %%
# [q2-count]
answer = None
