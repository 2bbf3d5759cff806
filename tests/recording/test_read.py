"""Submissions as they arrive: every encoding is read, every wreck gets a sentence, nothing else is raised."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from coteja.errors import SubmissionError
from coteja.recording.files import digest
from coteja.recording.plan import peek
from coteja.recording.read import MAX_CELLS, ReadNotebook, read_notebook

Read = Callable[[Any], ReadNotebook]


def notebook(*sources: str, **more: Any) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None}
        for s in sources
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes, or anything else as its JSON, by way of a file."""

    def read(content: Any) -> ReadNotebook:
        path = tmp_path / "x.ipynb"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read_notebook(path)

    return read


def sources(found: ReadNotebook) -> list[str]:
    return [cell.source for cell in found.notebook.cells]


@pytest.mark.parametrize(
    ("encoding", "bom", "note"),
    [
        ("utf-8", b"", None),
        ("utf-8", codecs.BOM_UTF8, None),
        ("utf-16-le", codecs.BOM_UTF16_LE, "encoding:UTF-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "encoding:UTF-16"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "encoding:UTF-32"),
        ("utf-32-be", codecs.BOM_UTF32_BE, "encoding:UTF-32"),
        ("utf-16-le", b"", "encoding:UTF-16"),
        ("utf-16-be", b"", "encoding:UTF-16"),
        ("cp1252", b"", "encoding:Windows-1252"),
    ],
)
def test_every_encoding_is_read_and_noted(read: Read, encoding: str, bom: bytes, note: str | None) -> None:
    text = json.dumps(notebook("año = '€'"), ensure_ascii=False)
    found = read(bom + text.encode(encoding))
    assert sources(found) == ["año = '€'"]
    assert found.notes == ((note,) if note else ())


def test_old_formats_are_brought_to_the_new_one(read: Read) -> None:
    cell = {
        "cell_type": "code",
        "input": ["a = 1\n", "b"],
        "language": "python",
        "outputs": [],
        "collapsed": False,
    }
    heading = {"cell_type": "heading", "level": 2, "source": "Título"}
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [cell, heading]}],
    }
    found = read(old)
    assert sources(found) == ["a = 1\nb", "## Título"]
    assert found.notes == ("nbformat:3",)


