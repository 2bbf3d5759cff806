"""The scores as a table for a spreadsheet: CSV that Excel opens as it is, and in which no name is a formula."""

from __future__ import annotations

import csv
import io
import re

from coteja.classreport.result import ClassReport

#: What makes a cell a formula, also after blanks, in full width, or after what some country's Excel takes for a separator.
_FORMULA = re.compile(r"(^|[;,|\"])(\s*)(?=[=+\-@＝＋－＠])")


#: A cell that is a number and nothing else computes nothing: it stays one.
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
COLUMNS = ("student", "name", "points", "max", "pending", "late_percent", "final", "status")


def scores_csv(report: ClassReport) -> bytes:
    """One row a student: `COLUMNS`, then each question's points. UTF-8 with BOM.

    Points are those so far, by the checks and by people, `final` after the penalty; empty where nothing is marked.
    """
    questions = [question.question for question in report.questions]
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([*COLUMNS, *map(harmless, questions)])
    for student in report.students:
        table.writerow(
            [
                harmless(student.who.student),
                harmless(student.who.name),
                _figure(student.points),
                _figure(student.max_points),
                _figure(student.pending),
                _figure(student.late_percent),
                _figure(student.final),
                student.status,
                *(_figure(student.questions.get(question)) for question in questions),
            ]
        )
    return text.getvalue().encode("utf-8-sig", "replace")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def harmless(text: str) -> str:
    """`text` on one line, with an apostrophe before whatever a spreadsheet would compute.

    >>> harmless("=HYPERLINK(A1)"), harmless("Ana-Lucía"), harmless("x;@SUM(1)"), harmless("-3.5")
    ("'=HYPERLINK(A1)", 'Ana-Lucía', "x;'@SUM(1)", '-3.5')
    """
    line = re.sub(r"\s", " ", text)
    if _NUMBER.fullmatch(line):
        return line
    marked = _FORMULA.sub(r"\1'\2", line)
    return f"'{marked}" if text[:1].isspace() and marked == line else marked
