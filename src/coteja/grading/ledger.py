"""Enters results into the gradebook, each with the versions it was made under; puts people's marks into results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from coteja.gradebook.rows import Given, Mark, Stored, answer_digest_of
from coteja.grading.places import outline
from coteja.grading.versions import Versions
from coteja.model.message import Message
from coteja.model.message import message as _
from coteja.model.result import QuestionResult, SubmissionResult

if TYPE_CHECKING:
    from coteja.gradebook.store import Gradebook


@dataclass(frozen=True, slots=True)
class Ledger:
    """One assignment's pages in the gradebook. `given_by` is the program, as it was called."""

    gradebook: Gradebook
    assignment: str
    versions: Versions
    given_by: str

    def marked(self, result: SubmissionResult) -> tuple[SubmissionResult, int]:
        """The result with the marks that people gave, and how many entries of theirs it knows."""
        # Counted first: a mark that comes in between is put in now, and once more at the next run.
        count = self.gradebook.mark_counts(self.assignment, result.student).get(result.student, 0)
        if not count:
            return result, 0
        standing = self.gradebook.standing_marks(self.assignment, result.student)
        return with_marks(result, {mark.question: mark for mark in standing.values()}), count

    def enter(
        self,
        result: SubmissionResult,
        name: str,
        content: bytes,
        *,
        stamp: str = "",
        mark_count: int = 0,
        work: str = "",
    ) -> None:
        """Append a result. `content` is its file; `work` the digest of what was run just now, "" where nothing was."""
        self.gradebook.append(
            result,
            Given(
                name=name,
                content_digest=hashlib.sha256(content).hexdigest(),
                assignment_digest=self.versions.assignment,
                check_digest=self.versions.check,
                engine=self.versions.engine,
                given_by=self.given_by,
                outline=msgspec.json.encode(outline(result)).decode(),
                stamp=stamp,
                settled=is_settled(result),
                mark_count=mark_count,
                work_digest=work,
                run_digest=self.versions.run if work else "",
            ),
        )


def with_marks(result: SubmissionResult, standing: Mapping[str, Mark]) -> SubmissionResult:
    """The result with people's marks, by question, in its written answers. Pure.

    A mark counts for the answer that was read: where the answer is another one now, it waits for a person again.
    """
    if result.points is None:
        return result
    questions = tuple(_with_mark(q, standing.get(q.question)) for q in result.questions)
    waiting = [q.written for q in questions if q.written and q.written.points is None]
    status = result.status
    if status != "needs_a_look":
        status = "waiting" if waiting else "marked"
    return replace(
        result, questions=questions, status=status, pending_points=sum(w.max_points for w in waiting)
    )


def _with_mark(question: QuestionResult, mark: Mark | None) -> QuestionResult:
    if question.written is None:
        return question
    holds = mark is not None and mark.answer_digest == answer_digest_of(question.written.text)
    points, comment = (mark.points, mark.comment) if mark is not None and holds else (None, "")
    return replace(question, written=replace(question.written, points=points, comment=comment))


def changed_under(stored: Iterable[Stored], standing: Iterable[Mark]) -> list[tuple[Mark, float]]:
    """Marks by people under which the automatic points have changed since, with those that the checks give now."""
    now = {
        (result.student, q.question): q.points
        for row in stored
        if (result := read_outline(row)) is not None and result.points is not None
        for q in result.questions
    }
    return [
        (mark, now[key])
        for mark in standing
        if mark.automatic_points is not None
        and (key := (mark.student, mark.question)) in now
        and abs(now[key] - mark.automatic_points) > 1e-9
    ]


def read_outline(stored: Stored) -> SubmissionResult | None:
    """The outline of a stored result, None where none was kept or it is not ours."""
    try:
        return msgspec.json.decode(stored.outline, type=SubmissionResult)
    except msgspec.MsgspecError:
        return None


def is_settled(result: SubmissionResult) -> bool:
    """Whether marking it again would give the same: not where we failed at it."""
    failed = any(o.status == "error" for q in result.questions for o in q.outcomes)
    return bool(result.sha256) and not failed and not any(note.id in _OURS for note in result.notes)


def not_run(fault: BaseException) -> Message:
    """What is said when we failed at running a notebook."""
    return _(
        "The notebook could not be run ({detail}). This is not your fault.",
        detail=type(fault).__name__,
    )


def not_checked(fault: BaseException) -> Message:
    """What is said when we failed at checking or reporting what was run."""
    return _(
        "The notebook was run, but could not be checked ({detail}). This is not your fault.",
        detail=type(fault).__name__,
    )


_OURS = {said(Exception()).id for said in (not_run, not_checked)}
