"""For GitHub Actions: the step's summary, annotations at the cell's line, and outputs for the steps that follow.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coteja.feedback.plain import plain
from coteja.feedback.view import state_of
from coteja.i18n import Translator
from coteja.interop.marked import Marked
from coteja.model.message import message as _
from coteja.model.result import Outcome, QuestionResult

#: A step's summary may have 1 MiB; what is longer is not shown at all.
MAX_SUMMARY = 1_000_000


@dataclass(frozen=True, slots=True)
class Annotation:
    """One remark at one line of a file."""

    level: str
    file: str
    line: int
    title: str
    text: str

    def command(self) -> str:
        """The workflow command, on a line of its own whatever the texts hold."""
        place = f"file={_property(self.file)},line={self.line},title={_property(self.title)}"
        return f"::{self.level} {place}::{_data(self.text)}"


def remarks(
    marked: Marked, translator: Translator, file: str, lines: Mapping[str, int]
) -> Iterator[Annotation]:
    """One for each question that lost points, in the student's language. GitHub shows ten errors a step."""
    if marked.result.points is None:
        note = marked.result.notes[0] if marked.result.notes else _("The notebook could not be read.")
        yield Annotation("error", file, 1, plain(marked.result.assignment), plain(translator.say(note)))
    for question in marked.result.questions:
        wrong = [o for o in question.outcomes if state_of(o) in ("failed", "partial", "look", "error")]
        if wrong:
            yield Annotation(
                "warning" if all(state_of(o) in ("look", "error") for o in wrong) else "error",
                file,
                lines.get(question.question, 1),
                _title(question, translator),
                "\n".join(_line(outcome, translator) for outcome in wrong),
            )


def _title(question: QuestionResult, translator: Translator) -> str:
    title = plain(translator.one_of(question.title)) or plain(question.question)
    points = f"{translator.fixed(question.points, 2)} / {translator.fixed(question.max_points, 2)}"
    return f"{title} · {points}"


def _line(outcome: Outcome, translator: Translator) -> str:
    said = f"{translator.say(outcome.title)}: {translator.say(outcome.message)}"
    step = f" {translator.say(outcome.next_step)}" if outcome.next_step else ""
    return plain(said + step).replace("\n", " ")


def summary(marked: Sequence[Marked]) -> str:
    """The feedback pages in Markdown, each in its student's language; as many as there is room for."""
    pages = [_page(m) for m in marked]
    shown: list[str] = []
    size = 0
    for page in pages:
        size += len(page.encode())
        if size > MAX_SUMMARY:
            shown.append(
                f"\n({len(pages) - len(shown)} of {len(pages)} pages are too long to be shown here.)\n"
            )
            break
        shown.append(page)
    return "\n\n---\n\n".join(shown) + "\n"


def _page(marked: Marked) -> str:
    try:
        return marked.page("md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return f"{plain(marked.result.student)}: feedback.{marked.result.language}.md is missing."


def outputs(marked: Sequence[Marked]) -> str:
    """`points`, `max_points`, `percent` and `status` for later steps: the student with the lowest share of several."""
    lowest = min(marked, key=lambda m: (m.points or 0.0) / m.max_points if m.max_points else 0.0)
    points = "" if lowest.points is None else f"{lowest.points:g}"
    percent = 100 * (lowest.points or 0.0) / lowest.max_points if lowest.max_points else 0.0
    return (
        f"points={points}\nmax_points={lowest.max_points:g}\npercent={percent:.1f}\n"
        f"status={lowest.result.status}\n"
    )


def append(path: Path, text: str) -> None:
    """GitHub's files are added to: other steps write there too."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
