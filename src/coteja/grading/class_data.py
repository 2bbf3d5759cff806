"""Reads the rows of a class from the stored results: only what a report needs of each file.

A file that is damaged, or a result of something else, is listed with a sentence; the others are read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from coteja.classreport.data import (
    CheckInfo,
    ClassData,
    Mistake,
    OutcomeRow,
    QuestionInfo,
    QuestionRow,
    SubmissionRow,
    Unplaced,
    Unread,
)
from coteja.errors import CotejaError
from coteja.feedback.plain import plain, shorten
from coteja.grading.intake.store import INTAKE_FILE, load_intake
from coteja.grading.marking import Places
from coteja.model.intake import IntakeFile
from coteja.model.message import Message
from coteja.model.message import message as _
from coteja.model.result import Late, Status, SubmissionStatus

#: No result is that large; whatever is, is not one of ours.
MAX_RESULT_BYTES = 256 << 20
_SCHEMA = "coteja-result/1"
_ROOM = 1 << 20

#: Bounds within which sums and squares stay finite, whoever wrote the file.
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e9)]


class _Misconception(msgspec.Struct, gc=False):
    id: str
    name: msgspec.Raw
    explanation: msgspec.Raw


class _Outcome(msgspec.Struct, gc=False):
    check: str
    title: msgspec.Raw
    status: Status
    points: Amount
    max_points: Amount
    message: msgspec.Raw
    misconception: _Misconception | None = None
    look: bool = False


class _Written(msgspec.Struct, gc=False):
    max_points: Amount
    points: Amount | None = None


class _Question(msgspec.Struct, gc=False):
    question: str
    title: msgspec.Raw
    points: Amount
    max_points: Amount
    outcomes: list[_Outcome] = []
    written: _Written | None = None


class _Isolation(msgspec.Struct, frozen=True):
    rung: str = "none"


class _Result(msgspec.Struct, gc=False):
    """What a report needs of a result file; pictures and evidence, nearly all of it, are skipped over."""

    schema: str
    assignment: str
    student: str
    status: SubmissionStatus
    points: Amount | None
    max_points: Amount
    questions: list[_Question]
    name: str = ""
    late: Late | None = None
    notes: msgspec.Raw = msgspec.Raw(b"[]")
    seconds: Amount = 0.0
    cpu_seconds: Amount = 0.0
    peak_memory_mb: Amount = 0.0
    isolation: _Isolation = _Isolation()
    marked_at: str = ""


class _Head(msgspec.Struct):
    """What says whether a file is meant to be a result of this assignment at all."""

    schema: str = ""
    assignment: str = ""


class _NotOursError(Exception):
    """A file is a result of something else; carries the sentence."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said


def class_data(places: Places, assignment: str, title: Mapping[str, str]) -> ClassData:
    """All that is stored of a class, in rows. Raises CotejaError when there is no result that can be read."""
    files = _stored(places.root / "results")
    if not files:
        raise CotejaError(f"{places.root}: nothing has been marked here yet. Run `coteja grade` first.")
    reading = _Reading(assignment)
    for file in files:
        reading.read(file)
    if not reading.submissions:
        first = reading.unread[0]
        raise CotejaError(
            f"{places.root / 'results'}: none of {len(files)} files is a result of {assignment}. "
            f"{first.file}: {plain(str(first.said))}"
        )
    intake = reading.intake(places.root)
    return reading.whole(title, intake)


