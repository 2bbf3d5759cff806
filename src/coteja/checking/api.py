"""The decorator that makes a function a check, and the verdicts that it returns."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from coteja.model.message import Message, message
from coteja.model.result import Comparison, Misconception, Picture


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the fraction of its points that is earned (0 to 1), and why."""

    fraction: float
    message: Message
    comparisons: tuple[Comparison, ...] = ()
    picture: Picture | None = None
    misconception: Misconception | None = None
    next_step: Message | None = None
    look: bool = False

    def but(self, **changes: Any) -> Verdict:
        """The same verdict with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Check:
    """A declared check: the function and what the decorator said of it."""

    name: str
    question: str
    points: float
    title: Message
    rests_on: tuple[str, ...]
    public: bool
    proved_by: str | None
    function: Callable[..., Verdict]


def check(
    question: str,
    *,
    points: float,
    title: Message,
    rests_on: Iterable[str] = (),
    public: bool = False,
    proved_by: str | None = None,
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Declare a check of `question` worth `points`.

    The function takes the student's `work` and the `expected` artefacts and returns a `Verdict`.

    Parameters
    ----------
    title
        The rubric's line, in the words that the student will read.
    rests_on
        Names of checks that must not have failed; otherwise this one is skipped with a sentence.
    public
        Students may run it themselves; its source travels in their notebook.
    proved_by
        Name of a check whose success proves this one where the function asked for is not there by name
        (a student wrote a class): full points, and a note to the person who looks.
    """

    _text(title)
    if isinstance(rests_on, str):
        raise TypeError(f'rests_on is a list of names: ["{rests_on}"]')

    def declare(function: Callable[..., Verdict]) -> Callable[..., Verdict]:
        if len(inspect.signature(function).parameters) != 2:
            raise TypeError(f"check {function.__name__} must take two arguments, (work, expected)")
        declared = Check(
            name=function.__name__,
            question=question,
            points=points,
            title=title,
            rests_on=tuple(rests_on),
            public=public,
            proved_by=proved_by,
            function=function,
        )
        function.__coteja_check__ = declared  # type: ignore[attr-defined]
        return function

    return declare


def passed(text: Message, **evidence: Any) -> Verdict:
    """All points. `evidence`: comparisons, picture, misconception, next_step, look."""
    return Verdict(1.0, _text(text), **_tuples(evidence))


def failed(text: Message, **evidence: Any) -> Verdict:
    """No points, and why; name the `misconception` or give the `next_step` where you can."""
    return Verdict(0.0, _text(text), **_tuples(evidence))


def partial(fraction: float, text: Message, **evidence: Any) -> Verdict:
    """A part of the points: `fraction` from 0 to 1."""
    return Verdict(min(1.0, max(0.0, fraction)), _text(text), **_tuples(evidence))


def needs_a_look(text: Message, **evidence: Any) -> Verdict:
    """No points yet, and a person must decide: for work that may be right in a way no one foresaw."""
    return Verdict(0.0, _text(text), look=True, **_tuples(evidence))


def _text(text: Message) -> Message:
    """Refuse text that is in one language already: it could not be translated, nor the result read again."""
    if not isinstance(text, Message):
        raise TypeError(f'write a sentence as _("..."), not as plain text: {text!r}')
    return text


def _tuples(evidence: dict[str, Any]) -> dict[str, Any]:
    if "comparisons" in evidence:
        evidence["comparisons"] = tuple(evidence["comparisons"])
    return evidence


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a check's own rubric: whether it holds, what it weighs, what to say when it does not."""

    ok: bool
    label: Message
    weight: float
    otherwise: Message | None


def part(ok: object, label: Message, *, weight: float = 1.0, otherwise: Message | None = None) -> Part:
    """One line for `parts`: `label` names what is looked for, `otherwise` says what to do when it is missing."""
    return Part(bool(ok), label, weight, otherwise)


def parts(lines: Iterable[Part], *, success: Message, **evidence: Any) -> Verdict:
    """Add up the lines: the share of the weights that holds, each line shown with what was expected and found."""
    lines = list(lines)
    total = sum(line.weight for line in lines) or 1.0
    fraction = sum(line.weight for line in lines if line.ok) / total
    yes, no = message("yes"), message("no")
    shown = tuple(
        Comparison(label=line.label, expected=yes, found=yes if line.ok else no, ok=line.ok) for line in lines
    )
    evidence = _tuples(evidence)
    comparisons = (*shown, *evidence.pop("comparisons", ()))
    missing = [line for line in lines if not line.ok]
    if not missing:
        return Verdict(1.0, success, comparisons=comparisons, **evidence)
    evidence.setdefault("next_step", missing[0].otherwise)
    text = message("{held} of {total} parts are right.", held=len(lines) - len(missing), total=len(lines))
    return Verdict(fraction, text, comparisons=comparisons, **evidence)
