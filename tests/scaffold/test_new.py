"""`coteja new`: the course that it makes works as it is, in both languages and in either; nothing is overwritten."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from coteja.calibration import calibrate
from coteja.cli import main
from coteja.course.load import find_course
from coteja.errors import UsageError
from coteja.grading.lab import load_lab
from coteja.scaffold import FILES, course_files, new_course

SAMPLES = "assignments/first-step/samples"


def run(*arguments: str | Path) -> int:
    """The program in this process; its exit code."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    return int(end.value.code or 0)


def coteja(course: Path, *arguments: str) -> str:
    """The program as people call it, in the course's folder; its output."""
    command = [sys.executable, "-m", "coteja", *arguments]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(("options", "samples"), [([], 4), (["--lang", "es"], 2), (["--lang", "en"], 2)])
def test_a_new_course_releases_and_marks_its_samples_as_declared(
    options: list[str], samples: int, tmp_path: Path
) -> None:
    course = tmp_path / "course"
    assert run("new", course, *options) == 0
    coteja(course, "lint")
    coteja(course, "release", "first-step")
    languages = find_course(course).info.languages
    assert [(course / "released" / lang / "first-step.ipynb").is_file() for lang in languages] == [
        True for _lang in languages
    ]
    found = {
        Path(result["source"]).name: result
        for result in json.loads(coteja(course, "grade", "first-step", SAMPLES, "--json"))["results"]
    }
    declared = tomllib.loads((course / SAMPLES / "scores.toml").read_text(encoding="utf-8"))["sample"]
    assert len(declared) == samples
    assert sorted(found) == sorted(sample["file"] for sample in declared)
    for sample in declared:
        result = found[sample["file"]]
        assert {q["question"]: q["points"] for q in result["questions"]} == sample["points"]
        assert (result["status"], named(result)) == (sample["status"], sample["mistakes"])


def named(result: dict[str, Any]) -> list[str]:
    outcomes = [o for q in result["questions"] for o in q["outcomes"]]
    return [o["misconception"]["id"] for o in outcomes if o["misconception"]]


def test_its_expected_artefacts_are_what_calibrate_writes_byte_by_byte(tmp_path: Path) -> None:
    new_course(tmp_path / "course", languages=["es", "en"], titles={})
    path, text = calibrate(find_course(tmp_path / "course"), "first-step")
    assert path.read_bytes() == text.encode("utf-8")


@pytest.mark.parametrize(("language", "other"), [("es", "en"), ("en", "es")])
def test_a_course_in_one_language_keeps_nothing_of_the_other(
    language: str, other: str, tmp_path: Path
) -> None:
    course = tmp_path / "course"
    new_course(course, languages=[language], titles={})
    lab = load_lab(find_course(course), "first-step")
    assert lab.assignment.languages == (language,)
    assert {cell.lang for cell in lab.source} == {None, language}
    for name, data in content(course).items():
        text = data.decode("utf-8")
        assert not re.search(rf'\b{other} = "|lang="{other}"|README\.es', text), name
        assert f"@TITLE_{other.upper()}" not in text
    assert (course / "README.md").read_text(encoding="utf-8").startswith("# M")
    assert not (course / "README.es.md").exists()


def test_the_title_is_written_wherever_it_stands_quotes_and_all(tmp_path: Path) -> None:
    course = tmp_path / "course"
    title = 'Redes "profundas" \\ ñandú'
    assert run("new", course, "--title-es", title, "--title-en", "Deep networks") == 0
    assert find_course(course).info.title == {"es": title, "en": "Deep networks"}
    assert (course / "README.es.md").read_text(encoding="utf-8").startswith(f"# {title}\n")
    assert not [name for name, data in content(course).items() if b"@TITLE" in data or b"@VERSION" in data]


def test_every_sentence_of_its_grader_is_translated(tmp_path: Path) -> None:
    new_course(tmp_path / "course", languages=["es", "en"], titles={})
    assert load_lab(find_course(tmp_path / "course"), "first-step").untranslated("es") == []


def test_every_file_that_its_readme_names_is_there(tmp_path: Path) -> None:
    new_course(tmp_path / "course", languages=["es", "en"], titles={})
    for readme in ("README.md", "README.es.md"):
        named = re.findall(
            r"^\| `(.*?)` \|", (tmp_path / "course" / readme).read_text(encoding="utf-8"), re.M
        )
        assert len(named) > 8
        assert [n for n in named if not (tmp_path / "course" / n).exists()] == ["templates/"]  # it says so


def test_a_folder_with_something_in_it_is_refused_and_left_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")
    assert run("new", tmp_path) == 2
    said = capsys.readouterr().err
    assert "not empty" in said
    assert "thesis.tex" in said
    assert content(tmp_path) == {"thesis.tex": b"mine"}


def test_a_file_in_the_place_of_the_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "course").write_text("mine", encoding="utf-8")
    assert run("new", tmp_path / "course") == 2
    assert "this is a file" in capsys.readouterr().err


def test_an_empty_folder_and_a_repository_without_commits_are_filled(tmp_path: Path) -> None:
    (tmp_path / "course" / ".git").mkdir(parents=True)
    (tmp_path / "course" / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    assert run("new", tmp_path / "course") == 0
    assert find_course(tmp_path / "course").info.assignments == ("first-step",)
    assert [p.name for p in tmp_path.iterdir()] == ["course"]  # nothing temporary stays


def test_when_writing_fails_there_is_no_half_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, count = Path.write_bytes, 0

    def full_disk(path: Path, data: bytes) -> int:
        nonlocal count
        count += 1
        if count > 5:
            raise OSError(28, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    assert run("new", tmp_path / "course") == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--lang", "fr"], ["--lang fr", "es and en"]),
        (["--title-es", " "], ["--title-es", "one line"]),
        (["--title-en", "two\nlines"], ["--title-en", "one line"]),
        (["--lang", "es", "--title-en", "A course"], ["--title-en", "--lang en"]),
    ],
)
def test_a_wrong_option_is_one_sentence_and_makes_nothing(
    options: list[str], said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("new", tmp_path / "course", *options) == 2
    error = capsys.readouterr().err
    assert error.startswith("coteja: ")
    assert all(part in error for part in said)
    assert list(tmp_path.iterdir()) == []


def test_no_language_at_all_is_refused() -> None:
    with pytest.raises(UsageError):
        course_files([], {})


def test_the_files_lie_in_the_package_so_that_the_wheel_has_them() -> None:
    import coteja

    assert FILES.is_relative_to(Path(coteja.__file__).parent)
    assert (FILES / "course.toml").is_file()
