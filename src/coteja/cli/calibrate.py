"""`coteja calibrate`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coteja.cli.common import course_of, course_option
from coteja.errors import MachineError, UsageError

if TYPE_CHECKING:
    from coteja.calibration.calibrate import Calibration
    from coteja.calibration.held_out import Count


@click.command()
@click.argument("assignment")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; say whether the stored file still holds."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=2),
    default=None,
    help="Runs of each random experiment (default: the variants' RUNS, else 200).",
)
@click.option(
    "--false-rejects",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=None,
    help="How often a bound may refuse an honest run (default: the reference's FALSE_REJECTS, else 0.001).",
)
@click.option(
    "--held-out",
    type=click.IntRange(min=0),
    default=None,
    help="Runs of each mistake that the diagnosis is measured on, and not fitted on (default: 20).",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=None, help="Processes (default: one for each core)."
)
@click.option(
    "--figure",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Also draw distributions, bounds and mistakes into this .svg, .png or .pdf.",
)
@course_option
@click.pass_context
def calibrate(
    ctx: click.Context,
    assignment: str,
    only_check: bool,
    seeds: int | None,
    false_rejects: float | None,
    held_out: int | None,
    jobs: int | None,
    figure: Path | None,
    course_dir: Path,
) -> None:
    """Compute from its reference what is expected of ASSIGNMENT, how far honest work may lie, and what mistakes look like.

    Finished runs are kept in the course's folder .calibration, so that a calibration that was stopped goes on where it was.
    """
    from coteja.calibration.calibrate import Options, difference_from_stored, measure
    from coteja.calibration.plan import HELD_OUT
    from coteja.course.expected import dump_expected
    from coteja.course.load import load_assignment
    from coteja.recording.files import write_whole
    from coteja.recording.packages import require_packages

    course = course_of(course_dir, assignment)
    declared = load_assignment(course, assignment)
    require_packages(declared.id, declared.preload)
    if figure is not None and figure.suffix not in (".svg", ".png", ".pdf"):
        raise UsageError(f"--figure {figure}: a name that ends in .svg, .png or .pdf was expected.")
    chosen = Options(
        seeds=seeds,
        held_out=HELD_OUT if held_out is None else held_out,
        false_rejects=false_rejects,
        jobs=jobs or os.cpu_count() or 1,
        keep=not only_check,
    )
    with _progress(declared.id) as on_run:
        chosen = replace(chosen, on_run=on_run)
        if only_check:
            difference = difference_from_stored(course, declared.id, chosen)
        else:
            found = measure(course, declared, chosen)
    where = course.expected_path(declared.id)
    if only_check:
        click.echo(difference or f"{where}: as the reference yields.")
        ctx.exit(1 if difference else 0)
    if figure is not None:
        from coteja.calibration.figure import draw

        write_whole(figure, draw(found, figure.suffix[1:]))
    write_whole(where, dump_expected(declared.id, found.data).encode())
    click.echo(where)
    for line in _told(found):
        click.echo(f"  {line}")
    if figure is not None:
        click.echo(figure)


@contextmanager
def _progress(assignment: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal that shows how many runs are done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(assignment)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _told(found: Calibration) -> Iterator[str]:
    """What was measured, in a few lines."""
    data = found.data
    yield f"{len(found.runs)} runs; {len(data.artefacts)} artefacts, {len(data.mistakes)} mistakes"
    if data.radii:
        low, high = min(data.radii.values()), max(data.radii.values())
        yield (
            f"bounds at a false-reject rate of {data.false_rejects:g} a check: {low:.3g} to {high:.3g} standard deviations"
        )
    if found.accuracy is None:
        return
    for what, count in (
        ("diagnosis of known mistakes, on runs that it was not fitted on: wrong in", found.accuracy.wrong),
        ("correct work given a mistake's name: ", found.accuracy.false_alarms),
        ("unknown mistakes given another's name: ", found.accuracy.unknown_named),
    ):
        yield f"{what.strip()} {_interval(count)}"
    for mistake, missed in found.accuracy.missed.items():
        yield f"  {mistake}: {missed} not recognised"


def _interval(count: Count) -> str:
    from coteja.calibration.interval import rate_of

    said = f"{count.errors} of {count.runs}"
    try:
        rate = rate_of(count.errors, count.runs)
    except MachineError:  # no SciPy here: the counts still stand
        return said
    return f"{said} (95 % interval {100 * rate.low:.1f} to {100 * rate.high:.1f} %)"
