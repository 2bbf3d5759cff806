"""The released notebook as data: what was given, what is to be answered, and where."""

from __future__ import annotations

from typing import Literal

import msgspec

TemplateKind = Literal["text", "given", "answer", "check", "written"]


class TemplateCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the released notebook. `cell_id` is the same in every language and every release."""

    kind: TemplateKind
    cell_id: str
    cell_type: Literal["markdown", "code"]
    source: str
    question: str | None = None
    tags: tuple[str, ...] = ()
    points: float | None = None
