"""People: who comes in, and that it is on record; links that work once, sessions, and second factors."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as told
from django.test import Client
from django.urls import reverse

from tests import mission_small
from tests import opsroom_small as small
from tests.mission_small import ROOT, Clock, put
from trucekeeper.journal.keys import SERVER
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.people import invitations, keys, sessions
from trucekeeper.opsroom.people.models import Account, Invitation
from trucekeeper.opsroom.screens import live

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
CHOSEN = {"new_password1": small.PASSWORD, "new_password2": small.PASSWORD}


@pytest.fixture
def watch(clock: Clock) -> Clock:
    """Return a clock of this test's own."""
    return Clock(clock.now)


@pytest.fixture
def mission(  # noqa: PLR0917  pytest hands them over
    folder: Path, tmp_path: Path, watch: Clock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Have a mission served of its own, whose keeper takes in at once what is submitted."""
    shutil.copytree(folder, tmp_path / "mission")
    settings.MISSION = tmp_path / "mission"
    monkeypatch.setattr("trucekeeper.opsroom.clock.now", watch)
    integrated = acts._integrated  # noqa: SLF001  it waits for a keeper, whom nobody runs beside

    def kept(ticket: bytes) -> int:
        with mission_small.opened(tmp_path / "mission", watch) as mission:
            mission._keep()  # noqa: SLF001  as whoever keeps does
        return integrated(ticket)

    monkeypatch.setattr(acts, "_integrated", kept)
    yield
    missions.forget()


@pytest.fixture
def administrator(mission: None) -> Client:  # noqa: ARG001  it is served
    """Return the browser of an administrator."""
    return signed_in(account("admin", "administrator", ""))


def account(name: str, role: str, delegation: str) -> Account:
    """Make an account with a password."""
    made = Account(username=name, role=role, delegation=delegation, made_at=datetime(2031, 3, 10, tzinfo=UTC))
    made.set_password(small.PASSWORD)
    made.save()
    return made


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def let_sign(watch: Clock, delegation: str = "north") -> None:
    """Have a root let the room sign for a delegation."""
    with mission_small.opened(missions.mission().settings.folder, watch) as mission:
        put(mission, mission.said("key.certify", keys.registrar_said(delegation), by=[ROOT]))


def invited(administrator: Client, name: str = "reader", role: str = "auditor") -> str:
    """Invite somebody of north, and return the address of his link."""
    answer = administrator.post(reverse("invite"), {"name": name, "role": role, "delegation": "north"})
    return _link(answer.content)


def _link(page: bytes) -> str:
    found = re.search(rb"/invited/[\w-]+", page)
    assert found
    return found[0].decode()


def _holder(name: str) -> object:
    charter = missions.mission().journal.charter()
    assert charter is not None
    return charter.keys.holders.get(keys.of_account(Account.objects.get(username=name)).public.id)


# ---- coming in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["auditor", "watch_officer", "liaison"])
def test_whoever_comes_in_is_on_record_before_he_sees_anything_also_if_he_only_reads(
    administrator: Client, watch: Clock, role: str
) -> None:
    let_sign(watch)
    link = invited(administrator, role=role)
    assert _holder("reader") is None

    answer = Client().post(link, CHOSEN)

    assert answer["Location"] == reverse("now")
    charter = missions.mission().journal.charter()
    assert charter is not None
    holder = charter.keys.holders[keys.of_account(Account.objects.get(username="reader")).public.id]
    assert (holder.delegation, holder.role, holder.held) == ("north", role, SERVER)


def test_nobody_comes_in_for_a_delegation_for_which_no_root_let_the_room_sign(
    administrator: Client, watch: Clock
) -> None:
    assert "Nobody of these delegations can come in" in administrator.get(reverse("people")).content.decode()
    link, client = invited(administrator), Client()
    refused = client.post(link, CHOSEN)

    assert refused.status_code == HTTPStatus.CONFLICT
    assert "a root has not yet let this room sign for north" in refused.content.decode()
    assert client.get(reverse("now")).status_code == HTTPStatus.FOUND  # to the door
    let_sign(watch)
    assert client.post(link, CHOSEN)["Location"] == reverse("now")  # the link is still good


def test_a_link_works_once_and_for_a_day(administrator: Client, watch: Clock) -> None:
    let_sign(watch)
    link = invited(administrator)
    assert Client().post(link, CHOSEN).status_code == HTTPStatus.FOUND
    late = invited(administrator, "late")

    watch.pass_by(int(timedelta(days=1, seconds=1) / timedelta(microseconds=1)))

    assert Client().post(link, CHOSEN).status_code == HTTPStatus.NOT_FOUND
    assert Client().post(late, CHOSEN).status_code == HTTPStatus.NOT_FOUND


def test_what_is_kept_of_a_link_does_not_open_it(administrator: Client) -> None:
    token = invited(administrator).rpartition("/")[2]

    assert not invitations.found(invitations.digest(token))
    assert token not in str(list(Invitation.objects.values()))


# ---- going out -----------------------------------------------------------------------------------------------------


def test_closing_an_account_is_on_record_and_ends_its_sessions_at_once(administrator: Client, watch: Clock) -> None:
    let_sign(watch)
    reader = Client()
    reader.post(invited(administrator), CHOSEN)
    assert reader.get(reverse("now")).status_code == HTTPStatus.OK

    administrator.post(reverse("close", args=["reader"]))

    assert reader.get(reverse("now")).status_code == HTTPStatus.FOUND
    assert sessions.open_sessions(Account.objects.get(username="reader")) == []
    assert _holder("reader") is None


def test_a_new_link_for_a_lost_password_is_another_key_and_forgets_all_that_opened_the_account(
    administrator: Client, watch: Clock
) -> None:
    let_sign(watch)
    reader = Client()
    reader.post(invited(administrator), CHOSEN)
    before = Account.objects.get(username="reader")
    totp.TOTP.activate(before, totp.generate_totp_secret())
    watch.pass_by(1_000_000)

    answer = administrator.post(reverse("again", args=["reader"]))

    assert reader.get(reverse("now")).status_code == HTTPStatus.FOUND
    assert not Authenticator.objects.filter(user=before).exists()
    assert Client().post(_link(answer.content), CHOSEN)["Location"] == reverse("now")
    after = Account.objects.get(username="reader")
    assert keys.of_account(before).public.id != keys.of_account(after).public.id
    assert _holder("reader") is not None


def test_an_account_is_closed_though_that_cannot_be_put_on_record_now(
    administrator: Client, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sign(watch)
    reader = Client()
    reader.post(invited(administrator), CHOSEN)

    def nobody_keeps(_ticket: bytes) -> int:
        raise acts.NotDoneError("nobody keeps it")

    monkeypatch.setattr(acts, "_integrated", nobody_keeps)
    answer = administrator.post(reverse("close", args=["reader"]), follow=True)

    assert "can no longer come in" in answer.content.decode()
    assert reader.get(reverse("now")).status_code == HTTPStatus.FOUND


# ---- sessions ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("mission")
def test_one_sees_ones_own_sessions_and_ends_them() -> None:
    officer = account("officer", "watch_officer", "north")
    here, there, other = signed_in(officer), signed_in(officer), signed_in(account("other", "analyst", "south"))
    assert here.get(reverse("sessions")).content.count(b"/end") == 2
    [name] = [one.name for one in sessions.open_sessions(officer) if one.name != _name(here)]

    here.post(reverse("end_session", args=[name]))

    statuses = [one.get(reverse("now")).status_code for one in (here, there, other)]
    assert statuses == [HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.OK]


def _name(client: Client) -> str:
    return sessions.name_of(client.session.session_key)


def test_an_administrator_ends_all_sessions_of_an_account_and_sees_no_key_of_one(administrator: Client) -> None:
    officer = account("officer", "watch_officer", "north")
    several = [signed_in(officer), signed_in(officer)]
    page = administrator.get(reverse("people")).content.decode()
    assert not [one for one in several if str(one.session.session_key) in page]

    administrator.post(reverse("end_all", args=["officer"]))

    assert {one.get(reverse("now")).status_code for one in several} == {HTTPStatus.FOUND}


@pytest.mark.usefixtures("mission")
def test_a_session_ends_after_a_shift_however_busy_it_is() -> None:
    account("officer", "watch_officer", "north")
    client = Client()
    client.post(reverse("account_login"), {"login": "officer", "password": small.PASSWORD})
    ends = client.session.get_expiry_date()

    client.get(reverse("now"))

    assert client.session.get_expiry_date() == ends
    began = datetime.fromisoformat(client.session[sessions.SINCE])
    assert ends - began == timedelta(seconds=told.SESSION_COOKIE_AGE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("mission")
def test_a_feed_does_not_outlive_its_session_or_its_account() -> None:
    from asgiref.sync import async_to_sync  # noqa: PLC0415

    officer = account("officer", "watch_officer", "north")
    client = signed_in(officer)
    may = async_to_sync(live._may)  # noqa: SLF001  what the feed asks every four seconds
    seat = live.Seat("officer", client.session.session_key or "", "en")
    assert may(seat) is not None

    sessions.end(officer)

    assert may(seat) is None
    seat = live.Seat("officer", signed_in(officer).session.session_key or "", "en")
    Account.objects.filter(pk=officer.pk).update(role="administrator", delegation="")
    assert may(seat) is None


# ---- the second factor ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("mission")
def test_whoever_has_a_one_time_code_comes_in_with_password_and_code_only() -> None:
    officer = account("officer", "watch_officer", "north")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    client = Client()
    client.post(reverse("account_login"), {"login": "officer", "password": small.PASSWORD})
    assert client.get(reverse("now")).status_code == HTTPStatus.FOUND

    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    right = client.post(reverse("mfa_authenticate"), {"code": f"{totp.hotp_value(secret, counter):06}"})

    assert wrong.status_code == HTTPStatus.OK
    assert right["Location"] == reverse("now")
    assert client.get(reverse("now")).status_code == HTTPStatus.OK


@pytest.mark.usefixtures("mission")
def test_a_recovery_code_lets_in_once() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415  it needs Django set up

    officer = account("officer", "watch_officer", "north")
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]

    def comes_in() -> int:
        client = Client()
        client.post(reverse("account_login"), {"login": "officer", "password": small.PASSWORD})
        return client.post(reverse("mfa_authenticate"), {"code": code}).status_code

    assert comes_in() == HTTPStatus.FOUND
    assert comes_in() == HTTPStatus.OK  # the page that asks for another


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_list_webauthn", "sessions", "account_change_password", "account_reauthenticate"]
)
@pytest.mark.usefixtures("mission")
def test_the_pages_of_ones_own_keys_answer(name: str) -> None:
    client = Client()
    account("officer", "watch_officer", "north")
    client.post(reverse("account_login"), {"login": "officer", "password": small.PASSWORD})

    page = client.get(reverse(name))

    assert page.status_code == HTTPStatus.OK
    assert reverse("account_reset_password") not in page.content.decode()  # nobody has mail here
