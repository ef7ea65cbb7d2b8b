"""A keeper at work: it takes in what others submit, writes down what follows, and has its heads cosigned."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from tests import mission_small as small
from tests.journal_small import key
from tests.mission.test_standings import AUDIENCES, rows
from tests.mission_crash import everything
from tests.mission_small import CHAIR, LOG, SOUTH, Clock, attack, decision, enter, opened
from trucekeeper.journal.canonical import NotCanonicalError
from trucekeeper.journal.keeper import BehindError
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.notes import COSIGNS, Note, Signer
from trucekeeper.ledger.policies import Known, Policy
from trucekeeper.ledger.requests import Request
from trucekeeper.ledger.witness import Server, Witness
from trucekeeper.mission import cosigning
from trucekeeper.mission.service import Service
from trucekeeper.terms import Refused
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.mission.mission import Mission

PATIENCE = 30.0
"""Seconds after which what has not happened will not: far more than it ever takes."""


def until(happened: Callable[[], bool]) -> None:
    """Wait until something happened that another thread does."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)  # a thread of the real service must get its turn; nothing is measured by it


@contextmanager
def kept(folder: Path, clock: Clock, said: list[str]) -> Iterator[None]:
    """Have a service keep a mission."""
    stop, failed = Event(), list[BaseException]()

    def run() -> None:
        try:
            with opened(folder, clock) as mine:
                Service(mine, said.append).run(stop)
        except BaseException as error:  # noqa: BLE001  told below
            failed.append(error)

    running = Thread(target=run)
    running.start()
    try:
        yield
    finally:
        stop.set()
        running.join()
    assert not failed


@contextmanager
def witness(folder: Path, name: str) -> Iterator[tuple[Known, Witness]]:
    """Have a witness serve on loopback."""
    signer = Signer(f"{name}.example", COSIGNS, key(name).key)
    found = Witness.open(folder / f"{name}.db", signer, [LOG.verifier], clock=lambda: 1_900_000_000)
    server = Server.at(("127.0.0.1", 0), found)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield Known(signer.verifier, f"http://127.0.0.1:{server.server_address[1]}"), found
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def published(mission: Mission) -> Note:
    return Note.read((mission.settings.folder / "checkpoint").read_bytes())


