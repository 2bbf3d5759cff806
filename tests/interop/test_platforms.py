"""From a platform's own download to its own upload: submissions in, marks and feedback out, nothing renamed by hand."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from intake_files import zipped

LAB = "first-step"
#: What Moodle writes (English site, comma) for a class of four; Dora handed in nothing.
WORKSHEET = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Feedback comments"
"Participant 7001","Ana Lucía López",alopez@uni.edu.gt,"Submitted for grading",,20.00,Yes,
"Participant 7002","Beto Xicará",bxicara@uni.edu.gt,"Submitted for grading",3.00,20.00,Yes,"Ya hablamos"
"Participant 7003","Caro Núñez",cnunez@uni.edu.gt,"Submitted for grading",,20.00,Yes,
"Participant 7004","Dora Paz",dpaz@uni.edu.gt,"No submission",,20.00,Yes,
"""
#: The same of a Spanish site, with semicolons.
HOJA = (
    WORKSHEET.replace(",", ";")
    .replace('Identifier;"Full name";"Email address";Status;Grade;"Maximum Grade"', "Identificador;Nombre completo;Correo;Estado;Calificación;Calificación máxima")
    .replace('"Feedback comments"', "Comentarios de retroalimentación")
    .replace("20.00", "20,00").replace("3.00", "3,00").replace("Participant", "Participante")
)  # fmt: skip
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,One step downhill (4711),Other (4712)
    Points Possible,,,,,15.0,10.0
"López, Ana Lucía",5001,201900001,alopez,A,,9
"Xicará, Beto",5002,201900002,bxicara,A,3,8
"Núñez, Caro",5003,201900003,cnunez,A,,7
"Paz, Dora",5004,201900004,dpaz,A,,6
"""


def read(path: Path, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=separator))


@pytest.fixture(scope="module")
def notebooks(made: Path) -> dict[str, bytes]:
    return {name: (made / "in" / f"{name}.ipynb").read_bytes() for name in ("ana", "ben", "zoe")}


def class_of(names: dict[str, str], notebooks: dict[str, bytes]) -> bytes:
    return zipped({path: notebooks[which] for path, which in names.items()})


@pytest.fixture(scope="module")
def moodle(
    made: Path,
    notebooks: dict[str, bytes],
    program: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Moodle's download, marked with its own worksheet as the roster."""
    folder = tmp_path_factory.mktemp("moodle")
    (folder / "worksheet.csv").write_bytes(b"\xef\xbb\xbf" + WORKSHEET.encode())
    names = {
        "Ana Lucía López_7001_assignsubmission_file_/tarea.ipynb": "ana",
        "Beto Xicará_7002_assignsubmission_file_/final (1).ipynb": "ben",
        "Caro Núñez_7003_assignsubmission_file_/x.ipynb": "zoe",
    }
    (folder / "submissions.zip").write_bytes(class_of(names, notebooks))
    program(
        *("grade", LAB, folder / "submissions.zip", "--roster", folder / "worksheet.csv"),
        *("--course", made, "--no-gradebook", "--out", folder / "marked"),
    )
    return folder


