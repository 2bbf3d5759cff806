"""`--pattern "{student}_{assignment}.ipynb"`: who handed in, out of the names of files and folders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coteja.errors import UsageError

FIELDS = ("student", "id", "name", "email", "group", "assignment", "attempt", "any")
_WHO = ("student", "id", "name", "email", "group")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was understood: one expression for each part of the path, the file's last."""

    text: str
    parts: tuple[re.Pattern[str], ...]

    def match(self, path: Sequence[str]) -> Mapping[str, str] | None:
        """The fields as they stand in the end of `path`, None where it does not fit."""
        if len(path) < len(self.parts):
            return None
        found: dict[str, str] = {}
        for part, expression in zip(path[-len(self.parts) :], self.parts, strict=True):
            fits = expression.fullmatch(part)
            if fits is None:
                return None
            found |= {name: value.strip() for name, value in fits.groupdict().items()}
        return found if all(found.get(name, "-") for name in FIELDS) else None


def parse_pattern(text: str) -> Pattern:
    """Understand a pattern.

    Raises
    ------
    UsageError
        It has no student, an unknown or repeated field, or two fields with nothing between.
    """
    fields = re.findall(r"\{([^{}]*)\}", text)
    for name in fields:
        if name not in FIELDS:
            raise UsageError(f"--pattern {text}: unknown field {{{name}}}; known: {_listed(FIELDS)}.")
        if name != "any" and fields.count(name) > 1:
            raise UsageError(
                f"--pattern {text}: {{{name}}} stands {fields.count(name)} times; once is meant."
            )
    if not set(fields) & set(_WHO):
        raise UsageError(f"--pattern {text}: no field tells whose file it is; write one of {_listed(_WHO)}.")
    if "}{" in text:
        raise UsageError(
            f"--pattern {text}: two fields with nothing between them; where does the first one end?"
        )
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        raise UsageError(f"--pattern {text}: a brace that is not closed.")
    names = [part for part in text.replace("\\", "/").split("/") if part]
    if not names[-1].lower().endswith(".ipynb"):
        raise UsageError(f"--pattern {text}: the name of the file comes last, and ends in .ipynb.")
    return Pattern(text, tuple(_expression(name) for name in names))


def _expression(name: str) -> re.Pattern[str]:
    pieces = re.split(r"(\{\w+\})", name)
    return re.compile("".join(_piece(piece) for piece in pieces), re.IGNORECASE)


def _piece(piece: str) -> str:
    if not re.fullmatch(r"\{\w+\}", piece):
        return re.escape(piece)
    field = piece[1:-1]
    if field == "any":
        return ".*?"
    # A student's name may hold what stands between the fields; the other fields hold as little as they can.
    return f"(?P<{field}>{r'[0-9]+' if field == 'attempt' else '.+' if field in _WHO else '.+?'})"


def _listed(fields: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in fields)
