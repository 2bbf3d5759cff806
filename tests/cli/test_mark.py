"""`coteja mark`: a person reads the written answers of a marked class, group by group."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from coteja.cli import main
from coteja.scaffold import new_course

LAB = "first-step"
SAME = "Porque el paso largo salta al otro lado del valle y cae más arriba de donde salió"
ANSWERS = {
    "ana": SAME,
    "beto": SAME + ".",
    "carla": SAME.replace("salta", "brinca"),
    "delia": "No sé",
    "hostil": "\x1b[2J\x1b]0;mío\x07 [bold]{points}[/bold] <script>alert(1)</script>\u202e",
}


def coteja(*arguments: object, typed: Sequence[str] = (), code: int = 0) -> str:
    """What the program says, on both streams."""
    with CliRunner().isolation(input="".join(f"{line}\n" for line in typed)) as streams:
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
        said = "".join(stream.getvalue().decode() for stream in streams[:2] if stream)
    assert end.value.code == code, said
    return said


def handed_in(course: Path, folder: Path, answers: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for student, text in answers.items():
        notebook = nbformat.read(course / "solved" / "es" / f"{LAB}.ipynb", as_version=4)
        cell = next(c for c in notebook.cells if c.metadata.get("coteja", {}).get("kind") == "written")
        cell.source = text
        nbformat.write(notebook, folder / f"{student}.ipynb")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose class of five is marked by the checks."""
    course = tmp_path_factory.mktemp("made") / "course"
    new_course(course, languages=["es", "en"], titles={})
    coteja("release", LAB, "--solution", "--course", course)
    coteja("grade", LAB, handed_in(course, course / "in", ANSWERS), "--course", course)
    return course


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


@pytest.fixture
def mark(course: Path) -> Callable[..., str]:
    def run(*typed: str, options: Sequence[str] = ()) -> str:
        return coteja("mark", LAB, "--by", "Lic. Pérez", "--course", course, *options, typed=typed)

    return run


def written(course: Path, student: str) -> dict[str, Any]:
    result = json.loads((course / "marked" / LAB / "results" / f"{student}.json").read_text("utf-8"))
    return next(q["written"] for q in result["questions"] if q["written"])


def page(course: Path, student: str, language: str = "es", suffix: str = "html") -> str:
    return (course / "marked" / LAB / "feedback" / student / f"feedback.{language}.{suffix}").read_text(
        "utf-8"
    )


def test_answers_that_say_the_same_get_the_same_mark(course: Path, mark: Callable[..., str]) -> None:
    said = mark("4 Falta el gradiente", "q")
    assert "3 answers that say the same" in said
    assert [written(course, s)["points"] for s in ("ana", "beto", "carla", "delia")] == [4, 4, 4, None]


def test_the_feedback_shows_the_points_and_what_the_person_says(
    course: Path, mark: Callable[..., str]
) -> None:
    mark("4 Falta el <gradiente>", "q")
    assert "Falta el &lt;gradiente&gt;" in page(course, "ana")
    assert "Lo que dice quien la leyó" in page(course, "ana")
    assert "What the person who read it says" in page(course, "ana", "en")
    assert "Falta el" in page(course, "ana", "en", "md")
    assert "Falta el" not in page(course, "delia")


def test_both_languages_of_the_rubric_are_beside_the_answer(mark: Callable[..., str]) -> None:
    said = mark("q")
    assert "Dice que el paso largo" in said
    assert "Says that the long step" in said


def test_stopping_keeps_what_was_given_and_the_next_sitting_goes_on(
    course: Path, mark: Callable[..., str]
) -> None:
    mark("5", "q")
    said = mark("0", "q")
    assert "3 answers that say the same" not in said
    assert "5 written answers, 2 wait for a mark" in said
    assert sorted(str(written(course, s)["points"]) for s in ANSWERS) == ["0.0", "5.0", "5.0", "5.0", "None"]


def test_the_end_of_the_input_is_a_stop(course: Path, mark: Callable[..., str]) -> None:
    assert "Marks given: 3" in mark("5")
    assert written(course, "ana")["points"] == 5


def test_undo_takes_the_last_step_back_and_asks_again(course: Path, mark: Callable[..., str]) -> None:
    said = mark("5", "u", "1", "q")
    assert "Taken back: 3 marks" in said
    assert written(course, "beto")["points"] == 1


