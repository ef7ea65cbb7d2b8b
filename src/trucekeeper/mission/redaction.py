"""Sealing, objecting and redacting, as statements: what each says, and what goes with it.

A redaction says what is left of a fact, which must be worked out while its words can still be read, and which
originals are destroyed with it: those that no other statement names that still stands. Both are written into it, so
that whoever keeps can destroy them again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.seals import originals_named
from trucekeeper.mission import kinds
from trucekeeper.mission.projections import LEFT, as_json, hidden_in, left_of
from trucekeeper.mission.restored import hidden_by
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.evidence import Evidence
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission

SEAL, OBJECT, REDACT = "seal", "object", "redact"
NEEDED = ("learned_at",)
"""What no redacted fact can be read without."""
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What the redaction of one entry would say: what is left, and which originals go and which stay."""

    body: Body
    label: Body
    kept: int
    """So many of its originals are named by other statements, and stay."""


def until(mission: Mission, entry: int) -> int | None:
    """Return until when a sealed entry may be objected to, None if it is not sealed."""
    charter = mission.journal.charter()
    if charter is None or entry not in charter.seals.sealed:
        return None
    return charter.seals.sealed[entry].at + charter.seals.window


def redaction(mission: Mission, entry: int, why: str, columns: Sequence[str] = LEFT) -> Redaction:
    """Return what the redaction of an entry says. Raises Refused if nobody can read the entry any more."""
    hidden = hidden_by(mission.settings.folder)
    if entry in hidden:  # its words did not come back from a backup: what was left of them did
        left = hidden[entry]
        label: Body = {name: one for name, one in left.items() if name in kinds.LABEL}
        return Redaction({"entry": entry, "left": left, "why": why}, label, 0)
    said = _readable(mission, entry)
    named = said.statement.kind in kinds.NAMED
    whole = {**said.body, **said.statement.label}
    gone = lone_originals(mission, entry, said)
    kept = _left(mission, entry, _columns(columns, whole)) if named else {}
    body: Body = {"entry": entry, "left": kept, "why": why}
    if gone:
        body["evidence"] = [*gone]
    return Redaction(body, dict(said.statement.label), len(set(_originals(said.body, mission.evidence))) - len(gone))


def revisions_shown(mission: Mission, entry: int) -> list[int]:
    """Return the entries of the other revisions of a fact that are on record and shown; none of what is no fact."""
    mission.projections.catch_up(mission.journal)
    several = mission.projections.told(entry, entry + 1, only=kinds.NAMED)
    hidden = hidden_in(mission.journal.charter())
    found = {
        told.seq
        for one in several
        for told in mission.projections.revisions(one.kind, one.delegation, [str(one.row["id"])])
    }
    return sorted(found - {entry} - hidden.keys())


def examine(said: Accepted, mission: Mission) -> None:
    """Hold that a redaction leaves what its entry said, and destroys its originals alone. Raises RefusedError.

    Without this any two delegations could destroy the agreement itself, as the evidence of some entry, or redact
    a fact that nobody sealed by leaving its name, or tell all what its label kept from them by leaving that out.
    """
    if said.statement.kind != REDACT:
        return
    entry, left = said.body["entry"], said.body["left"]
    if not isinstance(entry, int) or not isinstance(left, dict):
        raise TypeError("bug: the charter lets nothing pass that is of no entry, or says nothing of what is left")
    try:
        if left and as_json(left) != as_json(_left(mission, entry, tuple(left))):
            raise RefusedError(f"what it leaves is not what entry {entry} says, with its label, and for whom")
        strange = originals_named(said.body)
        if strange:
            strange -= set(lone_originals(mission, entry, _readable(mission, entry)))
    except Refused as refused:
        raise RefusedError(refused.faults[0].what) from None
    if strange:
        raise RefusedError(f"it would destroy {len(strange)} originals that are not those of entry {entry} alone")


def _left(mission: Mission, entry: int, columns: Sequence[str]) -> Body:
    """Return what a redaction of an entry may leave, by its columns. Raises Refused if nobody can read it."""
    hidden = hidden_by(mission.settings.folder)
    if entry in hidden:
        return hidden[entry]
    said = _readable(mission, entry)
    kind = said.statement.kind
    if kind not in kinds.NAMED:
        return {}
    mission.projections.catch_up(mission.journal)
    (told,) = mission.projections.told(entry, entry + 1)
    return left_of(kind, {**said.body, **said.statement.label}, told.delegation, columns)


def lone_originals(mission: Mission, entry: int, said: Accepted) -> list[str]:
    """Return the originals that only this statement names, by the names of their files."""
    own = dict(_originals(said.body, mission.evidence))
    if not own:
        return []
    journal, charter = mission.journal, mission.journal.charter()
    mission.projections.catch_up(journal)
    sealed = () if charter is None else charter.seals.sealed
    others = [one for seq in sealed if seq != entry for one in journal.store.entries(seq, seq + 1)]
    others += journal.store.entries(governing=True)  # the agreements, those that came too late among them
    elsewhere = {digest for one in journal.opened(others) if one is not None for digest in _digests(one.body)}
    shown = mission.projections
    return sorted(name for one, name in own.items() if one not in elsewhere and not shown.names(one, entry))


def _readable(mission: Mission, entry: int) -> Accepted:
    """Return what an entry says. Raises Refused if it is not there, or nobody can read it any more."""
    store, where = mission.journal.store, f"entry {entry}"
    found = list(store.entries(entry, entry + 1))
    said = mission.journal.opened(found)
    if not found:
        raise Refused([Fault(where, 0, 0, f"the record has {store.size():,} entries", "they are counted from 0")])
    if said[0] is None:
        raise Refused([Fault(where, 0, 0, "it was redacted already", "nothing of it can be read any more")])
    return said[0]


def _columns(wanted: Sequence[str], row: Body) -> tuple[str, ...]:
    """Return the columns of a fact's row that are left. Raises Refused for one that it does not have."""
    for one in wanted:
        if one not in row and one not in LEFT:
            what = f"the entry says nothing under '{one[:80]}'"
            raise Refused([Fault("--leave", 0, 0, what, suggestion(one, row))])
    # A fact that is still known by its name is known by its revision also, or it would be taken for the first.
    return (*wanted, *NEEDED, *(("rev",) if "id" in wanted else ()))


def _originals(body: Body, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield the originals that a body names: the SHA-256 and the name of the file of each."""
    for digest in _digests(body):
        name = evidence.name(digest)
        if name is not None:
            yield digest, name


def _digests(body: Body) -> set[str]:
    return set(_SHA256.findall(json.dumps(body)))
