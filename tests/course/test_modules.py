"""A course's own modules are imported by path under a private name, and their faults are the course's."""

from __future__ import annotations

import os
import py_compile
import sys

import pytest

from coteja.course.modules import load_module
from coteja.errors import CourseError


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_module_is_loaded_with_its_neighbours(tmp_path):
    write(tmp_path, "lab", "X = 41\n")
    path = write(tmp_path, "lab_mistakes", "from . import lab\nfrom .lab import X\nY = X + len([lab])\n")
    assert load_module(path).Y == 42


def test_modules_of_one_name_in_two_folders_are_two(tmp_path):
    graders = load_module(write(tmp_path / "graders", "lab", "WHO = 'graders'\n"))
    reference = load_module(write(tmp_path / "reference", "lab", "WHO = 'reference'\n"))
    assert (graders.WHO, reference.WHO) == ("graders", "reference")


def test_no_public_name_is_taken(tmp_path):
    before, paths = set(sys.modules), list(sys.path)
    load_module(write(tmp_path, "graders", "X = 1\n"))
    assert all(name.startswith("coteja_course_") for name in set(sys.modules) - before)
    assert sys.path == paths


def test_an_edit_of_the_same_size_in_the_same_second_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = write(tmp_path, "lab", "X = 1\n")
    assert load_module(path).X == 1
    moment = path.stat()
    write(tmp_path, "lab", "X = 2\n")
    os.utime(path, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    assert load_module(path).X == 2
    assert not (path.parent / "__pycache__").exists()


def test_bytecode_that_lies_beside_a_module_is_not_run(tmp_path):
    path = write(tmp_path, "lab", "X = 1\n")
    py_compile.compile(str(path))
    moment = path.stat()
    write(tmp_path, "lab", "X = 2\n")
    os.utime(path, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    assert load_module(path).X == 2


def test_a_missing_module_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"lab\.py: this module is missing"):
        load_module(tmp_path / "lab.py")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("X = 1\nY = 1 / 0\n", ["lab.py, line 2", "ZeroDivisionError"]),
        ("def f(:\n", ["lab.py", "SyntaxError", "line 1"]),
        ("import numpy\nimport no_such_library\n", ["lab.py, line 2", "no_such_library"]),
        ("from . import neighbour\n", ["lab.py", "neighbour"]),
    ],
)
def test_a_module_that_raises_is_a_fault_of_the_course_with_its_line(tmp_path, text, said):
    with pytest.raises(CourseError) as caught:
        load_module(write(tmp_path, "lab", text))
    for part in said:
        assert part in str(caught.value)
