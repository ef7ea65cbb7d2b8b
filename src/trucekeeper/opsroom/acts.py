"""Acts: what a signed-in person puts on record. It becomes a statement, signed with the key held for the account.

Each form bears a nonce, and each nonce makes one statement, whose bytes are kept until it is on record: so sending
twice, or sending again after a worker was killed, puts nothing on record twice, and loses nothing.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trucekeeper.journal.canonical import NotCanonicalError
from trucekeeper.journal.charter import RefusedError
from trucekeeper.journal.envelopes import Envelope
from trucekeeper.journal.keys import REGISTRAR
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.faults import PASSING, passes
from trucekeeper.opsroom.people import keys
from trucekeeper.opsroom.people.models import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.keys import Holder
    from trucekeeper.journal.statements import Body
    from trucekeeper.opsroom.people.models import Account

PATIENCE = 10.0
"""Seconds that a page waits for its act to be on record, and shown."""
NAP = 0.01


class NotDoneError(Exception):
    """An act was not put on record; says why, for the person who did it."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be put on record; `nonce` is the form's."""

    nonce: str
    kind: str
    body: Mapping[str, Json]
    label: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Done:
    """An act that is on record: its entry. `shown` is whether pages follow it by now."""

    seq: int
    shown: bool


def put(account: Account, act: Act) -> Done:
    """Put a statement on record, once for each nonce, and wait until pages follow it. Raises NotDoneError."""
    return put_all(account, [act])[0]


def put_all(account: Account, several: Sequence[Act]) -> list[Done]:
    """Put statements on record, and wait once until pages follow them all. Raises NotDoneError."""
    with _told():
        let_in(account)
        for one in several:
            keep(account, one.nonce, said(account, one))
    return _put_kept(account, [one.nonce for one in several])


def put_kept(account: Account, nonce: str) -> Done:
    """Put on record what is kept for a nonce, and wait until pages follow it. Raises NotDoneError."""
    return _put_kept(account, [nonce])[0]


def _put_kept(account: Account, nonces: Sequence[str]) -> list[Done]:
    with _told():
        entries = [_integrated(ticket) for ticket in [_submitted(account, one) for one in nonces]]
        Sent.objects.filter(account=account, nonce__in=nonces).update(envelope=b"")
        shown = _followed(max(entries, default=-1))
        return [Done(seq, shown) for seq in entries]


def is_sent(account: Account, nonce: str) -> bool:
    """Return whether the form of a nonce was sent before: then to send it again says nothing new."""
    return Sent.objects.filter(account=account, nonce=nonce).exclude(ticket="").exists()


def said(account: Account, act: Act) -> bytes:
    """Return an act as a statement that an account signed, for itself or for another to sign too.

    Raises NotDoneError.
    """
    mission = missions.mission()
    try:
        return mission.said(act.kind, act.body, by=[keys.of_account(account)], label=act.label)
    except NotCanonicalError as error:
        raise NotDoneError(_("Nothing was put on record: %(why)s. Say less in one entry.") % {"why": error}) from None


def signed_too(account: Account, other: Account, envelope: bytes) -> bytes:
    """Return the statement that another account signed, signed by an account as well. Raises NotDoneError."""
    for one in (other, account):
        let_in(one)
    found, key = Envelope.read(envelope), keys.of_account(account)
    return bytes(Envelope(found.payload, {**found.signatures, key.public.id: key.sign(found.payload)}))


def keep(account: Account, nonce: str, envelope: bytes) -> None:
    """Keep the bytes of a statement until it is on record: those that were made for this nonce first."""
    with suppress(IntegrityError), transaction.atomic():
        Sent.objects.create(account=account, nonce=nonce, envelope=envelope, ticket="")


