"""A restricted report: whoever may not see it learns nothing of it from any page."""

from __future__ import annotations

import re
from html import unescape
from itertools import product
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests import opsroom_small as small
from tests.mission_small import BEGUN, CHAIR, Clock, opened, put
from trucekeeper.mission import kinds
from trucekeeper.mission.looking import Sight
from trucekeeper.opsroom import clock as room_clock
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.people.models import Account, Viewed
from trucekeeper.opsroom.screens import live
from trucekeeper.terms.moments import HOUR, write_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from trucekeeper.journal.canonical import Json
    from trucekeeper.mission.mission import Mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]

PAGES = (
    *("now", "incidents", "points", "zones", "watched", "agreement", "commitments", "tallies", "sources"),
    *("triage", "compare", "watch", "report", "notification"),
)


def pages(delegation: str, role: str = "watch_officer") -> dict[str, bytes]:
    """Return what each page says to somebody."""
    client = Client()
    account = small.accounts()[role, delegation]
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    urls = {**{name: reverse(name) for name in PAGES}, **of_one()}
    found = {name: client.get(url).content for name, url in urls.items()}
    for name, level in product(LEVELLED, ("alleged", "verified")):
        found[f"{name} {level}"] = client.get(reverse(name, query={"proof": level})).content
    for name in PAGES[:9]:
        found[f"{name} then"] = client.get(reverse(name, query={"at": write_moment(BEGUN + HOUR)})).content
    for link in sorted(set(re.findall(rb'href="(/commitments/why\?[^"]*)"', found["agreement"]))):
        found[link.decode()] = client.get(unescape(link.decode())).content
    _, events = live.news(Sight(delegation, room_clock.now()), "en", 0)
    return {**found, "live": "".join(events).encode()}


LEVELLED = ("agreement", "commitments", "tallies")


def of_one() -> dict[str, str]:
    """Return the pages of an incident and of originals: of one that all may see, and of what only north may."""
    first = next(one for one in missions.mission().projections.told(only=["report"])).seq
    found = {
        "incident": reverse("incident", args=[f"i-{first}"]),
        "text": reverse("text", args=[first + 3]),
        "restricted": reverse("incident", args=[f"i-{first + 5}"]),
    }
    for page, original in product(("evidence", "original"), (small.OPEN, small.SHUT)):
        found[f"{page} {original!r}"] = reverse(page, args=[small.digest_of(original)])
    return found


def test_who_may_see_it_sees_the_incident_and_its_words() -> None:
    client = Client()
    client.force_login(
        small.accounts()["analyst", small.SEEN_BY], backend="django.contrib.auth.backends.ModelBackend"
    )
    rows = client.get(reverse("points")).json()
    [name] = [f"i-{key}" for key, lat in zip(rows["key"], rows["lat"], strict=True) if lat > 32 * E7]

    assert small.CANARY.encode() in client.get(reverse("incident", args=[name])).content


def test_a_note_is_in_its_own_delegations_watch_log() -> None:
    assert small.CANARY.encode() in pages(small.SEEN_BY)["watch"]


@pytest.mark.parametrize("delegation", [one for one in small.DELEGATIONS if one != small.SEEN_BY])
def test_a_mission_without_the_report_gives_everybody_else_the_same_pages_byte_for_byte(  # noqa: PLR0917  pytest hands them over
    delegation: str, folder: Path, clock: Clock, settings: Settings, tmp_path: Path
) -> None:
    answer(folder, clock, delegation)
    with_it = pages(delegation)
    missions.forget()
    small.founded(tmp_path / "mission", (other := Clock()), restricted=False)
    answer(tmp_path / "mission", other, delegation)
    settings.MISSION = tmp_path / "mission"
    Viewed.objects.all().delete()
    Account.objects.all().delete()
    without = pages(delegation)

    assert any("/why?" in name for name in with_it)
    assert {name: _plain(page) for name, page in with_it.items()} == {
        name: _plain(page) for name, page in without.items()
    }


