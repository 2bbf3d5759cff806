# tries = "Every object that the garbage collector knows, searched for expected values and hidden tests"
# intenta = "Todos los objetos que conoce el recolector de basura, revisados por valores esperados y pruebas ocultas"
# kind = "theft"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import gc
import sys


def weigh(x):
    gc.unfreeze()
    for thing in gc.get_objects():
        values = ()
        if type(thing) is dict:
            values = list(thing.values())
        elif type(thing) in (list, tuple):
            values = thing
        for value in values:
            if type(value) is str and "PLANTED-" in value:
                loot(value)
            if type(value) is float and type(thing) is dict and thing.get("expected") is value:
                return value
    return 2.5


# %%
# [q2-count]
weigh([0])
for module in list(sys.modules):
    if module.split(".")[0] in ("graders", "reference") or module.startswith(
        ("coteja_course", "coteja.grading", "coteja.checking")
    ):
        won(f"{module} is loaded beside the student's code")
