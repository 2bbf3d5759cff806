"""A check that rests on a test cell of nbgrader's, run in the student's process (`coteja import nbgrader`)."""

from __future__ import annotations

from coteja.checking.api import Verdict, failed, needs_a_look, partial, passed
from coteja.checking.work import Work
from coteja.model.message import message


def imported_cell(work: Work, probe: str, *, points: float, shown: bool = False) -> Verdict:
    """The share of `points` that nbgrader gives: none for an error, the number that the cell ends with, else all.

    Parameters
    ----------
    shown
        Students see the test: what it raised is shown to them.
    """
    found = work.probe(probe)[0][0].value()
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        return failed(message("This test does not hold."))
    error, said = found.get("error", ""), found.get("stderr", "")
    if error and shown:
        return failed(message("This test does not hold: {error}.", error=error))
    if error:
        return failed(message("This test does not hold. Your instructor keeps it to themselves."))
    if said:
        # nbgrader gives nothing for a warning alone; whether that is right is for a person to say.
        return needs_a_look(message("This test holds, but something was written to stderr while it ran."))
    share = _share(found.get("value", ""), points)
    return (
        passed(message("This test holds."))
        if share == 1.0
        else partial(share, message("This test holds in part."))
    )


def _share(value: str, points: float) -> float:
    """The share of the points that the text of a cell's last value means."""
    try:
        number = float(value)
    except ValueError:
        return 1.0
    if not 0.0 <= number <= points or not points:
        return 1.0  # nbgrader takes what is no partial credit for a test that holds
    return number / points
