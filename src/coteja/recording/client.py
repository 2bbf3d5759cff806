"""Drives one child with nbclient's own machinery over frames: outputs, display updates and errors are nbclient's.

Everything that arrives is hostile: sizes are capped before they are read, JSON alone is parsed, and any message
that is not of the expected shape ends the child ("protocol"). A child that floods us is ended as well ("output").
"""

from __future__ import annotations

import asyncio
import os
import signal
import struct
from collections.abc import Sequence
from typing import Any

from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat import NotebookNode

from coteja.model.codec import WireError, decode, encode
from coteja.model.recording import ArtefactRequest, CallResult, CellError, ProbeRequest, ProbeRun
from coteja.model.values import NoValue, Value
from coteja.recording import plainjson
from coteja.recording.template import Child
from coteja.sandbox.frames import HEAD, pack

#: One frame, buffers and all; its JSON alone; the lists and objects in it (each takes some 70 bytes of ours).
MAX_FRAME = 80 << 20
MAX_JSON = 32 << 20
MAX_CONTAINERS = 2_000_000
MAX_BUFFERS = 60_000
#: What a message costs at least, however small: it becomes a dozen objects.
MESSAGE_COST = 512
#: How deep the contents of an output may be nested: what is deeper could not be written to a notebook.
MAX_DEPTH = 50
READY_TIMEOUT_S = 20.0
CAPTURE_TIMEOUT_S = 30.0
#: After an interrupt, how long an answer or the end of a cell is waited for before the process is ended.
GRACE_S = 2.0

_OUTPUTS = {"display_data", "execute_result", "update_display_data"}


