"""Each question and each check over a class: how it ended, what it earned, how well it tells students apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coteja.classreport.data import ClassData, OutcomeRow, QuestionInfo, QuestionRow, SubmissionRow
from coteja.classreport.result import CheckReport, Counts, QuestionReport
from coteja.classreport.statistics import Floats, discrimination, points
from coteja.model.message import Message


def undecided(row: OutcomeRow) -> bool:
    """Whether nobody can say yet what the student earned: the check failed by our fault, or asks for a person."""
    return row.status == "error" or (row.look and row.status in ("failed", "partial"))


@dataclass(frozen=True, slots=True)
class Rest:
    """What an item is held against: the points that the checks gave each student with points.

    `decided`: no check of that student is undecided. `comparable`: all were marked out of the same points.
    """

    place: Mapping[str, int]
    total: Floats
    decided: NDArray[np.bool_]
    comparable: bool

    @classmethod
    def of(cls, scored: Sequence[SubmissionRow], outcomes: Iterable[OutcomeRow], *, comparable: bool) -> Rest:
        """Of the submissions that have points."""
        open_files = {row.file for row in outcomes if undecided(row)}
        return cls(
            place={row.file: i for i, row in enumerate(scored)},
            total=np.array([row.points or 0.0 for row in scored]),
            decided=np.array([row.file not in open_files for row in scored], dtype=bool),
            comparable=comparable,
        )

    def discrimination(self, rows: Sequence[QuestionRow] | Sequence[OutcomeRow]) -> float | None:
        """How the points in one question, or one check, go with those in all others."""
        if not self.comparable or not rows:
            return None
        where = np.array([self.place[row.file] for row in rows], dtype=np.int64)
        order = np.argsort(where, kind="stable")  # the same sums, whatever order the rows came in
        order = order[self.decided[where[order]]]
        return discrimination(np.array([row.points for row in rows])[order], self.total[where[order]])


def questions_of(data: ClassData, rest: Rest) -> tuple[QuestionReport, ...]:
    """Every question that somebody with points has, in order, with its checks."""
    by_question: defaultdict[str, list[QuestionRow]] = defaultdict(list)
    by_check: defaultdict[tuple[str, str], list[OutcomeRow]] = defaultdict(list)
    for answer in data.answers:
        if answer.file in rest.place:
            by_question[answer.question].append(answer)
    for outcome in data.outcomes:
        if outcome.file in rest.place:
            by_check[outcome.question, outcome.check].append(outcome)
    checks: defaultdict[str, list[CheckReport]] = defaultdict(list)
    for c in data.checks:
        if rows := by_check.get((c.question, c.check)):
            checks[c.question].append(_check(c.check, c.title, rows, rest))
    return tuple(
        _question(info, by_question[info.id], tuple(checks[info.id]), rest)
        for info in data.questions
        if info.id in by_question
    )


def _question(
    info: QuestionInfo, answers: Sequence[QuestionRow], checks: tuple[CheckReport, ...], rest: Rest
) -> QuestionReport:
    checked = [a for a in answers if a.max_points > 0]
    full = sum(a.points >= a.max_points - 1e-9 for a in checked)
    none = sum(a.points <= 0 for a in checked)
    written = [a for a in answers if a.written_max > 0]
    read = [(a.written_points, a.written_max) for a in written if a.written_points is not None]
    return QuestionReport(
        question=info.id,
        title=info.title,
        max_points=max((a.max_points for a in answers), default=0.0),
        full=full,
        some=len(checked) - full - none,
        none=none,
        share=_mean_share((a.points, a.max_points) for a in checked),
        discrimination=rest.discrimination(checked),
        checks=checks,
        written_marked=len(read),
        written_waiting=len(written) - len(read),
        written_share=_mean_share(read),
        waiting_points=points(*(a.written_max for a in written if a.written_points is None)),
    )


def _check(check: str, title: Message, rows: Sequence[OutcomeRow], rest: Rest) -> CheckReport:
    known = [row for row in rows if not undecided(row)]
    counts = Counter[str](row.status for row in known)
    faults = sum(row.status == "error" for row in rows)
    return CheckReport(
        check=check,
        title=title,
        max_points=max(row.max_points for row in rows),
        counts=Counts(**counts, look=len(rows) - len(known) - faults, error=faults),
        share=_mean_share((row.points, row.max_points) for row in known),
        discrimination=rest.discrimination(known),
    )


def _mean_share(pairs: Iterable[tuple[float, float]]) -> float | None:
    shares = np.sort(np.array([got / most for got, most in pairs if most > 0]))
    return round(float(np.clip(shares.mean(), 0, 1)), 4) if len(shares) else None
