"""Lab B, computed otherwise: correct implementations that calibration runs beside the reference.

`loops` has no matrices at all: one example after the other, Python's own floats. `joined` keeps each bias as one more
column of its weights, and sums in another order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from . import two_layer_network as net
from .two_layer_network import Array, Parameters

Trained = tuple[Parameters, Array]


def _as_parameters(w1: Array, w2: Array) -> Parameters:
    return {"W1": w1[:, :-1], "b1": w1[:, -1:], "W2": w2[:, :-1], "b2": w2[:, -1:]}


def train_joined(
    parameters: Parameters, *, rate: float, iterations: int, mse: bool = False, dtype: Any = np.float64
) -> Trained:
    """Weights with their bias in the last column; inputs and hidden outputs with a last row of ones."""
    X, Y = net.xor_data(dtype)
    ones = np.ones((1, X.shape[1]), dtype)
    inputs, m = np.vstack([X, ones]), X.shape[1]
    w1 = np.hstack([parameters["W1"], parameters["b1"]]).astype(dtype)
    w2 = np.hstack([parameters["W2"], parameters["b2"]]).astype(dtype)
    costs = np.empty(iterations + 1)
    for i in range(iterations + 1):
        hidden = np.vstack([np.tanh(w1 @ inputs), ones])
        out = 1 / (1 + np.exp(-(w2 @ hidden)))
        if mse:
            costs[i] = np.mean((out - Y) ** 2)
            slope = 2 * (out - Y) * out * (1 - out) / m
        else:
            costs[i] = -np.mean(np.where(Y == 1, np.log(out), np.log(1 - out)))
            slope = (out - Y) / m
        back = (w2[:, :-1].T @ slope) * (1 - hidden[:-1]) * (1 + hidden[:-1])
        w2 = w2 - np.asarray(rate, dtype) * (slope @ hidden.T)
        w1 = w1 - np.asarray(rate, dtype) * (back @ inputs.T)
    return _as_parameters(w1, w2), costs


def train_loops(parameters: Parameters, *, rate: float, iterations: int, mse: bool = False) -> Trained:
    """Sums of products, one example after the other."""
    X, Y = net.xor_data()
    examples = [(float(X[0, j]), float(X[1, j]), float(Y[0, j])) for j in range(X.shape[1])]
    w1 = [
        [float(v) for v in (*parameters["W1"][k], parameters["b1"][k, 0])]
        for k in range(len(parameters["W1"]))
    ]
    w2 = [float(v) for v in (*parameters["W2"][0], parameters["b2"][0, 0])]
    costs = np.empty(iterations + 1)
    m = len(examples)
    for i in range(iterations + 1):
        cost = 0.0
        grad1, grad2 = [[0.0] * 3 for _ in w1], [0.0] * len(w2)
        for a, b, y in examples:
            hidden = [math.tanh(row[0] * a + row[1] * b + row[2]) for row in w1]
            z = sum(weight * h for weight, h in zip(w2, hidden, strict=False)) + w2[-1]
            out = 1 / (1 + math.exp(-z))
            if mse:
                cost += (out - y) ** 2
                slope = 2 * (out - y) * out * (1 - out)
            else:
                cost -= math.log(out if y else 1 - out)
                slope = out - y
            for k, h in enumerate(hidden):
                grad2[k] += slope * h
                back = slope * w2[k] * (1 - h * h)
                grad1[k][0] += back * a
                grad1[k][1] += back * b
                grad1[k][2] += back
            grad2[-1] += slope
        costs[i] = cost / m
        w2 = [weight - rate * slope / m for weight, slope in zip(w2, grad2, strict=True)]
        w1 = [
            [weight - rate * slope / m for weight, slope in zip(row, slopes, strict=True)]
            for row, slopes in zip(w1, grad1, strict=True)
        ]
    return _as_parameters(np.array(w1), np.array([w2])), costs


def _experiments(train: Callable[..., Trained]) -> dict[str, Callable[..., dict[str, Any]]]:
    """The lab's experiments by another training; `train` takes a start, a rate and a number of iterations."""

    def random_start(dtype: Any = np.float64) -> dict[str, Any]:
        parameters, costs = train(net.start(dtype), rate=net.RATE, iterations=net.ITERATIONS)
        right = net.right_answers(parameters)
        return {"random_costs": costs, "random_parameters": parameters, "cross_entropy_predictions": right}

    def zero_start(_dtype: Any = np.float64) -> dict[str, Any]:
        zeros = net.initialize_parameters_zeros(2, 2, 1)
        parameters, costs = train(zeros, rate=net.RATE, iterations=net.ITERATIONS)
        return {"zero_costs": costs, "zero_parameters": parameters}

    def learning_rates(dtype: Any = np.float64) -> dict[str, Any]:
        runs = {r: train(net.start(dtype), rate=r, iterations=net.LONG_ITERATIONS)[1] for r in net.RATES}
        return {"rate_costs": runs}

    def mean_squared_error(dtype: Any = np.float64) -> dict[str, Any]:
        parameters, costs = train(net.start(dtype), rate=net.RATE, iterations=net.ITERATIONS, mse=True)
        right = net.right_answers(parameters)
        return {"mse_costs": costs, "mse_parameters": parameters, "mse_predictions": right}

    return {
        "random_start": random_start,
        "zero_start": zero_start,
        "learning_rates": learning_rates,
        "mean_squared_error": mean_squared_error,
    }


#: name of the variant -> experiment -> function of a dtype
VARIANTS = {"joined": _experiments(train_joined), "loops": _experiments(train_loops)}
