"""Makes reference/expected/<assignment>.json from a lab's reference, and proves that a committed one still holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from coteja.calibration.bounds import lower_bound, upper_bound
from coteja.calibration.classes import apart, profiles_of, separation
from coteja.calibration.held_out import Accuracy, accuracy, as_handed_in, versions
from coteja.calibration.measure import largest_spread, median_of, summarize, validate_roles
from coteja.calibration.plan import CORRECT_APART, HELD_OUT, Plan, plan
from coteja.calibration.runs import Run, Store, Tables, Yield, compute_all, load_tables
from coteja.checking.diagnosis import CONFIDENT, TRUTH, Answers
from coteja.checking.same_answers import agreement
from coteja.course.expected import ExpectedData, dump_expected, read_expected
from coteja.course.load import Course, load_assignment
from coteja.course.modules import load_module
from coteja.course.steps import run_steps
from coteja.errors import CourseError
from coteja.model.assignment import Assignment
from coteja.model.profile import Ideal, distance
from coteja.model.values import NoValue, Value

#: How often a check may refuse honest work, where neither the author nor the command says otherwise.
FALSE_REJECTS = 1e-3
#: Classes that are nearer than this, in scales, and whose functions answer alike, cannot be told apart.
LEAST_APART = 2.0


@dataclass(frozen=True, slots=True)
class Options:
    """How much is run. None of it changes what one run yields; `jobs` changes nothing at all."""

    seeds: int | None = None
    held_out: int = HELD_OUT
    false_rejects: float | None = None
    jobs: int = 1
    keep: bool = False
    on_run: Callable[[int, int], None] = lambda _done, _all: None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The file's content, and what the figure and the command tell of: all runs, and the accuracy of the diagnosis."""

    data: ExpectedData
    plan: Plan
    runs: Mapping[Run, Yield]
    accuracy: Accuracy | None


def calibrate(course: Course, name: str, options: Options | None = None) -> tuple[Path, str]:
    """Run the reference. Returns where the file belongs and its text; the same bytes from the same sources and options."""
    assignment = load_assignment(course, name)
    found = measure(course, assignment, options or Options())
    return course.expected_path(assignment.id), dump_expected(assignment.id, found.data)


def measure(course: Course, assignment: Assignment, options: Options) -> Calibration:
    """Everything that is known of a lab's numbers from its reference's runs.

    Raises
    ------
    CourseError
        An author's function raises, or yields what no question asks for; two experiments claim one role; two classes cannot
        be told apart that must be.
    """
    tables = load_tables(course, assignment.id)
    planned = plan(tables, seeds=options.seeds, held_out=options.held_out)
    path, wrong = course.reference_path(assignment.id), course.mistakes_path(assignment.id)
    known_roles = list(assignment.artefacts())

    runs = compute_all(
        course,
        assignment.id,
        tables,
        planned.all(),
        jobs=options.jobs,
        store=Store(course, assignment.id) if options.keep else None,
        on_run=options.on_run,
    )
    for run, found in runs.items():
        if run.kind == "experiment":
            validate_roles(found, known_roles, f"experiment {run.name}", path)

    fixed = not tables.seeds
    base = {
        n: [runs[r] for r in planned.base[n] + (planned.more[n] if fixed else [])] for n in tables.experiments
    }
    artefacts, spread, deviations = summarize(path, base, random=not fixed)
    for run, found in runs.items():
        if run.kind == "mistake":
            validate_roles(found, list(artefacts), f"mistake {run.name}", wrong)
    mistakes = {
        m: median_of(wrong, f"mistake {m}", [runs[r] for r in planned.mistakes[m]]) for m in tables.mistakes
    }
    data = ExpectedData(artefacts, spread, mistakes, deviations)
    if not tables.mistakes and fixed:
        return Calibration(data, planned, runs, None)
    return _with_measures(course, assignment, tables, Calibration(data, planned, runs, None), options)


