"""The score: what a mission made of a drill, measured against the truth of it. Every measure is given by party.

An incident is of the act, true or only claimed, of which most of its sources tell: a source that floods counts once.
Then, for each act that anybody told of, and each incident:

    found        acts of which some incident is; and of these, those that were taken for corroborated
    missed       acts of which none is
    merged       incidents that hold reports of several acts, true or only claimed
    split        acts whose reports lie in several incidents
    invented     incidents of what nobody did; and of these, those that were taken for corroborated although no report
                 of anything true is among theirs
    wrong party  incidents of a true act that name, corroborated, another than who did it
    delay        from an act to the first report known of it, and to the moment at which it was corroborated

and for each commitment at the end:

    right               the verdict is the true one
    falsely contrary    contrary, where in truth nothing contrary happened
    missed              in truth contrary, and said to be something else than that nobody can tell
    cannot tell         nobody can tell, where in truth one could
    otherwise wrong     anything else
    not there           the commitment is not among the mission's

An act counts for who truly did it, an invented one for whom it accuses, a wrong party for whom it names, a verdict
for who is bound. Numbers are whole, shares per mille, delays whole seconds (the middle one and the longest).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.exercise.truth import COUNTED
from trucekeeper.terms import Proof, Verdict
from trucekeeper.terms.moments import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.exercise.truth import Stood, TrueAct, Truth
    from trucekeeper.terms import Interval, Moment

ALL, OTHERS = "all", "others"
"""The columns besides the parties': everybody together, and whoever is no party."""

