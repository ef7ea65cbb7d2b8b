"""Reads counts and running totals, CSV or a JSON list of objects, by a mapping file: each figure becomes a claim.

    source: {name: ministry, zone: Asia/Gaza}
    claims:
      claimant: {column: report_source}   # who counted: a text. Or by: an actor of the agreement, or both
      day: {column: report_date}          # the last day counted. Or month: {column: Month}, a whole month, 2019-03
      hours: {column: report_period}      # how long was counted; whole days if 24 times so many; absent: a day
      learned_at: {column: Issued}        # absent: when the period was over
      unless: {report_source: [missing]}  # rows that are no report
      cite: weekly bulletin               # grade, note, precision, owner, releasable_to, not_before likewise
      figures:
        - {column: killed, tally: killed, counted_as: reported}
        - {column: killed_cum, tally: killed, counted_as: reported, total: true, since: 2023-10-07, restarts: phase}

A figure may also say `category`, `supported: false` and its own `unless`. A figure of a period becomes a claim from
the period's first moment to its last. A running total (`total`) becomes a claim until the period's last moment, from
`since` if that is known: a day, or one for each part of a total that begins anew, `{"1": 2023-10-09}`. The figure of
a category is a tally of its own: nothing in a claim tells a clause that it counts children only. Nested names in JSON
are joined by a point: `verified.killed`.

A row whose period has no hours is no report, but a gap that somebody filled: it makes no claims, and if it counts
something in that time, that figure is refused. A running total that falls, against the highest that was read before
it in its column (and its `restarts`), is refused, with both lines and figures; the later ones go on, held against the
same. If the counter corrected himself downwards, the higher claims are what is to be corrected, by people.

A claim's name is `SOURCE/COLUMN/LAST-DAY`, so that the same file read again says nothing new, and a later edit of a
figure is a revision of its claim.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from trucekeeper.intake.records import Delimited, Record, clean, each_part, flat, json_rows, missing, whole_text
from trucekeeper.intake.said import Row
from trucekeeper.intake.takings import Taking, misread
from trucekeeper.intake.written import amount, told
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import HOUR, add_months, end_of_day, parse_moment, start_of_day, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.opening import Part
    from trucekeeper.intake.said import Said
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json

TAKEN = ("claimant", "by", "day", "month", "hours", "learned_at")
BESIDES = ("cite", "grade", "note", "precision", "owner", "releasable_to", "not_before")
FIGURE = ("column", "tally", "counted_as", "category", "supported", "total", "since", "restarts", "unless")
_KEYS = (*TAKEN, *BESIDES, "unless", "figures", "rows")
HOURS_OF_A_DAY = 24
_MONTH = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of figures: which tally they are for, and how they were counted."""

    column: str
    fields: Mapping[str, Json]
    total: bool = False
    since: Mapping[str, date] = field(default_factory=dict)
    restarts: str = ""
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def part(self, record: Record) -> str:
        """Return in which part of a running total that begins anew a row stands."""
        return record.cells.get(self.restarts, "") if self.restarts else ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a mapping file says of the claims in a file."""

    taken: Mapping[str, Taking]
    besides: Mapping[str, Taking]
    figures: tuple[Figure, ...]
    unless: Mapping[str, tuple[str, ...]]
    rows: str = ""

    @staticmethod
    def of(setting: Setting) -> Claims:
        """Return what the mapping file says. Raises Refused."""
        said = setting.options.get("claims")
        if not isinstance(said, dict):
            what = "no 'claims' in it: nobody can tell which column counts what"
            raise misread(what, "give --mapping FILE; handbook/intake.md shows one")
        for name in set(said) - set(_KEYS):
            raise misread(f"claims: '{name}' says nothing here", suggestion(name, _KEYS))
        figures = said.get("figures")
        if not isinstance(figures, list) or not figures:
            raise misread("claims: no figures", "list the columns that count, each with its tally")
        if ("day" in said) == ("month" in said):
            raise misread("claims: the period is not said", "give either 'day' or 'month'")
        if not {"claimant", "by"} & set(said):
            raise misread("claims: nobody claims them", "give 'claimant', or 'by'")
        return Claims(
            taken={name: Taking.read(said[name], name) for name in TAKEN if name in said},
            besides={name: Taking.read(said[name], name) for name in BESIDES if name in said},
            figures=tuple(_figure(one) for one in figures),
            unless=_unless(said.get("unless")),
            rows=str(said.get("rows", "")),
        )

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield each column that it names, and what becomes of it."""
        for taking in (*self.taken.values(), *self.besides.values()):
            yield from ((column, taking.key) for column in taking.named())
        for one in self.figures:
            counted = f", counted as {one.fields['counted_as']}" if "counted_as" in one.fields else ""
            yield one.column, f"{'running total' if one.total else 'figure'} of tally {one.fields['tally']}{counted}"
            yield from ((column, "says where a running total begins anew") for column in [one.restarts] if column)
            yield from ((column, "says which figures are left out") for column in one.unless)
        yield from ((column, "says which rows are left out") for column in self.unless)

    def needed(self) -> list[str]:
        """Return the columns without which nothing can be used. A list of objects need not have every figure."""
        return [column for taking in self.taken.values() for column in taking.named()]


