"""Taking in what a source of `intake` reads: reports, and facts, as statements of the delegation that enters them.

A source enters the registry of the mission with the first rows that are taken of it, for those for whom these rows
are; when others are for more, it enters anew, for these as well. What is on record already, word for word, is known;
where a provider has changed a row since, the row is the next revision of the same report, and no second witness. With
`whole` the files are all that the source has: what is on record and not among them is retracted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.rows import Known as Names
from trucekeeper.agreement.rows import read_row, write_row
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.intake.checks import fault_of
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.said import Said
from trucekeeper.intake.setting import Setting
from trucekeeper.intake.source import named
from trucekeeper.mission import kinds
from trucekeeper.mission.saying import Known, Note, Saying
from trucekeeper.mission.telling import for_any, label_of, written
from trucekeeper.terms import Fault, Op, Refused
from trucekeeper.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row
    from trucekeeper.intake.source import Source
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.saying import Stream
    from trucekeeper.terms import Label

LOOKED_AT_ONCE = 500
NOT_SAID = frozenset({"rev", "row", "op"})
"""What two statements of one report may differ in and still say the same."""


_Good: TypeAlias = "tuple[Said | Row, str, Body]"
"""A row, the kind of statement that it makes, and what that says."""


@dataclass(frozen=True, slots=True)
class How:
    """How files are read: the options of a mapping file, and whether they are all that the source has."""

    options: Mapping[str, Json] = field(default_factory=dict)
    whole: bool = False


def taken(mission: Mission, name: str, paths: Sequence[Path], by: str, *, how: How) -> Stream:
    """Yield what the files of a source say. Raises Refused if there is no such source, or its files are another's."""
    source, entry = _entry(mission, name, by, how)
    registered = entry.registered
    agreement = mission.agreement(mission.adopted())
    notes: list[str] = []
    setting = Setting(
        source=registered.name,
        known=Names.of(agreement),
        now=mission.clock(),
        zone=registered.zone or agreement.time_zone,
        options=how.options,
        note=notes.append,
        became=lambda column, what: notes.append(f"{column}: {what}"),
        delegation=by,
        atlas=agreement.atlas,
    )
    taking = _Taking(mission, by, setting, entry)
    yield from taking.all_of(source.read(paths, setting))
    if how.whole:
        yield from taking.retracted()
    yield from map(Note, notes)


@dataclass
class _Entry:
    """A source's entry in the registry: what it says, and under which label that is on record (None: not yet)."""

    registered: Registered
    label: Label | None = None
    ours: bool = True
    """It is ours to have it say more, or to more; what another delegation registered stays as that has it."""

    def for_rows(self, rows: Iterable[Body]) -> Iterator[Saying]:
        """Yield the statement without which those for whom some rows are would not know their source."""
        labels = {label_of(row) for row in rows}
        if not labels or (self.label is not None and not self.ours):
            return
        label = for_any({*labels, *([] if self.label is None else [self.label])})
        if label != self.label:
            self.label = label
            yield Saying(kinds.SOURCE, self.registered.body(), written(label), f"source {self.registered.name}")


def _entry(mission: Mission, name: str, by: str, how: How) -> tuple[Source, _Entry]:
    """Return how a source is read, and its entry in the registry as a delegation sees that. Raises Refused."""
    there = registry(mission, by)
    said = how.options.get("source", {})
    if not isinstance(said, dict):
        raise Refused(
            [Fault("--mapping", 0, 0, "'source' says what the source is, as pairs", "name: ..., grade: ...")]
        )
    own = str(said.get("name", name))
    if own in there and not said:
        return named(there[own].registered.reader), there[own]
    source = named(name)
    shipped: Body = {**source.shipped("source.yaml"), "rulings": _merged(source.shipped("rulings.yaml"), said)}
    more: Body = {one: value for one, value in said.items() if one != "rulings"}
    try:
        registered = Registered.read({**shipped, **more, "name": own, "reader": source.name})
    except ValueError as error:
        raise Refused([Fault("--mapping", 0, 0, str(error), "see handbook/intake.md")]) from None
    if own in there and there[own].registered.body() == registered.body():
        return source, there[own]
    return source, _Entry(registered)


def registry(mission: Mission, by: str) -> dict[str, _Entry]:
    """Return the sources that a delegation registered, or may see, as what is on record says them last."""
    mission.projections.catch_up(mission.journal)
    audience = Audience(by, mission.clock())
    found: dict[str, _Entry] = {}
    for one in mission.projections.told(only=(kinds.SOURCE,)):
        label, ours = label_of(one.row), one.delegation == by
        if ours or audience.may_see(label):
            registered = Registered.read(kinds.parted(one.row)[0])
            found[registered.name] = _Entry(registered, label, ours)
    return found


