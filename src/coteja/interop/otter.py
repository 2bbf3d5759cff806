"""The public checks as otter-grader's tests, in the notebook's metadata and as files for `otter check`.

https://otter-grader.readthedocs.io/en/latest/test_files/ok_format.html has the format. A test is a doctest in the
student's own process; what it needs stands in it, so that otter alone is enough where the notebook is.
"""

from __future__ import annotations

import pprint
from pathlib import Path
from typing import Any

from coteja.checking.api import Check
from coteja.feedback.plain import plain
from coteja.grading.lab import Lab
from coteja.grading.releasing import released_notebook
from coteja.interop.otter_bundle import LOOKER, bundle, packed
from coteja.model.assignment import Language
from coteja.model.message import message as _
from coteja.recording.files import write_whole
from coteja.release import notebook_bytes

#: Otter's own key in a notebook's metadata, and the one in it that says in which of two formats its tests are.
METADATA_KEY, FORMAT_KEY = "otter", "OK_FORMAT"

_LOOK = (
    ">>> exec(__import__('bz2').decompress(__import__('base64').b85decode({letters!r})), {{}}); "
    "__import__('sys').modules[{looker!r}].look({question!r}, globals())"
)
_TELL = ">>> __import__('sys').modules[{looker!r}].tell({check!r})"


def otter_tests(lab: Lab, language: Language) -> dict[str, dict[str, Any]]:
    """By question, otter's test of its public checks; a question without any has none."""
    public = [check for check in lab.checks if check.public]
    letters = packed(bundle(lab.translator(language), lab.public_payload(language))) if public else ""
    own = {q.id: [c for c in public if c.question == q.id] for q in lab.assignment.questions}
    return {
        question: _test(lab, language, question, checks, letters)
        for question, checks in own.items()
        if checks
    }


def _test(lab: Lab, language: Language, question: str, checks: list[Check], letters: str) -> dict[str, Any]:
    """The first case looks at the variables and earns nothing; each other one tells of a check."""
    say = lab.translator(language).say
    look = _LOOK.format(letters=letters, looker=LOOKER, question=question)
    cases = [_case(say(_("Looking at your variables")), look, 0)]
    for check in checks:
        told = _TELL.format(looker=LOOKER, check=check.name)
        cases.append(_case(plain(say(check.title)), told, check.points))
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return {"name": question, "points": None, "suites": [suite]}


def _case(name: str, code: str, points: float) -> dict[str, Any]:
    return {"name": name, "code": code, "hidden": False, "locked": False, "points": points}


def with_otter_bytes(lab: Lab, language: Language, tests: dict[str, dict[str, Any]]) -> bytes:
    """The released notebook with otter's tests in its metadata: the same lab gives the same bytes."""
    notebook = released_notebook(lab, language)
    notebook.metadata[METADATA_KEY] = {FORMAT_KEY: True, "tests": tests}
    return notebook_bytes(notebook)


def release_with_otter(lab: Lab, languages: list[Language], out: Path) -> list[Path]:
    """Write each language's notebook with otter's tests in it, and the same tests as files beside it.

    `otter check NOTEBOOK -t FOLDER` reads files alone. The folder is not called `tests`: otter would look there for every
    notebook of that folder, and find this lab's.
    """
    written = []
    for language in languages:
        tests = otter_tests(lab, language)
        path = out / language / f"{lab.assignment.id}.ipynb"
        folder = out / language / f"{lab.assignment.id}-otter-tests"
        for question, test in tests.items():
            text = f"{FORMAT_KEY} = True\n\ntest = {pprint.pformat(test, width=120, sort_dicts=False)}\n"
            write_whole(folder / f"{question}.py", text.encode("utf-8"))
        # Those of questions that have no public check any more go last: a run that is stopped loses nothing.
        for old in folder.glob("*.py"):
            if old.stem not in tests:
                old.unlink()
        write_whole(path, with_otter_bytes(lab, language, tests))
        written.append(path)
    return written
