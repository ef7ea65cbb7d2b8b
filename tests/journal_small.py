"""Small journals to test with: keys that are always the same, statements of one kind, and a clock that is told."""

from __future__ import annotations

from hashlib import sha256, shake_256
from itertools import count
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.ledger_logs import LOG, ORIGIN
from trucekeeper.journal.charter import GOVERNING
from trucekeeper.journal.envelopes import Envelope, PrivateKey
from trucekeeper.journal.journal import Journal, Outcome
from trucekeeper.journal.keeper import Keeper
from trucekeeper.journal.statements import Kinds, Statement
from trucekeeper.ledger.lines import base64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.store import Store
    from trucekeeper.ledger.notes import Note

NOON = 1_924_992_000_000_000
KINDS = Kinds({**GOVERNING, "remark": (lambda body: {**body, "loud": False},)}, lasting=frozenset(GOVERNING))


def key(name: str) -> PrivateKey:
    """Return a key that its name decides."""
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


ROOT, NORTH, SOUTH, STRANGER = (key(name) for name in ("root", "north", "south", "stranger"))
OFFICER, AUDITOR = key("officer"), key("auditor")
_nonces = count()


def said(kind: str, *by: PrivateKey, mission: str = ORIGIN, version: int = 1, **body: Json) -> bytes:
    """Return the envelope of a new statement."""
    nonce = sha256(str(next(_nonces)).encode()).hexdigest()[:32]
    return bytes(Envelope.sealed_by(bytes(Statement(kind, body, mission, nonce, NOON, version)), *by))


def remark(text: str = "something", by: PrivateKey = NORTH) -> bytes:
    """Return the envelope of a remark."""
    return said("remark", by, text=text)


def certificate(of: PrivateKey, delegation: str = "north", by: PrivateKey = ROOT, *, role: str = "monitor") -> bytes:
    """Return the envelope of a certificate."""
    return said("key.certify", by, key=base64(of.public.raw), delegation=delegation, role=role)


def founding(*roots: PrivateKey, by: Sequence[PrivateKey] = (), **more: Any) -> bytes:  # noqa: ANN401  any body
    """Return the envelope of the founding statement, which its roots sign if nobody else does."""
    roots = roots or (ROOT,)
    keys: list[Json] = [base64(one.public.raw) for one in roots]
    return said("found", *(by or roots), origin=ORIGIN, roots=keys, log=LOG.verifier.vkey, **more)


class Random:
    """Bytes that are different each time, and the same in each test."""

    def __init__(self) -> None:
        """Begin."""
        self._number = count()

    def __call__(self, many: int) -> bytes:
        """Return so many bytes."""
        return shake_256(f"random {next(self._number)}".encode()).digest(many)


def journal(store: Store) -> Journal:
    """Return the journal on a store."""
    return Journal(store, KINDS, Random())


def keeper(on: Journal, *seen: Note, at: int = NOON) -> Keeper:
    """Return a keeper that took over, whose clock stands still."""
    return Keeper.start(on, LOG, clock=lambda: at, seen=seen)


def entered(by: Keeper, *envelopes: bytes, at: int = NOON) -> list[Outcome]:
    """Return what became of statements that a keeper integrated, together, at a moment."""
    by.clock = lambda: at
    tickets = by.journal.submit_all(envelopes)
    by.integrate()
    return by.journal.outcomes(tickets)
