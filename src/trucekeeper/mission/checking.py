"""Reading all of a mission again: every stored byte against what it was hashed, sealed, signed or derived from.

    entries         each leaf against its tile, each statement opened, its signatures held against the charter there
    tiles, heads    each tile against the one below, each head's root and signature against the tiles
    secrets         none missing but of what was redacted, none left of what was
    evidence        each original that a statement names by its SHA-256, decrypted and hashed
    checkpoint      the head that was published last against the record
    projections.db  facts, agreements and texts against a new working out

Nothing is changed. A flaw names its entry or its file. A note is something to know of that harms nobody.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from trucekeeper.journal.charter import GOVERNING, RefusedError, hold_signers, turned
from trucekeeper.journal.damage import damage
from trucekeeper.journal.evidence import MissingError
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note, UntrustedError
from trucekeeper.ledger.tiles import HEIGHT, WIDTH, Tile, TileNodes, complete, hashes_in, tiles_of
from trucekeeper.ledger.tree import HASH_BYTES, leaf_hash, root_of
from trucekeeper.mission import kinds
from trucekeeper.mission.adopting import digest_of
from trucekeeper.mission.keeping import CHECKPOINT
from trucekeeper.mission.mission import to_read
from trucekeeper.mission.projections import FILE, FORMAT, Projections, hidden_as_said, hidden_in
from trucekeeper.terms import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trucekeeper.journal.charter import Accepted, Charter
    from trucekeeper.journal.store import Entry, HeadRow, Waiting
    from trucekeeper.ledger.tree import Head
    from trucekeeper.mission.mission import Mission

AT_A_TIME = 256
"""Entries that are looked at together: those under one tile."""
TABLES = {
    "told": "from_seq, to_seq, at, delegation, kind, id, rev, row",
    "acts": "from_seq, at, kind, delegation, signers, row",
    "agreements": "from_seq, to_seq, at, digest, files",
    "texts": "from_seq, said",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong: where, in words; what; and of which entry, if it is one's."""

    where: str
    wrong: str
    entry: int | None = None

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.where}: {self.wrong}"


@dataclass(slots=True)
class Checked:
    """What reading a mission again found."""

    entries: int = 0
    heads: int = 0
    originals: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def flaw(self, where: str | int, wrong: str) -> None:
        """Note a flaw of an entry, by its number, or of something else."""
        if isinstance(where, int):
            self.flaws.append(Flaw(f"entry {where}", wrong, where))
        else:
            self.flaws.append(Flaw(where, wrong))


def check(path: Path, told: Callable[[int, int], None] = lambda _done, _all: None) -> Checked:
    """Read all of the mission in a folder again. Raises Refused if it has no `mission.toml` that can be read."""
    found = Checked()
    try:
        with to_read(path, clock=_no_clock) as mission:
            for file, what in damage(mission.journal.store):
                found.flaw(file, f"{what}; restore it from a copy")
            if not found.flaws:
                _Checking(mission, found, told).run()
    except Refused as refused:
        gone = [one for one in refused.faults if one.file.endswith(".db")]
        if not gone:
            raise
        for one in gone:
            found.flaw(Path(one.file).name, f"{one.what}; {one.remedy}")
    return found


def _no_clock() -> int:
    raise RuntimeError("bug: whoever reads again needs no clock")


