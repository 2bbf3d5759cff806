"""`coteja lint`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coteja.cli.common import course_of, course_option, json_option, shown_path


@click.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--no-run", is_flag=True, help="Only read; do not run the solution in the sandbox.")
@click.option(
    "--samples", is_flag=True, help="Mark the samples too, and hold them against samples/scores.toml."
)
@course_option
@json_option
@click.pass_context
def lint(
    ctx: click.Context,
    assignments: tuple[str, ...],
    no_run: bool,
    samples: bool,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Find authoring faults of ASSIGNMENTs (default: all) before students do. Exit code 1 when there are errors."""
    import msgspec

    from coteja.course.load import require_listed
    from coteja.grading.linting import lint as lint_assignment
    from coteja.grading.linting import lint_course

    course = course_of(course_dir, assignments[0] if assignments else "")
    names = [require_listed(course, name) for name in assignments] or list(course.info.assignments)
    found = [] if assignments else lint_course(course)
    for name in names:
        found += lint_assignment(course, name, run=not no_run, samples=samples)
    errors = sum(finding.severity == "error" for finding in found)
    if as_json:
        click.echo(
            json.dumps({"assignments": names, "findings": msgspec.to_builtins(found)}, ensure_ascii=False)
        )
    else:
        for finding in found:
            line = f":{finding.line}" if finding.line else ""
            click.echo(
                f"{shown_path(Path(finding.file))}{line}: {finding.severity}: {finding.what} [{finding.rule}]"
            )
            click.echo(f"    {finding.todo}")
        looked = "read" if no_run else "read and run"
        warnings = len(found) - errors
        click.echo(
            f"{', '.join(names)}: {looked}; "
            + (f"{errors} errors, {warnings} warnings." if found else "nothing to mend.")
        )
    ctx.exit(1 if errors else 0)
