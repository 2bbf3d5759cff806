"""What one run of one submission left behind: the only thing that the checks ever see of a student's work."""

from __future__ import annotations

from typing import Literal

import msgspec

from coteja.model.message import Message
from coteja.model.values import MISSING, NoValue, Value

CellKind = Literal["given", "answer", "extra"]
CellStatus = Literal["ok", "error", "timeout", "died", "not_run"]
RunStatus = Literal["complete", "cut_short", "unreadable"]


class CellError(msgspec.Struct, frozen=True, kw_only=True):
    """A Python exception in a student's cell."""

    name: str
    value: str
    traceback: str = ""


class CellRun(msgspec.Struct, frozen=True, kw_only=True):
    """One code cell as it ran. `index` counts the cells of the executed notebook, from 0."""

    index: int
    kind: CellKind
    status: CellStatus
    question: str | None = None
    cell_id: str | None = None
    seconds: float = 0.0
    error: CellError | None = None


class CallResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one step of a probe gave: a value, or the exception that a student's function raised.

    `function` is the one that raised; an earlier step's error stands for all the steps that need its result.
    """

    value: Value = None
    error: CellError | None = None
    function: str = ""


class ProbeRun(msgspec.Struct, frozen=True, kw_only=True):
    """A probe as it ran: the cases that were drawn, and for each the results of its steps.

    `cases[i][j]` is `(function, args)`; `results[i][j]` what the student's function gave. A case that the
    student's process did not answer has no results; `missing` names the functions that were not there.
    """

    cases: list[list[tuple[str, tuple[Value, ...]]]]
    results: list[list[CallResult]]
    missing: tuple[str, ...] = ()
    failure: str = ""


class CounterfactualRun(msgspec.Struct, frozen=True, kw_only=True):
    """The notebook as it ran once more under other parameters: those (by role), and what was captured then."""

    parameters: dict[str, Value]
    artefacts: dict[str, Value] = {}
    failure: str = ""


class CarriedRun(msgspec.Struct, frozen=True, kw_only=True):
    """The notebook as it ran once more with the author's answers to `bases` in place: later `questions` count from it."""

    bases: tuple[str, ...]
    questions: tuple[str, ...]
    artefacts: dict[str, Value] = {}
    probes: dict[str, ProbeRun] = {}
    counterfactuals: dict[str, CounterfactualRun] = {}


class Isolation(msgspec.Struct, frozen=True, kw_only=True):
    """How the student's code was kept apart, as measured before it ran."""

    rung: str = "none"
    facts: dict[str, str] = {}


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """One submission, run once. Immutable; stored under the digest of what went in."""

    schema: str = "coteja-recording/1"
    assignment: str
    student: str
    source: str
    sha256: str
    language: str
    status: RunStatus
    problem: Message | None = None
    notes: tuple[str, ...] = ()
    cells: tuple[CellRun, ...] = ()
    artefacts: dict[str, Value] = {}
    probes: dict[str, ProbeRun] = {}
    counterfactuals: dict[str, CounterfactualRun] = {}
    carried: tuple[CarriedRun, ...] = ()
    simple: dict[str, ProbeRun] = {}
    written: dict[str, str] = {}
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    isolation: Isolation = Isolation()
    versions: dict[str, str] = {}
    recorded_at: str = ""

    def artefact(self, role: str) -> Value:
        """The value captured for `role`, or a `NoValue` that says why there is none."""
        return self.artefacts.get(role, MISSING)

    def errors_in(self, question: str) -> list[CellRun]:
        """The cells of `question` that ended in an exception, a timeout or the death of the process."""
        return [cell for cell in self.cells if cell.question == question and cell.status != "ok"]


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A notebook that was handed in: who, which file, and its bytes' digest. `shown`: its place in an archive."""

    student: str
    path: str
    sha256: str
    shown: str = ""

    @property
    def source(self) -> str:
        """The path as text that can be written anywhere: a file's name may be no text at all."""
        return (self.shown or self.path).encode("utf-8", "backslashreplace").decode("utf-8")


class CellPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One cell that will be run, and where it belongs."""

    kind: CellKind
    cell_type: str
    source: str
    question: str | None = None
    cell_id: str | None = None
    parameters: bool = False


class ArtefactRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for one artefact: the names to try in order, and whether it is a figure."""

    role: str
    names: tuple[str, ...]
    figure: bool = False


class ProbeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for one probe: cases drawn on the trusted side, functions by the names a student may have used."""

    name: str
    cases: list[list[tuple[str, tuple[Value, ...]]]]
    timeout_s: float
    names: dict[str, tuple[str, ...]] = {}


class QuestionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What to capture once the last cell of a question has run."""

    question: str
    artefacts: tuple[ArtefactRequest, ...] = ()
    probes: tuple[ProbeRequest, ...] = ()


class CounterfactualPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One more run: the assignments to put after the `parameters` cell, and what to capture after the question."""

    name: str
    question: str
    parameters: dict[str, Value]
    assignments: str
    artefacts: tuple[ArtefactRequest, ...]


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a recorder needs to run one submission; it holds nothing expected and nothing hidden.

    The one exception is a run with an author's answer in place of a wrong one (`with_answers`): of that run only
    whether later checks hold is ever used. With `in_order`, what is not there after its question stays missing.
    `simple`: the probes' simplest inputs, tried at the very end; they mark nothing.
    """

    submission: Submission
    assignment: str
    language: str
    cells: tuple[CellPlan, ...]
    questions: tuple[QuestionPlan, ...]
    counterfactuals: tuple[CounterfactualPlan, ...] = ()
    simple: tuple[ProbeRequest, ...] = ()
    notes: tuple[str, ...] = ()
    written: dict[str, str] = {}
    in_order: bool = False


__all__ = [
    "ArtefactRequest",
    "CallResult",
    "CarriedRun",
    "CellError",
    "CellPlan",
    "CellRun",
    "CounterfactualPlan",
    "CounterfactualRun",
    "Isolation",
    "NoValue",
    "ProbeRequest",
    "ProbeRun",
    "QuestionPlan",
    "Recording",
    "RunPlan",
    "Submission",
]
