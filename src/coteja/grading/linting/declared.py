"""Faults of an assignment.toml that can be read: points, rubrics, texts in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from coteja.grading.linting.finding import Finding, line_of
from coteja.model.assignment import Assignment, Question, Texts


def declared_faults(assignment: Assignment, path: Path, text: str) -> Iterator[Finding]:
    """Everything that assignment.toml itself shows."""
    yield from _texts(assignment, path, "title", assignment.title, line_of(text, "title"))
    for question in assignment.questions:
        start = line_of(text, f'id = "{question.id}"', after=_tables(text)) or 0
        yield from _texts(assignment, path, f"question {question.id}: title", question.title, start or None)
        yield from _written(assignment, question, path, text, start)


def _tables(text: str) -> int:
    """Where the questions begin: the assignment's own id stands above."""
    return line_of(text, "question]]") or 0


def _written(
    assignment: Assignment, question: Question, path: Path, text: str, start: int
) -> Iterator[Finding]:
    if question.written is None:
        return
    line = line_of(text, "question.written]", after=start)
    if not question.written.rubric:
        yield Finding(
            rule="no-rubric",
            assignment=assignment.id,
            file=str(path),
            line=line,
            what=f"question {question.id} has a written answer of {question.written.points:g} points and no rubric",
            todo="Add [[question.written.rubric]] with points and text: whoever marks it needs to know what for.",
        )
        return
    total = sum(row.points for row in question.written.rubric)
    if abs(total - question.written.points) > 1e-9:
        yield Finding(
            rule="rubric-points",
            assignment=assignment.id,
            file=str(path),
            line=line,
            what=f"the rubric of {question.id} adds up to {total:g} points, written.points is {question.written.points:g}",
            todo="Change one of the two.",
        )
    for i, row in enumerate(question.written.rubric):
        at = line_of(text, next(iter(row.text.values()), "\0"), after=start)
        yield from _texts(
            assignment, path, f"question {question.id}: rubric, line {i + 1}", row.text, at or line
        )


def _texts(
    assignment: Assignment, path: Path, what: str, texts: Texts | Mapping[str, str], line: int | None
) -> Iterator[Finding]:
    for language in assignment.languages:
        if not texts.get(language, "").strip():
            yield Finding(
                rule="language-missing",
                assignment=assignment.id,
                file=str(path),
                line=line,
                what=f"{what} has no text in {language!r}",
                todo=f'Write it: {{ {language} = "…" }}.',
            )
