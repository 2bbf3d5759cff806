"""A roster is read as spreadsheets and platforms write it; what is wrong in it is said by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coteja.errors import CourseError, UsageError
from coteja.grading.intake.roster import Person, read_roster


def roster(tmp_path: Path, content: bytes | str):
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(path)


SPANISH = "Carné;Nombre;Apellido;Correo;Grupo\n201901234;Ana;López Núñez;alopez@uni.edu.gt;4\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_encoding_and_separator_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    (student,) = roster(tmp_path, SPANISH.replace(";", separator).encode(encoding)).students
    assert (student.key, student.name, student.group) == ("201901234", "Ana López Núñez", "4")
    assert student.email == "alopez@uni.edu.gt"


@pytest.mark.parametrize(
    "heading",
    ["id,name,email,group", "CARNET , Nombre completo,E-mail,Equipo", "student id,full name,mail,team"],
)
def test_columns_are_found_by_name(tmp_path: Path, heading: str) -> None:
    (student,) = roster(tmp_path, f'{heading}\n7,"López, Ana",a@x.org,4\n').students
    assert (student.id, student.name, student.email, student.group) == ("7", "Ana López", "a@x.org", "4")


def test_canvas_own_gradebook_is_a_roster(tmp_path: Path) -> None:
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"López, Ana",40911,201901234,alopez,A\n'
    found = roster(tmp_path, text)
    assert [s.key for s in found.students] == ["201901234"]
    assert found.match(Person(canvas="40911")).students[0].name == "Ana López"


def test_moodle_s_grading_worksheet_is_a_roster(tmp_path: Path) -> None:
    text = (
        "Identificador,Nombre completo,Dirección de correo,Estado,Última modificación (entrega)\n"
        'Participante 1201,Ana López,alopez@uni.edu.gt,Enviado para calificar,"viernes, 20 de marzo de 2026, 23:15"\n'
    )
    found = roster(tmp_path, text)
    assert [s.key for s in found.match(Person(moodle="1201")).students] == ["alopez@uni.edu.gt"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("color,size\nred,3\n", "no column tells whose line it is. Expected a heading like id, carné"),
        ("", "the file is empty"),
        ("id,name\n1,Ana\n\n1,Beto\n", "line 4: 1 stands on line 2 already"),
    ],
)
def test_a_wrong_roster_gets_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(CourseError) as caught:
        roster(tmp_path, content)
    assert said in str(caught.value)


def test_a_roster_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"roster\.csv: cannot be read"):
        read_roster(tmp_path / "roster.csv")


def test_a_sure_sign_and_a_weaker_one_must_agree(tmp_path: Path) -> None:
    found = roster(tmp_path, "id,name,email\n1,Ana López,ana@x.org\n2,Beto Díaz,beto@x.org\n")
    assert [s.key for s in found.match(Person(id="1", email="ANA@x.org")).students] == ["1"]
    assert found.match(Person(id="1", email="beto@x.org")).ambiguous
