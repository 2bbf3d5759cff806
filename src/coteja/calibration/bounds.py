"""Bounds from samples: how far an honest run may lie, and how near, at a rate that the samples alone do not reach.

Peaks over threshold: what exceeds a high quantile of the sample follows a generalised Pareto distribution, whose quantile
at the wanted rate is the bound. The tail is taken as exponential unless a likelihood ratio test finds it heavier (a shape
above zero): the shape of a small sample is uncertain, and five decades further on all depends on it. A shape below zero would
claim that nothing lies beyond some point, which a sample cannot prove. Where the truth is a normal distribution, an exponential
tail errs to the side of the honest student.

References
----------
Balkema, de Haan: Residual life time at great age, Ann. Probab. 2 (1974); Pickands: Statistical inference using extreme
order statistics, Ann. Statist. 3 (1975). Epstein, Sobel: Life testing, J. Amer. Statist. Assoc. 48 (1953): the limit of the
mean. Coles: An Introduction to Statistical Modeling of Extreme Values (2001), 2.6.6, 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coteja.errors import MachineError

#: The share of the sample that the tail is fitted on, and the least number of runs for which that says something.
TAIL = 0.1
LEAST_RUNS = 50
DIGITS = 3
#: A tail is heavier than exponential where chance alone would make it look so in one sample of a hundred.
SIGNIFICANT = 0.01
#: One-sided confidence of the exponential tail's mean.
SURE = 0.95


def upper_bound(sample: Sequence[float], rate: float) -> float | None:
    """What a new value exceeds with probability `rate`; None where the sample is too small or not finite.

    Never less than the largest value of the sample: no run that was seen is refused.
    """
    found = _quantile(np.asarray(sample, dtype=float), rate)
    return None if found is None else _to_digits(found, up=True)


def lower_bound(sample: Sequence[float], rate: float) -> float | None:
    """What a new positive value falls short of with probability `rate`: the same fit, on the logarithm of its inverse.

    Never more than the smallest value of the sample.
    """
    values = np.asarray(sample, dtype=float)
    if not (values > 0).all():
        return None
    found = _quantile(-np.log(values), rate)
    return None if found is None else _to_digits(float(np.exp(-found)), up=False)


def _quantile(sample: np.ndarray, rate: float) -> float | None:
    values = np.sort(sample)
    if values.size < LEAST_RUNS or not np.isfinite(values).all():
        return None
    threshold, largest = float(np.quantile(values, 1 - TAIL)), float(values[-1])
    excess = values[values > threshold] - threshold
    reached = excess.size / values.size
    if excess.size < TAIL * values.size / 2 or rate >= reached:  # ties: a count has no tail to fit
        return largest
    return max(largest, threshold + _beyond(excess, rate / reached))


def _beyond(excess: np.ndarray, rate: float) -> float:
    try:
        from scipy.stats import chi2, expon, genpareto
    except ModuleNotFoundError:
        raise MachineError(
            '`coteja calibrate` needs SciPy for this lab, which is not installed here. Install it: pip install "coteja[authors]".'
        ) from None
    mean = float(excess.mean())
    shape, _location, scale = genpareto.fit(excess, floc=0)
    if shape > 0 and np.isfinite(scale):
        gain = genpareto.logpdf(excess, shape, scale=scale).sum() - expon.logpdf(excess, scale=mean).sum()
        if chi2.sf(2 * gain, 1) < SIGNIFICANT:
            return float(genpareto.isf(rate, shape, scale=scale))
    # The mean of few values is uncertain too: the largest one that they do not contradict.
    count = 2 * excess.size
    return float(expon.isf(rate, scale=mean * count / chi2.ppf(1 - SURE, count)))


def _to_digits(value: float, *, up: bool) -> float:
    """A positive number to three digits, never to the side that refuses a run."""
    rounded = float(f"{value:.{DIGITS}g}")
    if (rounded >= value) if up else (rounded <= value):
        return rounded
    step = 0.5 * 10.0 ** (1 - DIGITS)
    return float(f"{value * (1 + step if up else 1 - step):.{DIGITS}g}")
