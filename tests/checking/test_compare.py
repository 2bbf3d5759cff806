"""Numbers, arrays and curves agree within a tolerance, infinities and NaN included, and say how far apart they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from coteja.checking import (
    _,
    alignment,
    alike,
    as_number,
    compare,
    curve_picture,
    is_constant,
    is_decreasing,
    largest_difference,
    near,
    same_start,
)
from coteja.checking.compare import MAX_POINTS
from coteja.model.message import message

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize("value", [3, 3.0, [3], [[3.0]], np.array(3), np.float32(3), np.array([[[3]]])])
def test_one_number_is_one_number_in_whatever_shape(value):
    assert as_number(value) == 3.0


@pytest.mark.parametrize("value", [[], [1, 2], np.zeros((2, 1))])
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(ValueError, match="one number expected"):
        as_number(value)


@pytest.mark.parametrize(
    ("found", "expected", "tolerance", "agrees", "distance"),
    [
        (1.0, 1.0, 0.0, True, 0.0),
        (1.25, 1.0, 0.25, True, 0.25),
        (1.25, 1.0, 0.249, False, 0.25),
        # large numbers get no larger tolerance
        (1e9 + 1, 1e9, 1e-3, False, 1.0),
        # axes of length one do not matter, all other shapes do
        ([2, -3], [[2], [-3]], 0.0, True, 0.0),
        ([[1, 2]], [1, 2], 0.0, True, 0.0),
        ([1, 2], [1, 2, 3], 9.0, False, INF),
        ([[1, 2], [3, 4]], [1, 2, 3, 4], 9.0, False, INF),
        ([1, 1], 1, 9.0, False, INF),
        # what is not finite agrees with itself alone, whatever the tolerance
        (INF, INF, 0.0, True, 0.0),
        (INF, -INF, 1e300, False, INF),
        (INF, 1e308, 1e300, False, INF),
        (NAN, NAN, 0.0, True, 0.0),
        (NAN, 0.0, 1e300, False, INF),
        (NAN, INF, 1e300, False, INF),
        ([1, NAN, INF], [1.5, NAN, INF], 0.5, True, 0.5),
        ([], [], 0.0, True, 0.0),
    ],
)
def test_values_agree_within_the_tolerance_and_only_then(found, expected, tolerance, agrees, distance):
    assert near(found, expected, tolerance) is agrees
    assert near(expected, found, tolerance) is agrees
    assert largest_difference(found, expected) == largest_difference(expected, found) == distance


arrays = npst.arrays(float, npst.array_shapes(max_dims=2, max_side=3), elements=st.floats())


@given(a=arrays, b=arrays, tolerance=st.floats(0, 1e3))
def test_near_is_what_the_largest_difference_says(a, b, tolerance):
    distance = largest_difference(a, b)
    if not math.isclose(distance, tolerance, rel_tol=1e-9, abs_tol=1e-300):
        assert near(a, b, tolerance) == (distance <= tolerance)
    assert near(a, a, 0.0)


def test_alike_lets_large_values_lie_farther_apart_but_keeps_the_shape():
    assert alike([1e6 + 1, 0.0], [1e6, 0.0], 1e-5)
    assert not alike([1e6 + 11, 0.0], [1e6, 0.0], 1e-5)
    assert not alike([1.0], [[1.0]], 1.0)
    assert not alike([NAN], [0.0], 1.0)


TRUTH = np.exp(-np.linspace(0, 5, 1001))


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        (TRUTH, "whole"),
        (TRUTH[:-1], "whole"),
        (np.append(TRUTH, 0.0), "whole"),
        (TRUTH[1:], "late"),
        (np.append(TRUTH[1:], TRUTH[-1] - 1e-4), "late"),
        (TRUTH[::100], "thinned"),
        (TRUTH[::100][:-1], "thinned"),
        (TRUTH[::50], ""),
        (TRUTH[2:], ""),
        (TRUTH + 1e-3, ""),
        (TRUTH[:500], ""),
        (np.full(1001, NAN), ""),
    ],
)
def test_a_curve_is_whole_late_thinned_or_another(found, fits):
    assert alignment(found, TRUTH, 1e-9) == fits


def test_one_number_each_is_shown_as_numbers():
    line = compare(_("w"), [[0.5]], 0.25, 0.1)
    assert (line.found, line.expected, line.tolerance, line.ok) == (0.5, 0.25, 0.1, False)


def test_a_few_numbers_are_shown_and_many_by_their_largest_difference():
    few = compare(_("w"), [1, 2.000001], [[1], [2]], 1e-3)
    assert (few.found, few.expected, few.ok) == ("(1, 2)", "(1, 2)", True)
    many = compare(_("w"), np.zeros(9), np.full(9, 0.5), 1e-3)
    assert many.found == message("differs by {distance}", distance=0.5)
    assert not many.ok


def test_what_is_not_finite_is_shown_as_text():
    assert compare(_("w"), INF, NAN, 1.0).found == "∞"
    assert compare(_("w"), np.zeros(9), np.zeros(8), 1.0).found == message(
        "differs by {distance}", distance=INF
    )


def test_a_constant_curve_never_leaves_its_first_value():
    assert is_constant([0.7, 0.7, 0.7 + 1e-12])
    assert not is_constant([0.7, 0.7, 0.6])
    assert not is_constant([0.7, NAN])


def test_a_decreasing_curve_ends_lower_and_never_rises():
    assert is_decreasing([3, 2, 2, 1])
    assert not is_decreasing([3, 1, 2])
    assert not is_decreasing([1, 1])
    assert not is_decreasing([3, NAN, 1])


def test_curves_have_one_start_when_their_first_values_agree():
    assert same_start({0.5: [1.0, 0.5], 0.1: [1.0 + 1e-9, 0.9]})
    assert not same_start({0.5: [1.0, 0.5], 0.1: [1.1, 0.5]})
    assert not same_start({0.5: [1.0], 0.1: [NAN]})
    assert not same_start({0.5: [NAN], 0.1: [1.0]})


def test_a_picture_is_thinned_keeps_both_ends_and_shows_gaps():
    curve = np.linspace(1, 0, 10_001)
    curve[5000:] = INF
    picture = curve_picture(
        title=_("t"), found={"mine": curve}, expected={_("reference"): [1.0, NAN]}, log_y=True
    )
    reference, mine = picture.series
    assert (reference.kind, reference.y) == ("expected", [1.0, None])
    assert (mine.kind, len(mine.x)) == ("found", MAX_POINTS)
    assert (mine.x[0], mine.x[-1], mine.y[0], mine.y[-1]) == (0.0, 10_000.0, 1.0, None)
    assert picture.y_scale == "log"
    assert picture.description == _("t")


@given(curve=npst.arrays(float, st.integers(0, 700), elements=st.floats()))
def test_a_picture_of_any_curve_shows_its_own_values(curve):
    (series,) = curve_picture(title=_("t"), found={"mine": curve}, expected={}).series
    assert len(series.x) == min(len(curve), MAX_POINTS)
    for x, y in zip(series.x, series.y, strict=True):
        assert y == curve[int(x)] if y is not None else not np.isfinite(curve[int(x)])
