"""The shortest input that shows a fault: each probe's cases drawn once more, from a generator that yields simple numbers.

The simple cases are called after everything else, in the same run, and mark nothing. Where a check of a probe failed, it
is held against them one by one, simplest first; the first that it fails as well is shown, as a line to paste.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from msgspec.structs import replace as with_changes

from coteja.checking.api import Check
from coteja.checking.work import Expected, Unmet, Work
from coteja.errors import CourseError
from coteja.model.message import Message, Param, as_param
from coteja.model.message import message as _
from coteja.model.recording import CallResult, ProbeRun
from coteja.model.result import Comparison, Outcome
from coteja.model.values import NoValue, Value

Case = list[tuple[str, tuple[Value, ...]]]
Cases = list[Case]
#: What the simple generators yield in turn, where it lies within the bounds that were asked for.
LEVELS: tuple[tuple[float, ...], ...] = ((0.0,), (1.0,), (1.0, -1.0), (1.0, 2.0, -1.0, 0.0), (0.5, -1.0, 2.0))
MOST_CASES, MOST_CALLS, MOST_TEXT = 6, 2000, 400
#: Each call is recorded and stored; a case of finite differences has forty.
MOST_STEPS = 80


class SimpleGenerator(np.random.Generator):
    """Draws small whole numbers in turn, and the smallest counts; for code that expects a generator."""

    def __init__(self, level: Sequence[float]) -> None:
        super().__init__(np.random.PCG64(0))
        self._next, self._calls = itertools.cycle(level), 0

    def _fill(self, size: Any, low: float = -np.inf, high: float = np.inf) -> Any:
        self._calls += 1
        if self._calls > MOST_CALLS:
            raise StopIteration("a draw that simple numbers never satisfy")
        count = 1 if size is None else int(np.prod(size))
        values = np.clip([next(self._next) for _n in range(count)], low, high)
        # The bounds are often left out for a reason (no cosine of zero, no logarithm).
        return float(values[0]) if size is None else values.reshape(size)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:  # noqa: ARG002 (NumPy's)
        """Simple numbers."""
        return self._fill(size)

    def standard_normal(self, size: Any = None, *_args: Any, **_more: Any) -> Any:
        """Simple numbers."""
        return self._fill(size)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """Simple numbers within the bounds; where none is within, the middle."""
        drawn = self._fill(size)
        fits = (np.asarray(drawn) >= low) & (np.asarray(drawn) <= high) & (np.asarray(drawn) != low)
        found = np.where(fits, drawn, (np.asarray(low) + np.asarray(high)) / 2)
        return float(found) if size is None else found

    def random(self, size: Any = None, *_args: Any, **_more: Any) -> Any:
        """One half."""
        return self._fill(size, 0.5, 0.5)

    def integers(self, low: Any, high: Any = None, size: Any = None, *_args: Any, **_more: Any) -> Any:
        """The smallest."""
        least = 0 if high is None else low
        self._fill(None)
        return np.int64(least) if size is None else np.full(size, least)

    def choice(self, a: Any, size: Any = None, *_args: Any, **_more: Any) -> Any:
        """The first ones, in turn."""
        self._fill(None)
        options = np.arange(a) if isinstance(a, int | np.integer) else np.asarray(a)
        return options[0] if size is None else np.resize(options, size)

    def permutation(self, x: Any, axis: int = 0) -> Any:  # noqa: ARG002 (NumPy's)
        """As it is."""
        self._fill(None)
        return np.arange(x) if isinstance(x, int | np.integer) else np.array(x)

    def shuffle(self, x: Any, axis: int = 0) -> None:
        """As it is."""


def simple_cases(draw: Callable[[np.random.Generator], Cases], calls: Callable[[Cases], Any]) -> Cases:
    """A few simple cases of a probe, simplest first; those that the reference itself cannot answer are left out."""
    found: dict[str, Case] = {}
    for level in LEVELS:
        try:
            cases = draw(SimpleGenerator(level))
        except (CourseError, StopIteration):
            continue
        for case in [*cases, *(_cut(case, size) for case in cases if len(case) == 1 for size in (1, 2))]:
            try:
                calls([case])
            except CourseError:
                continue
            found.setdefault(repr(case), case)
    simplest = sorted(found.values(), key=_size)
    steps = itertools.accumulate(map(len, simplest))
    return [case for case, so_far in zip(simplest, steps, strict=True) if so_far <= MOST_STEPS][:MOST_CASES]


def _cut(case: Case, size: int) -> Case:
    """The same with every axis of its arrays `size` long at most: what fitted together still does."""

    def cut(value: Value) -> Value:
        if isinstance(value, dict):
            return {key: cut(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(cut(item) for item in value)
        return value[(slice(size),) * value.ndim] if isinstance(value, np.ndarray) else value

    return [(function, tuple(cut(arg) for arg in args)) for function, args in case]


def _size(case: Case) -> tuple[int, float]:
    """How much there is to read in a case's first calls, and how large the numbers are."""
    numbers = np.concatenate([np.zeros(1), *(_numbers(arg) for _f, args in case for arg in args)])
    return numbers.size, float(np.sum(np.abs(numbers)) + np.sum(numbers != np.round(numbers)))