WRECKS: dict[str, tuple[Any, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t", "is empty"),
    "broken off": (
        b'{"cells": [\n{"cell_type"',
        "not valid JSON: it breaks off or goes wrong at line 2, column 13",
    ),
    "HTML": (b"<!doctype html><title>404</title>", "not valid JSON"),
    "zipped": (b"PK\x03\x04" + bytes(range(256)), "not valid JSON|not text"),
    "false UTF-8": (codecs.BOM_UTF8 + b"\xff", "claims to be UTF-8"),
    "false UTF-16": (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "claims to be UTF-16 text and is not"),
    "a list": ([], "not a Jupyter notebook"),
    "a number": (5, "not a Jupyter notebook"),
    "no cells": ({"metadata": {}}, "it has no cells"),
    "cells are no list": ({"cells": {"a": 1}}, "its cells are no list"),
    "nested too deep": (b"[" * 1_000_000, "nested too deep"),
    "nested deep inside": (
        b'{"cells": [' + b'{"a":' * 980 + b"1" + b"}" * 980 + b"]}",
        "nested too deep|can be read",
    ),
    "a number of many digits": (b'{"cells": [' + b"1" * 5000 + b"]}", "cannot|can be read"),
    "old and broken": ({"nbformat": 3, "worksheets": 5}, "cannot|can be read"),
    "old without cells": ({"nbformat": 2, "worksheets": [1]}, "cannot|can be read"),
}


@pytest.mark.parametrize(("content", "sentence"), WRECKS.values(), ids=WRECKS.keys())
def test_every_wreck_gets_a_sentence(read: Read, content: Any, sentence: str) -> None:
    with pytest.raises(SubmissionError, match=sentence) as refused:
        read(content)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("version", [1e999, -1, "x", None, [], 99, 4.5, True])
def test_a_strange_version_is_not_the_end(read: Read, version: Any) -> None:
    assert sources(read(notebook("a", nbformat=version))) == ["a"]
    cell = {"cell_type": "code", "input": "a", "language": "python", "outputs": []}
    old = {"worksheets": [{"cells": [cell]}], "metadata": {}, "nbformat": version}
    assert sources(read(old)) == ["a"]


def test_what_cannot_be_opened_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        read_notebook(tmp_path / "nowhere.ipynb")
    with pytest.raises(SubmissionError, match="cannot be read: Is a directory"):
        read_notebook(tmp_path)
    assert digest(tmp_path) == digest(tmp_path / "nowhere.ipynb") == ""


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(SubmissionError, match="has 200 MiB; at most 100 are read"):
        read_notebook(path)
    assert digest(path) == ""


def test_malformed_cells_cost_themselves_alone(read: Read) -> None:
    good = {
        "cell_type": "code",
        "source": ["a = 1\n", "b = 2"],
        "metadata": {"coteja": {"cell": "q1-1", "x": [1]}, "tags": 5},
    }
    odd = [
        5, None, [], {}, {"cell_type": "code"}, {"cell_type": 7, "source": 7}, {"cell_type": "code", "source": ["x", 5, None]},
        {"cell_type": "code", "source": "y", "metadata": 5}, {"cell_type": "code", "source": "z", "metadata": {"coteja": []}},
    ]  # fmt: skip
    found = read({"cells": [good, *odd, good], "metadata": 5})
    assert sources(found) == ["a = 1\nb = 2", "", "", "", "x", "y", "z", "a = 1\nb = 2"]
    assert found.notebook.cells[0].metadata == {"coteja": {"cell": "q1-1"}}
    assert found.notebook.metadata == {}


def test_lone_surrogates_become_question_marks(read: Read) -> None:
    found = read(b'{"cells": [{"cell_type": "markdown", "source": "a\\ud800b \\ud83d\\ude00"}]}')
    assert sources(found) == ["a?b 😀"]
    found.notebook.cells[0].source.encode()


def test_cells_beyond_a_limit_are_left_out(read: Read) -> None:
    assert len(read(notebook(*["x"] * (MAX_CELLS + 5))).notebook.cells) == MAX_CELLS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "cells",
                    "cell_type",
                    "source",
                    "metadata",
                    "nbformat",
                    "worksheets",
                    "coteja",
                    "input",
                    "outputs",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def _reads_or_refuses(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    try:
        found = read_notebook(path)
    except SubmissionError as fault:
        refusal = str(fault)
    else:
        refusal = ""
    if refusal:
        assert refusal.endswith(".")
        return
    assert isinstance(found.notebook, NotebookNode)
    for cell in found.notebook.cells:
        assert cell.cell_type in ("code", "markdown", "raw")
        cell.source.encode()
    peek(found.notebook)


@given(
    st.binary(max_size=60)
    | st.tuples(st.sampled_from([b"\xef\xbb\xbf", b"\xff\xfe", b"\x00{"]), st.binary()).map(b"".join)
)
@settings(deadline=None, max_examples=60)
def test_random_bytes_are_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    _reads_or_refuses(tmp_path_factory.getbasetemp() / "x.ipynb", raw)


@given(JSON, JSON, JSON)
@example([{"cell_type": "code", "source": "\ud800"}], {"coteja": {"language": {"a": []}}}, 4)
@settings(deadline=None, max_examples=60)
def test_random_notebooks_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cells: Any, metadata: Any, version: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "x.ipynb"
    for body in (
        cells,
        {"cells": cells, "metadata": metadata, "nbformat": version},
        {"worksheets": cells, "nbformat": 3},
    ):
        _reads_or_refuses(path, json.dumps(body).encode())
