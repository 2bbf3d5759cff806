"""Comparing what was found with what was expected, and saying it: numbers, arrays, whole curves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coteja.model.message import Message, Param, as_param, message
from coteja.model.result import Comparison, Picture, Series

#: A picture needs no more points than a screen has columns for it.
MAX_POINTS = 300


def as_number(value: ArrayLike) -> float:
    """The single number in `value`, of whatever shape. Raises ValueError when there is not exactly one."""
    array = np.asarray(value, dtype=float).reshape(-1)
    if array.size != 1:
        raise ValueError(f"one number expected, {array.size} found")
    return float(array[0])


def near(found: ArrayLike, expected: ArrayLike, tolerance: float) -> bool:
    """Whether all values agree within `tolerance`; equal infinities and NaN agree.

    Shapes that differ only by axes of length one agree: (2,) for (2, 1) is right.

    >>> near([2.0, -3.0], [[2.0], [-3.0]], 1e-9)
    True
    """
    a, b = np.asarray(found, dtype=float).squeeze(), np.asarray(expected, dtype=float).squeeze()
    if a.shape != b.shape:
        return False
    return bool(np.allclose(a, b, rtol=0.0, atol=tolerance, equal_nan=True))


def largest_difference(found: ArrayLike, expected: ArrayLike) -> float:
    """The largest absolute difference; inf when shapes differ or only one side is finite."""
    a, b = np.asarray(found, dtype=float).squeeze(), np.asarray(expected, dtype=float).squeeze()
    if a.shape != b.shape:
        return float("inf")
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if bool(same.all()):
        return 0.0
    with np.errstate(invalid="ignore"):
        difference = np.abs(a - b)[~same]
    return float("inf") if np.isnan(difference).any() else float(difference.max())


def alike(found: ArrayLike, expected: ArrayLike, tolerance: float) -> bool:
    """Whether all values agree within `tolerance` of one plus their size; shapes must be the same."""
    a, b = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= tolerance * (1 + np.abs(b))))


def alignment(found: ArrayLike, expected: ArrayLike, tolerance: float, *, every: int = 100) -> str:
    """How a curve fits an expected one.

    "whole": value by value, one missing or added at the end at most. "late": it begins with the second value.
    "thinned": only every `every`-th is there. "": not at all.

    >>> alignment([3, 2, 1], [4, 3, 2, 1], 1e-9)
    'late'
    """
    a, b = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if abs(a.size - b.size) <= 1:
        size = min(a.size, b.size)
        if near(a[:size], b[:size], tolerance):
            return "whole"
        return "late" if near(a[: b.size - 1], b[1 : a.size + 1], tolerance) else ""
    thinned = b[::every]
    return (
        "thinned"
        if 0 <= thinned.size - a.size <= 1 < a.size and near(a, thinned[: a.size], tolerance)
        else ""
    )


def compare(label: Message, found: ArrayLike, expected: ArrayLike, tolerance: float) -> Comparison:
    """A line of evidence: one number each, or the largest difference of two arrays."""
    a, b = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    ok = near(a, b, tolerance)
    if a.size == 1 and b.size == 1:
        shown: tuple[Param, Param] = (as_param(a.reshape(-1)[0]), as_param(b.reshape(-1)[0]))
    elif a.size <= 4 and b.size <= 4:
        shown = (_short(a), _short(b))
    else:
        shown = (
            message("differs by {distance}", distance=largest_difference(a, b)),
            message("the reference's values"),
        )
    return Comparison(label=label, expected=shown[1], found=shown[0], tolerance=as_param(tolerance), ok=ok)


def _short(array: NDArray[np.float64]) -> str:
    return "(" + ", ".join(f"{value:.5g}" for value in array.reshape(-1)) + ")"


def is_constant(curve: ArrayLike, *, tolerance: float = 1e-9) -> bool:
    """Whether a curve never leaves its first value."""
    values = np.asarray(curve, dtype=float)
    return values.size == 0 or bool(np.all(np.abs(values - values[0]) <= tolerance))


def is_decreasing(curve: ArrayLike, *, slack: float = 1e-9) -> bool:
    """Whether a curve ends below its start and never rises by more than `slack`."""
    values = np.asarray(curve, dtype=float)
    return bool(values[-1] < values[0] and np.all(np.diff(values) <= slack))


def same_start(curves: Mapping[float, ArrayLike], *, tolerance: float = 1e-6) -> bool:
    """Whether all curves begin at the same value: the same initial parameters on the same data."""
    starts = [float(np.asarray(curve, dtype=float)[0]) for curve in curves.values()]
    # What max and min make of a NaN depends on where it stands.
    return bool(np.isfinite(starts).all()) and max(starts) - min(starts) <= tolerance


def curve_picture(
    *,
    title: Message,
    found: Mapping[Param, ArrayLike],
    expected: Mapping[Param, ArrayLike],
    x_label: Message | None = None,
    y_label: Message | None = None,
    description: Message | None = None,
    log_y: bool = False,
) -> Picture:
    """The student's curves over the reference's, thinned to what a screen can show. x counts from 0."""
    series = [_series(label, curve, "expected") for label, curve in expected.items()]
    series += [_series(label, curve, "found") for label, curve in found.items()]
    return Picture(
        title=title,
        x_label=x_label or message("iteration"),
        y_label=y_label or message("cost"),
        series=tuple(series),
        description=description or title,
        y_scale="log" if log_y else "linear",
    )


def _series(label: Param, curve: ArrayLike, kind: str) -> Series:
    values = np.asarray(curve, dtype=float).reshape(-1)
    index = (
        np.unique(np.linspace(0, len(values) - 1, min(len(values), MAX_POINTS)).round().astype(int))
        if len(values)
        else np.array([], int)
    )
    y = [float(v) if np.isfinite(v) else None for v in values[index]]
    return Series(label=label, x=[float(i) for i in index], y=y, kind=kind)  # type: ignore[arg-type]
