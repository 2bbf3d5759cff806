"""What an author declares: the course, its assignments, their questions, artefacts, probes and limits."""

from __future__ import annotations

from typing import Literal

import msgspec

Language = str
Texts = dict[Language, str]

ArtefactKind = Literal[
    "number", "array", "curve", "mapping", "figure", "claim", "function", "parameter", "model", "history"
]


class Artefact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that a question must leave behind, under a name in each language.

    `role` is the name that checks, the reference and the author's notebook use.
    `names` gives the student's variable in each language; a language left out uses the role itself.
    Keras' own objects, a `model` and a `history`, are captured as plain data (`coteja.checking.keras` reads them).
    `public`: what is expected of it may travel in the student's notebook.
    """

    role: str
    kind: ArtefactKind
    names: Texts = {}
    public: bool = False

    def name(self, language: Language) -> str:
        """The variable's name in a notebook of `language`."""
        return self.names.get(language, self.role)

    def all_names(self, first: Language) -> list[str]:
        """Every name a student may have used, the notebook's own language first."""
        return list(dict.fromkeys([self.name(first), *self.names.values(), self.role]))


class Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Students' functions called with fresh inputs: `reference.PROBES[name]` draws the cases.

    A public probe travels in the student's notebook as well, with inputs of its own (never those used to mark).
    """

    name: str
    public: bool = False
    timeout_s: float = 20.0


class Counterfactual(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The notebook run once more with other values after its `parameters` cell, so that typed-in answers fail.

    `reference.COUNTERFACTUALS[name]` is a pair: what draws the values by role, and what they must then yield by role.
    `artefacts` are the roles to look at.
    """

    name: str
    artefacts: tuple[str, ...]


class Rubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of what a person looks for in a written answer."""

    points: float
    text: Texts


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The part of a question that a person marks: its points and its rubric."""

    points: float
    rubric: tuple[Rubric, ...] = ()


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question: its title in each language, what it is worth, and what it leaves behind.

    `points` counts the automatic checks alone; the written part has its own.
    """

    id: str
    title: Texts
    points: float
    written: Written | None = None
    artefacts: tuple[Artefact, ...] = msgspec.field(name="artefact", default=())
    probes: tuple[Probe, ...] = msgspec.field(name="probe", default=())
    counterfactuals: tuple[Counterfactual, ...] = msgspec.field(name="counterfactual", default=())

    @property
    def max_points(self) -> float:
        """All that can be earned: by the checks and by the written answer."""
        return self.points + (self.written.points if self.written else 0.0)


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one submission may use. Times in seconds, sizes in MiB."""

    cell_s: float = 60.0
    notebook_s: float = 300.0
    memory_mb: int = 4096
    disk_mb: int = 256
    output_mb: int = 20
    processes: int = 128


Attempts = Literal["latest", "best", "first"]


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What late work costs: percent of the points earned, for each day begun after the due moment.

    `grace`: so much later is not late yet ("10m"). `until`: what comes after it does not count at all; a moment, or
    a duration after it was due ("7d").
    """

    grace: str = "0m"
    penalty_per_day: float = 0.0
    cap: float = 100.0
    until: str = ""


class Assignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One lab, as `assignment.toml` declares it.

    `names` are those of the notebook's other variables by language, where it matters to a reader: {"rate": {"es": "tasa"}}.
    `due` and `extensions` (student -> moment, or the name of a CSV file) are in the course's time zone. Where `late`,
    `attempts` or `groups` is not said, the course's holds. With `carry_forward` a wrong function costs its own question
    alone: later ones are run again on the author's.
    """

    id: str
    title: Texts
    languages: tuple[Language, ...]
    questions: tuple[Question, ...] = msgspec.field(name="question")
    preload: tuple[str, ...] = ("numpy", "matplotlib.pyplot")
    limits: Limits = Limits()
    names: dict[str, Texts] = {}
    due: str = ""
    late: LatePolicy | None = None
    extensions: dict[str, str] | str = {}
    attempts: Attempts | None = None
    groups: bool | None = None
    carry_forward: bool = True

    def question(self, question_id: str) -> Question:
        """The question with that id. Raises KeyError."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def renamed(self, language: Language) -> dict[str, str]:
        """What the author's variables are called in a notebook of `language`."""
        own = {name: texts.get(language, name) for name, texts in self.names.items()}
        return own | {role: artefact.name(language) for role, artefact in self.artefacts().items()}

    def artefacts(self) -> dict[str, Artefact]:
        """Every artefact by role."""
        return {a.role: a for q in self.questions for a in q.artefacts}


class CourseInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `course.toml` declares. `gradebook`: a path in the course, or a URL (`gradebook.db` where nothing is said)."""

    title: Texts
    languages: tuple[Language, ...]
    assignments: tuple[str, ...]
    locales: Texts = {}
    install: str = "%pip install --quiet coteja"
    time_zone: str = ""
    roster: str = ""
    late: LatePolicy = LatePolicy()
    extensions: str = ""
    attempts: Attempts = "latest"
    gradebook: str = ""
    groups: bool = False  # a column called "grupo" is often the section: nobody gets a mark for it unasked

    def locale(self, language: Language) -> str:
        """The locale for numbers and dates, such as es_GT for es."""
        return self.locales.get(language, language)
