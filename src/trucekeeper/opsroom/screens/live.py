"""Live: what changed, sent to open pages as it happens, for as long as their reader may see it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from trucekeeper.mission.looking import Sight
from trucekeeper.opsroom import clock, missions
from trucekeeper.opsroom.people.models import Account
from trucekeeper.opsroom.rights import COARSE, Right, rights_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from django.http import HttpRequest

LOOK = 0.25
"""Seconds between two looks at whether something changed, for all who look on together: one row of SQLite."""
STILL_MAY = 4.0
"""Seconds after which a reader's rights are looked at again, so that a feed outlives them by less than five."""


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """Return that this worker answers."""
    return HttpResponse("well\n", content_type="text/plain")


@require_GET
async def changes(request: HttpRequest) -> StreamingHttpResponse:
    """Return the stream of what changes from a change on, or from now: the numbers and names, not the words."""
    user = await request.auser()
    said = request.GET.get("after", "")
    last = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None  # noqa: PLR2004  a whole number
    answer = StreamingHttpResponse(
        _stream(user.get_username(), request.session.session_key, last), content_type="text/event-stream"
    )
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


async def _stream(name: str, session: str | None, last: int | None) -> AsyncIterator[str]:
    """Yield events while the account may see them."""
    looking, loop = missions.looking(), asyncio.get_running_loop()
    sight, until = await _may(name, session), loop.time() + STILL_MAY
    if last is None and sight is not None:
        last = await sync_to_async(looking.last_change)(sight)
    yield ": open\n\n"
    while sight is not None:
        changed = TICKER.changed()  # before looking, or what comes meanwhile would be missed
        for one in await sync_to_async(looking.changes)(sight, last or 0):
            last = one["number"]
            told = {column: one[column] for column in ("number", "sort", "at", "asked", "clause", "name")}
            yield f"id: {last}\nevent: {one['sort']}\ndata: {json.dumps(told)}\n\n"
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), max(until - loop.time(), 0))
        if loop.time() >= until:
            sight, until = await _may(name, session), loop.time() + STILL_MAY
            yield ": here\n\n"


class Ticker:
    """Looks whether something changed, once for all who look on in this worker."""

    def __init__(self) -> None:
        """Begin with nobody looking on."""
        self._event: asyncio.Event | None = None
        self._seen = -1

    def changed(self) -> asyncio.Event:
        """Return what is set as soon as something is other than it is now, for anybody."""
        if self._event is None:
            self._event = asyncio.Event()
            self._task = asyncio.get_running_loop().create_task(self._look(self._event))
        return self._event

    async def _look(self, event: asyncio.Event) -> None:
        """Look until something changed: whoever still looks on then asks for the next time."""
        newest = sync_to_async(missions.looking().newest)
        try:
            while (found := await newest()) == self._seen:  # noqa: ASYNC110  a database tells nobody
                await asyncio.sleep(LOOK)
            self._seen = found
        finally:
            self._event = None
            event.set()


TICKER = Ticker()


async def _may(name: str, session: str | None) -> Sight | None:
    """Return what an account sees by now, None if nothing: it was closed, say, or its session has ended."""
    account = await Account.objects.filter(username=name, is_active=True).afirst()
    going = await Session.objects.filter(session_key=session, expire_date__gt=timezone.now()).aexists()
    if account is None or not going or Right.SEE not in rights_of(account.role):
        return None
    return Sight(account.delegation, clock.now(), None, account.role in COARSE)
