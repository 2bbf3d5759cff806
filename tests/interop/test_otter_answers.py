"""An answer of otter's in our marks: all of it is in the solved notebook, and nothing that otter takes out in the released one."""

from __future__ import annotations

import ast

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from otter_masters import code, notebook, question, solution

from coteja.course.source import BEGIN, END, remove_solutions
from coteja.interop.otter_lab import answer_source
from coteja.interop.otter_master import MasterCell, read_master

_SECRETS = st.integers(100, 999).map("secret_{}".format)


@st.composite
def _piece(draw: st.DrawFn) -> list[str]:
    """Some lines of a cell, with or without a solution in one of otter's spellings."""
    kind = draw(st.sampled_from(["plain", "line", "value", "block", "silent", "prompt", "ignored"]))
    secrets = draw(st.lists(_SECRETS, min_size=1, max_size=3))
    match kind:
        case "plain":
            return ["shown = 1", ""]
        case "line":
            return [f"print({secrets[0]})  # SOLUTION"]
        case "value":
            return [f"result = {secrets[0]} # SOLUTION"]
        case "block":
            return ["# BEGIN SOLUTION", *secrets, "# END SOLUTION"]
        case "silent":
            return ["# BEGIN SOLUTION NO PROMPT", *secrets, "# END SOLUTION"]
        case "prompt":
            return ['""" # BEGIN PROMPT', "hint = ...", '""" # END PROMPT']
    return ["noted = 1  # IGNORE"]


@st.composite
def _cells(draw: st.DrawFn) -> str:
    lines = [line for piece in draw(st.lists(_piece(), min_size=1, max_size=5)) for line in piece]
    if draw(st.booleans()):
        return "\n".join(["def f():", *(f"    {line}" if line else "" for line in lines), "    return 0"])
    return "\n".join(lines)


@settings(deadline=None, max_examples=60)
@given(_cells())
def test_no_secret_is_released_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, source: str
) -> None:
    path = tmp_path_factory.mktemp("master") / "master.ipynb"
    nbformat.write(notebook(*question("name: q1", "One.", *solution(code(source)))), path)
    master = read_master(path)
    answers = [cell for cell in master.cells if cell.kind == "answer"]
    for cell in answers:
        ours = answer_source(cell)
        assert ours.count(BEGIN) == ours.count(END)
        released = remove_solutions(ours, "here")
        assert "secret_" not in released
        ast.parse(released)
        ast.parse(ours)
        solved = [
            line
            for line in ours.split("\n")
            if line.strip() not in (BEGIN, END, "# hint = ...", "# result = ...", "")
        ]
        assert solved == [line for line in cell.source.split("\n") if line.strip()]


def test_a_solution_inside_a_statement_takes_the_whole_cell() -> None:
    own = MasterCell("answer", "code", "total = sum(\n    [1, 2],\n)", "q1", "total = sum(\n    ...\n)")
    assert answer_source(own) == f"# total = sum(\n# )\n{BEGIN}\ntotal = sum(\n    [1, 2],\n)\n{END}"


def test_a_cell_without_a_solution_stays_as_it_is() -> None:
    own = MasterCell("answer", "code", "x = 1", "q1", "x = 1")
    assert answer_source(own) == "x = 1"
