"""What a report says of a class: who has what, what went wrong, who waits; counts that add up, in any order."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from coteja.classreport.data import CheckInfo, ClassData, OutcomeRow, QuestionInfo, QuestionRow, SubmissionRow
from coteja.classreport.result import ClassReport
from coteja.classreport.summary import summarise
from coteja.model.message import message as _

from .conftest import MADE_AT, NOT_SQUARED, TITLE, late, result, unreadable

Make = Callable[..., ClassReport]


def test_scores_are_shares_of_what_is_marked_so_far(report_of: Make) -> None:
    report = report_of([result("Ana", 1, 1, 1), result("Beto", 1, 0, 0.5), result("Caro", 0, 0, 0)])
    assert report.scores is not None
    assert (report.scores.lowest, report.scores.median, report.scores.highest) == (0, 0.6, 1)
    assert report.scores.mean == pytest.approx(1.6 / 3, abs=1e-4)
    assert report.scores.max_points == 10
    assert [b.count for b in report.histogram] == [1, 0, 0, 0, 0, 0, 1, 0, 0, 1]


def test_a_mark_by_a_person_counts_with_what_it_is_out_of(report_of: Make) -> None:
    (ana, beto) = report_of([result("Ana", 1, 1, 1, written=2), result("Beto", 1, 1, 1)]).students
    assert (ana.points, ana.max_points, ana.pending) == (12, 15, 0)
    assert (beto.points, beto.max_points, beto.pending) == (10, 10, 5)


def test_what_could_not_be_read_has_no_points_and_is_no_zero(report_of: Make) -> None:
    report = report_of([result("Ana", 1, 1, 1), unreadable("Beto")])
    assert (report.submissions, report.scored) == (2, 1)
    assert sum(b.count for b in report.histogram) == 1
    assert report.students[1].points is None
    (look,) = report.looks
    assert (look.who.student, look.reason) == ("Beto", "unreadable")
    assert "line 3" in str(look.problem)


def test_a_check_counts_how_it_ended_for_everybody(report_of: Make) -> None:
    report = report_of([result("Ana", 1, 1, 1), result("Beto", 0.5, 0, 1), result("Caro", 0, 1, 1)])
    slope, errors = report.questions[0].checks
    assert (slope.counts.passed, slope.counts.partial, slope.counts.failed) == (1, 1, 1)
    assert (slope.share, errors.share) == (0.5, pytest.approx(2 / 3, abs=1e-4))
    first, second = report.questions
    assert (first.full, first.some, first.none) == (1, 2, 0)
    assert (second.full, second.written_waiting, second.waiting_points) == (3, 3, 15)


def test_a_check_that_a_person_must_decide_is_neither_right_nor_wrong(report_of: Make) -> None:
    report = report_of([result("Ana", 1, 1, 1), result("Beto", 1, 1, 0, look="claim")])
    (claim,) = report.questions[1].checks
    assert (claim.counts.look, claim.counts.failed, claim.share) == (1, 0, 1.0)
    (look,) = report.looks
    assert (look.reason, [str(c) for c in look.checks]) == ("check_asks", ["The claim is right"])
    assert look.anchor == "q2-1"


def test_our_own_fault_is_told_as_such(report_of: Make) -> None:
    broken = result("Ana", 1, 1, 0, status="needs_a_look")
    fault = replace(broken.questions[1].outcomes[0], status="error")
    broken = replace(broken, questions=(broken.questions[0], replace(broken.questions[1], outcomes=(fault,))))
    report = report_of([broken])
    assert report.looks[0].reason == "check_failed"
    assert report.questions[1].checks[0].counts.error == 1
    assert report.questions[1].checks[0].share is None


def test_the_commonest_mistake_comes_first_with_the_example_where_least_else_went_wrong(
    report_of: Make,
) -> None:
    rare = replace(NOT_SQUARED, id="rare", name=_("A rare one"))
    report = report_of(
        [
            result("Ana", 0, 0, 0, mistake=NOT_SQUARED),
            result("Beto", 1, 0, 1, mistake=NOT_SQUARED),
            result("Caro", 0, 1, 1, mistake=rare),
            result("Dora", 1, 1, 1),
        ]
    )
    common, other = report.misconceptions
    assert (common.id, common.students, common.lost) == ("not-squared", 2, 6)
    assert (common.example.who.student, common.example.anchor) == ("Beto", "q1-2")
    assert str(common.said) == "Yours is 1.5."
    assert str(common.explanation) == "Errors above and below the line cancel out."
    assert (other.id, other.students, other.lost) == ("rare", 1, 4)


def test_late_work_costs_its_penalty_in_the_scores_and_not_in_the_checks(report_of: Make) -> None:
    report = report_of(
        [
            result("Ana", 1, 1, 1, late=late("on_time", days=0, percent=0)),
            result("Beto", 1, 1, 1, late=late(days=2, percent=20)),
            result("Caro", 1, 1, 0, late=late("too_late", days=9, percent=100)),
            result("Dora", 1, 1, 1, late=late("unknown", days=0, percent=0)),
        ]
    )
    assert [(s.points, s.final) for s in report.students] == [(10, 10), (10, 8), (6, 0), (10, 10)]
    assert report.lateness is not None
    assert (report.lateness.on_time, report.lateness.unknown) == (1, 1)
    assert [(w.who.student, w.days, w.lost) for w in report.lateness.late] == [("Caro", 9, 6), ("Beto", 2, 2)]
    assert report.questions[0].share == 1


def test_without_a_due_moment_there_is_no_word_of_lateness(report_of: Make) -> None:
    assert report_of([result("Ana", 1, 1, 1)]).lateness is None


def test_results_of_two_versions_of_the_lab_are_said_to_be_mixed_and_not_compared(report_of: Make) -> None:
    ten = [result(f"s{i}", i % 2, 1, (i // 2) % 2) for i in range(12)]
    assert report_of(ten).questions[0].checks[0].discrimination is not None
    mixed = report_of([*ten, result("old", 1, 1, 1, max_points=12.0)])
    assert mixed.mixed
    assert mixed.questions[0].checks[0].discrimination is None
    assert mixed.scores is not None
    assert mixed.scores.max_points is None


def test_the_largest_run_is_named(report_of: Make) -> None:
    report = report_of([result("Ana", 1, 1, 1), result("Beto", 1, 1, 1, seconds=9.0, peak_memory_mb=50.0)])
    assert report.resources is not None
    assert (report.resources.seconds.max, report.resources.seconds.who.student) == (9, "Beto")
    assert (report.resources.memory_mb.max, report.resources.memory_mb.who.student) == (90, "Ana")


def test_an_anonymous_report_holds_no_name_no_file_and_no_text_of_anybody(report_of: Make) -> None:
    private = {"name": "Ana Lucía López", "late": late()}
    results = [
        result(
            "201900001",
            0,
            1,
            1,
            mistake=NOT_SQUARED,
            said=_("{x} is 3, not {y}.", x="mi_secreto", y=4),
            **private,
        ),
        unreadable("201900002", detail="mi_secreto.ipynb"),
    ]
    report = report_of(results, hide_names=b"k" * 32)
    text = msgspec.json.encode(report).decode()
    for secret in ("2019", "Lucía", "mi_secreto", '"s000"', "s001"):
        assert secret not in text
    assert sorted(s.who.student for s in report.students) == ["#1", "#2"]
    assert str(report.misconceptions[0].said) == "… is 3, not 4."


# --- whatever the class ---

kinds = st.tuples(*[st.sampled_from([0.0, 0.25, 1.0])] * 3, st.sampled_from(["fine", "unreadable", "look"]))


def rows_of(drawn: list[tuple[Any, ...]]) -> ClassData:
    submissions, answers, outcomes = [], [], []
    for number, (*shares, kind) in enumerate(drawn):
        name = f"s{number:03}"
        one = (
            unreadable(name)
            if kind == "unreadable"
            else result(name, *shares, look="slope" if kind == "look" else "")
        )
        submissions.append(
            SubmissionRow(
                file=name,
                student=name,
                status=one.status,
                points=one.points,
                max_points=one.max_points,
                seconds=1.0,
            )
        )
        for q in one.questions:
            answers.append(
                QuestionRow(
                    file=name, question=q.question, points=q.points, max_points=q.max_points, written_max=1.0
                )
            )
            outcomes += [
                OutcomeRow(
                    file=name, question=q.question, check=o.check, status=o.status, points=o.points,
                    max_points=o.max_points, look=o.look,
                )
                for o in q.outcomes
            ]  # fmt: skip
    return ClassData(
        assignment="line",
        title=TITLE,
        submissions=submissions,
        answers=answers,
        outcomes=outcomes,
        questions=[QuestionInfo(id=q) for q in ("q1", "q2")],
        checks=[
            CheckInfo(question=q, check=c, title=_(c))
            for q, c in (("q1", "slope"), ("q1", "errors"), ("q2", "claim"))
        ],
    )


@given(st.lists(kinds, max_size=25))
def test_counts_add_up_whatever_the_class(drawn: list[tuple[Any, ...]]) -> None:
    report = summarise(rows_of(drawn), made_at=MADE_AT)
    assert sum(report.statuses.values()) == report.submissions == len(report.students) == len(drawn)
    assert sum(b.count for b in report.histogram) == report.scored == sum(d[3] != "unreadable" for d in drawn)
    assert len(report.looks) == report.statuses["needs_a_look"]
    for question in report.questions:
        assert question.full + question.some + question.none == report.scored
        assert question.written_waiting + question.written_marked == report.scored
        for check in question.checks:
            assert sum(astuple(check.counts)) == report.scored
            assert check.discrimination is None or -1 <= check.discrimination <= 1
            assert check.share is None or 0 <= check.share <= 1


@given(st.lists(kinds, max_size=25), st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(drawn: list[tuple[Any, ...]], seed: int) -> None:
    data = rows_of(drawn)
    mixed = [list(rows) for rows in (data.submissions, data.answers, data.outcomes)]
    for rows in mixed:
        random.Random(seed).shuffle(rows)
    shuffled = replace(data, submissions=mixed[0], answers=mixed[1], outcomes=mixed[2])
    assert summarise(shuffled, made_at=MADE_AT) == summarise(data, made_at=MADE_AT)
