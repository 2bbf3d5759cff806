"""Finite differences of a student's own cost, from the calls that a probe recorded: a gradient's test without an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coteja.checking.work import FloatArray, Step


def finite_differences(
    case: Sequence[Step], backward: Step, names: Sequence[str]
) -> tuple[dict[str, FloatArray], float]:
    """The slope of the student's own cost at each entry of each parameter.

    The case holds, beside the call of the gradient (whose last argument is the parameters), calls of the network with one
    entry moved and of the cost on what came out; their order does not matter.

    Returns
    -------
    slopes
        name -> shape (number of entries,), row-major; NaN where no two costs were measured.
    noise
        How far rounding may have moved a slope: 0 unless the costs are in single precision.
    """
    base = backward.args[-1]
    slopes = {name: np.full(np.asarray(base[name]).size, np.nan) for name in names}
    noise = 0.0
    for (name, i), points in _costs_nearby(case, backward, names).items():
        (low, cost_low), (high, cost_high) = min(points), max(points)
        if high > low:
            slopes[name][i] = (cost_high - cost_low) / (high - low)
            with np.errstate(over="ignore"):  # a cost that single precision cannot hold is none
                single = all(cost == float(np.float32(cost)) for _value, cost in points)
            noise = max(noise, 2e-7 / (high - low) if single else 0.0)
    return slopes, noise


def _costs_nearby(
    case: Sequence[Step], backward: Step, names: Sequence[str]
) -> dict[tuple[str, int], list[tuple[float, float]]]:
    """(parameter, entry) -> the values that the entry was given, each with the cost that came out."""
    base = backward.args[-1]
    nearby: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for step in case:
        source = step.args[0] if step.args else None
        if step is backward or step.result.error or not isinstance(source, dict) or "$step" not in source:
            continue
        moved = case[source["$step"]].args[-1]
        places = [
            (name, int(i))
            for name in names
            for i in np.flatnonzero(np.ravel(moved[name]) != np.ravel(base[name]))
        ]
        cost = step.array()
        if len(places) == 1 and cost.size == 1:
            name, i = places[0]
            nearby.setdefault((name, i), []).append(
                (float(np.ravel(moved[name])[i]), float(cost.reshape(-1)[0]))
            )
    return nearby
