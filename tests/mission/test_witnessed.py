"""How far the witnesses have followed a record, and how long what came since has waited for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.journal_small import key
from tests.mission_small import CHAIR, Clock, decision, enter, opened
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import COSIGNS, Note, Signer
from trucekeeper.ledger.policies import Known
from trucekeeper.mission.cosigning import keep
from trucekeeper.mission.witnessed import Seen, witnessing
from trucekeeper.terms.moments import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucekeeper.mission.mission import Mission

NORTH, SOUTH = (Signer(f"{one}.example", COSIGNS, key(one).key) for one in ("north", "south"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mission(tmp_path: Path, clock: Clock) -> Iterator[Mission]:
    """Yield a mission that trusts what north and south have both cosigned, and that neither has seen."""
    known = tuple(Known(one.verifier) for one in (NORTH, SOUTH))
    small.begin(small.settings(tmp_path / "mission", witnesses=known, quorum=2), clock)
    with opened(tmp_path / "mission", clock) as mission:
        yield mission


def cosign(mission: Mission, clock: Clock, *signers: Signer) -> int:
    """Have the newest head cosigned, and return of how many entries it is."""
    data = mission.journal.store.head()
    assert data is not None
    note = Note.read(data)
    size = Checkpoint.of(note).head.size
    made = [one.sign(note.text, time=clock() // SECOND) for one in signers]
    keep(mission.journal.store, size, note.signed(*made))
    return size


def test_what_nobody_has_seen_waits_since_its_first_head(mission: Mission, clock: Clock) -> None:
    first = next(iter(mission.journal.store.heads())).at
    clock.pass_by(MINUTE)
    enter(mission, CHAIR, decision())

    found = witnessing(mission)

    assert found.seen == (Seen("north.example"), Seen("south.example"))
    assert found.waits_since == first


def test_nothing_waits_once_the_quorum_has_seen_the_newest_head(mission: Mission, clock: Clock) -> None:
    size = cosign(mission, clock, NORTH, SOUTH)

    found = witnessing(mission)

    assert found.waits_since is None
    assert found.seen == tuple(Seen(one.verifier.name, size, clock() // SECOND * SECOND) for one in (NORTH, SOUTH))
    assert not found.waits_too_long(clock() + 10 * HOUR)


def test_what_came_since_waits_from_its_own_head_on(mission: Mission, clock: Clock) -> None:
    size = cosign(mission, clock, NORTH, SOUTH)
    clock.pass_by(MINUTE)
    enter(mission, CHAIR, decision())
    since = clock()
    clock.pass_by(MINUTE)
    cosign(mission, clock, NORTH)  # one of two is not enough

    found = witnessing(mission)

    assert found.waits_since == since
    assert [one.size for one in found.seen] == [size + 1, size]


def test_an_hour_is_too_long_and_a_moment_less_is_not(mission: Mission) -> None:
    found = witnessing(mission)
    assert found.waits_since is not None

    assert found.waits_too_long(found.waits_since + HOUR)
    assert not found.waits_too_long(found.waits_since + HOUR - 1)


def test_a_mission_that_names_no_witness_waits_for_none(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as mission:
        assert witnessing(mission).waits_since is None
