"""Shows the outcomes of a student's own look: HTML in a notebook, plain text, or a terminal in colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coteja.feedback import view
from coteja.feedback.explain import explain_cell
from coteja.feedback.plain import plain as clean
from coteja.feedback.render import environment
from coteja.i18n import Translator
from coteja.model.message import message as _
from coteja.model.recording import CellRun
from coteja.model.result import Outcome

_SIGNS = {"passed": "✓", "partial": "◐", "failed": "✗", "skipped": "–", "error": "!"}
_STYLES = {"passed": "green", "partial": "yellow", "failed": "red", "skipped": "dim", "error": "magenta"}


def card(question: str, outcomes: Sequence[Outcome], say: Translator) -> str:
    """A self-contained piece of HTML for a notebook's output. All text is escaped."""
    checks = [view.check(outcome, say, f"{question}-{outcome.check}") for outcome in outcomes]
    summary = _summary(question, outcomes, say)
    return (
        environment(say, None)
        .get_template("check.html.j2")
        .render(summary=summary, checks=checks, language=say.language)
    )


def plain(question: str, outcomes: Sequence[Outcome], say: Translator) -> str:
    """The same as text, one line a check and its next step below it."""
    lines = [_summary(question, outcomes, say)]
    for outcome in outcomes:
        lines += [
            f"{_SIGNS[outcome.status]} {clean(say.say(outcome.title))}",
            *(f"    {text}" for text in _details(outcome, say)),
        ]
    return "\n".join(lines)


def _summary(question: str, outcomes: Sequence[Outcome], say: Translator) -> str:
    if not outcomes:
        return say.say(_("{question}: nothing to check before you hand it in", question=question))
    holds = sum(outcome.status == "passed" for outcome in outcomes)
    return say.say(
        _("{question}: {holds} of {total} checks hold", question=question, holds=holds, total=len(outcomes))
    )


def _details(outcome: Outcome, say: Translator) -> list[str]:
    if outcome.status == "passed":
        return []
    texts = [outcome.message]
    if outcome.misconception is not None:
        texts += [outcome.misconception.name, outcome.misconception.explanation]
    if outcome.next_step is not None:
        texts.append(outcome.next_step)
    return [clean(say.say(text)) for text in texts]


def terminal(
    outcomes: Mapping[str, Sequence[Outcome]],
    unanswered: Sequence[str],
    problems: Sequence[CellRun],
    say: Translator,
) -> None:
    """Print to a terminal, in colour where it has any."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console()
    for question, found in outcomes.items():
        console.print(Text(_summary(question, found, say), style="bold"))
        for outcome in found:
            sign = f"{_SIGNS[outcome.status]} {clean(say.say(outcome.title))}"
            console.print(Padding(Text(sign, style=_STYLES[outcome.status]), (0, 0, 0, 2)))
            for text in _details(outcome, say):
                console.print(Padding(Text(text), (0, 0, 0, 6)))
    for question in unanswered:
        console.print(
            Text(say.say(_("{question}: could not be looked at", question=question)), style="bold red")
        )
    for cell in problems:
        where = say.say(_("Cell {number}", number=cell.index + 1))
        console.print(Text(f"{where}: {clean(say.say(explain_cell(cell)))}", style="yellow"))
    console.print(
        Text(say.say(_("These are the public checks alone; your mark comes from more of them.")), style="dim")
    )
