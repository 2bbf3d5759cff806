"""Rates and their exact intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.calibration.interval import rate_of


def test_no_errors_in_a_thousand_runs_still_leave_a_third_of_a_percent_possible() -> None:
    rate = rate_of(0, 1000)
    assert rate.low == 0.0
    assert rate.high == pytest.approx(1 - 0.025 ** (1 / 1000))


def test_without_runs_nothing_is_known() -> None:
    rate = rate_of(0, 0)
    assert (rate.low, rate.high) == (0.0, 1.0)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_rate_and_narrows_with_more_runs(runs: int, data: st.DataObject) -> None:
    errors = data.draw(st.integers(0, runs))
    one, ten = rate_of(errors, runs), rate_of(10 * errors, 10 * runs)
    assert 0 <= one.low <= one.rate <= one.high <= 1
    assert ten.high - ten.low < one.high - one.low
