"""Time: moments, intervals, spans and lengths, as whole microseconds.

A moment is a count of microseconds since 1970-01-01T00:00Z, so that every comparison is exact. Text in and out is
RFC 3339 with an offset; a time without one is refused, never guessed. Lengths such as `24h` are exact seconds;
civil days and months (which may have 23 or 25 hours) need a named IANA zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

Moment: TypeAlias = int
"""Microseconds since 1970-01-01T00:00Z."""

Length: TypeAlias = int
"""Microseconds."""

SECOND: Length = 1_000_000
MINUTE: Length = 60 * SECOND
HOUR: Length = 60 * MINUTE
DAY: Length = 24 * HOUR
WEEK: Length = 7 * DAY

NEVER: Moment = 1 << 62
"""Later than any moment on record (the year 148108)."""
DAWN: Moment = -NEVER
"""Earlier than any moment on record."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTHS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_LENGTH_TEXT = re.compile(r"(\d{1,9})\s*([smhdw])")
_MOMENT_TEXT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """When something happened, as far as is known: no earlier than, no later than; both ends belong to it."""

    earliest: Moment
    latest: Moment

    def __post_init__(self) -> None:
        """Hold that the earliest is not after the latest."""
        if self.earliest > self.latest:
            raise ValueError("the earliest time is after the latest")

    @staticmethod
    def at(moment: Moment) -> Interval:
        """Return the interval of one known moment."""
        return Interval(moment, moment)

    def later(self, length: Length) -> Interval:
        """Return the interval moved by an exact length, negative for earlier."""
        return Interval(shifted(self.earliest, length), shifted(self.latest, length))

    def hull(self, other: Interval) -> Interval:
        """Return the least interval that holds both."""
        return Interval(min(self.earliest, other.earliest), max(self.latest, other.latest))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time that something really lasted; both ends belong to it."""

    start: Moment
    end: Moment

    def __post_init__(self) -> None:
        """Hold that the span does not end before it starts."""
        if self.start > self.end:
            raise ValueError("the span ends before it starts")

    @property
    def length(self) -> Length:
        """Return how long it lasted."""
        return self.end - self.start


def shifted(moment: Moment, length: Length) -> Moment:
    """Return the moment moved by a length; dawn and never stay what they are."""
    return moment if moment in (DAWN, NEVER) else moment + length


def parse_moment(text: str) -> Moment:
    """Return the moment that an RFC 3339 text names.

    Raises ValueError, with what to do, for a time without an offset or a text that is no time.
    """
    if not _MOMENT_TEXT.fullmatch(text):
        if re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?", text):
            raise ValueError(f"'{text}' has no time of day with an offset: write it as 2025-10-10T12:00+03:00")
        raise ValueError(f"'{text}' is not a time: write it as 2025-10-10T12:00+03:00")
    try:
        return moment_of(datetime.fromisoformat(text))
    except ValueError as error:
        raise ValueError(f"'{text}' is not a time: {error}") from error


def moment_of(value: datetime) -> Moment:
    """Return the moment of an aware datetime. Raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError("a time without an offset")
    return (value - _EPOCH) // _MICROSECOND


def datetime_of(moment: Moment, zone: str = "UTC") -> datetime:
    """Return the aware datetime of a moment in an IANA zone."""
    return (_EPOCH + timedelta(microseconds=moment)).astimezone(ZoneInfo(zone))


def write_moment(moment: Moment, zone: str = "UTC") -> str:
    """Return a moment as RFC 3339 in a zone, without digits it does not need; `always` and `never` for the ends."""
    if moment <= DAWN:
        return "always"
    if moment >= NEVER:
        return "never"
    local = datetime_of(moment, zone)
    if local.microsecond:
        return local.isoformat()
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def say_moment(moment: Moment, zone: str) -> str:
    """Return a moment as people say it: `2025-10-10 12:00+03:00`, or `the end of 2025-10-13` for a day's last."""
    if DAWN < moment < NEVER and start_of_day(day_of(moment + 1, zone), zone) == moment + 1:
        return f"the end of {day_of(moment, zone)}"
    return write_moment(moment, zone).replace("T", " ")


def parse_length(text: str) -> Length:
    """Return the exact length of a text such as `72h`, `90m`, `14d`: a day is 86,400 seconds.

    Raises ValueError for anything else.
    """
    found = _LENGTH_TEXT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"'{text}' is not a length of time: write it as 72h, 90m, 14d or 2w")
    return int(found[1]) * _LENGTHS[found[2]]


def write_length(length: Length) -> str:
    """Return a length in its largest whole unit, as `72 hours`; days only where there are more than three."""
    for name, unit in (("week", WEEK), ("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", SECOND)):
        if length % unit == 0 and length // unit and not (unit == DAY and length <= 3 * DAY) and unit != WEEK:
            count = length // unit
            return f"{count} {name}" + ("s" if count != 1 else "")
    return f"{length} microseconds"


def day_of(moment: Moment, zone: str) -> date:
    """Return the civil day in this zone on which the moment falls."""
    return datetime_of(moment, zone).date()


def start_of_day(day: date, zone: str) -> Moment:
    """Return the first moment of a civil day in a zone."""
    return moment_of(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def end_of_day(day: date, zone: str) -> Moment:
    """Return the last microsecond of a civil day in a zone, whatever its length (23, 24 or 25 hours)."""
    return start_of_day(day + timedelta(days=1), zone) - 1


def at_clock(day: date, clock: time, zone: str) -> Moment:
    """Return when the clocks of a zone show this time on a civil day; an hour that they skip is read as before it."""
    return moment_of(datetime.combine(day, clock, ZoneInfo(zone)))


def add_months(day: date, months: int) -> date:
    """Return the day so many months later; the last day of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
