"""What the labs that are made of another program's notebook share: reading the file, and its text as Python's."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coteja.errors import CourseError, UsageError


def read_foreign(path: Path, wanted: str) -> NotebookNode:
    """A notebook of somebody else's program, in format 4.

    Raises
    ------
    UsageError
        There is no such file; `wanted` says which one to name.
    CourseError
        It is no notebook, or not Python's.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file. Name {wanted}.")
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as fault:  # noqa: BLE001 (nbformat raises whatever its parts do)
        raise CourseError(
            f"{path}: this is not a notebook ({type(fault).__name__}). Expected an .ipynb file."
        ) from None
    info = notebook.metadata.get("kernelspec", {}) or {}
    language = info.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    if str(language).lower() != "python":
        raise CourseError(f"{path}: the notebook is in {language}; only Python's can become a lab.")
    return notebook


def spread(body: str) -> str:
    """A text as Python's literals, a line each."""
    return "\n".join(map(repr, body.splitlines(keepends=True) or [""]))


def in_docstring(text: str) -> str:
    """A text that cannot end the docstring that it stands in."""
    return text.replace("\\", "").replace('"', "'")
