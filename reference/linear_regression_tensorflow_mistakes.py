"""Lab A, part 2, what goes wrong: the mistakes that leave numbers of their own, each an implementation that makes it.

`MISTAKES` maps a mistake's id to a function of a generator that yields, by role, what a student who makes it gets. They train
with the NumPy twin of Keras' descent, which tests hold against Keras: forty runs of each would take hours in Keras.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import linear_regression as lr
from . import linear_regression_keras as net
from . import linear_regression_tensorflow as lab
from .linear_regression import Array
from .linear_regression_tensorflow_variants import SLOPES, train

Generator = np.random.Generator


def _run(inputs: Array, targets: Array, rng: Generator, rate: float = lab.RATE, **options: Any) -> net.Run:
    return train(inputs, targets, rate=rate, start=options.pop("start", net.start(rng)), rng=rng, **options)


def _data(rng: Generator) -> tuple[Array, Array]:
    return lr.make_data(lab.OBSERVATIONS, rng=rng)


def _base(run: net.Run) -> dict[str, Any]:
    return {"history": run.losses, "weights": run.weights, "biases": run.biases}


def _large(run: net.Run) -> dict[str, Any]:
    return {"large_history": run.losses, "large_weights": run.weights, "large_biases": run.biases}


def _rates(runs: dict[float, net.Run]) -> dict[str, Any]:
    return {
        "rate_histories": {rate: run.losses for rate, run in runs.items()},
        "rate_weights": {rate: run.weights for rate, run in runs.items()},
        "rate_biases": {rate: run.biases for rate, run in runs.items()},
    }


def _question_3(clean: dict[str, net.Run], outliers: dict[str, net.Run]) -> dict[str, Any]:
    return {
        "huber_history": clean["huber"].losses,
        "clean_fits": {loss: run.fit for loss, run in clean.items()},
        "outlier_fits": {loss: run.fit for loss, run in outliers.items()},
        "epochs_by_loss": {loss: lab.epochs_needed(run.losses) for loss, run in clean.items()},
    }


def _losses(
    rng: Generator,
    *,
    losses: dict[str, str] | None = None,
    data: Callable[[Generator], tuple[Array, Array]] = _data,
    **options: Any,
) -> dict[str, Any]:
    """Question 3 with other losses under their names, other data, or other trainings."""
    inputs, targets = data(rng)
    spoiled = lab.add_outliers(targets, rng)
    used = losses or {loss: loss for loss in SLOPES}
    return _question_3(
        {name: _run(inputs, targets, rng, loss=loss, **options) for name, loss in used.items()},
        {name: _run(inputs, spoiled, rng, loss=loss, **options) for name, loss in used.items()},
    )


# ------------------------------------------------------------------------------------------ in the training


def stopped_early(rng: Generator) -> dict[str, Any]:
    """Trained at 0.0001, where 30 epochs leave the bias near 0.89 (a real report took it for the answer)."""
    return _base(_run(*_data(rng), rng, lab.RATES[0]))


def default_rate(rng: Generator) -> dict[str, Any]:
    """optimizer="sgd": Keras takes 0.01, half of the rate that is asked for."""
    many = lr.make_data(lab.MANY_OBSERVATIONS, rng=rng)
    return {
        **_base(_run(*_data(rng), rng, lab.RATE / 2)),
        **_large(_run(*many, rng, lab.RATE / 2, epochs=lab.FEW_EPOCHS)),
    }


def full_batch(rng: Generator) -> dict[str, Any]:
    """batch_size=1000: one update an epoch, thirty in all."""
    return _base(_run(*_data(rng), rng, batch_size=lab.OBSERVATIONS))


def few_epochs(rng: Generator) -> dict[str, Any]:
    """fit without epochs: Keras makes one."""
    return _base(_run(*_data(rng), rng, epochs=1))


def _without_bias(inputs: Array, targets: Array, rng: Generator, epochs: int = net.EPOCHS) -> net.Run:
    """A bias that each batch puts back to zero: its error of 5 stays in every loss."""
    weights = net.start(rng)[0]
    losses = []
    for _ in range(epochs):
        order, total = rng.permutation(len(inputs)), 0.0
        for first in range(0, len(inputs), net.BATCH):
            batch = order[first : first + net.BATCH]
            outputs = inputs[batch] @ weights
            total += lr.l2(outputs, targets[batch]) * len(batch)
            weights = (
                weights - lab.RATE * lr.gradients(inputs[batch], lr.l2_slope(outputs, targets[batch]))[0]
            )
        losses.append(total / len(inputs))
    return net.Run(weights, np.zeros(1), np.array(losses))


def no_bias(rng: Generator) -> dict[str, Any]:
    """Dense(1, use_bias=False): the loss cannot fall below 25, and the bias is said to be 0."""
    return _base(_without_bias(*_data(rng), rng))


def activation(rng: Generator) -> dict[str, Any]:
    """Dense(1, activation="relu"): nothing below zero comes out, and nothing is learned there."""
    inputs, targets = _data(rng)
    weights, bias = net.start(rng)
    losses = []
    for _ in range(net.EPOCHS):
        order, total = rng.permutation(len(inputs)), 0.0
        for first in range(0, len(inputs), net.BATCH):
            batch = order[first : first + net.BATCH]
            before = lr.predict(inputs[batch], weights, bias)
            outputs = np.maximum(before, 0)
            total += lr.l2(outputs, targets[batch]) * len(batch)
            slope = lr.l2_slope(outputs, targets[batch]) * (before > 0)
            downhill = lr.gradients(inputs[batch], slope)
            weights, bias = weights - lab.RATE * downhill[0], bias - lab.RATE * downhill[1]
        losses.append(total / len(inputs))
    return _base(net.Run(weights, bias, np.array(losses)))


def continued_training(rng: Generator) -> dict[str, Any]:
    """One model for all four rates: each goes on where the one before has stopped."""
    inputs, targets = _data(rng)
    runs: dict[float, net.Run] = {}
    start = net.start(rng)
    for rate in lab.RATES:
        runs[rate] = _run(inputs, targets, rng, rate, start=start)
        start = runs[rate].weights, runs[rate].biases
    return _rates(runs)


# ---------------------------------------------------------------------------------------------- in the data


def _turned(rng: Generator) -> tuple[Array, Array]:
    inputs, targets = _data(rng)
    return inputs, -targets


def wrong_sign(rng: Generator) -> dict[str, Any]:
    """The targets with their sign turned around: weights (-2, 3), bias -5, in every question."""
    inputs, targets = _turned(rng)
    return {
        **_base(_run(inputs, targets, rng)),
        **_rates({rate: _run(inputs, targets, rng, rate) for rate in lab.RATES}),
        **_losses(rng, data=_turned),
    }


def _without_noise(rng: Generator) -> tuple[Array, Array]:
    inputs, _targets = _data(rng)
    return inputs, inputs @ np.array(lr.VALUES[:2]).reshape(2, 1) + lr.VALUES[2]


def no_noise(rng: Generator) -> dict[str, Any]:
    """The targets are the function exactly: the last loss is nothing, where a third should be left."""
    return {**_base(_run(*_without_noise(rng), rng)), **_losses(rng, data=_without_noise)}


# -------------------------------------------------------------------------------------------- in question 3


def loss_not_changed(rng: Generator) -> dict[str, Any]:
    """What is called Huber is compiled with mean squared error: outliers move it as far as the other one."""
    return _losses(rng, losses={"mse": "mse", "huber": "mse"})


def huber_for_both(rng: Generator) -> dict[str, Any]:
    """Both models are compiled with Huber: no outlier moves either."""
    return _losses(rng, losses={"mse": "huber", "huber": "huber"})


def no_outliers(rng: Generator) -> dict[str, Any]:
    """Both trainings on the clean targets: the copy with outliers was made and never used."""
    inputs, targets = _data(rng)
    fits = {loss: _run(inputs, targets, rng, loss=loss).fit for loss in SLOPES}
    return {"outlier_fits": fits}


def outliers_everywhere(rng: Generator) -> dict[str, Any]:
    """add_outliers changed the targets themselves, before the clean models were trained."""
    inputs, targets = _data(rng)
    spoiled = lab.add_outliers(targets, rng)
    runs = {loss: _run(inputs, spoiled, rng, loss=loss) for loss in SLOPES}
    return _question_3(runs, {loss: _run(inputs, spoiled, rng, loss=loss) for loss in SLOPES})


#: id of the mistake -> what it yields, by role
MISTAKES: dict[str, Callable[[Generator], dict[str, Any]]] = {
    "stopped-early": stopped_early,
    "default-rate": default_rate,
    "full-batch": full_batch,
    "few-epochs": few_epochs,
    "no-bias": no_bias,
    "activation": activation,
    "continued-training": continued_training,
    "wrong-sign": wrong_sign,
    "no-noise": no_noise,
    "loss-not-changed": loss_not_changed,
    "huber-for-both": huber_for_both,
    "no-outliers": no_outliers,
    "outliers-everywhere": outliers_everywhere,
}
