"""The facts format: one row for one revision of one fact, the same columns in NDJSON, CSV, Parquet and YAML.

Of a column that is absent, empty in CSV, or null, the row says nothing. Texts are kept in Unicode NFC.

    id             required: the fact's name, at most 200 characters
    rev            its revision, 1 or more; 1 if absent. The highest revision known counts
    op             assert (if absent), retract or redact
    kind           what happened: a kind of the agreement's vocabulary; required to assert
    by             the actor said to have done it; absent: nobody says who
    fields         what the kind has fields for, an object; in CSV and Parquet its JSON text
    lat, lon       where, in decimal degrees, WGS84; both or neither
    within_m       how far off that point it may truly be, in whole metres; 0 if absent
    zone           where, as a zone or line of the agreement
    at             when it happened, one moment; or
    on             ... some time on a civil day of the agreement's time zone; or
    earliest       ... no earlier than this; absent beside `latest`: the start of that civil day
    latest         ... no later than this; absent beside `earliest`: the end of that civil day
    from, until    how long a lasting thing lasted (a watch, a claim's period, a suspension); absent: no end.
                   With no time besides, a watch happened at its `from`, anything else at its `until`;
                   what retracts or redacts and gives no time, at any time
    learned_at     required: when its source knew it
    recorded_at    when it was put on record
    occurred, who  how far the event, and its author, are established: alleged (if absent), corroborated,
                   verified or refuted
    source         who told us
    grade          the Admiralty code of the source and of what it says, such as B2
    origin         where a chain of citations began
    cite           where it can be read
    owner          whose it is
    releasable_to  to whom besides it may be released: a list; in CSV with spaces between. Without owner and
                   this: to all
    not_before     and not before this moment
    precision      how exact a place or time may be shown
    note           anything else

A moment is RFC 3339 with an offset, in the years 1900 to 2199. A field that is a number takes a whole number,
or `{"least": 5, "most": 9}` if nobody knows it better; a word takes one text or a list of texts; a flag true
or false; an actor or a zone its name; a list of kinds a list of their names. Nothing is ever a float: `lat`
and `lon` are kept as whole 1e-7 degrees.

Refused, each with its line: an unknown column, kind, field or name, a time without an offset, an event that
nobody could have learned of yet, a number that is not whole, a place off the earth. Among all rows together:
two contents for one (id, rev), of which neither is used; a time of learning or of recording that falls as the
revision rises; a retraction of what nobody asserted.

The format, its reader and its writer are one module, past 500 lines: a new column changes all three.

Example, one line in its file:

    {"id": "r-17", "rev": 1, "op": "assert", "kind": "shelling", "by": "north",
     "fields": {"weapon": "mortar", "killed": {"least": 2, "most": 3}, "against": "south"},
     "lat": "31.5", "lon": "34.46", "within_m": 400, "zone": "valley",
     "earliest": "2025-10-13T22:00+03:00", "latest": "2025-10-14T06:30+03:00",
     "learned_at": "2025-10-14T09:00+03:00", "recorded_at": "2025-10-14T09:05+03:00",
     "occurred": "corroborated", "who": "alleged", "source": "monitor-4", "grade": "B2", "origin": "patrol-4",
     "cite": "daily report 12, item 3", "owner": "guarantor", "releasable_to": ["north", "south"],
     "not_before": "2025-10-15T00:00+03:00", "precision": "1 km", "note": "heard, then seen"}
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from trucekeeper.terms import (
    DAWN,
    NEVER,
    Amount,
    Fact,
    Fault,
    Field,
    FieldType,
    Interval,
    Label,
    Moment,
    Nature,
    Op,
    Place,
    Proof,
    Refused,
    Span,
    Vocabulary,
)
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import MINUTE, SECOND, day_of, end_of_day, parse_moment, start_of_day, write_moment
from trucekeeper.terms.places import E7, degrees_e7
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from trucekeeper.agreement.agreement import Agreement

COLUMNS = (
    *("id", "rev", "op", "kind", "by", "fields", "lat", "lon", "within_m", "zone"),
    *("at", "on", "earliest", "latest", "from", "until", "learned_at", "recorded_at", "occurred", "who"),
    *("source", "grade", "origin", "cite", "owner", "releasable_to", "not_before", "precision", "note"),
)

LONGEST_ID = 200
FAR = 3 * E7
"""Three degrees, some 300 km: what an agreement speaks of lies nearer than this to one of its zones."""
# A misread year (0205, 20255) is refused; so is 9999, which databases write for "no end": leave `until` out.
FIRST_YEAR, LAST_YEAR = 1900, 2199
FIRST, LAST = start_of_day(date(FIRST_YEAR, 1, 1), "UTC"), end_of_day(date(LAST_YEAR, 12, 31), "UTC")
# More than any count of people, trucks or metres; beyond it, it is a slip or an attack.
LARGEST_NUMBER = 10**15
SHOWN = 60  # of a refused value, so many characters fit on one line beside what is said of it

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,18})?([eE][+-]?\d\d?)?", re.ASCII)
GRADE = re.compile(r"[A-F][1-6]")
_ANY_TIME = Interval(DAWN, NEVER)
PROOFS = {proof.word: proof for proof in Proof}
_OPS = {op.value: op for op in Op}
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a row may use, all declared by the agreement, and the time zone of its civil days.

    `extent` is the least and greatest latitude and longitude of the zones drawn (as `Atlas.extent` gives it).
    """

    vocabulary: Vocabulary
    actors: frozenset[str]
    zones: frozenset[str]
    time_zone: str
    extent: tuple[int, int, int, int] | None = None

    @staticmethod
    def of(agreement: Agreement) -> Known:
        """Return the names that an agreement declares."""
        atlas = agreement.atlas
        zones = frozenset(atlas.ids())
        return Known(agreement.vocabulary, agreement.actors(), zones, agreement.time_zone, atlas.extent())

    def swapped(self, lat: int, lon: int) -> bool:
        """Return whether a place lies far from all zones, and would not with its coordinates exchanged."""
        return not self.near(lat, lon) and self.near(lon, lat)

    def near(self, lat: int, lon: int) -> bool:
        """Return whether a place lies within `FAR` of the zones drawn; yes, where none is."""
        if self.extent is None:
            return True
        south, west, north, east = self.extent
        return south - FAR <= lat <= north + FAR and west - FAR <= lon <= east + FAR


