"""The classes that a diagnosis chooses from: where the features of each artefact lie, and how far apart the classes are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from coteja.checking.diagnosis import TRUTH, Profiles, diagnose
from coteja.checking.features import features
from coteja.checking.work import FloatArray
from coteja.model.profile import Profile
from coteja.model.values import Value

Yield = Mapping[str, Value]
#: No feature is known better than this, absolutely and relative to its size: a student rounds, or keeps single precision.
LEAST, LEAST_RELATIVE = 2e-3, 1e-3
#: A count is a count: two that are the same by chance say little, so it is known to a quarter of one.
COUNT = 0.25


def profile(values: Sequence[Value], like: Value) -> Profile | None:
    """Median and standard deviation of each feature over the runs of a class; None where a run has none."""
    found = [features(value, like) for value in values]
    known = [vector for vector in found if vector is not None]
    if len(known) < len(found) or not known:
        return None
    vectors = np.array(known)
    centre = np.median(vectors, axis=0)
    least = np.maximum(LEAST, LEAST_RELATIVE * np.abs(centre))
    if isinstance(like, int | np.integer):
        least = COUNT / np.cosh(centre)  # on the scale of asinh
    scale = np.maximum(vectors.std(axis=0), least)
    return Profile(_rounded(centre), _rounded(scale))


def profiles_of(truth: Yield, runs: Mapping[str, Sequence[Yield]]) -> dict[str, dict[str, Profile]]:
    """Class -> role -> profile, from the runs of each class; a role without features has none."""
    found: dict[str, dict[str, Profile]] = {}
    for name, each in runs.items():
        roles = [role for role in truth if all(role in run for run in each)]
        made = {role: profile([run[role] for run in each], truth[role]) for role in roles}
        found[name] = {role: item for role, item in made.items() if item is not None}
    right = found.get(TRUTH, {})
    return {
        name: {role: _as_wide(item, right.get(role)) for role, item in of.items()}
        for name, of in found.items()
    }


def _as_wide(item: Profile, right: Profile | None) -> Profile:
    """No mistake is known more sharply than the truth: that was run in both precisions and by other implementations too."""
    return item if right is None else Profile(item.centre, np.maximum(item.scale, right.scale))


def _rounded(numbers: FloatArray) -> FloatArray:
    """Six digits, as the file keeps them: what is measured here is what marks there."""
    return np.array([float(f"{number:.6g}") for number in numbers])


def apart(profiles: Profiles, one: str, other: str) -> float:
    """How many scales the centres of two classes are apart, in the role that shows it most: root mean square over features."""
    right = profiles[TRUTH]
    far = 0.0
    for role in profiles[one].keys() | profiles[other].keys():
        a, b = (profiles[name].get(role, right.get(role)) for name in (one, other))
        if a is not None and b is not None:
            far = max(far, float(np.sqrt(np.mean((a.centre - b.centre) ** 2 / (a.scale**2 + b.scale**2)))))
    return far


def separation(profiles: Profiles, *, by_functions: Callable[[str, str], bool]) -> dict[str, dict[str, Any]]:
    """For each mistake: how far it is from the truth, and from the mistake most like it, in scales.

    `by_functions`: whether the functions of two classes tell them apart, whatever their artefacts.
    """
    mistakes = [name for name in profiles if name != TRUTH]
    told: dict[str, dict[str, Any]] = {}
    for name in mistakes:
        others = {other: _digits(apart(profiles, name, other)) for other in mistakes if other != name}
        nearest = min(others, key=lambda other: (others[other], other), default=None)
        told[name] = {
            "truth": _digits(apart(profiles, name, TRUTH)),
            "by_functions": by_functions(name, TRUTH),
            "nearest": nearest,
            "distance": others[nearest] if nearest is not None else None,
        }
    return told


def _digits(value: float) -> float:
    return float(f"{value:.3g}")


def named_by_lab(
    artefacts: Yield,
    truth: Yield,
    profiles: Profiles,
    questions: Mapping[str, Sequence[str]],
    answers: Mapping[str, Mapping[str, Mapping[str, bool]]],
) -> set[str]:
    """The mistakes that the diagnosis names over all questions of one student. `answers`: by question, then function."""
    told = (
        diagnose(artefacts, truth, profiles, roles, answers.get(question))
        for question, roles in questions.items()
    )
    return {diagnosis.named for diagnosis in told if diagnosis.named}
