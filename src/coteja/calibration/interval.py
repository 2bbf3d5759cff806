"""An error rate and its interval, from counts."""

from __future__ import annotations

import msgspec

from coteja.errors import MachineError


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """`errors` of `runs`, with the two-sided Clopper-Pearson interval of the rate, as fractions from 0 to 1."""

    errors: int
    runs: int
    rate: float
    low: float
    high: float
    confidence: float = 0.95


def rate_of(errors: int, runs: int, *, confidence: float = 0.95) -> Rate:
    """The share of errors and its exact interval; from no runs nothing is known: 0 to 1.

    References
    ----------
    Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial (1934).

    >>> rate_of(0, 300).high < 0.0123
    True
    """
    if not runs:
        return Rate(errors=0, runs=0, rate=0.0, low=0.0, high=1.0, confidence=confidence)
    try:
        from scipy.stats import binomtest
    except ModuleNotFoundError:
        raise missing_extra("SciPy") from None
    interval = binomtest(errors, runs).proportion_ci(confidence, method="exact")
    return Rate(
        errors=errors,
        runs=runs,
        rate=errors / runs,
        low=float(interval.low),
        high=float(interval.high),
        confidence=confidence,
    )


def missing_extra(what: str) -> MachineError:
    """The sentence for a machine that lacks what authors' commands need."""
    return MachineError(
        f'`coteja audit` needs {what}, which is not installed here. Install it: pip install "coteja[authors]".'
    )
