"""In the student's process: variables, figures and the results of calls, as descriptors and raw buffers.

Nothing here is trusted by the other side, and nothing is pickled. The encoder dispatches on the real class (through
`type.__dict__`, which a metaclass cannot fake) and reads subclasses through the slots of their plain base, so a
student's `__eq__`, `__array__` or `__class__` is not called; sizes are looked at before anything is copied.
The trusted side decodes with `coteja.model.codec`.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from coteja.sandbox import figures, foreign, models

MAX_BYTES = 64 << 20
MAX_NODES = 50_000
MAX_TEXT = 1 << 18
MAX_ALL_TEXT = 1 << 21
MAX_DEPTH = 12
MAX_INT_BITS = 1 << 16
MAX_OBJECTS = 10_000
MAX_LINES = 200
#: Points of a scatter plot, and of a line, that travel: more than any check needs, and a million of them stay small.
MAX_SCATTER = 5_000
MAX_LINE_POINTS = 50_000
PLAIN_KINDS = "biufcSUmM"

Descriptor = dict[str, Any]


def type_name(kind: type) -> str:
    """A class's name, as far as it can be believed."""
    return f"{getattr(kind, '__module__', '?')}.{getattr(kind, '__qualname__', '?')}"[:200]


class Encoder:
    """Writes values as descriptors; its buffers go beside them in the frame."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.buffers: list[bytes] = []
        self.bytes_left = max_bytes
        self.spared_bytes = 0
        self.nodes_left = MAX_NODES
        self.text_left = MAX_ALL_TEXT
        self.open: list[Any] = []

    def share(self, parts: int) -> None:
        """Begin one of `parts` equal shares of what is left: one huge value must not cost its neighbours."""
        self.nodes_left = MAX_NODES
        self.text_left = MAX_ALL_TEXT
        self.spared_bytes, self.bytes_left = self.spared_bytes + self.bytes_left, 0
        self.bytes_left = self.spared_bytes // parts
        self.spared_bytes -= self.bytes_left

    def encode(self, value: Any, depth: int = MAX_DEPTH) -> Descriptor:
        """One value. Whatever cannot travel says why instead."""
        self.nodes_left -= 1
        if self.nodes_left < 0 or depth < 0:
            return {"t": "cut", "detail": "too many values, or nested too deep"}
        if value is None:
            return {"t": "none"}
        kind = type(value)
        lineage = type.__dict__["__mro__"].__get__(kind)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            if any(base is numpy.ndarray for base in lineage):
                return self._array(numpy, value)
            if any(base is numpy.generic for base in lineage):
                return self._array(numpy, numpy.asarray(value))
        write = next((_WRITERS[id(base)] for base in lineage if id(base) in _WRITERS), None)
        if write is None:
            try:
                return self._foreign(value, kind, depth)
            except Exception as fault:  # noqa: BLE001 (it costs itself, not the list that it is in)
                return {"t": "error", "type": type(fault).__name__[:200], "detail": first_line(fault)}
        return write(self, value, depth)

    def _buffer(self, raw: bytes) -> int | None:
        if len(raw) > self.bytes_left:
            return None
        self.bytes_left -= len(raw)
        self.buffers.append(raw)
        return len(self.buffers) - 1

    def _bool(self, value: Any, _depth: int) -> Descriptor:
        return {"t": "bool", "v": value}

    def _int(self, value: Any, _depth: int) -> Descriptor:
        if int.bit_length(value) > MAX_INT_BITS:
            return {"t": "cut", "type": "int", "detail": "an integer with too many digits"}
        return {"t": "int", "v": hex(int.__add__(value, 0))}

    def _float(self, value: Any, _depth: int) -> Descriptor:
        return {"t": "float", "v": float.hex(value)}

    def _complex(self, value: Any, _depth: int) -> Descriptor:
        plain = complex.__add__(value, 0j)
        return {"t": "complex", "v": [plain.real.hex(), plain.imag.hex()]}

    def _str(self, value: Any, _depth: int) -> Descriptor:
        text = str.__getitem__(value, slice(0, min(MAX_TEXT, self.text_left)))
        self.text_left -= len(text)
        # A lone surrogate could not be written as UTF-8.
        return {
            "t": "str",
            "v": str.encode(text, "utf-16-le", "surrogatepass").decode("utf-16-le", "replace"),
        }

    def _bytes(self, value: Any, _depth: int) -> Descriptor:
        index = self._buffer(bytes.__getitem__(value, slice(None)))
        return (
            {"t": "cut", "type": "bytes", "detail": "too large"}
            if index is None
            else {"t": "bytes", "b": index}
        )

    def _sequence(self, tag: str, items: Iterable[Any], owner: Any, depth: int) -> Descriptor:
        if any(seen is owner for seen in self.open):
            return {"t": "cut", "detail": "contains itself"}
        self.open.append(owner)
        try:
            written = []
            for item in items:
                if self.nodes_left <= 0:
                    return {"t": "cut", "detail": "too many values"}
                written.append(self.encode(item, depth - 1))
        finally:
            self.open.pop()
        return {"t": tag, "v": written}

    def _list(self, value: Any, depth: int) -> Descriptor:
        plain = self._numbers(value)
        return plain or self._sequence("list", list.__iter__(value), value, depth)

    def _numbers(self, value: Any) -> Descriptor | None:
        """A long list of plain floats travels as one array: 10,000 costs are 10,000 nodes otherwise."""
        numpy = sys.modules.get("numpy")
        if numpy is None or list.__len__(value) < 100:
            return None
        if any(
            type(item) is not float and not isinstance(item, numpy.floating) for item in list.__iter__(value)
        ):
            return None
        return self._array(numpy, numpy.array([float(item) for item in list.__iter__(value)], dtype=float))

    def _tuple(self, value: Any, depth: int) -> Descriptor:
        return self._sequence("tuple", tuple.__iter__(value), value, depth)

    def _set(self, value: Any, depth: int) -> Descriptor:
        items = frozenset.__iter__(value) if isinstance(value, frozenset) else set.__iter__(value)
        return self._sequence("list", items, value, depth)

    def _dict(self, value: Any, depth: int) -> Descriptor:
        pairs = (part for key, item in list(dict.items(value)) for part in (self._key(key), item))
        return self._sequence("dict", pairs, value, depth)

    def _key(self, key: Any) -> Any:
        """A NumPy number as a key (`for lr in np.array(...)`) as the plain number, which can be a key there too."""
        numpy = sys.modules.get("numpy")
        if numpy is not None and type(key).__module__ == "numpy" and isinstance(key, numpy.generic):
            return key.item()
        return tuple(self._key(part) for part in tuple.__iter__(key)) if type(key) is tuple else key

    def _array(self, numpy: Any, value: Any) -> Descriptor:
        array = value if type(value) is numpy.ndarray else numpy.ndarray.view(value, numpy.ndarray)
        dtype, shape = array.dtype, array.shape
        count = 1
        for n in shape:
            count *= n
        if dtype.hasobject:
            if count > MAX_OBJECTS:
                return {"t": "cut", "type": "numpy.ndarray", "detail": "an array of too many objects"}
            return self._sequence("list", iter(numpy.ndarray.tolist(array.reshape(-1))), array, 4)
        if dtype.kind not in PLAIN_KINDS or dtype.names:
            return {"t": "cut", "type": "numpy.ndarray", "detail": f"dtype {dtype.str}"}
        # broadcast_to(0, (10**9, 10**9)) owns eight bytes and claims 8e18: look before copying.
        if count * dtype.itemsize > self.bytes_left:
            return {"t": "cut", "type": "numpy.ndarray", "detail": "too large"}
        if dtype.kind == "f" and dtype.itemsize > 8:
            dtype = numpy.dtype("float64")
        if dtype.kind == "c" and dtype.itemsize > 16:
            dtype = numpy.dtype("complex128")
        if dtype.itemsize == 0:
            return {"t": "cut", "type": "numpy.ndarray", "detail": f"dtype {dtype.str}"}
        plain = numpy.ascontiguousarray(array, dtype=dtype.newbyteorder("<"))
        index = self._buffer(plain.tobytes())
        return {"t": "array", "d": plain.dtype.str, "s": list(shape), "b": index}

    def _foreign(self, value: Any, kind: type, depth: int) -> Descriptor:
        """An object of a library: tensors and series as arrays, Keras' models as data; all else by its type's name."""
        name = type_name(kind)
        root = str(getattr(kind, "__module__", "")).partition(".")[0]
        described = models.describe(value, type.__dict__["__mro__"].__get__(kind))
        if described is not None:
            return self.encode(described, depth)
        if root in ("tensorflow", "keras", "torch", "jax", "pandas") and hasattr(kind, "__array__"):
            numpy = sys.modules.get("numpy")
            if numpy is not None:
                return self.encode(numpy.asarray(value), depth - 1)
        if callable(value):
            return {"t": "function", "type": name}
        if hasattr(kind, "keys") and hasattr(kind, "__getitem__") and root in ("collections", "types"):
            return self.encode(dict(value), depth - 1)
        return {"t": "opaque", "type": name}


_WRITERS: dict[int, Callable[[Encoder, Any, int], Descriptor]] = {
    id(bool): Encoder._bool,
    id(int): Encoder._int,
    id(float): Encoder._float,
    id(complex): Encoder._complex,
    id(str): Encoder._str,
    id(bytes): Encoder._bytes,
    id(list): Encoder._list,
    id(tuple): Encoder._tuple,
    id(dict): Encoder._dict,
    id(set): Encoder._set,
    id(frozenset): Encoder._set,
}


def encode_figure(encoder: Encoder, shown: Sequence[Any]) -> Descriptor:
    """What figures show, all their axes in one list: labels, scales, curves, points, legend."""
    axes = [ax for figure in shown for ax in list(figure.axes)[:20]]
    return {"t": "list", "v": [_encode_axes(encoder, ax) for ax in axes]}


def _encode_axes(encoder: Encoder, ax: Any) -> Descriptor:
    import numpy as np

    legend = ax.get_legend()
    shown = {
        "title": str(ax.get_title()) or str(ax.get_title(loc="left")),
        "xlabel": str(ax.get_xlabel()),
        "ylabel": str(ax.get_ylabel()),
        "xscale": str(ax.get_xscale()),
        "yscale": str(ax.get_yscale()),
        "legend": [str(text.get_text()) for text in legend.get_texts()] if legend else None,
        "lines": [_line(line) for line in list(ax.lines)[:MAX_LINES]],
        "scatter": [
            np.asarray(_thinned(c.get_offsets(), MAX_SCATTER), dtype=float)
            for c in list(ax.collections)[:MAX_LINES]
        ],
    }
    return encoder.encode(shown)


def _line(line: Any) -> dict[str, Any]:
    """One curve. Points that no line joins (`ax.plot(x, y, "o")`) are a scatter plot by another name."""
    import numpy as np

    joined = str(line.get_linestyle()).strip().lower() not in ("", "none")
    limit = MAX_LINE_POINTS if joined else MAX_SCATTER
    return {
        "x": np.asarray(_thinned(line.get_xdata(orig=False), limit), dtype=float),
        "y": np.asarray(_thinned(line.get_ydata(orig=False), limit), dtype=float),
        "label": str(line.get_label()),
    }


def _thinned(points: Any, limit: int) -> Any:
    """Every k-th point, from the first, so that no more than `limit` are left."""
    return points[:: -(-len(points) // limit)] if len(points) > limit else points


def capture(
    namespace: dict[str, Any], requests: list[dict[str, Any]], encoder: Encoder
) -> dict[str, Descriptor]:
    """Each requested artefact by role: `{"role", "names", "figure"}`; the first name that exists counts."""
    values = {}
    for i, request in enumerate(requests):
        encoder.share(len(requests) - i)
        values[str(request["role"])] = _capture_one(namespace, request, encoder)
    return values


def _capture_one(namespace: dict[str, Any], request: dict[str, Any], encoder: Encoder) -> Descriptor:
    try:
        name = next((n for n in request["names"] if n in namespace), None)
        if request["figure"]:
            kept = [] if name is None else _figures_in(namespace[name])
            shown = kept or figures.made()
            return encode_figure(encoder, shown) if shown else {"t": "missing"}
        return {"t": "missing"} if name is None else encoder.encode(namespace[name])
    except BaseException as fault:  # noqa: BLE001 (whatever their objects raise is a fact about them)
        return {"t": "error", "type": type(fault).__name__[:200], "detail": first_line(fault)}


def _figures_in(value: Any) -> list[Any]:
    """The figures behind a variable: a Figure, an Axes, or a tuple, list or array of them."""
    if hasattr(value, "axes") and hasattr(value, "savefig"):
        return [value]
    if hasattr(value, "get_figure"):
        figure = value.get_figure()
        return [] if figure is None else [figure]
    if isinstance(value, list | tuple) or hasattr(value, "flat"):
        found = [f for item in list(getattr(value, "flat", value))[:20] for f in _figures_in(item)]
        return list({id(f): f for f in found}.values())
    return []


def call(namespace: dict[str, Any], cases: list[Any], encoder: Encoder) -> dict[str, Any]:
    """Call the student's functions: each case is a list of steps `{"names", "args"}`.

    An argument `{"$step": i}` or `{"$step": i, "$item": k}` is what step i of the same case returned (its k-th item);
    it never leaves this process, so a student's cache may be of any kind.
    """
    wanted = list(dict.fromkeys(tuple(step["names"]) for case in cases for step in case))
    found = {names: _find_function(namespace, names) for names in wanted}
    missing = [names[0] for names, function in found.items() if function is None]
    if missing:
        return {"missing": missing, "results": []}
    with _same_random_numbers():
        return {"missing": [], "results": [_run_case(case, found, encoder) for case in cases]}


@contextlib.contextmanager
def _same_random_numbers() -> Iterator[None]:
    """Our calls must not move the student's random numbers: later cells would come out otherwise than at home."""
    import random

    numpy = sys.modules.get("numpy")
    saved: list[tuple[Callable[[Any], None], Any]] = []
    with contextlib.suppress(Exception):  # a notebook may have put its own thing in their place
        saved.append((random.setstate, random.getstate()))
        if numpy is not None:
            saved.append((numpy.random.set_state, numpy.random.get_state()))
    try:
        yield
    finally:
        for restore, state in saved:
            with contextlib.suppress(Exception):
                restore(state)


