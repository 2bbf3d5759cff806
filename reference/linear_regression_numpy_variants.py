"""Lab A, part 1, computed otherwise: correct implementations that calibration runs beside the reference.

A student may write loops, keep the bias as one more weight, or never look at single errors: the same mathematics, rounded
in another order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import linear_regression as lr
from . import linear_regression_numpy as lab
from .linear_regression import Array


def _joined(
    inputs: Array, targets: Array, start: lr.Start, learning_rate: float, iterations: int
) -> tuple[Array, Array, Array]:
    """The bias as the weight of an input that is always one; the loss from the moments, sum(d^2) = w'Hw - 2 w'g + t't."""
    design = np.column_stack([inputs, np.ones(len(inputs), inputs.dtype)])
    second = (design.T @ design / len(design)).astype(inputs.dtype)
    first = (design.T @ targets / len(design)).astype(inputs.dtype)
    square = float(np.mean(np.asarray(targets, dtype=float) ** 2))
    w = np.concatenate([start[0], start[1].reshape(1, 1)])
    losses = np.empty(iterations)
    with np.errstate(over="ignore", invalid="ignore"):
        for i in range(iterations):
            losses[i] = (float((w.T @ second @ w).item()) - 2 * float((w.T @ first).item()) + square) / 2
            w = w - np.asarray(learning_rate, w.dtype) * (second @ w - first)
    return w[:2], w[2], losses


def _by_moments(
    n: int, dtype: Any, rng: np.random.Generator, iterations: int = lr.ITERATIONS
) -> tuple[Array, Array, Array]:
    inputs, targets = lr.make_data(n, rng=rng, dtype=dtype)
    return _joined(inputs, targets, lr.start(rng, dtype), lr.RATE, iterations)


def class_model(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Loops over the observations and the weights, in Python's own numbers for single observations."""
    inputs, targets = lr.make_data(lr.OBSERVATIONS, rng=rng, dtype=dtype)
    start = lr.start(rng, dtype)
    rows = [(float(a), float(b), float(t)) for (a, b), t in zip(inputs, targets[:, 0], strict=True)]
    w1, w2, b = float(start[0][0, 0]), float(start[0][1, 0]), float(start[1][0])
    losses = []
    for _ in range(lr.ITERATIONS):
        loss = slope1 = slope2 = slope_b = 0.0
        for x1, x2, target in rows:
            error = w1 * x1 + w2 * x2 + b - target
            loss += error * error / 2
            slope1 += error * x1
            slope2 += error * x2
            slope_b += error
        losses.append(loss / len(rows))
        w1 -= lr.RATE * slope1 / len(rows)
        w2 -= lr.RATE * slope2 / len(rows)
        b -= lr.RATE * slope_b / len(rows)
    return {"weights": np.array([[w1], [w2]]), "biases": np.array([b]), "losses": np.array(losses)}


def many_observations(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """From the moments: no error of a single observation is ever computed."""
    weights, biases, _losses = _by_moments(lab.MANY, dtype, rng)
    return {"weights_q1": weights, "biases_q1": biases}


def a_million(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """The same."""
    weights, biases, _losses = _by_moments(lab.MILLION, dtype, rng)
    return {"weights_q2": weights, "biases_q2": biases}


def more_iterations(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """The same."""
    weights, biases, losses = _by_moments(lr.OBSERVATIONS, dtype, rng, lab.LONG_ITERATIONS)
    return {"long_weights": weights, "long_biases": biases, "long_losses": losses}


def another_function(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """The same, twice from one start on the same observations."""
    inputs, targets = lr.make_data(lr.OBSERVATIONS, lab.NEW_VALUES, rng=rng, dtype=dtype)
    start = lr.start(rng, dtype)
    weights, biases, _losses = _joined(inputs, targets, start, lr.RATE, lr.ITERATIONS)
    long_weights, long_biases, _long = _joined(inputs, targets, start, lr.RATE, lab.LONG_ITERATIONS)
    return {
        "weights_q6": weights,
        "biases_q6": biases,
        "long_weights_q6": long_weights,
        "long_biases_q6": long_biases,
    }


#: Runs of each experiment that the bounds are fitted on: five times as many as usual, for a run costs next to nothing.
RUNS = 1000

#: name of the variant -> experiment -> function of a dtype and a generator
VARIANTS: dict[str, dict[str, Callable[[Any, np.random.Generator], dict[str, Any]]]] = {
    "reference": {name: run for name, run in lab.EXPERIMENTS.items() if name != "a_million"},
    "loops": {"class_model": class_model},
    "moments": {
        "many_observations": many_observations,
        "a_million": a_million,
        "more_iterations": more_iterations,
        "another_function": another_function,
    },
}