def _numbers(value: Value) -> np.ndarray[Any, np.dtype[np.float64]]:
    if isinstance(value, dict):
        return np.concatenate([np.zeros(0), *(_numbers(v) for v in value.values())])
    if isinstance(value, list | tuple):
        return np.concatenate([np.zeros(0), *(_numbers(v) for v in value)])
    array = np.asarray(value)
    return array.astype(float).reshape(-1) if array.dtype.kind in "biuf" else np.zeros(1)


def with_simplest(
    outcome: Outcome,
    check: Check,
    work: Work,
    expected: Expected,
    simple: Mapping[str, ProbeRun],
    calls: Callable[[Cases], list[list[Value]]],
) -> Outcome:
    """The outcome with the shortest failing input among its comparisons, where the check's probe has one."""
    if outcome.status not in ("failed", "partial") or outcome.look:
        return outcome
    asked = _Watched.of(work)
    _fails(check, asked, expected)
    names = [name for name in asked.asked if name in simple and simple[name].results]
    if len(set(asked.asked)) != 1 or not names:
        return outcome
    name, run = names[0], simple[names[0]]
    for case, results in zip(run.cases, run.results, strict=True):
        truth = calls([case])[0]
        right = [CallResult(value=value) for value in truth]

        def alone(given: list[CallResult], case: Case = case, truth: list[Value] = truth) -> Work:
            only = ProbeRun(cases=[case], results=[given])
            return replace(work, probes={name: only}, expected_calls={name: [truth]})

        # A case is of use only where a right answer passes: ln 0 is nobody's fault.
        if _fails(check, alone(right), expected) is False and _fails(check, alone(results), expected):
            line = _shown(case, results, truth)
            return with_changes(outcome, comparisons=(*outcome.comparisons, line)) if line else outcome
    return outcome


class _Watched(Work):
    """Remembers which probes were asked for."""

    asked: list[str]

    @classmethod
    def of(cls, work: Work) -> _Watched:
        watched = cls(
            artefacts=work.artefacts,
            names=work.names,
            probes=work.probes,
            expected_calls=work.expected_calls,
            counterfactuals=work.counterfactuals,
            raised=work.raised,
        )
        object.__setattr__(watched, "asked", [])
        return watched

    def probe(self, name: str) -> Any:
        self.asked.append(name)
        return Work.probe(self, name)


def _fails(check: Check, work: Work, expected: Expected) -> bool | None:
    """Whether the check takes points; None where it cannot be run on this."""
    try:
        return bool(check.function(work, expected).fraction < 1.0)
    except Unmet:
        return True
    except Exception:  # noqa: BLE001 (a check that needs three cases, say)
        return None


def _shown(case: Case, results: Sequence[CallResult], truth: Sequence[Value]) -> Comparison | None:
    """The first call of the case that went wrong, as a line to paste; None where it would be too long to read."""
    at = next(
        (i for i, r in enumerate(results) if r.error is not None or not _agrees(r.value, truth[i])), None
    )
    if at is None:
        return None
    line = pasted(case, at)
    if len(line) > MOST_TEXT:
        return None
    error = results[at].error
    expected, found = _first_difference(truth[at], None if error is not None else results[at].value)
    return Comparison(
        label=_("the smallest input that shows it: {call}", call=line),
        expected=expected,
        found=found if error is None else error.name,
        ok=False,
    )