@dataclass(frozen=True, slots=True)
class Where:
    """Where a row stands: file, line and column, and line and column of those keys whose place is known.

    The key of the field `weapon` is `fields.weapon`.
    """

    file: str
    line: int = 0
    col: int = 0
    keys: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def fault(self, key: str, what: str, remedy: str = "") -> Fault:
        """Return a fault of what stands at a key, or of the row where the key's place is not known."""
        line, col = self.keys.get(key) or self.keys.get(key.partition(".")[0]) or (self.line, self.col)
        return Fault(self.file, line, col, what, remedy)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def read_row(row: Mapping[str, object], known: Known, where: Where) -> Fact:
    """Return the fact that a row states. Raises Refused with all the faults of the row."""
    reading = _Reading({key: value for key, value in row.items() if value is not None}, known, where)
    fact = reading.fact()
    if reading.faults:
        raise Refused(reading.faults)
    return fact


def civil_day(text: str, zone: str) -> Interval:
    """Return a civil day, first to last microsecond. Raises ValueError, with what to do, for no day."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"{shown(text)} is not a day: write it as 2025-10-10; for a time of day use 'at'")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{shown(text)} is not in the years {FIRST_YEAR} to {LAST_YEAR}: is the year right?")
    return Interval(start_of_day(found, zone), end_of_day(found, zone))


def shown(value: object) -> str:
    """Return a refused value as a person would write it, cut to fit on a line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = str(value)
    cut = text if len(text) <= SHOWN else text[:SHOWN] + "..."
    clean = "".join(letter if letter.isprintable() else "�" for letter in cut)
    return f"'{clean}'" if isinstance(value, str) else clean


