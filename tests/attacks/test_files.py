"""Hostile files among honest ones: each costs only itself, and its student is told why."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest
from arena import FULL, HONEST, SECRET, Arena, live_markup
from click.testing import CliRunner
from files import FILES, HostileFile

from coteja.cli.app import cli
from coteja.feedback.plain import plain
from coteja.grading.intake.names import printable
from coteja.grading.marking import read_result
from coteja.grading.submissions import slug
from coteja.model.intake import IntakeFile
from coteja.model.result import SubmissionResult

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls need Linux")

EACH_FILE = pytest.mark.parametrize("file", FILES, ids=lambda file: file.title.replace(" ", "-"))


UNREADABLE = [file for file in FILES if file.points is None and not file.refused]
REFUSED = [file for file in FILES if file.refused]


@dataclass(frozen=True)
class Marked:
    """The arena after everything was marked by `coteja grade`."""

    arena: Arena
    results: dict[str, SubmissionResult]
    refused: dict[str, str]
    said: str

    def path(self, name: str) -> str:
        return printable(str(self.arena.submitted / name))


@pytest.fixture(scope="module", params=["the folder", "each file by name"])
def marked(request: pytest.FixtureRequest) -> Iterator[Marked]:
    """All hostile files and all honest ones, marked in one run of the command: `handed-in`, or `handed-in/*`."""
    with Arena() as arena:
        for file in FILES:
            file.build(arena, arena.submitted / file.file)
        named = request.param == "each file by name"
        paths = map(str, sorted(arena.submitted.iterdir()) if named else [arena.submitted])
        done = CliRunner().invoke(
            cli,
            ["grade", "vault", *paths, "--course", str(arena.course), "--out", str(arena.marked)],
            catch_exceptions=False,
        )
        assert done.exit_code == 0, done.output
        results = [read_result(path) for path in (arena.marked / "results").glob("*.json")]
        taken = msgspec.json.decode((arena.marked / "intake.json").read_bytes(), type=IntakeFile)
        refused = {item.source: item.said for item in taken.listed if item.why == "refused"}
        yield Marked(arena, {result.source: result for result in results}, refused, done.output)


@EACH_FILE
def test_a_hostile_file_costs_only_itself(marked: Marked, file: HostileFile) -> None:
    path = marked.path(file.file)
    if file.refused:
        assert path not in marked.results
        return
    (result,) = (r for source, r in marked.results.items() if source == path or source.startswith(f"{path}/"))
    assert result.points == file.points
    assert result.status == ("needs_a_look" if file.points is None else "waiting")


@pytest.mark.parametrize("file", UNREADABLE, ids=lambda file: file.title)
def test_a_student_whose_file_cannot_be_read_is_told_why_in_both_languages(
    marked: Marked, file: HostileFile
) -> None:
    result = marked.results[marked.path(file.file)]
    (note,) = result.notes
    assert re.search(file.says, str(note)), str(note)
    folder = marked.arena.places.feedback(slug(result.student))
    for language in ("en", "es"):
        page = (folder / f"feedback.{language}.html").read_text("utf-8")
        assert html.escape(marked.arena.lab.translator(language).say(note)) in html.escape(
            html.unescape(page)
        )


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.title)
def test_what_is_not_taken_in_is_listed_with_the_reason(marked: Marked, file: HostileFile) -> None:
    assert file.says in marked.refused[marked.path(file.file)]


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_neighbour_of_hostile_files_has_full_marks(marked: Marked, student: str) -> None:
    assert marked.results[marked.path(f"{student}.ipynb")].points == FULL


def test_everything_handed_in_has_a_result_or_a_reason_of_its_own(marked: Marked) -> None:
    assert len(marked.results) + len(marked.refused) == len(FILES) + len(HONEST)


def test_no_secret_and_no_password_is_in_anything_written(marked: Marked) -> None:
    honest = {
        path.parent
        for path in marked.arena.marked.rglob("executed.ipynb")
        if path.parent.name.endswith("-sibling")
    }
    for path in marked.arena.marked.rglob("*"):
        if path.is_file() and path != marked.arena.gradebook and path.parent not in honest:
            data = path.read_bytes()
            assert not SECRET.search(data), path
            assert b"root:x:" not in data, path


def test_no_page_holds_live_markup_or_codes(marked: Marked) -> None:
    pages = [p for p in marked.arena.marked.rglob("feedback.*") if p.suffix in (".html", ".md")]
    assert len(pages) >= 2 * len(marked.results)
    for page in pages:
        text = page.read_text("utf-8")
        assert plain(text) == text, page
        assert not live_markup(text), page


def test_names_bring_no_codes_to_the_terminal(marked: Marked) -> None:
    assert plain(marked.said) == marked.said


def test_nothing_is_written_outside_of_the_place_for_it(marked: Marked) -> None:
    assert {path.name for path in marked.arena.root.iterdir()} == {"course", "submitted", "marked", "service"}
    assert {path.name for path in marked.arena.marked.iterdir()} == {
        "recordings",
        "results",
        "feedback",
        "gradebook.db",
        "intake.json",
    }


def test_the_course_has_no_marks_among_its_own_files(marked: Marked) -> None:
    assert not (marked.arena.course / "marked").exists()
