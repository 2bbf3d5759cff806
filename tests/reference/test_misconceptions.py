"""The catalogue of mistakes: each is made, each has its sentences in both languages, and each shows in the stored numbers."""

from __future__ import annotations

import numpy as np
import pytest

from coteja.course.load import find_course
from coteja.grading.lab import Lab, load_lab

#: Mistakes in what is claimed, drawn or typed: a check sees them, and no experiment yields them.
SEEN_BY_A_CHECK = {
    "linear-regression-numpy": {
        "observations-for-iterations",
        "line-at-divergence",
        "overflow-as-success",
        "oscillates-only",
        "typed-in",
    },
    "linear-regression-tensorflow": {
        "integer-rate",
        "observations-for-iterations",
        "line-at-divergence",
        "nan-as-success",
        "oscillates-only",
        "typed-in",
        "mislabelled-curves",
    },
    "two-layer-network": {"missing-keepdims"},
}
LABS = sorted(SEEN_BY_A_CHECK)


@pytest.fixture(scope="module", params=LABS)
def lab(request, root) -> Lab:
    return load_lab(find_course(root), request.param)


def test_every_mistake_that_is_made_has_a_sentence_and_the_other_way_around(lab):
    made = set(lab.mistakes.MISTAKES) | SEEN_BY_A_CHECK[lab.assignment.id]
    assert made == set(lab.misconceptions)


def test_there_are_at_least_a_dozen_a_lab(lab):
    assert len(lab.mistakes.MISTAKES) >= 12


def test_the_stored_file_has_all_of_them_and_each_differs_from_the_truth(lab):
    assert set(lab.expected.separation) == set(lab.mistakes.MISTAKES)
    assert all(told["truth"] >= 2 or told["by_functions"] for told in lab.expected.separation.values())


def test_functions_belong_to_mistakes_and_are_called_by_a_probe(lab):
    called = {f for cases in lab.draw(0).values() for case in cases for f, _args in case}
    for mistake, functions in lab.mistaken.items():
        assert mistake in lab.mistakes.MISTAKES
        assert set(functions) <= called


def test_every_mistaken_function_answers_otherwise_than_the_right_one(lab):
    for mistake, functions in lab.mistaken.items():
        for cases in lab.draw(0).values():
            names = {f for case in cases for f, _args in case}
            if names & set(functions):
                right, wrong = lab.reference_calls(cases), [lab.mistaken_answers(mistake, c) for c in cases]
                with pytest.raises(AssertionError):
                    np.testing.assert_equal(wrong, right)


def test_the_diagnosis_was_right_on_runs_that_it_was_not_fitted_on(lab):
    accuracy = lab.expected.accuracy
    assert accuracy["wrong"]["errors"] <= 0.05 * accuracy["wrong"]["runs"]
    assert accuracy["false_alarms"]["errors"] <= 0.01 * accuracy["false_alarms"]["runs"]
    assert accuracy["wrong"]["runs"] >= 200


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_is_said_is_said_in_both_languages(lab, language):
    say = lab.translator(language)
    for mistake in lab.misconceptions.values():
        for text in (mistake.name, mistake.explanation, mistake.next_step):
            said = say.text_of(text.id)
            assert said
            assert (said == text.id) == (language == "en")
