"""Marks an assignment's samples and holds them against samples/scores.toml: each must get what it says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from coteja.course.load import read_toml
from coteja.errors import CourseError
from coteja.grading.lab import Lab
from coteja.grading.linting.finding import Finding, line_of, text_of
from coteja.grading.marking import Marker, Places, utc_now
from coteja.grading.submissions import find_submissions
from coteja.model.result import SubmissionResult
from coteja.recording.record import SandboxRecorder

SCORES = "scores.toml"


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one notebook of the samples is, and what it must get: points by question, status, mistakes by name."""

    file: str
    points: dict[str, float]
    status: str = "waiting"
    mistakes: tuple[str, ...] = ()
    what: str = ""
    student: str = ""
    language: str = ""


class Scores(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scores.toml."""

    samples: tuple[Sample, ...] = msgspec.field(name="sample")


def sample_faults(lab: Lab) -> Iterator[Finding]:
    """Samples that do not get what is declared of them; none where the lab has no samples."""
    folder = lab.course.folder(lab.assignment.id) / "samples"
    path = folder / SCORES
    there = {notebook.name for notebook in folder.glob("*.ipynb")}
    if not path.is_file():
        if there:
            yield _finding(
                lab,
                path,
                None,
                f"there are {len(there)} samples and no {SCORES}",
                "Write one, or lint without --samples.",
            )
        return
    try:
        declared = {sample.file: sample for sample in read_toml(path, Scores).samples}
    except CourseError as fault:
        yield _finding(lab, path, None, str(fault).removeprefix(f"{path}: "), f"Mend {SCORES}.")
        return
    for name in sorted(there ^ declared.keys()):
        what = (
            f"{name} is not in {SCORES}" if name in there else f"{name}, which {SCORES} names, is not there"
        )
        yield _finding(
            lab, path, line_of(text_of(path), f'"{name}"'), what, "Add the one, or take out the other."
        )
    for result in _mark(lab, folder):
        sample = declared.get(Path(result.source).name)
        if sample is not None and (lines := list(_differences(result, sample))):
            at = line_of(text_of(path), f'"{sample.file}"')
            todo = "One of them is wrong: the check, or what is declared. `coteja grade` shows why."
            yield _finding(lab, path, at, f"{sample.file}: {'; '.join(lines)}", todo)


def _finding(lab: Lab, path: Path, line: int | None, what: str, todo: str) -> Finding:
    return Finding(
        rule="sample-score", assignment=lab.assignment.id, file=str(path), line=line, what=what, todo=todo
    )


def _differences(result: SubmissionResult, sample: Sample) -> Iterator[str]:
    if result.status != sample.status:
        yield f"status is {result.status!r}, {sample.status!r} was declared"
    found = {q.question: q.points or 0.0 for q in result.questions}
    for question, points in sample.points.items():
        if abs(found.get(question, 0.0) - points) > 0.005:
            yield f"{question} gets {found.get(question, 0.0):g} points, {points:g} were declared"
    outcomes = [outcome for question in result.questions for outcome in question.outcomes]
    named = {outcome.misconception.id for outcome in outcomes if outcome.misconception is not None}
    if named != set(sample.mistakes):
        yield f"mistakes named: {', '.join(sorted(named)) or 'none'}; declared: {', '.join(sample.mistakes) or 'none'}"


def _mark(lab: Lab, folder: Path) -> Sequence[SubmissionResult]:
    """Every sample, behind the same walls as what students hand in; nothing of it is kept."""

    async def run(place: Path) -> list[SubmissionResult]:
        limits = lab.assignment.limits
        recorder = await SandboxRecorder.start(preload=lab.assignment.preload, limits=limits)
        try:
            marker = Marker(lab, Places(place), [], utc_now)
            submissions = find_submissions([folder], lab.assignment.id)
            return await marker.grade(recorder, submissions, workers=2, progress=lambda _result: None)
        finally:
            recorder.close()

    with tempfile.TemporaryDirectory() as place:
        return asyncio.run(run(Path(place)))
