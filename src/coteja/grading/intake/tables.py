"""CSV as spreadsheets and learning platforms write it: any separator, BOM, UTF-8 or Latin-1, columns found by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coteja.errors import CourseError, UsageError
from coteja.grading.intake.names import fold

MAX_TABLE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number in the file, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell, "" where there is no such column."""
        return self.cells.get(column, "")


def read_table(path: Path, columns: Mapping[str, tuple[str, ...]]) -> tuple[list[Row], list[str]]:
    """The rows below the heading, and the headings as they stand. `columns`: our name -> headings, folded, unspaced.

    Raises
    ------
    UsageError
        There is no such file.
    CourseError
        It is no CSV.
    """
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise CourseError(
                f"{path}: more than {MAX_TABLE_BYTES >> 20} MiB; expected a CSV file of students."
            )
        raw = path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{path}: cannot be read ({fault.strerror}). Expected a CSV file.") from None
    text, _encoding = decode_table(raw)
    separator = separator_of(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    except csv.Error as fault:
        raise CourseError(f"{path}: not a CSV file ({fault}). Export it again as CSV.") from None
    numbered = [
        (n, [cell.strip() for cell in cells])
        for n, cells in enumerate(lines, 1)
        if any(map(str.strip, cells))
    ]
    if not numbered:
        raise CourseError(f"{path}: the file is empty. Expected a heading and one line for each student.")
    headings = numbered[0][1]
    where = _places([fold(h).replace(" ", "") for h in headings], columns)
    rows = [
        Row(n, {name: cells[i] for name, i in where.items() if i < len(cells)}) for n, cells in numbered[1:]
    ]
    return rows, headings


def _places(found: list[str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Where each column stands: the heading that its list names first wins."""
    places: dict[str, int] = {}
    for name, accepted in columns.items():
        for heading in accepted:
            if heading in found and found.index(heading) not in places.values():
                places[name] = found.index(heading)
                break
    return places


def separator_of(text: str) -> str:
    """What stands most often in the heading: comma, semicolon, tab or bar."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t|", key=heading.count)


def decode_table(raw: bytes) -> tuple[str, str]:
    """The text, and the encoding that it can be written back in."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), "utf-16"
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "cp1252"
