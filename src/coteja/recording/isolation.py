"""Measures the walls: a real child tries what student code must not be able to do, and we see what happened."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import select
import socket
import tempfile
from pathlib import Path

from coteja.model.recording import Isolation
from coteja.recording.template import Template

MEASURE_TIMEOUT_S = 30.0


async def measure(template: Template) -> Isolation:
    """Run the canaries in a child of `template`. What gives no answer counts as open."""
    with (
        tempfile.TemporaryDirectory(prefix="coteja-canary-") as folder,
        _listener() as (port, path, abstract),
    ):
        hidden = Path(folder) / "hidden"
        hidden.write_text(secrets.token_hex(16))
        probe = {
            "hidden_file": str(hidden),
            "hidden_dir": folder,
            "tcp_port": port,
            "unix_path": path,
            "unix_abstract": abstract,
            "parent_pid": os.getpid(),
        }
        alive, held = os.pipe()
        try:
            child = await template.fork(canaries=probe, hold=held)
        finally:
            os.close(held)
        try:
            facts = await _answer(child.sock)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(child.end), 5)
            if facts.pop("daemon", "False") == "ok":
                # The daemon holds the pipe's other end: its end of file is the daemon's death.
                dead: tuple[list[int], list[int], list[int]] = await asyncio.to_thread(
                    select.select, [alive], [], [], 2.0
                )
                facts["daemons"] = "ok" if dead[0] else "outlive the run"
        finally:
            os.close(alive)
            child.send_signal(9)
            child.sock.close()
            child.close()
    return Isolation(rung=template.rung, facts=facts)


async def _answer(sock: socket.socket) -> dict[str, str]:
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    data = b""
    try:
        async with asyncio.timeout(MEASURE_TIMEOUT_S):
            while chunk := await loop.sock_recv(sock, 1 << 16):
                data += chunk
    except (TimeoutError, OSError):
        pass
    try:
        facts = json.loads(data)
        return {
            str(name)[:40]: "ok" if fact is True or fact == "ok" else str(fact)[:200]
            for name, fact in facts.items()
        }
    except (ValueError, AttributeError):
        return {"files": "no answer", "network": "no answer", "processes": "no answer"}


@contextlib.contextmanager
def _listener():  # type: ignore[no-untyped-def]
    """Sockets of ours that a child must not reach: TCP on loopback, a path, an abstract name."""
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.socket())
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="coteja-canary-"))
        path = f"{folder}/socket"
        by_path = stack.enter_context(socket.socket(socket.AF_UNIX))
        by_path.bind(path)
        by_path.listen()
        Path(path).chmod(0o777)
        abstract = f"coteja-{secrets.token_hex(8)}"
        by_name = stack.enter_context(socket.socket(socket.AF_UNIX))
        by_name.bind(f"\0{abstract}")
        by_name.listen()
        yield tcp.getsockname()[1], path, abstract
