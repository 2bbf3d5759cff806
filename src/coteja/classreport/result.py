"""The report of a class as data: schema `coteja-class/1`, the file report.json."""

from __future__ import annotations

from typing import Literal

import msgspec

from coteja.classreport.data import Unplaced, Unread
from coteja.model.message import Message
from coteja.model.result import Standing, SubmissionStatus

LookReason = Literal["unreadable", "check_failed", "check_asks", "other"]


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """A student: the key, the roster's name, and the feedback's folder. An anonymous report has a number alone."""

    student: str
    name: str = ""
    file: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A check on somebody's feedback page: `q1-3` is the third check of the first question."""

    who: Who
    anchor: str


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """A bar of the histogram: scores from `low` to below `high` (the last one: to `high`), as shares from 0 to 1."""

    low: float
    high: float
    count: int


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The distribution of scores, as shares (0 to 1) of the points that are marked so far.

    `max_points` is what was possible, None where that is not the same for everybody.
    """

    mean: float
    deviation: float
    lowest: float
    first_quartile: float
    median: float
    third_quartile: float
    highest: float
    max_points: float | None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many submissions a check ended for in each way. `look`: failed or partial, and a person must decide."""

    passed: int = 0
    partial: int = 0
    failed: int = 0
    skipped: int = 0
    look: int = 0
    error: int = 0


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """One check over the class. `share`: mean share of its points where it was decided, skipped ones as 0."""

    check: str
    title: Message
    max_points: float
    counts: Counts
    share: float | None
    discrimination: float | None


class QuestionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One question over the class: what the checks gave, and the written answers.

    `full`, `some` and `none` count submissions by the checks' points. `written_share` is the mean of the marked answers.
    """

    question: str
    title: dict[str, str]
    max_points: float
    full: int
    some: int
    none: int
    share: float | None
    discrimination: float | None
    checks: tuple[CheckReport, ...]
    written_marked: int = 0
    written_waiting: int = 0
    written_share: float | None = None
    waiting_points: float = 0.0


class MisconceptionReport(msgspec.Struct, frozen=True, kw_only=True):
    """A named mistake: how many students made it, what it cost them all together, and the clearest example of it.

    `said` is what that student's feedback says of it; in an anonymous report without any text of theirs.
    """

    id: str
    name: Message
    explanation: Message | None
    students: int
    lost: float
    example: Place
    said: Message | None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose work a person must see, and why: the problem's sentence, or the titles of the checks."""

    who: Who
    reason: LookReason
    problem: Message | None = None
    checks: tuple[Message, ...] = ()
    anchor: str = ""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How much the runs needed: the median, the 95th percentile, the most, and whose that was."""

    median: float
    p95: float
    max: float
    who: Who


class Resources(msgspec.Struct, frozen=True, kw_only=True):
    """Time and memory of the notebooks that ran."""

    ran: int
    seconds: Spread
    cpu_seconds: Spread
    memory_mb: Spread


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """How many notebooks ran behind these walls."""

    rung: str
    count: int


class LateWork(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who handed in after the due moment: so many days begun, and the points that it costs so far."""

    who: Who
    standing: Standing
    days: int
    percent: float
    lost: float | None


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """How the class handed in, where the assignment has a due moment. `late`: the latest first."""

    on_time: int
    grace: int
    unknown: int
    extended: int
    late: tuple[LateWork, ...]


class StudentScore(msgspec.Struct, frozen=True, kw_only=True):
    """One student's points so far: None where nothing is marked. `pending` is what people still have to mark.

    `points` are those of the work, `final` what is left of them after the penalty of `late_percent`.
    """

    who: Who
    points: float | None
    max_points: float
    pending: float
    late_percent: float
    final: float | None
    status: SubmissionStatus
    questions: dict[str, float]


class ClassReport(msgspec.Struct, frozen=True, kw_only=True):
    """The instructor's view of a class in one assignment: schema `coteja-class/1`.

    `scored` submissions are in the histogram; `mixed`: they were not all marked out of the same points by the checks.
    `missing`: who of the roster handed in nothing, and `unplaced` the files that were not marked as they stand; an
    anonymous report has their numbers alone. `unread`: stored files that this report had to leave out.
    """

    schema: Literal["coteja-class/1"] = "coteja-class/1"
    assignment: str
    title: dict[str, str]
    made_at: str
    anonymous: bool
    submissions: int
    statuses: dict[SubmissionStatus, int]
    scored: int
    mixed: bool
    scores: Scores | None
    histogram: tuple[Bin, ...]
    questions: tuple[QuestionReport, ...]
    misconceptions: tuple[MisconceptionReport, ...]
    looks: tuple[Look, ...]
    lateness: Lateness | None
    missing: tuple[str, ...]
    missing_count: int
    unplaced: tuple[Unplaced, ...]
    unplaced_count: int
    unread: tuple[Unread, ...]
    resources: Resources | None
    isolation: tuple[Rung, ...]
    students: tuple[StudentScore, ...]
