"""Moments and durations as people write them in TOML and CSV: "2026-03-20 23:59", "2026-03-20", "10m", "2d"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
} | {"setiembre": 9}
#: As Moodle writes it: "Friday, 20 March 2026, 11:15 PM", "viernes, 20 de marzo de 2026, 23:15".
_LONG = re.compile(
    r"(?:\w+,\s*)?(?P<day>\d{1,2})(?: de)? (?P<month>\w+)(?: de)? (?P<year>\d{4}),?\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?:\s*(?P<half>[ap])\.?\s?m\.?)?",
    re.IGNORECASE,
)
_SPANISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.S)


def parse_duration(text: str) -> timedelta | None:
    """A duration, None where the text is none.

    >>> parse_duration("1d 12h")
    datetime.timedelta(days=1, seconds=43200)
    """
    if not re.fullmatch(r"\s*(\d{1,6}\s*[smhd]\s*)+", text):
        return None
    parts = re.findall(r"(\d+)\s*([smhd])", text)
    return sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())


def parse_moment(text: str, zone: tzinfo | None) -> datetime | None:
    """A moment, aware; None where the text is none, or has no offset and there is no zone to read it in.

    A date alone is the end of that day. Day and month with slashes come in the Spanish order; dates in words are those
    of Moodle, in English and Spanish.

    >>> parse_moment("2026-03-20T23:59", UTC).isoformat()
    '2026-03-20T23:59:00+00:00'
    >>> parse_moment("20/3/2026", UTC).isoformat()
    '2026-03-20T23:59:59+00:00'
    >>> parse_moment("viernes, 20 de marzo de 2026, 23:15", UTC).isoformat()
    '2026-03-20T23:15:00+00:00'
    """
    text = text.strip()
    if found := _LONG.fullmatch(text):
        text = _from_words(found)
    if found := _SPANISH.fullmatch(text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}{found[4]}"
    try:
        when = datetime.fromisoformat(re.sub(r"\s*UTC$", "+00:00", text))
    except ValueError:
        return None
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
        when = datetime.combine(when.date(), time(23, 59, 59))
    if when.tzinfo is None:
        if zone is None:
            return None
        when = when.replace(tzinfo=zone)
    try:
        when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None  # the first day of the first year, and its like
    return when


def _from_words(found: re.Match[str]) -> str:
    month = _MONTHS.get(found["month"].casefold(), 0)
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{found['year']}-{month:02}-{int(found['day']):02}T{hour:02}:{found['minute']}"


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone by its name in the IANA database, None where it has none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
