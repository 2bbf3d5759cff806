"""A student's work and the expected artefacts, as a check sees them: typed, by role, language unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coteja.checking.api import Verdict
from coteja.model.codec import WireError
from coteja.model.figure import Figure, as_figure
from coteja.model.message import Message, Param, message
from coteja.model.profile import Ideal, Profile, distance
from coteja.model.recording import CallResult, CellError, ProbeRun
from coteja.model.values import NoValue, Value

FloatArray = NDArray[np.float64]


class Unmet(Exception):  # noqa: N818 (it is no error: it ends a check early with its verdict)
    """What the check asked for is not in the student's work; carries the verdict to return."""

    def __init__(self, verdict: Verdict, *, function_missing: bool = False) -> None:
        super().__init__(verdict.message.id)
        self.verdict = verdict
        self.function_missing = function_missing


def unmet(text: Message, next_step: Message | None = None) -> Unmet:
    """End the check here with no points and this sentence."""
    return Unmet(Verdict(0.0, text, next_step=next_step))


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a probe: the function, its arguments, what the student's gave and what the reference's gave.

    `expected` is None where no reference may be known (the student's own look).
    """

    function: str
    args: tuple[Value, ...]
    result: CallResult
    expected: Value = None

    def value(self) -> Value:
        """What the student's function returned; ends the check with a sentence if it raised."""
        if self.result.error is not None:
            raise _raised(self.result.function or self.function, self.result.error)
        if isinstance(self.result.value, NoValue):
            raise unmet(
                message(
                    "{name} returned something that is not plain data ({type}).",
                    name=self.function,
                    type=self.result.value.type_name or self.result.value.kind,
                ),
                message("Return numbers or NumPy arrays."),
            )
        return self.result.value

    def array(self) -> FloatArray:
        """The returned value as a float array; ends the check if it is not numeric."""
        return _as_array(self.value(), message("what {name} returned", name=self.function))

    def number(self) -> float:
        """The returned value as one number, of whatever shape; ends the check when there are more, or none."""
        return Work.one_number(self.array(), message("what {name} returned", name=self.function))

    def entry(self, key: str) -> FloatArray:
        """One numeric entry of the dictionary that was returned; ends the check when there is none."""
        value = self.value()
        if not isinstance(value, dict) or key not in value:
            raise unmet(
                message("What {name} returned has no entry called {key}.", name=self.function, key=key),
                message("Return a dictionary with the names that the lab gives."),
            )
        return _as_array(value[key], message("{name}", name=f'{self.function}(...)["{key}"]'))


ProbeCase = Sequence[Step]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The notebook run once more: under which parameters, what came out, and what the reference yields then."""

    parameters: Mapping[str, Value]
    artefacts: Mapping[str, Value]
    expected: Mapping[str, Value]
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One student's work: artefacts by role, probes by name, and by question what its cells raised at the last."""

    artefacts: Mapping[str, Value]
    names: Mapping[str, str]
    probes: Mapping[str, ProbeRun] = field(default_factory=dict)
    expected_calls: Mapping[str, Sequence[Sequence[Value]]] = field(default_factory=dict)
    counterfactuals: Mapping[str, Counterfactual] = field(default_factory=dict)
    raised: Mapping[str, Sequence[CellError]] = field(default_factory=dict)

    def name(self, role: str) -> str:
        """The variable's name in this student's notebook."""
        return self.names.get(role, role)

    def has(self, role: str) -> bool:
        """Whether there is a value for `role`."""
        return not isinstance(self.artefacts.get(role, NoValue("missing")), NoValue)

    def value(self, role: str) -> Value:
        """The value of `role`; ends the check with a sentence when there is none."""
        value = self.artefacts.get(role, NoValue("missing"))
        if not isinstance(value, NoValue):
            return value
        name = self.name(role)
        match value.kind:
            case "missing":
                raise unmet(
                    message("There is no variable called {name}.", name=name),
                    message(
                        "Give your result the name {name}, exactly so, and run the cell again.", name=name
                    ),
                )
            case "cut":
                raise unmet(
                    message("{name} is too large to be looked at.", name=name),
                    message("Keep only what the question asks for in {name}.", name=name),
                )
            case "error":
                raise unmet(
                    message("Reading {name} raised an error: {detail}", name=name, detail=value.detail)
                )
        raise unmet(
            message("{name} holds a {type}, not data.", name=name, type=value.type_name or "?"),
            message("Store numbers, a list or a NumPy array in {name}.", name=name),
        )

    def number(self, role: str) -> float:
        """A single number: a float, an int, or an array of one element of any shape."""
        return self.one_number(self.array(role), self.name(role))

    @staticmethod
    def one_number(array: FloatArray, name: Param) -> float:
        """The number in an array of one; ends the check when there are more, or none."""
        if array.size != 1:
            raise unmet(
                message("{name} should be one number, but has {count} values.", name=name, count=array.size)
            )
        return float(array.reshape(-1)[0])

    def array(self, role: str) -> FloatArray:
        """A numeric value of any shape as float64, shape kept; lists and integers are as good as arrays."""
        return _as_array(self.value(role), message("{name}", name=self.name(role)))

    def curve(self, role: str, *, length: int | None = None) -> FloatArray:
        """A sequence of numbers, shape (n,): lists, (n, 1) arrays and lists of one-element arrays all do.

        With `length`, a curve one shorter or longer is accepted as it is; anything else ends the check.
        """
        return _as_curve(self.value(role), self.name(role), length)

    def curves(
        self, role: str, keys: Sequence[float], *, length: int | None = None, numbers: bool = False
    ) -> dict[float, FloatArray]:
        """A mapping key -> curve, for exactly the given numeric keys (0.5, "0.5" and numpy floats are the same).

        With `numbers`, one curve at least must end finite: whatever is claimed of three that are not would be right.
        """
        name = self.name(role)
        pick = self._entries(role, keys)
        curves = {key: _as_curve(value, f"{name}[{key}]", length) for key, value in pick.items()}
        if numbers and not any(np.isfinite(curve[-1]) for curve in curves.values()):
            raise _no_curve(f"{name}[{keys[0]}]")
        return curves

    def arrays(self, role: str, keys: Sequence[float]) -> dict[float, FloatArray]:
        """A mapping key -> numbers of any shape, a single one included, for exactly the given numeric keys."""
        name = self.name(role)
        return {
            key: _as_array(value, message("{name}", name=f"{name}[{key}]"))
            for key, value in self._entries(role, keys).items()
        }

    def _entries(self, role: str, keys: Sequence[float]) -> dict[float, Value]:
        found = {as_key(key): value for key, value in self.mapping(role).items()}
        name = self.name(role)
        absent = [key for key in keys if not any(same_key(key, other) for other in found)]
        if absent:
            raise unmet(
                message("{name} has no entry for {key}.", name=name, key=absent[0]),
                message("Store one entry for each learning rate in {name}.", name=name),
            )
        return {key: next(v for other, v in found.items() if same_key(key, other)) for key in keys}

    def mapping(self, role: str) -> dict[Any, Value]:
        """A dictionary; ends the check when it is something else."""
        value = self.value(role)
        if not isinstance(value, dict):
            raise unmet(message("{name} should be a dictionary.", name=self.name(role)))
        return value

    def figure(self, role: str) -> Figure:
        """The figure captured for `role`; ends the check when there is none."""
        value = self.artefacts.get(role, NoValue("missing"))
        if isinstance(value, NoValue):
            raise unmet(
                message("No figure was found."),
                message(
                    "Draw the figure in the question's cell, and keep it in {name} (fig, ax = plt.subplots()).",
                    name=self.name(role),
                ),
            )
        try:
            return as_figure(value)
        except WireError:
            raise unmet(message("{name} is not a figure.", name=self.name(role))) from None

    def counterfactual(self, name: str) -> tuple[Work, Expected]:
        """The work and the expected artefacts of the run under other parameters; ends the check if it gave nothing."""
        again = self.counterfactuals.get(name)
        if again is None or again.failure or not again.artefacts:
            raise unmet(
                message("Your notebook did not run to its end when it was run once more with other values."),
                message("Use the variables of the parameters cell instead of typing their values in."),
            )
        return Work(artefacts=again.artefacts, names=self.names), Expected(again.expected, {})

    def probe(self, name: str) -> list[list[Step]]:
        """The cases of a probe with what the student's and the reference's functions gave.

        Ends the check when a function is not there or the student's process did not answer.
        """
        run = self.probes.get(name)
        if run is None:
            raise unmet(message("This could not be tried: your notebook did not get this far."))
        missing = run.missing[0] if run.missing else _first_method(run)
        if missing:
            verdict = Verdict(
                0.0,
                message("There is no function called {name}.", name=missing),
                next_step=message(
                    "Define {name} with the name and arguments that the lab gives.", name=missing
                ),
            )
            raise Unmet(verdict, function_missing=True)
        if run.failure or not run.results:
            raise unmet(message("Your functions did not answer in time when called with new inputs."))
        expected = self.expected_calls.get(name, ())
        cases = []
        for i, (steps, results) in enumerate(zip(run.cases, run.results, strict=True)):
            known = expected[i] if i < len(expected) else [None] * len(steps)
            cases.append(
                [
                    Step(function, args, result, truth)
                    for (function, args), result, truth in zip(steps, results, known, strict=True)
                ]
            )
        return cases


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out, by role, with the spread over correct variants; and what each mistake yields.

    `radii`, `ideals` and `profiles` are what calibration measured over many runs; empty in a student's own look.
    """

    artefacts: Mapping[str, Value]
    spread: Mapping[str, float]
    mistakes: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    deviations: Mapping[str, Value] = field(default_factory=dict)
    radii: Mapping[str, float] = field(default_factory=dict)
    ideals: Mapping[str, Ideal] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Profile]] = field(default_factory=dict)

    def value(self, role: str) -> Value:
        """What is expected of `role`, as the reference yields it."""
        if role not in self.artefacts:
            raise LookupError(
                f"nothing is expected of {role!r}: no experiment yields it, `coteja calibrate` was not run since, "
                "or a public check asks for what is not public"
            )
        return self.artefacts[role]

    def array(self, role: str) -> FloatArray:
        """The expected value of `role` as a float array, a copy of its own."""
        return np.array(self.value(role), dtype=float)

    def curves(self, role: str) -> dict[float, FloatArray]:
        """The expected curves of `role` by key."""
        return {float(key): np.array(value, dtype=float) for key, value in self.value(role).items()}

    def tolerance(self, role: str, *, at_least: float = 1e-6, factor: float = 10.0) -> float:
        """How far an honest value may lie: `factor` times the spread over correct variants, at least `at_least`."""
        return max(at_least, factor * self.spread.get(role, 0.0))

    def deviation(self, role: str) -> FloatArray:
        """The standard deviation of `role` over seeds, of the shape of its array; zeros where the lab fixes it."""
        return np.array(self.deviations.get(role, np.zeros_like(self.array(role))), dtype=float)

    def deviations_of(self, role: str) -> dict[float, FloatArray]:
        """The standard deviations over seeds of the entries of `role` by key; none where the lab fixes them."""
        found = self.deviations.get(role) or {}
        return {float(key): np.array(value, dtype=float) for key, value in found.items()}

    def radius(self, role: str, *, otherwise: float = 6.0) -> float:
        """How many standard deviations an honest value may lie from the median, at the lab's false-reject rate.

        `otherwise` where calibration did not measure it.
        """
        return self.radii.get(role, otherwise)

    def too_exact(self, role: str, value: Value) -> bool:
        """Whether `value` lies nearer to the ideal than an honest run gets, at the lab's false-reject rate.

        It may have been typed in. Honest work can be as exact (data without noise, say): let a person look.
        """
        ideal = self.ideals.get(role)
        if ideal is None:
            return False
        far = distance(value, ideal.value, self.deviation(role))
        return far is not None and far < ideal.radius

    def mistake(self, role: str, mistake_id: str) -> FloatArray | None:
        """What the mistake yields for `role`, or None where it says nothing (as in the student's own look)."""
        value = self.mistakes.get(mistake_id, {}).get(role)
        return None if value is None else np.array(value, dtype=float)


#: How Python says that a method was called with other arguments than it takes.
_METHOD = re.compile(r"\w+\.(\w+|<lambda>)\(\) (takes|missing|got an unexpected)")


def _first_method(run: ProbeRun) -> str | None:
    """A function that is there only as a method of a class, with a signature of its own: not the one asked for."""
    for steps, results in zip(run.cases, run.results, strict=False):  # what did not answer has no results
        for (function, _args), result in zip(steps, results, strict=False):
            if result.error and result.error.name == "TypeError" and _METHOD.match(result.error.value):
                return function
    return None


def _raised(name: str, error: CellError) -> Unmet:
    if error.name == "NotImplementedError":
        return unmet(message("{name} still has its placeholder: nothing was written there yet.", name=name))
    return unmet(
        message(
            "Calling {name} raised {error}: {detail}", name=name, error=error.name, detail=error.value[:300]
        ),
        message("Call {name} yourself with a small example, and read where the error comes from.", name=name),
    )


def _as_array(value: Value, what: Param) -> FloatArray:
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return array.astype(np.float64)
        if array.dtype.kind == "O" or array.dtype.kind in "SU":
            raise ValueError
        if array.dtype.kind == "c" and not np.iscomplex(array).any():
            return array.real.astype(np.float64)
    except (ValueError, TypeError):
        pass
    raise unmet(message("{what} should be numbers.", what=what))


def _no_curve(name: str) -> Unmet:
    return unmet(message("{name} should be a list of numbers, one for each iteration.", name=name))


def _as_curve(value: Value, name: str, length: int | None) -> FloatArray:
    if isinstance(value, list | tuple):
        # [array(0.69), array([0.68]), 0.67]: a cost of shape () or (1,) in a list is as good as a float.
        value = [v.reshape(-1)[0] if isinstance(v, np.ndarray) and v.size == 1 else v for v in value]
        value = [v[0] if isinstance(v, list | tuple) and len(v) == 1 else v for v in value]
    curve = _as_array(value, message("{name}", name=name)).squeeze()
    if curve.ndim != 1 or curve.size == 0:
        raise _no_curve(name)
    if length is not None and abs(curve.size - length) > 1:
        raise unmet(
            message(
                "{name} has {count} values, {expected} were expected.",
                name=name,
                count=curve.size,
                expected=length,
            ),
            message("Store the cost of every iteration, from the start."),
        )
    return curve


def as_key(key: object) -> float | None:
    """The number that a dictionary's key stands for: 0.5, "0.5" and NumPy's are the same one; None where it is none."""
    try:
        return float(key)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


def same_key(key: float, other: float | None) -> bool:
    """Whether two keys are the same number, to nine digits."""
    return other is not None and abs(key - other) <= 1e-9 * max(1.0, abs(key))
