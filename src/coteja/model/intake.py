"""Who handed in what and when, as taken in: `intake.json` beside the results."""

from __future__ import annotations

from typing import Literal

import msgspec

#: Which clock told the moment of handing in. `given`: the instructor said so. `file` and `archive`: the time of the file
#: itself, and of its entry in an archive. `export`: Canvas and Moodle write the time of the download, nothing better.
Clock = Literal["given", "gradescope", "nbgrader", "archive", "file", "export", "none"]
Why = Literal["set_aside", "unmatched", "ambiguous", "refused", "not_a_notebook", "other_assignment"]


class HandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """The moment of handing in (ISO 8601, UTC; "" where it is not known), and which clock told it.

    `no_later_than`: it was surely there by then. `flagged_late`: Canvas says that it came late, not when.
    """

    at: str = ""
    clock: Clock = "none"
    no_later_than: str = ""
    flagged_late: bool = False


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One notebook of a student: which file, and when it was handed in."""

    source: str
    sha256: str
    handed_in: HandedIn = HandedIn()


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What one student handed in. `keys`: all that they are known by (id, e-mail, name), for extensions."""

    name: str = ""
    group: str = ""
    keys: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was not marked as it stands, or whose student is in doubt: why, in a sentence."""

    source: str
    why: Why
    said: str
    student: str = ""


class IntakeFile(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, by student. `missing`: those of the roster who handed in nothing."""

    schema: str = "coteja-intake/1"
    students: dict[str, Handed] = {}
    listed: tuple[Listed, ...] = ()
    missing: tuple[str, ...] = ()
