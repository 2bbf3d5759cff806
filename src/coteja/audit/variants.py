"""Correct variants: the same work as other honest students would write it. Each must get every point.

A variant is a right notebook with some changes that keep what it computes, drawn and composed from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coteja.audit import moves, naming, rules
from coteja.audit.code import Cell, Draft, Facts
from coteja.audit.rules import Change, by_rule


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed notebook: from which base, and by which changes."""

    name: str
    base: str
    changes: tuple[str, ...]
    original: Draft
    draft: Draft


CHANGES: dict[str, Change] = {
    "np.dot for @": by_rule(rules.matrix_products, "@", needs_numpy=True),
    "@ for np.dot": by_rule(rules.dots, "np.", needs_numpy=True),
    "squares by other means": by_rule(rules.squares, "**", needs_numpy=True),
    "np.transpose for .T": by_rule(rules.transposes, ".T", needs_numpy=True),
    "other order of factors and terms": by_rule(rules.commuted),
    "times 1 / m": by_rule(rules.inverse_factors, "/"),
    "sum over size for mean": by_rule(rules.means_as_sums, "mean(", needs_numpy=True),
    "NumPy's numbers": by_rule(rules.numpy_scalars, "float(", needs_numpy=True),
    "single precision": by_rule(rules.single_precision, "np.", needs_numpy=True),
    "a name for what is returned": by_rule(rules.returned_by_name, "return"),
    "while for for": by_rule(rules.whiles, "range("),
    "lambda for def": by_rule(rules.lambdas, "def "),
    "type hints": by_rule(rules.hints, "def "),
    "explicit x": by_rule(rules.explicit_x, ".plot(", needs_numpy=True),
    "figures by hand": by_rule(rules.figures_by_hand, "subplots()"),
    "keyword arguments": naming.keywords,
    "other names": naming.renamed,
    "x += y": naming.augmented,
    "columns in a loop": naming.by_columns,
    "a cell in two": moves.split_cells,
    "functions first": moves.functions_first,
    "cells swapped": moves.swapped_cells,
    "a class": moves.a_class,
    "own cells": moves.scratch_cells,
    "more output": moves.prints,
    "other shapes and containers": moves.containers,
}


def variants(bases: Sequence[tuple[str, Draft, Facts]], *, count: int, seed: int) -> Iterator[Variant]:
    """`count` different variants: each from one of the bases in turn, by one to four changes.

    The same bases and seed give the same variants. Fewer come when no more can be made.
    """
    seen: set[str] = set()
    made = 0
    for number in range(20 * count):
        if made == count:
            return
        rng = random.Random(f"{seed}/{number}")  # noqa: S311 (nothing secret is drawn)
        base, original, facts = bases[number % len(bases)]
        variant = _one(base, original, facts, rng, number)
        if variant is None or variant.draft.digest() in seen:
            continue
        seen.add(variant.draft.digest())
        made += 1
        yield variant


def _one(base: str, original: Draft, facts: Facts, rng: random.Random, number: int) -> Variant | None:
    draft = original
    changes: list[str] = []
    wanted = rng.randint(1, 4)
    for name in rng.sample(list(CHANGES), len(CHANGES)):
        if len(changes) == wanted:
            break
        new = CHANGES[name](draft, facts, rng)
        if new is not None and new != draft:
            draft, changes = new, [*changes, name]
    seeding = Cell(facts.seeding.format(seed=rng.randrange(2**32)))
    draft = draft.with_cell(0, seeding)
    return Variant(f"variant-{number}", base, tuple(changes), original, draft) if changes else None
