"""Lab A, part 1, what goes wrong: known mistakes, each really made, in every experiment that it changes.

`MISTAKES` maps a mistake's id to a function of a generator that yields, by role, what a student who makes it gets; `FUNCTIONS`
to the functions of theirs that a probe would call. Question 2's million observations are a hundred thousand here: a
mistake shifts results by far more than that changes their scatter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from . import linear_regression as lr
from . import linear_regression_numpy as lab
from .linear_regression import Array

Trained = tuple[Array, Array, Array]
Generator = np.random.Generator
ALL = tuple(lab.EXPERIMENTS)


def _experiments(rng: Generator, names: Sequence[str] = ALL, **changes: Any) -> dict[str, Any]:
    """The lab's experiments with something done differently, on one generator as in one notebook."""
    how = replace(lab.RIGHT, million=lab.MANY, **changes)
    found: dict[str, Any] = {}
    with np.errstate(over="ignore", invalid="ignore"):
        for name in names:
            found |= lab.EXPERIMENTS[name](np.float64, rng, how=how)
    return found


def _only(found: dict[str, Any], *roles: str) -> dict[str, Any]:
    return {role: value for role, value in found.items() if role in roles}


LOSSES = ("losses", "long_losses", "rate_losses", "mixed_losses", "l2_losses", "l1_losses", "l1_long_losses")


# ------------------------------------------------------------------------------------------ in the training


def rate_twice(rng: Generator) -> dict[str, Any]:
    """Each step is rate^2 times the gradient: 0.0001 where 0.01 is meant."""

    def train(*data: Array, learning_rate: float = lr.RATE, **options: Any) -> Trained:
        return lr.train(*data, learning_rate=learning_rate**2, **options)

    return _experiments(rng, train=train)


def never_updated(rng: Generator) -> dict[str, Any]:
    """The new weights are thrown away."""

    def train(*data: Array, learning_rate: float = lr.RATE, **options: Any) -> Trained:
        return lr.train(*data, learning_rate=0.0 * learning_rate, **options)

    return _experiments(rng, train=train)


def wrong_sign(rng: Generator) -> dict[str, Any]:
    """The step goes uphill."""

    def train(*data: Array, learning_rate: float = lr.RATE, **options: Any) -> Trained:
        return lr.train(*data, learning_rate=-learning_rate, **options)

    return _experiments(rng, train=train)


def not_divided(rng: Generator) -> dict[str, Any]:
    """No 1/n in the slope: every step is n times too long."""

    def train(
        inputs: Array, targets: Array, *, slope: lr.Slope = lr.half_l2_slope, **options: Any
    ) -> Trained:
        def steep(outputs: Array, wanted: Array) -> Array:
            return np.asarray(len(wanted) * slope(outputs, wanted))

        return lr.train(inputs, targets, slope=steep, **options)

    return _experiments(rng, train=train)


def bias_never_updated(rng: Generator) -> dict[str, Any]:
    """The weights are updated, the bias keeps its first value."""

    def train(
        inputs: Array,
        targets: Array,
        *,
        start: lr.Start,
        learning_rate: float = lr.RATE,
        iterations: int = lr.ITERATIONS,
        loss: lr.Loss = lr.half_l2,
        slope: lr.Slope = lr.half_l2_slope,
    ) -> Trained:
        weights, biases = start
        losses = np.empty(iterations)
        for i in range(iterations):
            outputs = lr.predict(inputs, weights, biases)
            losses[i] = loss(outputs, targets)
            weights = weights - learning_rate * lr.gradients(inputs, slope(outputs, targets))[0]
        return weights, biases, losses

    return _experiments(rng, train=train)


def loss_after_update(rng: Generator) -> dict[str, Any]:
    """The loss is stored after the update: the curve begins one iteration late."""

    def train(*data: Array, iterations: int = lr.ITERATIONS, **options: Any) -> Trained:
        weights, biases, _losses = lr.train(*data, iterations=iterations, **options)
        return weights, biases, lr.train(*data, iterations=iterations + 1, **options)[2][1:]

    return _only(_experiments(rng, train=train), *LOSSES)


def sum_not_mean(rng: Generator) -> dict[str, Any]:
    """The loss is not divided by n; its slope is."""
    found = _only(_experiments(rng), *LOSSES)
    return {role: _times(value, lr.OBSERVATIONS) for role, value in found.items()}


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {key: _times(item, factor) for key, item in value.items()}
    with np.errstate(over="ignore"):
        return factor * value


# ---------------------------------------------------------------------------------------------- in the data


def targets_with_the_wrong_sign(rng: Generator) -> dict[str, Any]:
    """w1 x1 - w2 x2 + b: 2 x1 + 3 x2 + 5 where the class function has -3."""

    def make_data(n: int, values: Any = lr.VALUES, **options: Any) -> tuple[Array, Array]:
        return lr.make_data(n, (values[0], -values[1], values[2]), **options)

    return _experiments(rng, make_data=make_data)


def no_noise(rng: Generator) -> dict[str, Any]:
    """The targets are the function exactly."""

    def make_data(n: int, values: Any = lr.VALUES, **options: Any) -> tuple[Array, Array]:
        inputs, _targets = lr.make_data(n, values, **options)
        return inputs, inputs @ np.array(values[:2]).reshape(2, 1) + values[2]

    return _experiments(rng, make_data=make_data)


