"""A figure is read from the value that the sandbox sent, or refused with WireError."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coteja.model.codec import WireError
from coteja.model.figure import as_figure
from coteja.model.values import NoValue


def axes(**changes: Any) -> dict[str, Any]:
    """One pair of axes as the sandbox describes them."""
    shown = {
        "title": "t",
        "xlabel": "x",
        "ylabel": "y",
        "xscale": "linear",
        "yscale": "log",
        "lines": [{"x": np.arange(3), "y": [1, 2.5, float("nan")], "label": "0.5"}],
        "legend": ["0.5"],
        "scatter": [],
    }
    return {**shown, **changes}


def test_axes_lines_and_legend_are_read():
    figure = as_figure([axes(), axes(title="second", legend=None, scatter=[[[1, 2], [3, 4]]])])
    first, second = figure.axes
    assert (first.title, first.x_label, first.y_label) == ("t", "x", "y")
    assert (first.x_scale, first.y_scale, first.legend) == ("linear", "log", ("0.5",))
    assert (second.title, second.legend) == ("second", None)
    np.testing.assert_array_equal(second.scatter[0], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(first.lines[0].y, [1, 2.5, np.nan])
    assert first.lines[0].y.dtype == np.float64
    assert [line.label for line in figure.lines] == ["0.5", "0.5"]


def test_a_column_of_data_is_a_curve_like_any_other():
    line = as_figure([axes(lines=[{"x": [[0], [1]], "y": np.zeros((2, 1)), "label": ""}])]).lines[0]
    assert (line.x.shape, line.y.shape) == ((2,), (2,))


def test_a_figure_without_axes_has_no_lines():
    assert as_figure([]).lines == ()


NOT_FIGURES: dict[str, Any] = {
    "nothing": None,
    "mapping": {},
    "text": "figure",
    "no value": NoValue("missing"),
    "axes that are nothing": [None],
    "axes without keys": [{}],
    "no lines": [axes(lines=None)],
    "words as data": [axes(lines=[{"x": ["a"], "y": [1], "label": ""}])],
    "ragged data": [axes(lines=[{"x": [1], "y": [[1], [1, 2]], "label": ""}])],
    "too large for a float": [axes(lines=[{"x": [10**400], "y": [1], "label": ""}])],
    "too long for text": [axes(title=10**5000)],
    "complex data": [axes(lines=[{"x": np.array([1j]), "y": [1], "label": ""}])],
    "a line without label": [axes(lines=[{"x": [1], "y": [1]}])],
    "a legend that is a number": [axes(legend=3)],
    "odd points": [axes(scatter=[[1, 2, 3]])],
}


@pytest.mark.parametrize("name", NOT_FIGURES)
def test_what_does_not_describe_a_figure_is_refused(name):
    with pytest.raises(WireError, match="not a figure"):
        as_figure(NOT_FIGURES[name])


anything = st.recursive(
    st.none()
    | st.floats()
    | st.integers()
    | st.text(max_size=3)
    | st.just(NoValue("cut"))
    | st.just(10**400)
    | st.just(1j)
    | st.just(np.array([1j])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "label", "title"]), inner)
    ),
    max_leaves=6,
)


@given(key=st.sampled_from(sorted(axes())), value=anything)
@settings(max_examples=200)
def test_axes_with_anything_in_one_place_are_read_or_refused(key, value):
    with contextlib.suppress(WireError):
        as_figure([axes(**{key: value})])
