"""Calls the reference's functions, or a mistake's in their place, with the steps of a probe. The author's code alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coteja.course.modules import call_author
from coteja.errors import CourseError
from coteja.model.values import Value

Step = tuple[str, tuple[Value, ...]]


def run_steps(functions: Mapping[str, Callable[..., Any]], case: Sequence[Step], path: Path) -> list[Value]:
    """What the functions return, step by step; a later step may use what an earlier one gave.

    Raises
    ------
    CourseError
        There is no such function, or it raised; `path` is the module that it is looked for in.
    """
    returned: list[Value] = []
    for name, args in case:
        own = functions.get(name)
        if own is None:
            raise CourseError(f"{path}: there is no function {name!r}, which a probe calls. Define it.")
        resolved = [_resolve(arg, returned) for arg in args]
        returned.append(call_author(path, f"{name}, called by a probe,", own, *resolved))
    return returned


def _resolve(arg: Value, returned: Sequence[Value]) -> Value:
    if isinstance(arg, dict) and "$step" in arg:
        value = returned[arg["$step"]]
        return value[arg["$item"]] if "$item" in arg else value
    return arg
