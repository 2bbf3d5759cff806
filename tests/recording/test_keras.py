"""Keras' models and histories leave the sandbox as plain data; a class that pretends to be one costs itself alone.

The classes here are stand-ins with the library's module names; tests/sandbox/test_models.py has the real ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coteja.checking import Work, loss_curve, read_history, read_model
from coteja.checking.work import Unmet
from coteja.model.figure import as_figure
from coteja.model.values import NoValue

#: A small Keras: what `describe` looks at, under the library's module names.
STAND_IN = """
import numpy as np
def of_keras(name, bases=(), /, **body):
    kind = type(name, bases, body); kind.__module__ = "keras.src.stand_in"; return kind
def __activation(x): return x
__activation.__name__ = "linear"
Model = of_keras("Model", layers=[], optimizer=None, loss=None, history=None, get_weights=lambda self: [], __call__=lambda self, x: x)
History = of_keras("History", epoch=[0, 1], history={"loss": [9.0, 1.0]}, params={"epochs": 2, "steps": 32})
Dense = of_keras("Dense", name="dense", units=1, activation=staticmethod(__activation),
                 get_weights=lambda self: [np.array([[2.0], [-3.0]], np.float32), np.array([5.0], np.float32)])
SGD = of_keras("SGD", learning_rate=np.float32(0.02), momentum=0.0)
class Own(Model): pass
"""


def read(seen: Any, role: str) -> Work:
    return Work(artefacts={role: seen.value(role)}, names={})


def test_a_model_is_described_with_layers_weights_and_what_it_was_compiled_with(box: Any) -> None:
    code = (
        "z = Own(); z.layers = [Dense()]; z.optimizer = SGD(); z.loss = 'mse'; z.history = History()\n"
        "z.get_weights = lambda: z.layers[0].get_weights()"
    )
    seen = box.run(STAND_IN, code, read="z")
    model = read_model(read(seen, "z"), "z")
    assert (model.kind, model.optimizer, model.loss, model.momentum) == ("Own", "SGD", "mse", 0.0)
    assert model.learning_rate == pytest.approx(0.02)
    assert [(layer.kind, layer.units, layer.activation) for layer in model.layers] == [("Dense", 1, "linear")]
    assert model.kernel.tolist() == [[2.0], [-3.0]]
    assert model.bias.tolist() == [5.0]
    assert model.history["loss"].tolist() == [9.0, 1.0]


def test_a_history_is_as_good_as_its_dictionary_or_its_losses(box: Any) -> None:
    code = "a = History(); b = a.history; c = b['loss']; d = {0.1: History(), 1.0: {'loss': [float('inf'), float('nan')]}}"
    seen = box.run(STAND_IN, code, read="a b c d")
    for role in "abc":
        assert loss_curve(read(seen, role), role).tolist() == [9.0, 1.0]
    assert seen.value("d")[0.1]["params"] == {"epochs": 2, "steps": 32}
    assert np.isinf(seen.value("d")[1.0]["loss"][0])


ATTACKS = {
    "properties that raise": "z = of_keras('M', (Model,), **{n: property(lambda s: 1/0) for n in ('layers', 'optimizer', 'loss', 'history', 'get_weights')})()",
    "properties that exit": "z = of_keras('M', (Model,), layers=property(lambda s: (_ for _ in ()).throw(SystemExit)))()",
    "an endless property": "z = of_keras('M', (Model,), layers=property(lambda s: [0 for _ in iter(int, 1)]))()",
    "an endless property that ignores us": "def stay(s):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n"
    "z = of_keras('M', (Model,), optimizer=property(stay))()",
    "an end of the process": "import os\nz = of_keras('M', (Model,), loss=property(lambda s: os._exit(0)))()",
    "endless layers": "z = Model(); z.layers = type('L', (list,), {'__iter__': lambda s: iter(int, 1), '__getitem__': lambda s, k: s})([1])",
    "a million layers": "z = Model(); z.layers = [Dense()] * 1_000_000",
    "huge weights": "z = Model(); z.get_weights = lambda: [np.broadcast_to(0.0, (10**6, 10**6))] * 1000",
    "weights that are generators": "z = Model(); z.get_weights = lambda: (np.zeros(9) for _ in iter(int, 1))",
    "weights without end": "z = Model(); z.get_weights = lambda: z",
    "a model in itself": "z = Model(); z.layers = [z, z]; z.get_weights = lambda: [z, z]",
    "a history in itself": "z = History(); z.history = {str(i): z for i in range(20)}",
    "a history of everything": "z = History(); z.history = {'loss': [[]] * 300_000, 'x' * 1_000_000: z, 5: b''}",
    "names that lie": "z = Model(); z.loss = type('S', (str,), {'__getitem__': lambda *a: 1/0, '__str__': lambda *a: 1/0})('mse' * 100_000)",
    "numbers that lie": "z = Model(); z.optimizer = SGD(); z.optimizer.learning_rate = type('F', (float,), {'__float__': lambda s: 1/0})(0.02); z.layers = [Dense()]; z.layers[0].units = 10**100_000",
    "a metaclass that lies": "class Meta(type):\n    __module__ = property(lambda c: 1/0)\n    __name__ = property(lambda c: 1/0)\n"
    "class M(metaclass=Meta): pass\nz = M()",
    "a name that is no text": "z = of_keras('M', (Model,))(); type(z).__module__ = 5; z.layers = [Dense()]; z.layers[0].name = [1, [2]]; z.layers[0].activation = 7",
}  # fmt: skip


@pytest.mark.parametrize("code", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_class_that_pretends_to_be_keras_costs_itself_alone(
    box: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr("coteja.recording.record.CAPTURE_TIMEOUT_S", 1.0)
    monkeypatch.setattr("coteja.recording.client.GRACE_S", 0.5)
    seen = box.run_questions(
        {"q1": [STAND_IN, code, "a = 1; b = 2"], "q2": ["c = 3"]}, read={"q1": "a z b", "q2": "c"}
    )
    assert (seen.value("a"), seen.value("b"), seen.value("c")) == (1, 2, 3)
    work = read(seen, "z")
    for look in (read_model, read_history, loss_curve):
        try:
            look(work, "z")
        except Unmet:
            assert isinstance(seen.value("z"), NoValue | dict)
    box.is_well()


def test_a_million_points_travel_small_and_evenly(box: Any) -> None:
    code = """
import numpy as np, matplotlib.pyplot as plt
z, ax = plt.subplots()
x = np.arange(1_000_000.0)
ax.scatter(x, x); ax.plot(x, -x, "o"); ax.plot(x, 2 * x); ax.plot(x[:50_000], x[:50_000]); ax.plot(x[:5000], x[:5000], ".")
"""
    seen = box.within(cell_s=20).run(code, figures="z")
    (axes,) = as_figure(seen.value("z")).axes
    (cloud,) = axes.scatter
    dots, line, short, few = axes.lines
    assert (len(cloud), dots.x.size, line.x.size, short.x.size, few.x.size) == (
        5000,
        5000,
        50_000,
        50_000,
        5000,
    )
    for xs in (cloud[:, 0], dots.x, line.x):
        assert xs[0] == 0
        assert np.ptp(np.diff(xs)) == 0
    np.testing.assert_array_equal(cloud[:, 1], cloud[:, 0])
    np.testing.assert_array_equal(dots.y, -dots.x)
    np.testing.assert_array_equal(line.y, 2 * line.x)
