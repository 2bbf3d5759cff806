"""nbgrader's exchange: what its own programs release, take in and collect is marked from their folders as they are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason='pip install "coteja[nbgrader]"')

from coteja.grading.intake.take import Rules, take_in
from coteja.interop.nbgrader_course import program_environment

LAB = "first-step"
#: Release, submit for each student, collect: nbgrader's own classes, in one process, for its start takes seconds.
PROGRAM = """
import os, sys
from pathlib import Path
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeSubmit
from traitlets.config import Config

root, handed_in, exchange, lab = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]

def run(kind, where, **course):
    os.chdir(where)
    config = Config()
    config.CourseDirectory.update(
        root=str(root), course_id="c", assignment_id=lab, db_url=f"sqlite:///{root}/gradebook.db", **course
    )
    config.Exchange.update(root=exchange, cache=exchange + "-cache", path_includes_course=False)
    kind(coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config).start()

run(ExchangeReleaseAssignment, root)
for student in sorted(handed_in.iterdir()):
    run(ExchangeSubmit, student, student_id=student.name)
run(ExchangeCollect, root)
"""


@pytest.fixture(scope="module")
def exchange(made: Path, program, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The inbound folder of the exchange, and nbgrader's submitted/ after it collected."""
    base = tmp_path_factory.mktemp("exchange")
    root, handed_in = base / "nb", base / "in"
    program("export", "nbgrader", LAB, root, "--language", "en", "--course", made)
    for student in ("ana", "ben"):
        (handed_in / student / LAB).mkdir(parents=True)
        shutil.copy(made / "in" / f"{student}.ipynb", handed_in / student / LAB / f"{LAB}.ipynb")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, root, handed_in, base / "exchange", LAB],
        capture_output=True,
        text=True,
        env=program_environment(),
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "exchange" / "c" / "inbound", root / "submitted"


def test_what_nbgrader_took_in_is_marked_where_it_lies(
    exchange: tuple[Path, Path], made: Path, program, tmp_path: Path
) -> None:
    out = tmp_path / "marked"
    program("grade", LAB, exchange[0], "--course", made, "--out", out, "--no-gradebook")
    assert points_in(out) == {
        s: p for s, p in points_in(made / "marked" / LAB).items() if s in ("ana", "ben")
    }
    taken = json.loads((out / "intake.json").read_text(encoding="utf-8"))
    assert taken["listed"] == []
    assert {a["handed_in"]["clock"] for s in taken["students"].values() for a in s["attempts"]} == {
        "nbgrader"
    }


def test_collecting_first_changes_nothing(exchange: tuple[Path, Path]) -> None:
    inbound, submitted = (take_in([folder], Rules(LAB)).file.students for folder in exchange)
    assert set(inbound) == {"ana", "ben"}
    assert {s: a.attempts[0].handed_in for s, a in inbound.items()} == {
        s: a.attempts[0].handed_in for s, a in submitted.items()
    }


def points_in(marked: Path) -> dict[str, float]:
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))["points"]
        for file in (marked / "results").iterdir()
    }
