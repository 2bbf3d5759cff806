"""A course is found upwards; whatever is wrong in its TOML is said by file, key, expected and found."""

from __future__ import annotations

from pathlib import Path

import pytest

from coteja.course.load import find_course, load_assignment, module_name
from coteja.errors import CourseError, UsageError

ROOT = Path(__file__).parents[2]


def error_of(course):
    """The sentence that loading the lab ends in."""
    with pytest.raises(CourseError) as caught:
        load_assignment(course, "xor-lab")
    return str(caught.value)


def test_a_course_is_found_from_any_folder_below_it(make_course):
    course = make_course()
    assert find_course(course.folder("xor-lab")).root == course.root
    assert course.info.title["en"] == "Course"


def test_where_there_is_no_course_one_is_told_how_to_name_it(tmp_path):
    with pytest.raises(UsageError, match=r"No course\.toml in .*--course"):
        find_course(tmp_path)


def test_the_real_course_loads():
    course = find_course(ROOT / "graders")
    assignment = load_assignment(course, "two-layer-network")
    assert [q.id for q in assignment.questions] == ["q1", "q2", "q3"]
    assert sum(q.max_points for q in assignment.questions) == 100


def test_an_assignment_is_found_by_its_id_or_its_folder(make_course):
    course = make_course()
    assert load_assignment(course, "xor-lab") == load_assignment(course, "assignments/xor-lab/")


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(make_course):
    with pytest.raises(UsageError, match=r"'xor-lib'.*lists: xor-lab\. Did you mean xor-lab\?"):
        load_assignment(make_course(), "xor-lib")


def test_a_lab_s_parts_lie_where_its_id_says(make_course):
    course = make_course()
    assert module_name("xor-lab") == "xor_lab"
    assert course.grader_path("xor-lab") == course.root / "graders" / "xor_lab.py"
    assert course.reference_path("xor-lab") == course.root / "reference" / "xor_lab.py"
    assert course.expected_path("xor-lab") == course.root / "reference" / "expected" / "xor-lab.json"


def test_what_an_assignment_declares_is_read(make_course):
    assignment = load_assignment(make_course(), "xor-lab")
    first = assignment.question("q1")
    assert (first.points, first.max_points) == (3, 5)
    assert first.artefacts[0].all_names("en") == ["costs", "costos"]
    assert first.artefacts[0].all_names("es") == ["costos", "costs"]
    with pytest.raises(KeyError):
        assignment.question("q9")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # an unknown key, at every level
        ('id = "xor-lab"', 'id = "xor-lab"\npionts = 1', ["pionts"]),
        ('id = "q1"', 'id = "q1"\npionts = 1', ["pionts", "question"]),
        ('kind = "curve"', 'kind = "curve"\nshpae = 1', ["shpae", "artefact"]),
        ('name = "forward"', 'name = "forward"\nsecret = 1', ["secret", "probe"]),
        ("[question.written]", "[question.written]\npoint = 1", ["point", "written"]),
        # a wrong type, or a value that is none of those known
        ("points = 3", 'points = "3"', ["points", "float", "str"]),
        ('languages = ["es", "en"]', 'languages = "es"', ["languages", "array", "str"]),
        ('kind = "curve"', 'kind = "cruve"', ["kind", "cruve"]),
        # something missing
        ("points = 3", "", ["points", "missing"]),
        # said once in every language
        (
            'title = { es = "Uno", en = "One" }',
            'title = { es = "Uno" }',
            ["question q1: title", "'en'", "es and en"],
        ),
        ('title = { es = "XOR", en = "XOR" }', 'title = { es = "XOR", en = " " }', ["title", "'en'"]),
        ('text = { es = "Lo dice.", en = "Says so." }', 'text = { en = "x" }', ["rubric[0].text", "'es'"]),
        # said twice
        ('id = "q2"', 'id = "q1"', ["question id", "'q1'", "2 times", "unique"]),
        (
            'role = "costs"',
            'role = "costs"\nkind = "curve"\n[[question.artefact]]\nrole = "costs"',
            ["artefact role", "'costs'", "2 times"],
        ),
        (
            'name = "forward"',
            'name = "forward"\n[[question.probe]]\nname = "forward"',
            ["probe", "'forward'", "2 times"],
        ),
        # not the folder's
        ('id = "xor-lab"', 'id = "xor"', ["id is 'xor'", "expected", "'xor-lab'"]),
        # no TOML at all
        ('id = "xor-lab"', "id = ", ["TOML", "line"]),
        ('id = "xor-lab"', 'assignment = 3\nid = "xor-lab"', ["assignment"]),
    ],
)
def test_what_is_wrong_is_said_with_file_key_expected_and_found(make_course, old, new, said):
    sentence = error_of(make_course(old, new))
    assert str(Path("assignments") / "xor-lab" / "assignment.toml") in sentence
    for part in said:
        assert part in sentence
    assert sentence.endswith(".")


def test_a_missing_file_is_named(make_course):
    course = make_course()
    (course.folder("xor-lab") / "assignment.toml").unlink()
    assert "assignment.toml: this file is missing" in error_of(course)


def test_a_file_that_is_not_utf_8_is_named(make_course):
    course = make_course()
    (course.folder("xor-lab") / "assignment.toml").write_bytes("título = 1".encode("latin-1"))
    assert "assignment.toml: not UTF-8" in error_of(course)


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (
            '[course]\ntitle = { en = "C" }\nlanguages = ["en"]\nassignments = []\nlangauges = 1\n',
            "langauges",
        ),
        ('[course]\ntitle = { en = "C" }\nlanguages = ["en"]\nassignments = []\n[coruse]\nx = 1\n', "coruse"),
        ("course = 3\n", "course.toml"),
        ('[course]\ntitle = { en = "C" }\nassignments = []\n', "languages"),
    ],
)
def test_what_is_wrong_in_course_toml_is_said(make_course, course, said):
    with pytest.raises(CourseError, match=r"course\.toml") as caught:
        make_course(course=course)
    assert said in str(caught.value)
