"""A lab with all its parts loaded: what was declared, its source, checks, reference and expected artefacts."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from coteja.checking.api import Check
from coteja.checking.engine import checks_of, validate_checks
from coteja.checking.public import public_source, sentences
from coteja.checking.work import Expected
from coteja.course.expected import ExpectedData, read_expected
from coteja.course.load import Course, load_assignment
from coteja.course.modules import call_author, load_module
from coteja.course.source import SourceCell, read_source
from coteja.course.steps import run_steps
from coteja.errors import CourseError
from coteja.grading.simplest import simple_cases
from coteja.i18n import SOURCE_LANGUAGE, Translator, translator
from coteja.model.assignment import Assignment, Language
from coteja.model.codec import to_json
from coteja.model.result import Misconception
from coteja.model.template import TemplateCell
from coteja.model.values import Value
from coteja.recording.plan import Cases
from coteja.release import build_cells

#: Seed of the public probes' inputs: the same in every release, and never used to mark.
PUBLIC_SEED = 20_240_229


@dataclass(frozen=True)
class Lab:
    """One assignment of a course, ready to be released or marked."""

    course: Course
    assignment: Assignment
    source: Sequence[SourceCell]
    checks: Sequence[Check]
    reference: ModuleType
    expected: ExpectedData
    grader_source: str
    misconceptions: Mapping[str, Misconception] = field(default_factory=dict)
    mistakes: ModuleType | None = None
    neighbours: Mapping[str, str] = field(default_factory=dict)

    def translator(self, language: Language) -> Translator:
        """Says this lab's and the engine's sentences in `language`; always the same one."""
        return _translator(language, self.course.info.locale(language), self.course.catalogue(language))

    def untranslated(self, language: Language) -> list[str]:
        """The grader's sentences that come out in English when said in `language`."""
        if language == SOURCE_LANGUAGE:
            return []
        say = self.translator(language)
        sources = (self.grader_source, *self.neighbours.values())
        said = [s for source in sources for s in sentences(source) if say.text_of(s) == s]
        return [s for s in said if re.search(r"[^\W\d]", re.sub(r"\{\w+\}", "", s))]  # "{name}" has no words

    def template(self, language: Language, *, solutions: bool = False) -> list[TemplateCell]:
        """The cells of the released notebook; with `solutions`, the author's own answers in place."""
        return build_cells(
            self.assignment,
            list(self.source),
            self.translator(language),
            install=self.course.info.install,
            solutions=solutions,
        )

    def answers(self, language: Language, question: str) -> list[str]:
        """The author's own answer cells to a question, as they stand in the solved notebook."""
        return self._answers[language].get(question, [])

    @cached_property
    def defining(self) -> frozenset[str]:
        """The questions whose answer defines a function or a class, which later questions may rest on."""
        answers = self._answers[self.assignment.languages[0]]
        return frozenset(q for q, sources in answers.items() if any(map(_defines, sources)))

    @cached_property
    def _answers(self) -> dict[Language, dict[str, list[str]]]:
        answers: dict[Language, dict[str, list[str]]] = {}
        for language in self.assignment.languages:
            own = answers.setdefault(language, {})
            for cell in self.template(language, solutions=True):
                if cell.kind == "answer" and cell.question:
                    own.setdefault(cell.question, []).append(cell.source)
        return answers

    def expected_artefacts(self) -> Expected:
        """What must come out, for the checks."""
        known = self.expected
        return Expected(
            known.artefacts,
            known.spread,
            known.mistakes,
            known.deviations,
            known.radii,
            known.ideals,
            known.profiles,
        )

    def draw(self, seed: int, *, public: bool = False) -> dict[str, Cases]:
        """The probes' inputs for one submission."""
        wanted = [p for q in self.assignment.questions for p in q.probes if p.public or not public]
        sequence = np.random.SeedSequence(seed)
        seeds = dict(zip([p.name for p in wanted], sequence.spawn(len(wanted)), strict=True))
        return {p.name: self._cases(p.name, np.random.default_rng(seeds[p.name])) for p in wanted}

    @cached_property
    def simple(self) -> dict[str, Cases]:
        """The simplest cases of each probe: always the same, and never used to mark."""
        names = [p.name for q in self.assignment.questions for p in q.probes]
        return {name: simple_cases(partial(self._cases, name), self.reference_calls) for name in names}

    def _cases(self, name: str, rng: np.random.Generator) -> Cases:
        where = self.course.reference_path(self.assignment.id)
        draws = getattr(self.reference, "PROBES", {})
        if name not in draws:
            raise CourseError(f"{where}: PROBES has no {name!r}, which assignment.toml asks for.")
        drawn = call_author(where, f"PROBES[{name!r}]", draws[name], rng)
        try:
            return [[(str(function), tuple(args)) for function, args in case] for case in drawn]
        except (TypeError, ValueError):
            raise CourseError(
                f"{where}: PROBES[{name!r}] must return a list of cases, each a list of steps (function, arguments); "
                f"found {str(drawn)[:80]}."
            ) from None

    def draw_parameters(self, seed: int) -> dict[str, dict[str, Value]]:
        """The values of the counterfactual runs for one submission, by name and role."""
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
        return {
            c.name: self._parameters(c.name, rng)
            for q in self.assignment.questions
            for c in q.counterfactuals
        }

    def _parameters(self, name: str, rng: np.random.Generator) -> dict[str, Value]:
        where = self.course.reference_path(self.assignment.id)
        pair = getattr(self.reference, "COUNTERFACTUALS", {}).get(name)
        if pair is None:
            raise CourseError(f"{where}: COUNTERFACTUALS has no {name!r}, which assignment.toml asks for.")
        drawn = call_author(where, f"COUNTERFACTUALS[{name!r}][0]", pair[0], rng)
        known = self.assignment.artefacts()
        for role, value in drawn.items():
            if role not in known or known[role].kind != "parameter":
                raise CourseError(
                    f"{where}: COUNTERFACTUALS[{name!r}] draws {role!r}, which is no artefact of kind "
                    '"parameter" in assignment.toml.'
                )
            if not isinstance(value, bool | int | float | str):
                raise CourseError(
                    f"{where}: COUNTERFACTUALS[{name!r}] draws a {type(value).__name__} for {role!r}; "
                    "expected a plain number or text (float(...), not NumPy's)."
                )
        return dict(drawn)

    def reference_counterfactual(self, name: str, parameters: Mapping[str, Value]) -> dict[str, Value]:
        """What the reference yields under other parameters, by role."""
        where = self.course.reference_path(self.assignment.id)
        run = self.reference.COUNTERFACTUALS[name][1]
        return dict(call_author(where, f"COUNTERFACTUALS[{name!r}][1]", run, dict(parameters)))

    def reference_calls(self, cases: Cases) -> list[list[Value]]:
        """What the reference's own functions return for the same steps."""
        where = self.course.reference_path(self.assignment.id)
        return [run_steps(vars(self.reference), case, where) for case in cases]

    @property
    def mistaken(self) -> Mapping[str, Mapping[str, Any]]:
        """Mistake -> the functions that it changes, by the names that probes call."""
        return getattr(self.mistakes, "FUNCTIONS", {})

    def mistaken_answers(
        self, mistake: str, case: Sequence[tuple[str, tuple[Value, ...]]]
    ) -> list[Value] | None:
        """What the reference's functions return with a mistake's in their place; None where they raise, as these may."""
        functions = {**vars(self.reference), **self.mistaken[mistake]}
        try:
            return run_steps(functions, case, self.course.mistakes_path(self.assignment.id))
        except CourseError:
            return None

    def public_payload(self, language: Language) -> dict[str, Any]:
        """What the student's own look needs, in one language: public checks, their inputs, public expectations."""
        source = public_source(
            self.grader_source, str(self.course.grader_path(self.assignment.id)), self.neighbours
        )
        say = self.translator(language)
        texts = {s: say.text_of(s) for s in sentences(source)}
        public_roles = {a.role for a in self.assignment.artefacts().values() if a.public}
        return {
            "checks": source,
            "messages": {sentence: text for sentence, text in texts.items() if text != sentence},
            "expected": {
                role: {"spread": self.expected.spread.get(role, 0.0), **to_json(value)}
                for role, value in self.expected.artefacts.items()
                if role in public_roles
            },
            "probes": {
                name: to_json([[[f, list(args)] for f, args in case] for case in cases])
                for name, cases in self.draw(PUBLIC_SEED, public=True).items()
            },
            "questions": [
                {
                    "id": q.id,
                    "artefacts": [
                        {"role": a.role, "names": a.all_names(language), "figure": a.kind == "figure"}
                        for a in q.artefacts
                    ],
                    "probes": [p.name for p in q.probes if p.public],
                }
                for q in self.assignment.questions
            ],
        }


