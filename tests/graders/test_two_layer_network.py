"""Lab B's checks: honest variants pass, each mistake is named, nothing a student leaves behind makes a check fail itself.

A student's work is built by hand here, from the stored expected artefacts and from functions with one thing changed;
the sample class runs the same checks on real notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coteja.checking.engine import checks_of, run_checks
from coteja.checking.public import load_public, public_source, sentences
from coteja.checking.work import Expected, Work
from coteja.course.load import find_course
from coteja.grading.lab import Lab, load_lab
from coteja.model.recording import CallResult, CellError, ProbeRun
from coteja.model.result import Outcome
from coteja.model.values import MISSING, NoValue

ROOT = Path(__file__).parents[2]
CLAIMS: dict[str, Any] = {
    "moved": {"W1": False, "b1": False, "W2": False, "b2": False},
    "best_after_1000": 0.5,
    "best_after_10000": 0.1,
    "rate_behaviour": {0.5: "stuck", 0.1: "converges", 0.01: "crawls"},
    "solves_xor": "mse",
}


@lru_cache(maxsize=1)
def lab() -> Lab:
    return load_lab(find_course(ROOT), "two-layer-network")


def figure(
    *curves: tuple[str, Any], axes: tuple[str, str] = ("iteration", "cost"), legend: bool = True
) -> list[Any]:
    """A figure as the sandbox describes it: one pair of axes, one line a curve."""
    lines = [{"x": np.arange(np.size(y)), "y": np.ravel(y), "label": label} for label, y in curves]
    labels = [label for label, _y in curves] if legend else None
    return [{"title": "", "xlabel": axes[0], "ylabel": axes[1], "xscale": "linear", "yscale": "log", "legend": labels,
             "lines": lines, "scatter": []}]  # fmt: skip


def artefacts(**changes: Any) -> dict[str, Any]:
    """What a perfect notebook leaves behind, but for `changes`; figures show the curves that are then there."""
    found = {**lab().expected.artefacts, **CLAIMS, **changes}
    rates = found["rate_costs"] if isinstance(found["rate_costs"], dict) else {}
    drawn = {
        "start_figure": figure(("random", found["random_costs"]), ("zeros", found["zero_costs"])),
        "rate_figure": figure(*((f"rate {key}", curve) for key, curve in rates.items())),
        "loss_figure": figure(("cross-entropy", found["random_costs"]), ("MSE", found["mse_costs"])),
    }
    return {**drawn, **found}


def call(
    functions: Mapping[str, Callable[..., Any]], case: list[tuple[str, tuple[Any, ...]]]
) -> list[CallResult]:
    """Call functions as the sandbox does: a later step may take what an earlier one returned."""
    returned: list[Any] = []
    results: list[CallResult] = []
    for name, args in case:
        try:
            value = functions[name](*(_resolve(arg, returned) for arg in args))
            returned.append(value)
            results.append(CallResult(value=value))
        except Exception as fault:
            returned.append(None)
            results.append(
                CallResult(error=CellError(name=type(fault).__name__, value=str(fault)), function=name)
            )
    return results


def _resolve(arg: Any, returned: list[Any]) -> Any:
    if isinstance(arg, dict) and "$step" in arg:
        value = returned[arg["$step"]]
        return value[arg["$item"]] if "$item" in arg else value
    return arg


def work(
    functions: Mapping[str, Callable[..., Any]] | None = None, *, known: bool = True, **changes: Any
) -> Work:
    """A student's work: the reference's functions but for `functions`, perfect artefacts but for `changes`."""
    own = {**vars(lab().reference), "initialize_parameters": _start, **(functions or {})}
    cases = lab().draw(7)
    probes = {
        name: ProbeRun(cases=drawn, results=[call(own, case) for case in drawn])
        for name, drawn in cases.items()
    }
    expected = {name: lab().reference_calls(drawn) for name, drawn in cases.items()} if known else {}
    return Work(artefacts=artefacts(**changes), names={}, probes=probes, expected_calls=expected)


def _start(n_x: int, n_h: int, n_y: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {"W1": rng.normal(size=(n_h, n_x)), "b1": rng.normal(size=(n_h, 1)),
            "W2": rng.normal(size=(n_y, n_h)), "b2": rng.normal(size=(n_y, 1))}  # fmt: skip


def outcomes(found: Work) -> dict[str, Outcome]:
    """Every check's outcome; a check's own fault fails the test with its traceback."""

    def raise_it(_check: object, fault: BaseException) -> None:
        raise fault

    return {
        o.check: o for o in run_checks(lab().checks, found, lab().expected_artefacts(), on_error=raise_it)
    }


def lost(found: Mapping[str, Outcome]) -> dict[str, float]:
    """The checks that did not give all their points, with what they gave."""
    return {name: o.points for name, o in found.items() if o.status != "passed"}


def named(found: Mapping[str, Outcome]) -> set[str]:
    """The mistakes that were recognised."""
    return {o.misconception.id for o in found.values() if o.misconception}


def mistake(mistake_id: str) -> dict[str, Any]:
    return dict(lab().expected.mistakes[mistake_id])


def test_perfect_work_gets_every_point():
    found = outcomes(work())
    assert lost(found) == {}
    assert sum(o.points for o in found.values()) == 70


# ------------------------------------------------------------------------------------------- honest variants


def shaped(curve: Any, shape: tuple[int, ...]) -> list[Any]:
    return [np.full(shape, value) for value in curve]


@pytest.mark.parametrize(
    "vary",
    [
        lambda a: {"random_costs": [float(c) for c in a["random_costs"]]},
        lambda a: {"random_costs": shaped(a["random_costs"], (1,)), "mse_costs": shaped(a["mse_costs"], ())},
        lambda a: {"random_costs": a["random_costs"][:1000], "zero_costs": a["zero_costs"][:1000]},
        lambda a: {"mse_costs": a["mse_costs"].reshape(-1, 1).astype(np.float32)},
        lambda a: {"rate_costs": {str(k): list(v) for k, v in a["rate_costs"].items()}},
        lambda a: {"rate_costs": {np.float64(k): v[:10_000].astype(np.float32) for k, v in a["rate_costs"].items()}},
        lambda _a: {"moved": [False, False, False, False]},
        lambda _a: {"moved": {"W1": "no", "b1": "No se movió", "W2": 0, "b2": np.bool_(False)}},
        lambda _a: {"best_after_1000": "0.5", "best_after_10000": np.array([0.1])},
        lambda _a: {"best_after_1000": "After 1000: 0,5.", "best_after_10000": np.float32(0.1)},
        lambda _a: {"rate_behaviour": {"0.5": "Atascada", "0.1": "CONVERGE", "0.01": "va lenta"}},
        lambda _a: {"mse_predictions": 100.0, "cross_entropy_predictions": 75.0},
        lambda _a: {"mse_predictions": np.float64(1.0), "cross_entropy_predictions": 0.75},
        lambda _a: {"mse_predictions": np.array([[False, True, True, False]]), "cross_entropy_predictions": np.array(3)},
        lambda _a: {"mse_predictions": "4/4", "cross_entropy_predictions": "75 %"},
        lambda _a: {"solves_xor": "El error cuadrático medio"},
        lambda _a: {"solves_xor": ["MSE"]},
    ],
)  # fmt: skip
def test_honest_variants_of_results_get_every_point(vary):
    assert lost(outcomes(work(**vary(lab().expected.artefacts)))) == {}


def in_single_precision(name: str) -> Callable[..., Any]:
    def single(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: single(item) for key, item in value.items()}
        return np.asarray(value, dtype=np.float32) if isinstance(value, np.ndarray) else value

    def function(*args: Any) -> Any:
        value = getattr(lab().reference, name)(*(single(arg) for arg in args))
        return np.float32(value) if isinstance(value, float) else value

    return function


@pytest.mark.parametrize(
    "functions",
    [
        {name: in_single_precision(name) for name in
         ("forward_prop", "loss_function", "backward_prop", "mse_function", "backward_prop_mse", "update_parameters")},
        {"loss_function": lambda A2, Y: np.array([lab().reference.loss_function(A2, Y)])},
        {"predict": lambda X, p: lab().reference.predict(X, p).reshape(-1).astype(bool)},
        {"predict": lambda X, p: lab().reference.predict(X, p).astype(float).tolist()},
        {"backward_prop": lambda *a: {k: v.tolist() for k, v in lab().reference.backward_prop(*a).items()}},
    ],
)  # fmt: skip
def test_honest_variants_of_functions_get_every_point(functions):
    assert lost(outcomes(work(functions))) == {}


def test_a_class_without_the_functions_is_proved_by_its_results():
    found = work()
    missing = {
        name: ProbeRun(cases=run.cases, results=[], missing=("forward_prop",))
        for name, run in found.probes.items()
    }
    assert lost(outcomes(Work(artefacts=found.artefacts, names={}, probes=missing))) == {}


# ---------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("mistake_id", "role"),
    [
        (m, role)
        for m in ("gradient-not-changed", "sigmoid-slope-forgotten", "never-updated", "sum-not-mean", "different-starts",
                  "zero-start-unused", "missing-mean-in-gradient", "wrong-sign", "learning-rate-twice", "tanh-slope",
                  "cost-after-update")
        for role in ("random_costs", "zero_costs", "rate_costs", "mse_costs")
        if role in mistake(m)
    ],
)  # fmt: skip
def test_each_mistake_is_named_by_its_trace(mistake_id, role):
    found = outcomes(work(**{role: mistake(mistake_id)[role]}))
    assert mistake_id in named(found)
    assert found[role if role != "rate_costs" else "fair_start"].misconception.id == mistake_id


def test_the_report_that_printed_1_430116_is_called_never_updated():
    found = outcomes(work(**mistake("sum-never-updated")))
    assert found["mse_costs"].misconception.id == "never-updated"


def reference_with(**changes: Callable[[dict[str, Any]], Any]) -> dict[str, Callable[..., Any]]:
    """The reference's functions, each result changed."""

    def changed(name: str, change: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args: change(getattr(lab().reference, name)(*args), *args)

    return {name: changed(name, change) for name, change in changes.items()}


@pytest.mark.parametrize(
    ("functions", "check", "mistake_id"),
    [
        ({"backward_prop_mse": lab().reference.backward_prop}, "gradients_mse", "gradient-not-changed"),
        (
            {"backward_prop_mse": lambda *a: {k: 2 * v for k, v in lab().reference.backward_prop(*a).items()}},
            "gradients_mse", "sigmoid-slope-forgotten",
        ),
        (reference_with(backward_prop=lambda g, X, *_: {k: v * X.shape[1] for k, v in g.items()}), "gradients", "missing-mean-in-gradient"),
        (reference_with(backward_prop=lambda g, *_: {k: -v for k, v in g.items()}), "gradients", "wrong-sign"),
        (reference_with(loss_function=lambda j, _A, Y: j * Y.shape[1]), "loss_values", "sum-not-mean"),
        (reference_with(mse_function=lambda j, _A, Y: j * Y.shape[1]), "mse_values", "sum-not-mean"),
        ({"update_parameters": lambda p, g, r: lab().reference.update_parameters(p, g, -r)}, "update_step", "wrong-sign"),
        ({"update_parameters": lambda p, g, r: lab().reference.update_parameters(p, g, r * r)}, "update_step", "learning-rate-twice"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_by_the_function_that_makes_it(functions, check, mistake_id):
    found = outcomes(work(functions))
    assert found[check].misconception.id == mistake_id
    assert set(lost(found)) == {check}, "one mistake costs its own line"


def test_a_wrong_hidden_layer_keeps_the_points_of_the_output_layer():
    found = outcomes(
        work(reference_with(backward_prop=lambda g, *_: {**g, "dW1": g["dW1"] * 1.3, "db1": g["db1"] * 1.3}))
    )
    assert lost(found) == {"gradients": 2.0}
    assert "output layer" in found["gradients"].next_step.id


@pytest.mark.parametrize("typed", [np.linspace, np.geomspace])
def test_costs_that_are_straight_lines_earn_nothing_and_wait_for_a_person(typed: Callable[..., Any]) -> None:
    rates = {rate: typed(1.05, last, 10_001) for rate, last in ((0.5, 0.001), (0.1, 0.004), (0.01, 0.5))}
    changes = {
        "random_costs": typed(1.05, 0.01, 1001),
        "mse_costs": typed(0.3, 0.01, 1001),
        "rate_costs": rates,
    }
    found = outcomes(work(**changes))
    waiting = {name for name, outcome in found.items() if outcome.look}
    assert {"random_costs", "three_rates", "mse_costs"} <= waiting
    assert sum(found[name].points for name in waiting) == 0


def test_a_cost_that_never_changes_does_not_make_zero_gradients_right():
    flat = {
        "loss_function": lambda _A, _Y: 0.0,
        "backward_prop": lambda *a: {k: 0 * v for k, v in lab().reference.backward_prop(*a).items()},
    }
    assert outcomes(work(flat))["gradients"].status == "failed"


def test_a_loss_that_raises_does_not_cost_the_gradients():
    def broken(_A: Any, _Y: Any) -> float:
        raise ValueError("no")

    assert set(lost(outcomes(work({"loss_function": broken})))) == {"loss_number", "loss_values"}


def test_ones_for_zeros_is_a_constant_start():
    parameters = {
        "W1": np.full((2, 2), 0.8),
        "b1": np.full((2, 1), 0.3),
        "W2": np.full((1, 2), 0.1),
        "b2": np.array([[0.2]]),
    }
    found = outcomes(work(zero_costs=mistake("constant-start")["zero_costs"], zero_parameters=parameters))
    assert found["zero_costs"].misconception.id == "constant-start"
    assert found["zero_parameters"].status == "skipped"


def test_a_bias_that_grew_a_column_is_named():
    parameters = {"W1": np.ones((2, 2)), "b1": np.ones((2, 2)), "W2": np.ones((1, 2)), "b2": np.ones((1, 1))}
    costs = lab().expected.artefacts["random_costs"] * np.linspace(1, 0.9, 1001)
    assert "missing-keepdims" in named(outcomes(work(random_costs=costs, random_parameters=parameters)))


def test_continued_training_is_told_from_other_starts():
    rates = lab().expected.artefacts["rate_costs"]
    chained = {0.5: rates[0.5], 0.1: rates[0.5][-1] - np.linspace(0, 0.3, 10_001) ** 2, 0.01: rates[0.01]}
    assert outcomes(work(rate_costs=chained))["fair_start"].misconception.id == "continued-training"


def test_rates_whose_costs_were_stored_late_still_come_from_one_start():
    late = {rate: curve[1:] for rate, curve in lab().expected.artefacts["rate_costs"].items()}
    assert outcomes(work(rate_costs=late))["fair_start"].status == "passed"


def test_two_runs_of_one_loss_are_called_mislabelled():
    mse = lab().expected.artefacts["mse_costs"]
    found = outcomes(work(loss_figure=figure(("Entropía cruzada", mse * 0.98), ("MSE", mse))))
    assert found["loss_figure"].misconception.id == "mislabelled-curves"
    assert found["loss_figure"].status == "partial"


def test_a_figure_without_names_earns_its_curves():
    a = lab().expected.artefacts
    bare = figure(("_child0", a["random_costs"]), ("_child1", a["zero_costs"]), axes=("", ""), legend=False)
    assert outcomes(work(start_figure=bare))["start_figure"].points == pytest.approx(1.2)


# -------------------------------------------------------------------------------------------------- claims


def test_claims_are_held_against_the_students_own_data():
    own = {
        0.5: 1 - 0.1 * np.linspace(0, 1, 10_001) ** 1.1,
        0.1: 1 - 0.7 * np.linspace(0, 1, 10_001) ** 1.1,
        0.01: 1 - 0.99 * np.linspace(0, 1, 10_001) ** 1.1,
    }
    claim = {
        "best_after_1000": 0.01,
        "best_after_10000": 0.01,
        "rate_behaviour": {0.5: "lenta", 0.1: "lenta", 0.01: "converge"},
    }
    found = outcomes(work(rate_costs=own, **claim))
    assert all(
        found[name].status == "passed" for name in ("best_after_1000", "best_after_10000", "behaviour_claim")
    )


@pytest.mark.parametrize("several", ["0.5 0.1 0.01", "0.5, 0.1", "0.1 or 0.5", "0,5 y 0,1"])
def test_a_claim_that_names_several_rates_is_for_a_person(several):
    found = outcomes(work(best_after_1000=several))["best_after_1000"]
    assert found.look
    assert found.points == 0


@pytest.mark.parametrize(
    ("said", "look"),
    [
        ("3 of 4", False),
        ("75 % (3 de 4)", False),
        ("3, not 4", False),
        ("of the 4, 3", True),
        ("de 4, 3", True),
    ],
)
def test_a_count_among_other_numbers_is_read_or_is_for_a_person(said, look):
    found = outcomes(work(cross_entropy_predictions=said))
    assert any(o.look for o in found.values()) == look
    assert (lost(found) == {}) != look


def test_words_that_nobody_foresaw_are_for_a_person():
    found = outcomes(work(rate_behaviour={0.5: "oscila", 0.1: "converge", 0.01: "lenta"}))
    assert found["behaviour_claim"].look
    assert found["behaviour_claim"].points == pytest.approx(1.33)


@given(
    st.sampled_from(["mse", "entropia cruzada", "both", "ninguna"]),
    st.booleans(),
    st.sampled_from(["", " ", ".", "'"]),
)
def test_a_claim_is_read_in_any_case_and_dress(word, upper, dress):
    text = dress + (word.upper() if upper else word) + dress
    found = outcomes(Work(artefacts=artefacts(solves_xor=text), names={}))["fair_claim"]
    assert (found.status == "passed") is (word == "mse")
    assert not found.look


# ------------------------------------------------------------------------------------------------- robustness

ROLES = sorted(artefacts())
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5) | st.just(MISSING)
    | st.just(NoValue("opaque", "builtins.ellipsis")) | st.just(NoValue("function", "f")) | st.binary(max_size=3)
    | st.sampled_from([np.array([]), np.zeros((0, 3)), np.full(1001, np.nan), np.array("x"), np.array([1j, 2]),
                       np.zeros((2, 2, 2)), np.full(10_001, np.inf), np.array([True, False])]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["W1", "b1", "W2", 0.5, "0.1", 0.01, (1,)]), inner, max_size=4)
    | st.tuples(inner, inner),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(ROLES), JUNK, min_size=1, max_size=4))
