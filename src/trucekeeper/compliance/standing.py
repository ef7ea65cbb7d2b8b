"""Standing: where every commitment stands, as of a moment, as known at a moment, at a proof level, for an audience.

The reference execution: slow and obvious. A standing is a pure function of the agreement, the fact revisions and the
question. Each clause is judged under every reading that matters to it; a clause that later decisions changed is
judged by the version in force when a fact happened (rule of meaning 10).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, TypeVar, cast

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.roles import roles
from trucekeeper.compliance.duty import Duty, with_reading
from trucekeeper.compliance.grounds import Binding, Ground, Stand, resting_on
from trucekeeper.compliance.inquiry import Fork, Inquiry, Record
from trucekeeper.compliance.kinds import achieve, maintain, phase, power, prohibit, quota, respond, tally
from trucekeeper.compliance.knowledge import Audience, known
from trucekeeper.compliance.matching import Meant
from trucekeeper.terms import DAWN, NEVER, Fact, Lifecycle, Moment, Proof, Span, Tri, Verdict
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from trucekeeper.agreement.agreement import Agreement, ClauseHistory, ClauseVersion
    from trucekeeper.compliance.inquiry import Found

T = TypeVar("T")

JUDGES: Mapping[type[lang.Clause], Callable[[Any], list[Stand]]] = {
    lang.Prohibit: prohibit.stands,
    lang.Achieve: achieve.stands,
    lang.Maintain: maintain.stands,
    lang.Tally: tally.stands,
    lang.Quota: quota.stands,
    lang.Respond: respond.stands,
    lang.Phase: phase.stands,
    lang.Power: power.stands,
}
ONCE_DUE = (lang.Achieve, lang.Tally, lang.Phase)
"""Kinds with one deadline: a later version takes the commitment over. All others judge each fact by its own time."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: as of when, as known when, at which proof, for whom."""

    as_of: Moment
    known_at: Moment
    proof: Proof = Proof.CORROBORATED
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer: every commitment's stand, clauses in the order of the text."""

    agreement: str
    digest: str
    question: Question
    stands: tuple[Stand, ...]

    def of(self, clause: str) -> tuple[Stand, ...]:
        """Return the stands of one clause."""
        return tuple(stand for stand in self.stands if stand.clause == clause)


def standing(agreement: Agreement, facts: Iterable[Fact], question: Question, *, only: str | None = None) -> Standing:
    """Return where every commitment (or those of one clause) stands."""
    seen = known(facts, known_at=question.known_at, audience=question.audience)
    record = Record.of(seen, agreement, question.known_at)
    inquiry = Inquiry(agreement, record, question.as_of, question.proof, judge_clause)
    names = [name for name in agreement.clauses if only is None or name == only]
    redacted = frozenset(fact.id for fact in seen if fact.redacted)
    terms = _terms(agreement)
    found = (row for name in names for row in under_every_reading(inquiry, name))
    rows = tuple(_told_of(_with_rulings(inquiry, row, terms), redacted) for row in found)
    return Standing(agreement.head.agreement, agreement.digest, question, rows)


def _terms(agreement: Agreement) -> tuple[str, ...]:
    """Return the terms of an agreement that need judgement."""
    worded = [clause for history in agreement.clauses.values() for clause in history.all()]
    of_clauses = [role.pattern for clause in worded for role in roles(clause)]
    of_events = [
        pattern
        for event in agreement.events.values()
        for wording in event.values.values()
        for pattern in (*wording.shown_by, *((wording.renews.unless,) if wording.renews is not None else ()))
    ]
    return tuple(sorted({one.judgement for one in (*of_clauses, *of_events) if one.judgement is not None}))


def _with_rulings(inquiry: Inquiry, row: Stand, terms: tuple[str, ...]) -> Stand:
    """Return the stand with the rulings among its reasons on whether such a term fits the facts that it rests on."""
    grounds: list[Ground] = []
    for name, term in product(sorted(row.ground.leaves()) if terms else (), terms):
        ruling = inquiry.ruling(name, term)
        if ruling is not None:
            says = f"{name}: whether it is {term} was determined by {ruling.by}: {ruling.field('finding')}"
            grounds.append(Ground(says, None, (ruling.id,), ruling.cite))
    return resting_on(row, *grounds)


def _told_of(row: Stand, redacted: frozenset[str]) -> Stand:
    """Return the stand with a word in its reasons on every redacted fact that it rests on."""
    named = sorted(row.ground.leaves() & redacted)
    told = tuple(Ground(f"{name} was redacted: it counts as possible", None, (name,)) for name in named)
    return resting_on(row, *told)


