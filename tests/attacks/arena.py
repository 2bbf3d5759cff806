"""The arena of the attacks: a course with planted secrets, honest students, services, a gradebook and a victim.

Every notebook is told where all of it is, and how to say that it got through: `won("how")`, or `loot(bytes)`, which
looks for a planted secret. Neither the tests nor `tools/attack_matrix.py` guess: what got through says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import html.parser
import json
import os
import re
import secrets
import selectors
import shutil
import socket
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from coteja.calibration import calibrate
from coteja.course.load import find_course
from coteja.grading.lab import load_lab
from coteja.grading.marking import Marker, Places, utc_now
from coteja.grading.releasing import released_bytes
from coteja.grading.submissions import find_submissions
from coteja.model.result import SubmissionResult
from coteja.recording.record import SandboxRecorder

HERE = Path(__file__).parent
LAB = "vault"
FULL = 10.0
HONEST = ("a-honest", "e-honest", "m-honest", "r-honest", "sibling", "z-honest")
SECRET = re.compile(rb"PLANTED-[0-9a-f]{16}")

Cells = list[tuple[str, str]]


@dataclass(frozen=True)
class Attack:
    """One hostile notebook: what it tries, in both languages, and what must happen.

    `points` of 10 are what its honest part deserves. `open_on`: rungs where it gets through, and what that gives.
    `peers` are the other graders under which it makes sense; `harms`: there it would harm the machine. `tags` are put on
    every cell.
    """

    name: str
    tries: str
    intenta: str
    kind: str
    points: float | None = 0.0
    status: str = "waiting"
    peers: tuple[str, ...] = ()
    open_on: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    harms: bool = False
    tags: tuple[str, ...] = ()
    cells: Cells = field(default_factory=list)


def read_attack(path: Path) -> Attack:
    """One notebook of the gallery: a header of TOML in comments, then cells."""
    head, *parts = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = tomllib.loads(re.sub(r"^# ?", "", head, flags=re.MULTILINE))
    told |= told.pop("must", {})
    cells = []
    for part in parts:
        title, _end, body = part.partition("\n")
        written = "[markdown]" in title
        text = re.sub(r"^# ?", "", body, flags=re.MULTILINE) if written else body
        cells.append(("markdown" if written else "code", text.strip("\n")))
    return Attack(
        path.stem,
        **{
            **told,
            "peers": tuple(told.get("peers", ())),
            "tags": tuple(told.get("tags", ())),
            "cells": cells,
        },
    )


def gallery() -> list[Attack]:
    """Every notebook of the gallery, by name."""
    return [read_attack(path) for path in sorted((HERE / "gallery").glob("*.py"))]


#: The first cell of every attack. `{told}` are the names of the arena.
PRELUDE = """
import json, os, re, sqlite3
import matplotlib.pyplot as plt
import numpy as np
{told}
_secret, _found, _say = re.compile(rb"PLANTED-[0-9a-f]{{16}}"), [], print

def won(how):
    if how not in _found:
        _found.append(how)
        _say("WON", how)
        try:
            with open(EVIDENCE, "a") as file:
                file.write(how + "\\n")
        except OSError:
            pass

def loot(thing):
    try:
        data = thing if isinstance(thing, bytes) else str(thing).encode("utf-8", "replace")
    except Exception:
        return
    for secret in set(_secret.findall(data)):
        won(secret.decode())

def read(path, most=1 << 22):
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError):
        return b""
    try:
        return os.read(handle, most)
    except OSError:
        return b""
    finally:
        os.close(handle)

def everything(folder):
    for where, _folders, names in os.walk(folder):
        for name in names:
            yield read(os.path.join(where, name))

def raise_marks():
    try:
        with sqlite3.connect(GRADEBOOK, timeout=1) as book:
            for (table,) in book.execute("select name from sqlite_master where type = 'table'").fetchall():
                for column in [row[1] for row in book.execute(f"pragma table_info({{table}})")]:
                    if column in ("points", "extra_credit"):
                        book.execute(f"update {{table}} set {{column}} = 1000")
    except sqlite3.Error:
        pass

try:
    import ctypes
    ctypes.CDLL(None).prctl(15, MARK.encode(), 0, 0, 0)
except Exception:
    pass
