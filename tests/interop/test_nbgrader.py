"""nbgrader's own programs work on what `coteja export nbgrader` makes, and marks given there come back."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from browser import browsing
from postgresql_server import postgresql  # noqa: F401 (a fixture)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from served import serving

from coteja.course.load import find_course
from coteja.grading.lab import load_lab
from coteja.grading.places import read_result
from coteja.grading.releasing import released_bytes

pytest.importorskip("nbgrader", reason='pip install "coteja[nbgrader]"')

from coteja.interop.nbgrader_course import Grader, grader_at, program_environment
from coteja.interop.nbgrader_scores import opened

LAB = "first-step"
Program = Callable[..., str]


def nbgrader(root: Path, *arguments: str, code: int = 0) -> str:
    """What nbgrader's own program says."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        env=program_environment(),
        timeout=240,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def points_there(root: Path) -> dict[str, float]:
    """Scores by student, as `nbgrader export` writes them."""
    nbgrader(root, "export")
    rows = csv.DictReader(io.StringIO((root / "grades.csv").read_text(encoding="utf-8")))
    return {row["student_id"]: float(row["raw_score"]) for row in rows}


def points_here(course: Path) -> dict[str, float]:
    """What the checks gave, and people so far."""
    found = {}
    for file in (course / "marked" / LAB / "results").glob("*.json"):
        result = read_result(file)
        by_people = sum(q.written.points or 0 for q in result.questions if q.written)
        found[file.stem] = (result.points or 0) + by_people
    return found


def give_there(
    grader: Grader, student: str, points: float, comment: str = "", *, extra: float | None = None
) -> None:
    """What formgrader does when a person types a score and a comment."""
    with opened(grader) as gradebook:
        grade = gradebook.find_grade("q2-written", LAB, LAB, student)
        grade.manual_score, grade.needs_manual_grade, grade.extra_credit = points, False, extra
        gradebook.find_comment("q2-written", LAB, LAB, student).manual_comment = comment or None
        gradebook.db.commit()


def grade_there(
    grader: Grader, student: str, cell: str = "q2-written"
) -> tuple[float | None, float | None, bool]:
    """Points by the checks, by hand, and whether a person is asked."""
    with opened(grader) as gradebook:
        grade = gradebook.find_grade(cell, LAB, LAB, student)
        return grade.auto_score, grade.manual_score, grade.needs_manual_grade


def comment_there(grader: Grader, student: str) -> str | None:
    with opened(grader) as gradebook:
        comment: str | None = gradebook.find_comment("q2-written", LAB, LAB, student).manual_comment
        return comment


def written_here(course: Path, student: str) -> tuple[float | None, str]:
    result = read_result(course / "marked" / LAB / "results" / f"{student}.json")
    written = next(q.written for q in result.questions if q.written)
    return written.points, written.comment


@pytest.fixture(scope="module")
def marked(made: Path, program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class of `made`, marked with a gradebook."""
    course = tmp_path_factory.mktemp("nbgrader") / "course"
    shutil.copytree(made, course)
    program("grade", LAB, course / "in", "--course", course)
    return course


@pytest.fixture(scope="module")
def scored(marked: Path, program: Program) -> Path:
    """An nbgrader course with the class's scores. Tests that change it take a copy."""
    root = marked.parent / "scored"
    program("export", "nbgrader", LAB, root, "--scores", "--course", marked)
    return root


@pytest.fixture
def own(marked: Path, scored: Path, tmp_path: Path) -> tuple[Path, Grader]:
    """A course and an nbgrader course of a test's own, after the scores went over."""
    course, root = tmp_path / "course", tmp_path / "nb"
    shutil.copytree(marked, course)
    shutil.copytree(scored, root)
    sync = course / "marked" / LAB / "nbgrader.json"  # it names the database that was copied
    sync.write_text(sync.read_text().replace(str(scored), str(root)))
    return course, grader_at(root, None)


# ------------------------------------------------------------------------------------------------ the course


@pytest.fixture(scope="module", params=["es", "en"])
def released(
    request: pytest.FixtureRequest, made: Path, program: Program, tmp_path_factory: pytest.TempPathFactory
):
    """Each language's course, without scores."""
    root = tmp_path_factory.mktemp("released") / "nb"
    program("export", "nbgrader", LAB, root, "--language", request.param, "--course", made)
    return request.param, root


def test_nbgrader_s_release_is_the_released_notebook(released, made: Path) -> None:
    language, root = released
    ours = nbformat.read(made / "released" / language / f"{LAB}.ipynb", 4)
    theirs = nbformat.read(root / "release" / LAB / f"{LAB}.ipynb", 4)
    assert [c.source for c in theirs.cells] == [c.source for c in ours.cells]
    assert theirs.metadata.coteja == ours.metadata.coteja


def test_nothing_of_solutions_and_hidden_checks_is_in_the_course(released, made: Path) -> None:
    _language, root = released
    everything = b"".join(p.read_bytes() for p in root.rglob("*") if p.is_file()).decode("utf-8", "replace")
    lab = load_lab(find_course(made), LAB)
    hidden = [check.name for check in lab.checks if not check.public]
    assert hidden
    assert [name for name in hidden if f"def {name}(" in everything] == []
    assert "slope = 2 * np.mean" not in everything
    assert "BEGIN SOLUTION" not in everything


def test_students_cells_are_solutions_answers_are_manual_points_are_locked(released) -> None:
    _language, root = released
    notebook = nbformat.read(root / "release" / LAB / f"{LAB}.ipynb", 4)
    meta = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata
    }
    shape = {
        name: (m.grade, m.solution, m.locked) for name, m in meta.items() if not name.startswith("given")
    }
    assert shape["q1-error"] == (False, True, False)
    assert shape["q1-check"] == (True, False, True)
    assert shape["q2-written"] == (True, True, False)
    assert {n: m.points for n, m in meta.items() if m.grade} == {
        "q1-check": 5,
        "q2-check": 10,
        "q2-written": 5,
    }


