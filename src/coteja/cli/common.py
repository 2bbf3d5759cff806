"""Options and look-ups that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coteja.course.load import Course, find_course
from coteja.errors import UsageError

if TYPE_CHECKING:
    from coteja.gradebook.database import Database
    from coteja.grading.ledger import Ledger
    from coteja.model.assignment import Assignment

#: The gradebook's file in the course, where nothing else is said.
GRADEBOOK_FILE = "gradebook.db"

F = TypeVar("F", bound=Callable[..., Any])


def course_option(function: F) -> F:
    """--course: where to look for course.toml."""
    return click.option(
        "--course",
        "course_dir",
        type=click.Path(path_type=Path),
        default=Path(),
        help="The course's folder, or one inside it (default: here).",
    )(function)


def out_option(help_text: str) -> Callable[[F], F]:
    """--out: where to write."""
    return click.option("--out", type=click.Path(path_type=Path), default=None, help=help_text)


def json_option(function: F) -> F:
    """--json: print data instead of a table."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(function)


def course_of(course_dir: Path, assignment: str) -> Course:
    """The course at `course_dir`; else the one that the assignment's own path lies in."""
    try:
        return find_course(course_dir)
    except UsageError:
        if Path(assignment).is_dir():
            return find_course(Path(assignment))
        raise


def languages_of(course: Course, chosen: tuple[str, ...]) -> list[str]:
    """The languages asked for, all of the course's by default."""
    unknown = [language for language in chosen if language not in course.info.languages]
    if unknown:
        raise UsageError(f"--lang {unknown[0]}: the course has {', '.join(course.info.languages)}.")
    return list(chosen) or list(course.info.languages)


def shown_path(path: Path) -> Path:
    """A path as people would type it: from here where it lies below, else whole."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def gradebook_option(function: F) -> F:
    """--gradebook: where results, outcomes and marks are kept. A password belongs into the environment, not into a file."""
    return click.option(
        "--gradebook",
        envvar="COTEJA_GRADEBOOK",
        show_envvar=True,
        help="SQLite file, or postgresql:// URL (default: course.toml's, else gradebook.db in the course).",
    )(function)


def no_gradebook_option(function: F) -> F:
    """--no-gradebook: mark as if there were none."""
    return click.option(
        "--no-gradebook", is_flag=True, help="Neither look into the gradebook nor write to it."
    )(function)


def gradebook_name(course: Course, named: str | None) -> str:
    """Where the gradebook is: as the command line or the environment says, else as course.toml does."""
    if named:
        return named
    said = course.info.gradebook or GRADEBOOK_FILE
    return said if "://" in said else str(course.root / said)


def may_be_there(course: Course, named: str | None) -> bool:
    """Whether there is a gradebook already, as far as can be told without asking a server."""
    name = gradebook_name(course, named)
    return "://" in name or Path(name).exists()


def database_of(course: Course, named: str | None) -> Database:
    """The gradebook's database, whatever state it is in."""
    from coteja.gradebook.database import Database, database_url

    return Database(database_url(gradebook_name(course, named)))


def ledger_of(
    course: Course, assignment: Assignment, named: str | None, *, without: bool, given_by: str
) -> Ledger | None:
    """The gradebook, ready to be written to, as seen by one assignment; None where it is not wanted."""
    if without:
        return None
    from coteja.gradebook.store import Gradebook
    from coteja.grading.ledger import Ledger
    from coteja.grading.versions import versions_of

    return Ledger(
        Gradebook.open(gradebook_name(course, named)),
        assignment.id,
        versions_of(course, assignment),
        given_by,
    )
