"""The labs that are timed. A lab's code cells come from Coteja's own solved notebook; the peers get the same cells."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from tests_for_peers import TESTS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Lab:
    """One assignment: its course, and what the other graders check in it."""

    id: str
    title: str
    course: Path
    solved: Path

    @property
    def tests(self) -> dict[str, tuple[str, str]]:
        """Question -> (public test, hidden test)."""
        return TESTS[self.id]

    @cached_property
    def cells(self) -> list[tuple[str | None, str]]:
        """(question or None, source) for each code cell that a student sees as the lab's own.

        The question stands at its last answer cell: that is where the peers put their tests.
        """
        notebook = nbformat.read(self.solved, as_version=4)
        kept: list[tuple[str | None, str]] = []
        for cell in notebook.cells:
            ours = cell.metadata.get("coteja", {})
            if cell.cell_type == "code" and ours.get("kind") != "check" and ours.get("cell") != "load-coteja":
                kept.append((ours.get("question") if ours.get("kind") == "answer" else None, cell.source))
        last = {question: number for number, (question, _source) in enumerate(kept)}
        return [(q if last[q] == number else None, source) for number, (q, source) in enumerate(kept)]

    @property
    def sources(self) -> list[str]:
        """The student's code cells."""
        return [source for _question, source in self.cells]


def make(name: str, title: str, course: Path, folder: Path) -> Lab:
    """Release the author's solved notebook of a lab into `folder`."""
    coteja(
        "release",
        name,
        "--solution",
        "--lang",
        "en",
        "--course",
        str(course),
        "--out",
        str(folder / "solved"),
    )
    return Lab(name, title, course, folder / "solved" / "en" / f"{name}.ipynb")


def coteja(*arguments: str) -> None:
    """Run one Coteja command that is not timed."""
    subprocess.run([sys.executable, "-m", "coteja", *arguments], check=True, capture_output=True, cwd=HERE)
