r"""AIS sentences (NMEA 0183, `!AIVDM`) with the times that a log put beside them.

    \c:1925380800*5F\!AIVDM,1,1,,A,...,0*2E      a tag block of the receiver (NMEA 4.10)
    2031-01-04T12:00:00Z !AIVDM,1,1,,A,...,0*2E    a time before the sentence
    !AIVDM,1,1,,A,...,0*2E,1925380800              a time after it
    !AIVDM,1,1,,A,...,0*2E                         none: the sentence itself holds at most the second of a minute

A sentence holds no date. A log with no time at all is refused unless the caller says when it began: then lines are
taken as they came, and whenever the second of the minute falls back by more than half a minute the next minute has
begun. In a log where some lines have a time, those without one are left out.

A sentence whose checksum does not fit is a fault. Position reports are read (types 1-3, 9, 18, 19 and 27); the rest
is counted. An accuracy of 10 m is what the sentence promises with its flag set, else the assumed one holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from importlib import import_module
from operator import xor
from typing import TYPE_CHECKING, Any

from trucekeeper.intake.track.raw import UNSAID, Raw, Reading
from trucekeeper.intake.track.words import e7, moment_from
from trucekeeper.terms.moments import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SENTENCE = re.compile(r"(?P<before>[^!]*)!(?P<body>[A-Z]{2}VD[MO],[^*!]*)\*(?P<sum>[0-9A-Fa-f]{2})(?P<after>.*)")
_TAG_TIME = re.compile(r"\\(?:[^\\]*,)?c:(\d{9,13})[,*]")
_AFTER = re.compile(r",(?:[^,]*,)*(\d{9,13})\s*$", re.ASCII)
_WITH_PLACE = frozenset("1239BCK")  # the first letter of the payload is the type: 1, 2, 3, 9, 18, 19, 27
_NO_LAT, _NO_LON = 91, 181
_GOOD_M = 10
_HALF_A_MINUTE, _SECONDS = 30, 60
_PENDING = 64  # messages of several sentences at a time; a receiver numbers ten
_PARTS = 7  # fields of a sentence before its end
_MOST_PARTS = 9  # the format counts them with one digit


@dataclass(slots=True)
class _Log:
    """A log as it is read: parts of messages that wait, the running minute, and what was left out."""

    reading: Reading
    decode: Callable[..., Any]
    waiting: dict[tuple[str, str, str], dict[int, str]] = field(default_factory=dict)
    minute: int | None = None
    second: int = -1
    others: int = 0
    untimed: int = 0
    timed: int = 0


def read_sentences(reading: Reading) -> Iterator[Raw]:
    """Yield the position reports of a log of AIS sentences."""
    try:
        decode = import_module("pyais").decode
    except ImportError:
        reading.refuse("AIS sentences cannot be read here", "install the extra `field`, which has pyais")
        return
    log = _Log(reading, decode, minute=reading.base_time)
    for number, text in reading.part.lines():
        if text.strip():
            try:
                row = _row(log, text, number)
            except ValueError as error:
                reading.fault(number, error)
                continue
            if row is not None:
                yield from reading.take(row)
    yield reading.gathered()
    _told(log)


def _told(log: _Log) -> None:
    reading = log.reading
    if log.others:
        reading.note(f"sentences of sorts that report no position: {log.others:,}")
    if log.untimed and not log.timed:
        what = f"none of its {log.untimed:,} positions has a time: AIS sentences hold no date"
        remedy = "say when the log began, or give the log with the receiver's times (tag blocks, or a time a line)"
        reading.refuse(what, remedy)
    elif log.untimed:
        reading.note(f"positions in lines without a time, left out: {log.untimed:,}")
    if log.second >= 0:
        reading.note("times are counted from the time given, by the second of the minute that each sentence tells")
    if log.waiting:
        reading.note(f"messages of which a part is missing: {len(log.waiting):,}")


def _row(log: _Log, text: str, number: int) -> tuple[int, int, int, int, int, int] | None:
    found = _SENTENCE.fullmatch(text.strip())
    if found is None:
        if "$" in text or text.startswith("\\"):
            log.others += 1
            return None
        raise ValueError("the line holds no whole AIS sentence: leave it out, or fetch the log again")
    body = found["body"]
    if reduce(xor, body.encode(errors="replace"), 0) != int(found["sum"], 16):
        raise ValueError("the checksum does not fit, so that nobody knows what was sent: leave the line out")
    whole = _whole(log, body, found["sum"])
    if whole is None:
        return None
    if whole[0].split(",")[5][:1] not in _WITH_PLACE:
        log.others += 1
        return None
    try:
        said = log.decode(*(f"!{one}" for one in whole))
    except Exception as error:  # pyais has no one name for what it cannot read
        raise ValueError("the sentence cannot be decoded: leave the line out") from error
    return _fix(log, said, _moment(log, found, said), number)


def _whole(log: _Log, body: str, checksum: str) -> list[str] | None:
    """Return the sentences of a message once all are there, None while some are missing."""
    fields = body.split(",")
    if len(fields) != _PARTS or not (fields[1].isdigit() and fields[2].isdigit()):
        raise ValueError("the sentence has not the seven fields of its kind: leave the line out")
    total, part = int(fields[1]), int(fields[2])
    if not 1 <= part <= total <= _MOST_PARTS:
        raise ValueError("the sentence is a part that its message cannot have: leave the line out")
    sentence = f"{body}*{checksum}"
    if total == 1:
        return [sentence]
    key = fields[0], fields[3], fields[4]
    parts = log.waiting.setdefault(key, {})
    if part == 1:
        parts.clear()
    parts[part] = sentence
    if len(parts) < total:
        while len(log.waiting) > _PENDING:
            del log.waiting[next(iter(log.waiting))]
        return None
    del log.waiting[key]
    return [parts[one] for one in sorted(parts)]


def _fix(log: _Log, said: Any, moment: int | None, number: int) -> tuple[int, int, int, int, int, int] | None:  # noqa: ANN401  pyais
    if said.lat is None or said.lon is None or said.mmsi is None:
        raise ValueError("the sentence is too short for what it should say: leave the line out")
    lat, lon = float(said.lat), float(said.lon)
    if abs(lat) >= _NO_LAT or abs(lon) >= _NO_LON:
        log.reading.without_place += 1
        return None
    if moment is None:
        log.untimed += 1
        return None
    log.timed += 1
    accuracy = _GOOD_M if getattr(said, "accuracy", False) else UNSAID
    return log.reading.devices.number(str(said.mmsi)), moment, e7(lat), e7(lon), accuracy, number


def _moment(log: _Log, found: re.Match[str], said: Any) -> int | None:  # noqa: ANN401  pyais
    """Return when a sentence was received, as the log says or as counted from its beginning; None if nobody says."""
    if tagged := _TAG_TIME.search(found["before"]):
        return moment_from(tagged[1], None)
    before = found["before"].strip(" ,;\t|")
    if before and not before.startswith("\\"):
        return moment_from(before, log.reading.settings.time_zone)
    if after := _AFTER.fullmatch(found["after"]):
        return moment_from(after[1], None)
    return None if log.minute is None else _counted(log, getattr(said, "second", _SECONDS))


def _counted(log: _Log, second: int) -> int:
    """Return the moment of the next sentence of a log that tells no times, by its second of the minute."""
    assert log.minute is not None  # noqa: S101  whoever asks has looked
    if log.second < 0:
        log.minute -= log.minute % MINUTE
        log.second = 0
    if 0 <= second < _SECONDS:
        if log.second - second > _HALF_A_MINUTE:
            log.minute += MINUTE
        log.second = second
    return log.minute + log.second * SECOND