def let_in(account: Account) -> None:
    """Put on record that an account is of its delegation, in its role, if it is not. Raises NotDoneError.

    Before that it has seen nothing, and no other page lets it in: so every widening of who sees what is an entry.
    Whose key was revoked is not let in with it again: a root may have had a reason.
    """
    key = keys.of_account(account).public.id
    if key in _holders():
        return
    if key in missions.revoked():
        raise NotDoneError(
            _("Nothing was put on record: the key of %(name)s was revoked. An administrator can give a new link.")
            % {"name": account.username}
        )
    if not may_sign(account.delegation):
        why = _("a root has not yet let this room sign for %(delegation)s") % {"delegation": account.delegation}
        raise NotDoneError(_("Nothing was put on record: %(why)s. What you wrote is kept.") % {"why": why})
    with _told():
        _by_registrar(account, "key.certify", keys.account_said(account))


def is_shut_out(account: Account) -> bool:
    """Return whether the key of an account was revoked on record: then it sees nothing any more, either."""
    key = keys.of_account(account).public.id
    return key in missions.revoked() and key not in _holders()


def let_out(account: Account) -> None:
    """Put on record that the key of an account is not good any more, if it was. Raises NotDoneError."""
    key = keys.of_account(account).public.id
    if key in _holders():
        with _told():
            _by_registrar(account, "key.revoke", {"key": key, "why": "the account was closed, or has a new key"})


def may_sign(delegation: str) -> bool:
    """Return whether a root has let this room sign for a delegation."""
    holder = _holders().get(keys.registrar(delegation).public.id)
    return holder is not None and holder.role == REGISTRAR


def _holders() -> Mapping[str, Holder]:
    charter = missions.mission().journal.charter()
    return {} if charter is None else charter.keys.holders


def _by_registrar(account: Account, kind: str, body: Body) -> None:
    """Put on record what a registrar says of an account's key, unless it is so meanwhile. Raises NotDoneError."""
    mission = missions.mission()
    statement = mission.said(kind, body, by=[keys.registrar(account.delegation)])
    try:
        _integrated(mission.journal.submit(statement))
    except NotDoneError:
        is_good = keys.of_account(account).public.id in _holders()
        if is_good != (kind == "key.certify"):
            raise


@contextmanager
def _told() -> Iterator[None]:
    """Turn a disk that is full, or a database that does not answer, into what the person is told."""
    try:
        yield
    except PASSING as error:
        if not passes(error):
            raise
        what = _("the disk is full, or a database does not answer")
        raise NotDoneError(
            _("It may not be on record: %(why)s. What you wrote is kept: send it again, and it is there once.")
            % {"why": what}
        ) from error


def _submitted(account: Account, nonce: str) -> bytes:
    """Submit the statement that is kept for a nonce, unless that was done, and return its ticket."""
    sent = Sent.objects.filter(account=account, nonce=nonce).first()
    if sent is None:  # it was sent twice at once, and the other was told why
        raise NotDoneError(_("It was refused a moment ago. Nothing was put on record by it."))
    if sent.ticket:
        return bytes.fromhex(sent.ticket)
    try:
        ticket = missions.mission().journal.submit(bytes(sent.envelope))
    except RefusedError as error:
        sent.delete()
        raise NotDoneError(_("Nothing was put on record: %(why)s.") % {"why": error}) from None
    Sent.objects.filter(pk=sent.pk).update(ticket=ticket.hex())
    return ticket


def _integrated(ticket: bytes) -> int:
    """Return the entry that a submission became. Raises NotDoneError."""
    journal, until = missions.mission().journal, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        outcome = journal.outcome(ticket)
        if outcome.seq is not None:
            return outcome.seq
        if outcome.refused is not None:
            raise NotDoneError(
                _("It was refused: %(why)s. Nothing was put on record by it.") % {"why": outcome.refused}
            )
        time.sleep(NAP)
    raise NotDoneError(
        _("It is safe, and not on record yet: nobody keeps this mission just now. It will be, once somebody does.")
    )


def _followed(seq: int) -> bool:
    """Return whether pages follow an entry, after waiting for it a while."""
    looking, until = missions.looking(), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if looking.position()[0] > seq:
            return True
        time.sleep(NAP)
    return False
