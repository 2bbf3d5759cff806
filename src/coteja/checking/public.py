"""What travels inside a student's notebook for their own look: the public checks' source, and nothing else.

The grader module is cut down by its syntax tree: imports, the functions declared with `public=True`, and the
module-level names that these use, transitively. A hidden check, and whatever only hidden checks use, stays behind.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from coteja.errors import CourseError

#: The only packages that a grader may import (DESIGN.md), so the only ones that public checks can ask for.
ALLOWED_IMPORTS = ("coteja.checking", "numpy", "__future__", "collections.abc", "itertools", "math", "typing")


def public_source(source: str, where: str = "grader", neighbours: Mapping[str, str] | None = None) -> str:
    """The part of a grader module that its public checks need; the same text gives the same result.

    What it takes from its `neighbours` (module name -> source; `from .name import ...`) is put in its place.

    Raises
    ------
    CourseError
        The module imports something a student's machine may not have.
    """
    body = _gather(source, where, dict(neighbours or {}))
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    rest = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom)]
    definitions = {name: node for node in rest for name in _defined(node)}
    roots = [node.name for node in rest if isinstance(node, ast.FunctionDef) and _is_public_check(node)]
    kept = _closure(roots, definitions)
    for name in roots:
        _forget_hidden(definitions[name], roots)
    used = dict.fromkeys(node for node in rest if any(definitions.get(n) is node for n in kept))
    texts = dict.fromkeys(ast.unparse(_without_docstring(node)) for node in [*imports, *used])
    future = [text for text in texts if text.startswith("from __future__")]
    return "\n".join([*future, *(text for text in texts if text not in future)]) + "\n"


def _gather(source: str, where: str, neighbours: dict[str, str]) -> list[ast.stmt]:
    """The statements of a module, with those of each neighbour that it imports before them, once."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and not getattr(node, "level", 0):
            _refuse_foreign(node, where)
    gathered: list[ast.stmt] = []
    for statement in tree.body:
        if not isinstance(statement, ast.ImportFrom) or not statement.level:
            gathered.append(statement)
            continue
        renamed = next((alias.name for alias in statement.names if alias.asname or alias.name == "*"), None)
        if statement.level != 1 or statement.module is None or renamed is not None:
            raise CourseError(
                f"{where}, line {statement.lineno}: write `from .module import name`, without `as` and `*`: what a "
                "public check needs is put together in one text."
            )
        if statement.module not in neighbours:
            raise CourseError(
                f"{where}, line {statement.lineno}: imports '.{statement.module}'. A grader's own modules lie beside it and "
                f"begin with its name; found: {', '.join(neighbours) or 'none'}."
            )
        text, neighbours[statement.module] = neighbours[statement.module], ""  # once is enough
        gathered += _gather(text, f"{statement.module}.py", neighbours)
    return gathered


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _is_public_check(node: ast.FunctionDef) -> bool:
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "check"
        ):
            return any(
                k.arg == "public" and isinstance(k.value, ast.Constant) and k.value.value is True
                for k in decorator.keywords
            )
    return False


def _forget_hidden(check: ast.stmt, public: list[str]) -> None:
    """Take the names of hidden checks out of the decorator: without these checks they mean nothing, but tell."""
    for call in check.decorator_list if isinstance(check, ast.FunctionDef) else []:
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            if keyword.arg == "rests_on" and isinstance(keyword.value, ast.List | ast.Tuple):
                keyword.value.elts = [
                    e for e in keyword.value.elts if isinstance(e, ast.Constant) and e.value in public
                ]
        call.keywords = [
            k
            for k in call.keywords
            if k.arg != "proved_by" or (isinstance(k.value, ast.Constant) and k.value.value in public)
        ]


def _closure(roots: list[str], definitions: Mapping[str, ast.stmt]) -> set[str]:
    kept: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in kept or name not in definitions:
            continue
        kept.add(name)
        waiting += [n.id for n in ast.walk(definitions[name]) if isinstance(n, ast.Name)]
    return kept


def _refuse_foreign(node: ast.Import | ast.ImportFrom, where: str) -> None:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = ["." * node.level + (node.module or "")]
    for name in names:
        if name not in ALLOWED_IMPORTS:
            raise CourseError(
                f"{where}, line {node.lineno}: imports {name!r}. A grader may import only "
                f"{', '.join(ALLOWED_IMPORTS)}: a student's own look must work from the notebook alone."
            )


def _without_docstring(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None and len(node.body) > 1:
        node.body = node.body[1:]
    return node


def sentences(source: str) -> list[str]:
    """Every sentence `_("...")` in a source, in order, each once."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "_"
            and node.args
        ):
            first: Any = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.append(first.value)
    return list(dict.fromkeys(found))


def load_public(source: str) -> dict[str, object]:
    """Execute the public checks' source and return its names. For the student's own process only."""
    names: dict[str, object] = {"__name__": "coteja_public_checks"}
    exec(compile(source, "<public checks>", "exec"), names)  # noqa: S102 (own process, own notebook)
    return names