def test_what_is_submitted_while_somebody_keeps_is_waited_for_and_written_down(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with kept(tmp_path / "mission", clock, []), opened(tmp_path / "mission", clock) as mission:
        enter(mission, CHAIR, decision())
        (receipt,) = enter(mission, SOUTH, attack("a1", small.BEGUN))
        assert receipt.seq == 8
        until(lambda: mission.projections.position("standing") == 9)

        for who in AUDIENCES:
            assert ("halt", "contrary", "north") in [(row[0], row[3], row[2]) for row in rows(mission, who)]


def test_what_a_keeper_wrote_down_is_what_is_worked_out_anew(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as mission:
        with kept(tmp_path / "mission", clock, []):
            enter(mission, CHAIR, decision())
            for number in range(20):
                enter(mission, SOUTH, attack(f"a{number}", small.BEGUN))
            clock.pass_by(4 * DAY)
            until(lambda: mission.projections.position("standing_at") == clock())
        found = everything(mission)
        for file in mission.settings.folder.glob("projections.db*"):
            file.unlink()
        with kept(tmp_path / "mission", clock, []):
            until(lambda: mission.projections.position("standing_at") == clock())

        assert everything(mission) == found


def test_a_second_keeper_is_refused_and_the_first_goes_on(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with kept(tmp_path / "mission", clock, []), opened(tmp_path / "mission", clock) as mission:
        enter(mission, CHAIR, decision())
        with pytest.raises(Refused, match="somebody else keeps this mission"):
            Service(mission).run(Event())
        assert [one.seq for one in enter(mission, SOUTH, attack("a1"))] == [8]


# ---- witnesses -----------------------------------------------------------------------------------------------------


def test_heads_are_cosigned_by_those_who_answer_and_the_others_stop_nothing(tmp_path: Path, clock: Clock) -> None:
    said: list[str] = []
    with witness(tmp_path, "north") as (north, _), witness(tmp_path, "south") as (south, _):
        gone = Known(Signer("gone.example", COSIGNS, key("gone").key).verifier, "http://127.0.0.1:9")
        settings = small.settings(tmp_path / "mission", witnesses=(north, south, gone), quorum=2)
        small.begin(settings, clock)
        with kept(tmp_path / "mission", clock, said), opened(tmp_path / "mission", clock) as mission:
            enter(mission, CHAIR, decision())
            policy = Policy.read(bytes(settings.policy))
            until(lambda: Checkpoint.of(published(mission)).head.size == 8)
            until(lambda: set(policy.cosigners(published(mission))) == {"north.example", "south.example"})

            assert policy.trusts(published(mission)).head.size == 8
    assert {one.split(":")[0] for one in said} == {
        "witness north.example",
        "witness south.example",
        "witness gone.example",
    }
    assert any(one.startswith("witness gone.example: silent") for one in said)


def test_a_command_that_keeps_has_its_head_cosigned_as_well(tmp_path: Path, clock: Clock) -> None:
    with witness(tmp_path, "north") as (north, _):
        settings = small.settings(tmp_path / "mission", witnesses=(north,), quorum=1)
        small.begin(settings, clock)
        with opened(tmp_path / "mission", clock) as mission:
            assert Policy.read(bytes(settings.policy)).trusts(published(mission)).head.size == 7


def test_a_record_that_was_rolled_back_is_not_signed_when_its_witness_has_seen_more(
    tmp_path: Path, clock: Clock
) -> None:
    with witness(tmp_path, "north") as (north, _):
        small.begin(small.settings(tmp_path / "mission", witnesses=(north,)), clock)
        yesterday = {file: file.read_bytes() for file in (tmp_path / "mission").iterdir() if file.is_file()}
        with opened(tmp_path / "mission", clock) as mission:
            enter(mission, CHAIR, decision())
        for file in (tmp_path / "mission").glob("*.db-*"):
            file.unlink()
        for file, content in yesterday.items():
            file.write_bytes(content)

        what = "the witness 'north.example' has seen 8 entries, and there are 7"
        with pytest.raises(Refused, match=what) as refused, opened(tmp_path / "mission", clock) as mission:
            enter(mission, SOUTH, attack("a1"))
        assert isinstance(refused.value.__cause__, BehindError)


def test_a_record_that_has_less_than_was_published_is_not_signed(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    folder = tmp_path / "mission"
    yesterday = {file: file.read_bytes() for file in folder.glob("*.db")}
    with opened(folder, clock) as mission:
        enter(mission, CHAIR, decision())
    for file in folder.glob("*.db-*"):
        file.unlink()
    for file, content in yesterday.items():
        file.write_bytes(content)

    with (
        pytest.raises(Refused, match="others have seen 8 entries, and there are 7"),
        opened(folder, clock) as mission,
    ):
        enter(mission, SOUTH, attack("a1"))


def test_a_cosignature_is_carried_by_hand_where_there_is_no_network(tmp_path: Path, clock: Clock) -> None:
    signer = Signer("south.example", COSIGNS, key("south").key)
    settings = small.settings(tmp_path / "mission", witnesses=(Known(signer.verifier),), quorum=1)
    small.begin(settings, clock)
    far = Witness.open(tmp_path / "south.db", signer, [LOG.verifier], clock=lambda: 1_900_000_000)
    with opened(tmp_path / "mission", clock) as mission:
        store = mission.journal.store
        for size in (7, 9):
            asked = cosigning.request(store, signer.verifier)
            assert cosigning.take(store, far.answer(asked).body, signer.verifier) == size
            enter(mission, CHAIR, decision(), attack("a1"))
        assert Request.read(cosigning.request(store, signer.verifier)).old == 9
        with pytest.raises(Refused, match="this cosigns no head of this record"):
            cosigning.take(store, b"\xe2\x80\x94 south.example AAAA\n", signer.verifier)


def test_a_clock_that_was_a_day_ahead_hides_nothing_when_it_is_set_right(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    said: list[str] = []
    with opened(tmp_path / "mission", clock) as mission:
        clock.pass_by(DAY)
        enter(mission, CHAIR, decision())
        clock.pass_by(-DAY)
        with kept(tmp_path / "mission", clock, said):
            enter(mission, SOUTH, attack("a1"))

        times = [one.at for one in mission.journal.store.entries()]
        assert times == sorted(times)
        assert [one.id for one in mission.folder(None).facts] == ["approval", "a1"]
        assert mission.last_at() == small.BEGUN + DAY
    assert said[0] == "ALARM: the clock is 1,440 minutes behind the record's last entry; what comes"


def test_an_entry_has_as_many_bytes_as_an_entry_may_have_and_no_more(tmp_path: Path, clock: Clock) -> None:
    small.begin(small.settings(tmp_path / "mission"), clock)
    with opened(tmp_path / "mission", clock) as mission:
        plain: dict[str, Json] = {"id": "a1", "kind": "shelling", "learned_at": "2031-03-10T12:00Z", "note": ""}
        room = 65_535 - len(mission.said("fact", plain, by=[SOUTH]))
        longest = room // 4 * 3  # what is signed stands in base64: four characters for three bytes
        whole = mission.said("fact", {**plain, "note": "x" * longest}, by=[SOUTH])

        assert 65_531 < len(whole) <= 65_535
        assert [one.seq for one in mission.enter([whole])] == [7]
        with pytest.raises(NotCanonicalError, match="bytes, and may have 65,535"):
            mission.said("fact", {**plain, "note": "x" * (longest + 4)}, by=[SOUTH])
