"""`coteja lint`: each fault is planted in a copy of the tiny course and found by its name; clean labs give no findings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from coteja.calibration import calibrate
from coteja.cli import main
from coteja.course.load import find_course
from coteja.grading.linting import Finding, lint, lint_course
from coteja.scaffold import new_course

LAB = "first-step"
TOML, SOURCE = f"assignments/{LAB}/assignment.toml", f"assignments/{LAB}/notebook.py"
GRADER, PO = "graders/first_step.py", "graders/locale/es/LC_MESSAGES/graders.po"
REFERENCE, MISTAKES = "reference/first_step.py", "reference/first_step_mistakes.py"

Plant = Callable[[Path], object]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A tiny course to spoil."""
    new_course(tmp_path / "course", languages=["es", "en"], titles={})
    return tmp_path / "course"


def faults(course: Path, *, run: bool = False) -> list[Finding]:
    return lint(find_course(course), LAB, run=run)


def change(file: str, old: str, new: str, *, count: int = 1) -> Plant:
    def apply(course: Path) -> None:
        path = course / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, count), encoding="utf-8")

    return apply


def all_of(*plants: Plant) -> Plant:
    return lambda course: [plant(course) for plant in plants]


def recalibrated(course: Path) -> None:
    path, text = calibrate(find_course(course), LAB)
    path.write_text(text, encoding="utf-8")


def released(course: Path) -> Path:
    with pytest.raises(SystemExit):
        main(["release", LAB, "--course", str(course)])
    return course / "released" / "es" / f"{LAB}.ipynb"


def released_and_run(course: Path) -> None:
    path = released(course)
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("stream", text="1.4925\n")]
    nbformat.write(notebook, path)


def released_before_a_change(course: Path) -> None:
    released(course)
    change(SOURCE, "# # One step downhill", "# # One step down")(course)


def without_rubric(course: Path) -> None:
    path = course / TOML
    path.write_text(
        path.read_text(encoding="utf-8").split("[[question.written.rubric]]")[0], encoding="utf-8"
    )


def without_translation(course: Path) -> None:
    path = course / PO
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(msgid "losses"\nmsgstr) ".+"', r'\1 ""', text), encoding="utf-8")


def add_to(file: str, text: str) -> Plant:
    return lambda course: (course / file).write_text(
        (course / file).read_text(encoding="utf-8") + text, encoding="utf-8"
    )


QUESTION = '\n[[question]]\nid = "q3"\ntitle = { es = "Tres", en = "Three" }\npoints = 3\n'
ARTEFACT = '[[question.artefact]]\nrole = "bias"\nkind = "number"\n\n[[question]]\nid = "q2"'
PUBLIC = '[[question.artefact]]\nrole = "twin"\nkind = "curve"\npublic = true\n\n[[question]]\nid = "q2"'
SOLVED = "np.mean((outputs - targets) ** 2)"


