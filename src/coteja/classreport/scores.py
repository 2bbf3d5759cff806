"""The scores as a table for a spreadsheet: CSV that Excel opens as it is, and in which no name is a formula."""

from __future__ import annotations

import csv
import io
import re

from coteja.classreport.result import ClassReport

#: What makes a cell a formula, also after blanks, in full width, or after what some country's Excel takes for a separator.
_FORMULA = re.compile(r"(^|[;,|\"])(\s*)(?=[=+\-@＝＋－＠])")


def scores_csv(report: ClassReport) -> bytes:
    """One row a student: student, points, max, pending, status, then each question. UTF-8 with BOM.

    Points are those so far, by the checks and by people; empty where nothing is marked.
    """
    questions = [question.question for question in report.questions]
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["student", "points", "max", "pending", "status", *map(harmless, questions)])
    for student in report.students:
        table.writerow(
            [
                harmless(student.who.student),
                "" if student.points is None else f"{student.points:g}",
                f"{student.max_points:g}",
                f"{student.pending:g}",
                student.status,
                *(f"{student.questions[q]:g}" if q in student.questions else "" for q in questions),
            ]
        )
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(text: str) -> str:
    """`text` on one line, with an apostrophe before whatever a spreadsheet would compute.

    >>> harmless("=HYPERLINK(A1)"), harmless("Ana-Lucía"), harmless("x;@SUM(1)")
    ("'=HYPERLINK(A1)", 'Ana-Lucía', "x;'@SUM(1)")
    """
    line = re.sub(r"\s", " ", text)
    marked = _FORMULA.sub(r"\1'\2", line)
    return f"'{marked}" if text[:1].isspace() and marked == line else marked
