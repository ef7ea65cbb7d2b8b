"""Playing: an exercise that keeps happening. A drill's mission is founded, and its reports come as time passes.

    DIR/mission         the mission
    DIR/drill           the drill's files
    DIR/KEY.key         the keys of its delegations, without passphrases: nothing here is a secret

Valoria does not exist, and whoever looks at a page is told on each that this is an exercise.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.exercise.difficulty import difficulty
from trucekeeper.exercise.drill import drill
from trucekeeper.exercise.files import texts
from trucekeeper.intake.source import mapping_of
from trucekeeper.journal.envelopes import PrivateKey
from trucekeeper.ledger.lines import base64
from trucekeeper.ledger.notes import SIGNS
from trucekeeper.mission import key_files
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.entering import entering
from trucekeeper.mission.founding import found
from trucekeeper.mission.mission import Mission
from trucekeeper.mission.settings import Settings
from trucekeeper.mission.taking import How
from trucekeeper.opsroom.clock import now, run_from
from trucekeeper.terms.moments import DAY, HOUR, parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from trucekeeper.exercise.drill import Drill
    from trucekeeper.journal.statements import Body
    from trucekeeper.ledger.notes import Signer
    from trucekeeper.mission.saying import Saying

ORIGIN = "valoria.example/exercise"
DAYS, SEED, BEGUN_DAY, SPEED = 30, 11, 8, 240
"""It is opened on its ninth day, and a second is four minutes: a day passes in six."""
ENTERS = "commission"
HOLDERS = {
    ENTERS: "analyst",
    "north": "delegation_head",
    "south": "delegation_head",
    "guarantor": "delegate",
}
STEP = 6 * HOUR
"""So often something is put on record in the days before it is opened."""
NAP = 0.2


def begins() -> int:
    """Return the moment at which the exercise is opened."""
    return _drawn().stage.days.start(BEGUN_DAY)


def _drawn() -> Drill:
    return drill(SEED, days=DAYS, difficulty=difficulty("fair"))


def prepare(folder: Path) -> None:
    """Found the mission of an exercise, and have its first days pass: what was told then is on record since then."""
    drawn = _drawn()
    run_from(drawn.stage.days.start(0), 0)
    for name, text in texts(drawn).items():
        file = folder / "drill" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    keys = {name: _new_key(folder, name) for name in ("log", "root", *HOLDERS)}
    log = key_files.read_public(folder / "log.key").log
    said = Settings(folder / "mission", log, folder / "log.key")
    draft = Draft.read(folder / "drill" / "agreement")
    found(said, draft, [keys["root"]], objection_hours=72, clock=now, signer=_signer(folder))
    with _opened(folder) as mission:
        mission.enter([_certified(mission, keys, name, role) for name, role in HOLDERS.items()])
        feed = Feed(folder, mission, keys[ENTERS])
        for moment in range(drawn.stage.days.start(0), begins() + 1, STEP):
            run_from(moment, 0)
            feed.enter_until(moment)


def let_sign(folder: Path, registrars: Sequence[Body], accounts: Sequence[tuple[Body, PrivateKey]]) -> None:
    """Have the root let the room sign for delegations, and their registrars let accounts in."""
    with _opened(folder) as mission:
        root = _key(folder, "root")
        signed = [*((one, root) for one in registrars), *accounts]
        mission.enter([mission.said("key.certify", one, by=[key]) for one, key in signed])


def play(folder: Path, stopped: Callable[[], bool]) -> None:
    """Put on record what is told, as time passes, until told to stop."""
    with _opened(folder) as mission:
        feed = Feed(folder, mission, _key(folder, ENTERS))
        while not stopped():
            feed.enter_until(now())
            time.sleep(NAP)


@dataclass
class Feed:
    """What is still to be told in an exercise, the first first."""

    folder: Path
    mission: Mission
    key: PrivateKey

    def __post_init__(self) -> None:
        """Read all that the drill's sources tell; what is on record is not told again."""
        ended = replace(
            self.mission, clock=lambda: now() + 2 * DAYS * DAY
        )  # or what is still to come would be refused
        self._left = sorted(self._told(ended), key=_when, reverse=True)

    def enter_until(self, moment: int) -> None:
        """Put on record what was told by a moment."""
        due: list[Saying] = []
        while self._left and _when(self._left[-1]) <= moment:
            due.append(self._left.pop())
        if due:
            self.mission.enter([self.mission.said(one.kind, one.body, by=[self.key], label=one.label) for one in due])

    def _told(self, mission: Mission) -> Iterator[Saying]:
        drill_ = self.folder / "drill"
        for file in sorted((drill_ / "facts").glob("*.ndjson")):
            yield from _read(mission, "facts", file, How())
        for file in sorted((drill_ / "reports").glob("*.csv")):
            yield from _read(mission, "csv", file, How(mapping_of(file.with_suffix(".yaml"))))


def _read(mission: Mission, source: str, file: Path, how: How) -> Iterator[Saying]:
    for batch in entering(mission, source, [file], ENTERS, how=how).batches():
        yield from batch


def _when(one: Saying) -> int:
    """Return when something is told; what registers a source, before all else."""
    said = one.body.get("learned_at")
    return parse_moment(said) if isinstance(said, str) else 0


def _new_key(folder: Path, name: str) -> PrivateKey:
    key_files.new_key(folder / f"{name}.key", ORIGIN if name == "log" else f"{name}.valoria.example", None)
    return _key(folder, name)


def _key(folder: Path, name: str) -> PrivateKey:
    return PrivateKey(key_files.read_signer(folder / f"{name}.key", SIGNS, _no_passphrase).key)


def _signer(folder: Path) -> Callable[[], Signer]:
    return lambda: key_files.read_signer(folder / "log.key", SIGNS, _no_passphrase)


def _no_passphrase() -> bytes:
    raise RuntimeError("bug: an exercise's keys have no passphrase")


def _opened(folder: Path) -> AbstractContextManager[Mission]:
    return Mission.open(folder / "mission", clock=now, signer=lambda _: _signer(folder)())


def _certified(mission: Mission, keys: dict[str, PrivateKey], name: str, role: str) -> bytes:
    body = {"key": base64(keys[name].public.raw), "delegation": name, "role": role}
    return mission.said("key.certify", body, by=[keys["root"]])
