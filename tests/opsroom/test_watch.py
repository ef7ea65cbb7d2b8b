"""The watch log's pages: notes, the hand-over that two officers sign, and who sees any of it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.opsroom.test_acts import account, form, kept, let_sign, officer, signed_in
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.mission import kinds
from trucekeeper.mission.publishing import Shown, line
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.people.models import Handing, Sent
from trucekeeper.terms.moments import HOUR, write_moment

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from tests.mission_small import Clock
    from trucekeeper.opsroom.people.models import Account

__all__ = ["kept", "officer"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heron() -> Account:
    """Return another officer of the commission."""
    return account("heron", "analyst", "commission")


def note(client: Client, text: str = "the radio is out", **more: str) -> Answer:
    return client.post(reverse("note"), {"nonce": secrets.token_hex(16), "text": text, **more})


def drawn(client: Client, to: str = "heron", remarks: str = "mind post 4") -> Answer:
    return client.post(reverse("hand_over"), {"nonce": secrets.token_hex(16), "to": to, "remarks": remarks})


def sign(client: Client, found: Handing) -> Answer:
    return client.post(reverse("take_over", args=[found.pk]), {"nonce": found.nonce})


def logged(kind: str) -> list[dict[str, Any]]:
    with missions.mission().projections.reading() as connection:
        rows = connection.execute("SELECT from_seq, signers FROM acts WHERE kind = ? ORDER BY 1", [kind]).fetchall()
    return [{"entry": seq, "signers": signers} for seq, signers in rows]


def test_what_an_officer_did_and_noted_is_in_his_watch_log_with_his_name(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    client = signed_in(officer)
    report = client.post(reverse("report"), form(kept))
    incident = report["Location"].rpartition("/")[2]
    assert note(client, about=incident).status_code == 302
    page = client.get(reverse("watch")).content.decode()

    assert "the radio is out" in page
    assert 'watch officer <bdi class="id">officer</bdi>' in page
    assert page.count(f">{incident}<") >= 2  # of the report, and of the note


def test_another_delegation_sees_nothing_of_a_watch_log(kept: Clock, officer: Account, heron: Account) -> None:
    let_sign(kept)
    client, north = signed_in(officer), signed_in(account("north", "watch_officer", "north"))
    before = north.get(reverse("watch")).content
    note(client)
    drawn(client)
    waiting = Handing.objects.get()
    there = north.get(reverse("handing", args=[waiting.pk]))
    sign(signed_in(heron), waiting)

    (entry,) = [one["entry"] for one in logged(kinds.HANDOVER)]
    assert there["Location"] == reverse("watch")
    assert north.get(reverse("handed_over", args=[entry]))["Location"] == reverse("watch")
    north.get(reverse("watch"))  # what was said of sheets that are not there
    assert _plain(north.get(reverse("watch")).content) == _plain(before)
    assert line(missions.mission(), Audience("north", kept()), entry).shown is Shown.NOT_TO_YOU


def _plain(page: bytes) -> bytes:
    import re  # noqa: PLC0415

    return re.sub(rb'name="(csrfmiddlewaretoken|nonce)" value="[^"]*"', b"", page)


def test_a_hand_over_is_on_record_once_both_signed_the_same_sheet(
    kept: Clock, officer: Account, heron: Account
) -> None:
    let_sign(kept)
    client, other = signed_in(officer), signed_in(heron)
    note(client)
    sheet = client.get(drawn(client)["Location"]).content.decode()
    waiting = Handing.objects.get()
    note(client, "after the sheet was drawn")
    kept.pass_by(HOUR)
    read = other.get(reverse("handing", args=[waiting.pk])).content.decode()
    answers = [sign(other, waiting) for _ in range(2)]

    (entry,) = logged(kinds.HANDOVER)
    assert [one.status_code for one in answers] == [302, 302]
    assert sorted(json.loads(entry["signers"])) == [["analyst", "heron"], ["watch_officer", "officer"]]
    said, wanted = sheet.partition("<article")[2].partition("</article>")[0], "mind post 4"
    assert wanted in said
    assert said == read.partition("<article")[2].partition("</article>")[0]
    shown = other.get(reverse("handed_over", args=[entry["entry"]])).content.decode()
    assert said == shown.partition("<article")[2].partition("</article>")[0]
    assert Handing.objects.count() == 0
    assert "the radio is out" not in other.get(reverse("watch")).content.decode()  # another watch has begun
    assert "the radio is out" in other.get(reverse("watch"), {"watch": "0"}).content.decode()


@pytest.mark.usefixtures("heron")
def test_nobody_signs_for_the_other_and_none_signs_twice(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    client, third = signed_in(officer), signed_in(account("third", "watch_officer", "commission"))
    assert drawn(client, to="officer").status_code == 400
    drawn(client)
    waiting = Handing.objects.get()
    for one in (client, third):
        assert sign(one, waiting).status_code == 302
        one.post(reverse("withdraw", args=[waiting.pk])) if one is third else None

    assert Handing.objects.get() == waiting
    assert logged(kinds.HANDOVER) == []
    assert drawn(client, to="north").status_code == 400  # no officer of this delegation


@pytest.mark.usefixtures("heron")
def test_no_sheet_is_drawn_as_of_the_past(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    past = reverse("hand_over", query={"at": write_moment(kept())})
    answer = signed_in(officer).post(past, {"nonce": secrets.token_hex(16), "to": "heron", "remarks": ""})

    assert answer.status_code == 400
    assert "Nothing can be put on record in the past" in answer.content.decode()
    assert not Handing.objects.exists()


@pytest.mark.parametrize("who", ["officer", "heron"])
def test_either_withdraws_a_sheet_before_it_is_on_record(
    who: str, kept: Clock, officer: Account, heron: Account
) -> None:
    let_sign(kept)
    drawn(signed_in(officer))
    waiting = Handing.objects.get()
    signed_in({"officer": officer, "heron": heron}[who]).post(reverse("withdraw", args=[waiting.pk]))
    sign(signed_in(heron), waiting)

    assert logged(kinds.HANDOVER) == []
    assert Sent.objects.filter(nonce=waiting.nonce).count() == 0


def test_who_read_one_sheet_does_not_sign_another_that_was_drawn_since(
    kept: Clock, officer: Account, heron: Account
) -> None:
    let_sign(kept)
    client, other = signed_in(officer), signed_in(heron)
    drawn(client)
    read = Handing.objects.get()
    drawn(client, remarks="other words")
    assert Handing.objects.get().pk == read.pk
    sign(other, read)
    assert logged(kinds.HANDOVER) == []
    sign(other, Handing.objects.get())

    assert len(logged(kinds.HANDOVER)) == 1


def test_a_signature_given_before_its_worker_was_killed_becomes_the_same_hand_over(
    kept: Clock, officer: Account, heron: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sign(kept)
    drawn(signed_in(officer))
    waiting, other = Handing.objects.get(), signed_in(heron)
    with monkeypatch.context() as patched:
        patched.setattr(acts, "_integrated", _killed)
        for _ in range(3):  # as one key was certified, as the other was, and with all submitted
            with pytest.raises(KeyboardInterrupt):
                sign(other, waiting)
    sign(other, waiting)

    assert len(logged(kinds.HANDOVER)) == 1


def _killed(_ticket: bytes) -> int:
    raise KeyboardInterrupt


def test_a_note_about_an_incident_that_its_writer_cannot_see_is_not_taken(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    answer = note(signed_in(officer), about="i-9999")

    assert answer.status_code == 400
    assert "There is no incident of this name" in answer.content.decode()
    assert "the radio is out" in answer.content.decode()
