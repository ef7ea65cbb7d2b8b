"""Our own forms: that they are forms, that they ask for consent, and what they never ask."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from tests.intake_field import ROOT, Yielded
from tests.mission_small import draft
from trucekeeper.intake.odk import SOURCE
from trucekeeper.intake.odk.forms import FORMS, LANGUAGES, lists_of, questions_of, workbook
from trucekeeper.intake.odk.mapping import mappings, ours
from trucekeeper.intake.odk.submissions import MARK, kept_back
from trucekeeper.mission.folder import open_agreement
from trucekeeper.terms import BASE_VOCABULARY, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LISTS = {
    "zones": {"valley": "The Valley", "harbour": "The Harbour"},
    "actors": {"north": "North", "south": "South"},
    "tallies": {"trucks": "Trucks"},
}
every_form = pytest.mark.parametrize("name", FORMS)


def xform(name: str, lists: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return the form as the servers that take workbooks make it; every warning is a failure."""
    warnings: list[str] = []
    found = convert(io.BytesIO(workbook(name, lists)), warnings=warnings, file_type=".xlsx")
    assert warnings == []
    return str(found.xform)


def sheet(name: str, title: str) -> list[dict[str, Any]]:
    head, *rows = load_workbook(io.BytesIO(workbook(name, LISTS)))[title].iter_rows(values_only=True)
    return [dict(zip([str(one) for one in head], row, strict=True)) for row in rows]


@every_form
def test_pyxform_makes_a_form_of_it_without_a_warning(name: str) -> None:
    for lists in (None, LISTS):
        assert f'id="trucekeeper-{name}"' in xform(name, lists)


@every_form
def test_it_is_the_same_workbook_every_time(name: str) -> None:
    assert workbook(name, LISTS) == workbook(name, LISTS)


@every_form
def test_every_question_and_every_answer_stands_in_both_languages(name: str) -> None:
    shown = [row for row in sheet(name, "survey") if row["type"] not in {"start", "end", "calculate"}]
    shown = [row for row in shown if not row["type"].startswith("end_")]

    for row in [*shown, *sheet(name, "choices")]:
        missing = [one for one in LANGUAGES.values() if not row[f"label::{one}"]]
        assert missing == [], row["name"]
    for row in shown:
        assert (row["hint::English (en)"] is None) == (row["hint::Arabic (ar)"] is None), row["name"]


@every_form
def test_arabic_is_written_in_arabic_script(name: str) -> None:
    for row in sheet(name, "survey"):
        text = row["label::Arabic (ar)"]
        assert text is None or re.search("[\u0600-\u06ff]", text)


@every_form
def test_consent_is_asked_for_each_use_and_must_be_answered(name: str) -> None:
    asked = {one["name"]: one for one in questions_of(name)}

    for use in ("consent_record", "consent_share", "consent_publish", "protection"):
        assert asked[use]["required"] == "yes"
        assert "default" not in asked[use]


@every_form
def test_without_consent_to_record_nothing_else_is_asked(name: str) -> None:
    form = fromstring(xform(name))  # noqa: S314  as above
    binds = {one.get("nodeset"): one.get("relevant") for one in form.iter() if one.tag.endswith("}bind")}

    for group in ("report", "uses"):
        assert "consent_record" in str(binds[f"/data/{group}"])
    outside = {path.split("/")[2] for path in binds if path}
    assert outside <= {
        *("report", "uses", "start", "end", "no_names", "consent_record", "referral", "meta", MARK, "instance"),
    }


@every_form
def test_the_referral_stands_in_the_place_of_any_question_on_sexual_violence(name: str) -> None:
    questions = questions_of(name)
    referral = next(one for one in questions if one["name"] == "referral")

    assert referral["type"] == "note"
    assert "sexual violence" in referral["en"]
    asked = " ".join(f"{one['name']} {one.get('en', '')}" for one in questions if one["type"] != "note").lower()
    assert [word for word in ("sexual", "rape", "gbv", "sgbv") if word in asked.split()] == []


@every_form
def test_it_asks_for_no_device_account_or_name(name: str) -> None:
    questions = questions_of(name)

    assert [one["name"] for one in questions if kept_back(one["name"], ())] == []
    assert {one["type"] for one in questions} & {"deviceid", "phonenumber", "username", "email", "audit"} == set()


@every_form
def test_every_question_that_its_mapping_names_is_asked(name: str) -> None:
    asked = {one["name"] for one in questions_of(name)}
    form = mappings(Yielded(SOURCE).setting)[f"trucekeeper-{name}"]
    named = {question for make in form.makes for question in make.asked()} | {*form.consent.values(), form.protection}

    assert sorted(named - asked) == []


def test_every_form_has_a_mapping_and_every_mapping_a_form() -> None:
    assert set(ours()) == {f"trucekeeper-{name}" for name in FORMS}


@every_form
def test_every_answer_to_what_happened_has_a_ruling_and_every_watch_is_of_a_kind(name: str) -> None:
    rulings = SOURCE.shipped("rulings.yaml")["kind"]
    assert isinstance(rulings, dict)

    for row in sheet(name, "choices"):
        if row["list_name"] == "happening":
            assert row["name"] in {*rulings, "not_known", "not_listed"}
        if row["list_name"] == "watched":
            assert row["name"] in BASE_VOCABULARY


def test_zones_actors_and_tallies_are_lists_where_the_mission_gives_them() -> None:
    with_lists = {one["name"]: one["type"] for one in questions_of("count", LISTS)}
    without = {one["name"]: one["type"] for one in questions_of("count")}

    assert (with_lists["tally"], without["tally"]) == ("select_one tallies", "text")
    assert {"list_name": "zones", "name": "valley"}.items() <= sheet("patrol", "choices")[0].items() or any(
        row["list_name"] == "zones" and row["name"] == "valley" for row in sheet("patrol", "choices")
    )


def test_an_agreement_gives_its_own_zones_actors_and_counts(tmp_path: Path) -> None:
    agreement = open_agreement(draft(tmp_path / "draft"))

    lists = lists_of(agreement)

    assert set(lists["zones"]) == set(agreement.atlas.ids())
    assert set(lists["actors"]) >= {"north", "south", "guarantor"}
    assert set(lists["tallies"]) == {"released", "trucks"}
    for name in FORMS:
        xform(name, lists)


def test_a_form_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(Refused, match="patrol"):
        workbook("patrl")


@every_form
def test_its_own_workbook_is_no_submission(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.xlsx"
    file.write_bytes(workbook(name))

    found = Yielded(SOURCE, file)

    assert found.said == []
    assert ["XLSForm" in fault.what for fault in found.faults] == [True]


@every_form
def test_what_it_asks_stands_in_the_handbook(name: str) -> None:
    page = (ROOT / "handbook" / "forms.md").read_text(encoding="utf-8")

    assert f"`{name}`" in page
