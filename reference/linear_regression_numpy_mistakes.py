"""Lab A, part 1, what goes wrong: mistakes that leave curves or numbers of their own, each really made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import linear_regression as lr
from .linear_regression import Array


def _run(**options: Any) -> dict[str, Any]:
    """The class model's run with one thing done differently, as the class question's artefacts."""
    rng = np.random.default_rng(0)
    inputs, targets = lr.make_data(lr.OBSERVATIONS, options.pop("values", lr.VALUES), rng=rng)
    weights, biases, losses = lr.train(inputs, targets, start=lr.start(rng), **options)
    return {"weights": weights, "biases": biases, "losses": losses}


def rate_twice() -> dict[str, Any]:
    """Each step is rate^2 times the gradient: 0.0001 where 0.01 is meant."""
    return _run(learning_rate=lr.RATE**2)


def never_updated() -> dict[str, Any]:
    """The new weights are thrown away."""
    return _run(learning_rate=0.0)


def wrong_sign() -> dict[str, Any]:
    """The step goes uphill."""
    return _run(learning_rate=-lr.RATE)


def not_divided() -> dict[str, Any]:
    """No 1/n in the slope: every step is 1000 times too long."""

    def slope(outputs: Array, targets: Array) -> Array:
        return np.asarray(outputs - targets)

    return _run(slope=slope)


def targets_with_the_wrong_sign() -> dict[str, Any]:
    """2 x1 + 3 x2 + 5 where the class function has -3."""
    return _run(values=(2.0, 3.0, 5.0))


def gradient_not_changed() -> dict[str, Any]:
    """Question 4: the loss is L2, the slope still that of half of it: the bias stays at 3.17. Question 5 likewise."""
    rng = np.random.default_rng(0)
    inputs, targets = lr.make_data(lr.OBSERVATIONS, rng=rng)
    start = lr.start(rng)
    l2 = lr.train(inputs, targets, start=start, loss=lr.l2, slope=lr.half_l2_slope)
    l1 = lr.train(inputs, targets, start=start, loss=lr.l1, slope=lr.half_l2_slope)
    return {
        "l2_weights": l2[0],
        "l2_biases": l2[1],
        "l2_losses": l2[2],
        "l1_weights": l1[0],
        "l1_biases": l1[1],
        "l1_losses": l1[2],
    }


def stopped_early() -> dict[str, Any]:
    """100 iterations where many more are asked for: the bias of 3.17 is taken for the answer."""
    run = _run()
    return {"long_weights": run["weights"], "long_biases": run["biases"]}


#: id of the mistake -> what it yields, by role
MISTAKES: dict[str, Callable[[], dict[str, Any]]] = {
    "learning-rate-twice": rate_twice,
    "never-updated": never_updated,
    "wrong-sign": wrong_sign,
    "missing-mean": not_divided,
    "wrong-function": targets_with_the_wrong_sign,
    "gradient-not-changed": gradient_not_changed,
    "stopped-early": stopped_early,
}
