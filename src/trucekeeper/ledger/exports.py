"""A log as a folder: what a mirror holds, a memory stick carries, and an auditor checks without asking anybody.

    checkpoint                  the newest head, with its cosignatures
    tile/0/..., tile/entries/.. the tiles and entries under it, as `tiles` says
    checkpoint.70               an earlier head: of the first 70 entries
    consistency.70.300          the hashes that show the tree of 300 to have grown from that of 70, one in a line
    17.entry, 17.tlog-proof     one entry, and the proof of it that travels alone

Whoever checks brings the policy: one from the folder would vouch for itself.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.lines import MalformedError, base64, hash_of, text_of
from trucekeeper.ledger.notes import MOST_BYTES as MOST_NOTE
from trucekeeper.ledger.notes import Note, UntrustedError, Verifier
from trucekeeper.ledger.proofs import MOST_BYTES as MOST_PROOF
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.tiles import LONGEST_ENTRY, WIDTH, Growth, Tile, TileNodes, hashes_in, tiles_of, unbundled
from trucekeeper.ledger.tree import (
    HASH_BYTES,
    Head,
    Nodes,
    ProofRejectedError,
    check_consistency,
    consistency_proof,
    leaf_hash,
    root_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from trucekeeper.ledger.policies import Policy

CHECKPOINT = "checkpoint"
_EARLIER = re.compile(r"checkpoint\.(0|[1-9][0-9]{0,18})")
_GREW = re.compile(r"consistency\.(0|[1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})")
_ENTRY = re.compile(r"(0|[1-9][0-9]{0,18})\.entry")
_PROOF = re.compile(r"(0|[1-9][0-9]{0,18})\.tlog-proof")
_MOST_BUNDLE = WIDTH * (LONGEST_ENTRY + 2)
_MOST_LINES = 64 * (2 * HASH_BYTES)


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """What is wrong with a folder: in which file, and what."""

    file: str
    wrong: str


@dataclass(slots=True)
class Checked:
    """What checking a folder found: its head if that is trusted, what was checked, and every flaw."""

    checkpoint: Checkpoint | None = None
    cosigners: tuple[str, ...] = ()
    entries: int = 0
    earlier: int = 0
    proofs: int = 0
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of an exported log."""

    path: Path

    def read(self, name: str, most: int) -> bytes:
        """Return a file. Raises LookupError if it is not there, MalformedError if it is too long."""
        file = self.path / name
        try:
            with file.open("rb") as opened:
                data = opened.read(most + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise LookupError(name) from None
        if len(data) > most:
            raise MalformedError(name, f"it has more than {most:,} bytes")
        return data

    def tile(self, tile: Tile) -> bytes:
        """Return a tile, or the full one where the partial one is gone. Raises LookupError and MalformedError."""
        for one in (tile, Tile(tile.level, tile.number)):
            with suppress(LookupError):
                data = self.read(one.path, WIDTH * HASH_BYTES)
                if len(data) != one.width * HASH_BYTES:
                    raise MalformedError(one.path, f"it has {len(data):,} bytes, not {one.width} hashes")
                return data
        raise LookupError(tile.path)

    def bundle(self, tile: Tile) -> list[bytes]:
        """Return the entries under a tile of leaves. Raises LookupError and MalformedError."""
        for one in (tile, Tile(0, tile.number)):
            with suppress(LookupError):
                return list(unbundled(self.read(one.entries, _MOST_BUNDLE), one))[: tile.width]
        raise LookupError(tile.entries)

    def names(self) -> list[str]:
        """Return the names of what lies directly in it, sorted."""
        return sorted(one.name for one in self.path.iterdir())


# ---- checking ------------------------------------------------------------------------------------------------------


def check(path: Path, policy: Policy, told: Callable[[int, int], None] | None = None) -> Checked:
    """Check everything in a folder against a policy. `told` hears how many entries of how many are checked."""
    folder, found = Folder(path), Checked()
    with _noting(found, CHECKPOINT):
        note = Note.read(folder.read(CHECKPOINT, MOST_NOTE))
        found.cosigners = policy.cosigners(note)
        found.checkpoint = policy.trusts(note)
    if found.checkpoint is not None:
        _check_tree(folder, found, found.checkpoint.head, told)
        _check_heads(folder, found, policy)
        _check_proofs(folder, found, policy)
    found.flaws.sort()
    return found


class _noting:  # noqa: N801  it reads as a word of the language
    """Note what goes wrong with a file, and go on."""

    def __init__(self, found: Checked, file: str) -> None:
        self._found, self._file = found, file

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        match error:
            case MalformedError():
                wrong = str(error)
            case LookupError():
                wrong = f"{error.args[0]} is missing"
            case UntrustedError() | ProofRejectedError():
                wrong = str(error)
            case _:
                return False
        self._found.flaws.append(Flaw(self._file, wrong))
        return True


def _check_tree(folder: Folder, found: Checked, head: Head, told: Callable[[int, int], None] | None) -> None:
    """Check every entry, every tile and the root."""
    growth = Growth()
    for tile in tiles_of(head.size):
        if tile.level:
            break
        with _noting(found, tile.entries):
            for at, entry in enumerate(folder.bundle(tile), tile.number * WIDTH):
                growth.add(leaf_hash(entry))
                found.entries = at + 1
            _check_tiles(folder, found, growth.full())
            if told is not None:
                told(found.entries, head.size)
            continue
        return  # what comes after a missing entry is at no known place
    _check_tiles(folder, found, growth.partial())
    if growth.root != head.root:
        found.flaws.append(Flaw(CHECKPOINT, f"its root is not that of these {head.size:,} entries"))


def _check_tiles(folder: Folder, found: Checked, made: Iterable[tuple[Tile, bytes]]) -> None:
    """Check tiles against what the entries make of them."""
    for tile, data in made:
        with _noting(found, tile.path):
            there = hashes_in(folder.tile(tile), tile)
            for at, (one, other) in enumerate(zip(there, hashes_in(data, tile), strict=True), tile.number * WIDTH):
                if one != other:
                    what = f"entry {at}" if tile.level == 0 else f"the entries below its hash {at}"
                    raise ProofRejectedError(f"it does not fit {what}")


def _check_heads(folder: Folder, found: Checked, policy: Policy) -> None:
    """Check every earlier head, and every proof that one head grew from another."""
    assert found.checkpoint is not None  # noqa: S101  whoever asks has looked
    heads = {found.checkpoint.head.size: found.checkpoint.head}
    keys = [log.key for log in policy.logs if log.key.name == found.checkpoint.origin]
    nodes = TileNodes(folder, found.checkpoint.head.size)
    for name in folder.names():
        if match := _EARLIER.fullmatch(name):
            with _noting(found, name):
                head = _earlier(folder, name, Checkpoint(found.checkpoint.origin, Head(int(match[1]), b"")), keys)
                if head.size > found.checkpoint.head.size or root_of(nodes, head.size) != head.root:
                    raise ProofRejectedError(f"this log did not grow from its head of {head.size}: it was forked")
                heads[head.size] = head
                found.earlier += 1
    for name in folder.names():
        if match := _GREW.fullmatch(name):
            with _noting(found, name):
                sizes = int(match[1]), int(match[2])
                missing = [size for size in sizes if size not in heads]
                if missing:
                    raise LookupError(f"checkpoint.{missing[0]}")
                lines = text_of(folder.read(name, _MOST_LINES), name, most=_MOST_LINES).split("\n")[:-1]
                hashes = [hash_of(line, name, at) for at, line in enumerate(lines, 1)] if lines != [""] else []
                check_consistency(heads[sizes[0]], heads[sizes[1]], hashes)


def _earlier(folder: Folder, name: str, wanted: Checkpoint, keys: Sequence[Verifier]) -> Head:
    said, note = Checkpoint.read(folder.read(name, MOST_NOTE))
    if (said.origin, said.head.size) != (wanted.origin, wanted.head.size):
        raise MalformedError(name, f"it is the head of '{said.origin}' at {said.head.size}")
    note.held_by(keys)
    return said.head


def _check_proofs(folder: Folder, found: Checked, policy: Policy) -> None:
    """Check every entry that comes with a proof of its own."""
    for name in folder.names():
        if match := _ENTRY.fullmatch(name):
            with _noting(found, name):
                check_entry(folder, int(match[1]), policy)
                found.proofs += 1
        elif (match := _PROOF.fullmatch(name)) and not (folder.path / f"{match[1]}.entry").is_file():
            found.flaws.append(Flaw(name, f"{match[1]}.entry is missing"))


def check_entry(folder: Folder, number: int, policy: Policy) -> Checkpoint:
    """Return the checkpoint by which an entry is in the log. Raises what `Proof.check` does, and LookupError."""
    entry = folder.read(f"{number}.entry", LONGEST_ENTRY)
    proof = Proof.read(folder.read(f"{number}.tlog-proof", MOST_PROOF))
    if proof.index != number:
        raise ProofRejectedError(f"the proof is of entry {proof.index}")
    return proof.check(leaf_hash(entry), policy)


def earlier(folder: Folder) -> list[int]:
    """Return of how many entries the earlier heads in a folder are, by their names."""
    return sorted(int(match[1]) for name in folder.names() if (match := _EARLIER.fullmatch(name)))


# ---- writing -------------------------------------------------------------------------------------------------------


def consistency_lines(nodes: Nodes, first: int, second: int) -> bytes:
    """Return the file that shows a tree to have grown from an earlier one."""
    return "".join(f"{base64(one)}\n" for one in consistency_proof(nodes, first, second)).encode() or b"\n"


def write(path: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """Write files into a folder, each whole or not at all, and yield their names."""
    for name, data in files:
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f"{file.name}.part")
        half.write_bytes(data)
        half.replace(file)
        yield name
