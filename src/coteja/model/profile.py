"""What calibration measures of an artefact over many runs, and how far a value lies from another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coteja.model.values import Value

#: A number larger than this ran away: over seeds it scatters by decades, and a standard deviation says nothing of it.
RAN_AWAY = 1e6
#: An array with no more numbers than this is taken as it is; a longer one is a curve.
FEW = 12


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the features of a role lie for one class, the truth or a mistake: float64 arrays of shape (d,)."""

    centre: NDArray[np.float64]
    scale: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ideal:
    """What an artefact would be without noise; nearer than `radius` standard deviations no honest run comes."""

    value: Value
    radius: float


def distance(value: Value, centre: Value, deviation: Value) -> float | None:
    """How many standard deviations the farthest element lies from `centre`; the three have one structure.

    Of a curve its two ends count, which checks compare: among hundreds of elements one is always far out. Elements without
    a deviation (the lab fixes them), not finite in the centre, or beyond RAN_AWAY do not count. None where none counts, or
    the structures differ.
    """
    if isinstance(centre, dict):
        if not isinstance(value, dict) or not isinstance(deviation, dict):
            return None
        each = [distance(value.get(key), item, deviation.get(key)) for key, item in centre.items()]
        return max((far for far in each if far is not None), default=None)
    try:
        x, m, s = (np.asarray(item, dtype=float).reshape(-1) for item in (value, centre, deviation))
    except (TypeError, ValueError):
        return None
    if not x.size == m.size == s.size:
        return None
    if m.size > FEW:
        x, m, s = (values[[0, -1]] for values in (x, m, s))
    counts = np.isfinite(m) & (np.abs(m) < RAN_AWAY) & np.isfinite(s) & (s > 0)
    if not counts.any():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        far = np.abs(x[counts] - m[counts]) / s[counts]
    return float(np.max(np.where(np.isnan(far), np.inf, far)))
