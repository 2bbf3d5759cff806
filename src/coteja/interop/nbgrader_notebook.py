"""Notebooks as nbgrader reads them: the released one as its source, and an executed one with the scores in it. Pure."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from coteja.feedback.plain import plain
from coteja.feedback.view import STATE_SIGNS, state_of
from coteja.grading.lab import Lab
from coteja.grading.releasing import released_bytes
from coteja.i18n import Translator
from coteja.model.assignment import Language
from coteja.model.result import Outcome, QuestionResult

#: Outputs that cannot carry a script; nbgrader's pages show notebooks as they are.
_TEXT = ("text/plain",)
_IMAGES = ("image/png", "image/jpeg")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Scored:
    """What a question's check cell shows: its points, and a line for each check."""

    points: float
    lines: tuple[str, ...]


def source_notebook(lab: Lab, language: Language) -> NotebookNode:
    """The released notebook, which is nbgrader's source as well: it holds no solution and nothing hidden."""
    return nbformat.reads(released_bytes(lab, language).decode("utf-8"), as_version=4)


def scored(question: QuestionResult, translator: Translator) -> Scored:
    """A question's points and its checks' sentences in one language."""
    return Scored(question.points, tuple(_line(outcome, translator) for outcome in question.outcomes))


def _line(outcome: Outcome, translator: Translator) -> str:
    points = f"{translator.fixed(outcome.points, 2)}/{translator.fixed(outcome.max_points, 2)}"
    said = f"{translator.say(outcome.title)} ({points}): {translator.say(outcome.message)}"
    if outcome.next_step is not None and outcome.status != "passed":
        said += f" {translator.say(outcome.next_step)}"
    return " ".join(f"{STATE_SIGNS[state_of(outcome)]} {plain(said)}".split())


def with_scores(released: NotebookNode, executed: NotebookNode, scores: Mapping[str, Scored]) -> NotebookNode:
    """An executed notebook as nbgrader's autograded one.

    Cells get back nbgrader's metadata by the id that the recorder wrote; a graded cell that the student removed is
    appended. A check cell's output is its question's score, which nbgrader reads as partial credit. What a student wrote
    or printed cannot become markup in nbgrader's pages.
    """
    wanted = {c.metadata.nbgrader.grade_id: c for c in released.cells if "nbgrader" in c.metadata}
    texts = {c.source for c in released.cells}
    cells: list[NotebookNode] = []
    seen: set[str] = set()
    for cell in executed.cells:
        own = wanted.get(_id_of(cell))
        if own is not None and own.cell_type == cell.cell_type and own.metadata.nbgrader.grade_id not in seen:
            seen.add(own.metadata.nbgrader.grade_id)
            cells.append(_like(own, cell, scores))
        else:
            cells.append(_own(cell, known=cell.source in texts))
    cells += [_like(c, c, scores) for name, c in wanted.items() if name not in seen and _is_graded(c)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook = nbformat.from_dict(
        {
            "cells": cells,
            "metadata": {"kernelspec": released.metadata.kernelspec},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    nbformat.validate(notebook)
    return notebook


def _id_of(cell: NotebookNode) -> str:
    ours = cell.metadata.get("coteja", {})
    return str(ours.get("cell", "")) if isinstance(ours, dict) else ""


def _is_graded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.nbgrader.grade or cell.metadata.nbgrader.solution)


def _like(released: NotebookNode, cell: NotebookNode, scores: Mapping[str, Scored]) -> NotebookNode:
    """A student's cell under a released cell's metadata; what is locked has the released source."""
    meta = released.metadata.nbgrader
    made = _own(cell, known=cell.source == released.source)
    made["metadata"] = {"nbgrader": copy.deepcopy(dict(meta))}
    if meta.locked:
        made["source"] = released.source
    if meta.grade and not meta.solution:
        score = scores.get(str(released.metadata.coteja.question))
        made["outputs"] = [] if score is None else _score_outputs(score)
        made["execution_count"] = 1
    return made


def _score_outputs(score: Scored) -> list[dict[str, Any]]:
    said = {"output_type": "stream", "name": "stdout", "text": "".join(f"{line}\n" for line in score.lines)}
    number = {
        "output_type": "execute_result",
        "execution_count": 1,
        "data": {"text/plain": repr(float(score.points))},
        "metadata": {},
    }
    return [said, number]


def _own(cell: NotebookNode, *, known: bool) -> NotebookNode:
    if cell.cell_type == "code":
        outputs = [safe for output in cell.get("outputs", []) if (safe := _safe(output)) is not None]
        return NotebookNode(
            cell_type="code",
            source=cell.source,
            metadata={},
            outputs=outputs,
            execution_count=cell.get("execution_count"),
        )
    source = cell.source if known else _TAG.sub("&lt;", plain(cell.source))
    return NotebookNode(
        cell_type=cell.cell_type if cell.cell_type == "markdown" else "raw", source=source, metadata={}
    )


def _safe(output: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": plain(_joined(output.get("text", "")))}
    if kind == "error":
        return {
            "output_type": "error",
            "ename": plain(str(output.get("ename", ""))),
            "evalue": plain(str(output.get("evalue", ""))),
            "traceback": [plain(str(line)) for line in output.get("traceback", [])],
        }
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, Mapping):
        return None
    kept = {mime: plain(_joined(data[mime])) for mime in _TEXT if mime in data}
    kept |= {
        mime: _joined(data[mime])
        for mime in _IMAGES
        if mime in data and _BASE64.fullmatch(_joined(data[mime]))
    }
    return {"output_type": "display_data", "data": kept, "metadata": {}} if kept else None


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, Sequence) and not isinstance(text, str) else str(text)
