"""What a lab lets pass on purpose: `audit.toml` beside the lab, a rule and its reason for each kind of mutant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from coteja.audit.card import Tried
from coteja.audit.mutants import OPERATORS
from coteja.course.load import read_toml
from coteja.errors import CourseError

FILE = "audit.toml"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mutants of these operators (none named: of all) in these cells (of all) whose lines match `code`, and why.

    `code` is a regular expression that is searched for in each line that only the mutant or only the solution has.
    """

    because: str
    operators: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    code: str = ""

    def fits(self, mutant: Tried) -> bool:
        """Whether this mutant is one of them."""
        changed = [line[1:] for line in mutant.diff.splitlines() if line.startswith(("+", "-"))]
        return (
            (not self.operators or mutant.operator in self.operators)
            and (not self.cells or mutant.cell in self.cells)
            and (not self.code or any(re.search(self.code, line) for line in changed))
        )


class Accepted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file."""

    accepted: tuple[Rule, ...] = ()


def rules_of(folder: Path) -> tuple[Rule, ...]:
    """The rules of the lab in `folder`; none without the file.

    Raises
    ------
    CourseError
        A rule fits everything, gives no reason, names an unknown operator, or its `code` is no regular expression.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    rules = read_toml(path, Accepted).accepted
    for number, rule in enumerate(rules, 1):
        if fault := _fault(rule):
            raise CourseError(f"{path}, rule {number}: {fault}")
    return rules


def _fault(rule: Rule) -> str:
    if not rule.because.strip():
        return "`because` is empty. Say why such a mutant is right, or cannot be told from what is."
    if not (rule.operators or rule.cells or rule.code):
        return "it fits every mutant. Name `operators`, `cells` or `code`."
    if unknown := [name for name in rule.operators if name not in OPERATORS]:
        return f"there is no operator {unknown[0]!r}; there are {', '.join(OPERATORS)}."
    try:
        re.compile(rule.code)
    except re.error as fault:
        return f"`code` is no regular expression: {fault}."
    return ""


def judged(mutants: Sequence[Tried], rules: Sequence[Rule]) -> list[Tried]:
    """The same mutants; a survivor that a rule fits is `accepted`, for its reason."""
    return [_judged(mutant, rules) if mutant.fate == "survivor" else mutant for mutant in mutants]


def _judged(mutant: Tried, rules: Sequence[Rule]) -> Tried:
    rule = next((rule for rule in rules if rule.fits(mutant)), None)
    return replace(mutant, fate="accepted", because=rule.because) if rule else mutant