def under_every_reading(inquiry: Inquiry, clause: str) -> Iterator[Stand]:
    """Yield a clause's stands under each reading of each ambiguity that its evaluation meets."""
    for assumed, rows in every_reading(inquiry, lambda one: judge_clause(one, clause)):
        yield from (with_reading(row, assumed) for row in rows)


def every_reading(inquiry: Inquiry, work: Callable[[Inquiry], T]) -> Iterator[tuple[dict[str, str], T]]:
    """Yield what `work` gives under each reading of each ambiguity that it meets."""
    pending: list[dict[str, str]] = [{}]
    while pending:
        assumed = pending.pop(0)
        try:
            found = work(replace(inquiry, assumed=assumed, memo={}))
        except Fork as fork:
            pending = [{**assumed, fork.axis: option} for option in fork.options] + pending
        else:
            yield assumed, found


def judge_clause(inquiry: Inquiry, clause: str) -> tuple[Stand, ...]:
    """Return the stands of one clause under the readings assumed; raises Fork where one more is needed."""
    return inquiry.once(("judge", clause), lambda: tuple(_judge_history(inquiry, inquiry.agreement.clauses[clause])))


# ---- versions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _InForce:
    """A version of a clause and the stretch of time in which it is the text in force."""

    version: ClauseVersion
    effect_on_past: str
    window: Span


def _judge_history(inquiry: Inquiry, history: ClauseHistory) -> list[Stand]:
    versions = _versions(inquiry, history)
    if _takes_over(versions):
        return _taken_over(inquiry, versions)
    return [row for one in versions for row in _judge_version(inquiry, one)]


def _takes_over(versions: list[_InForce]) -> bool:
    """Return whether a later version took a commitment with one deadline over from an earlier one."""
    latest = next((one.version.first() for one in reversed(versions) if one.version.wordings is not None), None)
    return len(versions) > 1 and isinstance(latest, ONCE_DUE)


def pledges(inquiry: Inquiry, clause: str) -> Iterator[Pledge] | None:
    """Return what there is to judge of a clause, each duty by itself; None where a later version took over.

    The stands of a clause are those of its pledges in this order.
    """
    versions = _versions(inquiry, inquiry.agreement.clauses[clause])
    if _takes_over(versions):
        return None
    return (draft.put_to(inquiry) for version in versions for draft in _drafts(inquiry, version))


def _versions(inquiry: Inquiry, history: ClauseHistory) -> list[_InForce]:
    """Return the versions known and effective by now, each with its stretch of time."""
    adopted = {amendment.id: amendment for amendment in inquiry.amendments()}
    found: list[tuple[Moment, str, ClauseVersion]] = []
    for version in history.versions:
        if version.amendment is None:
            found.append((DAWN, "preserved", version))
        elif version.amendment in adopted:
            amendment = adopted[version.amendment]
            effective = inquiry.fixed(amendment.effective)
            if effective <= inquiry.as_of:
                found.append((effective, amendment.effect_on_past, version))
    found.sort(key=lambda one: one[0])
    ends = [start - 1 for start, _, _ in found[1:]] + [NEVER] * bool(found)  # a clause may have no version yet
    return [
        _InForce(version, effect, Span(start, end))
        for (start, effect, version), end in zip(found, ends, strict=True)
        if start <= end
    ]


def _taken_over(inquiry: Inquiry, versions: list[_InForce]) -> list[Stand]:
    """Judge a commitment with one deadline by the latest version, and by an earlier one where its outcome is kept.

    A deadline that had passed, unmet, before the change became effective is kept as it was judged (`preserved`), or
    made good by the change (`cured`); where the decision is silent, both are shown. All rest on how it stood then.
    """
    rows: list[Stand] = []
    cured: list[tuple[_InForce, Stand]] = []
    before: list[Ground] = []
    for earlier, later in pairwise(versions):
        if earlier.version.wordings is None:
            continue
        then = _judge_version(inquiry.at(later.window.start), _whole(earlier))
        past = [row for row in then if _was_due(row, later.window.start)]
        missed = [row for row in past if row.verdict is not Verdict.CONSISTENT]
        says = f"as it stood when {later.version.amendment} took effect: {'missed' if missed else 'nothing missed'}"
        before.append(Ground(says, of=tuple(row.ground for row in then)))
        if missed and _effect(inquiry, later) == "cured":
            cured += [(earlier, row) for row in missed]
        else:
            rows += [_now(inquiry, earlier, row) for row in missed]
    if versions[-1].version.wordings is None:
        last = _last_worded(versions)
        made_good = [_made_good(_now(inquiry, last, row)) for one, row in cured if one is last]
        latest = [*made_good, *_until_removed(inquiry, versions, [*rows, *made_good])]
    else:
        latest = [_as_cured(row) if cured else row for row in _judge_version(inquiry, _whole(versions[-1]))]
    return [resting_on(row, *before) for row in (*rows, *latest)]


