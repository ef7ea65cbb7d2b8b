"""The charter: what governs the record at one place in it, that is, who may sign and what is sealed.

It begins with the founding statement, which all its roots sign, and turns with each statement about keys or seals.
Nothing else is looked at, and no clock but the keeper's: what was allowed at its place stays allowed.

    found   {"origin":"example.com/truce","roots":["<base64>"],"log":"<vkey>","objection_hours":72}
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.journal.envelopes import NotSignedError
from trucekeeper.journal.keys import ABOUT_KEYS, KeyRing, NotAllowedError
from trucekeeper.journal.seals import ABOUT_SEALS, HOUR, NotSealedError, Seals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trucekeeper.journal.envelopes import Envelope
    from trucekeeper.journal.keys import Holder
    from trucekeeper.journal.statements import Body, Kinds, Statement, Upcaster

FOUND = "found"
GOVERNING: Mapping[str, tuple[Upcaster, ...]] = dict.fromkeys((FOUND, *ABOUT_KEYS, *ABOUT_SEALS), ())
"""The kinds of statement that govern the record, each in its first version."""
LONGEST_WINDOW = 24 * 365
"""A year, in hours."""
READER = "auditor"
"""Who has this role reads, and enters nothing."""


class RefusedError(Exception):
    """A statement may not enter the log; says why."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement that may enter the log: what it says in today's version, and the envelope in which it came."""

    statement: Statement
    body: Body
    envelope: Envelope

    @property
    def signers(self) -> frozenset[str]:
        """Return the keys that signed it."""
        return frozenset(self.envelope.signatures)


@dataclass(frozen=True, slots=True)
class Charter:
    """Who may sign, and what is sealed, at one place."""

    keys: KeyRing
    seals: Seals

    @classmethod
    def founded(cls, said: Accepted) -> Charter:
        """Return the charter of which the founding statement is all there is. Raises RefusedError."""
        if said.statement.kind != FOUND:
            raise RefusedError("the mission was not founded yet")
        try:
            ring = KeyRing.founded(said.body)
        except NotAllowedError as error:
            raise RefusedError(str(error)) from None
        if not ring.roots <= said.signers:
            raise RefusedError("every root signs the founding")
        hours = said.body.get("objection_hours", 0)
        if not isinstance(hours, int) or isinstance(hours, bool) or not 0 <= hours <= LONGEST_WINDOW:
            raise RefusedError(f"objection_hours is a whole number from 0 to {LONGEST_WINDOW}")
        return cls(ring, Seals(hours * HOUR))

    def signers(self, said: Accepted) -> tuple[Holder, ...]:
        """Return who signed a statement, each signature held against its key. Raises RefusedError."""
        try:
            found = tuple(self.keys.holder(key) for key in sorted(said.signers))
            for one in found:
                said.envelope.held_by(one.key)
        except (NotAllowedError, NotSignedError) as error:
            raise RefusedError(str(error)) from None
        readers = [one for one in found if one.role == READER]
        if readers:
            raise RefusedError(f"the key {readers[0].key.id[:16]} is an {READER}'s, who enters nothing")
        return found

    def after(
        self, said: Accepted, signers: Sequence[Holder], *, at: int, hideable: Callable[[int], bool]
    ) -> Charter:
        """Return what governs after a statement, by who signed it; most change nothing. Raises RefusedError.

        `hideable` says whether an entry is there by now and may be sealed.
        """
        kind = said.statement.kind
        if kind == FOUND:
            raise RefusedError("the mission was founded already")
        try:
            if kind in ABOUT_KEYS:
                return replace(self, keys=self.keys.after(kind, said.body, said.signers))
            if kind in ABOUT_SEALS:
                seals = self.seals.after(kind, said.body, at=at, signers=signers, hideable=hideable)
                return replace(self, seals=seals)
        except (NotAllowedError, NotSealedError) as error:
            raise RefusedError(str(error)) from None
        return self


def hold_signers(kinds: Kinds, said: Accepted, signers: Sequence[Holder]) -> None:
    """Hold that those signed a statement who may say such a thing. Raises RefusedError."""
    kind = said.statement.kind
    may = kinds.roles.get(kind)
    if may is not None and not any(one.role in may for one in signers):
        raise RefusedError(f"'{kind}' is signed by one of {', '.join(may)}")
    if kind in kinds.joint:
        _hold_joint(kinds, said, signers)


def _hold_joint(kinds: Kinds, said: Accepted, signers: Sequence[Holder]) -> None:
    """Hold that those signed who are named, each for himself and all for one delegation. Raises RefusedError."""
    kind = said.statement.kind
    words, may = kinds.joint[kind], kinds.roles.get(kind)
    named = [said.body.get(word) for word in words]
    persons = [one.name for one in signers]
    if len(signers) != len(words) or len(set(persons)) < len(persons) or "" in persons:
        raise RefusedError(f"'{kind}' is signed by {len(words)} persons, each by the name in his key's certificate")
    if {*persons} != {*map(str, named)} or len({one.delegation for one in signers}) > 1:
        raise RefusedError(f"'{kind}' is signed by those whom it names ({', '.join(words)}), for one delegation")
    if may is not None and not all(one.role in may for one in signers):
        raise RefusedError(f"'{kind}' is signed by nobody but {', '.join(may)}")


def turned(
    charter: Charter | None, said: Accepted, *, at: int, hideable: Callable[[int], bool]
) -> tuple[Charter, tuple[Holder, ...]]:
    """Return what governs after a statement, the founding one among them, and who signed it. Raises RefusedError."""
    if charter is None:
        founded = Charter.founded(said)
        return founded, founded.signers(said)
    signers = charter.signers(said)
    return charter.after(said, signers, at=at, hideable=hideable), signers
