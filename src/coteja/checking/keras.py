"""A student's Keras model and training history, read from the plain data that the sandbox made of them.

What arrives is untrusted: every field may be missing or of another kind, and then counts as not there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coteja.checking.work import Unmet, Work, unmet
from coteja.model.message import message
from coteja.model.values import NoValue, Value

FloatArray = NDArray[np.float64]

#: Loss -> how Keras, and students, call it, in small letters without signs.
_LOSSES = {
    "mse": ("mse", "meansquarederror"),
    "mae": ("mae", "meanabsoluteerror"),
    "huber": ("huber", "huberloss"),
}


@dataclass(frozen=True, slots=True)
class KerasLayer:
    """One layer: its class, its units (None where it has none), its activation ("linear"), its weights in Keras' order."""

    kind: str
    name: str
    units: int | None
    activation: str
    weights: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True)
class KerasModel:
    """A model: its layers, its weights, and what it was compiled with ("" and NaN where it says nothing).

    `loss` is "mse", "mae" or "huber" for these, else the loss's own name.
    """

    kind: str
    layers: tuple[KerasLayer, ...]
    weights: tuple[FloatArray, ...]
    optimizer: str
    learning_rate: float
    momentum: float
    loss: str
    history: Mapping[str, FloatArray]

    @property
    def trained_layers(self) -> tuple[KerasLayer, ...]:
        """The layers that have weights: an input layer has none."""
        return tuple(layer for layer in self.layers if layer.weights)

    @property
    def kernel(self) -> FloatArray:
        """The first matrix of weights, shape (inputs, units); empty where there is none."""
        return next((w for w in self._all if w.ndim == 2), np.empty((0, 0)))

    @property
    def bias(self) -> FloatArray:
        """The first vector of weights, shape (units,); empty where there is none."""
        return next((w for w in self._all if w.ndim == 1), np.empty(0))

    @property
    def _all(self) -> tuple[FloatArray, ...]:
        return self.weights or tuple(w for layer in self.layers for w in layer.weights)


def read_model(work: Work, role: str) -> KerasModel:
    """The model captured for `role`; ends the check with a sentence when it is something else."""
    value = work.value(role)
    if not isinstance(value, dict) or not isinstance(value.get("layers"), list | tuple):
        raise unmet(
            message("{name} is not a Keras model.", name=work.name(role)),
            message(
                "Keep the model itself in {name}: the object whose fit you called.", name=work.name(role)
            ),
        )
    optimizer = value.get("optimizer")
    optimizer = optimizer if isinstance(optimizer, dict) else {}
    history = value.get("history")
    curves = history["history"] if isinstance(history, dict) and _is_history(history) else {}
    return KerasModel(
        kind=_text(value.get("class")),
        layers=tuple(_layer(item) for item in value["layers"] if isinstance(item, dict)),
        weights=_arrays(value.get("weights")),
        optimizer=_text(optimizer.get("class")),
        learning_rate=_number(optimizer.get("learning_rate")),
        momentum=_number(optimizer.get("momentum")),
        loss=loss_name(value.get("loss")),
        history=_curves(curves),
    )


def read_history(work: Work, role: str, *, model: str | None = None) -> dict[str, FloatArray]:
    """The curves of a training history by name, each with one number for each epoch.

    A History object, its `history` dictionary, and a plain list of losses (it becomes "loss") are as good as one
    another. Where there is none, that of the last `fit` of the model in the role `model` counts.
    """
    value = work.artefacts.get(role, NoValue("missing"))
    if isinstance(value, NoValue) and model is not None and work.has(model):
        try:
            curves = dict(read_model(work, model).history)
        except Unmet:
            curves = {}
    else:
        curves = history_curves(work.value(role))
    if not curves:
        value = work.value(role)  # where there is none at all, this says so
        raise unmet(
            message("{name} is not a training history.", name=work.name(role)),
            message("Keep what fit returns: {name} = model.fit(...).", name=work.name(role)),
        )
    return curves


def loss_curve(work: Work, role: str, *, model: str | None = None) -> FloatArray:
    """The losses of a training history, shape (epochs,); ends the check when it has none."""
    curves = read_history(work, role, model=model)
    if "loss" not in curves:
        raise unmet(message("{name} has no losses: it lacks the entry “loss”.", name=work.name(role)))
    return curves["loss"]


def history_curves(value: Value) -> dict[str, FloatArray]:
    """The curves in one value, whatever of the three it is; empty where there are none."""
    if _is_history(value):
        return _curves(value["history"])
    if isinstance(value, dict):
        return _curves(value)
    curve = _curve(value)
    return {} if curve is None else {"loss": curve}


def loss_name(value: Value) -> str:
    """A loss by its short name, however Keras or a student spells it; another one by its own.

    >>> loss_name("mean_squared_error"), loss_name("Huber"), loss_name("my_loss")
    ('mse', 'huber', 'my_loss')
    """
    text = _text(value)
    plain = "".join(c for c in text.casefold() if c.isalnum())
    return next((short for short, known in _LOSSES.items() if plain in known), text)


def _is_history(value: Value) -> bool:
    return isinstance(value, dict) and isinstance(value.get("history"), dict)


def _layer(item: Mapping[Any, Value]) -> KerasLayer:
    units = _number(item.get("units"))
    return KerasLayer(
        kind=_text(item.get("class")),
        name=_text(item.get("name")),
        units=int(units) if math.isfinite(units) else None,
        activation=_text(item.get("activation")),
        weights=_arrays(item.get("weights")),
    )


def _text(value: Value) -> str:
    return value[:200] if isinstance(value, str) else ""


def _number(value: Value) -> float:
    """One number, or NaN. A layer's units are often NumPy's."""
    array = _floats(value)
    return float(array.reshape(-1)[0]) if array is not None and array.size == 1 else math.nan


def _floats(value: Value) -> FloatArray | None:
    """Numbers as a float array; None for anything else."""
    if isinstance(value, str | bytes | dict | NoValue) or value is None:
        return None
    try:
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else None
    except (ValueError, TypeError, OverflowError):
        return None


def _arrays(value: Value) -> tuple[FloatArray, ...]:
    items: Sequence[Value] = value if isinstance(value, list | tuple) else ()
    found = (_floats(item) for item in items)
    return tuple(array for array in found if array is not None)


def _curve(value: Value) -> FloatArray | None:
    """A sequence of numbers, shape (n,); lists of arrays of one do, too."""
    if isinstance(value, list | tuple):
        value = [v.reshape(-1)[0] if isinstance(v, np.ndarray) and v.size == 1 else v for v in value]
    array = _floats(value)
    if array is None or array.size == 0:
        return None
    curve = array.reshape(-1) if array.size == max(array.shape, default=1) else None
    return curve if array.ndim > 0 else None


def _curves(history: Mapping[Any, Value]) -> dict[str, FloatArray]:
    found = {str(name): _curve(value) for name, value in history.items()}
    return {name: curve for name, curve in found.items() if curve is not None}
