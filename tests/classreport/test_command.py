"""`coteja report` end to end: a class of the tiny course, handed in late, torn and wrong, marked for real."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

TINY = Path(__file__).parents[1] / "data" / "tiny-course"
ROSTER = "carné,nombre\n1,Ana Lucía López\n2,Beto Xicará\n3,Caro Núñez\n4,Dora Paz\n5,Eva Sic\n"
DUE = 'due = 2026-03-20T23:59:00\nlate = { penalty_per_day = 10, cap = 50 }\nextensions = { 2 = "5d" }\n'


def coteja(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "coteja", *arguments], cwd=course, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana and Beto are right, Caro took x for y, Dora's file is torn, Eva handed in nothing; all two days late."""
    course = Path(
        shutil.copytree(
            TINY, tmp_path_factory.mktemp("class") / "course", ignore=shutil.ignore_patterns("__pycache__")
        )
    )
    lab, whole = course / "assignments/line/assignment.toml", course / "course.toml"
    lab.write_text(DUE + lab.read_text("utf-8"), "utf-8")
    whole.write_text(
        whole.read_text("utf-8") + 'roster = "roster.csv"\ntime_zone = "America/Guatemala"\n', "utf-8"
    )
    (course / "roster.csv").write_text(ROSTER, "utf-8")
    assert coteja(course, "release", "line", "--solution").stderr == ""
    notebook = nbformat.read(course / "solved/es/line.ipynb", as_version=4)
    handed = course / "handed"
    handed.mkdir()
    for student in "12":
        nbformat.write(notebook, handed / f"{student}.ipynb")
    cell = next(c for c in notebook.cells if c.cell_type == "code" and "fit_line(x, y)\n" in c.source)
    cell.source = cell.source.replace("= fit_line(x, y)\n", "= fit_line(y, x)\n")
    nbformat.write(notebook, handed / "3.ipynb")
    (handed / "4.ipynb").write_text('{"cells": [')
    done = coteja(course, "grade", "line", "handed", "--handed-in", "2026-03-22 20:00")
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture
def course(marked: Path, tmp_path: Path) -> Path:
    """The marked class, for one test to spoil."""
    return Path(shutil.copytree(marked, tmp_path / "course"))


@pytest.fixture
def results(course: Path) -> Path:
    return course / "marked" / "line" / "results"


def test_the_report_says_who_has_what_who_waits_and_who_is_missing(course: Path) -> None:
    done = coteja(course, "report", "line")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 submissions: 0 marked, 3 wait for written marks, 1 need a look." in done.stdout
    assert "Nothing handed in: 1 of the roster." in done.stdout
    folder = course / "marked" / "line"
    for name in ("class.es.html", "class.en.html", "report.json", "scores.csv"):
        assert f"Wrote marked/line/{name}" in done.stdout
        assert (folder / name).stat().st_size > 200
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["schema"] == "coteja-class/1"
    assert report["missing"] == ["5"]
    assert report["resources"]["ran"] == 3
    (mistake,) = report["misconceptions"]
    assert (mistake["id"], mistake["students"], mistake["example"]["who"]["name"]) == (
        "swapped",
        1,
        "Caro Núñez",
    )
    (look,) = report["looks"]
    assert (look["who"]["student"], look["reason"]) == ("4", "unreadable")
    assert {w["who"]["student"]: w["days"] for w in report["lateness"]["late"]} == {"1": 2, "3": 2, "4": 2}
    assert report["lateness"]["extended"] == 1


def test_the_table_of_scores_has_a_row_for_everybody_who_handed_in(course: Path) -> None:
    coteja(course, "report", "line")
    with (course / "marked/line/scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert [(s, r["name"], r["points"], r["final"]) for s, r in sorted(rows.items())] == [
        ("1", "Ana Lucía López", "10", "8"),
        ("2", "Beto Xicará", "10", "10"),
        ("3", "Caro Núñez", rows["3"]["points"], rows["3"]["final"]),
        ("4", "Dora Paz", "", ""),
    ]
    assert 0 < float(rows["3"]["points"]) < 10


def test_the_example_of_a_mistake_leads_to_that_check_on_the_student_s_page(course: Path) -> None:
    coteja(course, "report", "line")
    page = (course / "marked/line/class.es.html").read_text("utf-8")
    report = json.loads((course / "marked/line/report.json").read_text("utf-8"))
    example = report["misconceptions"][0]["example"]
    link = f"feedback/{example['who']['file']}/feedback.es.html"
    assert f'href="{link}#{example["anchor"]}"' in page
    feedback = (course / "marked/line" / link).read_text("utf-8")
    card = feedback[feedback.index(f'id="{example["anchor"]}"') :]
    assert "x y y cambiaron de lugar" in card[: card.index("</article>")]


def test_broken_results_are_named_and_the_rest_is_reported(course: Path, results: Path) -> None:
    whole = results / "1.json"
    whole.write_bytes(whole.read_bytes()[:900])
    (results / "package.json").write_text('{"name": "left-pad"}')
    done = coteja(course, "report", "line")
    assert done.returncode == 1
    assert (
        "Left out: 1.json: It is not whole, or not what coteja grade writes (Input data was truncated)."
        in done.stderr
    )
    assert "Left out: package.json: It is not a result: its schema is “”." in done.stderr
    assert "3 submissions:" in done.stdout
    page = (course / "marked/line/class.es.html").read_text("utf-8")
    assert "Está incompleto o no es lo que escribe coteja grade" in page
    assert json.loads((course / "marked/line/report.json").read_text("utf-8"))["submissions"] == 3


def test_without_any_result_there_is_a_sentence_and_nothing_is_written(course: Path, results: Path) -> None:
    shutil.rmtree(results)
    done = coteja(course, "report", "line")
    assert (done.returncode, done.stdout) == (1, "")
    assert "marked/line: nothing has been marked here yet. Run `coteja grade` first." in done.stderr
    assert not (course / "marked/line/report.json").exists()


def test_only_broken_results_are_a_sentence_too(course: Path, results: Path) -> None:
    for file in results.iterdir():
        file.write_bytes(b"{")
    done = coteja(course, "report", "line")
    assert done.returncode == 1
    assert "none of 4 files is a result of line. 1.json: It is not whole" in done.stderr


def test_as_json_the_report_alone_is_printed(course: Path) -> None:
    done = coteja(course, "report", "line", "--json", "--lang", "en")
    said = json.loads(done.stdout)
    assert (said["schema"], said["scored"]) == ("coteja-class/1", 3)
    assert not (course / "marked/line/class.es.html").exists()


def test_an_anonymous_report_names_nobody_and_leaves_the_other_as_it_was(course: Path) -> None:
    coteja(course, "report", "line")
    before = (course / "marked/line/report.json").read_bytes()
    coteja(course, "report", "line", "--anonymous")
    assert (course / "marked/line/report.json").read_bytes() == before
    folder = course / "marked/line/anonymous"
    written = "".join(
        (folder / name).read_text("utf-8")
        for name in ("class.es.html", "class.en.html", "report.json", "scores.csv")
    )
    for name in ("Ana", "Beto", "Caro", "Dora", "López", "Xicará", 'href="feedback/'):
        assert name not in written
    assert "#1" in written
