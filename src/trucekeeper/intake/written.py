"""What people write in cells: days and times, degrees, counts. What could be read in two ways is not read.

    iso           2031-03-04, 2031-03-04T12:30, 2031-03-04 12:30:00+03:00
    year-first    2031/3/4, 2031.03.04, 20310304
    day-first     4/3/2031, 04.03.2031, 4-3-2031
    month-first   3/4/2031
    unix          1930000000, seconds since 1970
    any text with a `%`, as Python's strptime has it: `%d %b %Y %H:%M`

A time of day may follow the first four, as `12:30`, `12:30:15` or `1:30 PM`. Years have four digits.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.journal.canonical import Json

Told: TypeAlias = "date | datetime"
"""A day, if nobody says the hour, or a time; a time without an offset is of the source's zone."""

FORMATS = ("iso", "year-first", "day-first", "month-first", "unix")
_CLOCK = r"(?:[T,\s]+(?P<clock>\d{1,2}:\d\d(?::\d\d)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_ORDERS = {
    "year-first": re.compile(
        r"(?P<y>\d{4})(?P<sep>[-/. ]?)(?P<m>\d\d|(?<=[-/. ])\d)(?P=sep)(?P<d>\d\d|(?<=[-/. ])\d)" + _CLOCK
    ),
    "day-first": re.compile(r"(?P<d>\d\d?)[-/. ](?P<m>\d\d?)[-/. ](?P<y>\d{4})" + _CLOCK),
    "month-first": re.compile(r"(?P<m>\d\d?)[-/. ](?P<d>\d\d?)[-/. ](?P<y>\d{4})" + _CLOCK),
}
_EITHER = re.compile(r"\d\d?[-/. ]\d\d?[-/. ](\d{4}|\d\d)\b.*")
_DECIMAL = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")
_SEXAGESIMAL = re.compile(  # people type what their keyboard has for minutes and seconds
    r"(?P<before>[NSEW])?\s*(?P<deg>\d{1,3})\s*[\u00b0\u00ba\s]\s*(?P<min>\d{1,2}(?:\.\d{1,12})?)\s*(?:['\u2019\u2032\s]\s*"
    r"(?:(?P<sec>\d{1,2}(?:\.\d{1,12})?)\s*(?:\"|\u201d|\u2033|''|\u2019\u2019)?)?)?\s*(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_NEGATIVE = {"S", "W"}
_RANGE = re.compile(r"(\d{1,15})\s*(?:-|\u2013|\u2014|to)\s*(\d{1,15})")
_SIXTY, _NOON = 60, 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FARTHEST = {"lat": "NS", "lon": "EW"}


def told(text: str, formats: Sequence[str] = ()) -> Told:
    """Return the day or time that a cell names, in the first of the formats that fits; absent: `iso`.

    Raises ValueError, with what to do.
    """
    for name in formats or ("iso",):
        if (found := _in_format(text, name)) is not None:
            return found
    if not set(formats) & {"day-first", "month-first"} and _EITHER.fullmatch(text):
        raise ValueError(
            f"'{text[:40]}' may be read day first or month first: say 'format: day-first' or 'month-first'"
        )
    raise ValueError(f"'{text[:40]}' is no day or time as {' or '.join(formats or ('iso',))} writes it")


def at_clock(day: Told, clock: str) -> datetime:
    """Return a day with the time of day that another cell gives. Raises ValueError."""
    match = re.fullmatch(_CLOCK, f" {clock}")
    if match is None or not match["clock"]:
        raise ValueError(f"'{clock[:40]}' is no time of day: write it as 14:30")
    return datetime.combine(day, _clock(match["clock"], match["half"]))


def _in_format(text: str, name: str) -> Told | None:
    """Return what a text names in this format; None if it is not written so. Raises ValueError for no such day."""
    if name == "unix":
        seconds = re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text)
        return _EPOCH + timedelta(seconds=float(text)) if seconds else None
    if "%" in name:
        try:
            found = datetime.strptime(text, name)  # noqa: DTZ007  its zone is the source's, and set by whoever asks
        except ValueError:
            return None
        return found if "%H" in name or "%I" in name else found.date()
    if name == "iso":
        return _iso(text)
    match = _ORDERS[name].fullmatch(text)
    if match is None:
        return None
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError as error:
        raise ValueError(f"'{text[:40]}' is no {name} day ({error}): are formats mixed in this column?") from None
    return datetime.combine(day, _clock(match["clock"], match["half"])) if match["clock"] else day


def _iso(text: str) -> Told | None:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text) if len(text) == len("2031-03-04") else datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text[:40]}' is no day or time: {error}") from None


def _clock(text: str, half: str | None) -> time:
    hour, minute, second = (int(one) for one in (*text.split(":"), "0")[:3])
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError(f"'{text} {half}' is no time of day")
        hour = hour % _NOON + (_NOON if half[0] in "Pp" else 0)
    return time(hour, minute, second)


def degrees(text: str, axis: str) -> str:
    """Return decimal degrees from decimal text, or from degrees, minutes and seconds with N, S, E or W.

    Raises ValueError, with what to do.
    """
    if _DECIMAL.fullmatch(text):
        return text
    match = _SEXAGESIMAL.fullmatch(text.replace(",", ".") if "\u00b0" in text else text)
    side = (match["before"] or match["after"] or "").upper() if match else ""
    if match is None or not side or (match["before"] and match["after"]):
        remedy = "decimal degrees as 31.5, or degrees and minutes with their side, as 31°30.5'N"
        raise ValueError(f"'{text[:40]}' is no number of degrees: {remedy}")
    if side not in FARTHEST[axis]:
        raise ValueError(f"'{text[:40]}' is no {axis}: are the columns exchanged?")
    minutes, seconds = Decimal(match["min"]), Decimal(match["sec"] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        raise ValueError(f"'{text[:40]}' has sixty minutes or seconds, or more")
    whole = Decimal(match["deg"]) + (minutes + seconds / _SIXTY) / _SIXTY
    return f"{-whole if side in _NEGATIVE else whole:.7f}"


def amount(text: str) -> Json:
    """Return a count: a whole number, or `5-9` as its least and most. Raises ValueError, with what to do."""
    if text.isdecimal():
        return int(text)
    if re.fullmatch(r"\d{1,15}\.0+", text):  # as spreadsheets write whole numbers out
        return int(text.partition(".")[0])
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text[:40]}' is no whole number: write 12, or 5-9 where nobody knows it better")
    least, most = int(match[1]), int(match[2])
    if least > most:
        raise ValueError(f"'{text[:40]}' has a least above its most")
    return {"least": least, "most": most}
