"""Pleas and exceptions: printed beside a verdict, and changing it only as the text says (rule of meaning 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement import language as lang
from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.force import exercises
from trucekeeper.compliance.grounds import Beside, Binding, Ground
from trucekeeper.compliance.inquiry import within
from trucekeeper.compliance.matching import Meant, same
from trucekeeper.terms import DAWN, Fact, Interval, Moment, Proof, Tri
from trucekeeper.terms.tri import some

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucekeeper.agreement.agreement import Agreement, ClauseHistory
    from trucekeeper.compliance.inquiry import Inquiry


@dataclass(frozen=True, slots=True)
class Excused:
    """Whether an act or failure is excused, why, and what is said beside the verdict."""

    tri: Tri
    grounds: tuple[Ground, ...]
    beside: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be excused: an act by a fact, or a failure at a moment; by whom; under which clause.

    `period` is the stretch of time that failed, where that is more than a moment.
    """

    clause: lang.AnyClause
    by: str
    binding: Binding
    when: Interval
    fact: Fact | None = None
    period: Interval | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what a plea or ruling about it may name: the act, else the clause."""
        return (self.fact.id, self.clause.id) if self.fact is not None else (self.clause.id,)


Shown: TypeAlias = "Callable[[Inquiry, lang.Excuse, lang.PatternBody, Deed], tuple[Tri, tuple[str, ...]]]"
"""From a pattern of an excuse to whether facts show it for a deed, and which."""


def _speaks_of(fact: Fact, deed: Deed) -> bool:
    """Return whether a plea or ruling means this deed: one that names a stretch of time means what lies in it."""
    meant = deed.period or deed.when
    in_time = fact.span is None or (fact.span.start <= meant.earliest and meant.latest <= fact.span.end)
    return fact.field("of") in deed.names and in_time


def excused(inquiry: Inquiry, deed: Deed, shown: Shown | None = None) -> Excused:
    """Return whether any excuse of the clause, or any power that permits the act, excuses it.

    `shown`: who looks for the facts that show an excuse, if not the reference.
    """
    actor = deed.by if deed.fact is None or deed.fact.by is None else deed.fact.by
    mine = [excuse for excuse in deed.clause.excuse if available(inquiry.agreement, excuse, actor)]
    parts = [_one(inquiry, excuse, deed, shown or _shown) for excuse in mine]
    parts += _permissions(inquiry, deed)
    return Excused(
        some(part.tri for part in parts),
        tuple(ground for part in parts for ground in part.grounds),
        tuple(beside for part in parts for beside in part.beside),
    )


def available(agreement: Agreement, excuse: lang.Excuse, actor: str) -> bool:
    """Return whether an actor may plead an excuse: everybody, unless the text says who may."""
    return not excuse.available_to or agreement.belongs(actor, excuse.available_to) is not Tri.NO


def _one(inquiry: Inquiry, excuse: lang.Excuse, deed: Deed, shown: Shown) -> Excused:
    if excuse.shown is None:
        return plea(inquiry, excuse, deed)
    tri, ids = shown(inquiry, excuse, excuse.shown, deed)
    why: tuple[Ground, ...] = ()
    if excuse.if_ is not None:
        condition = answer(inquiry.at(deed.when.earliest), excuse.if_, deed.binding)
        tri, why = min(tri, condition.tri), (condition.ground,)
    if excuse.unless is not None:
        exception, more = shown(inquiry, excuse, excuse.unless, deed)
        tri, ids = min(tri, exception.negated), (*ids, *more)
    word = {Tri.YES: "shown", Tri.MAYBE: "possible, not shown", Tri.NO: "not shown"}[tri]
    name = excuse.plea or excuse.shown.fact
    ground = Ground(f"excuse '{name}': {word}", tri, ids, excuse.cite or "", of=why)
    beside = (Beside("plea", f"{name}: {word}", ids),) if ids else ()
    counts = tri if excuse.burden == "accuser" or tri is Tri.YES else Tri.NO
    return Excused(counts, (ground,), beside)


def _shown(
    inquiry: Inquiry, excuse: lang.Excuse, pattern: lang.PatternBody, deed: Deed
) -> tuple[Tri, tuple[str, ...]]:
    """Return whether facts show an excuse in the closed time before the act, and which."""
    about = () if pattern.same else deed.names
    since = deed.when.later(-excuse.within) if excuse.within is not None else Interval(DAWN, DAWN)
    near = inquiry.near(pattern, like=deed.fact, about=about, since=since.earliest, until=deed.when.latest)
    found = inquiry.find(pattern, Meant(binding=deed.binding, about=about), among=near)
    kept: list[tuple[Tri, str]] = []
    for one in found:
        alike = Tri.YES if deed.fact is None else same(one.fact, deed.fact, pattern.same)
        tri = min(one.tri, alike, within(one.when, since, deed.when))
        if tri is not Tri.NO:
            kept.append((tri, one.fact.id))
    return some(tri for tri, _ in kept), tuple(name for _, name in kept)


def plea(inquiry: Inquiry, excuse: lang.Excuse, deed: Deed) -> Excused:
    """Return a plea that a case judges: it excuses only if a determination established it at the asked level."""
    raised = _about(inquiry, "plea", excuse, deed)
    rulings = [
        fact
        for fact in _about(inquiry, "determination", excuse, deed)
        if inquiry.decides(fact, excuse.judged_by, at=excuse.established_at)
    ]
    finding = str(rulings[-1].field("finding")) if rulings else ""
    tri = Tri.YES if finding == "established" else Tri.NO
    ids = tuple(fact.id for fact in (*raised, *rulings))
    if not ids:
        return Excused(Tri.NO, (), ())
    word = {"established": "established", "rejected": "rejected"}.get(finding, "raised, unproven")
    ground = Ground(f"plea '{excuse.plea}': {word}", tri, ids, excuse.cite or "")
    return Excused(tri, (ground,), (Beside("plea", f"{excuse.plea}: {word}", ids),))


def _about(inquiry: Inquiry, kind: str, excuse: lang.Excuse, deed: Deed) -> list[Fact]:
    named = [fact for name in dict.fromkeys(deed.names) for fact in inquiry.naming(kind, "of", name)]
    return [
        fact
        for fact in sorted(named, key=lambda fact: (fact.when, fact.id))
        if fact.field("plea") == excuse.plea
        and _speaks_of(fact, deed)
        and fact.when.latest <= inquiry.as_of
        and fact.occurred is not Proof.REFUTED
        and not fact.redacted
    ]


def _permissions(inquiry: Inquiry, deed: Deed) -> list[Excused]:
    """Return what the agreement's powers to excuse say of the act: the act itself, its condition, its burden."""
    found: list[Excused] = []
    if deed.fact is None:
        return found
    for history in excusing(inquiry, deed.clause.id):
        power = power_then(inquiry, history, deed.by, deed.when.latest)
        if power is not None and excuses(power, deed.clause.id):
            already = power_then(inquiry, history, deed.by, deed.when.earliest) is not None
            found.append(_permitted(inquiry, power, deed, Tri.YES if already else Tri.MAYBE))
    return found


