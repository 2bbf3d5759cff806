"""Faults of a notebook.py: cells without a language, solutions without markers, names that are never assigned."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from coteja.course.source import BEGIN, SourceCell
from coteja.grading.linting.finding import Finding
from coteja.model.assignment import Assignment

#: With these in a notebook, names may come from where no reading of it can see.
_UNSEEN = re.compile(r"import \*|\b(exec|globals|locals|setattr)\(|^\s*%(run|load|store|pylab)\b", flags=re.M)


def cell_lines(text: str, count: int) -> dict[int, int]:
    """The line on which each cell begins, by its number; empty where they cannot be told apart."""
    begins = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# %%(?!%)", line)]
    return dict(enumerate(begins, 1)) if len(begins) == count else {}


def raw_cells(text: str) -> list[Any]:
    """The cells as Jupytext reads them, valid for us or not."""
    import jupytext

    return list(jupytext.reads(text, fmt="py:percent").cells)


def language_faults(assignment: Assignment, path: Path, text: str) -> Iterator[Finding]:
    """Markdown cells without a language, and texts that are not there in every language."""
    cells = raw_cells(text)
    lines = cell_lines(text, len(cells))
    runs: list[
        tuple[int, list[str]]
    ] = []  # neighbouring Markdown cells: where they begin, and their languages
    before = ""
    for number, cell in enumerate(cells, 1):
        lang = cell.metadata.get("lang")
        if cell.cell_type == "markdown":
            if lang not in assignment.languages:
                yield Finding(
                    rule="language-missing",
                    assignment=assignment.id,
                    file=str(path),
                    line=lines.get(number),
                    what=f"Markdown cell {number} says no language of this assignment (lang is {lang!r})",
                    todo=f'Write lang="{assignment.languages[0]}" after [markdown], and the same text in each other language.',
                )
            elif before != "markdown":
                runs.append((number, [lang]))
            else:
                runs[-1][1].append(lang)
        before = cell.cell_type if lang in assignment.languages or cell.cell_type != "markdown" else ""
    totals = {lang: sum(langs.count(lang) for _n, langs in runs) for lang in assignment.languages}
    if len(set(totals.values())) == 1:
        return
    for number, langs in runs:
        most = max(langs.count(lang) for lang in assignment.languages)
        for lang in assignment.languages:
            if langs.count(lang) < most:
                yield Finding(
                    rule="language-missing",
                    assignment=assignment.id,
                    file=str(path),
                    line=lines.get(number),
                    what=f"the text that begins with cell {number} has {most} cells in one language and "
                    f"{langs.count(lang)} in {lang!r}",
                    todo=f'Add the missing cell: # %% [markdown] lang="{lang}".',
                )


def source_faults(
    assignment: Assignment, cells: Sequence[SourceCell], path: Path, text: str
) -> Iterator[Finding]:
    """What a notebook that can be read still has wrong."""
    lines = cell_lines(text, len(cells))
    for cell in cells:
        if cell.answer and BEGIN not in cell.source and _does_something(cell.source):
            yield Finding(
                rule="unmarked-solution",
                assignment=assignment.id,
                file=str(path),
                line=lines.get(cell.number),
                what=f"answer cell {cell.answer} has code and no {BEGIN}: students would get it as it stands",
                todo=f"Put {BEGIN} and ### END SOLUTION around your answer.",
            )
    for question in assignment.questions:
        if question.written is None:
            continue
        for language in assignment.languages:
            if not any(c.written and c.question == question.id and c.lang == language for c in cells):
                yield Finding(
                    rule="no-written-cell",
                    assignment=assignment.id,
                    file=str(path),
                    what=f"question {question.id} has a written answer, but no cell to write it in in {language!r}",
                    todo=f'Add a cell: # %% [markdown] lang="{language}" written=true.',
                )
    yield from _unassigned(assignment, cells, path)


def _unassigned(assignment: Assignment, cells: Sequence[SourceCell], path: Path) -> Iterator[Finding]:
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    if any(_UNSEEN.search(source) for source in code):
        return
    assigned = set().union(*map(assigned_names, code)) if code else set()
    for artefact in assignment.artefacts().values():
        if not assigned & {artefact.role, *artefact.names.values()}:
            yield Finding(
                rule="never-assigned",
                assignment=assignment.id,
                file=str(path),
                what=f"no cell makes {artefact.role}, which assignment.toml asks for ({artefact.kind})",
                todo="Assign it in your solution, by its role, or take the artefact out.",
            )


def assigned_names(source: str) -> set[str]:
    """Every name that a cell may bind, in whatever way; of a cell that is no plain Python, every word.

    >>> sorted(assigned_names("a, b = 1, 2\\ndef f(x): y = x\\nimport numpy as np"))
    ['a', 'b', 'f', 'np', 'x', 'y']
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set(re.findall(r"\w+", source))
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.alias():
                found.add((node.asname or node.name).split(".")[0])
    return found


def _does_something(source: str) -> bool:
    """Whether there is more than comments, imports and placeholders."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return True
    return any(not _is_placeholder(node) for node in tree.body)


def _is_placeholder(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return all(_is_placeholder(inner) for inner in node.body)
        case ast.Pass() | ast.Raise() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=value) | ast.Return(value=value):
            return value is None or _is_blank(value)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_blank(value)
    return False


def _is_blank(value: ast.expr) -> bool:
    """`...`, None, "", "...", and collections and dictionaries of such; a docstring is text alone."""
    match value:
        case ast.Constant():
            return value.value in (..., None) or isinstance(value.value, str)
        case ast.Dict():
            return all(map(_is_blank, value.values))
        case ast.List() | ast.Tuple() | ast.Set():
            return all(map(_is_blank, value.elts))
    return False
