"""Imports a course's own Python (graders, reference) by path, in the process that checks, under a private name."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType

from coteja.errors import CourseError


def load_module(path: Path, kind: str) -> ModuleType:
    """Import the module at `path` as `coteja_course.<kind>.<stem>`.

    A module's neighbours (reference/x.py importing reference/x_mistakes.py) are found beside it.

    Raises
    ------
    CourseError
        The file is missing or raises when imported; with the line at fault.
    """
    if not path.is_file():
        raise CourseError(f"{path}: this module is missing. Write it; docs/authoring.md shows one.")
    name = f"coteja_course.{kind}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CourseError(f"{path}: cannot be imported as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    beside = str(path.parent)
    sys.path.insert(0, beside)
    try:
        spec.loader.exec_module(module)
    except Exception as fault:  # the author's module may raise anything
        del sys.modules[name]
        frames = [f for f in traceback.extract_tb(fault.__traceback__) if f.filename == str(path)]
        line = f", line {frames[-1].lineno}" if frames else ""
        raise CourseError(f"{path}{line}: {type(fault).__name__}: {fault}") from fault
    finally:
        sys.path.remove(beside)
    return module
