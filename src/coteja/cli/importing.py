"""What the commands that make a lab of another program's notebook share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from coteja.cli.common import shown_path
from coteja.course.load import Course
from coteja.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def lab_options(function: F) -> F:
    """--id and --lang."""
    language = click.option(
        "--lang",
        "language",
        help="The notebook's language (default: the course's, where it has one alone; else en).",
    )
    name = click.option("--id", "name", help="The lab's name in the course (default: the file's).")
    return name(language(function))


def lab_name(given: str | None, source: Path) -> str:
    """The lab's name: the one given, or one made of the file's. Raises UsageError where it cannot be one."""
    name = given or re.sub(r"[^a-z0-9]+", "-", source.stem.lower()).strip("-")
    if not _ID.fullmatch(name):
        raise UsageError(
            f"--id {name}: a lab's name begins with a small letter and has small letters, digits and single hyphens, "
            "such as intro-to-numpy."
        )
    return name


def spoken_in(given: str | None, course: Course | None) -> str:
    """The notebook's language. Raises UsageError where it is no language's code."""
    language = given or (course.info.languages[0] if course and len(course.info.languages) == 1 else "en")
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise UsageError(f"--lang {language}: expected a language's code, such as es or en.")
    return language


def tell(name: str, paths: list[Path], summary: str, left: Iterable[str]) -> None:
    """The files, what came along, what did not, and what to do next. The third file is the page for the author."""
    for path in paths:
        click.echo(shown_path(path))
    click.echo(summary)
    for sentence in left:
        click.echo(f"Left: {sentence}", err=True)
    click.echo(f"Now: coteja lint {name}, and read {shown_path(paths[2])}.")
