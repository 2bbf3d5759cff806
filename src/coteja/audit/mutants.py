"""Mutants: the solution with one mistake in it, of the kinds that numerical code is wrong by. The checks must see each.

Every operator is applied at every place of the answer cells where it fits; each place gives a mutant of its own.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from coteja.audit.code import Draft
from coteja.audit.operators import UNSEEN, Around, expressions, statements

#: operator -> what it does, as the report shows it
OPERATORS = {
    "sign": "+ and − exchanged, a minus dropped",
    "term": "a term or a factor dropped",
    "scale": "a division dropped or turned around, 1/m forgotten",
    "matrix": "@ made *, its sides exchanged",
    "transpose": ".T dropped",
    "power": "x² made x or x³",
    "axis": "another axis, or none",
    "keepdims": "keepdims dropped",
    "reduction": "sum for mean, mean for sum",
    "function": "another function: tanh, log, exp, abs, min and max, argmin",
    "initial": "another way to draw or to begin: uniform, zeros, ones, no seed",
    "dtype": "integers for real numbers, or a conversion dropped",
    "number": "another number: a rate, a count, a seed, a size",
    "index": "another place: off by one, first for last",
    "range": "one iteration more or less",
    "comparison": "a comparison turned around",
    "truth": "True for False",
    "text": "another word",
    "label": "labels of curves exchanged",
    "missing label": "a label or an axis' name empty",
    "deleted": "a statement left out: no update, no seed, nothing stored",
    "twice": "an update twice",
    "order": "neighbouring statements, arguments or results exchanged",
    "name": "another variable, of a similar name",
    "hard-coded": "0 for what should be computed",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """The solution with one change: by which operator, in which cell and line of it (from 1)."""

    name: str
    operator: str
    cell: str
    line: int
    original: Draft
    draft: Draft


def mutants(draft: Draft, *, limit: int | None, seed: int) -> list[Mutant]:
    """All mutants of a solution's answer cells; with `limit`, so many of them, spread over cells and operators."""
    found: dict[str, Mutant] = {}
    for i, cell, tree in draft.own():
        if cell.question is None:
            continue
        ours = cell.metadata.get("coteja")
        where = str(ours.get("cell")) if isinstance(ours, dict) else str(i)
        for operator, line, code in _changed(tree, _globals(draft)):
            if _parses(code):
                new = draft.with_source(i, code)
                name = f"{where}-{line}-{operator.replace(' ', '-')}-{new.digest()[:6]}"
                found.setdefault(new.digest(), Mutant(name, operator, where, line, draft, new))
    everything = list(found.values())
    if limit is None or len(everything) <= limit:
        return everything
    return _spread(everything, limit, random.Random(seed))  # noqa: S311 (nothing secret is drawn)


def _spread(everything: Sequence[Mutant], limit: int, rng: random.Random) -> list[Mutant]:
    """One of each operator and cell in turn."""
    groups: dict[tuple[str, str], list[Mutant]] = {}
    for mutant in rng.sample(list(everything), len(everything)):
        groups.setdefault((mutant.operator, mutant.cell), []).append(mutant)
    order = sorted(groups)
    rng.shuffle(order)
    chosen: list[Mutant] = []
    while len(chosen) < limit:
        for key in order:
            if groups[key] and len(chosen) < limit:
                chosen.append(groups[key].pop())
    return chosen


def _globals(draft: Draft) -> list[str]:
    names: dict[str, None] = {}
    for cell in draft.cells:
        if cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.setdefault(node.id)
    return list(names)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def _changed(module: cst.Module, names: list[str]) -> Iterator[tuple[str, int, str]]:
    """Every mutant of one cell: operator, line, and the cell's new text."""
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    lines, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    for node in _walk(module):
        around = Around(parents, names)
        for operator, new in (*expressions(node, around), *statements(node)):
            at = lines[node].start.line if node in lines else 1
            changed = cst.ensure_type(module.deep_replace(node, new), cst.Module)
            yield operator, at, changed.code


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """All nodes but those of which nothing is kept: what is printed, how a figure looks."""
    if m.matches(node, UNSEEN):
        return
    yield node
    for child in node.children:
        yield from _walk(child)
