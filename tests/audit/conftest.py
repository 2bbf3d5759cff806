"""The smallest lab that has everything: one neuron, of the tiny course."""

from __future__ import annotations

from pathlib import Path

import pytest

from coteja.audit.code import Facts
from coteja.course.load import Course, find_course
from coteja.grading.lab import Lab, load_lab

TINY = Path(__file__).parents[1] / "data" / "tiny-course"


@pytest.fixture(scope="session")
def tiny() -> Course:
    return find_course(TINY)


@pytest.fixture(scope="session")
def neuron(tiny: Course) -> Lab:
    return load_lab(tiny, "neuron")


@pytest.fixture
def facts() -> Facts:
    """A lab that gives np, plt and X, asks for `train` and `losses`."""
    return Facts(
        kept=frozenset({"np", "plt", "X", "train", "losses", "weights", "range", "float", "print", "len"}),
        numpy=True,
        pyplot=True,
        shapeless={"losses": "curve"},
        seeding="import numpy\nnumpy.random.seed({seed})",
    )
