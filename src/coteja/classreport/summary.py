"""From the rows of a class to its report: a pure function, the same whatever order the rows come in."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, get_args

import numpy as np

from coteja.classreport.data import ClassData, OutcomeRow, QuestionRow, SubmissionRow
from coteja.classreport.result import (
    Bin,
    CheckReport,
    ClassReport,
    Counts,
    Look,
    MisconceptionReport,
    Place,
    QuestionReport,
    Resources,
    Rung,
    Scores,
    Spread,
    StudentScore,
    Who,
)
from coteja.classreport.statistics import BINS, Floats, discrimination, histogram, quantile
from coteja.feedback.plain import plain, shorten
from coteja.model.message import Message, message
from coteja.model.result import SubmissionStatus

#: Key of a check.
Key = tuple[str, str]
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
        their names nor the names of their files are in the report.
    """
    rows = sorted(data.submissions, key=lambda row: row.name)
    whom = _whom(rows, hide_names)
    answers, outcomes = _by_name(data.answers), _by_name(data.outcomes)
    scores = [_score(row, answers[row.name], whom[row.name]) for row in rows]
    shares = np.array([s.points / s.max_points for s in scores if s.points is not None and s.max_points > 0])
    scored = [row for row in rows if row.points is not None]
    anchors = _anchors(data)
    possible = {row.max_points for row in scored}
    return ClassReport(
        assignment=data.assignment,
        title=data.title,
        made_at=made_at,
        anonymous=hide_names is not None,
        submissions=len(rows),
        statuses=_statuses(rows),
        scored=len(shares),
        mixed=len(possible) > 1,
        scores=_distribution(shares, {s.max_points for s in scores if s.points is not None}),
        histogram=tuple(
            Bin(low=i / BINS, high=(i + 1) / BINS, count=n) for i, n in enumerate(histogram(shares))
        ),
        questions=_questions(data, scored, answers, outcomes, comparable=len(possible) == 1),
        misconceptions=_misconceptions(data, scores, rows, outcomes, anchors),
        looks=tuple(
            _look(row, outcomes[row.name], whom[row.name], data, anchors)
            for row in rows
            if row.status == "needs_a_look"
        ),
        resources=_resources(rows, whom),
        isolation=_isolation(rows),
        students=tuple(sorted(scores, key=lambda s: (_sorting(s.who.student), s.who.name))),
    )


def undecided(row: OutcomeRow) -> bool:
    """Whether nobody can say yet what the student earned: the check failed by our fault, or asks for a person."""
    return row.status == "error" or (row.look and row.status in ("failed", "partial"))


# --- who ---


def _whom(rows: Sequence[SubmissionRow], hide_names: bytes | None) -> dict[str, Who]:
    if hide_names is None:
        return {
            row.name: Who(student=shorten(plain(row.student), 200) or row.name, name=row.name) for row in rows
        }

    def hidden(row: SubmissionRow) -> bytes:
        return hashlib.blake2b(row.name.encode("utf-8", "surrogatepass"), key=hide_names[:64]).digest()

    digits = len(str(len(rows)))
    return {
        row.name: Who(student=f"#{number:0{digits}}")
        for number, row in enumerate(sorted(rows, key=hidden), 1)
    }


def _sorting(student: str) -> tuple[str, str]:
    return student.casefold(), student


def _by_name(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.name].append(row)
    return found


# --- scores ---


def _score(row: SubmissionRow, answers: Sequence[QuestionRow], who: Who) -> StudentScore:
    """One student's points so far: by the checks, and by the written answers that have a mark."""
    read = [a for a in answers if a.written_points is not None] if row.points is not None else []
    return StudentScore(
        who=who,
        points=None if row.points is None else _points(row.points, *(a.written_points or 0.0 for a in read)),
        max_points=_points(row.max_points, *(a.written_max for a in read)),
        pending=0.0
        if row.points is None
        else _points(*(a.written_max for a in answers if a.written_points is None)),
        status=row.status,
        questions={}
        if row.points is None
        else {
            a.question: _points(a.points, a.written_points or 0.0)
            for a in sorted(answers, key=lambda a: a.question)
        },
    )


def _points(*parts: float) -> float:
    return round(sum(sorted(parts)), 2)


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


# --- questions and checks ---


def _questions(
    data: ClassData,
    scored: Sequence[SubmissionRow],
    answers: Mapping[str, list[QuestionRow]],
    outcomes: Mapping[str, list[OutcomeRow]],
    *,
    comparable: bool,
) -> tuple[QuestionReport, ...]:
    """Each question and its checks. `comparable`: everybody was marked out of the same points."""
    place = {row.name: i for i, row in enumerate(scored)}
    total = np.array([row.points or 0.0 for row in scored])
    decided = np.array(
        [not any(undecided(o) for o in outcomes.get(row.name, ())) for row in scored], dtype=bool
    )
    by_question: defaultdict[str, list[QuestionRow]] = defaultdict(list)
    by_check: defaultdict[Key, list[OutcomeRow]] = defaultdict(list)
    for row in scored:
        for answer in answers.get(row.name, ()):
            by_question[answer.question].append(answer)
        for outcome in outcomes.get(row.name, ()):
            by_check[outcome.question, outcome.check].append(outcome)

    def discriminates(rows: Sequence[QuestionRow] | Sequence[OutcomeRow]) -> float | None:
        if not comparable:
            return None
        chosen = [(i, row.points) for row in rows if decided[i := place[row.name]]]
        where = np.array([i for i, _points in chosen], dtype=np.int64)
        return discrimination(np.array([points for _i, points in chosen]), total[where])

    return tuple(
        _question(
            info.id,
            info.title,
            by_question[info.id],
            tuple(
                _check(c.check, c.title, by_check[c.question, c.check], discriminates)
                for c in data.checks
                if c.question == info.id
            ),
            discriminates,
        )
        for info in data.questions
    )


