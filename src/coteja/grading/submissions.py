"""Names for what was handed in, and a short way to find it without a roster."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from coteja.grading.intake import Rules, take_in
from coteja.model.recording import Submission


def find_submissions(paths: Iterable[Path], assignment: str) -> list[Submission]:
    """Every notebook in `paths` (files, and folders with all below them), ordered by student.

    The student is the file's name; where a file is called as the assignment is, or several share one name, the
    folder's. Raises UsageError for a path that is not there or holds no notebook.
    """
    return take_in(paths, Rules(assignment)).submissions


def slug(student: str) -> str:
    """A name for files: letters, digits, dots and dashes; accents kept off, so that any system can read it.

    >>> slug("Sofía Pérez/tarea 2")
    'Sofia-Perez-tarea-2'
    """
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.") or "student"
