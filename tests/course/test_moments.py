"""Moments and durations are read as people write them; what depends on the reader's machine is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coteja.course.load import find_course, load_assignment
from coteja.course.moments import parse_duration, parse_moment, zone_of
from coteja.errors import CourseError

COURSE = """
[course]
title = { es = "Curso", en = "Course" }
languages = ["es", "en"]
assignments = ["xor-lab"]
"""
ZONED = COURSE + 'time_zone = "America/Guatemala"\n'


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-20T23:59", "2026-03-20T23:59:00-06:00"),
        ("2026-03-20 23:59:30", "2026-03-20T23:59:30-06:00"),
        ("2026-03-20T23:59Z", "2026-03-20T23:59:00+00:00"),
        ("2026-03-20 23:59 UTC", "2026-03-20T23:59:00+00:00"),
        ("2026-03-20", "2026-03-20T23:59:59-06:00"),
        ("20/03/2026 23:15", "2026-03-20T23:15:00-06:00"),
        ("viernes, 20 de marzo de 2026, 23:15", "2026-03-20T23:15:00-06:00"),
        ("Friday, 20 March 2026, 11:15 PM", "2026-03-20T23:15:00-06:00"),
        ("Friday, 20 March 2026, 12:05 AM", "2026-03-20T00:05:00-06:00"),
        ("viernes, 20 de marzo de 2026, 11:15 p. m.", "2026-03-20T23:15:00-06:00"),
    ],
)
def test_a_moment_is_read_in_the_zone_given(text, moment):
    found = parse_moment(text, zone_of("America/Guatemala"))
    assert found == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "20 de brumario de 2026, 10:00", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_moment_is_none(text):
    assert parse_moment(text, UTC) is None


def test_a_moment_without_a_zone_is_none_where_no_zone_is_known():
    assert parse_moment("2026-03-20T23:59", None) is None


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("10m", timedelta(minutes=10)),
        ("1d 12h", timedelta(hours=36)),
        ("0m", timedelta()),
        ("10", None),
        ("m", None),
    ],
)
def test_durations(text, length):
    assert parse_duration(text) == length


def test_dates_of_toml_and_dates_as_text_are_the_same(make_course):
    head = 'id = "xor-lab"'
    texts = [
        load_assignment(make_course(head, f"due = {due}\n{head}", course=ZONED), "xor-lab").due
        for due in ("2026-03-20T23:59:00", '"2026-03-20T23:59:00"')
    ]
    assert texts[0] == texts[1] == "2026-03-20T23:59:00"


@pytest.mark.parametrize(
    ("lines", "course", "said"),
    [
        (
            "due = 2026-03-20T23:59:00",
            COURSE,
            "due is 2026-03-20T23:59:00, but in which time zone? Write time_zone",
        ),
        ('due = "tomorrow"', ZONED, "due is 'tomorrow'; expected a moment like 2026-03-20T23:59."),
        ('late = { grace = "soon" }', ZONED, "late.grace is 'soon'; expected a duration"),
        ("late = { cap = 150 }", ZONED, "late.cap is 150; expected a percentage from 0 to 100"),
        ("late = { penalty_per_day = -1 }", ZONED, "late.penalty_per_day is -1; expected a percentage"),
        ('late = { until = "x" }', ZONED, "late.until is 'x'; expected a moment"),
        ("late = { gracia = 1 }", ZONED, "unknown field `gracia`"),
        ('extensions = { ana = "x" }', ZONED, "extensions.ana is 'x'; expected a moment"),
        ('attempts = "last"', ZONED, "Known: latest, best, first."),
        ('deadline = "2026-03-20"', ZONED, "unknown field `deadline`"),
    ],
)
def test_what_is_wrong_in_the_dates_gets_a_sentence(make_course, lines, course, said):
    made = make_course('id = "xor-lab"', f'{lines}\nid = "xor-lab"', course=course)
    with pytest.raises(CourseError) as caught:
        load_assignment(made, "xor-lab")
    assert said in str(caught.value)


def test_a_time_zone_that_does_not_exist_gets_a_sentence(tmp_path):
    (tmp_path / "course.toml").write_text(COURSE + 'time_zone = "America/Xela"\n', encoding="utf-8")
    with pytest.raises(CourseError, match="time_zone 'America/Xela' is no time zone"):
        find_course(tmp_path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/localtime", "x\0y", ""])
def test_a_zone_s_name_is_no_path(name):
    assert zone_of(name) is None
