"""Lab A, part 2, without Keras: the same mini-batch descent in NumPy, which calibration runs for most of its seeds.

A thousandth of Keras' time a run; the tests hold the two against each other, from one start with one order of batches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import linear_regression as lr
from . import linear_regression_keras as net
from . import linear_regression_tensorflow as lab
from .linear_regression import Array

SLOPES: dict[str, tuple[lr.Loss, lr.Slope]] = {
    "mse": (lr.l2, lr.l2_slope),
    "huber": (lr.huber, lr.huber_slope),
}


def train(
    inputs: Array,
    targets: Array,
    *,
    rate: float,
    start: lr.Start,
    rng: np.random.Generator | None = None,
    epochs: int = net.EPOCHS,
    loss: str = "mse",
    batch_size: int = net.BATCH,
    dtype: Any = np.float32,
) -> net.Run:
    """As `linear_regression_keras.train`; `rng` shuffles, without one the observations stay in their order."""
    measure, slope_of = SLOPES[loss]
    x, y = inputs.astype(dtype), targets.astype(dtype)
    weights, biases = (np.asarray(part, dtype) for part in start)
    step = dtype(rate)
    losses = np.empty(epochs)
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in range(epochs):
            order = np.arange(len(x)) if rng is None else rng.permutation(len(x))
            total = 0.0
            for first in range(0, len(x), batch_size):
                batch = order[first : first + batch_size]
                seen, wanted = x[batch], y[batch]
                outputs = lr.predict(seen, weights, biases)
                total += measure(outputs, wanted) * len(batch)
                downhill_w, downhill_b = lr.gradients(seen, slope_of(outputs, wanted))
                weights = weights - step * downhill_w
                biases = biases - step * downhill_b
            losses[epoch] = total / len(x)
    return net.Run(weights.astype(float), biases.astype(float), losses)


def _run(
    inputs: Array, targets: Array, rate: float, rng: np.random.Generator, dtype: Any, **options: Any
) -> net.Run:
    return train(inputs, targets, rate=rate, start=net.start(rng), rng=rng, dtype=dtype, **options)


def one_neuron(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """The model of the lab."""
    inputs, targets = lr.make_data(lab.OBSERVATIONS, rng=rng)
    run = _run(inputs, targets, lab.RATE, rng, dtype)
    return {"history": run.losses, "weights": run.weights, "biases": run.biases}


def more_data(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Question 1."""
    inputs, targets = lr.make_data(lab.MANY_OBSERVATIONS, rng=rng)
    run = _run(inputs, targets, lab.RATE, rng, dtype, epochs=lab.FEW_EPOCHS)
    return {"large_history": run.losses, "large_weights": run.weights, "large_biases": run.biases}


def learning_rates(_dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Question 2, in single precision alone: where numbers overflow is part of what is expected."""
    inputs, targets = lr.make_data(lab.OBSERVATIONS, rng=rng)
    runs = {rate: _run(inputs, targets, rate, rng, np.float32) for rate in lab.RATES}
    return {
        "rate_histories": {rate: run.losses for rate, run in runs.items()},
        "rate_weights": {rate: run.weights for rate, run in runs.items()},
        "rate_biases": {rate: run.biases for rate, run in runs.items()},
    }


def losses_and_outliers(dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Question 3."""
    inputs, targets = lr.make_data(lab.OBSERVATIONS, rng=rng)
    spoiled = lab.add_outliers(targets, rng)
    clean = {loss: _run(inputs, targets, lab.RATE, rng, dtype, loss=loss) for loss in SLOPES}
    outliers = {loss: _run(inputs, spoiled, lab.RATE, rng, dtype, loss=loss) for loss in SLOPES}
    return {
        "huber_history": clean["huber"].losses,
        "clean_fits": {loss: run.fit for loss, run in clean.items()},
        "outlier_fits": {loss: run.fit for loss, run in outliers.items()},
        "epochs_by_loss": {loss: lab.epochs_needed(run.losses) for loss, run in clean.items()},
    }


#: name of the variant -> experiment -> function of a dtype and a generator
VARIANTS: dict[str, dict[str, Callable[[Any, np.random.Generator], dict[str, Any]]]] = {
    "numpy": {
        "one_neuron": one_neuron,
        "more_data": more_data,
        "learning_rates": learning_rates,
        "losses_and_outliers": losses_and_outliers,
    }
}
