"""The tree is that of RFC 6962, and shows of every entry and every earlier tree that it holds them."""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from tests.ledger_logs import entry, log
from trucekeeper.ledger.tree import (
    EMPTY_ROOT,
    Head,
    ProofRejectedError,
    check_consistency,
    check_inclusion,
    consistency_proof,
    covering,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZES = range(34)


def mth(entries: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash as RFC 6962, 2.1, writes it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return sha256(b"\x01" + mth(entries[:split]) + mth(entries[split:])).digest()


def path(place: int, entries: Sequence[bytes]) -> list[bytes]:
    """Return the audit path as RFC 6962, 2.1.1, writes it."""
    if len(entries) == 1:
        return []
    split = 1
    while split * 2 < len(entries):
        split *= 2
    if place < split:
        return [*path(place, entries[:split]), mth(entries[split:])]
    return [*path(place - split, entries[split:]), mth(entries[:split])]


def subproof(first: int, entries: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """Return the consistency proof as RFC 6962, 2.1.2, writes it."""
    if first == len(entries):
        return [] if whole else [mth(entries)]
    split = 1
    while split * 2 < len(entries):
        split *= 2
    if first <= split:
        return [*subproof(first, entries[:split], whole=whole), mth(entries[split:])]
    return [*subproof(first - split, entries[split:], whole=False), mth(entries[:split])]


def entries(size: int) -> list[bytes]:
    return [entry(number) for number in range(size)]


@pytest.mark.parametrize("size", SIZES)
def test_root_and_proofs_are_those_of_the_rfc(size: int) -> None:
    made = log(size)

    assert made.head.root == root_of(made.nodes, size) == mth(entries(size))
    for place in range(size):
        assert inclusion_proof(made.nodes, place, size) == path(place, entries(size))
    for first in range(1, size + 1):
        assert consistency_proof(made.nodes, first, size) == subproof(first, entries(size), whole=True)


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_is_shown_at_its_place_and_at_no_other(size: int) -> None:
    made = log(size)
    for place in range(size):
        proof = inclusion_proof(made.nodes, place, size)
        for claimed in range(-1, size + 2):
            for other in range(size):
                if (claimed, other) == (place, place):
                    check_inclusion(leaf_hash(entry(other)), claimed, made.head, proof)
                else:
                    with pytest.raises(ProofRejectedError):
                        check_inclusion(leaf_hash(entry(other)), claimed, made.head, proof)


@pytest.mark.parametrize("size", SIZES)
def test_every_earlier_tree_is_shown_and_no_other(size: int) -> None:
    made = log(size)
    for first in range(size + 1):
        proof = consistency_proof(made.nodes, first, size)

        check_consistency(log(first).head, made.head, proof)

        for old, new in ((log(first, "x").head, made.head), (log(first).head, log(size, "x").head)):
            if size and (first or old is not log(first, "x").head) and (new is made.head or first):
                with pytest.raises(ProofRejectedError):
                    check_consistency(old, new, proof)
        for wrong in ([*proof, EMPTY_ROOT], proof[:-1] if proof else [EMPTY_ROOT], [EMPTY_ROOT, *proof]):
            with pytest.raises(ProofRejectedError):
                check_consistency(log(first).head, made.head, wrong)


def test_a_tree_did_not_grow_from_a_larger_one() -> None:
    with pytest.raises(ProofRejectedError, match="a tree of 3 did not grow from one of 4"):
        check_consistency(log(4).head, log(3).head, [])
    with pytest.raises(ValueError, match="a tree of 3 did not grow from one of 4"):
        consistency_proof(log(4).nodes, 4, 3)


def test_nothing_is_shown_by_hashes_of_another_length() -> None:
    made = log(2)
    (beside,) = inclusion_proof(made.nodes, 0, 2)
    for leaf, head, proof in (
        (leaf_hash(entry(0)), made.head, [beside[:31]]),
        (leaf_hash(entry(0)) + b"\0", made.head, [beside]),
        (leaf_hash(entry(0)), Head(2, made.head.root[:4]), [beside]),
    ):
        with pytest.raises(ProofRejectedError, match="a hash has 32 bytes"):
            check_inclusion(leaf, 0, head, proof)


def test_the_empty_tree_grows_into_any_by_an_empty_proof() -> None:
    check_consistency(Head(0, EMPTY_ROOT), log(5).head, [])
    check_consistency(Head(0, EMPTY_ROOT), Head(0, EMPTY_ROOT), [])

    with pytest.raises(ProofRejectedError, match="the empty tree has another root"):
        check_consistency(Head(0, log(1).head.root), log(5).head, [])
    with pytest.raises(ProofRejectedError, match="a proof of 0 hashes is due, and 1 are there"):
        check_consistency(Head(0, EMPTY_ROOT), log(5).head, [EMPTY_ROOT])
    with pytest.raises(ProofRejectedError):
        check_inclusion(EMPTY_ROOT, 0, Head(0, EMPTY_ROOT), [])


def test_sizes_beyond_any_log_are_refused_and_not_computed() -> None:
    with pytest.raises(ProofRejectedError):
        check_inclusion(EMPTY_ROOT, 0, Head(1 << 64, EMPTY_ROOT), [])
    with pytest.raises(ProofRejectedError, match="a proof of 63 hashes is due"):
        check_inclusion(EMPTY_ROOT, 0, Head((1 << 63) - 1, EMPTY_ROOT), [])
    with pytest.raises(ProofRejectedError):
        check_consistency(Head(1, EMPTY_ROOT), Head(1 << 63, EMPTY_ROOT), [])


def test_leaves_cover_a_stretch_with_the_fewest_nodes() -> None:
    assert list(covering(0, 7)) == [(2, 0), (1, 2), (0, 6)]
    assert list(covering(8, 12)) == [(2, 2)]
    assert list(covering(0, 0)) == []


def test_a_leaf_is_no_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")

    assert node_hash(left, right) != leaf_hash(left + right)


def vectors(shared: Path, sort: str) -> list[dict[str, Any]]:
    found = sorted((shared / "data" / "standards" / "merkle" / sort).glob("*/*.json"))
    assert found
    return [json.loads(one.read_text(encoding="utf-8")) for one in found]


def test_published_inclusion_vectors_agree(shared: Path) -> None:
    said: dict[str, bool] = {}
    for one in vectors(shared, "inclusion"):
        proof = [b64decode(text) for text in one["proof"] or []]
        head = Head(one["treeSize"], b64decode(one["root"] or ""))
        try:
            check_inclusion(b64decode(one["leafHash"] or ""), one["leafIdx"], head, proof)
        except ProofRejectedError:
            said[json.dumps(one)] = True
        else:
            said[json.dumps(one)] = False

    assert {name for name, refused in said.items() if refused is not json.loads(name)["wantErr"]} == set()


def test_published_consistency_vectors_agree(shared: Path) -> None:
    wrong = []
    for one in vectors(shared, "consistency"):
        proof = [b64decode(text) for text in one["proof"] or []]
        old, new = (Head(one[f"size{at}"], b64decode(one[f"root{at}"] or "")) for at in (1, 2))
        refused = False
        try:
            check_consistency(old, new, proof)
        except ProofRejectedError:
            refused = True
        if refused is not one["wantErr"]:
            wrong.append(one["desc"])

    assert wrong == []
