"""Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures, each by a named key.

    example.com/truce
    3
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/truce Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

A key is known by its name and four bytes of a hash of name, type and key. Two types are spoken here: 0x01, an Ed25519
signature of the text, and 0x04, a cosignature, which says besides when it was made (C2SP tlog-cosignature). Lines of
keys that the reader does not know are kept, and say nothing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from trucekeeper.ledger.lines import MalformedError, base64, base64_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WHAT = "the note"
MOST_BYTES = 1 << 16
MOST_SIGNATURES = 64
"""C2SP asks for 16 at least."""
SIGNS, COSIGNS = 0x01, 0x04
KEY_BYTES, SIGNATURE_BYTES, ID_BYTES = 32, 64, 4
_STAMP = struct.Struct(">Q")
_LATEST = (1 << 63) - 1
_DASH = "\u2014 "


class UntrustedError(Exception):
    """A note is not signed by whom it should be; says whose signature is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key by its name, and for which type of signature it stands."""

    name: str
    type: int
    key: bytes

    def __post_init__(self) -> None:
        """Hold that the name, the type and the key are good. Raises MalformedError."""
        hold_name(self.name, f"the key '{self.name}'")
        if self.type not in (SIGNS, COSIGNS) or len(self.key) != KEY_BYTES:
            raise MalformedError(f"the key '{self.name}'", "it is not an Ed25519 key for signatures or cosignatures")

    @property
    def id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        """Return the key as one word: name, id in hexadecimal, and type and key in base64, parted by plus signs."""
        return f"{self.name}+{self.id.hex()}+{base64(bytes([self.type]) + self.key)}"

    @classmethod
    def read(cls, vkey: str, what: str = "the key", line: int = 0) -> Verifier:
        """Return the key that a word says. Raises MalformedError."""
        parts = vkey.split("+", 2)
        if len(parts) != 3:  # noqa: PLR2004  name, id and key
            raise MalformedError(what, "a key is written NAME+ID+KEY", line)
        data = base64_of(parts[2], what, line)
        try:
            found = cls(parts[0], data[0], data[1:])
        except MalformedError as error:
            raise MalformedError(what, error.wrong, line) from None
        if found.id.hex() != parts[1]:
            raise MalformedError(what, f"the id of '{parts[0]}' is {found.id.hex()}, not {parts[1]}", line)
        return found

    def verifies(self, text: str, signature: bytes) -> bool:
        """Return whether a signature, of the form of this key's type, is by this key over a note's text."""
        message = text.encode()
        if self.type == COSIGNS:
            if len(signature) != _STAMP.size + SIGNATURE_BYTES:
                return False
            time = _STAMP.unpack_from(signature)[0]
            if time > _LATEST:
                return False
            message, signature = cosigned(time, text), signature[_STAMP.size :]
        return is_signed(self.key, message, signature)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a signature is by an Ed25519 key, given as 32 bytes, over a message (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of a note: by which key, and the bytes that this key's type says how to read."""

    name: str
    id: bytes
    data: bytes

    def is_of(self, key: Verifier) -> bool:
        """Return whether the line names a key."""
        return self.name == key.name and self.id == key.id

    @property
    def time(self) -> int:
        """Return when a cosignature was made, in seconds since 1970."""
        found: int = _STAMP.unpack_from(self.data)[0]
        return found

    @property
    def line(self) -> str:
        """Return the line, its newline included."""
        return f"{_DASH}{self.name} {base64(self.id + self.data)}\n"

    @classmethod
    def read(cls, line: str, what: str, number: int) -> Signature:
        """Return what a line says. Raises MalformedError."""
        name, _, data = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH):
            raise MalformedError(what, "a line of a signature begins with a dash and a space", number)
        hold_name(name, what, number)
        both = base64_of(data, what, number)
        if len(both) <= ID_BYTES:
            raise MalformedError(what, "the signature is missing", number)
        return cls(name, both[:ID_BYTES], both[ID_BYTES:])


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its last newline included, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def read(cls, data: bytes) -> Note:
        """Return the note that bytes say. Raises MalformedError."""
        whole = text_of(data, WHAT, most=MOST_BYTES)
        text, parted, lines = whole.rpartition("\n\n")
        if not parted or not text:
            raise MalformedError(WHAT, "no empty line parts the text from the signatures")
        signed = lines.split("\n")[:-1]
        if not 0 < len(signed) <= MOST_SIGNATURES:
            raise MalformedError(WHAT, f"it has {len(signed):,} signatures, and may have 1 to {MOST_SIGNATURES}")
        first = text.count("\n") + 3
        return cls(text + "\n", tuple(Signature.read(line, WHAT, first + at) for at, line in enumerate(signed)))

    def __bytes__(self) -> bytes:
        """Return the note as it is written."""
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()

    def signed(self, *more: Signature) -> Note:
        """Return the note with more signatures, each of these keys' once: the last counts."""
        new = {(one.name, one.id): one for one in more}
        kept = (one for one in self.signatures if (one.name, one.id) not in new)
        return replace(self, signatures=(*kept, *new.values()))

    def by(self, key: Verifier) -> tuple[Signature, ...]:
        """Return the signatures of a key. Raises UntrustedError if one of them is wrong."""
        found = tuple(one for one in self.signatures if one.is_of(key))
        if not all(key.verifies(self.text, one.data) for one in found):
            raise UntrustedError(f"the signature of '{key.name}' is not over this text")
        return found

    def held_by(self, keys: Sequence[Verifier]) -> Verifier:
        """Return the first of some keys that signed. Raises UntrustedError if none did, or one is wrong."""
        signers = [key for key in keys if self.by(key)]
        if not signers:
            raise UntrustedError(f"it is not signed by {' or '.join(key.name for key in keys)}")
        return signers[0]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under its name, for one type of signature."""

    name: str
    type: int
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Return the public key."""
        return Verifier(self.name, self.type, self.key.public_key().public_bytes_raw())

    def sign(self, text: str, *, time: int | None = None) -> Signature:
        """Return a signature over a note's text; a cosignature says the `time`, in seconds since 1970."""
        key = self.verifier
        if self.type == SIGNS:
            return Signature(key.name, key.id, self.key.sign(text.encode()))
        if time is None:
            raise ValueError("bug: a cosignature says when it was made")
        return Signature(key.name, key.id, _STAMP.pack(time) + self.key.sign(cosigned(time, text)))


def cosigned(time: int, text: str) -> bytes:
    """Return what a cosignature made at a time signs (C2SP tlog-cosignature, "cosignature/v1")."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def hold_name(name: str, what: str, line: int = 0) -> None:
    """Hold that a key's name is not empty, and has no space and no plus sign. Raises MalformedError."""
    if not name or "+" in name or any(one.isspace() or one < " " for one in name):
        raise MalformedError(what, "a key's name is not empty, and has no space and no plus sign", line)


def lines_of(signatures: Iterable[Signature]) -> bytes:
    """Return signatures as the lines of a note."""
    return "".join(one.line for one in signatures).encode()


def read_lines(data: bytes, what: str) -> tuple[Signature, ...]:
    """Return the signatures of some lines. Raises MalformedError."""
    lines = text_of(data, what, most=MOST_BYTES).split("\n")[:-1]
    if len(lines) > MOST_SIGNATURES:
        raise MalformedError(what, f"it has {len(lines):,} lines, and may have {MOST_SIGNATURES}")
    return tuple(Signature.read(line, what, number) for number, line in enumerate(lines, 1))