class _Channel:
    """A queue that speaks as nbclient's channels do; it never asks for a timeout, ours are timers."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002
        return await self.messages.get()


class _Once(Sequence[bytes]):
    """Buffers that may each be taken once: a thousand arrays that share one buffer would be a thousand copies."""

    def __init__(self, buffers: list[bytes]) -> None:
        self._left: list[bytes | None] = [*buffers]

    def __len__(self) -> int:
        return len(self._left)

    def __getitem__(self, index: Any) -> Any:
        raw, self._left[index] = self._left[index], None
        if raw is None:
            raise WireError("a buffer that is used twice")
        return raw


class FrameClient:
    """Looks like a kernel manager and a kernel client to nbclient, and speaks frames to a child."""

    allow_stdin = False
    ipykernel = True
    has_kernel = True
    kernel_id = "coteja"

    def __init__(self, child: Child, max_bytes: int) -> None:
        self._child = child
        self._max_bytes = max_bytes
        self._printed = 0  # bytes of output so far
        self._ignored = 0  # bytes of output while we wait for an answer
        self._nonce = "ready"  # of the answer that we wait for; "" when we wait for none
        self.reason = ""  # why we ended the child, if we did
        self.ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.session = Session(key=b"")
        self.iopub_channel, self.shell_channel, self._control = _Channel(), _Channel(), _Channel()

    async def open(self) -> None:
        """Connect and wait for the child's first word; ConnectionError when it never comes."""
        self._reader, self._writer = await asyncio.open_connection(sock=self._child.sock, limit=1 << 20)
        self.ended = asyncio.ensure_future(self._pump())
        ready = asyncio.ensure_future(self._control.get_msg())
        done, _ = await asyncio.wait(
            {ready, self.ended}, timeout=READY_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED
        )
        if ready not in done:
            ready.cancel()
            self.kill("did not start")
            raise ConnectionError("the child did not start")

    async def _pump(self) -> None:
        try:
            while True:
                await self._frame()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except WireError as fault:
            self.reason = self.reason or str(fault)
        except Exception:  # noqa: BLE001 (whatever a frame makes us stumble over, it should not have been sent)
            self.reason = self.reason or "protocol"
        finally:
            self._child.send_signal(signal.SIGKILL)

    async def _frame(self) -> None:
        length, count = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        if length > MAX_JSON or count > MAX_BUFFERS:
            raise WireError("output")
        lengths = struct.unpack(f"<{count}I", await self._reader.readexactly(4 * count)) if count else ()
        size = length + sum(lengths)
        if size > MAX_FRAME:
            raise WireError("output")
        frame = _parse(await self._reader.readexactly(length))
        buffers = [await self._reader.readexactly(n) for n in lengths]
        channel, message = frame["channel"], frame["message"]
        if type(message) is not dict:
            raise WireError("protocol")
        if channel == "control":
            self._take_answer(message, buffers)
        elif channel in ("iopub", "shell"):
            self._take_output(channel, message, size + MESSAGE_COST)
        else:
            raise WireError("protocol")

    def _take_answer(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        """One answer to one question; whatever else comes on this channel was not written by our kernel."""
        if not self._nonce or message.get("nonce") != self._nonce:
            raise WireError("protocol")
        self._nonce = ""
        message["buffers"] = buffers
        self._control.messages.put_nowait(message)

    def _take_output(self, channel: str, message: dict[str, Any], cost: int) -> None:
        _validate(message)
        if self._nonce:  # what their functions print while we call them belongs to no cell
            self._ignored += cost
        else:
            self._printed += cost
            queue = self.iopub_channel if channel == "iopub" else self.shell_channel
            queue.messages.put_nowait(message)
        if max(self._printed, self._ignored) > self._max_bytes:
            raise WireError("output")

    def send(self, channel: str, message: dict[str, Any], buffers: list[bytes]) -> None:
        """Write one frame."""
        self._writer.write(pack(channel, message, buffers))

    def _request(self, kind: str, content: dict[str, Any]) -> str:
        name = os.urandom(16).hex()
        header = {
            "msg_id": name,
            "msg_type": kind,
            "session": self.session.session,
            "username": "",
            "version": "5.3",
            "date": "2000-01-01T00:00:00Z",
        }
        self.send(
            "shell",
            {
                "header": header,
                "msg_id": name,
                "msg_type": kind,
                "parent_header": {},
                "metadata": {},
                "content": content,
            },
            [],
        )
        return name

    async def execute(self, code: str, **options: Any) -> str:
        """Ask for one cell to be run (nbclient calls this)."""
        return self._request(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": options.get("store_history", True),
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )

    async def is_alive(self) -> bool:
        """nbclient asks this when a reply does not come."""
        return not self.ended.done()

    async def interrupt_kernel(self) -> None:
        """As the stop button does."""
        self._child.send_signal(signal.SIGINT)

    def interrupt(self) -> None:
        """As the stop button does."""
        self._child.send_signal(signal.SIGINT)

    def kill(self, reason: str) -> None:
        """End the child now."""
        self.reason = self.reason or reason
        self._child.send_signal(signal.SIGKILL)

    async def _ask(
        self, message: dict[str, Any], buffers: list[bytes], timeout_s: float
    ) -> dict[str, Any] | None:
        """One control request; when its time is over, the answer is what an interrupt leaves ("late").

        None: no answer even then, or the child died; it has ended in either case.
        """
        self._ignored = 0
        self._nonce = os.urandom(16).hex()
        self.send("control", {**message, "nonce": self._nonce}, buffers)
        answer = asyncio.ensure_future(self._control.get_msg())
        try:
            for late, limit in ((False, timeout_s), (True, GRACE_S)):
                done, _ = await asyncio.wait(
                    {answer, self.ended}, timeout=limit, return_when=asyncio.FIRST_COMPLETED
                )
                if answer in done:
                    return {**answer.result(), "late": late}
                if done:
                    return None
                self.interrupt()
        finally:
            answer.cancel()
        self.kill("time")
        await asyncio.wait({self.ended})
        return None

    async def capture(
        self, requests: Sequence[ArtefactRequest], *, timeout_s: float = CAPTURE_TIMEOUT_S
    ) -> dict[str, Value] | None:
        """The values of the requested artefacts; None when the child did not survive the question."""
        asked = [{"role": r.role, "names": list(r.names), "figure": r.figure} for r in requests]
        answer = await self._ask({"op": "capture", "requests": asked}, [], timeout_s)
        if answer is None:
            return None
        values, buffers = answer.get("values"), _Once(answer["buffers"])
        if type(values) is not dict:
            values = {}
        return {r.role: _decoded(values[r.role], buffers) for r in requests if r.role in values}

    async def call(self, request: ProbeRequest, *, timeout_s: float) -> ProbeRun:
        """Call the student's functions with the request's inputs. A probe that ends the child says so itself."""
        buffers: list[bytes] = []
        cases = [
            [
                {"names": list(request.names.get(name, (name,))), "args": [encode(a, buffers) for a in args]}
                for name, args in case
            ]
            for case in request.cases
        ]
        answer = await self._ask({"op": "call", "cases": cases}, buffers, min(timeout_s, request.timeout_s))
        failure = ""
        if answer is None:
            failure = "timeout" if self.reason == "time" else "died"
        elif answer["late"]:
            failure = "timeout"
        if answer is None or failure:
            return ProbeRun(cases=request.cases, results=[], failure=failure)
        try:
            return _probe_run(request, answer)
        except (WireError, KeyError, TypeError, ValueError, AttributeError):
            return ProbeRun(cases=request.cases, results=[], failure="protocol")

    async def close(self) -> None:
        """End the child and everything it started, then give its handles back."""
        self._child.send_signal(signal.SIGKILL)
        self.ended.cancel()
        # The reader must be gone before the descriptor's number can be used again.
        await asyncio.wait({self.ended})
        if hasattr(self, "_writer"):  # else it was cancelled before it was connected
            self._writer.transport.abort()  # not close: the child may have left what we wrote unread


def _parse(raw: bytes) -> Any:
    """JSON without what would cost us more than it cost to send, and without lone surrogates."""
    text = raw.decode()  # strictly: given bytes, json would let surrogates pass
    if text.count("[") + text.count("{") > MAX_CONTAINERS:
        raise WireError("output")
    return plainjson.loads(text)


def _validate(message: dict[str, Any]) -> None:
    """What nbclient and nbformat take for granted in a kernel's message."""
    header, parent, content = (message.get(key) for key in ("header", "parent_header", "content"))
    if type(header) is not dict or type(parent) is not dict or type(content) is not dict:
        raise WireError("protocol")
    kind = header.get("msg_type")
    if type(kind) is not str or not _is_content(kind, content) or not _is_shallow(content, MAX_DEPTH):
        raise WireError("protocol")
    message["msg_type"] = kind


def _is_content(kind: str, content: dict[str, Any]) -> bool:
    if type(content.get("execution_count")) not in (int, type(None)):
        return False
    if kind == "stream":
        return content.get("name") in ("stdout", "stderr") and type(content.get("text")) is str
    if kind == "error":
        traceback = content.get("traceback")
        return (
            type(content.get("ename")) is str
            and type(content.get("evalue")) is str
            and type(traceback) is list
            and all(type(line) is str for line in traceback)
        )
    if kind in _OUTPUTS:
        transient = content.get("transient") or {}
        return (
            type(content.get("data")) is dict
            and type(content.get("metadata")) is dict
            and type(transient) is dict
            and type(transient.get("display_id")) in (str, type(None))
        )
    return kind != "status" or type(content.get("execution_state")) is str


def _is_shallow(value: Any, depth: int) -> bool:
    if type(value) not in (dict, list):
        return True
    items = value.values() if type(value) is dict else value
    return depth > 0 and all(_is_shallow(item, depth - 1) for item in items)


def _decoded(descriptor: object, buffers: Sequence[bytes]) -> Value:
    """One value; one that is malformed costs nothing but itself."""
    try:
        return decode(descriptor, buffers)
    except WireError as fault:
        return NoValue("error", "", str(fault))


def _probe_run(request: ProbeRequest, answer: dict[str, Any]) -> ProbeRun:
    missing = answer.get("missing", [])
    if answer.get("failure"):
        return ProbeRun(cases=request.cases, results=[], failure=str(answer["failure"])[:300])
    if type(missing) is not list:
        raise WireError("protocol")
    if missing:
        return ProbeRun(
            cases=request.cases, results=[], missing=tuple(str(name)[:100] for name in missing[:20])
        )
    results = answer["results"]
    if [len(case) for case in results] != [len(case) for case in request.cases]:
        raise WireError("protocol")
    buffers = _Once(answer["buffers"])
    return ProbeRun(
        cases=request.cases, results=[[_call_result(r, buffers) for r in case] for case in results]
    )


def _call_result(result: dict[str, Any], buffers: Sequence[bytes]) -> CallResult:
    error = result.get("error")
    if error is not None:
        raised = CellError(name=str(error["name"])[:100], value=str(error["value"])[:500])
        return CallResult(error=raised, function=str(error.get("function", ""))[:100])
    return CallResult(value=_decoded(result["value"], buffers))


class FrameNotebookClient(NotebookClient):
    """nbclient that learns of a child's death at once (stock: it looks once a second)."""

    def attach(self, client: FrameClient) -> None:
        """Use this child for the cells that follow."""
        self.km = self.kc = client
        self.owns_km = False
        self.reset_execution_trackers()

    def handle_comm_msg(self, outs: Any, msg: Any, cell_index: Any) -> None:
        """Widgets have nobody to talk to. Stock nbclient would answer each with all of its output so far."""

    async def _async_poll_kernel_alive(self) -> None:
        await asyncio.wait({self.kc.ended})
        self.task_poll_for_reply.cancel()

    async def run_cell(self, cell: NotebookNode, index: int) -> None:
        """Run one cell; its outputs land in it. Raises DeadKernelError when the child dies."""
        await self.async_execute_cell(cell, index, execution_count=None)
