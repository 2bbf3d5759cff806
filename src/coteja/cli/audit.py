"""`coteja audit`."""

from __future__ import annotations

import asyncio
import logging
import os
from importlib.util import find_spec
from pathlib import Path

import click

from coteja.cli.common import course_of, course_option, json_option, out_option, shown_path
from coteja.errors import UsageError


@click.command()
@click.argument("assignment")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help="At most so many variants, and so many mutants (default: 300 and all; 60 and 120 where TensorFlow is used).",
)
@click.option("--variants", "variant_count", type=click.IntRange(min=0), help="So many correct variants.")
@click.option("--mutants", "mutant_count", type=click.IntRange(min=0), help="At most so many mutants.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed makes the same notebooks."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Notebooks at a time (default: one a core).")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Another value for one of the lab's parameters.",
)
@click.option(
    "--fail-over",
    type=click.FloatRange(0, 1),
    help="Exit with 1 when the upper bound of either rate is over this (0.02: 2 %).",
)
@click.option(
    "--again", is_flag=True, help="Run everything again, also what an earlier audit has run already."
)
@out_option("Folder for audit.html, audit.md and audit.json (default: audits/ASSIGNMENT in the course).")
@course_option
@json_option
@click.pass_context
def audit(
    ctx: click.Context,
    assignment: str,
    limit: int | None,
    variant_count: int | None,
    mutant_count: int | None,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    fail_over: float | None,
    again: bool,
    out: Path | None,
    course_dir: Path,
    as_json: bool,
) -> None:
    """Measure how often the checks of ASSIGNMENT are wrong: correct variants must pass, mutants must not.

    What each notebook gave is kept in runs.jsonl: an audit that was stopped goes on where it was.
    """
    for module, name in (("libcst", "libcst"), ("scipy", "SciPy")):
        if find_spec(module) is None:
            from coteja.calibration.interval import missing_extra

            raise missing_extra(name)
    import msgspec

    from coteja.audit.kept import FILE
    from coteja.audit.render import interval, write_card
    from coteja.audit.run import Options
    from coteja.audit.run import audit as run
    from coteja.course.load import load_assignment
    from coteja.grading.lab import load_lab
    from coteja.recording.files import write_whole
    from coteja.recording.packages import require_packages

    course = course_of(course_dir, assignment)
    declared = load_assignment(course, assignment)
    require_packages(declared.id, declared.preload)
    lab = load_lab(course, declared.id)
    folder = out or course.root / "audits" / declared.id
    slow = "tensorflow" in declared.preload
    count = {"variants": variant_count, "mutants": mutant_count}
    least = {what: [n for n in (given, limit) if n is not None] for what, given in count.items()}
    options = Options(
        variants=min(least["variants"], default=60 if slow else 300),
        mutants=min(least["mutants"], default=120 if slow else None),
        seed=seed,
        workers=workers or os.cpu_count() or 1,
        settings=_settings(settings),
        progress=_progress,
        kept=folder / FILE,
    )
    if again:
        (folder / FILE).unlink(missing_ok=True)
    # A check that fails on a mutant is told in the report, not in the log of a class that is being marked.
    logging.getLogger("coteja").setLevel(logging.CRITICAL)
    card = asyncio.run(run(lab, options))
    paths = write_card(card, folder, write_whole)
    over = card.over(fail_over) if fail_over is not None else []
    if as_json:
        click.echo(msgspec.json.encode(card))
    else:
        click.echo(f"False rejects: {interval(card.false_rejects)}")
        click.echo(
            f"False accepts: {interval(card.false_accepts)}; {card.equivalent} more mutants are equivalent"
        )
        for check in card.idle:
            click.echo(f"{check.check} caught nothing.")
        click.echo(f"Report: {shown_path(paths[-1])}")
    for name in over:
        click.echo(f"coteja: the bound of {name} is over {fail_over:g}.", err=True)
    ctx.exit(1 if over else 0)


def _settings(given: tuple[str, ...]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in given:
        name, _equals, value = text.partition("=")
        try:
            found[name] = int(value) if value.lstrip("-").isdigit() else float(value)
        except ValueError:
            raise UsageError(f"--set {text}: expected NAME=NUMBER, such as n_q2=300000.") from None
    return found


def _progress(what: str, done: int, of: int) -> None:
    if done == of or done % 50 == 0:
        click.echo(f"{what}: {done} of {of}", err=True)
