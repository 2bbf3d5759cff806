"""One submission's fault, or ours, costs that submission alone; files with strange names are marked like others."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from coteja.course.load import Course
from coteja.errors import MachineError
from coteja.grading.checking import check_recording
from coteja.grading.lab import Lab, load_lab
from coteja.grading.marking import Marker, Places, utc_now
from coteja.grading.releasing import released_bytes
from coteja.grading.submissions import find_submissions, slug
from coteja.model.recording import Isolation, Recording, RunPlan
from coteja.model.result import Outcome, SubmissionResult
from coteja.recording.protocol import Recorded
from coteja.recording.record import SandboxRecorder

LAB = "two-layer-network"


@pytest.fixture(scope="module")
def lab(course: Course) -> Lab:
    return load_lab(course, LAB)


class FaultyRecorder:
    """The real recorder, but our own machinery fails on one student's notebook."""

    def __init__(self, real: SandboxRecorder, student: str, fault: Exception) -> None:
        self.real, self.student, self.fault = real, student, fault

    @property
    def isolation(self) -> Isolation:
        return self.real.isolation

    @property
    def usable(self) -> bool:
        return self.real.usable

    async def record(self, plan: RunPlan) -> Recorded:
        if plan.submission.student == self.student:
            raise self.fault
        return await self.real.record(plan)


def mark(
    lab: Lab, handed_in: Path, out: Path, *, wrap: Any = lambda recorder: recorder
) -> dict[str, SubmissionResult]:
    async def run() -> list[SubmissionResult]:
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        try:
            return await Marker(lab, Places(out), ["es", "en"], utc_now).grade(
                wrap(recorder), find_submissions([handed_in], LAB), workers=2, progress=lambda _result: None
            )
        finally:
            recorder.close()

    return {result.student: result for result in asyncio.run(run())}


@pytest.mark.parametrize(
    "fault", [MachineError("a process could not be ended"), RuntimeError("a bug of ours")]
)
def test_our_own_fault_costs_no_points_and_no_other_submission(
    lab: Lab, tmp_path: Path, fault: Exception
) -> None:
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    for name in ("ana", "beto"):
        (handed_in / f"{name}.ipynb").write_bytes(released_bytes(lab, "es"))
    results = mark(lab, handed_in, tmp_path / "out", wrap=lambda real: FaultyRecorder(real, "ana", fault))
    assert (results["ana"].status, results["ana"].points) == ("needs_a_look", None)
    assert (results["beto"].status, results["beto"].points) == ("waiting", 0)


def test_a_report_that_fails_costs_no_points_and_no_other_submission(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(lab_: Lab, recording: Recording, known: Sequence[Outcome] | None = None) -> list[Outcome]:
        if recording.student == "ana" and recording.status != "unreadable":
            raise ZeroDivisionError
        return check_recording(lab_, recording, known)

    monkeypatch.setattr("coteja.grading.marking.check_recording", check)
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    for name in ("ana", "beto"):
        (handed_in / f"{name}.ipynb").write_bytes(released_bytes(lab, "es"))
    results = mark(lab, handed_in, tmp_path / "out")
    assert (results["ana"].status, results["ana"].points) == ("needs_a_look", None)
    assert (results["beto"].status, results["beto"].points) == ("waiting", 0)
    assert len(list((tmp_path / "out" / "recordings").glob("*-ana/recording.json"))) == 1


def test_files_whose_names_are_no_text_are_marked_like_any_other(lab: Lab, tmp_path: Path) -> None:
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    strange = os.fsencode(handed_in) + b"/Jos\xe9 <b>&.ipynb"
    try:
        Path(os.fsdecode(strange)).write_bytes(released_bytes(lab, "es"))
    except OSError:
        pytest.skip("this file system takes no such name")
    (handed_in / "Sofía Pérez.ipynb").write_bytes(released_bytes(lab, "en"))
    results = mark(lab, handed_in, tmp_path / "out")
    assert len(results) == 2
    assert all(result.points == 0 for result in results.values())
    pages = list((tmp_path / "out" / "feedback").rglob("*.html"))
    assert len(pages) == 4
    assert not any("<b>&" in page.read_text(encoding="utf-8") for page in pages)


def test_students_whose_names_come_out_alike_keep_their_own_files(lab: Lab, tmp_path: Path) -> None:
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    for name in ("José", "Jose", "JOSE"):
        (handed_in / f"{name}.ipynb").write_bytes(released_bytes(lab, "es"))
    mark(lab, handed_in, tmp_path / "out")
    assert len(list((tmp_path / "out" / "results").glob("*.json"))) == 3


@pytest.mark.parametrize(
    ("student", "name"),
    [("Sofía Pérez/tarea 2", "Sofia-Perez-tarea-2"), ("../../etc", "etc"), ("…", "student"), ("-rf", "rf")],
)
def test_a_students_name_makes_a_harmless_file_name(student: str, name: str) -> None:
    assert slug(student) == name
