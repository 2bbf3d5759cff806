"""Marks submissions: record each in the sandbox, check, score, report; or all but record, from stored recordings."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import msgspec
from msgspec.structs import replace
from nbformat.v4 import new_notebook

from coteja.course.load import find_course
from coteja.errors import CotejaError, CourseError, SubmissionError
from coteja.feedback.render import render_pages
from coteja.grading.carrying import carried_forward
from coteja.grading.checking import check_recording
from coteja.grading.lab import Lab, load_lab
from coteja.grading.lateness import lateness_of
from coteja.grading.ledger import Ledger, not_checked, not_run
from coteja.grading.places import (
    Places,
    damaged,
    dump_result,
    file_names,
    outline,
    read_result,
    shared_work,
    students_of,
)
from coteja.grading.scoring import score
from coteja.grading.unchanged import Todo, work_of
from coteja.model.assignment import Language
from coteja.model.recording import Isolation, Recording, Submission
from coteja.model.result import Outcome, SubmissionResult
from coteja.model.template import TemplateCell
from coteja.recording.files import write_whole
from coteja.recording.plan import guess_language, make_plan
from coteja.recording.protocol import Recorded, Recorder
from coteja.recording.read import read_notebook

log = logging.getLogger("coteja")

Progress = Callable[[SubmissionResult], None]
Keep = Callable[[SubmissionResult], SubmissionResult]
#: Fewer recordings than this are checked sooner than other processes have started.
MANY = 60


@dataclass(frozen=True, slots=True)
class _Run:
    """A submission as it was run, with the outcomes of its first run where they are known."""

    submission: Submission
    recorded: Recorded
    outcomes: Sequence[Outcome] | None = None

    def as_of(self, student: str) -> _Run:
        """The same work as another member's of the group."""
        if self.submission.student == student:
            return self
        recording = replace(self.recorded.recording, student=student)
        return _Run(
            replace(self.submission, student=student),
            Recorded(recording, self.recorded.notebook),
            self.outcomes,
        )


