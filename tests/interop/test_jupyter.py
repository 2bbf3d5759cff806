"""A real Jupyter server: it opens and runs a lab's source and its released notebooks, and has nothing to say about them."""

from __future__ import annotations

import asyncio
import json
import urllib.request
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from served import serving
from tornado.websocket import WebSocketClientConnection, websocket_connect

from coteja.scaffold import new_course

pytest.importorskip("jupyterlab")
LAB = "first-step"
SOURCE = f"assignments/{LAB}/notebook.py"
RELEASED = [f"released/{language}/{LAB}.ipynb" for language in ("es", "en")]


class Server:
    """The server's REST API, as its own pages use it."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def notebook(self, path: str) -> dict[str, Any]:
        """A file opened as a notebook. `message` is what JupyterLab would show above it."""
        opened: dict[str, Any] = self.call("GET", f"contents/{path}?type=notebook&content=1")
        return opened

    async def run(self, path: str) -> list[str]:
        """Run every code cell in a kernel of a session of its own; each cell's status."""
        kernel = self.call("POST", "sessions", {"path": path, "name": path, "type": "notebook",
                                                "kernel": {"name": "python3"}})["kernel"]["id"]  # fmt: skip
        socket = await websocket_connect(
            f"ws{self.address.removeprefix('http')}/api/kernels/{kernel}/channels?token={self.token}"
        )
        cells = self.notebook(path)["content"]["cells"]
        try:
            return [await _execute(socket, c["source"]) for c in cells if c["cell_type"] == "code"]
        finally:
            socket.close()
            while await socket.read_message() is not None:  # until it is closed
                pass


async def _execute(socket: WebSocketClientConnection, source: str) -> str:
    asked = uuid.uuid4().hex
    header = {
        "msg_id": asked,
        "msg_type": "execute_request",
        "session": "s",
        "username": "u",
        "version": "5.3",
    }
    await socket.write_message(json.dumps({
        "header": header, "parent_header": {}, "metadata": {}, "channel": "shell",
        "content": {"code": source, "silent": False, "allow_stdin": False},
    }))  # fmt: skip
    while True:
        said = json.loads(await asyncio.wait_for(_read(socket), 120))
        if said["msg_type"] == "execute_reply" and said["parent_header"].get("msg_id") == asked:
            return str(said["content"]["status"])


async def _read(socket: WebSocketClientConnection) -> str | bytes:
    said = await socket.read_message()
    assert said is not None, "the server hung up"
    return said


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, program: Callable[..., str]) -> Path:
    course = tmp_path_factory.mktemp("jupyter") / "course"
    new_course(course, languages=["es", "en"], titles={})
    program("release", LAB, "--course", course)
    return course


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[Server]:
    with serving("jupyterlab", course, course.parent) as (address, token):
        yield Server(address, token)


def test_a_lab_s_source_opens_as_a_notebook_by_jupytext(server: Server) -> None:
    opened = server.notebook(SOURCE)
    assert opened["type"] == "notebook"
    assert opened.get("message") is None
    assert {cell["cell_type"] for cell in opened["content"]["cells"]} == {"markdown", "code"}
    assert opened["content"]["metadata"]["kernelspec"]["name"] == "python3"


def test_a_lab_s_source_runs_there_to_its_end(server: Server) -> None:
    statuses = asyncio.run(server.run(SOURCE))
    assert len(statuses) > 3
    assert set(statuses) == {"ok"}


def test_a_lab_s_source_that_is_saved_there_releases_the_same_notebooks(
    server: Server, course: Path, program: Callable[..., str]
) -> None:
    """Jupytext writes the source anew: metadata, blank lines. None of it may reach the students."""
    before = {path: (course / path).read_bytes() for path in RELEASED}
    opened = server.notebook(SOURCE)
    server.call(
        "PUT", f"contents/{SOURCE}", {"type": "notebook", "format": "json", "content": opened["content"]}
    )
    program("release", LAB, "--course", course)
    assert {path: (course / path).read_bytes() for path in RELEASED} == before


@pytest.mark.parametrize("path", RELEASED)
def test_a_released_notebook_opens_without_a_word(path: str, server: Server) -> None:
    opened = server.notebook(path)
    assert opened.get("message") is None, "JupyterLab would show this"
    assert all(cell["id"] for cell in opened["content"]["cells"])


@pytest.mark.parametrize("path", RELEASED)
def test_a_released_notebook_is_what_vs_code_and_colab_ask_for(path: str, course: Path) -> None:
    """Both read nbformat 4, take the kernel from `kernelspec` and the language from `language_info`."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notebook = nbformat.read(course / path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor >= 5) == (4, True)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info.name == "python"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_a_notebook_saved_in_jupyterlab_is_still_the_same_submission(
    server: Server, course: Path, program: Callable[..., str]
) -> None:
    """What JupyterLab adds on saving (its own metadata, a newer language_info) costs a student nothing."""
    solved = course / "assignments" / LAB / "samples" / "ana-lopez.ipynb"
    opened = server.notebook(str(solved.relative_to(course)))
    saved = {"type": "notebook", "format": "json", "content": opened["content"]}
    server.call("PUT", "contents/ana-saved.ipynb", saved)
    out = course.parent / "marked"
    told = program("grade", LAB, course / "ana-saved.ipynb", "--course", course, "--no-gradebook", "--json",
                   "--out", out)  # fmt: skip
    result = json.loads(told[told.index("{") : told.rindex("}") + 1])["results"][0]
    assert result["points"] == result["max_points"]
