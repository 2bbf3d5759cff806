"""A class as rows of plain values: what a report is made from, and what a database can fill with a query a table.

Rows refer to a submission by `name`, the unique name of its result file and of its feedback's folder. Their order
does not matter; the order of `questions` and `checks` is the one in which they are shown.
"""

from __future__ import annotations

import msgspec

from coteja.model.message import Message
from coteja.model.result import Status, SubmissionStatus


class SubmissionRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One submission. `points` is None where there is nothing to score; `problem` then says why."""

    name: str
    student: str
    status: SubmissionStatus
    points: float | None
    max_points: float
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    rung: str = "none"
    problem: Message | None = None


class QuestionRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One question of one submission: what the checks gave, and the written answer (`written_points` None: it waits)."""

    name: str
    question: str
    points: float
    max_points: float
    written_points: float | None = None
    written_max: float = 0.0


class OutcomeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One check's outcome in one submission."""

    name: str
    question: str
    check: str
    status: Status
    points: float
    max_points: float
    misconception: str | None = None
    look: bool = False


class QuestionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A question's title in each language."""

    id: str
    title: dict[str, str] = {}


class CheckInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A check's title, as the rubric says it."""

    question: str
    check: str
    title: Message


class ClassData(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of a class in one assignment. `misconceptions`: id -> name."""

    assignment: str
    title: dict[str, str]
    submissions: list[SubmissionRow]
    answers: list[QuestionRow]
    outcomes: list[OutcomeRow]
    questions: list[QuestionInfo]
    checks: list[CheckInfo]
    misconceptions: dict[str, Message] = {}
