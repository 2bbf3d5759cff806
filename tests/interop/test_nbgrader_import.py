"""`coteja import nbgrader`: nbgrader's own sample assignment as a lab, held against what `nbgrader autograde` gives."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader")
from coteja.interop.nbgrader_course import program_environment

Program = Callable[..., str]
LAB = "problem1"
TESTS = ("correct_squares", "squares_invalid_input", "correct_sum_of_squares", "sum_of_squares_uses_squares")
SECRET = "hidden_figure_4711"
#: What students hand in: how the author's solution is changed, cell by cell.
STUDENTS: dict[str, Callable[[str], str]] = {
    "right": lambda source: source,
    "wrong": lambda source: source.replace("i ** 2", "i ** 3"),
    "another": lambda source: source.replace(
        "[i ** 2 for i in range(1, n + 1)]", "list(map(lambda i: i * i, range(1, n + 1)))"
    ),
    "nothing": lambda source: source.replace("i ** 2", "undefined"),
}


def nbgrader(course: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=program_environment(),
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nbgrader's own sample course (`nbgrader quickstart`), its first notebook with a hidden test, handed in and autograded."""
    place = tmp_path_factory.mktemp("nbgrader-import")
    nbgrader(place, "quickstart", "course101")
    course = place / "course101"
    (course / "source" / "ps1" / "problem2.ipynb").unlink()
    source = course / "source" / "ps1" / f"{LAB}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    hidden = f"\n### BEGIN HIDDEN TESTS\n{SECRET} = 4\nassert squares({SECRET}) == [1, 4, 9, 16]\n### END HIDDEN TESTS"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "correct_squares":
            cell.source += hidden
    nbformat.write(notebook, source)
    nbgrader(course, "generate_assignment", "ps1")
    for student, change in STUDENTS.items():
        own = nbformat.read(source, as_version=4)
        for cell in own.cells:
            if cell.cell_type == "code":
                cell.source = change(cell.source)
        place = course / "submitted" / student / "ps1"
        place.mkdir(parents=True)
        nbformat.write(own, place / f"{LAB}.ipynb")
    nbgrader(course, "autograde", "ps1")
    return course


@pytest.fixture(scope="module")
def mine(theirs: Path, program: Program) -> Path:
    course = theirs.parent / "mine"
    program("import", "nbgrader", theirs / "source" / "ps1" / f"{LAB}.ipynb", course)
    return course


def test_the_scores_are_those_of_nbgrader_s_own_autograder(
    theirs: Path, mine: Path, program: Program
) -> None:
    from nbgrader.api import Gradebook

    handed_in = mine.parent / "handed-in"
    for student in STUDENTS:
        (handed_in / student).mkdir(parents=True)
        shutil.copy(theirs / "submitted" / student / "ps1" / f"{LAB}.ipynb", handed_in / student)
    program("grade", LAB, handed_in, "--course", mine)
    ours, expected = {}, {}
    with Gradebook(f"sqlite:///{theirs / 'gradebook.db'}") as gradebook:
        for student in STUDENTS:
            result = json.loads((mine / "marked" / LAB / "results" / f"{student}.json").read_text())
            ours[student] = {o["check"]: o["points"] for q in result["questions"] for o in q["outcomes"]}
            grades = gradebook.find_submission_notebook(LAB, "ps1", student).grades
            expected[student] = {grade.name: grade.auto_score for grade in grades if grade.name in TESTS}
    assert ours == expected
    assert sum(ours["right"].values()) == 3
    assert sum(ours["another"].values()) == 3
    assert 0 < sum(ours["wrong"].values()) < 3


def test_lint_has_nothing_to_mend_in_it(mine: Path, program: Program) -> None:
    assert "nothing to mend" in program("lint", LAB, "--course", mine)


def test_hidden_tests_and_solutions_stay_out_of_the_released_notebook(mine: Path, program: Program) -> None:
    program("release", LAB, "--course", mine)
    released = (mine / "released" / "en" / f"{LAB}.ipynb").read_text()
    assert SECRET not in released
    assert "i ** 2" not in released


def test_the_page_says_which_test_cells_to_make_real_checks(mine: Path) -> None:
    page = (mine / "assignments" / LAB / "imported.md").read_text()
    assert all(name in page for name in TESTS)
    assert "in the student's process" in page


def test_written_answers_wait_for_a_person_with_their_points(mine: Path) -> None:
    result = json.loads((mine / "marked" / LAB / "results" / "right.json").read_text())
    assert result["pending_points"] == 7
    assert result["status"] == "waiting"


def test_nothing_that_is_there_is_overwritten(theirs: Path, mine: Path, program: Program) -> None:
    before = (mine / "graders" / f"{LAB}.py").read_bytes()
    said = program("import", "nbgrader", theirs / "source" / "ps1" / f"{LAB}.ipynb", mine, code=2)
    assert LAB in said
    assert (mine / "graders" / f"{LAB}.py").read_bytes() == before


@pytest.mark.parametrize("text", ["{", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'])
def test_what_is_no_assignment_of_nbgrader_s_is_a_sentence(
    text: str, tmp_path: Path, program: Program
) -> None:
    (tmp_path / "x.ipynb").write_text(text)
    said = program("import", "nbgrader", tmp_path / "x.ipynb", tmp_path / "course", code=1)
    assert said.startswith("coteja: ")
    assert "\n" not in said.strip()
    assert not (tmp_path / "course").exists()


def test_a_hostile_notebook_cannot_take_the_place_of_what_runs_the_cells(
    theirs: Path, mine: Path, program: Program
) -> None:
    """It redefines the runner's names, patches `exec`, and claims that all holds: it gets the points of its own functions, none."""
    own = nbformat.read(theirs / "release" / "ps1" / f"{LAB}.ipynb", as_version=4)
    own.cells.insert(0, nbformat.v4.new_code_cell(
        "def coteja_run_cell(*a, **k): return []\ncoteja_run_graded_cell = coteja_run_cell\n"
        "class Always:\n    def __eq__(self, other): return True\n    def __len__(self): return 1\n"
        "def imported_cell(*a, **k): return True"
    ))  # fmt: skip
    place = mine.parent / "hostile"
    place.mkdir()
    nbformat.write(own, place / "eve.ipynb")
    program(
        "grade", LAB, place / "eve.ipynb", "--course", mine, "--no-gradebook", "--out", mine.parent / "eve"
    )
    result = json.loads(next((mine.parent / "eve" / "results").glob("*.json")).read_text())
    assert result["points"] == 0
