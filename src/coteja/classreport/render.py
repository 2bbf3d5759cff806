"""Renders a class report through the templates: one self-contained page a language.

Course templates override the packaged ones by name (`class.html.j2`, `class.css`). In a template `report` is a
`classreport.result.ClassReport`; `say`, `title`, `percent`, `number` put its messages and figures into the page's
language, `link(who, anchor)` is where somebody's feedback is, empty when there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from coteja.classreport.drawing import NARROW, WIDE, draw_histogram, in_words, percent
from coteja.classreport.result import ClassReport, Who
from coteja.classreport.statistics import LEAST_DIFFERENT, LEAST_STUDENTS, strength
from coteja.feedback.plain import plain
from coteja.feedback.render import environment, render_template
from coteja.feedback.view import RUNG_WORDS, language_link, moment
from coteja.i18n import Translator
from coteja.model.message import Message, message

#: (file, language) -> relative link to that submission's feedback, or None when there is none.
Links = Callable[[str, str], str | None]

#: How a check can end, in the order of the table's columns: name in `Counts` and what is said of it.
STATES = (
    ("passed", message("Right")),
    ("partial", message("Partly right")),
    ("failed", message("Not yet")),
    ("skipped", message("Not looked at")),
    ("look", message("A person decides")),
    ("error", message("Our fault")),
)
REASONS = {
    "unreadable": message("Could not be read or run: no points yet, and no zero."),
    "check_failed": message("A check broke down. That is not the student's fault."),
    "check_asks": message("A check leaves it to a person."),
    "other": message("Something in the run was not as expected."),
}
STRENGTHS = {
    "strong": message("strong"),
    "fair": message("fair"),
    "weak": message("weak"),
    "reversed": message("the wrong way round"),
}
#: Why a file that was handed in was not marked as it stands; what is set aside for another attempt is not listed.
UNPLACED = {
    "unmatched": message("nobody of the roster; marked under its own name"),
    "ambiguous": message("more than one student fits; marked under its own name"),
    "refused": message("not read"),
    "not_a_notebook": message("not a notebook"),
    "other_assignment": message("of another assignment"),
}
#: So many people are named in one list of the page; report.json and scores.csv have them all.
MOST_NAMED = 200


def render_class(
    report: ClassReport,
    translator: Translator,
    *,
    other_languages: Mapping[str, str],
    links: Links,
    course_templates: Path | None = None,
) -> str:
    """One page: no request to anywhere, no script.

    Parameters
    ----------
    other_languages
        Language code -> relative link to the same page in that language.
    links
        Where the feedback of a submission is.
    course_templates
        A folder whose templates go before the packaged ones.
    """

    def say(text: Message | str | None) -> str:
        return plain(translator.say(text)) if text is not None else ""

    def link(who: Who, anchor: str = "") -> str:
        found = links(who.file, translator.language) if who.file else None
        return f"{found}#{anchor}" if found and anchor else found or ""

    median = report.scores.median if report.scores else None
    return render_template(
        environment(translator, course_templates),
        "class.html.j2",
        report=report,
        language=translator.language,
        languages=[language_link(code, where) for code, where in other_languages.items()],
        made_at=moment(datetime.fromisoformat(report.made_at), translator),
        say=say,
        link=link,
        title=lambda texts, default="": plain(translator.one_of(texts)) or plain(default),
        percent=lambda share: "–" if share is None else percent(share, translator),
        number=lambda value, decimals=2: "–" if value is None else translator.fixed(value, decimals),
        correlation=lambda value: "–" if value is None else f"{value + 0.0:.2f}".replace("-", "−"),
        strength=lambda value: say(STRENGTHS[strength(value)]),
        unplaced=lambda why: say(UNPLACED.get(why, why)),
        most=MOST_NAMED,
        rung=lambda name: say(RUNG_WORDS.get(name, name)),
        states=STATES,
        reasons=REASONS,
        wide=draw_histogram(report.histogram, translator, name="wide", size=WIDE, median=median),
        narrow=draw_histogram(report.histogram, translator, name="narrow", size=NARROW, median=median),
        in_words=in_words(report.histogram, translator),
        least=LEAST_STUDENTS,
        least_different=LEAST_DIFFERENT,
    )
