"""Reads the rows of a class from the stored results: only what a report needs of each file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec

from coteja.classreport.data import (
    CheckInfo,
    ClassData,
    OutcomeRow,
    QuestionInfo,
    QuestionRow,
    SubmissionRow,
)
from coteja.errors import CotejaError
from coteja.grading.marking import Places
from coteja.model.message import Message
from coteja.model.result import Status, SubmissionStatus

#: Fewer files than this are read sooner than other processes have started.
MANY = 1000
_SHARE = 250


class _Mistake(msgspec.Struct):
    id: str
    name: msgspec.Raw


class _Outcome(msgspec.Struct):
    check: str
    title: msgspec.Raw
    status: Status
    points: float
    max_points: float
    misconception: _Mistake | None = None
    look: bool = False


class _Written(msgspec.Struct):
    max_points: float
    points: float | None = None


class _Question(msgspec.Struct):
    question: str
    title: msgspec.Raw
    points: float
    max_points: float
    outcomes: list[_Outcome] = []
    written: _Written | None = None


class _Isolation(msgspec.Struct, frozen=True):
    rung: str = "none"


class _Result(msgspec.Struct):
    """What a report needs of a result file; pictures and evidence, nearly all of it, are skipped over."""

    student: str
    status: SubmissionStatus
    points: float | None
    max_points: float
    questions: list[_Question]
    notes: msgspec.Raw = msgspec.Raw(b"[]")
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    isolation: _Isolation = _Isolation()


class _Part(msgspec.Struct, array_like=True):
    """The rows of some files, and the words that they use, still as JSON."""

    submissions: list[SubmissionRow] = []
    answers: list[QuestionRow] = []
    outcomes: list[OutcomeRow] = []
    questions: dict[str, bytes] = {}
    checks: dict[str, dict[str, bytes]] = {}
    misconceptions: dict[str, bytes] = {}


def class_data(places: Places, assignment: str, title: Mapping[str, str], *, workers: int = 1) -> ClassData:
    """All that is stored of a class, in rows. Raises CotejaError when nothing is, or when a file is damaged.

    With more than one worker, many files are shared out among as many processes.
    """
    files = sorted(places.root.glob("results/*.json"))
    if not files:
        raise CotejaError(f"{places.root}: nothing has been marked here yet. Run `coteja grade` first.")
    shares = [files[i : i + _SHARE] for i in range(0, len(files), _SHARE)]
    if workers < 2 or len(files) < MANY:
        return _joined(assignment, title, map(_read, shares))
    with ProcessPoolExecutor(min(workers, len(shares)), get_context("spawn")) as pool:
        packed = pool.map(_read_packed, shares)
        return _joined(assignment, title, (msgspec.msgpack.decode(part, type=_Part) for part in packed))


def _read_packed(files: Sequence[Path]) -> bytes:
    return msgspec.msgpack.encode(_read(files))


def _read(files: Iterable[Path]) -> _Part:
    part = _Part()
    decoder = msgspec.json.Decoder(_Result)
    for file in files:
        try:
            _add(part, file.stem, decoder.decode(file.read_bytes()))
        except (OSError, msgspec.MsgspecError) as fault:
            raise CotejaError(
                f"{file}: this result is damaged ({fault}). Run `coteja grade` again."
            ) from None
    return part


def _add(part: _Part, name: str, result: _Result) -> None:
    notes = msgspec.json.decode(result.notes, type=list[Message]) if result.points is None else []
    part.submissions.append(
        SubmissionRow(
            name=name,
            student=result.student,
            status=result.status,
            points=result.points,
            max_points=result.max_points,
            seconds=result.seconds,
            cpu_seconds=result.cpu_seconds,
            memory_mb=result.peak_memory_mb,
            rung=result.isolation.rung,
            problem=notes[0] if notes else None,
        )
    )
    for question in result.questions:
        written = question.written
        part.questions.setdefault(question.question, bytes(question.title))
        part.answers.append(
            QuestionRow(
                name=name,
                question=question.question,
                points=question.points,
                max_points=question.max_points,
                written_points=written.points if written else None,
                written_max=written.max_points if written else 0.0,
            )
        )
        checks = part.checks.setdefault(question.question, {})
        for outcome in question.outcomes:
            if outcome.check not in checks:
                checks[outcome.check] = bytes(outcome.title)
            mistake = outcome.misconception
            if mistake is not None and mistake.id not in part.misconceptions:
                part.misconceptions[mistake.id] = bytes(mistake.name)
            part.outcomes.append(
                OutcomeRow(
                    name=name,
                    question=question.question,
                    check=outcome.check,
                    status=outcome.status,
                    points=outcome.points,
                    max_points=outcome.max_points,
                    misconception=mistake.id if mistake else None,
                    look=outcome.look,
                )
            )


def _joined(assignment: str, title: Mapping[str, str], parts: Iterable[_Part]) -> ClassData:
    whole = _Part()
    for part in parts:
        whole.submissions += part.submissions
        whole.answers += part.answers
        whole.outcomes += part.outcomes
        _keep(whole.questions, part.questions)
        _keep(whole.misconceptions, part.misconceptions)
        for question, checks in part.checks.items():
            _keep(whole.checks.setdefault(question, {}), checks)
    decode = msgspec.json.Decoder(Message).decode
    return ClassData(
        assignment=assignment,
        title=dict(title),
        submissions=whole.submissions,
        answers=whole.answers,
        outcomes=whole.outcomes,
        questions=[
            QuestionInfo(id=question, title=msgspec.json.decode(text, type=dict[str, str]))
            for question, text in whole.questions.items()
        ],
        checks=[
            CheckInfo(question=question, check=check, title=decode(text))
            for question, checks in whole.checks.items()
            for check, text in checks.items()
        ],
        misconceptions={mistake: decode(text) for mistake, text in whole.misconceptions.items()},
    )


def _keep(known: dict[str, bytes], more: Mapping[str, bytes]) -> None:
    """Add what is not known yet: the first file that says a title decides."""
    for key, text in more.items():
        known.setdefault(key, text)


def cores() -> int:
    """How many processes may read at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
