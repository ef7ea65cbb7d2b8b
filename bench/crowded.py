"""A mission with many incidents, founded as any other: each report is a signed statement that a keeper integrated.

    DIR/mission         the mission; the room's root and the delegations' keys lie beside it, without passphrases
    DIR/founded.json    how many incidents, and how long each part of it took: written last, so that a founding that
                        was stopped is begun anew

It is the drill's agreement, of which the reports are spread over a year and four degrees each way: far enough apart
that nearly every report is an incident of its own. One in ten is told again by a second source. Where somebody was
watching is told as in the drill, month after month.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from dataclasses import dataclass
from heapq import merge
from typing import TYPE_CHECKING

from trucekeeper.exercise.difficulty import difficulty
from trucekeeper.exercise.drill import drill
from trucekeeper.exercise.files import texts
from trucekeeper.journal.envelopes import PrivateKey
from trucekeeper.ledger.lines import base64
from trucekeeper.ledger.notes import SIGNS, Signer
from trucekeeper.mission import key_files, kinds
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.founding import found
from trucekeeper.mission.mission import Mission, refusal
from trucekeeper.mission.settings import Settings
from trucekeeper.mission.standings import Standings
from trucekeeper.terms.moments import DAY, MINUTE, parse_moment, write_moment
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Moment

ORIGIN = "valoria.example/crowded"
DELEGATIONS = {"north": "delegation_head", "south": "delegation_head", "commission": "analyst"}
BEGUN = parse_moment("2024-05-06T12:00+03:00")
DAYS = 365
AT_ONCE = 1000
"""So many reports are integrated together: as many as a keeper takes out of its inbox at once."""
SEED = 17
WIDE = 4.0
"""Degrees each way."""
WORDS = ("shelling", "gunfire", "airstrike", "explosion", "overflight", "movement")
AGAIN = 10
"""One report in so many is told by a second source as well."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """The mission in a folder."""

    folder: Path

    def key(self, name: str) -> PrivateKey:
        """Return the key of a delegation, or of the root."""
        return PrivateKey(key_files.read_signer(self.folder / f"{name}.key", SIGNS, _no_passphrase).key)

    def opened(self, clock: Callable[[], Moment]) -> AbstractContextManager[Mission]:
        """Return the mission, to be opened."""
        return Mission.open(self.folder / "mission", clock=clock, signer=lambda _: self.signer())

    def signer(self) -> Signer:
        """Return what signs the log."""
        return key_files.read_signer(self.folder / "log.key", SIGNS, _no_passphrase)


def crowded(folder: Path, incidents: int, told: Callable[[str], None] = lambda _: None) -> Crowded:
    """Return a mission with so many incidents, founded now if it is not there."""
    mark = folder / "founded.json"
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["incidents"] == incidents:
        return Crowded(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    took = _found(Crowded(folder), incidents, told)
    mark.write_text(json.dumps({"incidents": incidents, "seconds": took}), encoding="utf-8")
    return Crowded(folder)


def _found(one: Crowded, incidents: int, told: Callable[[str], None]) -> dict[str, float]:
    """Found it; return how many seconds each part took."""
    clock = Clock()
    _begin(one, clock)
    begun = time.perf_counter()
    with one.opened(clock) as mission:
        for number, batch in enumerate(_batches(one, mission, incidents, clock)):
            for receipt in mission.enter(batch):
                if receipt.refused is not None:
                    raise refusal(receipt, str(one.folder))
            told(f"{number * AT_ONCE:,} entries after {time.perf_counter() - begun:.0f} s")
        entered = time.perf_counter()
        mission.projections.catch_up(mission.journal)
        laid = time.perf_counter()
        told(f"laid out after {laid - entered:.0f} s; standings")
        Standings(mission).catch_up(clock())
    took = {"entered": entered - begun, "laid out": laid - entered, "stood": time.perf_counter() - laid}
    return {name: round(seconds, 1) for name, seconds in took.items()}


class Clock:
    """The clock of the founding: a year passes in it."""

    def __init__(self) -> None:
        """Begin."""
        self.now = BEGUN

    def __call__(self) -> Moment:
        """Return the moment it is."""
        return self.now


def _begin(one: Crowded, clock: Clock) -> None:
    """Found the mission, and certify a key of each delegation."""
    for name, text in texts(drill(SEED, days=30, difficulty=difficulty("fair"))).items():
        file = one.folder / "drill" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    for name in ("log", "root", *DELEGATIONS):
        key_files.new_key(one.folder / f"{name}.key", ORIGIN if name == "log" else f"{name}.valoria.example", None)
    log = key_files.read_public(one.folder / "log.key").log
    said = Settings(one.folder / "mission", log, one.folder / "log.key")
    draft = Draft.read(one.folder / "drill" / "agreement")
    found(said, draft, [one.key("root")], objection_hours=72, clock=clock, signer=one.signer)
    with one.opened(clock) as mission:
        root = one.key("root")
        mission.enter([mission.said("key.certify", _certified(one, *who), by=[root]) for who in DELEGATIONS.items()])
        mission.enter([mission.said(kinds.SOURCE, _source(name), by=[one.key("commission")]) for name in SOURCES])
        mission.enter([mission.said(kinds.FACT, _ceasefire(), by=[one.key("commission")])])


def _certified(one: Crowded, name: str, role: str) -> dict[str, Json]:
    return {"key": base64(one.key(name).public.raw), "delegation": name, "role": role}


SOURCES = ("patrols", "wire")


def _source(name: str) -> dict[str, Json]:
    said: dict[str, Json] = {word: word for word in WORDS}
    rulings: dict[str, Json] = {"kind": said, "actor": {"north": "north", "south": "south"}}
    return {"name": name, "reader": "csv", "entered_by": "commission", "grade": "B2", "rulings": rulings}


def _ceasefire() -> dict[str, Json]:
    at = write_moment(BEGUN)
    said: dict[str, Json] = {"id": "ceasefire", "kind": "declaration", "by": "guarantor", "at": at, "learned_at": at}
    return {**said, "occurred": "verified", "who": "verified", "fields": {"of": "ceasefire"}}


def _batches(one: Crowded, mission: Mission, incidents: int, clock: Clock) -> Iterator[list[bytes]]:
    """Yield signed reports and facts, each batch once the clock has come to it."""
    key, several = one.key("commission"), list[bytes]()
    reported = ((kinds.REPORT, body) for body in bodies(incidents))
    watched = ((kinds.FACT, body) for body in watching(one.folder / "drill" / "facts" / "watching.ndjson"))
    for kind, body in merge(reported, watched, key=_learned):
        clock.now = max(clock.now, _learned((kind, body)))
        several.append(mission.said(kind, body, by=[key]))
        if len(several) == AT_ONCE:
            yield several
            several = []
    yield several


def _learned(said: tuple[str, dict[str, Json]]) -> Moment:
    return parse_moment(str(said[1]["learned_at"]))


def watching(file: Path) -> Iterator[dict[str, Json]]:
    """Yield where somebody was watching, or was refused, as in the drill, month after month."""
    rows = sorted(map(json.loads, file.read_text(encoding="utf-8").splitlines()), key=lambda row: _learned(("", row)))
    for month in range(DAYS // MONTH):
        for row in rows:
            times = {name: parse_moment(row[name]) + month * MONTH * DAY for name in _TIMES & row.keys()}
            moved = {name: write_moment(at) for name, at in times.items()}
            yield {**row, "id": f"{row['id']}-{month}", **moved}


MONTH = 30
_TIMES = {"from", "until", "at", "earliest", "latest", "learned_at"}


def bodies(incidents: int) -> Iterator[dict[str, Json]]:
    """Yield what the reports say, in the order in which they are learned."""
    dice, number = random.Random(SEED), 0
    while number < incidents:
        at = BEGUN + number * DAYS * DAY // incidents
        body = report(f"patrols/{number}", "patrols", at, dice)
        yield body
        if number % AGAIN == 0:
            yield {**body, "id": f"wire/{number}", "source": "wire", "text": f"wire: {told_by(dice)}"}
        number += 1


def report(name: str, source: str, at: Moment, dice: random.Random) -> dict[str, Json]:
    """Return what one report says."""
    words: dict[str, Json] = {"kind": dice.choice(WORDS)}
    by = dice.choice(("", "north", "south"))
    if by:
        words["by"] = by
    return {
        "id": name,
        "source": source,
        "words": words,
        "at": write_moment(at),
        "learned_at": write_moment(at + 10 * MINUTE),
        "lat": f"{dice.uniform(-WIDE / 2, WIDE / 2):.5f}",
        "lon": f"{-30 + dice.uniform(-WIDE / 2, WIDE / 2):.5f}",
        "within_m": dice.choice((100, 300, 1000, 3000)),
        "text": told_by(dice),
    }


def told_by(dice: random.Random) -> str:
    """Return words that are like nobody else's: what is told alike is taken for one origin."""
    return " ".join("".join(dice.choice(SYLLABLES) for _ in range(3)) for _ in range(12))


SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "te", "vo", "wi", "ya", "zu", "fe", "go")


def _no_passphrase() -> bytes:
    raise RuntimeError("bug: a bench's keys have no passphrase")


# ---- in a hurry --------------------------------------------------------------------------------------------------

APART = 10_000_000
"""So far apart are the names of an incident and of its copies."""


def copied(one: Crowded, incidents: int) -> int:
    """Fill the projections of a small mission up with copies of its own rows; return how many incidents there are.

    This is no record of a hundred thousand reports: it is as many rows for pages to read, each of the form of one
    that a keeper wrote, elsewhere and under another name. Whoever keeps goes on from the small mission.
    """
    with one.opened(Clock()) as mission, mission.projections.writing() as connection:
        there = "to_size IS NULL AND audience = 'public'"
        (small,) = connection.execute(f"SELECT count(*) FROM incident WHERE {there}").fetchone()  # noqa: S608  our own
        connection.execute("CREATE TEMP TABLE small AS SELECT * FROM incident WHERE to_size IS NULL")
        connection.execute("CREATE TEMP TABLE told_of AS SELECT * FROM report WHERE to_size IS NULL")
        for number in range(1, -(-incidents // small)):
            aside = f"'i-' || (substr(%s, 3) + {number * APART})"
            moved = f"abs(random()) % {int(WIDE * E7)} - {int(WIDE * E7) // 2}"
            places = {"id": aside % "id", "lat_e7": moved, "lon_e7": f"-{30 * E7} + {moved}"}
            _copy(connection, "incident", "small", places)
            _copy(connection, "report", "told_of", {"id": f"id || '-{number}'", "incident": aside % "incident"})
        (found,) = connection.execute(f"SELECT count(*) FROM incident WHERE {there}").fetchone()  # noqa: S608  our own
    return int(found)


def _copy(connection: sqlite3.Connection, table: str, origin: str, other: dict[str, str]) -> None:
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    said = ", ".join(other.get(name, name) for name in columns)
    connection.execute(f"INSERT INTO {table} SELECT {said} FROM {origin}")  # noqa: S608  our own
