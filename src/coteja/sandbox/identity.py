"""Which user ids and capabilities this process holds, and which it can give to children."""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH116, PTH120, PTH123

from __future__ import annotations

import os
import stat

from coteja.sandbox import syscalls

SLOTS = 1000
"""So many children of one template have ids of their own at one time."""
_UID_RANGES = ((1_500_000, 4_000_000), (30_000, 30_000))
"""Where root may find ids that nobody uses on the landlock rung: in a machine, or in a container's map."""


def ids_mapped(first: int, count: int) -> bool:
    """Tell whether `count` user and group ids from `first` on exist in our user namespace."""
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/self/{name}", encoding="ascii") as lines:
            ranges = [tuple(map(int, line.split())) for line in lines]
        if not any(start <= first and first + count <= start + length for start, _, length in ranges):
            return False
    return True


def holds(*capabilities: int) -> bool:
    """Tell whether this process has all of these capabilities."""
    wanted = sum(1 << capability for capability in capabilities)
    return syscalls.effective_capabilities() & wanted == wanted


def open_to_others(path: str) -> bool:
    """Tell whether any user may enter this directory, as far as modes say."""
    path = os.path.realpath(path)
    while True:
        try:
            mode = os.stat(path).st_mode
        except OSError:
            return False
        if not mode & stat.S_IXOTH and stat.S_ISDIR(mode):
            return False
        if path == "/":
            return True
        path = os.path.dirname(path)


def spare_uid(needed: list[str]) -> tuple[int | None, int]:
    """Return a first uid for children that is nobody's, and the capabilities that they need with it.

    An interpreter below a closed home, such as /root, stays readable by CAP_DAC_READ_SEARCH: Landlock says
    which files, and the capability only says that their modes do not matter.
    """
    needs = [syscalls.CAP_CHOWN, syscalls.CAP_SETUID, syscalls.CAP_SETGID, syscalls.CAP_KILL]
    kept = 0
    if not all(map(open_to_others, needed)):
        needs.append(syscalls.CAP_DAC_READ_SEARCH)
        kept = 1 << syscalls.CAP_DAC_READ_SEARCH
    if not holds(*needs):
        return None, 0
    for first, count in _UID_RANGES:
        if ids_mapped(first, count):
            # Templates that run beside one another must not share ids.
            return first + os.getpid() * SLOTS % count, kept
    return None, 0
