"""Faults of a grader: points, sentences without translation, artefacts nobody looks at, mistakes nobody made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from coteja.checking.api import Check
from coteja.grading.lab import Lab
from coteja.grading.linting.finding import Finding, line_of
from coteja.model.assignment import Assignment
from coteja.model.result import Misconception


def line_of_check(check: Check) -> int:
    """The line of a check's decorator."""
    return check.function.__code__.co_firstlineno


def points_faults(assignment: Assignment, checks: Sequence[Check], path: Path) -> Iterator[Finding]:
    """Questions whose checks do not add up, questions without any, checks of questions that are not there."""
    known = [question.id for question in assignment.questions]
    for check in checks:
        if check.question not in known:
            yield Finding(
                rule="unknown-question",
                assignment=assignment.id,
                file=str(path),
                line=line_of_check(check),
                what=f"check {check.name} is for question {check.question!r}; assignment.toml has {', '.join(known)}",
                todo="Mend the name of one of the two.",
            )
    for question in assignment.questions:
        own = [check for check in checks if check.question == question.id]
        total = sum(check.points for check in own)
        if not own and (question.points or question.written is None):
            yield Finding(
                rule="no-checks",
                assignment=assignment.id,
                file=str(path),
                what=f"question {question.id} of {question.points:g} points has no check",
                todo=f'Write one, @check("{question.id}", …); or give it points = 0 and a written part.',
            )
        elif abs(total - question.points) > 1e-9:
            yield Finding(
                rule="points",
                assignment=assignment.id,
                file=str(path),
                line=line_of_check(own[0]) if own else None,
                what=f"the checks of {question.id} add up to {total:g} points, assignment.toml says {question.points:g}",
                todo="Change one of the two.",
            )


def translation_faults(lab: Lab) -> Iterator[Finding]:
    """Sentences of the grader that students of another language would read in English."""
    for language in lab.assignment.languages:
        path = lab.course.catalogue(language)
        listed = _translated(path)
        missing = [sentence for sentence in lab.untranslated(language) if sentence not in listed]
        placed = [(*_place_of_sentence(lab, sentence), sentence) for sentence in missing]
        for where, line, sentence in sorted(placed, key=lambda place: (str(place[0]), place[1] or 0)):
            yield Finding(
                rule="untranslated",
                assignment=lab.assignment.id,
                file=str(where),
                line=line,
                what=f"{sentence!r} has no translation in {language!r}",
                todo=f"Fill in its msgstr in {path} (docs/authoring.md: Sentences).",
            )


def _translated(path: Path) -> set[str]:
    """Sentences with a translation, even one that is the same word ("error" is Spanish, too)."""
    if not path.is_file():
        return set()
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return {str(entry.id) for entry in read_po(file) if entry.id and entry.string and not entry.fuzzy}


def _place_of_sentence(lab: Lab, sentence: str) -> tuple[Path, int | None]:
    grader = lab.course.grader_path(lab.assignment.id)
    texts = {grader: lab.grader_source} | {
        grader.with_name(f"{name}.py"): text for name, text in lab.neighbours.items()
    }
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and node.value == sentence:
                return path, node.lineno
    return grader, None


def unused_faults(lab: Lab, path: Path, text: str, called: set[str]) -> Iterator[Finding]:
    """Artefacts and probes that no check looks at. `called`: functions that probes call."""
    used = _Literals([lab.grader_source, *lab.neighbours.values()])
    varied = {role for q in lab.assignment.questions for c in q.counterfactuals for role in c.artefacts}
    for artefact in lab.assignment.artefacts().values():
        if artefact.kind == "parameter" or artefact.role in called | varied or artefact.role in used:
            continue
        yield _unused(lab, path, text, f'role = "{artefact.role}"', f"artefact {artefact.role}")
    for question in lab.assignment.questions:
        for name in [p.name for p in question.probes] + [c.name for c in question.counterfactuals]:
            if name not in used:
                yield _unused(lab, path, text, f'name = "{name}"', f"probe {name}")


def _unused(lab: Lab, path: Path, text: str, needle: str, what: str) -> Finding:
    return Finding(
        rule="unused",
        severity="warning",
        assignment=lab.assignment.id,
        file=str(path),
        line=line_of(text, needle),
        what=f"{what} is asked for, but no check looks at it",
        todo="Write a check for it, or take it out: students are held to its name for nothing.",
    )


