"""A small mission with an operations room: accounts of every role and delegation, and one restricted report."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from tests import mission_small as small
from tests.journal_small import key
from tests.mission_small import BEGUN, CHAIR, NORTH, Clock, certificate, decision, enter, opened, put
from trucekeeper.mission import kinds
from trucekeeper.mission.answering import Answering
from trucekeeper.mission.looking import Looking, Sight
from trucekeeper.mission.questions import Asked, Questions
from trucekeeper.mission.standings import Standings
from trucekeeper.opsroom.people.models import ADMINISTRATOR, Account
from trucekeeper.opsroom.rights import ROLES
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trucekeeper.journal.canonical import Json
    from trucekeeper.mission.mission import Mission

CANARY = "kestrel-orchard-seven"
"""Words that stand in one report, releasable to north alone."""
OPEN, SHUT = b"a note that all may read\n", f"a note that says {CANARY}\n".encode()
"""An original of the first report, and one of the restricted report."""
SEEN_BY = "north"
NIGHT = key("night officer of north")
"""The key of an officer who keeps a watch."""
PASSWORD = "a quiet valley at 3"  # noqa: S105  of accounts that live as long as a test
DELEGATIONS = ("north", "south", "guarantor", "commission")


def founded(folder: Path, clock: Clock, *, restricted: bool = True, postgres: str = "", lon: str = "34.51") -> None:
    """Found a mission with three reports that all may see, and one that only north may."""
    small.begin(small.settings(folder, postgres=postgres), clock)
    with opened(folder, clock) as mission:
        enter(mission, CHAIR, decision())
        put(mission, mission.said(kinds.SOURCE, SOURCE, by=[CHAIR]))
        mission.evidence.keep(OPEN)
        several = (_report(mission, one, evidence=OPEN if one == 1 else None, lon=lon) for one in range(1, 4))
        put(mission, *several)
        put(mission, _text(mission))
        put(mission, certificate(mission, NIGHT, SEEN_BY, "watch_officer"))
        if restricted:
            label = {"owner": SEEN_BY, "releasable_to": [SEEN_BY]}
            mission.evidence.keep(SHUT)
            put(mission, _report(mission, 9, text=f"said {CANARY}", by="south", label=label, evidence=SHUT))
            note: dict[str, Json] = {"watch": "watch-0", "text": f"ask about {CANARY}"}
            put(mission, mission.said(kinds.NOTE, note, by=[NIGHT], label={"owner": SEEN_BY}))
        clock.pass_by(2 * HOUR)
        write(mission)


def write(mission: Mission) -> None:
    """Write down what follows from the record by now, as whoever keeps does."""
    mission.projections.catch_up(mission.journal)
    Standings(mission).catch_up(mission.clock())


def answer_all(mission: Mission, delegations: Iterable[str]) -> None:
    """Ask why of every commitment as it stands now, for some delegations, and answer it as whoever keeps does."""
    standings, answering = Standings(mission), Answering(mission)
    for who in delegations:
        for row in Looking(mission.projections).standing(Sight(who, mission.clock())):
            asked = Asked(who, row["clause"], row["key"][0], Proof.CORROBORATED)
            Questions(mission.projections).put(asked, "test")
            answering.answer(standings)


SOURCE: dict[str, Json] = {
    "name": "patrols",
    "reader": "csv",
    "entered_by": "north south guarantor commission",
    "grade": "B2",
    "first_hand": True,
    "rulings": {"kind": {"fire": "shelling"}, "actor": {"south": "south", "north": "north"}},
}


TEXT = "Article 1. There shall be no attacks.\n"


def _text(mission: Mission) -> bytes:
    digest = mission.evidence.keep(TEXT.encode())
    body: dict[str, Json] = {
        "name": "protocol",
        "language": "en",
        "file": "protocol.en.txt",
        "sha256": digest,
        "bytes": len(TEXT),
    }
    return mission.said(kinds.TEXT, body, by=[CHAIR])


def _report(
    mission: Mission,
    number: int,
    *,
    text: str = "",
    by: str = "",
    label: object = None,
    evidence: bytes | None = None,
    lon: str = "34.51",
) -> bytes:
    at = BEGUN + number * 10 * MINUTE
    words = {"kind": "fire", "by": by} if by else {"kind": "fire"}
    body = {
        "id": f"patrols/{number}",
        "source": "patrols",
        "words": words,
        "at": write_moment(at),
        "learned_at": write_moment(at + MINUTE),
        "lat": f"{31.5 + number / 10:.2f}",
        "lon": lon,
        "within_m": 300,
        "text": text or f"shots near post {number}",
        **({} if evidence is None else {"evidence": [digest_of(evidence)]}),
    }
    return mission.said(kinds.REPORT, body, by=[NORTH], label=label or {})  # type: ignore[arg-type]


def digest_of(original: bytes) -> str:
    """Return by what an original is known."""
    return sha256(original).hexdigest()


def accounts() -> dict[tuple[str, str], Account]:
    """Make an account of every role in every delegation, and return them."""
    found = {}
    for role in ROLES:
        for delegation in ("",) if role == ADMINISTRATOR else DELEGATIONS:
            name = f"{role.replace('_', '-')}-{delegation or 'none'}"
            one = Account(username=name, role=role, delegation=delegation, made_at=datetime(2031, 3, 10, tzinfo=UTC))
            one.set_password(PASSWORD) if (role, delegation) in _COME_IN else one.set_unusable_password()
            one.save()
            found[role, delegation] = one
    return found


_COME_IN = {("watch_officer", "commission"), (ADMINISTRATOR, "")}
"""Who comes in by the door in a test; a password takes a tenth of a second to make."""
