"""Live: what changed, sent to open pages as it happens, for as long as their reader may see it.

    id: 813
    event: incident
    data: {"number":813,"sort":"incident","at":1930000000000000,"clause":"","name":"i-412",
           "drawn":{"key":412,"kind":"shelling",...},"html":"<li ...>"}

An incident comes with what the map draws of it and its line of the list (null: it is there no more), so that a
hundred screens need not ask a hundred times: what is the same for many is looked up once. `anew` says that so much
changed that a page had better ask for all again.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from trucekeeper.mission.looking import Filter, Sight
from trucekeeper.opsroom import acts, clock, missions
from trucekeeper.opsroom.people.models import Account
from trucekeeper.opsroom.rights import COARSE, Right, rights_of
from trucekeeper.opsroom.screens.words import shown_incident

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from django.http import HttpRequest

LOOK = 0.1
"""Seconds between two looks at whether something changed, for all who look on together: one row of SQLite."""
STILL_MAY = 4.0
"""Seconds after which a reader's rights are looked at again, so that a feed outlives them by less than five."""
MOST = 200
"""So many changes are told one by one; a page that is further behind asks for all again."""
_DIGITS = 16


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """Return that this worker answers."""
    return HttpResponse("well\n", content_type="text/plain")


@require_GET
async def changes(request: HttpRequest) -> StreamingHttpResponse:
    """Return the stream of what changes from a change on, or from now."""
    user = await request.auser()
    said = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    last = int(said) if said.isascii() and said.isdigit() and len(said) < _DIGITS else None
    seat = Seat(user.get_username(), request.session.session_key or "", translation.get_language())
    answer = StreamingHttpResponse(_stream(seat, last), content_type="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks on: an account in a session, in a language."""

    account: str
    session: str
    language: str


async def _stream(seat: Seat, last: int | None) -> AsyncIterator[str]:
    """Yield events while the account may see them, and until it would see with other eyes."""
    loop = asyncio.get_running_loop()
    first, until = await _may(seat), loop.time() + STILL_MAY
    sight = first
    if last is None and sight is not None:
        last = await sync_to_async(missions.looking().last_change)(sight)
    yield ": open\n\n"
    while sight is not None and first is not None and _eyes(sight) == _eyes(first):
        changed = TICKER.changed()  # before looking, or what comes meanwhile would be missed
        last, told = await NEWS.after(sight, seat.language, last or 0)
        for one in told:
            yield one
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), max(until - loop.time(), 0))
        if loop.time() >= until:
            sight, until = await _may(seat), loop.time() + STILL_MAY
            yield ": here\n\n"


def _eyes(sight: Sight) -> tuple[str, bool]:
    return sight.audience, sight.coarse


class Ticker:
    """Looks whether something changed, once for all who look on in this worker."""

    def __init__(self) -> None:
        """Begin with nobody looking on."""
        self._event: asyncio.Event | None = None
        self.seen = -1

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
            while (found := await newest()) == self.seen:  # noqa: ASYNC110  a database tells nobody
                await asyncio.sleep(LOOK)
            self.seen = found
        finally:
            self._event = None
            event.set()


TICKER = Ticker()
News = tuple[int, tuple[str, ...]]


class Newsroom:
    """What is told after a change: worked out once for all who see with the same eyes and read the same language."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._seen = -1
        self._told: dict[object, asyncio.Task[News]] = {}

    async def after(self, sight: Sight, language: str, last: int) -> News:
        """Return the number of the newest change, and the events after the last one."""
        if self._seen != TICKER.seen:
            self._seen, self._told = TICKER.seen, {}
        key = *_eyes(sight), language, last
        if key not in self._told:
            self._told[key] = asyncio.create_task(sync_to_async(news, thread_sensitive=False)(sight, language, last))
        return await asyncio.shield(self._told[key])  # whoever leaves takes nobody's news away


NEWS = Newsroom()


def news(sight: Sight, language: str, last: int) -> News:
    """Return the number of the newest change, and the events after the last one."""
    looking = missions.looking()
    newest = looking.last_change(sight)
    if not last <= newest <= last + MOST:  # it was all worked out anew, or too much has changed
        return newest, (_event(newest, "anew", {"number": newest}),)
    several = looking.changes(sight, last, most=MOST)
    if not several:
        return last, ()
    shown = _incidents(sight, language, {one["name"] for one in several if one["sort"] == "incident"})
    events = [
        _event(one["number"], one["sort"], _told(one, sight) | shown.get(one["name"], {}))
        for one in _last_of_each(several)
    ]
    return several[-1]["number"], tuple(events)


def _told(change: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """Return what is told of a change; to who sees coarsely not by which name somebody entered a watch."""
    unnamed = {"name": ""} if sight.coarse and change["sort"] == "watched" else {}
    return {name: change[name] for name in ("number", "sort", "at", "asked", "clause", "name")} | unnamed


def _last_of_each(several: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Return the last change of each thing, in order: who draws wants what is, and not each step to it."""
    last = {_which(one): one["number"] for one in several}
    return (one for one in several if last[_which(one)] == one["number"])


def _which(change: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(change[name]) for name in ("sort", "asked", "clause", "name"))


def _event(number: int, sort: str, told: dict[str, Any]) -> str:
    return f"id: {number}\nevent: {sort}\ndata: {json.dumps(told)}\n\n"


def _incidents(sight: Sight, language: str, names: set[str]) -> dict[str, dict[str, Any]]:
    """Return what is told of incidents besides, by their names."""
    adopted = missions.looking().adopted()
    if not names or adopted is None:
        return {}
    agreement = missions.agreement(adopted.digest)
    found: dict[str, dict[str, Any]] = {name: {"drawn": None, "html": None} for name in names}
    with translation.override(language):
        for row in missions.looking().incidents(sight, Filter(ids=tuple(sorted(names)))):
            html = render_to_string("screens/feed_row.html", {"one": shown_incident(row, agreement)})
            found[row["id"]] = {"drawn": _drawn(row), "html": html}
    return found


def _drawn(row: dict[str, Any]) -> dict[str, Any]:
    """Return what the map draws, and what the filter asks, of an incident."""
    return {
        "key": int(row["id"][2:]),
        **{name: row[name] for name in ("kind", "by", "reports")},
        "proof": row["occurred"],
        "lat": row["lat_e7"],
        "lon": row["lon_e7"],
        "within": row["within_m"],
        "earliest": row["earliest"] // 1_000_000,
        "latest": row["latest"] // 1_000_000,
        "border": int(bool(row["borders"])),
    }


async def _may(seat: Seat) -> Sight | None:
    """Return what an account sees by now, None if nothing: it was closed, say, or its session has ended."""
    account = await Account.objects.filter(username=seat.account, is_active=True).afirst()
    going = await Session.objects.filter(session_key=seat.session, expire_date__gt=timezone.now()).aexists()
    if account is None or not going or Right.SEE not in rights_of(account.role):
        return None
    if await sync_to_async(acts.is_shut_out)(account):
        return None
    return Sight(account.delegation, clock.now(), None, account.role in COARSE)