def described(setting: Setting, header: Iterable[str]) -> list[tuple[str, str]]:
    """Return each column of a file and what becomes of it. Raises Refused."""
    became: dict[str, list[str]] = {}
    for column, what in Claims.of(setting).columns():
        became.setdefault(column, []).append(what)
    return [(column, "; ".join(dict.fromkeys(became.get(column, ["not read"])))) for column in header]


def _figure(said: Json) -> Figure:
    if (
        not isinstance(said, dict)
        or not isinstance(said.get("column"), str)
        or not isinstance(said.get("tally"), str)
    ):
        raise misread("claims: a figure without its column or its tally", "write {column: killed, tally: killed}")
    for name in set(said) - set(FIGURE):
        raise misread(f"claims: '{name}' says nothing of a figure", suggestion(name, FIGURE))
    return Figure(
        column=str(said["column"]),
        fields={name: said[name] for name in ("tally", "counted_as", "category", "supported") if name in said},
        total=said.get("total") is True,
        since=_since(said.get("since")),
        restarts=str(said.get("restarts", "")),
        unless=_unless(said.get("unless")),
    )


def _since(said: Json) -> dict[str, date]:
    """Return the day with which a running total began, by the cell that says where it begins anew; "": any."""
    days = said if isinstance(said, dict) else {} if said is None else {"": said}
    try:
        return {part: date.fromisoformat(str(day)) for part, day in days.items()}
    except ValueError:
        raise misread(f"claims: since {said!r} is no day", "write it as 2031-03-04") from None


