"""The page of the record: entries as the reader may see them, and what strangers can check."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests import mission_small
from tests import opsroom_small as small
from tests.journal_small import key
from tests.mission_small import Clock
from trucekeeper.ledger.exports import check
from trucekeeper.ledger.notes import COSIGNS, Signer
from trucekeeper.ledger.policies import Known, Policy
from trucekeeper.mission.settings import read_settings
from trucekeeper.opsroom import clock as room_clock
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.people.models import Account
from trucekeeper.terms.moments import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def client(delegation: str) -> Client:
    """Return somebody of a delegation, who is signed in."""
    found = Client()
    account = small.accounts()["analyst", delegation]
    found.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return found


def page(of: Client, query: str = "") -> str:
    return of.get(reverse("record") + query).content.decode()


@pytest.mark.usefixtures("room")
def test_an_entry_shows_its_words_to_whom_it_may_and_its_place_to_all() -> None:
    size = missions.mission().journal.store.size()
    restricted = size - 2  # a note of north's watch log is the last

    assert f"patrols/{9}" in page(client("north"), f"?entry={restricted}")
    Account.objects.all().delete()
    shown = page(client("south"), f"?entry={restricted}")
    assert "patrols/9" not in shown
    assert "not for you" in shown
    assert "patrols/3" in shown  # the one before, which is for all


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("asked", ["1000", "-1", "one", "9" * 40, "\u0661"])
def test_what_is_no_entry_is_answered_with_a_sentence(asked: str) -> None:
    answer = client("south").get(reverse("record"), {"entry": asked})

    assert answer.status_code == 400
    assert "entr" in answer.content.decode()


@pytest.mark.usefixtures("room")
def test_the_bundle_is_a_log_that_strangers_accept_and_holds_no_word(tmp_path: Path, folder: Path) -> None:
    answer = client("south").get(reverse("bundle"), {"entry": "3, 9"})
    data = b"".join(answer)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extractall(tmp_path)

    policy = Policy.read(bytes(read_settings(folder).policy))
    found = check(tmp_path, policy)
    assert (found.flaws, found.entries) == ([], missions.mission().journal.store.size())
    assert {"3.tlog-proof", "9.tlog-proof"} <= {one.name for one in tmp_path.iterdir()}
    assert small.CANARY.encode() not in b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())


@pytest.fixture
def unwitnessed(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Yield the clock of a room on a mission whose one witness has seen nothing."""
    clock = Clock()
    witness = Signer("north.example", COSIGNS, key("north").key).verifier
    mission_small.begin(mission_small.settings(tmp_path / "m", witnesses=(Known(witness),), quorum=1), clock)
    with mission_small.opened(tmp_path / "m", clock) as mission:
        small.write(mission)
    settings.MISSION = tmp_path / "m"
    monkeypatch.setattr(room_clock, "now", clock)
    yield clock
    missions.forget()


def test_every_page_says_when_the_head_has_been_unwitnessed_for_an_hour(unwitnessed: Clock) -> None:
    someone = client("south")
    assert "banner unwitnessed" not in page(someone)

    unwitnessed.pass_by(HOUR)

    assert "banner unwitnessed" in page(someone)
    assert "banner unwitnessed" in someone.get(reverse("sources")).content.decode()
