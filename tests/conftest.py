"""What every test may use: the course at the checkout's root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from coteja.course.load import Course, find_course

ROOT = Path(__file__).parents[1]
LAB = "two-layer-network"

# For the programs that tests start, as `pythonpath` in pyproject.toml is for the tests themselves.
os.environ["PYTHONPATH"] = os.pathsep.join(
    (str(ROOT / "tests" / "support" / "absent"), *filter(None, [os.environ.get("PYTHONPATH")]))
)

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


#: Files that take minutes, the longest first: begun last, they would keep one process waiting for the other.
LONG = (
    "grading/test_samples_tensorflow.py",
    "interop/test_nbgrader.py",
    "grading/test_samples_numpy.py",
    "grading/test_samples.py",
    "attacks/test_gallery.py",
    "gradebook/test_unkillable.py",
    "test_wheel.py",
    "interop/test_nbgrader_import.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts long files first; a file's own tests keep their order."""
    ranks = {ROOT / "tests" / name: rank for rank, name in enumerate(LONG)}
    assert not [path for path in ranks if not path.is_file()]
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))
