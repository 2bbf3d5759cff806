"""`coteja report`: the instructor's view of a class, as pages, JSON and a table of scores."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coteja.cli.common import course_of, course_option, json_option, languages_of, out_option, shown_path
from coteja.cli.listing import MOST

if TYPE_CHECKING:
    from coteja.classreport.result import ClassReport


@click.command()
@click.argument("assignment")
@click.option("--lang", "languages", multiple=True, help="A page in this language only (default: all).")
@click.option(
    "--anonymous", is_flag=True, help="Number the students instead of naming them; goes to anonymous/."
)
@out_option("Folder that `coteja grade` wrote to; the report goes there (default: marked/ASSIGNMENT).")
@course_option
@json_option
def report(
    assignment: str,
    languages: tuple[str, ...],
    anonymous: bool,
    out: Path | None,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Report on the class that was marked for ASSIGNMENT: class.<language>.html, report.json, scores.csv.

    Exit code 1 when a stored result had to be left out; the report on all others is written all the same.
    """
    from coteja.course.load import load_assignment
    from coteja.grading.class_report import write_report
    from coteja.grading.marking import Places, utc_now

    course = course_of(course_dir, assignment)
    declared = load_assignment(course, assignment)
    places = Places(out or course.root / "marked" / declared.id)
    made, files = write_report(
        course, declared, places, languages_of(course, languages), now=utc_now(), anonymous=anonymous
    )
    if as_json:
        sys.stdout.buffer.write(files[-1].read_bytes())
        sys.stdout.buffer.flush()
    else:
        _show(made)
        for file in files:
            click.echo(f"Wrote {shown_path(file)}")
    for item in made.unread[:MOST]:
        click.echo(f"Left out: {item.file}: {item.said}", err=True)
    if len(made.unread) > MOST:
        click.echo(f"Left out: {len(made.unread) - MOST} more, all in {shown_path(files[-1])}", err=True)
    if made.unread:
        sys.exit(1)


def _show(report: ClassReport) -> None:
    statuses = report.statuses
    click.echo(
        f"{report.submissions} submissions: {statuses['marked']} marked, {statuses['waiting']} wait for written "
        f"marks, {statuses['needs_a_look']} need a look."
    )
    if report.missing_count:
        click.echo(f"Nothing handed in: {report.missing_count} of the roster.")
    if report.scores is not None:
        scores = report.scores
        click.echo(
            f"Scores so far: median {scores.median:.0%}, mean {scores.mean:.0%}, "
            f"from {scores.lowest:.0%} to {scores.highest:.0%}."
        )
