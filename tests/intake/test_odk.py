"""Forms filled in the field: each way in which servers give them out, and what each may not carry with it."""

from __future__ import annotations

import json
import zipfile
from importlib import import_module
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.intake_field import Yielded, hold_folder
from trucekeeper.intake.odk import SOURCE
from trucekeeper.intake.odk.submissions import kept_back

if TYPE_CHECKING:
    from trucekeeper.journal.canonical import Json

SAMPLE = Path(__file__).resolve().parents[2] / "src" / "trucekeeper" / "intake" / "odk" / "sample"
SPOT = (SAMPLE / "spot-report.xml").read_text(encoding="utf-8")
CANARY = "CANARY"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export.xml"


def spot(export: Path, *changes: tuple[str, str], delegation: str = "guarantor", **options: Json) -> Yielded:
    """Return what a spot report yields with some of its text changed."""
    text = SPOT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    export.write_text(text, encoding="utf-8")
    return Yielded(SOURCE, export, delegation=delegation, options=options)


# ---- outside truth -------------------------------------------------------------------------------------------------


ALL_TYPES: dict[str, Json] = {
    "form": "all-data-types",
    "kind": "=explosion",
    "when": "some_date_time",
    "where": "some_geopoint",
    "text": "some_string",
    "numbers": {"count": "some_int"},
}


def test_a_published_submission_goes_in_by_a_mapping(shared: Path) -> None:
    file = shared / "data" / "standards" / "odk" / "briefcase" / "all-data-types-submission.xml"

    found = Yielded(SOURCE, file, options=ALL_TYPES)

    assert found.faults == []
    assert [one.name for one in found.said] == ["39f3dd36-161e-45cb-a1a4-395831d253a7"]
    columns = found.said[0].columns
    assert columns["at"] == "2018-04-26T08:56+00:00"
    assert (columns["lat"], columns["lon"], columns["within_m"]) == ("43.3149254", "-1.9869671", 16)
    assert columns["learned_at"] == "2018-04-26T08:58:20.525000+00:00"
    assert columns["fields"] == {"count": 123}
    assert json.loads(found.said[0].original)["some_barcode"] == "000049499094"


def test_a_published_submission_of_a_form_without_a_mapping_is_refused_and_says_what_to_write(shared: Path) -> None:
    folder = shared / "data" / "standards" / "odk" / "briefcase"

    for name in ("all-data-types-submission.xml", "all-data-types-submission-empty-tags.xml"):
        found = Yielded(SOURCE, folder / name)

        assert found.said == []
        assert ["form: all-data-types" in fault.remedy for fault in found.faults] == [True]


def test_two_published_submissions_of_one_name_and_different_content_are_both_set_aside(shared: Path) -> None:
    folder = shared / "data" / "standards" / "odk" / "briefcase"
    both = [folder / "all-data-types-submission.xml", folder / "all-data-types-submission-empty-tags.xml"]

    found = Yielded(SOURCE, *both, options=ALL_TYPES)

    assert found.said == []
    assert [fault.file for fault in found.faults] == [str(one) for one in both]
    assert "another thing" in found.faults[0].what


def test_a_published_submission_with_nothing_filled_in_is_refused(shared: Path) -> None:
    file = shared / "data" / "standards" / "odk" / "briefcase" / "all-data-types-submission-empty-tags.xml"

    found = Yielded(SOURCE, file, options=ALL_TYPES)

    assert found.said == []
    assert "answers none of the questions" in found.faults[0].what


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("odk/nigeria_wards_external_combined.xml", "definition of a form"),
        ("odk/briefcase/all-data-types.xml", "definition of a form"),
        ("odk/simple.xlsx", "XLSForm"),
        ("xlsform/xlsform_spec_test.xlsx", "XLSForm"),
        ("xlsform/widgets.xls", "old workbook"),
        ("cot/CoTtypes.xml", "table of CoT types"),
        ("cot/testdata/chat_samples/simple_chat.xml", "message of a tracker"),
    ],
)
def test_a_published_file_that_is_no_submission_is_refused_by_what_it_is(shared: Path, name: str, what: str) -> None:
    found = Yielded(SOURCE, shared / "data" / "standards" / name)

    assert found.said == []
    assert [what in fault.what and fault.remedy != "" for fault in found.faults] == [True]


