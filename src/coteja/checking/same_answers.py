"""Whether a student's functions answer as the reference's do, or as those of a known mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from coteja.model.values import NoValue, Value

#: How far two answers of the same function may lie apart, relative to the larger one: float32, and another order of sums.
RELATIVE = 1e-3

Cases = Sequence[Sequence[tuple[str, tuple[Value, ...]]]]
#: What a mistake's functions answer to one case, step by step; None where they raise.
Answer = Callable[[str, Sequence[tuple[str, tuple[Value, ...]]]], Sequence[Value] | None]


def agreement(
    cases: Cases,
    found: Sequence[Sequence[Value]],
    truth: Sequence[Sequence[Value]],
    functions: Mapping[str, Mapping[str, Any]],
    answer: Answer,
) -> dict[str, dict[str, bool]]:
    """For each function of a probe that some mistake changes: the classes ("" is the truth) that it agrees with.

    Parameters
    ----------
    found, truth
        What the student's and the reference's functions gave, case by case and step by step; NoValue where one raised.
    functions
        Mistake -> the functions that it changes, by name.
    answer
        Calls a mistake's functions.
    """
    called = {name for case in cases for name, _args in case}
    mistakes = [m for m, changed in functions.items() if called & changed.keys()]
    touched = {name for m in mistakes for name in called & functions[m].keys()}
    wrong = {m: [answer(m, case) for case in cases] for m in mistakes}
    agrees: dict[str, dict[str, bool]] = {}
    for name in sorted(touched):
        at = [
            (i, j)
            for i, case in enumerate(cases)
            for j, (called_name, _args) in enumerate(case)
            if called_name == name
        ]
        each = {"": all(alike(found[i][j], truth[i][j]) for i, j in at)}
        for m in mistakes:
            if name in functions[m]:
                each[m] = all(_as(found[i][j], wrong[m][i], j) for i, j in at)
        agrees[name] = each
    return agrees


def _as(found: Value, answers: Sequence[Value] | None, step: int) -> bool:
    if answers is None:
        return isinstance(found, NoValue) and found.kind == "error"
    return alike(found, answers[step])


def alike(found: Value, wanted: Value) -> bool:
    """Whether two values have the same numbers, to three digits of the largest, in the same structure."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            k in found and alike(found[k], v) for k, v in wanted.items()
        )
    if isinstance(found, NoValue) or isinstance(wanted, NoValue):
        return False
    try:
        x, y = np.asarray(found), np.asarray(wanted)
    except ValueError:  # ragged: a tuple of weights, biases, losses
        x = y = np.empty(0, dtype=object)
    if "O" in (x.dtype.kind, y.dtype.kind):
        if not (isinstance(found, list | tuple) and isinstance(wanted, list | tuple)):
            return False
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    if x.dtype.kind not in "biuf" or y.dtype.kind not in "biuf" or x.size != y.size:
        return False
    a, b = (v.astype(np.float64).reshape(-1) for v in (x, y))
    with np.errstate(invalid="ignore", over="ignore"):
        scale = np.max(np.abs(b), where=np.isfinite(b), initial=1e-12)
        near = np.abs(a - b) <= RELATIVE * scale
    return bool(np.all(near | (a == b) | (np.isnan(a) & np.isnan(b))))
