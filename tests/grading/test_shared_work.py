"""A group's notebook runs once and counts for each member; of several attempts the best is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from coteja.course.load import find_course
from coteja.grading.lab import load_lab
from coteja.grading.marking import Marker, Places, shared_work, utc_now
from coteja.grading.releasing import released_bytes
from coteja.model.recording import Isolation, RunPlan, Submission
from coteja.model.result import SubmissionResult
from coteja.recording.protocol import Recorded
from coteja.recording.record import SandboxRecorder

TINY = Path(__file__).parents[1] / "data" / "tiny-course"


class CountingRecorder:
    """The real recorder, and how often it ran."""

    def __init__(self, real: SandboxRecorder) -> None:
        self.real, self.runs = real, 0

    @property
    def isolation(self) -> Isolation:
        return self.real.isolation

    @property
    def usable(self) -> bool:
        return self.real.usable

    async def record(self, plan: RunPlan) -> Recorded:
        self.runs += 1
        return await self.real.record(plan)


def submission(student: str, path: Path) -> Submission:
    return Submission(student=student, path=str(path), sha256="")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, SubmissionResult], int, Path]:
    folder = tmp_path_factory.mktemp("in")
    lab = load_lab(find_course(TINY), "line")
    empty, right, broken = folder / "empty.ipynb", folder / "right.ipynb", folder / "broken.ipynb"
    empty.write_bytes(released_bytes(lab, "es"))
    right.write_bytes(released_bytes(lab, "es", solutions=True))
    broken.write_text("no notebook")
    work = [submission(s, p) for s in ("José", "Jose") for p in (empty, right, broken)]
    work.append(submission("Ana", empty))

    async def run() -> tuple[list[SubmissionResult], int]:
        real = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        recorder: Any = CountingRecorder(real)
        try:
            marker = Marker(lab, Places(folder / "out"), ["es"], utc_now)
            results = await marker.grade(recorder, work, workers=2, progress=lambda _result: None)
            return results, recorder.runs
        finally:
            real.close()

    results, runs = asyncio.run(run())
    return {r.student: r for r in results}, runs, folder / "out"


def test_each_member_of_a_group_gets_the_best_attempt_and_each_notebook_runs_once(marked: Any) -> None:
    results, runs, _out = marked
    assert {s: r.points for s, r in results.items()} == {"José": 10, "Jose": 10, "Ana": 0}
    assert {Path(r.source).name for s, r in results.items() if s != "Ana"} == {"right.ipynb"}
    assert runs == 3  # José's and Jose's two that can be read, and Ana's


def test_each_member_has_pages_and_a_recording_of_the_own(marked: Any) -> None:
    _results, _runs, out = marked
    assert len(list((out / "results").glob("*.json"))) == 3
    assert len(list((out / "feedback").glob("*/feedback.es.html"))) == 3
    marker = Marker(load_lab(find_course(TINY), "line"), Places(out), ["es"], utc_now)
    again = marker.regrade(progress=lambda _result: None)
    assert {r.student: r.points for r in again} == {"José": 10, "Jose": 10, "Ana": 0}


def test_students_share_work_only_where_all_of_it_is_the_same() -> None:
    a, b = Path("a"), Path("b")
    work = [submission("x", a), submission("x", b), submission("y", a), submission("z", a)]
    assert [who for who, _attempts in shared_work(work)] == [["x"], ["y", "z"]]
