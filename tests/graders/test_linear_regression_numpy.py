"""Lab A, part 1's checks: honest variants pass whatever the seed, each mistake is named, and nothing is named in vain.

A student's work is built by hand from the reference, with one thing changed; the sample class runs the same checks on
real notebooks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coteja.checking.engine import run_checks
from coteja.checking.work import Counterfactual, Work
from coteja.course.load import find_course
from coteja.course.modules import load_module
from coteja.grading.lab import Lab, load_lab
from coteja.model.recording import CallResult, ProbeRun
from coteja.model.result import Outcome

ROOT = Path(__file__).parents[2]
RATES = (0.0001, 0.001, 0.1, 1.0)
CLAIMS: dict[str, Any] = {
    "bias_needs_more": "iterations",
    "behaviour": {0.0001: "slow", 0.001: "slow", 0.1: "diverges", 1: "overflows"},
    "solves": dict.fromkeys(RATES, False),
    "line_45": dict.fromkeys(RATES, False),
    "more_iterations": {0.0001: True, 0.001: True, 0.1: False, 1: False},
    "mixed_further": False,
    "l2_further": True,
    "l1_solved": {100: False, 3000: True},
    "seconds": 0.002,
    "seconds_q1": 0.1,
    "seconds_q2": 1.5,
    "rate_seconds": dict.fromkeys(RATES, 0.002),
}


@lru_cache(maxsize=1)
def lab() -> Lab:
    return load_lab(find_course(ROOT), "linear-regression-numpy")


@lru_cache(maxsize=1)
def lr() -> ModuleType:
    return load_module(ROOT / "reference" / "linear_regression.py")


def axes(
    lines: list[Any], legend: list[str] | None = None, scatter: list[Any] | None = None
) -> dict[str, Any]:
    """One pair of axes as the sandbox describes it."""
    return {"title": "", "xlabel": "x", "ylabel": "y", "xscale": "linear", "yscale": "log", "legend": legend,
            "lines": lines, "scatter": scatter or []}  # fmt: skip


def curves(named: dict[str, Any]) -> list[Any]:
    """A figure of named curves."""
    lines = [{"x": np.arange(np.size(y)), "y": np.ravel(y), "label": name} for name, y in named.items()]
    return [axes(lines, list(named))]


def cloud(inputs: Any, targets: Any, found: tuple[Any, ...]) -> Any:
    """Outputs against targets, shape (n, 2)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.column_stack([np.ravel(targets), np.ravel(lr().predict(inputs, *found))])


@lru_cache(maxsize=64)
def whole(seed: int, dtype: Any = np.float64) -> dict[str, Any]:
    """What a perfect notebook leaves behind, with random numbers of its own."""
    rng = np.random.default_rng([seed, 77])
    reference = lab().reference
    found: dict[str, Any] = dict(CLAIMS)
    for name, run in reference.EXPERIMENTS.items():
        if name != "a_million":
            found |= run(dtype, rng)
    found |= {"weights_q2": found["weights_q1"], "biases_q2": found["biases_q1"]}
    inputs, targets = lr().make_data(1000, rng=rng)
    points = cloud(inputs, targets, (found["weights"], found["biases"]))
    panels = [
        cloud(inputs, targets, (found["rate_weights"][rate], found["rate_biases"][rate])) for rate in RATES
    ]
    return found | {
        "base_figure": [axes([], scatter=[points])],
        "figure_q1": [axes([{"x": points[:, 0], "y": points[:, 1], "label": "_child0"}])],
        "rate_figure": curves({str(rate): found["rate_losses"][rate] for rate in RATES}),
        "line_figure": [axes([], scatter=[panel]) for panel in panels],
        "l1_figure": curves({"100": found["l1_losses"], "3000": found["l1_long_losses"]}),
    }


