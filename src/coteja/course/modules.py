"""Imports a course's own Python (graders, reference) by path, in the process that checks, under a private name."""

from __future__ import annotations

import hashlib
import importlib
import sys
import traceback
from collections.abc import Callable
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TypeVar

from coteja.errors import CourseError

T = TypeVar("T")


class _FromSource(SourceFileLoader):
    # Bytecode is judged by size and second of change: a rubric's 4 made a 5 would run as the 4. None is written
    # either: the course is the author's.
    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


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
    sys.path_importer_cache[str(folder)] = FileFinder(str(folder), (_FromSource, [".py"]))
    try:
        return importlib.import_module(f"{package}.{path.stem}")
    except (Exception, SystemExit) as fault:  # the author's module may raise anything
        raise CourseError(f"{place_of(fault, path)}: {type(fault).__name__}: {fault}") from fault


def call_author(path: Path, what: str, function: Callable[..., T], *args: object) -> T:
    """Call a function of an author's module; `what` says which one it is.

    Raises
    ------
    CourseError
        It raised, whatever it was; with the line at fault.
    """
    try:
        return function(*args)
    except (Exception, SystemExit) as fault:
        raise CourseError(
            f"{place_of(fault, path)}: {what} raised {type(fault).__name__}: {fault}"
        ) from fault


def place_of(fault: BaseException, path: Path) -> str:
    """The file and line of the course where `fault` arose; `path` where no frame lies in its folder."""
    folder = path.resolve().parent
    frames = [f for f in traceback.extract_tb(fault.__traceback__) if Path(f.filename).parent == folder]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else str(path)