# ---- our own forms -------------------------------------------------------------------------------------------------


def test_the_folder_of_the_source_is_whole() -> None:
    hold_folder(SOURCE)


def test_every_sample_goes_in() -> None:
    found = Yielded(SOURCE, *sorted(SAMPLE.iterdir()))

    assert found.faults == []
    found.hold()
    assert (len(found.said), len(found.rows)) == (6, 3)


def test_an_observation_names_no_culprit_and_hearsay_stands_apart(export: Path) -> None:
    observed, heard = spot(export).said

    assert "by" not in observed.words or observed.words["by"] == ""
    assert observed.first_hand
    assert heard.words["by"] == "north"
    assert not heard.first_hand
    assert heard.about == observed.name
    assert heard.chains == (("a-resident",),)


def test_without_hearsay_there_is_one_report(export: Path) -> None:
    found = spot(export, ("<said_to_be_by>north</said_to_be_by>", "<said_to_be_by/>"))

    assert len(found.said) == 1


def test_a_bearing_and_a_range_lead_to_a_place_that_holds_all_that_was_meant(export: Path) -> None:
    columns = spot(export).said[0].columns
    lat, lon, within = float(str(columns["lat"])), float(str(columns["lon"])), int(str(columns["within_m"]))

    for metres, bearing in ((1500, 75), (1500, 105), (2500, 75), (2500, 105), (2000, 90), (1500, 90), (2500, 90)):
        there = (
            0.1 + metres * cos(radians(bearing)) / 111_195,
            -30.2 + metres * sin(radians(bearing)) / (111_195 * cos(radians(0.1))),
        )
        assert metres_between((lat, lon), there) <= within
    assert within < 1000


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    (a, b), (c, d) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    return 2 * 6_371_008.8 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


def test_a_bearing_that_cannot_be_is_a_fault_of_that_row(export: Path) -> None:
    found = spot(export, ("<bearing>90</bearing>", "<bearing>400</bearing>"))

    assert [one.name.endswith(".said") for one in found.said] == [True]
    assert "400" in found.faults[0].what


def test_a_patrol_makes_the_watch_it_kept_and_a_report_of_each_thing_seen() -> None:
    found = Yielded(SOURCE, SAMPLE / "patrols.json")

    watch = next(one for one in found.rows if one.columns["kind"] == "coverage").columns
    assert (watch["zone"], watch["from"], watch["until"]) == (
        "valley",
        "2031-01-05T08:00+00:00",
        "2031-01-05T12:00+00:00",
    )
    assert watch["fields"] == {"detects": ["attack", "movement", "overflight"]}
    assert [one.words["kind"] for one in found.said] == ["overflight", "searchlights"]
    assert "searchlights" not in found.said[0].original


def test_a_word_that_is_on_no_list_stays_as_it_was_written_and_waits_for_a_ruling() -> None:
    word = Yielded(SOURCE, SAMPLE / "patrols.json").said[1].words["kind"]
    rulings = SOURCE.shipped("rulings.yaml")["kind"]

    assert word == "searchlights"
    assert isinstance(rulings, dict)
    assert word not in rulings


def test_a_route_is_not_in_what_is_entered() -> None:
    assert "route" not in Yielded(SOURCE, SAMPLE / "patrols.json").everything()


def test_a_complainant_is_a_number_and_where_the_chain_began() -> None:
    found = Yielded(SOURCE, SAMPLE / "trucekeeper-complaint.csv")

    assert [one.chains for one in found.said] == [(("complainant 17",),), (("complainant 18",),)]


def test_a_day_is_a_day_of_the_sources_zone() -> None:
    said = Yielded(SOURCE, SAMPLE / "trucekeeper-complaint.csv").said[1]

    assert said.day
    assert said.columns["earliest"] == "2031-01-05T22:00+00:00"
    assert "lat" not in said.columns


