"""Each platform's export is understood: whose each notebook is, which attempt counts, when it came."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from intake_files import notebook, zipped

from coteja.errors import UsageError
from coteja.grading.intake import Intake, Rules, take_in
from coteja.grading.intake.pattern import parse_pattern
from coteja.grading.intake.roster import Student, make_roster

Tree = Callable[..., Path]
LAB = "lab-1"
GUATEMALA = ZoneInfo("America/Guatemala")
CLASS = make_roster(
    [
        Student("201901234", "Ana Lucía López Núñez", "201901234", "alopez@uni.edu.gt", canvas="40911", moodle="1201"),
        Student("201905678", "Carlos Xicará", "201905678", "cxicara@uni.edu.gt", group="4", canvas="40912", moodle="1202"),
        Student("201909999", "Sofía Pérez", "201909999", "sperez@uni.edu.gt", group="4", canvas="40913", moodle="1203"),
    ]
)  # fmt: skip


def take(path: Path, place: Path | None = None, **rules: Any) -> Intake:
    return take_in([path], Rules(LAB, **({"zone": GUATEMALA} | rules)), place)


def by_student(taken: Intake) -> dict[str, str]:
    return {s.student: Path(s.source).name for s in taken.submissions}


def listed(taken: Intake, why: str) -> list[str]:
    return [Path(item.source).name for item in taken.file.listed if item.why == why]


CANVAS = {
    "lopeznunezanalucia_40911_880001_lab-1.ipynb": "",
    "lopeznunezanalucia_40911_880001_lab-1-1.ipynb": "",
    "xicaracarlos_LATE_40912_880002_tarea.zip": zipped(
        {"mi tarea/lab-1.ipynb": "", "mi tarea/datos.csv": "1"}
    ),
    "perezsofia_40913_880003_informe.pdf": "%PDF",
}


def test_a_canvas_export_is_understood(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "submissions.zip"
    path.write_bytes(zipped(CANVAS, when=(2026, 3, 25, 10, 0, 0)))
    taken = take(path, place, roster=CLASS, groups=False)
    assert by_student(taken) == {
        "201901234": "lopeznunezanalucia_40911_880001_lab-1-1.ipynb",
        "201905678": "lab-1.ipynb",
    }
    assert listed(taken, "set_aside") == ["lopeznunezanalucia_40911_880001_lab-1.ipynb"]
    assert set(listed(taken, "not_a_notebook")) == {"datos.csv", "perezsofia_40913_880003_informe.pdf"}
    assert taken.file.missing == ("201909999",)
    late = taken.file.students["201905678"].attempts[0].handed_in
    assert (late.flagged_late, late.at, late.no_later_than) == (True, "", "2026-03-25T16:00:00+00:00")


def test_a_canvas_export_without_a_roster_names_students_as_canvas_does(tree: Tree, place: Path) -> None:
    assert set(by_student(take(tree(CANVAS), place))) == {"lopeznunezanalucia", "xicaracarlos"}


@pytest.mark.parametrize(
    "end", ["_assignsubmission_file_/", "_assignsubmission_file/", "_assignsubmission_file_"]
)
def test_a_moodle_export_is_understood_with_and_without_folders(
    end: str, tmp_path: Path, place: Path
) -> None:
    files = {
        f"Ana Lucía López Núñez_1201{end}lab-1.ipynb": "",
        f"Carlos Xicará_1202{end}entrega.zip": zipped({"lab-1.ipynb": ""}),
        f"Otra Persona_1999{end}Sofía Pérez.ipynb": "",  # a file's own name is no claim to be somebody
    }
    path = tmp_path / "curso.zip"
    path.write_bytes(zipped(files))
    taken = take(path, place, roster=CLASS, groups=False)
    assert set(by_student(taken)) == {"201901234", "201905678", "Otra Persona"}
    assert len(listed(taken, "unmatched")) == 1
    assert taken.file.students["201901234"].attempts[0].handed_in.at == ""  # the time is the download's


def test_two_students_of_one_name_in_moodle_stay_two(tree: Tree) -> None:
    files = {f"Ana López_{n}_assignsubmission_file_/lab-1.ipynb": "" for n in (11, 12)}
    assert set(by_student(take(tree(files)))) == {"Ana López (11)", "Ana López (12)"}


GRADESCOPE = """---
submission_7001:
  :submitters:
  - :name: Ana Lucía López
    :sid: '201901234'
    :email: alopez@uni.edu.gt
  :created_at: 2026-03-20 23:15:01.123456789 Z
  :score: 10.0
  :results: !ruby/object:Evil {}
  :history: []
