"""Real Keras objects as the sandbox describes them, in a process of its own; skipped where TensorFlow is not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="TensorFlow is not installed: pip install 'coteja[tensorflow]'"
)

SCRIPT = """
import json, sys
import keras, numpy as np, tensorflow as tf
from coteja.model.codec import decode
from coteja.sandbox.capture import Encoder

class Neuron(keras.Model):
    def __init__(self):
        super().__init__(); self.out = keras.layers.Dense(1)
    def call(self, x): return self.out(x)

def functional():
    x = tf.keras.layers.Input((2,)); return tf.keras.models.Model(x, keras.layers.Dense(1, use_bias=False)(x))

def own_loss(y, p): return keras.ops.mean((y - p) ** 2)

x, y = np.zeros((64, 2)), np.zeros((64, 1))
made = {
    "sequential": (keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), keras.optimizers.SGD(0.02), "mse"),
    "subclass": (Neuron(), keras.optimizers.SGD(0.02, momentum=0.9), keras.losses.Huber()),
    "functional": (functional(), "adam", own_loss),
    "relu": (keras.Sequential([keras.layers.Dense(1), keras.layers.ReLU()]), "sgd", keras.losses.huber),
    "list": (keras.Sequential([keras.layers.Dense(1, "tanh")]), keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)), ["mae"]),
}
told = {}
for name, (model, optimizer, loss) in made.items():
    model.compile(optimizer=optimizer, loss=loss)
    history = model.fit(x, y, epochs=2, verbose=0)
    told[name] = model
told["history"] = history
told["unbuilt"] = keras.Sequential([keras.layers.Dense(1)])
told["layer"] = keras.layers.Dense(1)
encoder = Encoder()
plain = {name: decode(encoder.encode(value), encoder.buffers) for name, value in told.items()}
def jsonable(value):
    if isinstance(value, np.ndarray): return value.tolist()
    if isinstance(value, dict): return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)): return [jsonable(v) for v in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else repr(value)
json.dump(jsonable(plain), sys.stdout)
"""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=180,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def test_layers_and_weights(told: dict[str, Any]) -> None:
    (dense,) = told["sequential"]["layers"]
    assert (dense["class"], dense["units"], dense["activation"]) == ("Dense", 1, "linear")
    kernel, bias = dense["weights"]
    assert (len(kernel), len(kernel[0]), len(bias)) == (2, 1, 1)
    assert told["subclass"]["class"] == "Neuron"
    assert [layer["class"] for layer in told["subclass"]["layers"]] == ["Dense"]
    assert [layer["class"] for layer in told["functional"]["layers"]] == ["InputLayer", "Dense"]
    assert len(told["functional"]["layers"][1]["weights"]) == 1
    assert [layer["class"] for layer in told["relu"]["layers"]] == ["Dense", "ReLU"]
    assert told["list"]["layers"][0]["activation"] == "tanh"


def test_what_a_model_was_compiled_with(told: dict[str, Any]) -> None:
    models = {name: m for name, m in told.items() if isinstance(m, dict) and m.get("optimizer")}
    compiled = {name: (m["optimizer"]["class"], m["loss"]) for name, m in models.items()}
    assert compiled["sequential"] == ("SGD", "mse")
    assert compiled["subclass"] == ("SGD", "Huber")
    assert compiled["functional"] == ("Adam", "own_loss")
    assert compiled["relu"] == ("SGD", "huber")
    assert compiled["list"] == ("SGD", "mae")
    assert told["sequential"]["optimizer"]["learning_rate"] == pytest.approx(0.02)
    assert told["subclass"]["optimizer"]["momentum"] == 0.9
    assert told["relu"]["optimizer"]["learning_rate"] == pytest.approx(0.01)


def test_a_history_holds_its_curves_and_how_many_updates_an_epoch_had(told: dict[str, Any]) -> None:
    assert len(told["history"]["history"]["loss"]) == 2
    assert told["history"]["params"]["steps"] == 2
    assert told["sequential"]["history"]["epoch"] == [0, 1]


def test_what_is_not_trained_yet_and_what_is_no_model(told: dict[str, Any]) -> None:
    assert told["unbuilt"]["weights"] == []
    assert told["unbuilt"]["optimizer"] is None
    assert told["layer"].startswith("NoValue(kind='function'")