@lru_cache(maxsize=64)
def _translator(language: Language, locale: str, catalogue: Path) -> Translator:
    return translator(language, locale, course_catalogues=[catalogue])


def _defines(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic
        return any(line.startswith(("def ", "class ")) for line in source.splitlines())
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body)


def load_lab(course: Course, name: str, *, expected: ExpectedData | None = None) -> Lab:
    """Load and validate one lab whole. Raises CourseError with a sentence for whatever does not fit."""
    assignment = load_assignment(course, name)
    grader, wrong = course.grader_path(assignment.id), course.mistakes_path(assignment.id)
    module = load_module(grader)
    grader_source = _read_grader(grader)
    checks = checks_of(module)
    validate_checks(checks, {q.id: q.points for q in assignment.questions}, str(grader))
    lab = Lab(
        course=course,
        assignment=assignment,
        source=read_source(course.folder(assignment.id) / "notebook.py", assignment),
        checks=checks,
        reference=load_module(course.reference_path(assignment.id)),
        expected=expected if expected is not None else read_expected(course.expected_path(assignment.id)),
        grader_source=grader_source,
        misconceptions=_misconceptions(module, grader),
        mistakes=load_module(wrong) if wrong.is_file() else None,
        neighbours=_neighbours(grader),
    )
    for counterfactual, values in lab.draw_parameters(PUBLIC_SEED).items():
        lab.reference_counterfactual(counterfactual, values)
    for cases in lab.draw(PUBLIC_SEED).values():
        lab.reference_calls(cases)  # a reference that cannot answer must not be found out by a student
    return lab


def _misconceptions(module: ModuleType, grader: Path) -> dict[str, Misconception]:
    """The mistakes that have a sentence, by id: those of the grader and of the modules that belong to it."""
    modules = [module, *(import_module(f"{module.__package__}.{name}") for name in _neighbours(grader))]
    named = [m for each in modules for m in vars(each).values() if isinstance(m, Misconception)]
    return {m.id: m for m in named}


def _neighbours(grader: Path) -> dict[str, str]:
    """The modules that belong to this grader: those beside it whose names begin with its own."""
    return {path.stem: _read_grader(path) for path in sorted(grader.parent.glob(f"{grader.stem}_*.py"))}


def _read_grader(path: Path) -> str:
    """The grader's text. Refuses two functions of one name: the first would be lost without a word."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CourseError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    lines: dict[str, int] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            if node.name in lines:
                raise CourseError(
                    f"{path}, line {node.lineno}: {node.name} is defined again (first on line {lines[node.name]}); "
                    "give it another name."
                )
            lines[node.name] = node.lineno
    return text
