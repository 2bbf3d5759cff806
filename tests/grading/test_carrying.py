"""Error carried forward: a wrong function costs its own question, and later ones are marked on their own merit."""

from __future__ import annotations

import asyncio
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from msgspec import structs
from nbformat.v4 import new_code_cell, new_notebook

from coteja.calibration import calibrate
from coteja.course.load import find_course
from coteja.grading.carrying import HELD
from coteja.grading.lab import Lab, load_lab
from coteja.grading.marking import Marker, Places, utc_now
from coteja.grading.submissions import find_submissions
from coteja.model.result import Outcome, SubmissionResult
from coteja.recording.record import SandboxRecorder
from coteja.recording.store import dump_recording, load_recording

SECRET = "an author's remark that nobody is to read"
FILES = {
    "course.toml": """
        [course]
        title = { es = "Curso", en = "Course" }
        languages = ["es", "en"]
        assignments = ["squares"]
    """,
    "assignments/squares/assignment.toml": """
        id = "squares"
        title = { es = "Cuadrados", en = "Squares" }
        languages = ["es", "en"]
        preload = ["numpy"]
        limits = { cell_s = 3, notebook_s = 12 }
        [[question]]
        id = "q1"
        title = { es = "Cuadrado", en = "Square" }
        points = 4
        [[question.artefact]]
        role = "nine"
        kind = "number"
        names = { es = "nueve" }
        [[question]]
        id = "q2"
        title = { es = "Suma", en = "Sum" }
        points = 6
        [[question.artefact]]
        role = "total"
        kind = "number"
        names = { es = "suma" }
        [[question.artefact]]
        role = "said"
        kind = "claim"
        names = { es = "dicho" }
    """,
    "assignments/squares/notebook.py": f"""
        # %% question="q1" answer="q1-code"
        def square(x):
            ### BEGIN SOLUTION
            # {SECRET}
            return x * x
            ### END SOLUTION


        ### BEGIN SOLUTION
        nine = square(3)
        ### END SOLUTION

        # %% question="q2" answer="q2-code"
        ### BEGIN SOLUTION
        total = square(3) + square(4)
        said = "hypotenuse"
        ### END SOLUTION
    """,
    "reference/squares.py": """
        EXPERIMENTS = {"squares": lambda dtype: {"nine": 9.0, "total": 25.0}}
    """,
    "graders/squares.py": """
        from coteja.checking import _, check, failed, near, partial, passed

        @check("q1", points=4, title=_("Nine"))
        def nine(work, expected):
            return passed(_("Right.")) if work.number("nine") == 9 else failed(_("Wrong."))

        @check("q2", points=4, title=_("Twenty-five"))
        def total(work, expected):
            found = work.number("total")
            return passed(_("Right.")) if found == 25 else failed(_("Found {found}.", found=found))

        @check("q2", points=2, title=_("What you say"), rests_on=["total"])
        def said(work, expected):
            claim = str(work.value("said"))
            return passed(_("You said {claim}.", claim=claim)) if claim else failed(_("Nothing."))
    """,
}
WRONG = "def square(x): return 2 * x\nnueve = square(3)"
SUM = "suma = square(3) + square(4)\ndicho = 'hipotenusa'"
#: An attack: what runs before each cell looks for the author's code, and hands it on as a claim.
SPY = """
seen = []
get_ipython().events.register("pre_run_cell", lambda info: seen.append(info.raw_cell))
"""
ANSWERS = {
    "right": ("def square(x): return x * x\nnueve = square(3)", SUM),
    "wrong-function": (WRONG, SUM),
    "wrong-twice": (WRONG, "suma = square(3) - square(4)\ndicho = 'resta'"),
    "nothing-of-the-second": (WRONG, "pass"),
    "unwritten-function": ("raise NotImplementedError", SUM),
    "endless-function": ("def square(x):\n    while True: pass\nnueve = square(3)", SUM),
    "dies-when-mended": (WRONG, "import os\nif square(3) == 9: os._exit(1)\n" + SUM),
    "all-in-one-cell": (WRONG + "\n" + SUM, "pass"),
    "spy": (SPY + WRONG, SUM.replace("'hipotenusa'", "' '.join(seen + In)")),
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    root = tmp_path_factory.mktemp("course")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip())
    course = find_course(root)
    path, text = calibrate(course, "squares")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load_lab(course, "squares")


