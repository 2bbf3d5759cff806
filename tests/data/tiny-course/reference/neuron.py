"""One neuron, the truth: a = sigmoid(w . x), J = mean cross-entropy, dJ/dw = X (a - Y) / m."""

import numpy as np


def cost(w, X, Y):
    a = 1 / (1 + np.exp(-(w @ X)))
    return -np.mean(Y * np.log(a) + (1 - Y) * np.log(1 - a))


def neuron_slope(w, X, Y):
    return X @ (1 / (1 + np.exp(-(w @ X))) - Y) / Y.size


def train(dtype=np.float64, slope=neuron_slope):
    X = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, 0.0, 1.0, 0.0]], dtype)
    Y = np.array([0.0, 0.0, 1.0, 1.0], dtype)
    w, costs = np.zeros(2, dtype), []
    for _ in range(30):
        costs.append(cost(w, X, Y))
        w = w - dtype(0.5) * slope(w, X, Y)
    return {"costs": np.array(costs)}


def draw_slopes(rng):
    cases = []
    for _ in range(3):
        w, X, Y = rng.normal(size=2), rng.normal(size=(2, 5)), rng.integers(0, 2, 5).astype(float)
        case = [("neuron_slope", (w, X, Y))]
        nudges = [sign * 1e-5 * axis for axis in np.eye(2) for sign in (1, -1)]
        cases.append([*case, *(("cost", (w + nudge, X, Y)) for nudge in nudges)])
    return cases


EXPERIMENTS = {"train": train}
PROBES = {"slopes": draw_slopes}
