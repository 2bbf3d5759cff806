"""`coteja export nbgrader`, and `coteja import nbgrader-marks`."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from coteja.cli.common import (
    course_of,
    course_option,
    gradebook_option,
    languages_of,
    ledger_of,
    out_option,
    shown_path,
)

_OUT = "Folder that `coteja grade` wrote to (default: marked/ASSIGNMENT in the course)."
_db_option = click.option(
    "--db",
    "database",
    help="nbgrader's database: a SQLite file or a postgresql:// URL without a password (default: gradebook.db in FOLDER).",
)


@click.command()
@click.argument("assignment")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--language", help="The notebook's language (default: the lab's first).")
@click.option("--scores", is_flag=True, help="Enter the results that `coteja grade` left, too.")
@_db_option
@out_option(_OUT)
@course_option
def nbgrader(
    assignment: str,
    folder: Path,
    language: str | None,
    scores: bool,
    database: str | None,
    out: Path | None,
    course_dir: Path,
) -> None:
    """Make FOLDER a course of nbgrader's with ASSIGNMENT in it, or add ASSIGNMENT to one that this command made."""
    from coteja.errors import UsageError
    from coteja.grading.lab import load_lab
    from coteja.interop.nbgrader_course import export_course, grader_at

    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    languages_of(course, (language,) if language else ())
    if language and language not in lab.assignment.languages:
        raise UsageError(f"--language {language}: the lab has {', '.join(lab.assignment.languages)}.")
    grader = grader_at(folder, database)
    if out is None:
        out = course.root / "marked" / lab.assignment.id
    if scores and not any(out.glob("results/*.json")):
        raise UsageError(f"{out}: nothing has been marked here yet. Run `coteja grade` first.")
    for path in export_course(lab, language or lab.assignment.languages[0], grader):
        click.echo(shown_path(path))
    if not scores:
        return
    from coteja.feedback.plain import plain
    from coteja.grading.places import Places
    from coteja.interop.marked import read_marked
    from coteja.interop.nbgrader_scores import export_scores, make_ready
    from coteja.interop.nbgrader_sync import read_sync, write_sync

    places = Places(out)
    sync = read_sync(out)
    marked = read_marked(places, on_fault=lambda fault: click.echo(f"Left out: {fault}", err=True))
    ready = make_ready(lab, places, marked, grader)
    try:
        done = export_scores(lab, ready, grader, sync)
    finally:
        write_sync(out, sync)
    click.echo(f"{shown_path(grader.root)}: results of {done.students} students.")
    if done.kept:
        click.echo(
            f"Have a person's mark there already, which stays ({len(done.kept)}): {', '.join(map(plain, done.kept))}. "
            f"Fetch them: coteja import nbgrader-marks {lab.assignment.id} {shown_path(grader.root)}"
        )


@click.command("nbgrader-marks")
@click.argument("assignment")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--by", "given_by", envvar="COTEJA_MARKER", help="Who marked (default: the user's name).")
@click.option("--overwrite", is_flag=True, help="Also where a person marked the answer here meanwhile.")
@_db_option
@gradebook_option
@out_option(_OUT)
@course_option
def nbgrader_marks(
    assignment: str,
    folder: Path,
    given_by: str | None,
    overwrite: bool,
    database: str | None,
    gradebook: str | None,
    out: Path | None,
    course_dir: Path,
) -> None:
    """Fetch the marks on written answers that people gave in formgrader, for ASSIGNMENT, from the course in FOLDER.

    They are kept as people's marks, survive every `regrade`, and stand in the feedback, which is made again.
    """
    from datetime import UTC, datetime

    from coteja.cli.mark import renew_pages
    from coteja.feedback.plain import plain
    from coteja.grading.handmarking import read_answers
    from coteja.grading.lab import load_lab
    from coteja.grading.places import Places
    from coteja.interop.nbgrader_course import grader_at, require_nbgrader
    from coteja.interop.nbgrader_marks import take_marks
    from coteja.interop.nbgrader_scores import marks_there
    from coteja.interop.nbgrader_sync import read_sync, write_sync

    require_nbgrader()
    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    root = out or course.root / "marked" / lab.assignment.id
    grader = grader_at(folder, database)
    sync = read_sync(root)
    theirs, by_hand = marks_there(grader, lab.assignment.id)
    ledger = ledger_of(course, lab.assignment, gradebook, without=False, given_by="coteja import")
    assert ledger is not None  # noqa: S101 (without=False)
    answers = read_answers(
        ledger, Places(root), on_fault=lambda fault: click.echo(f"Left out: {fault}", err=True)
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    taken = take_marks(
        ledger,
        answers,
        theirs,
        sync,
        grader.name,
        given_by=given_by or getpass.getuser(),
        given_at=now,
        overwrite=overwrite,
    )
    write_sync(root, sync)
    renew_pages(lab, ledger, Places(root), languages_of(course, ()))
    click.echo(f"{grader.name}: {taken.given} marks fetched, {taken.known} known already.")
    for reason, who in taken.left.items():
        click.echo(f"{reason} ({len(who)}): {', '.join(map(plain, who))}")
    if by_hand:
        click.echo(
            f"Checks that were given other points by hand stay there alone ({len(by_hand)}): {', '.join(map(plain, by_hand))}"
        )
