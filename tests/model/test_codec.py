"""Values survive the wire bit by bit; whatever a hostile process sends ends in a value or in WireError."""

from __future__ import annotations

import contextlib
import json
import math
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from coteja.model import codec
from coteja.model.codec import WireError, decode, encode, from_json, to_json
from coteja.model.values import NoValue, Value, is_value

KINDS: tuple[Any, ...] = ("missing", "cut", "opaque", "function", "error")


def same(a: Any, b: Any) -> bool:
    """Equal in type, structure and every bit: NaN is NaN, -0.0 is not 0.0."""
    if isinstance(a, np.ndarray):
        return (
            isinstance(b, np.ndarray)
            and (a.dtype.newbyteorder("<"), a.shape) == (b.dtype, b.shape)
            and a.astype(a.dtype.newbyteorder("<")).tobytes() == b.tobytes()
        )
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a.items(), b.items(), strict=True))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, float):
        return a.hex() == b.hex()
    return bool(a == b)


def plain_dtypes() -> st.SearchStrategy[Any]:
    """Every kind that may travel, in both byte orders."""
    return st.one_of(
        npst.boolean_dtypes(),
        npst.integer_dtypes(),
        npst.unsigned_integer_dtypes(),
        npst.floating_dtypes(sizes=(16, 32, 64)),
        npst.complex_number_dtypes(sizes=(64, 128)),
        npst.byte_string_dtypes(min_len=1, max_len=5),
        npst.unicode_string_dtypes(min_len=1, max_len=5),
        npst.timedelta64_dtypes(),
        npst.datetime64_dtypes(),
    )


def plain_arrays() -> st.SearchStrategy[Any]:
    """0-d, empty and many-dimensional ones, with NaN and infinities."""
    shapes = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
    return npst.arrays(plain_dtypes(), shapes)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.builds(NoValue, st.sampled_from(KINDS), st.text(max_size=20), st.text(max_size=20)),
)
keys = st.one_of(st.text(max_size=5), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())
values: st.SearchStrategy[Value] = st.recursive(
    scalars | plain_arrays(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4),
    ),
    max_leaves=12,
)


def over_the_wire(value: Value) -> Value:
    """There and back, the descriptor as JSON text between."""
    buffers: list[bytes] = []
    descriptor = json.loads(json.dumps(encode(value, buffers), allow_nan=False))
    return decode(descriptor, buffers)


@given(value=values)
def test_nested_values_come_back_as_they_went(value):
    assert same(value, over_the_wire(value))


@given(array=plain_arrays())
def test_arrays_of_every_plain_dtype_come_back_with_dtype_shape_and_bits(array):
    assert same(array, over_the_wire(array))


@given(value=values)
def test_a_stored_value_is_plain_json_and_reads_back(value):
    stored = json.loads(json.dumps(to_json(value), allow_nan=False))
    assert same(value, from_json(stored))


@pytest.mark.parametrize(
    "array",
    [
        np.array([math.nan, math.inf, -math.inf, -0.0, 5e-324]),
        np.array(math.nan),
        np.zeros((0, 3)),
        np.zeros((2, 0, 4), dtype=np.float16),
        np.arange(6.0).reshape(2, 3).T,
        np.arange(10)[::-2],
        np.array([1, 2, 3], dtype=">i4"),
        np.array(["ñ", "∞"]),
        np.array("NaT", dtype="M8[ns]"),
    ],
    ids=lambda a: f"{a.dtype.str}{a.shape}",
)
def test_arrays_at_the_edges_come_back(array):
    assert same(array, over_the_wire(array))


@pytest.mark.parametrize("scalar", [np.float64(0.1), np.float32(0.1), np.int8(-3), np.complex64(1j)])
def test_a_numpy_scalar_comes_back_as_an_array_of_no_dimensions(scalar):
    assert same(np.asarray(scalar), over_the_wire(scalar))


def test_a_numpy_bool_comes_back_as_a_bool():
    assert over_the_wire(np.True_) is True


