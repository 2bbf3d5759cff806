"""What a released notebook must not hold: solutions, and what is expected of what is hidden."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from coteja.course.source import SourceCell, render_cells
from coteja.grading.lab import Lab
from coteja.grading.linting.finding import Finding
from coteja.grading.linting.notebook import cell_lines
from coteja.grading.releasing import released_bytes
from coteja.model.assignment import Language
from coteja.model.template import TemplateCell
from coteja.model.values import Value

#: A piece of code with fewer nodes than this in its syntax tree says nothing that a lab could keep secret.
_TELLING_NODES = 12
#: A number with fewer digits may stand in a text by chance.
_TELLING_DIGITS = 4
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")


def solution_leaks(lab: Lab, path: Path, text: str) -> Iterator[Finding]:
    """Solutions that also stand in a given cell, in a text, or in the source of a public check."""
    lines = cell_lines(text, len(lab.source))
    told: set[tuple[str, str]] = set()
    for language in lab.assignment.languages:
        released, solved = lab.template(language), lab.template(language, solutions=True)
        secrets = _secrets(released, solved)
        for cell in released:
            for found in _leaked(cell.source, cell.cell_type, secrets):
                if (cell.cell_id, found) not in told:
                    told.add((cell.cell_id, found))
                    at = _source_line(lab.source, lines, cell, language)
                    yield _leak(lab, path, at, f"the solution `{found}` also stands in cell {cell.cell_id}")
    public = lab.public_payload(lab.assignment.languages[0])["checks"]
    for found in _leaked(public, "code", _secrets(*_as_the_author_writes(lab))):
        grader = lab.course.grader_path(lab.assignment.id)
        what = f"the solution `{found}` also stands in a public check, whose source travels in the notebook"
        yield _leak(lab, grader, _line_of_expression(lab.grader_source, found), what)


def _leak(lab: Lab, path: Path, line: int | None, what: str) -> Finding:
    return Finding(
        rule="solution-leak",
        assignment=lab.assignment.id,
        file=str(path),
        line=line,
        what=what,
        todo="Say it in another way there; a public check can test a property in its place (docs/authoring.md).",
    )


def _as_the_author_writes(lab: Lab) -> tuple[list[TemplateCell], list[TemplateCell]]:
    """The cells released and solved, with variables by role, as a check would copy them."""
    questions = [
        replace(q, artefacts=tuple(replace(a, names={}) for a in q.artefacts))
        for q in lab.assignment.questions
    ]
    by_role = replace(lab.assignment, names={}, questions=tuple(questions))
    language, cells = lab.assignment.languages[0], list(lab.source)
    return (
        render_cells(cells, by_role, language, stub="", solutions=False),
        render_cells(cells, by_role, language, stub="", solutions=True),
    )


def _line_of_expression(source: str, shown: str) -> int | None:
    """Where an expression stands in a source."""
    wanted = ast.dump(ast.parse(shown, mode="eval").body)
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr))
    return next((node.lineno for node in nodes if ast.dump(node) == wanted), None)


def _secrets(released: Sequence[TemplateCell], solved: Sequence[TemplateCell]) -> dict[str, str]:
    """The telling expressions that only the solved answers have: how each looks, by its syntax tree."""
    given = {dump for cell in released if cell.kind == "answer" for dump in _expressions(cell.source)}
    return {
        dump: shown
        for cell in solved
        if cell.kind == "answer"
        for dump, shown in _expressions(cell.source).items()
        if dump not in given
    }


def _expressions(source: str) -> dict[str, str]:
    """Every value that a statement returns or assigns and that tells something; its syntax tree -> its text."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return {}
    found = {}
    for node in ast.walk(tree):
        value = (
            node.value if isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.AnnAssign) else None
        )
        if value is not None and _tells(value):
            found[ast.dump(value)] = ast.unparse(value)
    return found


def _tells(value: ast.expr) -> bool:
    """Whether an expression computes something: an operator, and enough of it."""
    nodes = list(ast.walk(value))
    return len(nodes) >= _TELLING_NODES and any(isinstance(n, ast.BinOp | ast.Compare) for n in nodes)


def _leaked(source: str, cell_type: str, secrets: Mapping[str, str]) -> list[str]:
    """The secrets that a released text or code holds, as a whole expression."""
    if cell_type == "markdown":
        bare = re.sub(r"\s", "", source)
        return [shown for shown in secrets.values() if re.sub(r"\s", "", shown) in bare]
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    there = {ast.dump(node) for node in ast.walk(tree) if isinstance(node, ast.expr)}
    comments = re.sub(r"\s", "", "".join(re.findall(r"#.*", source)))
    return [shown for dump, shown in secrets.items() if dump in there or re.sub(r"\s", "", shown) in comments]


def _source_line(
    cells: Sequence[SourceCell], lines: Mapping[int, int], released: TemplateCell, language: Language
) -> int | None:
    """Where in notebook.py a released cell begins: the only one of its kind and language with that text or name."""
    same = [
        cell
        for cell in cells
        if cell.lang in (None, language)
        and (cell.answer == released.cell_id if cell.answer else cell.source == released.source)
    ]
    return lines.get(same[0].number) if same else None


# ------------------------------------------------------------------------------------------- hidden values


