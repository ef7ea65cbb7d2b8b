"""Restoring a mission from a backup: what was redacted since is forgotten again, and nothing is signed unasked.

A backup may be older than what others have seen. Were it kept, the log would sign a second history, and its key could
never be trusted again. So a restored mission is read at once, and kept only when somebody has shown the newest heads
that others have, or says that nobody has any.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.copies import copy_record, copy_vault, read_only
from trucekeeper.journal.journal import Journal
from trucekeeper.journal.keeper import BehindError
from trucekeeper.journal.sealing import NotOpenedError
from trucekeeper.journal.store import Store
from trucekeeper.ledger.asking import Ahead, Cosigned
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import UntrustedError
from trucekeeper.ledger.tiles import Growth, TileNodes
from trucekeeper.ledger.tree import leaf_hash, root_of
from trucekeeper.mission import kinds
from trucekeeper.mission.backups import LIST, RECORD, VAULT, RedactedList, commitment, copy_originals
from trucekeeper.mission.cosigning import Cosigning
from trucekeeper.mission.founding import make_folder
from trucekeeper.mission.keeping import CHECKPOINT, EVIDENCE
from trucekeeper.mission.projections import left_of
from trucekeeper.mission.restored import Restored, mark_of
from trucekeeper.mission.settings import MISSION, read_settings
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trucekeeper.journal.statements import Body
    from trucekeeper.ledger.notes import Note
    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.settings import Settings


@dataclass(frozen=True, slots=True)
class Seen:
    """What others have seen: heads from witnesses and mirrors, and sizes on the bare word of witnesses, by name."""

    heads: tuple[Note, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Came:
    """What came back: a mission of so many entries, what was forgotten, and originals that were not in the backup."""

    settings: Settings
    size: int
    forgotten: int
    missing: int
    newest: int
    """Of how many entries the newest list of what was redacted is."""


def restore(backup: Path, folder: Path, *, postgres: str, lists: Sequence[Path], seen: Seen, alone: bool) -> Came:
    """Restore a backup into a new folder, and mark it. Raises Refused, and BehindError if others have seen more.

    `lists` are files `redacted` of newer backups. `alone` says that nobody has seen a newer head.
    """
    settings = replace(read_settings(backup), folder=folder, postgres=postgres)
    for name in (RECORD, VAULT):
        if not (backup / name).is_file():
            raise Refused([Fault(str(backup), 0, 0, f"{name} is not there", "bring it from where it is kept")])
    read = [RedactedList.read(one) for one in (backup / LIST, *lists) if one != backup / LIST or one.exists()]
    for one in read:
        if one.origin != settings.origin:
            raise Refused([Fault(LIST, 2, 0, f"a list is of '{one.origin[:80]}', not {settings.origin}", "another?")])
    source = read_only(backup / RECORD, backup / VAULT)
    try:
        keeps = is_newest(settings, source, seen) or alone
        _hold_whole(source, settings)
        make_folder(folder)
        return _restored(backup, source, settings, read, keeps=keeps)
    finally:
        source.close()


def resume(mission: Mission, seen: Seen, *, alone: bool) -> bool:
    """Return whether a restored mission may be kept from now on. Raises BehindError if others have seen more.

    The witnesses that can be reached are asked besides.
    """
    mark = mark_of(mission.settings.folder)
    if mark is None or mark.keeps:
        return True
    answered = _asked(mission.settings, mission.journal.store)
    both = Seen((*seen.heads, *answered.heads), {**seen.sizes, **answered.sizes})
    keeps = is_newest(mission.settings, mission.journal.store, both) or alone
    replace(mark, keeps=keeps).write(mission.settings.folder)
    return keeps


def _asked(settings: Settings, store: Store) -> Seen:
    """Return what the witnesses answer that can be reached; they cosign the head if none has seen more."""
    found = Cosigning(settings, store).ask()
    heads = tuple(one.note for one in found.values() if isinstance(one, Cosigned))
    return Seen(heads, {name: one.size for name, one in found.items() if isinstance(one, Ahead)})


def is_newest(settings: Settings, store: Store, seen: Seen) -> bool:
    """Return whether enough others were heard, none of whom has seen more than this record. Raises BehindError.

    Enough are as many witnesses as a trusted head needs, at least one; where there is none, any head of the log.
    """
    size, heard = store.size(), set[str]()
    for note in seen.heads:
        _hold_before(note, settings, store, size)
        heard |= {one.key.name for one in settings.witnesses if note.by(one.key)}
    for name, more in seen.sizes.items():
        if more > size:
            raise _behind(more, size, f"'{name}' says that it has")
        heard.add(name)
    if not settings.witnesses:
        return bool(seen.heads)
    return len(heard & {one.key.name for one in settings.witnesses}) >= max(settings.quorum, 1)


def _hold_before(note: Note, settings: Settings, store: Store, size: int) -> None:
    try:
        head = Checkpoint.of(note).head
        note.held_by([settings.log])
    except (MalformedError, UntrustedError) as error:
        raise Refused(
            [Fault("--seen", 0, 0, str(error), "name a head of this log, from a witness or a mirror")]
        ) from None
    if head.size > size:
        raise _behind(head.size, size, "others have")
    if root_of(TileNodes(store, size), head.size) != head.root:
        raise BehindError(f"others have seen another history of {head.size:,} entries")


def _behind(more: int, size: int, who: str) -> BehindError:
    lacks = f"this record has {size:,}: {more - size:,} are missing"
    return BehindError(f"{who} seen {more:,} entries, and {lacks}; find a newer backup")


def _hold_whole(store: Store, settings: Settings) -> None:
    """Hold that a record is what its signed head says, leaf by leaf. Raises Refused."""
    growth = Growth()
    for one in store.entries():
        growth.add(leaf_hash(one.sealed.leaf))
        growth.full()
    try:
        said, note = Checkpoint.read(store.head() or b"")
        note.held_by([settings.log])
    except (MalformedError, UntrustedError) as error:
        raise _spoilt(str(error)) from None
    if (said.head.size, said.head.root) != (growth.size, growth.root):
        raise _spoilt(f"its {growth.size:,} entries are not those of its signed head")


def _spoilt(what: str) -> Refused:
    return Refused([Fault(RECORD, 0, 0, what, "it was changed, or is of another mission: take another backup")])


def _restored(backup: Path, source: Store, settings: Settings, lists: Sequence[RedactedList], *, keeps: bool) -> Came:
    """Copy a backup into a mission's folder, but for what was redacted by its record or by any list."""
    charter = Journal(source, kinds.KINDS, os.urandom).charter()
    redacted = {} if charter is None else dict(charter.seals.redacted)
    originals = frozenset[str]() if charter is None else charter.seals.originals
    listed = {seq: one for each in lists for seq, one in each.entries.items()}
    hidden = {seq: _left(source, seq) for seq, one in listed.items() if _is_here(source, seq, one, redacted)}
    leaves = [one.sealed.leaf for seq in (*redacted, *hidden) for one in source.entries(seq, seq + 1)]
    target = Store.on_postgres(settings.postgres) if settings.postgres else Store.in_folder(settings.folder)
    try:
        if target.size():
            what = "this database holds a mission already"
            raise Refused([Fault(str(settings.folder), 0, 0, what, "name an empty one")])
        names = originals.union(*(one.originals for one in lists))
        Restored(source.size(), keeps, hidden).write(settings.folder)
        kept = copy_vault(source, target, without=[*leaves, *_lines(listed)], originals=names)
        copy_record(source, target)
        several = copy_originals(backup / EVIDENCE, settings.folder / EVIDENCE, kept)
        size, head = target.size(), target.head()
    finally:
        target.close()
    (settings.folder / CHECKPOINT).write_bytes(head or b"")
    (settings.folder / MISSION).write_text(str(settings))
    newest = max((one.size for one in lists), default=0)
    return Came(settings, size, len(hidden), len(kept) - several, newest)


