"""The agreement with its standing, and why: each verdict at each level of proof, down to the entries."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests import opsroom_small as small
from tests.mission.test_mission import AMENDED, amend
from tests.mission_small import CHAIR, Clock, attack, enter, opened
from trucekeeper.mission.answering import Answering
from trucekeeper.mission.questions import Asked, Questions
from trucekeeper.mission.standings import Standings
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.amending import differences
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room", "answered", "impatient")]


LEVELS = ("alleged", "corroborated", "verified")


@pytest.fixture(scope="module")
def answered(folder: Path, clock: Clock) -> None:
    """Have everything answered that the commission can ask, and nothing that somebody else has asked before."""
    with opened(folder, clock) as mission:
        with mission.projections.writing() as connection:
            connection.execute("DELETE FROM question")
        small.answer_all(mission, ["commission"])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no page wait for a keeper that is not there."""
    monkeypatch.setattr("trucekeeper.mission.questions.PATIENCE", 0.0)


def come_in(delegation: str = "commission", role: str = "watch_officer") -> Client:
    client = Client()
    client.force_login(small.accounts()[role, delegation], backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def asking_why(client: Client, clause: str = "halt", **more: str) -> str:
    """Return the first link that asks why on the agreement's page, of a clause."""
    shown = page(client, reverse("agreement", query=more))
    [article] = re.findall(rf'<article class="clause" id="{clause}">.*?</article>', shown, re.DOTALL)
    return unescape(re.findall(r'href="([^"]*why\?[^"]*)"', article)[0])


def test_from_a_verdict_one_comes_to_its_reasons_and_to_the_proof_of_an_entry() -> None:
    client = come_in()
    shown = page(client, asking_why(client))

    assert "cannot tell (corroborated)" in shown
    assert "neither side attacks" in shown
    assert "our paraphrase, not the text" in shown
    assert "nobody on record was watching for attack" in shown
    proofs = re.findall(r'href="(/record/\d+\.zip)"', shown)
    assert client.get(proofs[0]).status_code == 200


@pytest.mark.parametrize("screen", ["agreement", "commitments", "tallies"])
def test_each_screen_can_be_read_at_each_level_and_every_badge_says_it(screen: str) -> None:
    client = come_in()
    for level in LEVELS:
        badges = re.findall(
            r'<span class="badge" data-verdict.*?</span> ([^<]*)</span>',
            page(client, reverse(screen, query={"proof": level})),
        )
        assert badges
        assert {one.rpartition(" ")[2] for one in badges} == {f"({level})"}
    assert client.get(reverse(screen, query={"proof": "sure"})).status_code == 400


def test_what_is_corroborated_is_not_contrary_where_only_what_is_verified_counts() -> None:
    client = come_in("north")  # to whom one report, seen first-hand, names south
    corroborated, verified = (page(client, reverse("agreement", query={"proof": one})) for one in LEVELS[1:])

    assert "contrary (corroborated)" in corroborated
    assert "contrary (" not in verified


def test_a_commitment_that_the_reader_has_not_is_as_one_that_never_was() -> None:
    client = come_in()
    never = client.get(reverse("why", query={"name": "halt-no-such-commitment"}))
    other = client.get(reverse("why", query={"name": "halt-no-such-other"}))

    assert (never.status_code, other.status_code) == (404, 404)
    assert never.content == other.content
    assert client.get(reverse("why")).status_code == 400


def test_where_nobody_keeps_the_page_says_so_and_shows_the_verdict() -> None:
    client = come_in("guarantor")
    shown = page(client, asking_why(client))

    assert "Nobody keeps this mission just now" in shown
    assert "cannot tell (corroborated)" in shown


def test_in_the_past_the_reasons_are_those_of_then(folder: Path, clock: Clock) -> None:
    client, at = come_in(), clock.now - HOUR
    url = asking_why(client, at=write_moment(at))
    [key] = parse_qs(urlsplit(url).query)["name"]
    with opened(folder, clock) as mission:
        Questions(mission.projections).put(Asked("commission", "halt", key, Proof.CORROBORATED, at), "test")
        Answering(mission).answer(Standings(mission))

    shown = page(client, url)

    assert "The past: as known at" in shown
    assert "Its reasons" in shown


def test_the_text_is_shown_word_for_word_and_what_is_no_text_is_not_there() -> None:
    client = come_in()
    shown = page(client, reverse("agreement"))
    [link] = re.findall(r'href="(/agreement/texts/\d+)"', shown)

    assert small.TEXT in unescape(page(client, link))
    assert client.get(reverse("text", args=[9])).status_code == 404


def test_a_text_whose_original_was_lost_has_a_page_that_says_that_its_words_are_not_there(
    settings: Settings, tmp_path: Path
) -> None:
    small.founded(tmp_path / "mission", Clock())
    serve(settings, tmp_path / "mission")
    client = come_in()
    [link] = re.findall(r'href="(/agreement/texts/\d+)"', page(client, reverse("agreement")))
    for file in (tmp_path / "mission" / "evidence").rglob("*"):
        file.unlink() if file.is_file() else None

    assert "no words that can be shown here" in page(client, link)


def test_many_periods_of_a_clause_are_one_line_with_counts_and_all_of_them_below(
    settings: Settings, tmp_path: Path, clock: Clock
) -> None:
    began = Clock()
    small.founded(tmp_path / "mission", began)
    began.pass_by(5 * 24 * HOUR)
    with opened(tmp_path / "mission", began) as mission:
        small.write(mission)
    serve(settings, tmp_path / "mission")
    clock_now, clock.now = clock.now, began.now
    try:
        shown = page(come_in(), reverse("agreement"))
    finally:
        clock.now = clock_now

    [aid] = re.findall(r'<article class="clause" id="aid">.*?</article>', shown, re.DOTALL)
    assert "all 5 of them" in aid
    assert re.search(r"\d+ \S <span class=\"badge\"", aid)


def serve(settings: Settings, folder: Path) -> None:
    missions.forget()
    settings.MISSION = folder


def test_an_amendment_is_shown_as_a_difference_and_the_past_has_the_version_then_in_force(
    settings: Settings, tmp_path: Path
) -> None:
    began = Clock()
    small.founded(tmp_path / "mission", began)
    before = began.now
    began.pass_by(MINUTE)
    with opened(tmp_path / "mission", began) as mission:
        amend(mission, AMENDED)
        small.write(mission)
    serve(settings, tmp_path / "mission")
    client = come_in()

    now, then = (
        page(client, reverse("agreement")),
        page(client, reverse("agreement", query={"at": write_moment(before)})),
    )

    assert re.search(r"<del><bdi>[^<]*20[^<]*</bdi></del>.*?<ins><bdi>[^<]*10", now, re.DOTALL)
    assert "<del>" not in then
    assert "the newest then" in then


def test_differences_keep_every_sentence_once_in_its_place() -> None:
    assert differences(("a", "b", "c"), ("a", "x", "c", "d")) == [
        ("same", "a"),
        ("gone", "b"),
        ("new", "x"),
        ("same", "c"),
        ("new", "d"),
    ]


def test_a_liaison_learns_from_no_reason_where_something_just_was(settings: Settings, tmp_path: Path) -> None:
    began = Clock()
    small.founded(tmp_path / "mission", began)
    with opened(tmp_path / "mission", began) as mission:
        enter(mission, CHAIR, attack("a1", began.now - HOUR, lat="31.51", lon="34.51", within_m=100))
        small.write(mission)
        small.answer_all(mission, ["south"])
    serve(settings, tmp_path / "mission")

    shown, coarse = (page(one, asking_why(one)) for one in (come_in("south"), come_in_again("south", "liaison")))

    assert "withheld for six hours" in coarse
    assert "withheld for six hours" not in shown
    for one in ("31.5", "34.5"):
        assert one not in coarse


def come_in_again(delegation: str, role: str) -> Client:
    from trucekeeper.opsroom.people.models import Account  # noqa: PLC0415

    client = Client()
    account = Account.objects.get(role=role, delegation=delegation)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client
