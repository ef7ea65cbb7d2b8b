"""Forks: two heads of one log of which neither grew from the other, shown to whoever trusts the log's key alone.

    trucekeeper/fork@v1
    root bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
    Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=

    example.com/truce
    2
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/truce Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

    example.com/truce
    3
    Gp3aN0WnbN8kfEGvGq2ysHBCEjSrjbJ4ZJ6cTWfCNqY=

    — example.com/truce Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

The smaller head stands first. `root` is that of the larger tree's first leaves, as many as the smaller has, and the
hashes are the proof that the larger grew from it. The log signed both heads, so whoever holds its key rewrote
history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError, base64, hash_of, text_of
from trucekeeper.ledger.notes import Note, UntrustedError, Verifier
from trucekeeper.ledger.tree import (
    MOST_HASHES,
    Head,
    Nodes,
    ProofRejectedError,
    check_consistency,
    consistency_proof,
    root_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

WHAT = "the proof of a fork"
HEAD = "trucekeeper/fork@v1"
MOST_BYTES = 1 << 18
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Fork:
    """Two signed heads, and that the larger grew from another tree than the smaller."""

    smaller: Note
    larger: Note
    root: bytes
    hashes: tuple[bytes, ...]

    @classmethod
    def read(cls, data: bytes) -> Fork:
        """Return the fork that bytes say. Nothing is trusted yet. Raises MalformedError."""
        parts = text_of(data, WHAT, most=MOST_BYTES).removesuffix("\n").split("\n\n")
        if len(parts) != _PARTS:
            raise MalformedError(WHAT, "it has three parts: the hashes, and two checkpoints")
        lines = parts[0].split("\n")
        if lines[0] != HEAD or len(lines) < 2 or not lines[1].startswith("root "):  # noqa: PLR2004  head and root
            raise MalformedError(WHAT, f"it begins with '{HEAD}' and the root", 1)
        if len(lines) - 2 > MOST_HASHES:
            raise MalformedError(WHAT, f"it has {len(lines) - 2:,} hashes, and may have {MOST_HASHES}")
        hashes = tuple(hash_of(line, WHAT, at) for at, line in enumerate(lines[2:], 3))
        smaller, larger = (Note.read(f"{text}\n\n{signed}\n".encode()) for text, signed in (parts[1:3], parts[3:]))
        return cls(smaller, larger, hash_of(lines[1].removeprefix("root "), WHAT, 2), hashes)

    def __bytes__(self) -> bytes:
        """Return the fork as it is written."""
        lines = [HEAD, f"root {base64(self.root)}", *map(base64, self.hashes)]
        return (
            "".join(f"{line}\n" for line in lines).encode() + b"\n" + bytes(self.smaller) + b"\n" + bytes(self.larger)
        )

    def check(self, keys: Sequence[Verifier]) -> tuple[Checkpoint, Checkpoint]:
        """Return both heads, if one of the log's keys signed each and they cannot both be true.

        Raises ProofRejectedError where they can, UntrustedError and MalformedError.
        """
        heads = Checkpoint.of(self.smaller), Checkpoint.of(self.larger)
        for head, note in zip(heads, (self.smaller, self.larger), strict=True):
            mine = [key for key in keys if key.name == head.origin]
            if not mine:
                raise UntrustedError(f"no key of '{head.origin}' is known")
            note.held_by(mine)
        smaller, larger = heads
        if smaller.origin != larger.origin:
            raise ProofRejectedError("they are heads of two logs")
        check_consistency(Head(smaller.head.size, self.root), larger.head, self.hashes)
        if self.root == smaller.head.root:
            raise ProofRejectedError("the larger grew from the smaller: there is no fork")
        return heads


def fork_of(smaller: Note, larger: Note, nodes: Nodes) -> Fork | None:
    """Return how a head and a larger one are apart, by the nodes of the larger; None if it grew from the smaller."""
    first, second = Checkpoint.of(smaller).head, Checkpoint.of(larger).head
    root = root_of(nodes, first.size)
    if root == first.root:
        return None
    return Fork(smaller, larger, root, tuple(consistency_proof(nodes, first.size, second.size)))
