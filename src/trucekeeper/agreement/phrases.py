"""The short phrases of the agreement language: moments, lengths, sides and distances.

after: approval                         a named event, clause (when met) or phase (when opened)
after: 48h before expiry                an exact length before or after another moment
deadline: 2025-01-26T04:00+02:00        a fixed moment, always with its offset
deadline: end of 2025-12-31             a civil day in the agreement's time zone
after: {last_of: [approval, exchange]}  the later of several
deadline: {next: monday, at: "12:00", after: approval}
within: 14d                             exactly 14 times 24 hours
within: {days: 14, first_day: excluded}     to the end of the 14th civil day
side: west of agreed-line
distance: at least 25km from agreed-line
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from trucekeeper.terms.moments import (
    DAY,
    Length,
    Moment,
    end_of_day,
    parse_length,
    parse_moment,
    start_of_day,
)

UNSTATED: Literal["unstated"] = "unstated"
Unstated: TypeAlias = Literal["unstated"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = r"[A-Za-z0-9][A-Za-z0-9_.\-]*"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A moment that the text itself gives."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class CivilDay:
    """The first or the last microsecond of a civil day in the agreement's time zone."""

    day: date
    end: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """The moment of a named event, of a clause being met, or of a phase opening."""

    name: str


@dataclass(frozen=True, slots=True)
class Offset:
    """An exact length after (before, if negative) another moment."""

    length: Length
    of: When


@dataclass(frozen=True, slots=True)
class Among:
    """The first or the last of several moments."""

    last: bool
    of: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class NextWeekday:
    """The first such weekday and time of day at or after another moment, in the agreement's time zone."""

    weekday: int
    hour: int
    minute: int
    after: When


When: TypeAlias = Fixed | CivilDay | Anchor | Offset | Among | NextWeekday


@dataclass(frozen=True, slots=True)
class Civil:
    """A length in civil days or months; it ends with the last microsecond of its last day.

    `first_day_counts` says whether the day of the trigger is day one; None where the text does not say.
    """

    days: int
    months: int
    first_day_counts: bool | None


@dataclass(frozen=True, slots=True)
class SideOf:
    """A named side of a line."""

    side: str
    line: str


@dataclass(frozen=True, slots=True)
class DistanceFrom:
    """At least so many metres from a line or zone (`under` is false), or less than that (`under` is true)."""

    metres: int
    under: bool
    line: str


def anchors(when: When | None) -> tuple[str, ...]:
    """Return the names that a moment waits for."""
    match when:
        case Anchor(name):
            return (name,)
        case Offset(of=of) | NextWeekday(after=of):
            return anchors(of)
        case Among(of=several):
            return tuple(name for one in several for name in anchors(one))
        case _:
            return ()


def fixed_moment(when: When, zone: str) -> Moment | None:
    """Return the moment of a phrase that names no event; None if it names one."""
    match when:
        case Fixed(moment):
            return moment
        case CivilDay(day, end):
            return end_of_day(day, zone) if end else start_of_day(day, zone)
        case Offset(length, of):
            base = fixed_moment(of, zone)
            return None if base is None else base + length
        case _:
            return None


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A misread year (0205, 20255) is refused; so is 9999, which databases write for "no end"."""
LONGEST_PHRASE = 400
"""Characters; the longest in use has under 100, and each `before` in a phrase is a phrase within it."""
LONGEST: Length = 200 * 366 * DAY
"""No promise runs longer; a longer length is a slip, and its end may be no date at all."""
MOST_DAYS, MOST_MONTHS = 200 * 366, 200 * 12

_OFFSET = re.compile(r"(?P<length>\d+\s*[smhdw]) (?P<way>before|after) (?P<rest>.+)")
_DAY = re.compile(r"(?P<edge>start|end) of (?P<day>\d{4}-\d\d-\d\d)", re.ASCII)
_SIDE = re.compile(rf"(?P<side>{NAME}) of (?P<line>{NAME})")
_DISTANCE = re.compile(rf"(?P<way>at least|under) (?P<n>\d{{1,9}})\s*(?P<unit>km|m) from (?P<line>{NAME})")
_CLOCK = re.compile(r"(?P<h>[01]\d|2[0-3]):(?P<m>[0-5]\d)", re.ASCII)
_A_MOMENT = "name an event, or write a time with its offset as 2025-10-10T12:00+03:00, or '48h before expiry'"
_A_WITHIN = "write it as 72h, or as {days: 14, first_day: counts | excluded | unstated}, or as {months: 6}"
_NEXT = '{next: monday, at: "12:00", after: approval}'


class PhraseError(ValueError):
    """A phrase that cannot be read: what is wrong with it, and what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        """Hold both."""
        super().__init__(f"{what}: {remedy}")
        self.what, self.remedy = what, remedy


def parse_when(value: Any) -> Any:
    """Return the moment phrase of a YAML value; raises PhraseError."""
    if isinstance(value, dict):
        return _parse_when_mapping(value)
    if not isinstance(value, str):
        raise PhraseError(f"{_shown(value)} is no moment", _A_MOMENT)
    if len(value) > LONGEST_PHRASE:
        raise PhraseError(f"a moment of {len(value):,} characters", "name an event for it, and say there when it is")
    if value == UNSTATED:
        raise PhraseError(
            "'unstated' is no moment here", "leave the key out, or name an event whose time is unstated"
        )
    if found := _OFFSET.fullmatch(value):
        length = _parse_exact(found["length"])
        return Offset(length if found["way"] == "after" else -length, parse_when(found["rest"]))
    if found := _DAY.fullmatch(value):
        return CivilDay(_parse_day(found["day"]), end=found["edge"] == "end")
    if re.match(r"\d{4}-\d\d", value):
        return _parse_fixed(value)
    if re.fullmatch(NAME, value):
        return Anchor(value)
    raise PhraseError(f"'{value}' is no moment", _A_MOMENT)


