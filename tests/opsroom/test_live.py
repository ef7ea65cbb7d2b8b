"""What comes live: once for all who see with the same eyes, and for as long as they may see it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.sessions.backends.db import SessionStore

from tests import opsroom_small as small
from trucekeeper.mission.looking import GRID_E7, LATE, Sight
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens import live

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mission_small import Clock
    from trucekeeper.opsroom.people.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]


def seat(account: Account) -> live.Seat:
    """Return the seat of an account that has signed in."""
    session = SessionStore()
    session["signed"] = "in"
    session.save()
    return live.Seat(account.username, str(session.session_key), "en")


def told(sight: Sight, last: int, language: str = "en") -> list[dict[str, Any]]:
    """Return what is told after a change."""
    _, events = live.news(sight, language, last)
    return [json.loads(one.partition("data: ")[2]) | {"event": one.split()[3]} for one in events]


# ---- the feed ends with the right to it ----------------------------------------------------------------------------


def closed(account: Account, _: live.Seat) -> None:
    account.is_active = False


def without_a_right_to_see(account: Account, _: live.Seat) -> None:
    account.role, account.delegation = "administrator", ""


def of_another_delegation(account: Account, _: live.Seat) -> None:
    account.delegation = "south"


def made_a_liaison(account: Account, _: live.Seat) -> None:
    account.role = "liaison"


def signed_out(_: Account, where: live.Seat) -> None:
    SessionStore(where.session).delete()


@pytest.mark.parametrize(
    "changed", [closed, without_a_right_to_see, of_another_delegation, made_a_liaison, signed_out]
)
def test_a_feed_ends_as_soon_as_its_reader_is_looked_at_again(
    changed: Callable[[Account, live.Seat], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = small.accounts()["watch_officer", "north"]
    where = seat(account)
    monkeypatch.setattr(live, "STILL_MAY", 0.02)
    monkeypatch.setattr(live, "LOOK", 0.01)
    monkeypatch.setattr(live, "TICKER", live.Ticker())

    def change() -> None:
        changed(account, where)
        account.save()

    async def looked_on() -> list[str]:
        stream = live._stream(where, None)  # noqa: SLF001  what the page sends
        heard = [await anext(stream), await anext(stream), await anext(stream)]
        await sync_to_async(change)()
        return heard + [one async for one in stream]

    async def in_time() -> list[str]:
        return await asyncio.wait_for(looked_on(), 10)

    heard = async_to_sync(in_time)()

    assert heard[:3] == [": open\n\n", ": here\n\n", ": here\n\n"]
    assert len(heard) <= 5


def test_rights_are_looked_at_often_enough_for_five_seconds() -> None:
    assert live.STILL_MAY + 2 * live.LOOK < 5


# ---- what is told --------------------------------------------------------------------------------------------------


def test_an_incident_comes_with_what_is_drawn_of_it_and_its_line_of_the_list(clock: Clock) -> None:
    sight = Sight("north", clock())
    incidents = [one for one in told(sight, 0) if one["sort"] == "incident"]

    assert len(incidents) == 4
    assert {one["event"] for one in incidents} == {"incident"}
    assert all(one["drawn"]["kind"] == "shelling" and "<li" in one["html"] for one in incidents)
    assert all(f"i-{one['drawn']['key']}" == one["name"] for one in incidents)
    assert told(sight, missions.looking().last_change(sight)) == []


def test_each_language_has_its_own_lines(clock: Clock) -> None:
    sight = Sight("north", clock())
    english, arabic = (
        [one["html"] for one in told(sight, 0, language) if one["sort"] == "incident"] for language in ("en", "ar")
    )

    assert "1 report" in english[0]
    assert "1 report" not in arabic[0]


def test_what_is_not_for_a_delegation_is_told_to_it_by_no_event(clock: Clock) -> None:
    assert len([one for one in told(Sight("south", clock()), 0) if one["sort"] == "incident"]) == 3
    assert small.CANARY not in json.dumps(told(Sight("south", clock()), 0))


def test_who_sees_coarsely_is_told_no_fresh_position_and_older_ones_by_squares(clock: Clock) -> None:
    fresh = [one for one in told(Sight("north", clock(), coarse=True), 0) if one["sort"] == "incident"]
    older = [one for one in told(Sight("north", clock() + LATE, coarse=True), 0) if one["sort"] == "incident"]

    assert {(one["drawn"]["lat"], one["drawn"]["lon"], one["drawn"]["within"]) for one in fresh} == {(None,) * 3}
    assert all("withheld" in one["html"] and "34.5" not in one["html"] for one in fresh)
    assert all((one["drawn"]["lat"] - GRID_E7 // 2) % GRID_E7 == 0 for one in older)
    assert all(one["drawn"]["border"] == 0 for one in older)


def test_a_page_that_is_far_behind_or_ahead_of_what_was_worked_out_anew_asks_for_all_again(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sight = Sight("north", clock())
    newest = missions.looking().last_change(sight)
    assert [one["event"] for one in told(sight, newest + 1)] == ["anew"]
    monkeypatch.setattr(live, "MOST", 1)

    assert [one["event"] for one in told(sight, 0)] == ["anew"]


def test_news_are_worked_out_once_for_all_who_see_alike(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def news(sight: Sight, _language: str, last: int) -> live.News:
        asked.append((sight.audience, sight.coarse))
        return last, ()

    monkeypatch.setattr(live, "news", news)
    room = live.Newsroom()
    eyes = [Sight("north", clock()), Sight("north", clock()), Sight("north", clock(), coarse=True), Sight("south", 0)]

    async def all_ask() -> None:
        await asyncio.gather(*(room.after(one, "en", 0) for one in eyes))

    async_to_sync(all_ask)()

    assert sorted(asked) == [("north", False), ("north", True), ("south", False)]
