"""The roster: who is in the class, and which of them a file's name, folder or platform means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coteja.errors import CourseError
from coteja.grading.intake.names import fold, run_together, words
from coteja.grading.intake.tables import Row, read_table

#: Our column -> the headings it may have, folded and without spaces: plain ones first, then those of the platforms.
COLUMNS = {
    "canvas": ("canvasid", "canvasuserid", "idcanvas", "iddecanvas"),
    "moodle": ("moodleid", "idmoodle", "iddemoodle", "identifier", "identificador", "participante"),
    "id": (
        *("carne", "carnet", "sisuserid", "sisid", "sid", "studentid", "idnumber", "registroacademico", "registro"),
        *("numerodeid", "numerodeidentificacion", "matricula", "codigo", "orgdefinedid", "id"),
    ),
    "first": ("firstname", "givenname", "nombres", "primernombre"),
    "last": ("lastname", "surname", "familyname", "apellidos", "apellido"),
    "name": (
        *("name", "fullname", "nombrecompleto", "nombreyapellido", "nombreyapellidos", "nombre"),
        *("student", "estudiante", "alumno"),
    ),
    "email": (
        *("email", "mail", "emailaddress", "correo", "correoelectronico", "correoinstitucional"),
        *("direcciondecorreo", "direcciondecorreoelectronico", "direcciondeemail"),
    ),
    "login": ("login", "username", "usuario", "nombredeusuario", "sisloginid"),
    "group": ("group", "groupname", "grupo", "team", "equipo"),
    "plain_id": ("id",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Student:
    """One line of the roster. `key` is what results are filed under: the id, else the e-mail, else the name."""

    key: str
    name: str = ""
    id: str = ""
    email: str = ""
    login: str = ""
    group: str = ""
    canvas: str = ""
    moodle: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """All that the student is known by."""
        return tuple(dict.fromkeys(k for k in (self.id, self.email, self.login, self.name) if k))


@dataclass(frozen=True, slots=True)
class Person:
    """What a file says of whose it is. `free`: names of files and folders that may hold anything."""

    name: str = ""
    id: str = ""
    email: str = ""
    canvas: str = ""
    moodle: str = ""
    group: str = ""
    free: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Who was meant: one student, or all of a group; else those it might be. `ambiguous`: several fit equally well."""

    students: tuple[Student, ...] = ()
    perhaps: tuple[Student, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True)
class Roster:
    """The class, and its look-ups. Two students with one name are both kept: the name alone then decides nothing."""

    students: tuple[Student, ...] = ()
    by: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def match(self, person: Person) -> Match:
        """The student that `person` means. What is surest decides; where sure signs disagree, nobody is chosen."""
        chosen: set[int] = set()
        for found in self._tiers(person):
            if not found:
                continue
            if not chosen:
                chosen = found
            elif chosen & found:
                chosen &= found
            else:
                return Match(perhaps=self._all(chosen | found), ambiguous=True)
        if len(chosen) == 1:
            return Match(students=self._all(chosen))
        if chosen:
            return Match(perhaps=self._all(chosen), ambiguous=True)
        if members := self._group(person):
            return Match(students=self._all(members))
        return Match(perhaps=self._all(self._similar(person)))

    def members(self, group: str) -> tuple[Student, ...]:
        """All students of a group."""
        return tuple(s for s in self.students if s.group and fold(s.group) == fold(group))

    def find(self, text: str) -> Match:
        """Who is meant by what a person wrote: an id, an e-mail or a name."""
        return self.match(Person(free=(text,)))

    def _tiers(self, person: Person) -> Iterable[set[int]]:
        yield self._look("canvas", person.canvas) | self._look("moodle", person.moodle)
        yield self._look("id", person.id) | self._look("login", person.id)
        yield self._look("email", person.email)
        yield self._look("local", person.email.partition("@")[0])
        yield self._look("name", person.name) | self._look("together", person.name)
        for text in person.free:
            yield self._free(text)

    def _free(self, text: str) -> set[int]:
        whole = set[int]().union(
            *(self._look(kind, text) for kind in ("id", "login", "email", "local", "name", "together"))
        )
        if whole:
            return whole
        parts = re.split(r"[\s_()\[\],;]+", text)
        ids = set[int]().union(
            *(self._look(k, p) for k in ("id", "login", "email", "local") for p in parts if len(p) > 3)
        )
        if ids:
            return ids
        said = set(words(text))
        named = [
            i for i, s in enumerate(self.students) if len(words(s.name)) > 1 and said >= set(words(s.name))
        ]
        # "Ana López Cruz" holds "Ana López" as well; the longer name is meant.
        longest = max((len(words(self.students[i].name)) for i in named), default=0)
        return {i for i in named if len(words(self.students[i].name)) == longest}

    def _group(self, person: Person) -> set[int]:
        texts = [t for t in (person.group, person.name, *person.free) if t]
        found = [
            {i for i, s in enumerate(self.students) if s.group and _same_group(s.group, t)} for t in texts
        ]
        return next((f for f in found if f), set())

    def _similar(self, person: Person) -> set[int]:
        """Those whose name shares two words with what was said: named as a hint, never chosen."""
        said = {w for text in (person.name, *person.free) for w in words(text)}
        return {i for i, s in enumerate(self.students) if len(said & set(words(s.name))) > 1}

    def _look(self, kind: str, value: str) -> set[int]:
        key = _key(kind, value)
        return self.by.get(kind, {}).get(key, set()) if key else set()

    def _all(self, indices: Iterable[int]) -> tuple[Student, ...]:
        return tuple(self.students[i] for i in sorted(indices))


