"""Marks one hostile notebook with nbgrader or otter-grader, as their users do. Run by tools/attack_matrix.py.

    python attack_peers.py build TOOL PLACE         the vault's lab as that tool has it, below PLACE
    python attack_peers.py attack TOOL PLACE JOB    the same with the notebook of JOB handed in; prints what came of it

PLACE is a copy that is thrown away. The secrets planted in it are those of the names in SECRETS.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

LAB = "vault"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
#: Where a secret is planted -> the secret. What got out is told by these names.
SECRETS = {
    name: f"PLANTED-{number:016x}"
    for number, name in enumerate(("tests", "solution", "sibling", "environment"), 1)
}
START = "import matplotlib.pyplot as plt\nimport numpy as np"
WEIGH = "def weigh(x):\n    return float(np.mean(np.asarray(x) ** 2))"
COUNT = """answer = 11 * first
drawing, axes = plt.subplots(figsize=(2, 2))
axes.plot(np.arange(5.0) ** 2, label="squares")"""
#: question -> (the solution, its hidden tests with their points), as in tests/attacks/course: the same rubric, but for
#: the run under another parameter, which neither tool has.
QUESTIONS = {
    "q1-weigh": (
        WEIGH,
        [
            (
                5,
                f"""# {SECRETS["tests"]}
for n in (3, 9):
    x = np.random.default_rng(n).normal(size=n)
    expected = float(np.mean(x**2))
    np.testing.assert_allclose(weigh(x), expected, rtol=1e-9)""",
            )
        ],
    ),
    "q2-count": (
        COUNT,
        [
            (4, f"# {SECRETS['tests']}\nassert abs(answer - 77) < 1e-9"),
            (1, "np.testing.assert_allclose(drawing.axes[0].lines[0].get_ydata(), [0, 1, 4, 9, 16])"),
        ],
    ),
}
WRITTEN = "What else would you keep?"


def remarked(solution: str, remark: str) -> str:
    """The solution with a remark above it."""
    return f"# {remark}\n{solution}"


# ---------------------------------------------------------------------------------------------------- nbgrader


def nbgrader_source() -> Any:
    """The lab as an instructor writes it."""

    def cell(source: str, grade_id: str, points: float | None) -> Any:
        told = {"schema_version": 3, "grade_id": grade_id, "task": False, "grade": points is not None}
        told |= {"solution": points is None, "locked": points is not None}
        return new_code_cell(source, metadata={"nbgrader": told | ({"points": points} if points else {})})

    cells = [new_markdown_cell("# The vault"), new_code_cell(START), new_code_cell("first = 7")]
    for question, (solution, tests) in QUESTIONS.items():
        own = f"### BEGIN SOLUTION\n{remarked(solution, SECRETS['solution'])}\n### END SOLUTION"
        cells.append(cell(f"# [{question}]\n{own}", question, None))
        for number, (points, test) in enumerate(tests):
            hidden = f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
            cells.append(cell(hidden, f"test-{question}-{number}", points))
    told = {"schema_version": 3, "grade_id": "written", "task": False, "grade": True, "solution": True}
    cells.append(new_markdown_cell(WRITTEN, metadata={"nbgrader": {**told, "locked": False, "points": 2}}))
    return new_notebook(cells=cells, metadata=KERNEL)


def nbgrader(place: Path, *arguments: str) -> int:
    """One of its commands, in the course's folder."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    with (place / "log").open("ab") as log:
        return subprocess.run(command, cwd=place / "course", stdout=log, stderr=log, check=False).returncode


def build_nbgrader(place: Path) -> None:
    """The course, with the lab released."""
    source = place / "course" / "source" / LAB
    source.mkdir(parents=True)
    (place / "course" / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'c'\nc.ExecutePreprocessor.timeout = 20\n"
    )
    nbformat.write(nbgrader_source(), source / f"{LAB}.ipynb")
    if nbgrader(place, "generate_assignment", LAB):
        raise SystemExit((place / "log").read_text()[-3000:])


def grade_nbgrader(place: Path, notebooks: dict[str, Any]) -> dict[str, float | None]:
    """One `autograde` and one `generate_feedback` over all; None for who has no mark after them."""
    from nbgrader.api import Gradebook

    for student, notebook in notebooks.items():
        folder = place / "course" / "submitted" / student / LAB
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / f"{LAB}.ipynb")
    nbgrader(place, "autograde", LAB)
    nbgrader(place, "generate_feedback", LAB)
    with Gradebook(f"sqlite:///{place / 'course' / 'gradebook.db'}") as book:
        scores = {s.student_id: float(s.score) for s in book.assignment_submissions(LAB)}
    marked = place / "course" / "autograded"
    return {
        student: scores.get(student) if (marked / student / LAB / f"{LAB}.ipynb").exists() else None
        for student in notebooks
    }


# ---------------------------------------------------------------------------------------------------- otter


