"""The keeper as a service: it integrates whatever comes, and writes down what follows while more may come.

    Service(mission).run(stop)      until told to stop; a server runs it as a child, `truce keep` by itself

What is submitted is acknowledged when it is durable and integrated. Facts and standings are written by a thread of
their own, in the order of the record, so that nobody waits for them.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from trucekeeper.mission.keeping import Keeping, alone
from trucekeeper.mission.standings import OutdatedError, Standings
from trucekeeper.terms import Fault, Refused

if TYPE_CHECKING:
    from trucekeeper.mission.mission import Mission

NAP = 0.005
"""Seconds between two looks into the inbox: less than a person notices, and than a disk takes to write."""
TICK = 1.0
"""Seconds between two looks at whether time alone changed a standing."""


class Service:
    """A keeper at work on a mission."""

    def __init__(self, mission: Mission) -> None:
        """Begin with nothing done."""
        self._mission = mission
        self._new, self._over = Event(), Event()
        self._failed: BaseException | None = None

    def run(self, stop: Event) -> None:
        """Keep the mission until told to stop. Raises Refused if somebody else keeps it, and BehindError."""
        mission = self._mission
        with alone(mission.settings.folder, mission.journal) as mine:
            if not mine:
                folder = str(mission.settings.folder)
                raise Refused([Fault(folder, 0, 0, "somebody else keeps this mission", "stop the other one first")])
            keeping = Keeping(mission.settings.folder, mission.journal, mission.signer(), clock=mission.clock)
            writing = Thread(target=self._write, name="projections")
            writing.start()
            try:
                while not stop.is_set() and self._failed is None:
                    if keeping.integrate():
                        self._new.set()
                    else:
                        stop.wait(NAP)
            finally:
                self._over.set()
                self._new.set()
                writing.join()
        if self._failed is not None:
            raise self._failed

    def _write(self) -> None:
        """Write down what follows from the record, as it grows and as time passes."""
        try:
            standings: Standings | None = None
            while not self._over.is_set():
                self._new.clear()
                standings = self._caught_up(standings)
                self._new.wait(TICK)
        except BaseException as error:  # noqa: BLE001  a thread's outermost loop: who runs the service raises it
            self._failed = error

    def _caught_up(self, standings: Standings | None) -> Standings:
        self._mission.projections.catch_up(self._mission.journal)
        while True:
            standings = standings or Standings(self._mission)
            try:
                standings.catch_up(self._mission.clock(), enough=self._over.is_set)
            except OutdatedError:
                standings = None
            else:
                return standings
