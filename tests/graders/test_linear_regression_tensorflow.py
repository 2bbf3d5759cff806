"""Lab A, part 2: honest variants pass, each mistake is named, nothing a student leaves behind makes a check fail itself.

A student's work is built by hand here, from the stored expected artefacts; TensorFlow is not needed. The sample class runs
the same checks on real notebooks.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coteja.checking import history_curves
from coteja.checking.engine import checks_of, run_checks
from coteja.checking.public import load_public, public_source
from coteja.checking.work import Expected, Work
from coteja.course.load import find_course
from coteja.grading.lab import Lab, load_lab
from coteja.model.recording import CellError
from coteja.model.result import Outcome
from coteja.model.values import MISSING, NoValue

ROOT = Path(__file__).parents[2]
RATES = (0.0001, 0.001, 0.1, 1.0)
CLAIMS: dict[str, Any] = {
    "updates_per_epoch": {1000: 32, 100_000: 3125},
    "answer_changes": False,
    "behaviour": {0.0001: "slow", 0.001: "good", 0.1: "diverges", 1.0: "nan"},
    "line_45": {0.0001: False, 0.001: True, 0.1: False, 1.0: False},
    "best_rate": 0.001,
    "robust_loss": "huber",
    "slower_loss": "huber",
}


@lru_cache(maxsize=1)
def lab() -> Lab:
    return load_lab(find_course(ROOT), "linear-regression-tensorflow")


def model(fit: Any, losses: Any, *, loss: str = "mse", **changes: Any) -> dict[str, Any]:
    """A model of one neuron as the sandbox describes it."""
    w = [np.array(fit[:2], np.float32).reshape(2, 1), np.array(fit[2:], np.float32)]
    dense = {"class": "Dense", "name": "dense", "units": 1, "activation": "linear", "weights": w}
    made = {
        "class": "Sequential", "layers": [dense], "weights": w, "loss": loss,
        "optimizer": {"class": "SGD", "learning_rate": np.float32(0.02), "momentum": 0.0},
        "history": history(losses),
    }  # fmt: skip
    return {**made, **changes}


def history(losses: Any, steps: int = 32) -> dict[str, Any]:
    losses = [float(x) for x in np.ravel(losses)]
    return {"class": "History", "epoch": list(range(len(losses))), "history": {"loss": losses}, "params": {"steps": steps}}  # fmt: skip


def figure(*curves: tuple[str, Any], axes: tuple[str, str] = ("epoch", "loss"), legend: bool = True) -> list[Any]:  # fmt: skip
    lines = [{"x": np.arange(np.size(y)), "y": np.ravel(y), "label": label} for label, y in curves]
    labels = [label for label, _y in curves] if legend else None
    return [{"title": "", "xlabel": axes[0], "ylabel": axes[1], "xscale": "linear", "yscale": "log", "legend": labels,
             "lines": lines, "scatter": []}]  # fmt: skip


def cloud(shift: float = 0.0, slope: float = 1.0, n: int = 1000) -> list[Any]:
    """Outputs against targets: on the 45-degree line but for noise, a shift and a slope."""
    rng = np.random.default_rng(4)
    targets = rng.uniform(-45, 55, size=n)
    points = np.column_stack([targets, slope * targets + shift + rng.uniform(-1, 1, size=n)])
    drawn = figure(axes=("targets", "outputs"), legend=False)
    drawn[0]["scatter"] = [points]
    return drawn


def truth() -> dict[str, Any]:
    return copy.deepcopy(dict(lab().expected.artefacts))


def artefacts(**changes: Any) -> dict[str, Any]:
    """What a perfect notebook leaves behind, but for `changes`; models and figures fit what is then there."""
    found = {**truth(), **CLAIMS, "seconds_per_epoch": {1000: 0.03, 100_000: 2.5}, **changes}
    fit = np.concatenate([np.ravel(truth()["weights"]), np.ravel(truth()["biases"])])
    found["history"] = changes.get("history", history(truth()["history"]))
    found["clean_fits"] = changes.get("clean_fits", {**truth()["clean_fits"], "mse": fit})
    made = {
        "model": model(fit, truth()["history"]),
        "huber_model": model(truth()["clean_fits"]["huber"], truth()["huber_history"], loss="Huber"),
        "result_figure": cloud(),
    }
    rates = found["rate_histories"] if isinstance(found["rate_histories"], dict) else {}
    made["rate_figure"] = figure(
        *((f"rate {key}", history_curves(curve)["loss"]) for key, curve in rates.items())
    )
    return {**made, **found}


def work(raised: Mapping[str, list[CellError]] | None = None, **changes: Any) -> Work:
    return Work(artefacts=artefacts(**changes), names={}, raised=raised or {})


def outcomes(found: Work) -> dict[str, Outcome]:
    """Every check's outcome; a check's own fault fails the test with its traceback."""

    def raise_it(_check: object, fault: BaseException) -> None:
        raise fault

    return {o.check: o for o in run_checks(lab().checks, found, lab().expected_artefacts(), on_error=raise_it)}  # fmt: skip


def lost(found: Mapping[str, Outcome]) -> dict[str, float]:
    return {name: o.points for name, o in found.items() if o.status != "passed"}


def named(found: Mapping[str, Outcome]) -> set[str]:
    return {o.misconception.id for o in found.values() if o.misconception}


def mistake(mistake_id: str) -> dict[str, Any]:
    return copy.deepcopy(dict(lab().expected.mistakes[mistake_id]))


def test_perfect_work_gets_every_point():
    found = outcomes(work())
    assert lost(found) == {}
    assert sum(o.points for o in found.values()) == 70


# ------------------------------------------------------------------------------------------- honest variants


def whole(fit: Any) -> list[Any]:
    """What get_weights returns."""
    return [np.array(fit[:2], np.float32).reshape(2, 1), np.array(fit[2:], np.float32)]


def subclass(m: dict[str, Any]) -> dict[str, Any]:
    return {**m, "class": "Neuron"}


def functional(m: dict[str, Any]) -> dict[str, Any]:
    empty = {"class": "InputLayer", "name": "in", "units": None, "activation": "", "weights": []}
    return {**m, "class": "Functional", "layers": [empty, *m["layers"]]}


@pytest.mark.parametrize(
    "vary",
    [
        lambda a: {"model": subclass(a["model"])},
        lambda a: {"model": functional(a["model"])},
        lambda a: {"model": {**a["model"], "layers": []}},
        lambda a: {"model": {**a["model"], "loss": "MeanSquaredError"}},
        lambda a: {"history": a["history"]["history"]},
        lambda a: {"history": a["history"]["history"]["loss"]},
        lambda _a: {"history": MISSING},
        lambda a: {"weights": np.ravel(a["weights"]).tolist(), "biases": float(np.ravel(a["biases"])[0])},
        lambda a: {"weights": whole([*np.ravel(a["weights"]), *np.ravel(a["biases"])]),
                   "biases": whole([*np.ravel(a["weights"]), *np.ravel(a["biases"])])},
        lambda a: {"large_history": history(a["large_history"], 3125)},
        lambda _a: {"seconds_per_epoch": {"1000": np.float64(0.1), "100000": np.array([0.11])}},
        lambda _a: {"updates_per_epoch": [32, 3125.0]},
        lambda _a: {"updates_per_epoch": {"1000": "32", 100000: np.int64(3125)}, "answer_changes": "No, es la misma"},
        lambda a: {"rate_histories": {str(k): history(v) for k, v in a["rate_histories"].items()}},
        lambda a: {"rate_histories": {k: {"loss": list(v)} for k, v in a["rate_histories"].items()}},
        lambda a: {"rate_histories": {k: v[: 1 if k > 0.01 else None] for k, v in a["rate_histories"].items()}},
        lambda a: {"rate_weights": {k: whole([*np.ravel(v), *np.ravel(a["rate_biases"][k])]) for k, v in a["rate_weights"].items()},
                   "rate_biases": MISSING},
        lambda a: {"rate_biases": {k: float(v[0]) for k, v in a["rate_biases"].items()}},
        lambda _a: {"behaviour": ["Lenta", "BUENA.", "Diverge (NaN)", "nan"]},
        lambda _a: {"behaviour": {"0.0001": "muy lenta", "0.001": "buena", "0.1": "nan", "1": "diverge"}},
        lambda _a: {"line_45": {0.0001: "sí", 0.001: "sí", 0.1: "no", 1.0: "no"}},
        lambda _a: {"best_rate": "0.001"},
        lambda a: {"clean_fits": {"MSE": a["clean_fits"]["mse"].tolist(), "Huber": whole(a["clean_fits"]["huber"])}},
        lambda _a: {"robust_loss": "La pérdida de Huber", "slower_loss": ["HUBER"]},
        lambda a: {"huber_model": {**a["huber_model"], "loss": "huber_loss"}},
        lambda _a: {"epochs_by_loss": {"mse": np.int64(2), "huber": 11.0}},
        lambda _a: {"result_figure": cloud(n=60)},
    ],
)  # fmt: skip
def test_honest_variants_get_every_point(vary):
    assert lost(outcomes(work(**vary(artefacts())))) == {}


def test_points_of_a_line_are_as_good_as_a_scatter_plot():
    drawn = cloud()
    points = drawn[0]["scatter"].pop()
    drawn[0]["lines"] = [{"x": points[:, 1], "y": points[:, 0], "label": "_child0"}]
    assert lost(outcomes(work(result_figure=drawn))) == {}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_chance_does_to_honest_numbers_costs_nothing(seed):
    """Four standard deviations of the reference's own runs, in any direction."""
    rng = np.random.default_rng(seed)

    def shaken(role: str, value: Any, key: Any = None) -> Any:
        deviation = lab().expected.deviations[role]
        deviation = deviation[key] if key is not None else deviation
        return np.asarray(value) + rng.uniform(-4, 4, size=np.shape(value)) * np.asarray(deviation)

    a = truth()
    changes: dict[str, Any] = {
        role: shaken(role, a[role]) for role in ("weights", "biases", "large_weights", "large_biases")
    }
    for role in ("rate_weights", "rate_biases", "outlier_fits", "clean_fits"):
        changes[role] = {key: shaken(role, value, key) for key, value in a[role].items()}
    fit = np.concatenate([np.ravel(changes["weights"]), np.ravel(changes["biases"])])
    changes["model"] = model(fit, a["history"])
    changes["clean_fits"]["mse"] = fit
    changes["huber_model"] = model(changes["clean_fits"]["huber"], a["huber_history"], loss="Huber")
    assert lost(outcomes(work(**changes))) == {}