def test_no_value_makes_a_check_fail_itself(changes):
    found = outcomes(Work(artefacts={**artefacts(), **changes}, names={}))
    assert all(0 <= o.points <= o.max_points for o in found.values())


FUNCTIONS = ["forward_prop", "loss_function", "backward_prop", "update_parameters", "predict", "initialize_parameters",
             "mse_function", "backward_prop_mse"]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FUNCTIONS), JUNK, min_size=1, max_size=3))
@example({"forward_prop": (1.8446743798831643e19, None)})  # a cost that single precision cannot hold
@example({"forward_prop": np.array([1j, 2])})
def test_nothing_that_a_function_returns_makes_a_check_fail_itself(returned):
    functions = {name: (lambda *_args, _value=value: _value) for name, value in returned.items()}
    outcomes(work(functions))
    outcomes(work(functions, known=False))


def test_empty_work_gets_nothing_and_no_one_is_blamed_twice():
    missing = dict.fromkeys(ROLES, MISSING)
    found = outcomes(Work(artefacts=missing, names={}))
    assert sum(o.points for o in found.values()) == 0
    assert not any(o.look or o.status == "error" or o.misconception for o in found.values())


# ------------------------------------------------------------------- what earns nothing without right work


def test_a_loss_for_each_example_is_not_their_mean():
    found = outcomes(work({"mse_function": lambda A2, Y: (A2 - Y) ** 2}))
    assert found["mse_values"].points == 0


