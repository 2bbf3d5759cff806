"""`coteja export …`: results in the shapes that other platforms take."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coteja.cli.common import course_of, course_option, languages_of, out_option, shown_path
from coteja.cli.nbgrader import nbgrader

if TYPE_CHECKING:
    from coteja.grading.lab import Lab
    from coteja.interop.marked import Marked
    from coteja.interop.sheets import Filled

#: So many students are named on a line.
_MOST = 12

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def export() -> None:
    """Hand results on: to GitHub, GitLab, Jenkins, Canvas, Moodle, nbgrader."""


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
    from coteja.recording.files import write_whole

    lab, marked = _marked(assignment, out, course_dir)
    translators = {language: lab.translator(language) for language in lab.assignment.languages}
    write_whole(file, as_junit(marked, translators))
    click.echo(f"{shown_path(file)}: {len(marked)} submissions.")
    _exit(ctx, marked, threshold)


@export.command()
@click.argument("assignment")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--visibility",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="visible",
    show_default=True,
    help="When students see the hidden checks.",
)
@click.option("--leaderboard", is_flag=True, help="Show points on the leaderboard.")
@click.option("--trust-students", is_flag=True, help="Mark even where student code cannot be kept apart.")
@course_option
def gradescope(
    assignment: str,
    file: Path,
    visibility: str,
    leaderboard: bool,
    trust_students: bool,
    course_dir: Path,
) -> None:
    """Write FILE, an autograder's zip: set-up, everything pinned, the lab and this program."""
    from coteja.grading.lab import load_lab
    from coteja.interop.gradescope import Options, autograder
    from coteja.recording.files import write_whole

    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    options = Options(lab.assignment.id, visibility, leaderboard, trust_students)
    data = autograder(course, lab.assignment, options)
    write_whole(file, data)
    points = sum(q.max_points for q in lab.assignment.questions)
    click.echo(
        f"{shown_path(file)}: {len(data) / 1e6:.1f} MB. It holds solutions: only upload it as the autograder."
    )
    click.echo(
        f"In Gradescope: a programming assignment of {points:g} points, Python 3.11 or newer if it can be chosen."
    )


def fill_options(function: F) -> F:
    """What of a sheet is filled."""
    for option in (
        click.option("--overwrite", is_flag=True, help="Also where the sheet has another mark already."),
        click.option("--partial", is_flag=True, help="Also those who still wait for a person's marks."),
        click.option(
            "--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write it."
        ),
    ):
        function = option(function)
    return function


@export.command()
@click.argument("assignment")
@click.argument("sheet", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--column", default="", help="The assignment's heading in the sheet (default: its title).")
@fill_options
@marked_option
@course_option
def canvas(
    assignment: str,
    sheet: Path,
    column: str,
    overwrite: bool,
    partial: bool,
    to: Path,
    out: Path | None,
    course_dir: Path,
) -> None:
    """Fill SHEET, the gradebook that Canvas exported, for its Import."""
    from coteja.errors import UsageError
    from coteja.interop.sheets import fill_canvas

    lab, marked = _marked(assignment, out, course_dir)
    fault: UsageError | None = None
    for name in [column] if column else [*lab.assignment.title.values(), lab.assignment.id]:
        try:
            filled = fill_canvas(sheet, marked, name, overwrite=overwrite, partial=partial)
        except UsageError as other:
            fault = fault or other
        else:
            _filled(filled, to, lab)
            return
    assert fault is not None  # noqa: S101 (there is at least one name)
    raise fault


@export.command()
@click.argument("assignment")
@click.argument("sheet", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--decimal",
    type=click.Choice([".", ","]),
    default=".",
    show_default=True,
    help="The site's decimal sign.",
)
@click.option("--comment", default="", help="Feedback comment for everybody who has none.")
@fill_options
@marked_option
@course_option
def moodle(
    assignment: str,
    sheet: Path,
    decimal: str,
    comment: str,
    overwrite: bool,
    partial: bool,
    to: Path,
    out: Path | None,
    course_dir: Path,
) -> None:
    """Fill SHEET, the grading worksheet that Moodle wrote, for its upload."""
    from coteja.interop.sheets import fill_moodle

    lab, marked = _marked(assignment, out, course_dir)
    _filled(fill_moodle(sheet, marked, decimal, comment, overwrite=overwrite, partial=partial), to, lab)


def _filled(filled: Filled, to: Path, lab: Lab) -> None:
    from coteja.feedback.plain import plain
    from coteja.recording.files import write_whole

    write_whole(to, filled.text.encode(filled.encoding, "replace"))
    click.echo(f"{shown_path(to)}: {filled.filled} marks.")
    for said, who in (
        ("Not in the sheet", filled.unknown),
        ("Wait for a person's marks (--partial fills them in)", filled.waiting),
        ("Have another mark there already (--overwrite replaces it)", filled.kept),
    ):
        if who:
            more = f" and {len(who) - _MOST} more" if len(who) > _MOST else ""
            click.echo(f"{said} ({len(who)}): {', '.join(map(plain, who[:_MOST]))}{more}")
    most = sum(q.max_points for q in lab.assignment.questions)
    if filled.maximum is not None and filled.maximum != most:
        click.echo(
            f"The sheet says {filled.maximum:g} points at most, {lab.assignment.id} has {most:g}. Points are given as they are: "
            "change the one or the other."
        )


@export.command("feedback-zip")
@click.argument("assignment")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--for", "platform", type=click.Choice(["moodle", "canvas"]), required=True, help="Whose upload."
)
@click.option("--lang", "languages", multiple=True, help="Feedback in this language only (default: all).")
@marked_option
@course_option
def feedback_zip(
    assignment: str,
    file: Path,
    platform: str,
    languages: tuple[str, ...],
    out: Path | None,
    course_dir: Path,
) -> None:
    """Write FILE, everybody's feedback, for Moodle's or Canvas' own bulk upload."""
    from coteja.feedback.plain import plain
    from coteja.grading.intake.store import load_intake
    from coteja.interop.feedback_zip import pack
    from coteja.recording.files import write_whole

    lab, marked = _marked(assignment, out, course_dir)
    root = out or lab.course.root / "marked" / lab.assignment.id
    packed = pack(platform, marked, load_intake(root).students, languages_of(lab.course, languages))
    write_whole(file, packed.data)
    click.echo(f"{shown_path(file)}: feedback for {packed.packed} students.")
    if packed.left_out:
        click.echo(
            f"Not handed in by {platform.capitalize()}, so it would not know whose it is ({len(packed.left_out)}): "
            + ", ".join(map(plain, packed.left_out[:_MOST]))
        )


export.add_command(nbgrader)


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