class _Checking:
    """A mission as it is read again."""

    def __init__(self, mission: Mission, found: Checked, told: Callable[[int, int], None]) -> None:
        self.mission, self.found, self.told = mission, found, told
        self.journal, self.store = mission.journal, mission.journal.store
        self.waiting: set[int] = set()
        self.charter: Charter | None = None
        self.charter_lost = False
        self.governing: set[int] = set()
        self.lost: list[int] = []
        self.named: dict[str, int] = {}

    def run(self) -> None:
        self.waiting = {one.id for one in self.store.waiting(1 << 30)}
        size = self.store.size()  # before the head: whoever keeps meanwhile writes both at once, and only adds
        head = self._newest()
        if head is not None and size > head.size:
            for seq in range(head.size, size):
                self.found.flaw(seq, f"it is under no head: the newest is of {head.size:,}")
        if head is not None:
            self._check_entries(head.size)
            self._check_tiles(head.size)
            self._check_heads(head.size)
            self._check_secrets()
            self._check_published(head)
        elif size:
            self.found.flaw("heads", f"there are {size:,} entries, and no head that can be read")
        self._check_evidence()
        self._check_inbox()
        self._check_projections()

    def _newest(self) -> Head | None:
        """Return the newest head that can be read; what comes after it is checked as being under none."""
        found: Head | None = None
        for one in self.store.heads():
            try:
                found, wrong = Checkpoint.read(one.note)[0].head, ""
            except MalformedError as error:
                wrong = str(error)
            last = one.size
        if found is not None and wrong:
            self.found.flaw(f"the head of {last}", wrong)
        return found

    # ---- entries ------------------------------------------------------------------------------------------------

    def _check_entries(self, size: int) -> None:
        """Check every entry up to a size: there, hashed, in time, opened, signed by who might."""
        heads = self.store.heads()
        covering: HeadRow | None = next(heads, None)
        before = 0
        for start in range(0, size, AT_A_TIME):
            end = min(start + AT_A_TIME, size)
            entries = {one.seq: one for one in self.store.entries(start, end)}
            self._check_leaves(start, end, entries)
            secrets = self.store.secrets([one.sealed.leaf for one in entries.values()])
            for entry in entries.values():
                while covering is not None and covering.size <= entry.seq:
                    covering = next(heads, None)
                if entry.at < before:
                    self.found.flaw(entry.seq, f"it was integrated at {entry.at}, before the one before it")
                elif covering is not None and covering.at != entry.at:
                    what = f"it was integrated at {entry.at}, and the head over it signed at {covering.at}"
                    self.found.flaw(entry.seq, f"{what}: its time was changed, or a head is gone")
                before = max(before, entry.at)
                self._check_statement(entry, secrets.get(entry.sealed.leaf))
            self.found.entries = end
            self.told(end, size)
        strange = next((one.seq for one in self.store.entries(-(1 << 62), 0)), None)
        if strange is not None:
            self.found.flaw(strange, "no entry has such a number")

    def _check_leaves(self, start: int, end: int, entries: dict[int, Entry]) -> None:
        """Check leaves against the tile above them."""
        tile = Tile(0, start // WIDTH, end - start)
        try:
            hashes = hashes_in(self.store.tile(tile), tile)
        except (LookupError, MalformedError):
            hashes = []  # the tile is named when tiles are checked
        for seq in range(start, end):
            if seq not in entries:
                self.found.flaw(seq, "it is missing")
            elif hashes and leaf_hash(entries[seq].sealed.leaf) != hashes[seq - start]:
                self.found.flaw(seq, f"its leaf is not what {tile.path} has: one of them was changed")

    def _check_statement(self, entry: Entry, secret: bytes | None) -> None:
        """Check what an entry says, and who signed it."""
        if entry.governs:
            self.governing.add(entry.seq)
        if secret is None:
            self.lost.append(entry.seq)
            if entry.governs:
                self.charter_lost = True
            return
        try:
            envelope = entry.sealed.open(secret)
            said = self.journal.read(envelope)
        except (NotOpenedError, RefusedError) as error:
            self.found.flaw(entry.seq, str(error))
            self.charter_lost |= entry.governs
            return
        if sha256(envelope).digest() != entry.digest:
            self.found.flaw(entry.seq, "its digest is not that of its statement: a second copy of it could enter")
        lasting = said.statement.kind in self.journal.kinds.lasting
        if lasting != entry.governs:
            marked = "governing the record" if entry.governs else "not governing the record"
            self.found.flaw(entry.seq, f"'{said.statement.kind}' is marked as {marked}")
        if said.statement.mission != self.mission.settings.origin:
            self.found.flaw(entry.seq, f"it is for the mission '{said.statement.mission}'")
        try:
            self._hold_signed(entry, said)
        except RefusedError as error:
            self.found.flaw(entry.seq, f"it may not be where it is: {error}")
        self._note_names(entry.seq, said)

    def _hold_signed(self, entry: Entry, said: Accepted) -> None:
        """Hold that those signed who might at this place, and turn the charter. Raises RefusedError."""
        if self.charter_lost:
            return
        kind = said.statement.kind
        if self.charter is None or kind in GOVERNING:
            here = entry.seq
            self.charter, _ = turned(
                self.charter, said, at=entry.at, hideable=lambda one: 0 <= one < here and one not in self.governing
            )
            if entry.seq == 0 and said.body.get("log") != self.mission.settings.log.vkey:
                self.found.flaw("mission.toml", "the key of the log is not the one with which entry 0 founded it")
            return
        hold_signers(self.journal.kinds, said, self.charter.signers(said))

    def _note_names(self, seq: int, said: Accepted) -> None:
        """Note the originals that a statement names by their SHA-256."""
        match said.statement.kind, said.body:
            case kinds.AGREEMENT, {"files": dict(files), "digest": str(digest)}:
                named = {str(name): str(one) for name, one in files.items()}
                if digest_of(named) != digest:
                    self.found.flaw(seq, "its digest is not that of the files that it names")
                originals = list(named.values())
            case kinds.TEXT, {"sha256": str(one)}:
                originals = [one]
            case _:
                return
        for one in originals:
            if len(one) == HASH_BYTES * 2 and set(one) <= set("0123456789abcdef"):
                self.named.setdefault(one, seq)
            else:
                self.found.flaw(seq, f"'{one[:80]}' is no SHA-256")

    # ---- tiles and heads ----------------------------------------------------------------------------------------

    def _check_tiles(self, size: int) -> None:
        """Check that every tile is there, as long as it should be, and made of the tiles below."""
        for tile in tiles_of(size):
            try:
                hashes = hashes_in(self.store.tile(tile), tile)
                for at, one in enumerate(hashes, tile.number * WIDTH) if tile.level else ():
                    below = Tile(tile.level - 1, at)
                    if complete(hashes_in(self.store.tile(below), below)) != one:
                        self.found.flaw(tile.path, f"its hash {at} is not that of {below.path}")
            except LookupError as error:
                self.found.flaw(str(error.args[0]), "the tile is missing, or cut off")
            except MalformedError as error:
                self.found.flaw(error.what, error.wrong)
        size = max(size, self.store.size())  # it may have grown meanwhile
        for level, number, length in self.store.tile_widths():
            width = min(WIDTH, (size >> HEIGHT * level) - number * WIDTH) if level >= 0 and number >= 0 else 0
            if width <= 0 or length > width * HASH_BYTES:
                self.found.flaw(f"tile {number} of level {level}", f"it has {length:,} bytes, more than entries make")

    def _check_heads(self, size: int) -> None:
        """Check every head: its signatures, its root, its time."""
        nodes, before = TileNodes(self.store, size), 0
        wrong: list[int] = []
        for one in self.store.heads():
            if one.size > size:
                break  # signed while this was read
            self.found.heads += 1
            where = f"the head of {one.size}"
            try:
                said, note = Checkpoint.read(one.note)
                note.held_by([self.mission.settings.log])
                cosigners = self.mission.settings.policy.cosigners(note)
                if (said.origin, said.head.size) != (self.mission.settings.origin, one.size):
                    self.found.flaw(where, f"it says '{said.origin}' and {said.head.size:,} entries")
                elif root_of(nodes, one.size) != said.head.root:
                    wrong.append(one.size)
            except (MalformedError, UntrustedError) as error:
                self.found.flaw(where, str(error))
                continue
            except LookupError:
                continue  # the tile is named already
            if one.at < before:
                self.found.flaw(where, f"it was signed at {one.at}, before the one before it")
            before = max(before, one.at)
            self._note_strangers(where, note, len(cosigners))
        if wrong:
            many = f", and {len(wrong) - 1:,} after it" if len(wrong) > 1 else ""
            self.found.flaw(f"the head of {wrong[0]}{many}", "its root is not that of the tiles: history was changed")

    def _note_strangers(self, where: str, note: Note, cosigners: int) -> None:
        if len(note.signatures) > 1 + cosigners:
            self.found.notes.append(f"{where} bears signatures by keys that mission.toml does not know")

    def _check_published(self, head: Head) -> None:
        """Check the head that was published last, after all else: whoever keeps meanwhile has published by now."""
        file = self.mission.settings.folder / CHECKPOINT
        try:
            said, note = Checkpoint.read(file.read_bytes())
            note.held_by([self.mission.settings.log])
        except OSError as error:
            self._late(f"it cannot be read: {error.strerror}")
            return
        except (MalformedError, UntrustedError) as error:
            self.found.flaw(CHECKPOINT, str(error))
            return
        size = self.store.size()
        if said.head.size > size:
            what = f"it is of {said.head.size:,} entries, and the record has {size:,}: an old copy came back"
            self.found.flaw(CHECKPOINT, what)
            return
        try:
            if root_of(TileNodes(self.store, size), said.head.size) != said.head.root:
                self.found.flaw(CHECKPOINT, f"the record has another history of {said.head.size:,} entries")
        except LookupError:
            return  # the tile is named already
        if said.head.size < head.size:
            self._late(f"it is of {said.head.size:,} entries, and the record's head of {head.size:,}")

    def _late(self, what: str) -> None:
        """Say that the newest head was not published here: on PostgreSQL, another machine may have kept."""
        said = f"{what}; the next who keeps publishes it"
        if self.mission.settings.postgres:
            self.found.notes.append(f"{CHECKPOINT}: {said}")
        else:
            self.found.flaw(CHECKPOINT, said)

    # ---- secrets and evidence -----------------------------------------------------------------------------------

    def _check_secrets(self) -> None:
        """Check that those secrets are gone whose entries were redacted, and no others."""
        redacted = set() if self.charter is None else set(self.charter.seals.redacted)
        for seq in self.lost:
            if seq not in redacted:
                what = "its secret is not in the vault, and nobody redacted it"
                self.found.flaw(seq, what if self.charter is not None else f"{what} as far as is known")
        for seq in sorted(redacted):
            if self.store.secrets([one.sealed.leaf for one in self.store.entries(seq, seq + 1)]):
                what = "it was redacted, and its secret is still in the vault: the next who keeps destroys it"
                self.found.flaw(seq, what)
        if self.charter_lost:
            self.found.notes.append("who may sign after the governing entry above is not known, and was not checked")

    def _check_evidence(self) -> None:
        """Check every original that is named, and note what nobody names."""
        evidence, known = self.mission.evidence, set[Path]()
        for digest, seq in self.named.items():
            self.found.originals += 1
            name = bytes.fromhex(digest)
            secret = self.store.secrets([name]).get(name)
            if secret is None:
                self.found.flaw(seq, f"the secret of the original {digest[:16]} is not in the vault")
                continue
            known.add(evidence.path(secret))
            try:
                evidence.read(digest)
            except MissingError as error:
                self.found.flaw(seq, str(error))
        files = sorted(one for one in evidence.folder.rglob("*") if one.is_file() and one not in known)
        for file in files:
            self.found.notes.append(f"{file.relative_to(self.mission.settings.folder)}: no statement names it")

    def _check_inbox(self) -> None:
        """Check what has waited since this began."""
        left = [one for one in self.store.waiting(1 << 30) if one.id in self.waiting]
        secrets = self.store.secrets([one.sealed.leaf for one in left])
        for one in left:
            wrong = _unopened(one, secrets.get(one.sealed.leaf))
            if wrong:
                self.found.flaw(f"inbox, {one.id}", wrong)
        if left:
            self.found.flaw("inbox", f"{len(left):,} statements wait: whoever enters something integrates them")

    # ---- projections --------------------------------------------------------------------------------------------

    def _check_projections(self) -> None:
        """Check what was worked out against a new working out, unless it will be done anew anyway."""
        folder = self.mission.settings.folder
        file = folder / FILE
        if not file.is_file() or self.charter is None:
            return
        beside = folder if os.access(folder, os.W_OK) else None
        # beside the projections, where what it holds for a moment lies already; a system's /tmp is for all
        with tempfile.TemporaryDirectory(prefix=".fsck-", dir=beside) as scratch:
            again = Path(scratch) / FILE
            try:
                Projections(again).catch_up(self.journal)
                self._compare(file, again)
            except NotOpenedError as error:
                self.found.notes.append(f"{FILE} was not compared: {error}")
            except sqlite3.DatabaseError as error:
                self.found.flaw(FILE, f"{error}; delete it: it is worked out anew")

    def _compare(self, file: Path, again: Path) -> None:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)) as there,
            closing(sqlite3.connect(again)) as new,
        ):
            there.execute("PRAGMA query_only = ON")
            if there.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                self.found.notes.append(f"{FILE} is of another version, and any question works it out anew")
                return
            position = dict(there.execute("SELECT name, value FROM position"))
            done = int(position.get("facts", "0"))
            last = [one.digest.hex() for one in self.store.entries(done - 1, done)] if done else []
            if (position.get("hidden"), [position.get("last")]) != (hidden_as_said(hidden_in(self.charter)), last):
                self.found.notes.append(f"{FILE} is of another state, and any question works it out anew")
                return
            for table, columns in TABLES.items():
                wanted = f"SELECT {columns} FROM {table} ORDER BY from_seq"  # noqa: S608  our own names
                mine, theirs = (_rows(one.execute(wanted), done) for one in (new, there))
                for seq in _differing(mine, theirs):
                    self.found.flaw(seq, f"{FILE}, {table}: it is not what follows from the record; delete the file")


