"""A notebook as the audit changes it: cells in order, those that are the author's or student's own, and their names."""

from __future__ import annotations

import ast
import builtins
import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import libcst as cst
import nbformat
from nbformat import NotebookNode

from coteja.grading.lab import Lab
from coteja.grading.releasing import released_bytes
from coteja.model.assignment import Language
from coteja.model.template import TemplateCell


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `own`: code that a student writes; `question`: whose section it stands in."""

    source: str
    cell_type: str = "code"
    own: bool = True
    question: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    def tree(self) -> cst.Module | None:
        """The code as a concrete syntax tree; None where it is no plain Python (a `%magic`, an error)."""
        return _tree(self.source)


@lru_cache(maxsize=512)
def _tree(source: str) -> cst.Module | None:
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError:
        return None


@dataclass(frozen=True, slots=True)
class Draft:
    """A notebook in one language."""

    cells: tuple[Cell, ...]
    language: Language

    def own(self) -> Iterator[tuple[int, Cell, cst.Module]]:
        """The cells that may be changed, with their place and tree."""
        for i, cell in enumerate(self.cells):
            if cell.own and cell.cell_type == "code" and (tree := cell.tree()) is not None:
                yield i, cell, tree

    def with_source(self, index: int, source: str) -> Draft:
        """The same notebook with another text in one cell."""
        cells = list(self.cells)
        cells[index] = replace(cells[index], source=source)
        return replace(self, cells=tuple(cells))

    def with_cell(self, index: int, cell: Cell) -> Draft:
        """The same notebook with one more cell, before the one at `index`."""
        return replace(self, cells=(*self.cells[:index], cell, *self.cells[index:]))

    def notebook(self) -> NotebookNode:
        """As a file that was handed in would read."""
        cells: list[dict[str, object]] = [
            {"id": f"c{i}", "cell_type": c.cell_type, "source": c.source, "metadata": dict(c.metadata)}
            | ({"outputs": [], "execution_count": None} if c.cell_type == "code" else {})
            for i, c in enumerate(self.cells)
        ]
        metadata = {"coteja": {"language": self.language}}
        return nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})

    def text(self) -> str:
        """All own code, for a diff."""
        return "\n\n".join(c.source.strip() for c in self.cells if c.own and c.cell_type == "code") + "\n"

    def digest(self) -> str:
        """Two drafts of one digest are the same notebook."""
        return hashlib.sha256(repr([(c.source, c.own) for c in self.cells]).encode()).hexdigest()[:16]


def diff(before: Draft, after: Draft) -> str:
    """A unified diff of the own code."""
    a, b = before.text().splitlines(), after.text().splitlines()
    return "\n".join(list(difflib.unified_diff(a, b, "original", "changed", lineterm="", n=1))[2:])


def solved(lab: Lab, language: Language) -> Draft:
    """The author's own notebook."""
    notebook = nbformat.reads(released_bytes(lab, language, solutions=True).decode(), as_version=4)
    return draft_of(notebook, lab.template(language), language)


def draft_of(notebook: NotebookNode, template: Sequence[TemplateCell], language: Language) -> Draft:
    """A notebook that was handed in, as a draft."""
    known = {t.cell_id: t for t in template}
    fixed = {t.source.strip() for t in template if t.kind in ("given", "check")}
    cells: list[Cell] = []
    question: str | None = None
    for node in notebook.cells:
        ours = node.metadata.get("coteja")
        found = known.get(str(ours.get("cell"))) if isinstance(ours, dict) else None
        question = found.question if found is not None and found.question else question
        given = (found is not None and found.kind in ("given", "check")) or node.source.strip() in fixed
        cells.append(
            Cell(
                source=node.source,
                cell_type=node.cell_type,
                own=not given,
                question=question,
                metadata=dict(node.metadata),
            )
        )
    return Draft(tuple(cells), language)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a change must leave alone: names that the lab asks for or gives, and the libraries that are there.

    `shapeless`: artefacts whose shape and container are the student's own choice, with their kind.
    """

    kept: frozenset[str]
    numpy: bool
    pyplot: bool
    shapeless: Mapping[str, str]
    seeding: str


def facts_of(lab: Lab, language: Language) -> Facts:
    """Read off the lab."""
    artefacts = lab.assignment.artefacts()
    asked = {name for a in artefacts.values() for name in a.all_names(language)}
    called = {step[0] for cases in lab.draw(0).values() for case in cases for step in case}
    given = [t.source for t in lab.template(language) if t.kind in ("given", "check")]
    imports = "\n".join(given)
    names = {name for text in given for name in names_in(text)}
    keras = "keras" in lab.assignment.preload
    return Facts(
        kept=frozenset(asked | called | names | set(dir(builtins))),
        numpy="import numpy as np" in imports,
        pyplot="import matplotlib.pyplot as plt" in imports,
        shapeless={
            a.name(language): a.kind for a in artefacts.values() if a.kind in ("array", "curve", "number")
        },
        seeding="import keras\nkeras.utils.set_random_seed({seed})"
        if keras
        else "import numpy\nnumpy.random.seed({seed})",
    )


def names_in(source: str) -> set[str]:
    """Every name that a piece of code mentions; none where it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {
        alias.asname or alias.name
        for n in ast.walk(tree)
        if isinstance(n, ast.Import | ast.ImportFrom)
        for alias in n.names
    }
    return found | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def bound_in(source: str) -> set[str]:
    """Every name that is given a value somewhere in a piece of code, also inside of a function."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return found | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def uses(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell reads, also in its functions, and those that it sets; what it sets a part of is both."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set(), set()
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    written: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            written |= set() if isinstance(node, ast.Lambda) else {node.name}
            continue  # what is set in there is its own
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            written.add(node.id)
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.value, ast.Name):
            written |= set() if isinstance(node.ctx, ast.Load) else {node.value.id}
        waiting += ast.iter_child_nodes(node)
    return read, written
