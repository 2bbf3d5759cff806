"""Whose cell is whose, whatever a student did to the notebook: moved, copied, deleted, edited, stripped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from coteja.model.assignment import Artefact, Assignment, Probe, Question
from coteja.model.recording import RunPlan, Submission
from coteja.model.template import TemplateCell
from coteja.recording.plan import guess_language, make_plan, peek

LAB = Assignment(
    id="lab",
    title={"es": "Lab", "en": "Lab"},
    languages=("es", "en"),
    questions=(
        Question(
            id="q1",
            title={},
            points=1,
            artefacts=(
                Artefact(role="costs", kind="curve", names={"es": "costos"}),
                Artefact(role="picture", kind="figure"),
                Artefact(role="train", kind="function", names={"es": "entrenar"}),
            ),
            probes=(Probe(name="train", timeout_s=3), Probe(name="undrawn")),
        ),
        Question(id="q2", title={}, points=1, artefacts=(Artefact(role="w", kind="array"),)),
    ),
)


def cell(kind: Any, cell_id: str, source: str, question: str | None = None) -> TemplateCell:
    kind_of_cell = "markdown" if kind in ("text", "written") else "code"
    return TemplateCell(kind=kind, cell_id=cell_id, cell_type=kind_of_cell, source=source, question=question)


TEMPLATES: dict[str, Sequence[TemplateCell]] = {
    language: (
        cell("text", "intro", f"# {title}"),
        cell("given", "data", "import numpy as np\nX = np.ones(3)"),
        cell("text", "q1", f"## {one}", "q1"),
        cell("answer", "q1-train", f"# [q1-train]\n{names[0]} = None", "q1"),
        cell("check", "q1-check", 'coteja.check("q1")', "q1"),
        cell("written", "q1-why", f"*{names[1]}*", "q1"),
        cell("text", "q2", f"## {two}", "q2"),
        cell("given", "q2-data", "Y = X + 1", "q2"),
        cell("answer", "q2-w", "# [q2-w]\nw = None", "q2"),
    )
    for language, title, one, two, names in (
        ("es", "Una red", "Entrenar", "Los pesos", ("costos", "Tu respuesta aquí")),
        ("en", "A network", "Training", "The weights", ("costs", "Your answer here")),
    )
}

Handed = list[NotebookNode]


def released(language: str = "es") -> Handed:
    """The notebook as a student gets it."""
    cells = []
    for t in TEMPLATES[language]:
        new = nbformat.v4.new_code_cell if t.cell_type == "code" else nbformat.v4.new_markdown_cell
        cells.append(
            new(
                source=t.source, metadata={"coteja": {"cell": t.cell_id}, "nbgrader": {"grade_id": t.cell_id}}
            )
        )
    return cells


def named(cells: Handed, cell_id: str) -> NotebookNode:
    return next(c for c in cells if c.metadata.get("coteja", {}).get("cell") == cell_id)


def code(source: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(source=source)


def markdown(source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source=source)


def strip(cells: Handed) -> Handed:
    """As Colab and some editors leave a notebook: without metadata."""
    for c in cells:
        c.metadata.clear()
    return cells


@pytest.fixture
def plan() -> Callable[..., RunPlan]:
    def plan(cells: Handed, language: str = "es", **options: Any) -> RunPlan:
        notebook = nbformat.v4.new_notebook(cells=cells)
        options.setdefault("cases", {"train": [[("train", (1, 2))]]})
        who = Submission(student="ana", path="ana.ipynb", sha256="0")
        return make_plan(who, notebook, LAB, TEMPLATES[language], language, **options)

    return plan


def code_cells(plan: RunPlan) -> list[tuple[str, str | None, str | None]]:
    """Kind, question and id of each code cell."""
    return [(c.kind, c.question, c.cell_id) for c in plan.cells if c.cell_type == "code"]


UNTOUCHED = [
    ("given", None, "data"),
    ("answer", "q1", "q1-train"),
    ("given", "q1", "q1-check"),
    ("given", "q2", "q2-data"),
    ("answer", "q2", "q2-w"),
]


def test_a_notebook_as_released_is_recognised_whole(plan: Any) -> None:
    made = plan(released())
    assert code_cells(made) == UNTOUCHED
    assert made.notes == ()
    assert made.written == {}


@pytest.mark.parametrize("kept", ["coteja", "nbgrader"])
def test_answer_cells_are_known_by_either_metadata(plan: Any, kept: str) -> None:
    cells = released()
    for c in cells:
        c.source = c.source if "np.ones" in c.source or "check" in c.source or "Y =" in c.source else "x = 1"
        c.metadata = {kept: c.metadata[kept]}
    assert code_cells(plan(cells)) == UNTOUCHED


def test_without_metadata_markers_sources_and_headings_tell(plan: Any) -> None:
    cells = strip(released())
    cells[3].source = "\n  # [q1-train]  \ncostos = [1]"
    cells[0].source = "# UNA RED \n\nby Ana"
    assert code_cells(plan(cells)) == UNTOUCHED


def test_without_metadata_and_markers_headings_tell_the_question(plan: Any) -> None:
    cells = strip(released())
    cells[3].source, cells[8].source = "costos = [1]", "w = 2"
    made = plan(cells)
    assert [(c.kind, c.question) for c in made.cells if c.source in ("costos = [1]", "w = 2")] == [
        ("extra", "q1"),
        ("extra", "q2"),
    ]


def test_a_marker_in_a_text_cell_or_of_nobody_marks_nothing(plan: Any) -> None:
    made = plan([markdown("# [q1-train]"), code("# [nowhere]\na = 1")])
    assert [c.cell_id for c in made.cells if c.source in ("# [q1-train]", "# [nowhere]\na = 1")] == [
        None,
        None,
    ]


def test_a_changed_given_cell_is_put_back_and_said(plan: Any) -> None:
    cells = released()
    named(cells, "data").source = "X = 'mine'"
    made = plan(cells, notes=["encoding:UTF-16"])
    assert made.cells[1].source == "import numpy as np\nX = np.ones(3)"
    assert made.notes == ("encoding:UTF-16", "put_back:data")


def test_an_edited_check_cell_is_put_back(plan: Any) -> None:
    cells = released()
    named(cells, "q1-check").source = "passed = True"
    made = plan(cells)
    assert 'coteja.check("q1")' in [c.source for c in made.cells]
    assert made.notes == ("put_back:q1-check",)


def test_a_deleted_given_cell_is_put_in_after_its_neighbour_a_deleted_check_is_not(plan: Any) -> None:
    cells = [c for c in released() if c.metadata.coteja.cell not in ("data", "q1-check", "q2-data")]
    made = plan(cells)
    assert code_cells(made) == [UNTOUCHED[0], UNTOUCHED[1], UNTOUCHED[3], UNTOUCHED[4]]
    assert made.notes == ("put_back:data", "put_back:q2-data")
    assert [c.cell_id for c in made.cells][:2] == ["intro", "data"]


def test_given_cells_turned_into_text_are_put_in_again(plan: Any) -> None:
    cells = released()
    cells[1] = markdown("import numpy as np\nX = np.ones(3)")
    cells[1].metadata = {"coteja": {"cell": "data"}}
    assert code_cells(plan(cells)) == UNTOUCHED


def test_an_empty_notebook_gets_what_was_given(plan: Any) -> None:
    assert [c.cell_id for c in plan([]).cells] == ["data", "q2-data"]


def test_cells_in_another_order_stay_where_they_stand(plan: Any) -> None:
    cells = released()
    cells = [*cells[6:], *cells[:6]]
    assert code_cells(plan(cells)) == [*UNTOUCHED[3:], ("given", "q2", "data"), *UNTOUCHED[1:3]]


def test_a_copied_answer_runs_twice_in_its_question(plan: Any) -> None:
    cells = released()
    cells.insert(4, nbformat.from_dict({**cells[3], "id": "copied"}))
    assert code_cells(plan(cells)).count(("answer", "q1", "q1-train")) == 2


def test_a_copy_of_a_given_cell_that_was_changed_is_the_students_own(plan: Any) -> None:
    cells = released()
    for place in (0, 4):
        copied = nbformat.from_dict(named(released(), "data"))
        copied.source = f"mine = {place}"
        cells.insert(place, copied)
    made = plan(cells)
    assert made.notes == ()
    assert [(c.kind, c.source) for c in made.cells if c.source.startswith(("mine", "import"))] == [
        ("extra", "mine = 0"),
        ("given", "import numpy as np\nX = np.ones(3)"),
        ("extra", "mine = 4"),
    ]


def test_extra_cells_count_to_where_they_stand(plan: Any) -> None:
    cells = released()
    cells.insert(8, code("b = 2"))
    cells.insert(4, code("a = 1"))
    cells.insert(0, code("z = 0"))
    cells.append(code("c = 3"))
    found = {c.source: (c.kind, c.question) for c in plan(cells).cells}
    assert found["z = 0"] == ("extra", None)
    assert found["a = 1"] == ("extra", "q1")
    assert found["b = 2"] == found["c = 3"] == ("extra", "q2")


def test_written_answers_are_found_where_they_were_written(plan: Any) -> None:
    cells = released()
    named(cells, "q1-why").source = "Porque baja.\n"
    cells.append(markdown("Los pesos crecen."))
    assert plan(cells).written == {"q1": "Porque baja.", "q2": "Los pesos crecen."}
    cells = strip(released())
    cells[5].source = "Porque baja."
    assert plan(cells).written == {"q1": "Porque baja."}


def test_an_untouched_or_emptied_written_answer_is_none(plan: Any) -> None:
    cells = released()
    named(cells, "q1-why").source = " \n"
    assert plan(cells).written == {}


def test_what_to_capture_follows_the_assignment_in_the_notebooks_language(plan: Any) -> None:
    first, second = plan(released()).questions
    assert [(a.role, a.names, a.figure) for a in first.artefacts] == [
        ("costs", ("costos", "costs"), False),
        ("picture", ("picture",), True),
    ]
    assert [(a.role, a.names) for a in second.artefacts] == [("w", ("w",))]
    (probe,) = first.probes
    assert (probe.name, probe.timeout_s, probe.names) == ("train", 3, {"train": ("entrenar", "train")})
    english = plan(released("en"), "en").questions[0]
    assert english.artefacts[0].names == ("costs", "costos")


def test_strange_metadata_are_passed_over(plan: Any) -> None:
    cells = released()
    for c, odd in zip(cells, ([], 5, {"cell": []}, {"cell": "nowhere"}, None, {}, {"cell": 1}), strict=False):
        c.metadata = nbformat.from_dict({"coteja": odd, "nbgrader": odd})
    assert code_cells(plan(cells)) == UNTOUCHED


# ------------------------------------------------------------------------------------------ language


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_language_is_what_the_notebook_says_or_looks_like(language: str) -> None:
    cells = strip(released(language))
    assert guess_language(nbformat.v4.new_notebook(cells=cells), LAB, TEMPLATES) == language
    said = nbformat.v4.new_notebook(cells=cells, metadata={"coteja": {"language": "en"}})
    assert guess_language(said, LAB, TEMPLATES) == "en"
    strange = nbformat.v4.new_notebook(cells=cells, metadata={"coteja": {"language": "tlh"}})
    assert guess_language(strange, LAB, TEMPLATES) == language


def test_names_tell_the_language_where_no_text_is_left() -> None:
    assert guess_language(nbformat.v4.new_notebook(cells=[code("costs = 1")]), LAB, TEMPLATES) == "en"
    assert guess_language(nbformat.v4.new_notebook(), LAB, TEMPLATES) == "es"


@pytest.mark.parametrize("odd", [None, 5, [], {}, {"assignment": {}, "language": ["es"]}])
def test_peeking_at_strange_metadata_finds_nothing(odd: Any) -> None:
    notebook = nbformat.from_dict({"metadata": {"coteja": odd}, "cells": []})
    assert peek(notebook) == {"assignment": "", "language": ""}


def test_peeking_finds_what_a_notebook_says() -> None:
    notebook = nbformat.v4.new_notebook(metadata={"coteja": {"assignment": "lab", "language": "es" * 900}})
    assert peek(notebook) == {"assignment": "lab", "language": ("es" * 900)[:100]}
