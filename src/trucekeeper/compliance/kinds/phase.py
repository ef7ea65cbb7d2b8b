"""Phase: a gate. The machine says how far its conditions are met; where the text asks a body, its word opens it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucekeeper.compliance.conditions import answer
from trucekeeper.compliance.grounds import Answer, Ground, Stand, settle
from trucekeeper.terms import DAWN, Interval, Lifecycle, Proof, Tri, Verdict
from trucekeeper.terms.tri import some

if TYPE_CHECKING:
    from trucekeeper.agreement.language import PatternBody, Phase
    from trucekeeper.compliance.duty import Duty
    from trucekeeper.compliance.force import Due


def stands(duty: Duty[Phase]) -> list[Stand]:
    """Return whether the gate is open: consistent once opened, open while its conditions are waited for."""
    due = duty.due(None, duty.clause.deadline)
    early = duty.not_bound(due)
    if early is not None:
        return [early]
    condition = _condition(duty)
    opened = condition if duty.clause.confirmed_by is None else _confirmed(duty, duty.clause.confirmed_by)
    tri = opened.tri
    if tri is Tri.MAYBE:
        tri = {"closed": Tri.NO, "open": Tri.YES, "ask": Tri.MAYBE}[duty.clause.if_undetermined]
    passed = due.passed(duty.inquiry.as_of)
    in_time = _in_time(opened, due)
    contrary = min(passed, min(opened.tri, in_time).negated)
    kept = min(tri, in_time)
    verdict = settle(
        begun=duty.begun, contrary=contrary, kept=kept, ahead=Tri.YES if opened.tri is Tri.NO else Tri.NO
    )
    if verdict is Verdict.CANNOT_TELL and opened.tri is Tri.MAYBE and tri is Tri.NO and passed is Tri.NO:
        verdict = Verdict.OPEN
    says = _says(duty, condition, opened, tri)
    grounds = [duty.force.ground, condition.ground]
    grounds += [opened.ground] if opened is not condition else []
    grounds += [due.ground] if duty.clause.deadline is not None else []
    waits = (
        () if tri is Tri.YES else ("confirmation",) if duty.clause.confirmed_by is not None else ("its conditions",)
    )
    row = duty.stand(
        verdict,
        _lifecycle(tri, contrary),
        Ground(says, tri, cite=duty.clause.cite, of=tuple(grounds)),
        due=due.when,
        met=tri,
        met_at=opened.when if tri is not Tri.NO else None,
        figure=condition.ground.says if condition.ground.says[:1].isdigit() else "",
    )
    return [_waiting(row, waits)]


def _in_time(opened: Answer, due: Due) -> Tri:
    """Return whether what opened did so by the deadline, if there is one."""
    if due.when is None or opened.when is None:
        return Tri.YES
    return Tri.of(certain=opened.when.latest <= due.when.earliest, possible=opened.when.earliest <= due.when.latest)


def _lifecycle(opened: Tri, contrary: Tri) -> Lifecycle:
    if contrary is Tri.YES:
        return Lifecycle.MET_LATE if opened is Tri.YES else Lifecycle.UNMET
    return Lifecycle.MET if opened is Tri.YES else Lifecycle.IN_EFFECT


def _waiting(row: Stand, waits: tuple[str, ...]) -> Stand:
    return replace(row, waits_for=(*row.waits_for, *waits))


def _condition(duty: Duty[Phase]) -> Answer:
    if duty.clause.when is None:
        return Answer(Tri.YES, None, Ground("no condition but the confirmation", Tri.YES))
    since = max(DAWN, duty.force.start.latest)
    return answer(duty.inquiry.at_level(Proof.CORROBORATED), duty.clause.when, duty.binding, since)


def _confirmed(duty: Duty[Phase], pattern: PatternBody) -> Answer:
    """Return whether the body confirmed, at a level fixed by rule 9 and never the viewer's."""
    fixed = duty.inquiry.at_level(Proof.CORROBORATED)
    found = fixed.find(pattern, duty.meant(ours=False, about=(duty.clause.id, duty.clause.opens)))
    tri = some(one.tri for one in found)
    certain = [one.when for one in found if one.tri is Tri.YES]
    times: list[Interval] = certain or [one.when for one in found]
    ids = tuple(one.fact.id for one in found)
    says = {Tri.YES: "confirmed", Tri.MAYBE: "perhaps confirmed", Tri.NO: "no confirmation on record"}[tri]
    return Answer(tri, min(times, default=None), Ground(says, tri, ids))


def _says(duty: Duty[Phase], condition: Answer, opened: Answer, tri: Tri) -> str:
    if tri is Tri.YES:
        beside = (
            ""
            if condition.tri is Tri.YES
            else "; its conditions are not shown"
            if condition.tri is Tri.MAYBE
            else "; though its conditions are not fulfilled"
        )
        return f"{duty.clause.opens} is open" + beside
    if condition.tri is Tri.YES and opened.tri is Tri.NO:
        return "its conditions are fulfilled; it waits for confirmation"
    return (
        f"{duty.clause.opens} is not open" if tri is Tri.NO else f"whether {duty.clause.opens} is open must be asked"
    )
