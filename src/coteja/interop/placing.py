"""Puts a lab that was made from something else into a course, new or there already: all of it or nothing."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from coteja.course.load import COURSE_FILE, Course, find_course
from coteja.errors import CourseError, UsageError
from coteja.grading.lab import load_lab
from coteja.model.assignment import Language
from coteja.recording.files import write_whole

_LIST = re.compile(r"^assignments\s*=\s*\[(.*?)\]", flags=re.M | re.S)


def course_at(folder: Path) -> Course | None:
    """The course that the folder is or lies in; None where a new one can be made.

    Raises
    ------
    UsageError
        It is no course, and there is something in it.
    """
    try:
        return find_course(folder)
    except UsageError:
        if folder.is_file() or (folder.is_dir() and any(p.name != ".git" for p in folder.iterdir())):
            raise UsageError(
                f"{folder}: this is no course (there is no {COURSE_FILE} in it or above it), and it is not empty. Name a "
                "course's folder, or one that is new or empty."
            ) from None
        return None


def place(
    files: Mapping[str, str], assignment: str, folder: Path, *, title: str, language: Language
) -> list[Path]:
    """Write a lab's files (by their path in a course) and list it in course.toml. Returns the paths written.

    It is loaded whole beside the course before anything of the course is touched.

    Raises
    ------
    UsageError
        The course has such a lab already, or not that language.
    CourseError
        The lab cannot be loaded; nothing was written.
    """
    course = course_at(folder)
    root = folder.absolute() if course is None else course.root
    listed = _course_file(course, assignment, title=title, language=language)
    if course is not None:
        _refuse_present(course, assignment, files, language)
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".coteja-import-") as temporary:
        ready = Path(temporary) / "course"
        for name, text in {**files, COURSE_FILE: listed}.items():
            path = ready / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        _load(ready, assignment)
        if course is None and not root.exists():
            ready.rename(root)
        else:
            _move(ready, root, list(files))
            write_whole(
                root / COURSE_FILE, listed.encode("utf-8")
            )  # last: until then nothing belongs to the course
    return [root / name for name in files]


def _load(ready: Path, assignment: str) -> None:
    try:
        load_lab(find_course(ready), assignment)
    except CourseError as fault:
        text = str(fault).replace(f"{ready}/", "")
        raise CourseError(f"The lab that came of it cannot be loaded; nothing was written. {text}") from None


def _move(ready: Path, root: Path, names: list[str]) -> None:
    """Each file to its place; where one cannot be moved, those that were are taken away again."""
    moved: list[Path] = []
    try:
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(ready / name, root / name)
            moved.append(root / name)
    except BaseException:
        for path in moved:
            path.unlink(missing_ok=True)
        raise


def _refuse_present(course: Course, assignment: str, files: Mapping[str, str], language: Language) -> None:
    present = [name for name in files if (course.root / name).exists()]
    if assignment in course.info.assignments or present:
        what = present[0] if present else f"{assignment} in {COURSE_FILE}"
        raise UsageError(
            f"{course.root}: {what} is there already, and nothing is ever overwritten. Give the lab another name: --id."
        )
    if language not in course.info.languages:
        raise UsageError(f"--lang {language}: the course has {', '.join(course.info.languages)}.")


def _course_file(course: Course | None, assignment: str, *, title: str, language: Language) -> str:
    """course.toml with the lab in its list; all else in it stays as it is."""
    if course is None:
        return (
            f"[course]\ntitle = {{ {language} = {json.dumps(title, ensure_ascii=False)} }}\n"
            f"languages = [{json.dumps(language)}]\nassignments = [{json.dumps(assignment)}]\n"
        )
    path = course.root / COURSE_FILE
    text = path.read_text(encoding="utf-8")
    found = _LIST.search(text)
    if found is not None:
        inner = found[1].rstrip().removesuffix(",")
        separator = "," + (re.findall(r"\s+", inner) or [" "])[0] if inner.strip() else ""
        tail = found[1][len(found[1].rstrip()) :]
        changed = (
            f"{text[: found.start(1)]}{inner}{separator}{json.dumps(assignment)}{tail}{text[found.end(1) :]}"
        )
        if _lists(changed, [*course.info.assignments, assignment]):
            return changed
    raise UsageError(
        f"{path}: its list of assignments is written in a way that is not changed by program. Import into an empty folder, "
        f"copy the lab's files, and add {assignment!r} to the list by hand."
    )


def _lists(text: str, wanted: list[str]) -> bool:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    inner = data.get("course", {})
    return (
        list((inner if isinstance(inner, dict) else {}).get("assignments", data.get("assignments", [])))
        == wanted
    )
