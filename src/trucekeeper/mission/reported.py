"""Reported: what an audience may see of the reports on record, as incidents, and the facts that these make.

It follows the record group by group: what was integrated at one moment is taken in together, and each incident that
is another for it makes one revision of its fact, numbered by the size of the record. So whoever works it out, in one
go or as reports arrive, has the same revisions.

A report's name belongs to the delegation that entered it first to this audience's knowledge. If another enters the
same name it is no second witness: it counts for nothing, and if it says another thing that is a fault to be told.

It is one module, though long, since all of it turns on one state: what is told under a name, and what that makes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias
from unicodedata import normalize
from weakref import WeakSet

from trucekeeper.fusion.copies import plain
from trucekeeper.fusion.fusing import Fusing
from trucekeeper.fusion.incidents import Rules, gone, key_of, named
from trucekeeper.fusion.model import Model
from trucekeeper.fusion.origins import Registry
from trucekeeper.intake.registered import SORTS, Registered
from trucekeeper.intake.rulings import Aside, Needed, Rulings
from trucekeeper.intake.rulings import Told as Stated
from trucekeeper.journal.charter import RefusedError
from trucekeeper.mission import kinds
from trucekeeper.mission.triaging import decision_of, triaged
from trucekeeper.terms import DAWN, NEVER, Fact, Fault, Interval, Op, Proof, Refused
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.fusion.clusters import Doubtful, Joint
    from trucekeeper.fusion.incidents import Incident
    from trucekeeper.intake.rulings import Word
    from trucekeeper.journal.charter import Accepted
    from trucekeeper.journal.statements import Body
    from trucekeeper.mission.projections import Told
    from trucekeeper.mission.triaging import Decision, Triaged
    from trucekeeper.terms import Moment, Report

Models: TypeAlias = "Callable[[str], Model]"
"""Gives the model of which the JSON has a SHA-256. Raises ValueError if there is none."""
_SHA256 = re.compile("[0-9a-f]{64}")
PROOFS = {proof.word: proof for proof in Proof}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A report that makes nothing yet: the entry that says it, its name, and why."""

    entry: int
    name: str
    needs: tuple[Word, ...] = ()
    fault: Fault | None = None
    ruled_out: bool = False
    decided: Decision | None = None
    """What a person decided, who set it aside; `report` is then what it would count as, if it would."""
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """How far a person holds an incident, and the author whom he names, to be established: the entry that says it."""

    entry: int
    key: int
    by: str
    proofs: Mapping[str, Proof]


@dataclass(frozen=True, slots=True)
class Group:
    """What came on record together: the revision that it makes, and when (None: as reported, not as integrated)."""

    rev: int
    at: Moment | None
    told: tuple[Told, ...]
    learned: Moment = DAWN
    """As reported: when its reports were learned, so that what they change was not known before."""


class Readings:
    """What several audiences read by the same rulings: a statement that both may see is read once."""

    def __init__(self) -> None:
        """Begin with no rulings."""
        self._rulings = WeakSet[Rulings]()

    def by(self, rulings: Rulings) -> Rulings:
        """Return the rulings that somebody reads by already, if they are the same; else these."""
        found = next((one for one in self._rulings if one.same_as(rulings)), rulings)
        self._rulings.add(found)
        return found


