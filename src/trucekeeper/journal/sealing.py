"""Sealed entries: what the log shows of a statement is a commitment, and what is stored is encrypted.

A leaf of the log is canonical JSON and tells nothing but that something was said:

    {"c":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=","v":1}

where c is SHA-256 of "trucekeeper leaf v1", a zero byte, 32 bytes of salt and the envelope. The envelope is encrypted
with AES-256-GCM under a key of its own, the leaf being what is authenticated beside it. Salt and key come from one
secret of 32 bytes in the vault: each is SHA-256 of "trucekeeper salt v1" or "trucekeeper key v1", a zero byte, and
the secret. Once that is destroyed, the leaf and all proofs of it stay true, and nobody can say
any more of what.

Whoever may see a statement can be given its envelope and its salt, and hold both against the leaf without the secret.
The salt travels as two lines, in a file whose name usually ends with `.salt`:

    trucekeeper/salt@v1
    bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trucekeeper.journal.canonical import written
from trucekeeper.ledger.lines import MalformedError, base64, hash_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET_BYTES = 32
SALT = "trucekeeper/salt@v1"
MOST_SALT = 1 << 10
_ONCE = bytes(12)
"""Each key encrypts one envelope, so its nonce need not differ."""


class NotOpenedError(Exception):
    """A sealed entry is not what its leaf says, or this is not its secret."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it is stored: its leaf in the log, and the encrypted envelope."""

    leaf: bytes
    data: bytes

    def open(self, secret: bytes) -> bytes:
        """Return the envelope. Raises NotOpenedError."""
        envelope = unlocked(self.data, secret, self.leaf)
        if leaf_of(envelope, secret) != self.leaf:
            raise NotOpenedError("the leaf commits to another statement")
        return envelope


def seal(envelope: bytes, random: Callable[[int], bytes]) -> tuple[Sealed, bytes]:
    """Return an envelope sealed, and the secret that opens it. `random` gives so many bytes that nobody can guess."""
    secret = random(SECRET_BYTES)
    leaf = leaf_of(envelope, secret)
    return Sealed(leaf, locked(envelope, secret, leaf)), secret


def locked(data: bytes, secret: bytes, beside: bytes) -> bytes:
    """Return bytes encrypted under a secret that is used once, bound to what stands beside them."""
    return AESGCM(_derived(b"key", secret)).encrypt(_ONCE, data, beside)


def unlocked(data: bytes, secret: bytes, beside: bytes) -> bytes:
    """Return what was locked. Raises NotOpenedError."""
    try:
        return AESGCM(_derived(b"key", secret)).decrypt(_ONCE, data, beside)
    except InvalidTag:
        raise NotOpenedError("the stored bytes are not those that were sealed") from None


def named(secret: bytes) -> str:
    """Return a name for what is locked under a secret, which tells nothing of it."""
    return _derived(b"name", secret).hex()


def leaf_of(envelope: bytes, secret: bytes) -> bytes:
    """Return the leaf that commits to an envelope under a secret."""
    return leaf_under(envelope, salt_of(secret))


def leaf_under(envelope: bytes, salt: bytes) -> bytes:
    """Return the leaf that commits to an envelope under a salt."""
    commitment = sha256(b"trucekeeper leaf v1\x00" + salt + envelope).digest()
    return written({"c": base64(commitment), "v": 1})


def salt_of(secret: bytes) -> bytes:
    """Return the salt of a leaf, which may be given to whoever may see its statement: it opens nothing."""
    return _derived(b"salt", secret)


def write_salt(salt: bytes) -> bytes:
    """Return a salt as a file."""
    return f"{SALT}\n{base64(salt)}\n".encode()


def read_salt(data: bytes) -> bytes:
    """Return the salt that a file says. Raises MalformedError."""
    lines = text_of(data, "the salt", most=MOST_SALT).split("\n")[:-1]
    if len(lines) != 2 or lines[0] != SALT:  # noqa: PLR2004  what it is, and the salt
        raise MalformedError("the salt", f"it is '{SALT}' and one line in base64")
    return hash_of(lines[1], "the salt", 2)


def _derived(purpose: bytes, secret: bytes) -> bytes:
    return sha256(b"trucekeeper " + purpose + b" v1\x00" + secret).digest()
