"""What late work costs: pure functions of the due moment, the policy and the moment of handing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from coteja.course.moments import parse_duration, parse_moment
from coteja.model.assignment import LatePolicy
from coteja.model.intake import HandedIn
from coteja.model.result import Late, Standing

_DAY = timedelta(days=1)
#: Beyond this nobody counts: no policy is that patient.
_MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Deadline:
    """One student's due moment, in the course's zone, and what being late costs. Percentages from 0 to 100."""

    due: datetime
    grace: timedelta = timedelta()
    penalty_per_day: float = 0.0
    cap: float = 100.0
    until: datetime | None = None
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Penalty:
    """How late, in days begun, and the percentage that it costs."""

    standing: Standing
    days: int = 0
    percent: float = 0.0


def deadline_of(due: str, policy: LatePolicy, zone: tzinfo, extension: str = "") -> Deadline | None:
    """The deadline that the course's files declare, None where there is none. They were validated when read.

    An extension, a moment or a duration, moves the due moment later and never earlier, and the last moment with it.
    """
    first = parse_moment(due, zone) if due else None
    if first is None:
        return None
    first = first.astimezone(zone)
    moved = max(first, _after(first, extension, zone) or first, key=_utc)
    last = _after(moved, policy.until, zone)
    return Deadline(
        due=moved,
        grace=parse_duration(policy.grace) or timedelta(),
        penalty_per_day=policy.penalty_per_day,
        cap=policy.cap,
        until=max(last, moved, key=_utc) if last else None,
        extended=_utc(moved) > _utc(first),
    )


def penalty(deadline: Deadline, handed_in: datetime) -> Penalty:
    """What handing in at that moment costs.

    A day is the course's own: it ends when its clocks show the due hour again, be it after 23, 24 or 25 hours.

    >>> due = datetime(2026, 3, 20, 23, 59, tzinfo=UTC)
    >>> penalty(Deadline(due, penalty_per_day=10, cap=50), due + timedelta(hours=30))
    Penalty(standing='late', days=2, percent=20.0)
    """
    when = _utc(handed_in)
    if when <= _utc(deadline.due):
        return Penalty("on_time")
    if when <= _utc(deadline.due) + deadline.grace:
        return Penalty("grace")
    days = _days_begun(deadline.due, when)
    if deadline.until is not None and when > _utc(deadline.until) + deadline.grace:
        return Penalty("too_late", days, 100.0)
    return Penalty("late", days, float(min(deadline.cap, deadline.penalty_per_day * days)))


def judge(deadline: Deadline, handed: HandedIn, points: float | None) -> Late:
    """How one submission stands. Where the moment is not known nothing is taken off, and it is said so."""
    known = datetime.fromisoformat(handed.at) if handed.at else None
    if known is not None:
        cost = penalty(deadline, known)
    elif handed.no_later_than and not handed.flagged_late and _in_time(deadline, handed.no_later_than):
        cost = Penalty("on_time")
    else:
        cost = Penalty("unknown")
    return Late(
        standing=cost.standing,
        handed_in=_text(known.astimezone(deadline.due.tzinfo)) if known else "",
        clock=handed.clock,
        flagged_late=handed.flagged_late,
        due=_text(deadline.due),
        extended=deadline.extended,
        until=_text(deadline.until) if deadline.until else "",
        days=cost.days,
        percent=cost.percent,
        points=None if points is None else after(points, cost.percent),
    )


def after(points: float, percent: float) -> float:
    """Points after a penalty, to two decimals: never more than before, never below zero.

    >>> after(45, 10)
    40.5
    """
    return round(points * (1 - percent / 100), 2)


def _in_time(deadline: Deadline, moment: str) -> bool:
    return penalty(deadline, datetime.fromisoformat(moment)).standing in ("on_time", "grace")


def _after(due: datetime, text: str, zone: tzinfo) -> datetime | None:
    """A moment, or so long after the due one by the course's clocks."""
    if not text:
        return None
    if (length := parse_duration(text)) is not None:
        return due + length
    moment = parse_moment(text, zone)
    return moment.astimezone(zone) if moment else None


def _days_begun(due: datetime, when: datetime) -> int:
    days = max(0, min((when - _utc(due)) // _DAY - 1, _MOST_DAYS))
    while days < _MOST_DAYS and _utc(due + timedelta(days=days)) < when:
        days += 1
    return days


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC)


def _text(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
