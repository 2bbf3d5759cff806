"""Names folded so that accents, case, order and punctuation do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case, no accents, words of letters and digits with one space between.

    >>> fold("  LÓPEZ_Núñez,  Ana-María ")
    'lopez nunez ana maria'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


@lru_cache(maxsize=50_000)  # a class's names are held against every file's
def words(text: str) -> tuple[str, ...]:
    """The folded words, in order."""
    return tuple(fold(text).split())


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
