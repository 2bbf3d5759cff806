"""A class handed in through the program: a platform's archive, a roster, late work, extensions, groups, best attempts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from intake_files import zipped

TINY = Path(__file__).parent / "data" / "tiny-course"
ROSTER = (
    "Carné;Nombre;Correo;Grupo;Moodle ID\n201900001;Ana Lucía López;alopez@uni.edu.gt;;11\n"
    "201900002;Beto Xicará;bxicara@uni.edu.gt;4;12\n201900003;Caro Núñez;cnunez@uni.edu.gt;4;13\n"
    "201900004;Dora Paz;dpaz@uni.edu.gt;;14\n"
)
LATE = 'late = { grace = "10m", penalty_per_day = 10, cap = 50 }\n'


def coteja(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "coteja", *arguments], cwd=course, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done


def told(course: Path, *arguments: str) -> dict[str, Any]:
    done = coteja(course, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """The line lab's notebook as released, and solved."""
    course = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("made") / "course"))
    coteja(course, "release", "line")
    coteja(course, "release", "line", "--solution")
    return tuple((course / kind / "es" / "line.ipynb").read_bytes() for kind in ("released", "solved"))


@pytest.fixture
def make_course(tmp_path: Path) -> Callable[..., Path]:
    def make(assignment: str = "", course: str = "") -> Path:
        root = Path(shutil.copytree(TINY, tmp_path / "course"))
        (root / "roster.csv").write_bytes(b"\xef\xbb\xbf" + ROSTER.encode())
        for file, head in (
            (root / "assignments" / "line" / "assignment.toml", assignment),
            (
                root / "course.toml",
                f'roster = "roster.csv"\ngroups = true\ntime_zone = "America/Guatemala"\n{course}',
            ),
        ):
            file.write_text(head + file.read_text(encoding="utf-8"), encoding="utf-8")
        return root

    return make


def test_a_moodle_export_is_marked_late_by_the_grading_worksheet(
    make_course: Callable[..., Path], notebooks: tuple[bytes, bytes]
) -> None:
    course = make_course(f'due = 2026-03-20T23:59:00\n{LATE}extensions = {{ "bxicara@uni.edu.gt" = "2d" }}\n')
    empty, right = notebooks
    files = {
        "Ana Lucía López_11_assignsubmission_file/line.ipynb": right,
        "Beto Xicará_12_assignsubmission_file/line.ipynb": right,
        "Nadie_99_assignsubmission_file/line.ipynb": empty,
    }
    (course / "export.zip").write_bytes(zipped(files, when=(2026, 4, 1, 8, 0, 0)))
    (course / "worksheet.csv").write_text(
        "Identificador,Nombre completo,Última modificación (entrega)\n"
        'Participante 11,Ana Lucía López,"domingo, 22 de marzo de 2026, 08:00"\n'
        'Participante 12,Beto Xicará,"domingo, 22 de marzo de 2026, 08:00"\n'
        "Participante 14,Dora Paz,-\n",
        encoding="utf-8",
    )
    said = told(course, "grade", "line", "export.zip", "--handed-in", "worksheet.csv")
    late = {r["student"]: r["late"] for r in said["results"]}
    assert {s: (x["standing"], x["percent"], x["points"]) for s, x in late.items()} == {
        "201900001": ("late", 20, 8),
        "201900002": ("on_time", 0, 10),  # an extension
        "201900003": ("late", 20, 8),  # handed in by Beto for the group; the extension is Beto's own
        "Nadie": ("unknown", 0, 0),
    }
    assert {r["student"]: r["points"] for r in said["results"]}["201900001"] == 10  # the checks' own points
    assert said["results"][0]["questions"][0]["points"] == 10
    assert [item["student"] for item in said["intake"]["listed"]] == ["Nadie"]
    assert said["intake"]["missing"] == ["201900004"]
    again = told(course, "regrade", "line")
    assert {r["student"]: r["late"] for r in again["results"]} == late
    page = (course / "marked/line/feedback/201900001/feedback.es.md").read_text(encoding="utf-8")
    assert "2 días de retraso" in page
    assert "10 puntos antes de la penalización del 20 %; quedan 8." in page


