"""A mission: what is said goes in signed, and what is asked comes out of the record.

    with Mission.open(Path("valoria"), clock=clock) as mission:
        receipts = mission.enter(mission.said("fact", row, by=[key]), ...)
        folder = mission.folder(audience, known_at=now)       the agreement and the facts, as questions take them

Every door (a command, the operations room) calls this and nothing below. Whoever enters something becomes keeper
where nobody is, and else waits for the one who is.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy.exc

from trucekeeper.fusion.model import from_json, to_json
from trucekeeper.journal.canonical import NotCanonicalError
from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.envelopes import Envelope
from trucekeeper.journal.evidence import Evidence, MissingError
from trucekeeper.journal.journal import Journal
from trucekeeper.journal.keeper import BehindError
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.journal.statements import Statement
from trucekeeper.journal.store import FencedError, NotPurgedError, Store
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.mission import adopting, entering, redaction, reported, sheet, telling
from trucekeeper.mission.cosigning import Cosigning
from trucekeeper.mission.folder import AGREEMENT, FACTS, ZONES, Folder, OnRecord
from trucekeeper.mission.keeping import EVIDENCE, Keeping, alone
from trucekeeper.mission.kinds import FACT, KINDS
from trucekeeper.mission.projections import FILE, Projections, as_json
from trucekeeper.mission.settings import Settings, read_settings
from trucekeeper.mission.telling import Telling
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.knowledge import Audience
    from trucekeeper.fusion.model import Model
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.journal.statements import Body
    from trucekeeper.ledger.notes import Signer
    from trucekeeper.mission.projections import Adopted
    from trucekeeper.mission.reported import Reported
    from trucekeeper.terms import Moment

NAP = 0.005
"""Seconds between two looks at whether a keeper elsewhere has taken in what was submitted."""
AT_ONCE = 1000
"""So many statements go into the inbox together."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a statement: its entry, or why it was refused."""

    seq: int | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission that is open. `clock` gives microseconds since 1970; `signer` the log's key, for who keeps."""

    settings: Settings
    journal: Journal
    evidence: Evidence
    projections: Projections
    clock: Callable[[], int]
    signer: Callable[[], Signer]

    @staticmethod
    @contextmanager
    def open(path: Path, *, clock: Callable[[], int], signer: Callable[[Settings], Signer]) -> Iterator[Mission]:
        """Yield the mission in a folder, or of a `mission.toml`.

        Raises Refused if it cannot be opened, and for whatever stops the work on it.
        """
        settings = read_settings(path)
        with told_of(settings), at(settings, clock=clock, signer=lambda: signer(settings)) as mission:
            yield mission

    # ---- what is said -------------------------------------------------------------------------------------------

    def said(
        self,
        kind: str,
        body: Mapping[str, Json],
        *,
        by: Sequence[PrivateKey],
        label: Mapping[str, Json] | None = None,
    ) -> bytes:
        """Return a new statement, signed. Raises NotCanonicalError if it cannot be written, or is too long."""
        statement = Statement(
            kind,
            dict(body),
            self.settings.origin,
            os.urandom(16).hex(),
            self.clock(),
            KINDS.newest(kind),
            dict(label or {}),
        )
        return bytes(Envelope.sealed_by(bytes(statement), *by))

    def enter(
        self, envelopes: Sequence[bytes], told: Callable[[int, int], None] = lambda _done, _all: None
    ) -> list[Receipt]:
        """Put signed statements on record, and return what became of each, when that is durable.

        Raises RefusedError for what is no statement, and BehindError if this record was rolled back.
        """
        tickets: list[bytes] = []
        for start in range(0, len(envelopes), AT_ONCE):
            tickets += self.journal.submit_all(envelopes[start : start + AT_ONCE])
            told(len(tickets), len(envelopes))
        while True:
            with alone(self.settings.folder, self.journal) as mine:
                if mine and self.journal.store.waiting(1):
                    self._keep()
            found = self.journal.outcomes(tickets)
            if all(one.seq is not None or one.refused is not None for one in found):
                return [Receipt(one.seq, one.refused) for one in found]
            time.sleep(NAP)

    def _keep(self) -> None:
        """Integrate all that waits; if somebody takes over meanwhile, it is his to do."""
        with suppress(FencedError):
            keeping = Keeping(self)
            while keeping.integrate():
                pass
            Cosigning(self.settings, self.journal.store).ask()
            keeping.publish()

    # ---- what is asked ------------------------------------------------------------------------------------------

    def on_record(self) -> Checkpoint | None:
        """Return the newest head; None if nothing is on record."""
        head = self.journal.store.head()
        return None if head is None else Checkpoint.read(head)[0]

    def adopted(self, known_at: Moment | None = None) -> Adopted:
        """Return the version of the agreement on record at a moment, or now. Raises Refused if there was none."""
        return _in_force(self.projections.whole(self.journal, self.projections.agreements), known_at)

    def agreement(self, adopted: Adopted) -> Agreement:
        """Return an agreement that was adopted. Raises Refused if its files are gone or spoilt."""
        try:
            return adopting.loaded(adopted.files, self.evidence, f"entry {adopted.seq}")
        except MissingError as error:
            raise _missing(self.settings, error) from error

    def folder(
        self, audience: Audience | None, *, known_at: Moment | None = None, as_reported: bool = False
    ) -> Folder:
        """Return the agreement as on record at a moment (None: now), and the facts that exist for an audience.

        As reported, a fact was known when its source says that it knew it; else when it was integrated.
        """
        projections = self.projections
        several, rows = projections.whole(self.journal, lambda: (projections.agreements(), projections.told()))
        adopted = _in_force(several, None if as_reported else known_at)
        agreement = self.agreement(adopted)
        told = Telling(agreement, self.model, audience, as_reported=as_reported)
        facts = tuple(told.facts(rows, [size for size, _ in self.journal.store.sizes()]))
        head = self.on_record()
        if head is None:
            raise RuntimeError("bug: an agreement on record, and no head")
        return Folder(
            agreement,
            facts,
            tuple(sorted([*told.faults, *told.reported.faults])),
            OnRecord(head.head.size, head.head.root, adopted.digest),
        )

    def reported(self, audience: Audience | None) -> Reported:
        """Return what an audience may see of the reports on record by now, as incidents."""
        rows = self.projections.whole(self.journal, self.projections.told)
        told = Telling(self.agreement(self.adopted()), self.model, audience)
        told.facts([one for one in rows if one.kind != FACT], [size for size, _ in self.journal.store.sizes()])
        return told.reported

    def model(self, digest: str) -> Model:
        """Return a model of fusion by the SHA-256 of its JSON. Raises ValueError if it is not kept, or is none."""
        try:
            return from_json(json.loads(self.evidence.read(digest) or b"{}"))
        except (MissingError, LookupError, TypeError, ValueError) as error:
            raise ValueError(f"{digest[:16]} is no model of fusion that is kept: {error}") from None

    def keep_model(self, model: Model) -> Body:
        """Keep a model as evidence, and return what the statement that adopts it says."""
        data = as_json(to_json(model)).encode()
        return {"sha256": self.evidence.keep(data), "bytes": len(data)}

    def delegations(self) -> dict[str, str]:
        """Return the delegation of each key that may sign now."""
        charter = self.journal.charter()
        holders = {} if charter is None else charter.keys.holders
        return {key: one.delegation for key, one in holders.items() if one.delegation}

    def unused(self) -> list[str]:
        """Return the files beside the record that look like an agreement or facts, and are not looked at."""
        names = (AGREEMENT, ZONES, FACTS)
        return sorted({one.name for name in names for one in self.settings.folder.glob(name)})

    def last_at(self) -> Moment:
        """Return when the newest entry was integrated; 0 if there is none."""
        size = self.journal.store.size()
        return max((one.at for one in self.journal.store.entries(size - 1)), default=0) if size else 0


