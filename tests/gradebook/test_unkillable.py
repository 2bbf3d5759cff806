"""`kill -9` at any moment, then the same command: it goes on, nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from coteja.gradebook.store import Gradebook

LAB = "first-step"
STUDENTS = 8
KILLS = int(os.environ.get("COTEJA_KILLS", "3"))


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    course = Path(shutil.copytree(made, tmp_path / "course"))
    for number in range(STUDENTS):
        source = course / "in" / ("ana.ipynb" if number % 2 else "ben.ipynb")
        (course / "many").mkdir(exist_ok=True)
        (course / "many" / f"s{number}.ipynb").write_bytes(source.read_bytes() + b"\n" * number)
    return course


def start(course: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "coteja", "grade", LAB, "many", "--workers", "2"]
    return subprocess.Popen(
        command, cwd=course, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def grade(course: Path) -> None:
    """The same command, to its end."""
    command = [sys.executable, "-m", "coteja", "grade", LAB, "many", "--workers", "2"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr


def whole(course: Path) -> None:
    """No file is half written, whatever moment it was."""
    for path in (course / "marked").rglob("*"):
        if path.is_file() and not path.name.endswith(".part"):
            if path.suffix in (".json", ".ipynb"):
                json.loads(path.read_text("utf-8"))
            elif path.suffix == ".html":
                assert path.read_text("utf-8").rstrip().endswith("</html>"), path


def test_killed_at_many_moments_it_goes_on(course: Path) -> None:
    moments = random.Random(20_261_126)
    began = time.monotonic()
    grade(course)
    usual = time.monotonic() - began
    shutil.rmtree(course / "marked")
    (course / "gradebook.db").unlink()
    killed = 0
    for _ in range(KILLS):
        running = start(course)
        try:
            running.wait(timeout=usual * moments.uniform(0.2, 0.95))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            killed += 1
        running.wait(timeout=30)
        whole(course)
    assert killed, "else nothing was tried"
    grade(course)
    whole(course)
    book = Gradebook.open(str(course / "gradebook.db"))
    current = book.current(LAB)
    assert sorted(current) == [f"s{number}" for number in range(STUDENTS)]
    for student, stored in current.items():
        result = json.loads((course / "marked" / LAB / "results" / f"{stored.name}.json").read_text("utf-8"))
        assert result["points"] == stored.points, student
        assert sum(outcome.points for outcome in book.outcomes(stored.id)) == pytest.approx(stored.points)
    book.close()
    assert not [path for path in (course / "marked").rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_what_is_done_is_not_done_again(course: Path) -> None:
    grade(course)
    book = Gradebook.open(str(course / "gradebook.db"))
    before = {student: stored.id for student, stored in book.current(LAB).items()}
    times = {path: path.stat().st_mtime_ns for path in (course / "marked" / LAB / "results").iterdir()}
    grade(course)
    assert {student: stored.id for student, stored in book.current(LAB).items()} == before
    (course / "many" / "s3.ipynb").write_bytes((course / "in" / "ben.ipynb").read_bytes())
    grade(course)
    after = {student: stored.id for student, stored in book.current(LAB).items()}
    assert {student for student in before if before[student] != after[student]} == {"s3"}
    changed = [path.stem for path, ns in times.items() if path.stat().st_mtime_ns != ns]
    assert changed == ["s3"]
    book.close()


def test_two_graders_at_once_lose_nothing(course: Path) -> None:
    both = [start(course), start(course)]
    assert [one.wait(timeout=180) for one in both] == [0, 0]
    whole(course)
    book = Gradebook.open(str(course / "gradebook.db"))
    assert sorted(book.current(LAB)) == [f"s{number}" for number in range(STUDENTS)]
    runs = Counter(stored.student for s in book.current(LAB) for stored in book.history(LAB, s))
    assert set(runs.values()) <= {1, 2}
    book.close()


def test_a_changed_grader_is_checked_again_from_the_recording(course: Path) -> None:
    grade(course)
    grader = course / "graders" / "first_step.py"
    grader.write_text(grader.read_text("utf-8") + "\n# another tolerance\n", encoding="utf-8")
    grade(course)
    book = Gradebook.open(str(course / "gradebook.db"))
    assert book.database.contents()[LAB]["runs"] == STUDENTS
    assert book.database.contents()[LAB]["results"] == 2 * STUDENTS
    book.close()
