"""Runs the public checks on the variables of a live notebook.

`check("q1")` finds what the notebook carries in its metadata (Jupyter, VS Code and Colab each tell differently where
the notebook is), looks at the variables as they are, and shows the outcomes as HTML in the notebook's language.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from coteja.checking.engine import checks_of, run_checks
from coteja.checking.public import load_public
from coteja.checking.work import Expected, Work
from coteja.errors import CotejaError, UsageError
from coteja.i18n import Translator, translator
from coteja.model.codec import decode, from_json
from coteja.model.recording import CallResult, CellError, ProbeRun
from coteja.model.result import Outcome
from coteja.model.values import MISSING
from coteja.sandbox import capture

OUTCOMES_MIME = "application/vnd.coteja.outcomes+json"
MAX_NOTEBOOK_BYTES = 100 << 20
#: What a notebook carries for its checks; one from which they were taken out is none of ours.
_KEYS = {"questions", "checks", "expected", "probes"}
#: nbgrader sets it in the kernels in which it runs a notebook.
UNDER_NBGRADER = "NBGRADER_EXECUTION"


def check(question: str, notebook: str | None = None) -> None:
    """Look at one question with the public checks and show what holds and what does not.

    Parameters
    ----------
    question
        Its id, such as "q1".
    notebook
        The notebook's file, where it cannot be found by itself.
    """
    from IPython.display import HTML, display

    from coteja.selfcheck.show import card, plain

    try:
        carried = find_notebook(notebook)
        outcomes = look(carried["public"], question, _user_namespace())
        say = translator_for(carried)
        text, page = plain(question, outcomes, say), card(question, outcomes, say)
    except CotejaError as fault:
        if UNDER_NBGRADER in os.environ:
            raise
        print(fault)
        return
    if UNDER_NBGRADER in os.environ and any(outcome.status != "passed" for outcome in outcomes):
        raise AssertionError(text)  # its Validate button and its autograder look for errors alone
    display({"text/plain": text, "text/html": HTML(page).data}, raw=True)


def report(question: str, payload: str) -> None:
    """Inside the sandbox (`coteja check NOTEBOOK`): the outcomes as data, for the trusted side to read."""
    from IPython.display import display

    outcomes = look(json.loads(payload), question, _user_namespace())
    display({OUTCOMES_MIME: msgspec.to_builtins(outcomes), "text/plain": question}, raw=True)


def look(public: Mapping[str, Any], question: str, namespace: dict[str, Any]) -> list[Outcome]:
    """Run the public checks of one question on a namespace."""
    declared = next((q for q in public["questions"] if q["id"] == question), None)
    if declared is None:
        known = ", ".join(q["id"] for q in public["questions"])
        raise UsageError(
            _in_both(
                f"no hay tal pregunta, {question!r}. Este cuaderno tiene: {known}.",
                f"there is no such question, {question!r}. This notebook has: {known}.",
            )
        )
    checks = checks_of(load_public(public["checks"]))
    work = _work(public, namespace)
    stored = public["expected"]
    expected = Expected(
        {r: from_json(v) for r, v in stored.items()}, {r: float(v["spread"]) for r, v in stored.items()}
    )
    outcomes = run_checks(checks, work, expected)
    return [outcome for outcome in outcomes if outcome.question == question]


def _work(public: Mapping[str, Any], namespace: dict[str, Any]) -> Work:
    encoder = capture.Encoder()
    requests = [a for q in public["questions"] for a in q["artefacts"]]
    values = capture.capture(namespace, requests, encoder)
    artefacts = {role: decode(value, encoder.buffers) for role, value in values.items()}
    names = {a["role"]: a["names"][0] for a in requests}
    spelled = {a["role"]: a["names"] for a in requests}
    probes = {
        name: _probe(from_json(stored), namespace, spelled) for name, stored in public["probes"].items()
    }
    return Work(artefacts={r: artefacts.get(r, MISSING) for r in names}, names=names, probes=probes)


def _probe(stored: list[Any], namespace: dict[str, Any], spelled: Mapping[str, Sequence[str]]) -> ProbeRun:
    """Call one probe's functions, each by the names that the lab gives it in any language."""
    encoder = capture.Encoder()
    cases = [[(function, tuple(args)) for function, args in case] for case in stored]
    steps = [
        [{"names": spelled.get(function, [function]), "args": list(args)} for function, args in case]
        for case in cases
    ]
    answer = capture.call(namespace, steps, encoder)
    if answer["missing"]:
        return ProbeRun(cases=cases, results=[], missing=tuple(answer["missing"]))
    results = [[_call_result(r, encoder.buffers) for r in case] for case in answer["results"]]
    return ProbeRun(cases=cases, results=results)


