"""One step downhill, the truth: L(w) = mean((w x - y)^2), dL/dw = 2 mean((w x - y) x), w' = w - rate dL/dw."""

from __future__ import annotations

from typing import Any

import numpy as np

INPUTS, TARGETS = (1.0, 2.0, 3.0, 4.0), (2.1, 3.9, 6.2, 7.8)
START, RATE = 0.0, 0.05


def mean_squared_error(outputs: Any, targets: Any) -> Any:
    """The mean of the squared differences of two arrays of shape (n,)."""
    return np.mean((outputs - targets) ** 2)


def step(dtype: Any, *, rate: float = RATE) -> Any:
    """The weight after one step from START."""
    x, y = np.array(INPUTS, dtype), np.array(TARGETS, dtype)
    w = np.array(START, dtype)
    return w - np.array(rate, dtype) * 2 * np.mean((w * x - y) * x)


def one_step(dtype: Any = np.float64) -> dict[str, Any]:
    """Question 2: the weight after the step, and the loss of each weight that is drawn."""
    x, y = np.array(INPUTS, dtype), np.array(TARGETS, dtype)
    weights = np.linspace(-2, 6, 81, dtype=dtype)
    return {"new_weight": step(dtype), "losses": np.array([mean_squared_error(w * x, y) for w in weights])}


def draw_mean_squared_error(rng: np.random.Generator) -> list[list[tuple[str, tuple[Any, ...]]]]:
    """Three cases of three calls: any outputs, outputs without a miss, and outputs that all miss by two."""
    cases = []
    for n in (3, 5, 8):
        outputs, targets = rng.normal(scale=3, size=n), rng.normal(scale=3, size=n)
        cases.append([("mean_squared_error", (tried, targets)) for tried in (outputs, targets, targets + 2)])
    return cases


#: name -> function of a dtype that yields artefacts by role
EXPERIMENTS = {"one_step": one_step}
#: name of the probe -> what draws its cases
PROBES = {"mean_squared_error": draw_mean_squared_error}
