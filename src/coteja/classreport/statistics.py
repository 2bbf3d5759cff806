"""The figures of a class, in plain NumPy: histogram, spread, discrimination."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 10
#: Below so many students, or with fewer than so many who differ from the rest, one student decides the figure.
LEAST_STUDENTS = 10
LEAST_DIFFERENT = 3
Strength = Literal["strong", "fair", "weak", "reversed"]


def histogram(shares: Floats, bins: int = BINS) -> list[int]:
    """How many of `shares` (0 to 1) lie in each of `bins` equal bins; an edge belongs to the upper bin, 1 to the last.

    >>> histogram(np.array([0.0, 0.3, 0.95, 1.0]), 10)
    [1, 0, 0, 1, 0, 0, 0, 0, 0, 2]
    """
    # 0.3 * 10 is not 3 in binary for every way to reach 0.3: a score on an edge must not fall below it.
    places = np.clip(np.floor(shares * bins + 1e-9), 0, bins - 1).astype(np.int64)
    return [int(count) for count in np.bincount(places, minlength=bins)]


def discrimination(item: Floats, total: Floats) -> float | None:
    r"""Corrected item-total correlation: how well an item tells apart those who do well in the rest.

    .. math:: r = \operatorname{corr}(x,\; t - x)

    with :math:`x` a student's points in the item and :math:`t` in all items. Pearson's correlation; for an item that is
    either right or wrong it is the point-biserial correlation. The item is taken out of the total, else it would
    correlate with itself.

    Parameters
    ----------
    item, total
        Points, shape (n,), of the same students in the same order; `total` includes `item`.

    Returns
    -------
    float or None
        From -1 to 1. None where it means nothing: fewer than `LEAST_STUDENTS` students, fewer than `LEAST_DIFFERENT` of
        them with other points in the item than most have, or a rest that is the same for everybody.

    References
    ----------
    S. Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28 (1963), 211-218.
    L. Crocker and J. Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14.

    Examples
    --------
    >>> right = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1.0])
    >>> discrimination(right, right + right)
    1.0
    """
    if len(item) < LEAST_STUDENTS:
        return None
    _values, counts = np.unique(np.round(item, 9), return_counts=True)
    if len(item) - counts.max() < LEAST_DIFFERENT:
        return None
    rest = total - item
    x, y = item - item.mean(), rest - rest.mean()
    scale = np.sqrt((x @ x) * (y @ y))
    if np.ptp(np.round(rest, 9)) == 0 or not np.isfinite(scale) or scale == 0:
        return None
    return float(np.clip(np.round((x @ y) / scale, 4), -1, 1))


def strength(correlation: float) -> Strength:
    """A discrimination in a word, by Ebel's usual bounds (R. Ebel, Measuring Educational Achievement, 1965).

    >>> [strength(r) for r in (0.55, 0.25, 0.05, -0.1)]
    ['strong', 'fair', 'weak', 'reversed']
    """
    if correlation < 0:
        return "reversed"
    return "strong" if correlation >= 0.4 else "fair" if correlation >= 0.2 else "weak"


def quantile(values: Floats, q: float) -> float:
    """The `q`-quantile, with linear interpolation (Hyndman and Fan's type 7, NumPy's own)."""
    return float(np.quantile(values, q))


def points(*parts: float) -> float:
    """A sum of points to two decimals, the same in whatever order they come."""
    return round(math.fsum(parts), 2)
