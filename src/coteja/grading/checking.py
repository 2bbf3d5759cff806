"""Checks one recording of a lab: expected calls from the reference, outcomes from the checks. Runs no notebook."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from coteja.checking.api import Check
from coteja.checking.engine import run_checks
from coteja.checking.work import Counterfactual, Work
from coteja.course.modules import place_of
from coteja.grading.carrying import as_carried, better_of
from coteja.grading.diagnosing import with_diagnosis
from coteja.grading.lab import Lab
from coteja.grading.simplest import with_simplest
from coteja.model.recording import Recording
from coteja.model.result import Outcome
from coteja.model.values import Value

log = logging.getLogger("coteja")


def work_of(lab: Lab, recording: Recording) -> Work:
    """A student's work as the checks see it."""
    language = recording.language
    names = {role: artefact.name(language) for role, artefact in lab.assignment.artefacts().items()}
    expected: dict[str, list[list[Value]]] = {
        name: lab.reference_calls(run.cases) for name, run in recording.probes.items() if run.results
    }
    again = {
        name: Counterfactual(
            run.parameters, run.artefacts, lab.reference_counterfactual(name, run.parameters), run.failure
        )
        for name, run in recording.counterfactuals.items()
    }
    raised = {
        q.id: [cell.error for cell in recording.errors_in(q.id) if cell.error is not None]
        for q in lab.assignment.questions
    }
    return Work(
        artefacts=recording.artefacts,
        names=names,
        probes=recording.probes,
        expected_calls=expected,
        counterfactuals=again,
        raised=raised,
    )


def check_recording(lab: Lab, recording: Recording, known: Sequence[Outcome] | None = None) -> list[Outcome]:
    """Every outcome for one recording; an unreadable submission has none.

    Where a mistake was put right and the notebook run again, later questions get the better of the two. `known`: the
    outcomes of the first run, where they were needed already.
    """
    if recording.status == "unreadable":
        return []
    outcomes = _outcomes(lab, recording) if known is None else list(known)
    for run in recording.carried:
        outcomes = better_of(outcomes, _outcomes(lab, as_carried(recording, run)), run)
    return outcomes


def _outcomes(lab: Lab, recording: Recording) -> list[Outcome]:

    def report(check: Check, fault: BaseException) -> None:
        place = place_of(fault, lab.course.grader_path(lab.assignment.id))
        said = f"{type(fault).__name__}: {fault}"
        log.error(
            "%s: check %s failed on the submission of %s: %s", place, check.name, recording.student, said
        )
        log.debug("check %s", check.name, exc_info=fault)

    work, expected = work_of(lab, recording), lab.expected_artefacts()
    outcomes = run_checks(lab.checks, work, expected, on_error=report)
    outcomes = with_diagnosis(lab, work, expected, outcomes)
    declared = {check.name: check for check in lab.checks}
    return [
        with_simplest(o, declared[o.check], work, expected, recording.simple, lab.reference_calls)
        for o in outcomes
    ]
