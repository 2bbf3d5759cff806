"""Fills the sheet that a platform itself has written: Canvas' gradebook, Moodle's grading worksheet.

Nothing about columns, ids, encodings and separators has to be guessed: the platform's own file comes back with one column
filled. A mark that stands there already stays, unless it is asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coteja.errors import CourseError, UsageError
from coteja.grading.intake.names import fold
from coteja.grading.intake.roster import Person, Roster, Student, read_roster
from coteja.grading.intake.tables import decode_table, separator_of
from coteja.interop.marked import Marked

#: Headings of Moodle's grading worksheet, folded, in English and Spanish.
MOODLE_GRADE = ("grade", "calificacion")
MOODLE_MAXIMUM = ("maximum grade", "calificacion maxima")
MOODLE_COMMENT = ("feedback comments", "comentarios de retroalimentacion")
#: What Canvas' own columns are called; they go before the assignment's.
CANVAS_OWN = ("student", "id", "sis user id", "sis login id", "integration id", "root account", "section")


@dataclass(slots=True)
class Filled:
    """The sheet, filled; and what was not filled, with why, for the person at the keyboard."""

    text: str
    encoding: str
    filled: int = 0
    waiting: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class _Sheet:
    path: Path
    rows: list[list[str]]
    separator: str
    encoding: str

    @property
    def headings(self) -> list[str]:
        return self.rows[0]

    def column(self, *names: str) -> int | None:
        folded = [fold(heading) for heading in self.headings]
        return next((folded.index(name) for name in names if name in folded), None)

    def text(self, columns: Sequence[int] | None = None) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.separator, lineterminator="\r\n")
        for row in self.rows:
            writer.writerow(row if columns is None else [row[i] if i < len(row) else "" for i in columns])
        return out.getvalue()


def fill_canvas(path: Path, marked: Sequence[Marked], column: str, **how: object) -> Filled:
    """Canvas' gradebook (Grades, Export) with the assignment's column filled; the other assignments are left out.

    Parameters
    ----------
    column
        The assignment's heading as it stands in the file, with or without Canvas' number: "Lab B (1234)".

    Raises
    ------
    UsageError, CourseError
        There is no such file or column, or it is no gradebook of Canvas.
    """
    sheet = _read(path)
    if sheet.column("sis user id") is None and sheet.column("sis login id") is None:
        raise CourseError(
            f"{path}: not a gradebook of Canvas: there is no heading SIS User ID. In Canvas: Grades, Export."
        )
    place = _canvas_column(sheet, column)
    filled = _fill(sheet, place, marked, lambda points: f"{points:g}", **how)  # type: ignore[arg-type]
    possible = next((row for row in sheet.rows[1:] if _is_possible(row)), None)
    filled.maximum = _number(possible[place]) if possible and place < len(possible) else None
    own = [i for i, heading in enumerate(sheet.headings) if fold(heading) in CANVAS_OWN]
    filled.text = sheet.text([*own, place])
    return filled


def _canvas_column(sheet: _Sheet, column: str) -> int:
    wanted = fold(column)
    others = [h for h in sheet.headings if fold(h) not in CANVAS_OWN]
    exact = [i for i, h in enumerate(sheet.headings) if h.strip() == column or fold(h) == wanted]
    begins = [i for i, h in enumerate(sheet.headings) if fold(h.rpartition("(")[0]) == wanted]
    found = exact or begins
    if len(found) != 1:
        what = "stands there more than once" if found else "is not there"
        raise UsageError(
            f"{sheet.path}: the column {column!r} {what}. Say which with --column: {'; '.join(others[:12])}."
        )
    return found[0]


def fill_moodle(path: Path, marked: Sequence[Marked], decimal: str, comment: str, **how: object) -> Filled:
    """Moodle's grading worksheet (Download grading worksheet) with Grade and, where it is empty, the comment filled.

    `decimal` is the site's decimal sign. Raises as `fill_canvas` does.
    """
    sheet = _read(path)
    place = sheet.column(*MOODLE_GRADE)
    if place is None or sheet.column("identifier", "identificador") is None:
        raise CourseError(
            f"{path}: not a grading worksheet of Moodle: expected headings Identifier and Grade, found "
            f"{', '.join(sheet.headings[:8])}. In Moodle: View all submissions, Download grading worksheet; offline grading "
            "worksheet must be on in the assignment's settings."
        )
    filled = _fill(
        sheet,
        place,
        marked,
        lambda points: f"{points:.2f}".replace(".", decimal),
        comment=(sheet.column(*MOODLE_COMMENT), comment),
        **how,  # type: ignore[arg-type]
    )
    maximum = sheet.column(*MOODLE_MAXIMUM)
    if maximum is not None and len(sheet.rows) > 1 and maximum < len(sheet.rows[1]):
        filled.maximum = _number(sheet.rows[1][maximum])
    filled.text = sheet.text()
    return filled


def _fill(
    sheet: _Sheet,
    place: int,
    marked: Sequence[Marked],
    written: Callable[[float], str],
    *,
    overwrite: bool = False,
    partial: bool = False,
    comment: tuple[int | None, str] = (None, ""),
) -> Filled:
    filled = Filled("", sheet.encoding)
    roster = read_roster(sheet.path)
    lines = _lines(sheet, roster)
    for m in marked:
        found = roster.match(Person(free=(m.result.student, m.result.name)))
        if len(found.students) != 1:
            filled.unknown.append(m.result.student)
            continue
        row = sheet.rows[lines[found.students[0].key]]
        row += [""] * (len(sheet.headings) - len(row))
        if m.points is None or not (m.complete or partial):
            filled.waiting.append(m.result.student)
            continue
        before, now = row[place].strip(), written(m.points)
        if before and _number(before) != _number(now) and not overwrite:
            filled.kept.append(f"{m.result.student} ({before} there, {now} here)")
            continue
        row[place] = now
        if comment[0] is not None and not row[comment[0]].strip():
            row[comment[0]] = comment[1]
        filled.filled += 1
    return filled


def _lines(sheet: _Sheet, roster: Roster) -> Mapping[str, int]:
    """Which row of the sheet each student of its roster stands on: `read_roster` keeps their order."""
    rows = [
        i
        for i, row in enumerate(sheet.rows)
        if i > 0 and any(cell.strip() for cell in row) and not _is_possible(row)
    ]
    students: Sequence[Student] = roster.students
    if len(rows) != len(students):
        raise CourseError(
            f"{sheet.path}: {len(rows)} lines, but {len(students)} students in them. Export it again."
        )
    return {student.key: row for student, row in zip(students, rows, strict=True)}


def _is_possible(row: Sequence[str]) -> bool:
    return bool(row) and fold(row[0]) in ("points possible", "puntos posibles")


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _read(path: Path) -> _Sheet:
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{path}: cannot be read ({fault.strerror}). Expected a CSV file.") from None
    text, encoding = decode_table(raw)
    separator = separator_of(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    rows = rows[next((i for i, row in enumerate(rows) if any(map(str.strip, row))), len(rows)) :]
    if not rows:
        raise CourseError(f"{path}: the file is empty. Export it again.")
    return _Sheet(path, rows, separator, encoding)
