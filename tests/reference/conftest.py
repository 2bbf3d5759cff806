"""The reference of Lab B and its known mistakes, loaded by path as the engine loads them, each run once."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coteja.course.modules import load_module

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture(scope="session")
def net() -> ModuleType:
    """The truth."""
    return load_module(REFERENCE / "two_layer_network.py")


@pytest.fixture(scope="session")
def wrong() -> ModuleType:
    """The mistakes."""
    return load_module(REFERENCE / "two_layer_network_mistakes.py")


@pytest.fixture(scope="session")
def truth(net: ModuleType) -> dict[str, Any]:
    """Every artefact by role, in double precision."""
    return {role: value for run in net.EXPERIMENTS.values() for role, value in run(float).items()}


@pytest.fixture(scope="session")
def long_costs(net: ModuleType, truth: dict[str, Any]) -> dict[float, Any]:
    """Costs of 10,000 iterations at every rate that LABS.md names, all from the same start."""
    X, Y = net.xor_data()
    longer = net.train(net.start(), X, Y, learning_rate=0.3, iterations=10_000)[1]
    return {**truth["rate_costs"], 0.3: longer}


@pytest.fixture(scope="session")
def mistaken(wrong: ModuleType) -> dict[str, dict[str, Any]]:
    """What each mistake yields: id of the mistake -> role -> value."""
    return {mistake: run() for mistake, run in wrong.MISTAKES.items()}
