"""The truth of the NumPy lab: linear regression by gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Case = list[tuple[str, tuple[Any, ...]]]

WEIGHTS = np.array([[2.0], [-3.0]])
BIAS = 5.0


def make_data(n: int, seed: int) -> tuple[Array, Array]:
    """Inputs (n, 2) and targets (n, 1) with noise between -1 and 1."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(-10, 10, size=(n, 2))
    return inputs, inputs @ WEIGHTS + BIAS + rng.uniform(-1, 1, size=(n, 1))


def predict(inputs: Array, weights: Array, bias: float) -> Array:
    """inputs (n, 2) @ weights (2, 1) + bias."""
    return np.asarray(inputs @ weights + bias)


def loss(outputs: Array, targets: Array) -> float:
    """Half the mean squared error."""
    return float(np.mean((outputs - targets) ** 2) / 2)


def train(
    inputs: Array, targets: Array, iterations: int = 100, rate: float = 0.02
) -> tuple[Array, float, list[float]]:
    """Gradient descent from zero; the loss before each step."""
    weights, bias, losses = np.zeros((inputs.shape[1], 1), inputs.dtype), 0.0, []
    for _ in range(iterations):
        outputs = predict(inputs, weights, bias)
        losses.append(loss(outputs, targets))
        deltas = (outputs - targets) / len(inputs)
        weights = weights - rate * inputs.T @ deltas
        bias = bias - rate * deltas.sum()
    return weights, float(bias), losses


def run_train(dtype: Any) -> dict[str, Any]:
    """What the lab's own run yields, up to its noise."""
    inputs, targets = (array.astype(dtype) for array in make_data(1000, 0))
    weights, bias, losses = train(inputs, targets)
    return {"weights": weights, "bias": bias, "losses": np.asarray(losses)}


def draw_predict(rng: np.random.Generator) -> list[Case]:
    """Three sizes."""
    return [
        [("predict", (rng.normal(size=(n, 2)), rng.normal(size=(2, 1)), float(rng.normal())))]
        for n in (1, 3, 50)
    ]


def draw_loss(rng: np.random.Generator) -> list[Case]:
    """Three sizes, and outputs without error."""
    cases: list[Case] = [[("loss", (rng.normal(size=(n, 1)), rng.normal(size=(n, 1))))] for n in (2, 5, 50)]
    same = rng.normal(size=(5, 1))
    return [*cases, [("loss", (same, same))]]


def draw_train(rng: np.random.Generator) -> list[Case]:
    """Fresh data."""
    return [[("train", make_data(1000, int(rng.integers(1 << 30))))]]


PROBES: dict[str, Callable[[np.random.Generator], list[Case]]] = {
    "predict": draw_predict,
    "loss": draw_loss,
    "train": draw_train,
}
EXPERIMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {"train": run_train}
