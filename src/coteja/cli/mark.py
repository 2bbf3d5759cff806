"""`coteja mark`: a person reads the written answers, one question at a time."""

from __future__ import annotations

import getpass
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coteja.cli.common import course_of, course_option, gradebook_option, languages_of, ledger_of, out_option

if TYPE_CHECKING:
    from rich.console import Console

    from coteja.gradebook.rows import Comment, Mark
    from coteja.grading.handmarking import Answer
    from coteja.grading.lab import Lab
    from coteja.grading.ledger import Ledger
    from coteja.model.assignment import Question

_HELP = """\
  3            3 points (2.5 or 2,5 as well)
  3 #2         3 points, with comment 2 of the bank
  3 Some text  3 points and a comment of your own, which goes into the bank
  Enter        what answers like this got before, where that is shown
  s            show these answers one by one
  r            the rubric once more
  k            skip; it will come again next time
  u            undo what you gave last
  q            stop; `coteja mark` goes on from here"""
_POINTS = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s+(.*))?", re.DOTALL)
#: So many answers of a group, and comments of the bank, are shown.
_SHOWN = 9


@click.command()
@click.argument("assignment")
@click.option("--question", "questions", multiple=True, help="Only this question (may be given again).")
@click.option("--by", "given_by", envvar="COTEJA_MARKER", help="Who marks (default: the user's name).")
@click.option("--anonymous", is_flag=True, help="Do not show who wrote an answer.")
@click.option("--again", is_flag=True, help="Show answers that have a mark already, too.")
@click.option(
    "--alike",
    type=click.FloatRange(0.5, 1.0),
    default=0.92,
    show_default=True,
    help="Answers that agree so far come together; 1 for equal ones alone.",
)
@click.option("--list", "only_list", is_flag=True, help="Say how many answers wait, and ask nothing.")
@gradebook_option
@out_option("Folder that `coteja grade` wrote to (default: marked/ASSIGNMENT in the course).")
@course_option
def mark(
    assignment: str,
    questions: tuple[str, ...],
    given_by: str | None,
    anonymous: bool,
    again: bool,
    alike: float,
    only_list: bool,
    gradebook: str | None,
    out: Path | None,
    course_dir: Path,
) -> None:
    """Mark the written answers of ASSIGNMENT: one question at a time, similar answers together.

    Each mark is kept at once; stop whenever you like. Feedback pages are made again at the end.
    """
    from rich.console import Console

    from coteja.errors import UsageError
    from coteja.grading.handmarking import read_answers
    from coteja.grading.lab import load_lab
    from coteja.grading.places import Places

    course = course_of(course_dir, assignment)
    lab = load_lab(course, assignment)
    places = Places(out or course.root / "marked" / lab.assignment.id)
    known = [q.id for q in lab.assignment.questions if q.written]
    for wanted in questions:
        if wanted not in known:
            raise UsageError(
                f"--question {wanted}: {lab.assignment.id} has written answers in: {', '.join(known) or 'no question'}."
            )
    if not any(places.root.glob("results/*.json")):
        raise UsageError(f"{places.root}: nothing has been marked here yet. Run `coteja grade` first.")
    ledger = ledger_of(course, lab.assignment, gradebook, without=False, given_by="coteja mark")
    assert ledger is not None  # noqa: S101 (without=False)
    console = Console(highlight=False, soft_wrap=False)
    answers = read_answers(ledger, places, on_fault=lambda fault: click.echo(f"Left out: {fault}", err=True))
    if not answers and known:
        raise UsageError(
            f"{ledger.gradebook.database.name}: no written answer is known here. Results made with --no-gradebook are not "
            "in it; run `coteja grade` again."
        )
    _overview(answers)
    if only_list:
        return
    session = _Session(
        lab, ledger, console, given_by or getpass.getuser(), anonymous=anonymous, again=again, share=alike
    )
    for question in lab.assignment.questions:
        if question.id in answers and (not questions or question.id in questions) and not session.stopped:
            session.question(question, answers[question.id])
    renew_pages(lab, ledger, places, languages_of(course, ()))
    if session.given:
        click.echo(f"Marks given: {session.given}.")


