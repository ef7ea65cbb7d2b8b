"""Invitations: a link that works once, for a day, and sets the password of one account."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.db import transaction

from trucekeeper.opsroom import clock
from trucekeeper.opsroom.people import sessions
from trucekeeper.opsroom.people.models import ADMINISTRATOR, Account, Invitation

LASTS = timedelta(hours=24)


def now() -> datetime:
    """Return the moment, as Django keeps it."""
    return datetime.fromtimestamp(clock.now() / 1_000_000, UTC)


@transaction.atomic
def invite(name: str, role: str, delegation: str) -> str:
    """Make an account that cannot come in yet, and return the secret of the link that opens it."""
    account = Account(username=name, role=role, delegation=delegation, made_at=now())
    account.set_unusable_password()
    account.full_clean(exclude=["password"])
    account.save()
    return _link(account)


@transaction.atomic
def again(account: Account) -> str:
    """Have an account begin anew, with another key, and return the secret of its link.

    Its password, passkeys and codes are forgotten and its sessions end: whoever opens the link may be another.
    """
    account.set_unusable_password()
    account.made_at = now()  # from which its key follows
    account.save()
    Authenticator.objects.filter(user=account).delete()
    sessions.end(account)
    return _link(account)


def _link(account: Account) -> str:
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(account=account).delete()
    Invitation.objects.create(digest=digest(token), account=account, until=now() + LASTS)
    return token


def first() -> str | None:
    """Return the secret of the administrator's link, as long as nobody has come in as one; None after that."""
    several = Account.objects.filter(role=ADMINISTRATOR)
    if any(one.has_usable_password() for one in several):
        return None
    known = several.first()
    return invite(ADMINISTRATOR, ADMINISTRATOR, "") if known is None else _link(known)


def guest(delegation: str) -> tuple[Account, str]:
    """Return who comes into an exercise as a watch officer, and the secret of his link."""
    name = f"guest-of-{delegation}"
    token = invite(name, "watch_officer", delegation)
    return Account.objects.get(username=name), token


def found(token: str) -> Invitation | None:
    """Return the invitation of a secret, None if there is none that is still good."""
    return Invitation.objects.select_related("account").filter(digest=digest(token), until__gt=now()).first()


def digest(token: str) -> str:
    """Return what is kept of a secret."""
    return sha256(token.encode()).hexdigest()
