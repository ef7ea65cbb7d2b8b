"""The journal: statements are submitted by anybody, and integrated in order by one keeper, in groups.

    journal = Journal(store, kinds, random=os.urandom)
    ticket = journal.submit(envelope)            durable in the inbox
    keeper = Keeper.start(journal, log_key, clock)
    keeper.integrate()                           in the log, and under a signed head
    journal.outcome(ticket)                      its number in the log, or why it was refused

Of a group, either all is on disk or nothing: entries, tiles and the signed head in one transaction. Before the head
is signed, the leaves are read back from storage and hashed again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.journal.canonical import NotCanonicalError
from trucekeeper.journal.envelopes import Envelope, NotSignedError
from trucekeeper.journal.keys import ABOUT_KEYS, KeyRing, NotAllowedError
from trucekeeper.journal.sealing import NotOpenedError, seal
from trucekeeper.journal.statements import Kinds, NotAStatementError, Statement
from trucekeeper.journal.store import Entry, Store, Waiting
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import Note, Signer
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.tiles import Growth, TileNodes
from trucekeeper.ledger.tree import Head, inclusion_proof, leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trucekeeper.journal.statements import Body

MOST_AT_ONCE = 1000
"""So many statements are integrated together: a commit costs the same for one and for a thousand."""


class RefusedError(Exception):
    """A statement may not enter the log; says why."""


class BehindError(Exception):
    """Somebody has seen a head that this journal does not have: it was rolled back or forked, and may not sign."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement that may enter the log: what it says, and the envelope in which it came."""

    statement: Statement
    envelope: Envelope

    @property
    def signers(self) -> frozenset[str]:
        """Return the keys that signed it."""
        return frozenset(self.envelope.signatures)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission: its number in the log, or why it was refused; neither while it waits."""

    seq: int | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """A store, the kinds of statement that are known, and bytes that nobody can guess."""

    store: Store
    kinds: Kinds
    random: Callable[[int], bytes]

    def submit(self, envelope: bytes) -> bytes:
        """Put a signed statement into the inbox, and return its ticket. Raises RefusedError if it is none.

        The same bytes have the same ticket and become one entry, however often and by how many they are submitted.
        """
        self.read(envelope)
        digest = sha256(envelope).digest()
        sealed, secret = seal(envelope, self.random)
        self.store.submit(digest, sealed, secret)
        return digest

    def outcome(self, ticket: bytes) -> Outcome:
        """Return what became of a submission."""
        seq = self.store.places([ticket]).get(ticket)
        return Outcome(seq, None if seq is not None else self.store.why_refused(ticket))

    def read(self, envelope: bytes) -> Accepted:
        """Return what an envelope says, whoever signed it. Raises RefusedError."""
        try:
            read = Envelope.read(envelope)
            statement = Statement.read(read.payload)
            self.kinds.body(statement)
        except (NotCanonicalError, NotAStatementError) as error:
            raise RefusedError(str(error)) from None
        return Accepted(statement, read)

    def accept(self, envelope: bytes, keys: KeyRing | None, mission: str) -> Accepted:
        """Return what an envelope says, if all who signed it may at this place in the log. Raises RefusedError."""
        found = self.read(envelope)
        if found.statement.mission != mission:
            raise RefusedError(f"it is for the mission '{found.statement.mission}'")
        try:
            ring = keys or turned(None, self.kinds.body(found.statement), found)
            for key in found.signers:
                found.envelope.held_by(ring.holder(key).key)
        except (NotAllowedError, NotSignedError) as error:
            raise RefusedError(str(error)) from None
        return found

    def opened(self, entries: Sequence[Entry]) -> list[Statement | None]:
        """Return what entries say, None for one whose secret was destroyed.

        Raises NotOpenedError, which names the entry, for one that was tampered with.
        """
        secrets = self.store.secrets([one.sealed.leaf for one in entries])
        return [self._statement(one, secrets.get(one.sealed.leaf)) for one in entries]

    def _statement(self, entry: Entry, secret: bytes | None) -> Statement | None:
        if secret is None:
            return None
        try:
            return self.read(entry.sealed.open(secret)).statement
        except (NotOpenedError, RefusedError) as error:
            raise NotOpenedError(f"entry {entry.seq}: {error}") from None

    def keys(self, size: int | None = None) -> KeyRing | None:
        """Return the keys that are good after the first `size` entries, or after all; None in an empty log."""
        ring: KeyRing | None = None
        entries = list(self.store.entries(end=size, about_keys=True))
        secrets = self.store.secrets([one.sealed.leaf for one in entries])
        for entry in entries:
            said = self.read(entry.sealed.open(secrets[entry.sealed.leaf]))
            ring = turned(ring, self.kinds.body(said.statement), said)
        return ring

    def proof(self, seq: int, size: int | None = None) -> Proof:
        """Return the proof of an entry under the newest head, or that of a size. Raises LookupError."""
        data = self.store.head(size)
        if data is None:
            raise LookupError("there is no signed head yet")
        said, note = Checkpoint.read(data)
        if seq >= said.head.size:
            raise LookupError(f"entry {seq} is not under the head of {said.head.size}")
        nodes = TileNodes(self.store, said.head.size)
        return Proof(seq, tuple(inclusion_proof(nodes, seq, said.head.size)), note)


def turned(ring: KeyRing | None, body: Body, said: Accepted) -> KeyRing:
    """Return the keys after a statement about keys. Raises NotAllowedError."""
    if said.statement.kind == "found":
        if ring is not None:
            raise NotAllowedError("the mission was founded already")
        return KeyRing.founded(body)
    if ring is None:
        raise NotAllowedError("the mission was not founded yet")
    return ring.after(said.statement.kind, body, said.signers)


@dataclass(slots=True)
class _Judged:
    """What becomes of a group: entries, refusals, what is in the log already, and the keys that are good after it."""

    keys: KeyRing | None
    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[Waiting, str]] = field(default_factory=list)
    twice: list[Waiting] = field(default_factory=list)


@dataclass(slots=True)
class Keeper:
    """The one that integrates: it holds the fence, the edge of the tree, and the keys that are good now."""

    journal: Journal
    signer: Signer
    clock: Callable[[], int]
    fence: int
    growth: Growth
    keys: KeyRing | None
    last_at: int

    @classmethod
    def start(
        cls, journal: Journal, signer: Signer, *, clock: Callable[[], int], seen: Iterable[Note] = ()
    ) -> Keeper:
        """Take over the journal. `clock` gives microseconds since 1970; `seen` are heads that others have.

        Raises BehindError if one of these is not of this journal's past.
        """
        store = journal.store
        fence = store.take_over()
        size = store.size()
        last = list(store.entries(size - 1)) if size else []
        keeper = cls(
            journal, signer, clock, fence, Growth.read(store, size), journal.keys(), last[-1].at if last else 0
        )
        keeper.hold_before(seen)
        return keeper

    def hold_before(self, seen: Iterable[Note]) -> None:
        """Hold that every head that others have seen is of this journal's past. Raises BehindError."""
        for note in seen:
            head = Checkpoint.of(note).head
            if not note.by(self.signer.verifier):
                continue
            if head.size > self.growth.size:
                here = f"there are {self.growth.size:,}: an old copy came back"
                raise BehindError(f"others have seen {head.size:,} entries, and {here}")
            if root_of(TileNodes(self.journal.store, self.growth.size), head.size) != head.root:
                raise BehindError(f"others have seen another history of {head.size:,} entries")

    def integrate(self, most: int = MOST_AT_ONCE) -> int:
        """Integrate what waits, and return how many were taken out of the inbox. Raises FencedError."""
        store = self.journal.store
        waiting = store.waiting(most)
        if not waiting:
            return 0
        at = max(self.clock(), self.last_at)
        judged = self._judged(waiting, at)
        growth = Growth.read(store, self.growth.size)
        with store.group(self.fence) as group:
            if judged.entries:
                for leaf in group.add(judged.entries):
                    growth.add(leaf_hash(leaf))
                group.grow([*growth.full(), *growth.partial()])
                group.sign(growth.size, at, bytes(self._signed(Head(growth.size, growth.root))))
            for one, why in judged.refused:
                group.refuse(one.digest, at, why)
            group.take(waiting)
        self.growth, self.keys, self.last_at = growth, judged.keys, at
        store.destroy([one.sealed.leaf for one in judged.twice])
        return len(waiting)

    def _judged(self, waiting: Sequence[Waiting], at: int) -> _Judged:
        """Return what becomes entries and what is refused, each by the keys that are good at its place."""
        secrets = self.journal.store.secrets([one.sealed.leaf for one in waiting])
        places = self.journal.store.places([one.digest for one in waiting])
        found = _Judged(self.keys)
        for one in waiting:
            if one.digest in places:
                found.twice.append(one)
                continue
            try:
                about_keys = self._accepted(one, secrets.get(one.sealed.leaf), found)
            except (RefusedError, NotAllowedError, NotOpenedError) as error:
                found.refused.append((one, str(error)))
                continue
            place = self.growth.size + len(found.entries)
            found.entries.append(Entry(place, at, one.digest, one.sealed, about_keys))
        return found

    def _accepted(self, one: Waiting, secret: bytes | None, so_far: _Judged) -> bool:
        """Return whether a statement that may enter the log here is about keys, and turn the keys by it."""
        if secret is None:
            raise RefusedError("its secret was destroyed while it waited")
        said = self.journal.accept(one.sealed.open(secret), so_far.keys, self.signer.name)
        if said.statement.kind not in ABOUT_KEYS:
            return False
        so_far.keys = turned(so_far.keys, self.journal.kinds.body(said.statement), said)
        return True

    def _signed(self, head: Head) -> Note:
        text = Checkpoint(self.signer.name, head).text
        return Note(text, (self.signer.sign(text),))
