"""Fusion as reports come and go: only the components that are touched are clustered anew.

What stands after any sequence of additions, removals and decisions is what `clustering.partition` makes of the
reports that are left and of all decisions, bit for bit. A new report is weighed against whoever is within its reach,
found by a look at all times and places there are; the pairs above nought are kept, and say what its component is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trucekeeper.fusion.candidates import FEW, TIER, needed, positive_pairs, reach
from trucekeeper.fusion.clustering import Rival, attached, placed_clusters, unplaced_reach
from trucekeeper.fusion.columns import NAMES, NONE, Columns
from trucekeeper.fusion.decisions import settled
from trucekeeper.fusion.weights import READINGS, Read
from trucekeeper.geo.plane import all_bands, rows_of
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucekeeper.fusion.columns import Flags, Wholes
    from trucekeeper.fusion.decisions import Decision
    from trucekeeper.fusion.weights import Weigher

_ROOM = 1024
_TURN_E7 = 360 * E7


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: the incidents that are no more as they were, and those that are new or other now.

    An incident is called by its least key, and given by the keys of its reports in order.
    """

    gone: frozenset[int]
    now: dict[int, tuple[int, ...]]


class Live:
    """Incidents that follow their reports."""

    def __init__(self, weigher: Weigher) -> None:
        """Begin without reports."""
        self.weigher = weigher
        self._store = _Store(weigher)
        self._near: dict[int, dict[int, int]] = {}
        self._seekers: dict[int, set[int]] = {}
        self._sought: dict[int, set[int]] = {}
        self._reaches = _Reaches(weigher)
        self._classes = 0
        self._holds = settled(())
        self._core: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._joined: dict[int, set[int]] = {}
        self._joins: dict[int, int] = {}
        self._rivals: dict[int, Rival] = {}
        self._incidents: dict[int, tuple[int, ...]] = {}
        self._incident_of: dict[int, int] = {}

    @property
    def incidents(self) -> dict[int, tuple[int, ...]]:
        """Return the incidents that stand, by their least keys."""
        return dict(self._incidents)

    @property
    def rivals(self) -> tuple[Rival, ...]:
        """Return the reports that no incident was guessed for, in the order of their keys."""
        return tuple(self._rivals[key] for key in sorted(self._rivals))

    def add(self, rows: Columns) -> Changed:
        """Take in reports. Raises ValueError if one is there already."""
        seen: set[int] = set()
        for key in rows.key.tolist():
            if key in self._store.slot or key in seen:
                raise ValueError(f"report {key} is there already: remove it before you add it anew")
            seen.add(key)
        slots = self._store.put(rows)
        self._look_further()
        if len(slots) > FEW and len(self._store.slot) == len(slots):
            self._meet_at_once(slots)
        else:
            for slot in slots:
                self._meet(slot)
        return self._again(set(slots))

    def remove(self, keys: Iterable[int]) -> Changed:
        """Take reports out. Raises KeyError for one that is not there."""
        slots = {self._store.slot[key] for key in keys}
        touched: set[int] = set()
        for slot in slots:
            touched |= self._forget(slot)
        for slot in slots:
            self._store.drop(slot)
        return self._again(touched - slots, slots)

    def decide(self, decisions: Iterable[Decision]) -> Changed:
        """Hold to these decisions and no others, given from the earliest to the latest."""
        before, self._holds = self._holds, settled(tuple(decisions))
        touched: set[int] = set()
        changed = [self._store.slot[key] for key in before.changed(self._holds) if key in self._store.slot]
        for slot in changed:
            core = self._core.get(slot)
            touched |= self._forget(slot) | set(() if core is None else self._members[core])
        for slot in changed:
            self._meet(slot)
        return self._again(touched | set(changed))

    # ---- who is near whom ------------------------------------------------------------------------------------------

    def _look_further(self) -> None:
        """Let reports without a place look as far as the classes of time that have come in ask for."""
        store, classes = self._store, len(self.weigher.later.classes)
        if classes > self._classes:
            self._classes = classes
            seekers = np.flatnonzero(store.alive & ~store.clustered)
            store.far[seekers] = unplaced_reach(self.weigher, store.read, seekers)

    def _meet_at_once(self, slots: list[int]) -> None:
        """Do for the first reports what `_meet` does for one after the other."""
        store = self._store
        for slot in slots:
            if store.read.columns.located[slot]:
                store.alive[slot] = store.clustered[slot] = True
                self._near[slot] = {}
                self._reaches.of(store, slot)
        one, two, weights = positive_pairs(self.weigher, store.read.some(np.array(slots)))
        for first, second, weight in zip(one.tolist(), two.tolist(), weights.tolist(), strict=True):
            self._near[slots[first]][slots[second]] = self._near[slots[second]][slots[first]] = weight
        for slot in slots:
            if not store.read.columns.located[slot]:
                self._meet(slot)

    def _meet(self, slot: int) -> None:
        """Keep whom a report weighs more than nought with."""
        store = self._store
        store.alive[slot] = True
        store.clustered[slot] = bool(store.read.columns.located[slot]) or store.key(slot) in self._holds.group
        if not store.clustered[slot]:
            store.far[slot] = int(unplaced_reach(self.weigher, store.read, np.array([slot]))[0])
            links = self._good(slot, store.later(slot, int(store.far[slot])) & store.clustered[: store.size])
            self._sought[slot] = set(links)
            for other in links:
                self._seekers.setdefault(other, set()).add(slot)
            return
        self._near[slot] = {}
        if store.read.columns.located[slot]:
            for other, weight in self._good(slot, store.about(slot, *self._reaches.of(store, slot))).items():
                self._near[slot][other] = self._near[other][slot] = weight
        seekers = ~store.clustered[: store.size] & store.alive[: store.size]
        for other in self._good(slot, store.later(slot, store.far[: store.size]) & seekers):
            self._sought[other].add(slot)
            self._seekers.setdefault(slot, set()).add(other)

    def _good(self, slot: int, which: Flags) -> dict[int, int]:
        """Return the weights above nought with those asked for."""
        others = np.flatnonzero(which)
        others = others[others != slot]
        weights = self.weigher.weigh(self._store.read, np.full(len(others), slot), others)
        good = weights > 0
        return dict(zip(others[good].tolist(), weights[good].tolist(), strict=True))

    def _forget(self, slot: int) -> set[int]:
        """Drop whom a report is near; return it and all these, and those it was joined with."""
        self._store.alive[slot] = False
        near = self._near.pop(slot, {})
        for other in near:
            self._near[other].pop(slot, None)
        seekers = self._seekers.pop(slot, set())
        for other in seekers:
            self._sought[other].discard(slot)
        sought = self._sought.pop(slot, set())
        for other in sought:
            self._seekers.get(other, set()).discard(slot)
        return {slot, *near, *seekers, *self._tied(slot)}

    def _tied(self, slot: int) -> list[int]:
        """Return who is there of those that people joined with a report."""
        store, group = self._store, self._holds.group
        least = group.get(store.key(slot))
        if least is None:
            return []
        return [store.slot[key] for key in self._holds.members[least] if key in store.slot]

    # ---- what becomes of it ----------------------------------------------------------------------------------------

    def _again(self, touched: set[int], removed: set[int] = frozenset()) -> Changed:  # type: ignore[assignment]  # never changed
        """Cluster anew the components of some reports, and those without a place that look there."""
        rows = self._components({slot for slot in touched if self._store.clustered[slot]})
        seekers = {slot for slot in touched if not self._store.clustered[slot]}
        seekers |= {seeker for slot in rows for seeker in self._seekers.get(slot, ())}
        old = {self._core[slot] for slot in (*rows, *removed) if slot in self._core}
        seekers |= {seeker for core in old for seeker in self._joined.get(core, ())} - removed
        seekers -= set(rows)  # whom people joined with others seeks no more
        old |= {self._joins[slot] for slot in (*rows, *seekers, *removed) if slot in self._joins}
        before = self._standing({*rows, *seekers, *removed}, old)
        self._undo({*rows, *seekers, *removed})
        cores = self._cluster(rows) | self._seek(seekers)
        cores |= {core for core in old if core in self._members}
        return self._tell(before, cores, {slot for slot in seekers if slot not in self._joins})

    def _components(self, slots: set[int]) -> list[int]:
        """Return all reports of the components of some, in the order of their keys."""
        seen, ahead = set(slots), list(slots)
        while ahead:
            slot = ahead.pop()
            for other in (*self._near[slot], *self._tied(slot)):
                if other not in seen:
                    seen.add(other)
                    ahead.append(other)
        return sorted(seen, key=self._store.key)

    def _standing(self, slots: set[int], cores: set[int]) -> dict[int, tuple[int, ...]]:
        """Return the incidents that some reports and clusters are in now."""
        keys = {self._store.key(slot) for slot in slots}
        keys |= {self._store.key(core) for core in cores}
        names = {self._incident_of[key] for key in keys if key in self._incident_of}
        return {name: self._incidents[name] for name in names}

    def _undo(self, slots: set[int]) -> None:
        for slot in slots:
            core = self._core.pop(slot, None)
            if core is not None:
                self._members.pop(core, None)
                for seeker in self._joined.pop(core, ()):
                    self._joins.pop(seeker, None)
            joined = self._joins.pop(slot, None)
            if joined is not None:
                self._joined[joined].discard(slot)
            self._rivals.pop(self._store.key(slot), None)

    def _cluster(self, rows: list[int]) -> set[int]:
        """Cluster reports that are whole components; return the labels of their clusters."""
        if not rows:
            return set()
        at = {slot: row for row, slot in enumerate(rows)}
        edges = [
            (at[slot], at[other], weight)
            for slot in rows
            for other, weight in self._near[slot].items()
            if at[slot] < at[other]
        ]
        one, two, weights = np.array(edges, dtype=np.int64).reshape(-1, 3).T
        read = self._store.read.some(np.array(rows, dtype=np.int64))
        found = placed_clusters(self.weigher, read, (one, two, weights), self._holds.among(read.columns.key.tolist()))
        self._rivals |= {rival.report: rival for rival in found.rivals}
        for slot, label in zip(rows, found.label.tolist(), strict=True):
            self._core[slot] = rows[label]
            self._members.setdefault(rows[label], []).append(slot)
        return {rows[label] for label in found.label.tolist()}

    def _seek(self, seekers: set[int]) -> set[int]:
        """Look for the incident of each report without a place; return the clusters found."""
        found = set()
        for slot in seekers:
            cores = {self._core[other] for other in self._sought[slot]}
            about = {core: np.array(self._members[core], dtype=np.int64) for core in cores}
            chosen = attached(self.weigher, self._store.read, slot, about, holds=self._holds)
            if isinstance(chosen, Rival):
                self._rivals[chosen.report] = chosen
            elif chosen is not None:
                self._joins[slot] = chosen
                self._joined.setdefault(chosen, set()).add(slot)
                found.add(chosen)
        return found

    def _tell(self, before: dict[int, tuple[int, ...]], cores: set[int], alone: set[int]) -> Changed:
        """Put the incidents that stand now in the place of those before, and say what differs."""
        key = self._store.key
        before = before | self._standing(set(), cores)
        sets = [[*self._members[core], *self._joined.get(core, ())] for core in cores] + [[slot] for slot in alone]
        now = {min(keys): keys for keys in (tuple(sorted(map(key, slots))) for slots in sets)}
        for name, keys in before.items():
            del self._incidents[name]
            for one in keys:
                self._incident_of.pop(one, None)
        self._incidents |= now
        self._incident_of |= {one: name for name, keys in now.items() for one in keys}
        return Changed(
            frozenset(name for name, keys in before.items() if now.get(name) != keys),
            {name: keys for name, keys in sorted(now.items()) if before.get(name) != keys},
        )