def _agrees(found: Value, truth: Value) -> bool:
    """Whether two values agree where both have something to say: what a dictionary holds besides is one's own."""
    if isinstance(found, dict) and isinstance(truth, dict):
        return all(_agrees(found[key], truth[key]) for key in found.keys() & truth.keys())
    if isinstance(found, list | tuple) and isinstance(truth, list | tuple):
        return all(_agrees(a, b) for a, b in zip(found, truth, strict=False))
    try:
        a, b = np.asarray(found).reshape(-1), np.asarray(truth).reshape(-1)
    except ValueError:
        return False
    if a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return False
    return a.size == b.size and bool(np.allclose(a, b, rtol=1e-4, atol=1e-5, equal_nan=True))


def _first_difference(truth: Value, found: Value) -> tuple[Param, Param]:
    """What was expected and what was found, where the two first differ; of a dictionary with the entry's name."""
    if isinstance(truth, dict) and isinstance(found, dict):
        for key in truth:
            if key in found and not _agrees(found[key], truth[key]):
                pair = [_brief(truth[key]), _brief(found[key])]
                return tuple(
                    x
                    if isinstance(x, Message)
                    else f"{key}: {x:.5g}"
                    if isinstance(x, float)
                    else f"{key}: {x}"
                    for x in pair
                )  # type: ignore[return-value]
    if isinstance(truth, list | tuple) and isinstance(found, list | tuple):
        for a, b in zip(truth, found, strict=False):
            if not _agrees(b, a):
                return _first_difference(a, b)
    return _brief(truth), _brief(found)


def _brief(value: Value) -> Param:
    """A number, or a few of them; what is longer is only said to be there."""
    if not isinstance(value, dict | list | tuple | NoValue):
        array = np.asarray(value)
        if array.dtype.kind in "biuf" and array.size == 1:
            return as_param(array.reshape(-1)[0])
        if array.dtype.kind in "biuf" and array.size <= 4:
            return "(" + ", ".join(f"{v:.5g}" for v in array.reshape(-1)) + ")"
    return _("something else")


def pasted(case: Case, at: int) -> str:
    """A call of the case as one line of Python; what stands in it twice gets a name first."""
    args = [arg for i in _needed(case, at) for arg in case[i][1] if _is_large(arg)]
    # By what they say, not by who they are: a stored recording no longer knows which were one object.
    counts = Counter(_spelled(arg, case, {}) for arg in args)
    names = dict(zip((text for text, count in counts.items() if count > 1), "abcdefgh", strict=False))
    return "; ".join([*(f"{name} = {text}" for text, name in names.items()), _call(case, at, names)])


def _is_large(value: Value) -> bool:
    return isinstance(value, np.ndarray) or (isinstance(value, dict) and "$step" not in value)


def _needed(case: Case, at: int) -> list[int]:
    earlier = [arg["$step"] for arg in case[at][1] if isinstance(arg, dict) and "$step" in arg]
    return [at, *(i for step in earlier for i in _needed(case, step))]


def _call(case: Case, at: int, names: Mapping[str, str]) -> str:
    function, args = case[at]
    return f"{function}({', '.join(_literal(arg, case, names) for arg in args)})"


def _literal(value: Value, case: Case, names: Mapping[str, str]) -> str:
    """An argument as Python that can be pasted: by its name where it has one."""
    name = names.get(_spelled(value, case, {})) if names and _is_large(value) else None
    return name or _spelled(value, case, names)


def _spelled(value: Value, case: Case, names: Mapping[str, str]) -> str:
    """A value as Python; an earlier step's result as the call that makes it."""
    if isinstance(value, dict) and "$step" in value:
        inner = _call(case, value["$step"], names)
        return f"{inner}[{value['$item']!r}]" if "$item" in value else inner
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item, case, names)}" for key, item in value.items()) + "}"
    if isinstance(value, np.ndarray):
        alike = value.size > 2 and (value == value.flat[0]).all() and value.flat[0] in (0, 1)
        made = {0: "zeros", 1: "ones"}[int(value.flat[0])] if alike else "array"
        return f"np.{made}({value.shape if alike else value.tolist()})"
    if isinstance(value, list | tuple):
        items = ", ".join(_literal(item, case, names) for item in value)
        return f"[{items}]" if isinstance(value, list) else f"({items},)"
    return repr(value.item() if isinstance(value, np.generic) else value)