os.environ["ATTACK_MARK"] = MARK
"""
#: The last cell: what was found while nobody recorded the output (a function that the grader called).
EPILOGUE = 'for how in _found:\n    _say("WON", how)'


class Arena:
    """A throw-away world in which one gallery is marked. A context manager."""

    def __init__(self) -> None:
        self.mark = f"atk{secrets.token_hex(5)}"
        self.secrets = {name: f"PLANTED-{secrets.token_hex(8)}" for name in (
            "grader", "reference", "solution", "sibling", "gradebook", "environment", "victim", "service",
        )}  # fmt: skip
        self.connections: list[str] = []
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Self:
        # Open to every user: what keeps notebooks out must be the walls, not the modes of these folders.
        self.root = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="attacked-")))
        self.root.chmod(0o755)
        self.course, self.submitted, self.marked = (self.root / n for n in ("course", "submitted", "marked"))
        self._plant_course()
        self.submitted.mkdir()
        self.marked.mkdir()
        self.marked.chmod(0o777)
        self.gradebook = self.marked / "gradebook.db"
        with contextlib.closing(sqlite3.connect(self.gradebook)) as book, book:
            book.execute("create table marks (student, points, note)")
            book.execute("insert into marks values ('sibling', 7, ?)", [self.secrets["gradebook"]])
        self.gradebook.chmod(0o666)
        self.sibling = self.submitted / "sibling.ipynb"
        self.lab = load_lab(find_course(self.course), LAB)
        for student in HONEST:
            (self.submitted / f"{student}.ipynb").write_bytes(
                self.solved(self.secrets["sibling"] if student == "sibling" else "")
            )
        self._open.enter_context(_environment(COTEJA_ATTACK_SECRET=self.secrets["environment"]))
        self.victim = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(3600)", self.secrets["victim"]],
            env={"SECRET": self.secrets["victim"]},
        )
        self._open.callback(self._end_victim)
        self._serve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _end_victim(self) -> None:
        self.victim.kill()
        self.victim.wait()

    def _plant_course(self) -> None:
        shutil.copytree(HERE / "course", self.course, ignore=shutil.ignore_patterns("__pycache__"))
        for name, path in (("grader", "graders/vault.py"), ("reference", "reference/vault.py")):
            with (self.course / path).open("a") as file:
                file.write(f'\nHIDDEN = "{self.secrets[name]}"\n')
        notebook = self.course / "assignments" / LAB / "notebook.py"
        text = notebook.read_text().replace(
            "### END SOLUTION", f"# {self.secrets['solution']}\n### END SOLUTION", 1
        )
        notebook.write_text(text)
        path, data = calibrate(find_course(self.course), LAB)
        path.parent.mkdir(exist_ok=True)
        path.write_text(data)

    def _serve(self) -> None:
        """Services of this machine that give a secret to whoever connects, and remember it."""
        self.service, self.abstract = str(self.root / "service"), f"{self.mark}-service"
        waiting = selectors.DefaultSelector()
        for address in (("127.0.0.1", 0), self.service, f"\0{self.abstract}"):
            server = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX)
            server.bind(address)
            server.listen()
            waiting.register(server, selectors.EVENT_READ)
            self._open.callback(server.close)
            if isinstance(address, tuple):
                self.port = server.getsockname()[1]
        Path(self.service).chmod(0o777)
        stop, wake = socket.socketpair()
        waiting.register(stop, selectors.EVENT_READ)

        def serve() -> None:
            while True:
                for key, _events in waiting.select():
                    if key.fileobj is stop:
                        return
                    connection, _address = key.fileobj.accept()  # type: ignore[union-attr]
                    self.connections.append(str(key.fileobj))
                    with connection, contextlib.suppress(OSError):
                        connection.sendall(self.secrets["service"].encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()

        def end() -> None:
            wake.close()
            thread.join()
            stop.close()
            waiting.close()

        self._open.callback(end)

    # ---------------------------------------------------------------------------------------------- notebooks

    def solved(self, remark: str = "", language: str = "en") -> bytes:
        """An honest student's notebook."""
        notebook = json.loads(released_bytes(self.lab, language, solutions=True))
        for cell in notebook["cells"]:
            text = "".join(cell["source"]).replace(self.secrets["solution"], remark)
            cell["source"] = text
        return json.dumps(notebook).encode()

    def told(self, **other: str) -> str:
        """The arena's names as Python, some of them other than here."""
        names = {
            "COURSE": str(self.course), "SUBMITTED": str(self.submitted), "SIBLING": str(self.sibling),
            "MARKED": str(self.marked), "GRADEBOOK": str(self.gradebook), "SERVICE": self.service, "ABSTRACT": self.abstract,
            "PORT": self.port, "GRADER": os.getpid(), "VICTIM": self.victim.pid, "MARK": self.mark,
            "EVIDENCE": str(self.marked / "evidence"),
        } | other  # fmt: skip
        return "\n".join(f"{name} = {value!r}" for name, value in names.items())

    def notebook(self, attack: Attack) -> dict[str, Any]:
        """The attack typed into the released notebook."""
        notebook: dict[str, Any] = json.loads(released_bytes(self.lab, "en"))
        cells = notebook["cells"]
        for kind, source in attack.cells:
            marker = source.splitlines()[0] if source else ""
            for cell in cells:
                if (kind == "markdown" and cell["metadata"].get("coteja", {}).get("kind") == "written") or (
                    kind == "code" and marker.startswith("# [") and "".join(cell["source"]).startswith(marker)
                ):
                    cell["source"] = source
        first, last = (code_cell(text) for text in (PRELUDE.format(told=self.told()), EPILOGUE))
        notebook["cells"] = [first, *cells, last]
        for cell in notebook["cells"] if attack.tags else ():
            cell["metadata"]["tags"] = list(attack.tags)
        return notebook

    def hand_in(self, attack: Attack) -> Path:
        """The attack's notebook among those that were handed in."""
        path = self.submitted / f"{attack.name}.ipynb"
        path.write_text(json.dumps(self.notebook(attack)), encoding="utf-8")
        return path

    # ---------------------------------------------------------------------------------------------- marking

    def grade(self, rung: str, *, workers: int = 4, only: Path | None = None) -> dict[str, SubmissionResult]:
        """Mark all that was handed in (or `only` what lies there) on one rung; results by the path of the file."""

        async def run() -> list[SubmissionResult]:
            limits = self.lab.assignment.limits
            recorder = await SandboxRecorder.start(
                preload=self.lab.assignment.preload, limits=limits, rung=rung
            )
            try:
                marker = Marker(self.lab, self.places, ["es", "en"], utc_now)
                submissions = find_submissions([only or self.submitted], LAB)
                return await marker.grade(
                    recorder, submissions, workers=workers, progress=lambda _result: None
                )
            finally:
                recorder.close()

        return {result.source: result for result in asyncio.run(run())}

    @property
    def places(self) -> Places:
        return Places(self.marked)

    # ---------------------------------------------------------------------------------------------- what is left

    def state(self) -> dict[str, str]:
        """The digest of everything that no notebook may change."""
        files = [p for folder in (self.course, self.submitted) for p in sorted(folder.rglob("*"))]
        return {
            str(p): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in [*files, self.gradebook]
            if p.is_file()
            and not p.is_symlink()
            and "__pycache__" not in p.parts
            and p.stat().st_size < 1 << 27
        }

    def left_processes(self) -> list[str]:
        """Processes of the attacks that are still there."""
        return marked_processes(self.mark)

    def left_files(self) -> list[str]:
        """Files of the attacks outside of their own places."""
        folders = {tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", str(Path.home()), *readable()}
        found = [str(p) for folder in folders for p in _walk(folder) if self.mark in p.rpartition("/")[2]]
        return found + [p for p in [str(self.marked / "evidence")] if Path(p).exists()]


def readable() -> set[str]:
    """Where the interpreter and its packages are."""
    return {sys.prefix, sysconfig.get_path("stdlib"), str(HERE.parents[1] / "src")}


def _walk(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in ("__pycache__", "site-packages", ".git")]
        yield from (f"{where}/{name}" for name in [*folders, *names])


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    os.environ |= values
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)


