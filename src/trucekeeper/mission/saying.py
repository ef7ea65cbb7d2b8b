"""What files would put on record, one thing after the other, so that a file of millions needs no more memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.journal.canonical import NotCanonicalError
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission

AT_ONCE = 1000
"""So many statements go on record together."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One statement that a file makes: its kind, its body and label, its name, and the originals that go with it."""

    kind: str
    body: Body
    label: Body
    name: str
    originals: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record already, word for word."""

    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth saying of a file and is no fault: how it was read, what a column of it became."""

    says: str


Stream: TypeAlias = "Iterator[Saying | Known | Note | Fault]"


@dataclass
class Entering:
    """What files would put on record: how much is known already, what is to be said of them, every fault, so far."""

    stream: Stream
    known: int = 0
    new: int = 0
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def batches(self) -> Iterator[list[Saying]]:
        """Yield what is new, so much at a time as goes on record together."""
        sayings = self._sayings()
        while batch := list(islice(sayings, AT_ONCE)):
            yield batch

    def signed(self, mission: Mission, key: PrivateKey) -> Iterator[list[bytes]]:
        """Keep the originals, and yield the statements, signed, batch by batch."""
        for batch in self.batches():
            yield [envelope for one in batch for envelope in self._signed(one, mission, key)]

    def _signed(self, one: Saying, mission: Mission, key: PrivateKey) -> Iterator[bytes]:
        try:
            envelope = mission.said(one.kind, one.body, by=[key], label=one.label)
        except NotCanonicalError as error:
            self.faults.append(Fault(one.name, 0, 0, str(error), "say less in one entry"))
            return
        for original in one.originals:
            mission.evidence.keep(original)
        yield envelope

    def _sayings(self) -> Iterator[Saying]:
        for one in self.stream:
            match one:
                case Saying():
                    self.new += 1
                    yield one
                case Known():
                    self.known += 1
                case Note(says):
                    self.notes.append(says)
                case Fault():
                    self.faults.append(one)
