"""Late work by the policy: what it costs, for whom, and by whose clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.grading.late import Deadline, after, deadline_of, judge, penalty
from coteja.model.assignment import LatePolicy
from coteja.model.intake import HandedIn

GUATEMALA = ZoneInfo("America/Guatemala")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [UTC, GUATEMALA, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Europe/Madrid")]
POLICY = LatePolicy(grace="10m", penalty_per_day=10, cap=50)

zones = st.sampled_from(ZONES)
moments = st.dates(date(2020, 1, 1), date(2035, 1, 1)).flatmap(
    lambda day: st.times().map(lambda time: datetime.combine(day, time, tzinfo=UTC))
)
policies = st.builds(
    LatePolicy,
    grace=st.sampled_from(["0m", "10m", "2h", "1d"]),
    penalty_per_day=st.floats(0, 100),
    cap=st.floats(0, 100),
    until=st.sampled_from(["", "3d", "7d"]),
)
delays = st.timedeltas(timedelta(days=-5), timedelta(days=40))


def deadline(due: datetime, policy: LatePolicy, zone, extension: str = "") -> Deadline:
    found = deadline_of(due.isoformat(), policy, zone, extension)
    assert found is not None
    return found


@given(moments, policies, zones, delays, delays)
def test_later_never_costs_less(due, policy, zone, one, other):
    rule = deadline(due, policy, zone)
    sooner, later = sorted((one, other))
    first, second = penalty(rule, due + sooner), penalty(rule, due + later)
    assert first.percent <= second.percent
    assert first.days <= second.days


@given(moments, policies, zones, delays)
def test_the_cap_holds_and_on_time_is_free(due, policy, zone, delay):
    cost = penalty(deadline(due, policy, zone), due + delay)
    assert 0 <= cost.percent <= (100 if cost.standing == "too_late" else policy.cap)
    assert (cost.standing in ("on_time", "grace")) <= (cost.percent == 0)
    assert (delay <= timedelta()) == (cost.standing == "on_time")


@given(moments, policies, zones, delays, st.integers(0, 30))
def test_an_extension_never_costs_anything_and_moves_the_due_moment(due, policy, zone, delay, days):
    plain, moved = deadline(due, policy, zone), deadline(due, policy, zone, f"{days}d")
    assert penalty(moved, due + delay).percent <= penalty(plain, due + delay).percent
    assert moved.due.date() - plain.due.date() == timedelta(days=days)
    assert moved.extended == (days > 0)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), zones, st.integers(1, 60))
def test_a_day_ends_when_the_course_s_clocks_show_the_due_hour_again(day, zone, days):
    due = datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone)
    rule = deadline_of(due.isoformat(), LatePolicy(penalty_per_day=1), zone)
    assert rule is not None
    end = (due + timedelta(days=days)).astimezone(UTC)  # on the wall, whatever the clocks did in between
    assert penalty(rule, end).days == days
    assert penalty(rule, end + timedelta(seconds=1)).days == days + 1


@pytest.mark.parametrize(
    ("due", "handed_in", "days"),
    [
        # the night of 7 March 2026 has 23 hours in New York, that of 31 October 25
        ("2026-03-07T12:00", "2026-03-08T12:00", 1),
        ("2026-03-07T12:00", "2026-03-08T12:01", 2),
        ("2026-10-31T12:00", "2026-11-01T12:00", 1),
        ("2026-10-31T12:00", "2026-11-01T12:01", 2),
    ],
)
def test_the_change_of_clocks_gives_and_takes_no_day(due, handed_in, days):
    rule = deadline_of(due, LatePolicy(penalty_per_day=10), NEW_YORK)
    assert rule is not None
    assert penalty(rule, datetime.fromisoformat(handed_in).replace(tzinfo=NEW_YORK)).days == days


@pytest.mark.parametrize(
    ("handed_in", "standing", "percent"),
    [
        ("2026-03-20T23:59:00-06:00", "on_time", 0),
        ("2026-03-21T00:09:00-06:00", "grace", 0),
        ("2026-03-21T00:09:01-06:00", "late", 10),
        ("2026-03-21T06:00:00+00:00", "grace", 0),
        ("2026-03-22T12:00:00-06:00", "late", 20),
        ("2026-03-30T12:00:00-06:00", "late", 50),
    ],
)
def test_the_due_moment_is_read_in_the_course_s_zone(handed_in, standing, percent):
    late = judge(
        deadline_of("2026-03-20T23:59", POLICY, GUATEMALA), HandedIn(at=handed_in, clock="file"), 80.0
    )
    assert (late.standing, late.percent) == (standing, percent)
    assert late.points == pytest.approx(80 * (1 - percent / 100))
    assert late.due == "2026-03-20T23:59:00-06:00"


def test_after_the_last_moment_nothing_counts_and_an_extension_moves_that_as_well():
    policy = LatePolicy(penalty_per_day=10, until="2026-03-22T23:59")
    when = HandedIn(at="2026-03-24T12:00:00-06:00", clock="given")
    late = judge(deadline_of("2026-03-20T23:59", policy, GUATEMALA), when, 80.0)
    assert (late.standing, late.percent, late.points) == ("too_late", 100, 0)
    moved = judge(deadline_of("2026-03-20T23:59", policy, GUATEMALA, "2026-03-25"), when, 80.0)
    assert (moved.standing, moved.percent, moved.extended) == ("on_time", 0, True)


def test_an_extension_that_lies_before_the_due_moment_takes_nothing_away():
    moved = deadline_of("2026-03-20T23:59", POLICY, GUATEMALA, "2026-03-01")
    assert moved == deadline_of("2026-03-20T23:59", POLICY, GUATEMALA)


@pytest.mark.parametrize(
    ("handed", "standing"),
    [
        (HandedIn(), "unknown"),
        (HandedIn(clock="export", no_later_than="2026-03-25T16:00:00+00:00"), "unknown"),
        (HandedIn(clock="export", no_later_than="2026-03-20T16:00:00+00:00"), "on_time"),
        (HandedIn(clock="export", no_later_than="2026-03-20T16:00:00+00:00", flagged_late=True), "unknown"),
    ],
)
def test_a_moment_that_is_not_known_costs_nothing(handed, standing):
    late = judge(deadline_of("2026-03-20T23:59", POLICY, GUATEMALA), handed, 80.0)
    assert (late.standing, late.percent, late.points) == (standing, 0, 80)


def test_work_that_is_not_scored_yet_has_no_points_after_the_penalty_either():
    late = judge(
        deadline_of("2026-03-20T23:59", POLICY, GUATEMALA), HandedIn(at="2026-03-22T12:00:00-06:00"), None
    )
    assert (late.percent, late.points) == (20, None)


@given(st.floats(0, 1000), st.floats(0, 100))
def test_points_after_a_penalty_lie_between_nothing_and_those_before(points, percent):
    assert 0 <= after(points, percent) <= points + 0.005
