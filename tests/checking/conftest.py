"""One role's work, and figures described as the sandbox describes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coteja.checking import Expected, Work
from coteja.model.figure import Figure, as_figure


@pytest.fixture
def work_with() -> Callable[[Any], Work]:
    """A student's work with one value, under the role `x` and the name `equis`."""
    return lambda value: Work(artefacts={"x": value}, names={"x": "equis"})


@pytest.fixture
def nothing() -> Work:
    """The work of a student who left nothing."""
    return Work(artefacts={}, names={})


@pytest.fixture
def no_truth() -> Expected:
    """Nothing is expected."""
    return Expected({}, {})


@pytest.fixture
def draw() -> Callable[..., Figure]:
    """A figure of axes, each given as (label, y) pairs; what is not said is as a good student has it."""

    def figure(
        *panels: list[tuple[str, Any]], legend: Any = "labels", x: str = "i", y: str = "J", title: str = ""
    ):
        axes = []
        for panel in panels:
            lines = [{"x": np.arange(len(ys)), "y": np.asarray(ys), "label": label} for label, ys in panel]
            shown = [line["label"] for line in lines] if legend == "labels" else legend
            scales = {"xscale": "linear", "yscale": "linear", "scatter": []}
            axes.append({"title": title, "xlabel": x, "ylabel": y, "lines": lines, "legend": shown, **scales})
        return as_figure(axes)

    return figure
