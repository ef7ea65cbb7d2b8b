"""What a log asks of a witness (C2SP tlog-witness, add-checkpoint): the same bytes by HTTP and as files.

    old 2
    KQdhX8GBZtBjJ4L7yD0vGpdnGUl0MSjR2qhj6yG2Ol4=

    example.com/truce
    3
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/truce Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

The first line says up to where the witness has checked before, and the hashes show that the checkpoint grew from
there. The answer is lines of cosignatures, as in a note; or, where the witness stands elsewhere, its size.
"""

from __future__ import annotations

from dataclasses import dataclass

from trucekeeper.ledger.lines import MalformedError, base64, hash_of, headed, number
from trucekeeper.ledger.notes import MOST_BYTES as MOST_NOTE
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.tree import MOST_HASHES

WHAT = "the request"
MOST_BYTES = MOST_NOTE + (1 << 12)


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint to be cosigned, and the proof that it grew from what the witness saw last."""

    old: int
    hashes: tuple[bytes, ...]
    note: Note

    @classmethod
    def read(cls, data: bytes) -> Request:
        """Return the request that bytes say. Nothing is trusted yet. Raises MalformedError."""
        (first, *lines), checkpoint = headed(data, WHAT, most=MOST_BYTES)
        if not first.startswith("old "):
            raise MalformedError(WHAT, "the first line does not say the old size", 1)
        if len(lines) > MOST_HASHES:
            raise MalformedError(WHAT, f"it has {len(lines):,} hashes, and may have {MOST_HASHES}")
        hashes = tuple(hash_of(line, WHAT, at) for at, line in enumerate(lines, 2))
        return cls(number(first.removeprefix("old "), WHAT, 1), hashes, Note.read(checkpoint))

    def __bytes__(self) -> bytes:
        """Return the request as it is written."""
        lines = [f"old {self.old}", *map(base64, self.hashes)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + bytes(self.note)
