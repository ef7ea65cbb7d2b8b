"""Mapping files: which column of a table says what of a report, in plain YAML that whoever keeps the table can check.

    source:                            # how the mission's registry begins with it (`trucekeeper.intake.registered`)
      name: complaints
      zone: Africa/Khartoum            # of days and times without an offset
      rulings: {kind: {tiro: gunfire}}
    file: {delimiter: ";", header: 3}  # how to read it, where that is not plain; `sheet` in a workbook
    report:
      name: {column: Receipt}          # the source's own name for the report; or
      identity: [Day, Village, What]   # ... where it has none, the columns that tell one report from another
      kind: {column: Type}             # what happened, in the source's words; a ruling says what they mean
      by: {column: Accused}            # who did it; `against`, to whom; `involves`, who took part
      time: {column: Day, clock: Hour, format: day-first}
      learned_at: {column: Received, format: day-first}
      lat: {column: North}             # `lon`; or both in one cell: `place: {column: GPS}`, latitude first
      within_m: {column: Place known, words: {exactly: 100, village: 3000}}
      area: true                       # the place is the middle of a town or district that `within_m` spans
      fields: {killed: {column: Dead}, weapon: {column: Weapon}}
      text: {column: What}             # `language`, `url`, `about`, `first_hand`
      heard_from: {column: From whom, split: ";"}
      grade: C3                        # `cite`, `note`, `owner`, `releasable_to`, `not_before`, `precision`
    expects: {place: {least: 80}}      # `trucekeeper.intake.expects`

How a value is taken from cells, `trucekeeper.intake.takings` says. A report without a name of its own is called by a
hash of the columns of its identity, so these must never be edited: an edit would be another report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.agreement.rows import LONGEST_ID
from trucekeeper.intake.records import kept
from trucekeeper.intake.said import Said
from trucekeeper.intake.takings import Taking, misread
from trucekeeper.intake.written import amount, degrees
from trucekeeper.terms import Fault, FieldType
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from trucekeeper.intake.records import Record
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json

WORDS = ("kind", "by", "against", "involves")
PLACE = ("lat", "lon", "place", "within_m")
FLAGS = ("area", "first_hand")
TEXTS = ("text", "url", "language", "about")
COLUMNS = ("grade", "cite", "note", "owner", "precision", "zone")
_TAKEN = (
    "name",
    *WORDS,
    "time",
    "learned_at",
    *PLACE,
    *FLAGS,
    *TEXTS,
    *COLUMNS,
    "heard_from",
    "releasable_to",
    "not_before",
)
KEYS = (*_TAKEN, "identity", "fields")
DIGITS = 16
"""Of a hash; of a million reports two will share so many by chance once in 37 million times."""
_PAIR = re.compile(r"\s*(?P<lat>[^,;/]+?)\s*[,;/\s]\s*(?P<lon>[^,;/\s]+)\s*")


@dataclass(frozen=True, slots=True)
class ReportMapping:
    """What a mapping file says of the reports in a table."""

    taken: Mapping[str, Taking]
    fields: Mapping[str, Taking]
    identity: tuple[str, ...]

    @staticmethod
    def of(setting: Setting) -> ReportMapping:
        """Return what the mapping file says. Raises Refused."""
        said = setting.options.get("report")
        if not isinstance(said, dict):
            what = "no 'report' in it: nobody can tell what its columns mean"
            raise misread(what, "give --mapping FILE; handbook/intake.md shows one")
        for name in set(said) - set(KEYS):
            raise misread(f"report: '{name}' says nothing here", suggestion(name, KEYS))
        fields, identity = said.get("fields") or {}, said.get("identity") or []
        if not isinstance(fields, dict) or not isinstance(identity, list):
            raise misread("report: 'fields' are pairs, and 'identity' is a list of columns", "mend it")
        if ("name" in said) == bool(identity):
            what = "report: give either 'name', the column with the source's own name for a report, or 'identity'"
            raise misread(what, "without, a report read again would be a second witness")
        for name in ("time", "learned_at"):
            if name not in said:
                raise misread(f"report: no '{name}'", "say which column holds it, and in which format")
        return ReportMapping(
            taken={name: Taking.read(said[name], name) for name in _TAKEN if name in said},
            fields={name: Taking.read(one, f"fields.{name}") for name, one in fields.items()},
            identity=tuple(str(one) for one in identity),
        )

    def faults(self, header: Collection[str]) -> list[Fault]:
        """Return why a table of these columns cannot be read by it."""
        found = [one for taking in (*self.taken.values(), *self.fields.values()) for one in taking.faults(header)]
        identity = Taking("identity", columns=self.identity)
        return [*found, *identity.faults(header)]

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield each column that it names, and what becomes of it."""
        for name, taking in (*self.taken.items(), *((f"field {name}", one) for name, one in self.fields.items())):
            how = f", read {' or '.join(taking.formats)}" if taking.formats else ""
            ruled = ", as rulings say" if name in WORDS else ""
            yield from ((column, f"{name}{how}{ruled}") for column in taking.named())
        yield from ((column, "part of its identity") for column in self.identity)