@dataclass
class _Reading:
    """One row as it is read: its values (nulls dropped), and what is wrong with them so far."""

    row: dict[str, object]
    known: Known
    where: Where
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, what: str, remedy: str = "") -> None:
        self.faults.append(self.where.fault(key, f"{key}: {what}", remedy))

    def fact(self) -> Fact:
        self.columns()
        op = _OPS[self.choice("op", _OPS, "op") or Op.ASSERT.value]
        kind = self.choice("kind", self.known.vocabulary.kinds, "kind of fact that the agreement knows")
        if op is Op.ASSERT and "kind" not in self.row:
            self.fault("kind", "missing: nobody can tell what happened", "name a kind of the vocabulary")
        span, when = self.period(op, kind)
        learned_at = self.moment("learned_at")
        self.learning(kind, when, span, learned_at)
        return Fact(
            id=self.id(),
            rev=self.whole("rev", least=1, absent=1),
            op=op,
            kind=kind,
            by=self.choice("by", self.known.actors, "actor of the agreement") or None,
            fields=self.fields(kind),
            place=self.place(),
            zone=self.choice("zone", self.known.zones, "zone or line of the agreement") or None,
            when=when or _ANY_TIME,
            span=span,
            learned_at=learned_at or 0,
            recorded_at=self.moment("recorded_at"),
            occurred=self.proof("occurred"),
            who=self.proof("who"),
            source=self.text("source"),
            grade=self.grade(),
            origin=self.text("origin"),
            cite=self.text("cite"),
            note=self.text("note"),
            label=self.label(),
        )

    # names and words

    def columns(self) -> None:
        for key in self.row:
            if key not in COLUMNS:
                said = f"{shown(key)} is no column of the facts format"
                self.faults.append(self.where.fault(key, said, suggestion(key, COLUMNS)))

    def text(self, key: str) -> str:
        """Return a text, or "" where it is absent or faulty."""
        return self.checked_text(key, self.row[key]) if key in self.row else ""

    def checked_text(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            self.fault(key, f"{shown(value)} is not a text", "put it in quotes")
            return ""
        if not value.strip():
            self.fault(key, "an empty text says nothing", "leave it out")
        if wrong := unfit(value):
            self.fault(key, f"{shown(value)} holds {wrong}, which no text holds", "remove it")
            return ""
        return unicodedata.normalize("NFC", value)

    def id(self) -> str:
        if "id" not in self.row:
            self.fault("id", "missing: a fact without a name cannot be corrected or retracted", "give it one")
        text = self.text("id")
        if len(text) > LONGEST_ID:
            self.fault("id", f"{len(text)} characters, more than {LONGEST_ID}", "shorten it")
        if text != text.strip() or any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} for letter in text):
            what = f"{shown(text)} holds blanks at an end or characters that nobody sees"
            self.fault("id", what, "keep what can be seen")
        return text

    def choice(self, key: str, words: Collection[str], meaning: str) -> str:
        """Return a word out of those that may stand here, or "" where it is absent or none of them."""
        return self.checked_choice(key, self.row[key], words, meaning) if key in self.row else ""

    def checked_choice(self, key: str, value: object, words: Collection[str], meaning: str) -> str:
        text = self.checked_text(key, value)
        if text in words:
            return text
        if text.strip():
            self.fault(key, f"{shown(text)} is no {meaning}", suggestion(text, words))
        return ""

    def proof(self, key: str) -> Proof:
        return PROOFS[self.choice(key, PROOFS, "level of proof") or Proof.ALLEGED.word]

    def grade(self) -> str:
        text = self.text("grade")
        if text and not GRADE.fullmatch(text):
            remedy = "write the source's reliability A to F, then the credibility 1 to 6 of what it says, as B2"
            self.fault("grade", f"{shown(text)} is no Admiralty code", remedy)
        return text

    def label(self) -> Label:
        owner, releasable_to = self.text("owner"), self.releasable_to()
        if not owner and "owner" not in self.row and self.row.get("releasable_to") == []:
            what = "an empty list without an owner: nobody could be meant, or everybody"
            self.fault("releasable_to", what, "name the owner, or leave the list out if all may see the fact")
        return Label(owner, releasable_to, self.moment("not_before"), self.text("precision"))

    def releasable_to(self) -> tuple[str, ...]:
        """Return the audiences once each, in the order of the alphabet: theirs means nothing."""
        value = self.row.get("releasable_to", [])
        if not isinstance(value, list):
            self.fault("releasable_to", f"{shown(value)} is not a list", "write it as [north, south]")
            return ()
        names = {self.checked_text("releasable_to", one) for one in value}
        for name in sorted(names):
            if len(name.split()) > 1:
                self.fault("releasable_to", f"{shown(name)} is more than one word", "name one audience in each entry")
        return tuple(sorted(names - {""}))

    # numbers and places

    def whole(self, key: str, *, least: int, absent: int) -> int:
        if key not in self.row:
            return absent
        number = self.checked_whole(key, self.row[key])
        if number is not None and number < least:
            self.fault(key, f"{number} is less than {least}")
        return absent if number is None else number

    def checked_whole(self, key: str, value: object) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(key, f"{shown(value)} is not a whole number", "write it as 12, without a point or quotes")
            return None
        if abs(value) > LARGEST_NUMBER:
            self.fault(key, f"{shown(value)} is beyond what is ever counted, {LARGEST_NUMBER}")
            return None
        return value

    def place(self) -> Place | None:
        within_m = self.whole("within_m", least=0, absent=0)
        given = [key for key in ("lat", "lon") if key in self.row]
        if given and len(given) == 1:
            missing = "lon" if given == ["lat"] else "lat"
            self.fault(given[0], f"given without {missing}: a place needs both", f"add {missing}")
            return None
        if not given:
            if "within_m" in self.row:
                self.fault("within_m", "a radius round no place", "add lat and lon, or leave it out")
            return None
        lat, lon = self.degrees("lat", 90), self.degrees("lon", 180)
        if lat is not None and lon is not None and self.known.swapped(lat, lon):
            what = "the place lies far from every zone, and would not with lat and lon exchanged"
            self.fault("lat", what, "exchange them, here or in zones.geojson, whichever has them the wrong way round")
            return None
        return None if lat is None or lon is None or within_m < 0 else Place(lat, lon, within_m)

    def degrees(self, key: str, most: int) -> int | None:
        value = self.row[key]
        text = str(value)
        if not _DEGREES.fullmatch(text):
            self.fault(key, f"{shown(value)} is not a number of degrees", "write decimal degrees, as 31.5")
            return None
        found = degrees_e7(text)
        if abs(found) > most * E7:
            remedy = "are lat and lon swapped?" if key == "lat" and abs(found) <= 180 * E7 else ""
            self.fault(key, f"{shown(value)} is not between -{most} and {most} degrees", remedy)
            return None
        return found

    # times

    def moment(self, key: str) -> Moment | None:
        text = self.text(key)
        if not text.strip():
            return None
        try:
            found = parse_moment(text)
        except ValueError as error:
            what, _, remedy = str(error).rpartition(": ")
            more = ", or say the whole day with 'on'" if key == "at" and _DAY.fullmatch(text) else ""
            self.fault(key, what, remedy + more)
            return None
        if not FIRST <= found <= LAST:
            remedy = "leave it out if there is no end" if key == "until" else "is the year right?"
            self.fault(key, f"{shown(text)} is not in the years {FIRST_YEAR} to {LAST_YEAR}", remedy)
            return None
        return found

    def day(self, key: str) -> Interval | None:
        text = self.text(key)
        if not text.strip():
            return None
        try:
            return civil_day(text, self.known.time_zone)
        except ValueError as error:
            what, _, remedy = str(error).rpartition(": ")
            self.fault(key, what, remedy)
            return None

    def period(self, op: Op, kind: str) -> tuple[Span | None, Interval | None]:
        """Return how long it lasted and when it happened. A claim counts over a period: `on` is that whole day."""
        span = self.span()
        when = self.when(op, kind, span)
        counts = op is Op.ASSERT and kind in self.known.vocabulary and self.known.vocabulary.is_a(kind, "claim")
        if not counts or span is not None or when is None or when == _ANY_TIME:
            return span, when
        if "on" not in self.row:
            self.fault(
                "until",
                "missing: a claim counts over a period",
                "add 'until' and, unless it is a running total, 'from'",
            )
            return None, when
        return Span(when.earliest, when.latest), Interval.at(when.latest)

    def span(self) -> Span | None:
        start, end = self.moment("from"), self.moment("until")
        if start is None and end is None:
            return None
        if end is not None and start_of_day(day_of(end + MINUTE, self.known.time_zone), self.known.time_zone) in (
            end + SECOND,
            end + MINUTE,
        ):
            what = f"{shown(self.row['until'])} leaves out the end of the day: a day ends with its last microsecond"
            self.fault("until", what, "write 23:59:59.999999, or the next day's 00:00 if that instant belongs to it")
            return None
        if start is not None and end is not None and start > end:
            what = f"{shown(self.row['from'])} is after until, {shown(self.row['until'])}"
            self.fault("from", what, "nothing ends before it begins: mend one of them")
            return None
        return Span(DAWN if start is None else start, NEVER if end is None else end)

    def when(self, op: Op, kind: str, span: Span | None) -> Interval | None:
        """Return when it happened; None where that is faulty."""
        ways = [way for way in (("at",), ("on",), ("earliest", "latest")) if any(key in self.row for key in way)]
        if len(ways) > 1:
            said = " and ".join(" to ".join(way) for way in ways)
            remedy = "keep the one that the source supports"
            self.fault(ways[1][0], f"its time is given in more than one way, by {said}", remedy)
            return None
        if not ways:
            return self.when_unsaid(op, kind, span)
        if ways[0] == ("at",):
            moment = self.moment("at")
            return None if moment is None else Interval.at(moment)
        return self.day("on") if ways[0] == ("on",) else self.between()

    def between(self) -> Interval | None:
        zone = self.known.time_zone
        earliest, latest = self.moment("earliest"), self.moment("latest")
        if earliest is None and latest is not None and "earliest" not in self.row:
            earliest = start_of_day(day_of(latest, zone), zone)
        if latest is None and earliest is not None and "latest" not in self.row:
            latest = end_of_day(day_of(earliest, zone), zone)
        if earliest is None or latest is None:
            return None
        if earliest > latest:
            what = f"{shown(self.row['earliest'])} is after latest, {shown(self.row['latest'])}"
            self.fault("earliest", what, "exchange them, or mend one")
            return None
        return Interval(earliest, latest)

    def when_unsaid(self, op: Op, kind: str, span: Span | None) -> Interval | None:
        """Return when it happened by its extent: a watch when it began, anything else when it was over."""
        if op is not Op.ASSERT:
            return _ANY_TIME
        extent = [key for key in ("from", "until") if key in self.row]
        if not extent:
            remedy = "add 'at', 'on', or 'earliest' and 'latest'"
            self.fault("at", "missing: the row does not say when it happened", remedy)
            return None
        if span is None or not kind:
            return None
        needed = "from" if self.known.vocabulary.kinds[kind].nature is Nature.WATCH else "until"
        if needed not in extent:
            what = f"missing, and with it when the {kind} happened"
            self.fault(needed, what, f"add '{needed}', or say with 'at' when it happened")
            return None
        return Interval.at(span.start if needed == "from" else span.end)

    def learning(self, kind: str, when: Interval | None, span: Span | None, learned_at: Moment | None) -> None:
        """Hold that it was learned, and not before it began. A schedule tells of what is to come."""
        if "learned_at" not in self.row:
            remedy = "add when its source knew it"
            self.fault("learned_at", "missing: nobody could tell what was known at a past moment", remedy)
        if when is None or learned_at is None or self.known.vocabulary.is_a(kind, "schedule"):
            return
        # A period that is still running is stated when it is: only its beginning must be over.
        began = span.start if span and when == Interval.at(span.end) else when.earliest
        if learned_at < began:
            happened = write_moment(began, self.known.time_zone)
            what = f"{shown(self.row['learned_at'])} is before it happened, {happened} at the earliest"
            self.fault("learned_at", what, "nobody learns of a thing before it happens: mend one of the times")

    # the fields of the kind

    def fields(self, kind: str) -> tuple[tuple[str, Field], ...]:
        said = self.row.get("fields", {})
        if not isinstance(said, dict):
            self.fault("fields", f"{shown(said)} is not an object", 'write it as {"weapon": "mortar"}')
            return ()
        if said and "kind" not in self.row:
            self.fault("fields", "given without a kind: nobody can tell what they mean", "add 'kind'")
        if not kind:
            return ()
        types = self.known.vocabulary.fields(kind)
        for name in sorted(name for name in said if name not in types):
            what = f"'{kind}' has no field {shown(name)}"
            self.faults.append(self.where.fault(f"fields.{name}", what, suggestion(name, types)))
        values = [
            (name, self.value(f"fields.{name}", types[name], said[name]))
            for name in sorted(types)
            if said.get(name) is not None
        ]
        return tuple((name, value) for name, value in values if value is not None)

    def value(self, key: str, kind_of_field: FieldType, value: object) -> Field | None:
        match kind_of_field:
            case FieldType.WORD:
                return self.words(key, value)
            case FieldType.NUMBER:
                return self.amount(key, value)
            case FieldType.FLAG:
                return self.flag(key, value)
            case FieldType.ACTOR:
                return self.checked_choice(key, value, self.known.actors, "actor of the agreement")
            case FieldType.ZONE:
                return self.checked_choice(key, value, self.known.zones, "zone or line of the agreement")
            case FieldType.KINDS:
                kinds = self.known.vocabulary.kinds
                return self.each(key, value, lambda one: self.checked_choice(key, one, kinds, "kind of fact"))

    def words(self, key: str, value: object) -> str | tuple[str, ...]:
        if not isinstance(value, list):
            return self.checked_text(key, value)
        return self.each(key, value, lambda one: self.checked_text(key, one))

    def each(self, key: str, value: object, read: Callable[[object], str]) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            self.fault(key, f"{shown(value)} is not a list of one or more", 'write it as ["attack"]')
            return ()
        return tuple(read(one) for one in value)

    def flag(self, key: str, value: object) -> bool | None:
        if not isinstance(value, bool):
            self.fault(key, f"{shown(value)} is neither true nor false", "write true or false, without quotes")
            return None
        return value

    def amount(self, key: str, value: object) -> Amount | None:
        if isinstance(value, dict):
            return self.bounds(key, value)
        number = self.checked_whole(key, value)
        return None if number is None else Amount(number, number)

    def bounds(self, key: str, value: dict[str, object]) -> Amount | None:
        if set(value) != {"least", "most"}:
            self.fault(key, "an amount has a least and a most", 'write it as {"least": 5, "most": 9}')
            return None
        least, most = (self.checked_whole(key, value[end]) for end in ("least", "most"))
        if least is None or most is None:
            return None
        if least > most:
            self.fault(key, f"its least, {least}, is more than its most, {most}", "exchange them, or mend one")
            return None
        return Amount(least, most)


