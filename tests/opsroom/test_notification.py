"""What was announced is not read as contrary, where the text says so and those say so whom it names."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import mission_small
from tests.mission_small import AGREEMENT, ROOT, SOUTH, enter, opened, put
from tests.opsroom.test_acts import account, kept, let_sign, officer, signed_in
from trucekeeper.mission import kinds
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.looking import Sight
from trucekeeper.opsroom import acts, missions
from trucekeeper.terms.moments import HOUR, write_moment

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from tests.mission_small import Clock
    from trucekeeper.opsroom.people.models import Account

__all__ = ["kept", "officer"]
pytestmark = pytest.mark.django_db(transaction=True)
WITH_NOTICE = (
    AGREEMENT
    + """\
  - {id: stay, kind: prohibit, cite: art. 4, gloss: "neither side moves forces, unless the commission was told",
     by: [north, south], act: {fact: movement}, after: approval,
     excuse: {shown: {fact: notice, to: commission, same: [by, code]}, within: 48h, burden: accuser}}
"""
)


def amend(clock: Clock) -> None:
    """Have the agreement say that a movement of which the commission was told is excused."""
    folder = missions.mission().settings.folder
    draft = Draft.read(mission_small.draft(folder.parent / "amended", agreement=WITH_NOTICE))
    with opened(folder, clock) as mission:
        for data in draft.files.values():
            mission.evidence.keep(data)
        put(mission, mission.said(kinds.AGREEMENT, draft.body(mission.adopted().digest), by=[ROOT]))
        _wait(mission.journal.store.size())
    missions.agreement.cache_clear()


def moved(clock: Clock, code: str = "M-7") -> str:
    """Have forces of north move, and return where the promise stands for the commission."""
    row: dict[str, object] = {
        "id": f"movement-{code}", "kind": "movement", "by": "north", "at": write_moment(clock()),
        "learned_at": write_moment(clock()), "occurred": "verified", "who": "verified", "fields": {"code": code},
    }  # fmt: skip
    with opened(missions.mission().settings.folder, clock) as mission:
        (receipt,) = enter(mission, SOUTH, row)
    assert receipt.seq is not None
    _wait(receipt.seq + 1)
    rows = missions.looking().standing(Sight("commission", clock()), clause="stay")
    return next(str(one["verdict"]) for one in rows if one["by"] == "north")


def _wait(size: int) -> None:
    assert acts._followed(size - 1)  # noqa: SLF001  as an act waits for the pages


def announced(client: Client, clock: Clock, **more: object) -> Answer:
    said = {
        "nonce": secrets.token_hex(16), "sort": "movement", "under": "stay-0", "by": "north", "to": "commission",
        "code": "M-7", "unit": "n1", "place": "valley", "within_m": 1000, "at": write_moment(clock()),
        "begins": write_moment(clock() + HOUR), "ends": write_moment(clock() + 3 * HOUR), "consent": "parties",
        **more,
    }  # fmt: skip
    return client.post(reverse("notification"), said)


def test_a_movement_that_was_announced_is_not_contrary_and_the_same_unannounced_is(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    amend(kept)
    client = signed_in(officer)
    answer = announced(client, kept)
    said = client.get(answer["Location"]).content.decode()
    kept.pass_by(2 * HOUR)
    with_notice = moved(kept)
    page = client.get(reverse("agreement")).content.decode().partition('id="stay"')[2].partition("</article>")[0]
    without = moved(kept, "M-8")

    assert "is on record" in said
    assert "By art. 4 it excuses what agrees with it" in said
    assert with_notice != "contrary"
    assert 'data-verdict="contrary"' not in page
    assert without == "contrary"
    page = client.get(reverse("agreement")).content.decode().partition('id="stay"')[2].partition("</article>")[0]
    assert 'data-verdict="contrary"' in page


def test_what_a_party_says_that_it_announced_is_alleged_until_the_one_who_was_told_says_so(kept: Clock) -> None:
    let_sign(kept, "north")
    amend(kept)
    client = signed_in(account("crane", "delegation_head", "north"))
    said = client.get(announced(client, kept)["Location"]).content.decode()

    assert "It counts as alleged until commission" in said
    (fact,) = [one for one in missions.mission().projections.told(only=[kinds.FACT]) if one.row["kind"] == "notice"]
    assert fact.row["fields"] == {"to": "commission", "unit": "n1", "code": "M-7"}
    assert "occurred" not in fact.row or fact.row["occurred"] == "alleged"


def test_an_agreement_in_which_nothing_is_excused_so_says_it_and_takes_the_announcement(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    client = signed_in(officer)
    page = client.get(reverse("notification")).content.decode()
    said = client.get(announced(client, kept, under="")["Location"]).content.decode()

    assert "No clause of this agreement says that an announcement excuses anything" in page
    assert "It is announced under no clause" in said


def test_what_cannot_be_an_announcement_is_said_beside_the_field_and_the_rest_is_kept(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    amend(kept)
    client = signed_in(officer)
    amiss = {
        "to": ("south", "art. 4 asks for commission here"),
        "ends": (write_moment(kept() - HOUR), "It ends before it begins"),
        "at": (write_moment(kept() + HOUR), "That is still to come"),
        "place": ("nowhere", "There is no zone of this name"),
        "begins": ("tomorrow", "Write it as"),
    }
    for column, (value, says) in amiss.items():
        answer = announced(client, kept, **{column: value}, text="the rest")
        assert answer.status_code == 400
        assert says in answer.content.decode()
        assert "the rest" in answer.content.decode()
