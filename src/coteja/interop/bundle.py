"""One lab of a course with the program itself, as files that another machine can mark with. Nothing of students is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import coteja
from coteja.course.load import Course, module_name
from coteja.i18n import packaged_templates
from coteja.model.assignment import Assignment, CourseInfo, Texts

_SKIPPED = {"__pycache__", "samples"}


def course_files(course: Course, assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The course with this lab alone: its own modules, and those that belong to no lab. No roster, no extensions."""
    yield "course.toml", _course_toml(course.info, assignment.id).encode()
    lab = course.folder(assignment.id)
    yield from _tree(lab, f"assignments/{lab.name}")
    others = [module_name(name) for name in course.info.assignments if name != assignment.id]
    for folder in (course.grader_path(assignment.id).parent, course.reference_path(assignment.id).parent):
        for path in sorted(folder.glob("*.py")):
            if not any(_belongs(path.stem, other, module_name(assignment.id)) for other in others):
                yield f"{folder.name}/{path.name}", path.read_bytes()
    for language in course.info.languages:
        if (catalogue := course.catalogue(language)).is_file():
            yield str(catalogue.relative_to(course.root)), catalogue.read_bytes()
    expected = course.expected_path(assignment.id)
    yield str(expected.relative_to(course.root)), expected.read_bytes()
    if (templates := course.templates()).is_dir() and templates != packaged_templates():
        yield from _tree(templates, "templates")


def _belongs(stem: str, other: str, own: str) -> bool:
    theirs = len(other) if stem == other or stem.startswith(f"{other}_") else 0
    ours = len(own) if stem == own or stem.startswith(f"{own}_") else 0
    return theirs > ours


def _course_toml(info: CourseInfo, assignment: str) -> str:
    """The course's own words; what concerns students by name stays at home."""
    lines = [
        "[course]",
        f"title = {_table(info.title)}",
        f"languages = {json.dumps(list(info.languages))}",
        f"locales = {_table(info.locales)}",
        f"assignments = {json.dumps([assignment])}",
        f"time_zone = {json.dumps(info.time_zone)}",
        f"late.grace = {json.dumps(info.late.grace)}",
        f"late.penalty_per_day = {info.late.penalty_per_day!r}",
        f"late.cap = {info.late.cap!r}",
        f"late.until = {json.dumps(info.late.until)}",
    ]
    return "\n".join(lines) + "\n"


def _table(texts: Texts) -> str:
    return "{ " + ", ".join(f"{key} = {json.dumps(text)}" for key, text in texts.items()) + " }"


def program_files() -> Iterator[tuple[str, bytes]]:
    """The program as it is installed here, to be put on another Python's path."""
    package = Path(coteja.__file__).parent
    yield from (
        (name, data) for name, data in _tree(package, "coteja") if "/scaffold/course/" not in f"/{name}"
    )
    if packaged_templates().parent != package:
        yield from _tree(packaged_templates(), "coteja/templates")


def _tree(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not _SKIPPED & set(inside.parts) and not path.name.startswith("."):
            yield f"{name}/{inside.as_posix()}", path.read_bytes()


def requirements(extras: tuple[str, ...] = ()) -> list[str]:
    """Everything that is needed, pinned to the versions that are installed here: they marked the samples."""
    from packaging.requirements import Requirement

    pinned: dict[str, str] = {}
    waiting = [("coteja", frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key, wanted) in seen:
            continue
        seen.add((key, wanted))
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # only wanted on another platform, or by an extra that is not installed
        if key != "coteja":
            pinned[key] = found.version
        for line in found.requires or ():
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in (*wanted, "")):
                waiting.append((need.name, frozenset(need.extras)))
    return [f"{name}=={version}" for name, version in sorted(pinned.items())]
