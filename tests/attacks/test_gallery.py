"""Every notebook of the gallery on each rung, all marked in one run among honest neighbours: what each achieved."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from arena import FULL, HONEST, SECRET, Arena, Attack, gallery, live_markup, said

from coteja.errors import MachineError
from coteja.grading.submissions import slug
from coteja.model.result import SubmissionResult

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls need Linux")

RUNGS = ("namespaces", "landlock")
ATTACKS = gallery()
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
#: As long as an ended process may still be seen; the attacks' own wait much longer.
PATIENCE_S = 10.0


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
        return said(json.loads(self.executed(attack.name).read_bytes()))


@pytest.fixture(scope="module", params=RUNGS)
def marked(request: pytest.FixtureRequest) -> Iterator[Marked]:
    """The whole gallery, marked on one rung that this machine has."""
    rung: str = request.param
    with Arena() as arena:
        for attack in ATTACKS:
            arena.hand_in(attack)
        before = arena.state()
        try:
            results = arena.grade(rung)
        except MachineError as fault:
            if "could reach" in str(fault):  # the rung is there and lets through
                raise
            pytest.skip(str(fault))
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


@EACH_ATTACK
def test_an_attack_is_blocked_and_marked_by_its_honest_part(marked: Marked, attack: Attack) -> None:
    result = marked.result(attack.name)
    assert result.isolation.rung == marked.rung
    assert (result.points, result.status) == (attack.points, attack.status)
    assert bool(marked.won(attack)) == (marked.rung in attack.open_on), marked.won(attack)


@EACH_ATTACK
def test_an_attack_takes_no_secret_with_it(marked: Marked, attack: Attack) -> None:
    for path in marked.written(attack.name):
        assert not SECRET.search(path.read_bytes()), path


@EACH_ATTACK
def test_the_feedback_on_an_attack_holds_no_live_markup(marked: Marked, attack: Attack) -> None:
    pages = [path for path in marked.written(attack.name) if path.suffix == ".html"]
    assert len(pages) == 2
    for page in pages:
        assert not live_markup(page.read_text("utf-8")), page


@EACH_ATTACK
def test_the_feedback_on_an_attack_writes_nothing_to_a_terminal(marked: Marked, attack: Attack) -> None:
    for page in marked.written(attack.name):
        if page.suffix in (".html", ".md"):
            text = page.read_text("utf-8")
            assert not {c for c in text if ord(c) < 32 or 127 <= ord(c) < 160} - {"\n", "\t"}, page


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_neighbour_has_full_marks(marked: Marked, student: str) -> None:
    assert marked.result(student).points == FULL


def test_no_attack_left_evidence_beside_the_results(marked: Marked) -> None:
    assert marked.evidence == ""


def test_no_process_of_an_attack_is_left(marked: Marked) -> None:
    assert marked.processes == []


def test_no_file_of_an_attack_is_left_outside(marked: Marked) -> None:
    assert marked.files == []


def test_course_submissions_and_gradebook_are_as_they_were(marked: Marked) -> None:
    assert marked.changed == []


def test_nobody_reached_a_service_of_this_machine(marked: Marked) -> None:
    assert marked.arena.connections == []


def test_the_process_that_all_could_aim_at_is_alive(marked: Marked) -> None:
    assert marked.arena.victim.poll() is None


def test_the_grader_marks_on_after_all_of_it(marked: Marked) -> None:
    arena = marked.arena
    extra = arena.submitted / "afterwards"
    extra.mkdir()
    (extra / "late.ipynb").write_bytes(arena.solved())
    (result,) = arena.grade(marked.rung, only=extra).values()
    assert result.points == FULL


def test_each_attack_says_in_both_languages_what_it_tries() -> None:
    assert len(ATTACKS) >= 50
    for attack in ATTACKS:
        assert attack.tries, attack.name
        assert attack.intenta not in ("", attack.tries), attack.name
        assert attack.kind in {"cheat", "theft", "escape", "harm", "injection"}, attack.name
