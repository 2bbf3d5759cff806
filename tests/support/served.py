"""A real Jupyter server for a test: its own port, token and folders, and no browser."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 60.0


@contextmanager
def serving(module: str, root: Path, private: Path, *options: str) -> Iterator[tuple[str, str]]:
    """Start `python -m module` in `root`, with Jupyter's folders below `private`. Yields its address and token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(private / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    address, token = f"http://127.0.0.1:{port}", secrets.token_hex()
    running = subprocess.Popen(
        [sys.executable, "-m", module, "--no-browser", "--allow-root", f"--ServerApp.root_dir={root}",
         f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", *options],
        cwd=root, env=os.environ | own | {"IPYTHONDIR": str(private / "ipython")},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        last = time.monotonic() + START_S
        while not _answers(f"{address}/api/status?token={token}"):
            assert running.poll() is None, "the server ended at once"
            assert time.monotonic() < last, "the server does not answer"
            time.sleep(0.2)
        yield address, token
    finally:
        running.terminate()
        running.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False
