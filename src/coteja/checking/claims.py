"""Claims: what a student says of their own data, in whatever words, held against what the data say.

An answer is reduced to a short word ("yes", "0.5", "stuck"); what cannot be reduced is kept behind a "?", and a person
reads it: a right answer in words that nobody foresaw never costs points silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from coteja.checking.api import Verdict, failed, partial, passed
from coteja.checking.work import Work
from coteja.model.message import Message, message
from coteja.model.result import Comparison
from coteja.model.values import NoValue

_YES = ("true", "yes", "si", "verdadero", "cierto", "1", "1.0")
_NO = ("false", "no", "falso", "0", "0.0")
#: A number that stands alone, with a decimal point or comma. "0.5,0.1" and "1,000.5" are none: nobody can say which.
_NUMBER = re.compile(
    r"(?<![\w.])(?<!\d,)[-+]?(?:\d[\d_]*(?:[.,]\d+)?|[.,]\d+|nan|inf|infinity)(?:e[-+]?\d+)?(?!\w|[.,]\d)"
)


def plain(value: Any) -> str:
    """A value as plain text: lower case, no accents, no quotes or dots around it; "" when it says nothing.

    >>> plain(" Sí. "), plain(np.array([True])), plain(...), plain({"MSE": True})
    ('si', 'true', '', 'mse: true')
    """
    value = _alone(value)
    if isinstance(value, dict):
        return ", ".join(f"{plain(key)}: {plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(plain, value)))
    if not isinstance(value, str | bool | int | float | np.generic):
        return ""
    bare = unicodedata.normalize("NFKD", str(value).casefold())
    return "".join(c for c in bare if not unicodedata.combining(c)).strip(" .\"'\n\t")


def _alone(value: Any) -> Any:
    """The one thing in a list, tuple or array of one; arrays of more become lists."""
    if isinstance(value, np.ndarray):
        value = value.reshape(-1).tolist()
    return _alone(value[0]) if isinstance(value, list | tuple) and len(value) == 1 else value


def numbers_in(value: Any) -> list[float]:
    """The numbers that a single value holds, also as text, in their order.

    >>> numbers_in("after 1000 iterations: 0,5"), numbers_in("0.5, 0.1"), numbers_in("0.5,0.1"), numbers_in(True)
    ([1000.0, 0.5], [0.5, 0.1], [], [])
    """
    if isinstance(_alone(value), list | tuple | dict):
        return []
    return [float(found.replace(",", ".")) for found in _NUMBER.findall(plain(value))]


def number_in(value: Any) -> float | None:
    """The first number that a single value holds, also as text; None when there is none.

    >>> number_in("tasa = 0,1"), number_in("75 %"), number_in("none"), number_in([0.1, 0.5])
    (0.1, 75.0, None, None)
    """
    return next(iter(numbers_in(value)), None)


def choice_in(value: Any, choices: Iterable[float]) -> str:
    """The number that an answer gives where it should name one of `choices`; a person reads one that names several.

    >>> choice_in("0.1 after 1000", [0.5, 0.1]), choice_in(3, [0.5, 0.1]), choice_in("0.5 or 0.1", [0.5, 0.1])
    ('0.1', '3', '?0.5 or 0.1')
    """
    numbers = numbers_in(value)
    named = [choice for choice in choices if any(abs(number - choice) <= 1e-9 for number in numbers)]
    if not numbers or len(named) > 1:
        return unread(plain(value))
    return f"{(named or numbers)[0]:g}"


def unread(text: str) -> str:
    """An answer that a person has to read; "" stays what it is: no answer."""
    return f"?{text}" if text else ""


def yes_or_no(value: Any) -> str:
    """The word "yes" or "no" for what a student may write for True and False.

    >>> yes_or_no("No, se quedó igual"), yes_or_no(np.True_), yes_or_no("quizás")
    ('no', 'yes', '?quizas')
    """
    text = plain(value)
    first = text.replace(",", " ").split(maxsplit=1)[0] if text else ""
    return "yes" if first in _YES else "no" if first in _NO else unread(text)


def word_in(value: Any, vocabulary: Mapping[str, Sequence[str]]) -> str:
    """The one word of a vocabulary (word -> beginnings in any language) that an answer uses.

    >>> word_in("va muy lenta", {"crawls": ("lent", "crawl"), "stuck": ("atasc", "stuck")})
    'crawls'
    """
    text = plain(value)
    fitting = [word for word, stems in vocabulary.items() if any(stem in text for stem in stems)]
    return fitting[0] if len(fitting) == 1 else unread(text)


def claimed(work: Work, role: str) -> Any:
    """The value of a claim; None where the placeholder `...` still stands."""
    value = work.artefacts.get(role)
    if isinstance(value, NoValue) and value.kind == "opaque" and value.type_name.endswith("ellipsis"):
        return None
    return work.value(role)


def answers(work: Work, role: str, keys: Sequence[Any]) -> dict[Any, Any]:
    """A claim with one answer for each key; a list in the keys' order is as good as a dictionary."""
    value = claimed(work, role)
    if value is None:
        return dict.fromkeys(keys)
    if isinstance(value, np.ndarray):
        value = value.reshape(-1).tolist()
    if isinstance(value, list | tuple) and len(value) == len(keys):
        return dict(zip(keys, value, strict=True))
    given = {_spelling(key): item for key, item in work.mapping(role).items()}
    return {key: given.get(_spelling(key)) for key in keys}


def _spelling(key: Any) -> str:
    """One spelling for 0.5, "0.5" and NumPy's 0.5; for W1 and w1."""
    try:
        return f"{float(key):g}"
    except (TypeError, ValueError, OverflowError):
        return plain(key)


def agreement(
    label: Message, said: str, allowed: Iterable[str], *, words: Mapping[str, Message] | None = None
) -> Comparison:
    """One line of a claim: what the student says, and what the student's own data say.

    `words` gives what a reduced word looks like to a reader; "yes" and "no" are known.
    """
    shown = {"yes": message("yes"), "no": message("no"), "": message("no answer yet"), **(words or {})}
    wanted = sorted(allowed)
    return Comparison(
        label=label,
        expected=shown.get(wanted[0], wanted[0]),
        found=shown.get(said, said.removeprefix("?")),
        ok=said in wanted,
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def judge_claims(lines: Sequence[Comparison], success: Message) -> Verdict:
    """The share of a claim's answers that agrees with the data; an answer that cannot be read asks for a look."""
    right = sum(line.ok for line in lines)
    if lines and right == len(lines):
        return passed(success, comparisons=lines)
    if not lines or all(
        isinstance(line.found, Message) and line.found.id == "no answer yet" for line in lines
    ):
        return failed(message("This was not answered yet."), comparisons=lines)
    # What was understood is a message or one number; other text is not.
    odd = next((x.found for x in lines if isinstance(x.found, str) and not _is_number(x.found)), None)
    if odd is not None:
        text = message("I cannot read the answer “{answer}”; a person will.", answer=odd)
        return partial(right / len(lines), text, comparisons=lines, look=True)
    return partial(
        right / len(lines),
        message("{right} of {total} answers agree with your own data.", right=right, total=len(lines)),
        comparisons=lines,
        next_step=message(
            "A claim is about what your own numbers show, whatever they are. Look at them again."
        ),
    )