# ---------------------------------------------------------------------------------------------- mistakes


def test_a_bias_of_0_89_is_called_stopped_early():
    wrong = mistake("stopped-early")
    fit = [*np.ravel(wrong["weights"]), *np.ravel(wrong["biases"])]
    found = outcomes(work(**wrong, model=model(fit, wrong["history"])))
    assert found["weights"].misconception.id == "stopped-early"
    assert found["final_loss"].status == "partial"


def test_an_integer_rate_is_named_where_keras_refused_it():
    three = {rate: curve for rate, curve in truth()["rate_histories"].items() if rate != 1.0}
    refused = CellError(
        name="ValueError",
        value="Argument `learning_rate` should be float, or an instance of LearningRateSchedule, [...] Received instead: learning_rate=1",
    )
    found = outcomes(work({"q2": [refused]}, rate_histories=three))
    assert found["four_rates"].misconception.id == "integer-rate"
    assert found["four_rates"].points == 1.5
    assert found["rate_values"].points == 4.5
    assert named(outcomes(work(rate_histories=three))) == set()


def test_training_that_goes_on_is_told_from_new_models():
    found = outcomes(work(**mistake("continued-training")))
    assert found["fresh_models"].misconception.id == "continued-training"
    diverged_first = {rate: np.full(30, np.nan) for rate in RATES}
    assert outcomes(work(rate_histories=diverged_first))["fresh_models"].misconception.id == "continued-training"  # fmt: skip


