"""A small class as `coteja grade` stores it: two questions, three checks and one written answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coteja.classreport.render import render_class
from coteja.classreport.result import ClassReport
from coteja.classreport.summary import summarise
from coteja.grading.class_data import class_data
from coteja.grading.marking import Places, dump_result
from coteja.i18n import translator
from coteja.model.message import Message
from coteja.model.message import message as _
from coteja.model.result import (
    Late,
    Misconception,
    Outcome,
    QuestionResult,
    SubmissionResult,
    WrittenAnswer,
)

TITLE = {"es": "Ajustar una recta", "en": "Fit a line"}
MADE_AT = datetime(2026, 3, 14, 15, 9, tzinfo=UTC).isoformat()
CHECKS = (("q1", "slope", 4.0), ("q1", "errors", 2.0), ("q2", "claim", 4.0))
TITLES = {
    "q1": {"es": "Mínimos cuadrados", "en": "Least squares"},
    "q2": {"es": "Tu afirmación", "en": "Your claim"},
}
NOT_SQUARED = Misconception(
    id="not-squared",
    name=_("The errors were not squared"),
    explanation=_("Errors above and below the line cancel out."),
    next_step=_("Square each error before you add them up."),
)
STATUS = {1.0: "passed", 0.0: "failed"}


def late(standing: Any = "late", *, days: int = 2, percent: float = 20.0) -> Late:
    """Handed in after the due moment."""
    return Late(standing=standing, due="2026-03-20T23:59:00-06:00", days=days, percent=percent)


def result(
    student: str,
    *shares: float,
    written: float | None = None,
    mistake: Misconception | None = None,
    said: Message | None = None,
    look: str = "",
    **more: Any,
) -> SubmissionResult:
    """A result in which each check earns that share of its points; `look`: the check that a person must decide.

    `mistake` is what the first check that is not right is recognised as.
    """
    outcomes = []
    for (question, check, most), share in zip(CHECKS, shares, strict=True):
        named = mistake if share < 1 and not any(o.misconception for o in outcomes) else None
        outcomes.append(
            Outcome(
                check=check,
                question=question,
                title=_(f"The {check} is right"),
                status=STATUS.get(share, "partial"),  # type: ignore[arg-type]
                points=most * share,
                max_points=most,
                message=said or _("Yours is {found}.", found=1.5),
                misconception=named,
                look=check == look,
            )
        )
    questions = tuple(
        QuestionResult(
            question=name,
            title=title,
            points=sum(o.points for o in outcomes if o.question == name),
            max_points=sum(o.max_points for o in outcomes if o.question == name),
            outcomes=tuple(o for o in outcomes if o.question == name),
            written=WrittenAnswer(text="…", max_points=5, points=written) if name == "q2" else None,
        )
        for name, title in TITLES.items()
    )
    fields: dict[str, Any] = {
        "assignment": "line",
        "student": student,
        "source": f"{student}.ipynb",
        "sha256": "0" * 64,
        "recording": "0",
        "language": "es",
        "status": "needs_a_look" if look else "waiting" if written is None else "marked",
        "points": sum(q.points for q in questions),
        "max_points": 10.0,
        "pending_points": 5.0 if written is None else 0.0,
        "questions": questions,
        "seconds": 1.0,
        "cpu_seconds": 0.5,
        "peak_memory_mb": 90.0,
        "marked_at": MADE_AT,
    }
    return SubmissionResult(**fields | more)


def unreadable(student: str, detail: str = "line 3") -> SubmissionResult:
    """Nothing to score: no points, and no zero."""
    blank = result(student, 0, 0, 0)
    return SubmissionResult(
        **{name: getattr(blank, name) for name in blank.__struct_fields__}
        | {
            "points": None,
            "status": "needs_a_look",
            "questions": (),
            "seconds": 0.0,
            "notes": (_("The file is not valid JSON ({detail}).", detail=detail),),
        }
    )


Stored = Callable[[Sequence[SubmissionResult]], Places]


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """Stores results the way `coteja grade` does, each with its pages."""

    def store(results: Sequence[SubmissionResult]) -> Places:
        places = Places(tmp_path / "marked")
        (places.root / "results").mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(results):
            name = f"s{number:03}"
            places.result(name).write_bytes(dump_result(one))
            for language in ("es", "en"):
                page = places.feedback(name) / f"feedback.{language}.html"
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text("<!doctype html>", encoding="utf-8")
        return places

    return store


@pytest.fixture
def report_of(stored: Stored) -> Callable[..., ClassReport]:
    """The report on stored results."""

    def make(results: Sequence[SubmissionResult], **options: Any) -> ClassReport:
        return summarise(class_data(stored(results), "line", TITLE), made_at=MADE_AT, **options)

    return make


def page_of(report: ClassReport, language: str = "en", **options: Any) -> str:
    """The page, with links to feedback that is there for everybody."""
    other = "en" if language == "es" else "es"
    return render_class(
        report,
        options.pop("translator", None) or translator(language),
        other_languages={other: f"class.{other}.html"},
        links=lambda file, wanted: f"feedback/{file}/feedback.{wanted}.html",
        **options,
    )