def _until_removed(inquiry: Inquiry, versions: list[_InForce], kept: list[Stand]) -> list[Stand]:
    """Judge a commitment that was removed by its last wording, which ended with the removal."""
    worded = _last_worded(versions)
    rows = _judge_version(inquiry, replace(worded, window=Span(DAWN, worded.window.end)))
    return [row for row in rows if row.key not in {one.key for one in kept}]


def _last_worded(versions: list[_InForce]) -> _InForce:
    return next(one for one in reversed(versions) if one.version.wordings is not None)


def _whole(version: _InForce) -> _InForce:
    return replace(version, window=Span(DAWN, NEVER))


def _was_due(row: Stand, moment: Moment) -> bool:
    return row.due is not None and row.due.latest < moment


def _effect(inquiry: Inquiry, later: _InForce) -> str:
    if later.effect_on_past != "unstated":
        return later.effect_on_past
    return inquiry.assume(f"effect of {later.version.amendment} on the past", ("preserved", "cured"))


def _now(inquiry: Inquiry, earlier: _InForce, past: Stand) -> Stand:
    """Return an earlier outcome as it stands today: the same commitment by its own version."""
    rows = _judge_version(inquiry, _whole(earlier))
    return next((row for row in rows if row.key == past.key), past)


def _made_good(row: Stand) -> Stand:
    """Return an outcome that the decision made good which removed the commitment."""
    return replace(row, verdict=Verdict.NOT_IN_FORCE, lifecycle=Lifecycle.CURED)


def _as_cured(row: Stand) -> Stand:
    open_or_met = row.verdict in (Verdict.OPEN, Verdict.CONSISTENT)
    return replace(row, lifecycle=Lifecycle.CURED) if open_or_met else row


@dataclass(frozen=True, slots=True)
class Pledge:
    """A duty to be judged; `undeclared` says which set of it has no members, so that there is nothing to judge."""

    duty: Duty[Any]
    undeclared: str = ""

    @property
    def judged(self) -> bool:
        """Return whether the facts decide: it has members, and something in it can be computed."""
        return not self.undeclared and self.duty.clause.text_only is None

    def stands(self) -> list[Stand]:
        """Return where it stands."""
        if self.undeclared:
            return [_no_members(self.duty, self.undeclared)]
        if not self.judged:
            return [_text_only(self.duty)]
        clause = self.duty.clause
        return self.duty.inquiry.judging(clause, JUDGES[type(clause)])(self.duty)


