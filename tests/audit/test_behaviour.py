"""What counts as the same behaviour: all that was captured, within rounding."""

from __future__ import annotations

import numpy as np
import pytest

from coteja.audit.behaviour import alike, same, unsteady
from coteja.model.recording import CallResult, CellError, ProbeRun, Recording
from coteja.model.values import NoValue


def recording(**artefacts: object) -> Recording:
    return Recording(
        assignment="a",
        student="s",
        source="s",
        sha256="",
        language="en",
        status="complete",
        artefacts=artefacts,
    )


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.001, False),
        (np.zeros((2, 1)), np.zeros(2), True),
        (np.zeros((2, 2)), np.zeros(4), False),
        (float("nan"), float("nan"), True),
        ([1, {"x": "a"}], [1, {"x": "a"}], True),
        ({"x": "a"}, {"x": "b"}, False),
        ({"x": 1}, {"y": 1}, False),
        (NoValue("missing"), NoValue("missing"), True),
        (NoValue("missing"), 0, False),
        ("1", 1, False),
    ],
)
def test_values_are_alike_within_rounding_and_axes_of_length_one(a: object, b: object, equal: bool) -> None:
    assert alike(a, b) is equal


def test_a_time_need_only_be_of_the_same_size() -> None:
    one, two = recording(seconds=0.12, cost=1.0), recording(seconds=0.31, cost=1.0)
    loose = unsteady(one, two)
    assert loose == {"artefact seconds"}
    assert same(two, one, loose=loose)
    assert not same(recording(seconds=90_000.0, cost=1.0), one, loose=loose)
    assert not same(recording(seconds=-0.12, cost=1.0), one, loose=loose)


def test_a_function_that_answers_otherwise_is_seen() -> None:
    def probed(result: CallResult) -> Recording:
        run = ProbeRun(cases=[[("f", (1.0,))]], results=[[result]])
        return Recording(
            assignment="a",
            student="s",
            source="s",
            sha256="",
            language="en",
            status="complete",
            probes={"f": run},
        )

    right, wrong = probed(CallResult(value=2.0)), probed(CallResult(value=3.0))
    raised = probed(CallResult(error=CellError(name="ValueError", value="")))
    assert same(right, right)
    assert not same(wrong, right)
    assert not same(raised, right)