def _in_force(several: Sequence[Adopted], known_at: Moment | None) -> Adopted:
    """Return the version of the agreement on record at a moment, or now. Raises Refused if there was none."""
    found = [one for one in several if known_at is None or one.at <= known_at]
    if not found:
        what = "no agreement was on record then"
        raise Refused([Fault("--known-at", 0, 0, what, "ask of a later moment, or adopt one: truce amend")])
    return found[-1]


@contextmanager
def at(settings: Settings, *, clock: Callable[[], int], signer: Callable[[], Signer]) -> Iterator[Mission]:
    """Yield the mission that settings describe."""
    store = Store.on_postgres(settings.postgres) if settings.postgres else Store.in_folder(settings.folder)
    with _on(store, settings, clock=clock, signer=signer) as mission:
        yield mission


@contextmanager
def to_read(path: Path, *, clock: Callable[[], int]) -> Iterator[Mission]:
    """Yield the mission in a folder for whoever reads its record: nothing is made or changed. Raises Refused."""
    settings = read_settings(path)
    try:
        store = Store.to_read(settings.folder, settings.postgres)
    except LookupError as error:
        file = str(settings.folder / error.args[0])
        raise Refused([Fault(file, 0, 0, "it is missing", "restore it from a copy before you go on")]) from None

    def nobody() -> Signer:
        raise RuntimeError("bug: who reads does not keep")

    with _on(store, settings, clock=clock, signer=nobody) as mission:
        yield mission


