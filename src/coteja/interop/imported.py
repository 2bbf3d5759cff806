"""What labs that are made of another program's notebook share: reading the file, its text as TOML and Python, advice."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from coteja.errors import CourseError, UsageError
from coteja.model.assignment import Language

#: What a written answer's cell says where the author's notebook says nothing.
WRITE_HERE = {"es": "_Escribe aquí tu respuesta._", "en": "_Write your answer here._"}
_AS_THE_AUTHOR = {
    "es": "Se compara con la respuesta del autor",
    "en": "To be held against the author's answer",
}


def read_foreign(path: Path, wanted: str) -> NotebookNode:
    """A notebook of somebody else's program, in format 4.

    Raises
    ------
    UsageError
        There is no such file; `wanted` says which one to name.
    CourseError
        It is no notebook, or not Python's.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file. Name {wanted}.")
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as fault:  # noqa: BLE001 (nbformat raises whatever its parts do)
        raise CourseError(
            f"{path}: this is not a notebook ({type(fault).__name__}). Expected an .ipynb file."
        ) from None
    info = notebook.metadata.get("kernelspec", {}) or {}
    language = info.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    if str(language).lower() != "python":
        raise CourseError(f"{path}: the notebook is in {language}; only Python's can become a lab.")
    return notebook


def spread(body: str) -> str:
    """A text as Python's literals, a line each."""
    return "\n".join(map(repr, body.splitlines(keepends=True) or [""]))


def in_docstring(text: str) -> str:
    """A text that cannot end the docstring that it stands in."""
    return text.replace("\\", "").replace('"', "'")


def heading_in(texts: Iterable[str]) -> str | None:
    """The first heading of the first level, without its marks."""
    for text in texts:
        if found := re.search(r"^#\s+(.+?)\s*#*\s*$", text, flags=re.M):
            return bare(found[1])
    return None


def bare(text: str) -> str:
    """A line of Markdown without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`#]|<[^>]*>", "", text)).strip()[:120]


def quoted(text: str) -> str:
    """A TOML basic string: JSON's, with DEL escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def texts(language: Language, text: str) -> str:
    """A TOML table with the text in one language."""
    return f"{{ {language} = {quoted(text)} }}"


def marked_by_a_person(language: Language, points: float, answer: str) -> list[str]:
    """The lines of a written part with one criterion: the author's own answer."""
    said = f"{_AS_THE_AUTHOR.get(language, _AS_THE_AUTHOR['en'])}: {answer or '–'}"
    return [
        *("", "[question.written]", f"points = {points!r}"),
        *("", "[[question.written.rubric]]", f"points = {points!r}"),
        f"text = {texts(language, said)}",
    ]


def preload_of(sources: Iterable[str]) -> list[str]:
    """NumPy, and the packages that the code imports."""
    names: dict[str, None] = {"numpy": None}
    for source in sources:
        for found in re.findall(r"^\s*(?:import|from)\s+([A-Za-z_]\w*)", source, flags=re.M):
            if found not in sys.stdlib_module_names and found not in ("otter", "IPython"):
                names["matplotlib.pyplot" if found == "matplotlib" else found] = None
    return list(names)


def as_source(cells: Sequence[NotebookNode]) -> str:
    """A lab's source notebook, as Jupytext writes it."""
    import jupytext

    shown = {"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": "all"}}
    text: str = jupytext.writes(new_notebook(cells=list(cells), metadata=shown), fmt="py:percent")
    return text


def made_in(answers: Iterable[str]) -> tuple[set[str], set[str]]:
    """The functions and the other names that the author's answers make."""
    functions: set[str] = set()
    variables: set[str] = set()
    for answer in answers:
        try:
            tree = ast.parse(answer)
        except SyntaxError:
            continue
        functions |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        variables |= {
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
    return functions, variables - functions


def advice(test: str, *, hidden: bool, functions: set[str], variables: set[str]) -> str:
    """What a real check would look at in place of an imported test."""
    words = set(re.findall(r"[A-Za-z_]\w*", test))
    if called := sorted(words & functions):
        return f"a probe that calls `{called[0]}` with fresh inputs, held against your reference"
    if looked := sorted(words & variables):
        return f"an artefact `{looked[0]}`, compared with a tolerance"
    return "whatever it looks at as an artefact" if hidden else "may stay as it is"
