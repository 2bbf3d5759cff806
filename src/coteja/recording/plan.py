"""Holds a student's notebook against the released one and plans the run: what is whose, and what was put back.

Answer cells are found by their metadata, else by the marker comment that they begin with; given cells that were
changed are put back, missing ones are put in again; everything else is the student's own and runs where it stands.
A question's section goes up to the first cell of another question, so extra cells count to where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs
from nbformat import NotebookNode

from coteja.model.assignment import Assignment, Counterfactual, Language
from coteja.model.recording import (
    ArtefactRequest,
    CellPlan,
    CounterfactualPlan,
    ProbeRequest,
    QuestionPlan,
    RunPlan,
    Submission,
)
from coteja.model.template import TemplateCell
from coteja.model.values import Value

_MARKER = re.compile(r"^#\s*\[([\w.-]+)\]\s*$")

#: The tag of the cell that holds the values to vary (papermill's convention).
PARAMETERS_TAG = "parameters"
#: The simplest inputs are small; whoever needs longer for one is not told of it.
SIMPLE_TIMEOUT_S = 2.0

Cases = list[list[tuple[str, tuple[Value, ...]]]]


def peek(notebook: NotebookNode) -> dict[str, str]:
    """What a notebook says of itself: `assignment` and `language` ("" where it says nothing). Untrusted."""
    ours = notebook.metadata.get("coteja")
    ours = ours if isinstance(ours, dict) else {}
    said = {key: ours.get(key) for key in ("assignment", "language")}
    return {key: value[:100] if isinstance(value, str) else "" for key, value in said.items()}


def guess_language(
    notebook: NotebookNode, assignment: Assignment, templates: Mapping[Language, Sequence[TemplateCell]]
) -> Language:
    """The language of a notebook: as its metadata say, else the one whose texts and names it shares most."""
    said = peek(notebook)["language"]
    if said in assignment.languages:
        return said
    sources = {cell.source.strip() for cell in notebook.cells}
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    words = set(re.findall(r"\w+", code))

    def score(language: Language) -> int:
        same = sum(c.source.strip() in sources for c in templates[language] if c.kind in ("text", "given"))
        own = {a.name(language) for a in assignment.artefacts().values()}
        return same + len(own & words)

    return max(assignment.languages, key=score)


@dataclass(frozen=True, slots=True)
class _Known:
    """A student's cell and the template cell that it was recognised as (None: the student's own)."""

    cell: NotebookNode
    template: TemplateCell | None


def make_plan(
    submission: Submission,
    notebook: NotebookNode,
    assignment: Assignment,
    template: Sequence[TemplateCell],
    language: Language,
    *,
    cases: Mapping[str, Cases],
    parameters: Mapping[str, Mapping[str, Value]] | None = None,
    notes: Iterable[str] = (),
    simple: Mapping[str, Cases] | None = None,
) -> RunPlan:
    """Plan the run of one submission.

    `cases` are the probes' inputs and `parameters` the counterfactual runs' values by role, drawn for this submission
    alone."""
    known = _set_copies_free(_recognise(notebook, template))
    known, missing = _put_back(known, template)
    cells = _plan_cells(known)
    written = _written_answers(known, template)
    return RunPlan(
        submission=submission,
        assignment=assignment.id,
        language=language,
        cells=tuple(cells),
        questions=tuple(_question_plan(q.id, assignment, language, cases) for q in assignment.questions),
        counterfactuals=tuple(
            _counterfactual_plan(c, q.id, assignment, language, (parameters or {})[c.name])
            for q in assignment.questions
            for c in q.counterfactuals
        ),
        simple=_simple(assignment, language, simple or {}),
        notes=(*notes, *(f"put_back:{name}" for name in missing)),
        written=written,
    )


def with_answers(
    plan: RunPlan, answers: Mapping[str, Sequence[str]], left_out: Iterable[int] = ()
) -> RunPlan:
    """The same run with code of the author's after each of the questions in `answers`, and without some cells.

    What that question left behind is then the author's; later questions run on it with the student's own cells. Nothing
    is looked for later than after its question: it might be the author's by then.
    """
    gone = set(left_out)
    last = {cell.question: i for i, cell in enumerate(plan.cells) if cell.question in answers}
    after = {i: question for question, i in last.items()}
    cells: list[CellPlan] = []
    for i, cell in enumerate(plan.cells):
        if i not in gone:
            cells.append(cell)
        if question := after.get(i):
            cells += [
                CellPlan(kind="given", cell_type="code", source=source, question=question)
                for source in answers[question]
            ]
    return structs.replace(plan, cells=tuple(cells), in_order=True)


def sections(notebook: NotebookNode, template: Sequence[TemplateCell]) -> dict[str, list[int]]:
    """By question, which cells of a notebook answer it, by their number from 0: as `make_plan` recognises them."""
    found: dict[str, list[int]] = {}
    for i, k in enumerate(_set_copies_free(_recognise(notebook, template))):
        if k.template and k.template.kind == "answer" and k.template.question:
            found.setdefault(k.template.question, []).append(i)
    return found


def _recognise(notebook: NotebookNode, template: Sequence[TemplateCell]) -> list[_Known]:
    by_id = {t.cell_id: t for t in template}
    by_source = {t.source.strip(): t for t in template if t.kind in ("given", "check")}
    known = []
    for cell in notebook.cells:
        found = _by_metadata(cell, by_id) or _by_marker(cell, by_id) or by_source.get(cell.source.strip())
        known.append(_Known(cell, found if found and found.cell_type == cell.cell_type else None))
    return _by_heading(known, template)


def _by_metadata(cell: NotebookNode, by_id: Mapping[str, TemplateCell]) -> TemplateCell | None:
    for key, name in (("coteja", "cell"), ("nbgrader", "grade_id")):
        ours = cell.metadata.get(key)
        if isinstance(ours, dict) and isinstance(ours.get(name), str) and ours[name] in by_id:
            return by_id[ours[name]]
    return None


def _by_marker(cell: NotebookNode, by_id: Mapping[str, TemplateCell]) -> TemplateCell | None:
    for line in cell.source.splitlines()[:3]:
        marked = _MARKER.match(line.strip())
        if marked and cell.cell_type == "code" and marked[1] in by_id:
            return by_id[marked[1]]
    return None


def _set_copies_free(known: Sequence[_Known]) -> list[_Known]:
    """A copied given cell that was changed is the student's own: a copy takes its metadata along."""
    taken: dict[str, int] = {}
    for i, k in enumerate(known):
        if k.template and k.template.kind in ("given", "check"):
            first = taken.setdefault(k.template.cell_id, i)
            if not _unchanged(known[first]) and _unchanged(k):
                taken[k.template.cell_id] = i
    return [
        replace(k, template=None)
        if k.template and taken.get(k.template.cell_id, i) != i and not _unchanged(k)
        else k
        for i, k in enumerate(known)
    ]


