"""Handed-in folders as the platforms write them, made on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from intake_files import Files, content_of


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Write files below a folder and return it."""

    def write(files: Files, folder: str = "handed-in") -> Path:
        root = tmp_path / folder
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content_of(name, content))
        return root

    return write


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The private folder that archives are unpacked to."""
    folder = tmp_path / "private"
    folder.mkdir()
    return folder
