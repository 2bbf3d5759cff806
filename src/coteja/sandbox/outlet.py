"""How output leaves the student's process: messages and streams as frames, in order, and never too much of it.

Imported before anything else of ipykernel's: importing debugpy would start a thread.
"""

from __future__ import annotations

import os
import queue
import select
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

# A process with threads cannot be forked; ipykernel copes with debugpy's absence.
sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import Session

from coteja.sandbox.frames import pack

if sys.modules.get("debugpy", 1) is None:
    del sys.modules["debugpy"]

IOPUB = object()
#: Frames that may wait to be written before the student's code is held up (a flood must not pile up in memory).
_MAX_WAITING = 200
#: Characters of each stream that one cell may print; the rest is dropped.
MAX_CELL_TEXT = 1 << 20
#: `print(..., flush=True)` that one cell may send one by one; after that they are sent together, so often.
MAX_CELL_FLUSHES = 500
FLUSH_EVERY_S = 0.1


class Link:
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


link = Link()


class FrameSession(Session):
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
        public = stream is IOPUB or isinstance(stream, IOPubThread)
        raw = [bytes(memoryview(b).cast("B")) for b in buffers or message.get("buffers") or ()]
        link.put("iopub" if public else "shell", {k: v for k, v in message.items() if k != "buffers"}, raw)
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        return msg_list


class _Timers:
    """Stands in for the I/O loop of ipykernel's output stream; in the template it never starts a thread."""

    def call_later(self, delay: float, function: Callable[[], None]) -> None:
        if link.waiting is None:
            function()
            return
        timer = threading.Timer(delay, function)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # the student's own threads used up the process limit
            function()


class FramePub(IOPubThread):
    """The output channel without its thread: `schedule` runs at once."""

    def __init__(self, session: Session) -> None:
        self.socket = IOPUB
        self.session = session
        self.io_loop = _Timers()
        self.thread = None
        self._stopped = False

    def schedule(self, f: Callable[[], None]) -> None:
        f()


class CappedStream(OutStream):
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


class Descriptors:
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


descriptors = Descriptors()
