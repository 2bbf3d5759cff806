"""The tests of a sample class, marked for real: every notebook gets the score that scores.toml declares.

A test module says `LAB = "..."` and `from marked_class import *`: a file for each lab, so that they spread over processes.
One whose notebooks take long names `SOME` of them; with COTEJA_WHOLE_CLASS=1 all are marked.
"""

from __future__ import annotations

import asyncio
import os
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coteja.course.load import Course
from coteja.grading.lab import Lab, load_lab
from coteja.grading.marking import Marker, Places, utc_now
from coteja.grading.submissions import find_submissions
from coteja.model.result import SubmissionResult
from coteja.recording.record import SandboxRecorder

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"


def declared_of(module: Any) -> list[dict[str, Any]]:
    """What scores.toml says of the class, as far as it is marked."""
    text = (ASSIGNMENTS / module.LAB / "samples" / "scores.toml").read_text(encoding="utf-8")
    declared = list(tomllib.loads(text)["sample"])
    some = None if os.environ.get("COTEJA_WHOLE_CLASS") else getattr(module, "SOME", None)
    assert not some or some <= {sample["file"] for sample in declared}
    return [sample for sample in declared if some is None or sample["file"] in some]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a sample; `mistaken` are those whose mistakes have names."""
    declared = declared_of(metafunc.module)
    for name, samples in (("sample", declared), ("mistaken", [s for s in declared if s.get("mistakes")])):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, samples, ids=lambda sample: sample["file"])


@pytest.fixture(scope="module")
def declared(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return declared_of(request.module)


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, course: Course) -> Lab:
    return load_lab(course, request.module.LAB)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places(tmp_path_factory.mktemp("marked"))


@pytest.fixture(scope="module")
def marked(lab: Lab, places: Places, declared: list[dict[str, Any]]) -> dict[str, SubmissionResult]:
    marker = Marker(lab, places, ["es", "en"], utc_now)
    samples = ASSIGNMENTS / lab.assignment.id / "samples"

    async def run() -> list[SubmissionResult]:
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=lab.assignment.limits)
        try:
            return await marker.grade(
                recorder,
                find_submissions([samples / sample["file"] for sample in declared], lab.assignment.id),
                workers=2,
                progress=lambda _result: None,
            )
        finally:
            recorder.close()

    return {Path(result.source).name: result for result in asyncio.run(run())}


def test_every_notebook_of_the_class_is_declared_and_marked(
    marked: dict[str, SubmissionResult], declared: list[dict[str, Any]]
) -> None:
    assert sorted(marked) == sorted(sample["file"] for sample in declared)


def test_a_sample_gets_exactly_its_declared_score(
    sample: dict[str, Any], marked: dict[str, SubmissionResult]
) -> None:
    result = marked[sample["file"]]
    found = {question.question: question.points for question in result.questions}
    lost = [
        (o.check, o.status, o.message.id)
        for question in result.questions
        for o in question.outcomes
        if o.status != "passed"
    ]
    assert result.status == sample["status"], lost
    if sample["status"] == "needs_a_look" and not any(sample.get("points", {}).values()):
        assert result.points is None
    else:
        assert found == pytest.approx(sample["points"]), lost


def test_a_named_mistake_is_recognised_by_name(
    mistaken: dict[str, Any], marked: dict[str, SubmissionResult]
) -> None:
    named = {
        o.misconception.id
        for q in marked[mistaken["file"]].questions
        for o in q.outcomes
        if o.misconception is not None
    }
    assert named == set(mistaken["mistakes"])


def test_no_check_fails_by_our_own_fault(marked: dict[str, SubmissionResult]) -> None:
    faults = [
        (name, o.check)
        for name, r in marked.items()
        for q in r.questions
        for o in q.outcomes
        if o.status == "error"
    ]
    assert faults == []


def test_every_submission_gets_feedback_in_both_languages(
    marked: dict[str, SubmissionResult], places: Places
) -> None:
    folders = list((places.root / "feedback").iterdir())
    assert len(folders) == len(marked)
    for folder in folders:
        for language in ("es", "en"):
            page = (folder / f"feedback.{language}.html").read_text(encoding="utf-8")
            assert f'lang="{language}"' in page
            assert "<script" not in page
            assert (folder / f"feedback.{language}.md").stat().st_size > 0


def test_regrading_the_stored_recordings_gives_the_same_outcomes(
    marked: dict[str, SubmissionResult], lab: Lab, places: Places
) -> None:
    again = Marker(lab, places, ["es"], utc_now).regrade(progress=lambda _result: None)

    def essence(result: SubmissionResult) -> Any:  # by way of JSON, for NaN is not equal to itself
        return msgspec.json.decode(msgspec.json.encode(msgspec.structs.replace(result, marked_at="")))

    before = {r.source: essence(r) for r in marked.values()}
    assert {r.source: essence(r) for r in again} == before


def test_a_result_file_reads_back_as_it_was(marked: dict[str, SubmissionResult], places: Places) -> None:
    for file in (places.root / "results").glob("*.json"):
        result = msgspec.json.decode(file.read_bytes(), type=SubmissionResult)
        assert result.schema == "coteja-result/1"