def test_a_loss_that_was_not_changed_in_compile_is_named():
    wrong = mistake("loss-not-changed")
    made = model(wrong["clean_fits"]["huber"], wrong["huber_history"], loss="mse")
    found = outcomes(
        work(**wrong, model=model(wrong["clean_fits"]["mse"], truth()["history"]), huber_model=made)
    )
    assert found["huber_compiled"].misconception.id == "loss-not-changed"
    assert found["outlier_fits"].misconception.id == "loss-not-changed"


def test_outliers_that_were_never_used_are_named():
    assert named(outcomes(work(**mistake("no-outliers")))) == {"no-outliers"}


def test_numbers_typed_in_are_not_the_models():
    found = outcomes(work(weights=[[2.0], [-3.0]], biases=[5.0]))
    assert found["weights"].misconception.id == "typed-in"
    assert found["weights"].points == 2.0
    fits = {"mse": [2, -3, 5], "huber": [2, -3, 5]}
    trained = model(np.array([2.03, -2.98, 4.97]), truth()["history"])
    assert outcomes(work(clean_fits=fits, model=trained))["clean_fits"].misconception.id == "typed-in"


def test_a_model_trained_once_more_for_the_comparison_is_honest():
    fits = {"mse": np.array([2.061, -3.013, 4.957], np.float32), "huber": truth()["clean_fits"]["huber"]}
    assert outcomes(work(clean_fits=fits))["clean_fits"].status == "passed"


