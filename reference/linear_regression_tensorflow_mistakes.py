"""Lab A, part 2, what goes wrong: the mistakes that leave numbers of their own, each an implementation that makes it.

`MISTAKES` maps a mistake's id to a function that yields, by role, what a student who makes it gets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import linear_regression as lr
from . import linear_regression_keras as net
from . import linear_regression_tensorflow as lab
from .linear_regression import Array


def _data(seed: int = 0) -> tuple[Array, Array, np.random.Generator]:
    rng = np.random.default_rng(seed)
    inputs, targets = lr.make_data(lab.OBSERVATIONS, rng=rng)
    return inputs, targets, rng


def stopped_early() -> dict[str, Any]:
    """Trained at 0.0001, where 30 epochs leave the bias near 0.89 (a real report took it for the answer)."""
    inputs, targets, rng = _data()
    run = net.run(inputs, targets, lab.RATES[0], rng)
    return {"history": run.losses, "weights": run.weights, "biases": run.biases}


def continued_training() -> dict[str, Any]:
    """One model for all four rates: each goes on where the one before has stopped."""
    inputs, targets, rng = _data()
    runs: dict[float, net.Run] = {}
    start = net.start(rng)
    for rate in lab.RATES:
        runs[rate] = net.train(inputs, targets, rate=rate, start=start, seed=int(rng.integers(2**31)))
        start = runs[rate].weights, runs[rate].biases
    return {
        "rate_histories": {rate: run.losses for rate, run in runs.items()},
        "rate_weights": {rate: run.weights for rate, run in runs.items()},
        "rate_biases": {rate: run.biases for rate, run in runs.items()},
    }


def loss_not_changed() -> dict[str, Any]:
    """What is called Huber is compiled with mean squared error: outliers move it as far as the other one."""
    inputs, targets, rng = _data()
    spoiled = lab.add_outliers(targets, rng)
    clean = {name: net.run(inputs, targets, lab.RATE, rng) for name in ("mse", "huber")}
    outliers = {name: net.run(inputs, spoiled, lab.RATE, rng) for name in ("mse", "huber")}
    return {
        "huber_history": clean["huber"].losses,
        "clean_fits": {name: run.fit for name, run in clean.items()},
        "outlier_fits": {name: run.fit for name, run in outliers.items()},
    }


def no_outliers() -> dict[str, Any]:
    """Both trainings on the clean targets: the copy with outliers was made and never used."""
    inputs, targets, rng = _data()
    fits = {loss: net.run(inputs, targets, lab.RATE, rng, loss=loss).fit for loss in ("mse", "huber")}
    return {"outlier_fits": fits}


#: id of the mistake -> what it yields, by role
MISTAKES: dict[str, Callable[[], dict[str, Any]]] = {
    "stopped-early": stopped_early,
    "continued-training": continued_training,
    "loss-not-changed": loss_not_changed,
    "no-outliers": no_outliers,
}
