"""Presentation decided without a template: numbers, states, dates, and what is worth saying first."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta, timezone

import pytest

from coteja.feedback import plain, svg, view
from coteja.i18n import Translator
from coteja.model.message import message as _
from coteja.model.result import Comparison, SubmissionResult

from .conftest import MARKED_AT, TITLE, outcome, submission


def test_different_numbers_never_look_the_same(en: Translator) -> None:
    line = Comparison(label=_("cost"), expected=0.12345678, found=0.12345679)
    assert view.comparison_numbers(line, en) == ("0.12345678", "0.12345679")


@pytest.mark.parametrize(
    ("expected", "tolerance", "shown"),
    [(1.0525581, 1e-6, "1.052558"), (3.17012345, 0.05, "3.17"), (1e151, 1e-6, "1×10¹⁵¹")],
)
def test_numbers_have_as_many_digits_as_the_tolerance_asks_for(
    expected: float, tolerance: float, shown: str, en: Translator
) -> None:
    line = Comparison(label=_("cost"), expected=expected, found=expected, tolerance=tolerance, ok=True)
    assert view.comparison_numbers(line, en) == (shown, shown)


def test_what_a_person_must_decide_is_neither_right_nor_wrong(es: Translator) -> None:
    undecided = outcome("c", "q0", "t", "failed", 0, 4, "m", look=True)
    assert view.state_of(undecided) == "look"
    assert view.state_of(outcome("c", "q0", "t", "passed", 4, 4, "m", look=True)) == "passed"


def test_a_date_says_its_zone(es: Translator) -> None:
    assert view.moment("2026-03-14T15:09:00+00:00", es).startswith("14/03/2026")
    assert view.moment(datetime(2026, 3, 14, 15, 9, tzinfo=UTC), es).endswith("UTC")
    assert view.moment(datetime(2026, 3, 14, 9, 9, tzinfo=timezone(timedelta(hours=-6))), es).endswith(
        "UTC-06:00"
    )
    assert view.moment("<yesterday>", es) == "<yesterday>"


def test_a_question_waits_for_its_written_answer(mistaken: SubmissionResult, en: Translator) -> None:
    page = view.page(mistaken, en, assignment_title=TITLE, other_languages={}, marked_at=MARKED_AT)
    assert [(q.state, q.word, q.pending) for q in page.questions] == [
        ("passed", "All right", 0), ("passed", "Right so far", 10),
        ("partial", "Partly right", 10), ("look", "Needs a look", 10),
    ]  # fmt: skip


def test_a_curve_is_told_in_words_as_well(mistaken: SubmissionResult, es: Translator) -> None:
    page = view.page(mistaken, es, assignment_title=TITLE, other_languages={}, marked_at=MARKED_AT)
    drawing = page.questions[3].checks[0].drawing
    assert drawing
    assert (
        drawing.in_words[1]
        == "costos_mse (lo tuyo): va de 0.357529 a 0.248766; mínimo 0.248766, máximo 0.357529."
    )
    assert drawing.in_words[1] in drawing.wide


def test_a_result_with_nothing_in_it_can_be_shown(en: Translator) -> None:
    page = view.page(
        submission(), en, assignment_title={}, other_languages={"xx-nowhere": "x"}, marked_at=MARKED_AT
    )
    assert page.title == "two-layer-network"
    assert page.languages[0].name == "Xx-nowhere"
    assert page.share == 0


@pytest.mark.parametrize("module", [plain, svg, view])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("- a", r"\- a"), ("# a", r"\# a"), ("1. a", r"1\. a"), ("1.5", "1.5"), ("a\n\n# b", "a # b"),
     ("x" + " " * 9 + "y", "x y"),
     ("a_b", r"a\_b"), ("http://x", r"http\://x"), ("&lt;", "&amp;lt;"), ("  - a", r" \- a")],
)  # fmt: skip
def test_text_for_markdown_is_escaped_where_it_would_begin_something(text: str, shown: str) -> None:
    assert plain.escape_markdown(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\x1b[38;5;66;03m# x\x1b[39m", "# x"), ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
     ("\x9b31mx", "x"), ("\ud800", "\ufffd"),
     ("a\tb\nc", "a\tb\nc"), ("\x1b", ""), ("\x1b(B", "")],
)  # fmt: skip
def test_terminal_codes_and_invisible_characters_go(text: str, shown: str) -> None:
    assert plain.plain(text) == shown
