"""Signed statements (DSSE): canonical JSON, of what type it is, and who signs it.

    {"payload":"eyJ2IjoxfQ==","payloadType":"application/vnd.trucekeeper.statement+json",
     "signatures":[{"keyid":"4f1c...","sig":"..."}]}

What is signed is "DSSEv1", the type and the payload, each behind its length, so that bytes signed for one purpose are
good for no other. An envelope is itself canonical JSON.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.journal.canonical import Json, NotCanonicalError, read, written
from trucekeeper.ledger.notes import is_signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TYPE = "application/vnd.trucekeeper.statement+json"
MOST_SIGNATURES = 16
_NAMES = {"payload", "payloadType", "signatures"}


class NotSignedError(Exception):
    """An envelope is not signed as it should be; says by whom or how."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 key by which statements are checked."""

    raw: bytes

    @property
    def id(self) -> str:
        """Return the name that envelopes give it: the SHA-256 of the key, in hexadecimal."""
        return sha256(self.raw).hexdigest()

    def verifies(self, payload: bytes, signature: bytes) -> bool:
        """Return whether a signature is by this key over a payload."""
        return is_signed(self.raw, signed_bytes(payload), signature)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An Ed25519 key by which statements are signed."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """Return the key by which its signatures are checked."""
        return PublicKey(self.key.public_key().public_bytes_raw())

    def sign(self, payload: bytes) -> bytes:
        """Return the signature over a payload."""
        return self.key.sign(signed_bytes(payload))


def signed_bytes(payload: bytes) -> bytes:
    """Return what is signed for a payload (DSSE v1, pre-authentication encoding)."""
    return b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE.encode(), len(payload), payload)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload and its signatures by the ids of keys."""

    payload: bytes
    signatures: Mapping[str, bytes]

    @classmethod
    def sealed_by(cls, payload: bytes, *keys: PrivateKey) -> Envelope:
        """Return a payload signed with some keys."""
        return cls(payload, {key.public.id: key.sign(payload) for key in keys})

    @classmethod
    def read(cls, data: bytes) -> Envelope:
        """Return the envelope that bytes say. Nothing is trusted yet. Raises NotCanonicalError."""
        match read(data):
            case {"payload": str(payload), "payloadType": str(sort), "signatures": list(several), **more} if not more:
                if sort != TYPE:
                    raise NotCanonicalError(f"it is of the type '{sort[:80]}', not {TYPE}")
                if not 0 < len(several) <= MOST_SIGNATURES:
                    raise NotCanonicalError(f"it has {len(several)} signatures, and may have 1 to {MOST_SIGNATURES}")
                found = dict(_signature(one) for one in several)
                if len(found) < len(several):
                    raise NotCanonicalError("one key signed it twice")
                return cls(_bytes(payload), found)
            case _:
                raise NotCanonicalError(f"an envelope says {', '.join(sorted(_NAMES))}, and no more")

    def __bytes__(self) -> bytes:
        """Return the envelope as it is written."""
        signatures: list[Json] = [
            {"keyid": key, "sig": b64encode(one).decode()} for key, one in self.signatures.items()
        ]
        return written({"payload": b64encode(self.payload).decode(), "payloadType": TYPE, "signatures": signatures})

    def held_by(self, key: PublicKey) -> None:
        """Hold that a key signed it. Raises NotSignedError."""
        signature = self.signatures.get(key.id)
        if signature is None:
            raise NotSignedError(f"the key {key.id[:16]} did not sign it")
        if not key.verifies(self.payload, signature):
            raise NotSignedError(f"the signature of the key {key.id[:16]} is not over this statement")


def _signature(value: Json) -> tuple[str, bytes]:
    match value:
        case {"keyid": str(key), "sig": str(signature), **more} if not more:
            return key, _bytes(signature)
        case _:
            raise NotCanonicalError("a signature says keyid and sig, and no more")


def _bytes(text: str) -> bytes:
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (Error, ValueError):
        data = b""
    if not data or b64encode(data).decode() != text:
        raise NotCanonicalError(f"'{text[:40]}' is not canonical base64")
    return data
