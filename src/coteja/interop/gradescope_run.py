"""Marks one submission inside Gradescope's container: `python -m coteja.interop.gradescope_run /autograder`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from coteja.course.load import find_course
from coteja.errors import CotejaError
from coteja.feedback.plain import escape_markdown, plain
from coteja.feedback.render import render_pages
from coteja.grading.intake.rules import course_zone
from coteja.grading.lab import Lab, load_lab
from coteja.grading.late import deadline_of, judge
from coteja.grading.places import read_result
from coteja.i18n import Translator
from coteja.interop.gradescope import (
    NOT_MARKED,
    NOTHING,
    SEVERAL,
    Handing,
    Options,
    handing,
    no_result,
    results,
)
from coteja.model.intake import HandedIn
from coteja.model.message import Message
from coteja.model.result import SubmissionResult
from coteja.recording.files import write_whole
from coteja.recording.plan import peek
from coteja.recording.read import read_notebook

#: Names of notebooks that are told to a student.
_NAMED = 5


def main(root: Path) -> int:
    """Mark, and always leave a results.json. What went wrong goes to stdout, which only instructors see."""
    source = root / "source"
    options = Options(**json.loads((source / "coteja.json").read_text(encoding="utf-8")))
    lab = load_lab(find_course(source / "course"), options.assignment)
    found = sorted(
        p
        for p in (root / "submission").rglob("*.ipynb")
        if p.is_file() and not p.is_symlink() and not {".ipynb_checkpoints", "__MACOSX"} & set(p.parts)
    )
    mine = [path for path in found if _assignment_of(path) == options.assignment] or found
    if len(mine) != 1:
        names = ", ".join(plain(path.name) for path in mine[:_NAMED])
        out = no_result(_in_all(lab, SEVERAL, names=names) if mine else _in_all(lab, NOTHING))
    else:
        out = _marked(mine[0], root, lab, options)
    place = root / "results" / "results.json"
    write_whole(place, (json.dumps(out, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))
    return 0


def _marked(notebook: Path, root: Path, lab: Lab, options: Options) -> dict[str, Any]:
    handed = handing(_metadata(root))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "coteja", "grade", options.assignment, str(notebook)]
        command += ["--course", str(lab.course.root), "--out", folder, "--workers", "1", "--no-gradebook"]
        command += ["--handed-in", handed.when] if handed.when else []
        command += ["--trust-students"] if options.trust_students else []
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        print(done.stdout, done.stderr, sep="\n")
        files = sorted(Path(folder).glob("results/*.json"))
        if done.returncode or len(files) != 1:
            return no_result(_in_all(lab, NOT_MARKED))
        result = read_result(files[0])
    source = notebook.relative_to(root / "submission").as_posix()
    result = _judged(replace(result, source=source, name=handed.who), lab, handed)
    translator = lab.translator(result.language)
    page = render_pages(
        result,
        translator,
        assignment_title=lab.assignment.title,
        other_languages={},
        course_templates=lab.course.templates(),
        marked_at=datetime.fromisoformat(result.marked_at),
    )["md"]
    return results(result, translator, options, page)


def _judged(result: SubmissionResult, lab: Lab, handed: Handing) -> SubmissionResult:
    """Late by the due date that was set on Gradescope, with the student's extension; it goes before the lab's own."""
    policy = lab.assignment.late or lab.course.info.late
    deadline = deadline_of(handed.due, policy, course_zone(lab.course), handed.extended)
    if deadline is None or not handed.when:
        return result
    return replace(result, late=judge(deadline, HandedIn(at=handed.when, clock="gradescope"), result.points))


def _metadata(root: Path) -> dict[str, Any]:
    try:
        found = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _assignment_of(path: Path) -> str:
    try:
        return peek(read_notebook(path).notebook)["assignment"]
    except CotejaError:
        return ""


def _in_all(lab: Lab, said: Message, **params: str) -> str:
    """A sentence in every language of the course: nobody knows yet which is the student's."""
    speakers: list[Translator] = [lab.translator(language) for language in lab.assignment.languages]
    whole = Message(id=said.id, params={**said.params, **params})
    return "\n\n".join(escape_markdown(speaker.say(whole)) for speaker in speakers)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