class _Store:
    """Reports in slots that are used again once they are free; what stands in a free one means nothing."""

    def __init__(self, weigher: Weigher) -> None:
        self._weigher = weigher
        self._free: list[int] = []
        self._keys: list[int] = []
        self.slot: dict[int, int] = {}
        self.size = 0
        self.read = weigher.read(NONE)
        self.need = np.zeros(0, dtype=np.int64)
        self.far = np.zeros(0, dtype=np.int64)
        self.alive = np.zeros(0, dtype=np.bool_)
        self.clustered = np.zeros(0, dtype=np.bool_)

    def key(self, slot: int) -> int:
        """Return the key of the report in a slot; of the one last there, if it is free."""
        return self._keys[slot]

    def put(self, rows: Columns) -> list[int]:
        """Keep reports; return their slots."""
        while len(self._free) < len(rows):
            self._grow()
        slots = [self._free.pop() for _ in range(len(rows))]
        read = self._weigher.read(rows)
        for name in NAMES:
            getattr(self.read.columns, name)[slots] = getattr(rows, name)
        for name in READINGS:
            getattr(self.read, name)[slots] = getattr(read, name)
        self.need[slots] = needed(self._weigher, read)
        for slot, key in zip(slots, rows.key.tolist(), strict=True):
            self.slot[key], self._keys[slot] = slot, key
        self.size = max([self.size, *(slot + 1 for slot in slots)])
        return slots

    def drop(self, slot: int) -> None:
        """Free a slot."""
        del self.slot[self._keys[slot]]
        self.alive[slot] = self.clustered[slot] = False
        self._free.append(slot)

    def _grow(self) -> None:
        """Make room for as many again."""
        old = len(self.need)
        room = max(old, _ROOM)
        columns = Columns(*(_longer(getattr(self.read.columns, name), room) for name in NAMES))
        self.read = Read(columns, *(_longer(getattr(self.read, name), room) for name in READINGS))
        self.need, self.far = _longer(self.need, room), _longer(self.far, room)
        self.alive, self.clustered = _longer(self.alive, room), _longer(self.clustered, room)
        self._keys.extend([0] * room)
        self._free.extend(range(old + room - 1, old - 1, -1))

    def later(self, slot: int, far: int | Wholes) -> Flags:
        """Return who is no further away in time."""
        times = self.read.columns.time_us[: self.size]
        near: Flags = self.alive[: self.size] & (np.abs(times - times[slot]) <= far)
        return near

    def about(self, slot: int, reach_m: float, reach_us: float) -> Flags:
        """Return which reports with a place are within a box about one."""
        columns, size = self.read.columns, self.size
        bands = all_bands()
        lat, lon = int(columns.lat_e7[slot]), int(columns.lon_e7[slot])
        high = int(reach_m / float(bands.y_m.min())) + 1
        x_m = float(bands.x_m[rows_of(np.array([lat - high, lat + high]))].min())
        turn = np.abs(columns.lon_e7[:size] - lon)
        which: Flags = np.abs(columns.time_us[:size] - columns.time_us[slot]) <= reach_us
        which &= np.abs(columns.lat_e7[:size] - lat) <= high
        which &= np.minimum(turn, _TURN_E7 - turn) <= reach_m / x_m + 1
        which &= columns.located[:size] & self.alive[:size]
        return which