def test_a_changed_policy_counts_at_the_next_regrade(
    make_course: Callable[..., Path], notebooks: tuple[bytes, bytes]
) -> None:
    course = make_course(f"due = 2026-03-20T23:59:00\n{LATE}")
    (course / "alopez.ipynb").write_bytes(notebooks[1])
    before = told(course, "grade", "line", "alopez.ipynb", "--handed-in", "2026-03-21 10:00")["results"][0]
    assert (before["late"]["percent"], before["late"]["clock"]) == (10, "given")
    file = course / "assignments" / "line" / "assignment.toml"
    file.write_text(file.read_text("utf-8").replace("penalty_per_day = 10", "penalty_per_day = 30"), "utf-8")
    assert told(course, "regrade", "line")["results"][0]["late"]["percent"] == 30


def test_the_best_attempt_is_the_one_that_is_best_after_its_penalty(
    make_course: Callable[..., Path], notebooks: tuple[bytes, bytes]
) -> None:
    course = make_course(
        f'due = 2026-03-20T23:59:00\nattempts = "best"\n{LATE.replace("50", "100")}extensions = "ext.csv"\n'
    )
    (course / "ext.csv").write_text("carné,prórroga\n201900001,21/03/2026\n", encoding="latin-1")
    for name, content, when in (("1", notebooks[0], 1774100000), ("2", notebooks[1], 1774300000)):
        path = course / "in" / name / "201900001.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        os.utime(path, (when, when))
    said = told(course, "grade", "line", "in")
    (result,) = said["results"]
    assert Path(result["source"]).parent.name == "2"
    assert (result["points"], result["late"]["extended"]) == (10, True)
    assert result["late"]["percent"] == 20
    assert len(said["intake"]["students"]["201900001"]["attempts"]) == 2


def test_the_list_at_the_end_names_what_needs_an_eye(
    make_course: Callable[..., Path], notebooks: tuple[bytes, bytes]
) -> None:
    course = make_course('due = "2026-03-20"\nextensions = { Pedro = "2d" }\n')
    folder = course / "in"
    folder.mkdir()
    (folder / "bxicara.ipynb").write_bytes(notebooks[0])
    (folder / "informe.pdf").write_bytes(b"%PDF")
    (folder / "mine.zip").write_bytes(zipped({"../evil.ipynb": ""}))
    said = coteja(course, "grade", "line", "in").stdout
    for line in (
        "Beto Xicará (201900002)",
        "Caro Núñez (201900003)",  # of the same group
        "in/mine.zip/../evil.ipynb: its name climbs out of the archive; it is not read",
        "in/informe.pdf: not a notebook",
        "pedro: has an extension for line, but is nobody of the roster",
        "Nothing handed in (2): 201900001, 201900004",
    ):
        assert line in said


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--pattern", "{x}.ipynb"], 2, "unknown field {x}; known: {student}"),
        (["--roster", "nowhere.csv"], 2, "nowhere.csv: cannot be read"),
        (
            ["--handed-in", "yesterday"],
            2,
            "--handed-in yesterday: neither a moment (2026-03-20T23:15) nor a CSV file",
        ),
        (["--handed-in", "roster.csv"], 1, "roster.csv: no column of moments"),
        (["--roster", "course.toml"], 1, "course.toml: no column tells whose line it is"),
    ],
)
def test_a_wrong_option_gets_a_sentence(
    make_course: Callable[..., Path], arguments: list[str], code: int, sentence: str
) -> None:
    course = make_course()
    (course / "a.ipynb").write_text("{}")
    done = coteja(course, "grade", "line", "a.ipynb", *arguments)
    assert done.returncode == code
    assert sentence in done.stderr
