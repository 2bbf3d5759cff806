"""What a student reads: one result as a self-contained page or as Markdown, in one language."""

from coteja.feedback.render import render_html, render_markdown, render_pages

__all__ = ["render_html", "render_markdown", "render_pages"]
