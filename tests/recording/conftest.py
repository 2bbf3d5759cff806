"""A real recorder with short limits, and small notebooks to give it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coteja.model.assignment import Limits
from coteja.model.recording import (
    ArtefactRequest,
    CellPlan,
    CellRun,
    ProbeRequest,
    ProbeRun,
    QuestionPlan,
    Recording,
    RunPlan,
    Submission,
)
from coteja.model.values import Value
from coteja.recording.protocol import Recorded
from coteja.recording.record import SandboxRecorder

LIMITS = Limits(cell_s=2.5, notebook_s=30, memory_mb=1024, disk_mb=64, output_mb=8, processes=64)

Cells = Mapping[str, Sequence[str]]
Calls = Sequence[Sequence[tuple[str, tuple[Value, ...]]]]


@dataclass(frozen=True)
class Seen:
    """A recording and the executed notebook, with short ways to look at them."""

    recording: Recording
    notebook: Any

    @property
    def statuses(self) -> list[str]:
        return [cell.status for cell in self.recording.cells]

    def cell(self, index: int) -> CellRun:
        return next(cell for cell in self.recording.cells if cell.index == index)

    def value(self, role: str) -> Value:
        return self.recording.artefact(role)

    def probe(self, name: str = "probe") -> ProbeRun:
        return self.recording.probes[name]

    def text(self, index: int, stream: str = "stdout") -> str:
        outputs = self.notebook.cells[index].outputs
        return "".join(o.text for o in outputs if o.output_type == "stream" and o.name == stream)

    def data(self, index: int) -> list[dict[str, Any]]:
        """What the cell showed, each as its MIME bundle."""
        return [dict(o.data) for o in self.notebook.cells[index].outputs if "data" in o]


def make_run_plan(
    cells: Cells,
    *,
    read: Mapping[str, str],
    figures: Mapping[str, str],
    calls: Calls = (),
    calls_timeout_s: float = 1.0,
) -> RunPlan:
    """A plan for `cells` by question; `read` and `figures` name each question's variables, separated by blanks.

    The last question has the probe, if there are `calls`.
    """
    planned = [
        CellPlan(kind="answer", cell_type="code", source=source, question=question, cell_id=f"{question}-{i}")
        for question, sources in cells.items()
        for i, source in enumerate(sources)
    ]
    probe = ProbeRequest(name="probe", cases=[list(case) for case in calls], timeout_s=calls_timeout_s)
    last = list(cells)[-1]
    questions = [
        QuestionPlan(
            question=question,
            artefacts=(
                *(ArtefactRequest(role=name, names=(name,)) for name in read.get(question, "").split()),
                *(
                    ArtefactRequest(role=n, names=(n,), figure=True)
                    for n in figures.get(question, "").split()
                ),
            ),
            probes=(probe,) if calls and question == last else (),
        )
        for question in cells
    ]
    submission = Submission(student="ana", path="ana.ipynb", sha256="0" * 64)
    return RunPlan(
        submission=submission,
        assignment="lab",
        language="es",
        cells=tuple(planned),
        questions=tuple(questions),
    )


INNOCENT = make_run_plan({"q1": ["x = [1.5, 'a']", "print(x)"]}, read={"q1": "x"}, figures={})


class Box:
    """A recorder and the loop that it lives in."""

    def __init__(self, rung: str, limits: Limits = LIMITS) -> None:
        self.loop = asyncio.new_event_loop()
        start = SandboxRecorder.start(preload=("numpy", "matplotlib.pyplot"), limits=limits, rung=rung)
        self.recorder = self.loop.run_until_complete(start)

    def within(self, **limits: Any) -> Box:
        """The same sandbox under other limits of time."""
        other = copy.copy(self)
        other.recorder = SandboxRecorder(
            self.recorder._template, self.recorder.isolation, msgspec.structs.replace(LIMITS, **limits)
        )
        return other

    def close(self) -> None:
        async def close() -> None:
            self.recorder.close()

        self.loop.run_until_complete(close())
        self.loop.close()

    def run_plans(self, *plans: RunPlan) -> list[Seen]:
        async def all_of_them() -> list[Recorded]:
            return await asyncio.gather(*(self.recorder.record(plan) for plan in plans))

        return [Seen(r.recording, r.notebook) for r in self.loop.run_until_complete(all_of_them())]

    def run(self, *cells: str, read: str = "", figures: str = "", **options: Any) -> Seen:
        """Record a notebook of one question."""
        return self.run_questions({"q1": cells}, read={"q1": read}, figures={"q1": figures}, **options)

    def run_questions(
        self,
        cells: Cells,
        *,
        read: Mapping[str, str],
        figures: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Seen:
        """Record a notebook of several questions."""
        return self.run_plans(make_run_plan(cells, read=read, figures=figures or {}, **options))[0]

    def attack(self, code: str, *, read: str = "", **options: Any) -> Seen:
        """Run an attack between two innocent cells; the submission beside it is none the worse."""
        cells = {"q1": ["before = 1", code, "after = 2"]}
        plan = make_run_plan(cells, read={"q1": f"before after {read}"}, figures={}, **options)
        seen, other = self.run_plans(plan, INNOCENT)
        self.is_well(other)
        return seen

    def is_well(self, seen: Seen | None = None) -> None:
        """Another submission runs as if nothing had been."""
        seen = seen or self.run_plans(INNOCENT)[0]
        assert seen.statuses == ["ok", "ok"]
        assert seen.value("x") == [1.5, "a"]
        assert seen.text(1) == "[1.5, 'a']\n"
        assert seen.recording.status == "complete"


@pytest.fixture(scope="session")
def open_boxes() -> Iterator[dict[str, Box]]:
    boxes: dict[str, Box] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COTEJA_TEST_SECRET", "open-sesame")
        yield boxes
    for box in boxes.values():
        box.close()


def _open(boxes: dict[str, Box], rung: str) -> Box:
    if rung not in boxes:
        boxes[rung] = Box(rung)
    return boxes[rung]


@pytest.fixture
def box(open_boxes: dict[str, Box]) -> Box:
    """The best sandbox that this machine has."""
    return _open(open_boxes, "best")


@pytest.fixture(params=["best", "landlock"])
def each_box(request: pytest.FixtureRequest, open_boxes: dict[str, Box]) -> Box:
    """The best sandbox, and the one without namespaces."""
    return _open(open_boxes, request.param)


@pytest.fixture
def open_files() -> Iterator[None]:
    """Whatever a test does, we end with no more descriptors than we began with."""
    folder = Path("/proc/self/fd")
    before = len(list(folder.iterdir()))
    yield
    assert len(list(folder.iterdir())) <= before


@pytest.fixture
def make_plan() -> Any:
    """`make_run_plan`, for tests that run several at once."""
    return make_run_plan


@pytest.fixture
def open_box(open_boxes: dict[str, Box]) -> Any:
    """The sandbox of a rung."""
    return lambda rung: _open(open_boxes, rung)
