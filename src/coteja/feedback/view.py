"""What the templates show, decided: a result in one language as a `Page`, by pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import TypeGuard

from markupsafe import Markup

from coteja.feedback import svg
from coteja.feedback.late import late_line
from coteja.feedback.page import (
    Advice,
    Check,
    Drawing,
    Evidence,
    Language,
    Page,
    Part,
    Problem,
    Question,
    Written,
)
from coteja.feedback.plain import plain
from coteja.i18n import Translator
from coteja.model.message import Message, Param, message
from coteja.model.result import (
    CellProblem,
    Comparison,
    Misconception,
    Outcome,
    Picture,
    QuestionResult,
    SubmissionResult,
    WrittenAnswer,
)

#: A check's state in words: a colour or an icon never stands alone.
STATE_WORDS = {
    "passed": message("Right"),
    "partial": message("Partly right"),
    "failed": message("Not yet"),
    "skipped": message("Not looked at"),
    "error": message("Our fault"),
    "look": message("A person will look at it"),
}
#: The same as a sign, for Markdown.
STATE_SIGNS = {"passed": "✓", "partial": "◐", "failed": "✗", "skipped": "–", "error": "!", "look": "?"}

RUNG_WORDS = {
    "namespaces": message("namespaces, Landlock, seccomp and limits"),
    "landlock": message("Landlock, seccomp and limits"),
    "limits": message("limits only"),
    "none": message("none"),
}
FACT_WORDS = {
    "files": message("files"),
    "network": message("network"),
    "processes": message("processes"),
    "disk": message("disk"),
    "memory": message("memory"),
}
#: So many signs of a traceback are kept, from its end: that is where the error is.
MAX_TRACEBACK = 12_000


def page(
    result: SubmissionResult,
    translator: Translator,
    *,
    assignment_title: Mapping[str, str],
    other_languages: Mapping[str, str],
    marked_at: datetime,
) -> Page:
    """The whole page for `result` in the translator's language."""
    questions = tuple(_question(q, translator, number) for number, q in enumerate(result.questions, 1))
    before, possible = totals(result)
    earned = after_penalty(before, result)
    everything = possible + result.pending_points
    return Page(
        language=translator.language,
        title=plain(translator.one_of(assignment_title)) or plain(result.assignment),
        student=plain(result.student),
        status=result.status,
        scored=result.points is not None,
        ran=_ran(result),
        points=translator.fixed(earned, 2),
        max_points=translator.fixed(possible, 2),
        share=_share(earned, everything) or 0.0,
        pending=result.pending_points,
        pending_share=_share(result.pending_points, everything) or 0.0,
        advice=advice(result, questions),
        questions=questions,
        notes=tuple(_say(note, translator) for note in result.notes),
        languages=tuple(language_link(code, link) for code, link in other_languages.items()),
        source=plain(result.source),
        facts=_facts(result, translator, marked_at),
        isolation=_isolation(result, translator),
        versions=tuple((plain(name), plain(version)) for name, version in result.versions.items()),
        name=plain(result.name) if result.name != result.student else "",
        late=late_line(result, before, translator),
    )


def after_penalty(points: float, result: SubmissionResult) -> float:
    """Points once the penalty for lateness is taken off."""
    return round(points * (1 - result.late.percent / 100), 2) if result.late else points


def totals(result: SubmissionResult) -> tuple[float, float]:
    """Points earned and possible so far: by the checks, and by the written answers that have a mark."""
    marked = [q.written for q in result.questions if q.written and q.written.points is not None]
    earned = (result.points or 0.0) + sum(w.points or 0.0 for w in marked)
    return earned, result.max_points + sum(w.max_points for w in marked)


def state_of(outcome: Outcome) -> str:
    """How an outcome is shown: one that a person must decide is neither right nor wrong yet."""
    if outcome.look and outcome.status in ("failed", "partial"):
        return "look"
    return outcome.status


def advice(result: SubmissionResult, questions: tuple[Question, ...]) -> tuple[Advice, ...]:
    """What to mend, in the lab's order: one mistake or one next step comes once, with all that it cost."""
    found: dict[str, Advice] = {}
    for question, shown in zip(result.questions, questions, strict=True):
        for outcome, check in zip(question.outcomes, shown.checks, strict=True):
            if check.state not in ("failed", "partial"):
                continue
            key = outcome.misconception.id if outcome.misconception else check.next_step or check.message
            lost = outcome.max_points - outcome.points
            before = found.get(key)
            found[key] = Advice(
                anchor=before.anchor if before else check.anchor,
                title=before.title if before else check.mistake or check.title,
                question=before.question if before else shown.title,
                next_step=before.next_step if before else check.next_step or check.message,
                lost=round(lost + (before.lost if before else 0.0), 2),
            )
    return tuple(found.values())


