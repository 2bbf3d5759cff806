"""Reads a notebook that was handed in, whatever state it is in: wrong encoding, old format, no metadata, broken JSON."""

from __future__ import annotations

import codecs
import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from coteja.errors import SubmissionError
from coteja.model.message import message as _
from coteja.recording import plainjson
from coteja.recording.files import MAX_NOTEBOOK_BYTES

MAX_CELLS = 2000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class ReadNotebook:
    """The notebook in format 4, its bytes' digest, and what had to be mended to read it."""

    notebook: NotebookNode
    sha256: str
    notes: tuple[str, ...]


def read_notebook(path: Path) -> ReadNotebook:
    """Read a submission.

    Raises
    ------
    SubmissionError
        It is not a notebook; the sentence says where it stops being one.
    """
    try:
        size = path.stat().st_size
        if size > MAX_NOTEBOOK_BYTES:
            raise SubmissionError(
                _(
                    "The file has {size} MiB; at most {most} are read. Clear the outputs and hand it in "
                    "again.",
                    size=size >> 20,
                    most=MAX_NOTEBOOK_BYTES >> 20,
                )
            )
        raw = path.read_bytes()
    except OSError as fault:
        raise SubmissionError(_("The file cannot be read: {detail}.", detail=fault.strerror or "")) from None
    text, notes = _decode(raw)
    data = _parse(text)
    notebook = _upgrade(data, notes)
    return ReadNotebook(_tidy(notebook), hashlib.sha256(raw).hexdigest(), tuple(notes))


def _decode(raw: bytes) -> tuple[str, list[str]]:
    if not raw.strip():
        raise SubmissionError(_("The file is empty. Download your notebook again and hand that in."))
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            try:
                return raw.decode(encoding), [] if encoding == "utf-8-sig" else [
                    f"encoding:{encoding.upper()}"
                ]
            except UnicodeDecodeError:
                raise SubmissionError(
                    _("The file claims to be {encoding} text and is not.", encoding=encoding.upper())
                ) from None
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    if raw[1:2] == b"\0" or raw[:1] == b"\0":
        try:
            return raw.decode("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"), ["encoding:UTF-16"]
        except UnicodeDecodeError:
            raise SubmissionError(
                _("The file is not text in any encoding that a notebook may have.")
            ) from None
    return raw.decode("cp1252", "replace"), ["encoding:Windows-1252"]


def _parse(text: str) -> dict[str, Any]:
    try:
        data = plainjson.loads(text)
    except json.JSONDecodeError as fault:
        raise SubmissionError(
            _(
                "The file is not valid JSON: it breaks off or goes wrong at line {line}, column {column}. "
                "Download your notebook again and hand that in.",
                line=fault.lineno,
                column=fault.colno,
            )
        ) from None
    except RecursionError:
        raise SubmissionError(_("The file is not a notebook: its JSON is nested too deep.")) from None
    except ValueError:  # a number of more than 4300 digits
        raise SubmissionError(
            _(
                "The file is not a notebook that can be read ({detail}). Open it in Jupyter, save it, and "
                "hand that in.",
                detail="ValueError",
            )
        ) from None
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise SubmissionError(_("The file is JSON but not a Jupyter notebook: it has no cells."))
    return data


def _upgrade(data: dict[str, Any], notes: list[str]) -> NotebookNode:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if "cells" in data:  # whatever version it claims to have
                return nbformat.from_dict(data)
            major = data.get("nbformat")
            major = major if type(major) is int and major in (2, 3) else 3
            notes.append(f"nbformat:{major}")
            # nbformat expects the attributes of a node, which only its own reader makes.
            old = nbformat.reader.reads(json.dumps({**data, "nbformat": major}))
            return nbformat.convert(old, 4)
    except Exception as fault:  # noqa: BLE001 (nbformat raises many kinds for malformed notebooks)
        raise SubmissionError(
            _(
                "The file is not a notebook that can be read ({detail}). Open it in Jupyter, save it, and "
                "hand that in.",
                detail=type(fault).__name__,
            )
        ) from None


def _tidy(notebook: NotebookNode) -> NotebookNode:
    """Keep what a cell needs; a malformed cell becomes an empty one rather than costing the notebook."""
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise SubmissionError(_("The file is not a notebook: its cells are no list."))
    kept = []
    for cell in cells[:MAX_CELLS]:
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", "")
        lines = source if isinstance(source, list) else [source]
        kind = cell.get("cell_type")
        kept.append(
            nbformat.from_dict(
                {
                    "cell_type": kind if kind in ("code", "markdown", "raw") else "raw",
                    "source": "".join(line for line in lines if isinstance(line, str)),
                    "metadata": _known_metadata(cell.get("metadata")),
                }
            )
        )
    metadata = notebook.get("metadata")
    return nbformat.from_dict({"cells": kept, "metadata": metadata if isinstance(metadata, dict) else {}})


def _known_metadata(metadata: object) -> dict[str, dict[str, str]]:
    """Of a cell's metadata what tells where it came from, and only if it is text."""
    if not isinstance(metadata, dict):
        return {}
    return {
        key: {name: value for name, value in metadata[key].items() if isinstance(value, str)}
        for key in ("coteja", "nbgrader")
        if isinstance(metadata.get(key), dict)
    }
