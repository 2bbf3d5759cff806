"""What an audit has found so far, one JSON line for each notebook: an audit that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import coteja
from coteja.grading.lab import Lab
from coteja.grading.versions import versions_of

T = TypeVar("T")
FILE = "runs.jsonl"


class Kept:
    """Results by notebook. Those of another version of the lab, of Coteja or of the settings are not there.

    A line is written when its notebook is done. A line that is damaged (the last one, where the machine went down) counts
    for nothing: its notebook is run again.
    """

    def __init__(self, path: Path | None, lab: Lab, settings: Mapping[str, float]) -> None:
        self._path = path
        self._version = _digest(
            versions_of(lab.course, lab.assignment).check,
            _sources(),
            json.dumps(dict(settings), sort_keys=True),
        )
        self._lines: dict[str, Any] = {}
        text = path.read_bytes() if path is not None and path.is_file() else b""
        self._broken = bool(text) and not text.endswith(
            b"\n"
        )  # its next line must not become part of this one
        for line in text.splitlines():
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            read = json.loads(line)
            self._lines[read["key"]] = read["found"]
        except (ValueError, KeyError, TypeError):
            return

    def key(self, *parts: str) -> str:
        """The name under which a result is kept."""
        return _digest(self._version, *parts)

    def get(self, key: str, kind: type[T]) -> T | None:
        """The result, or None: not run yet, or not readable."""
        if key not in self._lines:
            return None
        try:
            return msgspec.convert(self._lines[key], kind)
        except msgspec.ValidationError:
            return None

    def put(self, key: str, found: object) -> None:
        """Keep one result, on disk before anything else happens."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = msgspec.json.encode({"key": key, "found": found})
        with self._path.open("ab") as file:
            file.write(b"\n" * self._broken + line + b"\n")
            self._broken = False
            file.flush()
            os.fsync(file.fileno())


def _sources() -> str:
    """Of Coteja's own modules: a fault that was mended there is why one audits again."""
    root = Path(coteja.__file__).parent
    return _digest(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(root.rglob("*.py"))))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
