"""The likeliest known mistake, from all numbers of a question together: named when sure, and not otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coteja.checking.diagnosis import CONFIDENT, TRUTH, diagnose
from coteja.checking.features import INFINITE, NOT_A_NUMBER, features
from coteja.model.profile import Profile
from coteja.model.values import NoValue

CURVE = np.geomspace(1.0, 0.01, 200)
TRUTHS = {"weight": 2.0, "costs": CURVE}


def around(value, like, scale=0.01):
    centre = features(value, like)
    return Profile(centre, np.full(centre.shape, scale))


PROFILES = {
    TRUTH: {role: around(value, value) for role, value in TRUTHS.items()},
    "twice": {"weight": around(4.0, 2.0), "costs": around(CURVE[::2], CURVE)},
    "flat": {"costs": around(np.ones(200), CURVE)},
}


def told(answers=None, *, profiles=PROFILES, **artefacts):
    return diagnose(artefacts, TRUTHS, profiles, list(TRUTHS), answers)


def test_correct_work_is_given_no_name():
    found = told(weight=2.001, costs=CURVE)
    assert (found.likeliest, found.named) == (TRUTH, None)
    assert found.confidence > 0.9


def test_a_known_mistake_is_named_with_its_confidence():
    found = told(weight=2.0, costs=np.ones(200))
    assert found.named == "flat"
    assert CONFIDENT <= found.confidence <= 1


def test_what_none_of_the_mistakes_yields_is_given_no_name():
    found = told(weight=-7.0, costs=np.linspace(3, 9, 200))
    assert (found.likeliest, found.named) == (None, None)


def test_between_two_mistakes_that_yield_the_same_nobody_guesses():
    twins = {**PROFILES, "level": PROFILES["flat"]}
    found = told(weight=2.0, costs=np.ones(200), profiles=twins)
    assert found.named is None
    assert found.confidence == pytest.approx(0.5, abs=0.01)


def test_one_number_that_is_strange_for_another_reason_does_not_hide_the_mistake():
    assert told(weight=1000.0, costs=np.ones(200)).named == "flat"


def test_without_the_artefacts_nothing_is_said():
    assert told().named is None
    assert told(weight=NoValue("missing"), costs=NoValue("cut")).named is None


def test_probabilities_of_all_classes_add_up_to_one():
    found = told(weight=2.2, costs=CURVE * 1.1)
    assert sum(found.classes.values()) == pytest.approx(1)
    assert set(found.classes) == {TRUTH, "twice", "flat", None}


def test_a_function_that_answers_as_a_mistakes_own_gives_it_its_name():
    answers = {"probe: f": {TRUTH: False, "twice": True}}
    assert told(answers).named == "twice"


def test_a_function_that_answers_as_nobodys_gives_no_name():
    answers = {"probe: f": {TRUTH: False, "twice": False}}
    assert told(answers).named is None


def test_a_function_that_is_right_speaks_against_the_mistake():
    answers = {"probe: f": {TRUTH: True, "flat": False}}
    assert told(answers, weight=2.0).named is None


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=3)
    | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=3)
    ),
    max_leaves=30,
)


@settings(max_examples=60, deadline=None)
@given(plain, st.sampled_from([2.0, CURVE, {0.5: CURVE, 0.1: 1.0}]))
def test_whatever_a_student_stores_has_features_or_none(value, like):
    found = features(value, like)
    assert found is None or (np.isfinite(found).all() and found.shape == features(like, like).shape)


@pytest.mark.parametrize(
    "same",
    [
        CURVE.tolist(),
        CURVE.astype(np.float32),
        CURVE.reshape(-1, 1),
        [np.array([c]) for c in CURVE],
        tuple(CURVE),
    ],
    ids=["list", "float32", "column", "list of arrays", "tuple"],
)
def test_the_form_of_a_curve_does_not_matter(same):
    np.testing.assert_allclose(features(same, CURVE), features(CURVE, CURVE), atol=1e-6)


def test_keys_of_a_dictionary_are_read_as_numbers():
    like = {0.5: 1.0, 0.1: 2.0}
    np.testing.assert_array_equal(
        features({"0.5": 1.0, np.float64(0.1): 2.0, "x": 9}, like), features(like, like)
    )


def test_losses_are_found_in_what_keras_returns_and_under_other_spellings():
    like = {"mse": CURVE, "huber": np.ones(3)}
    found = {"MSE": {"history": {"loss": CURVE.tolist()}}, "Huber": [1, 1, 1]}
    np.testing.assert_array_equal(features(found, like), features(like, like))


def test_what_overflowed_is_a_feature_too():
    found = features(np.array([1.0, np.inf, -np.inf, np.nan]), np.zeros(4))
    assert found.tolist()[1:] == [INFINITE, -INFINITE, NOT_A_NUMBER]


def test_a_curve_that_ends_early_stays_where_it_ended():
    short, whole = features(CURVE[:100], CURVE), features(CURVE, CURVE)
    assert short[-2] == pytest.approx(np.arcsinh(CURVE[99]))
    assert short[-1] < whole[-1]


@pytest.mark.parametrize(
    "value", [[[1, 2], [3]], "0.7", {"loss": "x"}, [10**400] * 200, b"x", NoValue("missing"), [], None]
)
def test_what_is_no_curve_has_no_features(value):
    assert features(value, CURVE) is None