def _unopened(waiting: Waiting, secret: bytes | None) -> str:
    """Return why what waits cannot be integrated as it was submitted, "" if it can."""
    if secret is None:
        return "its secret is not in the vault"
    try:
        digest = sha256(waiting.sealed.open(secret)).digest()
    except NotOpenedError as error:
        return str(error)
    return "" if digest == waiting.digest else "its digest is not that of its statement"


def _rows(rows: Iterator[tuple[object, ...]], done: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Yield rows as they were when so many entries were laid out."""
    for row in rows:
        seq, *rest = row
        if isinstance(seq, int) and seq < done:
            end = rest[0] if rest else None
            yield seq, (None, *rest[1:]) if isinstance(end, int) and end >= done else tuple(rest)


def _differing(
    mine: Iterator[tuple[int, tuple[object, ...]]], theirs: Iterator[tuple[int, tuple[object, ...]]]
) -> Iterator[int]:
    """Yield the entries whose rows differ, or are in one table only."""
    one, other = next(mine, None), next(theirs, None)
    while one is not None or other is not None:
        if one is None or (other is not None and other[0] < one[0]):
            yield other[0] if other is not None else 0
            other = next(theirs, None)
        elif other is None or one[0] < other[0]:
            yield one[0]
            one = next(mine, None)
        else:
            if one != other:
                yield one[0]
            one, other = next(mine, None), next(theirs, None)
