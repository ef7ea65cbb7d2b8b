"""What a source's files have always been like, so that one which has silently changed stops before anything enters.

A layout that shifts by a column, a date that changes its order, an export without its coordinates: each row may still
be read, and every one is wrong. So a file is read twice. The first time only counts, and where a bound is broken the
file is refused as a whole, with the figure and what to do; the second time hands out its rows. That costs time, and
keeps memory to 24 bytes for each row. The same first reading finds names that stand for two rows: rows that say the
same are handed out once, of those that do not none is used, and each is named with the line of the first.

`expects.yaml` of a source, and `expects` of a mapping file, which replaces what it names:

    columns: [id, date_start]           without which nothing of a file can be used
    from_rows: 50                       shares are judged from so many rows on; 50 if absent
    rows: {least: 1, most: 5000000}     how many rows a file has
    refused: {most: 10}                 percent of rows that cannot be read
    place: {least: 95}                  percent of reports with a place
    day: {least: 60}                    percent of reports whose time is known to the day, or better
    kind: {least: 100}                  percent of reports whose word for what happened is in `rulings.yaml`
    numbers: {killed: {most: 100000}}   what no field of any row lies outside of
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.rulings import plain
from trucekeeper.intake.said import Row, Said
from trucekeeper.intake.source import shipped
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import DAY, HOUR, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.setting import Setting
    from trucekeeper.intake.source import Read
    from trucekeeper.journal.canonical import Json

FEW = 50
"""Of fewer rows a share says nothing: one in ten may be all there is."""
FEW_NAMED = 3
"""So many of several files are named where all are meant."""
A_DAY = DAY + 2 * HOUR
"""A civil day has 25 hours at most."""
SHARES = {
    "refused": "of the rows cannot be read",
    "place": "of the reports have a place",
    "day": "of the reports are known to the day",
    "kind": "of the reports name what happened in words that are ruled on",
}
KEYS = ("columns", "from_rows", "rows", "numbers", *SHARES)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a figure has been."""

    least: int | None = None
    most: int | None = None

    @staticmethod
    def read(said: Json, name: str) -> Bounds:
        """Return bounds as YAML says them. Raises Refused."""
        match said:
            case dict() if set(said) <= {"least", "most"} and all(type(one) is int for one in said.values()):
                return Bounds(**said)  # type: ignore[arg-type]  # held above
        raise _misread(f"'{name}' is {said!r}", "write {least: 5, most: 90}, or one of the two, in whole numbers")

    def holds(self, figure: float) -> bool:
        """Return whether a figure lies within."""
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)

    def __str__(self) -> str:
        words = [
            f"{bound:,} or {more}" for bound, more in ((self.least, "more"), (self.most, "less")) if bound is not None
        ]
        return " and ".join(words)


@dataclass(frozen=True, slots=True)
class Expects:
    """The bounds of one source's files."""

    columns: tuple[str, ...] = ()
    from_rows: int = FEW
    rows: Bounds = Bounds(least=1)
    shares: Mapping[str, Bounds] = field(default_factory=dict)
    numbers: Mapping[str, Bounds] = field(default_factory=dict)

    @staticmethod
    def of(package: str, setting: Setting) -> Expects:
        """Return what a source's folder expects, and the mapping file instead. Raises Refused."""
        ours = setting.options.get("expects") or {}
        if not isinstance(ours, dict):
            raise _misread(f"'expects' is {ours!r}", "write 'name: bounds' pairs")
        return Expects.read({**shipped(package, "expects.yaml"), **ours})

    @staticmethod
    def read(said: Mapping[str, Json]) -> Expects:
        """Return what YAML says. Raises Refused."""
        for name in set(said) - set(KEYS):
            raise _misread(f"'{name}' is nothing that can be expected", suggestion(name, KEYS))
        columns, few, numbers = said.get("columns", []), said.get("from_rows", FEW), said.get("numbers") or {}
        if not isinstance(columns, list) or type(few) is not int or not isinstance(numbers, dict):
            raise _misread("columns, from_rows or numbers is amiss", "write a list, a whole number, and pairs")
        return Expects(
            columns=tuple(str(one) for one in columns),
            from_rows=few,
            rows=Bounds.read(said.get("rows", {"least": 1}), "rows"),
            shares={name: Bounds.read(said[name], name) for name in SHARES if name in said},
            numbers={name: Bounds.read(one, name) for name, one in numbers.items()},
        )

    def broken(self, seen: Seen, file: str) -> list[Fault]:
        """Return which bounds a file breaks. A file of which nothing was read says so by its own faults."""
        if not seen.rows:
            return []
        faults = list(seen.outside)
        if not self.rows.holds(seen.rows):
            faults.append(_changed(file, f"it has {seen.rows:,} rows", f"{self.rows}", "rows"))
        if seen.rows < self.from_rows:
            return faults
        for name, bounds in self.shares.items():
            among = seen.rows if name == "refused" else seen.reports
            percent = 100 * seen.counts[name] / among if among else 0.0
            if among and not bounds.holds(percent):
                what = f"{percent:.1f} percent {SHARES[name]}, {seen.counts[name]:,} of {among:,}"
                faults.append(_changed(file, what, f"{bounds} percent", name))
        return faults


def _misread(what: str, remedy: str) -> Refused:
    return Refused([Fault("expects", 0, 0, what, remedy)])


def _changed(file: str, what: str, usual: str, name: str) -> Fault:
    remedy = (
        "has the source changed its layout, or is this another file? Look at some of its rows; if they are right, "
        f"say so in the mapping file: 'expects: {{{name}: ...}}'"
    )
    return Fault(file, 0, 0, f"{what}, and this source always had {usual}: nothing of the file is used", remedy)


