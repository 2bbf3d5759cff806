"""`coteja db`: an old gradebook becomes a new one whole, a newer one is left alone, and grading says so first."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from coteja.gradebook.schema import REVISION
from coteja.gradebook.store import Gradebook

#: A gradebook of revision 0001 with a run, a result, an outcome, two marks and an undoing, as the first version wrote it.
OLD = Path(__file__).parents[1] / "data" / "gradebook-0001.sql"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    tiny = Path(__file__).parents[1] / "data" / "tiny-course"
    return Path(shutil.copytree(tiny, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))


def old_file(place: Path) -> Path:
    connection = sqlite3.connect(place)
    connection.executescript(OLD.read_text("utf-8"))
    connection.close()
    return place


def rows(place: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(place)
    kept = {
        t: connection.execute(f"select * from {t} order by 1").fetchall()
        for t in ("runs", "results", "marks")
    }
    connection.close()
    return kept


def test_every_row_of_an_old_gradebook_is_kept(course: Path, program: Callable[..., str]) -> None:
    place = old_file(course / "gradebook.db")
    before = rows(place)
    said = program("db", "upgrade", "--course", course)
    assert f"from schema 0001 to {REVISION}" in said
    for table, kept in rows(place).items():
        assert [row[: len(old)] for row, old in zip(kept, before[table], strict=True)] == before[table]
    book = Gradebook.open(str(place))
    assert book.current("line")["Ana Ñandú"].points == 3.0
    assert book.standing_marks("line")["Ana Ñandú", "q1"].comment == "Bien dicho"
    book.close()


def test_upgrading_twice_changes_nothing(course: Path, program: Callable[..., str]) -> None:
    old_file(course / "gradebook.db")
    program("db", "upgrade", "--course", course)
    before = rows(course / "gradebook.db")
    assert "up to date" in program("db", "upgrade", "--course", course)
    assert rows(course / "gradebook.db") == before


def test_an_old_gradebook_is_not_written_to_before_it_is_upgraded(
    course: Path, program: Callable[..., str]
) -> None:
    place = old_file(course / "gradebook.db")
    before = rows(place)
    (course / "in").mkdir()
    (course / "in" / "ana.ipynb").write_text("{}")
    said = program("grade", "line", course / "in", "--course", course, code=1)
    assert "has schema 0001" in said
    assert "coteja db upgrade" in said
    assert rows(place) == before
    assert "needs" in program("db", "status", "--course", course, code=1)


@pytest.mark.parametrize("command", [("db", "upgrade"), ("regrade", "line")])
def test_a_gradebook_of_a_newer_version_is_left_alone(
    command: tuple[str, ...], course: Path, program: Callable[..., str]
) -> None:
    place = old_file(course / "gradebook.db")
    connection = sqlite3.connect(place)
    connection.execute("update alembic_version set version_num = '9999'")
    connection.commit()
    connection.close()
    (course / "marked" / "line" / "results").mkdir(parents=True)
    (course / "marked" / "line" / "results" / "ana.json").write_text("{}")
    said = program(*command, "--course", course, code=1)
    assert "a newer coteja made" in said
    assert rows(place)["runs"]


def test_status_tells_what_is_there(course: Path, program: Callable[..., str]) -> None:
    assert "not there yet" in program("db", "status", "--course", course)
    assert not (course / "gradebook.db").exists()
    old_file(course / "gradebook.db")
    program("db", "upgrade", "--course", course)
    said = program("db", "status", "--course", course)
    assert "line: 1 students, 1 runs, 1 results, 2 marks by people" in said


def test_an_old_postgresql_gradebook_is_upgraded_too(
    postgresql: str, course: Path, program: Callable[..., str]
) -> None:
    import psycopg

    from coteja.gradebook.database import Database, database_url

    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("create database old_one")
    url = postgresql.rsplit("/", 1)[0] + "/old_one"
    database = Database(database_url(url))
    database.upgrade("0001")
    database.close()
    said = program("db", "upgrade", "--course", course, "--gradebook", url)
    assert f"from schema 0001 to {REVISION}" in said
