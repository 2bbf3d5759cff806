"""Options and look-ups that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from coteja.course.load import Course, find_course
from coteja.errors import UsageError

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
