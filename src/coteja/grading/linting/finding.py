"""A finding of `coteja lint`: what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One fault. `rule` is its name; `line` counts the file's lines from 1."""

    rule: str
    severity: Severity = "error"
    assignment: str
    file: str
    line: int | None = None
    what: str
    todo: str


def line_of(text: str, needle: str, *, after: int = 0) -> int | None:
    """The first line, from line `after` on, that contains `needle`."""
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if n >= after and needle in line), None)


def text_of(path: Path) -> str:
    """A file's text for looking up lines; "" when it cannot be read (whoever needs it says so)."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
