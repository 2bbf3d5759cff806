"""Lab B, what goes wrong: every known mistake of students, each an implementation that really makes it.

`MISTAKES` maps a mistake's id to a function that yields, by role, what a student who makes it gets. Numbers in
comments are those that real reports printed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import two_layer_network as net
from .two_layer_network import ITERATIONS, RATE, Array, Parameters


def _run(**options: Any) -> Array:
    """Costs from the agreed start with one thing done differently."""
    X, Y = net.xor_data()
    options = {"learning_rate": RATE, "iterations": ITERATIONS, **options}
    return net.train(options.pop("parameters", net.start()), X, Y, **options)[1]


def _run_mse(**options: Any) -> Array:
    return _run(**{"loss": net.mse_function, "gradient": net.backward_prop_mse, **options})


def gradient_not_changed() -> dict[str, Any]:
    """The loss is mean squared error, the gradient still cross-entropy's dZ2 = A2 - Y (LABS: 0.2488 after 1000)."""
    return {"mse_costs": _run_mse(gradient=net.backward_prop)}


def sigmoid_slope_forgotten() -> dict[str, Any]:
    """dZ2 = 2 (A2 - Y) / m: the slope with respect to A2 where that with respect to Z2 is needed."""

    def gradient(X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
        return {name: 2 * value for name, value in net.backward_prop(X, Y, cache, parameters).items()}

    return {"mse_costs": _run_mse(gradient=gradient)}


def never_updated() -> dict[str, Any]:
    """The new parameters are thrown away: the cost stays at its first value."""
    return {
        "random_costs": _run(update=lambda parameters, _grads, _rate: parameters),
        "mse_costs": _run_mse(update=lambda parameters, _grads, _rate: parameters),
    }


def sum_never_updated() -> dict[str, Any]:
    """A sum called a mean, of a network that is never trained: 1.430116 at every print."""

    def total(A2: Array, Y: Array) -> float:
        return float(np.sum((A2 - Y) ** 2))

    return {"mse_costs": _run_mse(loss=total, update=lambda parameters, _grads, _rate: parameters)}


def sum_not_mean() -> dict[str, Any]:
    """The cost is not divided by m; its gradient is."""
    m = net.xor_data()[1].shape[1]
    return {"random_costs": m * _run(), "mse_costs": m * _run_mse()}


def different_starts() -> dict[str, Any]:
    """One generator, seeded once: each rate draws the next parameters, so each has another start."""
    rng = np.random.RandomState(net.SEED)
    X, Y = net.xor_data()
    costs = {}
    for rate in net.RATES:
        drawn = {
            "W1": rng.randn(2, 2),
            "b1": rng.randn(2, 1),
            "W2": rng.randn(1, 2),
            "b2": rng.randn(1, 1),
        }
        costs[rate] = net.train(drawn, X, Y, learning_rate=rate, iterations=net.LONG_ITERATIONS)[1]
    return {"rate_costs": costs}


def zero_start_unused() -> dict[str, Any]:
    """Zeros are made, and the model trains from its own random parameters."""
    return {"zero_costs": _run()}


def missing_mean_in_gradient() -> dict[str, Any]:
    """No 1/m in the gradients: every step is m times too long."""

    def times_m(gradient: net.Gradient) -> net.Gradient:
        return lambda X, Y, cache, parameters: {
            name: X.shape[1] * value for name, value in gradient(X, Y, cache, parameters).items()
        }

    return {
        "random_costs": _run(gradient=times_m(net.backward_prop)),
        "mse_costs": _run_mse(gradient=times_m(net.backward_prop_mse)),
    }


def wrong_sign() -> dict[str, Any]:
    """The step goes uphill."""

    def uphill(parameters: Parameters, grads: dict[str, Array], learning_rate: float) -> Parameters:
        return net.update_parameters(parameters, grads, -learning_rate)

    with np.errstate(divide="ignore", invalid="ignore"):
        return {"random_costs": _run(update=uphill), "mse_costs": _run_mse(update=uphill)}


def learning_rate_twice() -> dict[str, Any]:
    """The gradient is multiplied by the rate before update_parameters does so again."""
    return {"random_costs": _run(learning_rate=RATE**2), "mse_costs": _run_mse(learning_rate=RATE**2)}


def tanh_slope() -> dict[str, Any]:
    """1 - A1 where the derivative of tanh is 1 - A1^2."""

    def wrong(dZ2: Array, X: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
        dZ1 = (parameters["W2"].T @ dZ2) * (1 - cache["A1"])
        return {
            "dW1": dZ1 @ X.T,
            "db1": np.sum(dZ1, axis=1, keepdims=True),
            "dW2": dZ2 @ cache["A1"].T,
            "db2": np.sum(dZ2, axis=1, keepdims=True),
        }

    def cross_entropy(
        X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters
    ) -> dict[str, Array]:
        return wrong((cache["A2"] - Y) / X.shape[1], X, cache, parameters)

    def mse(X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
        A2 = cache["A2"]
        return wrong(2 * (A2 - Y) * A2 * (1 - A2) / X.shape[1], X, cache, parameters)

    return {"random_costs": _run(gradient=cross_entropy), "mse_costs": _run_mse(gradient=mse)}


def constant_start() -> dict[str, Any]:
    """All parameters begin at one: the hidden neurons are twins, as with zeros."""
    ones = net.initialize_parameters_constant(2, 2, 1, 1.0)
    return {
        "random_costs": _run(parameters=ones),
        "zero_costs": _run(parameters=ones),
        "mse_costs": _run_mse(parameters=ones),
    }


def cost_after_update() -> dict[str, Any]:
    """The cost is stored after the update: the curve begins one iteration late."""
    late = net.ITERATIONS + 1
    return {"random_costs": _run(iterations=late)[1:], "mse_costs": _run_mse(iterations=late)[1:]}


def mislabelled_curves() -> dict[str, Any]:
    """Two runs of mean squared error, one of them called cross-entropy."""
    return {"random_costs": _run_mse(), "mse_costs": _run_mse()}


#: id of the mistake -> what it yields, by role
MISTAKES: dict[str, Callable[[], dict[str, Any]]] = {
    "gradient-not-changed": gradient_not_changed,
    "sigmoid-slope-forgotten": sigmoid_slope_forgotten,
    "never-updated": never_updated,
    "sum-never-updated": sum_never_updated,
    "sum-not-mean": sum_not_mean,
    "different-starts": different_starts,
    "zero-start-unused": zero_start_unused,
    "missing-mean-in-gradient": missing_mean_in_gradient,
    "wrong-sign": wrong_sign,
    "learning-rate-twice": learning_rate_twice,
    "tanh-slope": tanh_slope,
    "constant-start": constant_start,
    "cost-after-update": cost_after_update,
    "mislabelled-curves": mislabelled_curves,
}