def _run_case(case: list[Any], found: dict[tuple[str, ...], Any], encoder: Encoder) -> list[dict[str, Any]]:
    returned: list[Any] = []
    results: list[dict[str, Any]] = []
    for step in case:
        broken = next((results[i] for i in _earlier(step) if "error" in results[i]), None)
        if broken is not None:  # what this step needs was never made: the first error is the one to tell
            returned.append(None)
            results.append(broken)
            continue
        try:
            args = [_argument(arg, returned) for arg in step["args"]]
            value = found[tuple(step["names"])](*args)
            returned.append(value)
            results.append({"value": encoder.encode(value)})
        except BaseException as fault:
            if isinstance(fault, KeyboardInterrupt):
                raise
            returned.append(None)
            error = {
                "name": type(fault).__name__[:100],
                "value": first_line(fault),
                "function": str(step["names"][0]),
            }
            results.append({"error": error})
    return results


def _earlier(step: dict[str, Any]) -> list[int]:
    """The earlier steps whose results this one takes."""
    return [arg["$step"] for arg in step["args"] if isinstance(arg, dict) and "$step" in arg]


def _argument(value: Any, returned: list[Any]) -> Any:
    if isinstance(value, dict) and "$step" in value:
        result = returned[value["$step"]]
        return result[value["$item"]] if "$item" in value else result
    return value