def test_numbers_without_a_model_count_half():
    found = outcomes(work(model=MISSING, weights=[2, -3], biases=5))
    assert found["weights"].points == 2.0
    assert found["one_neuron"].points == 0


@pytest.mark.parametrize(
    ("claim", "check", "mistake_id"),
    [
        ({"updates_per_epoch": {1000: 1000, 100_000: 100_000}}, "updates", "observations-for-iterations"),
        ({"behaviour": ["slow", "good", "oscila", "nan"]}, "behaviour_claim", "oscillates-only"),
        ({"behaviour": ["slow", "good", "diverges", "good"]}, "behaviour_claim", "nan-as-success"),
        ({"behaviour": ["good", "good", "diverges", "nan"]}, "behaviour_claim", "stopped-early"),
        ({"line_45": [False, True, True, False]}, "line_claim", "line-at-divergence"),
        ({"best_rate": 1.0}, "best_rate_claim", "nan-as-success"),
    ],
)
def test_a_claim_against_ones_own_data_is_named(claim, check, mistake_id):
    found = outcomes(work(**claim))
    assert found[check].misconception.id == mistake_id
    assert set(lost(found)) == {check}


@pytest.mark.parametrize(
    ("change", "check", "mistake_id"),
    [
        ({"optimizer": {"class": "SGD", "learning_rate": 0.01, "momentum": 0.0}}, "compiled", "default-rate"),
        ({"layers": [{"class": "Dense", "units": 1, "activation": "relu", "weights": whole([2, -3, 5])}]}, "one_neuron", "activation"),
        ({"layers": [{"class": "Dense", "units": 1, "activation": "linear", "weights": whole([2, -3, 5])[:1]}],
          "weights": whole([2, -3, 5])[:1]}, "one_neuron", "no-bias"),
    ],
)  # fmt: skip
def test_a_model_that_is_another_one_is_named(change, check, mistake_id):
    found = outcomes(work(model={**artefacts()["model"], **change}))
    assert found[check].misconception.id == mistake_id
    assert 0 < found[check].points < found[check].max_points


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": None},
        {"loss": "<lambda>"},
        {"layers": [{"class": "MyOwn", "units": None, "activation": "", "weights": whole([2, -3, 5]) * 2}]},
    ],
)  # fmt: skip
def test_a_model_that_nobody_foresaw_is_for_a_person(change):
    found = outcomes(work(model={**artefacts()["model"], **change}))
    assert found["one_neuron"].look or found["compiled"].look


def test_curves_under_each_others_names_are_named():
    curves = truth()["rate_histories"]
    drawn = figure(
        ("0.0001", curves[0.001]), ("0.001", curves[0.0001]), ("0.1", curves[0.1]), ("1", curves[1.0])
    )
    found = outcomes(work(rate_figure=drawn))["rate_figure"]
    assert found.misconception.id == "mislabelled-curves"
    assert 0 < found.points < 4


def test_a_figure_without_names_earns_its_curves():
    curves = truth()["rate_histories"]
    bare = figure(*((f"_child{i}", curve) for i, curve in enumerate(curves.values())), axes=("", ""), legend=False)  # fmt: skip
    found = outcomes(work(rate_figure=bare))["rate_figure"]
    assert found.points == pytest.approx(4 * 2 / 6, abs=0.01)
    assert found.picture is not None


def test_points_beside_the_diagonal_earn_labels_and_points():
    found = outcomes(work(result_figure=cloud(slope=0.4)))["result_figure"]
    assert found.status == "partial"
    assert [series.kind for series in found.picture.series] == ["expected", "found"]
    bare = outcomes(work(result_figure=figure(legend=False)))["result_figure"]
    assert [series.kind for series in bare.picture.series] == ["expected"]


def test_time_is_judged_by_relation_alone():
    slow_machine = {1000: 40.0, 100_000: 41.0}
    assert lost(outcomes(work(seconds_per_epoch=slow_machine))) == {}
    found = outcomes(work(seconds_per_epoch={1000: 2.0, 100_000: 1.0}))["slower_epochs"]
    assert found.points == 1.5


def test_words_that_nobody_foresaw_are_for_a_person():
    found = outcomes(work(behaviour=["slow", "good", "se va al cielo", "nan"]))
    assert found["behaviour_claim"].look
    assert found["behaviour_claim"].points == 3


