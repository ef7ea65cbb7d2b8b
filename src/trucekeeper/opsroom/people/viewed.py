"""Who saw which original: every one that was handed out, and every look at one that is not for all delegations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trucekeeper.opsroom.people.invitations import now
from trucekeeper.opsroom.people.models import Viewed

if TYPE_CHECKING:
    from trucekeeper.opsroom.people.models import Account

AGAIN = timedelta(hours=1)
"""Looks by one person within so long are one: a page is drawn anew often."""


def handed_out(account: Account, original: str) -> None:
    """Write down that somebody was handed an original, before he is."""
    Viewed.objects.create(account=account, what=original, how=Viewed.ORIGINAL, at=now())


def seen(account: Account, original: str) -> None:
    """Write down that somebody saw an original, unless he just did."""
    mine = Viewed.objects.filter(account=account, what=original, how=Viewed.VIEW)
    if not mine.filter(at__gt=now() - AGAIN).exists():
        Viewed.objects.create(account=account, what=original, how=Viewed.VIEW, at=now())


def latest(delegation: str, most: int = 200) -> list[Viewed]:
    """Return who of a delegation saw what, the last first."""
    mine = Viewed.objects.select_related("account").filter(account__delegation=delegation)
    return list(mine.order_by("-at", "-pk")[:most])