def _merged(shipped: Mapping[str, Json], said: Mapping[str, Json]) -> Body:
    """Return the rulings that are shipped, with those of a mapping file."""
    own = said.get("rulings", {})
    merged: Body = {}
    for several in (shipped, own if isinstance(own, dict) else {}):
        for sort, words in several.items():
            before = merged.get(sort, {})
            merged[sort] = {**before, **words} if isinstance(before, dict) and isinstance(words, dict) else words
    return merged


class _Taking:
    """The rows of some files as they are held against what is on record."""

    def __init__(self, mission: Mission, by: str, setting: Setting, entry: _Entry) -> None:
        self._mission, self._by, self._setting, self._entry = mission, by, setting, entry
        self._digests: dict[str, bytes] = {}
        self._faulty = False

    def all_of(self, read: Iterator[Said | Row | Fault]) -> Stream:
        """Yield what rows say, or why one cannot be taken."""
        while several := list(islice(read, LOOKED_AT_ONCE)):
            faults = [one for one in several if isinstance(one, Fault)]
            self._faulty |= bool(faults)
            yield from faults
            rows = [one for one in several if not isinstance(one, Fault)]
            good: list[_Good] = []
            for one in rows:
                fault = fault_of(one, self._setting) or self._twice(one)
                if fault is not None:
                    self._faulty = True
                    yield fault
                    continue
                try:
                    good += self._bodies(one)
                except Refused as refused:
                    self._faulty = True
                    yield from refused.faults
            yield from self._entry.for_rows(row for _, _, row in good)
            yield from self._held_against_record(good)

    def retracted(self) -> Stream:
        """Yield the retraction of every report of the source that is on record and was not among the files.

        Where not all could be read nobody knows what is not among them, so nothing is retracted.
        """
        if self._faulty:
            what = "not all could be read, so nothing that is missing was retracted"
            yield Fault("--whole", 0, 0, what, "mend what is faulty, and enter the whole again")
            return
        mission, source = self._mission, self._setting.source
        mission.projections.catch_up(mission.journal)
        last: dict[str, Body] = {}
        for one in mission.projections.told(only=(kinds.REPORT,)):
            if one.delegation == self._by and one.row.get("source") == source:
                last[str(one.row["id"])] = one.row
        now = write_moment(self._setting.now)
        for name, row in last.items():
            if name not in self._digests and row.get("op") is None:
                body, label = kinds.parted(row)
                kept: Body = {"id": name, "source": source, "op": Op.RETRACT.value, "learned_at": now}
                yield Saying(kinds.REPORT, {**kept, "rev": _rev(body) + 1}, label, name)

    def _twice(self, one: Said | Row) -> Fault | None:
        """Return why a row says what one before it says otherwise; None, and remember it, if none does."""
        name = f"{self._setting.source}/{one.name}" if isinstance(one, Said) else str(one.columns.get("id"))
        digest = sha256(
            repr((one.columns, one.original, one.words) if isinstance(one, Said) else one.columns).encode()
        )
        before = self._digests.setdefault(name, digest.digest())
        if before == digest.digest():
            return None
        what = f"'{name[:80]}' stands there twice, and says two things"
        return one.where.fault("id", what, "the first was taken: which of them does the source mean?")

    def _bodies(self, one: Said | Row) -> Iterator[_Good]:
        """Yield what a row says as the row of a statement, with the statement's kind. Raises Refused."""
        if isinstance(one, Said):
            evidence = tuple(sha256(data).hexdigest() for data in one.attachments)
            yield one, kinds.REPORT, one.body(self._setting.source, evidence)
        else:
            fact = read_row(one.columns, self._setting.known, one.where)
            row: Body = dict(write_row(fact))  # type: ignore[arg-type]  # made of what JSON has
            yield one, kinds.FACT, row

    def _held_against_record(self, good: Sequence[_Good]) -> Stream:
        last: dict[tuple[str, str], Body] = {}
        for kind in kinds.NAMED:
            names = [str(row["id"]) for _, one, row in good if one == kind]
            for told in self._mission.projections.revisions(kind, self._by, names):
                key = kind, str(told.row["id"])
                if key not in last or _rev(last[key]) < _rev(told.row):
                    last[key] = told.row
        for one, kind, row in good:
            before = last.get((kind, str(row["id"])))
            if before is not None and (_same(before, row) or before.get("op") == Op.REDACT.value):
                yield Known(str(row["id"]))
                continue
            rev = 1 if before is None else _rev(before) + 1
            said = row if rev == 1 else {**row, "rev": rev}
            last[kind, str(row["id"])] = said
            originals = one.attachments if isinstance(one, Said) else ()
            yield Saying(kind, *kinds.parted(said), str(row["id"]), originals)


def _rev(row: Mapping[str, Json]) -> int:
    rev = row.get("rev", 1)
    return rev if isinstance(rev, int) else 1


def _same(before: Body, row: Body) -> bool:
    """Return whether a row says what is on record, by whichever file it came and whatever number it had."""
    if before.get("op") is not None:
        return False
    kept = {name: value for name, value in before.items() if name not in NOT_SAID}
    return kept == {name: value for name, value in row.items() if name not in NOT_SAID}
