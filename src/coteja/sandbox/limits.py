"""Resource limits of one process: memory, processor time, files, processes."""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH116, PTH208

from __future__ import annotations

import os
import sys

if sys.platform != "win32":  # where this module must be importable all the same
    import resource

_GRACE_S = 5
"""Seconds of processor time between the signal that can be handled (SIGXCPU) and the one that cannot."""


def apply(*, memory_bytes: int, cpu_s: int, file_bytes: int, open_files: int, processes: int) -> None:
    """Set the limits of this process and its descendants, never above the limits it already has.

    Memory is bounded by RLIMIT_DATA and not by address space: TensorFlow maps 1.5 GB while it uses 0.6.
    """
    if sys.platform == "win32":
        return  # there are none to set
    wanted = {
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_CPU": (cpu_s, cpu_s + _GRACE_S),
        "RLIMIT_DATA": (memory_bytes, memory_bytes),
        "RLIMIT_FSIZE": (file_bytes, file_bytes),
        "RLIMIT_MEMLOCK": (65536, 65536),
        "RLIMIT_MSGQUEUE": (0, 0),
        "RLIMIT_NICE": (0, 0),
        "RLIMIT_NOFILE": (open_files, open_files),
        "RLIMIT_NPROC": (processes, processes),
        "RLIMIT_RTPRIO": (0, 0),
    }
    for name, (soft, hard) in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue  # macOS has fewer
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)  # noqa: PLW2901
        resource.setrlimit(kind, (soft, hard))


def tasks_of_user(uid: int) -> int:
    """Count the processes and threads of a user: what RLIMIT_NPROC counts where the uid is shared."""
    total = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.stat(f"/proc/{name}").st_uid == uid:
                total += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue  # gone meanwhile
    return total