class _Reaches:
    """How far a report must look: as far as any class of report met so far could reach, where it is thinnest."""

    def __init__(self, weigher: Weigher) -> None:
        self._weigher = weigher
        self._least: dict[tuple[int, int], tuple[int, int]] = {}
        self._known: dict[tuple[tuple[int, int], tuple[int, int], int], tuple[float, float]] = {}

    def of(self, store: _Store, slot: int) -> tuple[float, float]:
        """Return how far a report must look, in metres and microseconds; it is met by this."""
        read = store.read
        mine = (int(read.place[slot]), int(read.time[slot]))
        vague, need = int(read.vague[slot]), int(store.need[slot]) // TIER * TIER
        least = self._least.get(mine, (vague, need))[1]
        self._least[mine] = (vague, min(need, least))
        far, late = 0.0, 0.0
        for group, (other, theirs) in self._least.items():
            asked = need if other < vague else theirs if other > vague else min(need, theirs)
            reached = self._reach(mine, group, asked)
            far, late = max(far, reached[0]), max(late, reached[1])
        return far, late

    def _reach(self, mine: tuple[int, int], group: tuple[int, int], need: int) -> tuple[float, float]:
        name = (mine, group, need)
        if name not in self._known:
            reached = reach(self._weigher, mine, group, need)
            self._known[name] = reached if min(reached) > 0 else (0.0, 0.0)
        return self._known[name]


def _longer(array: Any, room: int) -> Any:  # noqa: ANN401  an array of whatever it holds
    return np.concatenate([array, np.zeros(room, dtype=array.dtype)])
