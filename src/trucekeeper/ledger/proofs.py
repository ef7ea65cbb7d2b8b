"""Proofs that travel alone (C2SP tlog-proof): that an entry is in a log, and the checkpoint by which it is checked.

    c2sp.org/tlog-proof@v1
    index 1
    bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=

    example.com/truce
    2
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/truce Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

The entry itself is not in it: whoever checks has it, or its hash. Its usual file name ends with `.tlog-proof`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.ledger.lines import MalformedError, base64, base64_of, hash_of, headed, number
from trucekeeper.ledger.notes import MOST_BYTES as MOST_NOTE
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.tree import MOST_HASHES, check_inclusion

if TYPE_CHECKING:
    from trucekeeper.ledger.checkpoints import Checkpoint
    from trucekeeper.ledger.policies import Policy

WHAT = "the proof"
HEAD = "c2sp.org/tlog-proof@v1"
MOST_EXTRA = 1 << 16
MOST_BYTES = MOST_NOTE + 2 * MOST_EXTRA


@dataclass(frozen=True, slots=True)
class Proof:
    """The place of an entry in a log, the hashes beside its path, and the note of the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    @classmethod
    def read(cls, data: bytes) -> Proof:
        """Return the proof that bytes say. Nothing is trusted yet. Raises MalformedError."""
        lines, checkpoint = headed(data, WHAT, most=MOST_BYTES)
        if lines[0] != HEAD:
            raise MalformedError(WHAT, f"it does not begin with '{HEAD}'", 1)
        extra = b""
        at = 1
        if len(lines) > at and lines[at].startswith("extra "):
            extra = base64_of(lines[at].removeprefix("extra "), WHAT, at + 1)
            at += 1
        if len(lines) <= at or not lines[at].startswith("index "):
            raise MalformedError(WHAT, "the line that says the index is missing", at + 1)
        index = number(lines[at].removeprefix("index "), WHAT, at + 1)
        hashes = lines[at + 1 :]
        if len(hashes) > MOST_HASHES:
            raise MalformedError(WHAT, f"it has {len(hashes):,} hashes, and may have {MOST_HASHES}")
        read = tuple(hash_of(line, WHAT, at + 2 + place) for place, line in enumerate(hashes))
        return cls(index, read, Note.read(checkpoint), extra)

    def __bytes__(self) -> bytes:
        """Return the proof as it is written."""
        lines = [HEAD, *([f"extra {base64(self.extra)}"] if self.extra else []), f"index {self.index}"]
        lines += map(base64, self.hashes)
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + bytes(self.note)

    def check(self, leaf: bytes, policy: Policy) -> Checkpoint:
        """Return the checkpoint by which an entry's leaf hash is in a log that the policy trusts.

        Raises UntrustedError, ProofRejectedError and MalformedError.
        """
        found = policy.trusts(self.note)
        check_inclusion(leaf, self.index, found.head, self.hashes)
        return found
