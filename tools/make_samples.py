"""Makes the sample classes: notebooks as students hand them in, and the points each must get.

    .venv/bin/python tools/make_samples.py [ASSIGNMENT ...]

A lab's class is declared in `samples_<assignment>.py` beside this file.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import sample_class
from coteja.course.load import Course, find_course

HERE = Path(__file__).parent


def classes() -> dict[str, ModuleType]:
    """The modules that declare a class, by assignment."""
    modules = [importlib.import_module(path.stem) for path in sorted(HERE.glob("samples_*.py"))]
    return {module.ASSIGNMENT: module for module in modules}


def files(course: Course, assignment: str) -> dict[str, bytes]:
    """Every file of one lab's class by name."""
    return sample_class.files(course, assignment, classes()[assignment].SAMPLES)


def main(names: list[str]) -> None:
    """Write the classes into the course that this file stands in."""
    course = find_course(HERE)
    for name in names or [name for name in classes() if name in course.info.assignments]:
        folder = course.folder(name) / "samples"
        made = files(course, name)
        sample_class.write(folder, made)
        print(f"{len(made) - 1} notebooks in {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
