"""Text that is not yet in any language: a gettext message with its parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

#: Infinities and NaN have no JSON; they read the same in every language, so they travel as text.
_NOT_FINITE = {math.inf: "∞", -math.inf: "−∞"}


class Message(msgspec.Struct, frozen=True, tag="message"):
    """A sentence to translate.

    `id` is the English sentence (the gettext msgid) with `{names}`; `params` fills them in. Numbers are
    formatted by the reader's locale, a `Message` is translated in turn, text is shown as it is (escaped).
    """

    id: str
    params: dict[str, str | int | float | Message] = {}

    def __str__(self) -> str:
        return fill(self.id, {name: str(value) for name, value in self.params.items()})

    def __hash__(self) -> int:
        return hash((self.id, tuple(sorted(self.params))))


Param = str | int | float | Message

_FIELD = re.compile(r"\{(\w+)\}")


def fill(template: str, texts: Mapping[str, str]) -> str:
    """Put texts in place of `{names}`; a name without a text stays as it is.

    Not `str.format`: a template may come out of an untrusted notebook, and `{name.attribute}` would be followed.

    >>> fill("{who} has {n.__class__} and {what}", {"who": "Ana", "n": "1"})
    'Ana has {n.__class__} and {what}'
    """
    return _FIELD.sub(lambda found: texts.get(found[1], found[0]), template)


def as_param(value: Any) -> Param:
    """Turn a value into something a message can carry: Python numbers, text, or another message.

    >>> as_param(float("inf"))
    '∞'
    """
    if isinstance(value, Message | str | bool | int):
        return str(value) if isinstance(value, bool) else value
    try:
        number = float(value) if hasattr(value, "__float__") else None
    except (TypeError, ValueError):  # an array of several numbers, or of text
        number = None
    if number is None:
        return str(value)
    return "NaN" if math.isnan(number) else _NOT_FINITE.get(number, number)


def message(text: str, /, **params: Any) -> Message:
    """Make a message. Imported as `_` by those who write checks, so that Babel finds the sentence.

    >>> message("The cost is {found}.", found=0.5).params
    {'found': 0.5}
    """
    return Message(id=text, params={name: as_param(value) for name, value in params.items()})


Texts = Mapping[str, str]
"""A text that a course's author wrote in every language: language code -> text."""
