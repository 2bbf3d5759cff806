"""`coteja check NOTEBOOK`: runs the notebook in the sandbox, looks with the public checks that it carries, in there.

The checks' source comes out of the notebook, so it is as untrusted as the notebook is: it runs beside the student's
code and only data come back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from nbformat import NotebookNode

from coteja.errors import CotejaError, UsageError
from coteja.model.assignment import Limits
from coteja.model.recording import CellPlan, CellRun, RunPlan, Submission
from coteja.model.result import Outcome
from coteja.recording.read import read_notebook
from coteja.recording.record import SandboxRecorder
from coteja.selfcheck.live import OUTCOMES_MIME

_REPORT = (
    "from coteja.selfcheck.live import report as _coteja_report; _coteja_report({question!r}, {payload!r})"
)


@dataclass(frozen=True, slots=True)
class OwnLook:
    """What the public checks found: outcomes by question, cells that failed, and the notebook's language."""

    carried: dict[str, Any]
    outcomes: dict[str, list[Outcome]]
    problems: list[CellRun]
    unanswered: list[str]


async def look_at(path: Path, *, trust: bool = False) -> OwnLook:
    """Run one notebook and look at each question as soon as its last cell has run.

    Raises
    ------
    UsageError
        The notebook is not one that Coteja released.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file.")
    notebook = read_notebook(path).notebook
    carried = _carried(notebook, path)
    plan = _plan(notebook, carried, path)
    recorder = await SandboxRecorder.start(
        preload=("numpy", "matplotlib.pyplot"), limits=Limits(), trust_students=trust
    )
    try:
        recorded = await recorder.record(plan)
    finally:
        recorder.close()
    questions = [str(q["id"]) for q in carried["public"]["questions"]]
    outcomes = {q: _outcomes(recorded.notebook, q) for q in questions}
    found = {q: o for q, o in outcomes.items() if o is not None}
    problems = [c for c in recorded.recording.cells if c.status != "ok" and c.cell_id != "report"]
    return OwnLook(carried, found, problems, [q for q in questions if q not in found])


def _carried(notebook: NotebookNode, path: Path) -> dict[str, Any]:
    carried = notebook.metadata.get("coteja")
    try:
        [str(q["id"]) for q in carried["public"]["questions"]]
        str(carried["public"]["checks"])
    except (TypeError, KeyError):
        raise UsageError(
            f"{path}: this notebook carries no checks of Coteja. Use the notebook that your course "
            "gave you, and copy your answers into it."
        ) from None
    return dict(carried)


def _plan(notebook: NotebookNode, carried: dict[str, Any], path: Path) -> RunPlan:
    questions = [str(q["id"]) for q in carried["public"]["questions"]]
    sections: list[str | None] = []
    current: str | None = None
    for cell in notebook.cells:
        ours = cell.metadata.get("coteja")
        said = ours.get("question") if isinstance(ours, dict) else None
        current = said if said in questions else current
        sections.append(current)
    payload = json.dumps(carried["public"])
    cells: list[CellPlan] = []
    for i, (cell, section) in enumerate(zip(notebook.cells, sections, strict=True)):
        cells.append(CellPlan(kind="extra", cell_type=cell.cell_type, source=cell.source, question=section))
        if section is not None and section not in sections[i + 1 :]:
            cells.append(_report_cell(section, payload))
    cells += [_report_cell(q, payload) for q in questions if q not in sections]
    return RunPlan(
        submission=Submission(student=path.stem, path=str(path), sha256=""),
        assignment="",
        language="",
        cells=tuple(cells),
        questions=(),
    )


def _report_cell(question: str, payload: str) -> CellPlan:
    source = _REPORT.format(question=question, payload=payload)
    return CellPlan(kind="given", cell_type="code", source=source, question=question, cell_id="report")


def _outcomes(notebook: NotebookNode, question: str) -> list[Outcome] | None:
    """The outcomes that came back for a question; None when its report did not run or is not what it should be."""
    for cell in notebook.cells:
        ours = cell.metadata.get("coteja", {})
        if ours.get("cell") != "report" or ours.get("question") != question:
            continue
        for output in cell.outputs:
            data = output.get("data", {}).get(OUTCOMES_MIME)
            if data is not None:
                try:
                    return msgspec.convert(data, list[Outcome])
                except msgspec.ValidationError as fault:
                    raise CotejaError(
                        f"The notebook's checks returned something else than outcomes: {fault}."
                    ) from None
    return None
