"""Evidence: kept as it was handed in, shown without what it says, and to nobody who may not see a report of it."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests import opsroom_pictures as made
from tests import opsroom_small as small
from tests.mission_small import NORTH, OFFICER, SOUTH, opened, put
from tests.opsroom import test_acts as acting
from tests.opsroom.test_acts import form, let_sign, reports, signed_in
from trucekeeper.mission import kinds
from trucekeeper.opsroom import acts, asgi, missions, originals
from trucekeeper.opsroom.people import viewed
from trucekeeper.opsroom.people.models import Viewed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from tests.mission_small import Clock
    from trucekeeper.journal.canonical import Json
    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.opsroom.people.models import Account

pytestmark = pytest.mark.django_db(transaction=True)
kept, officer = acting.kept, acting.officer
PAGES = ("evidence", "original")


def file(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def sent(clock: Clock, who: Account, *files: SimpleUploadedFile, **more: object) -> HttpResponse:
    return signed_in(who).post(reverse("report"), {**form(clock, **more), "evidence": list(files)})  # type: ignore[return-value]  # what a test client answers


def asked(page: str, digest: str, who: Account, more: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  as Django's client answers
    return signed_in(who).get(reverse(page, args=[digest]), more)


# ---- handing in ----------------------------------------------------------------------------------------------------


def test_a_photo_is_kept_byte_for_byte_named_by_its_report_and_shown_without_where_it_was_taken(
    kept: Clock, officer: Account
) -> None:
    let_sign(kept)
    photo = made.photo()
    page = sent(kept, officer, file(photo, "../../etc/\u202egpj.exe"), file(b"eight impacts\n", "note.txt"))

    [report] = reports()
    digest, note = report.row["evidence"]
    assert digest == small.digest_of(photo)
    assert report.row["attached"][0] == {"sha256": digest, "bytes": len(photo), "kind": "image/jpeg"}
    assert "exe" not in str(report.row)  # what a file is called is kept nowhere
    handed_out = asked("original", digest, officer)
    assert handed_out.content == photo
    assert handed_out["Content-Type"] == "application/octet-stream"
    assert handed_out["Content-Disposition"] == f'attachment; filename="{digest[:16]}.jpg"'
    view = asked("evidence", digest, officer, {"small": ""})
    with Image.open(io.BytesIO(view.content)) as shown:
        assert dict(shown.getexif()) == {}
    assert view["Content-Type"] == "image/jpeg"
    read = asked("evidence", note, officer)
    assert (read.content, read["Content-Type"]) == (b"eight impacts\n", "text/plain; charset=utf-8")
    for answer in (handed_out, view, read):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert answer["Cache-Control"] == "no-store"
    incident = signed_in(officer).get(page["Location"]).content.decode()
    assert reverse("evidence", args=[digest]) in incident
    assert made.DEVICE not in incident


def test_a_file_that_is_not_taken_is_named_and_the_rest_of_the_form_is_kept(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    for data, says in (
        (made.SVG, "It is no photo, PDF, sound, film or plain text"),
        (made.archive(), "It is no photo"),
        (made.photo() + made.archive(), "two things at once"),
        (b"", "It is empty"),
    ):
        answer = sent(kept, officer, file(made.photo()), file(data, "a\u202eb\x07<i>.jpg"), text="the rest")

        said = answer.content.decode()
        assert answer.status_code == 400
        assert says in said
        assert "\N{FIRST STRONG ISOLATE}ab&lt;i&gt;.jpg\N{POP DIRECTIONAL ISOLATE}" in said
        assert "choose them again" in said
        assert "the rest" in said
    assert reports() == []


def test_files_that_are_too_many_or_too_large_are_refused_with_a_sentence(
    kept: Clock, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sign(kept)
    many = sent(kept, officer, *(file(b"a note") for _ in range(originals.MOST_FILES + 1)), text="the rest")
    monkeypatch.setattr("trucekeeper.opsroom.uploads.MOST_BYTES", 100)
    large = sent(kept, officer, file(made.photo()), text="the rest")

    assert "At most 6 files" in many.content.decode()
    assert "It is larger than" in large.content.decode()
    assert [one.status_code for one in (many, large)] == [400, 400]
    assert all("the rest" in one.content.decode() for one in (many, large))


def test_what_is_sent_twice_with_its_files_is_on_record_once(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    said, client = form(kept), signed_in(officer)
    answers = [client.post(reverse("report"), {**said, "evidence": [file(made.photo())]}) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    [report] = reports()
    assert report.row["evidence"] == [small.digest_of(made.photo())]


def test_a_worker_killed_between_keeping_and_submitting_leaves_an_original_and_no_statement(
    kept: Clock, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sign(kept)
    sent(kept, officer, text="the first registers the source")
    with monkeypatch.context() as patched:
        patched.setattr(acts, "_submitted", _killed)
        with pytest.raises(KeyboardInterrupt):
            sent(kept, officer, file(made.photo()))
    digest = small.digest_of(made.photo())

    assert len(reports()) == 1
    assert missions.mission().evidence.read(digest) == made.photo()
    assert asked("original", digest, officer).status_code == 404  # no report names it
    assert sent(kept, officer, file(made.photo())).status_code == 302
    assert asked("original", digest, officer).status_code == 200


def _killed(*_args: object) -> bytes:
    raise KeyboardInterrupt


# ---- who may see it ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("room")
class TestOnAMissionThatStandsStill:
    """With one original that all may see, and one that north alone may."""

    @pytest.mark.parametrize("page", PAGES)
    def test_an_original_is_for_whoever_may_see_a_report_that_names_it(self, page: str) -> None:
        several = small.accounts()
        for (role, delegation), one in several.items():
            may = role not in {"liaison", "administrator"}
            assert asked(page, small.digest_of(small.OPEN), one).status_code == (200 if may else 404)
            may = may and delegation == small.SEEN_BY
            assert asked(page, small.digest_of(small.SHUT), one).status_code == (200 if may else 404)

    @pytest.mark.parametrize("page", PAGES)
    def test_a_forbidden_original_an_unknown_one_and_none_at_all_are_told_alike(self, page: str) -> None:
        who = small.accounts()["watch_officer", "south"]
        answers = [
            asked(page, digest, who)
            for digest in (small.digest_of(small.SHUT), "0" * 64, "0" * 63, "mission.toml", "A" * 64)
        ]

        assert {one.status_code for one in answers} == {404}
        assert len({one.content for one in answers}) == 1
        assert len({str(sorted(one.headers.items())) for one in answers}) == 1

    def test_who_was_handed_an_original_is_written_down_and_who_saw_one_that_is_not_for_all(self) -> None:
        who = small.accounts()["watch_officer", "north"]
        for page in ("evidence", "evidence", "original"):
            for original in (small.OPEN, small.SHUT):
                assert asked(page, small.digest_of(original), who).status_code == 200

        assert [(one.how, one.what) for one in reversed(viewed.latest("north"))] == [
            (Viewed.VIEW, small.digest_of(small.SHUT)),
            (Viewed.ORIGINAL, small.digest_of(small.OPEN)),
            (Viewed.ORIGINAL, small.digest_of(small.SHUT)),
        ]
        assert {one.account for one in viewed.latest("north")} == {who}
        assert viewed.latest("south") == []

    def test_an_auditor_sees_who_of_his_delegation_saw_what_and_of_no_other(self) -> None:
        several = small.accounts()
        asked("original", small.digest_of(small.SHUT), several["watch_officer", "north"])

        for role, delegation, told in (("auditor", "north", True), ("protection_officer", "north", True),
                                       ("auditor", "south", False)):  # fmt: skip
            page = signed_in(several[role, delegation]).get(reverse("audit")).content.decode()
            assert ("watch-officer-north" in page) == told
            assert (small.digest_of(small.SHUT)[:16] in page) == told

    def test_a_liaison_is_shown_neither_the_words_nor_the_originals_nor_where_a_verdict_turned(self) -> None:
        first = missions.mission().projections.told(only=[kinds.REPORT])[0]
        page = reverse("incident", args=[f"i-{first.seq}"])
        several = small.accounts()
        liaison, officer = (
            signed_in(several[role, "north"]).get(page).content.decode() for role in ("liaison", "watch_officer")
        )

        assert small.digest_of(small.OPEN) in officer
        assert "shots near post 1" in officer
        assert small.digest_of(small.OPEN) not in liaison
        assert "shots near post 1" not in liaison
        assert "withheld for six hours" in liaison

    def test_nobody_who_is_not_signed_in_is_handed_anything(self) -> None:
        for page in PAGES:
            assert Client().get(reverse(page, args=[small.digest_of(small.OPEN)])).status_code == 302


def test_once_a_report_is_sealed_its_originals_are_gone_from_the_pages(kept: Clock, officer: Account) -> None:
    let_sign(kept)
    page = sent(kept, officer, file(made.photo()))["Location"]
    [report] = reports()
    digest = report.row["evidence"][0]
    assert asked("evidence", digest, officer).status_code == 200
    with opened(missions.mission().settings.folder, kept) as mission:
        put(mission, mission.said("seal", {"entry": report.seq, "why": "it may lead to a person"}, by=[OFFICER]))
        mission.projections.catch_up(mission.journal)

    assert [asked(one, digest, officer).status_code for one in PAGES] == [404, 404]
    assert digest not in signed_in(officer).get(page).content.decode()


_NAMED: tuple[tuple[Json, PrivateKey], ...] = ((["0" * 64], NORTH), ("photo", SOUTH), (["photo"], SOUTH))


def test_the_keeper_refuses_a_report_that_names_an_original_that_was_not_kept(kept: Clock) -> None:
    said: dict[str, Json] = {
        "id": "patrols/77", "source": "patrols", "words": {"kind": "fire"}, "at": "2031-03-10T11:00Z",
        "learned_at": "2031-03-10T11:00Z",
    }  # fmt: skip
    with opened(missions.mission().settings.folder, kept) as mission:
        found = mission.enter(
            [mission.said(kinds.REPORT, {**said, "evidence": named}, by=[by]) for named, by in _NAMED]
        )

    assert [one.seq for one in found] == [None, None, None]
    assert str(found[0].refused) == "the original 0000000000000000 was not kept"


# ---- before Django -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "headers", "passes"),
    [
        ("/now/", {}, True),
        ("/report/", {"content-length": str(40 << 20)}, True),
        ("/report/", {"content-length": str(65 << 20)}, False),
        ("/people/invite", {"content-length": str(4 << 20)}, False),
        ("/report/", {"content-length": "-1"}, False),
        ("/report/", {"transfer-encoding": "chunked"}, False),
    ],
)
def test_what_is_too_much_is_refused_before_it_lies_on_any_disk(
    path: str, headers: dict[str, str], *, passes: bool
) -> None:
    answered: list[Mapping[str, Any]] = []
    left = [{"type": "http.request", "body": b"x" * 100, "more_body": more} for more in (True, True, False)]

    async def django(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401  as ASGI has it
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> Mapping[str, Any]:
        return left.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        answered.append(message)

    scope = {"type": "http", "path": path, "headers": [(a.encode(), b.encode()) for a, b in headers.items()]}
    asyncio.run(asgi.Bounded(django)(scope, receive, send))

    assert answered[0]["status"] == (200 if passes else 413)
    if not passes:
        assert left == []  # read and forgotten, so that a browser shows the sentence
        assert "nothing of it was kept" in answered[1]["body"].decode()
