"""Gradescope: the autograder's zip, and the results that it wants.

https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from coteja.course.load import Course
from coteja.course.moments import parse_moment
from coteja.feedback.plain import escape_markdown, plain
from coteja.feedback.view import after_penalty, state_of, totals
from coteja.i18n import Translator
from coteja.interop.bundle import course_files, program_files, requirements
from coteja.model.assignment import Assignment
from coteja.model.message import message as _
from coteja.model.result import Outcome, QuestionResult, SubmissionResult

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")

#: What is run once, when the autograder is uploaded. Ubuntu 22.04 brings Python 3.10; then uv brings another.
SETUP = """\
#!/usr/bin/env bash
set -euo pipefail
source_dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$source_dir")"
for python in python3.13 python3.12 python3.11 python3; do
  if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi
  python=""
done
if [ -z "$python" ]; then
  pip3 install --quiet uv
  uv python install --quiet 3.12
  python="$(uv python find 3.12)"
fi
"$python" -m venv "$root/coteja-venv"
"$root/coteja-venv/bin/pip" install --quiet --requirement "$source_dir/requirements.txt"
site="$("$root/coteja-venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
printf '%s\\n' "$source_dir/lib" > "$site/coteja.pth"
"$root/coteja-venv/bin/python" -m coteja doctor || true
"""

#: What is run for each submission.
RUN = """\
#!/usr/bin/env bash
set -uo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
exec "$root/coteja-venv/bin/python" -m coteja.interop.gradescope_run "$root"
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How results are shown. `visibility` is that of hidden checks; public ones are always visible."""

    assignment: str
    visibility: str = "visible"
    leaderboard: bool = False
    trust_students: bool = False


def autograder(course: Course, assignment: Assignment, options: Options) -> bytes:
    """The zip to upload. The same course gives the same bytes."""
    extras = ("tensorflow",) if {"tensorflow", "keras"} & set(assignment.preload) else ()
    files: list[tuple[str, bytes]] = [
        ("setup.sh", SETUP.encode()),
        ("run_autograder", RUN.encode()),
        ("requirements.txt", ("\n".join(requirements(extras)) + "\n").encode()),
        ("coteja.json", (json.dumps(asdict(options), indent=1, sort_keys=True) + "\n").encode()),
        *((f"course/{name}", data) for name, data in course_files(course, assignment)),
        *((f"lib/{name}", data) for name, data in program_files()),
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def results(result: SubmissionResult, translator: Translator, options: Options, page: str) -> dict[str, Any]:
    """`results.json` for one result. `page` is its feedback in Markdown."""
    if result.points is None:
        said = [escape_markdown(plain(translator.say(note))) for note in result.notes]
        return no_result("\n\n".join(said), result.seconds)
    earned = after_penalty(totals(result)[0], result)
    out: dict[str, Any] = {
        "score": earned,
        "execution_time": max(0, round(result.seconds)),
        "output": page if options.visibility == "visible" else _short(result, translator),
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(o, q, translator, options) for q in result.questions for o in q.outcomes],
        "extra_data": {
            "status": result.status,
            "pending_points": result.pending_points,
            "language": result.language,
            "engine": result.versions.get("coteja", ""),
        },
    }
    if result.late is not None and result.late.standing not in ("on_time", "unknown"):
        out["extra_data"]["late"] = {
            "standing": result.late.standing,
            "days": result.late.days,
            "percent": result.late.percent,
        }
    if options.leaderboard:
        out["leaderboard"] = [_rank(result, earned, translator, options)]
    return out


def _rank(
    result: SubmissionResult, earned: float, translator: Translator, options: Options
) -> dict[str, Any]:
    """All of the class see it at once, so it must not tell what the hidden checks said before they are shown."""
    if options.visibility == "visible":
        return {"name": translator.text("Points"), "value": earned, "order": "desc"}
    public = sum(o.points for q in result.questions for o in q.outcomes if o.public)
    return {
        "name": translator.text("Points of the public checks"),
        "value": round(public, 2),
        "order": "desc",
    }


def no_result(said: str, seconds: float = 0.0) -> dict[str, Any]:
    """`results.json` where nothing could be marked: no score at all would be shown as a crash of ours, so 0, and why."""
    return {
        "score": 0,
        "execution_time": max(0, round(seconds)),
        "output": said,
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"status": "needs_a_look"},
    }


def _short(result: SubmissionResult, translator: Translator) -> str:
    """What may be said before the hidden checks are shown."""
    waits = "".join(f"{line}\n\n" for line in _pending(result, translator))
    shown = translator.text(
        "The other checks are shown later. You can run the public ones yourself at any time."
    )
    return f"{waits}{shown}\n"


def _pending(result: SubmissionResult, translator: Translator) -> Iterator[str]:
    if result.pending_points:
        yield translator.plural(
            "Waiting for a person's marks: up to {count} point.",
            "Waiting for a person's marks: up to {count} points.",
            result.pending_points,
        )


def _test(
    outcome: Outcome, question: QuestionResult, translator: Translator, options: Options
) -> dict[str, Any]:
    mistake = outcome.misconception
    test: dict[str, Any] = {
        "name": f"{plain(translator.one_of(question.title)) or question.question}: {plain(translator.say(outcome.title))}",
        "score": outcome.points,
        "max_score": outcome.max_points,
        "status": "passed" if outcome.status == "passed" else "failed",
        "output": "\n\n".join(_said(outcome, translator)),
        "output_format": "md",
        "visibility": "visible" if outcome.public else options.visibility,
        "tags": [outcome.question, *([f"misconception:{mistake.id}"] if mistake else [])],
        "extra_data": {"check": outcome.check, "question": outcome.question, "state": state_of(outcome)},
    }
    return test


def _said(outcome: Outcome, translator: Translator) -> Iterator[str]:
    said: Sequence[Any] = (
        outcome.misconception.name if outcome.misconception else None,
        outcome.message,
        outcome.misconception.explanation if outcome.misconception else None,
        outcome.next_step,
    )
    for number, text in enumerate(said):
        if text is not None:
            line = escape_markdown(plain(translator.say(text)))
            yield f"**{line}**" if number == 0 else line


@dataclass(frozen=True, slots=True)
class Handing:
    """What submission_metadata.json says: who (of a group, all of them), and moments in ISO 8601; "" where it says nothing.

    `due` is the assignment's, `extended` the latest that anyone of the group has.
    """

    who: str = ""
    when: str = ""
    due: str = ""
    extended: str = ""


def handing(metadata: Mapping[str, Any]) -> Handing:
    """Reads submission_metadata.json, of whatever shape it is.

    https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/; a student's own dates stand in
    `users[].assignment`, which that page does not name.
    """
    users = metadata.get("users")
    users = [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    names = [str(user.get("name") or user.get("email") or "") for user in users]
    own = filter(None, (_due(user) for user in users))
    return Handing(
        who=", ".join(name for name in names if name)[:200],
        when=_moment(metadata.get("created_at")),
        due=_due(metadata),
        extended=max(own, key=datetime.fromisoformat, default=""),
    )


def _due(said: Mapping[str, Any]) -> str:
    assignment = said.get("assignment")
    return _moment(assignment.get("due_date")) if isinstance(assignment, dict) else ""


def _moment(said: object) -> str:
    """ISO 8601 with an offset, as Gradescope writes them, or ""."""
    when = parse_moment(said, UTC) if isinstance(said, str) else None
    return when.isoformat() if when else ""


NOTHING = _("There is no notebook (*.ipynb) in what you handed in.")
SEVERAL = _("There is more than one notebook in what you handed in: {names}. Hand in one.")
NOT_MARKED = _("This could not be marked, which is not your fault. Your instructor can see why.")
