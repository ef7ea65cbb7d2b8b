"""Having the heads of a mission's record cosigned: over HTTP by witnesses that can be reached, and else by files.

A witness that is silent, refuses or lies stops nothing. One that says, before anything is signed, that it has seen
more than there is stops the keeper: the record was rolled back, or the witness lies, and a person decides which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.journal.keeper import BehindError
from trucekeeper.ledger.asking import Ahead, Asked, Cosigned, Outcome, ask_all, request_for
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note, UntrustedError, Verifier
from trucekeeper.ledger.tiles import TileNodes
from trucekeeper.ledger.witness import cosigned
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.journal.store import Store
    from trucekeeper.mission.settings import Settings

SECONDS = 5.0
"""So long a keeper waits for all its witnesses together."""
MOST_HEADS = 10_000
"""So many heads back a cosignature that was carried by hand may be for."""


class Cosigning:
    """The witnesses of a mission, and the last size that each is known to have cosigned."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Begin; witnesses without a sound address are reached by files alone."""
        self._store = store
        self._old: dict[Asked, int] = {}
        self.unreachable: list[str] = []
        for one in settings.witnesses:
            try:
                self._old[Asked(one.key, one.url)] = 0
            except MalformedError as error:
                self.unreachable.append(f"{one.key.name}: {error.wrong}")

    def ask(self, seconds: float = SECONDS) -> dict[str, Outcome]:
        """Ask every witness that has an address about the newest head, and keep what they cosigned."""
        data = self._store.head()
        reached = {one: old for one, old in self._old.items() if one.url}
        if data is None or not reached:
            return {}
        said, note = Checkpoint.read(data)
        found = ask_all(reached, note, TileNodes(self._store, said.head.size), seconds=seconds)
        for witness, outcome in found.items():
            if isinstance(outcome, Cosigned):
                self._old[witness] = said.head.size
                keep(self._store, said.head.size, outcome.note)
        return {one.key.name: outcome for one, outcome in found.items()}

    def hold_none_ahead(self, seconds: float = SECONDS) -> None:
        """Hold that no witness has seen more than there is. Raises BehindError."""
        for name, outcome in self.ask(seconds).items():
            size = self._store.size()
            if isinstance(outcome, Ahead) and outcome.size > size:
                what = f"the witness '{name}' has seen {outcome.size:,} entries, and there are {size:,}"
                raise BehindError(f"{what}: an old copy came back, or it lies; then take it out of mission.toml")


def keep(store: Store, size: int, note: Note) -> None:
    """Put the signatures of a head beside those that it has."""
    there = store.head(size)
    if there is not None:
        store.cosign(size, bytes(Note.read(there).signed(*note.signatures)))


def heads(store: Store) -> Iterator[tuple[int, Note]]:
    """Yield the heads on record, the newest first."""
    for size, _ in reversed(store.sizes()[-MOST_HEADS:]):
        data = store.head(size)
        if data is not None:
            yield size, Note.read(data)


def request(store: Store, key: Verifier) -> bytes:
    """Return what to carry to a witness, so that it cosigns the newest head. Raises Refused."""
    newest = next(heads(store), None)
    if newest is None:
        raise Refused([Fault(key.name, 0, 0, "nothing is on record yet", "enter something first")])
    old = next((size for size, note in heads(store) if note.by(key)), 0)
    return request_for(newest[1], old, TileNodes(store, newest[0]))


def take(store: Store, answer: bytes, key: Verifier) -> int:
    """Keep the cosignature that a witness answered, and return of how many entries the head is. Raises Refused."""
    for size, note in heads(store):
        try:
            both = cosigned(note, answer, key)
        except (MalformedError, UntrustedError):
            continue
        keep(store, size, both)
        return size
    raise Refused([Fault(key.name, 0, 0, "this cosigns no head of this record", "is it this witness's answer?")])
