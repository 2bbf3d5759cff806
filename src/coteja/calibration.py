"""Makes reference/expected/<assignment>.json: runs every experiment of the reference, twice, and every mistake.

The spread of an artefact is its largest difference between double and single precision: how far two honest
computations of the same thing may lie apart. Checks derive their tolerances from it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coteja.course.expected import ExpectedData, dump_expected, read_expected
from coteja.course.load import Course, load_assignment
from coteja.course.modules import load_module
from coteja.errors import CourseError
from coteja.model.values import Value


def calibrate(course: Course, name: str) -> tuple[Path, str]:
    """Run the reference. Returns where the file belongs and its text."""
    assignment = load_assignment(course, name)
    return course.expected_path(assignment.id), dump_expected(assignment.id, measure(course, assignment.id))


def measure(course: Course, assignment: str) -> ExpectedData:
    """The expected artefacts of a lab: its reference's `EXPERIMENTS` in two precisions, and every one of its `MISTAKES`.

    Raises
    ------
    CourseError
        Two experiments claim the same role.
    """
    path = course.reference_path(assignment)
    reference = load_module(path)
    artefacts: dict[str, Value] = {}
    spread: dict[str, float] = {}
    for experiment, run in reference.EXPERIMENTS.items():
        exact, single = run(np.float64), run(np.float32)
        for role, value in exact.items():
            if role in artefacts:
                raise CourseError(
                    f"{path}: experiment {experiment} yields {role!r}, which another one yields too."
                )
            artefacts[role] = value
            spread[role] = float(f"{largest_spread(value, single[role]):.2g}")
    wrong = course.mistakes_path(assignment)
    known = load_module(wrong).MISTAKES if wrong.is_file() else {}
    mistakes = {mistake: dict(run()) for mistake, run in known.items()}
    return ExpectedData(artefacts, spread, mistakes)


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