@pytest.mark.parametrize("released", ["es"], indirect=True)  # it runs two notebooks, and knows no language
def test_validate_says_what_does_not_hold_yet_and_passes_what_does(
    marked: Path, released, tmp_path: Path
) -> None:
    language, root = released
    assert "VALIDATION FAILED ON" in nbgrader(root, "validate", f"release/{LAB}/{LAB}.ipynb")
    solved = released_bytes(load_lab(find_course(marked), LAB), language, solutions=True)
    (tmp_path / f"{LAB}.ipynb").write_bytes(solved)
    assert "Success! Your notebook passes all the tests." in nbgrader(tmp_path, "validate", f"{LAB}.ipynb")


def test_nbgrader_s_autograder_gives_coteja_s_points(marked: Path, scored: Path, tmp_path: Path) -> None:
    root = tmp_path / "nb"
    shutil.copytree(scored, root, ignore=shutil.ignore_patterns("autograded", "feedback", "zoe"))
    with opened(grader_at(root, None)) as gradebook:
        for student in ("ana", "ben", "eve"):
            gradebook.remove_submission(LAB, student)
    nbgrader(root, "autograde", LAB)
    there = points_there(root)
    assert {s: there[s] for s in ("ana", "ben", "eve")} == {
        s: p for s, p in points_here(marked).items() if s != "zoe"
    }
    assert there["ben"] not in (0, 15)
    assert grade_there(grader_at(root, None), "ana")[2] is True


# ------------------------------------------------------------------------------------------------- the scores


def test_scores_comments_and_what_waits_arrive(marked: Path, scored: Path) -> None:
    grader = grader_at(scored, None)
    assert points_there(scored) == points_here(marked)
    assert grade_there(grader, "ana", "q2-check") == (10.0, None, False)
    assert grade_there(grader, "ana") == (None, None, True)
    with opened(grader) as gradebook:
        spanish = gradebook.find_comment("q1-error", LAB, LAB, "ana").comment
        english = gradebook.find_comment("q2-step", LAB, LAB, "ben").comment or ""
        last = [c.comment for c in gradebook.find_submission_notebook(LAB, LAB, "ben").comments if c.comment]
    assert spanish.startswith("- ✓ ")
    assert english == ""
    assert any("✗" in comment for comment in last)


def test_what_could_not_be_read_waits_for_a_person_and_is_no_zero(scored: Path) -> None:
    grader = grader_at(scored, None)
    assert grade_there(grader, "zoe", "q1-check") == (None, None, True)
    assert (scored / "autograded" / "zoe" / LAB / f"{LAB}.ipynb").is_file()


def test_nbgrader_s_feedback_can_be_made_and_holds_no_markup_of_a_student_s(scored: Path) -> None:
    nbgrader(scored, "generate_feedback", LAB)
    pages = {p.parts[-3]: p.read_text(encoding="utf-8") for p in scored.glob("feedback/*/*/*.html")}
    assert set(pages) == {"ana", "ben", "eve", "zoe"}
    assert "alert(1)" in pages["eve"]
    assert "<script>alert(1)" not in pages["eve"]


