"""The log of a mission as a folder: what a mirror, a memory stick or an auditor takes away, as `ledger.exports` says.

Whoever exports into a folder that holds an earlier export of the same log adds what is new. While it is written, a
folder holds besides

    export.head                 the head that it will have, so that whoever goes on knows of which log it is
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trucekeeper.ledger import exports
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.notes import Note, UntrustedError
from trucekeeper.ledger.tiles import WIDTH, Tile, TileNodes, bundled, tiles_of
from trucekeeper.ledger.tree import HASH_BYTES, root_of
from trucekeeper.mission.publishing import FSCK, head_of, prove, refused
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trucekeeper.mission.mission import Mission
    from trucekeeper.mission.publishing import HeadShown, Proven

EXPORTING = "export.head"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: how many files, and all heads that the folder has now."""

    head: HeadShown
    files: int
    heads: tuple[int, ...]


def export(
    mission: Mission,
    path: Path,
    *,
    every: int = 0,
    entries: Sequence[int] = (),
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Exported:
    """Write the log into a folder, or into one that holds an earlier export of it what is new. Raises Refused.

    With `every`, the first head at or after each so many entries is written, too. `told` hears how many of how many
    entries are there.
    """
    found = head_of(mission)
    proven = {seq: prove(mission, seq) for seq in sorted(set(entries))}
    exporting = _Exporting(mission, path, found)
    exporting.hold_same()
    return exporting.write(_heads(mission, every, found.checkpoint.head.size), proven, told)


def _heads(mission: Mission, every: int, size: int) -> dict[int, bytes]:
    """Return the first head at or after each so many entries, up to a size."""
    chosen: dict[int, bytes] = {}
    due = every
    if every:
        for one in mission.journal.store.heads():
            if due <= one.size < size:
                chosen[one.size] = one.note
                due = (one.size // every + 1) * every
    return chosen


class _Exporting:
    """An export on its way: it only adds to what lies there."""

    def __init__(self, mission: Mission, path: Path, head: HeadShown) -> None:
        self.mission, self.path, self.head = mission, path, head
        self.folder = exports.Folder(path)
        self.store = mission.journal.store
        self.size = head.checkpoint.head.size
        self.nodes = TileNodes(self.store, self.size)
        self.files = 0

    def refused(self, what: str, remedy: str) -> Refused:
        return Refused([Fault(str(self.path), 0, 0, what, remedy)])

    # ---- what lies there ----

    def hold_same(self) -> None:
        """Hold that the folder is new, or holds an export of this log that this one goes on from. Raises Refused."""
        if self.path.exists() and not self.path.is_dir():
            raise self.refused("it is no folder", "name another")
        names = self.folder.names() if self.path.is_dir() else []
        heads = [name for name in (exports.CHECKPOINT, EXPORTING) if name in names]
        if names and not heads:
            raise self.refused(f"it is not empty, and holds no export: it has {names[0]}", "name another folder")
        for name in heads:
            self._hold_before(name)

    def _hold_before(self, name: str) -> None:
        """Hold that a head that lies there is of this record's past. Raises Refused."""
        try:
            there, note = Checkpoint.read((self.path / name).read_bytes())
            if there.origin != self.head.checkpoint.origin:
                raise self.refused(f"it holds an export of another log, '{there.origin}'", "name another folder")
            note.held_by([self.mission.settings.log])
            if there.head.size > self.size:
                what = f"its {name} is of {there.head.size:,} entries, and the record has {self.size:,}"
                raise self.refused(what, "an old copy of the record came back: keep this folder, it is evidence")
            root = root_of(self.nodes, there.head.size)
        except (MalformedError, UntrustedError, LookupError) as error:
            raise self.refused(f"its {name} is no head of this log: {error}", "name another folder") from None
        if root != there.head.root:
            what = f"its {name} is of another history of {there.head.size:,} entries"
            raise self.refused(what, "the record was rewritten: keep this folder, and see `truce fork`")

    # ---- writing ----

    def write(self, heads: dict[int, bytes], proven: dict[int, Proven], told: Callable[[int, int], None]) -> Exported:
        """Write what is not there yet: the tiles first, the newest head last."""
        before = self._before()
        self._put(EXPORTING, bytes(self.head.note))
        try:
            self._write_tiles(told)
            self._write_heads({**heads, **before})
        except (LookupError, MalformedError) as error:
            raise refused(self.mission, f"it cannot be exported: {error}", FSCK) from None
        for seq, one in proven.items():
            self._put(f"{seq}.entry", one.leaf)
            self._put(f"{seq}.tlog-proof", one.proof)
        self._put(exports.CHECKPOINT, bytes(self._newest()))
        (self.path / EXPORTING).unlink()
        return Exported(self.head, self.files - 1, (*sorted(exports.earlier(self.folder)), self.size))

    def _before(self) -> dict[int, bytes]:
        """Return the head that the folder had as its newest, if it was of fewer entries."""
        if not (self.path / exports.CHECKPOINT).is_file():
            return {}
        data = (self.path / exports.CHECKPOINT).read_bytes()
        size = Checkpoint.read(data)[0].head.size
        return {size: data} if size < self.size else {}

    def _newest(self) -> Note:
        """Return the newest head, with the cosignatures that the folder has of it besides ours."""
        file = self.path / exports.CHECKPOINT
        there = Note.read(file.read_bytes()) if file.is_file() else self.head.note
        return there.signed(*self.head.note.signatures) if there.text == self.head.note.text else self.head.note

    def _write_tiles(self, told: Callable[[int, int], None]) -> None:
        for tile in tiles_of(self.size):
            if self._length(tile.path) != tile.width * HASH_BYTES:
                self._put(tile.path, self.store.tile(tile))
            if tile.level == 0:
                if not self._length(tile.entries):
                    self._put(tile.entries, self._bundle(tile))
                told(tile.number * WIDTH + tile.width, self.size)

    def _bundle(self, tile: Tile) -> bytes:
        first = tile.number * WIDTH
        leaves = [one.sealed.leaf for one in self.store.entries(first, first + tile.width)]
        if len(leaves) != tile.width:
            raise LookupError(f"of the {tile.width} entries from {first} on there are {len(leaves)}")
        return bundled(leaves)

    def _write_heads(self, heads: dict[int, bytes]) -> None:
        for size, note in heads.items():
            self._put_new(f"{exports.CHECKPOINT}.{size}", note)
        all_heads = sorted({*exports.earlier(self.folder), self.size})
        for first, second in pairwise(all_heads):
            name = f"consistency.{first}.{second}"
            if not self._length(name):
                self._put(name, exports.consistency_lines(self.nodes, first, second))

    def _length(self, name: str) -> int:
        """Return how long a file is, 0 if it is not there; a power cut may have left one that is empty."""
        try:
            return (self.path / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def _put_new(self, name: str, data: bytes) -> None:
        if not self._length(name):
            self._put(name, data)

    def _put(self, name: str, data: bytes) -> None:
        try:
            if self._length(name) != len(data) or (self.path / name).read_bytes() != data:
                self.files += len(list(exports.write(self.path, [(name, data)])))
        except OSError as error:
            raise self.refused(f"{name} cannot be written: {error.strerror}", "is there room, and may you?") from None
