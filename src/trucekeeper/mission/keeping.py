"""Keeping: exactly one process integrates. It holds the lock, and works off what anybody submits.

    MISSION/keeper.lock    held while somebody keeps, by the operating system, so that nobody's crash leaves it held
    MISSION/checkpoint     the newest head that was published: a record that has less was rolled back

On PostgreSQL, where keepers may be on several machines, a lock of the database is held besides. A keeper that sleeps
through the loss of its lock is stopped by the fence, when it next writes.

Whoever keeps also forgets: what was sealed or redacted goes out of the projections, and the originals of what was
redacted are destroyed, each time again, so that nobody's crash lets one of them stay.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from trucekeeper.journal.keeper import BehindError, Keeper
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note
from trucekeeper.mission.cosigning import Cosigning
from trucekeeper.mission.restored import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.journal.journal import Journal
    from trucekeeper.mission.mission import Mission

LOCK, CHECKPOINT, EVIDENCE = "keeper.lock", "checkpoint", "evidence"


@contextmanager
def alone(folder: Path, journal: Journal) -> Iterator[bool]:
    """Yield whether nobody else keeps this mission; while it is so, nobody else can."""
    with ExitStack() as held:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        held.callback(os.close, lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield held.enter_context(journal.store.locked())


class Keeping:
    """A keeper at work on a mission's folder."""

    def __init__(self, mission: Mission) -> None:
        """Take over the record. Raises BehindError if it lacks what was published, or what a witness has seen.

        It is raised also for a mission from a backup, until somebody has shown what others have seen.
        """
        self._mission = mission
        folder, journal = mission.settings.folder, mission.journal
        _hold_resumed(folder)
        Cosigning(mission.settings, journal.store).hold_none_ahead()
        self.keeper = Keeper.start(journal, mission.signer(), clock=mission.clock, seen=published(folder))
        self.publish()
        self._forget()

    def integrate(self) -> int:
        """Integrate what waits, publish the head over it, and return how many were taken out of the inbox.

        Raises FencedError, and NotPurgedError: then all is integrated, and whoever keeps next purges.
        """
        before = self.keeper.charter
        done = self.keeper.integrate()
        if done:
            self.publish()
            if self.keeper.charter != before:
                self._forget()
        return done

    def _forget(self) -> None:
        charter = self.keeper.charter
        self._mission.projections.forget(charter)
        if charter is not None:
            self._mission.evidence.destroy_named(charter.seals.originals)

    def publish(self) -> None:
        """Publish the newest head, with its cosignatures."""
        publish(self._mission.settings.folder, self._mission.journal)


def publish(folder: Path, journal: Journal) -> None:
    """Write the newest head where everybody looks for it."""
    head = journal.store.head()
    if head is not None:
        half = folder / f"{CHECKPOINT}.part"
        half.write_bytes(head)
        half.replace(folder / CHECKPOINT)


def _hold_resumed(folder: Path) -> None:
    mark = mark_of(folder)
    if mark is not None and not mark.keeps:
        raise BehindError(
            f"this record came back from a backup of {mark.size:,} entries, and others may have seen more: have its "
            "witnesses asked, or show the newest heads that they have (truce resume MISSION --seen CHECKPOINT)"
        )


def published(folder: Path) -> tuple[Note, ...]:
    """Return the head that was published last, if one was and can be read."""
    try:
        return (Note.read((folder / CHECKPOINT).read_bytes()),)
    except (FileNotFoundError, MalformedError):
        return ()
