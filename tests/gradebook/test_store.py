"""The store: results and marks are appended, nothing is overwritten, and the newest that stands counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from coteja.errors import UsageError
from coteja.gradebook.rows import answer_digest_of
from coteja.gradebook.store import Gradebook
from coteja.grading.ledger import with_marks

Make = Callable[..., Any]


def test_a_result_comes_back_with_its_outcomes_and_who_gave_it(
    book: Gradebook, result: Make, given: Make
) -> None:
    number = book.append(result(), given(work_digest="w", run_digest="r"))
    stored = book.current_of("line", "ana")
    assert stored is not None
    assert (stored.id, stored.points, stored.given_by, stored.recording) == (
        number,
        3.0,
        "coteja grade",
        "55-ana",
    )
    assert (stored.work_digest, stored.run_digest, stored.ran_by) == ("w", "r", "0.1")
    (outcome,) = book.outcomes(number)
    assert (outcome.check, outcome.status, outcome.points) == ("slope", "partial", 3.0)


def test_the_newest_result_counts_and_the_older_ones_stay(book: Gradebook, result: Make, given: Make) -> None:
    book.append(result(), given(work_digest="w", run_digest="r"))
    book.append(result(points=4.0), given(given_by="coteja regrade"))
    assert [stored.points for stored in book.history("line", "ana")] == [3.0, 4.0]
    assert book.current("line")["ana"].points == 4.0


def test_a_regrade_rests_on_the_run_that_is_known(book: Gradebook, result: Make, given: Make) -> None:
    book.append(result(), given(work_digest="w", run_digest="r"))
    book.append(result(points=4.0), given(given_by="coteja regrade"))
    assert book.database.contents()["line"] == {"students": 1, "runs": 1, "results": 2, "marks by people": 0}
    assert book.current("line")["ana"].work_digest == "w"


def test_a_mark_counts_until_a_newer_one_or_its_undoing(book: Gradebook, new_mark: Make) -> None:
    first = book.give_mark(new_mark())
    second = book.give_mark(new_mark(points=1.0, comment="Falta el signo"))
    assert book.standing_marks("line") == {("ana", "q1"): second}
    undone = book.undo_mark(second.id, given_by="otra", given_at="2026-03-03T00:00:00+00:00")
    assert (undone.undone, undone.undone_by) == (True, "otra")
    assert book.standing_marks("line") == {("ana", "q1"): first}
    assert len(book.marks("line")) == 2


def test_undoing_twice_changes_nothing_and_a_mark_that_is_not_there_is_told(
    book: Gradebook, new_mark: Make
) -> None:
    mark = book.give_mark(new_mark())
    once = book.undo_mark(mark.id, given_by="a", given_at="x")
    assert book.undo_mark(mark.id, given_by="b", given_at="y") == once
    with pytest.raises(UsageError, match="no mark with number 99"):
        book.undo_mark(99, given_by="a", given_at="x")


def test_a_mark_belongs_to_the_answer_that_was_read(book: Gradebook, result: Make, new_mark: Make) -> None:
    read = book.give_mark(new_mark(answer_digest=answer_digest_of("Because"), comment="Bien"))
    marked = with_marks(result(), {"q1": read})
    assert (marked.questions[0].written.points, marked.questions[0].written.comment) == (2.0, "Bien")
    assert (marked.status, marked.pending_points) == ("marked", 0)
    other = book.give_mark(new_mark(answer_digest=answer_digest_of("Something else")))
    waiting = with_marks(result(), {"q1": other})
    assert (waiting.questions[0].written.points, waiting.status) == (None, "waiting")


def test_the_bank_keeps_a_text_once_for_each_question(book: Gradebook) -> None:
    for question in ("q1", "q1", "q2"):
        book.keep_comment("line", question, "Mira el signo", given_by="a", given_at="x")
    assert [comment.question for comment in book.comments("line")] == ["q1", "q2"]
    assert len(book.comments("line", "q1")) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(steps=st.lists(st.tuples(st.sampled_from("gu"), st.integers(0, 5)), max_size=12))
def test_whatever_is_given_and_undone_the_newest_that_stands_counts(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory, new_mark: Make
) -> None:
    book = Gradebook.open(str(tmp_path_factory.mktemp("marks") / "g.db"))
    model: list[list[Any]] = []  # number, points, stands
    for step, value in steps:
        if step == "g":
            model.append([book.give_mark(new_mark(points=float(value))).id, float(value), True])
        elif value < len(model):
            book.undo_mark(model[value][0], given_by="a", given_at="x")
            model[value][2] = False
    standing = [points for _number, points, stands in model if stands]
    found = book.standing_marks("line").get(("ana", "q1"))
    assert (found.points if found else None) == (standing[-1] if standing else None)
    assert len(book.marks("line")) == len(model)
    book.close()


def append_many(book: Gradebook, result: Make, given: Make, new_mark: Make) -> None:
    def one(number: int) -> None:
        book.append(
            result(student=f"s{number % 7}", recording=f"r{number}"), given(work_digest="w", run_digest="r")
        )
        book.give_mark(new_mark(student=f"s{number % 7}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(60)))
    assert book.database.contents()["line"] == {
        "students": 7,
        "runs": 60,
        "results": 60,
        "marks by people": 60,
    }
    assert len(book.current("line")) == 7


def test_many_at_once_lose_nothing(book: Gradebook, result: Make, given: Make, new_mark: Make) -> None:
    append_many(book, result, given, new_mark)


def test_on_postgresql_nothing_is_different(
    postgresql: str, result: Make, given: Make, new_mark: Make
) -> None:
    book = Gradebook.open(postgresql)
    append_many(book, result, given, new_mark)
    mark = book.give_mark(new_mark(student="s0", points=0.5))
    assert book.standing_marks("line")["s0", "q1"] == mark
    assert book.database.upgrade() == book.database.revision()
    assert "password" not in book.database.name
    book.close()


def test_text_of_any_alphabet_is_kept(book: Gradebook, new_mark: Make) -> None:
    told = "Ñandú 🐦 ‘日本’ \u202e"
    book.give_mark(new_mark(student=told, comment=told))
    assert book.marks("line", told)[0].comment == told


def test_two_programs_can_make_one_gradebook_at_the_same_time(tmp_path: Path) -> None:
    named = str(tmp_path / "deep" / "gradebook.db")
    with ThreadPoolExecutor(6) as pool:
        books = list(pool.map(lambda _: Gradebook.open(named), range(6)))
    assert {book.database.revision() for book in books} == {books[0].database.revision()}
    for book in books:
        book.close()
