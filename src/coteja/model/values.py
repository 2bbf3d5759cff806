"""Values as they come out of the sandbox: plain, typed, rebuilt by us; never the student's own objects.

A value is None, bool, int, float, complex, str, bytes, list, tuple, dict, a NumPy array of a plain dtype,
or `NoValue`, which says why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

NoValueKind = Literal["missing", "cut", "opaque", "function", "error"]


@dataclass(frozen=True, slots=True)
class NoValue:
    """There is no value, and why.

    missing: no variable of that name. cut: too big to travel. opaque: an object that is not plain data.
    function: something callable. error: reading or calling it raised (`detail` says what).
    """

    kind: NoValueKind
    type_name: str = ""
    detail: str = ""


MISSING = NoValue("missing")

Value = Any
"""One of the types named in this module's docstring; `Any` because NumPy arrays make the union useless."""


def is_value(value: Value) -> bool:
    """True unless `value` is a `NoValue`."""
    return not isinstance(value, NoValue)