def write_row(fact: Fact) -> dict[str, object]:
    """Return the canonical row of a fact: columns in their order, what is absent or the default left out.

    Times are in UTC. `read_row` gives back the same fact, and of the facts that it returns, two have the same
    row only if they are equal.
    """
    row: dict[str, object] = {
        "id": fact.id,
        "rev": fact.rev,
        "op": _unless(fact.op.value, Op.ASSERT.value),
        "kind": _unless(fact.kind, ""),
        "by": fact.by,
        "fields": {name: _written(value) for name, value in fact.fields} or None,
        **_written_place(fact.place),
        "zone": fact.zone,
        **_written_times(fact),
        "learned_at": write_moment(fact.learned_at),
        "recorded_at": _written_moment(fact.recorded_at),
        "occurred": _unless(fact.occurred.word, Proof.ALLEGED.word),
        "who": _unless(fact.who.word, Proof.ALLEGED.word),
        "source": _unless(fact.source, ""),
        "grade": _unless(fact.grade, ""),
        "origin": _unless(fact.origin, ""),
        "cite": _unless(fact.cite, ""),
        "owner": _unless(fact.label.owner, ""),
        "releasable_to": list(fact.label.releasable_to) or None,
        "not_before": _written_moment(fact.label.not_before),
        "precision": _unless(fact.label.precision, ""),
        "note": _unless(fact.note, ""),
    }
    return {key: value for key, value in row.items() if value is not None}


