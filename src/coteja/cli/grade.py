"""`coteja grade` and `coteja regrade`: a progress bar, then a table."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from coteja.cli.common import course_of, course_option, json_option, languages_of, out_option, shown_path
from coteja.cli.listing import show_listed

if TYPE_CHECKING:
    from coteja.grading.marking import Places
    from coteja.model.intake import IntakeFile
    from coteja.model.result import SubmissionResult

_STATUS = {"marked": "marked", "waiting": "waits for written marks", "needs_a_look": "needs a look"}


@click.command()
@click.argument("assignment")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(1, 256), default=None, help="Notebooks at a time (default: one a core)."
)
@click.option("--lang", "languages", multiple=True, help="Feedback in this language only (default: all).")
@click.option(
    "--roster", type=click.Path(path_type=Path), help="CSV file of the class (default: course.toml's)."
)
@click.option("--pattern", help='Whose a file is, by its name: "{student}_{assignment}.ipynb".')
@click.option("--handed-in", help="When it was handed in: a moment, or a CSV file of students and moments.")
@click.option(
    "--trust-students", is_flag=True, help="Run even where student code cannot be kept from this machine."
)
@out_option("Folder for results, recordings and feedback (default: marked/ASSIGNMENT in the course).")
@course_option
@json_option
def grade(
    assignment: str,
    paths: tuple[Path, ...],
    workers: int | None,
    languages: tuple[str, ...],
    roster: Path | None,
    pattern: str | None,
    handed_in: str | None,
    trust_students: bool,
    out: Path | None,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Mark PATHS (notebooks, folders, zip archives) for ASSIGNMENT: record, check, score, report."""
    from coteja.course.load import load_assignment
    from coteja.recording.packages import require_packages
    from coteja.recording.template import Template

    course = course_of(course_dir, assignment)
    declared = load_assignment(course, assignment)
    require_packages(declared.id, declared.preload)
    chosen = languages_of(course, languages)
    # The sandbox warms up in its own process while this one imports and loads the rest.
    with ExitStack() as stack:
        template = stack.enter_context(
            closing(Template.launch(preload=declared.preload, limits=declared.limits))
        )
        from msgspec.structs import replace

        from coteja.grading.intake import take_in
        from coteja.grading.intake.rules import rules_of
        from coteja.grading.intake.store import INTAKE_FILE, keep_intake
        from coteja.grading.lab import load_lab
        from coteja.grading.lateness import extensions_for_nobody
        from coteja.grading.marking import Marker, Places, file_names, outline, students_of, utc_now
        from coteja.recording.record import SandboxRecorder

        places = Places(out or course.root / "marked" / declared.id)
        lab = load_lab(course, assignment)
        rules = rules_of(course, declared, roster=roster, pattern=pattern, handed_in=handed_in, now=utc_now())
        unpacked = stack.enter_context(TemporaryDirectory(prefix="coteja-"))
        taken = take_in(paths, rules, Path(unpacked))
        submissions = taken.submissions
        told = replace(
            taken.file, listed=(*taken.file.listed, *extensions_for_nobody(course, declared, rules.roster))
        )
        keep_intake(places.root, told)
        marker = Marker(lab, places, chosen, utc_now)

        async def run() -> list[SubmissionResult]:
            recorder = await SandboxRecorder.behind(
                template, limits=declared.limits, trust_students=trust_students
            )
            with _progress("Marking", len(students_of(submissions)), quiet=as_json) as advance:
                return await marker.grade(
                    recorder,
                    submissions,
                    workers=workers or os.cpu_count() or 1,
                    progress=advance,
                    keep=outline,
                )

        results = asyncio.run(run())
    if as_json:
        _print_json(places, [places.result(name) for name in file_names(submissions)], told)
    else:
        _show(results, places)
        show_listed(told, str(shown_path(places.root / INTAKE_FILE)))


@click.command()
@click.argument("assignment")
@click.option("--lang", "languages", multiple=True, help="Feedback in this language only (default: all).")
@out_option("Folder that `coteja grade` wrote to (default: marked/ASSIGNMENT in the course).")
@course_option
@json_option
def regrade(
    assignment: str, languages: tuple[str, ...], out: Path | None, course_dir: Path, as_json: bool
) -> None:
    """Check, score and report ASSIGNMENT again from the stored recordings. Runs no notebook."""
    from coteja.grading.lab import load_lab
    from coteja.grading.marking import Marker, Places, outline, utc_now

    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    places = Places(out or course.root / "marked" / lab.assignment.id)
    marker = Marker(lab, places, languages_of(course, languages), utc_now)
    files = sorted(places.root.glob("results/*.json"))
    with _progress("Checking", len(files), quiet=as_json) as advance:
        results = marker.regrade(progress=advance, workers=os.cpu_count() or 1, keep=outline)
    if as_json:
        _print_json(places, files)
    else:
        _show(results, places)


@contextmanager
def _progress(title: str, total: int, *, quiet: bool) -> Iterator[Callable[[SubmissionResult], None]]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from coteja.feedback.plain import plain

    console = Console(stderr=True)
    columns = (
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[student]}"),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(title, total=total, student="")
        yield lambda result: bar.update(task, advance=1, student=escape(plain(result.student)))


def _print_json(places: Places, files: Sequence[Path], taken: IntakeFile | None = None) -> None:
    """Every result in full, one after the other: a large class is never in memory whole."""
    import msgspec

    out = sys.stdout.buffer
    out.write(b'{"out":' + msgspec.json.encode(str(places.root)))
    if taken is not None:
        told = {"listed": taken.listed, "missing": taken.missing, "students": taken.students}
        out.write(b',"intake":' + msgspec.json.encode(told))
    out.write(b',"results":[')
    for number, file in enumerate(files):
        out.write(b"," * (number > 0) + msgspec.json.format(file.read_bytes(), indent=-1))
    out.write(b"]}\n")
    out.flush()


def _show(results: Sequence[SubmissionResult], places: Places) -> None:
    _table(results)
    root = shown_path(places.root)
    click.echo(f"Results:  {root / 'results'}")
    click.echo(f"Feedback: {root / 'feedback'}/<student>/feedback.<language>.html")


def _points(result: SubmissionResult) -> str:
    """The points, and those before the penalty where there is one."""
    if result.late is None or not result.late.percent:
        return f"{result.points:g}"
    return f"{result.late.points:g} (late; {result.points:g} before)"


def _table(results: Sequence[SubmissionResult]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coteja.feedback.plain import plain

    table = Table(header_style="bold")
    table.add_column("Student", no_wrap=True)
    questions = results[0].questions if results else ()
    for question in questions:
        table.add_column(f"{question.question} /{question.max_points:g}", justify="right")
    table.add_column(f"Points /{results[0].max_points:g}" if results else "Points", justify="right")
    table.add_column("Status")
    table.add_column("Seconds", justify="right")
    for result in results:
        unknown = result.points is None
        cells = ["–" if unknown else f"{question.points:g}" for question in result.questions]
        style = "yellow" if result.status == "needs_a_look" else ""
        table.add_row(
            Text(
                plain(
                    f"{result.name} ({result.student})"
                    if result.name not in ("", result.student)
                    else result.student
                )
            ),
            *cells,
            "–" if unknown else _points(result),
            Text(_STATUS[result.status], style=style),
            f"{result.seconds:.1f}",
        )
    console = Console()
    # A pipe has no width of its own; names must not be cut there.
    (console if console.is_terminal else Console(width=120)).print(table)
