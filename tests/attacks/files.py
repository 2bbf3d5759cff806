"""Hostile files: not what a notebook does, but what is handed in as one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arena import FULL, Arena, code_cell

Notebook = dict[str, Any]


@dataclass(frozen=True)
class HostileFile:
    """How one is made, below which name, its points (None: needs a look), and what is told.

    `refused`: it is not taken in at all, which the list of what was handed in says; else its student's page says it.
    """

    title: str
    build: Callable[[Arena, Path], None]
    points: float | None = None
    says: str = ""
    name: str = ""
    refused: bool = False

    @property
    def file(self) -> str:
        return self.name or f"{self.title.replace(' ', '-')}.ipynb"


def _blank(arena: Arena) -> Notebook:
    """The released notebook with nothing done in it, from which the claims are made."""
    notebook: Notebook = json.loads(arena.solved())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["source"].startswith("# ["):
            cell["source"] = cell["source"].splitlines()[0]
    return notebook


def changed(change: Callable[[Notebook], object], *, solved: bool = False) -> Callable[[Arena, Path], None]:
    """A notebook with something done to it."""

    def build(arena: Arena, path: Path) -> None:
        notebook = json.loads(arena.solved()) if solved else _blank(arena)
        change(notebook)
        path.write_text(json.dumps(notebook))

    return build


def raw(data: bytes) -> Callable[[Arena, Path], None]:
    return lambda _arena, path: path.write_bytes(data) and None


def solved_as(encode: Callable[[bytes], bytes]) -> Callable[[Arena, Path], None]:
    return lambda arena, path: path.write_bytes(encode(arena.solved())) and None


def link(target: Callable[[Arena], str | Path]) -> Callable[[Arena, Path], None]:
    return lambda arena, path: path.symlink_to(target(arena))


def _forge(notebook: Notebook) -> None:
    won = {"grade": True, "grade_id": "q1", "points": 1000, "score": 1000, "locked": False, "solution": False}
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"] = won
        cell["metadata"].setdefault("coteja", {}).update(points="1000", status="passed", kind="answer")
    notebook["metadata"]["coteja"] = {"points": 1000, "status": "marked", "student": "sibling"}


def _forge_badly(notebook: Notebook) -> None:
    wrong = [None, 5, "x", [], {"kind": {}}, {"question": ["q1"]}, {"cell": "../../x"}, {"kind": "\x00"}]
    for cell, metadata in zip(notebook["cells"], wrong * 3, strict=False):
        cell["metadata"] = {"coteja": metadata, "nbgrader": metadata, "tags": metadata}


def _own_parameters(notebook: Notebook) -> None:
    own = code_cell("first = 7\nanswer = 77")
    own["metadata"] = {"tags": ["parameters"], "coteja": {"kind": "parameters", "cell": "parameters"}}
    notebook["cells"] += [own, own]


def _claim_outputs(notebook: Notebook) -> None:
    shown = {"output_type": "stream", "name": "stdout", "text": "q1 passed! 5/5\nWON 1000 points"}
    page = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": "<script>alert(86417)</script>"},
    }
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [shown, page], "execution_count": 1}


def _same_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same"


def _twice(notebook: Notebook) -> None:
    notebook["cells"] *= 2


def _sparse(_arena: Arena, path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def _folder(arena: Arena, path: Path) -> None:
    path.mkdir()
    (path / "inside.ipynb").write_bytes(arena.solved())


def _deep(depth: int) -> bytes:
    return b'{"cells": [], "metadata": {"x": ' + b"[" * depth + b"]" * depth + b"}}"


def _closed(arena: Arena, path: Path) -> None:
    path.write_bytes(arena.solved())
    path.chmod(0)


SCRIPT = "<img src=x onerror=alert(86417)><script>alert(86417)"
A_LINK = "a link, not a file"
FILES = [
    HostileFile("forged metadata", changed(_forge), points=0.0),
    HostileFile("metadata of wrong kinds", changed(_forge_badly), points=0.0),
    HostileFile("cell ids all the same", changed(_same_ids, solved=True), points=FULL),
    HostileFile("every cell twice", changed(_twice, solved=True), points=FULL),
    HostileFile("a parameters cell of its own", changed(_own_parameters), points=1.0),
    HostileFile("outputs that claim passes", changed(_claim_outputs), points=0.0),
    HostileFile("broken JSON", solved_as(lambda data: data[: len(data) // 2]), says="not valid JSON"),
    HostileFile("empty", raw(b""), says="The file is empty"),
    HostileFile("no notebook", raw(b"[1, 2]"), says="not a Jupyter notebook"),
    HostileFile("nested too deep", raw(_deep(200_000)), says="nested too deep"),
    HostileFile("nested nearly too deep", raw(_deep(900)), says="can be read", name="nested-nearly.ipynb"),
    HostileFile("duplicate keys", solved_as(lambda data: b'{"cells": 5, ' + data.lstrip()[1:]), points=FULL),
    HostileFile("cells last of all none", solved_as(lambda data: data.rstrip()[:-1] + b', "cells": 5}'), says="no list"),
    HostileFile("not a number", solved_as(lambda data: b'{"nbformat": NaN, "x": -Infinity, ' + data.lstrip()[1:]), points=FULL),
    HostileFile("a number without end", raw(b'{"cells": [], "x": ' + b"9" * 100_000 + b"}"), says="can be read"),
    HostileFile("UTF-16", solved_as(lambda data: data.decode().encode("utf-16")), points=FULL),
    HostileFile("UTF-32 that is none", raw(b"\xff\xfe\0\0abc"), says="claims to be"),
    HostileFile("bytes of no encoding", raw(bytes(range(256)) * 20), says="not valid JSON|not text"),
    HostileFile("a link to the passwords", link(lambda _arena: "/etc/passwd"), says=A_LINK, refused=True),
    HostileFile("a link to the grader", link(lambda arena: arena.course / "graders/vault.py"), says=A_LINK, refused=True),
    HostileFile("a link to another's work", link(lambda arena: arena.sibling), says=A_LINK, refused=True, name="a-link-to-another.ipynb"),
    HostileFile("a link to nothing", link(lambda _arena: "/nowhere"), says=A_LINK, refused=True),
    HostileFile("a link to itself", link(lambda _arena: "a-link-to-itself.ipynb"), says=A_LINK, refused=True),
    HostileFile("a link to the whole course", link(lambda arena: arena.course), says="a link to a folder", refused=True),
    HostileFile("a link to a device", link(lambda _arena: "/dev/zero"), says=A_LINK, refused=True),
    HostileFile("a pipe", lambda _arena, path: os.mkfifo(path), says="not a regular file", refused=True),
    HostileFile("a folder called like a notebook", _folder, points=FULL),
    HostileFile("a gigabyte of nothing", _sparse, says="1024 MiB"),
    HostileFile("markup in the name", solved_as(bytes), points=FULL, name=f"{SCRIPT}.ipynb"),
    HostileFile("lines in the name", solved_as(bytes), points=FULL, name="two\nlines\r,=1+1.ipynb"),
    HostileFile("codes in the name", solved_as(bytes), points=FULL, name="\x1b[2J\x1b]0;pwned\x07\u202eabc.ipynb"),
    HostileFile("a template in the name", solved_as(bytes), points=FULL, name="{{7*86417}}{% raw %}{0}%s.ipynb"),
    HostileFile("a name of signs alone", solved_as(bytes), points=FULL, name="-....-.ipynb"),
    HostileFile("a name that is no text", solved_as(bytes), points=FULL, name="\udcff\udcfe.ipynb"),
]  # fmt: skip
