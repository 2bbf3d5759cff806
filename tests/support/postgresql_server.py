"""A real PostgreSQL server, started for the tests that ask for it: `from postgresql_server import postgresql`."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

START_S = 30.0


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root: the command that makes it an ordinary user's."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _programs() -> tuple[str, str] | None:
    places = [*os.get_exec_path(), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin")))]
    found = [shutil.which(name, path=os.pathsep.join(places)) for name in ("initdb", "postgres")]
    return (found[0], found[1]) if found[0] and found[1] else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a server of our own."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    programs = _programs()
    if programs is None or sys.platform != "linux":
        pytest.skip("there are no PostgreSQL server programs on this machine")
    initdb, postgres = programs
    with tempfile.TemporaryDirectory(prefix="coteja-pg-") as folder:
        os.chmod(folder, 0o777)  # noqa: PTH101 (the server's user makes its own folder in it)
        data = Path(folder) / "data"
        user = _as_somebody()
        made = [*user, initdb, "--pgdata", str(data), "--auth=trust", "--username=coteja", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, timeout=120, cwd=folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [*user, postgres, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            _await(port, server)
            yield f"postgresql://coteja@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: it ends who is still connected
            server.wait(timeout=30)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    last = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(f"postgresql://coteja@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < last, "the server does not answer"
            time.sleep(0.1)
        else:
            return
