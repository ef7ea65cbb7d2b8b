"""Small logs to test with: their trees, keys that are always the same, and signed heads."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import COSIGNS, SIGNS, Note, Signer
from trucekeeper.ledger.tiles import Growth, Tile, TileNodes
from trucekeeper.ledger.tree import Head, leaf_hash

ORIGIN = "example.com/truce"


def signer(name: str, sort: int = SIGNS) -> Signer:
    """Return a key that its name decides."""
    return Signer(name, sort, Ed25519PrivateKey.from_private_bytes(leaf_hash(name.encode())))


LOG = signer(ORIGIN)
NORTH, SOUTH = (signer(f"{name}.example", COSIGNS) for name in ("north", "south"))


def entry(number: int, history: str = "") -> bytes:
    """Return what the log of a history has at a place."""
    return f"{history}{number}".encode()


class Log(dict[Tile, bytes]):
    """The tiles of a log of some size, and its head."""

    head: Head

    def tile(self, tile: Tile) -> bytes:
        """Return a tile."""
        return self[tile]

    @property
    def nodes(self) -> TileNodes:
        """Return its nodes."""
        return TileNodes(self, self.head.size)


@cache
def log(size: int, history: str = "") -> Log:
    """Return the log of a history that has so many entries."""
    growth = Growth()
    for number in range(size):
        growth.add(leaf_hash(entry(number, history)))
    found = Log([*growth.full(), *growth.partial()])
    found.head = Head(size, growth.root)
    return found


def note(head: Head, *signers: Signer, time: int = 0) -> Note:
    """Return a head as a checkpoint signed by some."""
    text = Checkpoint(ORIGIN, head).text
    return Note(text, tuple(one.sign(text, time=time) for one in signers))
