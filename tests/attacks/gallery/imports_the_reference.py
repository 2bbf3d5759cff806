# tries = "The reference and the graders imported as modules and called"
# intenta = "La referencia y los revisores importados como módulos y llamados"
# kind = "cheat"

# %%
# [q1-weigh]
import importlib
import sys

for folder in (COURSE, f"{COURSE}/reference", f"{COURSE}/graders"):
    sys.path.insert(0, folder)
importlib.invalidate_caches()
for name in ("reference.vault", "vault", "graders.vault", "coteja_course.vault"):
    try:
        module = importlib.import_module(name)
        won(f"imported {name}")
        weigh = module.weigh
    except (ImportError, AttributeError):
        pass

# %%
# [q2-count]
from pathlib import Path

from coteja.course.load import find_course
from coteja.grading.lab import load_lab

lab = load_lab(find_course(Path(COURSE)), "vault")
won("the lab can be loaded")
answer = float(lab.expected.artefacts["answer"])