class Reported:
    """The reports that one audience may see."""

    def __init__(self, agreement: Agreement, models: Models, readings: Readings | None = None) -> None:
        """Begin with nothing on record. `readings` are shared with other audiences, if any are."""
        self.agreement, self._models = agreement, models
        self._readings = Readings() if readings is None else readings
        self.sources: dict[str, Registered] = {}
        self.ruled: list[tuple[Word, str | None]] = []
        self.faults: list[Fault] = []
        self.set_aside: dict[str, SetAside] = {}
        self.facts: dict[str, Fact] = {}
        self._fusing = Fusing(Model.default())
        self._first: dict[str, dict[str, Told]] = {}
        self._entered_by: dict[str, frozenset[str]] = {}
        self._told: dict[str, list[Told]] = {}
        self._reports: dict[str, Report] = {}
        self._verified: dict[int, list[Verified]] = {}
        self._rulings = self._readings.by(Rulings(agreement, {}))
        self._triaged: dict[str, list[Decision]] = {}
        self._duplicated: dict[str, set[str]] = {}
        self._again = set[str]()
        self._touched, self._ruled_on = set[int](), set[str]()

    # ---- what is asked --------------------------------------------------------------------------------------------

    def incidents(self) -> list[Incident]:
        """Return every incident, the first on record first."""
        several = (self.incident(name) for name, fact in self.facts.items() if fact.op is Op.ASSERT)
        return sorted((one for one in several if one is not None), key=lambda one: one.key)

    def incident(self, name: str) -> Incident | None:
        """Return the incident to which a name leads, which another may have taken in since; None for none."""
        key = key_of(name)
        holding = None if key is None else self._fusing.holding(key)
        return None if holding is None else self._fusing.incident(holding)

    def incident_named(self, key: int) -> Incident | None:
        """Return the incident that is named after an entry, None if there is none (any more)."""
        return self._fusing.incident(key)

    def report(self, name: str) -> Report | None:
        """Return the report of a name, None if none of that name counts."""
        return self._reports.get(name)

    def holding(self, report: Report) -> int | None:
        """Return the name of the incident that a report is in; None while it waits for the one it is about."""
        return self._fusing.holding(report.key)

    def claim(self, report: Report) -> int:
        """Return the first report of the claim that a report makes, which its copies make with it."""
        return self._fusing.claim(report.key)

    def triaged(self, name: str) -> Triaged:
        """Return what people decided about a report, as far as this audience knows what they speak of."""
        return triaged(self._triaged.get(name, ()), self._told)

    def names(self) -> set[str]:
        """Return the names of all reports that there are."""
        return self._reports.keys() | self.set_aside.keys()

    def news(self) -> tuple[set[int], set[str]]:
        """Return which incidents and reports may be different since this was last asked, and forget it."""
        told = self._touched, self._ruled_on
        self._touched, self._ruled_on = set(), set()
        return told

    @property
    def reports(self) -> list[Report]:
        """Return the reports that count, or wait for one to which they add, by name."""
        return [one for _, one in sorted(self._reports.items())]

    @property
    def waiting(self) -> tuple[Report, ...]:
        """Return the reports that add to another which does not count (yet), and so do not count either."""
        return self._fusing.waiting

    def joined(self, incident: Incident) -> list[str]:
        """Return why the reports of an incident are taken for one event, a line for each but the first."""
        lines = [_joint_line(one) for one in self._fusing.joints(incident)]
        repeats = len(incident.reports) - len(lines) - 1
        return [*lines, *([f"{repeats} report(s) repeat a claim, or add to it by declaration"] if repeats else [])]

    def doubtful(self, most: int, *, among: int | None = None) -> list[Doubtful]:
        """Return the pairs of reports of which it is least clear whether they are of one event, the least first.

        `among` is how many of the reports are looked at, the last on record.
        """
        return self._fusing.doubts(most, among=among)

    def is_linked(self, one: str, other: str) -> bool:
        """Return whether people decided if two reports are of one event."""
        first, second = sorted((one, other))
        return (first, second) in self._fusing.links

    def fitted(self) -> Model:
        """Return the model that the reports, and what people decided of them, teach."""
        return self._fusing.fitted()

    def changed_by(self, model: Model) -> tuple[int, int]:
        """Return how many incidents there are, and how many of them would be others by another model."""
        before = {tuple(one.key for one in incident.reports) for incident in self.incidents()}
        again, _ = self._fused(model)
        names = {again.holding(one.key) for one in self._reports.values()} - {None}
        found = [again.incident(name) for name in names if name is not None]
        after = {tuple(one.key for one in incident.reports) for incident in found if incident is not None}
        return len(before), len(before - after)

    @property
    def rules(self) -> Rules:
        """Return by what an incident becomes a fact."""
        names = {plain(one.says): name for name, one in self.sources.items() if one.says}
        names |= {plain(name): name for name in self.sources}
        registry = Registry(names, {name: one.bloc or name for name, one in self.sources.items()})
        return Rules(self.agreement.vocabulary, self.agreement.head.corroborated_by, registry)

    # ---- as the record grows --------------------------------------------------------------------------------------

    def name(self, several: Iterable[Told]) -> None:
        """Hear, in the order of the record, of what is taken in next: its names belong to who used them first."""
        for one in several:
            if one.kind == kinds.REPORT:
                self._first.setdefault(_name(one), {}).setdefault(one.delegation, one)

    def _owner(self, name: str) -> Told:
        """Return what first bore a report's name, of those who may enter its source; of all, if none of them did."""
        first = self._first[name]
        may = self._entered_by.get(name.partition("/")[0], frozenset())
        return min(
            (one for one in first.values() if one.delegation in may), default=min(first.values(), key=_seq), key=_seq
        )

    def take_in(self, group: Group) -> list[Fact]:
        """Take in what came together, and return the revisions of facts that it makes."""
        touched = set[int]()
        anew = set[str]()
        for one in group.told:
            if one.kind == kinds.REPORT:
                self._tell(one)
            else:
                self._decided(one, touched, anew)
        if anew:
            self._rule_anew(anew)
        new = [_name(one) for one in group.told if one.kind == kinds.REPORT]
        names = [*new, *sorted(self._again & self._told.keys())]
        self._again.clear()
        redacted = self._rule(dict.fromkeys(names), touched, group)
        self._touched |= touched
        self._ruled_on.update(names)
        return [*redacted, *self._revised(touched, group)]

    def _tell(self, told: Told) -> None:
        """Remember what is told under a name; that another delegation says another thing under it is a fault."""
        several, first = self._told.setdefault(_name(told), []), self._owner(_name(told))
        several.append(told)
        self._again |= self._duplicated.get(_name(told), set())
        if told.delegation != first.delegation and told.row.get("op") is None and not _alike(told, first):
            what = f"'{_name(told)}' is the name of what {first.delegation} says in entry {first.seq}, which counts"
            self.faults.append(Fault(f"entry {told.seq}", 0, 0, what, "say it under another name, if it is another"))

    def _decided(self, told: Told, touched: set[int], anew: set[str]) -> None:
        """Take in a decision about reports; those of the sources in `anew` are to be ruled on again."""
        try:
            match told.kind:
                case kinds.SOURCE:
                    said = {name: one for name, one in told.row.items() if name not in kinds.LABEL}
                    self.sources[str(told.row["name"])] = source = Registered.read(said)
                    self._entered_by[source.name] = frozenset(source.entered_by.split() or [told.delegation])
                    touched |= self._resting_on(source.name)
                    anew.add(source.name)
                case kinds.RULING:
                    self.ruled.append(ruling_of(told.row))
                    anew.add(self.ruled[-1][0][0])
                case kinds.LINK:
                    (one, other), same = link_of(told.row)
                    touched |= self._fusing.link(one, other, same=same)
                    self._again |= {one, other}  # whatever that changes, they are in doubt no more
                case kinds.MODEL:
                    touched |= self._remodel(self._models(model_named(told.row)))
                case kinds.VERIFY:
                    found = verified_of(told.row, told.seq)
                    self._verified.setdefault(found.key, []).append(found)
                    holding = self._fusing.holding(found.key)
                    touched |= set() if holding is None else {holding}
                case kinds.TRIAGE:
                    self._triage(decision_of(told.row, told.seq, told.delegation, told.at))
                case _:
                    pass
        except (ValueError, LookupError) as error:
            self.faults.append(
                Fault(f"entry {told.seq}", 0, 0, str(error), "say it again, as handbook/intake.md does")
            )

    def _resting_on(self, source: str) -> set[int]:
        """Return the incidents of which the origins may be others by what a source is: also of whoever cites."""
        begun = _begun(source)
        resting = (one for name, one in self._reports.items() if one.chains or name.startswith(begun))
        return {key for one in resting if (key := self._fusing.holding(one.key)) is not None}

    def _rule_anew(self, sources: Iterable[str]) -> None:
        """Rule on all reports of some sources again: on those of others nothing depends that was said of these."""
        self._rulings = self._readings.by(Rulings(self.agreement, self.sources, self.ruled))
        begun = _begun(*sources)
        self._again |= {name for name in self._told if name.startswith(begun)}

    def _triage(self, decision: Decision) -> None:
        """Take in what a person decided about a report; if it names another, that may be known only later."""
        self._triaged.setdefault(decision.report, []).append(decision)
        self._again.add(decision.report)
        if decision.of:
            self._duplicated.setdefault(decision.of, set()).add(decision.report)

    def _remodel(self, model: Model) -> set[int]:
        """Fuse anew by another model; return the names of all incidents that there were and are."""
        before = {one.key for one in self.incidents()}
        self._fusing, after = self._fused(model)
        return before | after

    def _fused(self, model: Model) -> tuple[Fusing, set[int]]:
        """Return the reports fused by a model and by what people decided, and the names of their incidents."""
        fusing = Fusing(model)
        for (one, other), same in self._fusing.links.items():
            fusing.link(one, other, same=same)
        return fusing, fusing.change(added=self._reports.values())

    def _rule(self, names: Iterable[str], touched: set[int], group: Group) -> list[Fact]:
        """Rule on reports by their names, and have the incidents follow; return what is redacted."""
        before = {name: self._reports[name] for name in names if name in self._reports}
        after: dict[str, Report] = {}
        redacted: list[Fact] = []
        for name in names:
            first = self._owner(name)
            self.set_aside.pop(name, None)
            last = self._last(name)
            if last is None or last.row.get("op") == Op.RETRACT.value:
                continue
            if last.row.get("op") == Op.REDACT.value:
                redacted += self._redacted(first.seq, last, group)
                continue
            found = self._ruled(name, first, last)
            if found is not None:
                after[name] = found
        gone_ = [one for name, one in before.items() if after.get(name) != one]
        new = [one for name, one in after.items() if before.get(name) != one]
        for one in gone_:
            del self._reports[one.fact.id]
        self._reports.update({one.fact.id: one for one in new})
        touched |= self._fusing.change(added=new, removed=gone_)
        return redacted

    def _last(self, name: str) -> Told | None:
        """Return the revision of a report that counts, the highest of the delegation that named it first, if any."""
        mine = [one for one in self._told[name] if one.delegation == self._owner(name).delegation]
        redactions = [one for one in mine if one.row.get("op") == Op.REDACT.value]
        return max(redactions or mine, key=lambda one: (int(str(one.row.get("rev", 1))), -one.seq), default=None)

    def _ruled(self, name: str, first: Told, last: Told) -> Report | None:
        """Return the report that a statement makes and that counts; else say why none does."""
        found, triage = self._read(name, first, last), self.triaged(name)
        if triage.aside:
            report = None if isinstance(found, SetAside) else found
            found = SetAside(last.seq, name, decided=triage.holds, report=report)
        if isinstance(found, SetAside):
            self.set_aside[name] = found
            return None
        return found

    def _read(self, name: str, first: Told, last: Told) -> Report | SetAside:
        """Return the report that a statement makes, or why it makes none."""
        may = self._entered_by.get(name.partition("/")[0])
        if may is not None and last.delegation not in may:
            what = f"'{name}' is entered by {last.delegation}, and its source by {', '.join(sorted(may))} alone"
            fault = Fault(f"entry {last.seq}", 0, 0, what, "name who may in the registry: 'entered_by'")
            return SetAside(last.seq, name, fault=fault)
        try:
            found = self._rulings.report(Stated(last.seq, first.seq, last.at, last.delegation, last.row))
        except Refused as refused:
            return SetAside(last.seq, name, fault=refused.faults[0])
        match found:
            case Needed(words):
                return SetAside(last.seq, name, needs=words)
            case Aside():
                return SetAside(last.seq, name, ruled_out=True)
            case _:
                return found

    def _redacted(self, key: int, last: Told, group: Group) -> list[Fact]:
        """Return the redacted fact that a redacted report leaves: it may have been of any kind, for none is left."""
        fact = Fact(
            id=f"{named(key)}-redacted",
            rev=group.rev,
            op=Op.REDACT,
            when=Interval(DAWN, NEVER),
            learned_at=learned_of(last),
            recorded_at=group.at,
        )
        if self.facts.get(fact.id) is not None:
            return []
        self.facts[fact.id] = fact
        return [fact]

    def _revised(self, touched: Iterable[int], group: Group) -> list[Fact]:
        """Return a revision of the fact of each incident that is not what it was."""
        found: list[Fact] = []
        for key in sorted(touched):
            fact = self._fact(key, group)
            if fact is not None:
                self.facts[fact.id] = fact
                found.append(fact)
        return found

    def _fact(self, key: int, group: Group) -> Fact | None:
        """Return the next revision of an incident's fact, None if it says nothing new."""
        incident, before = self._fusing.incident(key), self.facts.get(named(key))
        if incident is None:
            if before is None or before.op is Op.RETRACT:
                return None
            learned = max(before.learned_at, group.learned)
            return gone(before, rev=group.rev, learned_at=learned, recorded_at=group.at)
        fact = incident.fact(self.rules, rev=group.rev, recorded_at=group.at)
        held = self._held_by_people(incident, fact.by)
        fact = replace(fact, occurred=held.get("occurred", fact.occurred), who=held.get("who", fact.who))
        known = DAWN if before is None else before.learned_at
        if before is not None and replace(fact, learned_at=known) == replace(
            before, rev=group.rev, recorded_at=group.at
        ):
            return None
        return replace(fact, learned_at=max(fact.learned_at, known, group.learned))

    def _held_by_people(self, incident: Incident, by: str | None) -> dict[str, Proof]:
        """Return how far people hold an incident to be established: the last who said so of any of its reports.

        What they say of its author they say of the one whom they name, and of nobody whom reports name since.
        """
        said: dict[str, Proof] = {}
        several = (one for report in incident.reports for one in self._verified.get(report.key, ()))
        for one in sorted(several, key=lambda one: one.entry):
            said |= {name: proof for name, proof in one.proofs.items() if name != "who" or one.by == by}
        return said


