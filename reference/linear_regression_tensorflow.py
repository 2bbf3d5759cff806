"""Lab A, part 2, the truth: every experiment of the lab in Keras, as a function of a generator.

A student's start, data and batches are random, so what is expected is a distribution: `SEEDS` runs of each experiment, of
which the engine keeps median and standard deviation. At rate 0.02 the weights scatter by about 0.03 around (2, -3) and
the bias by about 0.04 around 5: noise of the batches, which more data do not take away.

What rates do (per update, in the mean; 32 updates make an epoch of 1000 observations): the bias's error is multiplied by
1 - 2 rate, the weights' by 1 - 66.7 rate. After 30 epochs (960 updates) the bias has come to 5 (1 - (1 - 2 rate)^960): 0.87
at 0.0001, 4.27 at 0.001; at 0.1 and 1 the weights' error grows until float32 overflows (Keras then shows inf, and NaN).

References: see `linear_regression` and `linear_regression_keras`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import linear_regression as lr
from . import linear_regression_keras as net
from .linear_regression import Array

SEEDS = 24
#: How often a check may refuse an honest run.
FALSE_REJECTS = 1e-6
RATE = 0.02
RATES = (0.0001, 0.001, 0.1, 1.0)
OBSERVATIONS = 1000
MANY_OBSERVATIONS = 100_000
FEW_EPOCHS = 2
#: One target of ten is wrong by this much.
SHARE = 0.1
OFF = 50.0


def add_outliers(targets: Array, rng: np.random.Generator) -> Array:
    """A copy of the targets in which one of ten is 50 too large."""
    spoiled = targets.copy()
    spoiled[rng.choice(len(targets), size=int(SHARE * len(targets)), replace=False)] += OFF
    return spoiled


def epochs_needed(losses: Array) -> int:
    """The first epoch, counting from 1, whose loss is less than 1.5 times the last one."""
    return int(np.argmax(losses < 1.5 * losses[-1])) + 1


def one_neuron(_dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """The model of the lab, trained for 30 epochs at rate 0.02."""
    inputs, targets = lr.make_data(OBSERVATIONS, rng=rng)
    run = net.run(inputs, targets, RATE, rng)
    return {"history": run.losses, "weights": run.weights, "biases": run.biases}


def more_data(_dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Question 1: a hundred times more observations, two epochs."""
    inputs, targets = lr.make_data(MANY_OBSERVATIONS, rng=rng)
    run = net.run(inputs, targets, RATE, rng, epochs=FEW_EPOCHS)
    return {"large_history": run.losses, "large_weights": run.weights, "large_biases": run.biases}


def learning_rates(_dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Question 2: four rates on the same observations, each from a start of its own."""
    inputs, targets = lr.make_data(OBSERVATIONS, rng=rng)
    runs = {rate: net.run(inputs, targets, rate, rng) for rate in RATES}
    return {
        "rate_histories": {rate: run.losses for rate, run in runs.items()},
        "rate_weights": {rate: run.weights for rate, run in runs.items()},
        "rate_biases": {rate: run.biases for rate, run in runs.items()},
    }


def losses_and_outliers(_dtype: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Question 3: mean squared error and Huber, on clean data and with outliers."""
    inputs, targets = lr.make_data(OBSERVATIONS, rng=rng)
    spoiled = add_outliers(targets, rng)
    clean = {loss: net.run(inputs, targets, RATE, rng, loss=loss) for loss in ("mse", "huber")}
    outliers = {loss: net.run(inputs, spoiled, RATE, rng, loss=loss) for loss in ("mse", "huber")}
    return {
        "huber_history": clean["huber"].losses,
        "clean_fits": {loss: run.fit for loss, run in clean.items()},
        "outlier_fits": {loss: run.fit for loss, run in outliers.items()},
        "epochs_by_loss": {loss: epochs_needed(run.losses) for loss, run in clean.items()},
    }


#: What there would be without the noise of data and batches: nobody's run is exactly there.
IDEALS: dict[str, Any] = {
    **{role: np.array(lr.VALUES[:2]).reshape(2, 1) for role in ("weights", "large_weights")},
    **{role: np.array(lr.VALUES[2:]) for role in ("biases", "large_biases")},
}

#: name -> function of a dtype (Keras computes in float32 whatever it is) and a generator that yields artefacts by role
EXPERIMENTS: dict[str, Callable[[Any, np.random.Generator], dict[str, Any]]] = {
    "one_neuron": one_neuron,
    "more_data": more_data,
    "learning_rates": learning_rates,
    "losses_and_outliers": losses_and_outliers,
}