def _unless(value: _Value, absent: _Value) -> _Value | None:
    return None if value == absent else value


def _written(value: Field) -> object:
    match value:
        case Amount(least, most):
            return least if least == most else {"least": least, "most": most}
        case tuple():
            return list(value)
        case _:
            return value


def _written_place(place: Place | None) -> dict[str, object]:
    if place is None:
        return {}
    return {
        "lat": _written_degrees(place.lat_e7),
        "lon": _written_degrees(place.lon_e7),
        "within_m": _unless(place.within_m, 0),
    }


def _written_degrees(e7: int) -> str:
    whole, rest = divmod(abs(e7), E7)
    text = f"{whole}.{rest:07d}".rstrip("0").rstrip(".")
    return f"-{text}" if e7 < 0 else text


def _written_times(fact: Fact) -> dict[str, object]:
    row: dict[str, object] = {}
    if fact.when.earliest == fact.when.latest:
        row["at"] = write_moment(fact.when.earliest)
    elif fact.when != _ANY_TIME:
        row |= {"earliest": write_moment(fact.when.earliest), "latest": write_moment(fact.when.latest)}
    if fact.span is not None:
        row["from"] = None if fact.span.start == DAWN else write_moment(fact.span.start)
        row["until"] = None if fact.span.end == NEVER else write_moment(fact.span.end)
    return row