def _name(told: Told) -> str:
    """Return the name of a report as it is read: however its letters are put together, it is one name."""
    return normalize("NFC", str(told.row["id"]))


def _begun(*sources: str) -> tuple[str, ...]:
    """Return how the names of reports begin that are of one of some sources."""
    return tuple(f"{normalize('NFC', one)}/" for one in sources)


def _seq(told: Told) -> int:
    return told.seq


def _alike(one: Told, other: Told) -> bool:
    said, before = ({k: v for k, v in told.row.items() if k not in _NOT_SAID} for told in (one, other))
    return said == before


_NOT_SAID = {"rev", "row", *kinds.LABEL}


def learned_of(told: Told) -> Moment:
    """Return when a report was learned; if what is left of it does not say, when it came on record."""
    try:
        return parse_moment(str(told.row.get("learned_at")))
    except ValueError:
        return told.at


def _joint_line(joint: Joint) -> str:
    return f"{joint.other} with {joint.one}: {joint.weight / 1000:+.2f} ({term_words(joint.terms)})"


def term_words(terms: Mapping[str, int]) -> str:
    """Return the terms of a weight that say something, in nats."""
    return ", ".join(f"{name} {value / 1000:+.2f}" for name, value in terms.items() if value)


def examine(said: Accepted, models: Models) -> None:
    """Hold that what is decided about reports can be understood. Raises RefusedError."""
    read = _READ.get(said.statement.kind)
    if read is None:
        return
    try:
        read(said.body)
        if said.statement.kind == kinds.MODEL:
            models(model_named(said.body))
    except (LookupError, TypeError, ValueError) as error:
        raise RefusedError(str(error)) from None


