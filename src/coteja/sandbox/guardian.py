"""Nothing outlives the run: a process that stays outside the wall, and the end of what dead children left."""

# System calls are meant, by their own names: pathlib would hide which.
# ruff: noqa: PTH123, PTH208

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Collection, Iterator

from coteja.sandbox import private, syscalls

_END_S = 5.0
"""No process is waited for longer than this, once it was killed."""
_LOOK_S = 1.0
"""The guardian looks at least this often whether its own parent still lives."""


class _StopRequestedError(Exception):
    """A signal asked the guardian to end everything."""


def fork_and_guard(*, own_processes: bool, scratch: str = "") -> None:
    """Fork; return in the child only, and let the original process watch it until it ends.

    The guardian kills everything below it when its own parent dies (watched as a process: PR_SET_PDEATHSIG
    would already fire when the parent's *thread* ends), when it is asked to end, or when the child ends;
    then it exits as the child did. Should the guardian itself be killed, the kernel tells the child.

    Parameters
    ----------
    own_processes
        Whether the child is the first of a process namespace, so that the kernel ends all the others with it.
    scratch
        A directory to remove at the end.
    """
    if not own_processes:
        syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
    parent = os.getppid()
    watched = _pidfd(parent)
    me = _pidfd(os.getpid())
    pid = os.fork()
    if pid:
        code = 1
        try:
            code = _guard(pid, parent=parent, parent_fd=watched, own_processes=own_processes, scratch=scratch)
        finally:  # the guardian must never come back from here, outside the wall
            os._exit(code)
    _close(watched)
    if not own_processes:
        syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
        signal.signal(signal.SIGTERM, lambda *_: _end_everything(scratch))
    die_with_parent(me, how=signal.SIGKILL if own_processes else signal.SIGTERM)


def die_with_parent(parent_fd: int, *, how: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent dies; end at once if that is past.

    To be called after the last change of user or group: the kernel forgets the wish with each.
    """
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, how)
    if parent_fd >= 0:
        if select.select([parent_fd], [], [], 0)[0]:
            os._exit(1)
        os.close(parent_fd)


def _pidfd(pid: int) -> int:
    """Return a descriptor that becomes readable when the process dies, or -1."""
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):  # a parent outside our namespace has the number 0
        return -1


def _close(fd: int) -> None:
    if fd >= 0:
        os.close(fd)


def close_all_but(keep: Collection[int]) -> None:
    """Close every file descriptor but these."""
    low = 0
    for fd in [*sorted(set(keep)), 1 << 20]:
        if low < fd:
            os.closerange(low, fd)
        low = fd + 1


def _guard(pid: int, *, parent: int, parent_fd: int, own_processes: bool, scratch: str) -> int:
    """Watch the child `pid` until it or the parent ends; end everything; return the exit code."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _stop)
        child_fd = _pidfd(pid)
        close_all_but([fd for fd in (parent_fd, child_fd) if fd >= 0])
        _wait_for_either(pid, parent=parent, fds=[fd for fd in (parent_fd, child_fd) if fd >= 0])
    except _StopRequestedError:
        pass
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        code = _end_child(pid)
        if not own_processes:
            kill_descendants(keep=())
        if scratch:
            private.remove_tree(scratch)
    return code


def _stop(*_: object) -> None:
    raise _StopRequestedError


def _wait_for_either(pid: int, *, parent: int, fds: list[int]) -> None:
    poll = select.poll()
    for fd in fds:
        poll.register(fd, select.POLLIN)
    while os.getppid() == parent and not poll.poll(_LOOK_S * 1000):
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return


def end_guarded(pid: int) -> None:
    """Wait for a guardian that is about to end; hurry it if it does not; never wait for long."""
    deadline = time.monotonic() + _END_S
    while not os.waitpid(pid, os.WNOHANG)[0]:
        left = deadline - time.monotonic()
        if left < _END_S / 2:
            os.kill(pid, signal.SIGKILL if left < 0 else signal.SIGTERM)
        time.sleep(0.0005)


def _end_child(pid: int) -> int:
    """Take the exit code of `pid` if it has ended, else kill it."""
    deadline = time.monotonic() + _END_S
    done, status = os.waitpid(pid, os.WNOHANG)
    while not done and time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)
        done, status = os.waitpid(pid, os.WNOHANG)
    code = os.waitstatus_to_exitcode(status) if done else 1
    return code if code >= 0 else 128 - code


def _end_everything(scratch: str) -> None:
    """End the template and all below it: its guardian is gone."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        kill_descendants(keep=())
        if scratch:
            private.remove_tree(scratch)
    finally:
        os._exit(128 + signal.SIGTERM)


def _children(pid: int) -> Iterator[int]:
    """Yield the children of a process, whichever of its threads made them."""
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                yield from map(int, children.read().split())
    except OSError:
        return  # it ended meanwhile


def kill_descendants(*, keep: Collection[int]) -> bool:
    """Kill all processes below this one but the children in `keep` and what lies below those.

    Returns whether none was left after a bounded time. Needs PR_SET_CHILD_SUBREAPER: orphans come to us.
    """
    deadline = time.monotonic() + _END_S
    while True:
        strays = [child for child in _children(os.getpid()) if child not in keep]
        if not strays:
            return True
        if time.monotonic() > deadline:
            return False
        for pid in strays:  # grows while we go through it; each is killed as soon as it is known
            below = list(_children(pid))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            strays.extend(below)
        time.sleep(0.0005)
