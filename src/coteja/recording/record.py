"""The recorder: one child a submission, every cell run even after an error, artefacts captured after each question."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from coteja.errors import MachineError
from coteja.model.assignment import Limits
from coteja.model.recording import (
    ArtefactRequest,
    CellError,
    CellPlan,
    CellRun,
    CellStatus,
    CounterfactualPlan,
    CounterfactualRun,
    Isolation,
    ProbeRun,
    QuestionPlan,
    Recording,
    RunPlan,
)
from coteja.model.values import NoValue, Value
from coteja.recording.client import CAPTURE_TIMEOUT_S, GRACE_S, FrameClient, FrameNotebookClient
from coteja.recording.isolation import measure
from coteja.recording.protocol import Recorded
from coteja.recording.template import Child, Template

#: A process that a cell ended is started again without that cell, so many times.
MAX_ATTEMPTS = 6


@dataclass(slots=True)
class _Run:
    """What is known so far of one submission's run; grows cell by cell and attempt by attempt.

    A later attempt may not get as far as the one before it, so what that one found stays until it is found again.
    `fatal` cells and `deadly` roles and probes ended their process and are left out from then on; `suspects` are
    roles that were asked for together when it happened.
    """

    plan: RunPlan
    notebook: NotebookNode
    fatal: dict[int, CellRun] = field(default_factory=dict)
    suspects: set[str] = field(default_factory=set)
    deadly: set[str] = field(default_factory=set)
    cells: dict[int, CellRun] = field(default_factory=dict)
    artefacts: dict[str, Value] = field(default_factory=dict)
    probes: dict[str, ProbeRun] = field(default_factory=dict)
    simple: dict[str, ProbeRun] = field(default_factory=dict)
    cpu_s: float = 0.0
    peak_mb: float = 0.0


class SandboxRecorder:
    """Runs submissions in children of one warm template. Implements `Recorder`."""

    def __init__(self, template: Template, isolation: Isolation, limits: Limits) -> None:
        self._template = template
        self._isolation = isolation
        self._limits = limits

    @classmethod
    async def start(
        cls, *, preload: Sequence[str], limits: Limits, trust_students: bool = False, rung: str = "best"
    ) -> SandboxRecorder:
        """Start a template and measure its walls. Raises as `behind` does."""
        template = Template.launch(preload=preload, limits=limits, rung=rung)
        return await cls.behind(template, limits=limits, trust_students=trust_students)

    @classmethod
    async def behind(
        cls, template: Template, *, limits: Limits, trust_students: bool = False
    ) -> SandboxRecorder:
        """Wait for a template that was launched, and measure its walls.

        Raises
        ------
        MachineError
            Files or the network are open to student code here, and `trust_students` was not given.
        """
        await template.warm()
        try:
            isolation = await measure(template)
            if not trust_students:
                refuse_if_open(isolation)
        except BaseException:
            template.close()
            raise
        return cls(template, isolation, limits)

    @property
    def isolation(self) -> Isolation:
        """How student code is kept apart, as measured."""
        return self._isolation

    @property
    def usable(self) -> bool:
        """Whether more submissions can be recorded; False once the template is gone."""
        return self._template.broken is None

    @property
    def versions(self) -> Mapping[str, str]:
        """What student code runs on."""
        return self._template.versions

    def close(self) -> None:
        """End the template and all its children."""
        self._template.close()

    async def record(self, plan: RunPlan) -> Recorded:
        """Run one plan. Raises MachineError when the sandbox itself is broken; never for what student code does."""
        run = _Run(plan=plan, notebook=_as_notebook(plan))
        began = time.monotonic()
        complete = False
        for _attempt in range(MAX_ATTEMPTS):
            complete = await self._attempt(run, began + self._limits.notebook_s)
            if complete or time.monotonic() > began + self._limits.notebook_s:
                break
        for index, planned in enumerate(plan.cells):
            if planned.cell_type == "code" and index not in run.cells:
                run.cells[index] = _cell_run(plan, index, "not_run")
        again = {c.name: await self._counterfactual(plan, c, run) for c in plan.counterfactuals}
        recording = Recording(
            assignment=plan.assignment,
            student=plan.submission.student,
            source=plan.submission.source,
            sha256=plan.submission.sha256,
            language=plan.language,
            status="complete" if complete and not run.fatal else "cut_short",
            notes=plan.notes,
            cells=tuple(run.cells[i] for i in sorted(run.cells)),
            artefacts=run.artefacts,
            probes=run.probes,
            counterfactuals=again,
            simple=run.simple,
            written=plan.written,
            seconds=round(time.monotonic() - began, 3),
            cpu_seconds=round(run.cpu_s, 3),
            peak_memory_mb=round(run.peak_mb, 1),
            isolation=self._isolation,
            versions=dict(self._template.versions),
            recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return Recorded(recording, run.notebook)

    async def _counterfactual(
        self, plan: RunPlan, other: CounterfactualPlan, first: _Run
    ) -> CounterfactualRun:
        """The same notebook in another child, with other values after its `parameters` cell.

        Cells that ended the process in the first run, or never ended, are left out at once.
        """
        hopeless = {i: cell for i, cell in first.cells.items() if cell.status == "timeout"} | first.fatal
        cells = [_with_parameters(cell, other.assignments) for cell in plan.cells]
        questions = (QuestionPlan(question=other.question, artefacts=other.artefacts),)
        again = msgspec.structs.replace(
            plan, cells=tuple(cells), questions=questions, counterfactuals=(), simple=()
        )
        run = _Run(plan=again, notebook=_as_notebook(again), fatal=hopeless)
        complete = await self._attempt(run, time.monotonic() + self._limits.notebook_s)
        first.cpu_s += run.cpu_s
        failure = "" if complete else "ended"
        return CounterfactualRun(parameters=other.parameters, artefacts=run.artefacts, failure=failure)

    async def _attempt(self, run: _Run, deadline: float) -> bool:
        """One child, all cells. False when the process was ended: `run` then knows by what."""
        child = await self._template.fork()
        client = FrameClient(child, self._limits.output_mb << 20)
        try:
            await client.open()
            session = _Session(run, client, self._limits, deadline)
            return await session.run_all()
        except ConnectionError:
            raise MachineError("The sandbox's process did not start.") from None
        finally:
            await client.close()
            await self._await_end(child, run)

    async def _await_end(self, child: Child, run: _Run) -> None:
        try:
            end = await asyncio.wait_for(asyncio.shield(child.end), 10)
        except TimeoutError:
            raise MachineError("A process of the sandbox could not be ended.") from None
        finally:
            child.close()
        run.cpu_s += end.cpu_s
        run.peak_mb = max(run.peak_mb, end.peak_mb)


class _Session:
    """One attempt: runs the cells in one child and captures after each question."""

    def __init__(self, run: _Run, client: FrameClient, limits: Limits, deadline: float) -> None:
        self.run, self.client, self.limits, self.deadline = run, client, limits, deadline
        self.driver = FrameNotebookClient(run.notebook, timeout=None, allow_errors=True, record_timing=False)
        self.driver.attach(client)
        last = {cell.question: i for i, cell in enumerate(run.plan.cells) if cell.question}
        self.capture_after = {i: question for question, i in last.items()}
        self.questions = {q.question: q for q in run.plan.questions}

    async def run_all(self) -> bool:
        code = [i for i, cell in enumerate(self.run.plan.cells) if cell.cell_type == "code"]
        for index in range(len(self.run.plan.cells)):
            if index in code and index not in self.run.fatal and not await self._cell(index):
                return False
            question = self.capture_after.get(index)
            if question in self.questions and not await self._capture(self.questions[question]):
                return False
        if self.run.plan.in_order:
            return True
        complete = await self._second_pass(code) and await self._late_capture()
        if complete:
            await self._simplest()
        return complete

    async def _second_pass(self, code: list[int]) -> bool:
        """Run again, once, what failed on a name that did not exist yet: cells are often moved, not wrong."""
        again = [i for i in code if (c := self.run.cells.get(i)) and c.error and c.error.name == "NameError"]
        last = {i: name for name, i in {self.run.plan.cells[i].question: i for i in again}.items()}
        mended: set[str | None] = set()
        for index in again:
            if not await self._cell(index):
                return False
            if self.run.cells[index].status == "ok":
                mended.add(self.run.plan.cells[index].question)
            # Before the next question's cells, or its figures would be taken for this one's.
            question = self.questions.get(last.get(index) or "")
            if question and question.question in mended and not await self._capture(question):
                return False
        return True

    async def _late_capture(self) -> bool:
        """What was not there after its question may be there now: found by its name alone."""
        for question in self.questions.values():
            gone = [r for r in question.artefacts if _missing(self.run.artefacts.get(r.role))]
            probes = [p for p in question.probes if (r := self.run.probes.get(p.name)) is None or r.missing]
            rest = QuestionPlan(question=question.question, artefacts=tuple(gone), probes=tuple(probes))
            if (gone or probes) and not await self._capture(rest):
                return False
        return True

    async def _simplest(self) -> None:
        """The simplest inputs of each probe. Last of all: what goes wrong here costs nothing that is marked."""
        for probe in self.run.plan.simple:
            known = self.run.probes.get(probe.name)
            if known is None or known.missing or known.failure:
                continue
            answer = await self.client.call(probe, timeout_s=self._time_left(probe.timeout_s))
            if answer.failure:
                return
            self.run.simple[probe.name] = answer

    async def _capture(self, question: QuestionPlan) -> bool:
        """Artefacts, then probes. False when that ended the child: whatever did it is not asked for again."""
        wanted = [r for r in question.artefacts if r.role not in self.run.deadly]
        together = [r for r in wanted if r.role not in self.run.suspects]
        alone = [[r] for r in wanted if r.role in self.run.suspects]
        for requests in filter(None, [together, *alone]):
            if not await self._capture_artefacts(requests):
                return False
        for probe in question.probes:
            if probe.name in self.run.deadly:
                continue
            self.run.probes[probe.name] = await self.client.call(
                probe, timeout_s=self._time_left(probe.timeout_s)
            )
            if self.client.ended.done():
                self.run.deadly.add(probe.name)
                return False
        return True

    async def _capture_artefacts(self, requests: Sequence[ArtefactRequest]) -> bool:
        values = await self.client.capture(requests, timeout_s=self._time_left(CAPTURE_TIMEOUT_S))
        if values is not None:
            known = self.run.artefacts
            known |= {role: v for role, v in values.items() if not _missing(v) or role not in known}
            return True
        roles = [r.role for r in requests]
        if len(roles) > 1:  # the next attempt asks for each by itself
            self.run.suspects.update(roles)
        else:
            self.run.deadly.update(roles)
            self.run.artefacts[roles[0]] = NoValue("error", "", "looking at it ended the process")
        return False

    def _time_left(self, most: float) -> float:
        return min(most, max(GRACE_S, self.deadline - time.monotonic()))

    async def _cell(self, index: int) -> bool:
        """Run one cell within its limits. False when it ended the process."""
        cell = self.run.notebook.cells[index]
        if time.monotonic() > self.deadline:
            if not self.run.plan.in_order:
                await self._late_capture()  # half a question's work is there to be looked at
            self.client.kill("notebook time")
            return False if self._got_further(index) else self._lost(index, "timeout")
        began = time.monotonic()
        budget = min(self.limits.cell_s, max(0.1, self.deadline - began))
        loop = asyncio.get_running_loop()
        timers = [
            loop.call_later(budget, self.client.interrupt),
            loop.call_later(budget + GRACE_S, self.client.kill, "time"),
        ]
        try:
            await self.driver.run_cell(cell, index)
        except (DeadKernelError, asyncio.CancelledError, ConnectionError):
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from None  # nbclient says that the kernel died
            late = time.monotonic() - began >= budget
            return False if self._got_further(index) else self._lost(index, "timeout" if late else "died")
        except Exception:  # noqa: BLE001 (a forged message can make nbclient raise anything)
            self.client.kill("protocol")
            return self._lost(index)
        finally:
            for timer in timers:
                timer.cancel()
        seconds = time.monotonic() - began
        status, error = _status_of(cell)
        if seconds >= budget and error is not None and error.name == "KeyboardInterrupt":
            status = "timeout"
        if status != "timeout" or not self._got_further(index):
            self.run.cells[index] = _cell_run(self.run.plan, index, status, seconds=seconds, error=error)
        return True

    def _got_further(self, index: int) -> bool:
        """Time is over for the whole notebook, and this cell has run in an earlier attempt."""
        return time.monotonic() >= self.deadline and index in self.run.cells

    def _lost(self, index: int, status: CellStatus = "died") -> bool:
        """The child is gone: remember which cell did it, so that the next attempt leaves it out."""
        error = CellError(name="ProcessEnded", value=self.client.reason or "ended")
        lost = _cell_run(self.run.plan, index, status, error=error)
        self.run.fatal[index] = self.run.cells[index] = lost
        return False


def refuse_if_open(isolation: Isolation) -> None:
    """Fail closed: what student code must never reach has to be measured as out of reach."""
    open_doors = [name for name in ("files", "network", "processes") if isolation.facts.get(name) != "ok"]
    if open_doors:
        raise MachineError(
            f"Student code could reach {' and '.join(open_doors)} of this machine (isolation: {isolation.rung}). "
            "Nothing was run. `coteja doctor` says what is missing; with --trust-students it runs all the same."
        )


def _with_parameters(cell: CellPlan, assignments: str) -> CellPlan:
    return msgspec.structs.replace(cell, source=f"{cell.source}\n{assignments}") if cell.parameters else cell


def _missing(value: Value) -> bool:
    return value is None or (isinstance(value, NoValue) and value.kind == "missing")


def _status_of(cell: NotebookNode) -> tuple[CellStatus, CellError | None]:
    for output in cell.outputs:
        if output.output_type == "error":
            error = CellError(
                name=str(output.ename)[:200],
                value=str(output.evalue)[:2000],
                traceback="\n".join(map(str, output.traceback))[:20_000],
            )
            return "error", error
    return "ok", None


def _cell_run(
    plan: RunPlan, index: int, status: CellStatus, *, seconds: float = 0.0, error: CellError | None = None
) -> CellRun:
    planned = plan.cells[index]
    return CellRun(
        index=index,
        kind=planned.kind,
        status=status,
        question=planned.question,
        cell_id=planned.cell_id,
        seconds=round(seconds, 3),
        error=error,
    )


def _as_notebook(plan: RunPlan) -> NotebookNode:
    """The plan as a notebook. Made by hand: nbformat's own makers validate every single cell, for 12 ms a notebook."""
    cells: list[dict[str, Any]] = []
    for i, planned in enumerate(plan.cells):
        ours = {
            "kind": planned.kind,
            "cell": planned.cell_id or "",
            "question": planned.question or "",
        }
        kind = planned.cell_type if planned.cell_type in ("code", "markdown") else "raw"
        cell = {"id": f"cell-{i}", "cell_type": kind, "source": planned.source, "metadata": {"coteja": ours}}
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.from_dict(
        {
            "cells": cells,
            "metadata": metadata,
            "nbformat": nbformat.v4.nbformat,
            "nbformat_minor": nbformat.v4.nbformat_minor,
        }
    )
