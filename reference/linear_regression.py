"""Lab A, the truth: linear regression as a network of one neuron, by full-batch gradient descent in NumPy alone.

    outputs = inputs weights + biases        inputs (n, 2), weights (2, 1), biases (1,), outputs (n, 1)

A loss maps outputs and targets to one number; its slope is the derivative with respect to each output, shape (n, 1).
The gradients follow by the chain rule: inputs' slope for the weights, the sum of the slope for the biases.
All functions are pure and keep the dtype of what they are given.

Theory, for half the squared error and inputs uniform on (-10, 10): E[x^2] = 100/3, inputs are centred and independent,
so each update multiplies the weights' error by 1 - 33.3 rate and the bias's by 1 - rate. After 100 updates at 0.01 the
bias has come 5 (1 - 0.99^100) = 3.17 of its way to 5; above rate 2/33.3 = 0.06 the weights diverge.

References
----------
Goodfellow, Bengio, Courville: Deep Learning (2016), 4.3 (gradient descent), 5.1.4 (linear regression).
Boyd, Vandenberghe: Convex Optimization (2004), 9.3 (convergence of gradient descent on a quadratic).
Huber: Robust estimation of a location parameter, Ann. Math. Statist. 35 (1964), 73-101.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Loss = Callable[[Array, Array], float]
Slope = Callable[[Array, Array], Array]
Start = tuple[Array, Array]

#: The class model's function: 2 x1 - 3 x2 + 5.
VALUES = (2.0, -3.0, 5.0)
RANGE = 10.0
NOISE = 1.0
START = 0.1
RATE = 0.01
ITERATIONS = 100
OBSERVATIONS = 1000
#: E[x^2] of a uniform number on (-10, 10), and the rate above which the weights' error grows.
MEAN_SQUARE = RANGE**2 / 3
CRITICAL_RATE = 2 / MEAN_SQUARE


def make_data(
    n: int, values: tuple[float, float, float] = VALUES, *, rng: np.random.Generator, dtype: Any = np.float64
) -> tuple[Array, Array]:
    """Inputs (n, 2) uniform on (-10, 10), and targets (n, 1): values[0] x1 + values[1] x2 + values[2] + U(-1, 1)."""
    inputs = rng.uniform(-RANGE, RANGE, size=(n, 2))
    noise = rng.uniform(-NOISE, NOISE, size=(n, 1))
    targets = inputs @ np.array(values[:2], dtype=float).reshape(2, 1) + values[2] + noise
    return inputs.astype(dtype), targets.astype(dtype)


def start(rng: np.random.Generator, dtype: Any = np.float64) -> Start:
    """Weights (2, 1) and biases (1,), uniform on (-0.1, 0.1)."""
    return (
        rng.uniform(-START, START, size=(2, 1)).astype(dtype),
        rng.uniform(-START, START, size=1).astype(dtype),
    )


def predict(inputs: Array, weights: Array, biases: Array) -> Array:
    """The neuron's outputs, shape (n, 1)."""
    return np.asarray(inputs @ weights + biases)


# --------------------------------------------------------------------------------------------- losses


def half_l2(outputs: Array, targets: Array) -> float:
    """The class model's loss: sum(d^2) / 2 / n with d = outputs - targets."""
    return float(np.sum((outputs - targets) ** 2) / 2 / len(targets))


def half_l2_slope(outputs: Array, targets: Array) -> Array:
    """d / n."""
    return np.asarray((outputs - targets) / len(targets))


def l2(outputs: Array, targets: Array) -> float:
    """sum(d^2) / n: twice as much, and twice as steep."""
    return float(np.sum((outputs - targets) ** 2) / len(targets))


def l2_slope(outputs: Array, targets: Array) -> Array:
    """2 d / n."""
    return np.asarray(2 * (outputs - targets) / len(targets))


def l1(outputs: Array, targets: Array) -> float:
    """sum(|d|) / n."""
    return float(np.sum(np.abs(outputs - targets)) / len(targets))


def l1_slope(outputs: Array, targets: Array) -> Array:
    """sign(d) / n, a subgradient: steps of one size, however far away."""
    return np.asarray(np.sign(outputs - targets) / len(targets))


def huber(outputs: Array, targets: Array, delta: float = 1.0) -> float:
    """The mean of d^2 / 2 where |d| <= delta, and of delta (|d| - delta / 2) beyond (Huber 1964)."""
    far = np.abs(outputs - targets)
    each = np.where(far <= delta, far**2 / 2, delta * (far - delta / 2))
    return float(np.sum(each) / len(targets))


def huber_slope(outputs: Array, targets: Array, delta: float = 1.0) -> Array:
    """d / n, but never steeper than delta / n."""
    return np.asarray(np.clip(outputs - targets, -delta, delta) / len(targets))


# ------------------------------------------------------------------------------------------- training


def gradients(inputs: Array, slope: Array) -> tuple[Array, Array]:
    """Of a loss whose slope with respect to each output is given: (2, 1) for the weights, (1,) for the biases."""
    return np.asarray(inputs.T @ slope), np.asarray(np.sum(slope, axis=0))


def train(
    inputs: Array,
    targets: Array,
    *,
    start: Start,
    learning_rate: float = RATE,
    iterations: int = ITERATIONS,
    loss: Loss = half_l2,
    slope: Slope = half_l2_slope,
) -> tuple[Array, Array, Array]:
    """Full-batch gradient descent.

    Returns
    -------
    weights, biases
        Shapes (2, 1) and (1,), after `iterations` updates. They may overflow to infinity, and then to NaN.
    losses
        Shape (iterations,): losses[i] is the loss before update i.
    """
    weights, biases = start
    losses = np.empty(iterations)
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is one of the experiments
        for i in range(iterations):
            outputs = predict(inputs, weights, biases)
            losses[i] = loss(outputs, targets)
            downhill_w, downhill_b = gradients(inputs, slope(outputs, targets))
            weights = weights - learning_rate * downhill_w
            biases = biases - learning_rate * downhill_b
    return weights, biases, losses


# ------------------------------------------------- theory: an independent witness, used by tests and checks


def weight_factor(rate: float) -> float:
    """What one update multiplies the weights' error by, with half the squared error."""
    return 1 - rate * MEAN_SQUARE


def bias_factor(rate: float) -> float:
    """What one update multiplies the bias's error by."""
    return 1 - rate


def least_squares(inputs: Array, targets: Array) -> tuple[Array, Array]:
    """Where gradient descent on a squared error ends: the normal equations' answer, weights (2, 1), biases (1,)."""
    design = np.column_stack([inputs, np.ones(len(inputs))])
    solution, *_rest = np.linalg.lstsq(design, targets, rcond=None)
    return solution[:2], solution[2]
