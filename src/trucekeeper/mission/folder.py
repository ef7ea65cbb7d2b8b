"""A mission as a folder: `agreement.yaml`, `zones.geojson` and `facts*.{yaml,ndjson,csv,parquet}`.

Reading it touches files; every answer after that is a pure function of what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import Known
from trucekeeper.compliance.standing import Question, Standing, standing
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.mission.changes import Change, changes
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.terms import Fact, Fault, Moment, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand

AGREEMENT, ZONES = "agreement.yaml", "zones.geojson"
FACTS = ("facts*.yaml", "facts*.ndjson", "facts*.csv", "facts*.parquet")


@dataclass(frozen=True, slots=True)
class Step:
    """What changed when further facts came on record at one moment."""

    moment: Moment
    facts: tuple[Fact, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """An agreement and the facts on record, with the faults of those rows that could not be used."""

    agreement: Agreement
    facts: tuple[Fact, ...]
    faults: tuple[Fault, ...]

    def standing(self, question: Question, *, clause: str | None = None) -> Standing:
        """Return where every commitment, or those of one clause, stands."""
        return standing(self.agreement, self.facts, question, only=clause)

    def why(self, clause: str, question: Question, *, key: str | None = None) -> tuple[Stand, ...]:
        """Return the stands of one clause, or of one commitment of it, each with its reasons."""
        stands = self.standing(question, clause=clause).stands
        return tuple(stand for stand in stands if key is None or stand.key.startswith(key))

    def compare(self, earlier: Question, later: Question) -> tuple[Change, ...]:
        """Return what differs between two standings."""
        return changes(self.standing(earlier), self.standing(later))

    def replay(self, question: Question) -> Iterator[Step]:
        """Yield, in order of knowledge, what each moment's new facts changed, each judged as of that moment."""
        before: Standing | None = None
        moments = sorted({fact.known_at for fact in self.facts if fact.known_at <= question.known_at})
        for moment in moments:
            now = self.standing(replace(question, as_of=moment, known_at=moment))
            new = tuple(fact for fact in self.facts if fact.known_at == moment)
            yield Step(moment, new, changes(before, now))
            before = now


def open_folder(path: Path, more_facts: Sequence[Path] = ()) -> Folder:
    """Return the mission in a folder. Raises Refused with every fault of its agreement and zones.

    Faulty fact rows do not refuse the folder: they are listed in its `faults`, and the good rows are used.
    """
    agreement = _agreement(path)
    known = Known(agreement.vocabulary, agreement.actors(), frozenset(agreement.atlas.ids()), agreement.time_zone)
    files = sorted({found for pattern in FACTS for found in path.glob(pattern)})
    read = read_facts([*files, *more_facts], known)
    return Folder(agreement, read.facts, read.faults)


def _agreement(path: Path) -> Agreement:
    file = path / AGREEMENT
    if not file.is_file():
        raise Refused([Fault(str(file), 0, 0, "there is no such file", f"give a folder that holds an {AGREEMENT}")])
    faults: list[Fault] = []
    atlas: Atlas | None = None
    zones = path / ZONES
    try:
        atlas = read_geojson(_text(zones), str(zones)) if zones.is_file() else Atlas()
    except Refused as refused:
        faults += refused.faults
    try:
        agreement = load_agreement(_text(file), str(file), atlas)
    except Refused as refused:
        raise Refused([*faults, *refused.faults]) from refused
    if faults:
        raise Refused(faults)
    return agreement


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}"
        raise Refused([Fault(str(path), 0, 0, what, "save the file as UTF-8")]) from error