def test_outputs_that_could_carry_a_script_are_left_out(marked: Path, scored: Path) -> None:
    from coteja.interop.nbgrader_notebook import with_scores

    released = nbformat.read(scored / "release" / LAB / f"{LAB}.ipynb", 4)
    evil = {
        "text/html": "<script>1</script>",
        "image/svg+xml": "<svg onload='1'/>",
        "image/png": '"><script>1</script>',
        "application/javascript": "1",
        "text/markdown": "<script>1</script>",
        "text/latex": "x",
    }
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data=evil)])
    text = nbformat.v4.new_markdown_cell("a < b, <b onclick=x>c</b> <!-- d")
    made = with_scores(released, nbformat.v4.new_notebook(cells=[cell, text]), {})
    assert made.cells[0].outputs == []
    assert made.cells[1].source == "a < b, &lt;b onclick=x>c&lt;/b> &lt;!-- d"


def test_a_cell_that_claims_another_s_id_gets_no_second_score(scored: Path) -> None:
    from coteja.interop.nbgrader_notebook import Scored, with_scores

    released = nbformat.read(scored / "release" / LAB / f"{LAB}.ipynb", 4)
    claims = [nbformat.v4.new_code_cell("x", metadata={"coteja": {"cell": "q1-check"}}) for _ in range(2)]
    made = with_scores(released, nbformat.v4.new_notebook(cells=claims), {"q1": Scored(2.0, ())})
    scores = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "q1-check"]
    assert [c.source for c in scores] == ['coteja.check("q1")']


def test_the_same_on_postgresql(marked: Path, program: Program, tmp_path: Path, postgresql: str) -> None:  # noqa: F811
    course, root = tmp_path / "course", tmp_path / "nb"
    shutil.copytree(marked, course)
    program("export", "nbgrader", LAB, root, "--scores", "--db", postgresql, "--course", course)
    assert not (root / "gradebook.db").exists()
    assert points_there(root) == points_here(course)
    give_there(grader_at(root, None), "ana", 4.0, "Well said")
    assert "1 marks fetched" in program("import", "nbgrader-marks", LAB, root, "--course", course)
    assert written_here(course, "ana") == (4.0, "Well said")


# ------------------------------------------------------------------------------------------- marks by people


def test_a_mark_given_in_formgrader_is_in_the_feedback_and_survives_a_regrade(own, program: Program) -> None:
    course, grader = own
    give_there(grader, "ana", 4.5, "Mira la curva otra vez")
    said = program("import", "nbgrader-marks", LAB, grader.root, "--by", "Ana López", "--course", course)
    assert "1 marks fetched" in said
    program("regrade", LAB, "--course", course)
    assert written_here(course, "ana") == (4.5, "Mira la curva otra vez")
    page = (course / "marked" / LAB / "feedback" / "ana" / "feedback.es.html").read_text(encoding="utf-8")
    assert "Mira la curva otra vez" in page


def test_formgrader_in_a_browser_shows_the_scores_and_what_is_typed_there_comes_back(
    own, program: Program, tmp_path: Path
) -> None:
    course, grader = own
    extensions = '{"nbgrader.server_extensions.formgrader": True}'
    with opened(grader) as gradebook:
        page = gradebook.find_submission_notebook(LAB, LAB, "ana").id
    with (
        serving("jupyter_server", grader.root, tmp_path, f"--ServerApp.jpserver_extensions={extensions}") as (
            address,
            token,
        ),
        browsing(tmp_path / "profile") as window,
    ):
        wait = WebDriverWait(window, 60)
        window.get(f"{address}/formgrader/?token={token}")  # from here on a cookie says who we are
        window.get(f"{address}/formgrader/gradebook/{LAB}/{LAB}")
        wait.until(lambda w: "Submission #1" in w.find_element(By.TAG_NAME, "body").text)
        table = window.find_element(By.TAG_NAME, "body").text
        window.get(f"{address}/formgrader/submissions/{page}/")
        score = wait.until(lambda w: w.find_element(By.CSS_SELECTOR, "input.score[id='q2-written']"))
        by_checks = window.find_element(By.CSS_SELECTOR, "input.score[id='q1-check']")
        wait.until(lambda _w: by_checks.get_attribute("placeholder") == "5")
        score.send_keys("3.5", Keys.TAB)
        comment = window.find_elements(By.CSS_SELECTOR, "textarea.comment")[-1]
        comment.send_keys("Casi: mira la curva otra vez", Keys.TAB)
        wait.until(lambda _w: grade_there(grader, "ana")[1:] == (3.5, False) and comment_there(grader, "ana"))
    assert "15 / 20" in table  # all that the checks give; the written answer waits
    assert "1 marks fetched" in program("import", "nbgrader-marks", LAB, grader.root, "--course", course)
    program("regrade", LAB, "--course", course)
    assert written_here(course, "ana") == (3.5, "Casi: mira la curva otra vez")
    for language in ("es", "en"):
        shown = course / "marked" / LAB / "feedback" / "ana" / f"feedback.{language}.html"
        assert "Casi: mira la curva otra vez" in shown.read_text(encoding="utf-8")


