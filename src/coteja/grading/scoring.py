"""From a recording and the checks' outcomes to a result: pure addition, no I/O, no clock."""

from __future__ import annotations

from collections.abc import Sequence

from coteja.feedback.explain import explain_cell, explain_note
from coteja.model.assignment import Assignment, Question
from coteja.model.recording import Recording
from coteja.model.result import (
    CellProblem,
    Outcome,
    QuestionResult,
    SubmissionResult,
    SubmissionStatus,
    WrittenAnswer,
)


def score(
    assignment: Assignment,
    recording: Recording,
    outcomes: Sequence[Outcome],
    *,
    recording_key: str,
    marked_at: str,
) -> SubmissionResult:
    """The result of one submission.

    Points are what the checks gave; written answers wait. An unreadable file has no points (None), not zero.
    """
    questions = tuple(
        _question(q, recording, [o for o in outcomes if o.question == q.id]) for q in assignment.questions
    )
    unreadable = recording.status == "unreadable"
    notes = [explain_note(note) for note in recording.notes]
    if recording.problem is not None:
        notes.insert(0, recording.problem)
    return SubmissionResult(
        assignment=assignment.id,
        student=recording.student,
        source=recording.source,
        sha256=recording.sha256,
        recording=recording_key,
        language=recording.language,
        status=_status(recording, outcomes, questions),
        points=None if unreadable else round(sum(q.points for q in questions), 2),
        max_points=round(sum(q.max_points for q in questions), 2),
        pending_points=0.0
        if unreadable
        else sum(q.written.max_points for q in questions if q.written and q.written.points is None),
        questions=questions,
        notes=tuple(notes),
        seconds=recording.seconds,
        cpu_seconds=recording.cpu_seconds,
        peak_memory_mb=recording.peak_memory_mb,
        isolation=recording.isolation,
        versions=recording.versions,
        recorded_at=recording.recorded_at,
        marked_at=marked_at,
    )


def _question(question: Question, recording: Recording, outcomes: Sequence[Outcome]) -> QuestionResult:
    problems = tuple(
        CellProblem(
            index=cell.index,
            status=cell.status,
            message=explain_cell(cell),
            error=cell.error if cell.status == "error" else None,
        )
        for cell in recording.errors_in(question.id)
    )
    written = None
    if question.written is not None:
        # An answer that was not found waits as well: it may stand where no one looked, and a person decides.
        written = WrittenAnswer(
            text=recording.written.get(question.id, ""), max_points=question.written.points
        )
    return QuestionResult(
        question=question.id,
        title=dict(question.title),
        points=round(min(question.points, max(0.0, sum(o.points for o in outcomes))), 2),
        max_points=question.points,
        outcomes=tuple(outcomes),
        problems=problems,
        written=written,
    )


def _status(
    recording: Recording, outcomes: Sequence[Outcome], questions: Sequence[QuestionResult]
) -> SubmissionStatus:
    if recording.status == "unreadable" or any(o.look or o.status == "error" for o in outcomes):
        return "needs_a_look"
    if any(q.written is not None and q.written.points is None for q in questions):
        return "waiting"
    return "marked"
