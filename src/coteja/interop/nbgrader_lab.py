"""From a source notebook of nbgrader's, as it was read, to the files of a lab; the test cells run as they are."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from coteja.course.expected import ExpectedData, dump_expected
from coteja.course.load import module_name
from coteja.interop.imported import (
    WRITE_HERE,
    advice,
    as_source,
    bare,
    heading_in,
    in_docstring,
    made_in,
    marked_by_a_person,
    preload_of,
    quoted,
    spread,
    texts,
)
from coteja.interop.nbgrader_source import Source, SourcePart, SourceQuestion, SourceTest
from coteja.model.assignment import Language
from coteja.model.message import message as _

#: The sentence of the generated grader: as it is the engine's, it is translated.
_TITLE = _("Test cell {name}")
_ABOUT_CODE = {
    "es": "_Una persona lee el código de arriba. Aquí puedes agregar lo que quieras decirle._",
    "en": "_A person reads the code above. Here you can add what you want to tell them._",
}


@dataclass(frozen=True, slots=True)
class _Named:
    """A test with the name of its check and probe."""

    name: str
    test: SourceTest


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question under the id that it has in the lab."""

    id: str
    title: str
    source: SourceQuestion
    tests: tuple[_Named, ...]


def lab_files(source: Source, assignment: str, language: Language, title: str) -> dict[str, str]:
    """Every file of the lab by its path in a course."""
    asked = _asked(source)
    module = module_name(assignment)
    return {
        f"assignments/{assignment}/assignment.toml": _assignment_toml(
            source, assignment, language, title, asked
        ),
        f"assignments/{assignment}/notebook.py": _notebook(source, language, asked),
        f"assignments/{assignment}/imported.md": _page(source, assignment, asked),
        f"graders/{module}.py": _grader(source, asked),
        f"reference/{module}.py": _reference(source, asked),
        f"reference/expected/{assignment}.json": dump_expected(assignment, ExpectedData({}, {})),
    }


def title_of(source: Source) -> str:
    """The notebook's own first heading of the first level, else its file's name."""
    return heading_in(part.source for part in _parts(source) if part.kind == "text") or source.path.stem


def _parts(source: Source) -> list[SourcePart]:
    return [part for question in source.questions for part in question.parts] + source.after


def _code(source: Source) -> list[str]:
    own = [part.source for part in _parts(source) if part.cell_type == "code"]
    return own + [test.source for question in source.questions for test in question.tests]


def _asked(source: Source) -> list[_Asked]:
    taken: set[str] = set()
    found = []
    for number, question in enumerate(source.questions, 1):
        tests = tuple(_Named(_identifier(test.grade_id, taken), test) for test in question.tests)
        found.append(_Asked(f"q{number}", _question_title(question, number), question, tests))
    return found


def _identifier(grade_id: str, taken: set[str]) -> str:
    """nbgrader's id as a name of Python's that nothing else has."""
    base = re.sub(r"\W+", "_", grade_id, flags=re.ASCII).strip("_") or "test"
    if not base[0].isalpha() or keyword.iskeyword(base):
        base = f"test_{base}"
    reserved = {"check", "imported_cell", "Expected", "Verdict", "Work", "annotations"}
    names = (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3)))
    name = next(n for n in names if n not in taken | reserved)
    taken.add(name)
    return name


def _question_title(question: SourceQuestion, number: int) -> str:
    headings = [
        found
        for part in question.parts
        if part.kind == "text"
        for found in re.findall(r"^#+\s+(.+)$", part.source, flags=re.M)
    ]
    return (bare(headings[-1]) if headings else "") or f"{number}"


# ------------------------------------------------------------------------------------------ assignment.toml


def _assignment_toml(
    source: Source, assignment: str, language: Language, title: str, asked: Sequence[_Asked]
) -> str:
    lines = [
        f"# Imported from {bare(source.path.name)} (nbgrader). imported.md says what came along.",
        f"id = {quoted(assignment)}",
        f"title = {texts(language, title)}",
        f"languages = [{quoted(language)}]",
        f"preload = [{', '.join(map(quoted, preload_of(_code(source))))}]",
        "# As nbgrader does it: a question that rests on an earlier mistake loses its points, too.",
        "carry_forward = false",
    ]
    for question in asked:
        lines += ["", "[[question]]", f"id = {quoted(question.id)}"]
        lines += [f"title = {texts(language, question.title)}", f"points = {question.source.points!r}"]
        for named in question.tests:
            lines += ["", "[[question.probe]]", f"name = {quoted(named.name)}"]
            lines += [] if named.test.hidden else ["public = true"]
        if question.source.by_hand is not None:
            said = " ".join(question.source.solution.split())[:2000]
            lines += marked_by_a_person(language, question.source.by_hand, said)
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------------------------- notebook.py


def _notebook(source: Source, language: Language, asked: Sequence[_Asked]) -> str:
    taken: set[str] = set()
    cells = [_cell(part, language, question, taken) for question in asked for part in question.source.parts]
    return as_source(cells + [_cell(part, language, asked[-1], taken) for part in source.after])


