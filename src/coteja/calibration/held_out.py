"""How well the diagnosis does with runs that nothing was fitted on: named rightly, and named where nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coteja.calibration.classes import named_by_lab
from coteja.checking.diagnosis import TRUTH, Answers, Profiles
from coteja.model.values import Value

Yield = Mapping[str, Value]
#: What a class's functions answer, by question: see `coteja.checking.same_answers`.
AnswersOf = Callable[[str], Mapping[str, Answers]]


@dataclass(frozen=True, slots=True)
class Count:
    """`errors` of `runs`."""

    errors: int
    runs: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often the diagnosis was wrong.

    Attributes
    ----------
    wrong
        Runs of a mistake of which not its name alone was said.
    false_alarms
        Correct runs that were given a name.
    unknown_named
        Runs of a mistake that was taken out of the catalogue and that were given another's name.
    missed
        Mistake -> how many of its runs are in `wrong`.
    """

    wrong: Count
    false_alarms: Count
    unknown_named: Count
    missed: Mapping[str, int]


def accuracy(
    truth: Yield,
    profiles: Profiles,
    questions: Mapping[str, Sequence[str]],
    correct: Sequence[Yield],
    mistaken: Mapping[str, Sequence[Yield]],
    answers_of: AnswersOf,
) -> Accuracy:
    """Diagnose every run. `correct`: whole students; what a mistake changes is laid over one of them."""
    wrong = runs = named_strangers = 0
    missed: dict[str, int] = {}
    right_answers = answers_of(TRUTH)
    alarms = sum(
        bool(named_by_lab(student, truth, profiles, questions, right_answers)) for student in correct
    )
    for mistake, each in mistaken.items():
        answers = answers_of(mistake)
        others = {name: item for name, item in profiles.items() if name != mistake}
        forgotten = {
            question: {
                f: {c: agrees for c, agrees in known.items() if c != mistake} for f, known in table.items()
            }
            for question, table in answers.items()
        }
        for i, changed in enumerate(each):
            student = {**correct[i % len(correct)], **changed}
            runs += 1
            if named_by_lab(student, truth, profiles, questions, answers) != {mistake}:
                wrong += 1
                missed[mistake] = missed.get(mistake, 0) + 1
            named_strangers += bool(named_by_lab(student, truth, others, questions, forgotten))
    return Accuracy(Count(wrong, runs), Count(alarms, len(correct)), Count(named_strangers, runs), missed)


def as_handed_in(run: Yield, seed: int) -> dict[str, Value]:
    """A run of a lab whose numbers are fixed, as students hand it in: rounded, in single precision, with one value less.

    Nothing else can vary there; profiles are fitted on the runs as they are.
    """
    rng = np.random.default_rng(seed)
    digits = int(rng.integers(3, 7))
    cut = int(rng.integers(0, 2))

    def changed(value: Value) -> Value:
        if isinstance(value, dict):
            return {key: changed(item) for key, item in value.items()}
        array = np.asarray(value, dtype=np.float32 if digits % 2 else np.float64)
        kept = array[:-1] if cut and array.ndim == 1 and array.size > 100 else array
        return np.round(kept.astype(float), digits)

    return {role: changed(value) for role, value in run.items()}


def versions(run: Yield) -> Iterator[dict[str, Value]]:
    """What profiles of such a lab are fitted on: double and single precision."""
    yield dict(run)
    yield {role: _single(value) for role, value in run.items()}


def _single(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _single(item) for key, item in value.items()}
    with np.errstate(over="ignore"):
        return np.asarray(value, dtype=np.float32).astype(float)
