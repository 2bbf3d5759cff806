"""Where in a notebook's file its cells stand, so that a platform can point at the line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from coteja.model.template import TemplateCell
from coteja.recording.plan import sections

_SPACE = " \t\r\n"


def lines_of_cells(text: str) -> list[int]:
    """The line, counted from 1, on which each cell's code begins in the file; [] where it is no notebook.

    The cell's object begins a few lines above; people look for the code.
    """
    try:
        return [_line(text, at) for at in _cells(text)]
    except (ValueError, IndexError, RecursionError):
        return []


def _cells(text: str) -> Iterator[int]:
    """The place of every cell's first line of source, found by walking over the top of the JSON."""
    decoder = json.JSONDecoder()
    at = _skip(text, 0)
    if text[at] != "{":
        raise ValueError
    at = _skip(text, at + 1)
    while text[at] == '"':
        key, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] != ":":
            raise ValueError
        at = _skip(text, at + 1)
        if key == "cells" and text[at] == "[":
            at = _skip(text, at + 1)
            while text[at] == "{":
                cell, end = decoder.raw_decode(text, at)
                yield _source(text, at, end, cell)
                at = _skip(text, end)
                at = _skip(text, at + 1) if text[at] == "," else at
            return
        at = _skip(text, decoder.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at


def _source(text: str, start: int, end: int, cell: Mapping[str, object]) -> int:
    """Where the source's first line begins; the cell itself where there is none."""
    source = cell.get("source")
    first = source[0] if isinstance(source, list) and source else source
    if not isinstance(first, str) or not first:
        return start
    for escaped in (json.dumps(first, ensure_ascii=False), json.dumps(first)):
        if (at := text.rfind(escaped, start, end)) >= 0:
            return at
    return start


def _skip(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def question_lines(text: str, template: Sequence[TemplateCell]) -> dict[str, int]:
    """Where each question's last answer cell begins in the file; questions that are not found are left out."""
    import nbformat

    lines = lines_of_cells(text)
    try:
        notebook = nbformat.from_dict(json.loads(text))
        found = sections(notebook, template)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return {}
    return {
        question: lines[index]
        for question, indices in found.items()
        for index in indices[-1:]
        if index < len(lines)
    }