def comparison_numbers(comparison: Comparison, translator: Translator) -> tuple[str, str]:
    """Expected and found as text, with as many digits as it takes to tell apart what is not the same.

    >>> from coteja.i18n import translator
    >>> line = Comparison(label=message("cost"), expected=0.6931471, found=0.6931474)
    >>> comparison_numbers(line, translator("en"))
    ('0.6931471', '0.6931474')
    """
    expected, found = comparison.expected, comparison.found
    if not _is_number(expected) or not _is_number(found):
        return _say(expected, translator), _say(found, translator)
    least = _digits(expected, comparison.tolerance), _digits(found, comparison.tolerance)
    for more in range(12):
        texts = translator.number(expected, least[0] + more), translator.number(found, least[1] + more)
        if texts[0] != texts[1] or expected == found or comparison.ok:
            break
    return texts


def _digits(value: float, tolerance: Param | None) -> int:
    """How many significant digits show `value` down to the tolerance: 4 to 12, or 6 without one."""
    if not _is_number(tolerance) or not tolerance or not value:
        return 6
    before_point = math.floor(math.log10(abs(value))) + 1
    return min(12, max(4, before_point + math.ceil(-math.log10(abs(tolerance)) - 1e-9)))


def moment(text: str | datetime, translator: Translator) -> str:
    """A date and time by locale with its zone; text that is no date as it is."""
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else text
    except ValueError:
        return plain(str(text))
    zone = when.tzname()
    return translator.moment(when) + (f" {zone}" if zone else "")


# --- parts ---


def _say(text: Message | Param, translator: Translator) -> str:
    return plain(translator.say(text))


def _is_number(value: Param | None) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _share(part: float, whole: float) -> float | None:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else None


def _score(points: float, max_points: float, translator: Translator) -> str:
    return f"{translator.fixed(points, 2)} / {translator.fixed(max_points, 2)}"


def _question(question: QuestionResult, translator: Translator, number: int) -> Question:
    anchor = f"q{number}"
    checks = tuple(check(o, translator, f"{anchor}-{i}") for i, o in enumerate(question.outcomes, 1))
    written = _written(question.written, translator) if question.written else None
    points, possible = question.points, question.max_points
    if question.written and question.written.points is not None:
        points, possible = points + question.written.points, possible + question.written.max_points
    state = _question_state(checks, question, points, possible)
    pending = written.max_points if written and written.waiting else 0.0
    return Question(
        anchor=anchor,
        title=plain(translator.one_of(question.title)) or plain(question.question),
        state=state,
        word=_say(QUESTION_WORDS["so_far" if state == "passed" and pending else state], translator),
        score=_score(points, possible, translator) if possible > 0 else "",
        share=_share(points, possible),
        pending=pending,
        checks=checks,
        problems=tuple(_problem(p, translator) for p in question.problems),
        written=written,
    )


QUESTION_WORDS = {
    "passed": message("All right"),
    "so_far": message("Right so far"),
    "partial": message("Partly right"),
    "failed": message("Not yet"),
    "look": message("Needs a look"),
    "waiting": message("Waiting for marks"),
}


def _question_state(
    checks: tuple[Check, ...], question: QuestionResult, points: float, possible: float
) -> str:
    if any(check.state in ("error", "look") for check in checks):
        return "look"
    if possible <= 0:
        return "waiting" if question.written else "passed"
    if points >= possible - 1e-9:
        return "passed"
    return "partial" if points > 0 else "failed"


def check(outcome: Outcome, translator: Translator, anchor: str) -> Check:
    state = state_of(outcome)
    mistake = outcome.misconception if state in ("failed", "partial", "look") else None
    step = outcome.next_step or (mistake.next_step if mistake else None)
    undecided = state in ("error", "look")
    return Check(
        anchor=anchor,
        state=state,
        word=_say(STATE_WORDS[state], translator),
        sign=STATE_SIGNS[state],
        title=_say(outcome.title, translator),
        message=_say(outcome.message, translator),
        score=f"– / {translator.fixed(outcome.max_points, 2)}"
        if undecided
        else _score(outcome.points, outcome.max_points, translator),
        mistake=_name(mistake, translator) if mistake else "",
        explanation=_say(mistake.explanation, translator) if mistake else "",
        next_step=_say(step, translator) if step and state != "passed" else "",
        parts=tuple(Part(_say(c.label, translator), c.ok) for c in outcome.comparisons if _is_part(c)),
        evidence=tuple(_evidence(c, translator) for c in outcome.comparisons if not _is_part(c)),
        drawing=_drawing(outcome.picture, translator, anchor) if outcome.picture else None,
        public=outcome.public,
        also_looked_at=outcome.look and state == "passed",
    )


def _name(mistake: Misconception, translator: Translator) -> str:
    """What a check saw is told as it is; what all numbers together tell of, with how sure that is."""
    if mistake.confidence is None:
        return _say(mistake.name, translator)
    percent = min(99, int(100 * mistake.confidence))  # never sure
    return _say(
        message("Most likely ({percent} %): {mistake}", percent=percent, mistake=mistake.name), translator
    )


