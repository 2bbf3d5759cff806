"""From an otter master notebook, as it was read, to the files of a lab; the tests run as they are."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent

from nbformat.v4 import new_code_cell, new_markdown_cell

from coteja.course.expected import ExpectedData, dump_expected
from coteja.course.load import module_name
from coteja.course.source import BEGIN, END, remove_solutions
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
from coteja.interop.otter_master import Master, MasterCell, MasterQuestion, MasterTest
from coteja.model.assignment import Language
from coteja.model.message import message as _

#: The sentences of the generated grader: as they are the engine's, they are translated.
_PUBLIC, _HIDDEN, _TOGETHER = _("Test {number}"), _("Hidden test {number}"), _("All tests together")


@dataclass(frozen=True, slots=True)
class Named:
    """A test with the name of its check and probe."""

    name: str
    number: int
    test: MasterTest


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question under the id that it has in the lab."""

    id: str
    title: str
    master: MasterQuestion
    tests: tuple[Named, ...]


def lab_files(master: Master, assignment: str, language: Language, title: str) -> dict[str, str]:
    """Every file of the lab by its path in a course."""
    asked = _asked(master)
    module = module_name(assignment)
    return {
        f"assignments/{assignment}/assignment.toml": _assignment_toml(
            master, assignment, language, title, asked
        ),
        f"assignments/{assignment}/notebook.py": _notebook(master, language, asked),
        f"assignments/{assignment}/imported.md": _page(master, assignment, asked),
        f"graders/{module}.py": _grader(master, asked),
        f"reference/{module}.py": _reference(master, asked),
        f"reference/expected/{assignment}.json": dump_expected(assignment, ExpectedData({}, {})),
    }


def title_of(master: Master) -> str:
    """The notebook's own first heading, else its name."""
    texts_there = (cell.source for cell in master.cells if cell.kind == "text")
    return heading_in(texts_there) or master.name or master.path.stem