def otter_source() -> Any:
    """The lab in the format of `otter assign`."""
    cells = [
        new_raw_cell(f"# ASSIGNMENT CONFIG\nname: {LAB}\nexport_cell: false\ngenerate: true\n"),
        new_code_cell(START),
        new_code_cell("first = 7"),
    ]
    for question, (solution, tests) in QUESTIONS.items():
        own = f"# BEGIN SOLUTION\n{remarked(solution, SECRETS['solution'])}\n# END SOLUTION"
        cells += [
            new_raw_cell(
                f"# BEGIN QUESTION\nname: {question[:2]}\npoints: {[points for points, _test in tests]}"
            ),
            new_markdown_cell(f"**{question}**"),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(f"# [{question}]\n{own}"),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            *(new_code_cell(f"# HIDDEN\n{test}") for _points, test in tests),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    return new_notebook(cells=cells, metadata=KERNEL)


def build_otter(place: Path) -> None:
    """The course, with the lab released."""
    course = place / "course"
    course.mkdir(parents=True)
    nbformat.write(otter_source(), course / f"{LAB}.ipynb")
    command = [sys.executable, "-m", "otter", "assign", "--no-run-tests", f"{LAB}.ipynb", "dist"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def grade_otter(place: Path, notebooks: dict[str, Any]) -> dict[str, float | None]:
    """`otter.api.grade_submission` on each in turn, in this process; None where it raised."""
    from otter.api import grade_submission

    (archive,) = (place / "course" / "dist" / "autograder").glob("*.zip")
    out: dict[str, float | None] = {}
    for student, notebook in notebooks.items():
        path = place / "course" / "submitted" / student / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        try:
            out[student] = float(grade_submission(str(path), str(archive), quiet=True).total)
        except Exception as fault:  # noqa: BLE001 (whatever it raises, there is no mark)
            print(f"{student}: {fault!r}"[:2000], file=sys.stderr)
            out[student] = None
    return out


# ---------------------------------------------------------------------------------------------------- one attack

BUILD = {"nbgrader": build_nbgrader, "otter": build_otter}
GRADE = {"nbgrader": grade_nbgrader, "otter": grade_otter}
RELEASED = {"nbgrader": f"course/release/{LAB}/{LAB}.ipynb", "otter": f"course/dist/student/{LAB}.ipynb"}


def typed_into(place: Path, tool: str, cells: list[list[str]], tags: list[str]) -> Any:
    """The released notebook with `cells` (kind, source) in the place of its answers."""
    notebook = nbformat.read(place / RELEASED[tool], as_version=4)
    for kind, source in cells:
        for cell in notebook.cells:
            written = kind == "markdown" and cell.metadata.get("nbgrader", {}).get("grade_id") == "written"
            if written or (kind == "code" and cell.source.startswith(source.splitlines()[0])):
                cell.source = source
    for cell in notebook.cells if tags else ():
        cell.metadata["tags"] = tags
    return notebook


def attack(tool: str, place: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Hand in the attack and an honest neighbour, grade both, and look what came of it."""
    course, evidence, marked = place / "course", place / "evidence", place / "course" / "autograded"
    sibling = course / "submitted" / "sibling" / (LAB if tool == "nbgrader" else "") / f"{LAB}.ipynb"
    marked.mkdir(exist_ok=True)
    sibling.parent.mkdir(parents=True)
    answers = [
        ["code", f"# [{q}]\n" + remarked(solution, SECRETS["sibling"])]
        for q, (solution, _t) in QUESTIONS.items()
    ]
    honest = typed_into(place, tool, answers, [])
    nbformat.write(honest, sibling)
    os.environ["COTEJA_ATTACK_SECRET"] = SECRETS["environment"]
    victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    names = {
        "COURSE": course, "SUBMITTED": course / "submitted", "SIBLING": sibling, "MARKED": marked,
        "GRADEBOOK": course / "gradebook.db", "SERVICE": place / "service", "ABSTRACT": "nobody", "PORT": 9,
        "GRADER": os.getpid(), "VICTIM": victim.pid, "MARK": "atkpeer", "EVIDENCE": evidence,
    }  # fmt: skip
    told = "\n".join(f"{k} = {v if isinstance(v, int) else str(v)!r}" for k, v in names.items())
    hostile = typed_into(place, tool, job["cells"], job["tags"])
    first, last = new_code_cell(job["prelude"].format(told=told)), new_code_cell(job["epilogue"])
    hostile.cells = [first, *hostile.cells, last]
    scores = GRADE[tool](
        place, {"attacker": hostile, "sibling": honest} if job["cells"] else {"sibling": honest}
    )
    victim.kill()
    won = evidence.read_text().splitlines() if evidence.exists() else []
    return {
        "score": scores.get("attacker"),
        "neighbour": scores["sibling"],
        "stolen": sorted(name for name, secret in SECRETS.items() if secret in won),
        "won": sorted(how for how in won if how not in SECRETS.values()),
        "ran": (marked / "atkpeer").exists(),
    }


def main(what: str, tool: str, place: str, job: str = "") -> None:
    if what == "build":
        import matplotlib.font_manager  # noqa: F401 (its list of fonts takes seconds, and is copied from here)

        BUILD[tool](Path(place))
        return
    result = attack(tool, Path(place), json.loads(Path(job).read_text()))
    Path(job).with_suffix(".out").write_text(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
