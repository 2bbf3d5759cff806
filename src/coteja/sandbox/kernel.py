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
import signal
import socket
import struct
import sys
import threading
import types
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

from coteja.sandbox import capture, figures, outlet  # before ipykernel: see there

import ipykernel.kernelapp  # isort: skip
import ipykernel.zmqshell  # isort: skip
from ipykernel.displayhook import ZMQDisplayHook
from ipykernel.ipkernel import IPythonKernel
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config

from coteja.sandbox.commands import system
from coteja.sandbox.frames import HEAD
from coteja.sandbox.warming import warm


class _Kernel(IPythonKernel):
    _supports_kernel_subshells = False

    def pre_handler_hook(self) -> None:
        super().pre_handler_hook()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, outlet.CappedStream):
                stream.next_cell()

    def post_handler_hook(self) -> None:
        super().post_handler_hook()
        outlet.descriptors.drain()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, outlet.CappedStream):
                stream.end_cell()

    def _abort_queues(self, subshell_id: Any = None) -> None:
        """Nothing waits: the trusted side sends one request at a time, and wants the next cell run as well."""


def build(preload: tuple[str, ...]) -> IPythonKernel:
    """Build kernel and shell in a single-threaded process, warm them, and leave no trace of the warming."""
    for name in preload:
        __import__(name)
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.IPythonKernel._execute_sleep = 0
    ipython_dir = os.environ["IPYTHONDIR"]
    Path(ipython_dir).mkdir(parents=True, exist_ok=True)
    session = outlet.FrameSession(config=config, key=b"")
    pub = outlet.FramePub(session)
    sys.stdout = outlet.CappedStream(session, pub, "stdout", watchfd=False)
    sys.stderr = outlet.CappedStream(session, pub, "stderr", watchfd=False)
    kernel = _Kernel.instance(
        config=config,
        session=session,
        iopub_socket=outlet.IOPUB,
        iopub_thread=pub,
        user_ns={},
        log=logging.getLogger("coteja.kernel"),
        profile_dir=ProfileDir.create_profile_dir_by_name(ipython_dir, "default", config=config),
        shell_channel_thread=types.SimpleNamespace(parent_thread=threading.main_thread()),
    )
    # Never initialised: only so that `%matplotlib`, tqdm and others find "the app".
    app = ipykernel.kernelapp.IPKernelApp.instance(config=config)
    app.kernel, app.shell = kernel, kernel.shell
    sys.displayhook = ZMQDisplayHook(session, outlet.IOPUB)
    kernel.shell.extension_manager.load_extension("storemagic")
    ipykernel.zmqshell.system = system
    warm(kernel.shell)
    return kernel


def serve(kernel: Any, fd: int) -> None:
    """In the child: answer the trusted side's requests until it hangs up."""
    outlet.link.open(socket.socket(fileno=fd))
    kernel.session.pid = os.getpid()
    kernel.session.session = os.urandom(8).hex()
    sys.stdout._master_pid = sys.stderr._master_pid = os.getpid()  # type: ignore[union-attr]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # a fork copies the global generator's state
    outlet.descriptors.watch()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # tornado's add_callback does not wake the loop from a signal handler; call_soon_threadsafe does.
    kernel.io_loop = types.SimpleNamespace(
        add_callback=loop.call_soon_threadsafe,
        call_later=loop.call_later,
        stop=lambda: None,  # `exit()` in a cell must not cost the cells after it
    )
    outlet.link.put("control", {"nonce": "ready"})
    with contextlib.suppress(ConnectionError, KeyboardInterrupt):
        loop.run_until_complete(_answer(kernel, loop))
    if outlet.link.waiting is not None:
        outlet.link.waiting.put(None)


async def _answer(kernel: Any, loop: asyncio.AbstractEventLoop) -> None:
    receive = _Receiver(outlet.link.connected(), loop)
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
    outlet.link.put("control", reply, encoder.buffers)
