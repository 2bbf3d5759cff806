"""Lab A's reference against its theory, finite differences, the normal equations, and what real reports printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coteja.course.expected import ExpectedData, read_expected
from coteja.course.modules import load_module

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lr() -> ModuleType:
    return load_module(ROOT / "reference" / "linear_regression.py")


@pytest.fixture(scope="module")
def expected() -> ExpectedData:
    return read_expected(ROOT / "reference" / "expected" / "linear-regression-numpy.json")


@pytest.mark.parametrize("name", ["half_l2", "l2", "l1", "huber"])
def test_each_slope_is_that_of_its_loss(lr: ModuleType, name: str) -> None:
    rng = np.random.default_rng(1)
    targets = rng.normal(scale=3, size=(7, 1))
    outputs = targets + rng.uniform(0.2, 3, size=(7, 1)) * rng.choice([-1, 1], size=(7, 1))
    loss: Callable[[Any, Any], float] = getattr(lr, name)
    slope = getattr(lr, f"{name}_slope")(outputs, targets)
    for i in range(7):
        step = np.zeros((7, 1))
        step[i] = 1e-6
        measured = (loss(outputs + step, targets) - loss(outputs - step, targets)) / 2e-6
        assert slope[i, 0] == pytest.approx(measured, abs=1e-6)


def test_training_follows_the_closed_form_of_a_quadratic(lr: ModuleType) -> None:
    """With the least-squares answer s and H = X'X / n, the error after k updates is (I - rate H)^k of the first."""
    rng = np.random.default_rng(2)
    inputs, targets = lr.make_data(500, rng=rng)
    weights, biases = lr.start(rng)
    design = np.column_stack([inputs, np.ones(500)])
    answer = np.concatenate([part.reshape(-1) for part in lr.least_squares(inputs, targets)])
    for rate, iterations in ((0.01, 100), (0.05, 30), (0.001, 400)):
        step = np.eye(3) - rate * design.T @ design / 500
        first = np.concatenate([weights.reshape(-1), biases]) - answer
        wanted = answer + np.linalg.matrix_power(step, iterations) @ first
        found = lr.train(inputs, targets, start=(weights, biases), learning_rate=rate, iterations=iterations)
        np.testing.assert_allclose(np.concatenate([found[0].reshape(-1), found[1]]), wanted, atol=1e-9)


def test_theory_names_the_critical_rate_and_the_bias_of_the_class_model(lr: ModuleType) -> None:
    assert abs(lr.weight_factor(lr.CRITICAL_RATE)) == pytest.approx(1)
    assert 5 * (1 - lr.bias_factor(0.01) ** 100) == pytest.approx(3.17, abs=0.003)
    inputs, targets = lr.make_data(20_000, rng=np.random.default_rng(3))
    start = lr.start(np.random.default_rng(4))
    for rate, falls in ((0.95 * lr.CRITICAL_RATE, True), (1.05 * lr.CRITICAL_RATE, False)):
        losses = lr.train(inputs, targets, start=start, learning_rate=rate, iterations=300)[2]
        assert bool(losses[-1] < losses[0]) is falls


def test_with_enough_iterations_every_loss_finds_the_function(lr: ModuleType) -> None:
    rng = np.random.default_rng(5)
    inputs, targets = lr.make_data(1000, rng=rng)
    start = lr.start(rng)
    for loss in ("half_l2", "l2", "l1", "huber"):
        weights, biases, _ = lr.train(
            inputs,
            targets,
            start=start,
            iterations=3000,
            loss=getattr(lr, loss),
            slope=getattr(lr, f"{loss}_slope"),
        )
        np.testing.assert_allclose(weights.reshape(-1), [2, -3], atol=0.05)
        assert biases[0] == pytest.approx(5, abs=0.15)


@pytest.mark.parametrize(
    ("role", "at", "printed"),
    [
        ("weights", 0, 2.01604999),
        ("weights", 1, -3.00420609),
        ("biases", 0, 3.19213183),
        ("weights_q2", 0, 2.00003351),
        ("weights_q2", 1, -2.99983041),
        ("biases_q2", 0, 3.18070216),
        ("mixed_weights", 0, 2.00084998),
        ("mixed_weights", 1, -2.99999715),
        ("mixed_biases", 0, 3.14540018),
    ],
)
def test_what_real_reports_printed_lies_within_the_distribution_found(
    expected: ExpectedData, role: str, at: int, printed: float
) -> None:
    """z-scores, in this order: 1.74, -0.11, 1.54, -0.24, 0.31, 0.31, -0.22, 0.30, -0.62."""
    middle = np.ravel(np.asarray(expected.artefacts[role]))[at]
    deviation = np.ravel(np.asarray(expected.deviations[role]))[at]
    assert abs(printed - middle) / deviation < 2.5


def test_the_report_at_rate_one_printed_weights_as_astronomical_as_ours(expected: ExpectedData) -> None:
    rates: Any = expected.artefacts["rate_weights"]
    assert np.log10(np.abs(rates[1.0])).max() == pytest.approx(np.log10(3.48772067e151), abs=6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), dtype=st.sampled_from([np.float32, np.float64]))
def test_any_seed_and_precision_ends_where_the_expected_artefacts_say(
    lr: ModuleType, expected: ExpectedData, seed: int, dtype: Any
) -> None:
    rng = np.random.default_rng(seed)
    inputs, targets = lr.make_data(1000, rng=rng, dtype=dtype)
    weights, biases, losses = lr.train(inputs, targets, start=lr.start(rng, dtype))
    assert weights.dtype == biases.dtype == dtype
    np.testing.assert_allclose(weights.reshape(-1), [2, -3], atol=0.1)
    assert biases[0] == pytest.approx(float(np.asarray(expected.artefacts["biases"])[0]), abs=0.13)
    assert losses[-1] < losses[0] / 50
