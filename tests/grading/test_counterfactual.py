"""A notebook run once more under other parameters: answers that are computed follow, answers typed in do not."""

from __future__ import annotations

import asyncio
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coteja.calibration import calibrate
from coteja.course.load import Course, find_course
from coteja.grading.lab import Lab, load_lab
from coteja.grading.marking import Marker, Places, utc_now
from coteja.grading.submissions import find_submissions
from coteja.model.result import SubmissionResult
from coteja.recording.record import SandboxRecorder

FILES = {
    "course.toml": """
        [course]
        title = { es = "Curso", en = "Course" }
        languages = ["es", "en"]
        assignments = ["sum"]
    """,
    "assignments/sum/assignment.toml": """
        id = "sum"
        title = { es = "Suma", en = "Sum" }
        languages = ["es", "en"]
        preload = ["numpy"]
        limits = { cell_s = 5, notebook_s = 20 }
        [[question]]
        id = "q1"
        title = { es = "Suma", en = "Sum" }
        points = 2
        [[question.artefact]]
        role = "first"
        kind = "parameter"
        names = { es = "primero" }
        [[question.artefact]]
        role = "total"
        kind = "number"
        names = { es = "suma" }
        [[question.counterfactual]]
        name = "another_first"
        artefacts = ["total"]
    """,
    "assignments/sum/notebook.py": """
        # %% tags=["parameters"]
        first = 2

        # %% question="q1" answer="q1-code"
        ### BEGIN SOLUTION
        total = first + 3
        ### END SOLUTION
    """,
    "reference/sum.py": """
        def run(dtype):
            return {"total": 5.0}

        def draw(rng):
            return {"first": int(rng.integers(100, 1000))}

        def again(parameters):
            return {"total": parameters["first"] + 3.0}

        EXPERIMENTS = {"sum": run}
        COUNTERFACTUALS = {"another_first": (draw, again)}
    """,
    "graders/sum.py": """
        from coteja.checking import _, check, failed, near, passed

        @check("q1", points=1, title=_("The sum is right"))
        def total(work, expected):
            right = near(work.number("total"), expected.array("total"), 1e-9)
            return passed(_("Right.")) if right else failed(_("Wrong."))

        @check("q1", points=1, title=_("The sum follows its parameter"))
        def follows(work, expected):
            again, truth = work.counterfactual("another_first")
            right = near(again.number("total"), truth.array("total"), 1e-9)
            return passed(_("It follows.")) if right else failed(_("It was typed in."))
    """,
}

ANSWERS = {
    "computed": "suma = primero + 3",
    "typed-in": "suma = 5",
    "in-english": "total = first + 3",
    "dies-then": "if primero > 50: import os; os._exit(1)\nsuma = primero + 3",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    root = tmp_path_factory.mktemp("course")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip())
    course: Course = find_course(root)
    path, text = calibrate(course, "sum")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load_lab(course, "sum")


@pytest.fixture(scope="module")
def marked(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> dict[str, SubmissionResult]:
    folder = tmp_path_factory.mktemp("handed-in")
    for name, code in ANSWERS.items():
        language = "first = 2" if name == "in-english" else "primero = 2"
        notebook = new_notebook(cells=[new_code_cell(language), new_code_cell(f"# [q1-code]\n{code}")])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    marker = Marker(lab, Places(tmp_path_factory.mktemp("marked")), ["es"], utc_now)

    async def run() -> list[SubmissionResult]:
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        try:
            return await marker.grade(
                recorder, find_submissions([folder], "sum"), workers=2, progress=lambda _result: None
            )
        finally:
            recorder.close()

    results = {Path(r.source).stem: r for r in asyncio.run(run())}
    again = {Path(r.source).stem: r for r in marker.regrade(progress=lambda _result: None)}
    assert {name: r.points for name, r in again.items()} == {name: r.points for name, r in results.items()}
    return results


@pytest.mark.parametrize(
    ("name", "points"), [("computed", 2), ("in-english", 2), ("typed-in", 1), ("dies-then", 1)]
)
def test_only_what_is_computed_follows_the_parameters(
    name: str, points: float, marked: dict[str, SubmissionResult]
) -> None:
    outcomes = [(o.check, o.status, o.message) for q in marked[name].questions for o in q.outcomes]
    assert marked[name].points == points, outcomes
