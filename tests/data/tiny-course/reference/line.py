"""Fit a line, the truth: a = sum((x - mean x)(y - mean y)) / sum((x - mean x)^2), b = mean y - a mean x."""

import numpy as np


def fit_line(x, y):
    a = np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)
    return a, y.mean() - a * x.mean()


def data(dtype=np.float64):
    return np.array([0.0, 1.0, 2.0, 3.0, 4.0], dtype), np.array([1.0, 2.9, 5.1, 7.2, 8.8], dtype)


def measured_line(dtype=np.float64):
    x, y = data(dtype)
    a, b = fit_line(x, y)
    return {"slope": a, "squared_errors": (y - a * x - b) ** 2}


def draw_fit_line(rng):
    return [[("fit_line", (rng.normal(size=n), rng.normal(size=n)))] for n in (3, 5, 8)]


EXPERIMENTS = {"line": measured_line}
PROBES = {"fit_line": draw_fit_line}