@pytest.mark.parametrize(
    ("plant", "rule", "file", "said"),
    [
        # points and rubrics
        (change(TOML, "points = 5", "points = 6"), "points", GRADER, ["q1", "5 points", "says 6"]),
        (add_to(TOML, QUESTION), "no-checks", GRADER, ["q3", "3 points"]),
        (change(GRADER, '"q1", points=2', '"q9", points=2'), "unknown-question", GRADER, ["'q9'", "q1, q2"]),
        (without_rubric, "no-rubric", TOML, ["q2", "5 points"]),
        (change(TOML, "rubric]]\npoints = 3", "rubric]]\npoints = 4"), "rubric-points", TOML, ["6", "is 5"]),
        # a language is missing
        (change(TOML, ', en = "One step downhill"', ""), "language-missing", TOML, ["title", "'en'"]),
        (change(TOML, ', en = "One step"', ""), "language-missing", TOML, ["question q2: title", "'en'"]),
        (change(TOML, 'es = "Dice que el gradiente', 'fr = "Dice que'), "language-missing", TOML, ["rubric, line 2"]),
        (change(SOURCE, "[markdown] lang=\"en\"\n# # One", "[markdown]\n# # One"), "language-missing", SOURCE, ["cell 2"]),
        (change(SOURCE, "[markdown] lang=\"en\"\n# **Claim", "[markdown] lang=\"es\"\n# **Claim"),
         "language-missing", SOURCE, ["2 cells in one language", "0 in 'en'"]),
        (without_translation, "untranslated", GRADER, ["'losses'", "'es'"]),
        (change(SOURCE, 'lang="es" written=true', 'lang="es"'), "no-written-cell", SOURCE, ["q2", "'es'"]),
        # the solution gets out
        (all_of(change(SOURCE, "    ### BEGIN SOLUTION\n", ""), change(SOURCE, "    ### END SOLUTION\n", "")),
         "unmarked-solution", SOURCE, ["q1-error"]),
        (change(SOURCE, "rate = 0.05\n", f"rate = 0.05\nhint = {SOLVED}\n"), "solution-leak", SOURCE, [SOLVED]),
        (change(SOURCE, "rate = 0.05\n", f"rate = 0.05  # {SOLVED}\n"), "solution-leak", SOURCE, [SOLVED]),
        (change(SOURCE, "# Keep the weight", f"# Such as `{SOLVED}`. Keep the weight"), "solution-leak", SOURCE, [SOLVED]),
        (change(GRADER, '    cases = work.probe("mean_squared_error")\n',
                '    cases = work.probe("mean_squared_error")\n'
                f"    truth = [{SOLVED} for outputs, targets in []]\n"),
         "solution-leak", GRADER, [SOLVED, "public check"]),
        (released_and_run, "stored-outputs", f"released/es/{LAB}.ipynb", ["outputs"]),
        (released_before_a_change, "stale-release", f"released/en/{LAB}.ipynb", ["not what"]),
        # what is expected gets out
        (change(SOURCE, "# Guarda el peso", "# Debe salir 1.4925. Guarda el peso"), "hidden-value", SOURCE, ["1.4925", "new_weight"]),
        (change(SOURCE, "# %%\nweight = 0.0", '# %% tags=["answer-is 1.4925"]\nweight = 0.0'),
         "hidden-value", SOURCE, ["1.4925", "tags"]),
        (change(GRADER, "cases = work.probe", "_known = 1.4925\n    cases = work.probe"), "hidden-value", GRADER, ["1.4925"]),
        (all_of(
            change(TOML, '[[question]]\nid = "q2"', PUBLIC),
            change(REFERENCE, 'for w in weights])}', 'for w in weights]), "twin": np.array('
                   "[mean_squared_error(w * x, y) for w in weights])}"),
            recalibrated), "hidden-value", TOML, ["twin is public", "losses"]),
        # names, probes and mistakes
        (change(TOML, '[[question]]\nid = "q2"', ARTEFACT), "unused", TOML, ["artefact bias"]),
        (change(TOML, '[[question]]\nid = "q2"', ARTEFACT), "never-assigned", SOURCE, ["no cell makes bias"]),
        (change(GRADER, '.mistake("new_weight", known.id)', '.mistake("losses", known.id)'),
         "no-mistake", GRADER, ["'uphill'", "'losses'"]),
        (all_of(change(MISTAKES, '"uphill": uphill', '"up": uphill'), recalibrated), "no-mistake", GRADER, ["'uphill'"]),
        (change(TOML, "public = true", "public = false"), "public-asks-hidden", GRADER, ["simple_misses", "'mean_squared_error'"]),
        (change(GRADER, "    lines = check_curves", '    expected.array("losses")\n    lines = check_curves'),
         "public-asks-hidden", GRADER, ["loss_figure", "'losses'"]),
        (all_of(change(MISTAKES, '"uphill": uphill', '"uphill": uphill, "up": uphill'), recalibrated),
         "unused-mistake", MISTAKES, ["'up'"]),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_by_name(
    plant: Plant, rule: str, file: str, said: list[str], course: Path
) -> None:
    plant(course)
    found = faults(course)
    mine = [f for f in found if f.rule == rule]
    assert mine, found
    text = " / ".join(f.what for f in mine)
    assert all(part in text for part in said), text
    assert str(course / file) in {f.file for f in mine}
    assert all(f.todo.endswith(".") for f in mine)


@pytest.mark.parametrize(
    ("plant", "rule", "said"),
    [
        (change(GRADER, "near(by_two.number(), 4, 1e-9)", "near(by_two.number(), 2, 1e-9)"),
         "check-fails", ["simple_misses", "'es'", "1 of 2", "1 of 2 parts are right"]),
        (change(GRADER, 'said = yes_or_no', 'raise ValueError("oh")\n    said = yes_or_no'),
         "check-fails", ["long_step", "error"]),
        (change(SOURCE, "slope = 2 *", "slope = two *"), "solution-fails", ["q2-step", "NameError", "two"]),
        (change(GRADER, "    said = yes_or_no(claimed(work, \"long_step_helps\"))", '    said = "no"'),
         "free-points", ["long_step", "2 points"]),
        (all_of(change(TOML, "cell_s = 20", "cell_s = 3"),
                change(SOURCE, "slope = 2 *", "import time; time.sleep(1.2)\nslope = 2 *")),
         "tight-limit", ["cell_s is 3"]),
    ],
)  # fmt: skip
def test_running_the_solution_and_the_untouched_notebook_shows(
    plant: Plant, rule: str, said: list[str], course: Path
) -> None:
    plant(course)
    assert [f for f in faults(course) if f.severity == "error"] == []  # nothing that can be read
    mine = [f for f in faults(course, run=True) if f.rule == rule]
    assert len(mine) == 1, mine  # once, though it shows in two languages
    assert all(part in mine[0].what for part in said), mine[0].what


SCORES = f"assignments/{LAB}/samples/scores.toml"


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (change(SCORES, "q2 = 5.4", "q2 = 6"), ["luis-tzoc.ipynb", "q2 gets 5.4 points, 6 were declared"]),
        (change(SCORES, 'mistakes = ["uphill"]', "mistakes = []"), ["named: uphill; declared: none"]),
        (change(SCORES, '"waiting"', '"marked"'), ["ana-lopez.ipynb", "'waiting', 'marked' was declared"]),
        (
            change(SCORES, '"ana-lopez.ipynb"', '"ana.ipynb"'),
            ["ana-lopez.ipynb is not in", "ana.ipynb, which"],
        ),
        (change(SCORES, "points =", "pionts ="), ["`pionts`"]),
        (lambda course: (course / SCORES).unlink(), ["4 samples and no scores.toml"]),
    ],
)
def test_samples_are_held_to_what_is_declared_of_them(plant: Plant, said: list[str], course: Path) -> None:
    assert lint(find_course(course), LAB, run=False, samples=True) == []
    plant(course)
    found = lint(find_course(course), LAB, run=False, samples=True)
    assert {f.rule for f in found} == {"sample-score"}
    assert all(part in " / ".join(f.what for f in found) for part in said), found