class Marker:
    """Marks one lab's submissions into one place."""

    def __init__(
        self,
        lab: Lab,
        places: Places,
        languages: Sequence[Language],
        now: Callable[[], datetime],
        ledger: Ledger | None = None,
    ) -> None:
        self.lab, self.places, self.languages, self.now = lab, places, tuple(languages), now
        self.ledger = ledger
        self.lateness = lateness_of(lab.course, lab.assignment, places.root)
        self._templates: dict[Language, list[TemplateCell]] = {
            language: lab.template(language) for language in lab.assignment.languages
        }

    async def grade(
        self,
        recorder: Recorder,
        submissions: Sequence[Submission],
        *,
        workers: int,
        progress: Progress,
        keep: Keep = lambda result: result,
        names: Mapping[str, str] | None = None,
    ) -> list[SubmissionResult]:
        """Record, check, score and report every submission, `workers` at a time. One's fault never reaches another.

        A notebook of several students (a group) runs once; of several attempts of one student the best is kept.
        `keep` says what of each result is held in memory and returned (`outline`, for a large class); `names` what
        each student's files are called, where these submissions are not all.
        """
        students = students_of(submissions)
        names = names or dict(zip(students, file_names(submissions), strict=True))
        gate = asyncio.Semaphore(max(1, workers))
        # The next notebook runs while the last one is checked; no more of them are held in memory than that.
        room = asyncio.Semaphore(2 * max(1, workers))

        async def one(students: Sequence[str], attempts: Sequence[Submission]) -> list[SubmissionResult]:
            results = []
            async with room:
                async with gate:
                    runs = [await self._run(recorder, attempt) for attempt in attempts]
                for student in students:
                    own = [run.as_of(student) for run in runs]
                    best = own[0] if len(own) == 1 else await asyncio.to_thread(self._best, own)
                    result = await asyncio.to_thread(
                        self._finish_or_look, best, names[student], self._work(own)
                    )
                    results.append(keep(result))
                    progress(results[-1])
            return results

        shares = shared_work(submissions)
        try:
            async with (
                asyncio.TaskGroup() as group
            ):  # what ends one (a full disk) ends all, before the recorder closes
                tasks = [group.create_task(one(*shared)) for shared in shares]
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None
        by_student = {
            student: r
            for (who, _a), task in zip(shares, tasks, strict=True)
            for student, r in zip(who, task.result(), strict=True)
        }
        return [by_student[student] for student in students]

    def again(self, todo: Todo) -> SubmissionResult | None:
        """Do what little one student's work needs, short of running it. None where it has to run after all."""
        if todo.last is None or todo.what == "run":
            return None
        try:
            if todo.what == "check":
                recording = self._as_handed_in(self.places.recordings.load(todo.last.recording), todo)
            else:
                result = read_result(self.places.result(todo.name))
        except CotejaError:
            return None  # it is missing or damaged
        try:
            if todo.what == "check":
                return self._report(recording, todo.last.recording, todo.name) if recording else None
            if todo.what == "renew":
                return self._renewed(result, todo.name)
            self._write_feedback(result, todo.name, datetime.fromisoformat(result.marked_at))
        except (CotejaError, OSError):
            raise
        except Exception:
            log.exception("checking or reporting the submission of %s again failed", todo.last.student)
            return None
        return result

    def regrade(
        self, *, progress: Progress, workers: int = 1, keep: Keep = lambda result: result
    ) -> list[SubmissionResult]:
        """Check, score and report again from the stored recordings. Runs no notebook.

        With more than one worker, many recordings are shared out among as many processes.
        """
        files = sorted(self.places.root.glob("results/*.json"))
        if not files:
            raise CotejaError(
                f"{self.places.root}: nothing has been marked here yet. Run `coteja grade` first."
            )
        results = []
        with self._regraded(files, workers, keep) as again:
            for result in again:
                progress(result)
                results.append(result)
        return results

    @contextmanager
    def _regraded(
        self, files: Sequence[Path], workers: int, keep: Keep
    ) -> Iterator[Iterator[SubmissionResult]]:
        if workers < 2 or len(files) < MANY:
            yield (keep(self.regrade_one(file)) for file in files)
            return
        share = _Share(
            self.lab.course.root,
            self.lab.assignment.id,
            self.places,
            self.languages,
            self.now,
            self.ledger,
            keep,
        )
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            try:
                yield pool.map(partial(_regrade, share), files, chunksize=8)
            finally:
                pool.shutdown(cancel_futures=True)

    def regrade_one(self, file: Path) -> SubmissionResult:
        """Make one result file, and its pages, again from its recording."""
        key = _key_in(file)
        return self._report(self.places.recordings.load(key), key, file.stem)

    async def _run(self, recorder: Recorder, submission: Submission) -> _Run:
        """Record, and run again with earlier mistakes put right where that may give points."""
        try:
            read = read_notebook(Path(submission.path))
        except SubmissionError as fault:
            return _Run(submission, self._unreadable(submission, fault, recorder.isolation))
        submission = replace(submission, sha256=read.sha256)  # it may have changed since it was taken in
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
                simple=self.lab.simple,
            )
            recorded = await recorder.record(plan)
            try:
                outcomes = await asyncio.to_thread(check_recording, self.lab, recorded.recording)
            except Exception:  # noqa: BLE001 (finishing the submission meets it again, and says it)
                return _Run(submission, recorded)
            recording = await carried_forward(self.lab, recorder, plan, recorded.recording, outcomes)
            return _Run(submission, Recorded(recording, recorded.notebook), outcomes)
        except Exception as fault:
            if isinstance(fault, CourseError) or not recorder.usable:
                raise  # the next submission would fare no better
            # Our own fault, or a notebook that nobody foresaw: this one needs a look, the batch goes on.
            log.exception("recording the submission of %s failed", submission.student)
            failed = self._unreadable(submission, SubmissionError(not_run(fault)), recorder.isolation)
            return _Run(submission, failed)

    def _as_handed_in(self, recording: Recording, todo: Todo) -> Recording | None:
        """The recording under the name that the notebook was handed in under now; None where it is of another."""
        sources = [a.source for a in todo.attempts if a.sha256 == recording.sha256]
        if not sources or todo.last is None:
            return None
        if recording.source in sources:
            return recording
        moved = replace(recording, source=sources[-1])
        self.places.recordings.save_recording(todo.last.recording, moved)
        return moved

    def _unreadable(self, submission: Submission, fault: SubmissionError, isolation: Isolation) -> Recorded:
        recording = Recording(
            assignment=self.lab.assignment.id,
            student=submission.student,
            source=submission.source,
            sha256=submission.sha256,
            language=self.lab.assignment.languages[0],
            status="unreadable",
            problem=fault.message,
            isolation=isolation,
            recorded_at=self.now().isoformat(timespec="seconds"),
        )
        return Recorded(recording, new_notebook())

    def _finish_or_look(self, run: _Run, name: str, work: str) -> SubmissionResult:
        """Finish one submission. Where we fail at it, that one needs a look, its recording is kept, the batch goes on."""
        key = self._key(run.recorded, name)
        try:
            self.places.recordings.save(key, run.recorded)
            return self._report(run.recorded.recording, key, name, work=work, known=run.outcomes)
        except (CotejaError, OSError):
            raise  # a wrong template, a full disk: the next submission would fare no better
        except Exception as fault:
            log.exception("checking or reporting the submission of %s failed", run.submission.student)
            problem = SubmissionError(not_checked(fault))
            unread = self._unreadable(run.submission, problem, run.recorded.recording.isolation)
            return self._report(unread.recording, key, name, work=work)

    def _best(self, attempts: Sequence[_Run]) -> _Run:
        """The attempt with most points, of equals the last. One that cannot be scored yields to one that can."""

        def points(run: _Run) -> float:
            recording = run.recorded.recording
            try:
                result = self._scored(recording, "", self.now(), run.outcomes)
            except CotejaError:
                raise
            except Exception:
                log.exception("checking an attempt of %s failed", recording.student)
                return -1.0
            earned = result.late.points if result.late else result.points
            return -1.0 if earned is None else earned

        return max(reversed(attempts), key=points)

    def _work(self, runs: Sequence[_Run]) -> str:
        """The digest of what was run just now: of the bytes that were read."""
        read = [replace(run.submission, sha256=run.recorded.recording.sha256) for run in runs]
        return work_of(read, self.lateness)

    @staticmethod
    def _key(recorded: Recorded, name: str) -> str:
        return f"{recorded.recording.sha256[:16] or 'unread'}-{name}"

    def _report(
        self,
        recording: Recording,
        key: str,
        name: str,
        *,
        work: str = "",
        known: Sequence[Outcome] | None = None,
    ) -> SubmissionResult:
        marked_at = self.now()
        return self._publish(self._scored(recording, key, marked_at, known), name, marked_at, work)

    def _renewed(self, result: SubmissionResult, name: str) -> SubmissionResult:
        """The same result by the dates and people's marks of now."""
        marked_at = self.now()
        again = replace(result, marked_at=marked_at.isoformat(timespec="seconds"))
        return self._publish(self.lateness.applied(again), name, marked_at)

    def _publish(
        self, result: SubmissionResult, name: str, marked_at: datetime, work: str = ""
    ) -> SubmissionResult:
        """Write the result's file and pages; then enter it: what the gradebook says was done is done."""
        result, mark_count = self.ledger.marked(result) if self.ledger else (result, 0)
        content = dump_result(result)
        write_whole(self.places.result(name), content)
        self._write_feedback(result, name, marked_at)
        if self.ledger:
            stamp = self.places.stamp(name, self.languages)
            self.ledger.enter(result, name, content, stamp=stamp, mark_count=mark_count, work=work)
        return result

    def _scored(
        self, recording: Recording, key: str, marked_at: datetime, known: Sequence[Outcome] | None = None
    ) -> SubmissionResult:
        result = score(
            self.lab.assignment,
            recording,
            check_recording(self.lab, recording, known),
            recording_key=key,
            marked_at=marked_at.isoformat(timespec="seconds"),
        )
        return self.lateness.applied(result)

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


@dataclass(frozen=True, slots=True)
class _Share:
    """All that another process needs to take its share of `regrade`."""

    course: Path
    assignment: str
    places: Places
    languages: tuple[Language, ...]
    now: Callable[[], datetime]
    ledger: Ledger | None
    keep: Keep


@lru_cache(maxsize=1)
def _marker_of(share: _Share) -> Marker:
    lab = load_lab(find_course(share.course), share.assignment)
    return Marker(lab, share.places, share.languages, share.now, share.ledger)


def _regrade(share: _Share, file: Path) -> SubmissionResult:
    return share.keep(_marker_of(share).regrade_one(file))


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


class _Stored(msgspec.Struct):
    """What `regrade` needs of a result file."""

    recording: str


def _key_in(path: Path) -> str:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Stored).recording
    except (OSError, msgspec.MsgspecError) as fault:
        raise damaged(path, fault) from None


__all__ = [
    "Marker",
    "Places",
    "dump_result",
    "file_names",
    "outline",
    "read_result",
    "shared_work",
    "students_of",
    "utc_now",
]