def _written_moment(moment: Moment | None) -> str | None:
    return None if moment is None else write_moment(moment)


_Revisions: TypeAlias = defaultdict[int, dict[Fact, Where]]
"""Of one fact: what is said of each revision, and by which row first."""


def check_revisions(rows: Iterable[tuple[Fact, Where]]) -> tuple[tuple[Fact, ...], tuple[Fault, ...]]:
    """Return the usable facts in the order of their rows, each once, and the faults among revisions.

    Of two contents for one (id, rev) neither is usable. A fact whose times fall, or that retracts nothing, is
    named as a fault and stays usable: what it says is clear.
    """
    revisions: defaultdict[str, _Revisions] = defaultdict(lambda: defaultdict(dict))
    order: dict[Fact, None] = {}
    for fact, where in rows:
        revisions[fact.id][fact.rev].setdefault(fact, where)
        order.setdefault(fact)
    faults: list[Fault] = []
    for by_rev in revisions.values():
        faults += [*_rival_contents(by_rev), *_falling(by_rev), *_retracting_nothing(by_rev)]
    usable = tuple(fact for fact in order if len(revisions[fact.id][fact.rev]) == 1)
    return usable, tuple(sorted(faults))


def _rival_contents(by_rev: _Revisions) -> Iterator[Fault]:
    for rivals in by_rev.values():
        (first, stands), *others = rivals.items()
        for other, where in others:
            ours, theirs = write_row(first), write_row(other)
            differ = [key for key in COLUMNS if ours.get(key) != theirs.get(key)]
            what = f"'{other.id}' rev {other.rev} says another thing than {stands}, in {', '.join(differ)}"
            yield where.fault(differ[0], what, "neither is used; if one corrects the other, give it the next rev")


def _falling(by_rev: _Revisions) -> Iterator[Fault]:
    certain = [
        (fact, where) for _, rivals in sorted(by_rev.items()) if len(rivals) == 1 for fact, where in rivals.items()
    ]
    for key in ("learned_at", "recorded_at"):
        timed = [(getattr(fact, key), fact, where) for fact, where in certain if getattr(fact, key) is not None]
        for (before, earlier, _), (after, fact, where) in pairwise(timed):
            if after < before:
                times = f"rev {fact.rev} has {write_moment(after)}, rev {earlier.rev} {write_moment(before)}"
                what = f"{key}: falls as '{fact.id}' is revised: {times}"
                yield where.fault(key, what, "a later revision knows more: mend the time or the rev")


def _retracting_nothing(by_rev: _Revisions) -> Iterator[Fault]:
    asserted = [rev for rev, rivals in by_rev.items() if any(fact.op is Op.ASSERT for fact in rivals)]
    for rev, rivals in by_rev.items():
        for fact, where in rivals.items():
            if fact.op is Op.RETRACT and not any(before < rev for before in asserted):
                what = f"op: retracts nothing: no row asserts '{fact.id}' with a rev below {rev}"
                yield where.fault("op", what, "is the id right, and is the file that asserts it among those read?")
