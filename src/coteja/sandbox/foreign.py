"""Tests from elsewhere, run as they are on the student's variables: in the student's process, where they can be read.

A probe calls them by a name that no notebook can take (`RUNNERS` is asked before the student's names are). Each returns
what did not hold, as `[code, wanted, found, error]`, and nothing when all does.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import inspect
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

from coteja.sandbox.graded_cell import run_test_cell

MAX_FAILURES = 3
MAX_TEXT = 500

Failure = list[str]


class _Quiet(doctest.DocTestRunner):
    """Keeps what failed as data; prints nothing."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.kept: list[Failure] = []

    def report_failure(self, _out: Any, _test: Any, example: doctest.Example, got: str) -> None:
        self._keep(example, got, "")

    def report_unexpected_exception(
        self, _out: Any, _test: Any, example: doctest.Example, exc_info: Any
    ) -> None:
        self._keep(example, "", _said(exc_info[1]))

    def _keep(self, example: doctest.Example, got: str, error: str) -> None:
        self.kept.append(
            [text[:MAX_TEXT] for text in (example.source.strip(), example.want.strip(), got.strip(), error)]
        )


def run_doctest(namespace: dict[str, Any], test: str) -> list[Failure]:
    """A doctest, as otter-grader's OK format has them: names that it makes are its own (doctest copies the globals)."""
    runner = _Quiet()
    examples = doctest.DocTestParser().get_examples(test, "test")
    with _hidden_displays():
        runner.run(doctest.DocTest(examples, namespace, "test", None, None, test), out=lambda _text: None)
    return runner.kept[:MAX_FAILURES]


def run_test_function(namespace: dict[str, Any], test: str) -> list[Failure]:
    """A test function that gets the student's variables by the names of its parameters (`env`: all), and may raise."""
    own: dict[str, Any] = {"__name__": "test"}
    name = next(node.name for node in ast.parse(test).body if isinstance(node, ast.FunctionDef))
    try:
        with _hidden_displays(), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(test, "<test>", "exec"), own)  # noqa: S102 (the author's test, in the student's process)
            wanted = inspect.signature(own[name]).parameters
            own[name](**{key: namespace if key == "env" else namespace.get(key) for key in wanted})
    except (Exception, SystemExit) as fault:  # noqa: BLE001 (whatever it is, the test did not hold)
        return [[name, "", "", _said(fault)]]
    return []


def _said(fault: BaseException) -> str:
    try:
        return f"{type(fault).__name__}: {fault}"[:MAX_TEXT]
    except Exception:  # noqa: BLE001 (a student's `__str__` may raise as well)
        return type(fault).__name__


@contextlib.contextmanager
def _hidden_displays() -> Iterator[None]:
    """No cell is running that a display could belong to."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    formatter = getattr(shell, "display_formatter", None)
    if formatter is None:
        yield
        return
    kept, formatter.formatters = formatter.formatters, {}
    try:
        yield
    finally:
        formatter.formatters = kept


#: The name that a probe calls -> what runs the test on the student's variables.
RUNNERS: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "coteja_run_test_cell": run_test_cell,
    "coteja_run_doctest": run_doctest,
    "coteja_run_test_function": run_test_function,
}