def test_a_decoded_array_can_be_written_to_and_shares_no_memory_with_its_frame():
    raw = bytes(16)
    array = decode({"t": "array", "d": "<f8", "s": [2], "b": 0}, [raw])
    array[0] = 1.0
    assert raw == bytes(16)


def test_what_is_not_plain_data_is_not_encoded():
    for odd in ({1, 2}, object(), len):
        with pytest.raises(TypeError, match="cannot encode"):
            encode(odd, [])


def test_a_key_that_is_no_plain_key_is_dropped_and_the_others_stay():
    items = [{"t": "bytes", "b": 0}, {"t": "int", "v": "0x1"}, {"t": "str", "v": "kept"}, {"t": "none"}]
    assert decode({"t": "dict", "v": items}, [b"x"]) == {"kept": None}


def test_no_value_says_why_there_is_none():
    found = decode({"t": "opaque", "type": "torch.Tensor"})
    assert found == NoValue("opaque", "torch.Tensor")
    assert not is_value(found)
    assert is_value(None)


# ----------------------------------------------------------------------------------- hostile descriptors

json_garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["t", "v", "b", "d", "s", "type", "detail"]), inner)
    ),
    max_leaves=15,
)
tags = st.sampled_from(
    [
        "none",
        "bool",
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "list",
        "tuple",
        "dict",
        "array",
        "missing",
        "error",
        "x",
    ]
)
dtypes = st.one_of(
    st.sampled_from(
        [
            "O",
            "|O",
            "V8",
            "|V8",
            "<V8",
            "<f8",
            ">f8",
            "|S0",
            "<U0",
            "|S5",
            "<i4,i4",
            "<f3",
            "<m8[x]",
            "<M8",
            "(2,)f8",
            "<f8,O",
        ]
    ),
    st.text(alphabet="<>|=biufcSUmMOVa0123456789,()[]: nsD", max_size=9),
)
descriptors = st.fixed_dictionaries(
    {"t": tags},
    optional={
        "v": json_garbage | st.lists(st.fixed_dictionaries({"t": tags}, optional={"v": json_garbage})),
        "b": st.integers(-2, 3) | json_garbage,
        "d": dtypes | json_garbage,
        "s": st.lists(st.integers(-1, 1 << 60), max_size=4) | json_garbage,
        "type": json_garbage,
        "detail": json_garbage,
    },
)
frames = st.lists(st.binary(max_size=16), max_size=3)


def decode_or_refuse(descriptor: object, buffers: list[bytes]) -> None:
    """Whatever else is raised fails the test."""
    with contextlib.suppress(WireError):
        decode(descriptor, buffers)