class _Literals:
    """The strings of some sources; one with gaps (f"weights_{i}", "weights_" + i) stands for all that fit it."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._whole: set[str] = set()
        self._gaps: list[re.Pattern[str]] = []
        for source in sources:
            for node in ast.walk(ast.parse(source)):
                match node:
                    case ast.Constant(value=str() as value):
                        self._whole.add(value)
                    case ast.JoinedStr() | ast.BinOp(op=ast.Add()):
                        pattern = _pattern(node)
                        if pattern.replace(".+", ""):
                            self._gaps.append(re.compile(pattern))

    def __contains__(self, word: str) -> bool:
        return word in self._whole or any(gap.fullmatch(word) for gap in self._gaps)


def _pattern(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as value):
            return re.escape(value)
        case ast.JoinedStr(values=values):
            return "".join(map(_pattern, values))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _pattern(left) + _pattern(right)
    return ".+"


def mistake_faults(lab: Lab, module: ModuleType) -> Iterator[Finding]:
    """Mistakes that a check looks up (`expected.mistake(role, id)`) and that the reference does not make."""
    path = lab.course.grader_path(lab.assignment.id)
    mistakes = lab.expected.mistakes
    looked_up: set[str] = set()
    dynamic = False
    texts = {path: lab.grader_source} | {
        path.with_name(f"{name}.py"): text for name, text in lab.neighbours.items()
    }
    for where, text in texts.items():
        tree = ast.parse(text)
        for call in _look_ups(tree):
            role, wanted = call.args
            ids = _ids(wanted, tree, vars(module))
            dynamic = dynamic or ids is None
            for name in ids or ():
                looked_up.add(name)
                if name not in mistakes:
                    yield _no_mistake(lab, where, call.lineno, f"the mistake {name!r} is looked up here")
                elif isinstance(role, ast.Constant) and str(role.value) not in mistakes[name]:
                    what = f"the mistake {name!r} is looked up for {role.value!r}"
                    yield _no_mistake(lab, where, call.lineno, what)
    literals = _Literals(list(texts.values()))
    for name in [] if dynamic else mistakes:
        if name not in looked_up and name not in literals:
            yield Finding(
                rule="unused-mistake",
                severity="warning",
                assignment=lab.assignment.id,
                file=str(lab.course.mistakes_path(lab.assignment.id)),
                what=f"no check names the mistake {name!r}",
                todo="Look it up in a check, expected.mistake(role, id), or take it out.",
            )


def _no_mistake(lab: Lab, where: Path, line: int, what: str) -> Finding:
    mistakes = lab.course.mistakes_path(lab.assignment.id)
    return Finding(
        rule="no-mistake",
        assignment=lab.assignment.id,
        file=str(where),
        line=line,
        what=f"{what}, but the expected artefacts have nothing of it: it is never recognised",
        todo=f"Let MISTAKES in {mistakes} yield that, then `coteja calibrate {lab.assignment.id}`; or mend the name.",
    )


def _look_ups(tree: ast.Module) -> list[ast.Call]:
    """The calls `….mistake(role, id)`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "mistake"
        and len(node.args) == 2
    ]


def _ids(value: ast.expr, tree: ast.Module, names: Mapping[str, object]) -> list[str] | None:
    """The ids that an expression stands for: text, MISCONCEPTION.id, or known.id in a loop over some; None: unknown."""
    match value:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.Attribute(value=ast.Name(id=name), attr="id"):
            if isinstance(found := names.get(name), Misconception):
                return [found.id]
            looped = [
                node.iter
                for node in ast.walk(tree)
                if isinstance(node, ast.For | ast.comprehension)
                and isinstance(node.target, ast.Name)
                and node.target.id == name
            ]
            if len(looped) == 1 and isinstance(looped[0], ast.Tuple | ast.List):
                listed = [names.get(e.id) for e in looped[0].elts if isinstance(e, ast.Name)]
                if len(listed) == len(looped[0].elts):
                    return [m.id for m in listed if isinstance(m, Misconception)]
    return None


def public_faults(lab: Lab) -> Iterator[Finding]:
    """Public checks that ask for what does not travel: in a student's own look they could only fail."""
    questions = lab.assignment.questions
    hidden = {
        "probe": {probe.name for q in questions for probe in q.probes if not probe.public},
        "counterfactual": {c.name for q in questions for c in q.counterfactuals},
    }
    roles = {artefact.role for artefact in lab.assignment.artefacts().values() if not artefact.public}
    hidden |= dict.fromkeys(("expected.value", "expected.array", "expected.curves"), roles)
    public = {check.name for check in lab.checks if check.public}
    for function in ast.walk(ast.parse(lab.grader_source)):
        if not isinstance(function, ast.FunctionDef) or function.name not in public:
            continue
        for node in ast.walk(function):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=owner), attr=asked),
                    args=[ast.Constant(value=str() as name), *_],
                ):
                    key = f"expected.{asked}" if owner == "expected" else asked
                    if name in hidden.get(key, ()):
                        yield Finding(
                            rule="public-asks-hidden",
                            assignment=lab.assignment.id,
                            file=str(lab.course.grader_path(lab.assignment.id)),
                            line=node.lineno,
                            what=f"the public check {function.name} asks for {name!r}, which stays with you",
                            todo="Let what it asks for be public = true, or the check be hidden.",
                        )
