"""The report card of a lab's checks: what an audit found, as data (schema coteja-audit/1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from coteja.calibration.interval import Rate
from coteja.model.recording import Isolation


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A check that did not give all its points, and what it said."""

    check: str
    status: str
    points: float
    max_points: float
    said: str


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A correct variant that lost points, or that a person would have to look at: a fault of ours."""

    name: str
    base: str
    changes: tuple[str, ...]
    lost: tuple[Lost, ...]
    diff: str


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A mutant, and what became of it: `caught` by these checks, `equivalent` to the original, `accepted` on purpose
    (`because` of what the lab's audit.toml says), or a `survivor`.
    """

    name: str
    operator: str
    cell: str
    line: int
    fate: str
    checks: tuple[str, ...] = ()
    because: str = ""
    diff: str = ""
    seconds: float = 0.0


class CheckCard(msgspec.Struct, frozen=True, kw_only=True):
    """What one check is good for: the mutants that it catches, and those that nothing else does."""

    check: str
    question: str
    points: float
    public: bool
    caught: int
    alone: int


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """An audit. `false_rejects` counts variants; `false_accepts` mutants that are neither equivalent nor accepted."""

    schema: str = "coteja-audit/1"
    assignment: str
    title: str
    seed: int
    settings: dict[str, float] = {}
    bases: tuple[str, ...]
    changes: dict[str, int]
    false_rejects: Rate
    rejected: tuple[Rejected, ...]
    false_accepts: Rate
    equivalent: int
    mutants: tuple[Tried, ...]
    checks: tuple[CheckCard, ...]
    faults: tuple[str, ...] = ()
    seconds: float
    workers: int
    isolation: Isolation = Isolation()
    versions: dict[str, str] = {}

    @property
    def survivors(self) -> list[Tried]:
        """The mutants that got every point."""
        return [mutant for mutant in self.mutants if mutant.fate == "survivor"]

    @property
    def accepted(self) -> dict[str, list[Tried]]:
        """The mutants that the lab lets pass on purpose, by the reason."""
        found: dict[str, list[Tried]] = {}
        for mutant in self.mutants:
            if mutant.fate == "accepted":
                found.setdefault(mutant.because, []).append(mutant)
        return found

    @property
    def idle(self) -> list[CheckCard]:
        """The checks that caught nothing."""
        return [check for check in self.checks if not check.caught]

    def by_operator(self) -> list[tuple[str, int, int, int, int]]:
        """Operator, and how many of its mutants were caught, are equivalent, are accepted, survived."""
        fates = Counter((mutant.operator, mutant.fate) for mutant in self.mutants)
        operators = sorted({mutant.operator for mutant in self.mutants})
        return [
            (o, fates[o, "caught"], fates[o, "equivalent"], fates[o, "accepted"], fates[o, "survivor"])
            for o in operators
        ]

    def over(self, rate: float) -> list[str]:
        """The names of the rates whose upper bound lies above `rate`."""
        rates = {"false rejects": self.false_rejects, "false accepts": self.false_accepts}
        return [name for name, found in rates.items() if found.runs and found.high > rate]


def check_cards(
    declared: Sequence[tuple[str, str, float, bool]], mutants: Sequence[Tried]
) -> tuple[CheckCard, ...]:
    """Per check, in the order of the grader: name, question, points, public."""
    caught = [mutant.checks for mutant in mutants if mutant.fate == "caught"]
    return tuple(
        CheckCard(
            check=name,
            question=question,
            points=points,
            public=public,
            caught=sum(name in checks for checks in caught),
            alone=sum(checks == (name,) for checks in caught),
        )
        for name, question, points, public in declared
    )
