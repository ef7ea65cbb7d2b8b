"""Bad input and faults: what is asked amiss, forged, too large or typed to do harm, and disks that are full.

Each is answered with a sentence, in the reader's language, which says what happened and names no mission.
"""

from __future__ import annotations

import logging
import sqlite3
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy.exc
from django.conf import settings as told
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import opsroom_small as small
from tests.mission_small import ORIGIN, Clock
from trucekeeper.journal.store import Store
from trucekeeper.mission.looking import Looking
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.faults import passes
from trucekeeper.opsroom.logs import OneLine
from trucekeeper.opsroom.people.models import Account

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

    from pytest_django.fixtures import Settings

    Send = Callable[[Mapping[str, Any]], Awaitable[None]]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
OFFICER = ("watch_officer", "commission")
SIGN_IN = {"login": "watch-officer-commission", "password": small.PASSWORD}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):  # a page before may have been in Arabic
        yield


@pytest.fixture
def accounts() -> dict[tuple[str, str], Account]:
    """Return accounts of every role of every delegation."""
    return small.accounts()


@pytest.fixture
def officer(accounts: dict[tuple[str, str], Account]) -> Client:
    """Return the browser of a watch officer who is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(accounts[OFFICER], backend=BACKEND)
    return client


def stranger(**more: Any) -> Client:  # noqa: ANN401  as the client takes it
    """Return the browser of somebody who is not signed in."""
    return Client(raise_request_exception=False, **more)


# ---- who asks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/now/", "/door/login/", "/no/such/page", "/people/"])
def test_a_name_that_is_not_the_servers_is_answered_with_nothing_of_the_mission(path: str) -> None:
    answer = stranger().get(path, headers={"host": "evil.example"})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert ORIGIN not in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_no_link_is_made_from_a_name_that_is_not_the_servers(accounts: dict[tuple[str, str], Account]) -> None:
    client = stranger()
    client.force_login(accounts["administrator", ""], backend=BACKEND)
    said = {"name": "new-one", "role": "analyst", "delegation": "north"}

    answer = client.post(reverse("invite"), said, headers={"host": "evil.example"})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert not Account.objects.filter(username="new-one").exists()


@pytest.mark.parametrize("path", ["/no/such/page", "/invited/nothing", "/now/?at=never"])
def test_an_error_names_the_mission_to_no_stranger(path: str) -> None:
    assert ORIGIN not in stranger().get(path, follow=True).content.decode()


@pytest.mark.parametrize("name", ["report", "lang", "account_logout", "invite"])
def test_a_form_without_the_token_of_a_page_changes_nothing(
    accounts: dict[tuple[str, str], Account], name: str
) -> None:
    client = stranger(enforce_csrf_checks=True)
    client.force_login(accounts["administrator", ""] if name == "invite" else accounts[OFFICER], backend=BACKEND)
    answer = client.post(reverse(name), {"language": "ar"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "This form is not good any more" in answer.content.decode()
    assert "Nothing was changed" in answer.content.decode()


def test_a_form_from_elsewhere_changes_nothing_though_it_has_the_token() -> None:
    client = stranger(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    token = client.cookies["csrftoken"].value

    answer = client.post(
        reverse("account_login"), {**SIGN_IN, "csrfmiddlewaretoken": token}, headers={"origin": "http://evil.example"}
    )

    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.usefixtures("accounts")
def test_a_session_that_somebody_planted_is_another_once_one_is_signed_in() -> None:
    client = stranger()
    client.session["planted"] = True
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[told.SESSION_COOKIE_NAME] = planted = str(session.session_key)

    answer = client.post(reverse("account_login"), SIGN_IN)

    assert answer.status_code == HTTPStatus.FOUND
    assert client.cookies[told.SESSION_COOKIE_NAME].value != planted
    after = stranger()
    after.cookies[told.SESSION_COOKIE_NAME] = planted
    assert after.get(reverse("now")).status_code == HTTPStatus.FOUND  # to the door


ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]


@pytest.mark.parametrize("to", ELSEWHERE)
@pytest.mark.usefixtures("accounts")
def test_nobody_is_sent_elsewhere(to: str) -> None:
    language = stranger().post(reverse("lang"), {"language": "ar", "next": to})
    door = stranger().post(f"{reverse('account_login')}?next={to}", {**SIGN_IN, "next": to})

    assert language["Location"] == "/"
    assert door["Location"] == reverse("now")


# ---- what is asked -------------------------------------------------------------------------------------------------

IDS = ["-1", "99999999", "9" * 40, "..", "i-0", "i-999999", "%00", "i-9' OR 1=1 --", "\u202e", "x" * 5000]


@pytest.mark.parametrize("name", ["incident", "proof", "close", "again", "end_all", "end_session", "invited"])
def test_an_id_that_is_nobodys_is_as_if_there_were_none(officer: Client, name: str) -> None:
    for one in IDS:
        path = reverse(name, args=[1] if name == "proof" else ["NAME"]).replace(
            "1" if name == "proof" else "NAME", one
        )
        assert officer.get(path).status_code in {404, 405}, one


def test_one_ends_no_session_but_ones_own(officer: Client, accounts: dict[tuple[str, str], Account]) -> None:
    from trucekeeper.opsroom.people import sessions  # noqa: PLC0415  it needs Django set up

    other = stranger()
    other.force_login(accounts["analyst", "north"], backend=BACKEND)
    [theirs] = sessions.open_sessions(accounts["analyst", "north"])

    officer.post(reverse("end_session", args=[theirs.name]))

    assert other.get(reverse("now")).status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "query",
    ["at=never", "at=2999-01-01T00:00Z", "at=9999999999999",
     "since=yesterday", "until=%00", "box=1,2", "box=a,b,c,d", "box=inf,0,0,0",
     "box=nan,0,0,0", "at=" + "9" * 3000],
)  # fmt: skip
def test_an_address_that_asks_for_what_is_not_there_is_answered_with_a_sentence(officer: Client, query: str) -> None:
    answer = officer.get(f"{reverse('now')}?{query}")

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "This could not be read" in answer.content.decode()


def test_while_all_is_worked_out_anew_a_page_says_so(officer: Client, settings: Settings, tmp_path: Path) -> None:
    small.founded(tmp_path / "mission", Clock())
    missions.forget()
    settings.MISSION = tmp_path / "mission"
    missions.mission().projections.delete()
    answer = officer.get(reverse("now"))

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "being worked out anew" in answer.content.decode()


def test_a_form_that_is_too_large_is_said_to_be(officer: Client) -> None:
    answer = officer.post(reverse("report"), {"text": "x" * (told.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})

    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "This is too large" in answer.content.decode()


def test_a_form_of_too_many_fields_is_not_read(officer: Client) -> None:
    answer = officer.post(reverse("report"), {f"field-{number}": "x" for number in range(500)})

    assert answer.status_code == HTTPStatus.BAD_REQUEST


# ---- what is typed -------------------------------------------------------------------------------------------------


def test_what_somebody_typed_stays_in_its_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    typed = "mozilla\nWARNING axes: officer signed in\x1b[2J\u202e"
    with caplog.at_level(logging.INFO):
        client = stranger(headers={"user-agent": typed})
        client.post(reverse("account_login"), {"login": "nobody-at-all", "password": "wrong"})
    written = OneLine("%(levelname)s %(name)s: %(message)s")

    lines = [written.format(one) for one in caplog.records]

    assert any("signed in" in one for one in lines)
    assert not [one for one in lines if set(one) & set("\n\x1b\u202e")]


def test_after_eight_wrong_passwords_the_door_is_locked_and_says_until_when(
    accounts: dict[tuple[str, str], Account],
) -> None:
    client, wrong = stranger(), {**SIGN_IN, "password": "wrong"}
    answers = [client.post(reverse("account_login"), wrong) for _ in range(8)]

    assert {one.status_code for one in answers[:7]} == {200}
    for answer in (answers[7], client.post(reverse("account_login"), SIGN_IN)):
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert "Wait a quarter of an hour" in answer.content.decode()
    elsewhere = client.post(reverse("account_login"), SIGN_IN, REMOTE_ADDR="10.0.0.7")
    assert elsewhere.status_code == HTTPStatus.FOUND
    assert accounts[OFFICER].username not in answers[7].content.decode()


def test_whether_there_is_an_account_of_a_name_nobody_learns_at_the_door(
    accounts: dict[tuple[str, str], Account],
) -> None:
    there = stranger().post(reverse("account_login"), {"login": accounts[OFFICER].username, "password": "wrong"})
    not_there = stranger().post(reverse("account_login"), {"login": "nobody-at-all", "password": "wrong"})

    texts = [one.context["form"].errors.as_text() for one in (there, not_there)]
    assert texts[0] == texts[1]


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)> \u202e21 dellik\x07'


def test_what_was_typed_to_do_harm_is_shown_as_it_was_typed(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text, a source and a place of such words stand in their pages as words, turned by nothing unseen."""
    rows, sources = Looking.reports, Looking.sources

    def reports(*asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  as the page asks
        return [{**one, "text": HOSTILE, "words": {HOSTILE: HOSTILE}} for one in rows(*asked)]

    def told(*asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  as the page asks
        return [{**one, "says": HOSTILE, "bias": HOSTILE} for one in sources(*asked)]

    monkeypatch.setattr(Looking, "reports", reports)
    monkeypatch.setattr(Looking, "sources", told)
    name = f"i-{missions.mission().projections.told(only=['report'])[0].seq}"

    for path in (reverse("incident", args=[name]), reverse("sources")):
        page = officer.get(path).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "[U+202E]21 dellik[U+0007]" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<bdi>&lt;script" in page


# ---- what fails ----------------------------------------------------------------------------------------------------


class Failing:
    """A database of accounts that answers with an error."""

    def __init__(self, says: str) -> None:
        """Fail with these words."""
        self.says = says

    def __call__(self, *_asked: object) -> None:
        """Fail."""
        raise OperationalError(self.says)


@pytest.mark.parametrize("says", ["database is locked", "database or disk is full", "disk I/O error"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_accounts_that_cannot_be_read_are_said_in_a_sentence(officer: Client, says: str, language: str) -> None:
    officer.cookies["django_language"] = language
    with connection.execute_wrapper(Failing(says)):
        answer = officer.get(reverse("now"))

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    page = answer.content.decode()
    assert ("Send it again in a minute" if language == "en" else "أرسل") in page
    assert says not in page
    assert ORIGIN not in page


def test_projections_that_are_spoilt_are_said_in_a_sentence_and_are_well_once_worked_out_anew(
    officer: Client, folder: Path
) -> None:
    looking = missions.looking()
    file = looking.projections.file
    kept, beside = file.read_bytes(), [file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")]
    with sqlite3.connect(file) as held:
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = file.read_bytes()
    for one in beside:
        one.unlink(missing_ok=True)
    file.write_bytes(b"no database at all" * 500)
    try:
        answer = officer.get(reverse("now"))
    finally:
        for one in beside:
            one.unlink(missing_ok=True)
        (folder / file.name).write_bytes(kept)

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert officer.get(reverse("now")).status_code == HTTPStatus.OK


def _full(*_asked: object) -> None:
    raise sqlalchemy.exc.OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full"))


def test_a_record_that_is_full_loses_nothing_of_what_was_typed(
    accounts: dict[tuple[str, str], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "submit", _full)
    monkeypatch.setattr(acts, "let_in", lambda _: None)

    with pytest.raises(acts.NotDoneError, match="the disk is full") as said:
        acts.put(accounts[OFFICER], acts.Act("n" * 32, "source", {"name": "x"}, {}))

    assert "What you wrote is kept" in str(said.value)


def test_while_nobody_keeps_one_is_told_that_it_is_safe_and_not_on_record_yet(
    accounts: dict[tuple[str, str], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "PATIENCE", 0.05)
    monkeypatch.setattr(acts, "may_sign", lambda _: True)

    with pytest.raises(acts.NotDoneError, match="nobody keeps this mission just now"):
        acts.let_in(accounts[OFFICER])


def test_what_is_our_own_fault_is_not_taken_for_a_full_disk() -> None:
    assert not passes(sqlite3.IntegrityError())
    assert not passes(ValueError())
    assert passes(OSError(28, "No space left on device"))


@pytest.mark.parametrize(("language", "says"), [("en", "This went wrong"), ("ar", "حدث خطأ")])
def test_what_goes_wrong_in_us_is_told_without_how(
    officer: Client, monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("words that are nobody's business")

    officer.cookies["django_language"] = language
    monkeypatch.setattr(Looking, "incidents", broken)

    answer = officer.get(reverse("now"))

    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert says in answer.content.decode()
    assert "nobody" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_locked_out_page_and_all_faults_load_nothing_from_elsewhere(settings: Settings) -> None:
    page = stranger().get("/no/such/page").content.decode()

    assert "http" not in page.replace("http-equiv", "")
    assert settings.STATIC_URL in page
