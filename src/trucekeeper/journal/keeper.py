"""The keeper: the one that integrates what was submitted, in order and in groups, and signs the head over it.

Of a group, either all is on disk or nothing: entries, tiles and the signed head in one transaction. Before the head
is signed, the leaves are read back from storage and hashed again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.journal.charter import Charter, RefusedError, hold_signers, turned
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.journal.store import Entry, Waiting
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import Note, Signer
from trucekeeper.ledger.tiles import Growth, TileNodes
from trucekeeper.ledger.tree import Head, leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trucekeeper.journal.journal import Journal
    from trucekeeper.journal.store import Store

MOST_AT_ONCE = 1000
"""So many statements are integrated together: a commit costs the same for one and for a thousand."""


class BehindError(Exception):
    """Somebody has seen a head that this journal does not have: it was rolled back or forked, and may not sign."""


@dataclass(slots=True)
class _Judged:
    """What becomes of a group: entries, refusals, what is in the log already, and what governs after it."""

    charter: Charter | None
    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[Waiting, str]] = field(default_factory=list)
    twice: list[Waiting] = field(default_factory=list)


@dataclass(slots=True)
class Keeper:
    """The one that integrates: it holds the fence, the edge of the tree, and what governs now."""

    journal: Journal
    signer: Signer
    clock: Callable[[], int]
    fence: int
    growth: Growth
    charter: Charter | None
    last_at: int

    @classmethod
    def start(
        cls, journal: Journal, signer: Signer, *, clock: Callable[[], int], seen: Iterable[Note] = ()
    ) -> Keeper:
        """Take over the journal. `clock` gives microseconds since 1970; `seen` are heads that others have.

        What was redacted is destroyed again first: a vault from a backup, or one whose keeper was cut off, may still
        have it. Raises BehindError if one of `seen` is not of this journal's past, NotOpenedError if the vault lacks
        what governs, and NotPurgedError.
        """
        store = journal.store
        fence = store.take_over()
        _destroy_redacted(store)
        size = store.size()
        last = list(store.entries(size - 1)) if size else []
        keeper = cls(
            journal, signer, clock, fence, Growth.read(store, size), journal.charter(), last[-1].at if last else 0
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
        """Integrate what waits, and return how many were taken out of the inbox.

        Raises FencedError, and NotPurgedError: then all is integrated, and the next start purges.
        """
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
            new = _redacted(judged.charter) - _redacted(self.charter)
            group.redact(new)
            group.take(waiting)
        self.charter = judged.charter
        self.growth, self.last_at = growth, at
        store.destroy([one.sealed.leaf for one in (*judged.twice, *(one for one, _ in judged.refused))])
        if new:
            _destroy_redacted(store)
        return len(waiting)

    def _judged(self, waiting: Sequence[Waiting], at: int) -> _Judged:
        """Return what becomes entries and what is refused, each by what governs at its place."""
        secrets = self.journal.store.secrets([one.sealed.leaf for one in waiting])
        places = self.journal.store.places([one.digest for one in waiting])
        found = _Judged(self.charter)
        for one in waiting:
            if one.digest in places:
                found.twice.append(one)
                continue
            try:
                governs = self._accepted(one, secrets.get(one.sealed.leaf), at, found)
            except (RefusedError, NotOpenedError) as error:
                found.refused.append((one, str(error)))
                continue
            place = self.growth.size + len(found.entries)
            found.entries.append(Entry(place, at, one.digest, one.sealed, governs))
        return found

    def _accepted(self, one: Waiting, secret: bytes | None, at: int, so_far: _Judged) -> bool:
        """Return whether a statement that may enter the log here governs it, and turn the charter by it."""
        if secret is None:
            raise RefusedError("its secret was destroyed while it waited")
        said = self.journal.read(one.sealed.open(secret))
        if said.statement.mission != self.signer.name:
            raise RefusedError(f"it is for the mission '{said.statement.mission}'")
        after, signers = turned(so_far.charter, said, at=at, hideable=lambda one: self._hideable(one, so_far))
        hold_signers(self.journal.kinds, said, signers)
        self.journal.examine(said)
        so_far.charter = after
        return said.statement.kind in self.journal.kinds.lasting

    def _hideable(self, entry: int, so_far: _Judged) -> bool:
        """Return whether an entry is there, and may be sealed."""
        size = self.growth.size
        here = so_far.entries[entry - size :] if entry >= size else list(self.journal.store.entries(entry, entry + 1))
        return bool(here) and not here[0].governs

    def _signed(self, head: Head) -> Note:
        text = Checkpoint(self.signer.name, head).text
        return Note(text, (self.signer.sign(text),))


def _redacted(charter: Charter | None) -> frozenset[int]:
    return frozenset() if charter is None else frozenset(charter.seals.redacted)


def _destroy_redacted(store: Store) -> None:
    """Destroy all that was redacted, and purge even if it is gone: whoever destroyed it may not have purged."""
    leaves = store.redacted()
    if leaves:
        store.destroy(leaves)
        store.purge()
