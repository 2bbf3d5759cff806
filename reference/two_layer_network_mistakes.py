"""Lab B, what goes wrong: every known mistake of students, each an implementation that really makes it.

`MISTAKES` maps a mistake's id to a function that yields, by role, what a student who makes it gets; `FUNCTIONS` to the
functions that such a student may have written. Numbers in comments are those that real reports printed. The long runs of
question 2 are left out where a mistake shows in questions 1 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import two_layer_network as net
from .two_layer_network import ITERATIONS, RATE, Array, Parameters

# ------------------------------------------------------------------------- functions as students write them


def summed_loss(A2: Array, Y: Array) -> float:
    """Cross-entropy, not divided by m."""
    return float(Y.shape[1] * net.loss_function(A2, Y))


def summed_squares(A2: Array, Y: Array) -> float:
    """A sum called a mean."""
    return float(np.sum((A2 - Y) ** 2))


def times_m(gradient: net.Gradient) -> net.Gradient:
    """The gradients without their 1/m."""
    return lambda X, Y, cache, parameters: {
        name: X.shape[1] * value for name, value in gradient(X, Y, cache, parameters).items()
    }


def without_sigmoid(X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
    """dZ2 = 2 (A2 - Y) / m: the slope with respect to A2 where that with respect to Z2 is needed."""
    return {name: 2 * value for name, value in net.backward_prop(X, Y, cache, parameters).items()}


def uphill(parameters: Parameters, grads: dict[str, Array], learning_rate: float) -> Parameters:
    """The gradient is added."""
    return net.update_parameters(parameters, grads, -learning_rate)


def thrown_away(parameters: Parameters, _grads: dict[str, Array], _learning_rate: float) -> Parameters:
    """The parameters stay as they are."""
    return parameters


def rate_squared(parameters: Parameters, grads: dict[str, Array], learning_rate: float) -> Parameters:
    """The gradient was multiplied by the rate already."""
    return net.update_parameters(parameters, grads, learning_rate**2)


def _tanh(dZ2: Array, X: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
    """1 - A1 where the derivative of tanh is 1 - A1^2."""
    dZ1 = (parameters["W2"].T @ dZ2) * (1 - cache["A1"])
    return {
        "dW1": dZ1 @ X.T,
        "db1": np.sum(dZ1, axis=1, keepdims=True),
        "dW2": dZ2 @ cache["A1"].T,
        "db2": np.sum(dZ2, axis=1, keepdims=True),
    }


def tanh_backward(X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters) -> dict[str, Array]:
    """The gradients of the cross-entropy with that slope."""
    return _tanh((cache["A2"] - Y) / X.shape[1], X, cache, parameters)


def tanh_backward_mse(
    X: Array, Y: Array, cache: dict[str, Array], parameters: Parameters
) -> dict[str, Array]:
    """The gradients of the mean squared error with that slope."""
    A2 = cache["A2"]
    return _tanh(2 * (A2 - Y) * A2 * (1 - A2) / X.shape[1], X, cache, parameters)


# ------------------------------------------------------------------------------- runs with such a function


def _run(**options: Any) -> tuple[Parameters, Array]:
    """Parameters and costs from the agreed start with one thing done differently."""
    X, Y = net.xor_data()
    options = {"learning_rate": RATE, "iterations": ITERATIONS, **options}
    with np.errstate(divide="ignore", invalid="ignore"):
        return net.train(options.pop("parameters", net.start()), X, Y, **options)


def _question_1(**options: Any) -> dict[str, Any]:
    parameters, costs = _run(**options)
    right = net.right_answers(parameters)
    return {"random_costs": costs, "random_parameters": parameters, "cross_entropy_predictions": right}


def _question_3(**options: Any) -> dict[str, Any]:
    parameters, costs = _run(**{"loss": net.mse_function, "gradient": net.backward_prop_mse, **options})
    return {
        "mse_costs": costs,
        "mse_parameters": parameters,
        "mse_predictions": net.right_answers(parameters),
    }


def gradient_not_changed() -> dict[str, Any]:
    """The loss is mean squared error, the gradient still cross-entropy's dZ2 = A2 - Y (LABS: 0.2488 after 1000)."""
    return _question_3(gradient=net.backward_prop)


def sigmoid_slope_forgotten() -> dict[str, Any]:
    """The gradient of question 3 stops at A2."""
    return _question_3(gradient=without_sigmoid)


def never_updated() -> dict[str, Any]:
    """The new parameters are thrown away: the cost stays at its first value."""
    return {**_question_1(update=thrown_away), **_question_3(update=thrown_away)}


