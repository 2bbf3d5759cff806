"""What every test may use: the course at the checkout's root."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from coteja.course.load import Course, find_course

ROOT = Path(__file__).parents[1]
LAB = "two-layer-network"

settings.register_profile(
    "coteja", deadline=None
)  # no test is a matter of time, on a busy machine least of all
settings.load_profile("coteja")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def course(root: Path) -> Course:
    """The course that the checkout is."""
    return find_course(root)