def code_cell(source: str) -> dict[str, Any]:
    """A code cell of a student's own."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": secrets.token_hex(4),
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def marked_processes(mark: str) -> list[str]:
    """Processes whose name or environment carries the mark."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (place / "comm").read_text().strip() == mark[:15] or f"ATTACK_MARK={mark}".encode() in (
                place / "environ"
            ).read_bytes():
                found.append(place.name)
    return found


def said(notebook: Mapping[str, Any]) -> list[str]:
    """What an executed notebook says that it won."""
    text = "".join(
        "".join(output["text"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream"
    )
    return sorted({line[4:] for line in text.splitlines() if line.startswith("WON ")})


class _Live(html.parser.HTMLParser):
    """Collects what a browser would run, load or send, if a student brought it in (all of it holds 86417)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("script", "style") else ""
        for name, given in attrs:
            value = given or ""
            if "86417" in value and (
                name.startswith("on") or name == "srcdoc" or value.lower().lstrip().startswith("javascript:")
            ):
                self.found.append(f"{tag} {name}={value[:60]}")
            if name in ("src", "action", "data", "href", "xlink:href") and "example.org" in value:
                self.found.append(f"{tag} {name}={value[:60]}")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (the parser's signature)
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and ("86417" in data or "display:none}</" in data):
            self.found.append(f"{self.inside}: {data[:60]}")


def live_markup(text: str) -> list[str]:
    """Markup of a student's that lives in a page: scripts, handlers, links that run, forms, beacons."""
    parser = _Live()
    parser.feed(text)
    parser.close()
    return parser.found
