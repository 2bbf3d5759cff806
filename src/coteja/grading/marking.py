"""Marks submissions: record each in the sandbox, check, score, report; or all but record, from stored recordings."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from nbformat.v4 import new_notebook

from coteja.errors import CotejaError, CourseError, MachineError, SubmissionError
from coteja.feedback.render import render_pages
from coteja.grading.checking import check_recording
from coteja.grading.lab import Lab
from coteja.grading.scoring import score
from coteja.grading.submissions import slug
from coteja.model.assignment import Language
from coteja.model.message import message as _
from coteja.model.recording import Isolation, Recording, Submission
from coteja.model.result import SubmissionResult
from coteja.model.template import TemplateCell
from coteja.recording import Recorded, Recorder, RecordingStore, make_plan, read_notebook
from coteja.recording.plan import guess_language
from coteja.recording.store import write_whole

log = logging.getLogger("coteja")

Progress = Callable[[SubmissionResult], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the marking of one assignment is kept."""

    root: Path

    @property
    def recordings(self) -> RecordingStore:
        return RecordingStore(self.root / "recordings")

    def result(self, name: str) -> Path:
        return self.root / "results" / f"{name}.json"

    def feedback(self, name: str) -> Path:
        return self.root / "feedback" / name


class Marker:
    """Marks one lab's submissions into one place."""

    def __init__(
        self, lab: Lab, places: Places, languages: Sequence[Language], now: Callable[[], datetime]
    ) -> None:
        self.lab, self.places, self.languages, self.now = lab, places, tuple(languages), now
        self._templates: dict[Language, list[TemplateCell]] = {
            language: lab.template(language) for language in lab.assignment.languages
        }

    async def grade(
        self, recorder: Recorder, submissions: Sequence[Submission], *, workers: int, progress: Progress
    ) -> list[SubmissionResult]:
        """Record, check, score and report every submission, `workers` at a time. One's fault never reaches another."""
        names = _file_names(submissions)
        gate = asyncio.Semaphore(max(1, workers))

        async def one(submission: Submission, name: str) -> SubmissionResult:
            async with gate:
                recorded = await self._record(recorder, submission)
                result = await asyncio.to_thread(self._finish, recorded, name)
            progress(result)
            return result

        return list(await asyncio.gather(*(one(s, n) for s, n in zip(submissions, names, strict=True))))

    def regrade(self, *, progress: Progress) -> list[SubmissionResult]:
        """Check, score and report again from the stored recordings. Runs no notebook."""
        files = sorted(self.places.root.glob("results/*.json"))
        if not files:
            raise CotejaError(
                f"{self.places.root}: nothing has been marked here yet. Run `coteja grade` first."
            )
        results = []
        for file in files:
            stored = read_result(file)
            recording = self.places.recordings.load(stored.recording)
            result = self._report(recording, stored.recording, file.stem)
            progress(result)
            results.append(result)
        return results

    async def _record(self, recorder: Recorder, submission: Submission) -> Recorded:
        try:
            read = read_notebook(Path(submission.path))
        except SubmissionError as fault:
            return self._unreadable(submission, fault, recorder.isolation)
        try:
            language = guess_language(read.notebook, self.lab.assignment, self._templates)
            plan = make_plan(
                submission,
                read.notebook,
                self.lab.assignment,
                self._templates[language],
                language,
                cases=self.lab.draw(secrets.randbits(64)),
                parameters=self.lab.draw_parameters(secrets.randbits(64)),
                notes=read.notes,
            )
            return await recorder.record(plan)
        except (CourseError, MachineError):
            raise
        except Exception as fault:
            # Our own fault, or a notebook that nobody foresaw: this one needs a look, the batch goes on.
            log.exception("recording the submission of %s failed", submission.student)
            problem = SubmissionError(
                _(
                    "The notebook could not be run ({detail}). This is not your fault.",
                    detail=type(fault).__name__,
                )
            )
            return self._unreadable(submission, problem, recorder.isolation)

    def _unreadable(self, submission: Submission, fault: SubmissionError, isolation: Isolation) -> Recorded:
        recording = Recording(
            assignment=self.lab.assignment.id,
            student=submission.student,
            source=submission.path,
            sha256=submission.sha256,
            language=self.lab.assignment.languages[0],
            status="unreadable",
            problem=fault.message,
            isolation=isolation,
            recorded_at=self.now().isoformat(timespec="seconds"),
        )
        return Recorded(recording, new_notebook())

    def _finish(self, recorded: Recorded, name: str) -> SubmissionResult:
        key = f"{recorded.recording.sha256[:16] or 'unread'}-{name}"
        self.places.recordings.save(key, recorded)
        return self._report(recorded.recording, key, name)

    def _report(self, recording: Recording, key: str, name: str) -> SubmissionResult:
        outcomes = check_recording(self.lab, recording)
        marked_at = self.now()
        result = score(
            self.lab.assignment,
            recording,
            outcomes,
            recording_key=key,
            marked_at=marked_at.isoformat(timespec="seconds"),
        )
        write_whole(self.places.result(name), dump_result(result))
        self._write_feedback(result, name, marked_at)
        return result

    def _write_feedback(self, result: SubmissionResult, name: str, marked_at: datetime) -> None:
        folder = self.places.feedback(name)
        for language in self.languages:
            others = {other: f"feedback.{other}.html" for other in self.languages if other != language}
            pages = render_pages(
                result,
                self.lab.translator(language),
                assignment_title=self.lab.assignment.title,
                other_languages=others,
                course_templates=self.lab.course.templates(),
                marked_at=marked_at,
            )
            for suffix, text in pages.items():
                write_whole(folder / f"feedback.{language}.{suffix}", text.encode())


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def dump_result(result: SubmissionResult) -> bytes:
    """A result as its JSON file."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def read_result(path: Path) -> SubmissionResult:
    """Read a result file. Raises CotejaError when it is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SubmissionResult)
    except (OSError, msgspec.MsgspecError) as fault:
        raise CotejaError(f"{path}: this result is damaged ({fault}). Run `coteja grade` again.") from None


def _file_names(submissions: Sequence[Submission]) -> list[str]:
    """A file name for each submission; students whose names come out equal get their path's digest added."""
    plain = [slug(s.student) for s in submissions]
    again = Counter(name.casefold() for name in plain)
    return [
        name if again[name.casefold()] == 1 else f"{name}-{hashlib.sha256(s.path.encode()).hexdigest()[:6]}"
        for name, s in zip(plain, submissions, strict=True)
    ]
