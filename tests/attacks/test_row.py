"""A long row of submissions, one in five of them hostile: every honest one has full marks, and nothing stays behind.

`COTEJA_ATTACK_ROW=200` makes it longer, `COTEJA_ATTACK_SEED` draws others than those of every day.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from arena import FULL, SECRET, Arena, Attack, gallery
from click.testing import CliRunner
from files import FILES, HostileFile

from coteja.cli.app import cli
from coteja.grading.intake.names import printable
from coteja.grading.marking import read_result
from coteja.model.result import SubmissionResult

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls need Linux")

ROW = int(os.environ.get("COTEJA_ATTACK_ROW", "40"))
SEED = int(os.environ.get("COTEJA_ATTACK_SEED", "1"))
ONE_IN = 5
HOSTILE = len(range(ONE_IN // 2, ROW, ONE_IN))
#: As long as an ended process may still be seen; the attacks' own wait much longer.
PATIENCE_S = 10.0


@dataclass(frozen=True)
class Marked:
    """The row after `coteja grade`; hostile ones by the path that was handed in."""

    arena: Arena
    honest: list[str]
    hostile: dict[str, Attack | HostileFile]
    results: dict[str, SubmissionResult]
    processes: list[str]
    changed: list[str]


def drawn(number: int) -> list[Attack | HostileFile]:
    """Hostile ones in an order that the seed decides; all of them before any comes again."""
    chance, out = random.Random(SEED), []
    while len(out) < number:
        everything: list[Attack | HostileFile] = [*gallery(), *FILES]
        out += chance.sample(everything, len(everything))
    return out[:number]


def hand_in_row(arena: Arena) -> tuple[list[str], dict[str, Attack | HostileFile]]:
    """Number the row, so that it is marked in this order; a hostile file keeps its own name, in a folder."""
    for path in arena.submitted.iterdir():
        if path != arena.sibling:
            path.unlink()
    honest, hostile = [], {}
    solved = {language: arena.solved(language=language) for language in ("en", "es")}
    hostiles = iter(drawn(HOSTILE))
    for number in range(ROW):
        path = arena.submitted / f"s{number:04}.ipynb"
        if number % ONE_IN != ONE_IN // 2:
            path.write_bytes(solved["es" if number % 2 else "en"])
            honest.append(str(path))
            continue
        bad = next(hostiles)
        if isinstance(bad, Attack):
            arena.hand_in(bad).rename(path)
        else:
            folder = path.with_suffix("")
            folder.mkdir()
            path = folder / bad.file
            bad.build(arena, path)
        hostile[printable(str(path))] = bad
    return honest, hostile


def children() -> set[str]:
    """The processes that this one started and has not seen the end of."""
    return {
        pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()
    }


@pytest.fixture(scope="module")
def marked() -> Iterator[Marked]:
    """The row, marked in one run of the command."""
    with Arena() as arena:
        honest, hostile = hand_in_row(arena)
        before, own = arena.state(), children()
        done = CliRunner().invoke(
            cli,
            [
                "grade",
                "vault",
                str(arena.submitted),
                "--course",
                str(arena.course),
                "--out",
                str(arena.marked),
                "--gradebook",
                str(arena.marked / "row.db"),
            ],
            catch_exceptions=False,
        )
        assert done.exit_code == 0, done.output
        until = time.monotonic() + PATIENCE_S
        while (left := [*arena.left_processes(), *(children() - own)]) and time.monotonic() < until:
            time.sleep(0.1)
        after = arena.state()
        changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
        results = [read_result(path) for path in (arena.marked / "results").glob("*.json")]
        yield Marked(arena, honest, hostile, {r.source: r for r in results}, left, changed)


def test_every_honest_submission_of_a_row_has_full_marks(marked: Marked) -> None:
    assert len(marked.honest) == ROW - HOSTILE
    points = {path: marked.results[path].points for path in (*marked.honest, str(marked.arena.sibling))}
    assert points == dict.fromkeys(points, FULL)


def test_every_hostile_submission_of_a_row_has_what_its_honest_part_deserves(marked: Marked) -> None:
    for path, bad in marked.hostile.items():
        if isinstance(bad, HostileFile) and bad.refused:
            assert path not in marked.results, bad
            continue
        (result,) = (
            r for source, r in marked.results.items() if source == path or source.startswith(f"{path}/")
        )
        assert result.points == bad.points, bad


def test_nothing_of_a_row_leaves_a_process_or_a_file_behind(marked: Marked) -> None:
    assert marked.processes == []
    assert marked.arena.left_files() == []


def test_nothing_of_a_row_changes_what_is_not_its_own(marked: Marked) -> None:
    assert marked.changed == []
    assert marked.arena.connections == []
    assert marked.arena.victim.poll() is None


def test_nothing_of_a_row_takes_a_secret_with_it(marked: Marked) -> None:
    own = {
        path.parent
        for path in marked.arena.marked.rglob("executed.ipynb")
        if path.parent.name.endswith("-sibling")
    }
    for path in marked.arena.marked.rglob("*"):
        if path.is_file() and path != marked.arena.gradebook and path.parent not in own:
            assert not SECRET.search(path.read_bytes()), path
