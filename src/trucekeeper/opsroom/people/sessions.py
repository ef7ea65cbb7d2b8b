"""Sessions: since when somebody is signed in, and when he was last here. From where, is written down nowhere.

A session lasts a shift, however busy it is. It is named to people by a hash, since its key opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest

    from trucekeeper.opsroom.people.models import Account

SINCE, SEEN = "since", "seen"
SEEN_AGAIN = timedelta(minutes=5)
"""So rarely it is written down that somebody is here: a write for each page would be one too many."""


@dataclass(frozen=True, slots=True)
class Open:
    """A session that is open: of which account, by its number, since when, and when it was last seen."""

    name: str
    account: int
    since: datetime
    seen: datetime


def begin(request: HttpRequest, **_more: object) -> None:
    """Write down when a session began, and when it ends at the latest."""
    now = timezone.now()
    request.session[SINCE] = request.session[SEEN] = now.isoformat()
    limit(request)


def limit(request: HttpRequest) -> None:
    """Have a session end a shift after it began, if it did."""
    since = request.session.get(SINCE)
    if since is not None:
        shift = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        request.session.set_expiry(datetime.fromisoformat(since) + shift)


def see(request: HttpRequest) -> None:
    """Write down that a session is used, if that was not done for a while."""
    now, seen = timezone.now(), request.session.get(SEEN, "")
    if not seen or datetime.fromisoformat(seen) + SEEN_AGAIN < now:
        request.session[SEEN] = now.isoformat()


def open_sessions(account: Account | None = None) -> list[Open]:
    """Return the sessions that are open, of one account or of all, the one last seen first."""
    found = [_read(one) for one in Session.objects.filter(expire_date__gt=timezone.now())]
    several = [one for one in found if one is not None and (account is None or one.account == account.pk)]
    return sorted(several, key=lambda one: one.seen, reverse=True)


def end(account: Account, name: str | None = None) -> None:
    """End a session of an account, or all of them."""
    for one in Session.objects.all():
        found = _read(one)
        if found is not None and found.account == account.pk and name in {None, found.name}:
            one.delete()


def name_of(key: str | None) -> str:
    """Return how a session is named to people."""
    return sha256((key or "").encode()).hexdigest()[:16]


def _read(session: Session) -> Open | None:
    said = session.get_decoded()
    if SESSION_KEY not in said or SINCE not in said:
        return None
    since, seen = (datetime.fromisoformat(said[one]) for one in (SINCE, SEEN))
    return Open(name_of(session.session_key), int(said[SESSION_KEY]), since, seen)


user_logged_in.connect(begin, dispatch_uid="a session begins")
