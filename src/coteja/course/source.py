"""One notebook.py for all languages: read it (Jupytext percent format) and render it in one language.

Each Markdown cell names its `lang`; code cells serve every language. In code, a variable is written by its role
and renamed for the student; comment lines that begin with `# es:` or `# en:` stay only in that language.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coteja.errors import CourseError
from coteja.model.assignment import Assignment
from coteja.model.template import TemplateCell, TemplateKind

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_KEYS = {"lang", "question", "answer", "written", "tags", "name"}
#: Jupytext counts blank lines in the metadata when they differ from PEP 8's.
_JUPYTEXT_KEYS = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of notebook.py. `line` counts the cells from 1, for messages."""

    number: int
    cell_type: str
    source: str
    lang: str | None
    question: str | None
    answer: str | None
    written: bool
    tags: tuple[str, ...]


def read_source(path: Path, assignment: Assignment) -> list[SourceCell]:
    """Read notebook.py and hold it against the assignment.

    Raises
    ------
    CourseError
        A cell has an unknown key, names an unknown question or language, or its solution is not closed.
    """
    import jupytext

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(
            f"{path}: the lab's source is missing. Write it; docs/authoring.md shows one."
        ) from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    notebook = jupytext.reads(text, fmt="py:percent")
    cells: list[SourceCell] = []
    question: str | None = None
    for number, cell in enumerate(notebook.cells, start=1):
        where = f"{path}: cell {number}"
        if "incorrectly_encoded_metadata" in cell.metadata:
            raise CourseError(
                f"{where}: its keys cannot be read: {cell.metadata['incorrectly_encoded_metadata']}. "
                f'Write text in quotes, such as lang="{assignment.languages[0]}" question="q1".'
            )
        unknown = set(cell.metadata) - _KEYS - _JUPYTEXT_KEYS
        if unknown:
            raise CourseError(
                f"{where} has the unknown key {sorted(unknown)[0]!r}; known: {', '.join(sorted(_KEYS))}."
            )
        question = _question(cell.metadata.get("question", question), assignment, where)
        read = SourceCell(
            number=number,
            cell_type=cell.cell_type,
            source=cell.source,
            lang=cell.metadata.get("lang"),
            question=question,
            answer=cell.metadata.get("answer"),
            written=bool(cell.metadata.get("written", False)),
            tags=tuple(cell.metadata.get("tags", ())),
        )
        _validate(read, assignment, where)
        cells.append(read)
    _validate_languages(cells, assignment, path)
    return cells


def _question(name: object, assignment: Assignment, where: str) -> str | None:
    if name in (None, ""):
        return None
    if not any(q.id == name for q in assignment.questions):
        known = ", ".join(q.id for q in assignment.questions)
        raise CourseError(
            f"{where} belongs to question {name!r}, which assignment.toml does not have (it has {known})."
        )
    return str(name)


def _validate(cell: SourceCell, assignment: Assignment, where: str) -> None:
    if cell.cell_type == "markdown" and cell.lang not in assignment.languages:
        raise CourseError(
            f'{where} is Markdown and must say its language: lang="{assignment.languages[0]}"; '
            f"found {cell.lang!r}."
        )
    if cell.lang is not None and cell.lang not in assignment.languages:
        raise CourseError(
            f"{where} is in the language {cell.lang!r}; known: {', '.join(assignment.languages)}."
        )
    if cell.answer and (cell.cell_type != "code" or cell.question is None):
        raise CourseError(f'{where} is an answer; it must be code, and below a cell with question="...".')
    if cell.written and (cell.question is None or assignment.question(cell.question).written is None):
        raise CourseError(
            f"{where} is a written answer; its question must have `written` in assignment.toml."
        )
    begins, ends = cell.source.count(BEGIN), cell.source.count(END)
    if begins != ends:
        raise CourseError(f"{where} has {begins} x {BEGIN!r} and {ends} x {END!r}; close each solution.")
    order = [BEGIN in line for line in cell.source.split("\n") if BEGIN in line or END in line]
    if order != [True, False] * begins:
        raise CourseError(
            f"{where} has a solution that ends before it begins, or one inside another; "
            f"each {BEGIN!r} needs its own {END!r} below it."
        )
    if cell.cell_type == "code":
        _validate_python(cell.source, where)
    if begins and not cell.answer:
        raise CourseError(f'{where} holds a solution but is no answer; give it answer="some-name".')


def _validate_python(source: str, where: str) -> None:
    if re.search(r"^\s*[%!?]", source, flags=re.M):
        return  # magics are IPython's to read
    try:
        compile(source, "<cell>", "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError) as fault:
        line = f", line {fault.lineno}" if isinstance(fault, SyntaxError) else ""
        said = fault.msg if isinstance(fault, SyntaxError) else str(fault)
        raise CourseError(f"{where}{line} is not valid Python: {said}.") from None


def _validate_languages(cells: list[SourceCell], assignment: Assignment, path: Path) -> None:
    counts = {language: sum(c.lang == language for c in cells) for language in assignment.languages}
    if len(set(counts.values())) > 1:
        shown = ", ".join(f"{language}: {count}" for language, count in counts.items())
        raise CourseError(f"{path}: every Markdown cell is needed in every language, but there are {shown}.")
    names = [c.answer for c in cells if c.answer]
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f"{path}: two answer cells are called {name!r}; each needs its own name.")


