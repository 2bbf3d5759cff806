"""The figures of a class, against numbers worked by hand and against SciPy-free definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.classreport.statistics import (
    BINS,
    LEAST_DIFFERENT,
    LEAST_STUDENTS,
    discrimination,
    histogram,
    points,
    quantile,
    strength,
)

shares = st.lists(st.floats(0, 1), max_size=40).map(np.array)
classes = st.integers(0, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), min_size=n, max_size=n),
        st.lists(st.floats(0, 100), min_size=n, max_size=n),
    )
)


def test_a_bar_holds_its_lower_edge_and_the_last_one_full_marks_too() -> None:
    found = histogram(np.array([0.0, 0.0999, 0.1, 0.7, 0.89, 0.9, 1.0]))
    assert found == [2, 1, 0, 0, 0, 0, 0, 1, 1, 2]


@pytest.mark.parametrize("edge", range(BINS))
def test_a_score_on_an_edge_never_falls_below_it_by_rounding(edge: int) -> None:
    ways = np.array([edge / 10, edge * 7 / 70, sum([0.1] * edge)])
    assert histogram(ways)[edge] == 3


@given(shares)
def test_every_score_is_in_exactly_one_bar(scores: np.ndarray) -> None:
    assert sum(histogram(scores)) == len(scores)


def test_the_discrimination_is_the_correlation_with_the_rest_as_worked_by_hand() -> None:
    # Ten students: the item 1 for the first four; the rest 4, 4, 2, 2 for those, and 2, 2, 2, 0, 0, 0 for the others.
    item = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0.0])
    rest = np.array([4, 4, 2, 2, 2, 2, 2, 0, 0, 0.0])
    # Point-biserial: (mean of the right - mean of the wrong) / deviation of the rest * sqrt(p q)
    # = (3 - 1) / sqrt(52/10 - 1.8²) * sqrt(0.4 * 0.6) = 2 / 1.4 * 0.4899 = 0.6999
    assert discrimination(item, item + rest) == pytest.approx(2 / 1.4 * math.sqrt(0.24), abs=1e-4)


def test_the_item_is_taken_out_of_the_total_it_is_held_against() -> None:
    item = np.array([0, 1] * 10, dtype=float)
    unrelated = np.array([0, 0, 1, 1] * 5, dtype=float)
    assert discrimination(item, item + unrelated) == 0
    assert np.corrcoef(item, item + unrelated)[0, 1] > 0.7  # what it would be with itself in the total


def test_those_who_do_well_elsewhere_and_fail_here_make_it_negative() -> None:
    item = np.array([1.0] * 5 + [0.0] * 5)
    assert discrimination(item, item + 3 * (1 - item)) == -1
    assert strength(-1) == "reversed"


@given(classes)
def test_a_discrimination_lies_between_minus_one_and_one_or_is_not_told(
    drawn: tuple[list[float], list[float]],
) -> None:
    item, rest = map(np.array, drawn)
    found = discrimination(item, item + rest)
    assert found is None or -1 <= found <= 1
    if len(item) < LEAST_STUDENTS:
        assert found is None


@given(classes, st.randoms())
def test_the_order_of_students_does_not_change_it(
    drawn: tuple[list[float], list[float]], chance: object
) -> None:
    item, rest = map(np.array, drawn)
    order = list(range(len(item)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    one, other = discrimination(item, item + rest), discrimination(item[order], (item + rest)[order])
    assert one == pytest.approx(other, abs=2e-4) if one is not None and other is not None else True


@pytest.mark.parametrize(
    "item",
    [
        [1.0] * 20,  # everybody right
        [0.0] * 20,  # nobody
        [1.0] * 18 + [0.0] * 2,  # two students alone would decide it
        [1.0] * 4 + [0.0] * 4,  # too few
    ],
)
def test_no_figure_is_told_where_it_would_mean_nothing(item: list[float]) -> None:
    rest = np.arange(len(item), dtype=float)
    assert LEAST_DIFFERENT > 2
    assert discrimination(np.array(item), np.array(item) + rest) is None


def test_the_only_question_has_no_rest_to_be_held_against() -> None:
    item = np.array([0.0, 1.0] * 10)
    assert discrimination(item, item) is None


def test_the_words_are_those_of_the_usual_bounds() -> None:
    assert [strength(r) for r in (1, 0.4, 0.39, 0.2, 0.19, 0)] == [
        "strong",
        "strong",
        "fair",
        "fair",
        "weak",
        "weak",
    ]


def test_quartiles_lie_between_two_students_where_they_must() -> None:
    assert [quantile(np.array([0.0, 0.2, 0.4, 1.0]), q) for q in (0.25, 0.5, 0.75)] == pytest.approx(
        [0.15, 0.3, 0.55]
    )


@given(st.lists(st.floats(0, 1e6), max_size=20), st.randoms())
def test_points_add_up_the_same_in_any_order(parts: list[float], chance: object) -> None:
    mixed = list(parts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert points(*parts) == points(*mixed)
