"""Harmless attacks from inside a real child: what a report says of isolation is measured, not assumed."""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH108, PTH109, PTH120, PTH123, PTH208

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from coteja.sandbox import syscalls

_DAEMON_S = 30
_CONNECT_S = 0.5
_GIB = 1 << 30


def run_canaries(probe: dict[str, Any]) -> dict[str, bool | str]:
    """Attack from inside a child behind its wall, and tell what held.

    Parameters
    ----------
    probe
        What the trusted side prepared, each key optional (an attack without its target is left out):
        `hidden_file` (a path that must not be readable), `tcp_port` (listening on 127.0.0.1),
        `abstract_socket` (a name, without the leading null), `unix_path` (a listening socket), `parent_pid`,
        `disk_bytes`, `memory_bytes`, and `daemon_fd` (the write end of a pipe kept open by a daemon: once
        the child is dead, its reader must soon see the end).

    Returns
    -------
    dict
        For `files`, `network`, `processes`, `disk`, `memory` and `kernel`: `ok`, or `open: ` and what was
        possible. `daemon` tells whether a daemon was left behind for the trusted side to look for.
    """
    attacks: dict[str, list[Callable[[dict[str, Any]], str | None]]] = {
        "files": [_read_hidden, _list_hidden, _write_outside],
        "network": [_connect_tcp, _connect_abstract, _connect_path],
        "processes": [_signal_parent, _read_parent_environment, _trace_parent],
        "disk": [_find_unbounded_disk],
        "memory": [_allocate_too_much],
        "kernel": [_mount, _unshare, _set_up_io_uring],
    }
    facts: dict[str, bool | str] = {}
    for area, tries in attacks.items():
        successes = [said for said in (attack(probe) for attack in tries) if said]
        facts[area] = "open: " + "; ".join(successes) if successes else "ok"
    facts["daemon"] = _leave_daemon(probe)
    return facts


# Each attack returns what was possible, None if it was repelled.


def _read_hidden(probe: dict[str, Any]) -> str | None:
    path = probe.get("hidden_file")
    if not path:
        return None
    try:
        with open(path, "rb") as file:
            file.read(1)
    except OSError:
        return None
    return "a hidden file could be read"


def _list_hidden(probe: dict[str, Any]) -> str | None:
    path = probe.get("hidden_file")
    if not path:
        return None
    try:
        os.listdir(os.path.dirname(path))
    except OSError:
        return None
    return "the folder of a hidden file could be listed"


def _write_outside(probe: dict[str, Any]) -> str | None:
    hidden = probe.get("hidden_file")
    folders = ["/", "/usr", "/var/tmp", sys.prefix, *([os.path.dirname(hidden)] if hidden else [])]  # noqa: S108
    for folder in folders:
        path = f"{folder}/.coteja-canary-{os.getpid()}"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError:
            continue
        os.unlink(path)
        return f"a file could be written in {folder}"
    return None


def _connect_tcp(probe: dict[str, Any]) -> str | None:
    port = probe.get("tcp_port")
    if not port:
        return None
    return _connect("AF_INET", ("127.0.0.1", int(port)), "a port of the machine could be reached")


def _connect_abstract(probe: dict[str, Any]) -> str | None:
    name = probe.get("abstract_socket")
    return _connect("AF_UNIX", f"\0{name}", "an abstract socket could be reached") if name else None


def _connect_path(probe: dict[str, Any]) -> str | None:
    path = probe.get("unix_path")
    return _connect("AF_UNIX", path, "a local service could be reached by its path") if path else None


def _connect(family: str, address: Any, success: str) -> str | None:
    try:
        with socket.socket(getattr(socket, family), socket.SOCK_STREAM) as channel:
            channel.settimeout(_CONNECT_S)
            channel.connect(address)
    except (OSError, AttributeError):  # Windows has no AF_UNIX
        return None
    return success


def _signal_parent(probe: dict[str, Any]) -> str | None:
    for pid in _parents(probe):
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        return "a process outside could be signalled"
    return None


