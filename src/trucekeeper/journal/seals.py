"""Sealing and redaction: what nobody is shown any more, and what nobody can read any more.

    seal     {"entry":17,"why":"names a witness"}             at once, by a protection officer
    object   {"entry":17,"why":"it is evidence in case 4"}    by anybody's key, within the window
    redact   {"entry":17,"left":{...},"why":"..."}            after the window, by two delegations
             and, if it is of originals, "evidence":["<name>",...], which are destroyed with it

A seal hides an entry from all and can be seen by all in the log. Whoever objects before the window ends must be among
the two delegations that redact. Redaction destroys the entry's secret: its leaf and every proof of it stay true, and
what `left` says is all that is still known. Nothing that governs the record can be sealed. An original is named as
its file is, which tells nothing: its SHA-256 would let anybody try out what it had said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from trucekeeper.journal.keys import Holder
    from trucekeeper.journal.statements import Body

ABOUT_SEALS = ("seal", "object", "redact")
PROTECTION_OFFICER = "protection_officer"
HOUR = 3_600_000_000
"""Microseconds."""
LEAST_DELEGATIONS = 2
_ORIGINAL = re.compile("[0-9a-f]{64}")


class NotSealedError(Exception):
    """An entry may not be sealed or redacted so; says why."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal on an entry: since when, in microseconds, and who objected to destroying what it hides."""

    at: int
    objections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seals:
    """The seals at one place in the log, what was redacted, and how long anybody may object."""

    window: int
    sealed: Mapping[int, Seal] = field(default_factory=dict)
    redacted: Mapping[int, Body] = field(default_factory=dict)
    originals: frozenset[str] = frozenset()
    """The names of the originals that were redacted."""

    def after(
        self, kind: str, body: Body, *, at: int, signers: Collection[Holder], hideable: Callable[[int], bool]
    ) -> Seals:
        """Return the seals after a statement about one. Raises NotSealedError.

        `hideable` says whether an entry is there by now and governs nothing.
        """
        entry = body.get("entry")
        if not isinstance(entry, int) or isinstance(entry, bool) or not isinstance(body.get("why"), str):
            raise NotSealedError(f"'{kind}' says which entry, by its number, and why")
        if entry in self.redacted:
            raise NotSealedError(f"entry {entry} was redacted already")
        match kind:
            case "seal":
                return self._sealed(entry, at, signers, hideable)
            case "object":
                return self._objected(entry, at, signers)
            case _:
                return self._redacted(entry, body, at, signers)

    def _sealed(self, entry: int, at: int, signers: Collection[Holder], hideable: Callable[[int], bool]) -> Seals:
        if not any(one.role == PROTECTION_OFFICER for one in signers):
            raise NotSealedError(f"only a {PROTECTION_OFFICER} seals an entry")
        if entry in self.sealed:
            raise NotSealedError(f"entry {entry} is sealed already")
        if not hideable(entry):
            raise NotSealedError(f"entry {entry} is not there yet, or governs the record: it cannot be sealed")
        return replace(self, sealed={**self.sealed, entry: Seal(at)})

    def _objected(self, entry: int, at: int, signers: Collection[Holder]) -> Seals:
        seal = self._seal(entry)
        who = _delegations(signers)
        if not who:
            raise NotSealedError("only a delegation objects")
        if at > seal.at + self.window:
            raise NotSealedError(f"the time to object to entry {entry} is over")
        return replace(self, sealed={**self.sealed, entry: replace(seal, objections=seal.objections | who)})

    def _redacted(self, entry: int, body: Body, at: int, signers: Collection[Holder]) -> Seals:
        seal = self._seal(entry)
        who = _delegations(signers)
        if at <= seal.at + self.window:
            hours = max(1, -((at - seal.at - self.window) // HOUR))
            raise NotSealedError(f"entry {entry} may be objected to for {hours} more hours")
        if len(who) < LEAST_DELEGATIONS:
            raise NotSealedError(f"two delegations sign a redaction, and entry {entry} has {len(who)}")
        if not seal.objections <= who:
            missing = ", ".join(sorted(seal.objections - who))
            raise NotSealedError(f"{missing} objected, and did not sign the redaction of entry {entry}")
        left = body.get("left")
        if not isinstance(left, dict):
            raise NotSealedError("a redaction says what is left: {} for nothing")
        kept = {number: one for number, one in self.sealed.items() if number != entry}
        originals = self.originals | originals_named(body)
        return replace(self, sealed=kept, redacted={**self.redacted, entry: left}, originals=originals)

    def _seal(self, entry: int) -> Seal:
        if entry not in self.sealed:
            raise NotSealedError(f"entry {entry} is not sealed: that comes first")
        return self.sealed[entry]


def originals_named(body: Body) -> frozenset[str]:
    """Return the originals that a redaction destroys, by the names of their files. Raises NotSealedError."""
    several = body.get("evidence", [])
    if not isinstance(several, list) or not all(isinstance(one, str) and _ORIGINAL.fullmatch(one) for one in several):
        raise NotSealedError("a redaction lists its originals by the names of their files")
    return frozenset(map(str, several))


def _delegations(signers: Collection[Holder]) -> frozenset[str]:
    return frozenset(one.delegation for one in signers if one.delegation)
