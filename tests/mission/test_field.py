"""What was filled in or sent in the field, on the record of a mission: once, revised as it is, and without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.intake_field import ROOT
from tests.mission_small import CHAIR
from trucekeeper.intake import cot, odk
from trucekeeper.mission import kinds, taking
from trucekeeper.mission.entering import entering
from trucekeeper.mission.taking import How

if TYPE_CHECKING:
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.mission.mission import Mission

INTAKE = ROOT / "src" / "trucekeeper" / "intake"
SOURCES = {"odk": odk.SOURCE, "cot": cot.SOURCE}
UNITS: dict[str, Json] = {"VALORIA-BEACON-1": "n1", "VALORIA-BEACON-2": {"unit": "n2", "by": "north"}}
CANARY = "CANARY"


def labels(mission: Mission) -> set[tuple[object, object]]:
    """Return owner and audiences of each report as it is on record last."""
    mission.projections.catch_up(mission.journal)
    last = {str(one.row["id"]): one.row for one in mission.projections.told(only=(kinds.REPORT,))}
    return {(one.get("owner"), str(one.get("releasable_to", []))) for one in last.values()}


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the sources there whether or not this checkout is the one that is installed."""
    monkeypatch.setattr(taking, "named", SOURCES.__getitem__)


def taken(mission: Mission, source: str, *files: Path, **options: Json) -> tuple[int, int, int]:
    """Enter files, and return how many statements were new, how many known, and how many faults there were."""
    new = entering(mission, source, files, "commission", how=How(options))
    entries = [one for batch in new.signed(mission, CHAIR) for one in mission.enter(batch)]
    return len(entries), new.known, len(new.faults)


def revisions(mission: Mission, name: str) -> list[int]:
    mission.projections.catch_up(mission.journal)
    told = [one.row for one in mission.projections.told(only=(kinds.REPORT,)) if one.row["id"] == name]
    return [int(str(one.get("rev", 1))) for one in told]


@pytest.mark.parametrize("source", SOURCES)
def test_every_sample_goes_in_and_a_second_import_changes_nothing(mission: Mission, source: str) -> None:
    files = sorted((INTAKE / source / "sample").iterdir())
    options: dict[str, Json] = {"units": UNITS} if source == "cot" else {}

    first = taken(mission, source, *files, **options)
    second = taken(mission, source, *files, **options)

    assert first[0] > 3
    assert (first[1:], second) == ((0, 0), (0, first[0] - 1, 0))  # the source itself is entered once


@pytest.mark.parametrize("source", SOURCES)
def test_each_published_file_goes_in_once_or_is_refused_again(mission: Mission, shared: Path, source: str) -> None:
    standards = shared / "data" / "standards"
    files = [one for folder in ("odk", "cot", "xlsform") for one in sorted((standards / folder).rglob("*.x*"))]
    assert len(files) > 10

    for file in files:
        entered, known, faults = taken(mission, source, file)
        again = taken(mission, source, file)

        assert entered + faults > 0
        assert again[0] == 0
        assert again[2] == faults
        assert again[1] >= known


def test_an_edit_on_the_server_is_a_revision_of_the_same_report(mission: Mission, tmp_path: Path) -> None:
    first = (INTAKE / "odk" / "sample" / "spot-report.xml").read_text(encoding="utf-8")
    name = "5b0f0b0a-0000-4000-8000-000000000001"
    files = [tmp_path / "first.xml", tmp_path / "edit.xml"]
    edit = first.replace(
        f"<orx:instanceID>uuid:{name}", f"<orx:deprecatedID>uuid:{name}</orx:deprecatedID><orx:instanceID>uuid:edit-1"
    )
    files[0].write_text(first, encoding="utf-8")
    files[1].write_text(edit.replace("<count>3", "<count>4"), encoding="utf-8")

    for file in files:
        taken(mission, "odk", file)
    taken(mission, "odk", files[1])

    assert revisions(mission, f"odk/{name}") == [1, 2]


def test_no_device_telephone_or_name_is_in_any_file_of_the_mission(mission: Mission, tmp_path: Path) -> None:
    planted = "".join(
        f"<{name}>{CANARY}</{name}>" for name in ("deviceid", "phonenumber", "username", "email", "enumerator_name")
    )
    submission = tmp_path / "one.xml"
    text = (INTAKE / "odk" / "sample" / "spot-report.xml").read_text(encoding="utf-8")
    submission.write_text(text.replace("<report>", f"{planted}<report>{planted}"), encoding="utf-8")
    log = tmp_path / "log.xml"
    text = (INTAKE / "cot" / "sample" / "patrol.xml").read_text(encoding="utf-8")
    log.write_text(text.replace("VALORIA", CANARY).replace("WHISKEY", CANARY), encoding="utf-8")

    assert taken(mission, "odk", submission)[0] > 1
    assert taken(mission, "cot", log, units={f"{CANARY}-BEACON-1": "n1"})[0] > 1
    mission.projections.catch_up(mission.journal)

    kept = [one for one in mission.settings.folder.rglob("*") if one.is_file()]
    assert kept != []
    assert [one.name for one in kept if CANARY.encode() in one.read_bytes()] == []
    assert CANARY not in str([one.row for one in mission.projections.told()])


def test_what_asks_for_protection_is_told_to_protection_alone(mission: Mission, tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    text = (INTAKE / "odk" / "sample" / "spot-report.xml").read_text(encoding="utf-8")
    file.write_text(text.replace("<protection>no", "<protection>yes"), encoding="utf-8")

    taken(mission, "odk", file, shared_with=["north", "south"])

    assert labels(mission) == {("protection", "[]")}


def test_whoever_enters_a_file_owns_what_is_in_it(mission: Mission) -> None:
    taken(mission, "odk", INTAKE / "odk" / "sample" / "spot-report.xml", shared_with=["north"])

    assert labels(mission) == {("commission", "['north']")}


def test_consent_that_is_withdrawn_by_an_edit_narrows_who_may_see_it(mission: Mission, tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    text = (INTAKE / "odk" / "sample" / "spot-report.xml").read_text(encoding="utf-8")
    for said in (text, text.replace("<consent_share>yes", "<consent_share>no")):
        file.write_text(said, encoding="utf-8")
        taken(mission, "odk", file, shared_with=["north"])

    assert labels(mission) == {("commission", "[]")}


def test_consent_that_is_withdrawn_narrows_who_may_see_a_fact_too(mission: Mission, tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    text = (INTAKE / "odk" / "sample" / "access-denial.xml").read_text(encoding="utf-8")
    for said in (text, text.replace("<consent_share>yes", "<consent_share>no")):
        file.write_text(said, encoding="utf-8")
        taken(mission, "odk", file, shared_with=["north"])
    mission.projections.catch_up(mission.journal)

    facts = [one.row for one in mission.projections.told(only=(kinds.FACT,)) if one.row["kind"] == "denial"]
    assert facts[-1].get("releasable_to", []) == []
