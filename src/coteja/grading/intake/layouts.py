"""What the place of a notebook says of its student and time: Canvas, Moodle, Gradescope, nbgrader, a pattern, or names.

Where a platform wrote the name, the platform's part alone counts: a student chooses the rest, and cannot pass for another.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from coteja.course.moments import parse_moment, zone_of
from coteja.grading.intake.gather import Found, Gathered
from coteja.grading.intake.names import fold, printable
from coteja.grading.intake.pattern import Pattern
from coteja.grading.intake.roster import Person
from coteja.model.intake import Clock, HandedIn

_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file(?:_.*)?", re.S)
_CANVAS = re.compile(
    r"(?P<name>[^\W\d_]+)_(?P<late>LATE_)?(?P<user>\d{3,})_(?P<sub>\d{4,})_(?P<rest>.+)", re.S
)
#: A folder in the inbound of nbgrader's exchange: student, assignment, moment, and what makes it hard to guess.
_INBOUND = re.compile(
    r"(?P<user>[^+]+)\+(?P<lab>[^+]+)\+(?P<stamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [\w/+-]+?)?)(?:\+[\w=-]{4,})?"
)
_CANVAS_ATTEMPT = re.compile(r"-(\d{1,3})(?:\.\w+)?$")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a notebook is, as far as its place says. `known`: notebooks of one `key` are attempts of one student."""

    found: Found
    people: tuple[Person, ...]
    label: str
    key: tuple[str, ...]
    known: bool
    handed_in: HandedIn
    attempt: int = 0


def claim_of(
    found: Found, gathered: Gathered, *, assignment: str, pattern: Pattern | None, zone: tzinfo
) -> Claim | None:
    """The claim of one notebook, None where its place says that it belongs to another assignment."""
    claim = _by_pattern(found, pattern) if pattern else None
    claim = claim or _gradescope(found, gathered, zone) or _moodle(found) or _canvas(found, assignment)
    if claim is not None:
        return claim
    if (said := _inbound(found)) is not None:
        return _collected(found, said, zone) if said["lab"] == assignment else None
    if _other_assignment(found, assignment):
        return None
    return _nbgrader(found, gathered, assignment, zone) or _plain(found, assignment)


def handed_in(when: datetime | None, clock: Clock) -> HandedIn:
    """A moment as it is stored."""
    return HandedIn(at=iso(when), clock=clock) if when is not None else HandedIn()


def iso(when: datetime) -> str:
    """ISO 8601 in UTC."""
    return when.astimezone(UTC).isoformat(timespec="seconds")


def _own_time(found: Found) -> HandedIn:
    return handed_in(found.time, found.clock)


def _exported(found: Found, *, late: bool = False) -> HandedIn:
    """Canvas and Moodle stamp what they export with the time of the export: only an upper bound."""
    if found.time is None:
        return HandedIn(clock="export", flagged_late=late)
    return HandedIn(clock="export", no_later_than=iso(found.time), flagged_late=late)


def _by_pattern(found: Found, pattern: Pattern) -> Claim | None:
    said = pattern.match(found.parts)
    if said is None:
        return None
    person = Person(
        name=said.get("name", ""),
        id=said.get("id", ""),
        email=said.get("email", ""),
        group=said.get("group", ""),
        free=(said["student"],) if "student" in said else (),
    )
    who = next(said[f] for f in ("student", "id", "name", "email", "group") if f in said)
    return Claim(
        found, (person,), who, ("pattern", fold(who)), True, _own_time(found), int(said.get("attempt", 0))
    )


def _gradescope(found: Found, gathered: Gathered, zone: tzinfo) -> Claim | None:
    for depth in range(len(found.parts) - 1, 0, -1):
        entry = gathered.gradescope.get(found.parts[:depth])
        if entry is not None and entry.people:
            when = parse_moment(
                re.sub(r"(\.\d{6})\d*", r"\1", entry.created_at).replace(" Z", "+00:00"), zone
            )
            label = ", ".join(p.id or p.email or p.name or found.parts[depth - 1] for p in entry.people)
            return Claim(
                found, entry.people, label, ("gradescope", label), True, handed_in(when, "gradescope")
            )
    return None


