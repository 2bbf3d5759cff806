"""Notebooks and archives as bytes, for tests of what is handed in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

#: A notebook that holds its own name, so that each has bytes of its own.
Files = Mapping[str, bytes | str]


def notebook(text: str = "") -> bytes:
    """The bytes of a small notebook."""
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def zipped(files: Files, *, when: tuple[int, int, int, int, int, int] = (2026, 3, 21, 8, 0, 0)) -> bytes:
    """A real zip archive of `files` (a name ending in .ipynb with "" gets a notebook)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, when), content_of(name, content), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def content_of(name: str, content: bytes | str) -> bytes:
    if content == "" and name.endswith(".ipynb"):
        return notebook(name)
    return content if isinstance(content, bytes) else content.encode()