def _asked(master: Master) -> dict[str, _Asked]:
    """The questions by otter's name, each with an id that cells, checks and files can bear."""
    found: dict[str, _Asked] = {}
    for question in master.questions:
        base = re.sub(r"[^A-Za-z0-9]+", "_", question.name).strip("_") or "question"
        name = base if base[0].isalpha() else f"q{base}"
        taken = {asked.id for asked in found.values()}
        own = next(n for n in (name, *(f"{name}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
        tests = tuple(Named(f"{own}_test_{i}", i, test) for i, test in enumerate(question.tests, start=1))
        found[question.name] = _Asked(own, _question_title(master, question), question, tests)
    return found


def _question_title(master: Master, question: MasterQuestion) -> str:
    first = next((c.source for c in master.cells if c.kind == "text" and c.question == question.name), "")
    heading = re.search(r"^#+\s+(.+)$", first, flags=re.M) or re.match(r"\*\*(.+?)[:.]?\*\*", first)
    return (bare(heading[1]) if heading else "") or question.name


# ------------------------------------------------------------------------------------------ assignment.toml


def _assignment_toml(
    master: Master, assignment: str, language: Language, title: str, asked: dict[str, _Asked]
) -> str:
    preload = preload_of(cell.source for cell in master.cells if cell.cell_type == "code")
    lines = [
        f"# Imported from {master.path.name} (otter-grader). imported.md says what came along.",
        f"id = {quoted(assignment)}",
        f"title = {texts(language, title)}",
        f"languages = [{quoted(language)}]",
        f"preload = [{', '.join(map(quoted, preload))}]",
        "# As otter does it: a question that rests on an earlier mistake loses its points, too.",
        "carry_forward = false",
    ]
    for question in asked.values():
        lines += [
            "",
            "[[question]]",
            f"id = {quoted(question.id)}",
            f"title = {texts(language, question.title)}",
            f"points = {question.master.points!r}",
        ]
        for test in question.tests:
            lines += ["", "[[question.probe]]", f"name = {quoted(test.name)}"]
            lines += [] if test.test.hidden else ["public = true"]
        if question.master.by_hand is not None:
            said = bare(question.master.solution)
            lines += marked_by_a_person(language, question.master.by_hand, said)
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------------------------- notebook.py


def _notebook(master: Master, language: Language, asked: dict[str, _Asked]) -> str:
    cells = []
    counts: dict[str, int] = {}
    for cell, owner in zip(master.cells, _owners(master), strict=True):
        question = asked[owner].id if owner is not None else ""
        metadata: dict[str, object] = {"question": question}
        if cell.cell_type == "markdown":
            source = cell.source or WRITE_HERE.get(language, WRITE_HERE["en"])
            written = {"written": True} if cell.kind == "written" else {}
            cells.append(new_markdown_cell(source, metadata={"lang": language} | metadata | written))
            continue
        if cell.kind == "answer":
            counts[question] = counts.get(question, 0) + 1
            metadata["answer"] = f"{question}-answer" + (
                f"-{counts[question]}" if counts[question] > 1 else ""
            )
        source = cell.source if cell.kind == "given" else answer_source(cell)
        cells.append(new_code_cell(source, metadata=metadata))
    return as_source(cells)


def _owners(master: Master) -> list[str | None]:
    """Whose each cell is. What stands between two questions belongs to the later one: otter checks before it runs."""
    owners: list[str | None] = [cell.question for cell in master.cells]
    begun = False
    for i, owner in enumerate(owners):
        begun = begun or owner is not None
        if owner is None and begun:
            owners[i] = next((later for later in owners[i:] if later is not None), owners[i - 1])
    return owners


def answer_source(cell: MasterCell) -> str:
    """The author's answer with our marks around what otter takes out; what otter leaves in its place as comments.

    Falls back to the whole cell where our placeholder could not stand in the middle of a statement.
    """
    if cell.prompt == cell.source:
        return cell.source
    pieces = "\n".join(_pieces(cell.prompt.split("\n"), cell.source.split("\n")))
    if _is_python(pieces) and _is_python(remove_solutions(pieces, "…")):
        return pieces
    prompt = [f"# {line}".rstrip() for line in cell.prompt.split("\n") if _tells(line)]
    return "\n".join([*prompt, BEGIN, cell.source, END])


def _pieces(left: Sequence[str], own: Sequence[str]) -> Iterator[str]:
    for tag, i, j, k, m in difflib.SequenceMatcher(None, left, own, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from own[k:m]
            continue
        for line in left[i:j]:
            if _tells(line):
                body = line.lstrip()
                yield f"{line[: len(line) - len(body)]}# {body}"
        first = next((line for line in own[k:m] if line.strip()), None)
        if first is not None:
            margin = first[: len(first) - len(first.lstrip())]
            yield from (f"{margin}{BEGIN}", *own[k:m], f"{margin}{END}")


def _tells(line: str) -> bool:
    return line.strip() not in ("", "...")


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return bool(re.search(r"^\s*[%!?]", source, flags=re.M))
    return True


# --------------------------------------------------------------------------------------- grader and reference


def _grader(master: Master, asked: dict[str, _Asked]) -> str:
    """One check a test; where a question is all or nothing, one more that has its points."""
    checks = [text for question in asked.values() for text in _checks(question)]
    used = [
        name for name in ("imported_test", "imported_tests") if any(f"{name}(" in text for text in checks)
    ]
    imports = ", ".join(["Expected", "Verdict", "Work", "_", "check", *used])
    head = (
        f'"""The tests of {in_docstring(master.path.name)} (otter-grader), run as they are in the student\'s process.\n\n'
        'imported.md beside the lab says which of them to make real checks.\n"""\n\n'
        f"from __future__ import annotations\n\nfrom coteja.checking import {imports}\n"
    )
    return "\n\n".join([head, *checks])


def _checks(question: _Asked) -> Iterator[str]:
    together = question.master.all_or_nothing and len(question.tests) > 1
    for named in question.tests:
        if together and named.test.hidden:
            continue
        title = (_HIDDEN if named.test.hidden else _PUBLIC).id
        words = [
            f"{key}={getattr(named.test, key)!r}"
            for key in ("success", "failure")
            if getattr(named.test, key)
        ]
        shown = [] if named.test.hidden else ["shown=True"]
        call = ", ".join(["work", repr(named.name), *shown, *words])
        points = 0.0 if together else named.test.points
        public = "" if named.test.hidden else ", public=True"
        yield (
            f'@check("{question.id}", points={points!r}, title=_("{title}", number={named.number}){public})\n'
            f"def {named.name}(work: Work, expected: Expected) -> Verdict:\n    return imported_test({call})\n"
        )
    if together:
        names = [named.name for named in question.tests]
        yield (
            f'@check("{question.id}", points={question.master.points!r}, title=_("{_TOGETHER.id}"))\n'
            f"def {question.id}_all_tests(work: Work, expected: Expected) -> Verdict:\n"
            f"    return imported_tests(work, {names!r})\n"
        )


def _reference(master: Master, asked: dict[str, _Asked]) -> str:
    tests = [named for question in asked.values() for named in question.tests]
    table = "".join(
        f"    {named.name!r}: (\n{indent(spread(named.test.body), ' ' * 8)}\n    ),\n" for named in tests
    )
    runner = (
        "coteja_run_test_function" if any(named.test.function for named in tests) else "coteja_run_doctest"
    )
    return f'''"""The tests of {in_docstring(master.path.name)} (otter-grader), as they were.

A probe hands each one to the student's process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: name of the probe -> the test
TESTS = {{
{table}}}


def {runner}(test: str) -> list[Any]:
    """What a test finds when it holds: nothing."""
    return []


def draw(test: str) -> Callable[[np.random.Generator], list[Any]]:
    """One case of one call: the test, the same for everybody."""
    return lambda rng: [[("{runner}", (test,))]]


EXPERIMENTS: dict[str, Any] = {{}}
PROBES = {{name: draw(test) for name, test in TESTS.items()}}
'''


# --------------------------------------------------------------------------------------------------- the page


def _page(master: Master, assignment: str, asked: dict[str, _Asked]) -> str:
    """imported.md: what came along, what did not, and which tests to make real checks first."""
    functions, variables = made_in(cell.source for cell in master.cells if cell.kind == "answer")
    lines = [
        f"# {assignment}: imported from {master.path.name}",
        "",
        "Every test runs as it is, in the student's process, after the question's cells. While it runs, its text is there to",
        "be read, a hidden one's too, and what it found is what that process says. A real check is neither: it looks at data on",
        "your side. Make the tests below into checks, hidden ones first; docs/authoring.md shows how.",
        "",
        "| check | visible | points | make it |",
        "|---|---|---:|---|",
    ]
    for question in asked.values():
        for named in question.tests:
            seen = "hidden" if named.test.hidden else "public"
            better = advice(
                named.test.body, hidden=named.test.hidden, functions=functions, variables=variables
            )
            lines.append(f"| {named.name} | {seen} | {named.test.points:g} | {better} |")
    lines += ["", "## What is left to do", ""]
    left = [*master.left]
    for question in asked.values():
        if question.master.by_hand is not None:
            left.append(f"{question.id} is marked by a person: write its rubric in assignment.toml.")
        if question.master.by_hand == 0:
            left.append(
                f"{question.id} is marked by a person and has no points: say in assignment.toml what it is worth."
            )
        if question.master.by_hand is None and not question.tests:
            left.append(f"{question.id} has no tests and is not marked by a person: it is worth nothing.")
    lines += [f"- {text}" for text in left or ["Nothing: `coteja lint` says the rest."]]
    return "\n".join(lines) + "\n"
