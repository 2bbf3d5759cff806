"""Lab A, part 1, the truth: each experiment of `linear-regression-numpy`, what functions are tried with, and the run with
another function. The mathematics is in `linear_regression`; a student's numbers are random, so every experiment is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import linear_regression as lr
from .linear_regression import Array, Start, half_l2, half_l2_slope, l1, l1_slope, l2, l2_slope

Step = tuple[str, tuple[Any, ...]]
Case = list[Step]

#: How many seeds each experiment is run with to learn its median and spread.
SEEDS = 30
#: How often a check may refuse an honest run: a class of thirty has some five hundred results each year.
FALSE_REJECTS = 1e-6
RATES = (0.0001, 0.001, 0.1, 1.0)
MANY = 100_000
MILLION = 1_000_000
LONG_ITERATIONS = 1000
L1_LONG_ITERATIONS = 3000
NEW_VALUES = (13.0, 7.0, -12.0)
#: How far an output is moved for a finite difference.
NUDGE = 1e-4


@dataclass(frozen=True, slots=True)
class How:
    """What an experiment is made of: its data, its training, the size of question 2. Mistakes put others in their place."""

    make_data: Callable[..., tuple[Array, Array]] = lr.make_data
    train: Callable[..., tuple[Array, Array, Array]] = lr.train
    million: int = MILLION


RIGHT = How()


def _begin(
    n: int, dtype: Any, rng: np.random.Generator, how: How, values: Any = lr.VALUES
) -> tuple[Array, Array, Start]:
    inputs, targets = how.make_data(n, values, rng=rng, dtype=dtype)
    return inputs, targets, lr.start(rng, dtype)


def class_model(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """1000 observations, rate 0.01, 100 iterations: weights near (2, -3), bias 3.17."""
    inputs, targets, start = _begin(lr.OBSERVATIONS, dtype, rng, how)
    weights, biases, losses = how.train(inputs, targets, start=start)
    return {"weights": weights, "biases": biases, "losses": losses}


def many_observations(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """Question 1: the same limits, with less scatter."""
    inputs, targets, start = _begin(MANY, dtype, rng, how)
    weights, biases, _losses = how.train(inputs, targets, start=start)
    return {"weights_q1": weights, "biases_q1": biases}


def a_million(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """Question 2: the bias is still 3.17."""
    inputs, targets, start = _begin(how.million, dtype, rng, how)
    weights, biases, _losses = how.train(inputs, targets, start=start)
    return {"weights_q2": weights, "biases_q2": biases}


def more_iterations(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """Question 2: what does bring the bias to 5."""
    inputs, targets, start = _begin(lr.OBSERVATIONS, dtype, rng, how)
    weights, biases, losses = how.train(inputs, targets, start=start, iterations=LONG_ITERATIONS)
    return {"long_weights": weights, "long_biases": biases, "long_losses": losses}


def learning_rates(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """Question 3: slow, slow, diverging, overflowing, all on the same observations."""
    inputs, targets, start = _begin(lr.OBSERVATIONS, dtype, rng, how)
    runs = {rate: how.train(inputs, targets, start=start, learning_rate=rate) for rate in RATES}
    return {
        "rate_weights": {rate: run[0] for rate, run in runs.items()},
        "rate_biases": {rate: run[1] for rate, run in runs.items()},
        "rate_losses": {rate: run[2] for rate, run in runs.items()},
    }


def l2_norm(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """Question 4: the loss alone changed (bias still 3.17), and with its slope (bias 4.34)."""
    inputs, targets, start = _begin(lr.OBSERVATIONS, dtype, rng, how)
    mixed = how.train(inputs, targets, start=start, loss=l2, slope=half_l2_slope)
    whole = how.train(inputs, targets, start=start, loss=l2, slope=l2_slope)
    return {
        **dict(zip(("mixed_weights", "mixed_biases", "mixed_losses"), mixed, strict=True)),
        **dict(zip(("l2_weights", "l2_biases", "l2_losses"), whole, strict=True)),
    }


def l1_norm(dtype: Any, rng: np.random.Generator, *, how: How = RIGHT) -> dict[str, Any]:
    """Question 5: constant steps; far from solved after 100 iterations, solved after 3000."""
    inputs, targets, start = _begin(lr.OBSERVATIONS, dtype, rng, how)
    short = how.train(inputs, targets, start=start, loss=l1, slope=l1_slope)
    long = how.train(inputs, targets, start=start, loss=l1, slope=l1_slope, iterations=L1_LONG_ITERATIONS)
    return {
        **dict(zip(("l1_weights", "l1_biases", "l1_losses"), short, strict=True)),
        **dict(zip(("l1_long_weights", "l1_long_biases", "l1_long_losses"), long, strict=True)),
    }


def another_function(
    dtype: Any,
    rng: np.random.Generator,
    values: tuple[float, float, float] = NEW_VALUES,
    *,
    how: How = RIGHT,
) -> dict[str, Any]:
    """Question 6: 13 x1 + 7 x2 - 12, by the same algorithm."""
    inputs, targets, start = _begin(lr.OBSERVATIONS, dtype, rng, how, values)
    weights, biases, _losses = how.train(inputs, targets, start=start)
    long = how.train(inputs, targets, start=start, iterations=LONG_ITERATIONS)
    return {"weights_q6": weights, "biases_q6": biases, "long_weights_q6": long[0], "long_biases_q6": long[1]}


#: name -> function of a dtype and a generator that yields artefacts by role
EXPERIMENTS: dict[str, Callable[..., dict[str, Any]]] = {
    "class_model": class_model,
    "many_observations": many_observations,
    "a_million": a_million,
    "more_iterations": more_iterations,
    "learning_rates": learning_rates,
    "l2_norm": l2_norm,
    "l1_norm": l1_norm,
    "another_function": another_function,
}


#: What there would be without noise and after as many iterations as one likes: nobody's run is exactly there.
IDEALS: dict[str, Any] = {
    **{
        role: np.array(lr.VALUES[:2]).reshape(2, 1)
        for role in ("weights", "weights_q1", "weights_q2", "long_weights", "l2_weights")
    },
    "long_biases": np.array(lr.VALUES[2:]),
    "long_weights_q6": np.array(NEW_VALUES[:2]).reshape(2, 1),
    "long_biases_q6": np.array(NEW_VALUES[2:]),
}


# --------------------------------------------------------------- the notebook run again with another function


def draw_another_function(rng: np.random.Generator) -> dict[str, int]:
    """Coefficients from 4 to 20 in size, other than the lab's; few observations, so that the run is short.

    No 11: after a hundred iterations a bias of -11 has come as far as one of -12, within the tolerance.
    """

    def coefficient() -> int:
        return int(rng.choice([-1, 1]) * rng.choice([4, 6, 8, 9, 15, 16, 17, 19, 20]))

    return {
        "new_w1": coefficient(),
        "new_w2": coefficient(),
        "new_b": coefficient(),
        "n_q1": 2000,
        "n_q2": 4000,
    }


def yields_another_function(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What a notebook that follows its parameters then yields, for one seed."""
    values = (float(parameters["new_w1"]), float(parameters["new_w2"]), float(parameters["new_b"]))
    return another_function(np.float64, np.random.default_rng(0), values=values)


