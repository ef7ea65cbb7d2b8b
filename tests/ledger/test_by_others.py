"""A program that others wrote reads an exported log of 70,000 entries and finds it true (PyPI: tlog-scales)."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature

from tests.ledger_logs import LOG, NORTH, SOUTH, entry, log, note, signer
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.exports import CHECKPOINT, write
from trucekeeper.ledger.notes import Note
from trucekeeper.ledger.proofs import Proof
from trucekeeper.ledger.tiles import WIDTH, bundled
from trucekeeper.ledger.tree import Head, check_consistency, check_inclusion, inclusion_proof, leaf_hash

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("tlog_scales", reason="it comes with the extra `test`")
from tlog_scales import signing, tlog
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader

SIZE = 70_000


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported")
    made = log(SIZE)
    list(write(path, ((tile.path, data) for tile, data in made.items())))
    for tile in made:
        if tile.level == 0:
            numbers = range(tile.number * WIDTH, tile.number * WIDTH + tile.width)
            list(write(path, [(tile.entries, bundled(map(entry, numbers)))]))
    list(write(path, [(CHECKPOINT, bytes(note(made.head, LOG, NORTH, SOUTH, time=1_924_992_000)))]))
    return path


@pytest.fixture
def reader(exported: Path) -> Any:  # noqa: ANN401  theirs has no types
    found = TilesReader(LocalBackend(exported))
    found.get_checkpoint()
    return found


def test_they_read_the_same_head_and_every_signature_under_it(reader: Any) -> None:  # noqa: ANN401
    found = reader.get_checkpoint()

    assert (found.size, found.root_hash) == (SIZE, log(SIZE).head.root)
    for one in (LOG, NORTH, SOUTH):
        found.verify(signing.Vkey.from_string(one.verifier.vkey))
    with pytest.raises(RuntimeError, match="no signature matched"):
        found.verify(signing.Vkey.from_string(signer("stranger").verifier.vkey))
    forged = tlog.Checkpoint(found.origin, found.size + 1, found.root_hash, found.signatures)
    with pytest.raises(InvalidSignature):
        forged.verify(signing.Vkey.from_string(NORTH.verifier.vkey))


def test_they_make_the_same_root_and_entries_of_the_tiles(reader: Any) -> None:  # noqa: ANN401
    assert reader.calculate_root_hash() == log(SIZE).head.root
    for place in (0, 255, 256, 65_535, 65_536, SIZE - 1):
        assert reader.get_entry(place) == entry(place)


def test_their_proofs_are_ours(reader: Any) -> None:  # noqa: ANN401
    made = log(SIZE)
    for place in {0, SIZE - 1, *Random(1).sample(range(SIZE), 40)}:  # noqa: S311  nothing here is a secret
        theirs = reader.get_inclusion_proof(place, SIZE).node_hashes

        assert theirs == inclusion_proof(made.nodes, place, SIZE)
        check_inclusion(leaf_hash(entry(place)), place, made.head, theirs)
    for first in (1, 255, 256, 257, 4096, 65_536, 69_999):
        grew = reader.get_consistency_proof(first, SIZE)

        grew.check(log(first).head.root, made.head.root)
        check_consistency(log(first).head, made.head, grew.node_hashes)


def test_they_accept_our_proof_and_refuse_it_for_another_entry() -> None:
    made = log(300)
    whole = Proof(17, tuple(inclusion_proof(made.nodes, 17, 300)), note(made.head, LOG))
    theirs = tlog.InclusionProof(whole.index, 300, list(whole.hashes))

    theirs.check(leaf_hash(entry(17)), made.head.root)
    with pytest.raises(tlog.InclusionProofInvalid):
        theirs.check(leaf_hash(entry(18)), made.head.root)


def test_we_read_what_they_sign() -> None:
    theirs = tlog.Checkpoint.make_signed(
        "example.com/theirs", 300, log(300).head.root, [signing.PlainEd25519Signer("example.com/theirs", bytes(32))]
    )
    said, read = Checkpoint.read(theirs.serialize().encode())

    assert said == Checkpoint("example.com/theirs", Head(300, log(300).head.root))
    assert bytes(read) == theirs.serialize().encode()
    assert Note.read(bytes(read)).signatures[0].name == "example.com/theirs"
