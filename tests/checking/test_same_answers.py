"""Whether functions answer as the reference's do, or as a mistake's."""

from __future__ import annotations

import numpy as np
import pytest

from coteja.checking.same_answers import agreement, alike
from coteja.model.values import NoValue

CASES = [[("half", (8.0,)), ("other", (1.0,))], [("half", (3.0,))]]
TRUTH = [[4.0, 0.0], [1.5]]
MISTAKES = {"double": {"half": lambda x: 2 * x}, "raises": {"half": None}, "elsewhere": {"third": None}}


def answer(mistake, case):
    if mistake == "raises":
        return None
    return [2 * args[0] if name == "half" else 0.0 for name, args in case]


def agrees(found):
    return agreement(CASES, found, TRUTH, MISTAKES, answer)


def test_a_right_function_agrees_with_the_truth_alone():
    assert agrees(TRUTH) == {"half": {"": True, "double": False, "raises": False}}


def test_a_wrong_function_agrees_with_its_mistake():
    assert agrees([[16.0, 0.0], [6.0]])["half"] == {"": False, "double": True, "raises": False}


def test_a_function_that_raises_agrees_with_the_mistake_that_does():
    raised = [[NoValue("error"), 0.0], [NoValue("error")]]
    assert agrees(raised)["half"] == {"": False, "double": False, "raises": True}


def test_one_case_that_differs_is_a_difference():
    assert agrees([[16.0, 0.0], [1.5]])["half"] == {"": False, "double": False, "raises": False}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ([1, 2], np.array([1.0, 2.0])),
        (np.float32(0.1), 0.1),
        (np.ones((2, 1)), np.ones(2)),
        ({"a": [1.0], "extra": 3}, {"a": np.ones(1)}),
        ((np.ones(2), 3.0, [1.0]), [np.ones(2), 3.0, np.ones(1)]),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
    ],
)
def test_the_form_of_an_answer_does_not_matter(found, wanted):
    assert alike(found, wanted)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ([1, 2, 3], np.ones(2)),
        ("1", 1.0),
        (None, 1.0),
        (NoValue("missing"), 1.0),
        ({"a": 1.0}, {"b": 1.0}),
        (1.0, {"a": 1.0}),
        ((np.ones(2), 3.0), (np.ones(3), 3.0)),
        (np.array([np.nan]), np.array([1.0])),
        (1.01, 1.0),
    ],
)
def test_another_answer_is_another(found, wanted):
    assert not alike(found, wanted)
