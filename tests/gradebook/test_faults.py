"""Whatever is wrong with the gradebook or the disk: a sentence, before or after whole pieces of work, never a traceback."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from coteja.gradebook.store import Gradebook

LAB = "first-step"


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


def grade(course: Path, *more: object) -> tuple[object, ...]:
    return ("grade", LAB, course / "in", "--course", course, *more)


def test_a_file_that_is_no_gradebook(course: Path, program: Callable[..., str]) -> None:
    (course / "gradebook.db").write_bytes(b"These are my notes.\n" * 300)
    said = program(*grade(course), code=3)
    assert "this file is no gradebook" in said
    assert not (course / "marked").exists(), "nothing is marked that could not be entered"
    assert (course / "gradebook.db").read_bytes().startswith(b"These")


def test_somebody_else_s_database(course: Path, program: Callable[..., str]) -> None:
    connection = sqlite3.connect(course / "gradebook.db")
    connection.execute("create table birds (name text)")
    connection.commit()
    connection.close()
    assert "a database of something else" in program(*grade(course), code=1)


def test_another_program_that_does_not_stop_writing(course: Path, program: Callable[..., str]) -> None:
    program(*grade(course))
    connection = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    connection.execute("begin immediate")
    url = f"sqlite:///{course / 'gradebook.db'}?timeout=0.2"
    said = program(*grade(course, "--again", "--gradebook", url), code=3)
    assert "another program has been writing" in said
    connection.execute("rollback")
    connection.close()
    assert "Unchanged" in program(*grade(course)), "nothing was lost"


def test_a_gradebook_that_may_only_be_read(course: Path, program: Callable[..., str]) -> None:
    program(*grade(course))
    url = f"sqlite:///file:{course / 'gradebook.db'}?mode=ro&uri=true"
    assert "may not be written to" in program(*grade(course, "--again", "--gradebook", url), code=3)


def test_a_place_that_is_no_folder(course: Path, program: Callable[..., str]) -> None:
    (course / "file").write_text("")
    said = program(*grade(course, "--gradebook", course / "file" / "gradebook.db"), code=3)
    assert said.startswith("coteja: ")
    assert "Traceback" not in said
    said = program(*grade(course, "--out", course / "file" / "marked"), code=3)
    assert str(course / "file") in said


def test_a_server_that_does_not_answer(course: Path, program: Callable[..., str]) -> None:
    pytest.importorskip("psycopg")
    url = "postgresql://me:secret@127.0.0.1:1/x"
    said = program(*grade(course, "--gradebook", url), code=3)
    assert "does not answer" in said
    assert "secret" not in said


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host:port/x", "://"])
def test_a_url_that_cannot_be_one(url: str, course: Path, program: Callable[..., str]) -> None:
    said = program(*grade(course, "--gradebook", url), code=2)
    assert "expected" in said.casefold()


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")
def test_a_disk_that_takes_no_more(course: Path, program: Callable[..., str]) -> None:
    """Half the work is done, the rest is told; with room again the same command goes on."""

    def narrow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    slow = nbformat.read(course / "in" / "ana.ipynb", 4)
    slow.cells.insert(1, nbformat.v4.new_code_cell("import time; time.sleep(3)"))
    nbformat.write(slow, course / "in" / "zoe.ipynb")  # still runs when the disk says no
    command = [sys.executable, "-m", "coteja", *map(str, grade(course))]
    done = subprocess.run(command, preexec_fn=narrow, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    for path in (course / "marked").rglob("*.json"):
        json.loads(path.read_text("utf-8"))
    program(*grade(course))
    book = Gradebook.open(str(course / "gradebook.db"))
    assert len(book.current(LAB)) == 3
    book.close()


def test_without_a_gradebook_none_is_made(course: Path, program: Callable[..., str]) -> None:
    program(*grade(course, "--no-gradebook"))
    assert not (course / "gradebook.db").exists()
