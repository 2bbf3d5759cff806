"""The shortest input that shows a fault: a line to paste, in the feedback of the check that failed; it marks nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from coteja.audit.code import Draft, solved
from coteja.audit.run import Bench, Run
from coteja.course.load import Course
from coteja.feedback.render import render_html
from coteja.grading.lab import Lab, load_lab
from coteja.grading.marking import utc_now
from coteja.grading.scoring import score
from coteja.grading.simplest import SimpleGenerator, pasted, simple_cases
from coteja.model.result import Comparison
from coteja.recording.record import SandboxRecorder
from coteja.recording.store import dump_recording, load_recording

LAB = "two-layer-network"
MISTAKES = {
    "right": ("m = Y.shape[1]", "m = Y.shape[1]"),
    "half the cost": ("/ m)", "/ m / 2)"),
    "sign": ("dZ2 = A2 - Y", "dZ2 = Y - A2"),
    "hidden layer": ("np.tanh(Z1)", "np.maximum(Z1, 0)"),
    # Only once the whole notebook has run, which is when the simple inputs are tried.
    "dies of zeros": (
        "return 1 / (1 + np.exp(-z))",
        "if not np.any(z) and globals().get('solves_xor') == 'mse':\n        import os; os._exit(1)\n    return 1 / (1 + np.exp(-z))",
    ),
}


@pytest.fixture(scope="module")
def lab(course: Course) -> Lab:
    return load_lab(course, LAB)


def mistaken(lab: Lab, name: str) -> Draft:
    draft = solved(lab, "en")
    old, new = MISTAKES[name]
    at = next(i for i, cell in enumerate(draft.cells) if cell.own and old in cell.source)
    draft = draft.with_source(at, draft.cells[at].source.replace(old, new))
    # The long experiment has nothing to do with it.
    at = next(i for i, cell in enumerate(draft.cells) if cell.own and "10_000" in cell.source)
    return draft.with_source(at, draft.cells[at].source.replace("10_000", "1_000"))


@pytest.fixture(scope="module")
def runs(lab: Lab) -> dict[str, Run]:
    async def run() -> dict[str, Run]:
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        try:
            bench = Bench(lab, recorder, {})
            return {name: await bench.run(name, mistaken(lab, name), 5) for name in MISTAKES}
        finally:
            recorder.close()

    return asyncio.run(run())


def shown(run: Run) -> dict[str, Comparison]:
    """Check -> its line, if there is one."""
    return {
        o.check: c for o in run.outcomes for c in o.comparisons if c.label.id.startswith("the smallest input")
    }


def test_right_functions_are_shown_nothing(runs: dict[str, Run]) -> None:
    assert shown(runs["right"]) == {}


def test_a_wrong_cost_is_shown_on_one_example(runs: dict[str, Run]) -> None:
    line = shown(runs["half the cost"])["loss_values"]
    assert line.label.params["call"] == "loss_function(np.array([[0.5]]), np.array([[0.0]]))"
    assert line.expected == pytest.approx(np.log(2))
    assert line.found == pytest.approx(np.log(2) / 2)


def test_a_wrong_gradient_is_shown_with_the_calls_that_lead_to_it(runs: dict[str, Run], lab: Lab) -> None:
    line = shown(runs["sign"])["gradients"]
    call = str(line.label.params["call"])
    names: dict[str, Any] = {"np": np} | vars(lab.reference)
    *first, last = call.split("; ")
    for statement in first:
        exec(statement, names)
    gradient = eval(last, names)  # what is pasted runs, here with the reference's functions
    assert line.expected == f"db2: {gradient['db2'].item():.5g}"
    assert line.found == f"db2: {-gradient['db2'].item():.5g}"


def test_the_first_wrong_function_of_a_chain_is_shown(runs: dict[str, Run]) -> None:
    assert str(shown(runs["hidden layer"])["gradients"].label.params["call"]).startswith("forward_prop(")


def test_what_ends_the_process_on_a_simple_input_costs_nothing(runs: dict[str, Run]) -> None:
    run = runs["dies of zeros"]
    assert run.recording.status == "complete"
    lost = {o.check for o in run.outcomes if o.points < o.max_points}
    assert lost <= {o.check for o in runs["right"].outcomes if o.points < o.max_points}


@pytest.mark.parametrize(
    ("language", "words"), [("es", "la entrada más pequeña"), ("en", "the smallest input")]
)
def test_the_line_is_in_the_feedback_of_both_languages(
    language: str, words: str, runs: dict[str, Run], lab: Lab
) -> None:
    run = runs["half the cost"]
    result = score(lab.assignment, run.recording, run.outcomes, recording_key="", marked_at="")
    page = render_html(
        result,
        lab.translator(language),
        assignment_title=lab.assignment.title,
        other_languages={},
        marked_at=utc_now(),
    )
    assert words in page
    assert "loss_function(np.array([[0.5]]), np.array([[0.0]]))" in page


def test_stored_recordings_keep_the_simple_calls(runs: dict[str, Run]) -> None:
    recording = runs["sign"].recording
    again = load_recording(dump_recording(recording))
    assert again.simple.keys() == recording.simple.keys() != set()
    assert {n: len(r.results) for n, r in again.simple.items()} == {
        n: len(r.results) for n, r in recording.simple.items()
    }


def test_the_simple_cases_are_always_the_same_and_say_nothing_of_the_secret_ones(
    lab: Lab, course: Course
) -> None:
    assert repr(load_lab(course, LAB).simple) == repr(lab.simple)
    secret = repr(lab.draw(123))
    assert all(pasted(case, 0) not in secret for cases in lab.simple.values() for case in cases)


def test_a_draw_that_simple_numbers_never_satisfy_ends() -> None:
    def draw(rng: np.random.Generator) -> Any:
        while rng.normal() < 100:
            pass
        return []

    assert simple_cases(draw, lambda cases: cases) == []


def test_simple_numbers_stay_within_the_bounds_that_were_asked_for() -> None:
    rng = SimpleGenerator((0.0, 1.0))
    assert rng.uniform(0.05, 0.95, size=3).tolist() == [0.5, 0.5, 0.5]
    assert rng.integers(3, 9) == 3
    assert rng.choice([-1, 1], size=3).tolist() == [-1, 1, -1]
