"""Runs the author's own solution and the untouched notebook in the sandbox, and looks at what the checks say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat

from coteja.grading.checking import check_recording
from coteja.grading.lab import Lab
from coteja.grading.linting.finding import Finding, line_of
from coteja.grading.linting.graders import line_of_check
from coteja.grading.linting.notebook import cell_lines
from coteja.grading.releasing import released_bytes
from coteja.model.assignment import Language
from coteja.model.recording import Recording, RunPlan, Submission
from coteja.model.result import Outcome
from coteja.recording.plan import make_plan
from coteja.recording.record import SandboxRecorder

#: A solution may need this part of a limit: students' machines are slower, and their code is.
SHARE = 1 / 3
#: Seeds of the probes' inputs: the same at every run of lint, so that a finding can be looked for again.
SEED = 7


async def record_own(lab: Lab) -> dict[tuple[Language, bool], Recording]:
    """The recordings of the author's notebook, by language and whether the solutions are in it."""
    recorder = await SandboxRecorder.start(
        preload=lab.assignment.preload,
        limits=lab.assignment.limits,
        trust_students=True,  # it is the author's own code
    )
    try:
        return {
            (language, solutions): (
                await recorder.record(_plan(lab, language, solutions=solutions))
            ).recording
            for language in lab.assignment.languages
            for solutions in (True, False)
        }
    finally:
        recorder.close()


def _plan(lab: Lab, language: Language, *, solutions: bool) -> RunPlan:
    raw = released_bytes(lab, language, solutions=solutions)
    name = "solution" if solutions else "untouched"
    return make_plan(
        Submission(student=name, path=f"{name}.ipynb", sha256=hashlib.sha256(raw).hexdigest()),
        nbformat.reads(raw.decode("utf-8"), as_version=4),
        lab.assignment,
        lab.template(language),
        language,
        cases=lab.draw(SEED),
        parameters=lab.draw_parameters(SEED),
    )


def run_faults(lab: Lab, recordings: dict[tuple[Language, bool], Recording], text: str) -> Iterator[Finding]:
    """What the recordings show; `text` is notebook.py's. The same fault in two languages is told once."""
    told: set[tuple[str, str]] = set()
    for (language, solutions), recording in recordings.items():
        outcomes = check_recording(lab, recording)
        if solutions:
            found = [
                *_raised(lab, recording, language, text),
                *_not_passed(lab, outcomes, language),
                *_tight(lab, recording),
            ]
        else:
            found = _free(lab, outcomes, language)
        for key, finding in found:
            if (finding.rule, key) not in told:
                told.add((finding.rule, key))
                yield finding


Keyed = list[tuple[str, Finding]]


def _raised(lab: Lab, recording: Recording, language: Language, text: str) -> Keyed:
    path = lab.course.folder(lab.assignment.id) / "notebook.py"
    lines = cell_lines(text, len(lab.source))
    answers = {cell.answer: lines.get(cell.number) for cell in lab.source if cell.answer}
    return [
        (
            cell.cell_id or str(cell.index),
            Finding(
                rule="solution-fails",
                assignment=lab.assignment.id,
                file=str(path),
                line=answers.get(cell.cell_id or ""),
                what=f"the solved notebook in {language!r} ends cell {cell.cell_id or cell.index} with "
                + (
                    f"{cell.error.name}: {cell.error.value[:200]}"
                    if cell.error
                    else f"status {cell.status!r}"
                ),
                todo=f"Run it: coteja release {lab.assignment.id} --solution, and open solved/{language}.",
            ),
        )
        for cell in recording.cells
        if cell.status != "ok"
    ]


def _not_passed(lab: Lab, outcomes: Sequence[Outcome], language: Language) -> Keyed:
    say = lab.translator("en").say
    return [
        (
            outcome.check,
            Finding(
                rule="check-fails",
                assignment=lab.assignment.id,
                file=str(_file_of(lab, outcome.check)),
                line=_line(lab, outcome.check),
                what=f"check {outcome.check} does not pass on your own solution in {language!r} "
                f"({outcome.status}, {outcome.points:g} of {outcome.max_points:g}): {say(outcome.message)}"
                + "".join(f" Not so: {say(line.label)}." for line in outcome.comparisons if not line.ok),
                todo="Mend the check, the solution or the reference: one of them is wrong.",
            ),
        )
        for outcome in outcomes
        if outcome.status not in ("passed", "skipped") or outcome.look
    ]


def _free(lab: Lab, outcomes: Sequence[Outcome], language: Language) -> Keyed:
    return [
        (
            outcome.check,
            Finding(
                rule="free-points",
                severity="error" if outcome.status == "passed" else "warning",
                assignment=lab.assignment.id,
                file=str(_file_of(lab, outcome.check)),
                line=_line(lab, outcome.check),
                what=f"check {outcome.check} gives {outcome.points:g} points for the notebook as it is released, "
                f"in {language!r}",
                todo="Look for something that students must do; or let it rest on a check that does (rests_on).",
            ),
        )
        for outcome in outcomes
        if outcome.points > 0
    ]


def _tight(lab: Lab, recording: Recording) -> Keyed:
    limits = lab.assignment.limits
    longest = max((cell.seconds for cell in recording.cells), default=0.0)
    needs = [
        ("cell_s", longest, limits.cell_s, "s in its longest cell"),
        ("notebook_s", recording.seconds, limits.notebook_s, "s in all"),
        ("memory_mb", recording.peak_memory_mb, float(limits.memory_mb), "MiB"),
    ]
    path = lab.course.folder(lab.assignment.id) / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    return [
        (
            key,
            Finding(
                rule="tight-limit",
                severity="warning",
                assignment=lab.assignment.id,
                file=str(path),
                line=line_of(text, key) or line_of(text, "[limits]"),
                what=f"your solution took {need:.3g} {unit}; the limit {key} is {limit:g}",
                todo=f"Let {key} be {3 * need:.0f} or more: what students write is slower than yours.",
            ),
        )
        for key, need, limit, unit in needs
        if need > SHARE * limit
    ]


def _line(lab: Lab, check: str) -> int | None:
    return next((line_of_check(c) for c in lab.checks if c.name == check), None)


def _file_of(lab: Lab, check: str) -> Path:
    return next(
        (Path(c.function.__code__.co_filename) for c in lab.checks if c.name == check),
        lab.course.grader_path(lab.assignment.id),
    )