def outcomes(
    artefacts: dict[str, Any], *, again: dict[str, Any] | None = None, functions: dict[str, Any] | None = None
) -> dict[str, Outcome]:
    """Every check's outcome. `functions` stand in for the reference's in the probes."""
    cases = lab().draw(5)
    names: dict[str, Callable[..., Any]] = {
        name: getattr(lab().reference, name)
        for name in ("make_data", "train", "half_l2", "half_l2_slope", "l2", "l2_slope", "l1", "l1_slope")
    } | (functions or {})
    probes = {}
    for probe, drawn in cases.items():
        with np.errstate(over="ignore", invalid="ignore"):
            results = [[CallResult(value=names[name](*args)) for name, args in case] for case in drawn]
        probes[probe] = ProbeRun(cases=drawn, results=results)
    parameters = lab().draw_parameters(9)["another_function"]
    truth = lab().reference_counterfactual("another_function", parameters)
    values = tuple(float(parameters[name]) for name in ("new_w1", "new_w2", "new_b"))
    other = lab().reference.another_function(np.float64, np.random.default_rng(123), values)
    work = Work(
        artefacts=artefacts,
        names={},
        probes=probes,
        expected_calls={probe: lab().reference_calls(drawn) for probe, drawn in cases.items()},
        counterfactuals={"another_function": Counterfactual(parameters, again or other, truth)},
    )
    return {o.check: o for o in run_checks(lab().checks, work, lab().expected_artefacts())}


def lost(found: dict[str, Outcome]) -> dict[str, str]:
    """The checks that did not pass, with their sentences."""
    return {name: o.message.id for name, o in found.items() if o.status != "passed"}


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 60), dtype=st.sampled_from([np.float64, np.float32]))
def test_honest_work_passes_whatever_its_random_numbers_and_precision(seed: int, dtype: Any) -> None:
    assert lost(outcomes(whole(seed, dtype))) == {}


def test_small_rates_may_end_four_deviations_from_the_reference_where_the_start_still_counts() -> None:
    found = whole(3)
    expected = lab().expected_artefacts()
    for role in ("rate_weights", "rate_biases"):
        far = expected.deviations_of(role)
        for rate in RATES[:2]:
            found[role][rate] = expected.curves(role)[rate] + 4 * far[rate] * np.sign(far[rate])
    assert "rate_results" not in lost(outcomes(found))
    found["rate_weights"][0.0001] = found["rate_weights"][0.001]
    assert "rate_results" in lost(outcomes(found))


