"""Names folded so that accents, case, order and punctuation do not matter."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, words of letters and digits with one space between.

    >>> fold("  LÓPEZ_Núñez,  Ana-María ")
    'lopez nunez ana maria'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def words(text: str) -> tuple[str, ...]:
    """The folded words, in order."""
    return tuple(fold(text).split())


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, whatever comes first.

    >>> same_name("Xicará, Carlos", "carlos xicara")
    True
    """
    return bool(words(one)) and sorted(words(one)) == sorted(words(other))


def run_together(name: str) -> set[str]:
    """A name as Canvas writes it, last names first and nothing between; where they begin is not known, so each way.

    >>> sorted(run_together("Ana López"))
    ['analopez', 'lopezana']
    """
    parts = words(name)
    return {"".join(parts[i:] + parts[:i]) for i in range(len(parts))}


def printable(name: str) -> str:
    """A name that can be written anywhere: a file's name may be no text at all."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