def described(setting: Setting, header: Collection[str]) -> list[tuple[str, str]]:
    """Return each column of a table and what becomes of it. Raises Refused."""
    became: dict[str, list[str]] = {}
    for column, what in ReportMapping.of(setting).columns():
        became.setdefault(column, []).append(what)
    return [(column, "; ".join(became.get(column, ["kept with the row, and not read"]))) for column in header]


def report(record: Record, mapping: ReportMapping, setting: Setting) -> Said | list[Fault]:
    """Return the report that a row makes, or everything that is wrong with the row."""
    return _Reading(record, mapping, setting).report()


class _Reading:
    """One row as it is read, with what is wrong with it so far."""

    def __init__(self, record: Record, mapping: ReportMapping, setting: Setting) -> None:
        self.record, self.taken, self.mapping, self.setting = record, mapping.taken, mapping, setting
        self.wrong: list[Fault] = []

    def report(self) -> Said | list[Fault]:
        columns: dict[str, Json] = {**self._times(), **self._place()}
        for name in COLUMNS:
            if text := self._text(name):
                columns[name] = text
        if audiences := self._texts("releasable_to"):
            columns["releasable_to"] = [word for text in audiences for word in text.split()]
        if fields := self._fields():
            columns["fields"] = fields
        chains = self._texts("heard_from")
        texts = {name: self._text(name) for name in TEXTS}
        flags = {name: self._flag(name) for name in FLAGS}
        words: dict[str, str | list[str]] = {
            name: self._texts(name) if name == "involves" else self._text(name) for name in WORDS
        }
        if texts["url"] and not texts["url"].startswith(("https://", "http://")):
            self._amiss(f"url: '{texts['url'][:40]}' is no link", "a link begins with https://; else use 'cite'")
        name, day = self._name(), "at" not in columns and self._whole_days(columns)
        if self.wrong:
            return self.wrong
        return Said(
            where=self.record.where,
            name=name,
            columns=columns,
            words={role: said for role, said in words.items() if said},
            day=day,
            chains=tuple((one,) for one in chains),
            area=flags["area"],
            first_hand=flags["first_hand"],
            text=texts["text"],
            url=texts["url"],
            language=texts["language"],
            about=texts["about"],
            **kept(self.record.original),
        )

    def _tried(self, name: str, read: Callable[[Taking], Json], absent: Json = None) -> Json:
        """Return what is taken, or what stands for nothing; what is wrong with it is a fault of the row."""
        taking = self.taken.get(name)
        if taking is None:
            return absent
        try:
            return read(taking)
        except ValueError as error:
            column = next(iter(taking.columns), name)
            said, _, remedy = str(error).partition(": ")
            self.wrong.append(self.record.where.fault("", f"{column}: {said}", remedy or "mend it, or the mapping"))
            return absent

    def _text(self, name: str) -> str:
        if name not in self.taken:
            return ""
        return str(self._tried(name, lambda taking: taking.text(self.record), ""))

    def _texts(self, name: str) -> list[str]:
        found = self._tried(name, lambda taking: [*taking.texts(self.record)], [])
        return [str(one) for one in found] if isinstance(found, list) else []

    def _flag(self, name: str) -> bool:
        found = self._tried(name, lambda taking: taking.value(self.record), absent=False)
        if found in ("true", True):
            return True
        if found not in ("false", False, None):
            self._amiss(f"{name}: '{found}' is neither true nor false", "say which words mean which, with 'words'")
        return False

    def _amiss(self, what: str, remedy: str) -> None:
        self.wrong.append(self.record.where.fault("", what, remedy))

    def _name(self) -> str:
        if self.mapping.identity:
            cells = "\x1f".join(self.record.cells.get(column, "") for column in self.mapping.identity)
            if not cells.strip("\x1f"):
                self._amiss("the columns of its identity are all empty", "give the row a name")
            return sha256(cells.encode()).hexdigest()[:DIGITS]
        name = self._text("name")
        if not name:
            self._amiss("it has no name, and could never be corrected", "give it one, in the source")
        if len(f"{self.setting.source}/{name}") > LONGEST_ID:
            self._amiss(f"its name has {len(name)} characters", "is it the right column?")
        return name

    def _times(self) -> dict[str, Json]:
        columns: dict[str, Json] = {}
        found = self._tried("time", lambda taking: taking.time(self.record, self.setting), {})
        columns |= found if isinstance(found, dict) else {}
        if not columns and not self.wrong:
            self._amiss("it does not say when it happened", "give the day, or the days between which it was")
        before = len(self.wrong)
        learned = self._tried("learned_at", lambda taking: taking.moment(self.record, self.setting), "")
        if not learned and len(self.wrong) == before:
            self._amiss("it does not say when it was received", "without, nobody could tell what was known when")
        columns["learned_at"] = learned
        if not_before := self._tried("not_before", lambda taking: taking.moment(self.record, self.setting), ""):
            columns["not_before"] = not_before
        return columns

    def _whole_days(self, columns: Mapping[str, Json]) -> bool:
        """Return whether the row names one day, and no hour."""
        earliest, latest = columns.get("earliest"), columns.get("latest")
        return isinstance(earliest, str) and isinstance(latest, str) and self.setting.one_day(earliest, latest)

    def _place(self) -> dict[str, Json]:
        lat, lon = self._text("lat"), self._text("lon")
        if pair := self._text("place"):
            match = _PAIR.fullmatch(pair)
            if match is None:
                self._amiss(f"place: '{pair[:40]}' is no latitude and longitude", "write it as 31.5, 34.46")
                return {}
            lat, lon = match["lat"], match["lon"]
        if not lat and not lon:
            return {}
        if not lat or not lon:
            self._amiss("a latitude without a longitude, or the other way round", "give both, or neither")
            return {}
        columns: dict[str, Json] = {}
        for axis, text in (("lat", lat), ("lon", lon)):
            try:
                columns[axis] = degrees(text, axis)
            except ValueError as error:
                self._amiss(str(error), "mend it, or leave the place out")
        within = self._tried("within_m", lambda taking: taking.value(self.record))
        if within is not None:
            columns["within_m"] = within if isinstance(within, int) else self._number("within_m", str(within))
        return columns

    def _number(self, name: str, text: str) -> Json:
        try:
            return amount(text)
        except ValueError as error:
            said, _, remedy = str(error).partition(": ")
            self._amiss(f"{name}: {said}", remedy)
            return None

    def _fields(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, taking in self.mapping.fields.items():
            try:
                several = [meaning for _, meaning in taking.cells(self.record)]
            except ValueError as error:
                self._amiss(f"{next(iter(taking.columns), name)}: {error}", "mend it, or the mapping")
                continue
            if not several:
                continue
            value = several[0] if len(several) == 1 else several
            is_number = isinstance(value, str) and _is_number(name, self.setting)
            found[name] = self._number(taking.columns[0], str(value)) if is_number else value
        return found


def _is_number(name: str, setting: Setting) -> bool:
    """Return whether kinds of the agreement have a field of this name that is a number."""
    return any((name, FieldType.NUMBER) in kind.fields for kind in setting.known.vocabulary.kinds.values())