def _parse_fixed(value: str) -> Fixed:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        _parse_day(value)
        raise PhraseError(f"'{value}' is a day, not a moment", f"write 'start of {value}' or 'end of {value}'")
    hold_year(value)
    if re.match(r"\d{4}-\d\d-\d\d", value):
        _parse_day(value[:10])
    return Fixed(moment_in(value))


def moment_in(text: str) -> Moment:
    """Return the moment that a text gives with its offset. Raises PhraseError, also for a year nobody can mean."""
    try:
        moment = parse_moment(text)
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        raise PhraseError(what, remedy) from error
    hold_year(text)
    return moment


def _parse_day(text: str) -> date:
    hold_year(text)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PhraseError(f"'{text}' is in no calendar", "mend the month or the day") from error


def hold_year(text: str) -> None:
    """Raise PhraseError for a date or time whose year nobody can mean."""
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise PhraseError(f"'{text}' is not in the years {FIRST_YEAR} to {LAST_YEAR}", "is the year right?")


def _parse_when_mapping(value: dict[str, Any]) -> When:
    keys = set(value)
    if keys in ({"first_of"}, {"last_of"}):
        several = value.get("first_of", value.get("last_of"))
        if not isinstance(several, list) or not several:
            raise PhraseError(f"'{min(keys)}' without moments", f"write {{{min(keys)}: [approval, exchange]}}")
        return Among(last="last_of" in keys, of=tuple(parse_when(one) for one in several))
    if keys == {"next", "at", "after"}:
        clock = _CLOCK.fullmatch(str(value["at"]))
        if value["next"] not in WEEKDAYS or clock is None:
            raise PhraseError("no weekday with a time of day", f"write {_NEXT}")
        return NextWeekday(
            WEEKDAYS.index(value["next"]), int(clock["h"]), int(clock["m"]), parse_when(value["after"])
        )
    raise PhraseError("a mapping that is no moment", f"write {{first_of: [..]}}, {{last_of: [..]}} or {_NEXT}")


def parse_within(value: Any) -> Any:
    """Return an exact length, a civil length or `unstated`; raises PhraseError."""
    if isinstance(value, str):
        return value if value == UNSTATED else _parse_exact(value)
    if not isinstance(value, dict):
        raise PhraseError(f"{_shown(value)} is not a length of time", _A_WITHIN)
    unknown = set(value) - {"days", "months", "first_day"}
    counted = {key: value[key] for key in ("days", "months") if key in value}
    first = value.get("first_day", UNSTATED if "days" in value else "excluded")
    if unknown or len(counted) != 1 or first not in ("counts", "excluded", UNSTATED):
        raise PhraseError("a mapping that is no length of time", _A_WITHIN)
    (unit, number) = next(iter(counted.items()))
    most = MOST_DAYS if unit == "days" else MOST_MONTHS
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
        raise PhraseError(f"{_shown(number)} {unit} cannot be counted", f"write a whole number from 1 to {most:,}")
    return Civil(value.get("days", 0), value.get("months", 0), None if first == UNSTATED else first == "counts")


def _parse_exact(text: str) -> Length:
    try:
        length = parse_length(text)
    except ValueError as error:
        raise PhraseError(f"'{text}' is not a length of time", "write it as 72h, 90m, 14d or 2w") from error
    if length > LONGEST:
        raise PhraseError(f"'{text}' is longer than 200 years", "is the unit right?")
    return length


def _parse_side(value: Any) -> Any:
    found = _SIDE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise PhraseError(f"{_shown(value)} is no side of a line", "write it as 'west of agreed-line'")
    return SideOf(found["side"], found["line"])


def _parse_distance(value: Any) -> Any:
    found = _DISTANCE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        remedy = "write it as 'at least 25km from agreed-line' or 'under 10km from agreed-line'"
        raise PhraseError(f"{_shown(value)} is no distance from a line or zone", remedy)
    metres = int(found["n"]) * (1000 if found["unit"] == "km" else 1)
    return DistanceFrom(metres, found["way"] == "under", found["line"])


def _parse_length_value(value: Any) -> Any:
    if not isinstance(value, str):
        raise PhraseError(f"{_shown(value)} is not a length of time", "write it as 72h, 90m, 14d or 2w")
    return _parse_exact(value)


def _shown(value: Any) -> str:
    """Return a refused value, short, as it is written in YAML."""
    match value:
        case dict() | list():
            return "a mapping" if isinstance(value, dict) else "a list"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value[:60]}'"
        case None:
            return "nothing"
        case _:
            return str(value)


_TEXT = {"type": "string"}
_TEXT_OR_MAPPING = {"anyOf": [{"type": "string"}, {"type": "object"}]}
WhenPhrase = Annotated[When, PlainValidator(parse_when), WithJsonSchema({**_TEXT_OR_MAPPING, "title": "Moment"})]
WithinPhrase = Annotated[
    Length | Civil | Unstated,
    PlainValidator(parse_within),
    WithJsonSchema({**_TEXT_OR_MAPPING, "title": "Length, exact or civil"}),
]
LengthPhrase = Annotated[
    Length, PlainValidator(_parse_length_value), WithJsonSchema({**_TEXT, "pattern": r"^\d+\s*[smhdw]$"})
]
SidePhrase = Annotated[SideOf, PlainValidator(_parse_side), WithJsonSchema({**_TEXT, "pattern": " of "})]
DistancePhrase = Annotated[
    DistanceFrom, PlainValidator(_parse_distance), WithJsonSchema({**_TEXT, "pattern": "^(at least|under) "})
]
