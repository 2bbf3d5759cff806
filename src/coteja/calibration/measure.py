"""What is expected of a lab: medians and spreads of its reference's runs, and what its mistakes yield. Pure.

The spread of an artefact is how far two honest computations of the same thing may lie apart; checks derive their
tolerances from it. Where the lab fixes every number it is the largest difference between double precision, single
precision and other implementations. Where a student's numbers are random (the reference sets `SEEDS`) it is the standard
deviation over that many seeds.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coteja.course.modules import call_author
from coteja.errors import CourseError
from coteja.model.values import Value

Array = NDArray[Any]
Yield = Mapping[str, Value]


def summarize(
    path: Path, experiments: Mapping[str, Sequence[Yield]], *, random: bool
) -> tuple[dict[str, Value], dict[str, float], dict[str, Value]]:
    """Artefacts, spreads and deviations by role, from each experiment's runs. `path`: where to look when they don't fit.

    Where the numbers are random the median is expected; else the first run, and the others say how far one may lie from it.

    Raises
    ------
    CourseError
        Two experiments claim the same role, or the runs of one do not have one structure.
    """
    artefacts: dict[str, Value] = {}
    spread: dict[str, float] = {}
    deviations: dict[str, Value] = {}
    for experiment, runs in experiments.items():
        for role, value in runs[0].items():
            if role in artefacts:
                raise CourseError(
                    f"{path}: experiment {experiment} yields {role!r}, which another one yields too."
                )
            comparing = f"experiment {experiment}: comparing {role!r} of several runs"
            same = call_author(path, comparing, _of_role, runs, role)
            if random:
                artefacts[role] = call_author(path, comparing, each, same, _median)
                deviations[role] = call_author(path, comparing, each, same, _deviation)
                far = largest(deviations[role])
            else:
                artefacts[role] = value
                far = max(
                    (call_author(path, comparing, largest_spread, value, other) for other in same[1:]),
                    default=0.0,
                )
            spread[role] = float(f"{far:.2g}")
    return artefacts, spread, deviations


def median_of(path: Path, what: str, runs: Sequence[Yield]) -> dict[str, Value]:
    """What a mistake yields: its only run, or the median of them, role by role."""
    if len(runs) == 1:
        return dict(runs[0])
    return {
        role: call_author(
            path, f"{what}: comparing {role!r} of several runs", each, _of_role(runs, role), _median
        )
        for role in runs[0]
    }


def _of_role(runs: Sequence[Yield], role: str) -> list[Value]:
    return [run[role] for run in runs]


def each(values: Sequence[Value], summary: Callable[[Array], Array]) -> Value:
    """A summary over runs of values of the same structure, in that structure."""
    first = values[0]
    if isinstance(first, dict):
        return {key: each([value[key] for value in values], summary) for key in first}
    return summary(np.array(values, dtype=float))


def _median(runs: Array) -> Array:
    """Element by element; NaN where half of the runs or more are."""
    few = np.isnan(runs).mean(axis=0) < 0.5
    with np.errstate(invalid="ignore"):
        return _rounded(
            np.where(
                few, np.median(np.nan_to_num(runs, nan=np.inf, posinf=np.inf, neginf=-np.inf), axis=0), np.nan
            )
        )


def _deviation(runs: Array) -> Array:
    """Element by element; 0 where a run is not finite, for there are no distances there."""
    finite = np.isfinite(runs).all(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        return _rounded(np.where(finite, np.std(np.where(finite, runs, 0.0), axis=0, ddof=1), 0.0))


def _rounded(array: Array) -> Array:
    """Nine digits: the same on every machine."""
    return np.array([float(f"{value:.9g}") for value in array.reshape(-1)]).reshape(array.shape)


def largest(value: Value) -> float:
    """The largest number in a structure."""
    if isinstance(value, dict):
        return max((largest(item) for item in value.values()), default=0.0)
    return float(np.max(np.asarray(value, dtype=float), initial=0.0))


def validate_roles(yields: Yield, known: Sequence[str], what: str, path: Path) -> None:
    """Refuse a role that is not known. Raises CourseError, with the one that may be meant."""
    for role in yields:
        if role not in known:
            close = difflib.get_close_matches(str(role), known, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."
            raise CourseError(f"{path}: {what} yields {role!r}, for which there is no artefact. {hint}")


def largest_spread(a: Value, b: Value) -> float:
    """The largest absolute difference anywhere in two values of the same structure."""
    if isinstance(a, dict):
        return max((largest_spread(a[key], b[key]) for key in a), default=0.0)
    if isinstance(a, list | tuple):
        return max((largest_spread(x, y) for x, y in zip(a, b, strict=True)), default=0.0)
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    return float(np.max(np.abs(x - y), where=~same, initial=0.0))