def _same_group(group: str, text: str) -> bool:
    """`4` is the group of "4", "grupo 4", "Team-4" and "equipo_4"."""
    own, said = fold(group), fold(text)
    plain = re.sub(r"^(group|grupo|team|equipo) ", "", own)
    return said in {own, *(f"{word} {plain}" for word in ("group", "grupo", "team", "equipo"))}


def _key(kind: str, value: str) -> str:
    if kind == "name":
        return " ".join(sorted(words(value)))
    if kind == "together":
        return "".join(words(value))
    if kind == "moodle":
        return "".join(re.findall(r"\d+", value))  # a grading worksheet says "Participant 123"
    return value.strip().casefold()


def make_roster(students: Sequence[Student]) -> Roster:
    """A roster with its look-ups."""
    by: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for i, student in enumerate(students):
        for kind in ("id", "email", "login", "canvas", "moodle", "name"):
            if key := _key(kind, getattr(student, kind)):
                by[kind][key].add(i)
        if "@" in student.email:
            by["local"][_key("local", student.email.partition("@")[0])].add(i)
        for joined in run_together(student.name):
            by["together"][joined].add(i)
    return Roster(tuple(students), {kind: dict(found) for kind, found in by.items()})


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Raises
    ------
    CourseError
        It has no column that tells students apart, or two lines are one student.
    """
    rows, headings = read_table(path, COLUMNS)
    if not any(row.get(column) for row in rows for column in ("id", "name", "first", "email", "login")):
        raise CourseError(
            f"{path}: no column tells whose line it is. Expected a heading like id, carné, name, nombre, email or "
            f"correo; found {', '.join(headings)}."
        )
    # In Canvas' own gradebook the column ID is Canvas' number, and SIS User ID the university's.
    from_canvas = bool({"sisuserid", "sisloginid"} & {fold(h).replace(" ", "") for h in headings})
    students: list[Student] = []
    lines: dict[str, int] = {}
    for row in rows:
        student = _student(row, canvas=row.get("canvas") or (row.get("plain_id") if from_canvas else ""))
        if not student.key or fold(student.name) in ("points possible", "puntos posibles"):
            continue
        if (before := lines.setdefault(student.key.casefold(), row.line)) != row.line:
            raise CourseError(
                f"{path}, line {row.line}: {student.key} stands on line {before} already. Each student has one line; "
                "give students of one name an id."
            )
        students.append(student)
    return make_roster(students)


def _student(row: Row, *, canvas: str) -> Student:
    name = row.get("name")
    if row.get("first") or row.get("last"):
        first = row.get("first") or name
        name = f"{first} {row.get('last')}".strip() if row.get("last") else name or first
    elif re.fullmatch(r"[^,]+,[^,]+", name):
        last, _comma, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}"  # "López, Ana"
    own, email, login = row.get("id"), row.get("email"), row.get("login")
    return Student(
        key=own or email or login or name,
        name=name,
        id=own,
        email=email,
        login=login,
        group=row.get("group"),
        canvas=canvas,
        moodle=row.get("moodle"),
    )
