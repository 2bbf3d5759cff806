"""nbgrader by its fastest path: one `autograde` and one `generate_feedback` over all submissions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from labs import Lab
from measure import Usage, run
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

POINTS = 2
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def grade(lab: Lab, count: int, folder: Path) -> Usage:
    """Mark `count` submissions; every one must get full marks and its page."""
    env = _environment(folder)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'bench'\nc.ExecutePreprocessor.timeout = 120\n"
    )
    source = folder / "source" / lab.id
    source.mkdir(parents=True)
    nbformat.write(_source(lab), source / "lab.ipynb")
    _run(folder, env, "generate_assignment", lab.id)
    _hand_in(lab, count, folder)
    usage = _run(folder, env, "autograde", lab.id) + _run(folder, env, "generate_feedback", lab.id)
    _check(lab, count, folder)
    return usage


def _run(folder: Path, env: dict[str, str], *arguments: str) -> Usage:
    return run([sys.executable, "-m", "nbgrader", *arguments], cwd=folder, env=env)


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(parents=True)
    # A new gradebook makes nbgrader call the bare command "alembic".
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    own = {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    own |= {"JUPYTER_RUNTIME_DIR": "runtime"}
    return {**os.environ, "PATH": commands, "HOME": str(home), **{k: str(home / v) for k, v in own.items()}}


def _cell(source: str, grade_id: str, *, test: bool) -> Any:
    fields: dict[str, Any] = {"schema_version": 3, "grade_id": grade_id, "task": False}
    fields |= {"grade": test, "solution": not test, "locked": test}
    if test:
        fields["points"] = POINTS
    return new_code_cell(source, metadata={"nbgrader": fields})


def _source(lab: Lab) -> Any:
    cells = [new_markdown_cell(f"# {lab.title}")]
    for question, source in lab.cells:
        if question is None:
            cells.append(new_code_cell(source))
            continue
        cells.append(_cell(f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", question, test=False))
        public, hidden = lab.tests[question]
        test = f"{public}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells.append(_cell(test, f"test-{question}", test=True))
    return new_notebook(cells=cells, metadata=KERNEL)


def _hand_in(lab: Lab, count: int, folder: Path) -> None:
    notebook = nbformat.read(folder / "release" / lab.id / "lab.ipynb", as_version=4)
    answers = {question: source for question, source in lab.cells if question is not None}
    for cell in notebook.cells:
        question = cell.metadata.get("nbgrader", {}).get("grade_id")
        if question in answers:
            cell.source = answers[question]
    own = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert own == lab.sources, "nbgrader's notebook has other code than the lab"
    for number in range(count):
        place = folder / "submitted" / f"student{number:04d}" / lab.id
        place.mkdir(parents=True)
        nbformat.write(notebook, place / "lab.ipynb")


def _check(lab: Lab, count: int, folder: Path) -> None:
    from nbgrader.api import Gradebook

    full = float(POINTS * len(lab.tests))
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        scores = [(s.score, s.max_score) for s in gradebook.assignment_submissions(lab.id)]
    assert scores == [(full, full)] * count, f"nbgrader, {lab.id}: {scores[:5]}"
    pages = list((folder / "feedback").glob(f"*/{lab.id}/lab.html"))
    assert len(pages) == count, f"nbgrader: {count} submissions, {len(pages)} pages"
