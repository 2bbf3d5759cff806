"""`coteja release`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coteja.cli.common import course_of, course_option, json_option, languages_of, out_option, shown_path
from coteja.errors import UsageError


@click.command()
@click.argument("assignment")
@click.option(
    "--lang", "languages", multiple=True, help="Only this language; may be given again (default: all)."
)
@click.option("--solution", is_flag=True, help="The author's solved notebook instead: keep it from students.")
@click.option(
    "--with",
    "carries",
    type=click.Choice(["otter"]),
    default=None,
    help="Let the notebook carry otter-grader's own tests of the public checks (docs/otter.md).",
)
@out_option("Folder to write to (default: released/ in the course).")
@course_option
@json_option
def release(
    assignment: str,
    languages: tuple[str, ...],
    solution: bool,
    carries: str | None,
    out: Path | None,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Make the students' notebooks of ASSIGNMENT: no solutions, nothing hidden, the same bytes every time."""
    from coteja.grading.lab import load_lab
    from coteja.grading.releasing import release as release_lab

    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    place = out or course.root / ("solved" if solution else "released")
    if carries and solution:
        raise UsageError("--with otter is for the students' notebooks: leave --solution out.")
    if carries:
        from coteja.interop.otter import release_with_otter

        paths = release_with_otter(lab, languages_of(course, languages), place)
    else:
        paths = release_lab(lab, languages_of(course, languages), place, solutions=solution)
    if as_json:
        click.echo(json.dumps({"assignment": lab.assignment.id, "notebooks": [str(path) for path in paths]}))
        return
    for path in paths:
        click.echo(shown_path(path))
    for language in lab.assignment.languages:
        untranslated = lab.untranslated(language)
        if untranslated:
            click.echo(
                f"Note: {lab.course.catalogue(language)}: {len(untranslated)} sentences have no translation yet, such as "
                f"{untranslated[0]!r}; students will read them in English.",
                err=True,
            )
