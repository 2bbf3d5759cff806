"""The whole gallery marked on one rung, among honest neighbours, and what each attack achieved."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from arena import SECRET, Arena, Attack, live_markup, said

from coteja.errors import MachineError
from coteja.grading.submissions import slug
from coteja.model.result import SubmissionResult

RUNGS = ("namespaces", "landlock")
#: As long as an ended process may still be seen; the attacks' own wait much longer.
PATIENCE_S = 10.0


class NoSuchRungError(Exception):
    """This machine does not have the rung."""


@dataclass(frozen=True)
class Marked:
    """The arena after everything in it was marked."""

    arena: Arena
    rung: str
    results: dict[str, SubmissionResult]
    changed: list[str]
    processes: list[str]
    files: list[str]
    evidence: str

    def result(self, name: str) -> SubmissionResult:
        return self.results[str(self.arena.submitted / f"{name}.ipynb")]

    def executed(self, name: str) -> Path:
        return self.arena.places.recordings.folder / self.result(name).recording / "executed.ipynb"

    def written(self, name: str) -> list[Path]:
        """Every file that the marking of one submission wrote."""
        places = self.arena.places
        folders = [self.executed(name).parent, places.feedback(slug(name))]
        return [places.result(slug(name)), *(path for folder in folders for path in folder.iterdir())]

    def won(self, attack: Attack) -> list[str]:
        """What it says that it got through to."""
        return said(json.loads(self.executed(attack.name).read_bytes()))

    def stolen(self, attack: Attack) -> list[Path]:
        """What was written of it and holds a planted secret."""
        return [path for path in self.written(attack.name) if SECRET.search(path.read_bytes())]

    def live(self, attack: Attack) -> list[str]:
        """Markup of its own that lives in its feedback."""
        pages = [path for path in self.written(attack.name) if path.suffix == ".html"]
        return [found for page in pages for found in live_markup(page.read_text("utf-8"))]


@contextlib.contextmanager
def mark_gallery(attacks: Sequence[Attack], rung: str) -> Iterator[Marked]:
    """Mark them all on one rung. Raises NoSuchRungError where the machine lacks it, MachineError where it lets through."""
    with Arena() as arena:
        for attack in attacks:
            arena.hand_in(attack)
        before = arena.state()
        try:
            results = arena.grade(rung)
        except MachineError as fault:
            if "could reach" in str(fault):  # the rung is there and lets through
                raise
            raise NoSuchRungError(str(fault)) from None
        until = time.monotonic() + PATIENCE_S
        while arena.left_processes() and time.monotonic() < until:
            time.sleep(0.1)
        after = arena.state()
        changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
        evidence = arena.marked / "evidence"
        yield Marked(
            arena=arena,
            rung=rung,
            results=results,
            changed=changed,
            processes=arena.left_processes(),
            files=arena.left_files(),
            evidence=evidence.read_text() if evidence.exists() else "",
        )