def _stored(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((e for e in entries if e.name.endswith(".json")), key=lambda e: e.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


@dataclass(slots=True)
class _Reading:
    """The rows so far. One file's rows are added all together or not at all."""

    assignment: str
    submissions: dict[str, SubmissionRow] = field(default_factory=dict)
    answers: list[QuestionRow] = field(default_factory=list)
    outcomes: list[OutcomeRow] = field(default_factory=list)
    questions: dict[str, QuestionInfo] = field(default_factory=dict)
    checks: dict[tuple[str, str], CheckInfo] = field(default_factory=dict)
    mistakes: dict[str, Mistake] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    #: student -> (marked at, file) of the result that counts.
    newest: dict[str, tuple[str, str]] = field(default_factory=dict)
    older: set[str] = field(default_factory=set)
    buffer: bytearray = field(default_factory=lambda: bytearray(_ROOM))
    decoder: msgspec.json.Decoder[_Result] = field(default_factory=lambda: msgspec.json.Decoder(_Result))
    say: msgspec.json.Decoder[Message] = field(default_factory=lambda: msgspec.json.Decoder(Message))

    def read(self, file: os.DirEntry[str]) -> None:
        """Add the rows of one file, or list it."""
        try:
            self._add(file.name.removesuffix(".json"), self._decoded(self._bytes(file)))
        except _NotOursError as fault:
            said = fault.said
        except OSError as fault:
            said = _("It cannot be opened: {detail}.", detail=fault.strerror or type(fault).__name__)
        except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
            said = _(
                "It is not whole, or not what coteja grade writes ({detail}). Grade this student's notebook again.",
                detail=shorten(plain(str(fault)), 200),
            )
        else:
            return
        self.unread.append(Unread(file=plain(file.name), said=said))

    def _bytes(self, entry: os.DirEntry[str]) -> memoryview:
        """A file's content, in a buffer that is used again: thousands of fresh ones cost more than the reading."""
        if not entry.is_file():  # a pipe would be waited for
            raise _NotOursError(_("It is not a file."))
        with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123 (ten thousand Paths cost more than they tell)
            size = os.fstat(file.fileno()).st_size
            if size > MAX_RESULT_BYTES:
                raise _NotOursError(_("It is too large for a result."))
            if size > len(self.buffer):
                self.buffer = bytearray(2 * size)
            whole = memoryview(self.buffer)[:size]
            done = 0
            while done < size and (got := file.readinto(whole[done:])):
                done += got
        return whole[:done]

    def _decoded(self, data: memoryview) -> _Result:
        try:
            result = self.decoder.decode(data)
        except msgspec.ValidationError:
            self._refuse_others(msgspec.json.decode(data, type=_Head))
            raise
        self._refuse_others(result)
        return result

    def _refuse_others(self, head: _Head | _Result) -> None:
        if head.schema != _SCHEMA:
            raise _NotOursError(
                _("It is not a result: its schema is “{found}”.", found=shorten(plain(head.schema), 80))
            )
        if head.assignment != self.assignment:
            raise _NotOursError(
                _("It is a result of another assignment, {found}.", found=shorten(plain(head.assignment), 80))
            )

    def _add(self, file: str, result: _Result) -> None:
        notes = msgspec.json.decode(result.notes, type=list[Message]) if result.points is None else []
        row = SubmissionRow(
            file=file,
            student=result.student,
            name=result.name,
            status=result.status,
            points=result.points,
            max_points=result.max_points,
            late=result.late,
            seconds=result.seconds,
            cpu_seconds=result.cpu_seconds,
            memory_mb=result.peak_memory_mb,
            rung=result.isolation.rung,
            problem=notes[0] if notes else None,
        )
        answers = [self._answer(file, question) for question in result.questions]
        outcomes = [
            self._outcome(file, question.question, outcome, f"q{number}-{place}")
            for number, question in enumerate(result.questions, 1)
            for place, outcome in enumerate(question.outcomes, 1)
        ]
        self._count_once(file, result)
        self.submissions[file] = row
        self.answers += answers
        self.outcomes += outcomes

    def _answer(self, file: str, question: _Question) -> QuestionRow:
        if question.question not in self.questions:
            title = msgspec.json.decode(question.title, type=dict[str, str])
            self.questions[question.question] = QuestionInfo(id=question.question, title=title)
        written = question.written
        return QuestionRow(
            file=file,
            question=question.question,
            points=question.points,
            max_points=question.max_points,
            written_points=written.points if written else None,
            written_max=written.max_points if written else 0.0,
        )

    def _outcome(self, file: str, question: str, outcome: _Outcome, anchor: str) -> OutcomeRow:
        # The first file that says a title decides; its ids stand in every row, and are in memory once.
        info = self.checks.get((question, outcome.check))
        if info is None:
            info = CheckInfo(question=question, check=outcome.check, title=self.say.decode(outcome.title))
            self.checks[question, outcome.check] = info
        mistake = outcome.misconception
        if mistake is not None and mistake.id not in self.mistakes:
            self.mistakes[mistake.id] = Mistake(
                name=self.say.decode(mistake.name), explanation=self.say.decode(mistake.explanation)
            )
        return OutcomeRow(
            file=file,
            question=info.question,
            check=info.check,
            status=outcome.status,
            points=outcome.points,
            max_points=outcome.max_points,
            misconception=mistake.id if mistake else None,
            look=outcome.look,
            anchor=anchor,
            said=self.say.decode(outcome.message) if mistake else None,
        )

    def _count_once(self, file: str, result: _Result) -> None:
        """Of two results of one student, which a changed file name leaves behind, the one marked last counts."""
        now = (result.marked_at, file)
        before = self.newest.get(result.student)
        if before is None:
            self.newest[result.student] = now
            return
        old, self.newest[result.student] = sorted((before, now))
        self.older.add(old[1])
        self.unread.append(
            Unread(
                file=plain(f"{old[1]}.json"),
                said=_(
                    "It is an older result of the same student: {newer} counts.",
                    newer=plain(f"{self.newest[result.student][1]}.json"),
                ),
            )
        )

    def intake(self, root: Path) -> IntakeFile:
        """Who handed in what; a damaged file is listed."""
        try:
            return load_intake(root)
        except CotejaError:
            said = _("It is damaged: who handed in nothing is not known. Grade again.")
            self.unread.append(Unread(file=INTAKE_FILE, said=said))
            return IntakeFile()

    def whole(self, title: Mapping[str, str], intake: IntakeFile) -> ClassData:
        """All that was read."""
        counted = [row for file, row in self.submissions.items() if file not in self.older]
        marked = {row.student for row in counted}
        return ClassData(
            assignment=self.assignment,
            title=dict(title),
            submissions=counted,
            answers=[row for row in self.answers if row.file not in self.older],
            outcomes=[row for row in self.outcomes if row.file not in self.older],
            questions=list(self.questions.values()),
            checks=list(self.checks.values()),
            mistakes=self.mistakes,
            missing=tuple(plain(key) for key in intake.missing if key not in marked),
            unplaced=tuple(
                Unplaced(source=plain(item.source), why=item.why)
                for item in intake.listed
                if item.why != "set_aside"
            ),
            unread=tuple(sorted(self.unread, key=lambda item: item.file)),
        )
