"""Finds a course and reads what its TOML files declare; every error names file, key, expected, found."""

from __future__ import annotations

import difflib
import keyword
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from coteja.course.moments import parse_duration, parse_moment, zone_of
from coteja.errors import CourseError, UsageError
from coteja.i18n import catalogue_path
from coteja.model.assignment import (
    Artefact,
    ArtefactKind,
    Assignment,
    Attempts,
    CourseInfo,
    Language,
    LatePolicy,
    Limits,
    Probe,
    Question,
    Rubric,
    Texts,
    Written,
)

COURSE_FILE = "course.toml"
ASSIGNMENT_FILE = "assignment.toml"
GRADERS_DOMAIN = "graders"

T = TypeVar("T")

_STRUCTS = (CourseInfo, Assignment, Question, Artefact, Probe, Written, Rubric, Limits, LatePolicy)


@dataclass(frozen=True, slots=True)
class Course:
    """A course on disk: its root folder and what course.toml says."""

    root: Path
    info: CourseInfo

    def folder(self, assignment: str) -> Path:
        """The folder that students' work for `assignment` is released from."""
        return self.root / "assignments" / assignment

    def grader_path(self, assignment: str) -> Path:
        """The module of checks."""
        return self.root / "graders" / f"{module_name(assignment)}.py"

    def reference_path(self, assignment: str) -> Path:
        """The module of reference implementations."""
        return self.root / "reference" / f"{module_name(assignment)}.py"

    def mistakes_path(self, assignment: str) -> Path:
        """The module of implementations that make the known mistakes; a lab may have none."""
        return self.root / "reference" / f"{module_name(assignment)}_mistakes.py"

    def variants_path(self, assignment: str) -> Path:
        """The module of other correct implementations, which calibration runs as well; a lab may have none."""
        return self.root / "reference" / f"{module_name(assignment)}_variants.py"

    def expected_path(self, assignment: str) -> Path:
        """The stored expected artefacts."""
        return self.root / "reference" / "expected" / f"{assignment}.json"

    def catalogue(self, language: str) -> Path:
        """The translations of the graders' sentences."""
        return catalogue_path(self.root / "graders", language, GRADERS_DOMAIN)

    def templates(self) -> Path:
        """The course's own templates, which override the packaged ones."""
        return self.root / "templates"


def module_name(assignment: str) -> str:
    """The Python name for an assignment's id: two-layer-network -> two_layer_network."""
    return assignment.replace("-", "_")


def find_course(start: Path) -> Course:
    """The course that `start` lies in: the nearest folder upwards that has a course.toml.

    Raises
    ------
    UsageError
        There is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / COURSE_FILE).is_file():
            info = read_toml(folder / COURSE_FILE, CourseInfo)
            _validate_texts({"title": info.title}, info.languages, folder / COURSE_FILE)
            _validate_zone(info, folder / COURSE_FILE)
            return Course(root=folder, info=info)
    raise UsageError(
        f"No {COURSE_FILE} in {start} or any folder above it. Go to your course's folder, or name it with --course."
    )


def load_assignment(course: Course, name: str) -> Assignment:
    """Read and validate one assignment of the course, by its id or its folder.

    Raises
    ------
    UsageError
        The course has no such assignment.
    CourseError
        Its assignment.toml is wrong.
    """
    wanted = require_listed(course, name)
    path = course.folder(wanted) / ASSIGNMENT_FILE
    assignment = read_toml(path, Assignment)
    _validate(assignment, wanted, path)
    _validate_moments(assignment, course, path)
    extra = [language for language in assignment.languages if language not in course.info.languages]
    if extra:
        raise CourseError(
            f"{path}: languages has {extra[0]!r}, but {COURSE_FILE} has {', '.join(course.info.languages)}. "
            "Change one of the two."
        )
    return assignment


def require_listed(course: Course, name: str) -> str:
    """The id of one assignment of the course, given that or its folder. Raises UsageError when there is none such."""
    wanted = Path(name).name
    if wanted not in course.info.assignments:
        close = difflib.get_close_matches(wanted, course.info.assignments, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        if not close and (course.folder(wanted) / ASSIGNMENT_FILE).is_file():
            hint = f" Add {wanted} to it: {course.folder(wanted)} is there."
        raise UsageError(
            f"The course has no assignment {wanted!r}; course.toml lists: "
            f"{', '.join(course.info.assignments) or 'none'}.{hint}"
        )
    return wanted


def read_toml(path: Path, into: type[T]) -> T:
    """Read a TOML file into a struct; unknown keys and wrong types are refused with a sentence."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{path}: this file is missing. Create it; docs/authoring.md shows one.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise CourseError(f"{path}: not valid TOML: {fault}.") from None
    table = "course" if into is CourseInfo else "assignment"
    inner = data.pop(table, {})
    if not isinstance(inner, dict):
        raise CourseError(f"{path}: {table}: expected a table, found {inner!r}.")
    body = inner | data  # keys may stand in the table or at the top; either way an unknown one is refused
    try:
        return msgspec.convert(_dates_as_text(body), into, strict=True)
    except msgspec.ValidationError as fault:
        said = str(fault).replace(" - at `$.", " at `").replace(" - at `$", " at `")
        raise CourseError(f"{path}: {said}.{_hint(said)}") from None