def test_a_finding_tells_the_line(course: Path) -> None:
    change(TOML, ', en = "One step"', "")(course)
    change(GRADER, "points=4", "points=5")(course)
    change(SOURCE, 'lang="en" written=true', "written=true")(course)
    for finding in faults(course):
        assert finding.line is not None
        line = Path(finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1]
        assert {
            "assignment.toml": 'id = "q2"',
            "first_step.py": '@check("q2", points=5',
            "notebook.py": "written=true",
        }[Path(finding.file).name] in line


def test_what_the_loader_stops_at_does_not_hide_what_comes_after(course: Path) -> None:
    change(TOML, ', en = "One step downhill"', "")(course)
    change(TOML, "rubric]]\npoints = 3", "rubric]]\npoints = 4")(course)
    change(SOURCE, "def mean_squared_error(outputs, targets):", "def mean_squared_error(outputs, targets)")(
        course
    )
    change(GRADER, "points=4", "points=5")(course)
    (course / MISTAKES).unlink()
    (course / "reference" / "expected" / f"{LAB}.json").unlink()
    found = faults(course)
    assert [f.rule for f in found] == ["language-missing", "rubric-points", "refused", "points", "refused"]
    python = found[2]
    assert "expected ':'" in python.what
    assert python.line
    lines = (course / SOURCE).read_text(encoding="utf-8").splitlines()
    assert "def mean_squared_error" in lines[python.line - 1]


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (change(TOML, "points = 10", "pionts = 10"), ["`pionts`", "assignment.toml"]),
        (change(TOML, "points = 10", "points = -1"), ["-1"]),
        (change(GRADER, "UPHILL =", "import json\nUPHILL ="), ["'json'", "may import only"]),
        (change(GRADER, "UPHILL =", "1 / 0\nUPHILL ="), ["ZeroDivisionError"]),
        (change(REFERENCE, 'PROBES = {"mean', 'PROBES = {"means'), ["PROBES has no"]),
        (lambda course: (course / GRADER).unlink(), ["missing"]),
        (lambda course: (course / SOURCE).unlink(), ["missing"]),
    ],
)
def test_what_only_the_loader_sees_is_a_finding_too(plant: Plant, said: list[str], course: Path) -> None:
    plant(course)
    found = [f for f in faults(course) if f.rule in ("refused", "points")]
    assert found
    text = " ".join(f"{f.file} {f.what} {f.todo}" for f in found)
    assert all(part in text for part in said), text


