"""Runs one command and says what it cost: wall time, CPU of its whole tree, memory of its processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Cheap look at every process of the tree (resident size), and a dear one (proportional size: shared pages once).
RSS_EVERY_S, PSS_EVERY_S = 0.1, 1.0
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Usage:
    """What one command cost, with all that it started. `parent_mb`: (seconds, MiB) of the command's own process."""

    wall_s: float
    cpu_s: float
    largest_mb: float
    tree_mb: float
    parent_mb: tuple[tuple[float, float], ...] = field(repr=False, default=())

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.wall_s + other.wall_s,
            self.cpu_s + other.cpu_s,
            max(self.largest_mb, other.largest_mb),
            max(self.tree_mb, other.tree_mb),
        )


class CommandFailed(Exception):
    """A tool did not do its work; carries the end of what it wrote."""


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Usage:
    """Run `command` to its end. Raises CommandFailed when it exits with anything but 0."""
    log = cwd / "command.log"
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=cwd, env=dict(env or os.environ), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        memory = _Memory(process.pid)
        memory.start()
        _pid, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    memory.done.set()
    memory.join()
    if process.returncode:
        raise CommandFailed(
            f"{' '.join(command)}\nexited with {process.returncode}:\n{log.read_text()[-3000:]}"
        )
    return Usage(
        wall_s,
        usage.ru_utime + usage.ru_stime,
        max(memory.largest, usage.ru_maxrss * 1024) / MIB,
        memory.tree / MIB,
        tuple(memory.parent),
    )


class _Memory(threading.Thread):
    """Samples a process and its descendants through /proc, cheaply enough not to disturb what it measures."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.largest = self.tree = 0
        self.parent: list[tuple[float, float]] = []
        self.done = threading.Event()

    def run(self) -> None:
        began = last_pss = time.monotonic()
        while not self.done.wait(RSS_EVERY_S):
            pids = _tree(self.pid)
            sizes = [_rss(pid) for pid in pids]
            self.largest = max([self.largest, *sizes])
            if time.monotonic() - last_pss >= PSS_EVERY_S:
                last_pss = time.monotonic()
                self.tree = max(self.tree, sum(_pss(pid) for pid in pids))
                self.parent.append((round(last_pss - began, 2), round(_rss(self.pid) / MIB, 1)))


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return found


def _rss(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, IndexError):
        return 0


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended, or is another user's
        return _rss(pid)
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
