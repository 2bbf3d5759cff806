"""Gradebooks to test with: a SQLite file, and a real PostgreSQL server that is started here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from postgresql_server import postgresql  # noqa: F401 (a fixture)

from coteja.cli import main
from coteja.gradebook.rows import Given, NewMark
from coteja.gradebook.store import Gradebook
from coteja.model.message import message
from coteja.model.result import Outcome, QuestionResult, SubmissionResult, WrittenAnswer
from coteja.scaffold import new_course


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """Runs a command in this process; returns what it says on both streams."""

    def run(*arguments: object, code: int = 0) -> str:
        with CliRunner().isolation() as streams:
            with pytest.raises(SystemExit) as end:
                main([str(a) for a in arguments])
            said = "".join(stream.getvalue().decode() for stream in streams[:2] if stream)
        assert end.value.code == code, said
        return said

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new course; `in` holds ana's notebook, all right, and ben's, which is not."""
    course = tmp_path_factory.mktemp("made") / "course"
    new_course(course, languages=["es", "en"], titles={})
    (course / "in").mkdir()
    samples = course / "assignments" / "first-step" / "samples"
    shutil.copy(samples / "ana-lopez.ipynb", course / "in" / "ana.ipynb")
    shutil.copy(samples / "james-reed.ipynb", course / "in" / "ben.ipynb")
    return course


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    gradebook = Gradebook.open(str(tmp_path / "gradebook.db"))
    yield gradebook
    gradebook.close()


@pytest.fixture
def result() -> Callable[..., SubmissionResult]:
    """A result of one question with one check and a written answer."""
    outcome = Outcome(
        check="slope",
        question="q1",
        title=message("Slope"),
        status="partial",
        points=3.0,
        max_points=4.0,
        message=message("Near."),
    )
    question = QuestionResult(
        question="q1",
        title={"en": "Line"},
        points=3.0,
        max_points=4.0,
        outcomes=(outcome,),
        written=WrittenAnswer(text="Because", max_points=2.0),
    )
    whole = SubmissionResult(
        assignment="line",
        student="ana",
        source="in/ana.ipynb",
        sha256="5" * 64,
        recording="55-ana",
        language="es",
        status="waiting",
        points=3.0,
        max_points=4.0,
        pending_points=2.0,
        questions=(question,),
        recorded_at="2026-03-01T10:00:00+00:00",
        marked_at="2026-03-01T10:00:05+00:00",
    )
    return lambda **changes: replace(whole, **changes)


@pytest.fixture
def given() -> Callable[..., Given]:
    def make(**changes: object) -> Given:
        fields = {
            "name": "ana",
            "content_digest": "c",
            "assignment_digest": "a",
            "check_digest": "k",
            "engine": "0.1",
            "given_by": "coteja grade",
            "outline": "{}",
        }
        return Given(**(fields | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def new_mark() -> Callable[..., NewMark]:
    def make(**changes: object) -> NewMark:
        fields = {
            "assignment": "line",
            "student": "ana",
            "question": "q1",
            "points": 2.0,
            "answer_digest": "d",
            "given_by": "Lic. Pérez",
            "given_at": "2026-03-02T10:00:00+00:00",
        }
        return NewMark(**(fields | changes))  # type: ignore[arg-type]

    return make
