"""Where the marking of an assignment is kept, whose file is whose, and results as files. Loads nothing heavy."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from coteja.errors import CotejaError
from coteja.grading.submissions import slug
from coteja.model.recording import Isolation, Submission
from coteja.model.result import QuestionResult, SubmissionResult

if TYPE_CHECKING:
    from coteja.recording.store import RecordingStore

#: The two kinds of page, for each language.
PAGES = ("html", "md")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the marking of one assignment is kept."""

    root: Path

    @property
    def recordings(self) -> RecordingStore:
        from coteja.recording.store import RecordingStore

        return RecordingStore(self.root / "recordings")

    def result(self, name: str) -> Path:
        return self.root / "results" / f"{name}.json"

    def feedback(self, name: str) -> Path:
        return self.root / "feedback" / name

    def stamp(self, name: str, languages: Sequence[str]) -> str:
        """How a result's file and its pages lie there, without reading them; another stamp means: look more closely."""
        try:
            # Paths as text: this is asked ten thousand times.
            result = os.stat(f"{self.root}/results/{name}.json")  # noqa: PTH116
            pages = os.stat(f"{self.root}/feedback/{name}")  # noqa: PTH116
        except OSError:
            return ""
        return f"{result.st_size} {result.st_mtime_ns} {pages.st_mtime_ns} {' '.join(languages)}"


def outline(result: SubmissionResult) -> SubmissionResult:
    """A result without what only its file and its pages need: all that is kept of it while others are marked."""
    questions = [
        QuestionResult(question=q.question, title={}, points=q.points, max_points=q.max_points)
        for q in result.questions
    ]
    return replace(result, questions=tuple(questions), notes=(), isolation=Isolation(), versions={})


def dump_result(result: SubmissionResult) -> bytes:
    """A result as its JSON file."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def read_result(path: Path) -> SubmissionResult:
    """Read a result file. Raises CotejaError when it is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SubmissionResult)
    except (OSError, msgspec.MsgspecError) as fault:
        raise damaged(path, fault) from None


def damaged(path: Path, fault: Exception) -> CotejaError:
    """What is said of a result file that cannot be read."""
    return CotejaError(f"{path}: this result is damaged ({fault}). Run `coteja grade` again.")


def students_of(submissions: Sequence[Submission]) -> list[str]:
    """Each student once, in order."""
    return list(dict.fromkeys(s.student for s in submissions))


def attempts_of(submissions: Sequence[Submission]) -> dict[str, list[Submission]]:
    """Each student's notebooks, in order."""
    attempts: dict[str, list[Submission]] = {}
    for submission in submissions:
        attempts.setdefault(submission.student, []).append(submission)
    return attempts


def shared_work(submissions: Sequence[Submission]) -> list[tuple[list[str], list[Submission]]]:
    """The students who share the same notebooks, with those notebooks: each has to run once."""
    attempts = attempts_of(submissions)
    together: dict[tuple[str, ...], list[str]] = {}
    for student, own in attempts.items():
        together.setdefault(tuple(s.path for s in own), []).append(student)
    return [(students, attempts[students[0]]) for students in together.values()]


def file_names(submissions: Sequence[Submission]) -> list[str]:
    """A file name for each student; those whose names come out equal get their name's digest added."""
    students = students_of(submissions)
    plain = [slug(student) for student in students]
    again = Counter(name.casefold() for name in plain)
    return [
        name if again[name.casefold()] == 1 else f"{name}-{hashlib.sha256(student.encode()).hexdigest()[:6]}"
        for name, student in zip(plain, students, strict=True)
    ]
