"""Where points are lost and no check names a mistake, all numbers of the question together do, if they tell of one."""

from __future__ import annotations

import numpy as np
import pytest
from random_course import write_course

from coteja.calibration import calibrate
from coteja.calibration.calibrate import Options
from coteja.checking import engine
from coteja.checking.work import Work
from coteja.feedback.view import check as shown
from coteja.grading.diagnosing import with_diagnosis
from coteja.grading.lab import Lab, load_lab
from coteja.model.recording import CallResult, CellError, ProbeRun


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Lab:
    course = write_course(tmp_path_factory.mktemp("course"))
    path, text = calibrate(course, "draws", Options(seeds=60, held_out=0))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load_lab(course, "draws")


def outcome_of(lab: Lab, artefacts, *, probe: ProbeRun | None = None):
    cases = [[("half", (float(x),))] for x in (4, 6)]
    work = Work(
        artefacts,
        {},
        probes={"half": probe} if probe else {},
        expected_calls={"half": lab.reference_calls(cases)},
    )
    expected = lab.expected_artefacts()
    found = engine.run_checks(lab.checks, work, expected)
    (outcome,) = with_diagnosis(lab, work, expected, found)
    assert (outcome.points, outcome.status) == (found[0].points, found[0].status)
    return outcome


def probe_of(*values, error: CellError | None = None) -> ProbeRun:
    cases = [[("half", (float(x),))] for x in (4, 6)]
    results = [[CallResult(function="half", value=v, error=error)] for v in values]
    return ProbeRun(cases=cases, results=results)


WALK = np.cumsum(3 + np.random.default_rng(77).normal(size=200))


def test_the_mistake_is_named_with_its_confidence_and_its_next_step(lab):
    outcome = outcome_of(lab, {"mean": WALK[-1], "walk": WALK})
    assert outcome.misconception.id == "summed"
    assert 0.95 <= outcome.misconception.confidence <= 1
    assert outcome.next_step == outcome.misconception.next_step


def test_correct_work_is_left_alone(lab):
    assert outcome_of(lab, {"mean": WALK[-1] / 200, "walk": WALK}).misconception is None


def test_what_no_mistake_yields_is_given_no_name(lab):
    assert outcome_of(lab, {"mean": -40.0, "walk": WALK}).misconception is None


def test_a_function_that_answers_as_a_mistakes_does_gives_the_name(lab):
    outcome = outcome_of(lab, {"mean": 77.0}, probe=probe_of(8.0, 12.0))
    assert outcome.misconception.id == "doubled"


@pytest.mark.parametrize(
    "values", [(2.0, 3.0), (8.0, 3.0), ("8", "12"), ([8.0, 1.0], None), ({"$step": 0}, {}), (np.nan, np.inf)]
)
def test_other_answers_give_no_name(lab, values):
    assert outcome_of(lab, {"mean": 77.0}, probe=probe_of(*values)).misconception is None


def test_a_function_that_raised_gives_no_name(lab):
    error = CellError(name="ValueError", value="no", traceback=[])
    assert outcome_of(lab, {"mean": 77.0}, probe=probe_of(None, None, error=error)).misconception is None


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_says_that_it_is_likely_and_how_sure_it_is(lab, language):
    outcome = outcome_of(lab, {"mean": WALK[-1], "walk": WALK})
    told = shown(outcome, lab.translator(language), "q1-1").mistake
    assert told.startswith({"es": "Lo más probable (99 %): ", "en": "Most likely (99 %): "}[language])


def test_a_diagnosis_that_fails_costs_nothing(lab, monkeypatch):
    def fails(*_args):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("coteja.grading.diagnosing.diagnose", fails)
    outcome = outcome_of(lab, {"mean": WALK[-1], "walk": WALK})
    assert (outcome.status, outcome.misconception) == ("failed", None)
