"""Power: who may suspend, extend, waive, permit or end. Each exercise is judged by the power's own conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.force import exercises
from trucekeeper.compliance.grounds import Ground, Stand, settle
from trucekeeper.terms import Lifecycle, Proof, Tri, Verdict
from trucekeeper.terms.tri import every, some

if TYPE_CHECKING:
    from trucekeeper.agreement.language import Power
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.inquiry import Found


def stands(duty: Duty[Power]) -> list[Stand]:
    """Return where each exercise of the power stands; not in force while nobody exercised it."""
    early = duty.not_bound()
    used = exercises(duty.inquiry, duty.clause, ())
    mine = [one for one in used if duty.bound is None or _by(duty, one) is not Tri.NO]
    return [_stand(duty, one) for one in mine] or [early or unused(duty)]


def unused(duty: Duty[Power]) -> Stand:
    """Return where a power stands that nobody exercised."""
    ground = Ground("not exercised", Tri.NO, cite=duty.clause.cite, of=(duty.force.ground,))
    return duty.stand(Verdict.NOT_IN_FORCE, Lifecycle.DORMANT, ground)


def _by(duty: Duty[Power], one: Found) -> Tri:
    if one.fact.by is None or duty.bound is None:
        return Tri.MAYBE
    return duty.inquiry.agreement.belongs(one.fact.by, duty.bound)


def _stand(duty: Duty[Power], one: Found) -> Stand:
    grounds: list[Ground] = []
    allowed = Tri.YES
    if duty.clause.if_ is not None:
        condition = answer(duty.inquiry.at(one.when.earliest), duty.clause.if_, duty.binding)
        allowed = condition.tri
        grounds.append(condition.ground)
    if duty.clause.notice is not None:
        noticed = _noticed(duty, one, duty.clause.notice)
        allowed = min(allowed, noticed.answer or Tri.NO)
        grounds.append(noticed)
    begun = every((one.tri, duty.force.binds(one.when)))
    verdict, word = settled(begun, allowed)
    ground = Ground(
        f"exercised by {one.fact.by}: {word}",
        allowed,
        (one.fact.id,),
        duty.clause.cite,
        of=(duty.force.ground, *grounds),
    )
    return duty.stand(verdict, Lifecycle.IN_EFFECT, ground, occurrence=one.fact.id, met=one.tri, met_at=one.when)


def settled(begun: Tri, allowed: Tri) -> tuple[Verdict, str]:
    """Return the verdict on one exercise, and why: whether the power was in force, and its conditions shown."""
    word = {
        Tri.YES: "its conditions are shown",
        Tri.MAYBE: "its conditions are not shown",
        Tri.NO: "its conditions are not met",
    }[allowed]
    return settle(begun=begun, contrary=allowed.negated, kept=allowed, ahead=Tri.NO), word


def _noticed(duty: Duty[Power], one: Found, length: int) -> Ground:
    """Return whether notice of the exercise was given so long before it, at a level fixed by rule 9."""
    notices = [
        fact
        for fact in duty.inquiry.record.by_kind.get("notice", ())
        if fact.field("of") in (one.fact.id, duty.clause.id, *duty.clause.of) and fact.occurred is not Proof.REFUTED
    ]
    timely = [
        (
            fact,
            Tri.of(
                certain=fact.occurred >= Proof.CORROBORATED and fact.when.latest <= one.when.earliest - length,
                possible=fact.when.earliest <= one.when.latest - length,
            ),
        )
        for fact in notices
    ]
    tri = some(answer_ for _, answer_ in timely)
    says = {
        Tri.YES: "notice was given in time",
        Tri.MAYBE: "notice may have been given in time",
        Tri.NO: "no notice in time",
    }[tri]
    return Ground(says, tri, tuple(fact.id for fact, answer_ in timely if answer_ is not Tri.NO))
