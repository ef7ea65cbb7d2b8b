"""A mission written by an earlier version opens, goes on and stands as it did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.mission_small import ORIGIN, SOUTH, Clock, asked, attack, enter, opened
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.ledger.policies import Policy
from trucekeeper.ledger.tree import leaf_hash

if TYPE_CHECKING:
    from trucekeeper.compliance.grounds import Stand

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
MISSIONS = sorted(one.name for one in GOLDEN.iterdir() if one.is_dir())


@pytest.fixture(params=MISSIONS)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / str(request.param), tmp_path / "mission"))


def shown(stand: Stand) -> list[object]:
    acts = [one.fact for one in stand.episodes]
    return [stand.clause, stand.by, stand.occurrence, stand.verdict.value, stand.figure, acts]


def test_a_mission_of_an_earlier_version_stands_as_it_did(golden: Path) -> None:
    expected = json.loads((golden / "expected.json").read_text())
    clock = Clock(expected["now"])
    with opened(golden, clock) as mission:
        head = mission.on_record()
        assert head is not None
        assert (head.origin, head.head.size, head.head.root.hex()) == (ORIGIN, expected["size"], expected["root"])
        for who, moments in expected["standing"].items():
            for known_at, rows in moments.items():
                folder = mission.folder(Audience(who, clock()), known_at=int(known_at))
                stands = folder.standing(asked(clock, who, known_at=int(known_at))).stands
                found = [shown(one) for one in stands]
                assert (who, known_at, found) == (who, known_at, rows)


def test_a_mission_of_an_earlier_version_proves_every_entry_and_goes_on(golden: Path) -> None:
    expected = json.loads((golden / "expected.json").read_text())
    with opened(golden, Clock(expected["now"])) as mission:
        assert [one.seq for one in enter(mission, SOUTH, attack("later"))] == [expected["size"]]
        policy = Policy.read(bytes(mission.settings.policy))
        for entry in mission.journal.store.entries():
            mission.journal.proof(entry.seq).check(leaf_hash(entry.sealed.leaf), policy)
