"""An otter master notebook becomes a lab, and its notebooks get the scores that otter itself gives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from otter_masters import (
    FRUIT,
    FUNCTIONS,
    WAVES,
    filled,
    fruit,
    functions,
    notebook,
    question,
    raw,
    solution,
    text,
    waves,
)
from otter_masters import code as cell

from coteja.course.load import find_course
from coteja.grading.linting import lint

LABS = {"waves": WAVES, "functions": FUNCTIONS, "fruit": FRUIT}
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
    nbformat.write(fruit(), root / "fruit.ipynb")
    (root / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    otter(ASSIGN, root, *LABS, where=root)
    return root


@pytest.fixture(scope="module")
def course(root: Path, program: Callable[..., str]) -> Path:
    """The course that all were imported into, released; `marked` holds the students' results."""
    course = root / "course"
    for name in LABS:
        program("import", "otter", root / f"{name}.ipynb", course)
        program("release", name, "--course", course)
    for lab, students in LABS.items():
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
    names = {"q 2": "q_2"}
    side_by_side = {}
    for student, scores in theirs.items():
        lab = next(lab for lab, students in LABS.items() if student in students)
        ours = {q["question"]: q for q in result(course, lab, student)["questions"]}
        for name, (score, possible) in scores.items():
            own = ours[names.get(name, name)]
            side_by_side[student, name] = (round(score, 2), own["points"], possible, own["max_points"])
    assert side_by_side == {
        ("all", "q1"): (1, 1, 1, 1),
        ("all", "q2"): (1, 1, 1, 1),
        ("all", "q3"): (1, 1, 1, 1),
        ("frame", "q1"): (1, 1, 1, 1),
        ("frame", "q2"): (0, 0, 1, 1),
        ("frame", "q3"): (0.25, 0.25, 1, 1),
        ("hidden", "q1"): (0.67, 0.67, 1, 1),
        ("hidden", "q2"): (0.5, 0.5, 1, 1),
        ("hidden", "q3"): (0.75, 0.75, 1, 1),
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


def test_what_students_did_in_otter_s_own_notebook_gets_the_same_scores(
    root: Path, course: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    handed_in = root / "waves" / "in-otter" / "wrong.ipynb"
    program("grade", "waves", handed_in, "--course", course, "--out", tmp_path, "--no-gradebook")
    again = json.loads((tmp_path / "results" / "wrong.json").read_text(encoding="utf-8"))
    assert again["points"] == result(course, "waves", "wrong")["points"] == 2.67


@pytest.mark.parametrize("lab", LABS)
def test_lint_has_nothing_to_mend_in_an_imported_lab(course: Path, lab: str) -> None:
    assert lint(find_course(course), lab) == []


def test_hidden_tests_and_solutions_stay_out_of_the_released_notebook(course: Path) -> None:
    given = {
        lab: (course / "released" / "en" / f"{lab}.ipynb").read_text(encoding="utf-8")
        for lab in ("waves", "functions")
    }
    kept = {lab: (course / "reference" / f"{lab}.py").read_text(encoding="utf-8") for lab in given}
    for lab, hidden, public in (
        (
            "waves",
            ["square(-2.5)", "np.isclose(top, 1.0)", "kept = [2, 4]"],
            ["square(1) == 1", "halve([2, 4])"],
        ),
        ("functions", ["test_all"], ["two numbers"]),
    ):
        assert all(test in kept[lab] for test in [*hidden, *public])
        assert all(test in given[lab] for test in public)
        assert not any(test in given[lab] for test in hidden)
    for secret in ("Mind the period", "x**2", "wave.max()", "value / 2", "Fewer than two samples"):
        assert secret not in given["waves"]
    assert "One value for each point." in given["waves"]  # what a public test says when it holds


def test_what_otter_leaves_for_students_stands_as_comments_above_our_placeholder(course: Path) -> None:
    released = nbformat.read(course / "released" / "en" / "waves.ipynb", as_version=4)
    cells = {c.metadata.coteja.cell: c.source for c in released.cells}
    assert cells["q_2-answer"] == (
        "# [q_2-answer]\n# wave = ...\n# top = ...\n# YOUR CODE HERE\nraise NotImplementedError()\ntop"
    )
    assert cells["q4-written"] == "_Two sentences are enough._"
    assert not any("otter" in source for source in cells.values())


def test_the_author_s_own_words_reach_the_student(course: Path) -> None:
    outcomes = {o["check"]: o for q in result(course, "waves", "wrong")["questions"] for o in q["outcomes"]}
    assert outcomes["q_2_test_1"]["message"]["params"] == {"text": "One value for each point."}
    assert outcomes["q_2_test_2"]["next_step"]["params"] == {"text": "Mind the period."}
    assert outcomes["q_2_test_2"]["comparisons"] == []  # it is hidden: nothing of it is shown
    shown = {o["check"]: o for q in result(course, "waves", "incomplete")["questions"] for o in q["outcomes"]}
    assert shown["q3_test_1"]["message"]["params"]["code"] == "halve([2, 4])"
    assert outcomes["q3_all_tests"]["points"] == outcomes["q3_test_1"]["points"] == 0
    assert outcomes["q3_test_1"]["status"] == "passed"  # worth nothing by itself: all or nothing


def test_the_page_says_which_tests_to_make_real_checks_and_what_is_left(course: Path) -> None:
    page = (course / "assignments" / "waves" / "imported.md").read_text(encoding="utf-8")
    assert "| q1_test_3 | hidden | 0.333333 | a probe that calls `square` with fresh inputs" in page
    assert "| q_2_test_2 | hidden | 1.5 | an artefact `top`, compared with a tolerance |" in page
    assert "- q4 is marked by a person: write its rubric in assignment.toml." in page


# ------------------------------------------------------------------------------------------ hostile notebooks


def graded(
    course: Path, tmp_path: Path, program: Callable[..., str], answers: list[str | None]
) -> dict[str, Any]:
    """By check, the outcomes of one student's answers to `waves`; where a test hangs it has one second."""
    own = shutil.copytree(course, tmp_path / "course", ignore=shutil.ignore_patterns("in", "marked"))
    declared = own / "assignments" / "waves" / "assignment.toml"
    declared.write_text(
        declared.read_text(encoding="utf-8").replace(
            "[[question.probe]]", "[[question.probe]]\ntimeout_s = 1.0"
        )
    )
    released = nbformat.read(own / "released" / "en" / "waves.ipynb", as_version=4)
    (own / "in").mkdir()
    nbformat.write(filled(released, answers), own / "in" / "eve.ipynb")
    program("grade", "waves", own / "in", "--course", own, "--no-gradebook")
    return {o["check"]: o for q in result(own, "waves", "eve")["questions"] for o in q["outcomes"]}


def passed(outcomes: dict[str, Any]) -> list[str]:
    return [name for name, outcome in outcomes.items() if outcome["status"] == "passed"]


def test_a_notebook_cannot_take_the_place_of_what_runs_the_tests(
    course: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    fake = "coteja_run_doctest = lambda *test: []\nRUNNERS = {}\n\ndef square(x):\n    return None"
    assert passed(graded(course, tmp_path, program, [fake, None, None])) == []


def test_a_test_that_never_ends_or_ends_the_process_costs_itself_alone(
    course: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    answers = [
        "import os\n\ndef square(x):\n    if x == -2.5:\n        os._exit(0)\n    return x * x",
        "wave = np.sin(2 * np.pi * grid)\ntop = wave.max()",
        "def halve(values):\n    while True:\n        pass",
    ]
    found = passed(graded(course, tmp_path, program, answers))
    assert found == ["q1_test_1", "q1_test_2", "q_2_test_1", "q_2_test_2"]


def test_what_a_test_found_is_cut_short_and_never_markup(
    course: Path, tmp_path: Path, program: Callable[..., str]
) -> None:
    shown = "class Loud:\n    def __eq__(self, other):\n        return self\n    def __repr__(self):\n        return '<script>alert(1)</script>' * 10_000"
    outcomes = graded(
        course, tmp_path, program, [f"{shown}\n\ndef square(x):\n    return Loud()", None, None]
    )
    assert outcomes["q1_test_1"]["comparisons"][0]["found"].startswith("<script>")
    assert len(outcomes["q1_test_1"]["comparisons"][0]["found"]) <= 500
    page = (tmp_path / "course" / "marked" / "waves" / "feedback" / "eve" / "feedback.en.html").read_text(
        encoding="utf-8"
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


# ------------------------------------------------------------------------------------------------- bad input


def refused(tmp_path: Path, program: Callable[..., str], master: nbformat.NotebookNode, *options: str) -> str:
    """What the import of a notebook says that cannot be imported; nothing is left behind."""
    nbformat.write(master, tmp_path / "master.ipynb")
    said = program("import", "otter", tmp_path / "master.ipynb", tmp_path / "course", *options, code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["master.ipynb"]
    return said


ONE = question(
    "name: q1",
    "One.",
    *solution(cell("x = 1 # SOLUTION")),
    tests=(cell("x", "1"),),
)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([text("# No questions")], "there is no question in it"),
        (
            [raw("# BEGIN QUESTION\nname: q1"), raw("# BEGIN SOLUTION"), raw("# END QUESTION")],
            "(question q1, cell number 3)",
        ),
        ([raw("# BEGIN QUESTION\npoints: 1"), raw("# END QUESTION")], "Question name not specified"),
        ([raw("# ASSIGNMENT CONFIG\nname: [1"), *ONE], "not valid YAML"),
        ([raw("# ASSIGNMENT CONFIG\nconfig_file: gone.yml"), *ONE], "gone.yml"),
        (
            question(
                "name: q1\npoints: [1, 2]",
                "One.",
                *solution(cell("x = 1 # SOLUTION")),
                tests=(cell("x", "1"),),
            ),
            "length of 'points' is 2 but there are 1 tests",
        ),
        ([*ONE, cell("def broken(:")], "nothing was written"),
    ],
    ids=["no question", "unclosed", "no name", "yaml", "no config file", "points", "no python"],
)
def test_a_notebook_that_is_no_master_is_a_sentence(
    tmp_path: Path, program: Callable[..., str], cells: list[nbformat.NotebookNode], sentence: str
) -> None:
    assert sentence in refused(tmp_path, program, notebook(*cells))


def test_a_notebook_in_r_is_a_sentence(tmp_path: Path, program: Callable[..., str]) -> None:
    said = refused(
        tmp_path, program, notebook(*ONE, kernelspec={"name": "ir", "display_name": "R", "language": "R"})
    )
    assert "only Python's can become a lab" in said


def test_a_file_that_is_no_notebook_or_not_there_is_a_sentence(
    tmp_path: Path, program: Callable[..., str]
) -> None:
    (tmp_path / "master.ipynb").write_text("{", encoding="utf-8")
    assert "this is not a notebook" in program(
        "import", "otter", tmp_path / "master.ipynb", tmp_path / "c", code=1
    )
    assert "there is no such file" in program(
        "import", "otter", tmp_path / "gone.ipynb", tmp_path / "c", code=2
    )


def test_without_otter_the_sentence_says_what_to_install(tmp_path: Path) -> None:
    script = "import sys; sys.modules['otter'] = None; from coteja.cli import main; main(['import', 'otter', 'x.ipynb', 'c'])"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, 'pip install "coteja[otter]"' in done.stderr) == (3, True)
    assert "Traceback" not in done.stderr


def test_nothing_of_a_course_is_overwritten(
    tmp_path: Path, course: Path, program: Callable[..., str]
) -> None:
    nbformat.write(notebook(*ONE), tmp_path / "waves.ipynb")
    before = (course / "course.toml").read_bytes()
    assert "is there already" in program("import", "otter", tmp_path / "waves.ipynb", course, code=2)
    assert "the course has en" in program(
        "import", "otter", tmp_path / "waves.ipynb", course, "--id", "new", "--lang", "es", code=2
    )
    assert "a lab's name begins" in program(
        "import", "otter", tmp_path / "waves.ipynb", course, "--id", "../x", code=2
    )
    assert (course / "course.toml").read_bytes() == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    assert "it is not empty" in program(
        "import", "otter", tmp_path / "waves.ipynb", tmp_path / "full", code=2
    )


def test_a_course_keeps_all_else_that_its_course_toml_says(
    tmp_path: Path, program: Callable[..., str]
) -> None:
    nbformat.write(notebook(*ONE), tmp_path / "one.ipynb")
    program("new", tmp_path / "course")
    declared = tmp_path / "course" / "course.toml"
    text_before = declared.read_text(encoding="utf-8").replace(
        '["first-step"]', '[\n  "first-step",  # the first\n]'
    )
    declared.write_text(text_before, encoding="utf-8")
    program("import", "otter", tmp_path / "one.ipynb", tmp_path / "course", "--lang", "es")
    assert find_course(tmp_path / "course").info.assignments == ("first-step", "one")
    assert "# the first" in declared.read_text(encoding="utf-8")
    released = program("release", "one", "--course", tmp_path / "course", "--lang", "es")
    assert "no translation yet" not in released
    assert lint(find_course(tmp_path / "course"), "one", run=False) == []


def test_names_and_messages_that_look_like_code_stay_text(
    tmp_path: Path, program: Callable[..., str]
) -> None:
    nasty = '"""\')]}\\n{work} import os'
    master = notebook(
        text(f"# {nasty}"),
        *question(
            f"name: {json.dumps(nasty)}",
            f"**{nasty}**",
            *solution(cell("x = 1 # SOLUTION")),
            tests=(
                cell(
                    f'""" # BEGIN TEST CONFIG\nfailure_message: {json.dumps(nasty)}\n""" # END TEST CONFIG\nx',
                    "1",
                ),
            ),
        ),
    )
    nbformat.write(master, tmp_path / 'it\'s "odd".ipynb')
    program("import", "otter", tmp_path / 'it\'s "odd".ipynb', tmp_path / "course")
    assert lint(find_course(tmp_path / "course"), "it-s-odd", run=False) == []


def test_importing_executes_nothing_of_the_notebook(tmp_path: Path, program: Callable[..., str]) -> None:
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')"
    master = notebook(
        cell(trap),
        *question(
            "name: q1",
            "One.",
            *solution(cell(f"x = {trap} # SOLUTION")),
            tests=(cell(f"{trap} is None", "False"),),
        ),
    )
    nbformat.write(master, tmp_path / "master.ipynb")
    program("import", "otter", tmp_path / "master.ipynb", tmp_path / "course")
    assert (tmp_path / "course" / "course.toml").is_file()
    assert not (tmp_path / "trap").exists()