def _call_result(result: dict[str, Any], buffers: list[bytes]) -> CallResult:
    if "error" in result:
        error = result["error"]
        return CallResult(
            error=CellError(name=error["name"], value=error["value"]), function=error["function"]
        )
    return CallResult(value=decode(result["value"], buffers))


def translator_for(carried: Mapping[str, Any]) -> Translator:
    """The notebook's language, with the sentences that it carries."""
    return translator(str(carried.get("language", "en")), extra=carried["public"].get("messages", {}))


def _user_namespace() -> dict[str, Any]:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise UsageError(
            "coteja.check() looks at a notebook's variables; call it in a notebook's cell. "
            "In a terminal: coteja check NOTEBOOK.ipynb"
        )
    return dict(shell.user_ns)


def find_notebook(name: str | None = None) -> dict[str, Any]:
    """What the running notebook carries under `coteja` in its metadata.

    Raises
    ------
    UsageError
        It cannot be found, or is not one of ours.
    """
    for path in _candidates(name):
        carried = _carried(_read(path))
        if carried is not None:
            return carried
    carried = _carried(_from_colab())
    if carried is not None:
        return carried
    if name is not None:
        raise UsageError(
            _in_both(
                f"{name} no trae las revisiones de Coteja. Usa el cuaderno del curso, y copia ahí tus respuestas.",
                f"{name} carries no checks of Coteja. Use the course's notebook, and copy your answers into it.",
            )
        )
    raise UsageError(
        _in_both(
            'no sé qué cuaderno es este. Guárdalo y di su archivo: coteja.check("q1", notebook="mi-cuaderno.ipynb").',
            'I cannot tell which notebook this is. Save it and name its file: coteja.check("q1", notebook="my-notebook.ipynb").',
        )
    )


def _in_both(spanish: str, english: str) -> str:
    """A sentence for a student whose language nobody knows yet: it stands in the notebook."""
    return f"coteja.check: {spanish}\ncoteja.check: {english}"


def _candidates(name: str | None) -> list[Path]:
    if name is not None:
        if not Path(name).is_file():
            raise UsageError(
                _in_both(
                    f"no hay ningún archivo {name!r} en {Path.cwd()}.",
                    f"there is no file {name!r} in {Path.cwd()}.",
                )
            )
        return [Path(name)]
    candidates = []
    session = os.environ.get("JPY_SESSION_NAME")  # Jupyter Server 2
    if session and session.endswith(".ipynb"):
        candidates += [Path(session), Path(Path(session).name)]
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None and "__vsc_ipynb_file__" in shell.user_ns:  # Visual Studio Code
        candidates.append(Path(str(shell.user_ns["__vsc_ipynb_file__"])))
    known = [path for path in candidates if path.is_file()]
    return known or sorted(Path.cwd().glob("*.ipynb"), key=lambda path: -path.stat().st_mtime)[:20]


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            return {}
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _from_colab() -> dict[str, Any]:
    if "google.colab" not in sys.modules:
        return {}
    from google.colab import _message

    answer = _message.blocking_request("get_ipynb", timeout_sec=10) or {}
    found = answer.get("ipynb", {})
    return found if isinstance(found, dict) else {}


def _carried(notebook: dict[str, Any]) -> dict[str, Any] | None:
    metadata = notebook.get("metadata")
    carried = metadata.get("coteja") if isinstance(metadata, dict) else None
    public = carried.get("public") if isinstance(carried, dict) else None
    return carried if isinstance(public, dict) and public.keys() >= _KEYS else None
