"""How long a proof takes from a record of so many entries, on SQLite, from tiles that are written for it.

    python -m bench.proofs --size 1000000 --proofs 2000

What is measured is `Journal.proof`, which reads head, tiles and hashes anew each time, as `truce prove` does once a
mission is open. Each proof is checked. Entries are not needed, and not there.
"""

from __future__ import annotations

import os
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trucekeeper.journal.journal import Journal
from trucekeeper.journal.store import Store
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import SIGNS, Note, Signer
from trucekeeper.ledger.policies import Known, Policy
from trucekeeper.ledger.tiles import Growth
from trucekeeper.ledger.tree import Head, leaf_hash
from trucekeeper.mission.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

ORIGIN = "bench.example/truce"
AT_ONCE = 100_000


def main(words: Sequence[str] | None = None) -> None:
    """Build a record, prove entries of it drawn at random, and say how long each took."""
    parser = ArgumentParser(prog="python -m bench.proofs")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--proofs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.in_folder(Path(folder))
        try:
            policy = build(store, asked.size)
            numbers = [Random(asked.seed + n).randrange(asked.size) for n in range(asked.proofs)]
            took = sorted(proven(Journal(store, KINDS, os.urandom), numbers, policy))
        finally:
            store.close()
    p50, p99 = (took[len(took) * share // 100] * 1000 for share in (50, 99))
    print(f"{len(took):,} proofs from {asked.size:,} entries: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def build(store: Store, size: int) -> Policy:
    """Write the tiles of a record and its signed head, and return the policy by which that is trusted."""
    signer = Signer(ORIGIN, SIGNS, Ed25519PrivateKey.generate())
    growth, fence = Growth(), store.take_over()
    for start in range(0, size, AT_ONCE):
        for number in range(start, min(start + AT_ONCE, size)):
            growth.add(leaf_hash(entry(number)))
        with store.group(fence) as group:
            group.grow([*growth.full(), *growth.partial()])
    text = Checkpoint(ORIGIN, Head(size, growth.root)).text
    with store.group(fence) as group:
        group.sign(size, 0, bytes(Note(text, (signer.sign(text),))))
    return Policy((Known(signer.verifier),), {}, {}, "none")


def entry(number: int) -> bytes:
    """Return the entry at a place."""
    return b"%d" % number


def proven(journal: Journal, numbers: Sequence[int], policy: Policy) -> list[float]:
    """Return the seconds that the proof of each entry took; each is checked."""
    took: list[float] = []
    for number in numbers:
        begun = time.perf_counter()
        proof = journal.proof(number)
        took.append(time.perf_counter() - begun)
        proof.check(leaf_hash(entry(number)), policy)
    return took


if __name__ == "__main__":
    main()
