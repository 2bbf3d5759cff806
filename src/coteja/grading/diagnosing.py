"""Names the likeliest known mistake where points are lost and no check has named one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from coteja.checking.diagnosis import Answers, Diagnosis, diagnose
from coteja.checking.same_answers import agreement
from coteja.checking.work import Expected, Work
from coteja.errors import CourseError
from coteja.grading.lab import Lab
from coteja.model.assignment import Question
from coteja.model.result import Outcome
from coteja.model.values import NoValue

log = logging.getLogger("coteja")


def with_diagnosis(lab: Lab, work: Work, expected: Expected, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same outcomes; in a question that lost points unexplained, the check that lost most carries the mistake.

    Points are never touched: a name helps the student, and a wrong one must not cost anything.
    """
    found = list(outcomes)
    for question in lab.assignment.questions:
        own = [i for i, outcome in enumerate(found) if outcome.question == question.id]
        lost = [i for i in own if found[i].status in ("failed", "partial") and not found[i].look]
        if not lost or any(found[i].misconception for i in own):
            continue
        try:
            told = diagnosis_of(lab, work, expected, question)
        except Exception as fault:  # noqa: BLE001 (a name is help: whatever a student stored, its lack costs nothing)
            log.warning("%s: no diagnosis of question %s: %r", lab.assignment.id, question.id, fault)
            continue
        mistake = lab.misconceptions.get(told.named or "")
        if mistake is None:
            continue
        worst = max(lost, key=lambda i: found[i].max_points - found[i].points)
        found[worst] = replace(
            found[worst],
            misconception=replace(mistake, confidence=round(told.confidence, 4)),
            next_step=mistake.next_step,
        )
    return found


def diagnosis_of(lab: Lab, work: Work, expected: Expected, question: Question) -> Diagnosis:
    """What one question's artefacts, and the answers of its functions, tell of."""
    roles = [artefact.role for artefact in question.artefacts]
    answers: dict[str, Mapping[str, bool]] = {}
    for probe in question.probes:
        answers |= {
            f"{probe.name}: {name}": agrees for name, agrees in _agreement(lab, work, probe.name).items()
        }
    return diagnose(work.artefacts, expected.artefacts, expected.profiles, roles, answers)


def _agreement(lab: Lab, work: Work, probe: str) -> Answers:
    run, truth = work.probes.get(probe), work.expected_calls.get(probe)
    if run is None or truth is None or run.failure or run.missing or len(run.results) != len(run.cases):
        return {}
    gave = [
        [NoValue("error") if result.error is not None else result.value for result in results]
        for results in run.results
    ]
    cases = [list(case) for case in run.cases]
    if any(len(a) != len(b) for a, b in zip(cases, gave, strict=True)):
        return {}
    try:
        return agreement(cases, gave, truth, lab.mistaken, lab.mistaken_answers)
    except (CourseError, TypeError, ValueError, OverflowError) as fault:
        log.debug("diagnosis of probe %s", probe, exc_info=fault)
        return {}