def _unchanged(known: _Known) -> bool:
    return known.template is not None and known.cell.source.strip() == known.template.source.strip()


def _heading(source: str) -> str:
    first = next((line for line in source.splitlines() if line.startswith("#")), "")
    return first.lstrip("#").strip().casefold()


def _by_heading(known: list[_Known], template: Sequence[TemplateCell]) -> list[_Known]:
    """Recognise text cells by their heading: they tell which question the cells below belong to.

    A written answer is found the same way, and as the Markdown cell that stands where it was released.
    """
    headings = {_heading(t.source): t for t in template if t.cell_type == "markdown" and _heading(t.source)}
    return [
        k
        if k.template or k.cell.cell_type != "markdown"
        else replace(k, template=headings.get(_heading(k.cell.source)))
        for k in known
    ]


def _put_back(known: list[_Known], template: Sequence[TemplateCell]) -> tuple[list[_Known], list[str]]:
    """Restore changed given cells in place and insert missing ones after the given cell before them."""
    changed: list[str] = []
    restored: list[_Known] = []
    for k in known:
        if k.template and k.template.kind in ("given", "check") and not _unchanged(k):
            changed.append(k.template.cell_id)
            restored.append(replace(k, cell=_as_cell(k.template)))
        else:
            restored.append(k)
    present = {k.template.cell_id for k in restored if k.template}
    previous: str | None = None
    for t in template:
        if t.kind == "given" and t.cell_id not in present:
            changed.append(t.cell_id)
            places = [i for i, k in enumerate(restored) if k.template and k.template.cell_id == previous]
            restored.insert(places[-1] + 1 if places else 0, _Known(_as_cell(t), t))
            present.add(t.cell_id)
        if t.cell_id in present:
            previous = t.cell_id
    return restored, changed


