"""What every sample class is made with: a notebook to edit, samples to declare, damage that real files suffer.

A lab's class is a module `samples_<assignment>.py` beside this one, with `ASSIGNMENT` and `SAMPLES`. Every sample is the
author's own notebook with a few readable edits: honest differences, mistakes that real students made, damage, and cells
that no grader should have to run. The same lab gives the same bytes.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from coteja.course.load import Course, load_assignment
from coteja.course.source import read_source
from coteja.i18n import translator
from coteja.model.assignment import Assignment
from coteja.release import build_cells, build_notebook, notebook_bytes


def points(*by_question: float) -> dict[str, float]:
    """Automatic points by question: q1, q2, ..."""
    return {f"q{i}": value for i, value in enumerate(by_question, 1)}


class Notebook:
    """A notebook to edit: cells by their ids in the lab, text replaced only where it really stands."""

    def __init__(self, node: nbformat.NotebookNode, language: str) -> None:
        self.node = node
        self.language = language

    def cell(self, name: str) -> nbformat.NotebookNode:
        """The cell with that id in the lab."""
        return next(c for c in self.node.cells if c.metadata.get("coteja", {}).get("cell") == name)

    def position(self, name: str) -> int:
        """Where that cell stands."""
        return self.node.cells.index(self.cell(name))

    def edit(self, name: str, old: str, new: str, *, count: int = 1) -> None:
        """Replace text in a cell, which must be there exactly `count` times."""
        cell = self.cell(name)
        found = cell.source.count(old)
        if found != count:
            raise ValueError(f"cell {name} has {old!r} {found} times, not {count}")
        cell.source = cell.source.replace(old, new)

    def rewrite(self, name: str, source: str) -> None:
        """Give a cell a new text; the marker in its first line stays."""
        cell = self.cell(name)
        first = cell.source.splitlines()[0]
        marker = first + "\n" if first.startswith("# [") else ""
        cell.source = marker + textwrap.dedent(source).strip("\n")

    def add(self, before: str, source: str, *, kind: str = "code") -> None:
        """Put in a cell of the student's own."""
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        cell = new(source=textwrap.dedent(source).strip("\n"))
        cell["id"] = f"own-{len(self.node.cells)}"
        self.node.cells.insert(self.position(before), cell)

    def everywhere(self, old: str, new: str) -> None:
        """Replace text in every code cell."""
        for cell in self.node.cells:
            if cell.cell_type == "code":
                cell.source = cell.source.replace(old, new)

    def write(self, **answers: str) -> None:
        """Fill in the written answers, by question."""
        for question, text in answers.items():
            if text:
                self.cell(f"{question}-written").source = textwrap.dedent(text).strip()

    def printed(self, name: str, text: str) -> None:
        """Leave an output below a cell, as a saved notebook has it."""
        self.cell(name)["outputs"] = [
            nbformat.v4.new_output("stream", name="stdout", text=textwrap.dedent(text).lstrip("\n"))
        ]


@dataclass(frozen=True)
class Sample:
    """A notebook of the class: its file, what it is, and what it must get (None: every point)."""

    file: str
    what: str
    change: Callable[[Notebook], None]
    must_get: Mapping[str, float] | None = None
    language: str = "es"
    status: str = "waiting"
    mistakes: Sequence[str] = ()
    released: bool = False
    damage: Callable[[bytes], bytes] = bytes


# ----------------------------------------------------------------------------------- edits that any lab may have


def untouched(_nb: Notebook) -> None:
    """As it was released."""


def forget_metadata(nb: Notebook) -> None:
    """Through an editor that keeps the text of the cells and nothing else."""
    for cell in nb.node.cells:
        cell.metadata = nbformat.from_dict({})
    nb.node.metadata = nbformat.from_dict({})


# --------------------------------------------------------------------------------------------------- damage


def as_format_3(raw: bytes) -> bytes:
    """Saved by a Jupyter of 2014."""
    notebook = nbformat.reads(raw.decode(), as_version=4)
    for cell in notebook.cells:
        cell.pop("id", None)
    notebook.nbformat_minor = 4
    old = nbformat.convert(notebook, 3)
    return (json.dumps(old, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def cut_off(raw: bytes) -> bytes:
    """A download that stopped."""
    return raw[: len(raw) * 2 // 3]


def as_utf16(raw: bytes) -> bytes:
    """Opened and saved in Windows' old Notepad."""
    return b"\xff\xfe" + raw.decode().replace("\n", "\r\n").encode("utf-16-le")


# ----------------------------------------------------------------------------------------------------- files


def build(course: Course, assignment: Assignment, sample: Sample) -> bytes:
    """The file's bytes."""
    source = read_source(course.folder(assignment.id) / "notebook.py", assignment)
    say = translator(sample.language, course.info.locale(sample.language))
    cells = build_cells(assignment, source, say, install=course.info.install, solutions=not sample.released)
    # What a notebook carries for its own checks is ignored when it is marked; left out, the samples stay small.
    notebook = Notebook(build_notebook(assignment, cells, sample.language, public={}), sample.language)
    sample.change(notebook)
    count = 0
    for cell in notebook.node.cells:
        if cell.cell_type == "code" and not sample.released:
            count += 1
            cell["execution_count"] = count
    return sample.damage(notebook_bytes(notebook.node))


def scores(assignment: Assignment, samples: Sequence[Sample]) -> str:
    """scores.toml: what each file is, and what it must get."""
    full = {question.id: question.points for question in assignment.questions}
    lines = [
        "# What each notebook of the class is and must get: automatic points a question, the submission's status, and the",
        "# mistakes that must be recognised by name. Written by tools/make_samples.py; held by the tests.",
    ]
    for sample in samples:
        must_get = full if sample.must_get is None else sample.must_get
        earned = ", ".join(f"{question} = {value:g}" for question, value in must_get.items())
        lines += [
            "",
            "[[sample]]",
            f"file = {json.dumps(sample.file, ensure_ascii=False)}",
            f"student = {json.dumps(sample.file.removesuffix('.ipynb'), ensure_ascii=False)}",
            f'language = "{sample.language}"',
            f"what = {json.dumps(sample.what)}",
            f"points = {{ {earned} }}",
            f'status = "{sample.status}"',
            f"mistakes = {json.dumps(list(sample.mistakes))}",
        ]
    return "\n".join(lines) + "\n"


def files(course: Course, name: str, samples: Sequence[Sample]) -> dict[str, bytes]:
    """Every file of one lab's class by name."""
    assignment = load_assignment(course, name)
    made = {sample.file: build(course, assignment, sample) for sample in samples}
    return made | {"scores.toml": scores(assignment, samples).encode()}


def write(folder: Path, made: Mapping[str, bytes]) -> None:
    """Put a class into its folder; notebooks that are no longer of it go."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.ipynb"):
        if old.name not in made:
            old.unlink()
    for name, raw in made.items():
        (folder / name).write_bytes(raw)
