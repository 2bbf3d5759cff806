"""Run pieces of code behind real walls, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
READ_ONLY = (sys.prefix, sys.base_prefix, str(SOURCE))


@dataclass(frozen=True)
class Behind:
    """What came out of a driver process."""

    rung: str
    reasons: dict[str, str]
    uid: int | None
    pieces: dict[str, dict[str, Any]]
    error: str = ""

    def said(self, name: str) -> Any:
        """The last thing that a piece reported."""
        piece = self.pieces[name]
        return piece["said"][-1] if piece["said"] else f"nothing; {piece}"


RunBehind = Callable[..., Behind]


def command(
    pieces: Mapping[str, str],
    folder: Path,
    *,
    rung: str = "best",
    ordinary: bool = False,
    deny_namespaces: bool = False,
    keep: tuple[int, ...] = (),
    linger: bool = False,
    more_read_only: tuple[str, ...] = (),
    **limits: Any,
) -> list[str]:
    """The driver's command line; its request lies in a file of `folder`."""
    wall = {"read_only": READ_ONLY + more_read_only, "rung": rung, **limits}
    request = {
        "source": str(SOURCE),
        "ordinary": ordinary,
        "deny_namespaces": deny_namespaces,
        "wall": wall,
        "pieces": dict(pieces),
        "keep": keep,
        "linger": linger,
    }
    path = folder / f"request-{os.urandom(4).hex()}.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    return [sys.executable, "-I", str(HERE / "driver.py"), str(path)]


def environment(scratch: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "TMPDIR": scratch,
        "SECRET": "template-secret",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture(scope="session")
def scratch() -> Iterator[str]:
    """A directory that every user may write to, as /tmp is; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="walls-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o1777)
        yield name


@dataclass(frozen=True)
class Driver:
    """For tests that start and watch the driver themselves."""

    scratch: str

    def command(self, pieces: Mapping[str, str], **options: Any) -> list[str]:
        return command(pieces, Path(self.scratch), **options)

    def environment(self) -> dict[str, str]:
        return environment(self.scratch)


@pytest.fixture
def driver(scratch: str) -> Driver:
    return Driver(scratch)


@pytest.fixture(scope="session")
def run_behind(scratch: str) -> RunBehind:
    def run(pieces: Mapping[str, str], **options: Any) -> Behind:
        if options.get("ordinary") and os.geteuid() != 0:
            options["ordinary"] = False  # we are one already
        line = command(pieces, Path(scratch), **options)
        done = subprocess.run(
            line,
            env=environment(scratch),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            pass_fds=options.get("keep", ()),
            timeout=60,
        )
        assert done.stdout, done.stderr.decode()
        answer = json.loads(done.stdout)
        if "error" in answer:
            return Behind("", {}, None, {}, answer["error"])
        return Behind(answer["rung"], answer["reasons"], answer["uid"], answer["pieces"])

    return run
