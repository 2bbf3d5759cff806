"""An otter master notebook becomes a lab, and its notebooks get the scores that otter itself gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from otter_masters import FUNCTIONS, WAVES, filled, functions, waves

#: Otter's own programs, one start for all: `otter assign` and what is behind `otter run`.
ASSIGN = """
import sys
from pathlib import Path
from otter.assign import main
for name in sys.argv[2:]:
    main(str(Path(sys.argv[1], f"{name}.ipynb")), str(Path(sys.argv[1], name)), no_pdfs=True, no_run_tests=True)
"""
RUN = """
import json, sys
from pathlib import Path
from otter.api import grade_submission
found = {}
for path in sorted(Path(sys.argv[1]).glob("*/in-otter/*.ipynb")):
    archive = next(path.parents[1].glob("autograder/*.zip"))
    results = grade_submission(str(path), str(archive), quiet=True)
    found[path.stem] = {name: [test.score, test.possible] for name, test in results.results.items()}
print("FOUND" + json.dumps(found))
"""


def otter(script: str, *arguments: object, where: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=where,
        env=os.environ | {"IPYTHONDIR": str(where / ".ipython"), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the master notebooks and what `otter assign` makes of them."""
    root = tmp_path_factory.mktemp("masters")
    nbformat.write(waves(), root / "waves.ipynb")
    nbformat.write(functions(), root / "functions.ipynb")
    otter(ASSIGN, root, "waves", "functions", where=root)
    return root


@pytest.fixture(scope="module")
def course(root: Path, program: Callable[..., str]) -> Path:
    """The course that both were imported into, released; `marked` holds the students' results."""
    course = root / "course"
    for name in ("waves", "functions"):
        program("import", "otter", root / f"{name}.ipynb", course)
        program("release", name, "--course", course)
    for lab, students in (("waves", WAVES), ("functions", FUNCTIONS)):
        for folder in (course / "in" / lab, root / lab / "in-otter"):
            folder.mkdir(parents=True)
        for student, answers in students.items():
            ours = nbformat.read(course / "released" / "en" / f"{lab}.ipynb", as_version=4)
            theirs = nbformat.read(root / lab / "student" / f"{lab}.ipynb", as_version=4)
            nbformat.write(filled(ours, answers), course / "in" / lab / f"{student}.ipynb")
            nbformat.write(filled(theirs, answers), root / lab / "in-otter" / f"{student}.ipynb")
        program("grade", lab, course / "in" / lab, "--course", course, "--no-gradebook")
    return course


def result(course: Path, lab: str, student: str) -> dict[str, Any]:
    return json.loads((course / "marked" / lab / "results" / f"{student}.json").read_text(encoding="utf-8"))


def test_honest_notebooks_get_the_scores_that_otter_gives(root: Path, course: Path) -> None:
    printed = otter(RUN, root, where=root)
    theirs = json.loads(printed.rpartition("FOUND")[2])
    names = {"q1": "q1", "q 2": "q_2", "q3": "q3"}
    side_by_side = {}
    for student, scores in theirs.items():
        lab = "functions" if student in FUNCTIONS else "waves"
        ours = {q["question"]: q for q in result(course, lab, student)["questions"]}
        for name, (score, possible) in scores.items():
            own = ours[names[name]]
            side_by_side[student, name] = (round(score, 2), own["points"], possible, own["max_points"])
    assert side_by_side == {
        ("half", "q1"): (1, 1, 3, 3),
        ("incomplete", "q 2"): (0, 0, 3.5, 3.5),
        ("incomplete", "q1"): (1, 1, 1, 1),
        ("incomplete", "q3"): (0, 0, 2, 2),
        ("right", "q 2"): (3.5, 3.5, 3.5, 3.5),
        ("right", "q1"): (1, 1, 1, 1),
        ("right", "q3"): (2, 2, 2, 2),
        ("wrong", "q 2"): (2, 2, 3.5, 3.5),
        ("wrong", "q1"): (0.67, 0.67, 1, 1),
        ("wrong", "q3"): (0, 0, 2, 2),
    }
