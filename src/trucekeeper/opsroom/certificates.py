"""The certificate that pages are encrypted with: whether browsers could believe it, before any page is."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

HOW = "make another: handbook/serving.md, From elsewhere than this machine"


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate, perhaps with those that vouch for it below it, and its key, each a PEM file."""

    certificate: Path
    key: Path

    def hold(self, names: Sequence[str], now: datetime) -> None:
        """Hold that it is a certificate for these names, by now, and its key. Raises Refused, with all that is amiss.

        `names` are those under which the room is reached; of none given, nothing is held.
        """
        faults = list(self._faults(names, now))
        if faults:
            raise Refused([Fault(str(file), 0, 0, what, HOW) for file, what in faults])

    def _faults(self, names: Sequence[str], now: datetime) -> Iterator[tuple[Path, str]]:
        try:
            certificate = x509.load_pem_x509_certificates(self.certificate.read_bytes())[0]
        except (OSError, ValueError) as error:
            yield self.certificate, f"it is no certificate in PEM: {error}"
            return
        yield from ((self.certificate, what) for what in _amiss(certificate, names, now))
        try:
            key = load_pem_private_key(self.key.read_bytes(), None)
        except TypeError:
            yield self.key, "it is locked with a passphrase, and nobody is there to type it"
        except (OSError, ValueError) as error:
            yield self.key, f"it is no private key in PEM: {str(error).splitlines()[0]}"
        else:
            raw = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            if key.public_key().public_bytes(*raw) != certificate.public_key().public_bytes(*raw):
                yield self.key, f"it is not the key of {self.certificate}"
            else:
                yield from self._unloaded()

    def _unloaded(self) -> Iterator[tuple[Path, str]]:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            yield self.certificate, f"it cannot be used: {error}"


def _amiss(certificate: x509.Certificate, names: Sequence[str], now: datetime) -> Iterator[str]:
    """Yield why browsers would not believe a certificate: its days, and the names that it does not say."""
    if now < certificate.not_valid_before_utc:
        yield f"it is good from {certificate.not_valid_before_utc:%Y-%m-%d} on: is this machine's clock right?"
    if now > certificate.not_valid_after_utc:
        yield f"it was good until {certificate.not_valid_after_utc:%Y-%m-%d}"
    said = _names(certificate)
    for name in names:
        if not any(_fits(name, one) for one in said):
            yield f"it is for {', '.join(said) or 'no name'}, and not for {name}"


def _names(certificate: x509.Certificate) -> list[str]:
    """Return what a certificate is for. Its common name counts for no browser any more."""
    try:
        several = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [
        *several.get_values_for_type(x509.DNSName),
        *(str(one) for one in several.get_values_for_type(x509.IPAddress)),
    ]


def _fits(name: str, said: str) -> bool:
    """Return whether a name is one that a certificate says; `*.` stands for one label (RFC 9525)."""
    wanted, pattern = name.lower().rstrip("."), said.lower()
    return wanted == pattern or (pattern.startswith("*.") and wanted.partition(".")[2] == pattern[2:])
