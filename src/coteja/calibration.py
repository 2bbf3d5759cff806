"""Makes reference/expected/<assignment>.json: runs every experiment of the reference, and every mistake.

The spread of an artefact is how far two honest computations of the same thing may lie apart; checks derive their
tolerances from it. Where the lab fixes every number it is the largest difference between double and single precision.
Where a student's numbers are random (the reference sets `SEEDS`) it is the standard deviation over that many seeds.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coteja.course.expected import ExpectedData, dump_expected, read_expected
from coteja.course.load import Course, load_assignment
from coteja.course.modules import call_author, load_module
from coteja.errors import CourseError
from coteja.model.values import Value

Array = NDArray[Any]


def calibrate(course: Course, name: str) -> tuple[Path, str]:
    """Run the reference. Returns where the file belongs and its text."""
    assignment = load_assignment(course, name)
    return course.expected_path(assignment.id), dump_expected(assignment.id, measure(course, assignment.id))


def measure(course: Course, assignment: str) -> ExpectedData:
    """The expected artefacts of a lab: its reference's `EXPERIMENTS`, and every one of its `MISTAKES`.

    An experiment is called with a dtype, once in each precision; with `SEEDS = n` in the reference, with a dtype and a
    generator, for n seeds: then the median is expected.

    Raises
    ------
    CourseError
        Two experiments claim the same role, one yields what no question asks for, or one raises.
    """
    path = course.reference_path(assignment)
    reference = load_module(path)
    known_roles = list(load_assignment(course, assignment).artefacts())
    seeds = int(getattr(reference, "SEEDS", 0))
    artefacts: dict[str, Value] = {}
    spread: dict[str, float] = {}
    deviations: dict[str, Value] = {}
    for experiment, run in _table(reference, "EXPERIMENTS", path).items():
        what = f"experiment {experiment}"
        runs = [call_author(path, what, run, *arguments) for arguments in _arguments(seeds)]
        for found in runs:
            _validate_roles(found, known_roles, what, path)
        for role, value in runs[0].items():
            if role in artefacts:
                raise CourseError(
                    f"{path}: experiment {experiment} yields {role!r}, which another one yields too."
                )
            comparing = f"{what}: comparing {role!r} of several runs"
            if seeds:
                same = call_author(path, comparing, _of_role, runs, role)
                artefacts[role] = call_author(path, comparing, _each, same, _median)
                deviations[role] = call_author(path, comparing, _each, same, _deviation)
                far = largest(deviations[role])
            else:
                artefacts[role] = value
                far = call_author(path, comparing, _spread, value, runs[1], role)
            spread[role] = float(f"{far:.2g}")
    wrong = course.mistakes_path(assignment)
    known = _table(load_module(wrong), "MISTAKES", wrong) if wrong.is_file() else {}
    mistakes = {mistake: call_author(wrong, f"mistake {mistake}", run) for mistake, run in known.items()}
    for mistake, yields in mistakes.items():
        _validate_roles(yields, list(artefacts), f"mistake {mistake}", wrong)
    return ExpectedData(artefacts, spread, mistakes, deviations)


def _arguments(seeds: int) -> list[tuple[Any, ...]]:
    """What an experiment is called with, run by run."""
    if seeds:
        return [(np.float64, np.random.default_rng(seed)) for seed in range(seeds)]
    return [(np.float64,), (np.float32,)]


def _of_role(runs: Sequence[dict[str, Value]], role: str) -> list[Value]:
    return [run[role] for run in runs]


def _each(values: Sequence[Value], summary: Callable[[Array], Array]) -> Value:
    """A summary over runs of values of the same structure, in that structure."""
    first = values[0]
    if isinstance(first, dict):
        return {key: _each([value[key] for value in values], summary) for key in first}
    return summary(np.array(values, dtype=float))


def _median(runs: Array) -> Array:
    """Element by element; NaN where half of the runs or more are."""
    few = np.isnan(runs).mean(axis=0) < 0.5
    with np.errstate(invalid="ignore"):
        return _rounded(
            np.where(
                few, np.median(np.nan_to_num(runs, nan=np.inf, posinf=np.inf, neginf=-np.inf), axis=0), np.nan
            )
        )


def _deviation(runs: Array) -> Array:
    """Element by element; 0 where a run is not finite, for there are no distances there."""
    finite = np.isfinite(runs).all(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        return _rounded(np.where(finite, np.std(np.where(finite, runs, 0.0), axis=0, ddof=1), 0.0))


def _rounded(array: Array) -> Array:
    """Nine digits: the same on every machine."""
    return np.array([float(f"{value:.9g}") for value in array.reshape(-1)]).reshape(array.shape)


def largest(value: Value) -> float:
    """The largest number in a structure."""
    if isinstance(value, dict):
        return max((largest(item) for item in value.values()), default=0.0)
    return float(np.max(np.asarray(value, dtype=float), initial=0.0))


def _table(module: ModuleType, name: str, path: Path) -> dict[str, Callable[..., Any]]:
    table = getattr(module, name, None)
    if not isinstance(table, dict):
        raise CourseError(
            f"{path}: {name} is missing: a dictionary of name -> function. docs/authoring.md shows one."
        )
    return table


def _validate_roles(yields: object, known: Sequence[str], what: str, path: Path) -> None:
    if not isinstance(yields, dict):
        raise CourseError(
            f"{path}: {what} returned a {type(yields).__name__}; a dictionary of role -> value was expected."
        )
    for role in yields:
        if role not in known:
            close = difflib.get_close_matches(str(role), known, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."
            raise CourseError(f"{path}: {what} yields {role!r}, for which there is no artefact. {hint}")


def _spread(value: Value, single: dict[str, Value], role: str) -> float:
    return largest_spread(value, single[role])


def largest_spread(a: Value, b: Value) -> float:
    """The largest absolute difference anywhere in two values of the same structure."""
    if isinstance(a, dict):
        return max((largest_spread(a[key], b[key]) for key in a), default=0.0)
    if isinstance(a, list | tuple):
        return max((largest_spread(x, y) for x, y in zip(a, b, strict=True)), default=0.0)
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    return float(np.max(np.abs(x - y), where=~same, initial=0.0))


def difference_from_stored(course: Course, name: str) -> str | None:
    """A sentence when the committed file is not what the reference yields (beyond rounding), else None."""
    assignment = load_assignment(course, name)
    fresh = measure(course, assignment.id)
    stored = read_expected(course.expected_path(assignment.id))
    if set(fresh.artefacts) != set(stored.artefacts) or set(fresh.mistakes) != set(stored.mistakes):
        return f"{course.expected_path(name)}: not the reference's artefacts or mistakes. Run `coteja calibrate {name}`."
    for role, value in fresh.artefacts.items():
        far = largest_spread(value, stored.artefacts[role])
        if far > max(1e-9, stored.spread[role]):
            return f"{course.expected_path(name)}: {role} differs by {far:.3g} from the reference. Run `coteja calibrate {name}`."
    return None