FOUND, SHOWN, MISSED = "found", "found, corroborated", "missed"
INVENTED, BELIEVED = "invented", "invented, corroborated"
MERGED, SPLIT, WRONG_PARTY = "merged", "split", "wrong party"
INCIDENTS = (FOUND, SHOWN, MISSED, INVENTED, BELIEVED, MERGED, SPLIT, WRONG_PARTY)
RIGHT, FALSELY, OVERLOOKED = "right", "falsely contrary", "contrary missed"
CANNOT, OTHERWISE, ABSENT = "cannot tell", "otherwise wrong", "not there"
VERDICTS = (RIGHT, FALSELY, OVERLOOKED, CANNOT, OTHERWISE, ABSENT)
DELAYS = ("first report", "corroborated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An incident as a mission has it. `by` is the actor that it names, None if it names nobody."""

    id: str
    kind: str
    by: str | None
    when: Interval
    reports: tuple[str, ...]
    occurred: Proof
    who: Proof
    first_known: Moment
    corroborated_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Delay:
    """How long it took, of several: the middle one and the longest, in whole seconds."""

    count: int
    middle: int
    longest: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the score: a measure of one party, and out of how many; `of` is 0 where it is out of none."""

    party: str
    measure: str
    count: int
    of: int = 0

    @property
    def per_mille(self) -> int | None:
        """Return the share per mille, rounded down; None where there is nothing of which it could be one."""
        return self.count * 1000 // self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Score:
    """What was counted, for each party, for all others and for all.

    `unreported` are the acts of which nobody told, so that nobody could find them; `stray` the incidents that hold no
    report of the drill.
    """

    parties: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    delays: Mapping[str, Mapping[str, Delay]]
    unreported: int = 0
    stray: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> tuple[str, ...]:
        """Return whom the score speaks of, in their order."""
        return (*self.parties, OTHERS, ALL)

    def count(self, party: str, measure: str) -> int:
        """Return one number."""
        return self.counts[party].get(measure, 0)

    def as_rows(self) -> tuple[Row, ...]:
        """Return the score as lines: incidents of the acts told of, verdicts of the commitments."""
        found: list[Row] = []
        for party in self.columns:
            acts = self.count(party, FOUND) + self.count(party, MISSED)
            incidents = self.count(party, "incidents")
            bases = dict.fromkeys((FOUND, SHOWN, MISSED, SPLIT), acts)
            found += [Row(party, name, self.count(party, name), bases.get(name, incidents)) for name in INCIDENTS]
            judged = sum(self.count(party, _verdict(name)) for name in VERDICTS)
            found += [Row(party, _verdict(name), self.count(party, _verdict(name)), judged) for name in VERDICTS]
            for name, delay in self.delays.get(party, {}).items():
                found += [
                    Row(party, f"delay to {name}, middle, s", delay.middle),
                    Row(party, f"delay to {name}, longest, s", delay.longest),
                ]
        return tuple(found)


def _verdict(name: str) -> str:
    return f"verdict {name}"


def score(truth: Truth, incidents: Iterable[Scored], rows: Iterable[Stood]) -> Score:
    """Return the score of a mission's incidents, and of its standing at the end, against the truth."""
    marking = _Marking(truth, list(incidents))
    marking.incidents_held()
    marking.acts_held()
    marking.verdicts(list(rows))
    return marking.score()


class _Marking:
    """The score as it is added up."""

    def __init__(self, truth: Truth, incidents: Sequence[Scored]) -> None:
        self.truth, self.incidents = truth, incidents
        self.acts = {one.id: one for one in truth.acts}
        self.of = {one.id: one.of for one in truth.reports}
        self.told = truth.told_of()
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.waited: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.subjects = {one.id: self._subject(one) for one in incidents}
        self.stray: list[str] = []

    def _subject(self, incident: Scored) -> TrueAct | None:
        """Return the act of which most of an incident's sources tell; of as many, one that happened, the earliest."""
        told = {(self.of[one], one.partition("/")[0]) for one in incident.reports if one in self.of}
        counted = Counter(act for act, _ in told)
        if not counted:
            return None
        most = max(counted.values())
        return min(
            (self.acts[act] for act, count in counted.items() if count == most),
            key=lambda act: (act.invented, act.at, act.id),
        )

    def _add(self, party: str, measure: str, number: int = 1) -> None:
        column = party if party in self.truth.parties else OTHERS
        self.counts[column][measure] += number
        self.counts[ALL][measure] += number

    def incidents_held(self) -> None:
        """Count what is wrong with each incident."""
        for one in self.incidents:
            subject = self.subjects[one.id]
            if subject is None:
                self.stray.append(one.id)
                continue
            self._add(subject.by, "incidents")
            held = self._held(one)
            if len(held) > 1:
                self._add(subject.by, MERGED)
            if subject.invented:
                self._add(subject.by, INVENTED)
                if one.occurred >= Proof.CORROBORATED and all(self.acts[act].invented for act in held):
                    self._add(subject.by, BELIEVED)
            elif one.by not in {None, subject.by} and one.who >= Proof.CORROBORATED:
                self._add(str(one.by), WRONG_PARTY)

    def _held(self, incident: Scored) -> set[str]:
        return {self.of[one] for one in incident.reports if one in self.of}

    def acts_held(self) -> None:
        """Count which acts were found, and in how many pieces, and how long that took."""
        held: defaultdict[str, list[Scored]] = defaultdict(list)
        whose: defaultdict[str, list[Scored]] = defaultdict(list)
        for one in self.incidents:
            for name in self._held(one):
                held[name].append(one)
            subject = self.subjects[one.id]
            if subject is not None:
                whose[subject.id].append(one)
        for act in self.acts.values():
            if act.invented or act.id not in self.told:
                continue
            self._add(act.by, FOUND if whose[act.id] else MISSED)
            if any(one.occurred >= Proof.CORROBORATED for one in whose[act.id]):
                self._add(act.by, SHOWN)
            if len(held[act.id]) > 1:
                self._add(act.by, SPLIT)
            self._wait(act, whose[act.id])

    def _wait(self, act: TrueAct, incidents: list[Scored]) -> None:
        known = [one.first_known for one in incidents]
        shown = [one.corroborated_at for one in incidents if one.corroborated_at is not None]
        for name, moments in zip(DELAYS, (known, shown), strict=True):
            if moments:
                seconds = max(0, min(moments) - act.at) // SECOND
                column = act.by if act.by in self.truth.parties else OTHERS
                self.waited[column, name].append(seconds)
                self.waited[ALL, name].append(seconds)

    def verdicts(self, rows: Sequence[Stood]) -> None:
        """Count the verdicts at the end, commitment by commitment."""
        ours = {one.commitment: one.verdict for one in rows}
        true = {one.commitment: one.verdict for one in self.truth.at_the_end}
        for commitment, verdict in true.items():
            self._add(commitment[1], _verdict(_judged(verdict, ours.get(commitment))))
        for commitment, verdict in ours.items():
            if commitment not in true and verdict is Verdict.CONTRARY:
                self._add(commitment[1], _verdict(FALSELY))

    def score(self) -> Score:
        """Return what was counted."""
        columns = (*self.truth.parties, OTHERS, ALL)
        delays = {
            party: {name: _delay(self.waited[party, name]) for name in DELAYS if self.waited[party, name]}
            for party in columns
        }
        counts = {party: dict(self.counts[party]) for party in columns}
        unreported = sum(one.kind not in COUNTED and one.id not in self.told for one in self.truth.acts)
        return Score(self.truth.parties, counts, delays, unreported, tuple(self.stray))


def _judged(true: Verdict, ours: Verdict | None) -> str:
    """Return what a verdict is, given the true one."""
    if ours is None:
        return ABSENT
    if ours is true:
        return RIGHT
    if ours is Verdict.CONTRARY:
        return FALSELY
    if ours is Verdict.CANNOT_TELL:
        return CANNOT
    return OVERLOOKED if true is Verdict.CONTRARY else OTHERWISE


def _delay(seconds: list[int]) -> Delay:
    several = sorted(seconds)
    return Delay(len(several), several[(len(several) - 1) // 2], several[-1])
