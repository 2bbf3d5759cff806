"""From paths to submissions: whose each notebook is, which attempt counts, and a list of all that needs a person's eye."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from msgspec.structs import replace

from coteja.grading.intake.archive import Place
from coteja.grading.intake.gather import gather
from coteja.grading.intake.layouts import Claim, claim_of, iso
from coteja.grading.intake.names import fold, printable
from coteja.grading.intake.pattern import Pattern
from coteja.grading.intake.roster import Roster, Student
from coteja.model.assignment import Attempts
from coteja.model.intake import Attempt, Handed, HandedIn, IntakeFile, Listed
from coteja.model.recording import Submission
from coteja.recording.files import digest


@dataclass(frozen=True, slots=True)
class Rules:
    """How this assignment's submissions are taken in. `given`: moments that the instructor says, "" for everybody."""

    assignment: str
    zone: tzinfo = UTC
    roster: Roster | None = None
    pattern: Pattern | None = None
    attempts: Attempts = "latest"
    groups: bool = True
    given: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What to mark, ordered by student (several for one where the best counts), and what is to be told."""

    submissions: list[Submission]
    file: IntakeFile


@dataclass(slots=True)
class _Hand:
    """One student's attempts. `senders`: who is named on each, where that is another member of the group."""

    name: str = ""
    group: str = ""
    keys: tuple[str, ...] = ()
    claims: list[Claim] = field(default_factory=list)
    senders: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))


def take_in(paths: Iterable[Path], rules: Rules, folder: Path | None = None) -> Intake:
    """Take in `paths`. Archives are unpacked to `folder`, a private one of the caller's, which must outlive the marking.

    Raises
    ------
    UsageError
        A path that is not there or holds no notebook.
    """
    gathered = gather(paths, Place(folder) if folder else None, rules.zone)
    listed = list(gathered.listed)
    claims = []
    for found in gathered.notebooks:
        claim = claim_of(found, gathered, assignment=rules.assignment, pattern=rules.pattern, zone=rules.zone)
        if claim is None:
            said = f"submitted for {printable(found.parts[-2])}, not for {rules.assignment}"
            listed.append(Listed(source=printable(found.shown), why="other_assignment", said=said))
            continue
        if rules.pattern is not None and claim.key[0] != "pattern":
            said = f"does not fit --pattern {rules.pattern.text}"
            listed.append(
                Listed(source=printable(found.shown), why="unmatched", said=said, student=claim.label)
            )
        claims.append(claim)
    hands = _hands(claims, rules, listed)
    submissions, students = [], {}
    for key, hand in sorted(hands.items()):
        ordered = [(claim, _attempt(claim, key, hand, rules)) for claim in hand.claims]
        ordered.sort(key=lambda pair: _order(pair[0], pair[1].handed_in, rules.assignment))
        chosen = {"latest": ordered[-1:], "first": ordered[:1], "best": ordered}[rules.attempts]
        submissions += [
            Submission(student=key, path=str(claim.found.file), sha256=a.sha256, shown=claim.found.shown)
            for claim, a in chosen
        ]
        students[key] = Handed(
            name=hand.name, group=hand.group, keys=hand.keys, attempts=tuple(a for _c, a in chosen)
        )
        listed += [
            Listed(
                source=a.source, why="set_aside", said=_aside(a, rules.attempts, chosen[0][1]), student=key
            )
            for claim, a in ordered
            if (claim, a) not in chosen
        ]
    everyone = rules.roster.students if rules.roster else ()
    missing = tuple(s.key for s in everyone if s.key not in hands)
    return Intake(submissions, IntakeFile(students=students, listed=_whole(listed), missing=missing))


def _whole(listed: Sequence[Listed]) -> tuple[Listed, ...]:
    """Each line once: an attempt of a group is set aside for each member, which one line tells as well."""
    return tuple({(item.source, item.why): item for item in reversed(listed)}.values())[::-1]