def _unless(said: Json) -> dict[str, tuple[str, ...]]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise misread("claims: 'unless' is no list of pairs", "write unless: {column: [cell, cell]}")
    several = {column: words if isinstance(words, list) else [words] for column, words in said.items()}
    return {column: tuple(str(word) for word in words) for column, words in several.items()}


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the claims of files, and what is wrong with them. Raises Refused for a mapping that cannot be used."""
    yield from each_part(paths, setting, partial(_part, Claims.of(setting), setting))


def _part(claims: Claims, setting: Setting, part: Part, file: str) -> Iterator[Row | Fault]:
    begun = part.head().lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    records = _objects(claims, setting, part, file) if begun in {b"[", b"{"} else _table(claims, setting, part, file)
    series = _Series(claims, setting)
    for record in records:
        if isinstance(record, Fault):
            yield record
        else:
            yield from series.claims(record)
    for what, number in sorted(series.left_out.items()):
        setting.note(f"{file}: {number:,} {what}")


def _table(claims: Claims, setting: Setting, part: Part, file: str) -> Iterator[Record | Fault]:
    table = Delimited(part, file)
    faults = table.faults([*claims.needed(), *(one.column for one in claims.figures)])
    if faults:
        yield from faults
        return
    setting.note(table.said())
    _became(table.header, setting)
    yield from table.records()


def _became(header: Iterable[str], setting: Setting) -> None:
    """Say what became of each column."""
    for column, what in described(setting, header):
        setting.became(column, what)


def _objects(claims: Claims, setting: Setting, part: Part, file: str) -> Iterator[Record | Fault]:
    text, looked = whole_text(part, setting), False
    for found in json_rows(text, file, under=claims.rows) if text is not None else ():
        if isinstance(found, Fault):
            yield found
            continue
        where, value, original = found
        if not isinstance(value, dict):
            yield where.fault("", "not an object", "the row was left out")
            continue
        cells = dict(flat(value))
        if not looked:
            if faults := missing(cells, claims.needed(), where):
                yield from faults
                return
            _became(dict.fromkeys([*cells, *(column for column, _ in claims.columns())]), setting)
        looked = True
        yield Record(where, cells, original)


@dataclass(slots=True)
class _Period:
    """What a row counted over, as moments; `hours` is 0 where it is no report."""

    start: int
    end: int
    last: date
    empty: bool = False


@dataclass(slots=True)
class _Series:
    """The claims of one file as its rows come, and the highest of each running total so far."""

    mapping: Claims
    setting: Setting
    highest: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    """By column and part: the end of its period, the figure, the line."""
    left_out: Counter[str] = field(default_factory=Counter)

    def claims(self, record: Record) -> Iterator[Row | Fault]:
        """Yield the claims of a row, and what is wrong with its figures."""
        if _excepted(self.mapping.unless, record):
            self.left_out["rows left out, being no reports"] += 1
            return
        try:
            period = self._period(record)
            common = self._common(record, period)
        except ValueError as error:
            yield record.where.fault("", str(error), "the row was left out")
            return
        if period.empty:
            self.left_out["rows without a period, which make no claims"] += 1
        for figure in self.mapping.figures:
            cell = record.cells.get(figure.column)
            if cell is not None and not _excepted(figure.unless, record):
                yield from self._claim(figure, cell, record, period, common)

    def _claim(  # noqa: PLR0917  what a claim is made of
        self, figure: Figure, cell: str, record: Record, period: _Period, common: Mapping[str, Json]
    ) -> Iterator[Row | Fault]:
        try:
            value = amount(cell)
        except ValueError as error:
            yield record.where.fault("", f"{figure.column}: {error}", "the figure was left out")
            return
        if period.empty:
            if not figure.total and value != 0:
                what = f"{figure.column}: {cell} counted in a period of no length"
                yield record.where.fault("", what, "ask the source over which time; the figure was left out")
            return
        if figure.total and isinstance(value, int) and (fault := self._fallen(figure, value, record, period)):
            yield fault
            return
        name = f"{self.setting.source}/{figure.column}/{period.last.isoformat()}"
        columns: dict[str, Json] = {
            "id": name,
            "kind": "claim",
            "fields": {**figure.fields, "value": value},
            **common,
        }
        columns["until"] = write_moment(period.end)
        if not figure.total:
            columns["from"] = write_moment(period.start)
        elif (began := figure.since.get(figure.part(record))) is not None:
            columns["from"] = write_moment(start_of_day(began, self.setting.zone))
        yield Row(record.where, columns, record.original)

    def _fallen(self, figure: Figure, value: int, record: Record, period: _Period) -> Fault | None:
        """Return what is wrong with a running total that falls; else remember it."""
        key = figure.column, figure.part(record)
        end, most, line = self.highest.get(key, (period.end, value, 0))
        if (period.end >= end and value < most) or (period.end < end and value > most):
            said = "was" if period.end >= end else "is, on a later day,"
            what = f"{figure.column}: a running total of {value:,}, which {said} {most:,} in line {line}"
            return record.where.fault("", what, "it cannot fall: ask the source which is right; it was left out")
        if period.end >= end:
            self.highest[key] = period.end, value, record.where.line
        return None

    def _period(self, record: Record) -> _Period:
        zone, taken = self.setting.zone, self.mapping.taken
        if "month" in taken:
            first = _month(taken["month"].text(record))
            last = add_months(first, 1) - timedelta(days=1)
            return _Period(start_of_day(first, zone), end_of_day(last, zone), last)
        text = taken["day"].text(record)
        found = told(text, taken["day"].formats)
        last = found.date() if isinstance(found, datetime) else found
        said = taken["hours"].value(record) if "hours" in taken else HOURS_OF_A_DAY
        hours = amount(str(said)) if said is not None else HOURS_OF_A_DAY
        if not isinstance(hours, int):
            raise ValueError(f"hours: '{said}' is no length of time")  # noqa: TRY004  of what the source says
        end = end_of_day(last, zone)
        if hours % HOURS_OF_A_DAY == 0:
            first = last - timedelta(days=max(hours // HOURS_OF_A_DAY - 1, 0))
            return _Period(start_of_day(first, zone), end, last, empty=hours == 0)
        return _Period(end + 1 - hours * HOUR, end, last)

    def _common(self, record: Record, period: _Period) -> dict[str, Json]:
        taken = self.mapping.taken
        columns: dict[str, Json] = {}
        for name, column in (("claimant", "source"), ("by", "by")):
            if name in taken and (text := clean(taken[name].text(record))):
                columns[column] = text
        if not columns:
            raise ValueError("nobody is said to claim it")
        learned = taken["learned_at"].moment(record, self.setting) if "learned_at" in taken else ""
        columns["learned_at"] = write_moment(max(parse_moment(learned), period.end) if learned else period.end)
        besides = {name: taking.value(record) for name, taking in self.mapping.besides.items()}
        return {**columns, **{name: value for name, value in besides.items() if value is not None}}


def _excepted(unless: Mapping[str, tuple[str, ...]], record: Record) -> bool:
    return any(record.cells.get(column, "") in words for column, words in unless.items())


def _month(text: str) -> date:
    match = _MONTH.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), 1) if match else date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"month: '{text[:40]}' is no month: write it as 2019-03") from None
