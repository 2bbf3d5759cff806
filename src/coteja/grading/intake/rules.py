"""How a course takes in an assignment: course.toml, assignment.toml and the command line put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from coteja.course.load import Course
from coteja.course.moments import parse_moment, zone_of
from coteja.errors import CourseError, UsageError
from coteja.grading.intake.names import fold
from coteja.grading.intake.pattern import parse_pattern
from coteja.grading.intake.roster import COLUMNS, Person, Roster, read_roster
from coteja.grading.intake.tables import read_table
from coteja.grading.intake.take import Rules
from coteja.model.assignment import Assignment

#: The heading of a column of moments, folded and without spaces.
MOMENTS = (
    *(
        "handedin",
        "submittedat",
        "submitted",
        "time",
        "entregado",
        "entrega",
        "fechadeentrega",
        "fecha",
        "hora",
    ),
    *("due", "dueat", "extension", "until", "prorroga", "hasta", "nuevafecha"),
    *("lastmodifiedsubmission", "ultimamodificacionentrega", "ultimamodificacionenvio"),
)
_ASSIGNMENT = ("assignment", "lab", "tarea", "laboratorio")


def course_zone(course: Course) -> tzinfo:
    """The course's time zone; UTC where it names none."""
    return (zone_of(course.info.time_zone) if course.info.time_zone else None) or UTC


def rules_of(
    course: Course,
    assignment: Assignment,
    *,
    roster: Path | None = None,
    pattern: str | None = None,
    handed_in: str | None = None,
    now: datetime | None = None,
) -> Rules:
    """The rules for one assignment; what the command line says goes first.

    Raises
    ------
    CourseError
        The roster or a table of moments is wrong.
    UsageError
        The pattern or the moment is wrong, or there is no such file.
    """
    zone = course_zone(course)
    where = roster or (course.root / course.info.roster if course.info.roster else None)
    known = read_roster(where) if where else None
    return Rules(
        assignment=assignment.id,
        zone=zone,
        roster=known,
        pattern=parse_pattern(pattern) if pattern else None,
        attempts=assignment.attempts or course.info.attempts,
        groups=course.info.groups if assignment.groups is None else assignment.groups,
        given=_given(handed_in, known, zone, assignment.id) if handed_in else {},
        now=now,
    )


def _given(text: str, roster: Roster | None, zone: tzinfo, assignment: str) -> dict[str, datetime]:
    """--handed-in: one moment for everybody, or a table of them."""
    if (when := parse_moment(text, zone)) is not None:
        return {"": when}
    if not Path(text).is_file():
        raise UsageError(
            f"--handed-in {text}: neither a moment (2026-03-20T23:15) nor a CSV file with a student and a moment a line."
        )
    said = read_moments(Path(text), roster, assignment)
    out = {}
    for who, (line, moment) in said.items():
        when = parse_moment(moment, zone)
        if when is None:
            raise CourseError(
                f"{text}, line {line}: {moment!r} is no moment. Write it like 2026-03-20 23:15."
            )
        out[who] = when
    return out


def read_moments(path: Path, roster: Roster | None, assignment: str) -> Mapping[str, tuple[int, str]]:
    """A table of students and moments: the folded key of each student -> line and text. Empty moments are left out.

    Raises
    ------
    CourseError
        It has no column of moments, or a line names nobody.
    """
    rows, headings = read_table(path, COLUMNS | {"moment": MOMENTS, "assignment": _ASSIGNMENT})
    if not any("moment" in row.cells for row in rows):
        raise CourseError(
            f"{path}: no column of moments. Expected a heading like due, handed in, fecha or entrega; found "
            f"{', '.join(headings)}."
        )
    out: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row.get("assignment") not in ("", assignment) or row.get("moment") in ("", "-"):
            continue
        names = [row.get(c) for c in ("id", "email", "login", "name", "moodle") if row.get(c)]
        full = f"{row.get('first')} {row.get('last')}".strip()
        names += [full] if full else []
        if not names:
            raise CourseError(f"{path}, line {row.line}: whose? Give the student's id, e-mail or name.")
        students = (
            roster.match(Person(moodle=row.get("moodle"), free=tuple(names))).students if roster else ()
        )
        for name in [s.key for s in students] or names[:1]:
            out[fold(name)] = (row.line, row.get("moment"))
    return out