def render_cells(
    cells: list[SourceCell], assignment: Assignment, language: str, *, stub: str, solutions: bool
) -> list[TemplateCell]:
    """The cells of the notebook in one language, with or without solutions. `stub` is the comment left for them."""
    names = assignment.renamed(language)
    rendered = []
    for cell in cells:
        if cell.lang not in (None, language):
            continue
        kind = _kind(cell)
        source = cell.source
        if cell.cell_type == "code":
            source = rename(_own_comments(source, language, assignment.languages), names)
            source = source if solutions else remove_solutions(source, stub)
            source = re.sub(
                rf"^[ \t]*({re.escape(BEGIN)}|{re.escape(END)})[ \t]*\n?", "", source, flags=re.M
            ).strip("\n")
            if kind == "answer":
                source = f"{marker(cell.answer or '')}\n{source}"
        rendered.append(
            TemplateCell(
                kind=kind,
                cell_id=_cell_id(cell, kind, cells),
                cell_type="code" if cell.cell_type == "code" else "markdown",
                source=source,
                question=cell.question,
                tags=cell.tags,
                points=assignment.question(cell.question).written.points  # type: ignore[union-attr]
                if kind == "written" and cell.question
                else None,
            )
        )
    return rendered


def marker(answer: str) -> str:
    """The comment that an answer cell begins with; it finds the cell again when its metadata is lost."""
    return f"# [{answer}]"


def _kind(cell: SourceCell) -> TemplateKind:
    if cell.cell_type == "markdown":
        return "written" if cell.written else "text"
    return "answer" if cell.answer else "given"


def _cell_id(cell: SourceCell, kind: TemplateKind, cells: list[SourceCell]) -> str:
    """An id that does not depend on the language, and changes little when the author edits."""
    if kind == "answer":
        return str(cell.answer)
    if kind == "written":
        return f"{cell.question}-written"
    before = [c for c in cells if c.number < cell.number and _kind(c) == kind and c.lang == cell.lang]
    own = kind == "given" and cell.lang is not None  # code for one language only is counted by itself
    return f"{kind}-own-{len(before) + 1}" if own else f"{kind}-{len(before) + 1}"


def remove_solutions(source: str, stub: str) -> str:
    """Replace each solution by `stub` and a NotImplementedError, indented as the solution was."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        if BEGIN in line:
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}# {stub}", f"{indent}raise NotImplementedError()"]
        elif END in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _own_comments(source: str, language: str, languages: tuple[str, ...]) -> str:
    """Keep `# es: ...` in Spanish only (as `# ...`), and so for each language."""
    tag = re.compile(rf"^(\s*#) ({'|'.join(languages)}): ?(.*)$")
    kept = []
    for line in source.split("\n"):
        found = tag.match(line)
        if found is None:
            kept.append(line)
        elif found[2] == language:
            kept.append(f"{found[1]} {found[3]}".rstrip())
    return "\n".join(kept)


def rename(source: str, names: Mapping[str, str]) -> str:
    """Rename variables by whole tokens; text, comments and attributes stay as they are.

    >>> rename('costs = f(costs=costs); x.costs', {'costs': 'costos'})
    'costos = f(costos=costos); x.costs'
    """
    wanted = {old: new for old, new in names.items() if old != new}
    if not wanted or not any(old in source for old in wanted) or source.lstrip().startswith("%%"):
        return source
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return source  # a cell with magics: the author names its variables by hand
    # The lines that tokenize counts; str.splitlines knows more ends of line.
    starts = [0]
    for line in io.StringIO(source):
        starts.append(starts[-1] + len(line))
    edits: list[tuple[int, int, str]] = []
    f_string: list[int] = []
    previous = ""
    for token in tokens:
        begin, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        if token.type == _FSTRING_START:  # Python 3.12 and later take an f-string apart
            f_string.append(begin)
        elif token.type == _FSTRING_END:
            opened = f_string.pop()
            if not f_string:
                edits.append((opened, end, _rename_fields(source[opened:end], wanted)))
        elif not f_string and token.type == tokenize.STRING and "f" in token.string[:2].lower():
            edits.append((begin, end, _rename_fields(token.string, wanted)))
        elif not f_string and token.type == tokenize.NAME and token.string in wanted and previous != ".":
            edits.append((begin, end, wanted[token.string]))
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            previous = token.string
    for begin, end, text in reversed(edits):
        source = source[:begin] + text + source[end:]
    return source


_FSTRING_START, _FSTRING_END = (getattr(tokenize, name, -1) for name in ("FSTRING_START", "FSTRING_END"))


def _rename_fields(text: str, wanted: Mapping[str, str]) -> str:
    """Rename inside the `{fields}` of an f-string alone; `{{` is no field.

    >>> _rename_fields('f"costs {costs:.2f} {{costs}} {x.costs}"', {'costs': 'costos'})
    'f"costs {costos:.2f} {{costs}} {x.costs}"'
    """
    names = re.compile(rf"(?<![\w.'\"])({'|'.join(map(re.escape, wanted))})(?!\w)")
    pieces = re.split(r"(\{\{|\}\}|\{|\})", text)
    depth = 0
    for i, piece in enumerate(pieces):
        if piece in ("{{", "}}") and depth == 0:
            continue
        depth += piece.count("{") - piece.count("}") if i % 2 else 0
        if depth > 0 and i % 2 == 0:
            pieces[i] = names.sub(lambda found: wanted[found[1]], piece)
    return "".join(pieces)