def test_gradients_of_a_cost_that_three_parameters_never_change_earn_the_fourth_alone():
    def of_b2(parameters: Mapping[str, Any]) -> float:
        return float(1 / (1 + np.exp(-parameters["b2"].sum())))

    def slope(X: Any, Y: Any, cache: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
        a = of_b2(parameters)
        zero = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
        return {**zero, "db2": np.full((1, 1), a * (1 - a))}

    found = outcomes(
        work(
            {
                "forward_prop": lambda X, parameters: (np.full((1, X.shape[1]), of_b2(parameters)), {}),
                "loss_function": lambda A2, _Y: float(A2[0, 0]),
                "backward_prop": slope,
            }
        )
    )
    assert found["gradients"].points == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nothing_can_be_claimed_of_curves_without_a_number(value):
    nowhere = np.full(10_001, value)
    nowhere[0] = 0.7
    found = outcomes(work(rate_costs=dict.fromkeys((0.5, 0.1, 0.01), nowhere)))
    assert sum(o.points for o in found.values() if o.question == "q2") == 0


def test_a_claim_about_parameters_that_are_not_there_earns_nothing():
    found = outcomes(work(zero_parameters={"b2": 0.0}))
    assert found["moved_claim"].points == 0.5
    empty = outcomes(work(zero_parameters={"W1": [], "b1": [], "W2": [], "b2": []}))
    assert empty["zero_parameters"].points == 0


def test_a_line_that_bears_both_names_bears_neither():
    rates = lab().expected.artefacts["rate_costs"]
    drawn = figure(*((f"0.5 0.1 {key}" if key != 0.01 else "0.01", curve) for key, curve in rates.items()))
    assert outcomes(work(rate_figure=drawn))["rate_figure"].points < 4


def test_no_line_of_evidence_holds_a_number_that_a_page_cannot_write():
    curves = {0.5: np.full(10_001, np.nan), 0.1: np.full(10_001, np.inf), 0.01: np.linspace(1, 0, 10_001)}
    found = outcomes(work(rate_costs=curves, random_costs=np.full(1001, np.nan)))
    shown = [x for o in found.values() for c in o.comparisons for x in (c.expected, c.found)]
    assert all(np.isfinite(x) for x in shown if isinstance(x, float))


# ----------------------------------------------------------------------------------- the student's own look


def own_look(found: Work) -> dict[str, Outcome]:
    checks = checks_of(load_public(public_source(lab().grader_source, "grader", lab().neighbours)))
    run = run_checks(checks, found, Expected({}, {}), on_error=lambda _c, fault: (_ for _ in ()).throw(fault))
    return {o.check: o for o in run}


def test_public_checks_pass_perfect_work_without_knowing_anything():
    found = own_look(work(known=False))
    assert lost(found) == {}
    assert {o.question for o in found.values()} == {"q1", "q2", "q3"}


def test_what_travels_holds_no_answer():
    source = public_source(lab().grader_source, "grader", lab().neighbours)
    assert "KNOWS_NOTHING" not in source
    assert "np.tanh" not in source
    assert not re.search(r"0\.693|ln 2|twins|any other constant", source)


def test_public_checks_see_a_wrong_gradient():
    found = own_look(work({"backward_prop_mse": lab().reference.backward_prop}, known=False))
    assert lost(found) == {"gradients_mse": 0.0}


# ------------------------------------------------------------------------------------------------ translation


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_sentence_that_an_outcome_can_say_reads_in_both_languages(language):
    say = lab().translator(language)
    seen = [
        outcomes(work(**{role: value})) for m in lab().expected.mistakes for role, value in mistake(m).items()
    ]
    for found in (*seen, outcomes(work()), outcomes(Work(artefacts={}, names={}))):
        for o in found.values():
            texts = [o.title, o.message, *(c.label for c in o.comparisons)]
            texts += [o.next_step] if o.next_step else []
            for text in texts:
                assert "{" not in say.say(text)
    if language == "es":
        own = sentences(lab().grader_source)
        same = [s for s in own if say.text_of(s) == s]
        assert same == []
