"""Every page, for every role of every delegation: what is not listed answers to nobody."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import opsroom_small as small
from trucekeeper.mission.looking import Filter, Sight
from trucekeeper.opsroom import clock as room_clock
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.rights import COARSE, DOOR, OWN, PAGES, ROLES, Right, rights_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.opsroom.people.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]


def names(patterns: list[Any] | None = None) -> Iterator[str]:
    """Yield the name of every URL that there is."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield str(one.name)


GIVEN: dict[str, list[object]] = {
    "incident": ["i-9"],
    "verify": ["i-9"],
    "evidence": [small.digest_of(small.OPEN)],
    "original": [small.digest_of(small.OPEN)],
    "correct": [9],
    "retract": [9],
    "proof": [9],
    "text": [12],
    "close": ["liaison-south"],
    "again": ["liaison-south"],
    "end_all": ["liaison-south"],
    "end_session": ["no-such-session"],
    "invited": ["no-such-token"],
    "handing": [1],
    "take_over": [1],
    "withdraw": [1],
    "handed_over": [9],
    "mfa_edit_webauthn": [1],
    "mfa_remove_webauthn": [1],
}
POSTED = {
    *("invite", "close", "again", "end_all", "end_session", "lang", "verify", "retract"),
    *("note", "hand_over", "take_over", "withdraw"),
}
CLOSED_TO_ALL = {
    "account_signup", "account_inactive", "account_set_password", "account_email", "account_email_verification_sent",
    "account_confirm_email", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_confirm_login_code",
    "account_request_login_code", "mfa_signup_webauthn", "mfa_trust",
}  # fmt: skip
"""Pages of the libraries that a mission has no use for."""


def test_every_url_is_in_the_table_or_closed_to_all() -> None:
    assert set(names()) - set(PAGES) <= CLOSED_TO_ALL
    assert set(PAGES) <= set(names())


def test_every_page_of_ours_answers_to_those_roles_that_may_and_to_nobody_else() -> None:
    accounts = small.accounts()
    ours = [name for name in PAGES if name not in {*DOOR, *OWN, "changes"}]
    cells = 0
    for name, ((role, delegation), account) in product(ours, accounts.items()):
        status = _asked(account, name)
        may = PAGES[name] in rights_of(role)
        assert (status != 404) == may, (name, role, delegation, status)
        assert status < 500
        cells += 1
    print(f"{cells} cells of pages x roles x delegations")  # noqa: T201  how large the matrix is
    assert cells == len(ours) * len(accounts)


def test_an_incident_and_its_words_are_for_those_to_whom_it_may_be_released_and_for_nobody_else() -> None:
    accounts = small.accounts()
    sight = Sight(small.SEEN_BY, room_clock.now(), None)
    rows = missions.looking().incidents(sight, Filter())
    entries = {
        one["id"]: [report["entry"] for report in missions.looking().reports(sight, one["id"])] for one in rows
    }
    elsewhere = {one["id"] for one in missions.looking().incidents(Sight("south", room_clock.now(), None), Filter())}
    cells = 0
    for (name, several), ((role, delegation), account) in product(entries.items(), accounts.items()):
        reads = Right.SEE in rights_of(role)
        may = reads and (name in elsewhere or delegation == small.SEEN_BY)
        client = _browser(account)
        assert (client.get(reverse("incident", args=[name])).status_code == 200) == may, (name, role, delegation)
        for entry in several:
            answer = client.get(reverse("proof", args=[entry]))
            told = answer.status_code == 200 and f"{entry}.statement" in ZipFile(BytesIO(answer.content)).namelist()
            assert told == (may and role not in COARSE), (name, role, delegation)
            cells += 2
    print(f"{cells} cells of incidents and proofs x roles x delegations x for whom they are")  # noqa: T201  how large the matrix is
    assert set(entries) - elsewhere  # one is for north alone
    assert cells == 2 * sum(map(len, entries.values())) * len(accounts)


def test_nobody_who_is_not_signed_in_sees_more_than_the_door() -> None:
    client = Client()
    for name in PAGES:
        if name in DOOR:
            continue
        answer = client.get(reverse(name, args=GIVEN.get(name, [])))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_pages_of_libraries_that_nobody_listed_answer_to_nobody() -> None:
    accounts = small.accounts()
    for name in sorted(set(names()) - set(PAGES)):
        if name in {"account_confirm_email", "account_reset_password_from_key"}:
            continue
        for account in accounts.values():
            assert _asked(account, name) == 404


def test_an_administrator_has_no_right_to_content_and_an_auditor_none_to_enter_anything() -> None:
    assert Right.SEE not in ROLES["administrator"]
    assert not {Right.REPORT, Right.TRIAGE, Right.LOG, Right.PEOPLE} & ROLES["auditor"]
    assert rights_of("nobody knows") == frozenset()


def test_a_closed_account_sees_nothing_from_the_next_request_on() -> None:
    account = small.accounts()["watch_officer", "north"]
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("now")).status_code == 200

    account.is_active = False
    account.save()

    assert client.get(reverse("now")).status_code == 302


def _browser(account: Account) -> Client:
    client = Client()
    account.refresh_from_db()  # another page may have given it a new link
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _asked(account: Account, name: str) -> int:
    client = _browser(account)
    url = reverse(name, args=GIVEN.get(name, []))
    return int((client.post(url) if name in POSTED else client.get(url)).status_code)
