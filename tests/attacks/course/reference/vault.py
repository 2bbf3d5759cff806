"""The vault, the truth."""

import numpy as np


def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


def count(dtype=np.float64):
    return {"answer": dtype(77)}


def draw_weigh(rng):
    return [[("weigh", (rng.normal(size=n),))] for n in (3, 9)]


def another_first(rng):
    return {"first": int(rng.integers(100, 1000))}


def count_again(parameters):
    return {"answer": 11.0 * parameters["first"]}


EXPERIMENTS = {"count": count}
PROBES = {"weigh": draw_weigh}
COUNTERFACTUALS = {"another_first": (another_first, count_again)}
