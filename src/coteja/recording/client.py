"""Drives one child with nbclient's own machinery over frames: outputs, display updates and errors are nbclient's.

Everything that arrives is hostile: sizes are capped before they are read, JSON alone is parsed, and any message
that is not of the expected shape ends the child ("protocol").
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import struct
from queue import Empty
from typing import Any

from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat import NotebookNode

from coteja.model.codec import WireError, decode, encode
from coteja.model.recording import ArtefactRequest, CallResult, CellError, ProbeRequest, ProbeRun
from coteja.model.values import Value
from coteja.recording.template import Child
from coteja.sandbox.frames import HEAD, pack

MAX_FRAME = 80 << 20
MAX_BUFFERS = 20_000
READY_TIMEOUT_S = 20.0
CAPTURE_TIMEOUT_S = 30.0


class _Channel:
    """A queue that speaks as nbclient's channels do."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        if timeout is None:
            return await self.messages.get()
        try:
            return await asyncio.wait_for(self.messages.get(), timeout)
        except TimeoutError:
            raise Empty from None


class _Shell(_Channel):
    def __init__(self, client: FrameClient) -> None:
        super().__init__()
        self._client = client

    def send(self, message: dict[str, Any]) -> None:
        """nbclient answers widgets' comm messages through this."""
        buffers = [bytes(b) for b in message.get("buffers") or ()]
        self._client.send("shell", {k: v for k, v in message.items() if k != "buffers"}, buffers)


class FrameClient:
    """Looks like a kernel manager and a kernel client to nbclient, and speaks frames to a child."""

    allow_stdin = False
    ipykernel = True
    has_kernel = True
    kernel_id = "coteja"

    def __init__(self, child: Child, max_bytes: int) -> None:
        self._child = child
        self._max_bytes = max_bytes
        self._received = 0
        self._nonce = ""
        self.reason = ""  # why we ended the child, if we did
        self.session = Session(key=b"")
        self.iopub_channel, self.shell_channel, self._control = _Channel(), _Shell(self), _Channel()

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
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, struct.error):
            self.reason = self.reason or "protocol"
        finally:
            self._child.send_signal(signal.SIGKILL)

    async def _frame(self) -> None:
        length, count = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        if length > MAX_FRAME or count > MAX_BUFFERS:
            raise WireError("output")
        lengths = struct.unpack(f"<{count}I", await self._reader.readexactly(4 * count)) if count else ()
        self._received += length + sum(lengths)
        if self._received > self._max_bytes + MAX_FRAME or sum(lengths) > MAX_FRAME:
            raise WireError("output")
        frame = json.loads(await self._reader.readexactly(length))
        buffers = [await self._reader.readexactly(n) for n in lengths]
        channel, message = frame["channel"], frame["message"]
        if type(message) is not dict:
            raise WireError("protocol")
        if channel == "control":
            if message.get("msg_type") == "ready" or message.get("nonce") == self._nonce:
                message["buffers"] = buffers
                self._control.messages.put_nowait(message)
            return
        if channel == "iopub" and length > self._max_bytes:
            raise WireError("output")
        _validate(message)
        message["buffers"] = buffers
        {"iopub": self.iopub_channel, "shell": self.shell_channel}[channel].messages.put_nowait(message)

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
        """One control request. None: no answer in time (the child is ended), or it died."""
        self._received = 0
        self._nonce = os.urandom(16).hex()
        self.send("control", {**message, "nonce": self._nonce}, buffers)
        answer = asyncio.ensure_future(self._control.get_msg())
        done, _ = await asyncio.wait(
            {answer, self.ended}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
        )
        if answer in done:
            return answer.result()
        answer.cancel()
        return None

    async def capture(self, requests: tuple[ArtefactRequest, ...]) -> dict[str, Value]:
        """The values of the requested artefacts; empty when the child gave no answer."""
        asked = [{"role": r.role, "names": list(r.names), "figure": r.figure} for r in requests]
        answer = await self._ask({"op": "capture", "requests": asked}, [], CAPTURE_TIMEOUT_S)
        if answer is None:
            self.kill("no answer")
            return {}
        values = answer.get("values")
        if type(values) is not dict:
            return {}
        return {r.role: decode(values[r.role], answer["buffers"]) for r in requests if r.role in values}

    async def call(self, request: ProbeRequest) -> ProbeRun:
        """Call the student's functions with the request's inputs."""
        buffers: list[bytes] = []
        cases = [
            [
                {"names": list(request.names.get(name, (name,))), "args": [encode(a, buffers) for a in args]}
                for name, args in case
            ]
            for case in request.cases
        ]
        answer = await self._ask({"op": "call", "cases": cases}, buffers, request.timeout_s)
        if answer is None:
            self.interrupt()
            await asyncio.wait({self.ended}, timeout=1.0)
            return ProbeRun(cases=request.cases, results=[], failure="timeout")
        return _probe_run(request, answer)

    async def close(self) -> None:
        """End the child and everything it started, then give its handles back."""
        self._child.send_signal(signal.SIGKILL)
        self.ended.cancel()
        # The reader must be gone before the descriptor's number can be used again.
        await asyncio.wait({self.ended})
        self._writer.close()


def _validate(message: dict[str, Any]) -> None:
    if type(message.get("parent_header")) is not dict or type(message.get("content")) is not dict:
        raise WireError("protocol")
    kind = message["header"]["msg_type"]
    if type(kind) is not str:
        raise WireError("protocol")
    message["msg_type"] = kind


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
    return ProbeRun(
        cases=request.cases, results=[[_call_result(r, answer["buffers"]) for r in case] for case in results]
    )


def _call_result(result: dict[str, Any], buffers: list[bytes]) -> CallResult:
    error = result.get("error")
    if error is not None:
        raised = CellError(name=str(error["name"])[:100], value=str(error["value"])[:500])
        return CallResult(error=raised, function=str(error.get("function", ""))[:100])
    return CallResult(value=decode(result["value"], buffers))


class FrameNotebookClient(NotebookClient):
    """nbclient that learns of a child's death at once (stock: it looks once a second)."""

    def attach(self, client: FrameClient) -> None:
        """Use this child for the cells that follow."""
        self.km = self.kc = client
        self.owns_km = False
        self.reset_execution_trackers()

    async def _async_poll_kernel_alive(self) -> None:
        await asyncio.wait({self.kc.ended})
        self.task_poll_for_reply.cancel()

    async def run_cell(self, cell: NotebookNode, index: int) -> None:
        """Run one cell; its outputs land in it. Raises DeadKernelError when the child dies."""
        await self.async_execute_cell(cell, index, execution_count=None)
