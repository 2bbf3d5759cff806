"""Marks that people gave in formgrader become marks by people here, for the answers that they saw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coteja.gradebook.rows import answer_digest_of
from coteja.grading.handmarking import Answer, give
from coteja.grading.ledger import Ledger
from coteja.interop.nbgrader_scores import Theirs
from coteja.interop.nbgrader_sync import Given, Sync


@dataclass(slots=True)
class Taken:
    """How many marks were entered, how many said nothing new, and which were left, by the reason."""

    given: int = 0
    known: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)


def take_marks(
    ledger: Ledger,
    answers: Mapping[str, Sequence[Answer]],
    theirs: Sequence[Theirs],
    sync: Sync,
    database: str,
    *,
    given_by: str,
    given_at: str,
    overwrite: bool,
) -> Taken:
    """Enter what is new. Where both sides changed since they last agreed, ours stays unless `overwrite`."""
    by_name = {(a.stored.name, a.question): a for own in answers.values() for a in own}
    taken = Taken()
    for mark in theirs:
        answer = by_name.get((mark.name, mark.question))
        last = sync.known(database, mark.name).get(mark.question)
        reason = _refused(mark, answer, last, overwrite=overwrite)
        if reason is not None:
            taken.left.setdefault(reason, []).append(f"{mark.name} {mark.question}")
            continue
        assert answer is not None  # noqa: S101 (it would have been refused)
        if not _is_new(mark, answer, last):
            taken.known += 1
            continue
        given, _others = give(
            ledger, [answer], mark.points, mark.comment, given_by=given_by, given_at=given_at, again=True
        )
        taken.given += len(given)
        agreed = Given(answer=answer_digest_of(answer.text), points=mark.points, comment=mark.comment)
        sync.keep(database, mark.name, {**sync.known(database, mark.name), mark.question: agreed})
    return taken


def _refused(mark: Theirs, answer: Answer | None, last: Given | None, *, overwrite: bool) -> str | None:
    """Why a mark is not taken; None where it is."""
    if answer is None:
        return "No such written answer here"
    if last is not None and last.answer != answer.digest:
        return "Another answer was handed in since; export the scores again"
    if not mark.confirmed:
        return "nbgrader asks for another look at these first"
    if mark.extra:
        return "Have extra credit, which is not carried"
    if not math.isfinite(mark.points) or not 0 <= mark.points <= answer.max_points:
        return "Have more points than the answer is worth, or fewer than none"
    ours = answer.mark
    if (
        not overwrite
        and ours is not None
        and _is_new(mark, answer, last)
        and (last is None or (ours.points, ours.comment) != (last.points, last.comment))
    ):
        return "Were marked here meanwhile, which stays (--overwrite takes theirs)"
    return None


def _is_new(mark: Theirs, answer: Answer, last: Given | None) -> bool:
    """Whether somebody changed it there since both sides agreed, and it is not what stands here."""
    there = (mark.points, mark.comment)
    if answer.mark is not None and there == (answer.mark.points, answer.mark.comment):
        return False
    return last is None or there != (last.points, last.comment)
