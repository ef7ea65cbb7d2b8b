"""A mission as a folder: `agreement.yaml`, `zones.geojson` and `facts*.{yaml,ndjson,csv,parquet}`.

Reading it touches files; every answer after that is a pure function of what was read.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.agreement.load import Draft, draft_agreement
from trucekeeper.compliance.knowledge import released
from trucekeeper.compliance.standing import Question, Standing, standing
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.mission.changes import Change, changes
from trucekeeper.mission.facts_files import read_facts
from trucekeeper.mission.unlinked import Note, unlinked
from trucekeeper.terms import Fact, Fault, Moment, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand

AGREEMENT, ZONES = "agreement.yaml", "zones.geojson"
FACTS = "facts*.*"
"""A file of facts by its name is read, or refused by its ending, and never passed over."""


@dataclass(frozen=True, slots=True)
class Step:
    """What changed when further facts came on record at one moment; without facts, what passing time changed."""

    moment: Moment
    facts: tuple[Fact, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Where in a mission's record this was read: its newest head, and the hash of the agreement's files."""

    size: int
    root: bytes
    agreement: str


@dataclass(frozen=True, slots=True)
class Folder:
    """An agreement and the facts on record, with the faults of those rows that could not be used.

    `record` is where in a mission's record they were read, if they were.
    """

    agreement: Agreement
    facts: tuple[Fact, ...]
    faults: tuple[Fault, ...]
    record: OnRecord | None = None

    def standing(self, question: Question, *, clause: str | None = None) -> Standing:
        """Return where every commitment, or those of one clause, stands."""
        return standing(self.agreement, self.facts, question, only=clause)

    def why(self, clause: str, question: Question, *, key: str | None = None) -> tuple[Stand, ...]:
        """Return the stands of one clause, or of one commitment of it by key or occurrence, with reasons."""
        stands = self.standing(question, clause=clause).stands
        return tuple(stand for stand in stands if key is None or stand.key.startswith(key) or stand.occurrence == key)

    def compare(self, earlier: Question, later: Question) -> tuple[Change, ...]:
        """Return what differs between two standings."""
        return changes(self.standing(earlier), self.standing(later))

    def unlinked(self) -> tuple[Note, ...]:
        """Return what somebody should look at in facts that change no verdict."""
        return unlinked(self.agreement, self.facts)

    def replay(self, question: Question) -> Iterator[Step]:
        """Yield, in order of knowledge, what each moment's new facts changed, each judged as of that moment.

        For an audience only what may be released to it has a moment at all.
        """
        before: Standing | None = None
        facts = [one for one in released(self.facts, question.audience) if one.known_at <= question.known_at]
        moments = sorted({fact.known_at for fact in facts})
        for moment in moments:
            if before is not None:
                passed = self.standing(replace(question, as_of=moment, known_at=moment - 1))
                yield Step(moment, (), changes(before, passed))
                before = passed
            now = self.standing(replace(question, as_of=moment, known_at=moment))
            new = tuple(fact for fact in facts if fact.known_at == moment)
            yield Step(moment, new, changes(before, now))
            before = now


def open_folder(path: Path, more_facts: Sequence[Path] = ()) -> Folder:
    """Return the mission in a folder. Raises Refused with every fault of its agreement, zones and facts.

    Faulty fact rows alone do not refuse the folder: they are listed in its `faults`, and the good rows are used.
    """
    draft = _draft(path)
    facts: tuple[Fact, ...] = ()
    fact_faults: tuple[Fault, ...] = ()
    if draft.names is not None:
        read = read_facts([*sorted(path.glob(FACTS)), *more_facts], draft.names)
        facts, fact_faults = read.facts, read.faults
    if draft.agreement is None:
        raise Refused([*draft.faults, *fact_faults])
    return Folder(draft.agreement, facts, fact_faults)


def open_agreement(path: Path) -> Agreement:
    """Return the agreement in a folder, its facts left alone. Raises Refused with every fault of it and its zones."""
    draft = _draft(path)
    if draft.agreement is None:
        raise Refused(list(draft.faults))
    return draft.agreement


def _draft(path: Path) -> Draft:
    """Return what could be read of the agreement and its zones, with every fault of both."""
    faults: list[Fault] = []
    zones, text = path / ZONES, _agreement_text(path, faults)
    atlas = _atlas(zones, faults) if zones.exists() else Atlas()
    draft = draft_agreement(text, str(path / AGREEMENT), atlas) if text is not None else Draft(None, None, ())
    if not faults:
        return draft
    return Draft(None, draft.names if atlas is not None else None, (*faults, *draft.faults))


def _agreement_text(path: Path, faults: list[Fault]) -> str | None:
    file = path / AGREEMENT
    if not path.is_dir():
        what = "this is a file, not a folder" if path.exists() else "there is no such folder"
        remedy = f"give the folder that holds {AGREEMENT}"
        faults.append(Fault(str(path), 0, 0, what, remedy))
        return None
    if not file.exists():
        near = sorted(one.name for one in path.iterdir() if one.suffix.lower() in {".yaml", ".yml"})
        remedy = f"give a folder that holds an {AGREEMENT}" + (f"; this one holds {', '.join(near)}" if near else "")
        faults.append(Fault(str(file), 0, 0, "there is no such file", remedy))
        return None
    return _text(file, faults)


def _atlas(file: Path, faults: list[Fault]) -> Atlas | None:
    """Return the zones and lines of a file; None, with its faults added, if it has any."""
    text = _text(file, faults)
    if text is None:
        return None
    try:
        return read_geojson(text, str(file))
    except Refused as refused:
        faults += refused.faults
        return None


def _text(path: Path, faults: list[Fault]) -> str | None:
    """Return the text of a file; None, with a fault added, if it cannot be read."""
    try:
        content = path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        faults.append(
            Fault(str(path), 0, 0, f"cannot be read: {error.strerror}", "is it a file, and may you read it?")
        )
        return None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        column = len(before[-1].decode(errors="replace")) + 1
        what = f"not UTF-8: the byte 0x{content[error.start]:02X}"
        faults.append(Fault(str(path), len(before), column, what, "save the file as UTF-8 text"))
        return None