def test_an_actor_whom_the_agreement_does_not_know_stops_that_denial_alone_and_is_not_repeated(
    tmp_path: Path,
) -> None:
    file = tmp_path / "denial.xml"
    text = (SAMPLE / "access-denial.xml").read_text(encoding="utf-8")
    file.write_text(text.replace(">south<", f">{CANARY}<"), encoding="utf-8")

    refused = Yielded(SOURCE, file)
    translated = Yielded(SOURCE, file, options={"actors": {CANARY: "south"}})

    assert refused.rows == []
    assert "no actor of the agreement" in refused.faults[0].what
    assert CANARY not in str(refused.faults[0])
    assert translated.rows[0].columns["by"] == "south"


# ---- consent and protection ----------------------------------------------------------------------------------------


def test_without_consent_to_record_nothing_is_entered(export: Path) -> None:
    found = spot(export, ("<consent_record>yes", "<consent_record>no"))

    assert found.said == []
    assert "nobody consented" in found.faults[0].what


def test_consent_that_was_not_asked_is_not_given(export: Path) -> None:
    found = spot(export, ("<consent_record>yes</consent_record>", ""))

    assert found.said == []


def test_with_consent_to_share_those_see_it_whom_the_mapping_names(export: Path) -> None:
    columns = spot(export, shared_with=["north", "south"]).said[0].columns

    assert (columns["owner"], columns["releasable_to"]) == ("guarantor", ["north", "south"])


def test_without_consent_to_share_only_the_owner_sees_it(export: Path) -> None:
    found = spot(export, ("<consent_share>yes", "<consent_share>no"), shared_with=["north", "south"])

    assert {(one.columns["owner"], str(one.columns["releasable_to"])) for one in found.said} == {("guarantor", "[]")}


def test_consent_to_publish_releases_nothing_by_itself(export: Path) -> None:
    columns = spot(export, ("<consent_publish>no", "<consent_publish>yes")).said[0].columns

    assert columns["owner"] == "guarantor"


def test_what_asks_for_protection_belongs_to_those_who_protect(export: Path) -> None:
    found = spot(export, ("<protection>no", "<protection>yes"), shared_with=["north"], owner="outsider")

    assert {(one.columns["owner"], str(one.columns["releasable_to"])) for one in found.said} == {("protection", "[]")}


def test_without_an_owner_nothing_is_entered(export: Path) -> None:
    found = spot(export, delegation="")

    assert found.said == []
    assert "owner: NAME" in found.faults[0].remedy


# ---- canary --------------------------------------------------------------------------------------------------------

SECRET = (
    *(
        "deviceid",
        "device_id",
        "phonenumber",
        "phone_number",
        "username",
        "email",
        "simserial",
        "subscriberid",
        "imei",
    ),
    *("enumerator_name", "enumerator", "interviewer", "witness_name", "first_name", "name", "respondent_phone"),
    *("contact", "whatsapp_2", "audit"),
)


@pytest.mark.parametrize("name", SECRET)
def test_what_names_a_device_or_a_person_is_kept_back(name: str) -> None:
    assert kept_back(name, ())
    assert kept_back(f"report/{name}", ())


@pytest.mark.parametrize("name", ["kind", "when", "zone", "account", "named_zone", "phoned", "count", "end", "place"])
def test_what_a_report_says_is_kept(name: str) -> None:
    assert not kept_back(name, ())


def planted() -> str:
    return "".join(f"<{name}>{CANARY}-{name}</{name}>" for name in SECRET)


def test_no_device_telephone_or_name_is_in_anything_that_xml_yields(export: Path) -> None:
    good = spot(export, ("<report>", f"<report>{planted()}"), ("<orx:meta>", f"{planted()}<orx:meta>"))
    meta = spot(export, ("</orx:meta>", f"<orx:instanceName>{CANARY}</orx:instanceName>{planted()}</orx:meta>"))
    bad = spot(export, ("<report>", f"<report>{planted()}"), ("<range_most>2500", "<range_most>far"))

    assert len(good.said) == len(meta.said) == 2
    assert bad.faults != []
    assert [found for found in (good, meta, bad) if CANARY in found.everything()] == []


