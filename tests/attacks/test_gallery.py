"""Every notebook of the gallery on each rung, all marked in one run among honest neighbours: what each achieved."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from arena import FULL, HONEST, Attack, gallery
from marked import RUNGS, Marked, NoSuchRungError, mark_gallery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls need Linux")

ATTACKS = gallery()
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@pytest.fixture(scope="module", params=RUNGS)
def marked(request: pytest.FixtureRequest) -> Iterator[Marked]:
    """The whole gallery, marked on one rung that this machine has."""
    try:
        with mark_gallery(ATTACKS, request.param) as marked:
            yield marked
    except NoSuchRungError as fault:
        pytest.skip(str(fault))


@EACH_ATTACK
def test_an_attack_is_blocked_and_marked_by_its_honest_part(marked: Marked, attack: Attack) -> None:
    result = marked.result(attack.name)
    assert result.isolation.rung == marked.rung
    assert (result.points, result.status) == (attack.points, attack.status)
    assert bool(marked.won(attack)) == (marked.rung in attack.open_on), marked.won(attack)


@EACH_ATTACK
def test_an_attack_takes_no_secret_with_it(marked: Marked, attack: Attack) -> None:
    assert marked.stolen(attack) == []


@EACH_ATTACK
def test_the_feedback_on_an_attack_holds_no_live_markup(marked: Marked, attack: Attack) -> None:
    pages = [path for path in marked.written(attack.name) if path.suffix == ".html"]
    assert len(pages) == 2
    assert marked.live(attack) == []


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