def _moodle(found: Found) -> Claim | None:
    for part in found.parts[max(found.given - 1, 0) :]:
        if said := _MOODLE.fullmatch(part):
            name = said["name"].strip()
            person = Person(name=name, moodle=said["id"], free=(name,))
            return Claim(found, (person,), name, ("moodle", name, said["id"]), True, _exported(found))
    return None


def _canvas(found: Found, assignment: str) -> Claim | None:
    for part in found.parts[found.given :]:
        if said := _CANVAS.fullmatch(part):
            first = said["rest"].rpartition(".")[0] == assignment  # lab-1.ipynb is no second attempt at "lab"
            again = None if first else _CANVAS_ATTEMPT.search(said["rest"])
            person = Person(name=said["name"], canvas=said["user"])
            return Claim(
                found,
                (person,),
                said["name"],
                ("canvas", said["name"], said["user"]),
                True,
                _exported(found, late=said["late"] is not None),
                int(again[1]) if again else 0,
            )
    return None


def _other_assignment(found: Found, assignment: str) -> bool:
    return len(found.parts) > 3 and found.parts[-4] == "submitted" and found.parts[-2] != assignment


def _inbound(found: Found) -> re.Match[str] | None:
    return _INBOUND.fullmatch(found.parts[-2]) if len(found.parts) > 1 else None


def _collected(found: Found, said: re.Match[str], zone: tzinfo) -> Claim:
    """The student's account wrote the folder and its name: whose the file is on this machine goes before what the name says."""
    student = _owner_of(found) or said["user"]
    when = parse_stamp(said["stamp"], zone)
    time = handed_in(when, "nbgrader") if when else _own_time(found)
    return Claim(found, (Person(free=(student,)),), student, ("nbgrader", student), True, time)


def _owner_of(found: Found) -> str:
    """The other account that owns the file; "" where it is our own (a copy was made), has no name, or lies in an archive."""
    if found.clock == "archive":
        return ""
    try:
        import pwd

        owner = found.file.lstat().st_uid
        return "" if owner == os.getuid() else pwd.getpwuid(owner).pw_name
    except (ImportError, OSError, KeyError):
        return ""


def _nbgrader(found: Found, gathered: Gathered, assignment: str, zone: tzinfo) -> Claim | None:
    if len(found.parts) < 3 or found.parts[-2] != assignment:
        return None
    stamp = gathered.stamps.get(found.parts[:-1])
    if stamp is None and found.parts[-4:-3] != ("submitted",):
        return None
    student = found.parts[-3]
    when = parse_stamp(stamp, zone) if stamp else None
    time = handed_in(when, "nbgrader") if when else _own_time(found)
    return Claim(found, (Person(free=(student,)),), student, ("nbgrader", student), True, time)


def parse_stamp(text: str, zone: tzinfo) -> datetime | None:
    """nbgrader's timestamp.txt; a time without a zone is UTC, as nbgrader reads it.

    >>> parse_stamp("2026-03-20 23:15:01.123456 America/Guatemala", UTC).isoformat()
    '2026-03-20T23:15:01.123456-06:00'
    """
    plain, _space, name = text.strip().rpartition(" ")
    if not re.fullmatch(r"[A-Za-z][\w+/-]*", name):
        return parse_moment(text, UTC)
    if name in ("UTC", "GMT", "Z"):
        return parse_moment(plain, UTC)
    when = parse_moment(plain, zone)
    if when is not None and when.tzname() == name:
        return when  # an abbreviation such as CST means many zones; the course's own is the likely one
    other = zone_of(name) if "/" in name else None
    return parse_moment(plain, other) if other else None


def _plain(found: Found, assignment: str) -> Claim:
    stem = found.parts[-1].removesuffix(".ipynb").removesuffix(".IPYNB")
    folders = [p.removesuffix(".zip") for p in found.parts[found.given : -1]]
    if not folders and fold(stem) == fold(assignment):
        folders = [found.parts[-2].removesuffix(".zip")] if len(found.parts) > 1 else []
    # A folder that holds the whole class says nothing; a stem that is the assignment's name neither.
    free = tuple(name for name in (stem, *reversed(folders), found.owner) if fold(name) != fold(assignment))
    label = found.owner or stem
    return Claim(
        found,
        (Person(free=tuple(dict.fromkeys(free))),),
        printable(label),
        found.parts,
        False,
        _own_time(found),
    )
