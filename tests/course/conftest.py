"""A small course on disk, and a way to write files whose TOML is wrong in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from coteja.course.load import Course, find_course
from coteja.model.assignment import Assignment

COURSE = """
[course]
title = { es = "Curso", en = "Course" }
languages = ["es", "en"]
assignments = ["xor-lab"]
"""
ASSIGNMENT = """
id = "xor-lab"
title = { es = "XOR", en = "XOR" }
languages = ["es", "en"]

[[question]]
id = "q1"
title = { es = "Uno", en = "One" }
points = 3

[[question.artefact]]
role = "costs"
kind = "curve"
names = { es = "costos" }

[[question.probe]]
name = "forward"

[question.written]
points = 2

[[question.written.rubric]]
points = 2
text = { es = "Lo dice.", en = "Says so." }

[[question]]
id = "q2"
title = { es = "Dos", en = "Two" }
points = 1
"""


@pytest.fixture
def make_course(tmp_path: Path) -> Callable[..., Course]:
    """Write a course, with `old` replaced by `new` in its assignment.toml, and find it."""

    def make(old: str = "", new: str = "", *, course: str = COURSE) -> Course:
        assert old in ASSIGNMENT
        (tmp_path / "course.toml").write_text(course, encoding="utf-8")
        folder = tmp_path / "assignments" / "xor-lab"
        folder.mkdir(parents=True, exist_ok=True)
        text = ASSIGNMENT.replace(old, new, 1) if old else ASSIGNMENT
        (folder / "assignment.toml").write_text(text, encoding="utf-8")
        return find_course(tmp_path)

    return make


@pytest.fixture
def assignment() -> Assignment:
    """The same assignment in memory."""
    return msgspec.toml.decode(ASSIGNMENT.encode(), type=Assignment)
