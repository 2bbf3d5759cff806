"""What every test may use: the course at the checkout's root."""

from __future__ import annotations

from pathlib import Path

import pytest

from coteja.course.load import Course, find_course

ROOT = Path(__file__).parents[1]
LAB = "two-layer-network"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def course(root: Path) -> Course:
    """The course that the checkout is."""
    return find_course(root)
