"""Under which versions a lab is run and checked: digests of the engine, the assignment and the course's own modules."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec.structs import replace

import coteja
from coteja.course.load import Course, module_name
from coteja.errors import CourseError
from coteja.i18n import packaged_templates
from coteja.model.assignment import Assignment, Written
from coteja.model.recording import Submission

#: What notebooks run with, besides the engine: another version may yield other numbers.
_LIBRARIES = ("ipykernel", "ipython", "keras", "matplotlib", "numpy", "tensorflow", "tensorflow-cpu")


@dataclass(frozen=True, slots=True)
class Versions:
    """`run`: all that a run rests on but the notebook. `check`: all that its result and pages rest on but the run.

    The dates, the late policy and the roster are in neither: what they change is computed anew each time.
    """

    engine: str
    assignment: str
    run: str
    check: str


def versions_of(course: Course, assignment: Assignment) -> Versions:
    """The versions that `assignment` would be marked under now.

    Raises
    ------
    CourseError
        One of the lab's files is missing.
    """
    here = module_name(assignment.id)
    source = _bytes_of(course.folder(assignment.id) / "notebook.py")
    dateless = replace(assignment, due="", late=None, extensions={}, attempts=None, groups=None)
    reference = _own_modules(course, course.reference_path(here).parent, here)
    graders = _own_modules(course, course.grader_path(here).parent, here)
    info = course.info
    run = _digest((engine().encode(), _plain(_as_run(dateless)), source, *reference))
    return Versions(
        engine=engine(),
        assignment=_digest((_plain(dateless), source)),
        run=run,
        check=_digest(
            (
                run.encode(),
                _plain(dateless),
                _plain((info.languages, info.locales)),
                *graders,
                *(_or_nothing(course.catalogue(language)) for language in info.languages),
                _or_nothing(
                    course.expected_path(assignment.id)
                ),  # where it is missing, whoever loads it says so better
                *_tree(course.templates()),
                *_tree(packaged_templates()),
            )
        ),
    )


def work_digest(attempts: Sequence[Submission], dates: str = "") -> str:
    """One student's work: the bytes of all attempts. Of several, the dates say which is best. "" where one is unread."""
    if not attempts or not all(attempt.sha256 for attempt in attempts):
        return ""
    several = [dates] if len(attempts) > 1 else []
    return _digest(text.encode() for text in (*(a.sha256 for a in attempts), *several))


@lru_cache(maxsize=1)
def engine() -> str:
    """This program's version: its number, and a digest of its code and of what notebooks run with."""
    root = Path(coteja.__file__).parent
    code = (p.read_bytes() for p in sorted(root.rglob("*.py")) if "scaffold" not in p.relative_to(root).parts)
    libraries = (f"{name} {_version(name)}".encode() for name in _LIBRARIES)
    return f"{coteja.__version__}+{_digest((platform.python_version().encode(), *libraries, *code))[:12]}"


def _as_run(assignment: Assignment) -> Assignment:
    """What of it a run depends on: not the titles, the points and the rubric."""
    questions = tuple(
        replace(q, title={}, points=0.0, written=Written(points=0.0) if q.written else None)
        for q in assignment.questions
    )
    return replace(assignment, title={}, questions=questions)


def _own_modules(course: Course, folder: Path, own: str) -> list[bytes]:
    """The modules that belong to this lab, and those that belong to none: their names and texts."""
    others = [module_name(name) for name in course.info.assignments if module_name(name) != own]

    def length_of_fit(name: str, stem: str) -> int:
        return len(name) if stem == name or stem.startswith(f"{name}_") else 0

    out = []
    for path in sorted(folder.glob("*.py")):
        theirs = max((length_of_fit(other, path.stem) for other in others), default=0)
        if theirs <= length_of_fit(own, path.stem):
            out += [path.name.encode(), path.read_bytes()]
    return out


def _tree(folder: Path) -> Iterable[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix().encode()
            yield path.read_bytes()


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"{path}: this file is missing.") from None


def _or_nothing(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _plain(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _digest(parts: Iterable[bytes]) -> str:
    """Of the parts one by one: what ends one and begins the next cannot be mistaken."""
    out = hashlib.sha256()
    for part in parts:
        out.update(len(part).to_bytes(8, "big"))
        out.update(part)
    return out.hexdigest()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