def hidden_values(lab: Lab) -> Iterator[Finding]:
    """Numbers that are expected of hidden artefacts, typed into what students get, or expected of public ones."""
    artefacts = lab.assignment.artefacts()
    hidden = {
        role: value
        for role, value in lab.expected.artefacts.items()
        if role in artefacts and not artefacts[role].public and role not in lab.expected.deviations
    }
    public = {
        role: value
        for role, value in lab.expected.artefacts.items()
        if role in artefacts and artefacts[role].public
    }
    for role, value in hidden.items():
        for other, shown in public.items():
            if _telling(value) and _same(value, shown):
                yield _hidden(
                    lab, lab.course.folder(lab.assignment.id) / "assignment.toml", None,
                    f"{other} is public, and what is expected of it is what is expected of {role}, which is hidden",
                )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for language in lab.assignment.languages:
        for where, path, text in _texts(lab, language):
            for literal in dict.fromkeys(_NUMBER.findall(text)):
                for role in [r for r, value in hidden.items() if _is_said_by(literal, value)]:
                    if (role, where) not in seen:
                        seen.add((role, where))
                        line = _line_in(path, literal)
                        yield _hidden(
                            lab,
                            path,
                            line,
                            f"{literal}, in {where}, is what is expected of {role}, which is hidden",
                        )


def _hidden(lab: Lab, path: Path, line: int | None, what: str) -> Finding:
    return Finding(
        rule="hidden-value",
        assignment=lab.assignment.id,
        file=str(path),
        line=line,
        what=what,
        todo="Take it out, or let the artefact be public = true if students may know it.",
    )


def _texts(lab: Lab, language: Language) -> Iterator[tuple[str, Path, str]]:
    """All that a student can read in the notebook, its metadata included: what it is, where it comes from, the text."""
    notebook = lab.course.folder(lab.assignment.id) / "notebook.py"
    for cell in lab.template(language):
        yield f"cell {cell.cell_id}", notebook, cell.source
        yield f"the tags of cell {cell.cell_id}", notebook, " ".join([*cell.tags, cell.cell_id])
    payload = lab.public_payload(language)
    yield "the public checks", lab.course.grader_path(lab.assignment.id), payload["checks"]
    yield (
        "the public checks' sentences",
        lab.course.catalogue(language),
        " ".join(payload["messages"].values()),
    )


def _line_in(path: Path, literal: str) -> int | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    inside = False
    for number, line in enumerate(lines, 1):
        inside = (inside or "### BEGIN SOLUTION" in line) and "### END SOLUTION" not in line
        if not inside and literal in _NUMBER.findall(line):
            return number
    return None


def _is_said_by(literal: str, value: Value) -> bool:
    """Whether a number in a text is one of the (few) numbers of a value, as exact as the text says it.

    >>> _is_said_by("1.493", 1.4925), _is_said_by("1.5", 1.4925), _is_said_by("0.2500", 0.25)
    (True, False, False)
    """
    mantissa = re.split("[eE]", literal)[0].lstrip("-")
    digits = mantissa.replace(".", "").strip("0")
    if len(digits) < _TELLING_DIGITS or not _few(value):
        return False
    decimals = len(mantissa.partition(".")[2]) - (
        int(re.split("[eE]", literal)[1]) if "e" in literal.lower() else 0
    )
    said, half = float(literal), 0.5 * 10.0**-decimals
    return any(
        abs(abs(number) - abs(said)) <= half * (1 + 1e-9)
        for number in np.asarray(value, dtype=float).reshape(-1)
        if np.isfinite(number)
    )


def _few(value: Value) -> bool:
    return not isinstance(value, dict | str) and np.asarray(value).dtype.kind in "iuf" and np.size(value) <= 4


def _telling(value: Value) -> bool:
    """Whether two equal ones can hardly be a coincidence."""
    if isinstance(value, dict | str | bool) or np.asarray(value).dtype.kind not in "iuf":
        return False
    return (
        np.size(value) > 1 or len(f"{abs(float(np.ravel(value)[0])):.12g}".replace(".", "").strip("0")) >= 4
    )


def _same(a: Value, b: Value) -> bool:
    if isinstance(b, dict | str):
        return False
    x, y = np.asarray(a), np.asarray(b)
    return x.shape == y.shape and y.dtype.kind in "iuf" and bool(np.array_equal(x, y, equal_nan=True))


# ---------------------------------------------------------------------------------- notebooks on disk already


def released_faults(lab: Lab) -> Iterator[Finding]:
    """The notebooks in released/: one that was run and saved there, or one of an older source."""
    for language in lab.assignment.languages:
        path = lab.course.root / "released" / language / f"{lab.assignment.id}.ipynb"
        if not path.is_file():
            continue
        again = f"Make it again: coteja release {lab.assignment.id}."
        if _has_outputs(path):
            yield Finding(
                rule="stored-outputs",
                assignment=lab.assignment.id,
                file=str(path),
                what="this notebook to hand out was run and saved: it has outputs in it",
                todo=again,
            )
        elif path.read_bytes() != released_bytes(lab, language):
            yield Finding(
                rule="stale-release",
                severity="warning",
                assignment=lab.assignment.id,
                file=str(path),
                what="this notebook to hand out is not what the lab's source gives now",
                todo=again,
            )


def _has_outputs(path: Path) -> bool:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return any(cell.get("outputs") for cell in cells)
    except (ValueError, LookupError, TypeError, AttributeError):
        return False  # not a notebook any more: stale
