"""The line about lateness: when it was handed in, when it was due, what that costs, and whose clock says so."""

from __future__ import annotations

from datetime import datetime

from coteja.feedback.page import Late
from coteja.i18n import Translator
from coteja.model.message import Message, message
from coteja.model.result import Late as LateResult
from coteja.model.result import SubmissionResult

_ = message

#: Which clock told the moment, for the student.
CLOCK_WORDS = {
    "given": _("Your instructor set this moment."),
    "gradescope": _("The moment is Gradescope's."),
    "nbgrader": _("The moment is nbgrader's."),
    "archive": _("The moment is the one that the archive holds. If it is not right, tell your instructor."),
    "file": _("The moment is the file's own. If it is not right, tell your instructor."),
}


def late_line(result: SubmissionResult, before: float, translator: Translator) -> Late | None:
    """The line for `result`, None where the assignment has no due moment. `before`: points before the penalty."""
    late = result.late
    if late is None:
        return None
    text = translator.text
    when, due = _moment(late.handed_in, late, translator), _moment(late.due, late, translator)
    if late.standing == "unknown":
        note = text("The moment of handing in is not known, so nothing was taken off.")
        if late.flagged_late:
            note = text("Your platform marks it as late, but not since when, so nothing was taken off.")
        return Late("unknown", text("Handed in at an unknown moment."), _due(late, due, translator), "", note)
    detail = text("Handed in: {when}", when=when) + " · " if when else ""
    return Late(
        state=late.standing,
        word=_word(late, translator),
        detail=detail + _due(late, due, translator),
        cost=_cost(late, before, translator) if result.points is not None else "",
        note=translator.say(CLOCK_WORDS[late.clock]) if late.clock in CLOCK_WORDS and late.days else "",
    )


def _word(late: LateResult, translator: Translator) -> str:
    if late.standing == "late":
        return translator.plural("{count} day late.", "{count} days late.", late.days)
    words: dict[str, Message] = {
        "on_time": _("Handed in on time."),
        "grace": _("Handed in within the grace period."),
        "too_late": _("Handed in after the last moment."),
    }
    return translator.say(words[late.standing])


def _due(late: LateResult, due: str, translator: Translator) -> str:
    line = (
        translator.text("Due, with your extension: {when}", when=due)
        if late.extended
        else translator.text("Due: {when}", when=due)
    )
    if late.standing == "too_late":
        line += " · " + translator.text("Last moment: {when}", when=_moment(late.until, late, translator))
    return line


def _cost(late: LateResult, before: float, translator: Translator) -> str:
    if late.standing not in ("late", "too_late"):
        return ""
    if not late.percent:
        return translator.text("That costs nothing.")
    return translator.text(
        "{before} points before the penalty of {percent} %, {after} after it.",
        before=translator.fixed(before, 2),
        percent=translator.fixed(late.percent, 2),
        after=translator.fixed(round(before * (1 - late.percent / 100), 2), 2),
    )


def _moment(text: str, late: LateResult, translator: Translator) -> str:
    """A moment on the course's clock; the offset is said with the due one, and where it is another."""
    from babel.dates import format_date, format_time

    if not text:
        return ""
    when, due = datetime.fromisoformat(text), datetime.fromisoformat(late.due)
    locale = translator.locale
    shown = f"{format_date(when, 'long', locale=locale)}, {format_time(when, 'short', locale=locale)}"
    return f"{shown} ({when.tzname()})" if text == late.due or when.utcoffset() != due.utcoffset() else shown
