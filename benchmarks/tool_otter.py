"""otter-grader by its fastest path: `otter.api.grade_submission` in one process (or several at a time)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from labs import HERE, Lab
from measure import Usage, run
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

POINTS = 2
KERNEL = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def grade(lab: Lab, count: int, folder: Path, *, jobs: int = 1) -> Usage:
    """Mark `count` submissions; every one must get full marks and its report."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(_source(lab), folder / "lab.ipynb")
    subprocess.run(
        [sys.executable, "-m", "otter", "assign", "--no-run-tests", "lab.ipynb", "dist"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    (archive,) = (folder / "dist" / "autograder").glob("*.zip")
    submitted = _hand_in(lab, count, folder)
    script = [sys.executable, str(HERE / "otter_grade.py"), str(archive), str(jobs)]
    usage = run([*script, *map(str, submitted)], cwd=folder)
    _check(lab, submitted)
    return usage


def _source(lab: Lab) -> Any:
    cells = [
        new_raw_cell("# ASSIGNMENT CONFIG\nname: lab\nexport_cell: false\ngenerate: true\n"),
        new_markdown_cell(f"# {lab.title}"),
    ]
    for question, source in lab.cells:
        if question is None:
            cells.append(new_code_cell(source))
            continue
        public, hidden = lab.tests[question]
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {question}\npoints: {POINTS}"),
            new_markdown_cell(f"**{question}**"),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(f"# BEGIN SOLUTION NO PROMPT\n{source}\n# END SOLUTION"),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            new_code_cell(public),
            new_code_cell(f"# HIDDEN\n{hidden}"),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    return new_notebook(cells=cells, metadata=KERNEL)


def _hand_in(lab: Lab, count: int, folder: Path) -> list[Path]:
    # The student's notebook (public tests only) with the answers typed in.
    student = nbformat.read(folder / "dist" / "student" / "lab.ipynb", as_version=4)
    solved = nbformat.read(folder / "dist" / "autograder" / "lab.ipynb", as_version=4)
    for empty, filled in zip(student.cells, solved.cells, strict=True):
        lines = filled.source.splitlines()
        empty.source = "\n".join(lines[1:-1] if lines[0].startswith("# BEGIN SOLUTION") else lines)
    own = [c.source for c in student.cells if c.cell_type == "code" and "grader" not in c.source]
    assert own == lab.sources, "otter's notebook has other code than the lab"
    paths = []
    for number in range(count):
        path = folder / "submitted" / f"student{number:04d}" / "lab.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(student, path)
        paths.append(path)
    return paths


def _check(lab: Lab, submitted: list[Path]) -> None:
    full = float(POINTS * len(lab.tests))
    for path in submitted:
        total, possible = json.loads((path.parent / "report.json").read_text())["score"]
        assert (total, possible) == (full, full), f"otter, {lab.id}: {total} of {possible}"
