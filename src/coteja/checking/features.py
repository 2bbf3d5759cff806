"""An artefact as a few numbers that can be compared between students: a vector of features."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from coteja.checking.keras import history_curves, loss_name
from coteja.checking.work import FloatArray, as_key, same_key
from coteja.model.profile import FEW
from coteja.model.values import Value

#: How many points of a curve are looked at.
POINTS = 16
#: What infinity and NaN count as, on the scale of asinh, which ends at 710 for float64.
INFINITE, NOT_A_NUMBER = 720.0, 740.0


def features(value: Value, like: Value) -> FloatArray | None:
    """The features of `value`, where the truth is `like`; None when the two have no structure in common.

    Numbers are compressed by asinh: as they are where they are small, by decades where they are astronomical. A curve is
    looked at at indices that lie ever further apart, for what tells mistakes apart is how it begins; its length is one
    more feature. A shorter curve stays where it ended.

    Returns
    -------
    features
        Shape (d,), finite; the same d for every value that is compared with the same `like`.
    """
    if isinstance(like, Mapping):
        if not isinstance(value, Mapping):
            return None
        parts = [features(_entry(value, key), item) for key, item in like.items()]
        return None if any(part is None for part in parts) else np.concatenate(parts)  # type: ignore[arg-type]
    if isinstance(value, Mapping):  # what Keras' fit returns
        value = history_curves(value).get("loss")
    wanted, found = _numbers(like), _numbers(value)
    if wanted is None or found is None or not found.size:
        return None
    if wanted.size <= FEW:
        return _compressed(found) if found.size == wanted.size else None
    at = np.minimum(_indices(wanted.size), found.size - 1)
    return np.append(_compressed(found[at]), np.log(found.size))


def _numbers(value: Value) -> FloatArray | None:
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # a list of arrays of one number, and of numbers
            each = [np.asarray(item) for item in array.reshape(-1)]
            if any(item.dtype.kind not in "biuf" for item in each):
                return None
            array = np.array([item.reshape(()) for item in each], dtype=float)
        with np.errstate(over="ignore"):  # long doubles
            return array.astype(np.float64).reshape(-1) if array.dtype.kind in "biuf" else None
    except (ValueError, TypeError, OverflowError):
        return None


@lru_cache(maxsize=32)
def _indices(length: int) -> np.ndarray:
    return np.round(np.geomspace(1, length, POINTS)).astype(int) - 1


def _compressed(values: FloatArray) -> FloatArray:
    found = np.arcsinh(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0))
    found[np.isinf(values)] = np.sign(values[np.isinf(values)]) * INFINITE
    found[np.isnan(values)] = NOT_A_NUMBER
    return found


def _entry(mapping: Mapping[object, Value], key: object) -> Value:
    """An entry by its key; 0.5, "0.5" and NumPy's numbers are the same one, and so are "mse" and "MSE"."""
    if key in mapping:
        return mapping[key]
    number = as_key(key)
    if number is None:
        return next((item for other, item in mapping.items() if loss_name(str(other)) == key), None)
    return next((item for other, item in mapping.items() if same_key(number, as_key(other))), None)
