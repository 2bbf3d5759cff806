"""Preprocessors with which `nbgrader autograde` marks by Coteja. nbgrader imports this module, as its config says."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Unicode

from coteja.course.load import find_course
from coteja.feedback.plain import plain
from coteja.grading.lab import load_lab
from coteja.grading.places import Places, read_result
from coteja.interop.nbgrader_notebook import scored, with_scores
from coteja.interop.nbgrader_scores import looked_at

_LOOK = "coteja_look"


class CotejaMarks(NbGraderPreprocessor):
    """Runs a submission in Coteja's sandbox; each check cell's output becomes its question's points.

    What cannot be marked stops here: nbgrader says so for that student, and no score is entered.
    """

    course = Unicode("", help="The folder of the Coteja course.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook as it ran, with scores."""
        asked = resources["nbgrader"]
        lab = load_lab(find_course(Path(self.course)), asked["assignment"])
        with tempfile.TemporaryDirectory() as folder:
            notebook = Path(folder) / "in" / f"{asked['student']}.ipynb"
            notebook.parent.mkdir()
            notebook.write_text(nbformat.writes(nb), encoding="utf-8")
            out = Path(folder) / "out"
            command = [sys.executable, "-m", "coteja", "grade", lab.assignment.id, str(notebook)]
            command += [
                "--course",
                str(lab.course.root),
                "--out",
                str(out),
                "--workers",
                "1",
                "--no-gradebook",
            ]
            done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
            files = sorted(out.glob("results/*.json"))
            if len(files) != 1:
                raise RuntimeError(f"Coteja marked nothing: {plain(done.stderr)[-500:]}")
            result = read_result(files[0])
            if result.points is None:
                said = " ".join(lab.translator(result.language).say(note) for note in result.notes)
                raise RuntimeError(f"Needs a look: {plain(said)}")
            executed = nbformat.read(Places(out).recordings.folder / result.recording / "executed.ipynb", 4)
        translator = lab.translator(result.language)
        scores = {q.question: scored(q, translator) for q in result.questions}
        resources[_LOOK] = {q.question for q in result.questions if looked_at(q)}
        return with_scores(nb, executed, scores), resources


class SaveMarks(SaveAutoGrades):
    """Saves scores as nbgrader does; a question at which a person has to look needs a manual grade."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """nbgrader's own, then the flags."""
        nb, resources = super().preprocess(nb, resources)
        asked = resources["nbgrader"]
        with Gradebook(asked["db_url"]) as gradebook:
            for question in resources.get(_LOOK, ()):
                gradebook.find_grade(
                    f"{question}-check", asked["notebook"], asked["assignment"], asked["student"]
                ).needs_manual_grade = True
            gradebook.db.commit()
        return nb, resources