def _dates_as_text(data: Any) -> Any:
    """TOML's own dates and times as text: a moment may be written either way."""
    if isinstance(data, dict):
        return {key: _dates_as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_dates_as_text(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data


def _hint(said: str) -> str:
    """What was meant, or may be written, where msgspec's own sentence does not say so."""
    if found := re.search(r"unknown field `(.*?)`", said):
        known = [f.encode_name for struct in _STRUCTS for f in msgspec.structs.fields(struct)]
        close = difflib.get_close_matches(found[1], known, n=1)
        return f" Perhaps `{close[0]}` was meant." if close else " docs/authoring.md lists the keys."
    if "Invalid enum value" in said:
        known_values = get_args(Attempts if "`attempts`" in said else ArtefactKind)
        return f" Known: {', '.join(known_values)}."
    if "Expected `object`" in said:
        return ' A text is written in every language: { es = "...", en = "..." }.'
    return ""


def _validate(assignment: Assignment, wanted: str, path: Path) -> None:
    if assignment.id != wanted:
        raise CourseError(
            f"{path}: id is {assignment.id!r}, expected the folder's name {wanted!r}. Make them equal."
        )
    _no_repeats([q.id for q in assignment.questions], "question id", path)
    _no_repeats([a.role for q in assignment.questions for a in q.artefacts], "artefact role", path)
    _no_repeats([p.name for q in assignment.questions for p in q.probes], "probe", path)
    texts = {"title": assignment.title} | {f"question {q.id}: title": q.title for q in assignment.questions}
    for question in assignment.questions:
        for i, line in enumerate(question.written.rubric if question.written else ()):
            texts[f"question {question.id}: written.rubric[{i}].text"] = line.text
    _validate_texts(texts, assignment.languages, path)
    for question in assignment.questions:
        _validate_points(question, path)
    for artefact in assignment.artefacts().values():
        known = {"role": artefact.role} | {f"names.{lang}": name for lang, name in artefact.names.items()}
        _validate_names(f"artefact {artefact.role}", known, assignment.languages, path)
    for own, by_language in assignment.names.items():
        known = {"": own} | {f"names.{lang}": name for lang, name in by_language.items()}
        _validate_names(f"names.{own}", known, assignment.languages, path)


def _validate_texts(texts: Mapping[str, Texts], languages: Sequence[Language], path: Path) -> None:
    for key, text in texts.items():
        missing = [language for language in languages if not text.get(language, "").strip()]
        if missing:
            raise CourseError(
                f"{path}: {key} has no text in {missing[0]!r}. Every text is needed in {' and '.join(languages)}."
            )


def _validate_points(question: Question, path: Path) -> None:
    if question.points < 0:
        raise CourseError(
            f"{path}: question {question.id}: points is {question.points:g}, expected 0 or more."
        )
    if question.written is None or not question.written.rubric:
        return
    total = sum(line.points for line in question.written.rubric)
    if abs(total - question.written.points) > 1e-9:
        raise CourseError(
            f"{path}: question {question.id}: the lines of written.rubric add up to {total:g} points, but "
            f"written.points is {question.written.points:g}. Change one of the two."
        )


def _validate_zone(info: CourseInfo, path: Path) -> None:
    if info.time_zone and zone_of(info.time_zone) is None:
        raise CourseError(
            f"{path}: time_zone {info.time_zone!r} is no time zone. Expected a name like America/Guatemala or UTC."
        )
    _validate_late(info.late, info.time_zone, path)


def _validate_moments(assignment: Assignment, course: Course, path: Path) -> None:
    zone = course.info.time_zone
    if assignment.due:
        _moment("due", assignment.due, zone, path)
    if assignment.late is not None:
        _validate_late(assignment.late, zone, path)
    if isinstance(assignment.extensions, str):
        return
    for student, text in assignment.extensions.items():
        if parse_duration(text) is None:
            _moment(f"extensions.{student}", text, zone, path)


def _validate_late(late: LatePolicy, zone: str, path: Path) -> None:
    if parse_duration(late.grace) is None:
        raise CourseError(
            f'{path}: late.grace is {late.grace!r}; expected a duration like "10m", "2h" or "1d".'
        )
    for key, percent in (("penalty_per_day", late.penalty_per_day), ("cap", late.cap)):
        if not 0 <= percent <= 100:
            raise CourseError(f"{path}: late.{key} is {percent:g}; expected a percentage from 0 to 100.")
    if late.until and parse_duration(late.until) is None:
        _moment("late.until", late.until, zone, path)


def _moment(key: str, text: str, zone: str, path: Path) -> None:
    """Refuse what is no moment, and a moment that would depend on where this program runs."""
    if parse_moment(text, UTC) is None:
        or_long = "" if key == "due" else ', or a duration after the due moment like "2d"'
        raise CourseError(f"{path}: {key} is {text!r}; expected a moment like 2026-03-20T23:59{or_long}.")
    if parse_moment(text, zone_of(zone) if zone else None) is None:
        raise CourseError(
            f"{path}: {key} is {text}, but in which time zone? Write time_zone into {COURSE_FILE}, such as "
            'time_zone = "America/Guatemala".'
        )


def _validate_names(what: str, names: Mapping[str, str], languages: Sequence[Language], path: Path) -> None:
    """`names`: "role" or "names.<language>" -> the variable's name there."""
    for key, name in names.items():
        language = key.removeprefix("names.") if key.startswith("names.") else ""
        where = f"{what}: {key}" if key else what
        if language and language not in languages:
            raise CourseError(f"{path}: {where}: unknown language; known: {', '.join(languages)}.")
        if not name.isidentifier() or keyword.iskeyword(name):
            raise CourseError(f"{path}: {where}: {name!r} cannot be a variable's name in Python.")


def _no_repeats(names: list[str], what: str, path: Path) -> None:
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        raise CourseError(
            f"{path}: {what} {repeated[0]!r} stands {names.count(repeated[0])} times; each must be unique."
        )
