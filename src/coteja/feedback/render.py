"""Renders a result through the templates: HTML for people, Markdown for pull requests and terminals.

Course templates override the packaged ones by name (`feedback.html.j2`, `feedback.css`, ...). In a template
`page` is a `feedback.page.Page`, `_("Sentence with {name}.", name=...)` a translated sentence, and
`ngettext("{count} point", "{count} points", n)` one that depends on a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from coteja.errors import CourseError
from coteja.feedback import view
from coteja.feedback.page import Page
from coteja.feedback.plain import escape_markdown, fenced
from coteja.i18n import Translator, packaged_templates
from coteja.model.result import SubmissionResult


def render_html(
    result: SubmissionResult,
    translator: Translator,
    *,
    assignment_title: Mapping[str, str],
    other_languages: Mapping[str, str],
    course_templates: Path | None = None,
    marked_at: datetime,
) -> str:
    """One self-contained page: no request to anywhere, no script.

    Parameters
    ----------
    assignment_title
        The assignment's title in each language.
    other_languages
        Language code -> relative link to the same page in that language.
    course_templates
        A folder whose templates go before the packaged ones.
    marked_at
        When the result was marked, as the page shows it.
    """
    shown = view.page(
        result,
        translator,
        assignment_title=assignment_title,
        other_languages=other_languages,
        marked_at=marked_at,
    )
    return _html(shown, translator, course_templates)


def render_markdown(
    result: SubmissionResult,
    translator: Translator,
    *,
    assignment_title: Mapping[str, str],
    other_languages: Mapping[str, str],
    course_templates: Path | None = None,
    marked_at: datetime,
) -> str:
    """The same as Markdown (GitHub's): each curve is told in words. Parameters as for `render_html`."""
    shown = view.page(
        result,
        translator,
        assignment_title=assignment_title,
        other_languages=other_languages,
        marked_at=marked_at,
    )
    return _markdown(shown, translator, course_templates)


def render_pages(
    result: SubmissionResult,
    translator: Translator,
    *,
    assignment_title: Mapping[str, str],
    other_languages: Mapping[str, str],
    course_templates: Path | None = None,
    marked_at: datetime,
) -> dict[str, str]:
    """Both, by file suffix (`html`, `md`), made ready and drawn only once. Parameters as for `render_html`."""
    shown = view.page(
        result,
        translator,
        assignment_title=assignment_title,
        other_languages=other_languages,
        marked_at=marked_at,
    )
    return {
        "html": _html(shown, translator, course_templates),
        "md": _markdown(shown, translator, course_templates),
    }


def _html(shown: Page, translator: Translator, course_templates: Path | None) -> str:
    return render_template(environment(translator, course_templates), "feedback.html.j2", page=shown)


def _markdown(shown: Page, translator: Translator, course_templates: Path | None) -> str:
    return render_template(
        environment(translator, course_templates, markdown=True), "feedback.md.j2", page=shown
    )


def render_template(env: Environment, name: str, **shown: object) -> str:
    """Render one template; a course's own may be wrong, which is for its author to know."""
    try:
        return env.get_template(name).render(**shown)
    except TemplateError as fault:
        place = getattr(fault, "filename", None) or name
        line = f", line {fault.lineno}" if isinstance(fault, TemplateSyntaxError) else ""
        raise CourseError(
            f"{place}{line}: {fault.message}. Mend this template, or remove it to use the packaged one."
        ) from fault


@lru_cache(maxsize=64)
def environment(
    translator: Translator, course_templates: Path | None, *, markdown: bool = False
) -> Environment:
    """Jinja for one language: strict, escaping, the course's templates before the packaged ones."""
    folders = [folder for folder in (course_templates, packaged_templates()) if folder is not None]
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,  # whatever the template is called; in Markdown `finalize` does it first
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_escaped if markdown else None,
    )
    env.globals.update(translator.gettext_callables())
    env.globals["_"] = translator.text
    env.filters["points"] = lambda points: translator.fixed(points, 2)
    env.filters["fenced"] = lambda text: Markup(fenced(text))  # noqa: S704 (the fence is longer than any inside)
    return env


def _escaped(value: object) -> object:
    """What Jinja calls on each expression of a Markdown template: text is escaped."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if len(value) > _LONG:
        return Markup(escape_markdown(value))  # noqa: S704 (this is the escaping)
    return _escaped_short(value)


#: Longer texts are a student's own and come once; the short ones are the same on every page.
_LONG = 300


@lru_cache(maxsize=4096)
def _escaped_short(text: str) -> Markup:
    return Markup(escape_markdown(text))  # noqa: S704 (this is the escaping)
