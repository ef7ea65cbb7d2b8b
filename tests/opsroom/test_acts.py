"""What is done on a page becomes one statement, signed with the account's key, whatever goes wrong between."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import reverse

from tests import mission_small
from tests import opsroom_small as small
from tests.mission_small import ROOT, Clock, opened, put
from trucekeeper.mission import kinds
from trucekeeper.mission.looking import Looking
from trucekeeper.mission.service import Service
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom import clock as room_clock
from trucekeeper.opsroom.people import keys
from trucekeeper.opsroom.people.models import Account, Sent
from trucekeeper.opsroom.screens import live
from trucekeeper.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> Account:
    """Return an account of the commission."""
    return account("officer", "watch_officer", "commission")


def account(name: str, role: str, delegation: str) -> Account:
    """Make an account."""
    made = Account(username=name, role=role, delegation=delegation, made_at=datetime(2031, 3, 10, tzinfo=UTC))
    made.set_unusable_password()
    made.save()
    return made


@pytest.fixture
def kept(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Clock]:
    """Have a mission kept and served, its record on either database, and return its clock.

    The room may not sign yet.
    """
    clock, stop = Clock(), Event()
    small.founded(tmp_path / "mission", clock, postgres=database)
    settings.MISSION = tmp_path / "mission"
    monkeypatch.setattr(room_clock, "now", clock)
    with opened(tmp_path / "mission", clock) as mission:
        keeping = Thread(target=Service(mission).run, args=[stop])
        keeping.start()
        yield clock
        stop.set()
        keeping.join()
    missions.forget()


def let_sign(clock: Clock, delegation: str = "commission") -> None:
    """Have a root let the room sign for a delegation."""
    folder = missions.mission().settings.folder
    with mission_small.opened(folder, clock) as mission:
        put(mission, mission.said("key.certify", keys.registrar_said(delegation), by=[ROOT]))


def form(clock: Clock, **more: object) -> dict[str, object]:
    """Return a filled form."""
    said = {
        "kind": "shelling",
        "how": "seen",
        "place": "31.80, 34.51",
        "within_m": 200,
        "give": 0,
        "consent": "public",
    }
    return {**said, "nonce": secrets.token_hex(16), "at": write_moment(clock()), **more}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def reports() -> list[Any]:
    return [one for one in missions.mission().projections.told(only=[kinds.REPORT]) if "room-" in str(one.row["id"])]


def test_a_report_is_on_record_with_the_accounts_key_which_says_that_a_server_holds_it(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    answer = signed_in(officer).post(reverse("report"), form(kept, by="north", killed=2))

    assert answer.status_code == 302
    [report] = reports()
    charter = missions.mission().journal.charter()
    assert charter is not None
    assert charter.keys.holders[keys.of_account(officer).public.id].held == "server"
    assert (report.delegation, report.row["words"]) == ("commission", {"by": "north", "kind": "shelling"})
    assert answer["Location"] == reverse("incident", args=[f"i-{report.seq}"])
    assert Sent.objects.exclude(envelope=b"").count() == 0  # the words are in the record, sealed, and nowhere else


def test_whose_key_a_root_revoked_puts_nothing_on_record_with_it_again(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    client = signed_in(officer)
    client.post(reverse("report"), form(kept))
    with mission_small.opened(missions.mission().settings.folder, kept) as mission:
        revoked = {"key": keys.of_account(officer).public.id, "why": "its session was stolen"}
        put(mission, mission.said("key.revoke", revoked, by=[ROOT]))

    assert client.post(reverse("report"), form(kept)).status_code == 403
    with pytest.raises(acts.NotDoneError, match="the key of officer was revoked"):
        acts.let_in(officer)
    assert len(reports()) == 1


def test_whose_key_a_root_revoked_sees_no_page_and_no_feed_until_it_is_let_in_anew(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    client = signed_in(officer)
    seat = live.Seat("officer", client.session.session_key or "", "en")
    assert client.get(reverse("incidents")).status_code == 200
    assert async_to_sync(live._may)(seat) is not None  # noqa: SLF001  what keeps a feed going
    acts.let_in(officer)
    assert client.get(reverse("incidents")).status_code == 200

    said = {"key": keys.of_account(officer).public.id, "why": "its session was stolen"}
    with mission_small.opened(missions.mission().settings.folder, kept) as mission:
        put(mission, mission.said("key.revoke", said, by=[ROOT]))
    answer = client.get(reverse("incidents"))

    assert answer.status_code == 403
    assert "The key of your account was revoked, on record." in answer.content.decode()
    assert async_to_sync(live._may)(seat) is None  # noqa: SLF001
    assert signed_in(account("another", "watch_officer", "commission")).get(reverse("incidents")).status_code == 200

    with mission_small.opened(missions.mission().settings.folder, kept) as mission:
        put(mission, mission.said("key.certify", keys.account_said(officer), by=[keys.registrar("commission")]))
    assert client.get(reverse("incidents")).status_code == 200


def test_of_two_that_send_the_same_at_once_and_are_refused_the_second_is_told_so(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    with pytest.raises(acts.NotDoneError, match="refused a moment ago"):
        acts.put_kept(officer, "of which the other has done away with what was kept")


def test_a_version_of_the_agreement_that_is_being_laid_anew_is_no_fault_of_ours(
    kept: Clock, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sign(kept)
    adopted = missions.looking().adopted()
    assert adopted is not None
    missions.agreement.cache_clear()
    monkeypatch.setattr(Looking, "adopted", lambda *_: replace(adopted, digest="of rows that are gone since"))

    assert signed_in(officer).get(reverse("incidents")).status_code == 503


def test_what_is_sent_twice_is_on_record_once(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    client, said = signed_in(officer), form(kept)
    answers = [client.post(reverse("report"), said) for _ in range(3)]

    assert {one["Location"] for one in answers} == {answers[0]["Location"]}
    assert len(reports()) == 1


def test_what_was_submitted_before_its_worker_was_killed_is_the_same_statement_when_it_is_sent_again(
    kept: Clock, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sign(kept)
    client, said = signed_in(officer), form(kept)
    client.post(reverse("report"), form(kept, text="the first registers the source"))
    with monkeypatch.context() as patched:
        patched.setattr(acts, "_integrated", _killed)
        with pytest.raises(KeyboardInterrupt):
            client.post(reverse("report"), said)

    assert client.post(reverse("report"), said).status_code == 302
    assert len(reports()) == 2


def _killed(_ticket: bytes) -> int:
    raise KeyboardInterrupt


def test_nobody_signs_for_a_delegation_that_did_not_let_the_room(kept: Clock, officer: Account) -> None:
    let_sign(kept, "north")
    answer = signed_in(officer).post(reverse("report"), form(kept, text="words that are kept"))

    assert answer.status_code == 409
    assert "a root has not yet let this room sign" in answer.content.decode()
    assert "words that are kept" in answer.content.decode()
    assert reports() == []


@pytest.mark.parametrize(
    "amiss",
    [
        ("place", "nowhere", "There is no zone of this name"),
        ("place", "31.5", "Write it as"),
        ("at", "yesterday", "Write it as"),
        ("at", "2999-01-01T00:00Z", "That is still to come"),
        ("kind", "sorcery", "not one of the available choices"),
        ("killed", "-1", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_a_report_is_said_beside_the_field_and_the_rest_is_kept(
    kept: Clock, officer: Account, amiss: tuple[str, str, str]
) -> None:
    column, value, says = amiss
    answer = signed_in(officer).post(reverse("report"), form(kept, **{column: value}, text="the rest"))

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert "the rest" in answer.content.decode()


@pytest.mark.parametrize("more", [{"danger": "on"}, {"consent": "mechanism"}])
def test_without_consent_or_in_danger_a_report_stays_in_its_delegation(
    kept: Clock, officer: Account, more: dict[str, object]
) -> None:
    let_sign(kept)
    answer = signed_in(officer).post(reverse("report"), form(kept, **more))

    [report] = reports()
    assert (report.row["owner"], report.row["releasable_to"]) == ("commission", ["commission"])
    other = account("other", "analyst", "north")
    assert signed_in(officer).get(answer["Location"]).status_code == 200
    assert signed_in(other).get(answer["Location"]).status_code == 404