def test_fetching_twice_enters_nothing_twice(own, program: Program) -> None:
    course, grader = own
    give_there(grader, "ana", 4.0)
    for said in ("1 marks fetched, 0 known", "0 marks fetched, 1 known"):
        assert said in program("import", "nbgrader-marks", LAB, grader.root, "--course", course)


def test_a_person_s_mark_there_is_never_overwritten(own, program: Program) -> None:
    course, grader = own
    give_there(grader, "ana", 3.0, "mine")
    mark_here(course, "ana", 5.0)
    said = program("export", "nbgrader", LAB, grader.root, "--scores", "--course", course)
    assert "Have a person's mark there already, which stays (1): ana q2" in said
    assert grade_there(grader, "ana")[1] == 3.0


@pytest.mark.parametrize("written", [1])  # notebooks that were written before it was killed
def test_scores_that_were_killed_on_their_way_are_whole_and_come_with_the_same_command(
    written: int, own
) -> None:
    course, grader = own
    give_there(grader, "ben", 3)
    before = {student: grade_there(grader, student) for student in ("ana", "ben", "eve")}
    shutil.rmtree(grader.root / "autograded")
    (course / "marked" / LAB / "nbgrader.json").unlink()
    command = [
        sys.executable,
        "-m",
        "coteja",
        "export",
        "nbgrader",
        LAB,
        grader.root,
        "--scores",
        "--course",
        course,
    ]

    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while killed.poll() is None and len(list(grader.root.glob("autograded/*/*/*.ipynb"))) < written:
        time.sleep(0.002)
    killed.kill()
    assert killed.wait() in (-signal.SIGKILL, 0)  # on a busy machine it may have ended before
    for notebook in (grader.root / "autograded").rglob("*.ipynb"):
        json.loads(notebook.read_text(encoding="utf-8"))
    assert {student: grade_there(grader, student) for student in before} == before

    subprocess.run(command, check=True, capture_output=True)
    assert {student: grade_there(grader, student) for student in before} == before
    assert len(list(grader.root.glob("autograded/*/*/*.ipynb"))) == 4


def test_a_mark_that_came_from_here_follows_when_it_changes_here(own, program: Program) -> None:
    course, grader = own
    for points in (2.0, 3.5):
        mark_here(course, "ana", points)
        program("export", "nbgrader", LAB, grader.root, "--scores", "--course", course)
        assert grade_there(grader, "ana")[1:] == (points, False)
    assert "0 marks fetched" in program("import", "nbgrader-marks", LAB, grader.root, "--course", course)


def test_an_older_mark_of_ours_does_not_come_back_over_a_newer_one(own, program: Program) -> None:
    course, grader = own
    mark_here(course, "ana", 2.0)
    program("export", "nbgrader", LAB, grader.root, "--scores", "--course", course)
    mark_here(course, "ana", 5.0)
    program("import", "nbgrader-marks", LAB, grader.root, "--course", course)
    assert written_here(course, "ana")[0] == 5.0


def test_where_both_sides_marked_ours_stays_and_it_is_said(own, program: Program) -> None:
    course, grader = own
    mark_here(course, "ana", 2.0)
    give_there(grader, "ana", 4.0)
    said = program("import", "nbgrader-marks", LAB, grader.root, "--course", course)
    assert "Were marked here meanwhile" in said
    assert written_here(course, "ana")[0] == 2.0
    program("import", "nbgrader-marks", LAB, grader.root, "--overwrite", "--course", course)
    assert written_here(course, "ana")[0] == 4.0