def excusing(inquiry: Inquiry, clause: str) -> list[ClauseHistory]:
    """Return the clauses of which any wording is a power that excuses acts under a clause."""
    clauses = inquiry.agreement.clauses.values()
    return inquiry.of_text(
        ("may excuse", clause), lambda: [one for one in clauses if any(excuses(text, clause) for text in one.all())]
    )


def excuses(power: lang.AnyClause, clause: str) -> bool:
    """Return whether a wording is a power that excuses acts under a clause."""
    return isinstance(power, lang.Power) and power.may == "excuse" and ("all" in power.of or clause in power.of)


def power_then(inquiry: Inquiry, history: ClauseHistory, by: str, moment: Moment) -> lang.Power | None:
    """Return a power as the text in force at a moment words it for the party that acted; None if it is none."""
    version = inquiry.version(history, moment)
    first = None if version is None else version.first()
    if version is None or not isinstance(first, lang.Power) or isinstance(first.by, lang.AnyoneExcept):
        return None
    mine = (one for one in first.by if inquiry.agreement.belongs(by, (one,)) is Tri.YES)
    wording = inquiry.wording(version, next(mine, ""))
    return wording if isinstance(wording, lang.Power) else None


def _permitted(inquiry: Inquiry, power: lang.Power, deed: Deed, in_force: Tri) -> Excused:
    if deed.fact is None or not exercises(inquiry, power, (), among=(deed.fact,)):
        return Excused(Tri.NO, (), ())
    tri = in_force
    grounds: tuple[Ground, ...] = ()
    if power.if_ is not None:
        condition = answer(inquiry.at(deed.when.earliest), power.if_, deed.binding)
        tri, grounds = min(in_force, condition.tri), (condition.ground,)
    word = {
        Tri.YES: "its conditions are shown",
        Tri.MAYBE: "its conditions are not shown",
        Tri.NO: "its conditions are not met",
    }[tri]
    ground = Ground(f"permission {power.id}: {word}", tri, (deed.fact.id,), power.cite, of=grounds)
    counts = tri if power.burden == "accuser" or tri is Tri.YES else Tri.NO
    return Excused(counts, (ground,), (Beside("plea", f"permission {power.id}: {word}", (deed.fact.id,)),))
