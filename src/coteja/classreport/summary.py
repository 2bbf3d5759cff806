"""From the rows of a class to its report: a pure function, the same whatever order the rows come in."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, get_args

import numpy as np
from msgspec.structs import replace

from coteja.classreport.data import ClassData, OutcomeRow, QuestionRow, SubmissionRow
from coteja.classreport.items import Rest, questions_of
from coteja.classreport.result import (
    Bin,
    ClassReport,
    Lateness,
    LateWork,
    Look,
    MisconceptionReport,
    Place,
    Resources,
    Rung,
    Scores,
    Spread,
    StudentScore,
    Who,
)
from coteja.classreport.statistics import BINS, Floats, histogram, points, quantile
from coteja.feedback.plain import plain, shorten
from coteja.model.message import Message, message
from coteja.model.result import SubmissionStatus

Row = TypeVar("Row", QuestionRow, OutcomeRow)


def summarise(data: ClassData, *, made_at: str, hide_names: bytes | None = None) -> ClassReport:
    """The report of a class.

    Parameters
    ----------
    data
        The rows, one a submission, a question and an outcome; in any order.
    made_at
        When the report is made, as it shall say.
    hide_names
        A secret for this one report: students are numbered in an order that nobody can tell without it, and neither
        their names nor those of their files nor any text of theirs is in the report.
    """
    anonymous = hide_names is not None
    rows = sorted(data.submissions, key=lambda row: row.file)
    whom = _whom(rows, hide_names)
    answers = _by_file(data.answers)
    telling = _by_file(o for o in data.outcomes if o.misconception or o.look or o.status == "error")
    scores = [_score(row, answers[row.file], whom[row.file]) for row in rows]
    shares = np.array([s.final / s.max_points for s in scores if s.final is not None and s.max_points > 0])
    scored = [row for row in rows if row.points is not None]
    possible = {row.max_points for row in scored}
    report = ClassReport(
        assignment=data.assignment,
        title=data.title,
        made_at=made_at,
        anonymous=anonymous,
        submissions=len(rows),
        statuses=_statuses(rows),
        scored=len(shares),
        mixed=len(possible) > 1,
        scores=_distribution(shares, {s.max_points for s in scores if s.points is not None}),
        histogram=tuple(
            Bin(low=i / BINS, high=(i + 1) / BINS, count=n) for i, n in enumerate(histogram(shares))
        ),
        questions=questions_of(data, Rest.of(scored, data.outcomes, comparable=len(possible) == 1)),
        misconceptions=_misconceptions(data, scores, rows, telling),
        looks=tuple(
            _look(row, telling[row.file], whom[row.file], data)
            for row in rows
            if row.status == "needs_a_look"
        ),
        lateness=_lateness(rows, scores),
        missing=() if anonymous else tuple(sorted(data.missing, key=_sorting)),
        missing_count=len(data.missing),
        unplaced=() if anonymous else tuple(sorted(data.unplaced, key=lambda item: _sorting(item.source))),
        unplaced_count=len(data.unplaced),
        unread=data.unread,
        resources=_resources(rows, whom),
        isolation=_isolation(rows),
        students=tuple(sorted(scores, key=lambda s: (_sorting(s.who.name or s.who.student), s.who.file))),
    )
    return _without_texts(report) if anonymous else report


# --- who ---


def _whom(rows: Sequence[SubmissionRow], hide_names: bytes | None) -> dict[str, Who]:
    if hide_names is None:
        return {row.file: _who(row) for row in rows}

    def hidden(row: SubmissionRow) -> bytes:
        return hashlib.blake2b(row.file.encode("utf-8", "surrogatepass"), key=hide_names[:64]).digest()

    digits = len(str(len(rows)))
    return {
        row.file: Who(student=f"#{number:0{digits}}")
        for number, row in enumerate(sorted(rows, key=hidden), 1)
    }


def _who(row: SubmissionRow) -> Who:
    student, name = shorten(plain(row.student), 200), shorten(plain(row.name), 200)
    file = plain(row.file)
    return Who(student=student or file, name="" if name == student else name, file=file)


def _without_texts(report: ClassReport) -> ClassReport:
    """The report with `…` wherever a sentence quotes a text: it may be a student's, or a file's name."""
    return replace(
        report,
        misconceptions=tuple(
            replace(m, said=_unquoted(m.said) if m.said else None) for m in report.misconceptions
        ),
        looks=tuple(
            replace(look, problem=_unquoted(look.problem) if look.problem else None) for look in report.looks
        ),
        unread=tuple(replace(u, file="…", said=_unquoted(u.said)) for u in report.unread),
    )


def _unquoted(said: Message) -> Message:
    hidden: dict[str, str | int | float | Message] = {
        name: "…" if isinstance(value, str) else _unquoted(value) if isinstance(value, Message) else value
        for name, value in said.params.items()
    }
    return Message(id=said.id, params=hidden)


def _sorting(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _by_file(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.file].append(row)
    return found


# --- scores ---


def _score(row: SubmissionRow, answers: Sequence[QuestionRow], who: Who) -> StudentScore:
    """One student's points so far: by the checks, and by the written answers that have a mark."""
    percent = row.late.percent if row.late else 0.0
    if row.points is None:
        return StudentScore(
            who=who, points=None, max_points=row.max_points, pending=0.0, late_percent=percent, final=None,
            status=row.status, questions={},
        )  # fmt: skip
    read = [(a.written_points, a.written_max) for a in answers if a.written_points is not None]
    earned = points(row.points, *(got for got, _most in read))
    return StudentScore(
        who=who,
        points=earned,
        max_points=points(row.max_points, *(most for _got, most in read)),
        pending=points(*(a.written_max for a in answers if a.written_points is None)),
        late_percent=percent,
        final=round(earned * (1 - percent / 100), 2),
        status=row.status,
        questions={
            a.question: points(a.points, a.written_points or 0.0)
            for a in sorted(answers, key=lambda a: a.question)
        },
    )