def _read_parent_environment(probe: dict[str, Any]) -> str | None:
    for pid in _parents(probe):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                file.read(1)
        except OSError:
            continue
        return "the environment of a process outside could be read"
    return None


def _trace_parent(probe: dict[str, Any]) -> str | None:
    attach, detach = 16, 17
    for pid in _parents(probe):
        if _call("ptrace", attach, pid, None, None) == 0:
            os.waitpid(pid, 0)
            _call("ptrace", detach, pid, None, None)
            return "a process outside could be traced"
    return None


def _parents(probe: dict[str, Any]) -> list[int]:
    """Return the pids to attack: the template's as we see it, and the trusted side's as it sees itself.

    A number that is ourselves or our own child, in a process namespace where it means something else, is
    left out.
    """
    return [
        pid for pid in (os.getppid(), int(probe.get("parent_pid") or 0)) if pid > 1 and pid != os.getpid()
    ]


def _find_unbounded_disk(probe: dict[str, Any]) -> str | None:
    most = int(probe.get("disk_bytes") or 0)
    for folder in {os.getcwd(), os.environ.get("TMPDIR", os.getcwd())}:
        try:
            size = os.statvfs(folder)
        except (OSError, AttributeError):
            return "the size of the place to write is unknown"
        if most and size.f_blocks * size.f_frsize > most + (1 << 20):
            return "the place to write is as large as the machine's disk"
    return None


def _allocate_too_much(probe: dict[str, Any]) -> str | None:
    most = int(probe.get("memory_bytes") or 0)
    if not most:
        return None
    if sys.platform == "win32":
        return "no limit of memory"
    import mmap  # what the trial needs exists on POSIX only
    import resource

    if not 0 < resource.getrlimit(resource.RLIMIT_DATA)[1] <= most:
        return "memory has no limit"
    for kind in (mmap.MAP_PRIVATE, mmap.MAP_SHARED):
        try:
            # Address space that is never touched: nothing is really taken should it succeed.
            mmap.mmap(-1, most + _GIB, flags=kind | mmap.MAP_ANONYMOUS).close()
        except (OSError, ValueError, MemoryError):
            continue
        return "more memory than the limit could be mapped"
    return None


def _mount(_: dict[str, Any]) -> str | None:
    place = os.getcwd().encode()
    if _call("mount", b"canary", place, b"tmpfs", 0, None) != 0:
        return None
    _call("umount2", place, syscalls.MNT_DETACH)
    return "a file system could be mounted"


def _unshare(_: dict[str, Any]) -> str | None:
    """Try to enter a new user namespace, in a process of its own, for success cannot be undone."""
    if sys.platform != "linux":
        return None
    pid = os.fork()
    if pid == 0:
        os._exit(0 if _call("unshare", syscalls.NEWUSER) == 0 else 1)
    return "a new user namespace could be entered" if os.waitpid(pid, 0)[1] == 0 else None


def _set_up_io_uring(_: dict[str, Any]) -> str | None:
    setup = 425
    parameters = ctypes.create_string_buffer(120)
    fd = _call("syscall", setup, 1, parameters)
    if fd < 0:
        return None
    os.close(fd)
    return "io_uring, which seccomp cannot see into, could be used"


def _call(name: str, *arguments: Any) -> int:
    """Call a function of the C library as Linux has it; -1 if it fails or is not there."""
    if sys.platform != "linux":
        return -1
    try:
        function = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (AttributeError, OSError, TypeError):
        ctypes.set_errno(errno.ENOSYS)
        return -1
    return int(function(*arguments))


def _leave_daemon(probe: dict[str, Any]) -> bool:
    """Leave a process that tries to outlive us, holding the pipe that the trusted side listens to."""
    fd = probe.get("daemon_fd")
    if fd is None or sys.platform == "win32":
        return False
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return True
    try:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            for other in range(3):  # the child's own channels must see its end
                os.close(other)
            os.closerange(3, int(fd))
            os.closerange(int(fd) + 1, 1024)
            time.sleep(_DAEMON_S)  # a bound, for the case that nothing ends it
    finally:
        os._exit(0)
