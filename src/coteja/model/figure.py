"""What a student's figure shows, read from its descriptor: axes, labels, legend, curves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coteja.model.codec import WireError
from coteja.model.values import Value


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: x and y of shape (n,), float64; `label` as the legend would show it."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    label: str


@dataclass(frozen=True, slots=True)
class Axes:
    """One pair of axes of a figure. `scatter` holds the points of each collection, shape (n, 2)."""

    title: str
    x_label: str
    y_label: str
    x_scale: str
    y_scale: str
    lines: tuple[Line, ...]
    legend: tuple[str, ...] | None = None
    scatter: tuple[NDArray[np.float64], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Figure:
    """A Matplotlib figure as data."""

    axes: tuple[Axes, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every curve of every pair of axes."""
        return tuple(line for axes in self.axes for line in axes.lines)


def as_figure(value: Value) -> Figure:
    """Read the value that the sandbox sent for a figure.

    Raises
    ------
    WireError
        The value does not describe a figure.
    """
    if not isinstance(value, list):
        raise WireError("not a figure")
    try:
        return Figure(tuple(_axes(item) for item in value))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise WireError(f"not a figure: {type(fault).__name__}") from None


def _axes(item: dict[str, Any]) -> Axes:
    legend = item["legend"]
    return Axes(
        title=str(item["title"]),
        x_label=str(item["xlabel"]),
        y_label=str(item["ylabel"]),
        x_scale=str(item["xscale"]),
        y_scale=str(item["yscale"]),
        lines=tuple(_line(line) for line in item["lines"]),
        legend=None if legend is None else tuple(str(text) for text in legend),
        scatter=tuple(_numbers(points).reshape(-1, 2) for points in item["scatter"]),
    )


def _line(item: dict[str, Any]) -> Line:
    return Line(
        x=_numbers(item["x"]).reshape(-1), y=_numbers(item["y"]).reshape(-1), label=str(item["label"])
    )


def _numbers(value: Value) -> NDArray[np.float64]:
    array = np.asarray(value)
    if array.dtype.kind == "c":
        raise TypeError("complex numbers cannot be drawn")
    return array.astype(np.float64)
