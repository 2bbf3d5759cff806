"""Results into nbgrader's gradebook by its own API, and marks that people gave in formgrader out of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from coteja.errors import CotejaError, MachineError, UsageError
from coteja.feedback.plain import escape_markdown, plain
from coteja.feedback.view import after_penalty, state_of, totals
from coteja.gradebook.rows import answer_digest_of
from coteja.grading.lab import Lab
from coteja.grading.places import Places
from coteja.interop.marked import Marked
from coteja.interop.nbgrader_course import Grader
from coteja.interop.nbgrader_notebook import scored, with_scores
from coteja.interop.nbgrader_sync import Given, Sync
from coteja.model.result import QuestionResult
from coteja.recording.files import digest, write_whole

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True, slots=True)
class Ready:
    """One student, made ready before anything is written."""

    marked: Marked
    notebook: bytes
    comments: dict[str, str]
    handed_in: bytes | None


@dataclass(slots=True)
class Exported:
    """What went over, and which marks of people's stayed as they were there."""

    students: int = 0
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Theirs:
    """A mark that stands in nbgrader's gradebook on a written answer."""

    name: str
    question: str
    points: float
    comment: str
    confirmed: bool
    extra: float


def looked_at(question: QuestionResult) -> bool:
    """Whether a person has to look at what the checks found."""
    return any(outcome.look or state_of(outcome) == "error" for outcome in question.outcomes)


@contextmanager
def opened(grader: Grader) -> Iterator[Gradebook]:
    """nbgrader's gradebook. Its database's faults are sentences without a password."""
    from nbgrader.api import Gradebook

    if grader.url.get_backend_name() == "sqlite" and not Path(grader.url.database or "").is_file():
        raise UsageError(f"{grader.name}: there is no gradebook of nbgrader's here.")
    try:
        with warnings.catch_warnings(), Gradebook(grader.db_url, grader.course_id) as gradebook:
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, of its add_submission
            yield gradebook
    except SQLAlchemyError as fault:
        said = str(getattr(fault, "orig", None) or type(fault).__name__).splitlines()[0]
        raise MachineError(
            f"{grader.name}: nbgrader's gradebook cannot be used ({plain(said)}). Nothing of this student was written; run "
            "the same command again."
        ) from None


def make_ready(lab: Lab, places: Places, marked: Sequence[Marked], grader: Grader) -> list[Ready]:
    """Every student's notebook and comments. Raises CotejaError where one is missing or damaged; nothing is written."""
    assignment = lab.assignment.id
    released = nbformat.read(grader.release(assignment), as_version=4)
    return [_ready(lab, places, m, released) for m in marked]


def _ready(lab: Lab, places: Places, m: Marked, released: NotebookNode) -> Ready:
    translator = lab.translator(m.result.language)
    path = places.recordings.folder / m.result.recording / "executed.ipynb"
    try:
        executed = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError) as fault:
        raise CotejaError(f"{path}: cannot be read ({fault}). Run `coteja grade` again.") from None
    scores = (
        {} if m.result.points is None else {q.question: scored(q, translator) for q in m.result.questions}
    )
    notebook = with_scores(released, executed, scores)
    last = {
        str(c.metadata.coteja.question): str(c.metadata.nbgrader.grade_id)
        for c in released.cells
        if c.metadata.get("coteja", {}).get("kind") == "answer"
    }
    comments = {
        last[q.question]: "\n".join(f"- {escape_markdown(line)}" for line in scored(q, translator).lines)
        for q in m.result.questions
        if q.question in last and m.result.points is not None
    }
    if m.result.points is None and last:
        said = " ".join(translator.say(note) for note in m.result.notes)
        comments[next(iter(last.values()))] = escape_markdown(said)
    source = Path(m.result.source)
    known = bool(m.result.sha256) and digest(source) == m.result.sha256
    return Ready(
        m,
        nbformat.writes(notebook).encode("utf-8", "replace"),
        comments,
        source.read_bytes() if known else None,
    )


def export_scores(lab: Lab, ready: Sequence[Ready], grader: Grader, sync: Sync) -> Exported:
    """Enter every student, each in one transaction; marks that people gave there stay.

    A mark there is a person's when it is not the one that was handed over last time (`sync`).
    """
    assignment = lab.assignment.id
    out = Exported()
    with opened(grader) as gradebook:
        _require_cells(gradebook, lab, grader)
        due = next(
            (_utc(late.due) for r in ready if (late := r.marked.result.late) and not late.extended), None
        )
        if due is not None:
            gradebook.find_assignment(assignment).duedate = due
            gradebook.db.commit()
        for r in ready:
            _write_files(grader, assignment, r)
            given, kept = _enter(gradebook, assignment, r, sync.known(grader.name, r.marked.name), due)
            gradebook.db.commit()
            sync.keep(grader.name, r.marked.name, given)
            out.students += 1
            out.kept += kept
    return out


def _require_cells(gradebook: Gradebook, lab: Lab, grader: Grader) -> None:
    from nbgrader.api import MissingEntry

    assignment = lab.assignment.id
    cells_of_lab = lab.template(lab.assignment.languages[0])
    wanted = {c.cell_id: c.points or 0.0 for c in cells_of_lab if c.kind in ("check", "written")}
    try:
        cells = gradebook.find_notebook(assignment, assignment).grade_cells
    except MissingEntry:
        raise CotejaError(
            f"{grader.name}: it does not know {assignment}. Export it into a new folder."
        ) from None
    found = {cell.name: cell.max_score for cell in cells}
    for name, points in wanted.items():
        if found.get(name) != points:
            raise CotejaError(
                f"{grader.name}: {name} is worth {found.get(name)} points there and {points:g} in the lab. nbgrader "
                "does not change cells under submissions: export into a new folder."
            )