def ruling_of(row: Mapping[str, object]) -> tuple[Word, str | None]:
    """Return the word that a ruling is of, and what it means. Raises ValueError."""
    match row:
        case {"source": str(source), "sort": str(sort), "word": str(word), "means": (str() | None) as means}:
            if sort not in SORTS:
                raise ValueError(f"'{sort[:80]}' is no sort of word: {' or '.join(SORTS)}")
            return (source, sort, word), means
        case _:
            pass
    raise ValueError("a ruling says source, sort, word and what it means")


def model_named(row: Mapping[str, object]) -> str:
    """Return the SHA-256 of the model that a statement names. Raises ValueError."""
    match row:
        case {"sha256": str(digest), "bytes": int()} if _SHA256.fullmatch(digest):
            return digest
        case _:
            raise ValueError("a model says the sha256 of its JSON, and its bytes")


def link_of(row: Mapping[str, object]) -> tuple[tuple[str, str], bool]:
    """Return the two reports that a link is of, in the order of their names, and whether they are of one event.

    Raises ValueError.
    """
    match row:
        case {"reports": [str(one), str(other)], "same": bool(same)}:
            first, second = sorted(normalize("NFC", each) for each in (one, other))
            if first != second:
                return (first, second), same
        case _:
            pass
    raise ValueError("a link says two reports, and whether they are of the same event")


def verified_of(row: Mapping[str, object], entry: int = 0) -> Verified:
    """Return what a verification, of an entry, says. Raises ValueError."""
    key, by = key_of(str(row.get("incident"))), row.get("by")
    said = {name: PROOFS[str(row[name])] for name in ("occurred", "who") if str(row.get(name)) in PROOFS}
    if key is None or not said:
        raise ValueError("a verification says an incident, as i-412, and how far it occurred, or who is established")
    if "who" in said and not isinstance(by, str):
        raise ValueError("a verification of an author names him: by")
    return Verified(entry, key, by if isinstance(by, str) else "", said)


_READ: Mapping[str, Callable[[Body], object]] = {
    kinds.SOURCE: Registered.read,
    kinds.RULING: ruling_of,
    kinds.LINK: link_of,
    kinds.MODEL: model_named,
    kinds.VERIFY: verified_of,
    kinds.TRIAGE: decision_of,
}