def _find_function(namespace: dict[str, Any], names: tuple[str, ...]) -> Any:
    """A function by one of its names: a global one, else a method of an object or class that the notebook made."""
    if names[0] in foreign.RUNNERS:
        return functools.partial(foreign.RUNNERS[names[0]], namespace)
    for name in names:
        if callable(namespace.get(name)):
            return namespace[name]
    own = [v for v in list(namespace.values()) if getattr(type(v), "__module__", "") == "__main__"]
    classes = [v for v in list(namespace.values()) if isinstance(v, type) and v.__module__ == "__main__"]
    for name in names:
        for holder in own:
            method = _method(holder, name)
            if callable(method):
                return method
        for holder in classes:
            if isinstance(vars(holder).get(name), staticmethod | classmethod):
                return getattr(holder, name)
    return None


def _method(holder: Any, name: str) -> Any:
    try:
        return getattr(holder, name, None)
    except Exception:  # noqa: BLE001 (a `__getattr__` that raises KeyError, say: another object may have it)
        return None


def first_line(fault: BaseException) -> str:
    try:
        return str(fault)[:500]
    except BaseException:  # noqa: BLE001 (their __str__ may raise as well)
        return ""


def decode_argument(descriptor: Descriptor, buffers: Sequence[bytes]) -> Any:
    """One of the trusted side's inputs, as a fresh object that the student's function may change."""
    tag, value = descriptor["t"], descriptor.get("v")
    match tag:
        case "none":
            return None
        case "bool" | "str":
            return value
        case "int":
            return int(str(value), 16)
        case "float":
            return float.fromhex(str(value))
        case "array":
            import numpy as np

            raw = bytearray(buffers[descriptor["b"]])
            return np.frombuffer(raw, dtype=descriptor["d"]).reshape(descriptor["s"])
        case "list" | "tuple":
            items = [decode_argument(item, buffers) for item in value or ()]
            return items if tag == "list" else tuple(items)
        case "dict":
            flat = [decode_argument(item, buffers) for item in value or ()]
            return dict(zip(flat[::2], flat[1::2], strict=True))
    raise ValueError(f"unknown argument {tag!r}")
