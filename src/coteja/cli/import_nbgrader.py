"""`coteja import nbgrader`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coteja.cli.common import json_option
from coteja.cli.importing import lab_name, lab_options, spoken_in, tell


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@lab_options
@json_option
def nbgrader(source: Path, folder: Path, name: str | None, language: str | None, as_json: bool) -> None:
    """Make a lab of SOURCE, a notebook of nbgrader's source/ folder.

    FOLDER is a course, or a new or empty folder that becomes one (default: here). Nothing is overwritten. The test cells
    run as they are; the lab's imported.md says which to make real checks, and what did not come along.
    """
    from coteja.interop.nbgrader_lab import lab_files, title_of
    from coteja.interop.nbgrader_source import read_source
    from coteja.interop.placing import course_at, place

    assignment, spoken = lab_name(name, source), spoken_in(language, course_at(folder))
    read = read_source(source)
    title = title_of(read)
    files = lab_files(read, assignment, spoken, title)
    paths = place(files, assignment, folder, title=title, language=spoken)
    tests = [test for question in read.questions for test in question.tests]
    if as_json:
        written = {"assignment": assignment, "language": spoken, "files": list(map(str, paths))}
        click.echo(json.dumps({**written, "tests": len(tests), "left": read.left}, ensure_ascii=False))
        return
    by_hand = sum(q.by_hand or 0.0 for q in read.questions)
    summary = (
        f"{len(read.questions)} questions, {len(tests)} test cells ({sum(t.hidden for t in tests)} hidden), "
        f"{sum(q.points for q in read.questions):g} points by tests, {by_hand:g} by a person."
    )
    tell(assignment, paths, summary, read.left)
