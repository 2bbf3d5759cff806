"""scores.csv: it reads back as it was, and nothing that a student wrote is a formula in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.classreport.result import ClassReport
from coteja.classreport.scores import COLUMNS, harmless, scores_csv

from .conftest import late, result, unreadable

ATTACKS = [
    '=HYPERLINK("http://evil.example","click")',
    "=cmd|' /C calc'!A0",
    "+SUM(1,2)",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r\n=1+1",
    "  =1+1",
    "＝1+1",
    'Ana";=1+1;"',
    "Ana;=1+1",
    "Ana,+1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
]


def rows_of(report: ClassReport) -> list[dict[str, str]]:
    text = scores_csv(report).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_student_is_a_row_that_reads_back(report_of: Callable[..., ClassReport]) -> None:
    report = report_of(
        [
            result("201900001", 1, 0.5, 1, written=4.5, name="Ana Lucía López"),
            result("201900002", 1, 1, 0.25, name='Choc, Rigoberto "Rigo"', late=late(percent=10)),
            unreadable("201900003"),
        ]
    )
    unread, ana, rigo = rows_of(report)  # by name, where there is one
    assert list(ana) == [*COLUMNS, "q1", "q2"]
    assert (ana["student"], ana["name"]) == ("201900001", "Ana Lucía López")
    assert (ana["points"], ana["max"], ana["pending"], ana["final"]) == ("13.5", "15", "0", "13.5")
    assert (ana["q1"], ana["q2"], ana["status"]) == ("5", "8.5", "marked")
    assert rigo["name"] == 'Choc, Rigoberto "Rigo"'
    assert (rigo["points"], rigo["late_percent"], rigo["final"]) == ("7", "10", "6.3")
    assert (unread["points"], unread["final"], unread["q1"], unread["status"]) == ("", "", "", "needs_a_look")


def test_excel_reads_accents_as_they_are(report_of: Callable[..., ClassReport]) -> None:
    assert scores_csv(report_of([result("María", 1, 1, 1)])).startswith(b"\xef\xbb\xbfstudent,")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_that_a_student_named_becomes_a_formula(
    attack: str, report_of: Callable[..., ClassReport]
) -> None:
    report = report_of([result(attack, 1, 1, 1, name=attack)])
    text = scores_csv(report).decode("utf-8-sig")
    (row,) = rows_of(report)
    for cell in (row["student"], row["name"]):
        assert cell.lstrip()[:1] not in tuple("=+-@＝＋－＠\t")
    # Whatever separator a country's spreadsheet believes in:
    for separator in ",;|\t":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert not [cell for cell in line if re.match(r"\s*[=@＝＠]", cell)]
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize("number", ["-5", "-3.25", "0", "201900001"])
def test_a_number_stays_a_number(number: str) -> None:
    assert harmless(number) == number


@pytest.mark.parametrize("text", ["-5+1", "+502", "-1e5", "--5", "-A1", "−5=", "-5 "])
def test_what_only_looks_like_a_number_is_text(text: str) -> None:
    assert harmless(text).lstrip("'")[:1] != "=" if text.startswith("−") else harmless(text).startswith("'")


@given(st.text())
def test_nothing_begins_like_a_formula_unless_it_is_a_plain_number(text: str) -> None:
    made = harmless(text)
    assert "\n" not in made
    assert "\r" not in made
    assert re.fullmatch(r"-?\d+(\.\d+)?", made) or not re.match(r"[=+\-@\t]", made)


@given(st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1).map(str.strip))
def test_an_ordinary_name_is_left_as_it_is(name: str) -> None:
    assert harmless(name) == re.sub(r"\s", " ", name)
