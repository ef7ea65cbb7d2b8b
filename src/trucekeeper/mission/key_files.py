"""Keys as files: a name and a public key that anybody may read, and the private key under a passphrase.

    Name: north.example
    Public-Key: YYp4LzJyqzFTQIV5WpRgiT6tP4p1yy/oMuDwEwi2pTk=
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    ...
    -----END ENCRYPTED PRIVATE KEY-----

The file is its owner's alone (mode 0600) and lies outside every mission. What is above the dashes is for `truce key
show` and is held against the private key whenever that is used.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trucekeeper.ledger.lines import MalformedError, base64, hash_of
from trucekeeper.ledger.notes import COSIGNS, SIGNS, Signer, Verifier, hold_name
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_BYTES = 1 << 14
MISSION = "mission.toml"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a key file says to anybody: whose it is, and the public key of 32 bytes."""

    name: str
    public: bytes

    @property
    def log(self) -> Verifier:
        """Return the key as one that signs a log's heads."""
        return Verifier(self.name, SIGNS, self.public)

    @property
    def witness(self) -> Verifier:
        """Return the key as one that cosigns them."""
        return Verifier(self.name, COSIGNS, self.public)


def new_key(path: Path, name: str, passphrase: bytes | None) -> KeyFile:
    """Write a new key, and return what is public of it. Raises Refused; nothing that is there is overwritten."""
    _hold_apart(path)
    try:
        hold_name(name, "the name")
    except MalformedError as error:
        raise Refused([Fault(str(path), 0, 0, f"'{name}': {error.wrong}", "such as --name north.example")]) from None
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    how = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(f"Name: {name}\nPublic-Key: {base64(public)}\n".encode() + pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Refused(
            [Fault(str(path), 0, 0, "it is there already", "name another file: a key is for ever")]
        ) from None
    except OSError as error:
        raise Refused(
            [Fault(str(path), 0, 0, f"cannot be written: {error.strerror}", "is it in a folder?")]
        ) from None
    return KeyFile(name, public)


def read_public(path: Path) -> KeyFile:
    """Return what a key file says to anybody. Raises Refused."""
    lines = _read(path).decode("ascii", "replace").split("\n")
    said = dict(line.partition(": ")[::2] for line in lines[:2])
    if list(said) != ["Name", "Public-Key"]:
        raise Refused([Fault(str(path), 1, 0, "it is no key file of ours", "make one: truce key new PATH --name N")])
    try:
        hold_name(said["Name"], "the name")
        return KeyFile(said["Name"], hash_of(said["Public-Key"], "the key"))
    except MalformedError as error:
        raise Refused([Fault(str(path), 0, 0, error.wrong, "take it from a copy")]) from None


def read_signer(path: Path, sort: int, ask: Callable[[], bytes]) -> Signer:
    """Return the private key in a file, for a type of signature. `ask` gives the passphrase. Raises Refused."""
    public = read_public(path)
    if path.stat().st_mode & _OTHERS:
        raise Refused([Fault(str(path), 0, 0, "others on this machine may read it", f"chmod 600 {path.name}")])
    data = _read(path)
    pem = data[data.find(b"-----BEGIN") :]
    secret = ask() if b"ENCRYPTED" in pem[:64] else None
    try:
        key = serialization.load_pem_private_key(pem, secret)
    except (ValueError, TypeError):
        what = "the passphrase does not open it" if secret is not None else "the private key in it is spoilt"
        raise Refused([Fault(str(path), 0, 0, what, "try again, or take the file from a copy")]) from None
    if not isinstance(key, Ed25519PrivateKey) or key.public_key().public_bytes_raw() != public.public:
        raise Refused([Fault(str(path), 2, 0, "the private key is not that of this name", "take it from a copy")])
    return Signer(public.name, sort, key)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused([Fault(str(path), 0, 0, f"cannot be read: {error.strerror}", "name a key file")]) from None
    if len(data) > MOST_BYTES:
        raise Refused([Fault(str(path), 0, 0, f"it has more than {MOST_BYTES:,} bytes", "name a key file")])
    return data


def _hold_apart(path: Path) -> None:
    """Hold that a key does not lie with what it is to protect."""
    for folder in path.absolute().parents:
        if (folder / MISSION).exists():
            what = f"it would lie in the mission '{folder.name}', and be copied with it"
            raise Refused([Fault(str(path), 0, 0, what, "name a file elsewhere")])
