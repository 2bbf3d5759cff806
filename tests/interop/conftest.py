"""A course with a marked class of three, and one submission that is an attack on whatever shows it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from coteja.cli import main
from coteja.scaffold import new_course

LAB = "first-step"
NASTY = "x\n::error::owned\r\n%0A::set-env name=PATH::/tmp \x1b[31m<script>alert(1)</script> ]]> \ufffe"


def coteja(*arguments: object, typed: Sequence[str] = (), code: int = 0) -> str:
    """What the program says, on both streams."""
    with CliRunner().isolation(input="".join(f"{line}\n" for line in typed)) as streams:
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
        said = "".join(stream.getvalue().decode() for stream in streams[:2] if stream)
    assert end.value.code == code, said
    return said


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    return coteja


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course; `marked` in it holds ana (all right, Spanish), ben (wrong, English), eve (an attack), zoe (broken)."""
    course = tmp_path_factory.mktemp("interop") / "course"
    new_course(course, languages=["es", "en"], titles={})
    coteja("release", LAB, "--course", course)
    folder = course / "in"
    folder.mkdir()
    samples = course / "assignments" / LAB / "samples"
    shutil.copy(samples / "ana-lopez.ipynb", folder / "ana.ipynb")
    shutil.copy(samples / "james-reed.ipynb", folder / "ben.ipynb")
    (folder / "zoe.ipynb").write_text("{", encoding="utf-8")
    notebook = nbformat.read(course / "released" / "en" / f"{LAB}.ipynb", as_version=4)
    cells = {c.metadata.get("coteja", {}).get("cell"): c for c in notebook.cells}
    for cell in cells.values():
        if cell.metadata.get("coteja", {}).get("kind") == "answer":
            cell.source += f"\nraise ValueError({NASTY!r})"
        if cell.metadata.get("coteja", {}).get("kind") == "written":
            cell.source = NASTY
    nbformat.write(notebook, folder / "eve.ipynb")
    coteja("grade", LAB, folder, "--course", course, "--no-gradebook")
    return course
