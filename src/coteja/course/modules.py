"""Imports a course's own Python (graders, reference) by path, in the process that checks, under a private name."""

from __future__ import annotations

import hashlib
import importlib
import sys
import traceback
from pathlib import Path
from types import ModuleType

from coteja.errors import CourseError


def load_module(path: Path) -> ModuleType:
    """Import the module at `path`; its neighbours can be had by relative imports.

    Each folder is a package of its own with a private name: `graders` and `reference` are names that others use too.

    Raises
    ------
    CourseError
        The file is missing or raises when imported; with the line at fault.
    """
    if not path.is_file():
        raise CourseError(f"{path}: this module is missing. Write it; docs/authoring.md shows one.")
    folder = path.resolve().parent
    package = f"coteja_course_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    holder = ModuleType(package)
    holder.__path__ = [str(folder)]
    for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
        del sys.modules[name]
    sys.modules[package] = holder
    importlib.invalidate_caches()
    try:
        return importlib.import_module(f"{package}.{path.stem}")
    except Exception as fault:  # the author's module may raise anything
        frames = [f for f in traceback.extract_tb(fault.__traceback__) if Path(f.filename).parent == folder]
        line = f", line {frames[-1].lineno}" if frames else ""
        raise CourseError(f"{path}{line}: {type(fault).__name__}: {fault}") from fault