def _as_cell(template: TemplateCell) -> NotebookNode:
    return NotebookNode(cell_type=template.cell_type, source=template.source, metadata=NotebookNode())


def _plan_cells(known: Sequence[_Known]) -> list[CellPlan]:
    plans: list[CellPlan] = []
    section: str | None = None
    for k in known:
        if k.template is not None and k.template.question is not None:
            section = k.template.question
        elif k.template is not None and k.template.kind in ("text", "given") and section is None:
            section = None
        kind = k.template.kind if k.template else "extra"
        plans.append(
            CellPlan(
                kind="given" if kind in ("given", "check") else "answer" if kind == "answer" else "extra",
                cell_type=k.cell.cell_type,
                source=k.cell.source,
                question=section,
                cell_id=k.template.cell_id if k.template else None,
                parameters=k.template is not None and PARAMETERS_TAG in k.template.tags,
            )
        )
    return plans


def _written_answers(known: Sequence[_Known], template: Sequence[TemplateCell]) -> dict[str, str]:
    """By question: the answer cell where it was changed, and the student's own Markdown in that section."""
    released = {t.source.strip() for t in template}
    answers: dict[str, list[str]] = {}
    section: str | None = None
    for k in known:
        section = k.template.question or section if k.template else section
        own = k.template is None or k.template.kind == "written"
        if (
            section
            and own
            and k.cell.cell_type == "markdown"
            and k.cell.source.strip()
            and k.cell.source.strip() not in released
        ):
            answers.setdefault(section, []).append(k.cell.source.strip())
    return {question: "\n\n".join(texts) for question, texts in answers.items()}


def _counterfactual_plan(
    declared: Counterfactual,
    question: str,
    assignment: Assignment,
    language: Language,
    values: Mapping[str, Value],
) -> CounterfactualPlan:
    """The values become assignments under the student's own names, in each language's spelling."""
    known = assignment.artefacts()
    lines = [
        f"{name} = {value!r}" for role, value in values.items() for name in known[role].all_names(language)
    ]
    return CounterfactualPlan(
        name=declared.name,
        question=question,
        parameters=dict(values),
        assignments="\n".join(lines),
        artefacts=tuple(
            ArtefactRequest(
                role=role, names=tuple(known[role].all_names(language)), figure=known[role].kind == "figure"
            )
            for role in declared.artefacts
        ),
    )


def _functions(assignment: Assignment, language: Language) -> dict[str, tuple[str, ...]]:
    return {
        a.role: tuple(a.all_names(language)) for a in assignment.artefacts().values() if a.kind == "function"
    }


def _simple(
    assignment: Assignment, language: Language, cases: Mapping[str, Cases]
) -> tuple[ProbeRequest, ...]:
    functions = _functions(assignment, language)
    return tuple(
        ProbeRequest(name=name, cases=own, timeout_s=SIMPLE_TIMEOUT_S, names=functions)
        for name, own in cases.items()
        if own
    )


def _question_plan(
    question: str, assignment: Assignment, language: Language, cases: Mapping[str, Cases]
) -> QuestionPlan:
    declared = assignment.question(question)
    functions = _functions(assignment, language)
    return QuestionPlan(
        question=question,
        artefacts=tuple(
            ArtefactRequest(role=a.role, names=tuple(a.all_names(language)), figure=a.kind == "figure")
            for a in declared.artefacts
            if a.kind not in ("function", "parameter")
        ),
        probes=tuple(
            ProbeRequest(name=p.name, cases=cases[p.name], timeout_s=p.timeout_s, names=functions)
            for p in declared.probes
            if p.name in cases
        ),
    )