def mark(lab: Lab, folder: Path, marked: Path) -> Marker:
    marker = Marker(lab, Places(marked), ["es", "en"], utc_now)

    async def run() -> None:
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        try:
            await marker.grade(
                recorder, find_submissions([folder], "squares"), workers=2, progress=lambda _result: None
            )
        finally:
            recorder.close()

    asyncio.run(run())
    return marker


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-in")
    for name, (first, second) in ANSWERS.items():
        cells = [new_code_cell(f"# [q1-code]\n{first}"), new_code_cell(f"# [q2-code]\n{second}")]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


@pytest.fixture(scope="module")
def marker(lab: Lab, handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Marker:
    return mark(lab, handed_in, tmp_path_factory.mktemp("marked"))


@pytest.fixture(scope="module")
def results(marker: Marker) -> dict[str, SubmissionResult]:
    return {r.student: r for r in marker.regrade(progress=lambda _result: None)}


@pytest.fixture
def outcome(results: dict[str, SubmissionResult]) -> Callable[[str, str], Outcome]:
    def find(student: str, check: str) -> Outcome:
        return next(o for q in results[student].questions for o in q.outcomes if o.check == check)

    return find


@pytest.mark.parametrize(
    ("student", "points"),
    [
        ("right", (4, 6)),
        ("wrong-function", (0, 6)),
        ("unwritten-function", (0, 6)),
        ("wrong-twice", (0, 0)),
        ("nothing-of-the-second", (0, 0)),
        ("endless-function", (0, 6)),
        ("dies-when-mended", (0, 0)),
        ("all-in-one-cell", (0, 0)),
        ("spy", (0, 6)),
    ],
)
def test_a_wrong_function_costs_its_own_question_alone(
    student: str, points: tuple[float, ...], results: dict[str, SubmissionResult]
) -> None:
    questions = results[student].questions
    assert tuple(q.points for q in questions) == points, [o for q in questions for o in q.outcomes]


def test_the_student_is_told_why_it_holds(outcome: Callable[[str, str], Outcome]) -> None:
    held = outcome("wrong-function", "total")
    assert held.carried
    assert held.message == HELD
    assert not outcome("right", "total").carried


def test_what_fails_on_its_own_keeps_its_evidence(outcome: Callable[[str, str], Outcome]) -> None:
    assert outcome("wrong-twice", "total").message.params == {"found": -2}


def test_right_work_runs_once(marker: Marker, results: dict[str, SubmissionResult]) -> None:
    kept = marker.places.recordings
    assert kept.load(results["right"].recording).carried == ()
    (run,) = kept.load(results["wrong-function"].recording).carried
    assert (run.bases, run.questions) == (("q1",), ("q2",))


def test_a_recording_with_a_carried_run_is_read_back_as_it_was(
    marker: Marker, results: dict[str, SubmissionResult]
) -> None:
    recording = marker.places.recordings.load(results["wrong-function"].recording)
    assert recording.carried[0].artefacts["total"] == 25
    assert load_recording(dump_recording(recording)) == recording


def test_the_author_s_answer_is_seen_by_a_spy_and_shown_to_nobody(
    marker: Marker, results: dict[str, SubmissionResult], outcome: Callable[[str, str], Outcome]
) -> None:
    recording = marker.places.recordings.load(results["spy"].recording)
    assert SECRET in str(recording.carried[0].artefacts["said"]), "else this attack attacks nothing"
    assert outcome("spy", "said").carried
    shown = [
        path for path in marker.places.root.rglob("*") if path.is_file() and "recordings" not in path.parts
    ]
    assert len(shown) >= len(ANSWERS) * 5
    for path in shown:
        assert SECRET not in path.read_text(encoding="utf-8"), path
    executed = marker.places.root / "recordings" / results["spy"].recording / "executed.ipynb"
    assert SECRET not in executed.read_text(encoding="utf-8")


def test_a_lab_may_want_none_of_it(lab: Lab, handed_in: Path, tmp_path: Path) -> None:
    strict = replace(lab, assignment=structs.replace(lab.assignment, carry_forward=False))
    (tmp_path / "in").mkdir()
    shutil.copy(handed_in / "wrong-function.ipynb", tmp_path / "in" / "ana.ipynb")
    (result,) = mark(strict, tmp_path / "in", tmp_path / "out").regrade(progress=lambda _result: None)
    assert result.points == 0
