"""The Merkle tree of RFC 6962, section 2.1: its hashes, its proofs, and how these are checked.

Nodes are named by height and index: node (h, i) is the hash of the 2**h leaves from i * 2**h on, and is defined once
all of these are there. Proofs are made from whatever can tell such nodes.

Size 0. RFC 6962 gives the empty tree a root (the hash of nothing) and defines no proof from it. C2SP tlog-witness has
an empty proof stand for consistency with it. Here, too, an empty proof shows it if the root is that of the empty
tree; anything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
MOST_HASHES = 63
"""No proof is longer: a tree has fewer than 2**63 leaves."""
LARGEST = (1 << 63) - 1
"""The largest size of a tree."""


class ProofRejectedError(Exception):
    """A proof does not show what it should; says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """A tree as a whole: how many leaves it has, and its root."""

    size: int
    root: bytes


class Nodes(Protocol):
    """Whoever can tell the hashes of complete subtrees."""

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of the 2**height leaves from index * 2**height on, all of which are there."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(b"\x01" + left + right).digest()


# ---- what a tree says ----------------------------------------------------------------------------------------------


def root_of(nodes: Nodes, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return _stretch(nodes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the hashes that show a leaf in the tree of the first `size`, the sibling of the leaf first."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    return [_stretch(nodes, *stretch) for stretch in _path(index, 0, size)]


def consistency_proof(nodes: Nodes, first: int, second: int) -> list[bytes]:
    """Return the hashes that show the tree of the first `first` leaves to be where that of `second` began."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} did not grow from one of {first}")
    if first in (0, second):
        return []
    return [_stretch(nodes, *stretch) for stretch in _grown(first, second)]


def _path(index: int, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches of leaves beside the path from a leaf to the root, from below."""
    beside: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return beside[::-1]


def _grown(first: int, second: int) -> list[tuple[int, int]]:
    """Return the stretches of leaves whose hashes make both roots, from below (RFC 6962, 2.1.2)."""
    beside: list[tuple[int, int]] = []
    start, end = 0, second
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return [*([(start, end)] if start else []), *beside[::-1]]


def _stretch(nodes: Nodes, start: int, end: int) -> bytes:
    """Return the hash of leaves that are one side of a split: complete but for their right end."""
    hashes = [nodes.node(height, index) for height, index in covering(start, end)]
    return folded(hashes)


def covering(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the fewest complete nodes over the leaves from `start` to before `end`, the largest first.

    `start` is a multiple of the largest power of two that is no more than the leaves.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def folded(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of nodes that lie side by side, each larger than the next."""
    *others, found = hashes
    for one in reversed(others):
        found = node_hash(one, found)
    return found


def _split(leaves: int) -> int:
    """Return the largest power of two that is less than a number of leaves."""
    return 1 << (leaves - 1).bit_length() - 1


# ---- checking ------------------------------------------------------------------------------------------------------


def check_inclusion(leaf: bytes, index: int, head: Head, proof: Sequence[bytes]) -> None:
    """Hold that a leaf's hash is at an index of a tree. Raises ProofRejectedError."""
    _hold_form(proof, leaf, head.root)
    if not 0 <= index < head.size <= LARGEST:
        raise ProofRejectedError(f"there is no entry {index} in a tree of {head.size}")
    beside = _path(index, 0, head.size)
    _hold_length(proof, len(beside))
    for (start, _), one in zip(beside, proof, strict=True):
        leaf = node_hash(one, leaf) if start < index else node_hash(leaf, one)
    if leaf != head.root:
        raise ProofRejectedError(f"entry {index} is not what the tree of {head.size} has there")


def check_consistency(old: Head, new: Head, proof: Sequence[bytes]) -> None:
    """Hold that a tree grew from another by new leaves alone. Raises ProofRejectedError."""
    _hold_form(proof, old.root, new.root)
    if not 0 <= old.size <= new.size <= LARGEST:
        raise ProofRejectedError(f"a tree of {new.size} did not grow from one of {old.size}")
    if old.size == 0 and old.root != EMPTY_ROOT:
        raise ProofRejectedError("the empty tree has another root")
    if old.size in (0, new.size):
        _hold_length(proof, 0)
        if old.size == new.size and old.root != new.root:
            raise ProofRejectedError(f"two trees of {old.size} have different roots")
        return
    stretches = _grown(old.size, new.size)
    _hold_length(proof, len(stretches))
    placed = list(zip(stretches, proof, strict=True))
    if old.size & (old.size - 1) == 0:  # the old tree is itself a node of the new: its root is not sent
        placed.insert(0, ((0, old.size), old.root))
    _hold_roots(old, new, placed)


def _hold_roots(old: Head, new: Head, placed: Sequence[tuple[tuple[int, int], bytes]]) -> None:
    """Hold that the hashes of stretches of leaves, from below, make both roots."""
    before = after = placed[0][1]
    for (start, _), one in placed[1:]:
        if start >= old.size:
            after = node_hash(after, one)
        else:
            before, after = node_hash(one, before), node_hash(one, after)
    if before != old.root:
        raise ProofRejectedError(f"the tree of {old.size} had another root")
    if after != new.root:
        raise ProofRejectedError(f"the tree of {old.size} is not where this one began: history was rewritten")


def _hold_form(proof: Sequence[bytes], *hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in (*proof, *hashes)):
        raise ProofRejectedError(f"a hash has {HASH_BYTES} bytes")


def _hold_length(proof: Sequence[bytes], wanted: int) -> None:
    if len(proof) != wanted:
        raise ProofRejectedError(f"a proof of {wanted} hashes is due, and {len(proof)} are there")
