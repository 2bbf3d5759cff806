"""Models and histories read from what a student's process said of them, whatever that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.checking import Work, history_curves, loss_curve, loss_name, read_history, read_model
from coteja.checking.work import Unmet
from coteja.model.values import NoValue

DENSE = {
    "class": "Dense", "name": "dense", "units": 1, "activation": "linear",
    "weights": [np.array([[2.0], [-3.0]], np.float32), np.array([5.0], np.float32)],
}  # fmt: skip
MODEL = {
    "class": "Sequential", "layers": [DENSE], "weights": DENSE["weights"], "loss": "mse",
    "optimizer": {"class": "SGD", "learning_rate": np.float32(0.02), "momentum": 0.0},
    "history": {"class": "History", "epoch": [0, 1], "history": {"loss": [9.0, 1.0]}, "params": {"steps": 32}},
}  # fmt: skip


def work(**artefacts: Any) -> Work:
    return Work(artefacts=artefacts, names={"model": "modelo", "history": "historial"})


def test_a_model_is_read_whole():
    model = read_model(work(model=MODEL), "model")
    assert (model.kind, model.optimizer, model.loss) == ("Sequential", "SGD", "mse")
    assert model.learning_rate == pytest.approx(0.02)
    assert model.kernel.shape == (2, 1)
    assert model.bias.tolist() == [5.0]
    assert [layer.units for layer in model.trained_layers] == [1]


def test_weights_of_a_model_without_layers_count():
    model = read_model(work(model={**MODEL, "layers": []}), "model")
    assert model.kernel.reshape(-1).tolist() == [2.0, -3.0]
    assert model.trained_layers == ()


@pytest.mark.parametrize("value", [NoValue("missing"), NoValue("function", "f"), 5, "model", [], {}, {"layers": 5}])  # fmt: skip
def test_what_is_no_model_ends_the_check_with_a_sentence(value):
    with pytest.raises(Unmet) as ended:
        read_model(work(model=value), "model")
    assert "{name}" in ended.value.verdict.message.id


@pytest.mark.parametrize(
    ("said", "short"),
    [("mse", "mse"), ("mean_squared_error", "mse"), ("MeanSquaredError", "mse"), ("Huber", "huber"), ("huber_loss", "huber"),
     ("MeanAbsoluteError", "mae"), ("mi_perdida", "mi_perdida"), (None, ""), (5, "")],
)  # fmt: skip
def test_a_loss_has_one_short_name(said, short):
    assert loss_name(said) == short


@pytest.mark.parametrize(
    "value",
    [MODEL["history"], {"loss": [9.0, 1.0]}, [9.0, 1.0], np.array([[9.0], [1.0]]), (np.array(9.0), np.array([1.0])),
     {"loss": np.array([9, 1]), "mae": "x"}],
)  # fmt: skip
def test_a_history_in_any_of_its_shapes(value):
    assert loss_curve(work(history=value), "history").tolist() == [9.0, 1.0]


def test_a_history_that_was_not_kept_is_the_models():
    assert loss_curve(work(model=MODEL), "history", model="model").tolist() == [9.0, 1.0]
    with pytest.raises(Unmet, match="no variable"):
        loss_curve(work(model={**MODEL, "history": None}), "history", model="model")
    with pytest.raises(Unmet, match="no variable"):
        read_history(work(), "history", model="model")


@pytest.mark.parametrize("value", [5, "x", {}, {"loss": "x"}, [], [[1, 2], [3, 4]], {"history": 5}, np.zeros((2, 2))])  # fmt: skip
def test_what_is_no_history_ends_the_check_with_a_sentence(value):
    with pytest.raises(Unmet, match="not a training history"):
        read_history(work(history=value), "history")


def test_a_history_without_losses_says_so():
    with pytest.raises(Unmet, match="loss"):
        loss_curve(work(history={"mae": [1.0]}), "history")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.binary(max_size=3)
    | st.sampled_from([NoValue("cut"), np.zeros((0, 2)), np.array("x"), np.array([1j]), np.full((2, 1), np.nan), 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner)
    | st.dictionaries(st.sampled_from(["class", "layers", "weights", "units", "history", "loss", "optimizer", 5, None]), inner, max_size=5),
    max_leaves=10,
)  # fmt: skip


@given(JUNK, st.dictionaries(st.sampled_from(sorted(MODEL)), JUNK))
def test_no_value_makes_reading_fail(value, changes):
    for model in (value, {**MODEL, **changes}, {**MODEL, "layers": [{**DENSE, **changes}]}):
        for look in (read_model, read_history, loss_curve):
            try:
                found = look(work(model=model), "model")
            except Unmet:
                continue
            if look is read_model:
                assert found.kernel.ndim == 2
                assert found.bias.ndim == 1
    history_curves(value)
