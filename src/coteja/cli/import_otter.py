"""`coteja import otter`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coteja.cli.common import json_option
from coteja.cli.importing import lab_name, lab_options, spoken_in, tell


@click.command()
@click.argument("master", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@lab_options
@json_option
def otter(master: Path, folder: Path, name: str | None, language: str | None, as_json: bool) -> None:
    """Make a lab of MASTER, the notebook that `otter assign` takes.

    FOLDER is a course, or a new or empty folder that becomes one (default: here). Nothing is overwritten. The tests run
    as they are; the lab's imported.md says which to make real checks, and what did not come along.
    """
    from coteja.interop.otter_lab import lab_files, title_of
    from coteja.interop.otter_master import read_master
    from coteja.interop.placing import course_at, place

    assignment, spoken = lab_name(name, master), spoken_in(language, course_at(folder))
    read = read_master(master)
    title = title_of(read)
    paths = place(
        lab_files(read, assignment, spoken, title), assignment, folder, title=title, language=spoken
    )
    if as_json:
        written = {
            "assignment": assignment,
            "language": spoken,
            "files": list(map(str, paths)),
            "left": read.left,
        }
        click.echo(json.dumps(written, ensure_ascii=False))
        return
    tests = [test for question in read.questions for test in question.tests]
    summary = (
        f"{len(read.questions)} questions, {len(tests)} tests ({sum(t.hidden for t in tests)} hidden), "
        f"{sum(q.points for q in read.questions):g} points by tests."
    )
    tell(assignment, paths, summary, read.left)
