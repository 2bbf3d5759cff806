"""The line of a cell in the file, however the file is laid out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coteja.interop.cells import lines_of_cells

SOURCES = ["# a\nx = 1", "print('á \"quoted\"')", "", "y = 2"]


def notebook(**layout: object) -> str:
    cells = [
        {"cell_type": "code", "metadata": {"cells": [{"source": "z"}]}, "source": s.splitlines(keepends=True)}
        for s in SOURCES
    ]
    return json.dumps({"metadata": {"cells": [1, 2]}, "cells": cells, "nbformat": 4}, **layout)  # type: ignore[arg-type]


def test_each_cell_s_code_begins_on_its_line() -> None:
    text = notebook(indent=1, ensure_ascii=False)
    rows = text.splitlines()
    found = [rows[line - 1].strip() for line in lines_of_cells(text)]
    assert found[0] == '"# a\\n",'
    assert found[1].startswith('"print(')
    assert found[3] == '"y = 2"'
    assert found[2] == "{", "an empty cell is where its object begins"


def test_escaped_letters_and_one_long_line_are_found_too() -> None:
    assert lines_of_cells(notebook()) == [1, 1, 1, 1]
    rows = notebook(indent=2).splitlines()
    assert "print(" in rows[lines_of_cells(notebook(indent=2))[1] - 1]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"cells": 3}', '{"cells": [', '{"cells": [1, 2]}', "[" * 100_000]
)
def test_what_is_no_notebook_has_no_lines(text: str) -> None:
    assert lines_of_cells(text) == []


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert isinstance(lines_of_cells(text), list)
