"""Messages of trackers: what of them is entered, and that nobody's tracker is ever named."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import takproto

from tests.intake_field import Yielded, hold_folder
from trucekeeper.intake.checks import fault_of
from trucekeeper.intake.cot import SOURCE
from trucekeeper.intake.elements import SILENCE

if TYPE_CHECKING:
    from tests.intake_field import Options

SAMPLE = Path(__file__).resolve().parents[2] / "src" / "trucekeeper" / "intake" / "cot" / "sample" / "patrol.xml"
PATROL = SAMPLE.read_text(encoding="utf-8")
UNITS: Options = {"units": {"VALORIA-BEACON-1": "first", "VALORIA-BEACON-2": {"unit": "second", "by": "north"}}}
CANARY = "CANARY"


def event(
    *,
    uid: str = "marker-1",
    kind: str = "b-m-p-s-m",
    how: str = "h-e",
    time: str = "2031-01-05T08:00:00Z",
    point: str = 'lat="0.1" lon="-30.2" hae="0" ce="9.2" le="9"',
    detail: str = "",
) -> str:
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" how="{how}" time="{time}" start="{time}" stale="{time}">'
        f"<point {point}/><detail>{detail}</detail></event>"
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.xml"


def told(log: Path, *several: str, options: Options | None = None) -> Yielded:
    log.write_text("\n".join(several), encoding="utf-8")
    return Yielded(SOURCE, log, options=options)


# ---- outside truth -------------------------------------------------------------------------------------------------


def test_a_published_chat_with_words_is_read_and_its_place_at_nought_is_refused(shared: Path) -> None:
    file = shared / "data" / "standards" / "cot" / "testdata" / "chat_samples" / "simple_chat.xml"

    found = Yielded(SOURCE, file)

    assert found.faults == []
    assert [one.text for one in found.said] == ["Hello"]
    fault = fault_of(found.said[0], found.setting)
    assert fault is not None
    assert "0, 0" in fault.what


def test_published_chats_without_words_are_left_aside_with_the_reason(shared: Path) -> None:
    folder = shared / "data" / "standards" / "cot" / "testdata" / "chat_samples"
    files = [folder / "group_chat.xml", *sorted((folder / "geo").glob("*.xml"))]

    for file in files:
        found = Yielded(SOURCE, file)
        assert found.said == []
        assert ["without words" in fault.what for fault in found.faults] == [True]


def test_no_device_or_call_sign_of_a_published_chat_is_in_anything_that_is_yielded(shared: Path) -> None:
    files = sorted((shared / "data" / "standards" / "cot" / "testdata").rglob("*.xml"))

    said = "".join(Yielded(SOURCE, file).everything() for file in files)

    for secret in (
        "ANDROID-52d0",
        "S-1-5-21",
        "ALPHA",
        "BRAVO",
        "CHARLIE",
        "Alpha",
        "Bravo",
        "192.168",
        "TAK-Server",
    ):
        assert secret not in said


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("cot/CoTtypes.xml", "table of CoT types"),
        ("odk/briefcase/all-data-types-submission.xml", "filled form"),
        ("odk/nigeria_wards_external_combined.xml", "definition of a form"),
        ("odk/simple.xlsx", "no message of a tracker"),
        ("xlsform/widgets.xls", "neither XML nor protobuf"),
    ],
)
def test_a_published_file_that_is_no_log_is_refused_by_what_it_is(shared: Path, name: str, what: str) -> None:
    found = Yielded(SOURCE, shared / "data" / "standards" / name)

    assert found.said == []
    assert [what in fault.what and fault.remedy != "" for fault in found.faults] == [True]


@pytest.mark.parametrize("protocol", [takproto.TAKProtoVer.MESH, takproto.TAKProtoVer.STREAM])
def test_a_message_that_takproto_wrote_says_what_its_xml_says(
    log: Path, tmp_path: Path, protocol: takproto.TAKProtoVer
) -> None:
    written = event(detail="<remarks>two explosions</remarks>")
    packed = tmp_path / "log.tak"
    packed.write_bytes(takproto.functions.xml2proto(written, protocol))

    plain, found = told(log, written).said[0], Yielded(SOURCE, packed).said[0]

    assert (found.name, found.columns, found.words, found.text) == (
        plain.name,
        plain.columns,
        plain.words,
        plain.text,
    )


def test_a_stream_of_messages_that_takproto_wrote_is_read_to_its_end(tmp_path: Path) -> None:
    packed = tmp_path / "log.tak"
    stream = takproto.TAKProtoVer.STREAM
    several = [event(uid=f"marker-{number}", detail="<remarks>seen</remarks>" * number) for number in range(1, 400)]
    packed.write_bytes(b"".join(bytes(takproto.functions.xml2proto(one, stream)) for one in several))

    found = Yielded(SOURCE, packed)

    assert found.faults == []
    assert len({one.name for one in found.said}) == 399


def test_a_stream_that_is_cut_off_yields_what_was_whole(tmp_path: Path) -> None:
    packed = tmp_path / "log.tak"
    stream = takproto.TAKProtoVer.STREAM
    whole = b"".join(bytes(takproto.functions.xml2proto(event(uid=f"m{number}"), stream)) for number in range(3))
    packed.write_bytes(whole[:-5])

    found = Yielded(SOURCE, packed)

    assert len(found.said) == 2
    assert "middle of a message" in found.faults[0].what


@pytest.mark.parametrize(
    "data", [b"\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\xbf\x05hello", b"\xbf\x01\xbf\xff"]
)
def test_protobuf_that_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    packed = tmp_path / "log.tak"
    packed.write_bytes(data)

    found = Yielded(SOURCE, packed)

    assert found.said == []
    assert len(found.faults) == 1


# ---- what a message becomes ----------------------------------------------------------------------------------------


def test_the_folder_of_the_source_is_whole() -> None:
    hold_folder(SOURCE)


def test_the_sample_goes_in() -> None:
    found = Yielded(SOURCE, SAMPLE, options=UNITS)

    assert found.faults == []
    found.hold()
    assert [one.columns["fields"] for one in found.rows] == [{"unit": "first"}, {"unit": "second"}]
    assert [one.columns.get("by") for one in found.rows] == [None, "north"]
    assert [one.text.split()[0] for one in found.said] == ["one", "two"]


def test_a_tracker_that_nobody_named_is_counted_and_not_entered() -> None:
    found = Yielded(SOURCE, SAMPLE)

    assert found.rows == []
    assert "2 positions of trackers" in found.faults[0].what
    assert "VALORIA" not in found.everything()
    assert "WHISKEY" not in found.everything()


def test_friend_and_foe_are_no_attribution_and_no_part_of_the_kind(log: Path) -> None:
    said = [told(log, event(kind=f"a-{letter}-G-E-V")).said[0] for letter in "hfnus"]

    assert {str(one.words) for one in said} == {"{'kind': 'a-.-G-E-V'}"}


def test_a_device_that_speaks_of_itself_is_no_report_however_its_place_came_about(log: Path) -> None:
    found = told(log, event(kind="a-f-G-U-C", how="h-e", detail='<takv device="x"/>'))

    assert found.said == []
    assert "1 positions" in found.faults[0].what


def test_nought_with_an_error_unknown_is_no_place(log: Path) -> None:
    point = 'lat="0.0" lon="0.0" hae="0" ce="9999999.0" le="9999999.0"'

    columns = told(log, event(point=point)).said[0].columns

    assert "lat" not in columns


def test_an_error_is_rounded_up_to_whole_metres(log: Path) -> None:
    assert told(log, event()).said[0].columns["within_m"] == 10


def test_what_machines_tell_each_other_is_passed_over(log: Path) -> None:
    assert told(log, event(kind="t-x-c-t")).all == []


def test_a_report_sent_again_is_told_once_as_it_was_last(log: Path) -> None:
    early = event(detail="<remarks>one tank</remarks>")
    late = event(time="2031-01-05T09:00:00Z", detail="<remarks>two tanks</remarks>")

    for several in ((early, late), (late, early), (early, late, late)):
        found = told(log, *several)
        assert [one.text for one in found.said] == ["two tanks"]
        assert found.said[0].name == told(log, early).said[0].name


def test_events_one_after_another_are_read_with_or_without_a_list_round_them(log: Path) -> None:
    one, other = event(uid="a"), event(uid="b")
    bare = told(log, '<?xml version="1.0"?>', one, '<?xml version="1.0"?>', other)
    listed = told(log, '<?xml version="1.0"?>', "<events>", one, other, "</events>")

    assert [said.name for said in bare.said] == [said.name for said in listed.said]
    assert [said.where.line for said in bare.said] == [2, 4]


def test_a_package_of_tak_is_read(tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("MANIFEST/manifest.xml", "<MissionPackageManifest/>")
        archive.writestr(f"{CANARY}/{CANARY}.cot", event())
        archive.writestr("photo.jpg", b"\xff\xd8\xff")

    found = Yielded(SOURCE, file)

    assert (len(found.said), found.faults) == (1, [])
    assert CANARY not in found.everything()


def test_the_same_log_read_twice_says_the_same() -> None:
    once, again = (Yielded(SOURCE, SAMPLE, SAMPLE, options=UNITS) for _ in range(2))

    assert once.everything() == again.everything()
    assert len(once.said) == 2


def test_who_may_see_it_is_the_owner_and_whom_the_mapping_names(log: Path) -> None:
    shared = told(log, event(), options={"owner": "envoy", "shared_with": ["north"]}).said[0].columns
    alone = told(log, event()).said[0].columns

    assert (shared["owner"], shared["releasable_to"]) == ("envoy", ["north"])
    assert (alone["owner"], alone["releasable_to"]) == ("guarantor", [])
    assert "owner: NAME" in Yielded(SOURCE, log, delegation="").faults[0].remedy


# ---- canary and bad input ------------------------------------------------------------------------------------------


def test_no_uid_call_sign_room_or_address_is_in_anything_that_is_yielded(log: Path) -> None:
    details = (
        f'<contact callsign="{CANARY}" phone="{CANARY}" endpoint="{CANARY}"/><takv device="{CANARY}"/>'
        f'<__chat chatroom="{CANARY}" senderCallsign="{CANARY}" message="seen"><chatgrp uid0="{CANARY}"/></__chat>'
        f'<link uid="{CANARY}" callsign="{CANARY}"/><marti><dest callsign="{CANARY}"/></marti>'
    )
    several = [
        event(uid=f"{CANARY}-{kind}", kind=kind, how=how, detail=details, time=time)
        for kind, how in (("a-f-G-U-C", "m-g"), ("a-h-G", "h-e"), ("b-t-f", "h-g-i-g-o"), ("b-a-o-tbl", "h-e"))
        for time in ("2031-01-05T08:00:00Z", "never")
    ]

    found = told(log, *several, options={"units": {f"{CANARY}-a-f-G-U-C": "first"}})

    assert len(found.said) == 2
    assert len(found.rows) == 1
    assert len(found.faults) > 2
    assert CANARY not in found.everything()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (event(time="yesterday"), "is no time"),
        (event(time=""), "without a time"),
        (event(uid=""), "without uid"),
        (event(point='lat="here" lon="there" ce="1"'), "no point"),
        ("<note/>", "no message of a tracker"),
    ],
)
def test_a_message_that_cannot_be_stops_itself_alone(log: Path, text: str, what: str) -> None:
    found = told(log, event(uid="a"), text, event(uid="b"))

    assert len(found.said) == 2
    assert [(what in fault.what, fault.line) for fault in found.faults] == [(True, 2)]


def test_entities_are_refused(log: Path) -> None:
    found = told(log, '<!DOCTYPE e [<!ENTITY a "b">]>', event())

    assert found.said == []
    assert "DOCTYPE" in found.faults[0].remedy


def test_a_line_without_an_end_is_refused_after_the_messages_before_it(log: Path) -> None:
    log.write_bytes(event().encode() + b'\n<event uid="' + b"x" * (SILENCE + 1_000_000))

    found = Yielded(SOURCE, log)

    assert len(found.said) == 1
    assert found.faults[0].line == 2


def test_a_message_in_the_future_is_a_fault_of_its_row(log: Path) -> None:
    found = told(log, event(time="2031-03-05T08:00:00Z"))

    fault = fault_of(found.said[0], found.setting)
    assert fault is not None
    assert "still to come" in fault.what


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"unit": {}}, "'unit'"),
        ({"units": ["a"]}, "does not name units"),
        ({"units": {"a": {"unit": "first", "by": "east"}}}, "no actor"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_before_anything_is_read(
    log: Path, options: Options, what: str
) -> None:
    found = told(log, event(), options=options)

    assert found.said == []
    assert [what in fault.what for fault in found.faults] == [True]
