"""`coteja calibrate`."""

from __future__ import annotations

from pathlib import Path

import click

from coteja.cli.common import course_of, course_option


@click.command()
@click.argument("assignment")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; say whether the stored file still holds."
)
@course_option
@click.pass_context
def calibrate(ctx: click.Context, assignment: str, only_check: bool, course_dir: Path) -> None:
    """Compute the expected artefacts of ASSIGNMENT from its reference and store them."""
    from coteja.calibration import calibrate as run
    from coteja.calibration import difference_from_stored
    from coteja.course.load import load_assignment
    from coteja.recording.files import write_whole
    from coteja.recording.packages import require_packages

    course = course_of(course_dir, assignment)
    declared = load_assignment(course, assignment)
    require_packages(declared.id, declared.preload)
    if only_check:
        difference = difference_from_stored(course, assignment)
        click.echo(difference or f"{course.expected_path(assignment)}: as the reference yields.")
        ctx.exit(1 if difference else 0)
    path, text = run(course, assignment)
    write_whole(path, text.encode())
    click.echo(path)
