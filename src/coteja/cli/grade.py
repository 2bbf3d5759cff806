"""`coteja grade` and `coteja regrade`: a progress bar, then a table."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from coteja.cli.common import (
    course_of,
    course_option,
    gradebook_option,
    json_option,
    languages_of,
    ledger_of,
    may_be_there,
    no_gradebook_option,
    out_option,
    shown_path,
)
from coteja.cli.listing import MOST, show_listed

if TYPE_CHECKING:
    from coteja.course.load import Course
    from coteja.grading.lab import Lab
    from coteja.grading.ledger import Ledger
    from coteja.grading.marking import Marker
    from coteja.grading.places import Places
    from coteja.grading.unchanged import Todo
    from coteja.model.intake import IntakeFile
    from coteja.model.result import SubmissionResult
    from coteja.recording.protocol import Recorder

#: A file half written so long ago is nobody's any more.
_OLD_S = 3600.0
#: A table of more students than this is laid out simply: drawing it would take longer than marking.
_MANY = 500
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
@click.option("--again", is_flag=True, help="Run and check everything again, unchanged or not.")
@gradebook_option
@no_gradebook_option
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
    again: bool,
    gradebook: str | None,
    no_gradebook: bool,
    out: Path | None,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Mark PATHS (notebooks, folders, zip archives) for ASSIGNMENT: record, check, score, report.

    What is unchanged since the last time is neither run nor checked again.
    """
    from coteja.course.load import load_assignment
    from coteja.recording.packages import require_packages
    from coteja.recording.template import Template

    course = course_of(course_dir, assignment)
    declared = load_assignment(course, assignment)
    require_packages(declared.id, declared.preload)
    chosen = languages_of(course, languages)
    with ExitStack() as stack:

        @cache
        def template() -> Template:
            launched = Template.launch(preload=declared.preload, limits=declared.limits)
            return stack.enter_context(closing(launched))

        # The sandbox warms up in its own process while this one imports and loads the rest. Where everything may be
        # unchanged it is not started before that is known.
        if again or no_gradebook or not may_be_there(course, gradebook):
            template()
        from msgspec.structs import replace

        from coteja.grading.intake import take_in
        from coteja.grading.intake.rules import rules_of
        from coteja.grading.intake.store import INTAKE_FILE, keep_intake
        from coteja.grading.lateness import extensions_for_nobody, lateness_of
        from coteja.grading.places import Places, file_names
        from coteja.grading.unchanged import Last, to_do

        places = Places(out or course.root / "marked" / declared.id)
        now = datetime.now(UTC)
        rules = rules_of(course, declared, roster=roster, pattern=pattern, handed_in=handed_in, now=now)
        unpacked = stack.enter_context(TemporaryDirectory(prefix="coteja-"))
        taken = take_in(paths, rules, Path(unpacked))
        ledger = ledger_of(course, declared, gradebook, without=no_gradebook, given_by="coteja grade")
        last = Last.of(ledger) if ledger and not again else None
        lab = None
        if last is None or not last.holds:
            template()
            lab = _lab(course, assignment)
        told = replace(
            taken.file, listed=(*taken.file.listed, *extensions_for_nobody(course, declared, rules.roster))
        )
        keep_intake(places.root, told)
        todo = to_do(taken.submissions, last, places, chosen, lateness_of(course, declared, places.root))
        if any(item.what == "run" for item in todo.values()):
            template()

        def marker() -> Marker:
            from coteja.grading.marking import Marker, utc_now
            from coteja.recording.files import clear_parts

            clear_parts(places.root, before_s=now.timestamp() - _OLD_S)
            return Marker(lab or _lab(course, assignment), places, chosen, utc_now, ledger)

        async def recorder() -> Recorder:
            from coteja.recording.record import SandboxRecorder

            return await SandboxRecorder.behind(
                template(), limits=declared.limits, trust_students=trust_students
            )

        with _progress("Marking", len(todo), quiet=as_json) as advance:
            results = _mark(todo, marker, recorder, workers=workers or os.cpu_count() or 1, advance=advance)
    if as_json:
        _print_json(places, [places.result(name) for name in file_names(taken.submissions)], told)
    else:
        _show(results, places)
        _show_kept(todo)
        _show_changed(ledger)
        show_listed(told, str(shown_path(places.root / INTAKE_FILE)))


def _lab(course: Course, assignment: str) -> Lab:
    from coteja.grading.lab import load_lab

    return load_lab(course, assignment)


def _mark(
    todo: Mapping[str, Todo],
    marker_of: Callable[[], Marker],
    recorder_of: Callable[[], Awaitable[Recorder]],
    *,
    workers: int,
    advance: Callable[[SubmissionResult], None],
) -> list[SubmissionResult]:
    """Do what is to be done and no more; everybody's result, in order. Loads the lab only where there is something to do."""
    done: dict[str, SubmissionResult] = {}

    def finish(student: str, result: SubmissionResult) -> None:
        done[student] = result
        advance(result)

    for student, item in todo.items():
        if item.kept is not None:
            finish(student, item.kept)
    rest = {student: item for student, item in todo.items() if student not in done}
    if rest:
        asyncio.run(_mark_rest(rest, marker_of(), recorder_of, workers, finish))
    return [done[student] for student in todo]


