"""The keys that the server holds: each is worked out from its secret, so that none lies on a disk by itself.

A delegation's registrar certifies the keys of its accounts, once a root has certified the registrar. The certificate
says on record that a server holds such a key.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from trucekeeper.journal.envelopes import PrivateKey
from trucekeeper.journal.keys import REGISTRAR, SERVER
from trucekeeper.ledger.lines import base64

if TYPE_CHECKING:
    from trucekeeper.journal.statements import Body
    from trucekeeper.opsroom.people.models import Account


@lru_cache(maxsize=1024)
def _key(of: str, secret: str) -> PrivateKey:
    seed = HKDF(SHA256(), 32, b"trucekeeper opsroom", of.encode()).derive(secret.encode())
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(seed))


def registrar(delegation: str) -> PrivateKey:
    """Return the key that certifies those of a delegation's accounts."""
    return _key(f"registrar {delegation}", settings.SECRET_KEY)


def of_account(account: Account) -> PrivateKey:
    """Return the key of an account; one of the same name that is made later has another."""
    return _key(f"account {account.username} {account.made_at.isoformat()}", settings.SECRET_KEY)


def registrar_said(delegation: str) -> Body:
    """Return the certificate that a root is to sign, so that a delegation's accounts can sign."""
    return {"key": base64(registrar(delegation).public.raw), "delegation": delegation, "role": REGISTRAR}


def account_said(account: Account) -> Body:
    """Return the certificate of an account's key, for its registrar to sign."""
    said = {"delegation": account.delegation, "role": account.role, "name": account.username, "held": SERVER}
    return {"key": base64(of_account(account).public.raw), **said}
