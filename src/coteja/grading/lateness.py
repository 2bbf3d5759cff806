"""Reads what lateness rests on, the course's dates and who handed in when, and adds it to results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

import msgspec
from msgspec.structs import replace

from coteja.course.load import Course
from coteja.course.moments import parse_duration, parse_moment
from coteja.errors import CourseError
from coteja.grading.intake.names import fold
from coteja.grading.intake.roster import Roster
from coteja.grading.intake.rules import course_zone, read_moments
from coteja.grading.intake.store import load_intake
from coteja.grading.late import deadline_of, judge
from coteja.model.assignment import Assignment, LatePolicy
from coteja.model.intake import Handed, HandedIn, Listed
from coteja.model.result import SubmissionResult


@dataclass(frozen=True, slots=True)
class Lateness:
    """An assignment's dates, and what each student handed in."""

    due: str
    policy: LatePolicy
    zone: tzinfo = UTC
    extensions: Mapping[str, str] = field(default_factory=dict)
    students: Mapping[str, Handed] = field(default_factory=dict)

    def applied(self, result: SubmissionResult) -> SubmissionResult:
        """The result with the student's name, and with its lateness where the assignment has a due moment."""
        handed = self.students.get(result.student, Handed())
        deadline = deadline_of(self.due, self.policy, self.zone, self._extension(result.student, handed))
        late = judge(deadline, _moment_of(result, handed), result.points) if deadline else None
        return replace(result, name=handed.name, late=late)

    def dates_of(self, student: str) -> str:
        """All that one student's lateness rests on, as text: of several attempts it says which one is best."""
        handed = self.students.get(student, Handed())
        said = (self.due, self.policy, str(self.zone), self._extension(student, handed), handed.attempts)
        return msgspec.json.encode(said).decode() if self.due else ""

    def _extension(self, student: str, handed: Handed) -> str:
        keys = [fold(key) for key in (student, *handed.keys)]
        return next((self.extensions[key] for key in keys if key in self.extensions), "")


def lateness_of(course: Course, assignment: Assignment, marked: Path) -> Lateness:
    """All that lateness rests on; `marked` is where the results lie.

    Raises
    ------
    CourseError
        The table of extensions is wrong.
    """
    return Lateness(
        due=assignment.due,
        policy=assignment.late or course.info.late,
        zone=course_zone(course),
        extensions={who: text for who, text in _extensions(course, assignment).items() if assignment.due},
        students=load_intake(marked).students,
    )


def extensions_for_nobody(course: Course, assignment: Assignment, roster: Roster | None) -> list[Listed]:
    """Extensions whose student is not on the roster: mistyped, most likely."""
    if roster is None:
        return []
    return [
        Listed(
            source=who,
            why="unmatched",
            said=f"has an extension for {assignment.id}, but is nobody of the roster",
        )
        for who in _extensions(course, assignment)
        if not any(who in map(fold, (s.key, *s.keys)) for s in roster.students)
    ]


def _extensions(course: Course, assignment: Assignment) -> dict[str, str]:
    """Folded key of a student -> moment or duration; what the assignment says goes before the course's table."""
    out: dict[str, str] = {}
    own = assignment.extensions
    for table in (course.info.extensions, own if isinstance(own, str) else ""):
        if not table:
            continue
        path = course.root / table
        for who, (line, text) in read_moments(path, None, assignment.id).items():
            if parse_duration(text) is None and parse_moment(text, course_zone(course)) is None:
                raise CourseError(
                    f'{path}, line {line}: {text!r} is no moment. Write it like 2026-03-20 23:59, or like "2d".'
                )
            out[who] = text
    if not isinstance(own, str):
        out |= {fold(who): text for who, text in own.items()}
    return out


def _moment_of(result: SubmissionResult, handed: Handed) -> HandedIn:
    """When this very notebook was handed in; of equal bytes, those of the same file."""
    same = [a for a in handed.attempts if a.sha256 == result.sha256 or a.source == result.source]
    exact = [a for a in same if a.source == result.source]
    return (exact or same)[-1].handed_in if same else HandedIn()
