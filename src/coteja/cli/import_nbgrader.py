"""`coteja import nbgrader`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from coteja.cli.common import json_option, shown_path
from coteja.errors import UsageError

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--id", "name", help="The lab's name in the course (default: the file's).")
@click.option(
    "--lang",
    "language",
    help="The notebook's language (default: the course's, where it has one alone; else en).",
)
@json_option
def nbgrader(source: Path, folder: Path, name: str | None, language: str | None, as_json: bool) -> None:
    """Make a lab of SOURCE, a notebook of nbgrader's source/ folder.

    FOLDER is a course, or a new or empty folder that becomes one (default: here). Nothing is overwritten. The test cells
    run as they are; the lab's imported.md says which to make real checks, and what did not come along.
    """
    from coteja.interop.nbgrader_lab import lab_files, title_of
    from coteja.interop.nbgrader_source import read_source
    from coteja.interop.placing import course_at, place

    assignment = name or re.sub(r"[^a-z0-9]+", "-", source.stem.lower()).strip("-")
    if not _ID.fullmatch(assignment):
        raise UsageError(
            f"--id {assignment}: a lab's name begins with a small letter and has small letters, digits and single hyphens, "
            "such as intro-to-numpy."
        )
    course = course_at(folder)
    spoken = language or (course.info.languages[0] if course and len(course.info.languages) == 1 else "en")
    if not re.fullmatch(r"[a-z]{2,3}", spoken):
        raise UsageError(f"--lang {spoken}: expected a language's code, such as es or en.")
    read = read_source(source)
    title = title_of(read)
    files = lab_files(read, assignment, spoken, title)
    paths = place(files, assignment, folder, title=title, language=spoken)
    tests = [test for question in read.questions for test in question.tests]
    if as_json:
        written = {"assignment": assignment, "language": spoken, "files": list(map(str, paths))}
        click.echo(json.dumps({**written, "tests": len(tests), "left": read.left}, ensure_ascii=False))
        return
    for path in paths:
        click.echo(shown_path(path))
    by_hand = sum(q.by_hand or 0.0 for q in read.questions)
    click.echo(
        f"{len(read.questions)} questions, {len(tests)} test cells ({sum(t.hidden for t in tests)} hidden), "
        f"{sum(q.points for q in read.questions):g} points by tests, {by_hand:g} by a person."
    )
    for sentence in read.left:
        click.echo(f"Left: {sentence}", err=True)
    click.echo(f"Now: coteja lint {assignment}, and read {shown_path(paths[2])}.")
