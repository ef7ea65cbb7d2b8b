"""The mission that is served, opened once in each worker, and the clock of the room."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NoReturn

from django.conf import settings

from trucekeeper.agreement.plain import read_back
from trucekeeper.journal.evidence import MissingError
from trucekeeper.mission.inbox import Inbox
from trucekeeper.mission.looking import Looking, Sight
from trucekeeper.mission.mission import Mission
from trucekeeper.mission.rates import rates as rates_of
from trucekeeper.mission.witnessed import Witnessing, witnessing
from trucekeeper.opsroom import clock
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.mission.looking import Row
    from trucekeeper.mission.rates import Rate
    from trucekeeper.terms import Proof


FRESH = 10 * SECOND
"""So old may be what pages say of the witnesses."""


def _nobody(_: object) -> NoReturn:
    raise RuntimeError("bug: pages do not keep")


def _now() -> int:
    return clock.now()


@cache
def mission() -> Mission:
    """Return the mission, opened on the first asking. Raises Refused."""
    held = ExitStack()
    atexit.register(held.close)
    return held.enter_context(Mission.open(settings.MISSION, clock=_now, signer=_nobody))


class AnewError(Exception):
    """There is nothing to read just now: something was hidden, and all is worked out anew without it."""


@lru_cache(maxsize=8)
def agreement(digest: str) -> Agreement:
    """Return a version of the agreement. Raises Refused if its files are gone or spoilt, and AnewError."""
    found = [one for one in looking().projections.agreements() if one.digest == digest]
    if not found:
        raise AnewError
    return mission().agreement(found[0])


@lru_cache(maxsize=8)
def plain(digest: str) -> dict[str, tuple[str, ...]]:
    """Return what each clause of a version of the agreement says, in plain sentences. Raises as `agreement` does."""
    return {line.clause: line.sentences for line in read_back(agreement(digest)) if line.part == "clauses"}


@cache
def looking() -> Looking:
    """Return what pages read."""
    return Looking(mission().projections)


def original(digest: str) -> bytes | None:
    """Return an original; None if it is destroyed, or lost or spoilt: of that `truce fsck` tells who keeps."""
    try:
        return mission().evidence.read(digest)
    except MissingError:
        return None


@lru_cache(maxsize=1)
def witnessed(_now: int) -> Witnessing:
    """Return how far witnesses have followed the record, asked anew when the moment over `FRESH` is another."""
    return witnessing(mission())


@lru_cache(maxsize=32)
def rates(_begun: str, _minute: int, sight: Sight) -> Mapping[str, Rate]:
    """Return what became of what each source told: worked out once a minute for a sight, and anew once all is."""
    return rates_of(looking(), sight)


def standing(sight: Sight, proof: Proof) -> Sequence[Row]:
    """Return where every commitment stands, in the order of the text; nobody changes what is returned."""
    if sight.at is not None:
        return looking().standing(sight, proof=proof)
    return _standing(looking().position(), sight.audience, proof)


@lru_cache(maxsize=16)
def _standing(_position: tuple[int, int], audience: str, proof: Proof) -> Sequence[Row]:
    """Read it once for each state of the rows: several pages show it, to all of a delegation."""
    return looking().standing(Sight(audience, _now()), proof=proof)


def waiting(audience: str) -> int:
    """Return how many reports wait for a look, of those that may be released to an audience."""
    return _waiting(looking().position(), audience)


@lru_cache(maxsize=64)
def _waiting(_position: tuple[int, int], audience: str) -> int:
    """Count them once for each state of the rows: every page says how many."""
    return Inbox(looking()).count(Sight(audience, _now()))


class Revocations:
    """The keys that were ever revoked on record: each asking reads on from where the last one came to."""

    def __init__(self) -> None:
        """Begin with the first entry."""
        self._size = 0
        self._keys: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Return whether a key was revoked by now."""
        journal = mission().journal
        governing = list(journal.store.entries(self._size, governing=True))
        for entry, said in zip(governing, journal.opened(governing), strict=True):
            if said is not None and said.statement.kind == "key.revoke":
                self._keys.add(str(said.body["key"]))
            self._size = entry.seq + 1
        return key in self._keys


@cache
def revoked() -> Revocations:
    """Return the keys that were ever revoked."""
    return Revocations()


def forget() -> None:
    """Open what is served anew on the next asking: another mission may be served from here on."""
    for one in (mission, looking, agreement, plain, witnessed, rates, _standing, _waiting, revoked):
        one.cache_clear()
