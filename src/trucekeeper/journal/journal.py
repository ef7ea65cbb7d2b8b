"""The journal: statements are submitted by anybody, and integrated in order by one keeper, in groups.

Somebody has `journal.submit(envelope)` put it into the inbox, durable, and gets a ticket; a keeper has
`keeper.integrate()` put it into the log, under a signed head; `journal.outcome(ticket)` tells its number in the log,
or why it was refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.journal.canonical import NotCanonicalError
from trucekeeper.journal.charter import Accepted, Charter, RefusedError, turned
from trucekeeper.journal.envelopes import Envelope
from trucekeeper.journal.sealing import NotOpenedError, seal
from trucekeeper.journal.statements import Kinds, NotAStatementError, Statement
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.tiles import TileNodes, tiles_beside
from trucekeeper.ledger.tree import inclusion_proof

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucekeeper.journal.store import Entry, Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission: its number in the log, or why it was refused; neither while it waits."""

    seq: int | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """A store, the kinds of statement that are known, and bytes that nobody can guess.

    `examine` raises RefusedError for a statement that may not enter, for reasons beyond who signed it.
    """

    store: Store
    kinds: Kinds
    random: Callable[[int], bytes]
    examine: Callable[[Accepted], None] = lambda _: None

    def submit(self, envelope: bytes) -> bytes:
        """Put a signed statement into the inbox, and return its ticket. Raises RefusedError if it is none."""
        return self.submit_all([envelope])[0]

    def submit_all(self, envelopes: Sequence[bytes]) -> list[bytes]:
        """Put signed statements into the inbox, all or none, and return their tickets. Raises RefusedError.

        The same bytes have the same ticket and become one entry, however often and by how many they are submitted.
        """
        for one in envelopes:
            self.read(one)
        digests = [sha256(one).digest() for one in envelopes]
        new = dict(zip(digests, envelopes, strict=True))
        self.store.submit([(digest, *seal(one, self.random)) for digest, one in new.items()])
        return digests

    def outcome(self, ticket: bytes) -> Outcome:
        """Return what became of a submission."""
        return self.outcomes([ticket])[0]

    def outcomes(self, tickets: Sequence[bytes]) -> list[Outcome]:
        """Return what became of submissions."""
        places = self.store.places(tickets)
        refused = self.store.refusals([one for one in tickets if one not in places])
        return [Outcome(places.get(one), refused.get(one)) for one in tickets]

    def read(self, envelope: bytes) -> Accepted:
        """Return what an envelope says, whoever signed it. Raises RefusedError."""
        try:
            read = Envelope.read(envelope)
            statement = Statement.read(read.payload)
            return Accepted(statement, self.kinds.body(statement), read)
        except (NotCanonicalError, NotAStatementError) as error:
            raise RefusedError(str(error)) from None

    def opened(self, entries: Sequence[Entry]) -> list[Accepted | None]:
        """Return what entries say, None for one whose secret was destroyed.

        Raises NotOpenedError, which names the entry, for one that was tampered with.
        """
        secrets = self.store.secrets([one.sealed.leaf for one in entries])
        return [self._opened(one, secrets.get(one.sealed.leaf)) for one in entries]

    def _opened(self, entry: Entry, secret: bytes | None) -> Accepted | None:
        if secret is None:
            return None
        try:
            return self.read(entry.sealed.open(secret))
        except (NotOpenedError, RefusedError) as error:
            raise NotOpenedError(f"entry {entry.seq}: {error}") from None

    def charter(self, size: int | None = None) -> Charter | None:
        """Return what governs after the first `size` entries, or after all; None in an empty log.

        Raises NotOpenedError, which names the entry.
        """
        found: Charter | None = None
        entries = list(self.store.entries(end=size, governing=True))
        for entry, said in zip(entries, self.opened(entries), strict=True):
            if said is None:
                raise NotOpenedError(f"entry {entry.seq} governs the record, and its secret is not in the vault")
            try:
                found, _ = turned(found, said, at=entry.at, hideable=lambda _: True)
            except RefusedError as error:
                raise NotOpenedError(f"entry {entry.seq} may not be where it is: {error}") from None
        return found

    def proof(self, seq: int, size: int | None = None) -> Proof:
        """Return the proof of an entry under the newest head, or that of a size. Raises LookupError."""
        data = self.store.head(size)
        if data is None:
            raise LookupError("there is no signed head yet")
        said, note = Checkpoint.read(data)
        if not 0 <= seq < said.head.size:
            raise LookupError(f"entry {seq} is not under the head of {said.head.size}")
        nodes = TileNodes(self.store.tiles_held(tiles_beside(seq, said.head.size)), said.head.size)
        return Proof(seq, tuple(inclusion_proof(nodes, seq, said.head.size)), note)
