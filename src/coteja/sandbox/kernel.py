"""A real IPython kernel whose messages travel as frames on one inherited socket: no ZMQ, no port, no key.

The kernel and its shell are built once, before forking (`build`); each child then only serves (`serve`). What a
notebook can see is stock ipykernel: magics, rich and updating display, top-level await, inline figures, subprocess
output, interrupts. https://jupyter-client.readthedocs.io/en/stable/messaging.html has the messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import queue
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
# Importing debugpy starts a thread, and a process with threads cannot be forked; ipykernel copes with its absence.
sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]

import ipykernel.kernelapp
import ipykernel.zmqshell
from ipykernel.displayhook import ZMQDisplayHook
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from IPython.core.profiledir import ProfileDir
from IPython.utils.process import system as system_with_terminal
from jupyter_client.session import Session
from traitlets.config import Config

from coteja.sandbox import capture, figures
from coteja.sandbox.frames import HEAD, pack

if sys.modules.get("debugpy", 1) is None:
    del sys.modules["debugpy"]

_IOPUB = object()
#: Frames that may wait to be written before the student's code is held up (a flood must not pile up in memory).
_MAX_WAITING = 200
#: Characters of each stream that one cell may print; the rest is dropped.
MAX_CELL_TEXT = 1 << 20
#: `print(..., flush=True)` that one cell may send one by one; after that they are sent together, so often.
MAX_CELL_FLUSHES = 500
FLUSH_EVERY_S = 0.1

# Exercised before forking, so that no child pays for what the first plot or the first traceback imports.
_WARM_CELLS = (
    "import math, random, os, sys, json, time, functools, itertools, collections",
    "display({'a': 1})",
    "import asyncio; await asyncio.sleep(0)",
    "def _f(x): return 1/x\n_f(0)",
    "%time 1+1",
)
_WARM_NUMPY = (
    "import numpy as _np; _a = _np.random.default_rng(0).normal(size=(60, 60))",
    "_np.linalg.solve(_a, _a); _np.linalg.svd(_a); print(_a[:2]); _a @ _a",
    "_a[:3]",
)
_WARM_PYPLOT = (
    """import matplotlib.pyplot as _p
_g, _x = _p.subplots(); _x.plot([1, 2, 3], [1, 4, 9], 'o-', label='a')
_x.set_xlabel('x'); _x.set_ylabel('$y^2$'); _x.set_title('t'); _x.legend(); _x.grid(); _x.scatter([1], [2])
_p.show()""",
    "_g, _x = _p.subplots(); _x.semilogy([1, 2, 3]); _p.show()",
)


class _Link:
    """The child's end of the socket: frames are written by a thread, so that an interrupt cannot cut one in two."""

    def __init__(self) -> None:
        self.waiting: queue.SimpleQueue[bytes | None] | None = None
        self.owner = 0
        self.sock: socket.socket | None = None

    def connected(self) -> socket.socket:
        """The open socket."""
        if self.sock is None:
            raise ConnectionError("not connected")
        return self.sock

    def open(self, sock: socket.socket) -> None:
        self.sock, self.owner, self.waiting = sock, os.getpid(), queue.SimpleQueue()
        threading.Thread(target=self._write, daemon=True, name="frames").start()

    def _write(self) -> None:
        if self.waiting is None or self.sock is None:
            return
        while (frame := self.waiting.get()) is not None:
            try:
                self.sock.sendall(frame)
            except OSError:
                return

    def put(
        self, channel: str, message: dict[str, Any], buffers: list[bytes] | tuple[bytes, ...] = ()
    ) -> None:
        if self.waiting is None:
            return  # still in the template: nobody listens
        if os.getpid() != self.owner:  # os.fork or multiprocessing inside the notebook
            if message.get("msg_type") == "stream":
                content = message["content"]
                os.write(1 if content["name"] == "stdout" else 2, content["text"].encode("utf-8", "replace"))
            return
        while self.waiting.qsize() > _MAX_WAITING:
            time.sleep(0.002)
        self.waiting.put(pack(channel, message, buffers))


_link = _Link()


class _FrameSession(Session):
    """Sends each message as a frame instead of through a ZMQ socket."""

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        public = stream is _IOPUB or isinstance(stream, IOPubThread)
        raw = [bytes(memoryview(b).cast("B")) for b in buffers or message.get("buffers") or ()]
        _link.put("iopub" if public else "shell", {k: v for k, v in message.items() if k != "buffers"}, raw)
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        return msg_list


class _Timers:
    """Stands in for the I/O loop of ipykernel's output stream; in the template it never starts a thread."""

    def call_later(self, delay: float, function: Callable[[], None]) -> None:
        if _link.waiting is None:
            function()
            return
        timer = threading.Timer(delay, function)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # the student's own threads used up the process limit
            function()


class _FramePub(IOPubThread):
    """The output channel without its thread: `schedule` runs at once."""

    def __init__(self, session: Session) -> None:
        self.socket = _IOPUB
        self.session = session
        self.io_loop = _Timers()
        self.thread = None
        self._stopped = False

    def schedule(self, f: Callable[[], None]) -> None:
        f()


