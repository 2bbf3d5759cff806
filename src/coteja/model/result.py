"""Outcomes of checks and the result of a submission: what is scored, stored and shown."""

from __future__ import annotations

from typing import Literal

import msgspec

from coteja.model.intake import Clock
from coteja.model.message import Message, Param
from coteja.model.recording import CellError, Isolation

Status = Literal["passed", "partial", "failed", "skipped", "error"]
SubmissionStatus = Literal["marked", "waiting", "needs_a_look"]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A line of evidence: what was expected, what was found, and how far apart they may be."""

    label: Message
    expected: Param
    found: Param
    tolerance: Param | None = None
    ok: bool = False


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One curve of a picture. A `None` in `y` is a gap (infinite or not a number); `points`: dots that no line joins."""

    label: Param
    x: list[float]
    y: list[float | None]
    kind: Literal["expected", "found"]
    points: bool = False


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """Curves to draw, the student's over the reference's, with their text alternative."""

    title: Message
    x_label: Message
    y_label: Message
    series: tuple[Series, ...]
    description: Message
    y_scale: Literal["linear", "log"] = "linear"


class Misconception(msgspec.Struct, frozen=True, kw_only=True):
    """A mistake that has a name: what it is, and what to do next.

    `confidence`: how likely it is, from 0 to 1, where it was diagnosed from all numbers together; None where a check saw it.
    """

    id: str
    name: Message
    explanation: Message
    next_step: Message
    confidence: float | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found. `error` means that the check itself failed: our fault, never the student's.

    `carried`: these points come from a run with the author's answer to an earlier question in place of a wrong one.
    """

    check: str
    question: str
    title: Message
    status: Status
    points: float
    max_points: float
    message: Message
    public: bool = False
    comparisons: tuple[Comparison, ...] = ()
    picture: Picture | None = None
    misconception: Misconception | None = None
    next_step: Message | None = None
    look: bool = False
    carried: bool = False


class CellProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of a question that did not run to its end, said simply, with the traceback to unfold."""

    index: int
    status: str
    message: Message
    error: CellError | None = None


class WrittenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A written answer, waiting for a person's mark until `points` is set. `comment` is that person's."""

    text: str
    max_points: float
    points: float | None = None
    comment: str = ""


class QuestionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One question: its outcomes, its cells' problems, its written answer."""

    question: str
    title: dict[str, str]
    points: float
    max_points: float
    outcomes: tuple[Outcome, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    written: WrittenAnswer | None = None


Standing = Literal["on_time", "grace", "late", "too_late", "unknown"]


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """How the moment of handing in stands to the due one, and what that costs. It never touches a question's points.

    Moments are ISO 8601 in the course's time zone. `percent` is taken off all that was earned, by the checks and by people.
    """

    standing: Standing
    handed_in: str = ""
    clock: Clock = "none"
    flagged_late: bool = False
    due: str
    extended: bool = False
    until: str = ""
    days: int = 0
    percent: float = 0.0
    points: float | None = None


class SubmissionResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one submission: one JSON file, schema `coteja-result/1` (docs/result.schema.json).

    `points` and `max_points` count the automatic checks; `pending_points` is what people still have to mark.
    `points` is None when there is nothing to score yet (the file could not be read): never a silent zero.
    """

    schema: str = "coteja-result/1"
    assignment: str
    student: str
    source: str
    sha256: str
    recording: str
    language: str
    status: SubmissionStatus
    points: float | None
    max_points: float
    pending_points: float
    questions: tuple[QuestionResult, ...]
    notes: tuple[Message, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    isolation: Isolation = Isolation()
    versions: dict[str, str] = {}
    recorded_at: str = ""
    marked_at: str = ""
    name: str = ""
    late: Late | None = None