def test_no_device_telephone_or_name_is_in_anything_that_json_yields(tmp_path: Path) -> None:
    export = json.loads((SAMPLE / "patrols.json").read_text(encoding="utf-8"))
    one = export["results"][0]
    one |= {f"report/{name}": CANARY for name in SECRET} | dict.fromkeys(SECRET, CANARY) | {"_submitted_by": CANARY}
    one["report/seen"][0] |= {f"report/seen/{name}": CANARY for name in SECRET}
    one["_attachments"] = [{"download_url": CANARY, "filename": CANARY}]
    file = tmp_path / "kobo.json"
    file.write_text(json.dumps(export), encoding="utf-8")

    found = Yielded(SOURCE, file)

    assert len(found.said) == 2
    assert CANARY not in found.everything()


def test_no_submitter_or_device_is_in_anything_that_csv_yields(tmp_path: Path) -> None:
    file = tmp_path / "trucekeeper-complaint.csv"
    text = (SAMPLE / "trucekeeper-complaint.csv").read_text(encoding="utf-8")
    file.write_text(text.replace(",1,,0,0,,,,0,1", f",{CANARY},{CANARY},0,0,,,{CANARY},0,1"), encoding="utf-8")

    found = Yielded(SOURCE, file)

    assert len(found.said) == 2
    assert CANARY not in found.everything()


def test_what_a_form_declares_protected_is_kept_back_too(export: Path) -> None:
    found = spot(
        export,
        ("<report>", f"<report><headman>{CANARY}</headman>"),
        form="trucekeeper-spot-report",
        kind="kind",
        when="when",
        protected=["headman"],
    )

    assert len(found.said) == 1
    assert CANARY not in found.everything()


def test_what_a_member_of_an_archive_is_called_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{CANARY}/submission.xml", SPOT.replace("<bearing>90", "<bearing>x"))

    found = Yielded(SOURCE, file)

    assert found.faults != []
    assert CANARY not in found.everything()


# ---- exports, edits, duplicates ------------------------------------------------------------------------------------


