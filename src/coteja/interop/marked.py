"""Reads what `coteja grade` left behind, for those who hand it on: results, pages and who handed in what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coteja.errors import CotejaError, UsageError
from coteja.feedback.view import after_penalty, totals
from coteja.grading.places import Places, read_result
from coteja.model.result import SubmissionResult


@dataclass(frozen=True, slots=True)
class Marked:
    """One student's result, and where its feedback lies. `name` is what its files are called."""

    name: str
    result: SubmissionResult
    folder: Path

    def page(self, suffix: str, language: str | None = None) -> Path:
        """The feedback page in a language, the notebook's own by default."""
        return self.folder / f"feedback.{language or self.result.language}.{suffix}"

    @property
    def points(self) -> float | None:
        """All points so far, by checks and by people, after the penalty for lateness; None where nothing was scored."""
        if self.result.points is None:
            return None
        return after_penalty(totals(self.result)[0], self.result)

    @property
    def max_points(self) -> float:
        """All that could be had so far: what waits for a person is not in it."""
        return totals(self.result)[1]

    @property
    def complete(self) -> bool:
        """Whether nothing waits for a person any more."""
        return self.result.status == "marked"


def read_marked(places: Places, *, on_fault: Callable[[CotejaError], None]) -> list[Marked]:
    """Every result by its file's name; one that is damaged is told to `on_fault` and left out.

    Raises
    ------
    UsageError
        Nothing was marked there.
    """
    files = sorted(places.root.glob("results/*.json"))
    if not files:
        raise UsageError(f"{places.root}: nothing has been marked here yet. Run `coteja grade` first.")
    found = []
    for file in files:
        try:
            result = read_result(file)
        except CotejaError as fault:
            on_fault(fault)
            continue
        found.append(Marked(file.stem, result, places.feedback(file.stem)))
    return found


def share_of(marked: Sequence[Marked]) -> float:
    """The lowest share of points of all, in percent; 0 where one could not be scored."""
    shares = [100 * m.points / m.max_points if m.points is not None and m.max_points else 0.0 for m in marked]
    return min(shares, default=0.0)