def positive_inputs(rng: Generator) -> dict[str, Any]:
    """Inputs from 0 to 10: they are not centred, so that weights and bias hinder each other."""

    def make_data(
        n: int, values: Any = lr.VALUES, *, rng: Generator, dtype: Any = np.float64
    ) -> tuple[Array, Array]:
        inputs = rng.uniform(0, lr.RANGE, size=(n, 2))
        noise = rng.uniform(-lr.NOISE, lr.NOISE, size=(n, 1))
        targets = inputs @ np.array(values[:2], dtype=float).reshape(2, 1) + values[2] + noise
        return inputs.astype(dtype), targets.astype(dtype)

    return _experiments(rng, make_data=make_data)


# ------------------------------------------------------------------------------------------ in one question


def stopped_early(rng: Generator) -> dict[str, Any]:
    """100 iterations where many more are asked for: the bias of 3.17 is taken for the answer."""
    run = _experiments(rng, ("class_model", "another_function"))
    return {
        "long_weights": run["weights"],
        "long_biases": run["biases"],
        "long_losses": run["losses"],
        "long_weights_q6": run["weights_q6"],
        "long_biases_q6": run["biases_q6"],
    }


def continued_training(rng: Generator) -> dict[str, Any]:
    """Question 3: each rate goes on with the weights that the one before has left."""
    inputs, targets = lr.make_data(lr.OBSERVATIONS, rng=rng)
    start = lr.start(rng)
    runs: dict[float, Trained] = {}
    for rate in lab.RATES:
        runs[rate] = lr.train(inputs, targets, start=start, learning_rate=rate)
        start = runs[rate][:2]
    return {
        "rate_weights": {rate: run[0] for rate, run in runs.items()},
        "rate_biases": {rate: run[1] for rate, run in runs.items()},
        "rate_losses": {rate: run[2] for rate, run in runs.items()},
    }


def gradient_not_changed(rng: Generator) -> dict[str, Any]:
    """Question 4: the loss is L2, the slope still that of half of it: the bias stays at 3.17. Question 5 likewise."""

    def train(*data: Array, **options: Any) -> Trained:
        return lr.train(*data, **{**options, "slope": lr.half_l2_slope})

    found = _experiments(rng, ("l2_norm", "l1_norm"), train=train)
    return {role: value for role, value in found.items() if not role.startswith("mixed")}


def still_halved(rng: Generator) -> dict[str, Any]:
    """Question 4: what is called L2 is still half of it."""
    found = _experiments(rng, ("l2_norm",))
    return {role: found[role] / 2 for role in ("mixed_losses", "l2_losses")}


def absolute_value_forgotten(rng: Generator) -> dict[str, Any]:
    """Question 5: the mean of the errors with their signs: they cancel, and the "loss" is next to nothing, or negative."""

    def train(inputs: Array, targets: Array, *, loss: lr.Loss = lr.half_l2, **options: Any) -> Trained:
        return lr.train(inputs, targets, loss=signed_mean if loss is lr.l1 else loss, **options)

    return _only(_experiments(rng, ("l1_norm",), train=train), "l1_losses", "l1_long_losses")


def signed_mean(outputs: Array, targets: Array) -> float:
    """sum(d) / n."""
    return float(np.sum(outputs - targets) / len(targets))


def _undivided(slope: lr.Slope) -> lr.Slope:
    return lambda outputs, targets: np.asarray(len(targets) * slope(outputs, targets))


def _turned(slope: lr.Slope) -> lr.Slope:
    return lambda outputs, targets: np.asarray(-slope(outputs, targets))


def _summed(loss: lr.Loss) -> lr.Loss:
    return lambda outputs, targets: len(targets) * loss(outputs, targets)


#: id of the mistake -> what it yields, by role
MISTAKES: dict[str, Callable[[Generator], dict[str, Any]]] = {
    "learning-rate-twice": rate_twice,
    "never-updated": never_updated,
    "wrong-sign": wrong_sign,
    "missing-mean": not_divided,
    "bias-never-updated": bias_never_updated,
    "loss-after-update": loss_after_update,
    "sum-not-mean": sum_not_mean,
    "wrong-function": targets_with_the_wrong_sign,
    "no-noise": no_noise,
    "positive-inputs": positive_inputs,
    "stopped-early": stopped_early,
    "continued-training": continued_training,
    "gradient-not-changed": gradient_not_changed,
    "still-halved": still_halved,
    "absolute-value-forgotten": absolute_value_forgotten,
}

#: id of the mistake -> the functions, by the lab's names, that such a student may have written
FUNCTIONS: dict[str, dict[str, Callable[..., Any]]] = {
    "wrong-sign": {"half_l2_slope": _turned(lr.half_l2_slope)},
    "missing-mean": {
        "half_l2_slope": _undivided(lr.half_l2_slope),
        "l2_slope": _undivided(lr.l2_slope),
        "l1_slope": _undivided(lr.l1_slope),
    },
    "sum-not-mean": {"half_l2": _summed(lr.half_l2), "l2": _summed(lr.l2), "l1": _summed(lr.l1)},
    "gradient-not-changed": {"l2_slope": lr.half_l2_slope, "l1_slope": lr.half_l2_slope},
    "still-halved": {"l2": lr.half_l2},
    "absolute-value-forgotten": {"l1": signed_mean},
}
