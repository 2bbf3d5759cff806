"""Reads a source notebook of nbgrader's: which cells students fill in, which are tests, which a person marks. Runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode

from coteja.course.source import BEGIN, END
from coteja.errors import CourseError
from coteja.interop.imported import read_foreign
from coteja.interop.nbgrader_course import require_nbgrader

_HIDDEN = re.compile(r"^\s*### (BEGIN|END) HIDDEN TESTS\s*$", flags=re.M)
_SCHEME = re.compile(r"### BEGIN MARK SCHEME\n?(.*?)### END MARK SCHEME\n?", flags=re.S)
_AUTOTEST = re.compile(r"^\s*### (HASHED )?AUTOTEST", flags=re.M)
_FILE = re.compile(r"!\[[^\]]*\]\(\s*(?![a-z]+:|#)([^)\s]+)")

Kind = Literal["text", "given", "answer", "written"]


@dataclass(frozen=True, slots=True)
class SourceTest:
    """A test cell: nbgrader's id, its points, and its code as it stands."""

    grade_id: str
    points: float
    source: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Another cell. `source` of an answer is the author's, with marks around what is taken out."""

    kind: Kind
    cell_type: str
    source: str
    grade_id: str = ""


@dataclass(slots=True)
class SourceQuestion:
    """The cells up to and with the tests that look at them. `by_hand`: points that a person gives, None where nobody does."""

    parts: list[SourcePart] = field(default_factory=list)
    tests: list[SourceTest] = field(default_factory=list)
    by_hand: float | None = None
    solution: str = ""
    by_hand_code: bool = False

    @property
    def points(self) -> float:
        """What its tests are worth together."""
        return sum(test.points for test in self.tests)

    @property
    def graded(self) -> bool:
        return bool(self.tests) or self.by_hand is not None


@dataclass(slots=True)
class Source:
    """The notebook as it was read. `left`: sentences on what did not come along."""

    path: Path
    questions: list[SourceQuestion] = field(default_factory=list)
    after: list[SourcePart] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_source(path: Path) -> Source:
    """Read and validate a source notebook.

    Raises
    ------
    UsageError
        There is no such file.
    CourseError
        It is no notebook, not in Python, nbgrader would not take it, or nothing in it is graded.
    """
    require_nbgrader()
    notebook = _read(path)
    source = Source(path)
    question = SourceQuestion()
    for cell in notebook.cells:
        if question.graded and _begins(cell, question):
            source.questions.append(question)
            question = SourceQuestion()
        _take(cell, question, source)
    if question.graded:
        source.questions.append(question)
    else:
        source.after = question.parts
    if not source.questions:
        raise CourseError(
            f"{path}: nothing in it is graded. Expected a notebook of nbgrader's source/ folder, with cells that have points."
        )
    files = {
        name for cell in notebook.cells if cell.cell_type == "markdown" for name in _FILE.findall(cell.source)
    }
    if files:
        source.left.append(
            f"Pictures beside the notebook were not copied ({', '.join(sorted(files))}): a lab has none. Name them by a URL."
        )
    return source


def _read(path: Path) -> NotebookNode:
    from jsonschema import ValidationError
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.nbgraderformat.common import SchemaMismatchError

    notebook = read_foreign(path, "a notebook of nbgrader's source/ folder")
    try:
        validator = MetadataValidator()
        validator.upgrade_notebook_metadata(notebook)
        validator.validate_nb(notebook)
    except (ValidationError, SchemaMismatchError, KeyError, TypeError, AttributeError) as fault:
        said = " ".join(str(getattr(fault, "message", fault)).split())[:300]
        raise CourseError(f"{path}: nbgrader would not take this notebook: {said}") from None
    return notebook


def _meta(cell: NotebookNode) -> dict[str, Any]:
    found = cell.metadata.get("nbgrader")
    return dict(found) if isinstance(found, dict) else {}


def _is_test(cell: NotebookNode) -> bool:
    meta = _meta(cell)
    return bool(meta.get("grade")) and not meta.get("solution") and cell.cell_type == "code"


def _begins(cell: NotebookNode, question: SourceQuestion) -> bool:
    """Whether a cell belongs to the next question: all but another test of this one's."""
    return not (_is_test(cell) and question.by_hand is None)


def _take(cell: NotebookNode, question: SourceQuestion, source: Source) -> None:
    meta = _meta(cell)
    name, points = str(meta.get("grade_id", "")), float(meta.get("points", 0) or 0)
    if cell.cell_type == "raw":
        source.left.append(f"A raw cell was left out: {cell.source[:60]!r}.")
    elif _is_test(cell):
        if _AUTOTEST.search(cell.source):
            raise CourseError(
                f"{source.path}: {name} has an ### AUTOTEST line, which nbgrader turns into a test by running the solution. "
                "Import the notebook in which that has been done."
            )
        hidden = _HIDDEN.search(cell.source) is not None
        question.tests.append(SourceTest(name, points, _HIDDEN.sub("", cell.source), hidden))
    elif cell.cell_type == "code":
        if meta.get("solution"):
            question.parts.append(SourcePart("answer", "code", _marked(cell.source, source.path), name))
        elif cell.source.strip():
            question.parts.append(SourcePart("given", "code", cell.source))
        if meta.get("solution") and meta.get("grade"):
            question.by_hand, question.by_hand_code = points, True
            question.parts.append(SourcePart("written", "markdown", ""))
    else:
        _take_text(cell, question, meta, name, points)


def _take_text(
    cell: NotebookNode, question: SourceQuestion, meta: dict[str, Any], name: str, points: float
) -> None:
    scheme = "\n".join(text.strip() for text in _SCHEME.findall(cell.source))
    text = _SCHEME.sub("", cell.source).strip("\n")
    if meta.get("task"):
        question.parts += [SourcePart("text", "markdown", text), SourcePart("written", "markdown", "")]
        question.by_hand, question.solution = points, scheme
    elif meta.get("grade") and meta.get("solution"):
        inside = "\n".join(_regions(text))
        question.by_hand, question.solution = points, scheme or inside or text
        question.parts.append(
            SourcePart("written", "markdown", _without_regions(text) if inside else "", name)
        )
    elif text.strip():
        question.parts.append(SourcePart("text", "markdown", text))


def _regions(text: str) -> Iterator[str]:
    for found in re.finditer(rf"{BEGIN}\n?(.*?){END}", text, flags=re.S):
        yield found[1].strip()


def _without_regions(text: str) -> str:
    return re.sub(rf"{BEGIN}.*?{END}\n?", "", text, flags=re.S).strip("\n")


def _marked(source: str, path: Path) -> str:
    """An answer with marks around what nbgrader takes out: the marked regions, else the whole cell."""
    lines = [re.sub(r"#+\s*(BEGIN|END) SOLUTION", r"### \1 SOLUTION", line) for line in source.split("\n")]
    order = [BEGIN in line for line in lines if BEGIN in line or END in line]
    if order != [True, False] * (len(order) // 2) or len(order) % 2:
        raise CourseError(
            f"{path}: a solution in it ends before it begins, or is not closed: {source[:60]!r}."
        )
    return "\n".join(lines) if order else f"{BEGIN}\n{source}\n{END}"
