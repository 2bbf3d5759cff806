"""Writes docs/results.md and docs/result.schema.json from the types in src/coteja/model/result.py.

    python tools/update_docs.py           writes both files
    python tools/update_docs.py --check   writes nothing; exit code 1 when a file would change

Types, order and defaults come from the code; what a field means stands below, by struct. A field that is not
described here, or no longer exists, is an error. tests/test_docs.py uses the same functions.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from coteja.model.message import Message
from coteja.model.recording import CellError, Isolation
from coteja.model.result import (
    CellProblem,
    Comparison,
    Late,
    Misconception,
    Outcome,
    Picture,
    QuestionResult,
    Series,
    SubmissionResult,
    WrittenAnswer,
)

DOCS = Path(__file__).resolve().parents[1] / "docs"

HEAD = """\
# The result file

`coteja grade` and `coteja regrade` write one JSON file for each submission: `marked/<assignment>/results/<student>.json`. The same
objects come from `--json`. This page and [result.schema.json](result.schema.json) (JSON Schema) are made from the code by
`python tools/update_docs.py`; the schema's name is `coteja-result/1`, and it changes when a field is removed or means something else.

A field with a default may be missing in a file of an older version. Unknown fields are to be ignored.
"""

MEANING: dict[type, dict[str, str]] = {
    SubmissionResult: {
        "schema": "always `coteja-result/1`",
        "assignment": "the assignment's id",
        "student": "whose it is: the roster's id, else what the platform, the file or its folder says",
        "source": "the path of the notebook that was handed in, as it was given",
        "sha256": "digest of its bytes; empty when it could not be read",
        "recording": "the key of the stored recording, from which `regrade` works",
        "language": "the language of the notebook: `es`, `en`",
        "status": "`marked`: all points are known. `waiting`: a person still marks written answers. "
        "`needs_a_look`: it could not be read, a check failed by our own fault, or a check asks for a person",
        "points": "what the checks gave; null when there is nothing to score, never a silent zero",
        "max_points": "what the checks can give",
        "pending_points": "what people still have to mark",
        "questions": "in the order of the assignment",
        "notes": "what had to be mended or put back, and why a file could not be read",
        "seconds": "wall time of the run",
        "cpu_seconds": "processor time of the run",
        "peak_memory_mb": "most memory at once, in MiB",
        "isolation": "how the student's code was kept apart, as measured before it ran",
        "versions": "Python and the libraries that it ran with",
        "recorded_at": "when the notebook ran: ISO 8601, UTC",
        "marked_at": "when these points were given: ISO 8601, UTC",
        "name": "the student's name by the roster; empty without one",
        "late": "how the moment of handing in stands to the due one; null where there is none",
    },
    Late: {
        "standing": "`on_time`; `grace`: a little later, for nothing; `late`; `too_late`: after the last moment; "
        "`unknown`: no clock told, and nothing is taken off",
        "handed_in": "ISO 8601, in the course's time zone; empty where it is not known",
        "clock": "who told the moment: the instructor, Gradescope, nbgrader, an archive's entry, the file itself; "
        "`export`: Canvas and Moodle tell only when they were asked for the archive",
        "flagged_late": "whether Canvas calls it late",
        "due": "the student's due moment, extension included, in the course's time zone",
        "extended": "whether an extension moved it",
        "until": "the last moment; empty where there is none",
        "days": "days begun after the due moment",
        "percent": "what is taken off all points earned, in percent",
        "points": "`points` of the result after that; null where that is null",
    },
    QuestionResult: {
        "question": "the question's id",
        "title": "its title by language",
        "points": "what its checks gave",
        "max_points": "what its checks can give",
        "outcomes": "one for each check, in the grader's order",
        "problems": "cells that did not run to their end",
        "written": "the written answer, null where the question asks for none",
    },
    Outcome: {
        "check": "the name of the check's function",
        "question": "the question's id",
        "title": "the rubric's line",
        "status": "`passed`, `partial`, `failed`; `skipped`: what it rests on failed; "
        "`error`: the check itself failed, never the student's fault",
        "points": "what it gave",
        "max_points": "what it can give",
        "message": "what was found, in one sentence",
        "public": "whether students can run it themselves",
        "comparisons": "the evidence, line by line",
        "picture": "curves to draw",
        "misconception": "the known mistake that fits",
        "next_step": "what to do next",
        "look": "whether a person must decide",
        "carried": "whether these points come from a run with the author's answer to an earlier question",
    },
    Comparison: {
        "label": "what was compared",
        "expected": "what should have come out",
        "found": "what did",
        "tolerance": "how far apart they may be",
        "ok": "whether they agree",
    },
    Misconception: {
        "id": "its name for programs, such as `sum-not-mean`",
        "name": "its name for people",
        "explanation": "what went wrong",
        "next_step": "what to do next",
        "confidence": "how likely it is, from 0 to 1, where it was diagnosed from all numbers of the question; null where a check saw it",
    },
    Picture: {
        "title": "the picture's title",
        "x_label": "name of the horizontal axis",
        "y_label": "name of the vertical axis",
        "series": "the curves",
        "description": "the text alternative",
        "y_scale": "`linear` or `log`",
    },
    Series: {
        "label": "the curve's name",
        "x": "horizontal values",
        "y": "vertical values; null is a gap (infinite, or not a number)",
        "kind": "`found` is the student's, `expected` the reference's",
        "points": "true where the values are dots that no line joins",
    },
    CellProblem: {
        "index": "the cell in the executed notebook, from 0",
        "status": "`error`, `timeout`, `died` or `not_run`",
        "message": "what happened, in one sentence",
        "error": "the Python exception, if there was one",
    },
    CellError: {
        "name": "the exception's type",
        "value": "its text",
        "traceback": "its traceback, as text; untrusted, as all of it is",
    },
    WrittenAnswer: {
        "text": "what the student wrote; empty when nothing was found",
        "max_points": "what a person can give",
        "points": "what a person gave; null until then",
        "comment": "what that person says to the student",
    },
    Isolation: {
        "rung": "`namespaces`, `landlock` or `none`: see [isolation](isolation.md)",
        "facts": "by area: `ok`, or what was possible",
    },
    Message: {
        "id": "the English sentence, with `{names}`",
        "params": "what fills them in: text, numbers, or messages again",
    },
}


def schema_text() -> str:
    """The JSON Schema of a result file."""
    return json.dumps(msgspec.json.schema(SubmissionResult), indent=2, ensure_ascii=False) + "\n"


def page_text() -> str:
    """The page: a section for each struct, a row for each field."""
    return HEAD + "".join(_section(struct, meaning) for struct, meaning in MEANING.items())


def _section(struct: Any, meaning: dict[str, str]) -> str:
    fields = msgspec.structs.fields(struct)
    if list(meaning) != [field.name for field in fields]:
        raise SystemExit(
            f"tools/update_docs.py: {struct.__name__} has {[f.name for f in fields]}: describe these, in order."
        )
    first = (struct.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    rows = [f"| `{f.name}` | {_type(f.type)} | {_default(f)} | {meaning[f.name]} |" for f in fields]
    tag = '\nIn JSON it also has `"type": "message"`.\n' if struct is Message else ""
    lines = [
        "",
        f"## {struct.__name__}",
        "",
        re.sub(r"\s+", " ", first),
        tag,
        "| field | type | default | meaning |",
    ]
    return "\n".join([*(line for line in lines), "|---|---|---|---|", *rows]).replace("\n\n\n", "\n\n") + "\n"


def _type(annotation: Any) -> str:
    text = (
        annotation.__name__
        if isinstance(annotation, type) and not hasattr(annotation, "__args__")
        else str(annotation)
    )
    text = (
        re.sub(r"\b[a-z_]+(?:\.[a-z_]+)*\.(?=[A-Za-z])", "", text)
        .replace("NoneType", "null")
        .replace("None", "null")
    )
    text = re.sub(r"tuple\[(\w+), \.\.\.\]", r"list of \1", re.sub(r"list\[(.*?)\]", r"list of \1", text))
    return (
        "`"
        + re.sub(r"Literal\[(.*?)\]", lambda m: m[1].replace("'", '"').replace(", ", " | "), text).replace(
            "|", "\\|"
        )
        + "`"
    )


def _default(field: Any) -> str:
    if field.default_factory is not msgspec.NODEFAULT:
        return f"`{json.dumps(msgspec.to_builtins(field.default_factory()))}`"
    return "" if field.default is msgspec.NODEFAULT else f"`{json.dumps(msgspec.to_builtins(field.default))}`"


def main(arguments: list[str]) -> int:
    """Write or compare both files."""
    texts = {DOCS / "results.md": page_text(), DOCS / "result.schema.json": schema_text()}
    stale = [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path}: " + ("not as the code says; run tools/update_docs.py" if arguments else "written"))
        if not arguments:
            path.write_text(texts[path], encoding="utf-8")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
