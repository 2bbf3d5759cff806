"""docs/attacks.md and docs/attacks.es.md: exactly the attacks of the gallery, with what was measured of each."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from arena import gallery
from marked import RUNGS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ATTACKS = gallery()
AGAIN = "run tools/attack_matrix.py"
PAGES = pytest.mark.parametrize(("language", "name"), [("en", "attacks.md"), ("es", "attacks.es.md")])


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("attack_matrix", ROOT / "tools" / "attack_matrix.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@PAGES
def test_the_page_lists_exactly_the_attacks_of_the_gallery(language: str, name: str) -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\S+\) \| (.*?) \|", (DOCS / name).read_text("utf-8"), flags=re.M)
    tries = {a.name: (a.tries if language == "en" else a.intenta) for a in ATTACKS}
    assert sorted(rows) == sorted(tries.items()), AGAIN


@PAGES
def test_the_page_says_what_was_measured(tool: ModuleType, language: str, name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == tool.page(tool.stored(), ATTACKS, language), AGAIN


def test_every_attack_was_measured_on_each_rung_and_is_blocked_as_it_says(tool: ModuleType) -> None:
    data = tool.stored()
    assert set(data["rungs"]) == set(RUNGS), AGAIN
    for rung, measured in data["rungs"].items():
        assert set(measured["attacks"]) == {attack.name for attack in ATTACKS}, AGAIN
        assert not any(measured["left"].values()), rung
        for attack in ATTACKS:
            assert tool.is_open(attack, measured["attacks"][attack.name]) == (rung in attack.open_on), (
                attack.name
            )


def test_with_other_graders_only_what_makes_sense_there_and_harms_nobody_was_run(tool: ModuleType) -> None:
    peers = tool.stored()["peers"]
    assert set(peers) == set(tool.TOOLS), f"{AGAIN} --peers"
    assert not {a.name for a in ATTACKS if a.harms} & tool.PEERS
    for grader, measured in peers.items():
        assert set(measured) <= {a.name for a in ATTACKS if a.name in tool.PEERS and grader in a.peers}
        assert len(measured) >= 8


def test_what_another_grader_made_of_an_attack_is_told_in_words(tool: ModuleType) -> None:
    attack = next(a for a in ATTACKS if a.name == "ends_the_process")
    found = {"score": 5.0, "neighbour": 10.0, "stolen": [], "won": [], "ran": False, "live": False}

    def told(**other: object) -> str:
        said: str = tool.under_peer(attack, "otter", {"peers": {"otter": {attack.name: found | other}}}, "en")
        return said

    assert told() == "blocked"
    assert told(score=9.5) == "**9.5 of 10**, 5 deserved"
    assert told(score=None, neighbour=None) == "**no mark**, 5 deserved; **an honest neighbour has no mark**"
    assert (
        told(stolen=["tests", "sibling"], ran=True)
        == "**reads** the hidden tests, another's work; **runs code in the grader**"
    )
    assert not tool.gets_through(attack, found)
    assert tool.gets_through(attack, found | {"score": None})
    assert tool.gets_through(attack, found | {"neighbour": 9.0})
    assert tool.under_peer(attack, "otter", {"peers": {}}, "es") == "no se ejecutó"


def test_a_cheat_that_ends_with_no_mark_at_all_did_not_get_through(tool: ModuleType) -> None:
    attack = next(a for a in ATTACKS if a.name == "patched_display")
    found = {"score": None, "neighbour": 10.0, "stolen": [], "won": [], "ran": False, "live": False}
    data = {"peers": {"nbgrader": {attack.name: found}}}
    assert not tool.gets_through(attack, found)
    assert tool.under_peer(attack, "nbgrader", data, "en") == "blocked, with no mark at all"
