"""What the templates get: one page as plain frozen data. Course templates may rely on these names.

Every string is ready to read: translated, formatted by locale, and without control characters. It is not
escaped: that is the work of the templates' environment.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of the table: what was expected and found."""

    label: str
    expected: str
    found: str
    tolerance: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a check's own rubric, that holds or not."""

    label: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture drawn twice, for a wide and a narrow page, with its text alternative."""

    title: str
    description: str
    in_words: tuple[str, ...]
    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class Check:
    """One check as it is shown. `state` is a key of `STATE_WORDS`."""

    anchor: str
    state: str
    word: str
    sign: str
    title: str
    message: str
    score: str
    mistake: str
    explanation: str
    next_step: str
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    drawing: Drawing | None
    public: bool
    also_looked_at: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that did not run to its end. `error` is empty where the message says it already."""

    where: str
    message: str
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Written:
    """The student's written answer. `score` is empty while it waits; `comment` is the marker's."""

    text: str
    waiting: bool
    score: str
    max_points: float
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `share` is what is earned of what is marked so far, from 0 to 1, None before any mark.

    `pending` are the points of a written answer that waits for a person.
    """

    anchor: str
    title: str
    state: str
    word: str
    score: str
    share: float | None
    pending: float
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]
    written: Written | None


@dataclass(frozen=True, slots=True)
class Advice:
    """A thing to mend: one mistake, however many checks it cost."""

    anchor: str
    title: str
    question: str
    next_step: str
    lost: float


@dataclass(frozen=True, slots=True)
class Language:
    """The same page in another language."""

    code: str
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Late:
    """How the moment of handing in stands to the due one. `cost` is "" where nothing is taken off."""

    state: str
    word: str
    detail: str
    cost: str
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    language: str
    title: str
    student: str
    status: str
    scored: bool
    ran: bool
    points: str
    max_points: str
    share: float
    pending: float
    pending_share: float
    advice: tuple[Advice, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    languages: tuple[Language, ...]
    source: str
    facts: tuple[tuple[str, str], ...]
    isolation: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    name: str = ""
    late: Late | None = None
