"""The report card as HTML (one file, no script, no request) and as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coteja.audit.card import Card
from coteja.audit.mutants import OPERATORS
from coteja.calibration.interval import Rate
from coteja.i18n import packaged_templates

#: What the report gives a diff of; the JSON has them all.
MOST_SHOWN = 60


def write_card(card: Card, folder: Path, write: Callable[[Path, bytes], None]) -> list[Path]:
    """Write audit.json, audit.md and audit.html into `folder` and return the paths."""
    files = {
        "audit.json": msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n",
        "audit.md": render(card, "audit.md.j2").encode(),
        "audit.html": render(card, "audit.html.j2").encode(),
    }
    for name, data in files.items():
        write(folder / name, data)
    return [folder / name for name in files]


def render(card: Card, template: str) -> str:
    """One of the two pages. Names and diffs come from notebooks: HTML is escaped, Markdown is fenced."""
    page = _environment(html=template.endswith(".html.j2")).get_template(template)
    return page.render(card=card, operators=OPERATORS, most=MOST_SHOWN)


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(packaged_templates()),
        autoescape=html,  # noqa: S701 (Markdown is not HTML; what comes from notebooks is fenced there)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": percent, "interval": interval, "minutes": minutes, "fence": fence}
    return environment


def percent(value: float) -> str:
    """A rate to read.

    >>> percent(0.0123), percent(0.0), percent(0.00042)
    ('1.23 %', '0 %', '0.042 %')
    """
    return f"{100 * value:.3g} %"


def interval(rate: Rate) -> str:
    """What is known of a rate in one phrase."""
    return (
        f"{rate.errors} of {rate.runs} ({percent(rate.rate)}; "
        f"{percent(rate.confidence)} interval {percent(rate.low)} to {percent(rate.high)})"
    )


def minutes(seconds: float) -> str:
    """A time to read."""
    return f"{seconds / 60:.1f} minutes" if seconds >= 60 else f"{seconds:.0f} seconds"


def fence(text: str) -> str:
    """A diff as a block that it cannot end itself."""
    marks = "```"
    while marks in text:
        marks += "`"
    return f"{marks}diff\n{text}\n{marks}"
