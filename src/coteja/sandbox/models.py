"""In the student's process: Keras' models and training histories as plain data, for checks that never see the library.

A class is recognised by the modules of its real bases (`type.__mro__`). Whatever an attribute does when it is read costs
that attribute; one that never comes back costs the artefact that was asked for. `coteja.checking.keras` reads the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MAX_LAYERS = 50
MAX_NAME = 200
_LIBRARIES = frozenset({"keras", "tf_keras"})
_KINDS = ("Model", "History")


def describe(value: Any, lineage: Sequence[type]) -> dict[str, Any] | None:
    """A model or a history as a dictionary; None for anything else. `lineage` is the value's real MRO."""
    match _kind(lineage):
        case "Model":
            return _model(value)
        case "History":
            return _history(value)
    return None


def _kind(lineage: Sequence[type]) -> str:
    for base in lineage:
        if _LIBRARIES.intersection(str(getattr(base, "__module__", "")).split(".")):
            name = str(getattr(base, "__name__", ""))
            if name in _KINDS:
                return name
    return ""


def _model(model: Any) -> dict[str, Any]:
    layers, optimizer, history = (_read(model, name) for name in ("layers", "optimizer", "history"))
    shown = layers[:MAX_LAYERS] if type(layers) in (list, tuple) else ()
    lineage = type.__dict__["__mro__"].__get__(type(history))
    return {
        "class": _name(type(model)),
        "layers": [_layer(layer) for layer in shown],
        "weights": _weights(model),
        "optimizer": None if optimizer is None else _optimizer(optimizer),
        "loss": _name(_only(_read(model, "loss"))),
        "history": _history(history) if _kind(lineage) == "History" else None,
    }


def _layer(layer: Any) -> dict[str, Any]:
    return {
        "class": _name(type(layer)),
        "name": _name(_read(layer, "name")),
        "units": _read(layer, "units"),
        "activation": _name(_read(layer, "activation")),
        "weights": _weights(layer),
    }


def _optimizer(optimizer: Any) -> dict[str, Any]:
    return {
        "class": _name(type(optimizer)),
        "learning_rate": _read(optimizer, "learning_rate"),
        "momentum": _read(optimizer, "momentum"),
    }


def _history(history: Any) -> dict[str, Any]:
    return {"class": "History", **{name: _read(history, name) for name in ("epoch", "history", "params")}}


def _weights(holder: Any) -> Any:
    """What `get_weights` returns where that is a list, else nothing."""
    get = _read(holder, "get_weights")
    try:
        found = get()
    except Exception:  # noqa: BLE001 (whatever their method does is a fact about them)
        return []
    return found if type(found) in (list, tuple) else []


def _read(holder: Any, name: str) -> Any:
    """An attribute; None where reading it raises."""
    try:
        return getattr(holder, name, None)
    except Exception:  # noqa: BLE001 (a property may raise anything)
        return None


def _only(value: Any) -> Any:
    """The one item of a list, tuple or dictionary of one: `loss=["mse"]` is `loss="mse"`."""
    if type(value) is dict and len(value) == 1:
        return next(iter(value.values()))
    if isinstance(value, list) and type(value) is not list:  # TensorFlow wraps lists in a class of its own
        value = _read(value, "_storage")
    return value[0] if type(value) in (list, tuple) and len(value) == 1 else value


def _name(value: Any) -> str:
    """What a class, a function or an object is called: text as it is, else its own name, else its class's."""
    if value is None:
        return ""
    own = value if isinstance(value, str) else _read(value, "__name__")
    if not isinstance(own, str):
        own = _read(type(value), "__name__")
    return str.__getitem__(own, slice(0, MAX_NAME)) if isinstance(own, str) else ""