def test_skipped_answers_come_again_next_time(course: Path, mark: Callable[..., str]) -> None:
    mark("k", "k", "k")
    assert "5 written answers, 5 wait" in mark("q")


def test_a_group_can_be_marked_one_by_one(course: Path, mark: Callable[..., str]) -> None:
    mark("s", "1", "2", "3", "q")
    assert sorted(written(course, s)["points"] for s in ("ana", "beto", "carla")) == [1, 2, 3]


def test_the_bank_keeps_a_comment_for_the_next_answer(course: Path, mark: Callable[..., str]) -> None:
    said = mark("4 Bien visto", "2 #1", "q")
    assert "#1 Bien visto" in said
    assert {written(course, s)["comment"] for s in ANSWERS} == {"Bien visto", ""}
    assert sum(written(course, s)["comment"] == "Bien visto" for s in ANSWERS) == 4


def test_an_answer_like_one_marked_before_is_offered_its_mark(course: Path, mark: Callable[..., str]) -> None:
    mark("3 Bien visto", "q")
    coteja(
        "grade",
        LAB,
        handed_in(course, course / "late", {"eva": SAME.lower()}),
        course / "in",
        "--course",
        course,
    )
    said = mark("", "q")
    assert "Answers like this got 3: Bien visto" in said
    assert (written(course, "eva")["points"], written(course, "eva")["comment"]) == (3, "Bien visto")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("6", "worth 5 points at most"),
        ("cuatro", "neither points nor"),
        ("-1", "neither points nor"),
        ("3 #7", "no comment 7"),
        ("u", "Nothing was given"),
        ("", "neither points nor"),
    ],
)
def test_what_cannot_be_a_mark_gets_a_sentence_and_is_asked_again(
    typed: str, sentence: str, course: Path, mark: Callable[..., str]
) -> None:
    assert sentence in mark(typed, "2,5", "q")
    assert written(course, "ana")["points"] == 2.5


def test_anonymous_shows_nobody_s_name(mark: Callable[..., str]) -> None:
    seen = mark("k", "k", "k", options=["--anonymous"])
    assert not [student for student in ANSWERS if student in seen.replace("first-step", "")]
    assert "delia" in mark("k", "k", "k")


def test_an_answer_cannot_speak_to_the_terminal(mark: Callable[..., str]) -> None:
    seen = mark("k", "k", "k")
    assert "[bold]{points}[/bold] <script>" in seen
    assert not {"\x1b", "\x07", "\u202e"} & set(seen)


def test_a_mark_survives_a_regrade_and_an_unchanged_grade(course: Path, mark: Callable[..., str]) -> None:
    mark("4 Bien visto", "q")
    coteja("regrade", LAB, "--course", course)
    assert written(course, "ana")["points"] == 4
    coteja("grade", LAB, course / "in", "--course", course, "--again")
    assert (written(course, "ana")["points"], written(course, "ana")["comment"]) == (4, "Bien visto")


def test_another_answer_waits_again(course: Path, mark: Callable[..., str]) -> None:
    mark("4", "q")
    handed_in(course, course / "in", {"ana": "Ahora digo otra cosa"})
    coteja("grade", LAB, course / "in", "--course", course)
    assert (written(course, "ana")["points"], written(course, "beto")["points"]) == (None, 4)


def test_a_mark_that_another_person_gave_meanwhile_stays(
    course: Path, mark: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from coteja.cli.mark import _Session

    asked = _Session._ask

    def slow(self: _Session, before: object) -> str:
        monkeypatch.setattr(_Session, "_ask", asked)
        coteja("mark", LAB, "--by", "otra", "--course", course, typed=["1", "q"])
        return "5"

    monkeypatch.setattr(_Session, "_ask", slow)
    said = mark("q")
    assert "otra gave 1 to one of these meanwhile; that stays" in said
    assert written(course, "ana")["points"] == 1


def test_list_says_how_many_wait_and_asks_nothing(mark: Callable[..., str]) -> None:
    assert mark(options=["--list"]) == "q2: 5 written answers, 5 wait for a mark.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--question", "q9"], "--question q9: first-step has written answers in: q2."),
        (["--out", "elsewhere"], "nothing has been marked here yet. Run `coteja grade` first."),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence(arguments: list[str], sentence: str, course: Path) -> None:
    assert sentence in coteja("mark", LAB, "--course", course, *arguments, code=2)
