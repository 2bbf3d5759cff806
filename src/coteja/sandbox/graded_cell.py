"""A test cell of nbgrader's, run as it is where the student's cells ran: their process can read and change what it finds."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
from typing import Any

MAX_TEXT = 500


def run_test_cell(namespace: dict[str, Any], source: str) -> dict[str, str]:
    """Run a cell in the notebook's own variables and say what nbgrader looks at.

    `error`: what it raised; `stderr`: what it wrote there; `value`: its last expression's text, where that is not None.
    """
    said = io.StringIO()
    found = {"error": "", "stderr": "", "value": ""}
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    variables = namespace if shell is None else shell.user_ns  # functions of the notebook see these alone
    try:
        code = source if shell is None else shell.transform_cell(source)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            value = _run(code, variables)
        if value is not None:
            found["value"] = repr(value)[:MAX_TEXT]
    except (Exception, SystemExit) as fault:  # noqa: BLE001 (whatever it is, the test did not hold)
        found["error"] = _said(fault)
    found["stderr"] = said.getvalue()[:MAX_TEXT]
    return found


def _run(source: str, variables: dict[str, Any]) -> Any:
    """Execute a cell; returns the value of its last expression, None where a `;` hides it."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        exec(compile(tree, "<test>", "exec"), variables)  # noqa: S102 (the author's test, in the student's process)
        return None
    tree.body.pop()
    exec(compile(tree, "<test>", "exec"), variables)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "<test>", "eval"), variables)  # noqa: S307


def _said(fault: BaseException) -> str:
    try:
        return f"{type(fault).__name__}: {fault}"[:MAX_TEXT]
    except Exception:  # noqa: BLE001 (a student's `__str__` may raise as well)
        return type(fault).__name__