def _is_part(line: Comparison) -> bool:
    """Whether it is a yes or no, as `checking.parts` makes them: there is no number to show."""
    return isinstance(line.expected, Message) and line.expected.id == "yes"


def _evidence(line: Comparison, translator: Translator) -> Evidence:
    expected, found = comparison_numbers(line, translator)
    tolerance = line.tolerance
    shown = "" if tolerance is None else _say(tolerance, translator)
    return Evidence(
        label=_say(line.label, translator),
        expected=plain(expected),
        found=plain(found),
        tolerance=f"± {shown}" if _is_number(tolerance) and tolerance else shown if tolerance else "",
        ok=line.ok,
    )


def _drawing(picture: Picture, translator: Translator, anchor: str) -> Drawing:
    title, description = _say(picture.title, translator), _say(picture.description, translator)
    in_words = tuple(_in_words(picture, translator))
    alternative = " ".join(dict.fromkeys([description, *in_words]))

    def drawn(suffix: str, size: svg.Size) -> Markup:
        return svg.draw(picture, translator, name=f"{anchor}-{suffix}", size=size, description=alternative)

    return Drawing(
        title=title,
        description="" if description == title else description,
        in_words=in_words,
        wide=drawn("wide", svg.WIDE),
        narrow=drawn("narrow", svg.NARROW),
    )


def _in_words(picture: Picture, translator: Translator) -> list[str]:
    """Each curve as a sentence: its text alternative."""
    lines = []
    for series in picture.series:
        values = [y for y in series.y if y is not None]
        label = translator.say(series.label)
        side = translator.text("expected") if series.kind == "expected" else translator.text("yours")
        name = label if side.casefold() in label.casefold() else f"{label} ({side})"
        if not values:
            lines.append(translator.text("{name}: no finite values.", name=name))
            continue
        text = translator.text(
            "{name}: from {first} to {last}; lowest {low}, highest {high}.",
            name=name,
            first=values[0],
            last=values[-1],
            low=min(values),
            high=max(values),
        )
        if len(values) < len(series.y):
            text += " " + translator.text("Some values are infinite or not a number.")
        lines.append(text)
    return [plain(line) for line in lines]


def _problem(problem: CellProblem, translator: Translator) -> Problem:
    error = problem.error
    traceback = plain(error.traceback).strip("\n") if error else ""
    if len(traceback) > MAX_TRACEBACK:
        traceback = "…\n" + traceback[-MAX_TRACEBACK:]
    said = _say(problem.message, translator)
    value = plain(error.value).strip() if error else ""
    name = (
        f"{plain(error.name)}: {value}" if error and value and value.splitlines()[0][:300] not in said else ""
    )
    return Problem(
        where=translator.text("Cell {number}", number=problem.index + 1),
        message=said,
        error=name[:500],
        traceback=traceback,
    )


def _written(answer: WrittenAnswer, translator: Translator) -> Written:
    waiting = answer.points is None
    score = "" if answer.points is None else _score(answer.points, answer.max_points, translator)
    return Written(
        text=plain(answer.text).strip("\n"),
        waiting=waiting,
        score=score,
        max_points=answer.max_points,
        comment=plain(answer.comment).strip(),
    )


def language_link(code: str, link: str) -> Language:
    """The same page in another language, called what that language calls itself."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(code).get_language_name(code) or code
    except (UnknownLocaleError, ValueError):
        name = code
    return Language(code=code, name=name[:1].upper() + name[1:], link=link)


def _ran(result: SubmissionResult) -> bool:
    """Whether anything of the file was executed: an unreadable one was not."""
    return result.seconds > 0 or result.points is not None


def _facts(
    result: SubmissionResult, translator: Translator, marked_at: datetime
) -> tuple[tuple[str, str], ...]:
    text = translator.text
    rows = [(text("Your file"), plain(result.source))]
    if _ran(result):
        rows += [
            (text("Ran in"), text("{seconds} s", seconds=translator.fixed(result.seconds, 1))),
            (text("Processor time"), text("{seconds} s", seconds=translator.fixed(result.cpu_seconds, 1))),
            (text("Most memory used"), text("{size} MiB", size=translator.fixed(result.peak_memory_mb, 0))),
        ]
    if result.recorded_at and _ran(result):
        rows.append((text("Run on"), moment(result.recorded_at, translator)))
    rows.append((text("Marked on"), moment(marked_at, translator)))
    rows.append((text("SHA-256 of your file"), plain(result.sha256)))
    return tuple(rows)


def _isolation(result: SubmissionResult, translator: Translator) -> tuple[tuple[str, str], ...]:
    if not _ran(result):
        return ()
    rung = plain(result.isolation.rung)
    rows = [(translator.text("walls"), _say(RUNG_WORDS.get(rung, rung), translator))]
    for name, value in result.isolation.facts.items():
        word = _say(FACT_WORDS.get(name, name), translator)
        rows.append((word, translator.text("under control") if value == "ok" else plain(value)))
    return tuple(rows)
