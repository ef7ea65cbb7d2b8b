"""Backups: a mission as files, as it was at one moment, made while it is being kept.

    DIR/mission.toml, checkpoint     what the mission is called, and the head over its record
    DIR/record.db                    the record: nobody can read it without the vault
    DIR/vault/vault.db               the vault, apart, so that it can be kept elsewhere, or destroyed
    DIR/evidence/                    the originals, which nobody can read without the vault either
    DIR/redacted                     what was redacted: given to `truce restore`, an older backup forgets it too

No private key is in it. From PostgreSQL and from SQLite it has the same form. `redacted` tells nothing of what it
names, and may be copied to anybody who keeps a backup:

    trucekeeper redacted 1
    valoria.example/truce
    23
    17 q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=
    original 3f9c0e...

that is: of which mission, of how many entries, the number and commitment of each entry, the name of each original.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.journal.copies import close_files, copy_record, copy_vault
from trucekeeper.journal.store import Store
from trucekeeper.mission.keeping import CHECKPOINT, EVIDENCE
from trucekeeper.mission.settings import MISSION
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from trucekeeper.mission.mission import Mission

RECORD, VAULT, LIST = "record.db", "vault/vault.db", "redacted"
HEAD = "trucekeeper redacted 1"
MOST_BYTES = 1 << 26
TRIES = 5
"""So often it is begun again because something was redacted meanwhile, which is a rare act of two delegations."""
_ENTRY = re.compile(r"(0|[1-9][0-9]{0,17}) ([A-Za-z0-9+/]{43}=)")
_ORIGINAL = re.compile(r"original ([0-9a-f]{64})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class RedactedList:
    """What was redacted in the first `size` entries: entries with the commitments in their leaves, and originals."""

    origin: str
    size: int
    entries: Mapping[int, str]
    originals: frozenset[str]

    def __str__(self) -> str:
        """Return the list as it is written."""
        lines = [HEAD, self.origin, str(self.size), *(f"{seq} {one}" for seq, one in sorted(self.entries.items()))]
        return "".join(f"{line}\n" for line in (*lines, *(f"original {one}" for one in sorted(self.originals))))

    @classmethod
    def read(cls, file: Path) -> RedactedList:
        """Return the list in a file. Raises Refused, with the line that is none."""
        try:
            with file.open("rb") as opened:
                lines = opened.read(MOST_BYTES).decode().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused([Fault(str(file), 0, 0, f"cannot be read: {error}", "name the file of a backup")]) from None
        if len(lines) < 3 or lines[0] != HEAD or not _NUMBER.fullmatch(lines[2]):  # noqa: PLR2004  its head
            what = f"it does not begin with '{HEAD}', a mission's name and a number"
            raise Refused([Fault(str(file), 1, 0, what, "name the file 'redacted' of a backup")])
        entries: dict[int, str] = {}
        originals: set[str] = set()
        for number, line in enumerate(lines[3:], 4):
            if (entry := _ENTRY.fullmatch(line)) is not None:
                entries[int(entry[1])] = entry[2]
            elif (original := _ORIGINAL.fullmatch(line)) is not None:
                originals.add(original[1])
            else:
                raise Refused([Fault(str(file), number, 0, "it names no entry and no original", "take it whole")])
        return cls(lines[1], int(lines[2]), entries, frozenset(originals))


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where, of how many entries, with how many originals, and how many were not there."""

    folder: Path
    size: int
    originals: int
    missing: int


def free(folder: Path) -> Path:
    """Return a name beside a folder that nothing bears yet: the folder's own, or with a number behind it."""
    number = 2
    found = folder
    while found.exists():
        found, number = folder.with_name(f"{folder.name}.{number}"), number + 1
    return found


def back_up(mission: Mission, folder: Path) -> Backup:
    """Copy a mission into a new folder, which is there once it is whole. Raises Refused."""
    if folder.exists():
        raise Refused([Fault(str(folder), 0, 0, "it is there already", "name a new folder, or give --force-new")])
    half = folder.with_name(f"{folder.name}.part")
    try:
        for _ in range(TRIES):
            shutil.rmtree(half, ignore_errors=True)
            (half / VAULT).parent.mkdir(mode=0o700, parents=True)
            half.chmod(0o700)
            made = _copied(mission, half)
            if made is not None:
                half.rename(folder)
                return Backup(folder, *made)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        what = f"cannot be written: {error.strerror}"
        raise Refused([Fault(str(folder), 0, 0, what, "is there room, and may you write there?")]) from None
    shutil.rmtree(half, ignore_errors=True)
    raise Refused([Fault(str(folder), 0, 0, "something was redacted each time", "nothing was written: try again")])


def _copied(mission: Mission, folder: Path) -> tuple[int, int, int] | None:
    """Copy a mission and count entries, originals and those missing; None if something was redacted meanwhile."""
    live = mission.journal.store
    copy = Store.in_files(folder / RECORD, folder / VAULT)
    try:
        copy_record(live, copy)
        size, head = copy.size(), copy.head()
        originals = copy_vault(live, copy)
        several = copy_originals(mission.settings.folder / EVIDENCE, folder / EVIDENCE, originals)
        before, after = (redacted_in(mission, one) for one in (size, live.size()))
        if (before.entries, before.originals) != (after.entries, after.originals):
            return None
    finally:
        close_files(copy)
    (folder / MISSION).write_text(str(mission.settings))
    (folder / LIST).write_text(str(before))
    if head is not None:
        (folder / CHECKPOINT).write_bytes(head)
    return size, several, len(originals) - several


def copy_originals(source: Path, target: Path, names: Iterable[str]) -> int:
    """Copy originals by the names of their files, as far as these are there, and return how many are."""
    found = 0
    for name in names:
        file = target / name[:2] / name
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copyfile(source / name[:2] / name, file)
        except FileNotFoundError:
            continue
        found += 1
    return found


def redacted_in(mission: Mission, size: int) -> RedactedList:
    """Return what was redacted in the first entries of a mission's record."""
    charter, store = mission.journal.charter(size), mission.journal.store
    redacted = () if charter is None else charter.seals.redacted
    entries = {seq: commitment(one.sealed.leaf) for seq in redacted for one in store.entries(seq, seq + 1)}
    originals = frozenset[str]() if charter is None else charter.seals.originals
    return RedactedList(mission.settings.origin, size, entries, originals)


def commitment(leaf: bytes) -> str:
    """Return the commitment in a leaf, in base64."""
    return str(json.loads(leaf)["c"])
