"""The random course, written afresh for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_course import write_course

from coteja.course.load import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path / "course")