def _overview(answers: dict[str, list[Answer]]) -> None:
    for question, own in answers.items():
        waiting = sum(answer.waits for answer in own)
        line = f"{question}: {len(own)} written answers, {waiting} wait for a mark"
        if outdated := sum(answer.outdated for answer in own):
            line += f", {outdated} were marked before the checks' points changed"
        click.echo(line + ".")


def renew_pages(lab: Lab, ledger: Ledger, places: object, languages: Sequence[str]) -> None:
    """Put marks that are new into results and pages, and say how many."""
    from coteja.feedback.plain import plain
    from coteja.grading.handmarking import renew
    from coteja.grading.marking import Marker, Places, utc_now

    assert isinstance(places, Places)  # noqa: S101
    done = 0
    for student, right in renew(Marker(lab, places, languages, utc_now, ledger), ledger):
        done += right
        if not right:
            click.echo(
                f"{plain(student)}: the result file is missing or damaged; `coteja grade` makes it again, with the mark."
            )
    if done:
        click.echo(f"Feedback made again: {done}.")


@dataclass
class _Session:
    """One sitting of one person."""

    lab: Lab
    ledger: Ledger
    console: Console
    given_by: str
    anonymous: bool
    again: bool
    share: float
    stopped: bool = False
    #: What was given in this sitting, step by step, so that it can be undone.
    steps: list[tuple[list[Answer], list[Mark]]] = field(default_factory=list)

    @property
    def given(self) -> int:
        """How many marks of this sitting stand."""
        return sum(len(marks) for _answers, marks in self.steps)

    def question(self, question: Question, answers: Sequence[Answer]) -> None:
        """Every group of one question, until all are marked or the person stops."""
        from coteja.grading.handmarking import grouped

        groups = grouped(answers, share=self.share, again=self.again)
        if not groups:
            return
        self._rubric(question)
        queue = list(groups)
        while queue and not self.stopped:
            group = queue.pop(0)
            left = sum(len(g) for g in queue)
            queue = self._group(question, group, left) + queue

    def _group(self, question: Question, group: list[Answer], left: int) -> list[list[Answer]]:
        """Ask for one group's mark. Returns groups that are to be asked for next."""
        from coteja.grading.handmarking import give, given_before

        wanted = [answer for answer in group if answer.waits or self.again]
        before = given_before(group)
        self._show(group, wanted, before, left)
        bank = self.ledger.gradebook.comments(self.ledger.assignment, question.id)
        self._bank(bank)
        while True:
            said = self._ask(before)
            if said in ("q", "k"):
                self.stopped = said == "q"
                return []
            if said == "?":
                click.echo(_HELP)
            elif said == "r":
                self._rubric(question)
            elif said == "s" and len(wanted) > 1:
                return [[answer] for answer in wanted]
            elif said == "s":
                click.echo("There is only one answer here.")
            elif said == "u":
                if taken := self._undo():
                    return [taken, group] if taken[0].question == question.id else [group]
            elif (read := self._read(said, wanted[0].max_points, bank, before)) is not None:
                points, comment = read
                marks, others = give(
                    self.ledger,
                    wanted,
                    points,
                    comment,
                    given_by=self.given_by,
                    given_at=_now(),
                    again=self.again,
                )
                if comment and all(comment != entry.text for entry in bank):
                    self.ledger.gradebook.keep_comment(
                        self.ledger.assignment,
                        question.id,
                        comment,
                        given_by=self.given_by,
                        given_at=_now(),
                    )
                for mark in others:
                    click.echo(f"{mark.given_by} gave {mark.points:g} to one of these meanwhile; that stays.")
                self.steps.append((wanted, marks))
                return []

    def _ask(self, before: Mark | None) -> str:
        hint = f", Enter = {before.points:g}" if before else ""
        try:
            said = click.prompt(
                f"Points (? for help{hint})", default="", show_default=False, prompt_suffix="> "
            )
        except click.Abort:  # the end of the input, or Ctrl-C: what was given is kept
            click.echo()
            return "q"
        return str(said).strip()

    def _read(
        self, said: str, most: float, bank: Sequence[Comment], before: Mark | None
    ) -> tuple[float, str] | None:
        """Points and comment out of what was typed; None, and a sentence, where it is neither."""
        if not said and before:
            return before.points, before.comment
        found = _POINTS.fullmatch(said)
        if not found:
            click.echo("That is neither points nor one of the letters. ? shows what can be typed.")
            return None
        points = float(found[1].replace(",", "."))
        if points > most:
            click.echo(f"This answer is worth {most:g} points at most.")
            return None
        comment = (found[2] or "").strip()
        if chosen := re.fullmatch(r"#(\d+)", comment):
            number = int(chosen[1])
            if not 1 <= number <= len(bank):
                click.echo(f"There is no comment {number} in the bank of this question.")
                return None
            comment = bank[number - 1].text
        return points, comment

    def _undo(self) -> list[Answer]:
        """Take back the last step; its answers wait again."""
        if not self.steps:
            click.echo("Nothing was given in this sitting.")
            return []
        answers, marks = self.steps.pop()
        for mark in marks:
            self.ledger.gradebook.undo_mark(mark.id, given_by=self.given_by, given_at=_now())
        click.echo(
            f"Taken back: {len(marks)} marks of {answers[0].question}."
            if marks
            else "There was nothing of yours in it."
        )
        return [replace(answer, mark=None) for answer in answers]

    def _rubric(self, question: Question) -> None:
        """Title and rubric, the languages side by side."""
        from rich.markup import escape
        from rich.table import Table

        languages = self.lab.assignment.languages
        table = Table(
            title=escape(" · ".join(question.title[lang] for lang in languages)), title_justify="left"
        )
        table.add_column("Points", justify="right")
        for language in languages:
            table.add_column(language)
        for line in question.written.rubric if question.written else ():
            table.add_row(f"{line.points:g}", *(escape(line.text[lang]) for lang in languages))
        self.console.print()
        self.console.print(table)

    def _show(
        self, group: Sequence[Answer], wanted: Sequence[Answer], before: Mark | None, left: int
    ) -> None:
        from rich.panel import Panel
        from rich.text import Text

        from coteja.feedback.plain import plain

        title = f"{group[0].question} · {len(wanted)} " + (
            "answers that say the same" if len(wanted) > 1 else "answer"
        )
        texts = list(dict.fromkeys(plain(answer.text).strip() for answer in wanted))
        body = Text()
        for number, text in enumerate(texts[:_SHOWN]):
            body.append("\n\n" if number else "")
            body.append(text if text else "(empty)")
        if len(texts) > _SHOWN:
            body.append(f"\n\n(and {len(texts) - _SHOWN} more of them)")
        self.console.print(
            Panel(body, title=Text(title), subtitle=Text(f"{left} after this" if left else "the last"))
        )
        if not self.anonymous:
            who = ", ".join(
                f"{plain(a.name)} ({a.automatic_points:g}/{a.automatic_max:g} by the checks)"
                for a in wanted[:_SHOWN]
            )
            more = f" and {len(wanted) - _SHOWN} more" if len(wanted) > _SHOWN else ""
            self.console.print(Text(who + more))
        if before:
            note = f": {plain(before.comment)}" if before.comment else ""
            self.console.print(Text(f"Answers like this got {before.points:g}{note}"))

    def _bank(self, bank: Sequence[Comment]) -> None:
        from rich.text import Text

        from coteja.feedback.plain import plain

        for number, comment in enumerate(bank[:_SHOWN], 1):
            self.console.print(Text(f"  #{number} {plain(comment.text)}"))
        if len(bank) > _SHOWN:
            self.console.print(Text(f"  and up to #{len(bank)}"))


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")