submission_7002:
  :submitters:
  - :name: Carlos Xicará
    :sid:
    :email: CXICARA@uni.edu.gt
  - :name: Sofía Pérez
    :sid: '201909999'
    :email: sperez@uni.edu.gt
  :created_at: 2026-03-20 20:00:00.000000000 -06:00
"""


@pytest.mark.parametrize("packed", [True, False])
def test_a_gradescope_export_is_understood(packed: bool, tree: Tree, tmp_path: Path, place: Path) -> None:
    files = {
        "assignment_1_export/submission_metadata.yml": GRADESCOPE,
        "assignment_1_export/submission_7001/lab-1.ipynb": "",
        "assignment_1_export/submission_7002/work.ipynb": "",
    }
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(files))
    taken = take(path if packed else tree(files), place, roster=CLASS, groups=False)
    assert by_student(taken) == {
        "201901234": "lab-1.ipynb",
        "201905678": "work.ipynb",
        "201909999": "work.ipynb",
    }
    times = {key: hand.attempts[0].handed_in for key, hand in taken.file.students.items()}
    assert times["201901234"].at == "2026-03-20T23:15:01+00:00"
    assert times["201909999"].at == "2026-03-21T02:00:00+00:00"
    assert {time.clock for time in times.values()} == {"gradescope"}


def test_gradescope_s_students_are_known_without_a_roster(tree: Tree) -> None:
    files = {"submission_metadata.yml": GRADESCOPE, "submission_7002/work.ipynb": ""}
    assert set(by_student(take(tree(files)))) == {"CXICARA@uni.edu.gt", "201909999"}


@pytest.mark.parametrize(
    "content", ["- a list", "!!python/object/apply:os.system [touch /tmp/owned]", "{{{", "[" * 5000]
)
def test_metadata_that_is_hostile_or_damaged_is_listed_and_builds_nothing(content: str, tree: Tree) -> None:
    taken = take(tree({"submission_metadata.yml": content, "submission_1/a.ipynb": ""}))
    assert set(by_student(taken)) == {"a"}
    assert listed(taken, "refused") == ["submission_metadata.yml"]
    assert not Path("/tmp/owned").exists()


def test_nbgrader_s_tree_is_understood(tree: Tree) -> None:
    root = tree(
        {
            "submitted/ana/lab-1/lab-1.ipynb": "",
            "submitted/ana/lab-1/timestamp.txt": "2026-03-20 23:15:01.123456 UTC",
            "submitted/beto/lab-1/problem.ipynb": "",
            "submitted/beto/lab-1/timestamp.txt": "2026-03-20 23:15:01.123456 America/Guatemala",
            "submitted/beto/lab-2/lab-2.ipynb": "",
        }
    )
    taken = take(root / "submitted")
    assert by_student(taken) == {"ana": "lab-1.ipynb", "beto": "problem.ipynb"}
    assert listed(taken, "other_assignment") == ["lab-2.ipynb"]
    times = [taken.file.students[who].attempts[0].handed_in for who in ("ana", "beto")]
    assert [(t.at, t.clock) for t in times] == [
        ("2026-03-20T23:15:01+00:00", "nbgrader"),
        ("2026-03-21T05:15:01+00:00", "nbgrader"),
    ]


def test_nbgrader_s_inbound_folders_are_attempts_of_their_students(tree: Tree) -> None:
    root = tree(
        {
            "inbound/ana+lab-1+2026-03-20 23:15:01.123456 UTC/lab-1.ipynb": "",
            "inbound/ana+lab-1+2026-03-20 23:15:01.123456 UTC/timestamp.txt": "2026-03-20 23:15:01.123456 UTC",
            "inbound/ana+lab-1+2026-03-20 23:15:01.123456 UTC/submission_secret.txt": "0f",
            "inbound/ana+lab-1+2026-03-21 08:00:00.000001 UTC+aG93LWRvX3k=/lab-1.ipynb": "",
            "inbound/beto+lab-1+2026-03-21 09:00:00 CST/work.ipynb": "",
            "inbound/beto+lab-2+2026-03-21 09:00:00 UTC/lab-2.ipynb": "",
        }
    )
    taken = take(root / "inbound")
    assert set(by_student(taken)) == {"ana", "beto"}
    assert listed(taken, "other_assignment") == ["lab-2.ipynb"]
    assert listed(taken, "not_a_notebook") == []
    assert listed(taken, "set_aside") == ["lab-1.ipynb"]
    assert taken.file.students["ana"].attempts[0].handed_in.at == "2026-03-21T08:00:00+00:00"
    assert taken.file.students["beto"].attempts[0].handed_in.at == "2026-03-21T15:00:00+00:00"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another account")
def test_a_folder_under_another_student_s_name_counts_for_whose_account_made_it(tree: Tree) -> None:
    root = tree({"inbound/ana+lab-1+2026-03-21 09:00:00 UTC/lab-1.ipynb": ""})
    forged = root / "inbound" / "ana+lab-1+2026-03-21 09:00:00 UTC" / "lab-1.ipynb"
    os.chown(forged, pwd.getpwnam("nobody").pw_uid, -1)
    assert set(by_student(take(root / "inbound"))) == {"nobody"}


def test_a_plain_folder_is_named_by_its_files_or_by_its_folders(tree: Tree) -> None:
    assert set(by_student(take(tree({"ana.ipynb": "", "beto.ipynb": ""}, "a")))) == {"ana", "beto"}
    assert set(by_student(take(tree({"ana/lab-1.ipynb": "", "beto/x.ipynb": ""}, "b")))) == {"ana", "x"}
    assert set(by_student(take(tree({"ana/x.ipynb": "", "beto/x.ipynb": ""}, "c")))) == {"ana", "beto"}


def test_students_zips_in_a_folder_are_named_by_the_zips_and_no_notebook_of_theirs_is_lost(
    tree: Tree, place: Path
) -> None:
    files = {
        "ana.zip": zipped({"tarea.ipynb": ""}),
        "beto.zip": zipped({"x/tarea.ipynb": "", "y/otra.ipynb": ""}),
    }
    assert set(by_student(take(tree(files), place))) == {"ana", "beto/tarea", "beto/otra"}


def test_times_inside_a_student_s_own_archive_are_not_believed(
    tree: Tree, tmp_path: Path, place: Path
) -> None:
    forged = zipped({"lab-1.ipynb": ""}, when=(2001, 1, 1, 0, 0, 0))
    path = tmp_path / "all.zip"
    path.write_bytes(zipped({"ana.zip": forged}, when=(2026, 3, 21, 8, 0, 0)))
    assert take(path, place).file.students["ana"].attempts[0].handed_in.at == "2026-03-21T14:00:00+00:00"
    loose = (
        take(tree({"ana.zip": forged, "beto.zip": forged}), place).file.students["ana"].attempts[0].handed_in
    )
    assert datetime.fromisoformat(loose.at).year > 2001


@pytest.mark.parametrize(
    "name",
    ["201901234.ipynb", "Lab1 - 201901234 final.ipynb", "alopez.ipynb", "ALOPEZ@uni.edu.gt.ipynb",
     "ana_lucia_lopez_nunez.ipynb", "LÓPEZ NÚÑEZ, Ana Lucía.ipynb", "tarea_López_Núñez_Ana_Lucía_v2.ipynb"],
)  # fmt: skip
def test_a_student_is_found_by_id_mail_or_name_in_a_file_s_name(name: str, tree: Tree) -> None:
    taken = take(tree({name: ""}), roster=CLASS)
    assert list(by_student(taken)) == ["201901234"]
    assert taken.file.students["201901234"].name == "Ana Lucía López Núñez"


def test_who_is_not_found_is_marked_under_the_own_name_and_listed_with_a_hint(tree: Tree) -> None:
    taken = take(tree({"Ana López.ipynb": "", "nadie.ipynb": ""}), roster=CLASS)
    assert set(by_student(taken)) == {"Ana López", "nadie"}
    said = {item.student: item.said for item in taken.file.listed if item.why == "unmatched"}
    assert "perhaps Ana Lucía López Núñez?" in said["Ana López"]
    assert taken.file.missing == ("201901234", "201905678", "201909999")


def test_where_signs_disagree_nobody_is_chosen(tree: Tree) -> None:
    taken = take(tree({"201901234/cxicara.ipynb": ""}), roster=CLASS)
    assert set(by_student(taken)) == {"cxicara"}
    (only,) = [item for item in taken.file.listed if item.why == "ambiguous"]
    assert "Ana Lucía López Núñez or Carlos Xicará" in only.said


def test_two_students_of_one_name_are_never_guessed_between(tree: Tree) -> None:
    twins = make_roster([Student("1", "José Pérez", "1"), Student("2", "Jose Perez", "2")])
    taken = take(tree({"Pérez José.ipynb": ""}), roster=twins)
    assert set(by_student(taken)) == {"Pérez José"}
    assert listed(taken, "ambiguous") == ["Pérez José.ipynb"]


def test_a_pattern_says_whose_a_file_is_and_what_does_not_fit_is_listed(tree: Tree) -> None:
    pattern = parse_pattern("{student}_{assignment}_{attempt}.ipynb")
    root = tree({"de_leon_lab-1_1.ipynb": "", "de_leon_lab-1_2.ipynb": "", "beto.ipynb": ""})
    taken = take(root, pattern=pattern)
    assert set(by_student(taken)) == {"de_leon", "beto"}
    assert listed(taken, "unmatched") == ["beto.ipynb"]


def test_a_pattern_reaches_into_the_folders_names(tree: Tree) -> None:
    taken = take(tree({"ana 2026/x/final.ipynb": ""}), pattern=parse_pattern("{id} {any}/x/{any}.ipynb"))
    assert set(by_student(taken)) == {"ana"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{assignment}.ipynb", "no field tells whose file it is"),
        ("{studnet}.ipynb", "unknown field {studnet}; known: {student}"),
        ("{student}{assignment}.ipynb", "nothing between"),
        ("{student}_{student}.ipynb", "2 times"),
        ("{student}_{.ipynb", "not closed"),
        ("{student}.pdf", "ends in .ipynb"),
    ],
)
def test_a_wrong_pattern_gets_a_sentence(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_pattern(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(("policy", "chosen"), [("latest", ["b"]), ("first", ["a"]), ("best", ["a", "b"])])
def test_the_policy_says_which_attempt_counts(policy: str, chosen: list[str], tree: Tree) -> None:
    import os

    root = tree({"a/201901234.ipynb": notebook("a"), "b/201901234.ipynb": notebook("b")})
    os.utime(root / "a/201901234.ipynb", (1e9, 1e9))
    taken = take(root, roster=CLASS, attempts=policy)
    assert [Path(s.path).parent.name for s in taken.submissions] == chosen
    assert len(listed(taken, "set_aside")) == 2 - len(chosen)


def test_one_submission_counts_for_all_of_a_group(tree: Tree) -> None:
    taken = take(tree({"201905678.ipynb": ""}), roster=CLASS)
    assert by_student(taken) == {"201905678": "201905678.ipynb", "201909999": "201905678.ipynb"}
    alone = take(tree({"201905678.ipynb": ""}), roster=CLASS, groups=False)
    assert list(by_student(alone)) == ["201905678"]


def test_a_file_named_after_a_group_is_the_group_s(tree: Tree) -> None:
    assert set(by_student(take(tree({"Grupo 4.ipynb": ""}), roster=CLASS))) == {"201905678", "201909999"}


def test_of_a_group_s_attempts_the_latest_counts_for_all(tree: Tree) -> None:
    import os

    root = tree({"201905678.ipynb": "", "sperez.ipynb": ""})
    os.utime(root / "sperez.ipynb", (1e9, 1e9))
    taken = take(root, roster=CLASS)
    assert by_student(taken) == {"201905678": "201905678.ipynb", "201909999": "201905678.ipynb"}
    assert listed(taken, "set_aside") == ["sperez.ipynb"]


def test_a_file_s_time_that_lies_ahead_is_no_time(tree: Tree) -> None:
    now = datetime.now(UTC) - timedelta(days=2)
    taken = take(tree({"ana.ipynb": ""}), now=now)
    assert taken.file.students["ana"].attempts[0].handed_in.at == ""


def test_what_the_instructor_says_of_the_time_goes_first(tree: Tree) -> None:
    when = datetime(2026, 3, 1, tzinfo=UTC)
    taken = take(tree({"alopez.ipynb": "", "x.ipynb": ""}), roster=CLASS, given={"201901234": when})
    assert taken.file.students["201901234"].attempts[0].handed_in.clock == "given"
    assert taken.file.students["x"].attempts[0].handed_in.clock == "file"