def test_what_was_said_to_one_account_is_not_left_on_the_device_for_the_next() -> None:
    client = Client()
    officer = small.accounts()["watch_officer", small.SEEN_BY]
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("handed_over", args=[1]))

    assert answer.status_code == 302
    assert "messages" not in answer.cookies
    assert b"Entry 1 is no hand-over" in client.get(answer["Location"]).content


def test_where_something_just_was_and_who_just_watched_leaves_a_liaison_s_pages_the_same_byte_for_byte(
    settings: Settings, tmp_path: Path
) -> None:
    told: list[dict[str, bytes]] = []
    for place, lon, hours in (("the bridge", "34.51", 1), ("the old mill", "34.91", 2)):
        settings.MISSION = folder = tmp_path / lon / "mission"
        small.founded(folder, (clock := Clock()), lon=lon)
        with opened(folder, clock) as mission:
            put(mission, *(_said_of(mission, place, hours)))
            small.write(mission)
            small.answer_all(mission, ["north"])
        told.append(coarse_pages())
        missions.forget()
        Account.objects.all().delete()

    assert any("/why?" in name for name in told[0])
    assert b"that it happened: verified" in told[0]["incident"]
    assert told[0] == told[1]


def _said_of(mission: Mission, place: str, hours: int) -> Iterator[bytes]:
    """Yield what people say of a place: that it is so, that they watch there, and that it is closed to them."""
    first = next(one for one in mission.projections.told(only=["report"])).seq
    why: dict[str, Json] = {"incident": f"i-{first}", "occurred": "verified", "why": f"seen from {place}"}
    yield mission.said(kinds.VERIFY, why, by=[CHAIR])
    until = {"until": write_moment(BEGUN + hours * HOUR), "learned_at": write_moment(BEGUN + 2 * HOUR)}
    watch: dict[str, Json] = {"id": f"post at {place}", "kind": "coverage", "fields": {"detects": ["attack"]}}
    yield mission.said(kinds.FACT, {**watch, "from": write_moment(BEGUN - 7 * HOUR), **until}, by=[CHAIR])
    shut: dict[str, Json] = {
        "id": "shut",
        "kind": "denial",
        "zone": "valley",
        "fields": {"reason": f"mines at {place}"},
    }
    long = {"from": write_moment(BEGUN - 7 * HOUR), **until, "until": write_moment(BEGUN + 9 * HOUR)}
    yield mission.said(kinds.FACT, {**shut, **long}, by=[CHAIR])


COARSE = (*PAGES[:9], "record")
"""What a liaison may open, save the forms."""


def coarse_pages() -> dict[str, bytes]:
    """Return what the pages say to a liaison, without the head of the record, which has salt in it."""
    client = Client()
    client.force_login(small.accounts()["liaison", "north"], backend="django.contrib.auth.backends.ModelBackend")
    urls = {**{name: reverse(name) for name in COARSE}, "incident": of_one()["incident"]}
    found = {name: client.get(url).content for name, url in urls.items()}
    for link in sorted(set(re.findall(rb'href="(/commitments/why\?[^"]*)"', found["agreement"]))):
        found[link.decode()] = client.get(unescape(link.decode())).content
    _, events = live.news(Sight("north", room_clock.now(), coarse=True), "en", 0)
    found["live"] = "".join(events).encode()
    return {name: re.sub(rb"<code[^>]*>[^<]*</code>", b"", _plain(page)) for name, page in found.items()}


def answer(folder: Path, clock: Clock, delegation: str) -> None:
    """Have answered why everything stands as it does to a delegation."""
    with opened(folder, clock) as mission:
        small.answer_all(mission, [delegation])


def _plain(page: bytes) -> bytes:
    """Return a page without what is another in every answer: the token against forged requests, a nonce."""
    return re.sub(rb'name="(csrfmiddlewaretoken|nonce)" value="[^"]*"', b"", page)
