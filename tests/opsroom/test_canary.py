"""A restricted report: whoever may not see it learns nothing of it from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests import opsroom_small as small
from tests.mission_small import Clock
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.people.models import Account

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]

PAGES = ("now", "incidents", "points", "zones", "agreement", "commitments", "tallies", "sources")


def pages(delegation: str, role: str = "watch_officer") -> dict[str, bytes]:
    """Return what each page says to somebody."""
    client = Client()
    account = small.accounts()[role, delegation]
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return {name: client.get(reverse(name)).content for name in PAGES}


def test_who_may_see_it_sees_the_incident_and_its_words() -> None:
    client = Client()
    client.force_login(
        small.accounts()["analyst", small.SEEN_BY], backend="django.contrib.auth.backends.ModelBackend"
    )
    rows = client.get(reverse("points")).json()
    [name] = [one for one, lat in zip(rows["points"]["id"], rows["points"]["lat"], strict=True) if lat > 32]

    assert small.CANARY.encode() in client.get(reverse("incident", args=[name])).content


@pytest.mark.parametrize("delegation", [one for one in small.DELEGATIONS if one != small.SEEN_BY])
def test_a_mission_without_the_report_gives_everybody_else_the_same_pages_byte_for_byte(
    delegation: str, settings: Settings, tmp_path: Path
) -> None:
    with_it = pages(delegation)
    for one in (missions.mission, missions.looking, missions.agreement, missions.witnessed):
        one.cache_clear()
    small.founded(tmp_path / "mission", Clock(), restricted=False)
    settings.MISSION = tmp_path / "mission"
    Account.objects.all().delete()
    without = pages(delegation)

    assert {name: _plain(page) for name, page in with_it.items()} == {
        name: _plain(page) for name, page in without.items()
    }


def _plain(page: bytes) -> bytes:
    """Return a page without what is another in every answer: the token against forged requests."""
    import re  # noqa: PLC0415

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", page)
