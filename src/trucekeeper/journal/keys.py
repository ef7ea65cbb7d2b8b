"""Who may sign: the roots that founded a mission, and the keys that they certified, as of each place in the log.

A key is good for what was integrated after its certificate and before its revocation. What it signed before it was
revoked stays; clocks play no part.

    key.certify   {"key":"<base64>","delegation":"north","role":"monitor","name":"a pseudonym","held":"server"}
    key.revoke    {"key":"<id>","why":"lost"}

A key that a server holds for an account says so (`held`), since whoever runs the server can sign with it. Such keys
are certified and revoked by a registrar, whom a root certified for one delegation: of no other, and nothing but
these.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.journal.envelopes import PublicKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.journal.statements import Body

ABOUT_KEYS = ("key.certify", "key.revoke")
_KEY_BYTES = 32
REGISTRAR = "registrar"
"""The role of a server's key that certifies those that it holds for the accounts of one delegation."""
SERVER = "server"
ROLES = (
    *("analyst", "auditor", "chair", "delegate", "delegation_head", "guarantor", "liaison", "mediator", "monitor"),
    *("protection_officer", REGISTRAR, "watch_officer"),
)
ROOT = "root"
"""The role of the keys that founded the mission."""
PUBLIC = "public"
"""The audience of what all may know: no delegation has this name."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class NotAllowedError(Exception):
    """Somebody signed what he may not; says who and what."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a key is: a delegation, and the role in it. Who the person is, the log does not say.

    `held` is by whom, if that is not the holder himself; `name` the pseudonym that tells him from others, if any.
    """

    key: PublicKey
    delegation: str
    role: str
    held: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that are good at one place in the log."""

    roots: frozenset[str]
    holders: Mapping[str, Holder]

    @classmethod
    def founded(cls, body: Body) -> KeyRing:
        """Return the keys of a mission of which the founding statement is all there is. Raises NotAllowedError."""
        roots = body.get("roots")
        if not isinstance(roots, list) or not roots:
            raise NotAllowedError("a mission is founded with at least one root")
        keys = [_key(one) for one in roots]
        return cls(frozenset(key.id for key in keys), {key.id: Holder(key, "", ROOT) for key in keys})

    def holder(self, key: str) -> Holder:
        """Return whose a key is. Raises NotAllowedError if it is not good here."""
        if key not in self.holders:
            raise NotAllowedError(f"the key {key[:16]} is not certified, or was revoked")
        return self.holders[key]

    def after(self, kind: str, body: Body, signers: frozenset[str]) -> KeyRing:
        """Return the keys that are good after a statement about keys. Raises NotAllowedError."""
        if not signers & self.roots:
            self._hold_registered(kind, body, signers)
        match kind, body:
            case "key.certify", {"key": key, "delegation": str(delegation), "role": str(role)}:
                new = _key(key)
                if new.id in self.holders:
                    raise NotAllowedError(f"the key {new.id[:16]} is certified already")
                if role not in ROLES or not _NAME.fullmatch(delegation) or delegation == PUBLIC:
                    who, known = f"'{role[:80]}' of '{delegation[:80]}'", ", ".join(ROLES)
                    raise NotAllowedError(f"{who}: a key is of a delegation, by its name, and one of {known}")
                return replace(self, holders={**self.holders, new.id: certified(body)})
            case "key.revoke", {"key": str(key)}:
                self.holder(key)
                if self.roots == {key}:
                    raise NotAllowedError("the last root cannot be revoked: certify nothing more with it instead")
                kept = {name: one for name, one in self.holders.items() if name != key}
                return KeyRing(self.roots - {key}, kept)
            case _:
                raise NotAllowedError(f"'{kind}' does not say what it should of a key")

    def _hold_registered(self, kind: str, body: Body, signers: frozenset[str]) -> None:
        """Hold that a registrar certifies, or revokes, a key that a server holds for his delegation.

        Raises NotAllowedError.
        """
        several = {self.holders[one].delegation for one in signers if self._is(one, REGISTRAR)}
        if kind == "key.certify":
            about, held, role = body.get("delegation"), body.get("held"), body.get("role")
        else:
            holder = self.holders.get(str(body.get("key")))
            about, held, role = (
                (None, None, None) if holder is None else (holder.delegation, holder.held, holder.role)
            )
        if about not in several or held != SERVER or role == REGISTRAR:
            what = (
                "only a root certifies and revokes keys, and a registrar those that a server holds for his delegation"
            )
            raise NotAllowedError(what)

    def _is(self, key: str, role: str) -> bool:
        return key in self.holders and self.holders[key].role == role


def certified(body: Body) -> Holder:
    """Return whom a certificate that is on record certified."""
    held = SERVER if body.get("held") == SERVER else ""
    return Holder(_key(body["key"]), str(body["delegation"]), str(body["role"]), held, str(body.get("name") or ""))


def _key(value: object) -> PublicKey:
    """Return the key that a value says in base64. Raises NotAllowedError."""
    try:
        raw = b64decode(value.encode("ascii"), validate=True) if isinstance(value, str) else b""
    except (Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise NotAllowedError("a key is 32 bytes in base64")
    return PublicKey(raw)
