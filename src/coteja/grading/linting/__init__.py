"""`coteja lint`: finds the faults of an assignment's own files before students do.

The loader stops at the first fault, since nothing can be marked with it. Here each file is looked at for itself, as far
as it can be read, and every fault is told; what the loader refuses beyond that is told in its own words.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from coteja.checking.api import Check
from coteja.checking.engine import checks_of, validate_checks
from coteja.course.expected import read_expected
from coteja.course.load import ASSIGNMENT_FILE, Course, load_assignment, read_toml
from coteja.course.modules import load_module
from coteja.course.source import read_source
from coteja.errors import CotejaError, CourseError, MachineError
from coteja.grading.lab import PUBLIC_SEED, Lab, load_lab
from coteja.grading.linting.declared import declared_faults
from coteja.grading.linting.finding import Finding, text_of
from coteja.grading.linting.graders import (
    mistake_faults,
    points_faults,
    public_faults,
    translation_faults,
    unused_faults,
)
from coteja.grading.linting.leaks import hidden_values, released_faults, solution_leaks
from coteja.grading.linting.notebook import cell_lines, language_faults, raw_cells, source_faults
from coteja.grading.linting.running import record_own, run_faults
from coteja.grading.linting.samples import sample_faults
from coteja.model.assignment import Assignment
from coteja.recording.packages import require_packages

__all__ = ["Finding", "lint", "lint_course"]

T = TypeVar("T")


def lint_course(course: Course) -> list[Finding]:
    """Faults of course.toml: folders of assignments that it does not list."""
    folders = sorted((course.root / "assignments").glob(f"*/{ASSIGNMENT_FILE}"))
    return [
        Finding(
            rule="not-listed",
            severity="warning",
            assignment=path.parent.name,
            file=str(course.root / "course.toml"),
            what=f"assignments does not list {path.parent.name}, whose folder is there",
            todo="Add it, if it belongs to the course: until then it can be neither released nor marked.",
        )
        for path in folders
        if path.parent.name not in course.info.assignments
    ]


def lint(course: Course, name: str, *, run: bool = True, samples: bool = False) -> list[Finding]:
    """Every fault of one assignment, in the order of the files.

    With `run`, its solution is run in the sandbox; with `samples`, its samples are marked as well.
    """
    path = course.folder(name) / ASSIGNMENT_FILE
    found: list[Finding] = []
    declared = _try(lambda: read_toml(path, Assignment), found, name, path)
    if declared is None:
        return found
    own = list(declared_faults(declared, path, text_of(path)))
    own += _refused(own, lambda: load_assignment(course, name), name, path)
    found += own
    found += _notebook_faults(course, declared)
    checks: list[Check] = []
    grader = course.grader_path(name)
    module = _try(lambda: load_module(grader), found, name, grader)
    if module is not None:
        checks = checks_of(module)
        own = list(points_faults(declared, checks, grader))
        points = {q.id: q.points for q in declared.questions}
        found += own + _refused(own, lambda: validate_checks(checks, points, str(grader)), name, grader)
    reference = course.reference_path(name)
    _try(lambda: load_module(reference), found, name, reference)
    _try(lambda: read_expected(course.expected_path(name)), found, name, course.expected_path(name))
    if any(finding.rule == "refused" for finding in found) or module is None:
        return found
    lab = _lab(course, declared, found)
    return found if lab is None else [*found, *_lab_faults(lab, run=run, samples=samples)]


def _lab(course: Course, declared: Assignment, found: list[Finding]) -> Lab | None:
    """The lab whole. What is known to be wrong already keeps it from being loaded: then there is no more to see."""
    try:
        return load_lab(course, declared.id)
    except CourseError as fault:
        if not any(finding.severity == "error" for finding in found):
            found.append(_said(fault, declared.id, course.grader_path(declared.id)))
        return None


def _lab_faults(lab: Lab, *, run: bool, samples: bool) -> Iterator[Finding]:
    course, name = lab.course, lab.assignment.id
    toml, notebook = course.folder(name) / ASSIGNMENT_FILE, course.folder(name) / "notebook.py"
    cases = lab.draw(PUBLIC_SEED).values()
    called = {function for probe in cases for case in probe for function, _arguments in case}
    module = load_module(course.grader_path(name))
    try:
        yield from translation_faults(lab)
        yield from unused_faults(lab, toml, text_of(toml), called)
        yield from mistake_faults(lab, module)
        yield from public_faults(lab)
        yield from solution_leaks(lab, notebook, text_of(notebook))
        yield from hidden_values(lab)
        yield from released_faults(lab)
    except CourseError as fault:  # such as a public check that imports what it must not
        yield _said(fault, name, course.grader_path(name))
        return
    text = text_of(notebook)
    if run:
        yield from _behind_walls(lab, lambda: run_faults(lab, asyncio.run(record_own(lab)), text))
    if samples:
        yield from _behind_walls(lab, lambda: sample_faults(lab))


def _behind_walls(lab: Lab, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What is found by running notebooks; where this machine cannot, that is said and no fault of the lab's."""
    try:
        require_packages(lab.assignment.id, lab.assignment.preload)
        yield from look()
    except MachineError as fault:
        yield Finding(
            rule="not-run",
            severity="warning",
            assignment=lab.assignment.id,
            file=str(lab.course.folder(lab.assignment.id) / "notebook.py"),
            what=f"nothing was run: {fault}",
            todo="Run coteja lint where it can be, or leave the run out: --no-run.",
        )


def _notebook_faults(course: Course, declared: Assignment) -> list[Finding]:
    path = course.folder(declared.id) / "notebook.py"
    text = text_of(path)
    own = list(language_faults(declared, path, text)) if text else []
    refused: list[Finding] = []
    cells = _try(lambda: read_source(path, declared), refused, declared.id, path)
    if cells is not None:
        return own + list(source_faults(declared, cells, path, text))
    lines = cell_lines(text, len(raw_cells(text))) if text else {}
    return own or [_with_line(finding, lines) for finding in refused]


def _with_line(finding: Finding, lines: dict[int, int]) -> Finding:
    """The loader counts cells; an editor counts lines."""
    import msgspec

    cell = re.search(r"cell (\d+)(?:, line (\d+))?", finding.what)
    if cell is None or int(cell[1]) not in lines:
        return finding
    return msgspec.structs.replace(finding, line=lines[int(cell[1])] + int(cell[2] or 0))


def _refused(known: Iterable[Finding], load: Callable[[], object], name: str, path: Path) -> list[Finding]:
    """What the loader says, when it says something and no fault of that file was found before."""
    if any(finding.severity == "error" for finding in known):
        return []
    found: list[Finding] = []
    _try(load, found, name, path)
    return found


def _try(load: Callable[[], T], found: list[Finding], name: str, path: Path) -> T | None:
    """What `load` returns; its refusal becomes a finding."""
    try:
        return load()
    except CourseError as fault:
        found.append(_said(fault, name, path))
    return None


def _said(fault: CotejaError, name: str, path: Path) -> Finding:
    """A refusal as a finding: its sentence ends with what to do."""
    text = str(fault).removeprefix(f"{path}: ").removeprefix(f"{path}, ")
    line = re.match(rf"(?:{re.escape(str(path))}, )?line (\d+)", text)
    what, _dot, todo = text.rstrip(".").rpartition(". ")
    return Finding(
        rule="refused",
        assignment=name,
        file=str(path),
        line=int(line[1]) if line else None,
        what=what or text.rstrip("."),
        todo=f"{todo}." if what else "Mend it: until then nothing of this lab can be released or marked.",
    )