def test_an_export_as_zip_brings_its_photos_as_evidence(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        text = SPOT.replace("<account>", "<photo>1736001.jpg</photo><account>")
        archive.writestr("instances/one/submission.xml", text)
        archive.writestr("instances/one/1736001.jpg", b"a photo")
        archive.writestr("instances/two/1736001.jpg", b"of another submission")

    found = Yielded(SOURCE, file)

    assert found.faults == []
    assert [one.attachments for one in found.said] == [(b"a photo",), ()]


def test_a_photo_that_is_missing_is_said_and_the_report_still_goes_in(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("instances/one/submission.xml", SPOT.replace("<account>", "<photo>a.jpg</photo><account>"))

    found = Yielded(SOURCE, file)

    assert len(found.said) == 2
    assert "photo" in found.faults[0].what


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", ".."])
def test_a_photo_is_never_taken_from_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("not a photo", encoding="utf-8")
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "one.xml"
    file.write_text(SPOT.replace("<account>", f"<photo>{name}</photo><account>"), encoding="utf-8")

    found = Yielded(SOURCE, file)

    assert found.said[0].attachments == ()


def test_an_export_of_central_as_csv_keeps_groups_with_their_form(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "clinic.csv",
            "SubmissionDate,end,KEY,SubmitterName\n2031-01-05T10:00:00Z,2031-01-05T09:00:00Z,uuid:k1,CANARY\n",
        )
        archive.writestr(
            "clinic-seen.csv",
            "what,at,PARENT_KEY,KEY\ngunfire,2031-01-05T08:00:00Z,uuid:k1,uuid:k1/seen[1]\n"
            "shelling,2031-01-05T08:30:00Z,uuid:k1,uuid:k1/seen[2]\n",
        )

    making: dict[str, Json] = {"each": "seen", "name": "seen", "kind": "what", "when": "at"}
    found = Yielded(SOURCE, file, options={"form": "clinic", "makes": [making]})

    assert found.faults == []
    assert [(one.name, one.words["kind"]) for one in found.said] == [
        ("k1.seen.1", "gunfire"),
        ("k1.seen.2", "shelling"),
    ]
    assert CANARY not in found.everything()


def test_a_group_filled_once_is_still_a_group_where_the_mapping_says_so(export: Path) -> None:
    making: dict[str, Json] = {"each": "event", "kind": "what", "when": "at"}
    export.write_text(
        '<data id="log" submissionDate="2031-01-05T10:00:00Z"><event><what>gunfire</what>'
        "<at>2031-01-05T08:00:00Z</at></event><meta><instanceID>uuid:k2</instanceID></meta></data>",
        encoding="utf-8",
    )

    found = Yielded(SOURCE, export, options={"form": "log", "makes": [making]})

    assert [(one.name, one.words["kind"]) for one in found.said] == [("k2.1", "gunfire")]


def test_a_name_that_two_groups_have_is_not_guessed(export: Path) -> None:
    export.write_text(
        '<data id="log" submissionDate="2031-01-05T10:00:00Z"><a><what>gunfire</what></a><b><what>shelling</what></b>'
        "<at>2031-01-05T08:00:00Z</at><meta><instanceID>uuid:k2</instanceID></meta></data>",
        encoding="utf-8",
    )

    vague = Yielded(SOURCE, export, options={"form": "log", "kind": "what", "when": "at"})
    exact = Yielded(SOURCE, export, options={"form": "log", "kind": "b/what", "when": "at"})

    assert vague.said == []
    assert "group/question" in vague.faults[0].remedy
    assert [one.words["kind"] for one in exact.said] == ["shelling"]


def test_the_same_file_read_twice_says_the_same() -> None:
    files = sorted(SAMPLE.iterdir())

    assert Yielded(SOURCE, *files).everything() == Yielded(SOURCE, *files).everything()


def test_the_same_submission_in_two_files_is_told_once(export: Path, tmp_path: Path) -> None:
    export.write_text(SPOT, encoding="utf-8")
    copy = tmp_path / "copy.xml"
    copy.write_text(SPOT, encoding="utf-8")

    found = Yielded(SOURCE, export, copy)

    assert found.faults == []
    assert len(found.said) == 2


def test_an_edit_has_the_name_of_the_first_version(export: Path, tmp_path: Path) -> None:
    first, old = "5b0f0b0a-0000-4000-8000-000000000001", "<orx:instanceID>uuid:5b0f0b0a-0000-4000-8000-000000000001"
    later = []
    export.write_text(SPOT, encoding="utf-8")
    for number in (1, 2):
        before = first if number == 1 else "edit-1"
        text = SPOT.replace(
            old, f"<orx:deprecatedID>uuid:{before}</orx:deprecatedID><orx:instanceID>uuid:edit-{number}"
        )
        later.append(tmp_path / f"edit{number}.xml")
        later[-1].write_text(text.replace("<count>3", f"<count>{number + 5}"), encoding="utf-8")

    together = Yielded(SOURCE, later[1], export, later[0])
    alone = Yielded(SOURCE, later[0])

    assert [one.name for one in together.said] == [first, f"{first}.said"]
    assert together.said[0].columns["fields"] == {
        "weapon": "mortar",
        "direction": "impact",
        "method": "heard",
        "count": 7,
    }
    assert alone.said[0].name == first


# ---- bad input -----------------------------------------------------------------------------------------------------


def test_entities_are_refused(export: Path) -> None:
    export.write_text('<!DOCTYPE data [<!ENTITY a "aaaa">]>' + SPOT.partition("?>")[2], encoding="utf-8")

    found = Yielded(SOURCE, export)

    assert found.said == []
    assert "DOCTYPE" in found.faults[0].remedy


def test_a_truncated_submission_is_refused_with_its_line(export: Path) -> None:
    export.write_text(SPOT[:900], encoding="utf-8")

    found = Yielded(SOURCE, export)

    assert found.said == []
    assert found.faults[0].line > 10


def test_a_truncated_archive_yields_what_was_whole(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one/submission.xml", SPOT)
        archive.writestr("two/submission.xml", SPOT.replace("000000000001", "000000000009"))
    data = file.read_bytes()
    file.write_bytes(data[: len(data) - 200])

    found = Yielded(SOURCE, file)

    assert [one.name for one in found.said][:1] == ["5b0f0b0a-0000-4000-8000-000000000001"]
    assert "cut off" in found.faults[0].what


def test_an_archive_of_archives_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", b"PK\x03\x04" + b"0" * 100)

    found = Yielded(SOURCE, file)

    assert found.said == []
    assert ["no submission" in fault.what for fault in found.faults] == [True]


def test_a_table_longer_than_any_export_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("trucekeeper.intake.odk.read"), "MOST_TABLES", 1000)

    found = Yielded(SOURCE, SAMPLE / "trucekeeper-complaint.csv")

    assert "more than 1,000 characters" in found.faults[0].what


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one/submission.xml", b"<data>" + b" " * 60_000_000 + b"</data>")

    found = Yielded(SOURCE, file)

    assert found.said == []
    assert "expands" in found.faults[0].what


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("<when>2031-01-04T18:40:00.000+02:00", "<when>yesterday", "is no time"),
        ("<when>2031-01-04T18:40:00.000+02:00", "<when>", "does not say when"),
        ("<count>3", "<count>three", "whole number"),
        ("<stood_at>0.1 -30.2 0 8", "<stood_at>here", "no point"),
        ("<seen_zone>valley", "<seen_zone>atlantis", "no zone"),
    ],
)
def test_an_answer_that_cannot_be_stops_its_row_alone(export: Path, old: str, new: str, what: str) -> None:
    found = spot(export, (old, new))

    assert what in found.faults[0].what
    assert found.faults[0].line == 2


