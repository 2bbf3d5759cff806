"""Which known mistake a student's artefacts tell of, and how sure that is. Pure: numbers in, a name or none out.

Each class (the truth, every mistake) says where the features of each role lie. For a role, a run of class c has them there
with probability 1 - STRAY, and else anywhere (a student does other things too):

    p(role | c) = (1 - STRAY) t(features; centre, scale) + STRAY anywhere(features)

with t Student's distribution, so that what lies somewhat outside is not excluded. The features of one curve are far from
independent: together they count as no more than DIMENSIONS numbers. "None of them" has each role as the truth has it or
anywhere. Bayes' rule gives the confidence; below CONFIDENT nothing is named.

References
----------
Duda, Hart, Stork: Pattern Classification (2001), 2.9 (missing features), 3.5 (mixtures).
Chow: On optimum recognition error and reject tradeoff, IEEE Trans. Inf. Theory 16 (1970): when not to answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coteja.checking.features import features
from coteja.model.profile import Profile
from coteja.model.values import NoValue, Value

#: The class of correct work; mistakes have their ids.
TRUTH = ""
#: A mistake is named from this confidence on.
CONFIDENT = 0.95
STRAY = 0.02
#: How many times wider than a class its neighbourhood is.
WIDER = 12.0
#: A mistake that nobody knows leaves an artefact as the truth has it as often as not.
UNTOUCHED = 0.5
DIMENSIONS = 4
FREEDOM = 4.0
#: Before anything is seen: correct, none of the known mistakes, and the rest for all mistakes together.
PRIOR_TRUTH, PRIOR_NONE = 0.5, 0.1
#: Logarithms of how likely a function's answers are that differ from the class's, and under "none of them": that three digits
#: agree by chance is a matter of thousandths, in more cases than one.
DIFFERS, UNKNOWN = -14.0, -9.0
#: The same for right answers where the mistake changes the function.
ELSEWHERE = -0.7

Profiles = Mapping[str, Mapping[str, Profile]]
#: function -> class -> whether the student's function answered as that class's does
Answers = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The most likely class: a mistake's id, TRUTH, or None for no known one; and its probability."""

    likeliest: str | None
    confidence: float
    classes: Mapping[str | None, float] = field(default_factory=dict)

    @property
    def named(self) -> str | None:
        """The mistake to name, or None: correct, unknown, or not sure enough."""
        return (self.likeliest or None) if self.confidence >= CONFIDENT else None


def diagnose(
    artefacts: Mapping[str, Value],
    truth: Mapping[str, Value],
    profiles: Profiles,
    roles: Collection[str],
    answers: Answers | None = None,
) -> Diagnosis:
    """The likeliest class of one question.

    Parameters
    ----------
    artefacts, truth
        The student's and the expected values by role.
    profiles
        Class -> role -> where its features lie. A mistake that says nothing of a role leaves it as the truth has it.
    roles
        The question's. A mistake is a candidate when it changes one of them, or one of the functions in `answers`.
    answers
        Which classes each of the student's functions agrees with; the truth stands for the classes that are not there.
    """
    answers = answers or {}
    right = profiles.get(TRUTH, {})
    seen = _seen(artefacts, truth, [role for role in roles if role in right])
    candidates = [
        mistake
        for mistake, changed in profiles.items()
        if mistake != TRUTH
        and (seen.keys() & changed.keys() or any(mistake in each for each in answers.values()))
    ]
    if not candidates or not (seen or answers):
        return Diagnosis(None, 1.0)
    classes: list[str | None] = [TRUTH, *candidates, None]
    share = (1 - PRIOR_TRUTH - PRIOR_NONE) / len(candidates)
    score = np.log([PRIOR_TRUTH, *[share] * len(candidates), PRIOR_NONE])
    for role, found in seen.items():
        of_class = [profiles[c].get(role, right[role]) for c in classes if c is not None]
        anywhere = _anywhere(found, of_class)
        near = np.array([_log_density(found, profile) for profile in of_class])
        score[:-1] += np.logaddexp(np.log(1 - STRAY) + near, np.log(STRAY) + anywhere)
        score[-1] += np.logaddexp(np.log(UNTOUCHED) + near[0], np.log(1 - UNTOUCHED) + anywhere)
    for agrees in answers.values():
        score[:-1] += [0.0 if agrees.get(str(c), agrees.get(TRUTH, False)) else DIFFERS for c in classes[:-1]]
        score[-1] += np.log(UNTOUCHED) if agrees.get(TRUTH, False) else UNKNOWN
    share_of = np.exp(score - np.logaddexp.reduce(score))
    best = int(np.argmax(share_of))
    return Diagnosis(
        classes[best],
        float(share_of[best]),
        {name: float(p) for name, p in zip(classes, share_of, strict=True)},
    )


def _of_answers(agrees: Mapping[str, bool], name: str) -> float:
    """A class's own answers are certain; right ones are as likely as not where the mistake can lie elsewhere as well."""
    if name != TRUTH and name in agrees:
        return ELSEWHERE if agrees.get(TRUTH, False) else 0.0 if agrees[name] else DIFFERS
    return 0.0 if agrees.get(TRUTH, False) else DIFFERS


def _seen(
    artefacts: Mapping[str, Value], truth: Mapping[str, Value], roles: Collection[str]
) -> dict[str, np.ndarray]:
    found = {
        role: features(artefacts[role], truth[role])
        for role in roles
        if role in artefacts and not isinstance(artefacts[role], NoValue)
    }
    return {role: vector for role, vector in found.items() if vector is not None}


def _anywhere(found: np.ndarray, profiles: Sequence[Profile]) -> float:
    """The logarithm of how likely features are that belong to no class: far from all, or in the neighbourhood of one.

    Half of it is as wide as three times what lies between the classes, where one of them may run away by hundreds of decades;
    the other half is around each class, WIDER than it: what lies there is like that class, and is not it.
    """
    centres = np.array([profile.centre for profile in profiles])
    low, high = centres.min(axis=0), centres.max(axis=0)
    far = _log_density(found, Profile((low + high) / 2, np.maximum(1.0, 3 * (high - low))))
    beside = [_log_density(found, Profile(p.centre, WIDER * p.scale)) for p in profiles]
    return float(np.logaddexp(far, np.logaddexp.reduce(beside) - np.log(len(beside))) - np.log(2))


def _log_density(found: np.ndarray, profile: Profile) -> float:
    """Of DIMENSIONS numbers that all lie as far out as the features do in the root mean square.

    Without the constant that all classes share.
    """
    z = (found - profile.centre) / profile.scale
    tail = (FREEDOM + 1) / 2 * np.log1p(np.mean(z**2) / FREEDOM)
    return float(-min(z.size, DIMENSIONS) * (tail + np.mean(np.log(profile.scale))))
