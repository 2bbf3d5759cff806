"""From a lab's source to the student's notebook in one language, with nbgrader's metadata on graded cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coteja.course.source import SourceCell, render_cells
from coteja.i18n import Translator
from coteja.model.assignment import Assignment
from coteja.model.message import message as _
from coteja.model.template import TemplateCell

NOTEBOOK_SCHEMA = "coteja-notebook/1"
#: https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
NBGRADER_SCHEMA = 3


def build_cells(
    assignment: Assignment,
    source: list[SourceCell],
    translator: Translator,
    *,
    install: str,
    solutions: bool = False,
) -> list[TemplateCell]:
    """Every cell of the notebook in the translator's language, in order.

    The first two say how to check one's own work; after the last answer of each question stands its check cell.
    """
    stub = translator.say(_("YOUR CODE HERE"))
    cells = render_cells(source, assignment, translator.language, stub=stub, solutions=solutions)
    built = _how_to_check(assignment, translator, install)
    last_answer = {cell.question: i for i, cell in enumerate(cells) if cell.kind == "answer"}
    for i, cell in enumerate(cells):
        built.append(cell)
        if cell.question and last_answer.get(cell.question) == i:
            built.append(_check_cell(assignment, cell.question))
    return built


def _how_to_check(assignment: Assignment, translator: Translator, install: str) -> list[TemplateCell]:
    questions = ", ".join(f'`coteja.check("{q.id}")`' for q in assignment.questions)
    text = "\n\n".join(
        [
            "## " + translator.say(_("How to check your own work")),
            translator.say(
                _(
                    "Run the next cell once. After each question you will find a cell such as "
                    "{questions}: run it as often as you like. It looks at your variables as they are now and "
                    "tells you what already holds and what does not. It needs no connection and sends nothing.",
                    questions=questions,
                )
            ),
            translator.say(
                _(
                    "Your mark comes from a fresh run of this notebook, from the first cell to the last, with more "
                    "checks than these. Before you hand it in: Kernel → Restart and run all."
                )
            ),
        ]
    )
    load = f"try:\n    import coteja\nexcept ModuleNotFoundError:\n    {install}\n    import coteja"
    return [
        TemplateCell(kind="text", cell_id="how-to-check", cell_type="markdown", source=text),
        TemplateCell(kind="given", cell_id="load-coteja", cell_type="code", source=load),
    ]


def _check_cell(assignment: Assignment, question: str) -> TemplateCell:
    return TemplateCell(
        kind="check",
        cell_id=f"{question}-check",
        cell_type="code",
        source=f'coteja.check("{question}")',
        question=question,
        points=assignment.question(question).points,
    )


def build_notebook(
    assignment: Assignment, cells: list[TemplateCell], language: str, *, public: Mapping[str, Any]
) -> nbformat.NotebookNode:
    """The notebook with its metadata. `public` is what the student's own look needs; nothing hidden is in it."""
    notebook = new_notebook(
        cells=[_node(cell, language) for cell in cells],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
            "coteja": {
                "schema": NOTEBOOK_SCHEMA,
                "assignment": assignment.id,
                "language": language,
                "public": dict(public),
            },
        },
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def _node(cell: TemplateCell, language: str) -> nbformat.NotebookNode:
    new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    node = new(source=cell.source, metadata=_metadata(cell))
    # Ids must differ within a notebook, be short, and be the same in every release (nbformat 4.5).
    digest = hashlib.sha256(f"{cell.cell_id}/{language}".encode()).hexdigest()[:8]
    node["id"] = f"{cell.cell_id[:50]}-{digest}"
    return node


def _metadata(cell: TemplateCell) -> dict[str, Any]:
    ours: dict[str, Any] = {"cell": cell.cell_id, "kind": cell.kind}
    if cell.question:
        ours["question"] = cell.question
    metadata: dict[str, Any] = {"coteja": ours}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    if cell.kind in ("given", "check"):
        metadata |= {"editable": False, "deletable": False}
    if cell.kind != "text":
        metadata["nbgrader"] = _nbgrader(cell)
    return metadata


def _nbgrader(cell: TemplateCell) -> dict[str, Any]:
    graded = cell.kind in ("check", "written")
    fields: dict[str, Any] = {
        "schema_version": NBGRADER_SCHEMA,
        "grade_id": cell.cell_id,
        "grade": graded,
        "solution": cell.kind in ("answer", "written"),
        "locked": cell.kind in ("given", "check"),
        "task": False,
    }
    if graded:
        fields["points"] = cell.points or 0
    return fields


def notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """The file's bytes: sorted keys, UTF-8, one space of indentation (as nbformat writes)."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
