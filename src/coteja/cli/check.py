"""`coteja check`: a student's own look, in a terminal."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from coteja.cli.common import json_option


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--question", "-q", "only", multiple=True, help="Only this question; may be given again.")
@click.option("--trust", is_flag=True, help="Run your own notebook even where it cannot be kept apart.")
@json_option
@click.pass_context
def check(ctx: click.Context, notebook: Path, only: tuple[str, ...], trust: bool, as_json: bool) -> None:
    """Run NOTEBOOK and look at it with its public checks. Exit code 1 when something does not hold yet."""
    import msgspec

    from coteja.errors import UsageError
    from coteja.selfcheck.live import translator_for
    from coteja.selfcheck.notebook import look_at
    from coteja.selfcheck.show import terminal

    look = asyncio.run(look_at(notebook, trust=trust))
    unknown = [q for q in only if q not in look.outcomes and q not in look.unanswered]
    if unknown:
        raise UsageError(
            f"--question {unknown[0]}: the notebook has {', '.join([*look.outcomes, *look.unanswered])}."
        )
    outcomes = {q: o for q, o in look.outcomes.items() if not only or q in only}
    unanswered = [q for q in look.unanswered if not only or q in only]
    if as_json:
        sys.stdout.buffer.write(
            msgspec.json.encode({"questions": outcomes, "unanswered": unanswered}) + b"\n"
        )
    else:
        terminal(outcomes, unanswered, look.problems, translator_for(look.carried))
    ctx.exit(0 if not unanswered and all(o.status == "passed" for q in outcomes.values() for o in q) else 1)