def _hands(claims: Sequence[Claim], rules: Rules, listed: list[Listed]) -> dict[str, _Hand]:
    hands: dict[str, _Hand] = defaultdict(_Hand)
    strangers: list[Claim] = []
    for claim in claims:
        for number, person in enumerate(claim.people):
            match = rules.roster.match(person) if rules.roster else None
            if match is None or not match.students:
                own = _alone(claim, number)
                strangers.append(own)
                if match is not None:
                    perhaps = " or ".join(f"{s.name or s.key}" for s in match.perhaps[:4])
                    listed.append(
                        Listed(
                            source=printable(claim.found.shown),
                            why="ambiguous" if match.ambiguous else "unmatched",
                            said=f"fits more than one student: {perhaps}; marked under its own name"
                            if match.ambiguous
                            else "nobody of the roster; marked under its own name"
                            + (f" (perhaps {perhaps}?)" if perhaps else ""),
                            student=own.label,
                        )
                    )
                continue
            for student in _with_group(match.students, rules):
                hand = hands[student.key]
                hand.name, hand.group, hand.keys = student.name, student.group, (student.key, *student.keys)
                hand.senders[claim.found.parts] += [s.key for s in match.students if s != student]
                if claim not in hand.claims:
                    hand.claims.append(claim)
    for label, claim in zip(_labels(strangers, rules, taken=set(hands)), strangers, strict=True):
        hand = hands[label]
        hand.keys = tuple(
            dict.fromkeys((label, *(v for p in claim.people for v in (p.id, p.email, p.name) if v)))
        )
        hand.claims.append(claim)
    return dict(hands)


def _alone(claim: Claim, number: int) -> Claim:
    """The claim of one of several people who handed in together."""
    if len(claim.people) == 1:
        return claim
    person = claim.people[number]
    label = person.id or person.email or person.name or f"{claim.label} {number + 1}"
    return Claim(
        claim.found, (person,), label, (claim.key[0], label), claim.known, claim.handed_in, claim.attempt
    )


def _with_group(students: tuple[Student, ...], rules: Rules) -> tuple[Student, ...]:
    if not rules.groups or rules.roster is None:
        return students
    together = [m for s in students for m in (rules.roster.members(s.group) or (s,))]
    return tuple(dict.fromkeys(together))


def _labels(claims: Sequence[Claim], rules: Rules, *, taken: set[str]) -> list[str]:
    """A name for each: the same for attempts of one, never the same for two.

    A plain file is named by itself; where it is called as the assignment is, or several share a name, by its folder.
    """
    stems = Counter(claim.label for claim in claims if not claim.known)
    names = [
        _plain_label(claim, stems[claim.label], rules.assignment)
        if not claim.known
        else printable(claim.label)
        for claim in claims
    ]
    owners: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, claim in zip(names, claims, strict=True):
        owners[name].add(claim.key)
    out = []
    for name, claim in zip(names, claims, strict=True):
        if len(owners[name]) == 1 and name not in taken:
            out.append(name)
        elif claim.known and len(claim.key) > 2 and f"{name} ({claim.key[-1]})" not in taken:
            out.append(f"{name} ({printable(claim.key[-1])})")
        else:
            out.append(printable(claim.found.shown))
    return out


def _plain_label(claim: Claim, sharing: int, assignment: str) -> str:
    stem = claim.found.parts[-1].rpartition(".")[0]
    if claim.found.owner:
        return claim.label if sharing == 1 else f"{claim.label}/{printable(stem)}"
    if (stem == assignment or sharing > 1) and len(claim.found.parts) > 1:
        return printable(claim.found.parts[-2].removesuffix(".zip"))
    return claim.label


def _attempt(claim: Claim, key: str, hand: _Hand, rules: Rules) -> Attempt:
    return Attempt(
        source=printable(claim.found.shown),
        sha256=digest(claim.found.file),
        handed_in=_moment(claim, (key, *hand.keys, *hand.senders[claim.found.parts]), rules),
    )


def _moment(claim: Claim, keys: Sequence[str], rules: Rules) -> HandedIn:
    for said in (*map(fold, keys), ""):
        if said in rules.given:
            return HandedIn(at=iso(rules.given[said]), clock="given")
    time = claim.handed_in
    if rules.now is not None and time.at and datetime.fromisoformat(time.at) > rules.now + timedelta(hours=1):
        return HandedIn()  # a clock that is ahead of ours tells nothing
    return replace(time)


def _order(claim: Claim, time: HandedIn, assignment: str) -> tuple[str, bool, int, str]:
    """Oldest first; where the time says nothing, the notebook that is called like the assignment comes last."""
    named = fold(assignment).replace(" ", "") in fold(claim.found.parts[-1]).replace(" ", "")
    return time.at, named, claim.attempt, claim.found.shown


def _aside(attempt: Attempt, policy: Attempts, chosen: Attempt) -> str:
    when = f" of {attempt.handed_in.at}" if attempt.handed_in.at else ""
    return f"another attempt{when}; the {policy} counts: {chosen.source}"