def sum_never_updated() -> dict[str, Any]:
    """A sum called a mean, of a network that is never trained: 1.430116 at every print."""
    return _question_3(loss=summed_squares, update=thrown_away)


def sum_not_mean() -> dict[str, Any]:
    """The cost is not divided by m; its gradient is."""
    return {
        "random_costs": _question_1(loss=summed_loss)["random_costs"],
        "mse_costs": _question_3(loss=summed_squares)["mse_costs"],
    }


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


def continued_training() -> dict[str, Any]:
    """One network for all three rates: each goes on where the one before has stopped."""
    X, Y = net.xor_data()
    parameters, costs = net.start(), {}
    for rate in net.RATES:
        parameters, costs[rate] = net.train(
            parameters, X, Y, learning_rate=rate, iterations=net.LONG_ITERATIONS
        )
    return {"rate_costs": costs}


def zero_start_unused() -> dict[str, Any]:
    """Zeros are made, and the model trains from its own random parameters."""
    parameters, costs = _run()
    return {"zero_costs": costs, "zero_parameters": parameters}


def missing_mean_in_gradient() -> dict[str, Any]:
    """No 1/m in the gradients: every step is m times too long."""
    return {
        **_question_1(gradient=times_m(net.backward_prop)),
        **_question_3(gradient=times_m(net.backward_prop_mse)),
    }


def wrong_sign() -> dict[str, Any]:
    """The step goes uphill."""
    return {**_question_1(update=uphill), **_question_3(update=uphill)}


def learning_rate_twice() -> dict[str, Any]:
    """The gradient is multiplied by the rate before update_parameters does so again."""
    return {**_question_1(update=rate_squared), **_question_3(update=rate_squared)}


def tanh_slope() -> dict[str, Any]:
    """The hidden layer's gradients have another slope than tanh's."""
    return {**_question_1(gradient=tanh_backward), **_question_3(gradient=tanh_backward_mse)}


def constant_start() -> dict[str, Any]:
    """All parameters begin at one: the hidden neurons are twins, as with zeros."""
    ones = net.initialize_parameters_constant(2, 2, 1, 1.0)
    parameters, costs = _run(parameters=ones)
    return {
        **_question_1(parameters=ones),
        "zero_costs": costs,
        "zero_parameters": parameters,
        **_question_3(parameters=ones),
    }


def cost_after_update() -> dict[str, Any]:
    """The cost is stored after the update: the curve begins one iteration late."""
    late = net.ITERATIONS + 1
    return {
        "random_costs": _question_1(iterations=late)["random_costs"][1:],
        "mse_costs": _question_3(iterations=late)["mse_costs"][1:],
    }


def mislabelled_curves() -> dict[str, Any]:
    """Two runs of mean squared error, one of them called cross-entropy."""
    costs = _question_3()["mse_costs"]
    return {"random_costs": costs, "mse_costs": costs}


#: id of the mistake -> what it yields, by role
MISTAKES: dict[str, Callable[[], dict[str, Any]]] = {
    "gradient-not-changed": gradient_not_changed,
    "sigmoid-slope-forgotten": sigmoid_slope_forgotten,
    "never-updated": never_updated,
    "sum-never-updated": sum_never_updated,
    "sum-not-mean": sum_not_mean,
    "different-starts": different_starts,
    "continued-training": continued_training,
    "zero-start-unused": zero_start_unused,
    "missing-mean-in-gradient": missing_mean_in_gradient,
    "wrong-sign": wrong_sign,
    "learning-rate-twice": learning_rate_twice,
    "tanh-slope": tanh_slope,
    "constant-start": constant_start,
    "cost-after-update": cost_after_update,
    "mislabelled-curves": mislabelled_curves,
}

#: id of the mistake -> the functions, by the lab's names, that such a student may have written
FUNCTIONS: dict[str, dict[str, Callable[..., Any]]] = {
    "gradient-not-changed": {"backward_prop_mse": net.backward_prop},
    "sigmoid-slope-forgotten": {"backward_prop_mse": without_sigmoid},
    "never-updated": {"update_parameters": thrown_away},
    "sum-not-mean": {"loss_function": summed_loss, "mse_function": summed_squares},
    "missing-mean-in-gradient": {
        "backward_prop": times_m(net.backward_prop),
        "backward_prop_mse": times_m(net.backward_prop_mse),
    },
    "wrong-sign": {"update_parameters": uphill},
    "learning-rate-twice": {"update_parameters": rate_squared},
    "tanh-slope": {"backward_prop": tanh_backward, "backward_prop_mse": tanh_backward_mse},
}