@pytest.fixture(scope="module")
def canvas(
    made: Path,
    notebooks: dict[str, bytes],
    program: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Canvas' download, marked with its own gradebook as the roster."""
    folder = tmp_path_factory.mktemp("canvas")
    (folder / "gradebook.csv").write_text(CANVAS, encoding="utf-8")
    names = {
        "lopezanalucia_5001_810001_tarea.ipynb": "ana",
        "xicarabeto_LATE_5002_810002_final-1.ipynb": "ben",
        "nunezcaro_5003_810003_x.ipynb": "zoe",
    }
    (folder / "submissions.zip").write_bytes(class_of(names, notebooks))
    program(
        *("grade", LAB, folder / "submissions.zip", "--roster", folder / "gradebook.csv"),
        *("--course", made, "--no-gradebook", "--out", folder / "marked"),
    )
    return folder


@pytest.fixture
def fill(made: Path, program: Callable[..., str]) -> Callable[..., str]:
    def run(platform: str, folder: Path, sheet: Path, *more: object, code: int = 0) -> str:
        return program(
            *("export", platform, LAB, sheet, "--course", made, "--out", folder / "marked", *more), code=code
        )

    return run


def test_moodle_s_worksheet_comes_back_with_the_grades_of_those_who_do_not_wait(
    moodle: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    said = fill("moodle", moodle, moodle / "worksheet.csv", "--partial", "--to", tmp_path / "out.csv")
    rows = read(tmp_path / "out.csv")
    assert [row["Grade"] for row in rows] == ["15.00", "3.00", "", ""]
    assert list(rows[0]) == next(csv.reader(io.StringIO(WORKSHEET)))
    assert "Have another mark there already" in said
    assert "bxicara@uni.edu.gt (3.00 there, 10.40 here)" in said
    assert "Wait for a person's marks (--partial fills them in) (1): cnunez" in said


def test_a_mark_that_is_there_is_replaced_only_when_asked_for(
    moodle: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    more = ("--partial", "--overwrite", "--comment", "Mira la página", "--to", tmp_path / "out.csv")
    fill("moodle", moodle, moodle / "worksheet.csv", *more)
    rows = read(tmp_path / "out.csv")
    assert [row["Grade"] for row in rows] == ["15.00", "10.40", "", ""]
    assert [row["Feedback comments"] for row in rows] == ["Mira la página", "Ya hablamos", "", ""]


def test_without_partial_nobody_who_waits_gets_a_mark(
    moodle: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    said = fill("moodle", moodle, moodle / "worksheet.csv", "--to", tmp_path / "out.csv")
    assert [row["Grade"] for row in read(tmp_path / "out.csv")] == ["", "3.00", "", ""]
    assert "0 marks" in said


def test_a_spanish_site_gets_its_decimal_comma_and_its_semicolons(
    moodle: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "hoja.csv").write_bytes(b"\xef\xbb\xbf" + HOJA.encode())
    more = ("--partial", "--overwrite", "--decimal", ",", "--to", tmp_path / "out.csv")
    fill("moodle", moodle, tmp_path / "hoja.csv", *more)
    assert [row["Calificación"] for row in read(tmp_path / "out.csv", ";")] == ["15,00", "10,40", "", ""]
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_canvas_gradebook_comes_back_with_its_own_columns_and_one_assignment(
    canvas: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    said = fill(
        "canvas", canvas, canvas / "gradebook.csv", "--partial", "--overwrite", "--to", tmp_path / "o.csv"
    )
    rows = read(tmp_path / "o.csv")
    assert list(rows[0]) == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "One step downhill (4711)")
    ]
    assert [row["One step downhill (4711)"] for row in rows] == ["15.0", "15", "10.4", "", ""]
    assert "The sheet says 15 points at most, first-step has 20" in said


def test_a_column_that_is_not_there_is_told_with_those_that_are(
    canvas: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    more = ("--column", "Lab Z", "--to", tmp_path / "o.csv")
    said = fill("canvas", canvas, canvas / "gradebook.csv", *more, code=2)
    assert "'Lab Z' is not there" in said
    assert "One step downhill (4711); Other (4712)" in said
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(
    ("platform", "text", "sentence"),
    [
        ("moodle", CANVAS, "not a grading worksheet of Moodle"),
        ("canvas", WORKSHEET, "not a gradebook of Canvas"),
        ("moodle", "", "the file is empty"),
    ],
)
def test_another_platform_s_sheet_is_refused(
    platform: str, text: str, sentence: str, moodle: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "sheet.csv").write_text(text, encoding="utf-8")
    assert sentence in fill(platform, moodle, tmp_path / "sheet.csv", "--to", tmp_path / "o.csv", code=1)


def test_moodle_s_feedback_lies_in_the_participant_s_own_folder(
    moodle: Path, made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    marked = ("--course", made, "--out", moodle / "marked")
    said = program("export", "feedback-zip", LAB, tmp_path / "f.zip", "--for", "moodle", *marked)
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        names = archive.namelist()
        assert "Ana Lucía López_7001_assignsubmission_file_/feedback.es.html" in names
        assert "Ana Lucía López_7001_assignsubmission_file_/feedback.en.html" in names
        assert len(names) == 6
        page = archive.read("Beto Xicará_7002_assignsubmission_file_/feedback.en.html").decode()
    assert "The step leads elsewhere" in page
    assert "feedback for 3 students" in said


def test_canvas_feedback_is_a_notebook_under_the_name_that_canvas_gave(
    canvas: Path, made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    marked = ("--course", made, "--out", canvas / "marked")
    program("export", "feedback-zip", LAB, tmp_path / "f.zip", "--for", "canvas", *marked)
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        assert sorted(archive.namelist()) == [
            "lopezanalucia_5001_810001_tarea.ipynb",
            "nunezcaro_5003_810003_x.ipynb",
            "xicarabeto_LATE_5002_810002_final-1.ipynb",
        ]
        notebook = nbformat.reads(
            archive.read("xicarabeto_LATE_5002_810002_final-1.ipynb").decode(), as_version=4
        )
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "markdown"]
    assert "El paso llega a otro lugar" in notebook.cells[0].source


def test_who_handed_in_otherwise_is_named_and_left_out(
    made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    said = program("export", "feedback-zip", LAB, tmp_path / "f.zip", "--for", "moodle", "--course", made)
    assert "Not handed in by Moodle, so it would not know whose it is (4): ana, ben, eve, zoe" in said


def test_the_same_results_give_the_same_archive(
    moodle: Path, made: Path, program: Callable[..., str], tmp_path: Path
) -> None:
    for name in ("a", "b"):
        marked = ("--course", made, "--out", moodle / "marked")
        program("export", "feedback-zip", LAB, tmp_path / name, "--for", "moodle", *marked)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_disk_that_is_not_there_is_told_in_a_sentence(
    moodle: Path, fill: Callable[..., str], tmp_path: Path
) -> None:
    shutil.copy(moodle / "worksheet.csv", tmp_path / "w.csv")
    (tmp_path / "file").write_text("")
    said = fill("moodle", moodle, tmp_path / "w.csv", "--to", tmp_path / "file" / "o.csv", code=3)
    assert said.startswith("coteja: ")
    assert "Traceback" not in said
