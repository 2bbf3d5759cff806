"""Checks that rest on a test from elsewhere, run as it is in the student's process (`coteja import`)."""

from __future__ import annotations

from collections.abc import Sequence

from coteja.checking.api import Verdict, failed, passed
from coteja.checking.work import Unmet, Work
from coteja.model.message import Message, message
from coteja.model.result import Comparison


def imported_test(
    work: Work, probe: str, *, shown: bool = False, success: str = "", failure: str = ""
) -> Verdict:
    """All points when the test of that probe holds.

    Parameters
    ----------
    shown
        The test is public: what did not hold is shown, with its code.
    success, failure
        The author's own words, in the lab's language.
    """
    found = _failures(work, probe)
    if not found:
        return passed(message("{text}", text=success) if success else message("This test holds."))
    advice = message("{text}", text=failure) if failure else None
    if not shown:
        return failed(
            message("This test does not hold. Your instructor keeps it to themselves."), next_step=advice
        )
    lines = [_line(line) for line in found]
    return failed(_sentence(found[0]), comparisons=lines, next_step=advice)


def imported_tests(work: Work, probes: Sequence[str]) -> Verdict:
    """All points when every test holds, none otherwise."""
    held = sum(_holds(work, probe) for probe in probes)
    if held == len(probes):
        return passed(message("Every test holds."))
    return failed(
        message("{held} of {total} tests hold; the points are for all of them.", held=held, total=len(probes))
    )


def _holds(work: Work, probe: str) -> bool:
    try:
        return not _failures(work, probe)
    except Unmet:
        return False


def _failures(work: Work, probe: str) -> list[list[str]]:
    """What the test found wrong; whatever is not what a runner returns counts as that it did not hold."""
    value = work.probe(probe)[0][0].value()
    if not isinstance(value, list):
        return [["", "", "", ""]]
    return [
        [str(text) for text in line] if isinstance(line, list) and len(line) == 4 else [""] * 4
        for line in value
    ]


def _sentence(line: list[str]) -> Message:
    code, wanted, found, error = line
    if error:
        return message("{code} raised {error}.", code=code, error=error)
    if wanted or found:
        nothing = message("nothing")
        return message(
            "{code} gave {found}, not {wanted}.", code=code, found=found or nothing, wanted=wanted or nothing
        )
    return message("This test does not hold.")


def _line(line: list[str]) -> Comparison:
    code, wanted, found, error = line
    return Comparison(
        label=message("{text}", text=code),
        expected=wanted or message("nothing"),
        found=error or found or message("nothing"),
        ok=False,
    )
