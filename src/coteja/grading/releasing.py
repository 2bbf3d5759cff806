"""Releases a lab: one notebook a language."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from coteja.grading.lab import Lab
from coteja.model.assignment import Language
from coteja.recording.files import write_whole
from coteja.release import build_notebook, notebook_bytes


def released_bytes(lab: Lab, language: Language, *, solutions: bool = False) -> bytes:
    """The student's notebook in `language`: the same lab gives the same bytes. With `solutions`, the author's own."""
    return notebook_bytes(released_notebook(lab, language, solutions=solutions))


def released_notebook(lab: Lab, language: Language, *, solutions: bool = False) -> NotebookNode:
    """The same as a notebook that more may be put into."""
    cells = lab.template(language, solutions=solutions)
    return build_notebook(lab.assignment, cells, language, public=lab.public_payload(language))


def release(lab: Lab, languages: list[Language], out: Path, *, solutions: bool = False) -> list[Path]:
    """Write `<out>/<language>/<assignment>.ipynb` for each language and return the paths."""
    written = []
    for language in languages:
        path = out / language / f"{lab.assignment.id}.ipynb"
        write_whole(path, released_bytes(lab, language, solutions=solutions))
        written.append(path)
    return written
