"""JSON from strangers: text that can be written to a file again."""

from __future__ import annotations

import json
import re
from typing import Any

_ESCAPED_SURROGATE = re.compile(r"\\ud[89a-f]", re.IGNORECASE)


def loads(text: str) -> Any:
    r"""Parse JSON; lone surrogates, which no encoding can write, become question marks.

    >>> loads(r'"caf\u00e9 \ud83d\ude00 \ud800"')
    'café 😀 ?'
    """
    data = json.loads(text)
    if _ESCAPED_SURROGATE.search(text):  # rare, and mostly a pair that was an emoji
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    return data
