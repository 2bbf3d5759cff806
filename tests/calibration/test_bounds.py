"""Bounds from samples: no run that was seen is refused, and the stated rate is not exceeded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from coteja.calibration.bounds import LEAST_RUNS, lower_bound, upper_bound

samples = st.lists(st.floats(1e-3, 1e3), min_size=LEAST_RUNS, max_size=120)
rates = st.floats(1e-6, 0.05)


@settings(max_examples=12, deadline=None)
@given(samples, rates)
def test_no_run_of_the_sample_lies_outside(sample, rate):
    assert upper_bound(sample, rate) >= max(sample)
    assert lower_bound(sample, rate) <= min(sample)


@settings(max_examples=12, deadline=None)
@given(samples, rates, rates)
def test_the_rarer_the_refusal_the_wider_the_bound(sample, one, other):
    rare, often = sorted((one, other))
    assert upper_bound(sample, rare) >= upper_bound(sample, often)
    assert lower_bound(sample, rare) <= lower_bound(sample, often)


@settings(max_examples=12, deadline=None)
@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_the_runs_does_not_matter(sample, random):
    turned = random.sample(sample, len(sample))
    assert upper_bound(turned, 1e-3) == pytest.approx(upper_bound(sample, 1e-3), rel=1e-2)


@pytest.mark.parametrize("rate", [1e-3, 1e-6])
def test_of_two_hundred_normal_runs_the_bound_keeps_the_stated_rate(rate):
    bounds = [upper_bound(np.abs(np.random.default_rng(s).normal(size=200)), rate) for s in range(60)]
    kept = [2 * norm.sf(bound) <= rate for bound in bounds]
    assert np.mean(kept) >= 0.95
    assert np.median(bounds) < 2.2 * norm.isf(rate / 2)  # and it is of use


def test_a_tail_that_is_heavy_beyond_doubt_gets_a_bound_to_match():
    sample = np.random.default_rng(0).pareto(1.0, size=2000)
    assert (
        upper_bound(sample, 1e-4) > 2000
    )  # the true one is 10,000; an exponential tail would say some hundreds


def test_from_the_distance_to_the_ideal_follows_how_near_no_honest_run_comes():
    sample = np.abs(np.random.default_rng(1).normal(size=(400, 3))).max(axis=1)
    bound = lower_bound(sample, 1e-4)
    assert 0 < bound < 0.06  # P(all three below r) = (0.8 r)^3: the true bound is 0.058
    assert bound < sample.min()


@pytest.mark.parametrize(
    "sample", [[1.0] * (LEAST_RUNS - 1), [1.0] * 100 + [np.nan], [1.0] * 100 + [np.inf], []]
)
def test_from_few_runs_or_from_runs_that_are_not_finite_nothing_is_claimed(sample):
    assert upper_bound(sample, 1e-3) is None
    assert lower_bound(sample, 1e-3) is None


def test_runs_that_are_all_alike_bound_themselves():
    assert upper_bound([2.0] * 100, 1e-6) == 2.0