@given(descriptor=json_garbage | descriptors, buffers=frames)
@settings(max_examples=300)
def test_garbage_gives_a_value_or_wire_error_and_nothing_else(descriptor, buffers):
    decode_or_refuse(descriptor, buffers)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON tree."""
    if not isinstance(tree, dict | list):
        return []
    pairs = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree))
    return [(tree, key) for key, _ in pairs] + [place for _, inner in pairs for place in places(inner)]


@given(value=values, data=st.data())
@settings(max_examples=200)
def test_a_valid_frame_with_one_thing_changed_gives_a_value_or_wire_error(value, data):
    buffers: list[bytes] = []
    descriptor = encode(value, buffers)
    container, key = data.draw(st.sampled_from(places(descriptor)))
    if isinstance(container, dict) and data.draw(st.booleans()):
        del container[key]
    else:
        container[key] = data.draw(json_garbage | tags | dtypes)
    decode_or_refuse(descriptor, buffers[: data.draw(st.integers(0, len(buffers)))])


@given(stored=json_garbage | st.fixed_dictionaries({"value": descriptors, "buffers": json_garbage}))
def test_garbage_on_disk_gives_a_value_or_wire_error(stored):
    with contextlib.suppress(WireError):
        from_json(stored)


@given(dtype=dtypes, count=st.integers(0, 3))
def test_no_dtype_string_ever_makes_an_array_of_objects_or_records(dtype, count):
    try:
        array = decode({"t": "array", "d": dtype, "s": [count], "b": 0}, [bytes(8 * count)])
    except WireError:
        return
    assert array.dtype.kind in codec.DTYPE_KINDS
    assert not array.dtype.hasobject
    assert array.dtype.names is None


@pytest.mark.parametrize(
    "dtype",
    [
        "O",
        "|O",
        "|O8",
        "V8",
        "|V8",
        "<i4,<i4",
        "<f8,O",
        "(2,)<f8",
        "f8",
        "=f8",
        "float64",
        "|S0",
        "<U0",
        "<S4097",
        "",
        "<x8",
    ],
)
def test_a_dtype_that_is_not_plain_is_refused(dtype):
    with pytest.raises(WireError):
        decode({"t": "array", "d": dtype, "s": [1], "b": 0}, [bytes(8)])


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ([3], 16),
        ([2], 24),
        ([], 0),
        ([0], 8),
        ([1 << 40, 1 << 40], 8),
        ([1 << 62], 8),
        ([-1], 8),
        ([True], 8),
        ([1.0], 8),
        ("1", 8),
        ([1] * 33, 8),
    ],
    ids=str,
)
def test_a_shape_that_does_not_fit_its_buffer_is_refused(shape, size):
    with pytest.raises(WireError, match=r"a buffer of the wrong size|not a shape"):
        decode({"t": "array", "d": "<f8", "s": shape, "b": 0}, [bytes(size)])


def test_a_huge_shape_costs_no_memory():
    descriptor = {"t": "array", "d": "<f8", "s": [1 << 30], "b": 0}
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(descriptor, [bytes(8)])
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("index", [-1, 1, "0", 0.0, True, None])
def test_a_buffer_that_is_not_there_is_refused(index):
    with pytest.raises(WireError):
        decode({"t": "bytes", "b": index}, [b"x"])


def nested(levels: int) -> Any:
    """A list in a list in a list."""
    tree: Any = {"t": "none"}
    for _ in range(levels):
        tree = {"t": "list", "v": [tree]}
    return tree


def test_nesting_is_read_to_its_limit_and_refused_beyond():
    decode(nested(codec.MAX_DEPTH))
    with pytest.raises(WireError, match="deep"):
        decode(nested(codec.MAX_DEPTH + 1))
    with pytest.raises(WireError, match="deep"):
        decode(nested(100_000))


def test_what_shares_one_buffer_a_thousand_times_still_spends_its_budget(monkeypatch):
    monkeypatch.setattr(codec, "MAX_NODES", 100)
    item = {"t": "bytes", "b": 0}
    assert len(decode({"t": "list", "v": [item] * 99}, [b"x"])) == 99
    with pytest.raises(WireError, match="too many"):
        decode({"t": "list", "v": [item] * 100}, [b"x"])


def test_text_and_numbers_have_a_longest_length():
    for tag, limit in (("str", codec.MAX_TEXT), ("int", codec.MAX_INT_DIGITS), ("float", 40)):
        with pytest.raises(WireError, match="too long"):
            decode({"t": tag, "v": "1" * (limit + 1)})


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("float", "0x1p+99999"),
        ("float", "one"),
        ("float", 1.0),
        ("int", "0xg"),
        ("int", 1),
        ("bool", 1),
        ("complex", ["0x1p0"]),
        ("complex", "abc"),
        ("str", None),
        ("list", {}),
        ("dict", [{"t": "list", "v": []}, {"t": "none"}, {}, {}]),
    ],
)
def test_a_value_that_is_not_what_its_tag_says_is_refused(tag, value):
    with pytest.raises(WireError):
        decode({"t": tag, "v": value})


def test_a_dictionary_with_a_key_and_no_value_is_refused():
    with pytest.raises(WireError, match="without a value"):
        decode({"t": "dict", "v": [{"t": "str", "v": "a"}]})


@pytest.mark.parametrize("stored", [None, [], {}, {"value": {"t": "none"}}, {"value": 1, "buffers": ["***"]}])
def test_what_was_not_written_by_to_json_is_refused(stored):
    with pytest.raises(WireError):
        from_json(stored)
