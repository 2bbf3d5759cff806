"""The one directory that a child may write to where it shares the file system with the host."""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH108, PTH112

from __future__ import annotations

import os
from collections.abc import Iterator


def make(path: str, *, uid: int | None) -> None:
    """Make the directory with its three parts, work, home and tmp, for the user `uid` or for ourselves."""
    for directory in (path, *(f"{path}/{part}" for part in ("work", "home", "tmp"))):
        os.mkdir(directory, 0o700)
        if uid is not None:
            os.chown(directory, uid, uid)


def exceeds(path: str, *, most_bytes: int, most_files: int) -> bool:
    """Tell whether the files below `path` take more than these limits.

    A file that was unlinked while open is not seen. A tree too deep to look through counts as exceeding.
    """
    size = count = 0
    try:
        for entry in _walk(path):
            count += 1
            size += entry.st_blocks * 512
            if size > most_bytes or count > most_files:
                return True
    except FileNotFoundError:
        return False  # it is being changed while we look; the next look will tell
    except OSError:
        return True
    return False


def _walk(path: str) -> Iterator[os.stat_result]:
    waiting = [path]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def remove_tree(path: str) -> None:
    """Remove a directory whatever its former owner made of it: closed modes, or nesting too deep for a path.

    Nothing may be running that still changes it. Directories inside are lifted up to `path` before they are
    emptied, so that no path gets longer than three names.
    """
    serial = 0
    token = os.urandom(8).hex()  # a name that nobody can have taken
    while names := _empty(path):
        for name in names:
            inner = f"{path}/{name}"
            for child in _empty(inner):
                serial += 1
                os.rename(f"{inner}/{child}", f"{path}/{token}-{serial}")
            os.rmdir(inner)
    if os.path.isdir(path):
        os.rmdir(path)


def _empty(path: str) -> list[str]:
    """Unlink all but the directories in `path`, and return those, open to us."""
    directories = []
    try:
        os.chmod(path, 0o700)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    directories.append(entry.name)
                else:
                    os.unlink(entry.path)
    except FileNotFoundError:
        return []
    return directories