def test_other_shapes_lists_and_words_are_as_good() -> None:
    found = whole(1)
    shapes = {
        role: np.ravel(value).tolist()
        for role, value in found.items()
        if role.endswith(("weights", "losses", "weights_q1", "weights_q6")) and not isinstance(value, dict)
    }
    shapes |= {role: float(np.ravel(found[role])[0]) for role in ("biases", "l2_biases", "mixed_biases")}
    words = {
        "bias_needs_more": "más iteraciones",
        "behaviour": ["muy lenta", "lenta", "diverge", "se desborda"],
        "solves": ["no", "no", "no", "no"],
        "more_iterations": {"0.0001": "sí", "0.001": "Sí.", "0.1": "no", "1.0": "no"},
        "rate_seconds": {str(rate): [0.002] for rate in RATES},
    }
    assert lost(outcomes(found | shapes | words)) == {}


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "gradient-not-changed": (
        lambda f: {"l2_weights": f["mixed_weights"], "l2_biases": f["mixed_biases"]},
        "l2_result",
    ),
    "stopped-early": (lambda f: {"long_weights": f["weights"], "long_biases": f["biases"]}, "long_run"),
    "observations-for-iterations": (lambda _f: {"bias_needs_more": "observaciones"}, "bias_claim"),
    "line-at-divergence": (lambda _f: {"line_45": [False, True, True, True]}, "line_claim"),
    "overflow-as-success": (lambda _f: {"solves": [False, False, False, True]}, "line_claim"),
    "oscillates-only": (lambda _f: {"behaviour": ["lenta", "lenta", "oscila", "desborda"]}, "behaviour_claim"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_results_and_claims_is_named_and_costs_its_own_check_alone(mistake: str) -> None:
    change, check = MISTAKES[mistake]
    found = whole(2)
    marked = outcomes(found | change(found))
    named = {name: o.misconception.id for name, o in marked.items() if o.misconception is not None}
    assert named == {check: mistake}
    assert set(lost(marked)) <= {check, "further_claim"}  # a claim about a bias that did not move


def wrong_training(change: Callable[[float, int], float]) -> Callable[..., Any]:
    """A training whose rate is another one: of the rate given, and the number of observations."""

    def train(inputs: Any, targets: Any, rate: float, iterations: int) -> Any:
        start = lr().start(np.random.default_rng(4))
        return lr().train(
            inputs, targets, start=start, learning_rate=change(rate, len(inputs)), iterations=iterations
        )

    return train


@pytest.mark.parametrize(
    ("mistake", "change"),
    [
        ("learning-rate-twice", lambda rate, _n: rate**2),
        ("wrong-sign", lambda rate, _n: -rate),
        ("missing-mean", lambda rate, n: rate * n),
        ("never-updated", lambda _rate, _n: 0.0),
    ],
)
def test_a_mistake_in_the_training_is_named(mistake: str, change: Any) -> None:
    found = outcomes(whole(3), functions={"train": wrong_training(change)})["training"]
    assert found.status == "failed"
    assert found.misconception is not None
    assert found.misconception.id == mistake


def test_losses_and_slopes_that_are_half_or_not_divided_are_told_apart() -> None:
    reference = lab().reference
    halved = outcomes(whole(4), functions={"l2": reference.half_l2})
    assert halved["l2_value"].misconception is not None
    assert halved["l2_value"].misconception.id == "still-halved"
    assert halved["l2_slope_value"].status == "passed"
    steep = outcomes(whole(4), functions={"half_l2_slope": lambda o, t: o - t})["half_l2_slope_value"]
    assert steep.misconception is not None
    assert steep.misconception.id == "missing-mean"


def test_data_without_noise_or_of_another_function_are_named() -> None:
    def exact(n: int, w1: float, w2: float, b: float) -> Any:
        inputs = np.random.default_rng(1).uniform(-10, 10, (n, 2))
        return inputs, inputs @ np.array([w1, w2]) + b

    def other(n: int, w1: float, w2: float, b: float) -> Any:
        return lab().reference.make_data(n, w1, -w2, b)

    for function, mistake in ((exact, "no-noise"), (other, "wrong-function")):
        found = outcomes(whole(4), functions={"make_data": function})["data_made"]
        assert found.misconception is not None
        assert found.misconception.id == mistake


def test_results_typed_in_are_told_kindly_and_runs_that_overflow_are_not_accused() -> None:
    found = whole(5)
    roles = ("weights_q6", "biases_q6", "long_weights_q6", "long_biases_q6")
    typed = outcomes(found, again={role: found[role] for role in roles})["follows_parameters"]
    assert typed.misconception is not None
    assert typed.misconception.id == "typed-in"
    gone = {role: np.full_like(found[role], np.nan) for role in roles}
    overflowed = outcomes(found | gone, again=gone)["follows_parameters"]
    assert overflowed.misconception is None


def test_results_more_exact_than_noise_allows_keep_their_points_and_go_to_a_person() -> None:
    exact = outcomes(whole(5) | {"weights": np.array([[2.0], [-3.0]])})["class_result"]
    assert (exact.status, exact.look) == ("passed", True)
    assert exact.points == exact.max_points
    honest = outcomes(whole(5) | {"weights": np.array([[2.004], [-2.996]])})["class_result"]
    assert (honest.status, honest.look) == ("passed", False)


def test_a_figure_of_outputs_without_their_bias_is_seen_and_one_of_a_longer_run_is_not() -> None:
    found = whole(4)
    inputs, targets = lr().make_data(1000, rng=np.random.default_rng(5))

    def drawn(bias: float) -> dict[str, str]:
        points = cloud(inputs, targets, (found["weights"], bias))
        return lost(outcomes(found | {"base_figure": [axes([], scatter=[points])]}))

    assert "base_figure" in drawn(0.0)
    assert "base_figure" not in drawn(5.0)
    swapped = cloud(inputs, targets, (found["weights"], found["biases"]))[:, ::-1]
    assert "base_figure" not in lost(outcomes(found | {"base_figure": [axes([], scatter=[swapped])]}))
    for odd in ("three", [1.0, 2.0], [[1.0], [2.0, 3.0]], float("nan"), None):  # its own checks say so
        assert "base_figure" not in lost(outcomes(found | {"biases": odd}))


def test_a_time_that_is_a_clock_s_reading_is_no_time() -> None:
    assert "seconds_q2" in lost(outcomes(whole(4) | {"seconds_q2": 59_000.0}))


def test_a_guide_line_or_targets_against_themselves_are_no_figure_of_outputs() -> None:
    points = np.column_stack([np.linspace(-50, 50, 400)] * 2)
    figure = outcomes(whole(6) | {"base_figure": [axes([], scatter=[points])]})["base_figure"]
    assert figure.status == "partial"
    assert figure.picture is not None
