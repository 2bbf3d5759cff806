"""The written answers of an assignment: which wait for a person's mark, and what a mark is entered with. No terminal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coteja.errors import CotejaError
from coteja.gradebook.rows import Mark, NewMark, Stored, answer_digest_of
from coteja.grading.ledger import Ledger
from coteja.grading.likeness import alike
from coteja.grading.places import Places, read_result

if TYPE_CHECKING:
    from coteja.grading.marking import Marker


@dataclass(frozen=True, slots=True)
class Answer:
    """One student's written answer to one question, with its mark where it has one that counts."""

    stored: Stored
    name: str
    question: str
    text: str
    max_points: float
    automatic_points: float
    automatic_max: float
    mark: Mark | None

    @property
    def student(self) -> str:
        return self.stored.student

    @property
    def digest(self) -> str:
        return answer_digest_of(self.text)

    @property
    def waits(self) -> bool:
        return self.mark is None

    @property
    def outdated(self) -> bool:
        """Whether the checks give other points now than when the mark was given."""
        known = self.mark.automatic_points if self.mark else None
        return known is not None and abs(known - self.automatic_points) > 1e-9


def read_answers(
    ledger: Ledger, places: Places, *, on_fault: Callable[[CotejaError], None]
) -> dict[str, list[Answer]]:
    """All written answers by question, in an order that tells nothing of who wrote them.

    A result that cannot be read is told to `on_fault` and left out; one that could not be marked has no answers.
    """
    standing = ledger.gradebook.standing_marks(ledger.assignment)
    found: dict[str, list[Answer]] = {}
    for stored in ledger.gradebook.current(ledger.assignment).values():
        try:
            result = read_result(places.result(stored.name))
        except CotejaError as fault:
            on_fault(fault)
            continue
        for question in result.questions if result.points is not None else ():
            if question.written is None:
                continue
            text = question.written.text
            mark = standing.get((stored.student, question.question))
            answer = Answer(
                stored=stored,
                name=result.name or stored.student,
                question=question.question,
                text=text,
                max_points=question.written.max_points,
                automatic_points=question.points,
                automatic_max=question.max_points,
                mark=mark if mark and mark.answer_digest == answer_digest_of(text) else None,
            )
            found.setdefault(question.question, []).append(answer)
    for answers in found.values():
        answers.sort(key=_shuffled)
    return found


def _shuffled(answer: Answer) -> str:
    return hashlib.sha256(f"{answer.question}/{answer.student}".encode()).hexdigest()


def grouped(answers: Sequence[Answer], *, share: float, again: bool = False) -> list[list[Answer]]:
    """Answers that say the same, together; only those groups in which one waits, unless `again`."""
    groups = alike(answers, lambda answer: answer.text, share=share)
    return [group for group in groups if again or any(answer.waits for answer in group)]


def given_before(group: Sequence[Answer]) -> Mark | None:
    """The newest mark that one of a group has already: the others should get the same."""
    marks = [answer.mark for answer in group if answer.mark]
    return max(marks, key=lambda mark: mark.id, default=None)


def give(
    ledger: Ledger,
    answers: Sequence[Answer],
    points: float,
    comment: str,
    *,
    given_by: str,
    given_at: str,
    again: bool = False,
) -> tuple[list[Mark], list[Mark]]:
    """Enter one mark for each answer. Returns those given, and those that another person gave meanwhile, which stay."""
    given, others = [], []
    for answer in answers:
        now = ledger.gradebook.standing_marks(ledger.assignment, answer.student).get(
            (answer.student, answer.question)
        )
        fresh = now is not None and now.answer_digest == answer.digest and now != answer.mark
        if now is not None and fresh and not again:
            others.append(now)
            continue
        given.append(
            ledger.gradebook.give_mark(
                NewMark(
                    assignment=ledger.assignment,
                    student=answer.student,
                    question=answer.question,
                    points=points,
                    comment=comment,
                    answer_digest=answer.digest,
                    given_by=given_by,
                    given_at=given_at,
                    automatic_points=answer.automatic_points,
                    result_id=answer.stored.id,
                )
            )
        )
    return given, others


def renew(marker: Marker, ledger: Ledger) -> Iterator[tuple[str, bool]]:
    """Put people's marks into the results and pages that do not have them yet: student, and whether it could be done."""
    from coteja.grading.unchanged import Todo

    counts = ledger.gradebook.mark_counts(ledger.assignment)
    for student, stored in ledger.gradebook.current(ledger.assignment).items():
        if stored.mark_count != counts.get(student, 0):
            yield student, marker.again(Todo("renew", stored.name, (), stored)) is not None
