"""Correct variants: each change keeps what the code computes, and leaves alone what the lab asks for."""

from __future__ import annotations

import ast
import random
from typing import Any

import numpy as np
import pytest

from coteja.audit.code import Cell, Draft, Facts, facts_of, solved
from coteja.audit.variants import CHANGES, variants
from coteja.grading.lab import Lab, load_lab


def draft(*sources: str) -> Draft:
    """A notebook of own cells, one question."""
    return Draft(tuple(Cell(source, question="q1") for source in sources), "en")


TRAINING = """
def slope(outputs, targets):
    return (outputs - targets) / len(targets)

def train(inputs, targets, rate=0.1, iterations=20):
    losses = []
    weights = np.zeros((2, 1))
    for i in range(iterations):
        outputs = inputs @ weights
        losses.append(float(np.mean((outputs - targets) ** 2)))
        weights = weights - rate * inputs.T @ slope(outputs, targets)
    return weights, losses
"""
RESULT = """
weights, losses = train(X, X[:, :1] + 2 * X[:, 1:], 0.2, iterations=30)
"""
NOTE = """
note = 1
note += 1
"""


def results(sources: list[str]) -> tuple[Any, Any]:
    """What a notebook's code yields; cells that fail by themselves are a student's own trials."""
    names: dict[str, Any] = {"np": np, "X": np.random.default_rng(0).normal(size=(10, 2))}
    for source in sources:
        try:
            exec(source, names)
        except (SyntaxError, ImportError, ZeroDivisionError, UserWarning):
            continue
    return np.ravel(names["weights"]), np.ravel(names["losses"])


@pytest.mark.parametrize(
    "name", [n for n in CHANGES if n not in ("explicit x", "figures by hand", "@ for np.dot")]
)
def test_a_change_keeps_what_the_code_computes(name: str, facts: Facts) -> None:
    original = draft(TRAINING, RESULT, NOTE)
    made = [CHANGES[name](original, facts, random.Random(seed)) for seed in range(12)]
    changed = [new for new in made if new is not None and new != original]
    assert changed, "it never applies"
    expected = results([cell.source for cell in original.cells])
    for new in changed:
        found = results([cell.source for cell in new.cells if cell.cell_type == "code"])
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(np.asarray(a, dtype=float), b, rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("@ for np.dot", "a = np.dot(b, c)", "a = (b @ c)"),
        (
            "explicit x",
            "ax.plot(losses, label='a')",
            "ax.plot(np.arange(len(losses)), losses, label='a', linewidth=0.8)",
        ),
        ("figures by hand", "fig, ax = plt.subplots()", "fig = plt.figure()\nax = fig.add_subplot()"),
        ("lambda for def", "def f(a, b):\n    return a - b", "f = lambda a, b: a - b"),
        ("other order of factors and terms", "a = b @ c * d", "a = (d * (b @ c))"),
        ("np.dot for @", "a = b * c @ d", "a = (np.dot((b * c), d))"),
        ("x += y", "n = 0\nn += 2", "n = 0\nn = (n + 2)"),
    ],
)
def test_a_change_writes_the_same_in_another_way(name: str, before: str, after: str, facts: Facts) -> None:
    made = [CHANGES[name](draft(before), facts, random.Random(seed)) for seed in range(10)]
    assert any(new is not None and after in new.cells[0].source for new in made)


def test_names_that_the_lab_asks_for_are_never_changed(facts: Facts) -> None:
    for seed in range(20):
        new = CHANGES["other names"](draft(TRAINING, RESULT), facts, random.Random(seed))
        text = new.text() if new else TRAINING + RESULT
        assert "def train(" in text
        assert "losses = train(X" in text or "losses = train(X," in text


def test_attributes_and_keywords_keep_their_names(facts: Facts) -> None:
    source = "shape = X.shape\nlabel = 'a'\nax.plot(X, label=label)"
    for seed in range(20):
        new = CHANGES["other names"](draft(source), facts, random.Random(seed))
        assert new is None or ("X.shape" in new.text() and "label=label" in new.text())


def test_two_names_never_become_one(facts: Facts) -> None:
    for seed in range(30):
        new = CHANGES["other names"](draft("a = 1\nA = 2\nweights = a - A"), facts, random.Random(seed))
        names: dict[str, Any] = {}
        exec(new.text() if new else "weights = -1", names)
        assert names["weights"] == -1


def test_a_figure_s_cell_stays_whole(facts: Facts) -> None:
    """Jupyter shows and closes a figure at the end of its cell: labels set in the next would be on another."""
    figure = draft("plt.plot([1, 2])\nplt.xlabel('x')\nplt.ylabel('y')")
    assert {CHANGES["a cell in two"](figure, facts, random.Random(seed)) for seed in range(8)} == {None}


def test_a_function_that_another_s_default_names_stays_where_it_is(facts: Facts) -> None:
    moved = CHANGES["functions first"](
        draft("def g(h=f):\n    return h()", "def f():\n    return 1"), facts, random.Random(0)
    )
    assert moved is not None
    assert [cell.source.split("(")[0] for cell in moved.cells][:2] == ["def f", "def g"]


def test_the_same_seed_makes_the_same_variants_and_no_two_are_alike(neuron: Lab) -> None:
    bases = [("solution", solved(neuron, lang), facts_of(neuron, lang)) for lang in ("en", "es")]
    once, again = (list(variants(bases, count=20, seed=3)) for _n in range(2))
    assert [v.draft for v in once] == [v.draft for v in again]
    assert len({v.draft.digest() for v in once}) == len(once) == 20


def test_what_the_lab_gives_is_never_changed(neuron: Lab) -> None:
    base = solved(neuron, "en")
    given = [c.source for c in base.cells if not c.own]
    for variant in variants([("solution", base, facts_of(neuron, "en"))], count=20, seed=0):
        assert [c.source for c in variant.draft.cells if not c.own] == given


def test_every_variant_of_a_real_lab_is_python(course: Any) -> None:
    lab = load_lab(course, "two-layer-network")
    for variant in variants([("solution", solved(lab, "es"), facts_of(lab, "es"))], count=25, seed=1):
        for cell in variant.draft.cells:
            if (
                cell.cell_type == "code"
                and not cell.source.startswith("%")
                and "import coteja" not in cell.source
            ):
                ast.parse(cell.source)
