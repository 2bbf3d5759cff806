"""Mutants: each operator makes the mistake that it is named after, in answer cells alone."""

from __future__ import annotations

import ast

import pytest

from coteja.audit.code import Cell, Draft, solved
from coteja.audit.mutants import OPERATORS, mutants
from coteja.grading.lab import Lab, load_lab


def sources(code: str) -> dict[str, set[str]]:
    """Operator -> what it makes of a cell."""
    found: dict[str, set[str]] = {}
    original = Draft((Cell(code, question="q1"),), "en")
    for mutant in mutants(original, limit=None, seed=0):
        found.setdefault(mutant.operator, set()).add(mutant.draft.cells[0].source)
    return found


@pytest.mark.parametrize(
    ("operator", "code", "wrong"),
    [
        ("sign", "a = b - c", "a = b + c"),
        ("sign", "a = -b", "a = b"),
        ("sign", "a -= b", "a += b"),
        ("term", "a = b + c", "a = c"),
        ("scale", "a = b / m", "a = b"),
        ("scale", "a = b / m", "a = (b / (m - 1))"),
        ("matrix", "a = b @ c", "a = c @ b"),
        ("matrix", "a = b @ c", "a = b * c"),
        ("transpose", "a = b.T @ c", "a = b @ c"),
        ("power", "a = 1 - b**2", "a = 1 - b"),
        ("axis", "a = np.sum(b, axis=1)", "a = np.sum(b, axis=0)"),
        ("axis", "a = np.sum(b, axis=1)", "a = np.sum(b)"),
        ("keepdims", "a = np.sum(b, keepdims=True)", "a = np.sum(b)"),
        ("reduction", "a = np.mean(b)", "a = np.sum(b)"),
        ("function", "a = np.log(b)", "a = np.log10(b)"),
        ("initial", "a = np.random.randn(2)", "a = np.random.rand(2)"),
        ("dtype", "a = float(b)", "a = int(b)"),
        ("number", "a = 0.3 * b", "a = 3.0 * b"),
        ("index", "a = b[0]", "a = b[1]"),
        ("index", "a = b[:, :1]", "a = b[:, 1:]"),
        ("range", "for i in range(n):\n    b(i)", "for i in range((n - 1)):\n    b(i)"),
        ("comparison", "a = b > c", "a = b < c"),
        ("truth", "a = True", "a = False"),
        ("text", "a = {1: 'slow', 2: 'fast'}", "a = {1: 'fast', 2: 'fast'}"),
        (
            "label",
            "ax.plot(a, label='x')\nax.plot(b, label='y')",
            "ax.plot(a, label='y')\nax.plot(b, label='x')",
        ),
        ("missing label", "ax.set_xlabel('x')", "ax.set_xlabel('')"),
        ("deleted", "a = b\nc = d", "a = b\n"),
        ("twice", "a = a - b", "a = a - b\na = a - b\n"),
        ("order", "a = f(b, c)", "a = f(c, b)"),
        ("order", "def f():\n    return a, b", "def f():\n    return b, a"),
        ("name", "dW1, dW2 = 1, 2\na = dW1 * 3", "dW1, dW2 = 1, 2\na = dW2 * 3"),
        ("hard-coded", "a = f(b)", "a = 0"),
    ],
)
def test_an_operator_makes_its_mistake(operator: str, code: str, wrong: str) -> None:
    assert wrong.strip() in {source.strip() for source in sources(code)[operator]}


def test_every_operator_is_explained_and_used(course: object) -> None:
    assert set(OPERATORS) >= set(sources("a = b - c / 2 + np.mean(d, axis=1)[0]"))


def test_what_is_printed_is_not_mutated() -> None:
    assert sources("print(a + 1)") == {}


def test_mutants_are_python_of_which_no_two_are_alike_and_what_the_lab_gives_stays(neuron: Lab) -> None:
    original = solved(neuron, "en")
    found = mutants(original, limit=None, seed=0)
    assert len({mutant.draft.digest() for mutant in found}) == len(found) > 60
    for mutant in found:
        changed = [i for i, c in enumerate(mutant.draft.cells) if c != original.cells[i]]
        assert len(changed) == 1
        assert original.cells[changed[0]].own
        ast.parse(mutant.draft.cells[changed[0]].source)


def test_a_limit_spreads_over_cells_and_operators(course: object) -> None:
    lab = load_lab(course, "two-layer-network")  # type: ignore[arg-type]
    few = mutants(solved(lab, "en"), limit=60, seed=0)
    assert len(few) == 60
    assert len({m.cell for m in few}) > 8
    assert len({m.operator for m in few}) > 15
