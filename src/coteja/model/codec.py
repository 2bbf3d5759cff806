"""Values to descriptors and raw buffers, and back: the format on the wire and on disk.

A descriptor is JSON: `{"t": tag, ...}`. Floats travel as `float.hex` (NaN, infinities and every bit survive),
integers as hex, arrays as dtype + shape + a raw little-endian buffer. `decode` takes what a hostile process
sent: it allocates no more than the bytes it received and raises `WireError`, nothing else.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from coteja.model.values import NoValue, Value

MAX_DEPTH = 14
MAX_NODES = 200_000
MAX_TEXT = 1 << 20
MAX_INT_DIGITS = 20_000
#: bool, signed, unsigned, float, complex, fixed-width bytes and text, timedelta, datetime
DTYPE_KINDS = frozenset("biufcSUmM")

Descriptor = dict[str, Any]


class WireError(ValueError):
    """What came out of the sandbox does not follow the protocol."""


class _Budget:
    """Counts nodes down, so that a small frame cannot unfold into a large tree."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        self.nodes = MAX_NODES

    def spend(self) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise WireError("too many values")


def decode(descriptor: object, buffers: Sequence[bytes] = ()) -> Value:
    """Rebuild one value from an untrusted descriptor.

    Raises
    ------
    WireError
        For anything that is not exactly what `encode` (or the sandbox's encoder) writes.
    """
    try:
        return _decode(descriptor, buffers, MAX_DEPTH, _Budget())
    except WireError:
        raise
    except (
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        OverflowError,
        AttributeError,
        RecursionError,
    ) as fault:
        raise WireError(f"malformed value ({type(fault).__name__})") from None
    except MemoryError:
        raise WireError("a value too large for this machine") from None


def _decode(descriptor: object, buffers: Sequence[bytes], depth: int, budget: _Budget) -> Value:
    budget.spend()
    if depth < 0 or type(descriptor) is not dict:
        raise WireError("not a descriptor, or nested too deep")
    tag = descriptor.get("t")
    if tag in ("list", "tuple", "dict"):
        return _decode_container(tag, descriptor["v"], buffers, depth, budget)
    if tag == "array":
        return _decode_array(descriptor, buffers)
    return _decode_scalar(tag, descriptor, buffers)


def _decode_scalar(tag: object, descriptor: Descriptor, buffers: Sequence[bytes]) -> Value:
    match tag:
        case "none":
            return None
        case "bool":
            if type(descriptor["v"]) is not bool:
                raise WireError("not a bool")
            return descriptor["v"]
        case "int":
            return int(_text(descriptor["v"], MAX_INT_DIGITS), 16)
        case "float":
            return float.fromhex(_text(descriptor["v"], 40))
        case "complex":
            real, imaginary = descriptor["v"]
            return complex(float.fromhex(_text(real, 40)), float.fromhex(_text(imaginary, 40)))
        case "str":
            return _text(descriptor["v"], MAX_TEXT)
        case "bytes":
            return bytes(_buffer(buffers, descriptor["b"]))
        case "missing" | "cut" | "opaque" | "function" | "error":
            name, detail = descriptor.get("type", ""), descriptor.get("detail", "")
            return NoValue(tag, _text(name, 400), _text(detail, 2000))
    raise WireError("unknown tag")


def _decode_container(
    tag: str, items: object, buffers: Sequence[bytes], depth: int, budget: _Budget
) -> Value:
    if type(items) is not list:
        raise WireError("not a list of values")
    values = [_decode(item, buffers, depth - 1, budget) for item in items]
    if tag == "list":
        return values
    if tag == "tuple":
        return tuple(values)
    if len(values) % 2:
        raise WireError("a key without a value")
    pairs = zip(values[::2], values[1::2], strict=True)
    # A key that cannot be hashed here (it was, in the student's process) is dropped, not an error.
    return {key: value for key, value in pairs if isinstance(key, str | int | float | bool | tuple | None)}


def _decode_array(descriptor: Descriptor, buffers: Sequence[bytes]) -> Value:
    dtype, shape = _dtype(_text(descriptor["d"], 16)), descriptor["s"]
    if (
        type(shape) is not list
        or len(shape) > 32
        or any(type(n) is not int or not 0 <= n < 1 << 48 for n in shape)
    ):
        raise WireError("not a shape")
    raw = _buffer(buffers, descriptor["b"])
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise WireError("a buffer of the wrong size")
    return np.frombuffer(raw, dtype).reshape(shape).copy()


@lru_cache(maxsize=64)
def _dtype(name: str) -> np.dtype[Any]:
    if len(name) < 3 or name[0] not in "<>|" or name[1] not in DTYPE_KINDS:
        raise WireError("dtype not allowed")
    dtype = np.dtype(name)
    if dtype.hasobject or dtype.names or dtype.subdtype or not 0 < dtype.itemsize <= 4096:
        raise WireError("dtype not allowed")
    return dtype


def _text(value: object, limit: int) -> str:
    if type(value) is not str or len(value) > limit:
        raise WireError("not text, or too long")
    return value


def _buffer(buffers: Sequence[bytes], index: object) -> bytes:
    if type(index) is not int or not 0 <= index < len(buffers):
        raise WireError("no such buffer")
    return buffers[index]


def encode(value: Value, buffers: list[bytes]) -> Descriptor:
    """Write one of our own values as a descriptor, appending raw data to `buffers`."""
    match value:
        case None:
            return {"t": "none"}
        case NoValue():
            return {"t": value.kind, "type": value.type_name, "detail": value.detail}
        case bool() | np.bool_():
            return {"t": "bool", "v": bool(value)}
        case np.ndarray() | np.generic():
            return _encode_array(np.asarray(value), buffers)
        case int():
            return {"t": "int", "v": hex(value)}
        case float():
            return {"t": "float", "v": value.hex()}
        case complex():
            return {"t": "complex", "v": [value.real.hex(), value.imag.hex()]}
        case str():
            return {"t": "str", "v": value}
        case bytes():
            buffers.append(value)
            return {"t": "bytes", "b": len(buffers) - 1}
        case list() | tuple():
            tag = "list" if isinstance(value, list) else "tuple"
            return {"t": tag, "v": [encode(item, buffers) for item in value]}
        case dict():
            return {"t": "dict", "v": [encode(part, buffers) for pair in value.items() for part in pair]}
    raise TypeError(f"cannot encode a {type(value).__name__}")


def _encode_array(array: Any, buffers: list[bytes]) -> Descriptor:
    plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)
    buffers.append(plain.tobytes())
    return {"t": "array", "d": plain.dtype.str, "s": list(plain.shape), "b": len(buffers) - 1}


def to_json(value: Value) -> Descriptor:
    """One self-contained JSON object: the descriptor with its buffers in base64."""
    buffers: list[bytes] = []
    descriptor = encode(value, buffers)
    return {"value": descriptor, "buffers": [base64.b64encode(raw).decode() for raw in buffers]}


def from_json(stored: object) -> Value:
    """Read what `to_json` wrote. Raises `WireError` for anything else."""
    try:
        buffers = [binascii.a2b_base64(text, strict_mode=True) for text in stored["buffers"]]  # type: ignore[index]
        return decode(stored["value"], buffers)  # type: ignore[index]
    except (TypeError, KeyError, ValueError) as fault:
        raise WireError(f"not a stored value: {fault}") from None
