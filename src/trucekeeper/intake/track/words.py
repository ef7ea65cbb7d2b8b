"""Texts of tracks as whole numbers: times, degrees and metres. Each raises ValueError as `what: what to do`.

An error repeats a value only where it is a date and nothing else: in a row whose columns have slipped, a device's
name may stand in any of them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import ceil, isfinite
from zoneinfo import ZoneInfo

from trucekeeper.terms.moments import SECOND, moment_of
from trucekeeper.terms.places import E7

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_EPOCH = re.compile(r"(\d{9,16})(\.\d{1,9})?", re.ASCII)
_CIVIL = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}([T ]\d\d?:\d\d(:\d\d)?( ?[AaPp][Mm])?)?", re.ASCII)
_MILLI_FROM, _MICRO_FROM = 10**11, 10**14  # as seconds these would lie in the years 5138 and beyond
_WRITE = "write it as 2031-01-04T12:00:00Z"
_FARTHEST_M = 40_000_000  # once round the earth: an accuracy worse than this says nothing more


def moment_from(text: str, time_zone: str | None) -> int:
    """Return the moment of a text: RFC 3339, or seconds, milliseconds or microseconds since 1970.

    A time without an offset is of `time_zone`, and refused without one.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _iso(text, found, time_zone)
    if found := _EPOCH.fullmatch(text):
        return epoch_us(float(text) if found[2] else int(text))
    if not text:
        raise ValueError(f"no time: {_WRITE}")
    if _CIVIL.fullmatch(text):
        raise ValueError(f"'{text}' may be read with the day or the month first: {_WRITE}")
    raise ValueError(f"no time that can be read stands where it should: {_WRITE}")


def _iso(text: str, found: re.Match[str], time_zone: str | None) -> int:
    day, clock, offset = found.groups()
    if offset is None and time_zone is None:
        raise ValueError(f"'{text}' has no offset: add one, as {day}T{clock}Z, or say which time zone it is")
    zone = "+00:00" if offset in {"Z", "z", "UTC", "GMT"} else offset or ""
    try:
        said = datetime.fromisoformat(f"{day}T{clock.replace(',', '.')}{zone}")
    except ValueError:
        raise ValueError(f"'{text}' is no time of any calendar: {_WRITE}") from None
    if offset is None and time_zone is not None:
        said = said.replace(tzinfo=ZoneInfo(time_zone))
    return moment_of(said.astimezone(UTC))


def epoch_us(number: float) -> int:
    """Return the moment of a count since 1970, in whichever unit brings it to our times."""
    if not isfinite(number):
        raise ValueError(f"no time: {_WRITE}")
    if number < _MILLI_FROM:
        return round(number * SECOND)
    return round(number * 1_000) if number < _MICRO_FROM else round(number)


def degrees_from(text: str) -> int:
    """Return decimal degrees as 1e-7 degree; a comma is a point."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    return e7(value)


def e7(value: float) -> int:
    """Return degrees as 1e-7 degree, if they are any at all."""
    if not isfinite(value) or abs(value) > 1_000_000_000:  # noqa: PLR2004  what else is off the earth is told later
        raise ValueError("no number of degrees stands where it should: write decimal degrees, as 31.5")
    return round(value * E7)


def metres_from(text: str) -> int:
    """Return an accuracy in whole metres, rounded up."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0:
        raise ValueError("no accuracy stands where it should: write metres, as 15, or leave it empty")
    return ceil(min(value, _FARTHEST_M))
