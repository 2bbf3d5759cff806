"""Text from students made harmless to show: no terminal codes, no invisible characters, and no markup.

HTML is escaped by Jinja's autoescape. Markdown has no such thing, so `escape_markdown` is what the Markdown
environment applies to every expression.
"""

from __future__ import annotations

import re

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"
    r"|\x1b[ -/]*[0-~]"
)
#: Control characters, lone surrogates, and what reorders text: never shown, never written to a file.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
#: What begins emphasis, code, a link, a table cell, maths, a mention; at the start a list or a heading too.
_MARKUP = re.compile(
    r"([\\`*_\[\]|~$@]|:(?=//)|(?<=\bwww)\.|^[-+#=]|(?<=^\d)[.)](?= |$)|(?<=^\d\d)[.)](?= |$))", re.IGNORECASE
)
_FENCE = re.compile(r"`+")


def plain(text: str) -> str:
    """`text` without ANSI escapes, control characters, direction overrides and lone surrogates.

    >>> plain("\\x1b[31mValueError\\x1b[0m: bad\\r\\nshape")
    'ValueError: bad\\nshape'
    """
    if text.isprintable():  # nearly all are: neither escapes nor line breaks nor anything that cannot be seen
        return text
    text = _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))


def shorten(text: str, length: int) -> str:
    """`text` on one line, at most `length` characters, with an ellipsis where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def escape_markdown(text: str) -> str:
    """`text` so that every Markdown reader shows it as it is, on one line, inside a table cell too.

    >>> print(escape_markdown("<b>a|b</b> `x`"))
    &lt;b&gt;a\\|b&lt;/b&gt; \\`x\\`
    """
    line = re.sub(r"\s+", " ", plain(text))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    indent = line[: len(line) - len(line.lstrip())]
    return indent + _MARKUP.sub(r"\\\1", line.lstrip())


def fenced(text: str) -> str:
    """`text` as a code block that nothing in it can close.

    >>> print(fenced("a\\n```\\nb"))
    ````text
    a
    ```
    b
    ````
    """
    body = plain(text).rstrip("\n")
    longest = max((len(run) for run in _FENCE.findall(body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{body}\n{fence}"
