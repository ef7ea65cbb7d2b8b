"""The keeper as a service: it integrates whatever comes, and writes down what follows while more may come.

    Service(mission).run(stop)      until told to stop; a server runs it as a child, `truce keep` by itself

What is submitted is acknowledged when it is durable and integrated. Facts and standings are written by a thread of
their own, in the order of the record, so that nobody waits for them. Another one answers what pages ask.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from trucekeeper.ledger.asking import Ahead, Cosigned, Silent
from trucekeeper.ledger.asking import Refused as Declined
from trucekeeper.mission.answering import Answering
from trucekeeper.mission.cosigning import Cosigning
from trucekeeper.mission.keeping import Keeping, alone
from trucekeeper.mission.standings import OutdatedError, Standings, StoppedError
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.moments import MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.ledger.asking import Outcome
    from trucekeeper.mission.mission import Mission

NAP = 0.005
"""Seconds between two looks into the inbox: less than a person notices, and than a disk takes to write."""
TICK = 1.0
"""Seconds between two looks at whether time alone changed a standing."""
ASKED = 0.03
"""Seconds between two looks at whether a page asks why: one row of SQLite."""
TURN = 0.0002
"""Seconds after which a thread that works out standings lets another one work: an entry is integrated in some fifty
steps that wait for a disk, and after each its turn must come again at once."""
AGAIN = 10.0
"""Seconds until a witness that did not cosign is asked again."""


class Service:
    """A keeper at work on a mission."""

    def __init__(self, mission: Mission, tell: Callable[[str], None] = lambda _: None) -> None:
        """Begin with nothing done. `tell` is told what the witnesses answer, when that changes."""
        self._mission = mission
        self._tell = tell
        self._entered, self._signed, self._cosigned, self._over = Event(), Event(), Event(), Event()
        self._failed: BaseException | None = None
        self._standings: Standings | None = None

    def run(self, stop: Event) -> None:
        """Keep the mission until told to stop. Raises Refused if somebody else keeps it, and BehindError."""
        mission = self._mission
        with alone(mission.settings.folder, mission.journal) as mine:
            if not mine:
                folder = str(mission.settings.folder)
                raise Refused([Fault(folder, 0, 0, "somebody else keeps this mission", "stop the other one first")])
            keeping = Keeping(mission)
            ahead = keeping.keeper.last_at - mission.clock()
            if ahead > MINUTE:
                self._tell(
                    f"ALARM: the clock is {ahead // MINUTE:,} minutes behind the record's last entry; what comes"
                )
                self._tell("meanwhile bears that entry's time: no entry is earlier than the one before it")
            every = sys.getswitchinterval()
            sys.setswitchinterval(TURN)
            threads = [Thread(target=self._minded, args=[one]) for one in (self._write, self._ask, self._explain)]
            for one in threads:
                one.start()
            try:
                self._integrate(keeping, stop)
            finally:
                sys.setswitchinterval(every)
                self._over.set()
                for event in (self._entered, self._signed):
                    event.set()
                for one in threads:
                    one.join()
        if self._failed is not None:
            raise self._failed

    def _integrate(self, keeping: Keeping, stop: Event) -> None:
        while not stop.is_set() and self._failed is None:
            if keeping.integrate():
                self._entered.set()
                self._signed.set()
            else:
                stop.wait(NAP)
            if self._cosigned.is_set():
                self._cosigned.clear()
                keeping.publish()

    def _minded(self, work: Callable[[], None]) -> None:
        """Do the work of a thread; what goes wrong in it stops the service."""
        try:
            work()
        except BaseException as error:  # noqa: BLE001  a thread's outermost loop: who runs the service raises it
            self._failed = error

    def _write(self) -> None:
        """Write down what follows from the record, as it grows and as time passes."""
        while not self._over.is_set():
            self._entered.clear()
            self._catch_up()
            self._entered.wait(TICK)

    def _explain(self) -> None:
        """Answer what pages ask, while standings are written: of a great record an answer takes its time."""
        answering = Answering(self._mission)
        while not self._over.is_set():
            standings = self._standings
            if standings is not None:
                with suppress(OutdatedError):  # it is asked again once they are written anew
                    answering.answer(standings)
            self._over.wait(ASKED)

    def _ask(self) -> None:
        """Have the witnesses cosign the newest head, again and again those that did not."""
        cosigning = Cosigning(self._mission.settings, self._mission.journal.store)
        for one in cosigning.unreachable:
            self._tell(f"witness {one}")
        before: dict[str, Outcome] = {}
        while not self._over.is_set():
            self._signed.clear()
            found = cosigning.ask()
            if any(isinstance(one, Cosigned) for one in found.values()):
                self._cosigned.set()
            for name, outcome in found.items():
                if type(outcome) is not type(before.get(name)):
                    self._tell(f"witness {name}: {_said(outcome)}")
            before = found
            good = all(isinstance(one, Cosigned) for one in found.values())
            self._signed.wait(None if good else AGAIN)

    def _catch_up(self) -> None:
        while True:
            self._mission.projections.catch_up(self._mission.journal)
            try:
                standings = self._standings or self._begun()
                standings.catch_up(self._mission.clock(), enough=self._over.is_set)
            except OutdatedError:
                self._standings = None
            except StoppedError:
                return
            else:
                return

    def _begun(self) -> Standings:
        """Begin with where the rows stand, and have no collection go through all of that again and again."""
        self._standings = Standings(self._mission, enough=self._over.is_set)
        gc.collect()
        gc.freeze()
        return self._standings


def _said(outcome: Outcome) -> str:
    match outcome:
        case Cosigned():
            return "cosigned"
        case Ahead(size):
            return f"ALARM: says that it has seen {size:,} entries, more than there are"
        case Silent(why):
            return f"silent: {why}"
        case Declined(why):
            return f"REFUSED: {why}"
