"""`coteja db upgrade` and `coteja db status`."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from coteja.cli.common import course_option, database_of, gradebook_option, json_option
from coteja.course.load import find_course


@click.group()
def db() -> None:
    """Look at the gradebook's database, or bring it up to date."""


@db.command()
@gradebook_option
@course_option
def upgrade(gradebook: str | None, course_dir: Path) -> None:
    """Bring the gradebook to this program's schema, from any earlier one; make it where there is none.

    All of it happens or nothing, and no row is lost.
    """
    from coteja.gradebook.schema import REVISION

    with closing(database_of(find_course(course_dir), gradebook)) as database:
        before = database.upgrade()
    if before == REVISION:
        click.echo(f"{database.name}: up to date, schema {REVISION}.")
    else:
        was = f"from schema {before} to {REVISION}" if before else f"made, schema {REVISION}"
        click.echo(f"{database.name}: {was}.")


@db.command()
@gradebook_option
@course_option
@json_option
@click.pass_context
def status(ctx: click.Context, gradebook: str | None, course_dir: Path, as_json: bool) -> None:
    """Show the gradebook's schema and what is in it. Exit code 1 when it has to be upgraded first."""
    from coteja.gradebook.schema import REVISION

    with closing(database_of(find_course(course_dir), gradebook)) as database:
        found = database.revision()
        contents = database.contents() if found == REVISION else {}
    if as_json:
        told = {"gradebook": database.name, "schema": found, "expected": REVISION, "assignments": contents}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{database.name}: {_state(found, REVISION)}")
        for assignment, counts in contents.items():
            click.echo(f"  {assignment}: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    ctx.exit(0 if found in (None, REVISION) else 1)


def _state(found: str | None, expected: str) -> str:
    if found is None:
        return "not there yet; `coteja grade` makes it."
    if found == expected:
        return f"schema {found}, up to date."
    if found < expected:
        return f"schema {found}; this coteja needs {expected}. Make a copy, then run `coteja db upgrade`."
    return f"schema {found}, made by a newer coteja; this one knows {expected}. Upgrade coteja."
