"""Evidence: originals (a page, a photo, a form) kept by their SHA-256, encrypted, each under a secret of its own.

    evidence/3f/3f9c0e...     the original, AES-256-GCM; its name tells nothing of what it is

The secret lies in the vault, under the SHA-256 of the original. Once it is destroyed the file can be read by nobody,
in no backup either that has the file and not the vault. A file is on disk, and its name in its folder, before the
vault knows of it, and the vault before any statement names it. Who still has an original that was lost or spoilt
can keep it again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from trucekeeper.journal.sealing import SECRET_BYTES, NotOpenedError, locked, named, unlocked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from trucekeeper.journal.store import Store

MOST_BYTES = 1 << 28
"""It is held in memory whole, twice: some hundreds of megabytes are as much as a small server bears."""


class TooLargeError(Exception):
    """An original has more bytes than are kept; says how many."""


class MissingError(Exception):
    """An original that somebody spoke of is not there, or is not what was kept; says which."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The folder of originals, and the vault with their secrets."""

    folder: Path
    store: Store
    random: Callable[[int], bytes]

    def keep(self, original: bytes) -> str:
        """Keep an original, durable when this returns, and return its SHA-256 in hexadecimal. Once is enough.

        Raises TooLargeError.
        """
        if len(original) > MOST_BYTES:
            raise TooLargeError(f"the original has {len(original):,} bytes, and may have {MOST_BYTES:,}")
        digest = sha256(original).digest()
        secret = self._secret(digest)
        if secret is None:
            secret = self.random(SECRET_BYTES)
            _write(self.path(secret), locked(original, secret, digest))
            self.store.keep({digest: secret})
            self._hold_once(digest, secret)
        elif not self._whole(digest):
            _write(self.path(secret), locked(original, secret, digest))
        return digest.hex()

    def read(self, digest: str) -> bytes | None:
        """Return an original, None if it was destroyed or never kept. Raises MissingError if it is spoilt or gone."""
        secret = self._secret(bytes.fromhex(digest))
        if secret is None:
            return None
        file = self.path(secret)
        try:
            original = unlocked(file.read_bytes(), secret, bytes.fromhex(digest))
        except FileNotFoundError:
            raise MissingError(f"the original {digest[:16]} is not in {file.parent}") from None
        except NotOpenedError:
            raise MissingError(f"the original {digest[:16]} was changed, in {file}") from None
        if sha256(original).hexdigest() != digest:  # whoever has the vault can lock another one in its place
            raise MissingError(f"the original {digest[:16]} was replaced, in {file}")
        return original

    def destroy(self, digest: str) -> None:
        """Forget an original: its secret, then its file. Raises NotPurgedError."""
        secret = self._secret(bytes.fromhex(digest))
        if secret is not None:
            self.store.destroy([bytes.fromhex(digest)])
            self.path(secret).unlink(missing_ok=True)
            self.store.purge()

    def name(self, digest: str) -> str | None:
        """Return the name of the file of an original, by which it may be spoken of; None if it is not kept."""
        secret = self._secret(bytes.fromhex(digest))
        return None if secret is None else named(secret)

    def destroy_named(self, names: Collection[str]) -> None:
        """Forget originals by the names of their files, again if they came back. Raises NotPurgedError.

        The files go last: while one is there, whoever was cut off is not done.
        """
        if not names:
            return
        files = [file for one in names if (file := self._file(one)).exists()]
        lost = [digest for digest, secret in self.store.originals().items() if named(secret) in names]
        self.store.destroy(lost)
        if lost or files:
            self.store.purge()
        for file in files:
            file.unlink(missing_ok=True)

    def path(self, secret: bytes) -> Path:
        """Return where an original with this secret lies."""
        return self._file(named(secret))

    def _file(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _secret(self, digest: bytes) -> bytes | None:
        return self.store.secrets([digest]).get(digest)

    def _whole(self, digest: bytes) -> bool:
        try:
            return self.read(digest.hex()) is not None
        except MissingError:
            return False

    def _hold_once(self, digest: bytes, secret: bytes) -> None:
        """Take a file away again if somebody kept the same original at the same time, and was first."""
        if self._secret(digest) != secret:
            self.path(secret).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole and findable after a power cut, or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    for folder in path.parents[:3]:  # its own, which may be new in `evidence`, which may be new in the mission
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
