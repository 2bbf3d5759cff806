"""Feedback says in a line of its own when it was handed in, what that costs, and by whose clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from coteja.feedback.render import render_pages
from coteja.i18n import Translator, translator
from coteja.model.result import Late, QuestionResult, SubmissionResult, WrittenAnswer

LATE = Late(
    standing="late",
    handed_in="2026-03-22T12:00:00-06:00",
    clock="file",
    due="2026-03-20T23:59:00-06:00",
    days=2,
    percent=20.0,
    points=36.0,
)


def result(late: Late | None, **more) -> SubmissionResult:
    question = QuestionResult(question="q1", title={"en": "One", "es": "Uno"}, points=45, max_points=50)
    base = SubmissionResult(
        assignment="lab", student="201901234", source="x.ipynb", sha256="", recording="", language="es",
        status="marked", points=45.0, max_points=50.0, pending_points=0.0, questions=(question,), seconds=1.0,
        late=late,
    )  # fmt: skip
    return replace(base, **more)


def pages(shown: SubmissionResult, language: str) -> dict[str, str]:
    say: Translator = translator(language)
    return render_pages(
        shown,
        say,
        assignment_title={"en": "Lab", "es": "Laboratorio"},
        other_languages={},
        marked_at=datetime(2026, 3, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize("suffix", ["html", "md"])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["2 days late.", "45 points before the penalty of 20 %, 36 after it.", "Handed in: March 22, 2026",
                "Due: March 20, 2026", "(UTC-06:00)", "The moment is the file", "tell your instructor"]),
        ("es", ["2 días de retraso.", "45 puntos antes de la penalización del 20 %; quedan 36.",
                "Entregado: 22 de marzo de 2026", "Fecha límite: 20 de marzo de 2026", "avísale a tu docente"]),
    ],
)  # fmt: skip
def test_late_work_is_told_with_the_points_before_and_after(language, said, suffix):
    page = pages(result(LATE), language)[suffix]
    assert [sentence for sentence in said if sentence not in page] == []


def test_the_total_is_the_one_after_the_penalty_and_the_questions_keep_their_points():
    page = pages(result(LATE), "en")["html"]
    assert '<span class="number">36</span>' in page
    assert "45 / 50" in page


def test_the_penalty_is_taken_off_the_written_marks_as_well():
    question = QuestionResult(
        question="q1", title={"en": "One"}, points=45, max_points=50,
        written=WrittenAnswer(text="…", max_points=10, points=5.0),
    )  # fmt: skip
    page = pages(result(LATE, questions=(question,)), "en")["html"]
    assert "50 points before the penalty of 20 %, 40 after it." in page
    assert '<span class="number">40</span>' in page


@pytest.mark.parametrize(
    ("changes", "english", "spanish"),
    [
        ({"standing": "on_time", "days": 0, "percent": 0.0}, "Handed in on time.", "Entregado a tiempo."),
        ({"standing": "grace", "days": 0, "percent": 0.0}, "within the grace period", "dentro del margen de tolerancia"),
        ({"percent": 0.0}, "That costs nothing.", "No tiene penalización."),
        ({"days": 1}, "1 day late.", "1 día de retraso."),
        ({"extended": True}, "Due, with your extension:", "Fecha límite, con tu prórroga:"),
        ({"standing": "too_late", "percent": 100.0, "until": "2026-03-21T23:59:00-06:00"},
         "Last moment: March 21, 2026", "Última fecha admitida: 21 de marzo de 2026"),
        ({"standing": "unknown", "handed_in": "", "clock": "none", "percent": 0.0, "days": 0},
         "is not known, so nothing was taken off", "así que no se descontó nada"),
        ({"standing": "unknown", "handed_in": "", "clock": "export", "flagged_late": True, "percent": 0.0, "days": 0},
         "marks it as late, but not since when", "indica que llegó tarde, pero no a qué hora"),
    ],
)  # fmt: skip
def test_each_standing_has_its_words(changes, english, spanish):
    shown = result(replace(LATE, **changes))
    for suffix in ("html", "md"):
        assert english in pages(shown, "en")[suffix]
        assert spanish in pages(shown, "es")[suffix]


def test_without_a_due_moment_there_is_no_line():
    page = pages(result(None), "en")
    assert "Handed in" not in page["html"]
    assert "Handed in" not in page["md"]


def test_a_name_of_the_roster_is_shown_beside_the_id_and_escaped():
    page = pages(result(None, name="Ana <b>López</b>"), "es")
    assert "<bdi>Ana &lt;b&gt;López&lt;/b&gt;</bdi> · <bdi>201901234</bdi>" in page["html"]
    assert "<b>López" not in page["md"]
