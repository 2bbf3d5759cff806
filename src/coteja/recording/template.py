"""The trusted side of a template process: starts it, asks it for children, learns how they ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import site
import socket
import subprocess
import sys
import sysconfig
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coteja.errors import MachineError
from coteja.model.assignment import Limits

_MAX_DATAGRAM = 1 << 17
START_TIMEOUT_S = 120.0
LOG = "template.log"


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a child ended: exit code (negative: signal), CPU seconds, peak resident memory in MiB."""

    status: int
    cpu_s: float
    peak_mb: float


@dataclass(slots=True)
class Child:
    """A running child: its stream socket, its pidfd (-1 once closed), and the promise of its end."""

    sock: socket.socket
    pidfd: int
    end: asyncio.Future[ChildEnd]

    def send_signal(self, number: int) -> None:
        """Signal the child; nothing happens when it has ended."""
        if self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, number)

    def close(self) -> None:
        """Give the pidfd back. A kill after this cannot reach another process by a reused number."""
        if self.pidfd >= 0:
            fd, self.pidfd = self.pidfd, -1
            os.close(fd)


def readable_paths() -> tuple[str, ...]:
    """What student code must be able to read: the interpreter, its packages, and the engine's own code.

    Not the rest of `sys.path`: the folder that we were started from is on it, and a course may lie there.
    """
    package = str(Path(__file__).parents[2])
    wanted = {sys.prefix, sys.base_prefix, sys.exec_prefix, sysconfig.get_path("stdlib"), package}
    wanted |= {
        p for p in (*site.getsitepackages(), *sys.path) if Path(p).name in ("site-packages", "dist-packages")
    }
    real = {os.path.realpath(p) for p in wanted if Path(p).is_dir()} - {"/"}
    inner = {p for p in real if any(p.startswith(o + os.sep) for o in real)}
    return tuple(sorted(real - inner))


