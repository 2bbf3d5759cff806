"""Other correct implementations, run beside the reference: from the same generator they end where it does."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from coteja.calibration.measure import largest_spread
from coteja.course.modules import load_module

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture(scope="module")
def fixed() -> ModuleType:
    return load_module(REFERENCE / "two_layer_network_variants.py")


@pytest.fixture(scope="module")
def random() -> ModuleType:
    return load_module(REFERENCE / "linear_regression_numpy_variants.py")


@pytest.mark.parametrize("variant", ["joined", "loops"])
@pytest.mark.parametrize("experiment", ["random_start", "zero_start", "mean_squared_error"])
def test_a_network_computed_otherwise_takes_the_same_way(fixed, variant, experiment):
    found, truth = fixed.VARIANTS[variant][experiment](), fixed.net.EXPERIMENTS[experiment]()
    assert found.keys() == truth.keys()
    assert all(largest_spread(found[role], truth[role]) < 1e-12 for role in truth)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("variant", "experiment"),
    [
        ("loops", "class_model"),
        ("moments", "many_observations"),
        ("moments", "more_iterations"),
        ("moments", "another_function"),
    ],
)
def test_a_line_computed_otherwise_ends_in_the_same_place(random, variant, experiment, dtype):
    found = random.VARIANTS[variant][experiment](dtype, np.random.default_rng(8))
    truth = random.lab.EXPERIMENTS[experiment](dtype, np.random.default_rng(8))
    assert found.keys() == truth.keys()
    for role, value in truth.items():
        assert np.shape(found[role]) == np.shape(value)
        np.testing.assert_allclose(found[role], value, rtol=1e-3, atol=1e-3)
