"""What goes into the gradebook and comes out of it, as plain data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from coteja.model.result import Status, SubmissionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is kept with a result beside itself: its files, the versions it was made under, and who or what gave it.

    `work_digest` and `run_digest` are those of a run made just now; empty where the recording was there before.
    """

    name: str
    content_digest: str
    assignment_digest: str
    check_digest: str
    engine: str
    given_by: str
    outline: str
    stamp: str = ""
    settled: bool = True
    mark_count: int = 0
    work_digest: str = ""
    run_digest: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A result as it is kept: what came out, from which run (`ran_by`: that run's engine), under which versions."""

    id: int
    assignment: str
    student: str
    name: str
    status: SubmissionStatus
    points: float | None
    max_points: float
    pending_points: float
    settled: bool
    assignment_digest: str
    check_digest: str
    content_digest: str
    engine: str
    given_by: str
    given_at: str
    mark_count: int
    outline: str
    stamp: str
    source: str
    recording: str
    sha256: str
    work_digest: str
    run_digest: str
    ran_by: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """What one check gave in a stored result."""

    question: str
    check: str
    status: Status
    points: float
    max_points: float
    misconception: str | None
    look: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMark:
    """A person's mark for one written answer, to be given.

    `answer_digest` says which answer was read (`answer_digest_of`), `automatic_points` what the checks had given the
    question, `result_id` the stored result that was looked at.
    """

    assignment: str
    student: str
    question: str
    points: float
    answer_digest: str
    given_by: str
    given_at: str
    comment: str = ""
    automatic_points: float | None = None
    result_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(NewMark):
    """A mark as it is kept; with who took it back and when, where somebody did."""

    id: int
    undone_by: str = ""
    undone_at: str = ""

    @property
    def undone(self) -> bool:
        return bool(self.undone_at)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of the bank."""

    id: int
    assignment: str
    question: str
    text: str
    given_by: str
    given_at: str


def answer_digest_of(text: str) -> str:
    """The digest of a written answer; space around it does not count."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()
