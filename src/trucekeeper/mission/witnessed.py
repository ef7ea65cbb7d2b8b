"""Witnessed: how far each witness has followed the record, and since when something on it waits for the quorum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note, UntrustedError
from trucekeeper.terms.moments import HOUR, SECOND

if TYPE_CHECKING:
    from trucekeeper.ledger.policies import Known, Policy
    from trucekeeper.mission.mission import Mission
    from trucekeeper.terms import Moment

MOST_HEADS = 1000
"""So many heads back it is looked for what a witness has cosigned."""
TOO_LONG = HOUR
"""What waits longer for its witnesses is told on every page."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How many entries a witness has seen by its last cosignature, and when; None if it gave none for long."""

    name: str
    size: int | None = None
    at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Witnessing:
    """What each witness of the policy has seen, and since when a head waits for the quorum; None if none does.

    One that was signed before all that is looked at has waited for at least so long.
    """

    seen: tuple[Seen, ...]
    waits_since: Moment | None

    def waits_too_long(self, now: Moment) -> bool:
        """Return whether what is on record has been unwitnessed for an hour."""
        return self.waits_since is not None and now - self.waits_since >= TOO_LONG


def witnessing(mission: Mission) -> Witnessing:
    """Return how far the witnesses have followed the record."""
    policy = mission.settings.policy
    seen = {name: Seen(name) for name in sorted(policy.witnesses)}
    waits_since: Moment | None = None
    trusted = False
    for head in mission.journal.store.heads_back(MOST_HEADS):
        note = Note.read(head.note)
        for name in [name for name, one in seen.items() if one.size is None]:
            seen[name] = _seen(policy.witnesses[name], name, note, head.size)
        trusted = trusted or _is_trusted(policy, note)
        if not trusted:
            waits_since = head.at
        elif all(one.size is not None for one in seen.values()):
            break
    return Witnessing(tuple(seen.values()), waits_since)


def _seen(known: Known, name: str, note: Note, size: int) -> Seen:
    try:
        by = note.by(known.key)
    except UntrustedError:
        return Seen(name)
    return Seen(name, size, max(one.time for one in by) * SECOND) if by else Seen(name)


def _is_trusted(policy: Policy, note: Note) -> bool:
    try:
        policy.trusts(note)
    except (UntrustedError, MalformedError):
        return False
    return True
