"""Files read and written whole: digests, and writing by renaming. Loads nothing heavy."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from pathlib import Path

from coteja.errors import MachineError

MAX_NOTEBOOK_BYTES = 100 << 20
_BLOCK_BYTES = 1 << 20
_REMEDY = "Mend the folder's permissions, or name another with --out"
_REMEDIES = dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "The disk takes no more: make room")


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes, "" where they cannot be read, or are more than any notebook may have."""
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            return ""
        with path.open("rb", buffering=0) as file:
            out = hashlib.sha256()
            while block := file.read(_BLOCK_BYTES):
                out.update(block)
            return out.hexdigest()
    except OSError:
        return ""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by renaming: a reader sees the old one or the new one, never a half.

    Raises
    ------
    MachineError
        The disk is full, or the folder may not be written to.
    """
    try:
        _write_whole(path, data)
    except OSError as fault:
        raise MachineError(
            f"{path}: cannot be written ({fault.strerror or fault}). {_REMEDIES.get(fault.errno or 0, _REMEDY)}, "
            "then run the same command again."
        ) from fault


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)  # noqa: PTH101 (mkstemp makes it private; reports are read by others)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def clear_parts(folder: Path, *, before_s: float) -> None:
    """Remove what writers that were killed left behind: their unfinished files, older than that moment (Unix seconds)."""
    for path in folder.rglob(".*.part"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before_s:
                path.unlink()