def _cell(part: SourcePart, language: Language, question: _Asked, taken: set[str]) -> NotebookNode:
    metadata: dict[str, object] = {"question": question.id}
    if part.cell_type == "markdown":
        own = _ABOUT_CODE if question.source.by_hand_code else WRITE_HERE
        text = part.source or own.get(language, own["en"])
        written = {"written": True} if part.kind == "written" else {}
        return new_markdown_cell(text, metadata={"lang": language} | metadata | written)
    if part.kind == "answer":
        # nbgrader's own id: notebooks that were made by nbgrader are recognised by it.
        base = re.sub(r"[^\w-]+", "-", part.grade_id).strip("-") or f"{question.id}-answer"
        name = next(n for n in (base, *(f"{base}-{i}" for i in range(2, 999))) if n not in taken)
        taken.add(name)
        metadata["answer"] = name
    return new_code_cell(part.source, metadata=metadata)


# --------------------------------------------------------------------------------------- grader and reference


def _grader(source: Source, asked: Sequence[_Asked]) -> str:
    """One check a test cell, with its points."""
    checks = list(_checks(asked))
    if not checks:
        return '"""Nothing here is checked automatically: a person marks all answers."""\n'
    head = (
        f'"""The test cells of {in_docstring(source.path.name)} (nbgrader), run as they are in the student\'s process.\n\n'
        'imported.md beside the lab says which of them to make real checks.\n"""\n\n'
        "from __future__ import annotations\n\n"
        "from coteja.checking import Expected, Verdict, Work, _, check, imported_cell\n"
    )
    return "\n\n".join([head, *checks])


def _checks(asked: Sequence[_Asked]) -> Iterator[str]:
    for question in asked:
        for named in question.tests:
            public = "" if named.test.hidden else ", public=True"
            shown = "" if named.test.hidden else ", shown=True"
            points = named.test.points
            title = f'_("{_TITLE.id}", name={named.test.grade_id!r})'
            yield (
                f'@check("{question.id}", points={points!r}, title={title}{public})\n'
                f"def {named.name}(work: Work, expected: Expected) -> Verdict:\n"
                f"    return imported_cell(work, {named.name!r}, points={points!r}{shown})\n"
            )


def _reference(source: Source, asked: Sequence[_Asked]) -> str:
    table = "".join(
        f"    {named.name!r}: (\n{indent(spread(named.test.source), ' ' * 8)}\n    ),\n"
        for question in asked
        for named in question.tests
    )
    return f'''"""The test cells of {in_docstring(source.path.name)} (nbgrader), as they were.

A probe hands each one to the student's process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: name of the probe -> the test cell
TESTS: dict[str, str] = {{
{table}}}


def coteja_run_test_cell(test: str) -> dict[str, str]:
    """What a test cell finds when it holds: nothing."""
    return {{"error": "", "stderr": "", "value": ""}}


def draw(test: str) -> Callable[[np.random.Generator], list[Any]]:
    """One case of one call: the test cell, the same for everybody."""
    return lambda rng: [[("coteja_run_test_cell", (test,))]]


EXPERIMENTS: dict[str, Any] = {{}}
PROBES = {{name: draw(test) for name, test in TESTS.items()}}
'''


# --------------------------------------------------------------------------------------------------- the page


def _page(source: Source, assignment: str, asked: Sequence[_Asked]) -> str:
    """imported.md: what came along, what did not, and which test cells to make real checks first."""
    functions, variables = made_in(part.source for part in _parts(source) if part.kind == "answer")
    lines = [
        f"# {assignment}: imported from {bare(source.path.name)}",
        "",
        "Every test cell runs as it is, in the student's process, after the question's cells. While it runs, its text",
        "is there to be read, a hidden one's too, and what it found is what that process says: it is believed for its",
        "own points and for no more. A real check is neither: it looks at data on your side. Make the test cells below",
        "into checks, hidden ones first;",
        "docs/authoring.md shows how.",
        "",
        "| check | question | visible | points | make it |",
        "|---|---|---|---:|---|",
    ]
    for question in asked:
        for named in question.tests:
            seen = "hidden" if named.test.hidden else "public"
            better = advice(
                named.test.source, hidden=named.test.hidden, functions=functions, variables=variables
            )
            lines.append(f"| {named.name} | {question.id} | {seen} | {named.test.points:g} | {better} |")
    lines += ["", "## What is left to do", ""]
    left = [*source.left]
    for question in asked:
        if question.source.by_hand is not None:
            left.append(f"{question.id} is marked by a person: write its rubric in assignment.toml.")
        if question.source.by_hand_code:
            left.append(
                f"{question.id} is code that a person marks: `coteja mark` shows the text below it, so read the code in the "
                "notebook, or make it a check."
            )
    lines += [f"- {text}" for text in left or ["Nothing: `coteja lint` says the rest."]]
    return "\n".join(lines) + "\n"