class Template:
    """A warm process that forks one child a submission. Use `await Template.start(...)`, then `close`."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        control: socket.socket,
        scratch: tempfile.TemporaryDirectory[str],
    ) -> None:
        self._process = process
        self._control = control
        self._scratch = scratch
        self._forked: dict[str, asyncio.Future[tuple[int, int]]] = {}
        self._ends: dict[str, asyncio.Future[ChildEnd]] = {}
        self._slots = 0
        self.rung = "none"
        self.reasons: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        self.broken: str | None = None

    @classmethod
    async def start(cls, *, preload: Sequence[str], limits: Limits, rung: str = "best") -> Template:
        """Start a template and wait until it is warm. Raises MachineError when it does not come up."""
        template = cls.launch(preload=preload, limits=limits, rung=rung)
        await template.warm()
        return template

    @classmethod
    def launch(cls, *, preload: Sequence[str], limits: Limits, rung: str = "best") -> Template:
        """Start a template and do not wait: it warms up while we do something else. `warm` waits."""
        if sys.platform != "linux":
            raise MachineError(
                f"Notebooks are run on Linux alone: {sys.platform} has neither namespaces nor Landlock, and forking is not "
                "safe there. Use Linux, WSL 2 or a container; `coteja.check(...)` inside a notebook, release, regrade and "
                "calibrate work here."
            )
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        scratch = tempfile.TemporaryDirectory(prefix="coteja-", ignore_cleanup_errors=True)
        Path(scratch.name).chmod(0o711)
        log = Path(scratch.name) / LOG
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-I", "-m", "coteja.sandbox.template", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_environment(scratch.name),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                cwd="/",
            )
        theirs.close()
        template = cls(process, ours, scratch)
        wall = {
            "read_only": readable_paths(),
            "disk_bytes": limits.disk_mb << 20,
            "file_bytes": limits.disk_mb << 20,
            "memory_bytes": limits.memory_mb << 20,
            "processes": limits.processes,
            "cpu_s": int(limits.notebook_s * 2) + 10,
            "rung": rung,
        }
        with contextlib.suppress(OSError):  # if it is gone already, `warm` says so
            ours.sendall(json.dumps({"preload": list(preload), "wall": wall}).encode())
        return template

    async def warm(self) -> None:
        """Wait until the template is warm.

        Raises
        ------
        MachineError
            It did not come up; with the last lines that it wrote.
        """
        try:
            self._control.settimeout(START_TIMEOUT_S)
            ready = json.loads((await asyncio.to_thread(self._control.recv, _MAX_DATAGRAM)) or b"{}")
        except OSError as fault:
            ready = {"fault": str(fault)}
        if not ready.get("ready"):
            reason = _tail(Path(self._scratch.name) / LOG) or ready.get("fault", "it ended at once")
            self.close()
            raise MachineError(
                f"The sandbox did not start: {reason}. Run `coteja doctor` to see what this machine lacks."
            )
        self.rung, self.reasons, self.versions = ready["rung"], ready["reasons"], ready["versions"]
        self._control.setblocking(False)
        asyncio.get_running_loop().add_reader(self._control.fileno(), self._hear)

    async def fork(self, *, hold: int | None = None, **request: Any) -> Child:
        """A fresh child behind its own wall, given a copy of descriptor `hold`.

        Raises MachineError when the template is gone.
        """
        if self.broken:
            raise MachineError(self.broken)
        loop = asyncio.get_running_loop()
        name = uuid.uuid4().hex
        self._forked[name], self._ends[name] = loop.create_future(), loop.create_future()
        end = self._ends[name]
        ours, theirs = socket.socketpair()
        self._slots = (self._slots + 1) % 60_000
        message = json.dumps({"op": "fork", "id": name, "slot": self._slots, **request}).encode()
        try:
            with theirs:
                socket.send_fds(
                    self._control, [message], [theirs.fileno(), *([] if hold is None else [hold])]
                )
            _pid, pidfd = await asyncio.wait_for(self._forked[name], 30)
        except (OSError, TimeoutError) as fault:
            ours.close()
            raise MachineError(f"The sandbox gave no new process: {fault or 'no answer in 30 s'}.") from None
        except BaseException:  # whoever waited was cancelled, or the template is gone
            ours.close()
            raise
        return Child(sock=ours, pidfd=pidfd, end=end)

    def _hear(self) -> None:
        try:
            data, fds, _flags, _address = socket.recv_fds(self._control, _MAX_DATAGRAM, 4)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        if not data:
            self._break("The sandbox's template process ended unexpectedly.")
            return
        message = json.loads(data)
        if "forked" in message:
            forked = self._forked.pop(message["forked"])
            if forked.done():  # nobody waits any more
                os.close(fds[0])
            else:
                forked.set_result((message["pid"], fds[0]))
        elif "exit" in message:
            promise = self._ends.pop(message["exit"])
            if not promise.done():
                promise.set_result(ChildEnd(message["status"], message["cpu_s"], message["peak_kb"] / 1024))

    def _break(self, reason: str) -> None:
        self.broken = reason
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        for forked in self._forked.values():
            if not forked.done():
                forked.set_exception(MachineError(reason))
        for end in self._ends.values():
            if not end.done():
                end.set_result(ChildEnd(-9, 0.0, 0.0))

    def close(self) -> None:
        """End the template and everything below it, and remove what it left."""
        with contextlib.suppress(RuntimeError, ValueError):
            asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._scratch.cleanup()


def _environment(scratch: str) -> dict[str, str]:
    """A clean environment: nothing of the machine's, single-threaded numeric libraries."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": scratch,
        "TMPDIR": scratch,
        "IPYTHONDIR": f"{scratch}/ipython",
        "MPLCONFIGDIR": f"{scratch}/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Kernels of oneDNN cost a small network 0.08 s more than they save, and round differently on each processor.
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONHASHSEED": "random",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **{k: v for k, v in os.environ.items() if k in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")},
    }


def _tail(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return " / ".join(lines[-3:])