@pytest.mark.parametrize("name", ["when", "count", "stood_at", "seen_zone", "range_least", "bearing"])
def test_no_fault_repeats_an_answer_that_is_no_time(export: Path, name: str) -> None:
    begin = SPOT.index(f"<{name}>") + len(name) + 2
    answer = SPOT[begin : SPOT.index("<", begin)]
    found = spot(export, (f"<{name}>{answer}<", f"<{name}>{CANARY}<"))

    assert found.faults != []
    assert [fault for fault in found.faults if CANARY in str(fault)] == [] or name == "when"


def test_a_time_without_an_offset_is_of_the_sources_zone(export: Path) -> None:
    found = spot(export, ("<when>2031-01-04T18:40:00.000+02:00", "<when>2031-01-04T18:40:00"))

    assert found.said[0].columns["earliest"] == "2031-01-04T16:25+00:00"


def test_a_submission_without_a_name_of_its_own_is_refused(export: Path) -> None:
    found = spot(export, ("uuid:5b0f0b0a-0000-4000-8000-000000000001", ""))

    assert "instanceID" in found.faults[0].what


@pytest.mark.parametrize("text", ['{"results": [', '[{"_uuid": NaN}]', '[{"a": 1, "a": 2}]', "[" * 100_000])
def test_json_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kobo.json"
    file.write_text(text, encoding="utf-8")

    found = Yielded(SOURCE, file)

    assert found.said == []
    assert len(found.faults) == 1


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"kind": "a"}, "which form"),
        ({"form": "x", "knid": "a"}, "knid"),
        ({"form": "x", "consent": {"show": "a"}}, "consents"),
        ({"forms": {"x": {"kind": "a"}}, "kind": "b"}, "beside 'forms'"),
        ({"form": "x", "kind": ["a"]}, "one question"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_before_anything_is_read(options: dict[str, Json], what: str) -> None:
    found = Yielded(SOURCE, SAMPLE / "spot-report.xml", options=options)

    assert found.said == []
    assert [what in fault.what for fault in found.faults] == [True]
