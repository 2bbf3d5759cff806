"""Feedback in the shape of a platform's own bulk upload, under the names that it gave the submissions.

Moodle (Upload multiple feedback files in a zip): a folder for each participant, any files in it. Canvas (Upload submissions):
files under the names that it gave; it shows them under the handed-in file's own name, so the page comes as a notebook.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from coteja.interop.marked import Marked
from coteja.model.intake import Handed

_MOODLE = re.compile(r"[^/]+_\d+_assignsubmission_file[^/]*")
_CANVAS = re.compile(r"[^\W\d_]+_(?:LATE_)?\d{3,}_\d{4,}_[^/]+\.ipynb")
#: A zip entry's time: the same results give the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Packed:
    """The archive, and who is not in it, with why."""

    data: bytes = b""
    packed: int = 0
    left_out: list[str] = field(default_factory=list)


def pack(
    platform: str, marked: Sequence[Marked], students: Mapping[str, Handed], languages: Sequence[str]
) -> Packed:
    """Everybody's pages for `platform`, "moodle" or "canvas". `students` is who handed in what, from the intake."""
    files = _moodle if platform == "moodle" else _canvas
    out, buffer = Packed(), io.BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for m in marked:
            sources = [a.source for a in students.get(m.result.student, Handed()).attempts] or [
                m.result.source
            ]
            entries = [(name, data) for name, data in files(m, sources, languages) if name not in seen]
            if not entries:
                out.left_out.append(m.result.student)
                continue
            for name, data in entries:
                seen.add(name)
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
            out.packed += 1
    out.data = buffer.getvalue()
    return out


def _moodle(m: Marked, sources: Sequence[str], languages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    folder = _named(_MOODLE, sources, m)
    for language in languages if folder else ():
        page = m.page("html", language)
        if page.is_file():
            yield f"{folder}/{page.name}", page.read_bytes()


def _canvas(m: Marked, sources: Sequence[str], languages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    name = _named(_CANVAS, sources, m)
    pages = [m.page("md", language) for language in languages]
    cells = [new_markdown_cell(page.read_text(encoding="utf-8")) for page in pages if page.is_file()]
    if name and cells:
        for number, cell in enumerate(cells):
            cell["id"] = f"feedback-{number}"
        yield name, nbformat.writes(new_notebook(cells=cells)).encode()


def _named(pattern: re.Pattern[str], sources: Sequence[str], m: Marked) -> str:
    """The platform's name in the path of the notebook that counts, else of another attempt."""
    for source in sorted(sources, key=lambda source: source != m.result.source):
        for part in reversed(PurePosixPath(source.replace("\\", "/")).parts):
            if pattern.fullmatch(part):
                return part
    return ""