def _statuses(rows: Sequence[SubmissionRow]) -> dict[SubmissionStatus, int]:
    counts = Counter(row.status for row in rows)
    return {status: counts[status] for status in get_args(SubmissionStatus)}


def _distribution(shares: Floats, possible: set[float]) -> Scores | None:
    if not len(shares):
        return None
    low, first, median, third, high = (round(quantile(shares, q), 4) for q in (0.0, 0.25, 0.5, 0.75, 1.0))
    return Scores(
        mean=round(float(np.sort(shares).mean()), 4),
        deviation=round(float(np.sort(shares).std()), 4),
        lowest=low,
        first_quartile=first,
        median=median,
        third_quartile=third,
        highest=high,
        max_points=next(iter(possible)) if len(possible) == 1 else None,
    )


def _lateness(rows: Sequence[SubmissionRow], scores: Sequence[StudentScore]) -> Lateness | None:
    judged = [(row.late, score) for row, score in zip(rows, scores, strict=True) if row.late]
    if not judged:
        return None
    counts = Counter(late.standing for late, _score in judged)
    work = [
        LateWork(
            who=score.who,
            standing=late.standing,
            days=late.days,
            percent=late.percent,
            lost=None if score.points is None or score.final is None else points(score.points, -score.final),
        )
        for late, score in judged
        if late.standing in ("late", "too_late")
    ]
    return Lateness(
        on_time=counts["on_time"],
        grace=counts["grace"],
        unknown=counts["unknown"],
        extended=sum(late.extended for late, _score in judged),
        late=tuple(sorted(work, key=lambda w: (-w.days, _sorting(w.who.name or w.who.student), w.who.file))),
    )


# --- mistakes, looks ---


def _misconceptions(
    data: ClassData,
    scores: Sequence[StudentScore],
    rows: Sequence[SubmissionRow],
    outcomes: Mapping[str, list[OutcomeRow]],
) -> tuple[MisconceptionReport, ...]:
    """The commonest first. The example is the student with most points: there the least else went wrong."""
    order = {(info.question, info.check): number for number, info in enumerate(data.checks)}
    examples: dict[str, tuple[StudentScore, OutcomeRow]] = {}
    students: Counter[str] = Counter()
    lost: defaultdict[str, list[float]] = defaultdict(list)
    for row, score in sorted(
        zip(rows, scores, strict=True), key=lambda pair: (-(pair[1].points or 0.0), pair[0].file)
    ):
        made = [
            (o.misconception, o)
            for o in outcomes.get(row.file, ())
            if o.misconception and o.status in ("failed", "partial")
        ]
        for mistake, outcome in sorted(
            made, key=lambda pair: order.get((pair[1].question, pair[1].check), len(order))
        ):
            lost[mistake].append(max(0.0, outcome.max_points - outcome.points))
            examples.setdefault(mistake, (score, outcome))
        students.update({mistake for mistake, _outcome in made})
    return tuple(
        MisconceptionReport(
            id=mistake,
            name=data.mistakes[mistake].name if mistake in data.mistakes else message("{name}", name=mistake),
            explanation=data.mistakes[mistake].explanation if mistake in data.mistakes else None,
            students=students[mistake],
            lost=points(*lost[mistake]),
            example=Place(who=score.who, anchor=outcome.anchor),
            said=outcome.said,
        )
        for mistake, (score, outcome) in sorted(
            examples.items(), key=lambda item: (-students[item[0]], -points(*lost[item[0]]), item[0])
        )
    )


def _look(row: SubmissionRow, outcomes: Sequence[OutcomeRow], who: Who, data: ClassData) -> Look:
    if row.points is None:
        return Look(who=who, reason="unreadable", problem=row.problem)
    faults = {(o.question, o.check): o for o in outcomes if o.status == "error"}
    asking = {(o.question, o.check): o for o in outcomes if o.look}
    which = faults or asking
    shown = [info for info in data.checks if (info.question, info.check) in which]
    return Look(
        who=who,
        reason="check_failed" if faults else "check_asks" if asking else "other",
        checks=tuple(info.title for info in shown),
        anchor=which[shown[0].question, shown[0].check].anchor if shown else "",
    )


# --- runs ---


def _ran(rows: Sequence[SubmissionRow]) -> list[SubmissionRow]:
    return [row for row in rows if row.seconds > 0 or row.points is not None]


def _resources(rows: Sequence[SubmissionRow], whom: Mapping[str, Who]) -> Resources | None:
    ran = _ran(rows)
    if not ran:
        return None

    def spread(values: Sequence[float]) -> Spread:
        numbers = np.array(values)
        return Spread(
            median=round(quantile(numbers, 0.5), 3),
            p95=round(quantile(numbers, 0.95), 3),
            max=round(float(numbers.max()), 3),
            who=whom[ran[int(numbers.argmax())].file],
        )

    return Resources(
        ran=len(ran),
        seconds=spread([row.seconds for row in ran]),
        cpu_seconds=spread([row.cpu_seconds for row in ran]),
        memory_mb=spread([row.memory_mb for row in ran]),
    )


def _isolation(rows: Sequence[SubmissionRow]) -> tuple[Rung, ...]:
    rungs = Counter(row.rung for row in _ran(rows))
    return tuple(
        Rung(rung=plain(rung), count=count)
        for rung, count in sorted(rungs.items(), key=lambda item: (-item[1], item[0]))
    )
