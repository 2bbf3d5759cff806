"""`coteja export …`: results in the shapes that other platforms take."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coteja.cli.common import course_of, course_option, out_option, shown_path

if TYPE_CHECKING:
    from coteja.grading.lab import Lab
    from coteja.interop.marked import Marked

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def export() -> None:
    """Hand results on: to GitHub, GitLab, Jenkins, Canvas, Moodle."""


def marked_option(function: F) -> F:
    """--out: where `coteja grade` wrote to."""
    return out_option("Folder that `coteja grade` wrote to (default: marked/ASSIGNMENT in the course).")(
        function
    )


def threshold_option(function: F) -> F:
    """--threshold: below it, exit code 1."""
    return click.option(
        "--threshold",
        type=click.FloatRange(0, 100),
        default=0.0,
        show_default=True,
        help="Exit code 1 when a notebook has less than so many percent, or could not be read.",
    )(function)


@export.command()
@click.argument("assignment")
@threshold_option
@marked_option
@course_option
@click.pass_context
def github(ctx: click.Context, assignment: str, threshold: float, out: Path | None, course_dir: Path) -> None:
    """In a GitHub Actions step: summary, annotations at the cell's line, outputs.

    Writes to the files that GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name; annotations go to the output.
    """
    from coteja.interop import github as target
    from coteja.interop.cells import question_lines

    lab, marked = _marked(assignment, out, course_dir)
    for m in marked:
        file = Path(m.result.source)
        text = _text_of(file)
        lines = question_lines(text, lab.template(m.result.language)) if text else {}
        for annotation in target.remarks(
            m, lab.translator(m.result.language), str(shown_path(file.resolve())), lines
        ):
            click.echo(annotation.command())
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        target.append(Path(path), target.summary(marked))
    if path := os.environ.get("GITHUB_OUTPUT"):
        target.append(Path(path), target.outputs(marked))
    _exit(ctx, marked, threshold)


@export.command()
@click.argument("assignment")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@threshold_option
@marked_option
@course_option
@click.pass_context
def junit(
    ctx: click.Context, assignment: str, file: Path, threshold: float, out: Path | None, course_dir: Path
) -> None:
    """Write FILE as JUnit XML: a suite for each student, a case for each check."""
    from coteja.interop.junit import junit as as_junit
    from coteja.recording.store import write_whole

    lab, marked = _marked(assignment, out, course_dir)
    translators = {language: lab.translator(language) for language in lab.assignment.languages}
    write_whole(file, as_junit(marked, translators))
    click.echo(f"{shown_path(file)}: {len(marked)} submissions.")
    _exit(ctx, marked, threshold)


def _marked(assignment: str, out: Path | None, course_dir: Path) -> tuple[Lab, list[Marked]]:
    from coteja.grading.lab import load_lab
    from coteja.grading.places import Places
    from coteja.interop.marked import read_marked

    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    places = Places(out or course.root / "marked" / lab.assignment.id)
    return lab, read_marked(places, on_fault=lambda fault: click.echo(f"Left out: {fault}", err=True))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return ""


def _exit(ctx: click.Context, marked: list[Marked], threshold: float) -> None:
    from coteja.interop.marked import share_of

    share = share_of(marked)
    if not marked or share < threshold or any(m.points is None for m in marked):
        click.echo(f"Below the threshold of {threshold:g} %: {share:.1f} %.", err=True)
        ctx.exit(1)
