"""A figure shows the student's own curves, whole or thinned, each under its own name."""

from __future__ import annotations

import numpy as np
import pytest

from coteja.checking import check_curves_figure, line_called

AXES, LEGEND, DRAWN, NAMED = range(4)
FALLING = np.exp(-np.linspace(0, 3, 1001))
SLOW = np.exp(-np.linspace(0, 0.3, 1001))
RATES = {"0.1": FALLING, "0.01": SLOW}
LOSSES = {"entropy": FALLING, "mse": SLOW}
WORDS = {"entropy": ("entrop",), "mse": ("mse", "ecm", "squared")}


def holds(figure, curves=RATES, **options):
    """Which of the four lines hold: axes, legend, drawn, named."""
    return [line.ok for line in check_curves_figure(figure, curves, **options)]


ALL = [True] * 4


def test_two_curves_each_under_its_name_on_named_axes_are_all_that_is_asked(draw):
    assert holds(draw([("0.1", FALLING), ("0.01", SLOW)])) == ALL


def test_drawing_the_data_counts_twice(draw):
    weights = [line.weight for line in check_curves_figure(draw([]), RATES)]
    assert weights == [1, 1, 2, 1]


@pytest.mark.parametrize("step", [1, 2, 10, 50, 100])
def test_evenly_thinned_data_are_the_same_curve(draw, step):
    assert holds(draw([("0.1", FALLING[::step]), ("0.01", SLOW[::step])])) == ALL


@pytest.mark.parametrize("cut", [slice(None, -1), slice(0, 1000, 10)])
def test_one_value_less_is_the_same_curve(draw, cut):
    assert holds(draw([("0.1", FALLING[cut]), ("0.01", SLOW[cut])])) == ALL


@pytest.mark.parametrize(
    "other",
    [
        FALLING + 0.01,
        FALLING[:500],
        FALLING[::-1],
        FALLING[::333],
        np.append(FALLING, [0, 0]),
        np.full(1001, np.nan),
    ],
    ids=["shifted", "half", "reversed", "four points", "longer", "nan"],
)
def test_other_data_are_not_the_curve_and_the_missing_one_is_named(draw, other):
    figure = draw([("0.1", other), ("0.01", SLOW)])
    lines = check_curves_figure(figure, RATES)
    assert [line.ok for line in lines] == [True, True, False, False]
    assert lines[DRAWN].otherwise.params == {"name": "0.1"}


def test_a_curve_that_diverged_is_found_with_its_infinities(draw):
    wild = np.where(np.arange(1001) > 50, np.inf, FALLING)
    wild[60:] = np.nan
    assert all(holds(draw([("1", wild)]), {"1": wild}))


def test_axes_need_names_on_both_sides(draw):
    curves = [("0.1", FALLING), ("0.01", SLOW)]
    assert not holds(draw(curves, x=" "))[AXES]
    assert not holds(draw(curves, y=""))[AXES]


def test_a_label_without_a_legend_is_named_but_has_no_legend(draw):
    assert holds(draw([("0.1", FALLING), ("0.01", SLOW)], legend=None)) == [True, False, True, True]


def test_a_legend_given_as_a_list_names_curves_by_position(draw):
    curves = [("_child0", FALLING), ("_child1", SLOW)]
    assert holds(draw(curves, legend=["0.1", "0.01"])) == ALL
    assert holds(draw(curves, legend=["0.01", "0.1"])) == [True, True, True, False]
    assert not holds(draw(curves, legend=["0.1"]))[NAMED]
    assert not holds(draw(curves, legend=None))[NAMED]


def test_a_curve_alone_needs_no_legend_unless_a_name_is_asked_for(draw):
    figure = draw([("_child0", FALLING)], legend=None)
    assert holds(figure, {"loss": FALLING}) == [True, True]
    assert holds(figure, {"loss": FALLING}, names={"loss": ["loss"]}) == [True, False, True, False]


def test_the_legend_of_the_second_panel_counts_its_own_curves(draw):
    figure = draw([("0.1", FALLING)], [("_child0", SLOW)], legend=["0.01"])
    assert holds(figure) == ALL


def test_a_panel_for_each_curve_needs_no_legend_but_a_title(draw):
    one = draw([("_child0", FALLING)], legend=None, title="rate 0.1")
    two = draw([("_child0", SLOW)], legend=None, title="rate 0.01")
    both = type(one)((*one.axes, *two.axes))
    assert holds(both) == ALL
    swapped = draw([("_child0", FALLING)], legend=None, title="rate 0.01")
    assert not holds(type(one)((*swapped.axes, *two.axes)))[NAMED]


def test_every_panel_with_curves_needs_named_axes_and_an_empty_one_does_not(draw):
    named, bare = draw([("0.1", FALLING)]), draw([("0.01", SLOW)], x="")
    assert not holds(type(named)((*named.axes, *bare.axes)))[AXES]
    empty = draw([], x="", y="")
    whole = draw([("0.1", FALLING), ("0.01", SLOW)])
    assert holds(type(named)((*whole.axes, *empty.axes))) == ALL


def test_an_empty_figure_has_nothing(draw):
    assert holds(draw()) == holds(draw([])) == [False] * 4


def test_swapped_names_are_seen(draw):
    assert holds(draw([("0.01", FALLING), ("0.1", SLOW)])) == [True, True, True, False]


@pytest.mark.parametrize(
    "label", ["0.1", "α=0,1", "tasa 0.1", "lr-0.1", "$\\alpha = 0.1$", ".1", "1e-1", "0.10", "costos (0.1)"]
)
def test_a_rate_is_recognised_as_students_write_it(draw, label):
    assert holds(draw([(label, FALLING), ("0.01", SLOW)])) == ALL


@pytest.mark.parametrize("label", ["0.01", "0.12", "10.1", "1", "cero punto uno", "0,01", ""])
def test_another_number_is_not_the_rate(draw, label):
    assert not holds(draw([(label, FALLING), ("0.01", SLOW)]))[NAMED]


@pytest.mark.parametrize("label", ["Entropía cruzada", "CROSS-ENTROPY", "entropia"])
def test_words_are_found_without_regard_to_case_and_accents(draw, label):
    figure = draw([(label, FALLING), ("ECM", SLOW)])
    assert holds(figure, LOSSES, names=WORDS) == ALL


def test_the_same_curve_under_two_names_is_not_two_curves(draw):
    figure = draw([("entropy", SLOW), ("mse", SLOW)])
    assert holds(figure, LOSSES, names=WORDS) == [True, True, False, False]


def test_where_two_lines_show_the_same_data_the_one_with_the_name_counts(draw):
    figure = draw([("guide", FALLING), ("entropy", FALLING), ("mse", SLOW)])
    assert holds(figure, LOSSES, names=WORDS) == ALL


def test_a_label_that_names_another_curve_by_a_longer_word_is_that_curve_s(draw):
    curves = {"a": FALLING, "b": SLOW}
    names = {"a": ("entropy",), "b": ("cross-entropy",)}
    assert holds(draw([("entropy", FALLING), ("cross-entropy", SLOW)]), curves, names=names) == ALL
    assert not holds(draw([("cross-entropy", FALLING), ("entropy", SLOW)]), curves, names=names)[NAMED]


def test_a_line_is_found_by_what_the_legend_calls_it(draw):
    figure = draw([("_child0", FALLING), ("_child1", SLOW)], legend=["MSE", "Entropía cruzada"])
    np.testing.assert_array_equal(line_called(figure, ["entrop"]).y, SLOW)
    assert line_called(figure, ["huber"]) is None
