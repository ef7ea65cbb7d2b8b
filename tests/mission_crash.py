"""Kills a mission's keeper and its submitters without warning, again and again, and then holds that nothing was lost.

One process keeps, others submit; each is killed (SIGKILL) at a moment that a seed decides, and another takes its
place. What was acknowledged is noted by who was told; what was published is noted by who looks. In the end every
acknowledged statement is the entry that its receipt says, every head that was ever published is of the log's past,
and the projections are what is worked out anew.
"""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from threading import Event
from typing import TYPE_CHECKING

from tests import mission_small as small
from tests.mission_small import BEGUN, SOUTH, Clock, attack, opened
from trucekeeper.ledger.checkpoints import Checkpoint
from trucekeeper.ledger.tiles import TileNodes
from trucekeeper.ledger.tree import leaf_hash, root_of
from trucekeeper.mission.keeping import published
from trucekeeper.mission.service import Service
from trucekeeper.mission.standings import Standings
from trucekeeper.terms import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkProcess
    from pathlib import Path

    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.mission import Mission

SUBMITTERS = 3
LONGEST = 0.08
"""Seconds that nobody is killed for: about two groups of entries."""
FORK = get_context("fork")
TABLES = ("agreements", "delegations", "told", "texts", "standing", "changes", "position")


class RealClock(Clock):
    """A clock that begins with the mission and goes on by itself, a thousand times as fast as ours."""

    def __init__(self, begun: float) -> None:
        """Begin at a moment of the machine's own clock, which all processes share."""
        super().__init__()
        self._begun = begun

    def __call__(self) -> int:
        """Return the moment it is."""
        return BEGUN + int((time.monotonic() - self._begun) * 1_000_000_000)


@dataclass
class Crashed:
    """What came of it: how many were killed, acknowledged and published, and every flaw that was found."""

    kills: int = 0
    acknowledged: int = 0
    entries: int = 0
    heads: int = 0
    flaws: list[str] = field(default_factory=list)


def crash(folder: Path, *, kills: int, seed: int, told: Callable[[int], None] = lambda _: None) -> Crashed:
    """Found a mission in a folder, kill what works on it so many times, and return what came of it."""
    random, clock = Random(seed), RealClock(time.monotonic())  # noqa: S311  a seed that anybody may know
    small.begin(small.settings(folder / "mission"), clock)
    running: list[ForkProcess] = []
    heads: dict[int, bytes] = {}
    number = 0
    for kill in range(kills):
        while len(running) <= SUBMITTERS:
            work = _keep if not running else _submit
            one = FORK.Process(target=work, args=[folder, number, clock])
            one.start()
            running.insert(0, one) if not running else running.append(one)
            number += 1
        time.sleep(random.random() * LONGEST)
        _note_head(folder / "mission", heads)
        victim = random.randrange(len(running))
        _killed(running[victim])
        if victim:
            running.pop(victim)
        else:
            running[0] = FORK.Process(target=_keep, args=[folder, number, clock])
            running[0].start()
            number += 1
        told(kill + 1)
    for one in running:
        _killed(one)
    with opened(folder / "mission", clock) as mission:
        found = Crashed(kills, heads=len(heads))
        look(mission, folder, heads, found)
    return found


def _killed(one: ForkProcess) -> None:
    if one.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGKILL)
    one.join()


def _note_head(folder: Path, heads: dict[int, bytes]) -> None:
    """Note the published head as everybody can see it."""
    for note in published(folder):
        head = Checkpoint.of(note).head
        if heads.setdefault(head.size, head.root) != head.root:
            raise AssertionError(f"two heads of {head.size} were published")


def _keep(folder: Path, _: int, clock: Clock) -> None:
    """Keep the mission until killed."""
    while True:
        with suppress(Refused), opened(folder / "mission", clock) as mission:
            Service(mission).run(Event())
        time.sleep(0.001)


def _submit(folder: Path, number: int, clock: Clock) -> None:
    """Enter one fact after another until killed, and note each that was acknowledged."""
    with opened(folder / "mission", clock) as mission, (folder / f"told-{number}").open("a") as notes:
        count = 0
        while True:
            owner: Body = {} if count % 3 else {"owner": "south"}
            rows = [attack(f"{number}-{count + one}", clock()) for one in range(1 + count % 4)]
            said = [mission.said("fact", row, by=[SOUTH], label=owner) for row in rows]  # type: ignore[arg-type]
            for row, receipt in zip(rows, mission.enter(said), strict=True):
                notes.write(json.dumps([row["id"], receipt.seq, receipt.refused]) + "\n")
            notes.flush()
            count += len(rows)


# ---- what is held afterwards ---------------------------------------------------------------------------------------


def look(mission: Mission, folder: Path, heads: dict[int, bytes], found: Crashed) -> None:
    """Hold that nothing was lost or rewritten of what the files `told-N` say was acknowledged, and of these heads."""
    # what waits is taken in by the next one who enters something
    mission.enter([mission.said("fact", attack("the-last", BEGUN), by=[SOUTH])])  # type: ignore[arg-type]
    mission.projections.catch_up(mission.journal)
    on_record = {str(one.row["id"]): one.seq for one in mission.projections.told()}
    for file in sorted(folder.glob("told-*")):
        for line in file.read_text().splitlines():
            with suppress(json.JSONDecodeError):  # the last line of who was killed while writing it
                name, seq, refused = json.loads(line)
                found.acknowledged += 1
                if refused is not None or on_record.get(name) != seq:
                    found.flaws.append(f"{name} was acknowledged as entry {seq}, and is {on_record.get(name)}")
    entries = list(mission.journal.store.entries())
    found.entries = len(entries)
    if [one.seq for one in entries] != list(range(len(entries))):
        found.flaws.append("the entries are not numbered one by one")
    if len(on_record) != len(mission.projections.told()):
        found.flaws.append("a fact is on record twice")
    _look_at_heads(mission, heads, found)
    _look_at_projections(mission, found)


def _look_at_heads(mission: Mission, heads: dict[int, bytes], found: Crashed) -> None:
    store = mission.journal.store
    nodes = TileNodes(store, store.size())
    policy = mission.settings.policy
    signed = [Checkpoint.read(data) for size, _ in store.sizes() if (data := store.head(size)) is not None]
    for said, note in signed:
        policy.trusts(note)
        heads.setdefault(said.head.size, said.head.root)
    for size, root in heads.items():
        if size > store.size() or root_of(nodes, size) != root:
            found.flaws.append(f"the head of {size} entries that was published is not of this log's past")
    for entry in store.entries():
        mission.journal.proof(entry.seq).check(leaf_hash(entry.sealed.leaf), policy)


def _look_at_projections(mission: Mission, found: Crashed) -> None:
    at = max(mission.projections.position("standing_at"), mission.last_at())
    Standings(mission).catch_up(at)
    before = everything(mission)
    for file in mission.settings.folder.glob("projections.db*"):
        file.unlink()
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(at)
    found.flaws += [
        f"the projection '{name}' is not what is worked out anew"
        for name, rows in everything(mission).items()
        if rows != before[name]
    ]


def everything(mission: Mission) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all projections, in an order of their own."""
    with mission.projections.reading() as connection:
        found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}  # noqa: S608
    return {name: sorted(rows, key=repr) for name, rows in found.items()}
