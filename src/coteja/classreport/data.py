"""A class as rows of plain values: what a report is made from, whatever keeps it.

Rows refer to a submission by `file`, the unique name of its result file and of its feedback's folder. Their order
does not matter; the order of `questions` and `checks` is the one in which they are shown.
"""

from __future__ import annotations

import msgspec

from coteja.model.intake import Why
from coteja.model.message import Message
from coteja.model.result import Late, Status, SubmissionStatus


class SubmissionRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One submission. `points` is None where there is nothing to score; `problem` then says why."""

    file: str
    student: str
    name: str = ""
    status: SubmissionStatus
    points: float | None
    max_points: float
    late: Late | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    rung: str = "none"
    problem: Message | None = None


class QuestionRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One question of one submission: what the checks gave, and the written answer (`written_points` None: it waits)."""

    file: str
    question: str
    points: float
    max_points: float
    written_points: float | None = None
    written_max: float = 0.0


class OutcomeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One check's outcome in one submission. `said`: what the student reads, where the mistake has a name.

    `anchor` is where it stands on the feedback page: `q1-3` is the third check of the first question.
    """

    file: str
    question: str
    check: str
    status: Status
    points: float
    max_points: float
    misconception: str | None = None
    look: bool = False
    anchor: str = ""
    said: Message | None = None


class QuestionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A question's title in each language."""

    id: str
    title: dict[str, str] = {}


class CheckInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A check's title, as the rubric says it."""

    question: str
    check: str
    title: Message


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """A mistake that has a name, as the feedback explains it."""

    name: Message
    explanation: Message


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is not in the report, and why: a sentence."""

    file: str
    said: Message


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was handed in and not marked as it stands."""

    source: str
    why: Why


class ClassData(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of a class in one assignment. `mistakes`: by the misconception's id.

    `missing`: those of the roster who handed in nothing.
    """

    assignment: str
    title: dict[str, str]
    submissions: list[SubmissionRow]
    answers: list[QuestionRow]
    outcomes: list[OutcomeRow]
    questions: list[QuestionInfo]
    checks: list[CheckInfo]
    mistakes: dict[str, Mistake] = {}
    missing: tuple[str, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    unread: tuple[Unread, ...] = ()