@pytest.mark.parametrize("languages", [["es", "en"], ["es"], ["en"]])
def test_a_clean_course_has_no_findings_run_and_all(languages: list[str], tmp_path: Path) -> None:
    new_course(tmp_path / "course", languages=languages, titles={})
    released(tmp_path / "course")
    assert faults(tmp_path / "course", run=True) == []


@pytest.mark.parametrize(
    "harmless",
    [
        # a word that is the same in both languages
        all_of(change(GRADER, '_("losses")', '_("error")'), change(PO, 'msgid "losses"\nmsgstr "pérdidas"', 'msgid "error"\nmsgstr "error"')),
        # a question that a person alone marks
        all_of(add_to(TOML, QUESTION.replace("points = 3", "points = 0") + "\n[question.written]\npoints = 1\n"
                      '[[question.written.rubric]]\npoints = 1\ntext = { es = "Opina.", en = "Has an opinion." }\n'),
               add_to(SOURCE, '\n# %% [markdown] lang="es" question="q3" written=true\n# ¿Qué te pareció?\n'
                      '\n# %% [markdown] lang="en" question="q3" written=true\n# How was it?\n')),
        # an answer cell that is meant to be blank, and one for a language alone
        change(SOURCE, "# %%\nweight = 0.0", '# %% answer="q2-own"\n# Your own notes.\nnotes = ...\n\n# %%\nweight = 0.0'),
        # a role that the grader puts together
        change(GRADER, 'work.number("new_weight")', "work.number(f\"new_{'weight'}\")"),
        # a magic, and a name that comes out of a loop
        change(SOURCE, "# %%\nweights =", "# %%\n# %matplotlib inline\nweights ="),
        # short numbers that happen to be expected, and code that every lab has
        change(SOURCE, "# Keep the weight", "# About 1.5 or 1.49. `ax.legend()`, `ax.set_xlabel(\"w\")`. Keep the weight"),
    ],
)  # fmt: skip
def test_what_is_only_unusual_gives_no_finding(harmless: Plant, course: Path) -> None:
    harmless(course)
    assert faults(course) == []


def test_this_repository_s_own_labs_have_no_errors(course: Path, root: Path) -> None:
    own = find_course(root)
    found = [f for name in own.info.assignments for f in lint(own, name, run=False)]
    assert [f for f in found if f.severity == "error"] == []


def test_an_assignment_that_the_course_does_not_list_is_told(course: Path) -> None:
    change("course.toml", f'["{LAB}"]', "[]")(course)
    found = lint_course(find_course(course))
    assert [(f.rule, f.assignment, f.severity) for f in found] == [("not-listed", LAB, "warning")]


def command(course: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["lint", "--course", str(course), *arguments])
    return int(end.value.code or 0)


def test_errors_give_exit_code_1_and_warnings_alone_0(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(course, "--no-run") == 0
    assert "nothing to mend" in capsys.readouterr().out
    change(
        GRADER, 'work.curve("losses", length=truth.size)', 'work.curve("loss_" + "es", length=truth.size)'
    )(course)
    released_before_a_change(course)
    capsys.readouterr()
    assert command(course, "--no-run") == 0
    assert "warning: " in capsys.readouterr().out
    change(GRADER, "points=4", "points=5")(course)
    assert command(course, "--no-run", LAB) == 1
    said = capsys.readouterr().out
    assert re.search(
        r"first_step\.py:\d+: error: the checks of q2 add up to 11 points.*\[points\]\n    Change", said
    )


def test_as_json_the_findings_are_data(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(GRADER, "points=4", "points=5")(course)
    assert command(course, "--no-run", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["assignments"] == [LAB]
    (finding,) = told["findings"]
    assert (finding["rule"], finding["severity"], finding["assignment"]) == ("points", "error", LAB)
    assert finding["line"] > 0


def test_an_assignment_that_is_not_there_is_a_wrong_call(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(course, "first-stop") == 2
    assert f"Did you mean {LAB}?" in capsys.readouterr().err


def test_every_finding_is_explained_in_the_docs(root: Path) -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in (root / "src/coteja/grading/linting").glob("*.py"))
    rules = set(re.findall(r'rule="([\w-]+)"', code))
    assert len(rules) > 20
    for page in ("new-course.md", "new-course.es.md"):
        table = re.findall(r"^\| (`.*?) \|", (root / "docs" / page).read_text(encoding="utf-8"), flags=re.M)
        assert set(re.findall(r"`([\w-]+)`", " ".join(table))) == rules


def test_lint_writes_nothing(course: Path) -> None:
    def state() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in course.rglob("*") if p.is_file() and "__pycache__" not in p.parts}

    before = state()
    faults(course, run=True)
    assert state() == before
