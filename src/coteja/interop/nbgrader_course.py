"""An assignment as an nbgrader course directory; nbgrader's own program makes its release and fills its gradebook."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from sqlalchemy.engine import URL

from coteja.errors import CotejaError, MachineError, UsageError
from coteja.feedback.plain import plain
from coteja.gradebook.database import database_url, shown
from coteja.grading.lab import Lab
from coteja.interop.nbgrader_notebook import source_notebook
from coteja.model.assignment import Language
from coteja.recording.files import write_whole

CONFIG = "nbgrader_config.py"
_OURS = "# Written by `coteja export nbgrader`."
_GENERATE_S = 300


@dataclass(frozen=True, slots=True)
class Grader:
    """An nbgrader course directory and its database."""

    root: Path
    url: URL

    @property
    def db_url(self) -> str:
        return self.url.render_as_string(hide_password=False)

    @property
    def name(self) -> str:
        """The database's name for people."""
        return shown(self.url)

    @property
    def course_id(self) -> str:
        """What the directory's config calls the course; nbgrader's own default where it says nothing."""
        try:
            text = (self.root / CONFIG).read_text(encoding="utf-8")
        except (OSError, ValueError):
            text = ""
        found = re.search(r"""^c\.CourseDirectory\.course_id\s*=\s*(["'])(.*?)\1""", text, flags=re.M)
        return found[2] if found else "default_course"

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment / f"{assignment}.ipynb"

    def source(self, assignment: str) -> Path:
        return self.root / "source" / assignment / f"{assignment}.ipynb"


def require_nbgrader() -> None:
    """Raises MachineError where nbgrader is not installed."""
    if importlib.util.find_spec("nbgrader") is None:
        raise MachineError('nbgrader is not installed here. Run: pip install "coteja[nbgrader]"')


def grader_at(folder: Path, database: str | None) -> Grader:
    """The course directory with its database: gradebook.db in it, or the one named.

    Raises
    ------
    UsageError
        The URL cannot be read, or has a password in it, which would stand in a file and on the command line.
    """
    root = folder.absolute()
    url = (
        database_url(database) if database else _configured(root) or database_url(str(root / "gradebook.db"))
    )
    if url.password is not None:
        raise UsageError(
            f"{shown(url)}: the password would be written into {CONFIG}. Leave it to ~/.pgpass or PGPASSWORD."
        )
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).absolute()))
    return Grader(root, url)


def _configured(root: Path) -> URL | None:
    """The database that a config of ours names. It is read as text: other people's Python is not run."""
    try:
        text = (root / CONFIG).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    found = re.search(r"""^c\.CourseDirectory\.db_url\s*=\s*(["'])(.*?)\1\s*$""", text, flags=re.M)
    return database_url(found[2]) if found else None


def export_course(lab: Lab, language: Language, grader: Grader) -> list[Path]:
    """Make the course directory, or add the assignment to one that is there. Returns what was written.

    A new directory appears whole or not at all. In one that is there nbgrader itself refuses to change graded cells under
    submissions; its config is never touched.

    Raises
    ------
    UsageError
        The folder is there and is no course of nbgrader's, or one whose config does not mark by Coteja.
    CotejaError
        nbgrader refused; its own words are in the sentence.
    """
    require_nbgrader()
    assignment = lab.assignment.id
    notebook = source_notebook(lab, language)
    _validate(notebook, assignment)
    data = (nbformat.writes(notebook) + "\n").encode("utf-8")
    if grader.root.exists() and any(grader.root.iterdir()):
        _require_ours(grader)
        return _added(grader, assignment, data)
    grader.root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=grader.root.parent, prefix=".coteja-nbgrader-") as temporary:
        inside = grader.url.get_backend_name() == "sqlite" and _within(grader)
        made = Path(temporary) / "course"
        ready = Grader(
            made, grader.url.set(database=str(made / _relative_database(grader))) if inside else grader.url
        )
        write_whole(made / CONFIG, _config(lab, grader).encode("utf-8"))
        write_whole(ready.source(assignment), data)
        _generate(ready, assignment)
        if grader.root.exists():
            grader.root.rmdir()  # it is empty
        made.rename(grader.root)
    return [grader.root / CONFIG, grader.source(assignment), grader.release(assignment)]


