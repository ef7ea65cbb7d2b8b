"""A small mission to test with: Valoria's protocol, keys that their names decide, and a clock that is told."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.journal_small import key
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question
from trucekeeper.ledger.lines import base64
from trucekeeper.ledger.notes import SIGNS, Signer
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.entering import entering
from trucekeeper.mission.founding import found
from trucekeeper.mission.mission import Mission, Receipt
from trucekeeper.mission.settings import Settings
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import HOUR, MINUTE, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.journal.envelopes import PrivateKey
    from trucekeeper.ledger.policies import Known
    from trucekeeper.terms import Moment

ORIGIN = "valoria.example/truce"
MAP = Path(__file__).resolve().parent.parent / "scenarios" / "valoria.geojson"
BEGUN = parse_moment("2031-03-10T12:00+02:00")
AGREEMENT = """\
agreement: valoria-2031
title: The Valoria Protocol
time_zone: EET
texts: {protocol: {title: The Protocol, language: en}}
parties: {north: {units: [n1, n2]}, south: {units: [s1]}}
actors: {guarantor: {role: guarantor}, commission: {role: mechanism}}
events: {approval: {shown_by: {fact: decision}}}
clauses:
  - {id: halt, kind: prohibit, cite: art. 1, gloss: neither side attacks, by: [north, south], act: {fact: attack},
     after: approval}
  - {id: release, kind: tally, cite: art. 2, gloss: twenty are released within 72 hours, by: south,
     count: {fact: release, by: south}, at_least: 20, after: approval, within: 72h, claims: released}
  - {id: aid, kind: quota, cite: art. 3, gloss: six hundred trucks a day, by: north,
     count: {fact: delivery}, at_least: 600, every: day, after: approval, claims: trucks}
"""
ROOT, LOG = key("root"), Signer(ORIGIN, SIGNS, key("log").key)
NORTH, SOUTH, GUARANTOR, OFFICER, CHAIR = (key(name) for name in ("north", "south", "guarantor", "officer", "chair"))
HOLDERS = {
    "north": (NORTH, "delegation_head"),
    "south": (SOUTH, "delegation_head"),
    "guarantor": (GUARANTOR, "delegate"),
    "commission": (CHAIR, "chair"),
    "protection": (OFFICER, "protection_officer"),
}


class Clock:
    """A clock that stands still until it is told to go on, and then never runs back by itself."""

    def __init__(self, now: Moment = BEGUN) -> None:
        """Begin."""
        self.now = now

    def __call__(self) -> Moment:
        """Return the moment it is."""
        return self.now

    def pass_by(self, length: int) -> None:
        """Let time pass."""
        self.now += length


def draft(folder: Path, *, agreement: str = AGREEMENT) -> Path:
    """Write the draft of the agreement, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.yaml").write_text(agreement)
    (folder / "zones.geojson").write_text(MAP.read_text())
    return folder


def settings(folder: Path, *, postgres: str = "", witnesses: tuple[Known, ...] = (), quorum: int = 0) -> Settings:
    """Return what the mission.toml of a small mission says."""
    return Settings(folder, LOG.verifier, folder.parent / "log.key", postgres, witnesses, quorum)


def begin(said: Settings, clock: Clock, *, hours: int = 72) -> None:
    """Found the mission, and certify a key of each delegation."""
    kept = Draft.read(draft(said.folder.parent / "draft"))
    found(said, kept, [ROOT], objection_hours=hours, clock=clock, signer=lambda: LOG)
    with opened(said.folder, clock) as mission:
        put(mission, *(certificate(mission, of, who, role) for who, (of, role) in HOLDERS.items()))


@contextmanager
def opened(folder: Path, clock: Clock) -> Iterator[Mission]:
    """Yield the mission, open."""
    with Mission.open(folder, clock=clock, signer=lambda _: LOG) as mission:
        yield mission


def certificate(mission: Mission, of: PrivateKey, delegation: str, role: str) -> bytes:
    """Return the certificate of a key, signed by the root."""
    body = {"key": base64(of.public.raw), "delegation": delegation, "role": role}
    return mission.said("key.certify", body, by=[ROOT])


def put(mission: Mission, *envelopes: bytes) -> list[int]:
    """Put statements on record, and return their entries."""
    receipts = mission.enter(envelopes)
    assert not [one.refused for one in receipts if one.refused is not None]
    return [one.seq for one in receipts if one.seq is not None]


def refused(mission: Mission, *envelopes: bytes) -> list[str | None]:
    """Put statements on record, and return why each was refused."""
    return [one.refused for one in mission.enter(envelopes)]


def enter(mission: Mission, by: PrivateKey, *rows: dict[str, object], source: str = "facts") -> list[Receipt]:
    """Enter rows of facts as a file of them, and return the receipts."""
    file = mission.settings.folder.parent / "facts-entered.ndjson"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    who = next(name for name, (holder, _) in HOLDERS.items() if holder is by)
    new = entering(mission, source, [file], who)
    receipts = [one for batch in new.signed(mission, by) for one in mission.enter(batch)]
    assert not new.faults
    return receipts


def attack(name: str, at: Moment = BEGUN + HOUR, by: str = "north", **more: object) -> dict[str, object]:
    """Return the row of an attack that is known for sure."""
    return {
        "id": name,
        "kind": "shelling",
        "by": by,
        "at": write_moment(at),
        "learned_at": write_moment(at + MINUTE),
        "occurred": "verified",
        "who": "verified",
        **more,
    }


def decision(at: Moment = BEGUN) -> dict[str, object]:
    """Return the row of the decision that begins everything."""
    return {
        "id": "approval",
        "kind": "decision",
        "at": write_moment(at),
        "learned_at": write_moment(at),
        "occurred": "verified",
        "fields": {"of": "approval"},
    }


def asked(clock: Clock, audience: str = "public", **more: object) -> Question:
    """Return a question put now, for an audience."""
    now = clock()
    said = {"as_of": now, "known_at": now, "proof": Proof.CORROBORATED, "audience": Audience(audience, now), **more}
    return Question(**said)  # type: ignore[arg-type]