def test_claims_are_held_against_the_students_own_data():
    own = {0.0001: np.linspace(400, 0.4, 30), 0.001: np.linspace(400, 9, 30), 0.1: np.linspace(400, 0.5, 30), 1.0: np.linspace(400, 0.6, 30)}  # fmt: skip
    said = {"behaviour": ["good", "slow", "good", "good"], "best_rate": 0.0001}
    found = outcomes(work(rate_histories=own, **said))
    assert {found[name].status for name in ("behaviour_claim", "best_rate_claim")} == {"passed"}


# ------------------------------------------------------------------------------------------------- robustness

ROLES = sorted(artefacts())
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5) | st.just(MISSING)
    | st.just(NoValue("opaque", "builtins.ellipsis")) | st.just(NoValue("function", "f")) | st.binary(max_size=3)
    | st.sampled_from([np.array([]), np.zeros((0, 3)), np.full(30, np.nan), np.array("x"), np.array([1j, 2]),
                       np.zeros((2, 2, 2)), np.full(30, np.inf), np.array([True, False]), np.zeros((2, 1)), 10**400]),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner)
    | st.dictionaries(st.sampled_from(["layers", "weights", "history", "loss", "params", "steps", "optimizer", "mse", "huber",
                                       0.0001, "0.001", 0.1, 1, 1000, (1,)]), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(ROLES), JUNK, min_size=1, max_size=4))
def test_no_value_makes_a_check_fail_itself(changes):
    found = outcomes(Work(artefacts={**artefacts(), **changes}, names={}))
    assert all(0 <= o.points <= o.max_points for o in found.values())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["model", "huber_model", "history"]), st.sampled_from(["layers", "weights", "optimizer", "loss", "history", "params"]), JUNK)  # fmt: skip
def test_no_part_of_a_model_makes_a_check_fail_itself(role, part, value):
    outcomes(work(**{role: {**artefacts()[role], part: value}}))


def test_empty_work_gets_nothing_and_no_one_is_blamed_twice():
    found = outcomes(Work(artefacts=dict.fromkeys(ROLES, MISSING), names={}))
    assert sum(o.points for o in found.values()) == 0
    assert not any(o.look or o.status == "error" or o.misconception for o in found.values())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_curves_without_a_number_earn_little_and_print_well(value):
    nowhere = {rate: np.full(30, value) for rate in RATES}
    found = outcomes(
        work(rate_histories=nowhere, rate_weights={rate: np.full((2, 1), value) for rate in RATES})
    )
    assert found["rate_figure"].points == found["fresh_models"].points * 0 == 0
    shown = [x for o in found.values() for c in o.comparisons for x in (c.expected, c.found)]
    assert all(np.isfinite(x) for x in shown if isinstance(x, float))


# ----------------------------------------------------------------------------------- the student's own look


def own_look(found: Work) -> dict[str, Outcome]:
    checks = checks_of(load_public(public_source(lab().grader_source, "grader", lab().neighbours)))
    run = run_checks(checks, found, Expected({}, {}), on_error=lambda _c, fault: (_ for _ in ()).throw(fault))
    return {o.check: o for o in run}


def test_public_checks_pass_perfect_work_without_knowing_anything():
    found = own_look(work())
    assert lost(found) == {}
    assert {o.question for o in found.values()} == {"base", "q1", "q2", "q3"}


def test_what_travels_holds_no_answer():
    source = public_source(lab().grader_source, "grader", lab().neighbours)
    assert not re.search(r"3125|TRUE|best_rate|line_45|NAN_AS|robust", source)


def test_public_checks_see_a_loss_that_was_not_changed():
    found = own_look(work(huber_model=artefacts()["model"]))
    assert lost(found) == {"huber_compiled": 2.0}


# ------------------------------------------------------------------------------------------------ translation


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_sentence_that_an_outcome_can_say_reads_in_both_languages(language):
    say = lab().translator(language)
    seen = [outcomes(work(**mistake(m))) for m in lab().expected.mistakes]
    for found in (*seen, outcomes(work()), outcomes(Work(artefacts={}, names={}))):
        for o in found.values():
            texts = [o.title, o.message, *(c.label for c in o.comparisons)]
            texts += [o.next_step] if o.next_step else []
            for text in texts:
                assert "{" not in say.say(text)
    if language == "es":
        assert lab().untranslated("es") == []
