"""Which runs a calibration makes: the ones that say what is expected, more for the bounds, and some kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from coteja.calibration.runs import BITS, Run, Tables

DTYPES = ("float64", "float32")
#: How many runs of each mistake say where its features lie, and how many the diagnosis is measured on.
MISTAKE_SEEDS, HELD_OUT = 40, 20
#: Correct runs that false alarms are counted in, for each run of a mistake that is kept apart: one percent is to be seen.
CORRECT_APART = 15
#: Seeds of runs that nothing is fitted on.
APART = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """All runs of a lab.

    Attributes
    ----------
    base
        By experiment, what is expected: the reference itself, in double precision (and in single, where the lab is fixed).
    more
        By experiment: other seeds, precisions, generators and implementations.
    mistakes
        By mistake.
    truth_apart, mistakes_apart
        The same for runs that nothing is fitted on.
    """

    base: dict[str, list[Run]]
    more: dict[str, list[Run]]
    mistakes: dict[str, list[Run]]
    truth_apart: dict[str, list[Run]]
    mistakes_apart: dict[str, list[Run]]

    def all(self) -> list[Run]:
        """Every run once."""
        tables = (self.base, self.more, self.mistakes, self.truth_apart, self.mistakes_apart)
        return list(dict.fromkeys(run for table in tables for runs in table.values() for run in runs))


def plan(tables: Tables, *, seeds: int | None = None, held_out: int = HELD_OUT) -> Plan:
    """The runs for a lab; with `seeds` runs of each experiment in all where its numbers are random."""
    names = list(tables.experiments)
    seeds = seeds or tables.runs
    if not tables.seeds:
        both = {n: [Run("experiment", n, dtype=dtype) for dtype in DTYPES] for n in names}
        others = {
            n: [Run("experiment", n, v, dtype) for v in _variants(tables, n) if v for dtype in DTYPES]
            for n in names
        }
        return Plan(both, others, {m: [Run("mistake", m)] for m in tables.mistakes}, {}, {})
    base = {n: [Run("experiment", n, seed=seed) for seed in range(tables.seeds)] for n in names}
    fitted = min(MISTAKE_SEEDS, seeds)
    return Plan(
        base=base,
        more={n: _varied(tables, n, range(tables.seeds, seeds)) for n in names},
        mistakes={m: [Run("mistake", m, seed=seed) for seed in range(fitted)] for m in tables.mistakes},
        truth_apart={n: _varied(tables, n, range(APART, APART + CORRECT_APART * held_out)) for n in names},
        mistakes_apart={
            m: [
                Run("mistake", m, bits=bits, seed=APART + i)
                for i, bits in zip(range(held_out), cycle(BITS), strict=False)
            ]
            for m in tables.mistakes
        },
    )


def _variants(tables: Tables, experiment: str) -> list[str]:
    """The implementations to vary: those that the author lists, or the reference alone. "reference" stands for itself."""
    listed = [name for name, table in tables.variants.items() if experiment in table]
    return listed or [""]


def _varied(tables: Tables, experiment: str, seeds: Sequence[int]) -> list[Run]:
    variants = _variants(tables, experiment)
    kinds = [(v, dtype, bits) for bits in BITS for dtype in DTYPES for v in variants]
    return [
        Run("experiment", experiment, variant, dtype, bits, seed)
        for seed, (variant, dtype, bits) in zip(seeds, islice(cycle(kinds), len(seeds)), strict=True)
    ]