@contextmanager
def _on(
    store: Store, settings: Settings, *, clock: Callable[[], int], signer: Callable[[], Signer]
) -> Iterator[Mission]:
    evidence = Evidence(settings.folder / EVIDENCE, store, os.urandom)

    def examine(said: Accepted) -> None:
        adopting.examine(said, evidence)
        telling.examine(said)
        reported.examine(said, mission.model)
        entering.examine(said, evidence)
        redaction.examine(said, mission)
        sheet.examine(said)

    journal = Journal(store, KINDS, os.urandom, examine)
    mission = Mission(settings, journal, evidence, Projections(settings.folder / FILE), clock, signer)
    try:
        yield mission
    finally:
        store.close()


OUR_OWN = (
    sqlite3.ProgrammingError,
    sqlite3.IntegrityError,
    sqlalchemy.exc.ProgrammingError,
    sqlalchemy.exc.IntegrityError,
)
"""What a database says when we asked it amiss: that is no fault of a disk or a person."""


@contextmanager
def told_of(settings: Settings) -> Iterator[None]:
    """Turn what stops the work on a mission into what a person is told. Raises Refused."""
    try:
        yield
    except NotCanonicalError as error:
        raise _stopped(settings, str(error), "nothing was put on record: say less in one entry") from error
    except BehindError as error:
        raise _stopped(
            settings, str(error), "nothing was signed: see handbook/redaction.md, after a restore"
        ) from error
    except NotOpenedError as error:
        raise _stopped(settings, str(error), "the record or the vault was changed: truce fsck") from error
    except MissingError as error:
        raise _missing(settings, error) from error
    except NotPurgedError as error:
        raise _stopped(settings, str(error), "all was put on record; whoever keeps next purges") from error
    except FencedError as error:
        raise _stopped(settings, str(error), "one keeper is enough") from error
    except (sqlalchemy.exc.DBAPIError, sqlite3.DatabaseError) as error:
        if isinstance(error, OUR_OWN):
            raise
        what = str(getattr(error, "orig", error)).split("\n")[0]
        remedy = f"what was acknowledged is safe; {FILE} may be deleted: it is worked out again"
        raise _stopped(settings, f"the database says: {what}", remedy) from error
    except OSError as error:
        what = f"{error.filename or 'a file'}: {error.strerror}"
        raise _stopped(settings, what, "what was acknowledged is safe; nothing else was put on record") from error


def _missing(settings: Settings, error: MissingError) -> Refused:
    return _stopped(settings, str(error), "take it from a backup: truce fsck lists all that is missing")


def _stopped(settings: Settings, what: str, remedy: str) -> Refused:
    return Refused([Fault(str(settings.folder), 0, 0, what, remedy)])


def refusal(receipt: Receipt, where: str) -> Refused:
    """Return why a statement was refused, for whoever entered it."""
    return Refused([Fault(where, 0, 0, f"refused: {receipt.refused}", "nothing was put on record by it")])


__all__ = ["Mission", "Receipt", "RefusedError", "at", "refusal"]