def _question(
    question: str,
    title: dict[str, str],
    answers: Sequence[QuestionRow],
    checks: tuple[CheckReport, ...],
    discriminates: Callable[[Sequence[QuestionRow]], float | None],
) -> QuestionReport:
    checked = [a for a in answers if a.max_points > 0]
    full = sum(a.points >= a.max_points - 1e-9 for a in checked)
    none = sum(a.points <= 0 for a in checked)
    written = [a for a in answers if a.written_max > 0]
    read = [(a.written_points, a.written_max) for a in written if a.written_points is not None]
    return QuestionReport(
        question=question,
        title=title,
        max_points=max((a.max_points for a in answers), default=0.0),
        full=full,
        some=len(checked) - full - none,
        none=none,
        share=_mean_share((a.points, a.max_points) for a in checked),
        discrimination=discriminates(checked),
        checks=checks,
        written_marked=len(read),
        written_waiting=len(written) - len(read),
        written_share=_mean_share(read),
        waiting_points=_points(*(a.written_max for a in written if a.written_points is None)),
    )


def _check(
    check: str,
    title: Message,
    rows: Sequence[OutcomeRow],
    discriminates: Callable[[Sequence[OutcomeRow]], float | None],
) -> CheckReport:
    counts = Counter("look" if undecided(row) and row.status != "error" else row.status for row in rows)
    known = [row for row in rows if not undecided(row)]
    return CheckReport(
        check=check,
        title=title,
        max_points=max((row.max_points for row in rows), default=0.0),
        counts=Counts(**counts),
        share=_mean_share((row.points, row.max_points) for row in known),
        discrimination=discriminates(known),
    )


def _mean_share(pairs: Iterable[tuple[float, float]]) -> float | None:
    shares = np.array(sorted(points / most for points, most in pairs if most > 0))
    return round(float(np.clip(shares.mean(), 0, 1)), 4) if len(shares) else None


# --- mistakes, looks ---


def _anchors(data: ClassData) -> dict[Key, str]:
    """Where each check stands on a feedback page, whose questions and checks are numbered."""
    numbers = {info.id: number for number, info in enumerate(data.questions, 1)}
    seen: Counter[str] = Counter()
    anchors = {}
    for info in data.checks:
        seen[info.question] += 1
        anchors[info.question, info.check] = f"q{numbers.get(info.question, 0)}-{seen[info.question]}"
    return anchors


def _misconceptions(
    data: ClassData,
    scores: Sequence[StudentScore],
    rows: Sequence[SubmissionRow],
    outcomes: Mapping[str, list[OutcomeRow]],
    anchors: Mapping[Key, str],
) -> tuple[MisconceptionReport, ...]:
    """The commonest first. The example is the student with most points: there the least else went wrong."""
    order = {key: number for number, key in enumerate(anchors)}
    examples: dict[str, tuple[StudentScore, str]] = {}
    students: Counter[str] = Counter()
    lost: defaultdict[str, list[float]] = defaultdict(list)
    for row, score in sorted(
        zip(rows, scores, strict=True), key=lambda pair: (-(pair[1].points or 0.0), pair[0].name)
    ):
        made = [
            o for o in outcomes.get(row.name, ()) if o.misconception and o.status in ("failed", "partial")
        ]
        for outcome in sorted(made, key=lambda o: order.get((o.question, o.check), len(order))):
            lost[str(outcome.misconception)].append(outcome.max_points - outcome.points)
            anchor = anchors.get((outcome.question, outcome.check), "")
            examples.setdefault(str(outcome.misconception), (score, anchor))
        students.update({str(o.misconception) for o in made})
    return tuple(
        MisconceptionReport(
            id=mistake,
            name=data.misconceptions.get(mistake) or message("{name}", name=mistake),
            students=students[mistake],
            lost=_points(*lost[mistake]),
            example=Place(who=score.who, anchor=anchor),
        )
        for mistake, (score, anchor) in sorted(
            examples.items(), key=lambda item: (-students[item[0]], -_points(*lost[item[0]]), item[0])
        )
    )


def _look(
    row: SubmissionRow, outcomes: Sequence[OutcomeRow], who: Who, data: ClassData, anchors: Mapping[Key, str]
) -> Look:
    if row.points is None:
        return Look(who=who, reason="unreadable", problem=row.problem)
    faults = {(o.question, o.check) for o in outcomes if o.status == "error"}
    asking = {(o.question, o.check) for o in outcomes if o.look}
    which = faults or asking
    shown = [info for info in data.checks if (info.question, info.check) in which]
    return Look(
        who=who,
        reason="check_failed" if faults else "check_asks" if asking else "other",
        checks=tuple(info.title for info in shown),
        anchor=anchors[shown[0].question, shown[0].check] if shown else "",
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
            who=whom[ran[int(numbers.argmax())].name],
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
