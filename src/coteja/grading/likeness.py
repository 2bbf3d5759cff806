"""Puts written answers that say the same beside each other, so that they get the same mark. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")

#: Shorter answers are together only when they are equal: one word decides there.
SHORT = 40
#: One such word more or less turns a sentence around, however alike the rest is.
_TURNS = frozenset({"no", "ni", "nunca", "sin", "tampoco", "not", "never", "without", "neither", "nor"}) | {
    "dont",
    "doesnt",
    "isnt",
    "cant",
    "wont",
}


def said(text: str) -> str:
    """What an answer says, without case, accents, punctuation and space; signs that calculate are kept.

    >>> said("No: así,  2·x = 3.")
    'no asi 2 · x = 3'
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’`*_\\")
    return " ".join(re.findall(r"\w+|[-+*/=<>^%·×÷−≠≈≤≥√∞∑∂∇~|]", plain))


def alike(items: Sequence[T], text_of: Callable[[T], str], *, share: float) -> list[list[T]]:
    """The items in groups that say the same, the largest first; each group's first item stands for it.

    Two answers are alike when they are equal but for case, accents and punctuation, or when `share` of their words'
    letters agree in order (rapidfuzz's token_sort_ratio), with the same numbers and the same negations.
    """
    from rapidfuzz import fuzz

    exact: dict[str, list[T]] = {}
    for item in items:
        exact.setdefault(said(text_of(item)), []).append(item)
    groups: dict[Hashable, list[tuple[str, list[T]]]] = {}
    for text, same in sorted(exact.items(), key=lambda entry: -len(entry[1])):
        near = groups.setdefault(_turns(text), [])
        for leader, group in near:
            if min(len(leader), len(text)) >= SHORT and fuzz.token_sort_ratio(
                leader, text, score_cutoff=100 * share
            ):
                group.extend(same)
                break
        else:
            near.append((text, list(same)))
    found = [group for near in groups.values() for _leader, group in near]
    return sorted(found, key=lambda group: -len(group))


def _turns(text: str) -> Hashable:
    words = text.split()
    return tuple(sorted(w for w in words if w in _TURNS or any(c.isdigit() for c in w)))
