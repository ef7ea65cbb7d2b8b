"""Triage in the room: one after the other, nothing lost when two officers act on one report."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import opsroom_small as small
from tests.mission.test_service import until
from tests.mission_small import CHAIR, NORTH, opened, put
from tests.opsroom.test_acts import account, kept, let_sign, signed_in  # noqa: F401  `kept` is a fixture
from trucekeeper.mission import kinds
from trucekeeper.mission.inbox import Inbox
from trucekeeper.mission.looking import Sight
from trucekeeper.opsroom import acts, clock, missions
from trucekeeper.terms.moments import HOUR, write_moment

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from trucekeeper.mission.looking import Row
    from trucekeeper.opsroom.people.models import Account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kept")]


@pytest.fixture
def officer() -> Client:
    """Return a watch officer of the commission, signed in; the room may sign for it."""
    let_sign(clock.now)  # type: ignore[arg-type]  # the clock of the test stands there
    return signed_in(account("officer", "watch_officer", "commission"))


def colleague(delegation: str = "commission") -> Client:
    return signed_in(account("colleague", "analyst", delegation))


def form(report: str, act: str, **more: object) -> dict[str, object]:
    return {"report": report, "act": act, "after": 0, "nonce": secrets.token_hex(16), **more}


def sent(client: Client, report: str, act: str, **more: object) -> HttpResponse:
    return client.post(reverse("triage"), form(report, act, **more))  # type: ignore[return-value]


def row(report: str, audience: str = "commission") -> Row:
    found = Inbox(missions.looking()).one(Sight(audience, clock.now()), report)
    assert found is not None
    return found


def decisions() -> list[tuple[str, str]]:
    told = missions.mission().projections.told(only=[kinds.TRIAGE])
    return [(str(one.row["report"]), str(one.row["does"])) for one in told]


def links() -> list[tuple[Any, Any]]:
    return [(one.row["reports"], one.row["same"]) for one in missions.mission().projections.told(only=[kinds.LINK])]


def report(name: str, **more: Any) -> int:  # noqa: ANN401
    """Put a report on record, and wait until pages follow it."""
    with opened(missions.mission().settings.folder, clock.now) as mission:  # type: ignore[arg-type]
        at = write_moment(clock.now())
        label: Any = more.pop("label", {})
        body: dict[str, Any] = {
            "id": name,
            "source": "patrols",
            "words": {"kind": "fire"},
            "at": at,
            "learned_at": at,
        }
        place: dict[str, Any] = {"lat": "31.62", "lon": "34.51", "within_m": 300}
        (entry,) = put(mission, mission.said(kinds.REPORT, {**body, **place, **more}, by=[NORTH], label=label))
    until(lambda: missions.looking().position()[0] > entry)
    return entry


# ---- the inbox -----------------------------------------------------------------------------------------------------


def test_after_an_act_the_next_report_opens_and_one_fewer_waits(officer: Client) -> None:
    page = officer.get(reverse("triage")).content.decode()
    assert "3 reports wait for a look" in page
    assert page.index("patrols/1") < page.index("patrols/2") < page.index("patrols/3")  # the oldest first

    answer = sent(officer, "patrols/1", "accept")

    assert answer["Location"] == reverse("triage") + "?report=patrols%2F2"
    page = officer.get(answer["Location"]).content.decode()
    assert "Accepted: patrols/1" in page
    assert "2 reports wait for a look" in page


def test_a_report_is_set_aside_with_a_reason_and_taken_back(officer: Client) -> None:
    assert sent(officer, "patrols/1", "set_aside").status_code == 409  # without a reason
    sent(officer, "patrols/1", "set_aside", why="an exercise of our own")
    assert (row("patrols/1")["state"], row("patrols/1")["incident"]) == ("set aside", "")
    assert "an exercise of our own" in officer.get(reverse("triage") + "?list=aside").content.decode()
    assert "patrols/1: set it aside" in officer.get(reverse("watch")).content.decode()

    sent(officer, "patrols/1", "take_back", after=row("patrols/1")["touched"])

    assert (row("patrols/1")["state"], row("patrols/1")["open"]) == ("counts", 1)


def test_a_report_is_linked_to_an_incident_near_it_and_the_page_says_why_it_was_suggested(officer: Client) -> None:
    page = officer.get(reverse("triage") + "?report=patrols/2").content.decode()
    other = row("patrols/1")["incident"]
    assert f'value="link:{other}"' in page
    assert re.search(r"11\.\d\W+km and 10 min apart, same kind, the same source", page)

    sent(officer, "patrols/2", f"link:{other}")

    assert (links(), row("patrols/2")["incident"]) == ([(["patrols/1", "patrols/2"], True)], other)


def test_a_report_leaves_its_incident_for_a_new_one_and_comes_to_no_third(officer: Client) -> None:
    sent(officer, "patrols/2", f"link:{row('patrols/1')['incident']}")
    sent(officer, "patrols/3", f"link:{row('patrols/1')['incident']}")
    assert len({row(f"patrols/{n}")["incident"] for n in (1, 2, 3)}) == 1

    sent(officer, "patrols/3", "new", after=row("patrols/3")["touched"])

    assert len({row(f"patrols/{n}")["incident"] for n in (1, 2, 3)}) == 2
    assert row("patrols/1")["incident"] == row("patrols/2")["incident"]
    assert sent(officer, "patrols/3", "new", after=row("patrols/3")["touched"]).status_code == 409  # alone by now


def test_a_duplicate_names_another_report_that_there_is(officer: Client) -> None:
    for wrong in ("", "patrols/2", "patrols/77", "patrols/9"):  # the last is north's alone
        answer = sent(officer, "patrols/2", "duplicate", of=wrong)
        assert answer.status_code == 409
        assert "Give the name of another report" in answer.content.decode()
    assert decisions() == []

    sent(officer, "patrols/2", "duplicate", of="patrols/1")

    assert row("patrols/2")["state"] == "set aside"
    assert "is set aside itself" in sent(officer, "patrols/1", "duplicate", of="patrols/2").content.decode()


def test_a_word_that_waits_for_a_ruling_is_shown_with_what_it_could_mean(officer: Client) -> None:
    report("patrols/20", words={"kind": "tiro"})
    page = officer.get(reverse("triage") + "?report=patrols/20").content.decode()
    assert "A word needs a ruling" in page
    assert "nothing that the agreement speaks of" in page
    assert sent(officer, "patrols/20", "rule:0", word="tiro", means="sorcery").status_code == 409

    sent(officer, "patrols/20", "rule:0", word="tiro", means="shelling")

    assert row("patrols/20")["state"] == "counts"
    late = sent(officer, "patrols/20", "rule:0", word="tiro", means="-")
    assert "Somebody ruled on that word meanwhile" in late.content.decode()


# ---- two officers --------------------------------------------------------------------------------------------------


def test_a_second_officer_is_told_what_the_first_did_and_keeps_what_he_typed(officer: Client) -> None:
    sent(colleague(), "patrols/1", "accept")
    answer = sent(officer, "patrols/1", "set_aside", why="words that are kept")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"Entry {row('patrols/1')['touched']} decided on it meanwhile: commission accepted it" in page
    assert "words that are kept" in page
    assert decisions() == [("patrols/1", "accept")]


def test_when_both_send_at_once_the_second_on_record_is_told_that_nothing_follows_from_his(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, put_ = colleague(), acts.put

    def first_the_other(who: Account, act: acts.Act) -> acts.Done:
        monkeypatch.setattr(acts, "put", put_)
        sent(other, "patrols/1", "set_aside", why="it was thunder")
        return put_(who, act)

    monkeypatch.setattr(acts, "put", first_the_other)
    answer = sent(officer, "patrols/1", f"link:{row('patrols/2')['incident']}")

    assert answer.status_code == 409
    assert "commission set it aside" in answer.content.decode()
    assert "it was thunder" in answer.content.decode()
    assert "nothing follows from it" in answer.content.decode()
    assert (row("patrols/1")["state"], links()) == ("set aside", [])
    assert decisions() == [("patrols/1", "set_aside"), ("patrols/1", "accept")]


def test_what_is_sent_twice_is_on_record_once_and_told_as_done(officer: Client) -> None:
    for act, more in (("link:" + row("patrols/1")["incident"], {}), ("set_aside", {"why": "no"})):
        said = form("patrols/2", act, after=row("patrols/2")["touched"], **more)
        assert [officer.post(reverse("triage"), said).status_code for _ in range(2)] == [302, 302]

    assert decisions() == [("patrols/2", "accept"), ("patrols/2", "set_aside")]
    assert len(links()) == 1


# ---- who may not, and what cannot be -------------------------------------------------------------------------------


def test_a_report_of_another_audience_is_not_there(officer: Client) -> None:
    asked = [officer.get(reverse("triage") + f"?report={name}") for name in ("patrols/9", "patrols/777")]
    done = [sent(officer, name, "accept") for name in ("patrols/9", "patrols/777")]

    assert {one.status_code for one in (*asked, *done)} == {404}
    assert asked[0].content == asked[1].content
    assert colleague("north").get(reverse("triage") + "?report=patrols/9").status_code == 200


def test_nobody_decides_in_the_past_and_nobody_without_the_right(officer: Client) -> None:
    past = "?at=" + write_moment(clock.now()).replace("+00:00", "Z")
    page = officer.get(reverse("triage") + past).content.decode()
    assert 'name="act"' not in page
    assert officer.post(reverse("triage") + past, form("patrols/1", "accept")).status_code == 400

    liaison = signed_in(account("liaison", "liaison", "commission"))

    assert sent(liaison, "patrols/1", "accept").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"act": "forget"}, 400, "not whole"),
        ({"nonce": "short"}, 400, "not whole"),
        ({"after": "-1"}, 400, "number of an entry"),
        ({"act": "set_aside", "why": "x" * 1001}, 409, "longer than 1000 characters"),
        ({"act": "set_aside", "why": "left \u202e right"}, 409, "U+202E"),
        ({"act": "link:i-99999"}, 409, "no such incident"),
        ({"act": "rule:0", "word": "x"}, 409, "ruled on that word"),
        ({"act": "new"}, 409, "alone in its incident"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_on_record(
    officer: Client, wrong: dict[str, object], status: int, says: str
) -> None:
    answer = officer.post(reverse("triage"), {**form("patrols/1", "accept"), **wrong})

    assert answer.status_code == status
    assert says in answer.content.decode()
    assert decisions() == []


def test_what_people_write_is_shown_as_they_wrote_it_and_does_nothing(officer: Client) -> None:
    report("patrols/21", text="<script>alert(1)</script> \u05d0\u05d1\u05d2")
    sent(officer, "patrols/21", "set_aside", why="<img src=x onerror=alert(2)>")
    page = officer.get(reverse("triage") + "?report=patrols/21").content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


# ---- pairs in doubt ------------------------------------------------------------------------------------------------


def doubted(client: Client) -> dict[str, object]:
    """Have two reports be in doubt, and return the form that decides on them."""
    with opened(missions.mission().settings.folder, clock.now) as mission:  # type: ignore[arg-type]
        source = {**small.SOURCE, "first_hand": False, "grade": "C3"}
        put(mission, *(mission.said(kinds.SOURCE, {**source, "name": one}, by=[CHAIR]) for one in ("radio", "paper")))
    report("radio/1", source="radio", lat="31.1", within_m=200, at=write_moment(clock.now() - 3 * HOUR))
    report("paper/1", source="paper", lat="31.1054", within_m=200)
    until(lambda: b"Are these of one event?" in client.get(reverse("compare")).content)
    page = client.get(reverse("compare")).content.decode()
    named = dict(re.findall(r'name="(one|other|after|nonce)" value="([^"]*)"', page))
    assert {named["one"], named["other"]} == {"paper/1", "radio/1"}
    return {**named}


def test_two_reports_in_doubt_stand_beside_each_other_and_are_decided(officer: Client) -> None:
    pair = doubted(officer)
    page = officer.get(reverse("compare")).content.decode()
    assert [one in page for one in ("differs: 3 h", "differs: 604 m", "alike", "distance")] == [True] * 4

    answer = officer.post(reverse("compare"), {**pair, "act": "same"})

    assert officer.get(answer["Location"]).content.decode().count("Nothing is in doubt") == 1
    assert links() == [(["paper/1", "radio/1"], True)]


def test_who_decides_on_a_pair_second_is_told_of_the_first(officer: Client) -> None:
    pair = doubted(officer)
    colleague().post(reverse("compare"), {**pair, "act": "different", "nonce": secrets.token_hex(16)})
    answer = officer.post(reverse("compare"), {**pair, "act": "same"})

    assert answer.status_code == 409
    assert "by commission, that they are of two events" in answer.content.decode()
    assert links() == [(["paper/1", "radio/1"], False)]


def test_a_pair_of_which_one_is_not_for_the_reader_is_not_there(officer: Client) -> None:
    said = {"one": "patrols/1", "other": "patrols/9", "after": 0, "nonce": secrets.token_hex(16), "act": "same"}

    assert officer.post(reverse("compare"), said).status_code == 404
    assert links() == []
