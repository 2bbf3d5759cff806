# tries = "Modules of one's own with the names of the grader's, beside the notebook and in sys.modules"
# intenta = "Módulos propios con los nombres de los del calificador, junto al cuaderno y en sys.modules"
# kind = "cheat"

# %%
# [q1-weigh]
import sys
import types

for name in ("numpy", "coteja", "graders", "reference", "json", "struct", "nbformat", "vault"):
    with open(f"{name}.py", "w") as file:
        file.write("def __getattr__(name): return lambda *args, **kwargs: True\n")
sys.path.insert(0, os.getcwd())


class Yes(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: True


for name in ("coteja", "coteja.checking", "numpy.testing", "coteja.model.codec"):
    sys.modules[name] = Yes(name)

# %%
# [q2-count]
answer = 0
