"""The ladder fails closed: where files, the network or processes are open, nothing is run unless one says so."""

from __future__ import annotations

import asyncio
import sys

import pytest

from coteja.errors import MachineError
from coteja.model.assignment import Limits
from coteja.model.recording import Isolation
from coteja.recording.isolation import measure
from coteja.recording.record import SandboxRecorder, refuse_if_open
from coteja.recording.template import Template

CLOSED = {"files": "ok", "network": "ok", "processes": "ok"}


def start(*, rung: str, trust: bool) -> Isolation:
    async def run() -> Isolation:
        recorder = await SandboxRecorder.start(preload=(), limits=Limits(), rung=rung, trust_students=trust)
        recorder.close()
        return recorder.isolation

    return asyncio.run(run())


def test_without_walls_nothing_is_run_and_the_sentence_says_what_to_do() -> None:
    with pytest.raises(MachineError, match=r"could reach files and network and processes.*--trust-students"):
        start(rung="none", trust=False)


def test_without_walls_one_may_trust_and_the_report_says_so() -> None:
    isolation = start(rung="none", trust=True)
    assert isolation.rung == "none"
    assert isolation.facts["files"] != "ok"


@pytest.mark.parametrize("rung", ["namespaces", "landlock"])
def test_behind_walls_what_must_be_closed_is_measured_as_closed(rung: str) -> None:
    isolation = start(rung=rung, trust=False)
    assert isolation.rung == rung
    assert CLOSED.items() <= isolation.facts.items()


@pytest.mark.parametrize("door", list(CLOSED))
@pytest.mark.parametrize("fact", ["open", "no answer", None])
def test_one_open_door_or_one_that_was_not_measured_is_enough_to_refuse(door: str, fact: str | None) -> None:
    facts = {name: said for name, said in (CLOSED | {door: fact}).items() if said is not None}
    with pytest.raises(MachineError, match=door):
        refuse_if_open(Isolation(rung="landlock", facts=facts))


def test_a_child_that_gives_no_answer_counts_as_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coteja.recording.isolation.MEASURE_TIMEOUT_S", 0.0)

    async def run() -> Isolation:
        template = await Template.start(preload=(), limits=Limits())
        try:
            return await measure(template)
        finally:
            template.close()

    assert set(asyncio.run(run()).facts.values()) == {"no answer"}


def test_other_systems_are_told_plainly_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(MachineError, match=r"Linux alone: darwin has neither namespaces nor Landlock"):
        start(rung="best", trust=True)