@dataclass(slots=True)
class Seen:
    """What the first reading of a file counts, with the bounds of numbers and the words that are ruled on."""

    numbers: Mapping[str, Bounds]
    kinds: frozenset[str]
    rows: int = 0
    reports: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    outside: list[Fault] = field(default_factory=list)
    names: array[int] = field(default_factory=lambda: array("Q"))
    contents: array[int] = field(default_factory=lambda: array("Q"))
    lines: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, one: Said | Row | Fault) -> None:
        """Count one row, or one that cannot be read."""
        if isinstance(one, Fault):
            self.rows += one.line > 0
            self.counts["refused"] += one.line > 0
            return
        self.rows += 1
        name, content = _digests(one)
        self.names.append(name)
        self.contents.append(content)
        self.lines.append(one.where.line)
        self._numbers(one)
        if isinstance(one, Said):
            self.reports += 1
            self.counts["place"] += "lat" in one.columns or "zone" in one.columns
            self.counts["day"] += _to_the_day(one)
            kind = one.words.get("kind")
            self.counts["kind"] += kind is None or (isinstance(kind, str) and plain(kind) in self.kinds)

    def _numbers(self, one: Said | Row) -> None:
        fields = one.columns.get("fields")
        for name, bounds in self.numbers.items():
            figure = fields.get(name) if isinstance(fields, dict) else None
            figures = figure.values() if isinstance(figure, dict) else [figure]
            for number in figures:
                if isinstance(number, int) and not bounds.holds(number) and not self.outside:
                    what = f"{name} is {number:,}"
                    fault = _changed(one.where.file, what, str(bounds), "numbers")
                    self.outside.append(replace(fault, line=one.where.line))

    def twice(self) -> tuple[frozenset[int], dict[int, int]]:
        """Return which rows say again what another said, and of those whose names clash the line of the first.

        Rows are counted from 0, those that cannot be read left out.
        """
        names, contents = np.frombuffer(self.names, np.uint64), np.frombuffer(self.contents, np.uint64)
        order = np.argsort(names, kind="stable")
        same = np.flatnonzero(np.diff(names[order]) == 0) if len(order) else np.array([], np.int64)
        again, clashes = set[int](), dict[int, int]()
        for group in np.split(same, np.flatnonzero(np.diff(same) > 1) + 1) if len(same) else ():
            several = [int(one) for one in order[group[0] : group[-1] + 2]]
            if len({int(contents[one]) for one in several}) == 1:
                again |= set(several[1:])
            else:
                clashes |= dict.fromkeys(several, self.lines[several[0]])
        return frozenset(again), clashes


def _digests(one: Said | Row) -> tuple[int, int]:
    """Return what stands for a row's name and for what it says, wherever it stands."""
    if isinstance(one, Said):
        name, content = one.name, repr(replace(one, where=_NOWHERE))
    else:
        name, content = str(one.columns.get("id")), repr(sorted(one.columns.items()))
    halves = (blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest() for text in (name, content))
    first, second = (int.from_bytes(half) for half in halves)
    return first, second


_NOWHERE = Where("")


def _to_the_day(said: Said) -> bool:
    if "at" in said.columns or "on" in said.columns:
        return True
    earliest, latest = said.columns.get("earliest"), said.columns.get("latest")
    if not isinstance(earliest, str) or not isinstance(latest, str):
        return False
    try:
        return parse_moment(latest) - parse_moment(earliest) <= A_DAY
    except ValueError:
        return False


def checked(read: Read, package: str) -> Read:
    """Return a reader that reads each file twice, and hands out nothing of one that is not as its source's are.

    Names are held apart in one file; of two files that give one name other contents, the later one corrects.
    """

    def held(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
        expects = Expects.of(package, setting)
        kinds = _ruled(package)
        for path in paths:
            seen = Seen(expects.numbers, kinds)
            for one in read([path], replace(setting, note=_quietly, became=_quietly)):
                seen.add(one)
            if broken := expects.broken(seen, path.name):
                yield from broken
            else:
                yield from _once_each(read([path], setting), seen)

    return held


def checked_together(read: Read, package: str) -> Read:
    """Return a reader as `checked` does, for a source of many small files that speak of one another.

    The bounds are those of all files at once. Names that clash are the reader's own affair.
    """

    def held(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
        expects = Expects.of(package, setting)
        seen = Seen(expects.numbers, _ruled(package))
        for one in read(paths, replace(setting, note=_quietly, became=_quietly)):
            seen.add(one)
        if broken := expects.broken(seen, ", ".join(path.name for path in paths[:FEW_NAMED])):
            yield from broken
        else:
            yield from read(paths, setting)

    return held


def _ruled(package: str) -> frozenset[str]:
    """Return the words for kinds on which a source's folder has rulings."""
    rulings = shipped(package, "rulings.yaml").get("kind")
    return frozenset(plain(str(word)) for word in rulings) if isinstance(rulings, dict) else frozenset()


def _quietly(*_: str) -> None:
    """Say nothing: the second reading will."""


def _once_each(found: Iterator[Said | Row | Fault], seen: Seen) -> Iterator[Said | Row | Fault]:
    """Yield the rows whose names are theirs alone, and a fault for each of the others."""
    again, clashes = seen.twice()
    number = -1
    for one in found:
        if isinstance(one, Fault):
            yield one
            continue
        number += 1
        if number in clashes:
            name = one.name if isinstance(one, Said) else one.columns.get("id")
            what = f"'{name}' stands for several rows that differ, first in line {clashes[number]}: none is used"
            yield one.where.fault("", what, "ask the source which is right, and remove the others")
        elif number not in again:
            yield one