def _within(grader: Grader) -> bool:
    return Path(grader.url.database or "").is_relative_to(grader.root)


def _relative_database(grader: Grader) -> Path:
    return Path(grader.url.database or "").relative_to(grader.root)


def _added(grader: Grader, assignment: str, data: bytes) -> list[Path]:
    source, release = grader.source(assignment), grader.release(assignment)
    if source.is_file() and source.read_bytes() == data and release.is_file():
        return []
    before = source.read_bytes() if source.is_file() else None
    write_whole(source, data)
    try:
        _generate(grader, assignment)
    except BaseException:
        if before is None:
            source.unlink()
        else:
            write_whole(source, before)
        raise
    return [source, release]


def _require_ours(grader: Grader) -> None:
    try:
        text = (grader.root / CONFIG).read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    if _OURS not in text and "CotejaMarks" not in text:
        raise UsageError(
            f"{grader.root}: it is not empty, and no course that `coteja export nbgrader` made (its {CONFIG} says nothing of "
            "CotejaMarks). Name a new folder."
        )


def program_environment() -> dict[str, str]:
    """nbgrader starts `alembic` by its name: it is found beside this Python, whether or not that is activated."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def _generate(grader: Grader, assignment: str) -> None:
    """Run `nbgrader generate_assignment`, which writes the release and enters the cells into the gradebook."""
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment, "--force"]
    command += [f"--CourseDirectory.root={grader.root}", f"--CourseDirectory.db_url={grader.db_url}"]
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=grader.root,
            env=program_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_GENERATE_S,
        )
    except subprocess.TimeoutExpired:
        raise CotejaError(
            f"{grader.root}: `nbgrader generate_assignment` did not end in {_GENERATE_S} s."
        ) from None
    if done.returncode or not grader.release(assignment).is_file():
        said = [
            line.strip() for line in done.stderr.splitlines() if re.search(r"^\s*\w*Error:|\| ERROR\]", line)
        ]
        raise CotejaError(
            f"{grader.root}: `nbgrader generate_assignment {assignment}` failed: {plain(' '.join(said))[:600]}"
        )


def _validate(notebook: nbformat.NotebookNode, assignment: str) -> None:
    from jsonschema import ValidationError
    from nbgrader.nbgraderformat import MetadataValidator

    try:
        MetadataValidator().validate_nb(notebook)
    except ValidationError as fault:
        raise CotejaError(
            f"{assignment}: nbgrader would not take the notebook: {fault.message[:300]}"
        ) from None


def _config(lab: Lab, grader: Grader) -> str:
    course = re.sub(r"[^A-Za-z0-9_-]+", "-", lab.course.root.name).strip("-") or "course"
    # In the directory itself the database goes where the directory goes; json writes Python's own text literals here.
    place = "" if _is_default(grader) else f"c.CourseDirectory.db_url = {json.dumps(grader.db_url)}\n"
    return f"""{_OURS} It is yours now: it is never written again.
import os

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    ComputeChecksums,
    IgnorePattern,
    LimitOutput,
    LockCells,
    SaveCells,
)

from coteja.interop.nbgrader_autograde import CotejaMarks, SaveMarks

c = get_config()
c.CourseDirectory.course_id = {json.dumps(course)}
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
{place}
# source/ is the released notebook already: it holds no solutions that could be cleared.
c.GenerateAssignment.preprocessors = [
    LockCells,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    CheckCellMetadata,
]

# `nbgrader autograde` marks with Coteja, in its sandbox and with all checks, in place of a kernel of its own.
c.Autograde.autograde_preprocessors = [
    CotejaMarks,
    IgnorePattern,
    LimitOutput,
    SaveMarks,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.CotejaMarks.course = {json.dumps(str(lab.course.root.absolute()), ensure_ascii=False)}
"""


def _is_default(grader: Grader) -> bool:
    return (
        grader.url.get_backend_name() == "sqlite"
        and Path(grader.url.database or "") == grader.root / "gradebook.db"
    )