def _write_files(grader: Grader, assignment: str, r: Ready) -> None:
    name = f"{assignment}.ipynb"
    when = _utc(_handed_in(r.marked))
    stamp = f"{when:%Y-%m-%d %H:%M:%S} UTC\n".encode() if when else None
    for kind, data in (("submitted", r.handed_in), ("autograded", r.notebook)):
        place = grader.root / kind / r.marked.name / assignment
        if data is None or (kind == "submitted" and (place / name).exists()):
            continue  # what a student handed in through nbgrader stays
        write_whole(place / name, data)
        if stamp:
            write_whole(place / "timestamp.txt", stamp)


def _enter(
    gradebook: Gradebook, assignment: str, r: Ready, last: dict[str, Given], due: datetime | None
) -> tuple[dict[str, Given], list[str]]:
    from nbgrader.api import MissingEntry

    name, result = r.marked.name, r.marked.result
    try:
        gradebook.find_student(name)
    except MissingEntry:  # a name that somebody wrote there stays
        gradebook.add_student(
            name, first_name=plain(result.name or result.student), lms_user_id=result.student[:100]
        )
    when = _utc(_handed_in(r.marked))
    submission = gradebook.update_or_create_submission(
        assignment, name, **({"timestamp": when} if when else {})
    )
    if result.late is not None and result.late.extended and due is not None:
        submission.extension = max(timedelta(0), (_utc(result.late.due) or due) - due)
    notebook = gradebook.find_submission_notebook(assignment, assignment, name)
    if result.points is not None:
        before = totals(result)[0]
        notebook.late_submission_penalty = round(before - after_penalty(before, result), 2) or None
    grades = {grade.name: grade for grade in notebook.grades}
    comments = {comment.name: comment for comment in notebook.comments}
    for cell, text in r.comments.items():
        comments[cell].auto_comment = text
    given: dict[str, Given] = {}
    kept: list[str] = []
    for question in result.questions:
        if (check := grades.get(f"{question.question}-check")) is not None:
            _automatic(check, question, scored=result.points is not None)
        written = grades.get(f"{question.question}-written")
        if question.written is None or written is None:
            continue
        handed = Given(
            answer=answer_digest_of(question.written.text),
            points=question.written.points,
            comment=question.written.comment,
        )
        given[question.question] = handed
        before_that = last.get(question.question)
        if not _by_hand(written, comments.get(written.name), handed, before_that):
            kept.append(f"{name} {question.question}")
            # What stands there is not ours: the next time it must still be told from ours.
            given[question.question] = Given(
                answer=handed.answer,
                points=before_that.points if before_that else None,
                comment=before_that.comment if before_that else "",
            )
    if result.points is None:
        for grade in grades.values():
            grade.needs_manual_grade = grade.manual_score is None
    return given, kept


def _automatic(grade: Any, question: QuestionResult, *, scored: bool) -> None:
    changed = grade.auto_score is not None and grade.auto_score != question.points
    grade.auto_score = question.points if scored else None
    # As nbgrader does it: a mark that stands over another score than the one that was looked at is looked at again.
    again = grade.manual_score is not None and changed
    grade.needs_manual_grade = not scored or again or (looked_at(question) and grade.manual_score is None)


def _by_hand(grade: Any, comment: Any, ours: Given, last: Given | None) -> bool:
    """Put our people's mark in, unless a person's stands there. Returns whether ours is the one that stands."""
    theirs = grade.manual_score
    untouched = theirs is None or (last is not None and theirs == last.points)
    there = (comment.manual_comment or "") if comment is not None else ""
    quiet = not there or (last is not None and there == last.comment)
    if comment is not None and quiet:
        comment.manual_comment = ours.comment or None
    if untouched:
        grade.manual_score = ours.points
        grade.needs_manual_grade = ours.points is None
        return quiet or there == ours.comment
    if last is not None and last.answer != ours.answer:
        grade.needs_manual_grade = True  # the answer is another one now
    return bool(theirs == ours.points and (quiet or there == ours.comment))


def marks_there(grader: Grader, assignment: str) -> tuple[list[Theirs], list[str]]:
    """The marks on written answers, and the check cells that somebody gave other points by hand."""
    from nbgrader.api import MissingEntry

    marks: list[Theirs] = []
    checks: list[str] = []
    with opened(grader) as gradebook:
        try:
            submissions = gradebook.notebook_submissions(assignment, assignment)
        except MissingEntry:
            raise UsageError(f"{grader.name}: it does not know {assignment}.") from None
        for notebook in submissions:
            comments = {comment.name: comment.manual_comment or "" for comment in notebook.comments}
            for grade in notebook.grades:
                question, _, kind = grade.name.rpartition("-")
                touched = grade.manual_score is not None or bool(grade.extra_credit)
                if kind == "check" and touched:
                    checks.append(f"{notebook.student.id} {question}")
                elif kind != "check" and (grade.manual_score is not None):
                    marks.append(
                        Theirs(
                            notebook.student.id,
                            question,
                            float(grade.manual_score),
                            comments.get(grade.name, ""),
                            confirmed=not grade.needs_manual_grade,
                            extra=float(grade.extra_credit or 0.0),
                        )
                    )
    return marks, checks


def _handed_in(m: Marked) -> str:
    return m.result.late.handed_in if m.result.late is not None else ""


def _utc(moment: str) -> datetime | None:
    """A moment as nbgrader keeps it: in UTC, without a zone."""
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None) if moment else None