class _CappedStream(OutStream):
    """A student's print, cut after so many characters a cell: a forgotten print in a loop must not cost the cell."""

    written = 0
    flushes = 0
    flushed_at = 0.0
    timer_runs = False

    def next_cell(self) -> None:
        self.written = 0

    def end_cell(self) -> None:
        self.flushes = 0

    def flush(self) -> None:
        """A flush after each print of a long loop would make as many messages, each dearer than its text."""
        self.flushes += 1
        now = time.monotonic()
        if self.flushes <= MAX_CELL_FLUSHES or now > self.flushed_at + FLUSH_EVERY_S:
            self.flushed_at = now
            super().flush()

    def _schedule_flush(self) -> None:
        """Stock starts a timer, here a thread, after each flush, though the last one has yet to fire."""
        if not self.timer_runs:
            self.timer_runs = True
            self._io_loop.call_later(self.flush_interval, self._flush_on_time)

    def _flush_on_time(self) -> None:
        self.timer_runs = False
        self._flush()

    def write(self, string: str) -> int:
        room = MAX_CELL_TEXT - self.written
        if not isinstance(string, str) or room <= 0:
            return len(string) if isinstance(string, str) else int(super().write(string))
        self.written += len(string)
        if len(string) > room:
            string = f"{string[:room]}\n[...]\n"
        return int(super().write(string))


class _Kernel(IPythonKernel):
    _supports_kernel_subshells = False

    def pre_handler_hook(self) -> None:
        super().pre_handler_hook()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, _CappedStream):
                stream.next_cell()

    def post_handler_hook(self) -> None:
        super().post_handler_hook()
        _descriptors.drain()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, _CappedStream):
                stream.end_cell()

    def _abort_queues(self, subshell_id: Any = None) -> None:
        """Nothing waits: the trusted side sends one request at a time, and wants the next cell run as well."""


def _system(command: str) -> int:
    """`!command` as IPython runs it; where the wall leaves no terminals, through a pipe."""
    try:
        terminal = os.openpty()
    except OSError:
        return _system_piped(command)
    for fd in terminal:
        os.close(fd)
    return int(system_with_terminal(command))