def _with_measures(
    course: Course, assignment: Assignment, tables: Tables, found: Calibration, options: Options
) -> Calibration:
    """Bounds, profiles, separation and accuracy."""
    data, planned, runs = found.data, found.plan, found.runs
    rate = options.false_rejects or tables.false_rejects or FALSE_REJECTS
    fixed = not tables.seeds
    students = {n: [runs[r] for r in planned.base[n] + planned.more[n]] for n in tables.experiments}
    radii, ideals = ({}, {}) if fixed else _bounds(data, students, tables, rate)
    samples: dict[str, list[Yield]] = {TRUTH: _whole(students)}
    for mistake, its in planned.mistakes.items():
        samples[mistake] = [v for r in its for v in versions(runs[r])] if fixed else [runs[r] for r in its]
    profiles = profiles_of(data.artefacts, samples)

    asked = _Answers(course, assignment, tables)
    told = separation(profiles, by_functions=asked.differ)
    _require_apart(course, assignment, tables, profiles, told, asked)
    questions = {q.id: [a.role for a in q.artefacts] for q in assignment.questions}
    measured: Accuracy | None = None
    if options.held_out and tables.mistakes:
        correct, mistaken = _apart(tables, planned, runs, options.held_out)
        measured = accuracy(data.artefacts, profiles, questions, correct, mistaken, asked.of)
    return Calibration(
        ExpectedData(
            data.artefacts,
            data.spread,
            data.mistakes,
            data.deviations,
            radii=radii,
            ideals=ideals,
            profiles=profiles,
            separation=told,
            accuracy=_as_stored(measured),
            false_rejects=rate,
        ),
        planned,
        runs,
        measured,
    )


def _bounds(
    data: ExpectedData, students: Mapping[str, Sequence[Yield]], tables: Tables, rate: float
) -> tuple[dict[str, float], dict[str, Ideal]]:
    """How far an honest run lies from the median, and from what there would be without noise, in standard deviations."""
    radii: dict[str, float] = {}
    ideals: dict[str, Ideal] = {}
    for each in students.values():
        for role in each[0]:
            centre, deviation = data.artefacts[role], data.deviations[role]
            if (far := _distances(each, role, centre, deviation)) and (bound := upper_bound(far, rate)):
                radii[role] = bound
            if role in tables.ideals:
                ideal = tables.ideals[role]
                near = _distances(each, role, ideal, deviation)
                if near and (bound := lower_bound(near, rate)):
                    ideals[role] = Ideal(ideal, bound)
    return radii, ideals


def _distances(runs: Sequence[Yield], role: str, centre: Value, deviation: Value) -> list[float]:
    found = [distance(run[role], centre, deviation) for run in runs]
    return [far for far in found if far is not None]


def _whole(students: Mapping[str, Sequence[Yield]]) -> list[Yield]:
    """Runs of all experiments put together, as one student has them."""
    count = min(len(each) for each in students.values())
    return [{role: v for each in students.values() for role, v in each[i].items()} for i in range(count)]


def _apart(
    tables: Tables, planned: Plan, runs: Mapping[Run, Yield], held_out: int
) -> tuple[list[Yield], dict[str, list[Yield]]]:
    """Runs that nothing was fitted on: other seeds; where there are none, other ways to hand the numbers in."""
    if tables.seeds:
        correct = _whole({n: [runs[r] for r in planned.truth_apart[n]] for n in tables.experiments})
        return correct, {m: [runs[r] for r in its] for m, its in planned.mistakes_apart.items()}
    whole = _whole({n: [runs[r] for r in planned.base[n]] for n in tables.experiments})[0]
    count = CORRECT_APART * held_out
    return [as_handed_in(whole, seed) for seed in range(count)], {
        m: [as_handed_in(runs[its[0]], count + seed) for seed in range(held_out)]
        for m, its in planned.mistakes.items()
    }


class _Answers:
    """What the functions of each class answer to a probe: whether that tells two classes apart."""

    def __init__(self, course: Course, assignment: Assignment, tables: Tables) -> None:
        self._path = course.mistakes_path(assignment.id)
        self._reference = vars(load_module(course.reference_path(assignment.id)))
        self._functions = tables.functions
        self._assignment = assignment
        self._cases: dict[str, Any] = {
            p.name: self._reference["PROBES"][p.name](np.random.default_rng(0))
            for q in assignment.questions
            for p in q.probes
            if tables.functions
        }
        self.of = cache(self._of)

    def _answer(self, name: str, case: Any) -> list[Value] | None:
        try:
            return run_steps({**self._reference, **self._functions.get(name, {})}, case, self._path)
        except CourseError:
            return None

    def _of(self, name: str) -> Mapping[str, Answers]:
        """By question, what a student whose functions are that class's agrees with."""
        if not self._functions:
            return {}
        found: dict[str, dict[str, Any]] = {}
        for question in self._assignment.questions:
            for probe in question.probes:
                cases = self._cases[probe.name]
                gave = [self._answer(name, case) or [NoValue("error")] * len(case) for case in cases]
                truth = [self._answer(TRUTH, case) or [NoValue("error")] * len(case) for case in cases]
                agrees = agreement(cases, gave, truth, self._functions, self._answer)
                found.setdefault(question.id, {}).update(
                    {f"{probe.name}: {f}": each for f, each in agrees.items()}
                )
        return found

    def differ(self, one: str, other: str) -> bool:
        """Whether some probed function of class `one` answers otherwise than that of `other`."""
        return any(
            not agrees.get(other, agrees.get(TRUTH, True))
            for table in self.of(one).values()
            for agrees in table.values()
        )