def _lines(listed: Mapping[int, str]) -> list[bytes]:
    """Return the leaves of entries, by the commitments in them."""
    return [json.dumps({"c": one, "v": 1}, separators=(",", ":")).encode() for one in listed.values()]


def _is_here(store: Store, seq: int, said: str, redacted: Mapping[int, Body]) -> bool:
    """Return whether an entry of a list is here, and was not redacted yet. Raises Refused if it is another one."""
    found = next(store.entries(seq, seq + 1), None)
    if found is None:
        return False
    if commitment(found.sealed.leaf) != said or found.governs:
        what = f"it names entry {seq}, which is another here, or governs the record"
        raise Refused([Fault(LIST, 0, 0, what, "is the list of this mission, and unchanged?")])
    return seq not in redacted


def _left(store: Store, seq: int) -> Body:
    """Return what is left of an entry whose redaction is not on record here: what a seal would leave of it."""
    journal = Journal(store, kinds.KINDS, os.urandom)
    (said,) = journal.opened(list(store.entries(seq, seq + 1)))
    charter = journal.charter(seq)
    if said is None or charter is None or said.statement.kind not in kinds.NAMED:
        return {}
    try:
        delegation = min(one.delegation for one in charter.signers(said))
    except RefusedError as error:
        raise NotOpenedError(f"entry {seq} may not be where it is: {error}") from None
    kind = said.statement.kind
    return left_of(kind, {**said.body, **said.statement.label}, delegation)
