"""Checkpoints (C2SP tlog-checkpoint): a note whose text is a log's origin, its size and its root.

example.com/truce
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""

from __future__ import annotations

from dataclasses import dataclass

from trucekeeper.ledger.lines import MalformedError, base64, hash_of, number
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.tree import Head

WHAT = "the checkpoint"
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log at one moment; `more` are extension lines."""

    origin: str
    head: Head
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return it as the text of a note."""
        lines = (self.origin, str(self.head.size), base64(self.head.root), *self.more)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def of(cls, note: Note) -> Checkpoint:
        """Return what a note says of a log. Raises MalformedError."""
        lines = note.text.split("\n")[:-1]
        if len(lines) < _LINES or not all(lines):
            raise MalformedError(WHAT, "it has at least three lines, none of them empty: origin, size, root")
        head = Head(number(lines[1], WHAT, 2), hash_of(lines[2], WHAT, 3))
        return cls(lines[0], head, tuple(lines[_LINES:]))

    @classmethod
    def read(cls, data: bytes) -> tuple[Checkpoint, Note]:
        """Return the checkpoint that bytes say, and the note that it is. Nothing is trusted yet."""
        note = Note.read(data)
        return cls.of(note), note
