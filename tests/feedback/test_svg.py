"""Drawings: right for real curves, robust for whatever a student's numbers are, never markup from a label."""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.feedback import svg
from coteja.i18n import translator
from coteja.model.message import message as _
from coteja.model.result import Picture, Series

from .conftest import HOSTILE

EN, ES = translator("en"), translator("es")
NAMES = {"title": _("Cost"), "x_label": _("iteration"), "y_label": _("cost"), "description": _("Falls.")}


def picture(*curves: Any, scale: Any = "linear") -> Picture:
    """A picture of `(kind, label, y)` or `(kind, label, x, y)`."""
    series = tuple(
        Series(
            kind=kind,
            label=label,
            x=[float(i) for i in range(len(rest[-1]))] if len(rest) == 1 else rest[0],
            y=rest[-1],
        )
        for kind, label, *rest in curves
    )
    return Picture(series=series, y_scale=scale, **NAMES)


def parsed(shown: Picture, **options: Any) -> ET.Element:
    """The drawing as XML; every coordinate in it is a finite number inside the drawing."""
    text = svg.draw(shown, EN, name="p", **options)
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"<(text|title|desc).*?</\1>", "", text))
    tree = ET.fromstring(text)
    _left, _top, width, height = (float(v) for v in tree.attrib["viewBox"].split())
    for element in tree.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert -1 <= float(element.get(name, "0")) <= width + 1
        for name in ("y", "y1", "y2", "cy"):
            assert -1 <= float(element.get(name, "0")) <= height + 1
    return tree


def paths(tree: ET.Element, kind: str) -> list[str]:
    """The paths of a kind that are not in the legend."""
    return [
        p.attrib["d"] for p in tree.iter("path") if kind in p.attrib["class"].split() and "L" in p.attrib["d"]
    ]


def texts(tree: ET.Element) -> list[str]:
    """All the text that is drawn."""
    return [t.text or "" for t in tree.iter("text")]


def test_the_students_curve_lies_over_the_expected_one() -> None:
    tree = parsed(picture(("found", "costs", [3.0, 2.0, 1.0]), ("expected", "reference", [3.0, 1.0, 0.5])))
    drawn = [p.attrib["class"] for p in tree.iter("path") if "L" in p.attrib["d"]]
    assert drawn == ["expected neutral", "found s1"]


def test_a_drawing_has_a_title_and_a_description_for_those_who_cannot_see_it() -> None:
    tree = parsed(picture(("found", "costs", [3.0, 2.0])))
    assert tree.attrib["role"] == "img"
    assert tree.attrib["aria-labelledby"] == "p-title p-desc"
    assert [(e.tag, e.text, e.attrib["id"]) for e in list(tree)[:2]] == [
        ("title", "Cost", "p-title"),
        ("desc", "Falls.", "p-desc"),
    ]


def test_an_expected_curve_has_the_colour_of_the_one_it_stands_for() -> None:
    curves = [(kind, rate, [1.0, rate]) for rate in (0.5, 0.1) for kind in ("found", "expected")]
    tree = parsed(picture(*curves))
    drawn = [p.attrib["class"] for p in tree.iter("path") if "L" in p.attrib["d"]]
    assert drawn == ["expected s1", "expected s2", "found s1", "found s2"]


def test_curves_are_told_apart_without_colour() -> None:
    tree = parsed(picture(*(("found", f"c{i}", [1.0, 2.0, i]) for i in range(4))))
    marks = {
        p.attrib["class"]: p.attrib["d"].split("a")[0][-6:]
        for p in tree.iter("path")
        if p.attrib["class"].startswith("mark")
    }
    assert set(marks) == {"mark s2", "mark s3", "mark s4"}


def test_a_gap_is_a_gap() -> None:
    tree = parsed(picture(("found", "c", [1.0, 2.0, None, 2.0, 1.0, None, 3.0])))
    assert len(paths(tree, "found")) == 2
    assert len(list(tree.iter("circle"))) == 1  # the lone point at the end


@pytest.mark.parametrize(
    "curve",
    [[], [None], [None, None], [1.0], [0.0], [0.693147] * 50, [0.0] * 5, [-1.0, -1.0], [1e151, -1e151],
     [1.7e308, -1.7e308],
     [5e-324, 1e-320], [1e-300], [math.nan, 1.0, math.inf], [1.0, 1.0 + 1e-15], [2e9, 2e9 + 1]],
)  # fmt: skip
@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("size", [svg.WIDE, svg.NARROW])
def test_any_numbers_can_be_drawn(curve: list[float | None], scale: str, size: svg.Size) -> None:
    parsed(picture(("found", "c", curve), ("expected", "r", [1.0, 0.5]), scale=scale), size=size)
    parsed(picture(("found", "c", curve), scale=scale), size=size)


@given(
    y=st.lists(st.none() | st.floats(), max_size=8),
    x=st.lists(st.floats(), max_size=8),
    scale=st.sampled_from(["linear", "log"]),
)
def test_no_numbers_at_all_can_break_a_drawing(y: list[float | None], x: list[float], scale: str) -> None:
    parsed(picture(("found", "c", x, y), scale=scale))


def test_no_curve_at_all_is_said_in_words() -> None:
    assert "There are no finite values to draw." in texts(parsed(picture()))
    assert "No hay valores finitos que dibujar." in svg.draw(picture(), ES, name="p")


def test_a_curve_that_blows_up_is_drawn_on_a_logarithmic_scale_by_itself() -> None:
    tree = parsed(picture(("found", "c", [0.7, 5e8, 2e40, 2.4e151]), ("expected", "r", [0.7, 0.6])))
    assert "cost (logarithmic scale)" in texts(tree)
    assert any(text.startswith("10") and "¹" in text for text in texts(tree))


def test_ticks_are_round_numbers_that_differ() -> None:
    assert svg.linear_axis([0.0, 1000.0], 5).ticks == (0, 200, 400, 600, 800, 1000)
    assert svg.linear_axis([0.355, 1.0526], 5).ticks == pytest.approx((0.2, 0.4, 0.6, 0.8, 1.0, 1.2))
    assert svg.log_axis([0.003, 40.0], 5).ticks == pytest.approx((0.001, 0.01, 0.1, 1, 10, 100))
    assert svg.log_axis([1.2, 7.0], 5).ticks == pytest.approx((1, 2, 5, 10))
    close = svg.linear_axis([0.69314718, 0.69314722], 4)
    assert len(set(svg.tick_labels(close, EN.number))) == len(close.ticks)


def test_labels_are_text_and_are_cut_when_long() -> None:
    shown = picture(("found", HOSTILE, [1.0, 2.0]), ("found", "<b>&amp;</b>", [2.0, 1.0]))
    tree = parsed(shown)
    assert {e.tag for e in tree.iter()} <= {"svg", "title", "desc", "text", "path", "line", "circle"}
    assert "<b>&amp;</b>" in texts(tree)
    assert max(len(text) for text in texts(tree)) <= 60


def test_a_drawing_is_the_same_every_time() -> None:
    shown = picture(("found", 0.5, [1.0, 2.0]), ("expected", 0.5, [1.0, 3.0]))
    assert svg.draw(shown, ES, name="a") == svg.draw(shown, ES, name="a")