def _judge_version(inquiry: Inquiry, one: _InForce) -> list[Stand]:
    return [row for draft in _drafts(inquiry, one) for row in inquiry.kept(draft.key, draft.stands)]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A duty before it is asked when it binds."""

    clause: lang.Clause
    by: str
    binding: Binding
    declared: Tri
    members: tuple[Ground, ...]
    undeclared: str
    window: Span
    version: str

    @property
    def key(self) -> tuple[object, ...]:
        """Return what sets its stands apart from all others."""
        return ("duty", id(self.clause), self.by, self.binding, self.declared, self.undeclared, self.window)

    def put_to(self, inquiry: Inquiry) -> Pledge:
        """Return it as a duty that can be judged."""
        sure, why = self.declared, self.members
        duty = Duty(inquiry, self.clause, self.by, self.binding, self.window, self.version, sure, why)
        return Pledge(duty, self.undeclared)

    def stands(self, inquiry: Inquiry) -> list[Stand]:
        """Return where it stands."""
        return self.put_to(inquiry).stands()


def _drafts(inquiry: Inquiry, one: _InForce) -> Iterator[_Draft]:
    """Yield the duties of a version: for each party bound, and each choice of one member of each set."""
    wording = inquiry.wording(one.version)
    name = one.version.amendment or ""
    if wording is None or not wording.bears_verdict:
        return
    for by in _bound(wording):
        clause = cast("lang.Clause", inquiry.wording(one.version, by))
        bindings, undeclared = _bindings(inquiry, clause)
        if undeclared:
            yield _Draft(clause, by, (), Tri.YES, (), undeclared, one.window, name)
        for several in bindings:
            binding = tuple((member.set, member.name) for member in several)
            declared = every(member.declared for member in several)
            why = tuple(member.ground for member in several if member.ground is not None)
            yield _Draft(clause, by, binding, declared, why, "", one.window, name)


def _bound(clause: lang.Clause) -> tuple[str, ...]:
    if isinstance(clause.by, lang.AnyoneExcept):
        return ("anyone except " + ", ".join(clause.by.anyone_except),)
    return clause.by


def _text_only(duty: Duty[Any]) -> Stand:
    ground = Ground(
        f"not computable: {duty.clause.text_only}", Tri.MAYBE, cite=duty.clause.cite, of=(duty.force.ground,)
    )
    if duty.force.begun is Tri.NO:
        return duty.stand(Verdict.NOT_IN_FORCE, Lifecycle.DORMANT, ground)
    return duty.stand(Verdict.CANNOT_TELL, Lifecycle.IN_EFFECT, ground)


# ---- bindings ------------------------------------------------------------------------------------------------------


def _no_members(duty: Duty[Any], undeclared: str) -> Stand:
    """Return the stand of a set without members: never kept by having none (rule 7); its deadline stands."""
    clause = duty.clause
    due = duty.due(getattr(clause, "within", None), getattr(clause, "deadline", None))
    when = due.when if isinstance(clause, ONCE_DUE) else None
    ground = Ground(undeclared, Tri.MAYBE, cite=clause.cite, of=(duty.force.ground, due.ground))
    if duty.force.begun is Tri.NO:
        return duty.stand(Verdict.NOT_IN_FORCE, Lifecycle.DORMANT, ground, due=when)
    return duty.stand(Verdict.CANNOT_TELL, Lifecycle.IN_EFFECT, ground, due=when)


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of a set: whether it certainly or only possibly is one, and why, where it is facts that say so."""

    set: str
    name: str
    declared: Tri = Tri.YES
    ground: Ground | None = None


def _bindings(inquiry: Inquiry, clause: lang.Clause) -> tuple[list[tuple[_Member, ...]], str]:
    """Return every choice of one member of each set, and, if a set has none, which."""
    sets: list[list[_Member]] = []
    for name, members in clause.each.items():
        found = _members(inquiry, name, members)
        if not found:
            return [], f"the set of each {name} is empty or undeclared"
        sets.append(found)
    return list(product(*sets)), ""


def _members(inquiry: Inquiry, name: str, members: lang.Names | lang.UnitsOf) -> list[_Member]:
    """Return the members of a set by now, in order."""
    if isinstance(members, lang.UnitsOf):
        return _named(name, inquiry.agreement.units_of(members.of))
    if len(members) > 1:  # a single name is that of a list
        return _named(name, members)
    version = inquiry.version(inquiry.agreement.clauses[members[0]], inquiry.as_of)
    defined = None if version is None else inquiry.wording(version)
    if not isinstance(defined, lang.Define) or defined.list is None or isinstance(defined.list, str):
        return []
    if isinstance(defined.list, lang.DeclaredBy):
        return _declared(inquiry, name, defined, defined.list)
    return [] if defined.list == ("unstated",) else _named(name, defined.list)


def _named(name: str, members: tuple[str, ...]) -> list[_Member]:
    """Return the members that the text itself names, each once."""
    return [_Member(name, member) for member in dict.fromkeys(members)]


def _declared(inquiry: Inquiry, name: str, defined: lang.Define, by: lang.DeclaredBy) -> list[_Member]:
    """Return the members that facts declare, each with all facts that do."""
    found: dict[str, list[Found]] = defaultdict(list)
    for one in inquiry.find(by.declared_by, Meant(about=(defined.id,))):
        value = one.fact.field(by.field)
        for word in value if isinstance(value, tuple) else (value,):
            if isinstance(word, str):
                found[word].append(one)
    return [_as_declared(name, word, defined, several) for word, several in sorted(found.items())]


def _as_declared(name: str, member: str, defined: lang.Define, declaring: list[Found]) -> _Member:
    tri = some(one.tri for one in declaring)
    ids = tuple(dict.fromkeys(one.fact.id for one in declaring))
    return _Member(name, member, tri, Ground(f"{member} is on {defined.id}", tri, ids, declaring[0].fact.cite))