def _require_apart(
    course: Course,
    assignment: Assignment,
    tables: Tables,
    profiles: Mapping[str, Any],
    told: Mapping[str, Mapping[str, Any]],
    asked: _Answers,
) -> None:
    path = course.mistakes_path(assignment.id)
    for mistake, item in told.items():
        if item["truth"] < LEAST_APART and not item["by_functions"]:
            raise CourseError(
                f"{path}: mistake {mistake!r} yields what the truth yields (their numbers are {item['truth']:g} scales "
                f"apart, {LEAST_APART:g} are needed): nobody could be told of it. Let it yield what shows it, or take it out."
            )
    for one, other in tables.tell_apart:
        for name in (one, other):
            if name not in profiles:
                raise CourseError(f"{path}: TELL_APART names {name!r}, which is not in MISTAKES.")
        far = apart(profiles, one, other)
        if far < LEAST_APART and not asked.differ(one, other):
            raise CourseError(
                f"{path}: TELL_APART says that {one!r} and {other!r} are told apart, but their numbers are {far:.2g} scales "
                f"apart ({LEAST_APART:g} are needed). Let them yield what shows the difference, or take the pair out."
            )


def _as_stored(measured: Accuracy | None) -> dict[str, Any]:
    if measured is None:
        return {}
    return {
        "confidence": CONFIDENT,
        **{
            name: {"errors": count.errors, "runs": count.runs}
            for name, count in (
                ("wrong", measured.wrong),
                ("false_alarms", measured.false_alarms),
                ("unknown_named", measured.unknown_named),
            )
        },
        "missed": dict(measured.missed),
    }


def difference_from_stored(course: Course, name: str, options: Options | None = None) -> str | None:
    """A sentence when the committed file is not what the reference yields (beyond rounding), else None.

    Nothing that was kept from an earlier calibration is trusted: everything is run again.
    """
    assignment = load_assignment(course, name)
    where = course.expected_path(assignment.id)
    stored = read_expected(where)
    fresh = measure(course, assignment, options or Options()).data
    again = f"Run `coteja calibrate {name}`."
    if set(fresh.artefacts) != set(stored.artefacts) or set(fresh.mistakes) != set(stored.mistakes):
        return f"{where}: not the reference's artefacts or mistakes. {again}"
    for role, value in fresh.artefacts.items():
        far = largest_spread(value, stored.artefacts[role])
        if far > max(1e-9, stored.spread[role]):
            return f"{where}: {role} differs by {far:.3g} from the reference. {again}"
    if stored.false_rejects != fresh.false_rejects or set(stored.radii) != set(fresh.radii):
        return f"{where}: its bounds are not the reference's. {again}"
    for role, radius in fresh.radii.items():
        if abs(radius - stored.radii[role]) > 0.01 * radius:
            return f"{where}: the bound of {role} is {stored.radii[role]:g}, the reference's runs give {radius:g}. {again}"
    if {c: set(p) for c, p in stored.profiles.items()} != {c: set(p) for c, p in fresh.profiles.items()}:
        return f"{where}: not the classes that the reference has. {again}"
    for name_of, roles in fresh.profiles.items():
        for role, item in roles.items():
            other = stored.profiles[name_of][role]
            if item.centre.shape != other.centre.shape or np.any(
                np.abs(item.centre - other.centre) > 0.1 * item.scale
            ):
                who = f"the mistake {name_of!r}" if name_of else "the truth"
                return f"{where}: {role} of {who} is not where it was. {again}"
    return None
