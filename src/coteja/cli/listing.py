"""The list under the table: files that were not marked as they stand, and students who handed in nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coteja.model.intake import IntakeFile

_TITLES = {
    "ambiguous": "More than one student fits",
    "unmatched": "Nobody of the roster, or not by the pattern",
    "refused": "Not read",
    "set_aside": "Set aside",
    "other_assignment": "Of another assignment",
    "not_a_notebook": "Not notebooks",
}
#: So many lines of a kind are shown; all are in the file.
MOST = 12


def show_listed(taken: IntakeFile, where: str) -> None:
    """Print what needs a person's eye, by kind."""
    from coteja.feedback.plain import plain

    for why, title in _TITLES.items():
        lines = [item for item in taken.listed if item.why == why]
        if lines:
            click.echo(f"{title} ({len(lines)}):")
        for item in lines[:MOST]:
            click.echo(f"  {plain(item.source)}: {plain(item.said)}")
        if len(lines) > MOST:
            click.echo(f"  and {len(lines) - MOST} more, all in {where}")
    if taken.missing:
        shown = ", ".join(plain(key) for key in taken.missing[:MOST])
        more = f" and {len(taken.missing) - MOST} more" if len(taken.missing) > MOST else ""
        click.echo(f"Nothing handed in ({len(taken.missing)}): {shown}{more}")
