"""Recordings on disk: every bit comes back, damage is a sentence, a half-written file is never seen."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from nbformat.v4 import new_notebook

from coteja.errors import CotejaError, MachineError
from coteja.model.recording import CallResult, CellError, CellRun, ProbeRun, Recording
from coteja.model.values import NoValue
from coteja.recording.files import write_whole
from coteja.recording.protocol import Recorded
from coteja.recording.store import RecordingStore, dump_recording, load_recording

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ARRAYS = npst.arrays(
    st.sampled_from(["<f8", "<f4", "<i8", "|b1", "<c16", "<U3", "|u1"]),
    npst.array_shapes(min_dims=0, min_side=0),
)
NO_VALUES = st.builds(NoValue, st.sampled_from(["missing", "cut", "opaque", "function", "error"]), TEXT, TEXT)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    TEXT,
    st.binary(),
    ARRAYS,
    NO_VALUES,
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXT | st.integers() | st.booleans() | st.none(), inner, max_size=3)
    ),
    max_leaves=8,
)
RESULTS = st.builds(CallResult, value=VALUES) | st.builds(
    CallResult, error=st.builds(CellError, name=TEXT, value=TEXT), function=TEXT
)


def same(a: Any, b: Any) -> bool:
    """Equal in kind and in every bit; NaN is NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    return bool(a == b)


def recording(**parts: Any) -> Recording:
    cells = (CellRun(index=0, kind="answer", status="error", error=CellError(name="E", value="ñ")),)
    return Recording(
        assignment="lab",
        student="Sofía",
        source="x.ipynb",
        sha256="0",
        language="es",
        status="complete",
        cells=cells,
        **parts,
    )


@given(st.dictionaries(TEXT, VALUES, max_size=3), st.lists(st.lists(RESULTS, max_size=3), max_size=3))
@settings(deadline=None, max_examples=40)
def test_every_value_comes_back_bit_by_bit(
    artefacts: dict[str, Any], results: list[list[CallResult]]
) -> None:
    cases = [[("f", (r.value, {"$step": 0}))] for case in results for r in case]
    probe = ProbeRun(cases=cases, results=results, missing=("g",), failure="timeout")
    before = recording(artefacts=artefacts, probes={"p": probe})
    after = load_recording(dump_recording(before))
    assert same(dict(sorted(after.artefacts.items())), dict(sorted(artefacts.items())))
    assert same(
        [[r.value for r in case] for case in after.probes["p"].results],
        [[r.value for r in case] for case in results],
    )
    assert [[(r.error, r.function) for r in c] for c in after.probes["p"].results] == [
        [(r.error, r.function if r.error else "") for r in c] for c in results
    ]
    assert same(after.probes["p"].cases, cases)
    assert (after.probes["p"].missing, after.probes["p"].failure) == (("g",), "timeout")
    assert (after.cells, after.student) == (before.cells, before.student)
    assert dump_recording(after) == dump_recording(before)


def test_what_may_cross_the_wall_may_be_stored_however_deep_and_many() -> None:
    deep: Any = 1
    for _ in range(14):
        deep = [deep]
    many = [None] * 150_000
    results = [[CallResult(value=deep)], [CallResult(value=many)]]
    probe = ProbeRun(cases=[[("f", (deep,))]], results=results)
    before = recording(artefacts={"deep": deep, "many": many, "again": many}, probes={"p": probe})
    after = load_recording(dump_recording(before))
    assert after.artefacts == before.artefacts
    assert after.probes["p"].results == results


DAMAGE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"{}",
    b"\xff\xfe",
    b"[" * 100_000,
    b"1" * 10_000,
    b'{"recording": {}, "artefacts": {}, "probes": {}}',
    b'{"recording": 5, "artefacts": 5, "probes": 5}',
]


@pytest.mark.parametrize("data", DAMAGE)
def test_a_damaged_recording_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    store = RecordingStore(tmp_path)
    write_whole(tmp_path / "key" / "recording.json", data)
    with pytest.raises(CotejaError, match=r"recording\.json: this recording is damaged"):
        store.load("key")


@given(st.data())
@settings(deadline=None)
def test_any_damage_is_a_sentence_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    probe = ProbeRun(cases=[[("f", (1.5, np.ones(2)))]], results=[[CallResult(value={"a": [1]})]])
    stored = json.loads(dump_recording(recording(artefacts={"x": np.arange(3)}, probes={"p": probe})))
    place = stored
    while isinstance(place, dict | list) and place:
        key = (
            data.draw(st.sampled_from(sorted(place)))
            if isinstance(place, dict)
            else data.draw(st.integers(0, len(place) - 1))
        )
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(
                st.none() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({}) | st.just([[]])
            )
            break
        place = place[key]
    write_whole(folder / "key" / "recording.json", json.dumps(stored).encode())
    try:
        complaint = f"none, {RecordingStore(folder).load('key').schema}"
    except CotejaError as fault:
        complaint = str(fault)
    assert "damaged" in complaint or "none" in complaint


def test_a_missing_recording_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CotejaError, match=r"missing\. Run `coteja grade` again"):
        RecordingStore(tmp_path).load("nowhere")


def test_a_recording_is_saved_with_its_notebook_and_found_by_its_key(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path)
    for key, number in (("b", 1), ("a", 2), ("b", 3)):
        store.save(key, Recorded(recording(artefacts={"x": number}), new_notebook()))
    assert store.keys() == ["a", "b"]
    assert store.load("b").artefact("x") == 3
    assert json.loads((tmp_path / "b" / "executed.ipynb").read_text())["cells"] == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "file"
    write_whole(path, b"old")

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(MachineError, match=r"No space.*make room"):
        write_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o644
