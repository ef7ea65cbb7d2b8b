"""`truce sources`, `rulings`, `rule`, `incidents`, `incident`, `pairs`, `merge`, `split`, ... as people type them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests import mission_small as small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Truce: TypeAlias = "Callable[..., tuple[int, str, str]]"

MAPPING = """\
source: {name: NAME, grade: C3, says: Radio of Valoria}
report:
  name: {column: id}
  kind: {column: what}
  by: {column: who}
  time: {column: at}
  learned_at: {column: at}
  lat: {column: lat}
  lon: {column: lon}
  within_m: {column: within}
"""
ROWS = """\
id,what,who,at,lat,lon,within
1,fire,Southern Front,2025-03-01T12:00+02:00,0.1,-30.2,300
2,fire,,2025-03-04T12:00+02:00,0.1,-30.2,300
"""


@pytest.fixture
def keys(tmp_path: Path, truce: Truce) -> dict[str, Path]:
    found = {name: tmp_path / f"{name}.key" for name in ("root", "desk")}
    for name, path in found.items():
        assert truce("key", "new", path, "--name", name, "--no-passphrase")[0] == 0
    return found


@pytest.fixture
def mission(tmp_path: Path, truce: Truce, keys: dict[str, Path]) -> Path:
    path = tmp_path / "mission"
    words = ["--agreement", small.draft(tmp_path / "draft"), "--root", keys["root"], "--no-passphrase"]
    assert truce("open", path, "--name", small.ORIGIN, *words)[0] == 0
    role = ["--delegation", "commission", "--role", "analyst", "--by", keys["root"]]
    assert truce("key", "certify", path, keys["desk"], *role)[0] == 0
    return path


def entered(
    mission: Path, truce: Truce, key: Path, name: str, *words: object, rows: str = ROWS, label: str = ""
) -> tuple[int, str]:
    mapping, table = mission.parent / f"{name}.yaml", mission.parent / f"{name}.csv"
    mapping.write_text(MAPPING.replace("NAME", name) + label)
    table.write_text(rows)
    code, out, _ = truce("enter", mission, "csv", table, "--mapping", mapping, "--by", key, *words)
    return code, out


def listed(truce: Truce, *words: object) -> list[dict[str, str]]:
    code, out, err = truce(*words, "--csv")
    assert (code, err) == (0, "")
    return list(csv.DictReader(io.StringIO(out)))


def ruled(mission: Path, truce: Truce, key: Path) -> None:
    needed = listed(truce, "rulings", mission)
    file = mission.parent / "rulings.csv"
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(needed[0]))
        writer.writeheader()
        means = {"fire": "shelling", "Southern Front": "south"}
        writer.writerows({**row, "means": means[row["word"]]} for row in needed)
    assert truce("rule", mission, "--file", file, "--by", key)[0] == 0


def test_a_table_enters_waits_for_rulings_and_becomes_incidents(
    mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    assert entered(mission, truce, keys["desk"], "radio", "--dry-run")[1].startswith(
        "3 would be entered; 0 on record"
    )
    assert entered(mission, truce, keys["desk"], "radio")[1].startswith("3 entered, entries 3 to 5; 0 on record")
    assert entered(mission, truce, keys["desk"], "radio") == (0, "0 entered; 2 on record already; 0 set aside\n")

    needed = {(row["source"], row["sort"], row["word"]): row["reports"] for row in listed(truce, "rulings", mission)}
    assert needed == {("radio", "kind", "fire"): "2", ("radio", "actor", "Southern Front"): "1"}
    assert listed(truce, "incidents", mission) == []
    ruled(mission, truce, keys["desk"])
    assert truce("rulings", mission)[1] == "no report waits for a ruling\n"
    assert [row["id"] for row in listed(truce, "incidents", mission)] == ["i-4", "i-5"]
    (source,) = listed(truce, "sources", mission)
    assert (source["source"], source["reports"], source["set_aside"]) == ("radio", "2", "0")


def test_incidents_are_found_by_place_time_kind_and_shown_whole(
    mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    entered(mission, truce, keys["desk"], "radio")
    entered(mission, truce, keys["desk"], "paper")
    ruled(mission, truce, keys["desk"])

    (late,) = listed(truce, "incidents", mission, "--since", "2025-03-03T00:00+02:00", "--kind", "attack")
    assert (late["occurred"], late["reports"], late["origins"]) == ("corroborated", "2", "2")
    assert listed(truce, "incidents", mission, "--near", "0.9,-30.2,1000") == []
    assert len(listed(truce, "incidents", mission, "--near", "0.1,-30.2,1000")) == 2
    found = json.loads(truce("incidents", mission, "--geojson")[1])
    assert [one["geometry"]["coordinates"] for one in found["features"]] == [[-30.2, 0.1]] * 2
    code, out, _ = truce("incident", mission, "i-4")
    assert code == 0
    assert all(word in out for word in ("radio/1", "paper/1", "prior", "by south (corroborated)"))
    assert "2 incidents of 4 reports" in truce("incidents", mission)[1]


def test_people_merge_split_verify_and_teach(mission: Path, truce: Truce, keys: dict[str, Path]) -> None:
    entered(mission, truce, keys["desk"], "radio")
    ruled(mission, truce, keys["desk"])
    by = ["--why", "looked into", "--by", keys["desk"]]

    assert truce("merge", mission, "i-4", "i-5", *by)[0] == 0
    assert [row["id"] for row in listed(truce, "incidents", mission)] == ["i-4"]
    assert "which i-5 is part of" in truce("incident", mission, "i-5")[1]
    assert truce("split", mission, "i-4", "radio/2", *by)[0] == 0
    assert [row["id"] for row in listed(truce, "incidents", mission)] == ["i-4", "i-5"]
    assert truce("verify-fact", mission, "i-5", *by)[0] == 0
    assert [row["occurred"] for row in listed(truce, "incidents", mission)] == ["alleged", "verified"]
    code, out, _ = truce("fit", mission, "--by", keys["desk"])
    assert code == 0
    assert re.search(r"learned from 2 reports; \d of 2 incidents are others now", out)
    assert truce("pairs", mission)[0] == 0


def test_copies_of_one_claim_are_not_parted_and_that_is_said(
    mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    entered(mission, truce, keys["desk"], "radio", rows=ROWS + "3,fire,,2025-03-04T12:00+02:00,0.1,-30.2,300\n")
    ruled(mission, truce, keys["desk"])
    by = ["--why", "looked into", "--by", keys["desk"]]
    assert truce("merge", mission, "i-4", "i-5", *by)[0] == 0
    size = len(listed(truce, "log", mission))

    code, _, err = truce("split", mission, "i-4", "radio/3", *by)
    assert code == 2
    assert "'radio/3' and 'radio/2' are copies of one claim, which is of one event" in err
    assert "part all copies of it from the rest: radio/2 radio/3" in err
    assert len(listed(truce, "log", mission)) == size
    assert truce("split", mission, "i-4", "radio/2", "radio/3", *by)[0] == 0
    assert [row["reports"] for row in listed(truce, "incidents", mission)] == ["1", "2"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("incident", "M", "i-999"), "there is no incident 'i-999'"),
        (("incident", "M", "the first"), "incidents are named as i-412"),
        (("incidents", "M", "--near", "here"), "'here' is no place"),
        (("incidents", "M", "--zone", "nowhere"), "there is no zone 'nowhere'"),
        (("incidents", "M", "--kind", "boom"), "there is no kind 'boom'"),
        (("rule", "M", "radio", "kind", "--by", "K"), "a ruling has four words, and not 2"),
        (("rule", "M", "radio", "mood", "fire", "shelling", "--by", "K"), "'mood' is no sort of word"),
        (("rule", "M", "radio", "kind", "fire", "boom", "--by", "K"), "'boom' is no kind of the agreement"),
        (("rule", "M", "radios", "kind", "fire", "shelling", "--by", "K"), "'radios' is no source of this mission"),
        (("rule", "M", "radios", "kind", "fire", "shelling", "--by", "K"), "did you mean 'radio'?"),
        (("rule", "M", "radio", "kind", "fire", "", "--by", "K"), "the ruling: it has no meaning"),
        (("rule", "M", "radio", "kind", " ", "shelling", "--by", "K"), "the ruling: it has no word"),
        (("incidents", "M", "--since", "x"), "--since: 'x' is not a time\n    write it as 2025-10-10T12:00+03:00"),
        (("incidents", "M", "--since", "2025-03-01"), "'2025-03-01' has no time of day with an offset"),
        (("incidents", "M", "--since", "0001-03-01T00:00+02:00"), "is not in the years"),
        (("rule", "M", "--by", "K"), "it takes one ruling, or a file of them"),
        (("merge", "M", "i-4", "--why", "w", "--by", "K"), "it takes two incidents to merge"),
        (("split", "M", "i-4", "radio/9", "--why", "w", "--by", "K"), "'radio/9' is no report of i-4"),
        (("split", "M", "i-4", "radio/1", "--why", "w", "--by", "K"), "nothing would be left of it"),
        (("verify-fact", "M", "i-4", "--occurred", "sure", "--why", "w", "--by", "K"), "'sure' is no level of proof"),
        (
            ("verify-fact", "M", "i-5", "--who", "verified", "--why", "w", "--by", "K"),
            "nobody is named as the author",
        ),
        (("enter", "M", "cvs", "F", "--by", "K"), "there is no source 'cvs'"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    mission: Path, truce: Truce, keys: dict[str, Path], *, words: tuple[str, ...], said: str
) -> None:
    entered(mission, truce, keys["desk"], "radio")
    ruled(mission, truce, keys["desk"])
    given = {"M": mission, "K": keys["desk"], "F": mission.parent / "radio.csv"}

    code, _, err = truce(*(given.get(word, word) for word in words))

    assert code == 2
    assert said in err


def test_of_reports_that_are_one_delegation_s_no_list_tells_another_anything(
    mission: Path, truce: Truce, keys: dict[str, Path]
) -> None:
    by = ["--why", "looked into", "--by", keys["desk"]]
    assert entered(mission, truce, keys["desk"], "radio", label="  owner: commission\n")[0] == 0
    ours = ("--audience", "commission")
    for word, means in (("fire", "shelling"), ("Southern Front", "south")):
        sort = "kind" if word == "fire" else "actor"
        assert truce("rule", mission, "radio", sort, word, means, "--by", keys["desk"])[0] == 0
    assert truce("merge", mission, "i-4", "i-5", *by)[0] == 0
    assert truce("verify-fact", mission, "i-4", *by)[0] == 0
    lists = ("sources", "rulings", "incidents", "pairs")

    assert [len(listed(truce, one, mission)) for one in lists] == [0, 0, 0, 0]
    assert [len(listed(truce, one, mission, *ours)) for one in lists[:3]] == [1, 0, 1]
    log, own = listed(truce, "log", mission)[3:], listed(truce, "log", mission, *ours)[3:]
    assert {row["shown"] for row in log} == {"sealed to you"}
    assert {row["kind"] + row["which"] + row["signed by"] for row in log} == {""}
    assert [row["kind"] for row in own] == ["source", "report", "report", "ruling", "ruling", "link", "verify"]
    for form in ((), ("--json",)):
        said = "".join(truce(one, mission, *form)[1] for one in ("log", *lists))
        assert not [word for word in ("radio", "fire", "Front", "i-4", "link", "verify") if word in said]


def test_the_forms_are_written_with_the_lists_of_an_agreement(mission: Path, truce: Truce, tmp_path: Path) -> None:
    code, out, _ = truce("forms", mission, "-o", tmp_path / "forms")

    assert code == 0
    assert len(out.splitlines()) == len(list((tmp_path / "forms").glob("*.xlsx"))) == 5
    assert truce("forms", tmp_path / "draft", "-o", tmp_path / "again")[0] == 0
    assert (tmp_path / "again" / "patrol.xlsx").read_bytes() == (tmp_path / "forms" / "patrol.xlsx").read_bytes()