#: name -> what draws the parameters, what they must yield
COUNTERFACTUALS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "another_function": (draw_another_function, yields_another_function)
}


# ------------------------------------------------- functions by the students' names, and what they are tried with


def make_data(n: int, w1: float, w2: float, b: float) -> tuple[Array, Array]:
    """The lab's own call; here the same data at every call, so that marking again gives the same marks."""
    return lr.make_data(n, (w1, w2, b), rng=np.random.default_rng(0))


def train(
    inputs: Array, targets: Array, learning_rate: float = lr.RATE, iterations: int = lr.ITERATIONS
) -> tuple[Array, Array, list[float]]:
    """The lab's own call, always from the same start, so that marking again gives the same marks."""
    start = lr.start(np.random.default_rng(0))
    weights, biases, losses = lr.train(
        inputs, targets, start=start, learning_rate=learning_rate, iterations=iterations
    )
    return weights, biases, losses.tolist()


def draw_make_data(rng: np.random.Generator) -> list[Case]:
    """Two functions that the lab does not use."""
    return [
        [("make_data", (int(rng.integers(300, 500)), *(float(v) for v in rng.integers(2, 9, size=3))))]
        for _ in range(2)
    ]


def draw_train(rng: np.random.Generator) -> list[Case]:
    """Two small sets of data that a student has not seen, with a rate and a number of iterations of their own."""
    cases: list[Case] = []
    for rate, iterations in ((0.02, 80), (0.005, 150)):
        values = tuple(float(v) for v in rng.uniform(-8, 8, size=3))
        inputs, targets = lr.make_data(200, (values[0], values[1], values[2]), rng=rng)
        cases.append([("train", (inputs, targets, rate, iterations))])
    return cases


def _draw_loss(loss: str, slope: str) -> Callable[[np.random.Generator], list[Case]]:
    """Three cases: the loss, its slope; then, for each output, the loss with that output raised and lowered by NUDGE."""

    def draw(rng: np.random.Generator) -> list[Case]:
        cases: list[Case] = []
        for _ in range(3):
            n = int(rng.integers(3, 7))
            targets = rng.normal(scale=3, size=(n, 1))
            # No error is near zero, where the absolute value has a corner.
            errors = rng.uniform(0.2, 4, size=(n, 1)) * rng.choice([-1, 1], size=(n, 1))
            outputs = targets + errors
            case: Case = [(loss, (outputs, targets)), (slope, (outputs, targets))]
            for i in range(n):
                for sign in (1, -1):
                    moved = outputs.copy()
                    moved[i] += sign * NUDGE
                    case.append((loss, (moved, targets)))
            cases.append(case)
        return cases

    return draw


#: name of the probe -> what draws its cases
PROBES: dict[str, Callable[[np.random.Generator], list[Case]]] = {
    "make_data": draw_make_data,
    "half_l2": _draw_loss("half_l2", "half_l2_slope"),
    "train": draw_train,
    "l2": _draw_loss("l2", "l2_slope"),
    "l1": _draw_loss("l1", "l1_slope"),
}

__all__ = ["half_l2", "half_l2_slope", "l1", "l1_slope", "l2", "l2_slope", "make_data", "train"]
