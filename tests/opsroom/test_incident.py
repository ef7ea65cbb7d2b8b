"""An incident's page: its four axes, its origins, what it moved, and what may be done on it by whom."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests.opsroom import test_acts as acting
from tests.opsroom.test_acts import account, form, let_sign, reports, signed_in
from trucekeeper.mission import kinds
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.screens.citing import citing
from trucekeeper.opsroom.screens.words import alone
from trucekeeper.terms.moments import MINUTE, write_moment

if TYPE_CHECKING:
    from django.test import Client

    from tests.mission_small import Clock
    from trucekeeper.opsroom.people.models import Account

pytestmark = pytest.mark.django_db(transaction=True)
kept, officer = acting.kept, acting.officer


def entered(clock: Clock, who: Account, **more: object) -> str:
    """Enter a report, and return where its incident is."""
    answer = signed_in(who).post(reverse("report"), form(clock, **more))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def shown(client: Client, url: str) -> str:
    """Return the words of a page, with one blank between."""
    return " ".join(strip_tags(client.get(url).content.decode()).split())


def axis(client: Client, url: str, name: str) -> str:
    """Return what a page says on one axis."""
    page = client.get(url).content.decode()
    [found] = re.findall(rf'<section class="panel" aria-labelledby="axis-{name}">(.*?)</section>', page, re.DOTALL)
    return " ".join(strip_tags(found).split())


def filled(client: Client, url: str, **more: str) -> dict[str, str]:
    """Return the form of verifying, as a page has it, filled."""
    page = client.get(url).content.decode()
    hidden = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in ("nonce", "seen")}
    return {**hidden, "why": "went there, and saw the craters", **more}


def verifications() -> list[Any]:
    return missions.mission().projections.told(only=[kinds.VERIFY])


def test_the_four_axes_are_told_apart_and_what_it_did_to_a_promise_is_told(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    url, client = entered(kept, officer, by="north"), signed_in(officer)

    assert "untouched" in axis(client, url, "work")
    assert "corroborated" in axis(client, url, "veracity")
    assert f"{alone('north')} (corroborated)" in axis(client, url, "attribution")
    assert "for the public" in axis(client, url, "release")
    page = client.get(url).content.decode()
    assert 'href="/agreement/#halt"' in page
    moved = shown(client, url).partition("What it did to where promises stand")[2]
    assert "contrary (corroborated)" in moved.partition("What people decided")[0]
    assert shown(client, url).count("room-commission") >= 2  # its one origin, and its report


def test_an_incident_of_nobody_who_is_known_says_that_this_is_normal(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    url = entered(kept, officer, consent="mechanism")

    assert "unknown" in axis(signed_in(officer), url, "attribution")
    assert "That is normal" in axis(signed_in(officer), url, "attribution")
    assert "for yours alone" in axis(signed_in(officer), url, "release")


def test_verifying_is_a_signed_act_that_raises_what_is_held_and_stands_there_with_its_reason(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    url, client = entered(kept, officer, by="north"), signed_in(officer)
    assert "Verified is a person's signed act" in client.get(url).content.decode()
    said = filled(client, url, occurred="verified", who="refuted")
    answers = [client.post(f"{url}/verify", said) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    [one] = verifications()
    assert (one.delegation, one.row["occurred"], one.row["who"], one.row["by"]) == (
        "commission", "verified", "refuted", "north",
    )  # fmt: skip
    assert "verified" in axis(client, url, "veracity")
    assert f"{alone('north')} (refuted)" in axis(client, url, "attribution")
    assert "accepted" in axis(client, url, "work")
    assert "went there, and saw the craters" in shown(client, url)
    assert "went there" in shown(signed_in(account("other", "auditor", "south")), url)


def test_the_second_of_two_officers_who_verify_at_once_is_told_that_it_changed(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    url, client = entered(kept, officer), signed_in(officer)
    first, second = (filled(client, url, occurred=one) for one in ("verified", "refuted"))
    kept.pass_by(MINUTE)
    client.post(f"{url}/verify", first)
    late = client.post(f"{url}/verify", second)

    assert late.status_code == 409
    assert "It changed while you looked" in late.content.decode()
    assert "went there, and saw the craters" in late.content.decode()
    assert len(verifications()) == 1
    again = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', late.content.decode())[0] for name in ("nonce", "seen")
    }
    assert client.post(f"{url}/verify", {**second, **again}).status_code == 302  # having looked again he may


def test_a_verification_says_something_and_why_and_only_who_decides_may_sign_one(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    url, client = entered(kept, officer), signed_in(officer)
    nothing = client.post(f"{url}/verify", filled(client, url))
    no_reason = client.post(f"{url}/verify", filled(client, url, occurred="verified", why=""))
    auditor = signed_in(account("auditor", "auditor", "commission"))

    assert "Say of one of the two" in nothing.content.decode()
    assert (nothing.status_code, no_reason.status_code) == (400, 400)
    assert auditor.post(f"{url}/verify", filled(client, url, occurred="verified")).status_code == 404
    assert "Sign it" not in shown(auditor, url)
    assert "Sign it" not in shown(client, f"{url}?at={write_moment(kept())}")  # nobody acts in the past
    assert verifications() == []


def test_a_delegation_corrects_its_own_report_and_nobody_elses(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    url = entered(kept, officer, by="north", killed=2, text="two were killed", how="heard")
    [report] = reports()
    page = reverse("correct", args=[report.seq])
    colleague, other = account("colleague", "analyst", "commission"), account("other", "analyst", "north")
    before = signed_in(colleague).get(page).content.decode()
    assert "two were killed" in before
    assert 'value="31.8, 34.51"' in before
    assert signed_in(other).get(page).status_code == 409
    assert "correct it" not in shown(signed_in(other), url)

    said = form(kept, by="", killed=1, text="one was killed", how="heard")
    answers = [signed_in(colleague).post(page, said) for _ in range(2)]

    assert [one["Location"] for one in answers] == [url, url]
    first, second = reports()
    assert (second.row["id"], second.row["rev"]) == (first.row["id"], 2)
    assert "one was killed" in shown(signed_in(other), url)
    assert "unknown" in axis(signed_in(other), url, "attribution")
    late = signed_in(officer).post(page, form(kept, text="three were killed"))
    assert (late.status_code, len(reports())) == (409, 2)
    assert "somebody may have been first" in late.content.decode()


def test_a_report_that_is_taken_back_is_there_no_more_and_says_why_on_record(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    url = entered(kept, officer)
    [report] = reports()
    page = reverse("retract", args=[report.seq])
    said = {"nonce": secrets.token_hex(16), "why": "it was thunder"}
    answers = [signed_in(officer).post(page, said) for _ in range(2)]

    assert [one["Location"] for one in answers] == [reverse("now"), reverse("now")]
    assert (reports()[-1].row["op"], reports()[-1].row["note"]) == ("retract", "it was thunder")
    assert signed_in(officer).get(url).status_code == 404
    assert signed_in(account("other", "analyst", "north")).post(page, said).status_code == 409


def test_a_name_whose_incident_was_taken_in_leads_to_the_one_that_took_it_in(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    one = entered(kept, officer)
    other = entered(kept, officer, kind="gunfire", place="31.2, 34.3")
    assert one != other
    several = sorted(str(one.row["id"]) for one in reports())
    link = acts.Act(secrets.token_hex(16), kinds.LINK, {"reports": [*several], "same": True, "why": "one event"}, {})
    acts.put(officer, link)
    client = signed_in(officer)
    [gone], [stays] = (
        [url for url in (one, other) if client.get(url).status_code == status] for status in (302, 200)
    )

    asked = urlencode({"at": write_moment(kept())})

    answer = client.get(f"{gone}?{asked}", follow=True)

    assert answer.redirect_chain == [(f"{stays}?{asked}", 302)]
    names = [url.rpartition("/")[2] for url in (gone, stays)]
    assert f"{names[0]} was taken into {names[1]}." in answer.content.decode()
    assert "under examination" in axis(client, stays, "work")
    assert client.get(reverse("incident", args=["i-0"])).status_code == 404
    assert client.get(reverse("incident", args=["i-999999"])).status_code == 404


def test_origins_stand_above_who_cites_them_and_say_why_they_count_once() -> None:
    rows: list[dict[str, Any]] = [
        {"id": "patrols/1", "source": "patrols", "entry": 4},
        {"id": "bulletin/7", "source": "bulletin", "entry": 5, "chains": [["village council", "field radio"]]},
        {"id": "paper/2", "source": "paper", "entry": 6, "chains": [["Field  Radio"]]},
        {"id": "deep/1", "source": "deep", "entry": 7, "chains": [[f"a {number}" for number in range(300)]]},
    ]
    begun = [("a 299", ["deep/1"]), ("field radio", ["bulletin/7", "paper/2"]), ("patrols", ["patrols/1"])]
    deep, radio, patrols = citing(begun, rows)

    assert [(one.level, one.says, one.entry) for one in radio.lines] == [
        (1, "paper/2", 6),
        (1, "village council", None),
        (2, "bulletin/7", 5),
    ]
    assert radio.why.startswith("They count once: all have it from here")
    assert ([one.says for one in patrols.lines], patrols.why) == (["patrols/1"], "")
    assert (len(deep.lines), max(one.level for one in deep.lines)) == (300, 6)
