"""A newcomer's course, end to end through the program: docs/authoring.md's lab, a second one, and wrong inputs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coteja.cli import main

TINY = Path(__file__).parent / "data" / "tiny-course"
LINE = Path("assignments/line")


def coteja(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "coteja", *arguments], cwd=course, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done


def results(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {result["student"]: result for result in json.loads(done.stdout)["results"]}


def outcomes(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {o["check"]: o for q in result["questions"] for o in q["outcomes"]}


def copy_course(to: Path) -> Path:
    return Path(shutil.copytree(TINY, to, ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, dict[str, Any]]]]:
    """The course with both labs released, solved, and marked: empty, right, and (the line) wrong in both languages."""
    course = copy_course(tmp_path_factory.mktemp("tiny") / "course")
    found = {}
    for lab in ("line", "neuron"):
        assert coteja(course, "release", lab).stderr == ""
        coteja(course, "release", lab, "--solution")
        for language in ("es", "en"):
            for kind, folder in (("empty", "released"), ("right", "solved")):
                (course / "handed" / lab).mkdir(parents=True, exist_ok=True)
                shutil.copy(
                    course / folder / language / f"{lab}.ipynb",
                    course / "handed" / lab / f"{kind}-{language}.ipynb",
                )
    for language in ("es", "en"):
        notebook = nbformat.read(course / "solved" / language / "line.ipynb", as_version=4)
        cell = next(c for c in notebook.cells if c.cell_type == "code" and "def fit_line" in c.source)
        cell.source = cell.source.replace("/ np.sum((x - x.mean()) ** 2)", "/ np.sum((y - y.mean()) ** 2)")
        nbformat.write(notebook, course / "handed" / "line" / f"wrong-{language}.ipynb")
    for lab in ("line", "neuron"):
        found[lab] = results(coteja(course, "grade", lab, f"handed/{lab}", "--json"))
    return course, found


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("lab", ["line", "neuron"])
def test_the_author_s_own_answers_get_every_point_and_the_empty_notebook_none(
    marked: tuple[Path, Any], lab: str, language: str
) -> None:
    found = marked[1][lab]
    assert found[f"right-{language}"]["points"] == 10
    assert found[f"empty-{language}"]["points"] == 0
    assert found[f"right-{language}"]["status"] == "waiting"  # for the written answer
    assert found[f"right-{language}"]["pending_points"] == 5


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_known_mistake_is_called_by_its_name(marked: tuple[Path, Any], language: str) -> None:
    found = outcomes(marked[1]["line"][f"wrong-{language}"])
    assert found["errors_cancel"]["status"] == "failed"
    assert found["best_line"]["status"] == "skipped"
    assert found["slope"]["misconception"]["id"] == "swapped"
    assert found["errors"]["points"] == 1  # two of four weights


def test_feedback_is_there_in_both_languages_and_in_one_language_each(marked: tuple[Path, Any]) -> None:
    folder = marked[0] / "marked" / "line" / "feedback" / "wrong-es"
    spanish = (folder / "feedback.es.md").read_text(encoding="utf-8")
    english = (folder / "feedback.en.md").read_text(encoding="utf-8")
    assert "x y y cambiaron de lugar" in spanish
    assert "x and y changed places" in english
    assert "x and y changed places" not in spanish
    assert "La pendiente de los datos" in (folder / "feedback.es.html").read_text(encoding="utf-8")


def test_marking_again_gives_equal_results(marked: tuple[Path, Any]) -> None:
    course, found = marked
    again = results(coteja(course, "regrade", "line", "--json"))
    assert {s: {**r, "marked_at": ""} for s, r in again.items()} == {
        s: {**r, "marked_at": ""} for s, r in found["line"].items()
    }


@pytest.mark.parametrize(
    ("notebook", "code", "said"),
    [
        ("handed/line/right-es.ipynb", 0, "q1: se cumplen 1 de 1 revisiones"),
        ("handed/line/wrong-en.ipynb", 1, "q1: 0 of 1 checks hold"),
        ("handed/line/empty-es.ipynb", 1, "q1: se cumplen 0 de 1 revisiones"),
        # a function with a name in each language, and a question without public checks
        ("handed/neuron/right-es.ipynb", 0, "q2: nada que revisar antes de entregar"),
    ],
)
def test_a_student_s_own_look_says_what_holds(
    marked: tuple[Path, Any], notebook: str, code: int, said: str
) -> None:
    done = coteja(marked[0], "check", notebook)
    assert (done.returncode, done.stdout.splitlines().count(said)) == (code, 1)


def test_released_notebooks_hold_no_solution_and_the_names_of_their_language(
    marked: tuple[Path, Any],
) -> None:
    spanish = (marked[0] / "released" / "es" / "neuron.ipynb").read_text(encoding="utf-8")
    assert "def pendiente_neurona(w, X, Y):" in spanish
    assert "X @ (answer" not in spanish
    assert set(json.loads(spanish)["metadata"]["coteja"]["public"]["expected"]) == {"costs"}


def test_the_stored_expectations_are_the_reference_s(capsys: pytest.CaptureFixture[str]) -> None:
    for lab in ("line", "neuron"):
        assert run("calibrate", lab, "--check", "--course", str(TINY)) == 0, capsys.readouterr().out


def run(*arguments: str) -> int:
    """The program in this process; its exit code."""
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


def change(file: str | Path, old: str, new: str) -> Callable[[Path], object]:
    def apply(course: Path) -> None:
        path = course / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def latin_1(file: str | Path) -> Callable[[Path], object]:
    return lambda course: (course / file).write_bytes(
        ("# ñ\n" + (course / file).read_text(encoding="utf-8")).encode("latin-1", "replace")
    )


def without(file: str | Path) -> Callable[[Path], object]:
    return lambda course: (course / file).unlink()


TOML, SOURCE, GRADER = LINE / "assignment.toml", LINE / "notebook.py", Path("graders/line.py")
REFERENCE, MISTAKES = Path("reference/line.py"), Path("reference/line_mistakes.py")
HANDED_IN = Path(__file__).parents[1] / "assignments" / "two-layer-network" / "samples" / "ana-lopez.ipynb"
RELEASE, GRADE, CALIBRATE = ("release", "line"), ("grade", "line", str(HANDED_IN)), ("calibrate", "line")


@pytest.mark.parametrize(
    ("wrong", "command", "code", "said"),
    [
        # course.toml and assignment.toml
        (change(TOML, "points = 10", "pionts = 10"), RELEASE, 1, ["`pionts`", "`question[0]`", "`points`"]),
        (change("course.toml", "locales", "locals"), RELEASE, 1, ["course.toml", "`locales` was meant"]),
        (change("course.toml", ', en = "Numerical methods"', ""), RELEASE, 1, ["title", "'en'"]),
        (change(TOML, ', en = "Fit a line"', ""), RELEASE, 1, ["assignment.toml", "title", "'en'"]),
        (change(TOML, "points = 10", "points = 12"), RELEASE, 1, ["line.py", "10 points", "says 12"]),
        (change(TOML, "points = 10", "points = -1"), RELEASE, 1, ["question q1", "-1", "0 or more"]),
        (change(TOML, "points = 5\ntext", "points = 4\ntext"), RELEASE, 1, ["rubric", "4 points", "is 5"]),
        (change(TOML, '"number"', '"nmuber"'), RELEASE, 1, ["'nmuber'", "Known: number"]),
        (change(TOML, 'es = "pendiente"', 'sp = "pendiente"'), RELEASE, 1, ["names.sp", "es, en"]),
        (change(TOML, '"pendiente"', '"la pendiente"'), RELEASE, 1, ["names.es", "'la pendiente'"]),
        (change(TOML, "points = 10", "points = "), RELEASE, 1, ["not valid TOML", "line"]),
        (latin_1(TOML), RELEASE, 1, ["assignment.toml", "UTF-8"]),
        # notebook.py
        (change(SOURCE, 'question="q1"', 'question="p1"'), RELEASE, 1, ["cell 4", "'p1'", "it has q1"]),
        (change(SOURCE, "answer=", "anwser="), RELEASE, 1, ["cell 6", "'anwser'", "known: answer"]),
        (change(SOURCE, ' lang="es"', ""), RELEASE, 1, ["cell 1", 'lang="es"', "None"]),
        (change(SOURCE, 'lang="es" question="q1"', "lang=es"), RELEASE, 1, ["cell 4", "lang=es", "quotes"]),
        (change(SOURCE, "(x, y):", "(x, y)"), RELEASE, 1, ["cell 6, line 1", "expected ':'"]),
        (latin_1(SOURCE), RELEASE, 1, ["notebook.py", "UTF-8"]),
        # the grader
        (change(GRADER, '"q1"', '"q7"'), RELEASE, 1, ["errors_cancel", "'q7'", "has q1"]),
        (change(GRADER, "-> Verdict:", "-> Verdict"), RELEASE, 1, ["SyntaxError", "(line.py, line "]),
        (change(GRADER, "SWAPPED =", "1 / 0\nSWAPPED ="), RELEASE, 1, ["line.py, line", "ZeroDivisionError"]),
        (change(GRADER, "SWAPPED =", "raise SystemExit(4)\nSWAPPED ="), RELEASE, 1, ["SystemExit"]),
        (change(GRADER, "SWAPPED =", "import json\nSWAPPED ="), RELEASE, 1, ["'json'", "may import only"]),
        (change(GRADER, "def best_line", "def slope"), RELEASE, 1, ["slope is defined again"]),
        (change(GRADER, '["errors_cancel"]', '"errors_cancel"'), RELEASE, 1, ["rests_on is a list"]),
        (change(GRADER, 'title=_("The slope of the data")', 'title="x"'), RELEASE, 1, ['_("...")', "'x'"]),
        (change(GRADER, "def slope(work: Work, expected: Expected)", "def slope(work: Work)"), RELEASE, 1, [
            "check slope must take two arguments"
        ]),
        (latin_1(GRADER), RELEASE, 1, ["graders", "UTF-8"]),
        (without(GRADER), RELEASE, 1, ["line.py", "missing", "docs/authoring.md"]),
        # the reference
        (without("reference/expected/line.json"), GRADE, 1, ["line.json", "missing", "coteja calibrate line"]),
        (change(REFERENCE, "EXPERIMENTS", "EXPERIMENT"), CALIBRATE, 1, ["EXPERIMENTS is missing"]),
        (change(REFERENCE, "data(dtype)\n", "data(1 / 0)\n"), CALIBRATE, 1, ["line 1", "experiment line"]),
        (change(REFERENCE, '{"slope"', '{"slop"'), CALIBRATE, 1, ["'slop'", "Did you mean 'slope'?"]),
        (change(MISTAKES, "line.data()", "line.daat()"), CALIBRATE, 1, ["mistake swapped", "daat"]),
        (change(REFERENCE, 'PROBES = {"fit_line"', 'PROBES = {"fit"'), RELEASE, 1, ["PROBES", "'fit_line'"]),
        (change(REFERENCE, '[[("fit_line"', '[[("fit"'), RELEASE, 1, ["no function 'fit'"]),
        (change(REFERENCE, "rng.normal", "rng.norml"), RELEASE, 1, ["PROBES['fit_line']", "AttributeError"]),
        # the command
        (lambda _course: None, ("grade", "lin", "."), 2, ["'lin'", "Did you mean line?"]),
        (lambda _course: None, ("grade", "line", "nowhere"), 2, ["nowhere", "no such file"]),
        (lambda _course: None, ("release", "line", "--lang", "fr"), 2, ["--lang fr", "es, en"]),
        (change("course.toml", '["line", "neuron"]', '["neuron"]'), RELEASE, 2, ["'line'", "Add line to it"]),
    ],
)  # fmt: skip
def test_what_a_newcomer_gets_wrong_is_one_sentence(
    wrong: Callable[[Path], object],
    command: tuple[str, ...],
    code: int,
    said: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    course = copy_course(tmp_path / "course")
    wrong(course)
    assert run(*command, "--course", str(course)) == code
    sentence = capsys.readouterr().err.strip()
    assert sentence.startswith("coteja: ")
    assert "\n" not in sentence
    for part in said:
        assert part in sentence
