"""The template process: behind its wall, imports loaded, kernel built; forks one child for each submission.

Started as `python -I -m coteja.sandbox.template FD`. On FD (a SOCK_SEQPACKET socket) it gets its configuration, then
requests; descriptors travel beside the datagrams. It is single-threaded all its life and holds no secret.

    request {"op": "fork", "id": ..., "slot": n, "canaries": {...} | absent} + the child's end of a stream socket
    reply   {"forked": id, "pid": n} + pidfd       event {"exit": id, "status": n, "cpu_s": ..., "peak_kb": ...}
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import platform
import select
import signal
import socket
import sys
import traceback
from typing import Any

from coteja.sandbox import memory, wall

_MAX_DATAGRAM = 1 << 17
#: How often we look whether a child holds more memory or disk than it may, where nothing else stops it.
_LOOK_MS = 250


def main(fd: int) -> None:
    """Serve until the trusted side closes its end."""
    control = socket.socket(fileno=fd)
    config = json.loads(control.recv(_MAX_DATAGRAM))
    sys.argv[1:] = []
    outer = wall.raise_outer_wall(wall.WallConfig(**config["wall"]))
    from coteja.sandbox import kernel as frame_kernel

    _silence_checks()
    kernel = frame_kernel.build(tuple(config["preload"]))
    # One pass of the collector in a child would touch, and so copy, everything that the template holds.
    gc.collect()
    gc.freeze()
    _say(control, {"ready": True, "rung": outer.rung, "reasons": outer.reasons, "versions": _versions()})
    _Server(control, outer, kernel).run()


def _silence_checks() -> None:
    """`coteja.check(...)` in a notebook that is being marked says nothing and decides nothing."""
    import coteja

    coteja.check = lambda *_args, **_options: None


def _versions() -> dict[str, str]:
    """What the student's code runs on."""
    found = {"python": platform.python_version()}
    for name in ("IPython", "ipykernel", "numpy", "matplotlib", "tensorflow", "keras"):
        module = sys.modules.get(name)
        if module is not None:
            found[name.lower()] = str(getattr(module, "__version__", "?"))
    return found


def _say(control: socket.socket, message: dict[str, Any], fds: list[int] | None = None) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], fds or [])


class _Server:
    """The loop: requests on one side, ends of children on the other."""

    def __init__(self, control: socket.socket, outer: wall.OuterWall, kernel: Any) -> None:
        self.control, self.outer, self.kernel = control, outer, kernel
        self.children: dict[int, tuple[int, str, int]] = {}
        self.own_bytes = memory.process_bytes()
        self.poller = select.poll()
        self.poller.register(control, select.POLLIN)

    def run(self) -> None:
        while True:
            for fd, _event in self.poller.poll(_LOOK_MS if self.children else None):
                if fd == self.control.fileno():
                    if not self._request():
                        os._exit(0)
                else:
                    self._child_ended(fd)
            self._end_the_greedy()

    def _end_the_greedy(self) -> None:
        """What the kernel does not limit as a whole is looked at: memory of all processes, disk on the lower rung."""
        for pidfd, (pid, _name, slot) in self.children.items():
            over_memory = memory.tree_bytes(pid, self.own_bytes) > self.outer.config.memory_bytes
            if over_memory or self.outer.over_disk(slot):
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    def _request(self) -> bool:
        try:
            data, fds, _flags, _address = socket.recv_fds(self.control, _MAX_DATAGRAM, 4)
        except ConnectionError:
            return False
        if not data:
            return False
        request = json.loads(data)
        pid = self.outer.fork()
        if pid == 0:
            self._child(request, fds)
        pidfd = os.pidfd_open(pid)
        for fd in fds:
            os.close(fd)
        self.children[pidfd] = (pid, request["id"], int(request["slot"]))
        self.poller.register(pidfd, select.POLLIN)
        _say(self.control, {"forked": request["id"], "pid": pid}, [pidfd])
        return True

    def _child(self, request: dict[str, Any], fds: list[int]) -> None:
        """Never returns. A child that cannot raise its wall ends without having run anything."""
        code = 70
        try:
            wall.raise_child_wall(self.outer, slot=int(request["slot"]), keep_fds=[0, 1, 2, *fds])
            if "canaries" in request:
                self._canaries({**request["canaries"], "daemon_fd": fds[1]}, fds[0])
            else:
                from coteja.sandbox import kernel as frame_kernel

                frame_kernel.serve(self.kernel, fds[0])
            code = 0
        except BaseException:  # noqa: BLE001 (this is the child's last line of defence)
            with contextlib.suppress(BaseException):
                traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)

    def _canaries(self, probe: dict[str, Any], fd: int) -> None:
        from coteja.sandbox.canaries import run_canaries

        with socket.socket(fileno=fd) as sock:
            sock.sendall(json.dumps(run_canaries(probe)).encode())

    def _child_ended(self, pidfd: int) -> None:
        pid, name, slot = self.children.pop(pidfd)
        self.poller.unregister(pidfd)
        os.close(pidfd)
        _pid, status, usage = os.wait4(pid, 0)
        self.outer.reap_strays({other for other, _name, _slot in self.children.values()})
        with contextlib.suppress(OSError):  # it stays until we end; the others must not
            self.outer.clean(slot)
        _say(
            self.control,
            {
                "exit": name,
                "status": os.waitstatus_to_exitcode(status),
                "cpu_s": usage.ru_utime + usage.ru_stime,
                "peak_kb": usage.ru_maxrss,
            },
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
