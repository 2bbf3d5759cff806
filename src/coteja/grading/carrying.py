"""Error carried forward: a wrong function costs its own question, and what rests on it is marked on its own merit.

The notebook runs once more, in a child of its own, with the author's answer after each question that went wrong. Of
that run only whether a later question's checks hold is used; nothing that it holds is ever shown, since student code
could read the author's answer there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from coteja.grading.lab import Lab
from coteja.model.message import message as _
from coteja.model.recording import CarriedRun, Recording, RunPlan
from coteja.model.result import Outcome
from coteja.recording.plan import with_answers
from coteja.recording.protocol import Recorder

HELD = _("This holds once the mistake in an earlier question is put right, so it costs nothing here.")
HELD_IN_PART = _("In part, once the mistake in an earlier question is put right: so much is counted here.")


def wrong_bases(lab: Lab, outcomes: Sequence[Outcome]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The runs that are worth it: the questions to put right, and those that then count from that run.

    A base is a question with points lost whose answer defines a function, with points lost in a later question too.
    """
    lost = [q.id for q in lab.assignment.questions if any(_lost(o) for o in outcomes if o.question == q.id)]
    order = [q.id for q in lab.assignment.questions]
    bases = [question for question in lost if question in lab.defining]
    runs = []
    for i, base in enumerate(bases):
        # Up to the next base and with it: what comes after that one rests on its own answer as well.
        end = order.index(bases[i + 1]) if i + 1 < len(bases) else len(order) - 1
        if later := tuple(q for q in order[order.index(base) + 1 : end + 1] if q in lost):
            runs.append((tuple(bases[: i + 1]), later))
    return runs


def _lost(outcome: Outcome) -> bool:
    return outcome.status in ("partial", "failed", "skipped")


async def carried_forward(
    lab: Lab, recorder: Recorder, plan: RunPlan, recording: Recording, outcomes: Sequence[Outcome]
) -> Recording:
    """The recording with those further runs in it; as it is where none is worth it, or the lab wants none."""
    if not lab.assignment.carry_forward or recording.status == "unreadable":
        return recording
    carried = []
    for bases, questions in wrong_bases(lab, outcomes):
        # A later question's cell may never have ended because of the function that is now right: it runs again.
        gone = [
            cell.index
            for cell in recording.cells
            if cell.status in ("timeout", "died") and cell.question in (None, *bases)
        ]
        answers = {base: lab.answers(recording.language, base) for base in bases}
        run = (await recorder.record(with_answers(plan, answers, gone))).recording
        carried.append(
            CarriedRun(
                bases=bases,
                questions=questions,
                artefacts=run.artefacts,
                probes=run.probes,
                counterfactuals=run.counterfactuals,
            )
        )
    return replace(recording, carried=tuple(carried))


def as_carried(recording: Recording, run: CarriedRun) -> Recording:
    """The recording as if that run were all there is."""
    return replace(
        recording,
        artefacts=run.artefacts,
        probes=run.probes,
        counterfactuals=run.counterfactuals,
        carried=(),
    )


def better_of(first: Sequence[Outcome], again: Sequence[Outcome], run: CarriedRun) -> list[Outcome]:
    """Check by check, the points that the carried run gives to its questions where they are more; never its evidence."""
    found: Mapping[str, Outcome] = {o.check: o for o in again if o.question in run.questions}
    return list(_better(first, found))


def _better(first: Sequence[Outcome], again: Mapping[str, Outcome]) -> Iterator[Outcome]:
    for own in first:
        other = again.get(own.check)
        if other is None or not _lost(own) or other.look or other.points <= own.points:
            yield own
            continue
        yield replace(
            own,
            status=other.status,
            points=other.points,
            message=HELD if other.status == "passed" else HELD_IN_PART,
            comparisons=(),
            picture=None,
            misconception=None,
            next_step=None if other.status == "passed" else own.next_step,
            carried=True,
        )