def test_a_mark_for_another_answer_is_not_taken(own, program: Program) -> None:
    course, grader = own
    give_there(grader, "ana", 4.0)
    path = course / "in" / "ana.ipynb"
    notebook = nbformat.read(path, 4)
    next(
        c for c in notebook.cells if c.metadata.get("coteja", {}).get("kind") == "written"
    ).source += "\n\nNew words."
    nbformat.write(notebook, path)
    program("grade", LAB, course / "in", "--course", course)
    said = program("import", "nbgrader-marks", LAB, grader.root, "--course", course)
    assert "Another answer was handed in since" in said
    assert written_here(course, "ana")[0] is None
    program("export", "nbgrader", LAB, grader.root, "--scores", "--course", course)
    assert grade_there(grader, "ana")[1:] == (4.0, True)
    assert "nbgrader asks for another look" in program(
        "import", "nbgrader-marks", LAB, grader.root, "--course", course
    )


@pytest.mark.parametrize(("points", "extra"), [(5.5, None), (-1.0, None), (4.0, 1.0)])
def test_points_that_the_rubric_does_not_have_are_left_and_named(
    own, program: Program, points, extra
) -> None:
    course, grader = own
    give_there(grader, "ana", points, extra=extra)
    said = program("import", "nbgrader-marks", LAB, grader.root, "--course", course)
    assert "0 marks fetched" in said
    assert "ana q2" in said
    assert written_here(course, "ana")[0] is None


def test_points_of_a_check_given_by_hand_stay_there_and_are_named(own, program: Program) -> None:
    course, grader = own
    with opened(grader) as gradebook:
        gradebook.find_grade("q1-check", LAB, LAB, "ben").manual_score = 1.0
        gradebook.db.commit()
    assert "ben q1" in program("import", "nbgrader-marks", LAB, grader.root, "--course", course)
    program("export", "nbgrader", LAB, grader.root, "--scores", "--course", course)
    assert grade_there(grader, "ben", "q1-check")[1] == 1.0


def mark_here(course: Path, student: str, points: float) -> None:
    """A person's mark, as `coteja mark` gives it."""
    from coteja.gradebook.rows import NewMark, answer_digest_of
    from coteja.gradebook.store import Gradebook

    result = read_result(course / "marked" / LAB / "results" / f"{student}.json")
    written = next(q.written for q in result.questions if q.written)
    book = Gradebook.open(str(course / "gradebook.db"))
    book.give_mark(
        NewMark(
            assignment=LAB,
            student=student,
            question="q2",
            points=points,
            answer_digest=answer_digest_of(written.text),
            given_by="Lic. Pérez",
            given_at="2026-03-02T10:00:00+00:00",
        )
    )
    book.close()
    subprocess.run(
        [sys.executable, "-m", "coteja", "regrade", LAB, "--course", course], check=True, capture_output=True
    )


# --------------------------------------------------------------------------------------------- bad input


def test_a_folder_that_is_not_nbgrader_s_is_left_alone(made: Path, program: Program, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    said = program("export", "nbgrader", LAB, tmp_path, "--course", made, code=2)
    assert "it is not empty" in said
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_password_is_not_written_into_a_config(made: Path, program: Program, tmp_path: Path) -> None:
    url = "postgresql://marker:hunter2@localhost/ml"
    said = program("export", "nbgrader", LAB, tmp_path / "nb", "--db", url, "--course", made, code=2)
    assert "PGPASSWORD" in said
    assert "hunter2" not in said
    assert not (tmp_path / "nb").exists()


def test_a_config_that_was_changed_stays(own, program: Program) -> None:
    course, grader = own
    config = grader.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\n# mine\n")
    program("export", "nbgrader", LAB, grader.root, "--language", "en", "--course", course)
    assert config.read_text().endswith("# mine\n")
    assert "One step downhill" in (grader.root / "release" / LAB / f"{LAB}.ipynb").read_text()


def test_other_points_under_submissions_are_refused_in_a_sentence(own, program: Program) -> None:
    course, grader = own
    with opened(grader) as gradebook:
        gradebook.find_graded_cell("q1-check", LAB, LAB).max_score = 7
        gradebook.db.commit()
    said = program("export", "nbgrader", LAB, grader.root, "--scores", "--course", course, code=1)
    assert "q1-check is worth 7.0 points there and 5 in the lab" in said


def test_a_damaged_memory_of_what_went_over_is_a_sentence(own, program: Program) -> None:
    course, grader = own
    (course / "marked" / LAB / "nbgrader.json").write_text(json.dumps({"schema": 3}))
    assert "this file is damaged" in program(
        "import", "nbgrader-marks", LAB, grader.root, "--course", course, code=1
    )
