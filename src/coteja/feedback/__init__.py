"""What a student reads: one result as a self-contained page or as Markdown, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coteja.feedback.render import render_html, render_markdown, render_pages

__all__ = ["render_html", "render_markdown", "render_pages"]


def __getattr__(name: str) -> Any:  # whoever wants a neighbour alone does not wait for Jinja
    if name not in __all__:
        raise AttributeError(name)
    from coteja.feedback import render

    return getattr(render, name)
