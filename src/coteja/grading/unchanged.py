"""What of the last marking still holds: for each submission, how little has to be done again. Runs and checks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coteja.gradebook.rows import Stored
from coteja.grading.lateness import Lateness
from coteja.grading.ledger import Ledger, read_outline
from coteja.grading.places import PAGES, Places, attempts_of, file_names
from coteja.grading.versions import Versions, work_digest
from coteja.model.recording import Submission
from coteja.model.result import SubmissionResult
from coteja.recording.files import digest

#: `keep`: nothing. `pages`: some are missing. `renew`: the dates or people's marks changed; the result file serves.
#: `check`: the recording serves. `run`: the notebook has to run.
What = Literal["keep", "pages", "renew", "check", "run"]


@dataclass(frozen=True, slots=True)
class Todo:
    """What one student's work needs. `kept`: the last result in outline, where `what` is `keep`."""

    what: What
    name: str
    attempts: tuple[Submission, ...]
    last: Stored | None = None
    kept: SubmissionResult | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """What the gradebook knows of an assignment, read at once: the results that count, and how many marks people gave."""

    results: Mapping[str, Stored]
    mark_counts: Mapping[str, int]
    versions: Versions

    @classmethod
    def of(cls, ledger: Ledger) -> Last:
        """Read it."""
        book, assignment = ledger.gradebook, ledger.assignment
        return cls(book.current(assignment), book.mark_counts(assignment), ledger.versions)

    @property
    def holds(self) -> bool:
        """Whether anything was marked under the versions of now."""
        return any(stored.check_digest == self.versions.check for stored in self.results.values())


def to_do(
    submissions: Sequence[Submission],
    last: Last | None,
    places: Places,
    languages: Sequence[str],
    lateness: Lateness,
) -> dict[str, Todo]:
    """What each student's work needs, in order. Without a gradebook to look into, all is run."""
    attempts = attempts_of(submissions)
    return {
        student: _todo(student, name, tuple(attempts[student]), last, places, languages, lateness)
        for student, name in zip(attempts, file_names(submissions), strict=True)
    }


def _todo(
    student: str,
    name: str,
    attempts: tuple[Submission, ...],
    last: Last | None,
    places: Places,
    languages: Sequence[str],
    lateness: Lateness,
) -> Todo:
    stored = last.results.get(student) if last else None
    if last is None or stored is None or not _ran_so(stored, attempts, last.versions, lateness):
        return Todo("run", name, attempts)
    outline = read_outline(stored)
    as_it_was = bool(stored.stamp) and places.stamp(name, languages) == stored.stamp
    if (
        outline is None
        or stored.check_digest != last.versions.check
        or stored.name != name
        or not any((a.source, a.sha256) == (outline.source, outline.sha256) for a in attempts)
        or not (as_it_was or digest(places.result(name)) == stored.content_digest)
    ):
        return Todo("check", name, attempts, stored)
    if lateness.applied(outline) != outline or stored.mark_count != last.mark_counts.get(student, 0):
        return Todo("renew", name, attempts, stored)
    if not (as_it_was or _pages(languages) <= _files_in(places, name)):
        return Todo("pages", name, attempts, stored)
    return Todo("keep", name, attempts, stored, outline)


def _ran_so(stored: Stored, attempts: Sequence[Submission], versions: Versions, lateness: Lateness) -> bool:
    """Whether these very notebooks were run under the versions of now, and nothing went wrong on our side."""
    work = work_of(attempts, lateness)
    return bool(work) and (stored.settled, stored.work_digest, stored.run_digest) == (
        True,
        work,
        versions.run,
    )


def work_of(attempts: Sequence[Submission], lateness: Lateness) -> str:
    """The digest of one student's work; "" where it cannot be read."""
    if len(attempts) == 1:
        return work_digest(attempts)
    return work_digest(attempts, lateness.dates_of(attempts[0].student) if attempts else "")


def _pages(languages: Sequence[str]) -> set[str]:
    return {f"feedback.{language}.{suffix}" for language in languages for suffix in PAGES}


def _files_in(places: Places, name: str) -> set[str]:
    try:
        return {path.name for path in places.feedback(name).iterdir()}
    except OSError:
        return set()