async def _mark_rest(
    rest: Mapping[str, Todo],
    marker: Marker,
    recorder_of: Callable[[], Awaitable[Recorder]],
    workers: int,
    finish: Callable[[str, SubmissionResult], None],
) -> None:
    from coteja.grading.places import outline

    to_run = []
    for student, item in rest.items():
        result = None if item.what == "run" else await asyncio.to_thread(marker.again, item)
        if result is None:
            to_run.append(item)
        else:
            finish(student, outline(result))
    if to_run:
        names = {item.attempts[0].student: item.name for item in to_run}
        await marker.grade(
            await recorder_of(),
            [attempt for item in to_run for attempt in item.attempts],
            workers=workers,
            progress=lambda result: finish(result.student, result),
            keep=outline,
            names=names,
        )


@click.command()
@click.argument("assignment")
@click.option("--lang", "languages", multiple=True, help="Feedback in this language only (default: all).")
@gradebook_option
@no_gradebook_option
@out_option("Folder that `coteja grade` wrote to (default: marked/ASSIGNMENT in the course).")
@course_option
@json_option
def regrade(
    assignment: str,
    languages: tuple[str, ...],
    gradebook: str | None,
    no_gradebook: bool,
    out: Path | None,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Check, score and report ASSIGNMENT again from the stored recordings. Runs no notebook."""
    from coteja.grading.marking import Marker, Places, outline, utc_now

    course = course_of(course_dir, assignment)
    lab = _lab(course, assignment)
    places = Places(out or course.root / "marked" / lab.assignment.id)
    chosen = languages_of(course, languages)
    files = sorted(places.root.glob("results/*.json"))
    # Where nothing was marked there is nothing to enter: no gradebook is made for that.
    ledger = ledger_of(
        course, lab.assignment, gradebook, without=no_gradebook or not files, given_by="coteja regrade"
    )
    marker = Marker(lab, places, chosen, utc_now, ledger)
    with _progress("Checking", len(files), quiet=as_json) as advance:
        results = marker.regrade(progress=advance, workers=os.cpu_count() or 1, keep=outline)
    if as_json:
        _print_json(places, files)
    else:
        _show(results, places)
        _show_changed(ledger)


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


def _show_kept(todo: Mapping[str, Todo]) -> None:
    kept = sum(item.kept is not None for item in todo.values())
    if kept:
        click.echo(f"Unchanged, not marked again: {kept} of {len(todo)} (--again marks them, too).")


def _show_changed(ledger: Ledger | None) -> None:
    """A person's mark stays when the checks find something else; the person should know."""
    if ledger is None or not (standing := ledger.gradebook.standing_marks(ledger.assignment)):
        return
    from coteja.feedback.plain import plain
    from coteja.grading.ledger import changed_under

    changed = changed_under(ledger.gradebook.current(ledger.assignment).values(), standing.values())
    if changed:
        click.echo(f"The checks' points changed under a person's mark, which stays ({len(changed)}):")
    for mark, now in changed[:MOST]:
        click.echo(
            f"  {plain(mark.student)}, {mark.question}: {mark.automatic_points:g} before, {now:g} now; "
            f"{plain(mark.given_by)} gave {mark.points:g} for the written answer"
        )
    if len(changed) > MOST:
        click.echo(f"  and {len(changed) - MOST} more")


def _points(result: SubmissionResult) -> str:
    """The points, and those before the penalty where there is one."""
    if result.late is None or not result.late.percent:
        return f"{result.points:g}"
    return f"{result.late.points:g} (late; {result.points:g} before)"


def _table(results: Sequence[SubmissionResult]) -> None:
    questions = results[0].questions if results else ()
    headings = [
        "Student",
        *(f"{question.question} /{question.max_points:g}" for question in questions),
        f"Points /{results[0].max_points:g}" if results else "Points",
        "Status",
        "Seconds",
    ]
    rows = [_row(result) for result in results]
    if len(rows) > _MANY:
        _plain_table(headings, rows)
    else:
        _drawn_table(headings, rows)


def _row(result: SubmissionResult) -> list[str]:
    from coteja.feedback.plain import plain

    unknown = result.points is None
    named = result.name not in ("", result.student)
    return [
        plain(f"{result.name} ({result.student})" if named else result.student),
        *("–" if unknown else f"{question.points:g}" for question in result.questions),
        "–" if unknown else _points(result),
        _STATUS[result.status],
        f"{result.seconds:.1f}",
    ]


def _drawn_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold")
    for heading in headings:
        if heading == "Student":
            table.add_column(heading, no_wrap=True)
        else:
            table.add_column(heading, justify="left" if heading == "Status" else "right")
    for student, *cells, status, seconds in rows:
        style = "yellow" if status == _STATUS["needs_a_look"] else ""
        table.add_row(Text(student), *cells, Text(status, style=style), seconds)
    console = Console()
    # A pipe has no width of its own; names must not be cut there.
    (console if console.is_terminal else Console(width=120)).print(table)


def _plain_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    left = {0, len(headings) - 2}
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if number in left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