def _system_piped(command: str) -> int:
    with subprocess.Popen(
        ["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        try:
            while raw := os.read(process.stdout.fileno(), 65536):
                print(raw.decode(errors="replace"), end="", flush=True)
        except KeyboardInterrupt:
            process.kill()
    # As IPython has it: a shell's 128 + n is the signal n.
    return process.returncode if process.returncode <= 128 else 128 - process.returncode


def build(preload: tuple[str, ...]) -> IPythonKernel:
    """Build kernel and shell in a single-threaded process, warm them, and leave no trace of the warming."""
    for name in preload:
        __import__(name)
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.IPythonKernel._execute_sleep = 0
    ipython_dir = os.environ["IPYTHONDIR"]
    Path(ipython_dir).mkdir(parents=True, exist_ok=True)
    session = _FrameSession(config=config, key=b"")
    pub = _FramePub(session)
    sys.stdout = _CappedStream(session, pub, "stdout", watchfd=False)
    sys.stderr = _CappedStream(session, pub, "stderr", watchfd=False)
    kernel = _Kernel.instance(
        config=config,
        session=session,
        iopub_socket=_IOPUB,
        iopub_thread=pub,
        user_ns={},
        log=logging.getLogger("coteja.kernel"),
        profile_dir=ProfileDir.create_profile_dir_by_name(ipython_dir, "default", config=config),
        shell_channel_thread=types.SimpleNamespace(parent_thread=threading.main_thread()),
    )
    # Never initialised: only so that `%matplotlib`, tqdm and others find "the app".
    app = ipykernel.kernelapp.IPKernelApp.instance(config=config)
    app.kernel, app.shell = kernel, kernel.shell
    sys.displayhook = ZMQDisplayHook(session, _IOPUB)
    kernel.shell.extension_manager.load_extension("storemagic")
    ipykernel.zmqshell.system = _system
    _warm(kernel.shell)
    return kernel


def _warm(shell: Any) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    matplotlib = sys.modules.get("matplotlib")
    settings: dict[str, Any] = {}
    cells = list(_WARM_CELLS)
    if "numpy" in sys.modules:
        cells += _WARM_NUMPY
    if matplotlib is not None and "matplotlib.pyplot" in sys.modules:
        # Settings are kept as they are AFTER the inline backend is active, else figures stop showing.
        shell.run_cell("import matplotlib.pyplot as _p; _p.figure(); _p.close('all')")
        settings = dict(matplotlib.rcParams)
        cells += _WARM_PYPLOT
    for cell in cells:
        shell.run_cell(cell, silent=False, store_history=False)
    if matplotlib is not None and settings:
        _unwarm_pyplot(matplotlib, settings)
    loop.close()
    asyncio.set_event_loop(None)
    import IPython.core.interactiveshell as interactive

    if hasattr(interactive, "_asyncio_event_loop"):
        interactive._asyncio_event_loop = None
    shell.reset(new_session=True, aggressive=False)
    shell.execution_count = 1
    shell._last_traceback = None
    sys.last_traceback = sys.last_value = sys.last_type = None
    for module in list(sys.modules.values()):
        getattr(module, "__warningregistry__", {}).clear()


def _unwarm_pyplot(matplotlib: Any, settings: dict[str, Any]) -> None:
    import matplotlib.pyplot as plt
    from matplotlib_inline import backend_inline

    plt.close("all")
    backend_inline.show._to_draw = []
    backend_inline.show._draw_called = False
    matplotlib.rcParams.update(settings)
    figures.forget()
    figures.install()


class _Descriptors:
    """Moves what C code and subprocesses write on descriptors 1 and 2 into stream messages."""

    def __init__(self) -> None:
        self.readers: dict[int, str] = {}
        self.lock = threading.Lock()

    def watch(self) -> None:
        poller = select.poll()
        for fd, name in ((1, "stdout"), (2, "stderr")):
            reader, writer = os.pipe()
            os.set_blocking(reader, False)
            os.dup2(writer, fd)
            os.close(writer)
            self.readers[reader] = name
            poller.register(reader, select.POLLIN)

        def run() -> None:
            while True:
                poller.poll()
                self.drain()

        threading.Thread(target=run, daemon=True, name="descriptors").start()

    def drain(self) -> None:
        """Also called at the end of each cell, so that such output cannot slip past the idle message."""
        with self.lock:
            for fd, name in self.readers.items():
                try:
                    while raw := os.read(fd, 65536):
                        getattr(sys, name).write(raw.decode(errors="replace"))
                except (BlockingIOError, AttributeError, OSError):
                    continue


_descriptors = _Descriptors()


def serve(kernel: Any, fd: int) -> None:
    """In the child: answer the trusted side's requests until it hangs up."""
    _link.open(socket.socket(fileno=fd))
    kernel.session.pid = os.getpid()
    kernel.session.session = os.urandom(8).hex()
    sys.stdout._master_pid = sys.stderr._master_pid = os.getpid()  # type: ignore[union-attr]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # a fork copies the global generator's state
    _descriptors.watch()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # tornado's add_callback does not wake the loop from a signal handler; call_soon_threadsafe does.
    kernel.io_loop = types.SimpleNamespace(
        add_callback=loop.call_soon_threadsafe,
        call_later=loop.call_later,
        stop=lambda: None,  # `exit()` in a cell must not cost the cells after it
    )
    _link.put("control", {"nonce": "ready"})
    with contextlib.suppress(ConnectionError, KeyboardInterrupt):
        loop.run_until_complete(_answer(kernel, loop))
    if _link.waiting is not None:
        _link.waiting.put(None)


async def _answer(kernel: Any, loop: asyncio.AbstractEventLoop) -> None:
    receive = _Receiver(_link.connected(), loop)
    while True:
        head = await receive.exactly(HEAD.size)
        if head is None:
            return
        length, count = HEAD.unpack(head)
        lengths = struct.unpack(f"<{count}I", await receive.exactly(4 * count) or b"") if count else ()
        frame = json.loads(await receive.exactly(length) or b"{}")
        buffers = [await receive.exactly(n) or b"" for n in lengths]
        message = frame["message"]
        if frame["channel"] == "control":
            _control(kernel.shell.user_ns, message, buffers)
        else:
            message["buffers"] = buffers
            await kernel.dispatch_shell(message)


class _Receiver:
    """Reads through the event loop, so that the student's own tasks go on between cells."""

    def __init__(self, sock: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self.sock, self.loop, self.data = sock, loop, bytearray()

    async def exactly(self, size: int) -> bytes | None:
        while len(self.data) < size:
            ready: asyncio.Future[None] = self.loop.create_future()
            self.loop.add_reader(self.sock.fileno(), lambda f=ready: f.done() or f.set_result(None))  # type: ignore[misc]
            try:
                await ready
            finally:
                self.loop.remove_reader(self.sock.fileno())
            received = self.sock.recv(1 << 20)
            if not received:
                return None
            self.data.extend(received)
        taken = bytes(self.data[:size])
        del self.data[:size]
        return taken


def _control(namespace: dict[str, Any], message: dict[str, Any], buffers: list[bytes]) -> None:
    """A request that is no Jupyter message: capture, call. The nonce shows which request is answered."""
    encoder = capture.Encoder()
    reply: dict[str, Any] = {"nonce": message.get("nonce")}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if message["op"] == "capture":
            reply["values"] = capture.capture(namespace, message["requests"], encoder)
            figures.forget()
            figures.install()
        elif message["op"] == "call":
            cases = [
                [
                    {"names": s["names"], "args": [capture.decode_argument(a, buffers) for a in s["args"]]}
                    for s in case
                ]
                for case in message["cases"]
            ]
            reply |= capture.call(namespace, cases, encoder)
    except BaseException as fault:  # noqa: BLE001 (student code may raise anything, also an interrupt)
        reply["failure"] = f"{type(fault).__name__}: {capture.first_line(fault)}"[:300]
    finally:
        signal.signal(signal.SIGINT, before)
    _link.put("control", reply, encoder.buffers)
