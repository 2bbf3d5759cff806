"""Finds the notebooks that were handed in, and whose they are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from coteja.errors import UsageError
from coteja.model.recording import Submission
from coteja.recording.read import digest

_SKIPPED = {".ipynb_checkpoints", ".git", "__pycache__"}


def find_submissions(paths: Iterable[Path], assignment: str) -> list[Submission]:
    """Every notebook in `paths` (files, and folders with all below them), ordered by student.

    The student is the file's name; where a file is called as the assignment is, or several share one name, the
    folder's. Raises UsageError for a path that is not there or holds no notebook.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_file():
            files.append(path)
        elif path.is_dir():
            found = [p for p in sorted(path.rglob("*.ipynb")) if p.is_file() and not _SKIPPED & set(p.parts)]
            if not found:
                raise UsageError(f"{path}: no notebook (*.ipynb) in this folder or below it.")
            files += found
        else:
            raise UsageError(f"{path}: no such file or folder.")
    files = list(dict.fromkeys(files))
    stems = Counter(file.stem for file in files)
    names = [_printable(_student(file, assignment, stems)) for file in files]
    again = Counter(names)
    submissions = [
        Submission(
            student=name if again[name] == 1 else _printable(str(file)), path=str(file), sha256=digest(file)
        )
        for name, file in zip(names, files, strict=True)
    ]
    return sorted(submissions, key=lambda s: (s.student, s.path))


def _printable(name: str) -> str:
    """A name that can be written anywhere: a file's name may be no text at all."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _student(file: Path, assignment: str, stems: Counter[str]) -> str:
    if file.stem == assignment or stems[file.stem] > 1:
        return file.resolve().parent.name
    return file.stem


def slug(student: str) -> str:
    """A name for files: letters, digits, dots and dashes; accents kept off, so that any system can read it.

    >>> slug("Sofía Pérez/tarea 2")
    'Sofia-Perez-tarea-2'
    """
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.") or "student"
