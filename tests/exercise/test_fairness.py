"""A drill is fair: whoever groups its reports rightly, and keeps to the rule of proof, accuses nobody wrongly.

The rule is applied here in its plainest form: two origins of different blocs, or one who was there and is graded B2
or better; the same for what sort of act it was, and for who did it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from trucekeeper.agreement.rows import Known, Where, read_row
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.exercise.acts import FIRST_ATTACK_DAY
from trucekeeper.exercise.difficulty import FAIR, HOSTILE, difficulty
from trucekeeper.exercise.drill import Drill, agreement, drill, truth_of
from trucekeeper.exercise.score import ALL, Scored, score
from trucekeeper.exercise.truth import Stood
from trucekeeper.exercise.world import NORTH, SOUTH, Teller, tellers
from trucekeeper.terms import BASE_VOCABULARY, NEVER, Amount, Fact, Interval, Proof, Verdict
from trucekeeper.terms.moments import day_of, end_of_day, start_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucekeeper.exercise.telling import Told

SEEDS = range(10)


@cache
def loaded() -> Known:
    return Known.of(agreement())


@dataclass(frozen=True)
class Desk:
    """A mission's desk that groups rightly, since it is told of which act each report tells."""

    drawn: Drill

    @property
    def sources(self) -> dict[str, Teller]:
        stage = self.drawn.stage
        return {one.name: one for one in tellers(stage.cast, stage.difficulty.patrols)}

    def incidents(self) -> dict[str, list[Told]]:
        found: defaultdict[str, list[Told]] = defaultdict(list)
        for one in self.drawn.told:
            found[one.of].append(one)
        return found

    def proof(self, reports: Iterable[Told]) -> Proof:
        sources, blocs = self.sources, set()
        for one in reports:
            teller = sources[one.source]
            if teller.first_hand and teller.grade <= "B2":
                return Proof.CORROBORATED
            blocs.add(sources[one.cites[-1]].bloc if one.cites else teller.bloc)
        return Proof.CORROBORATED if len(blocs) > 1 else Proof.ALLEGED

    def kind(self, reports: Sequence[Told]) -> str:
        """Return the narrowest kind that is corroborated, else the one first told."""
        claimed = {name for one in reports for name in BASE_VOCABULARY.lineage(one.kind)}
        shown = [
            name
            for name in claimed
            if self.proof([one for one in reports if BASE_VOCABULARY.is_a(one.kind, name)]) is Proof.CORROBORATED
        ]
        return max(shown, key=lambda name: (len(BASE_VOCABULARY.lineage(name)), name), default=reports[0].kind)

    def fact(self, name: str, reports: Sequence[Told]) -> Fact:
        kind = self.kind(reports)
        of_kind = [one for one in reports if BASE_VOCABULARY.is_a(one.kind, kind)]
        best = min(of_kind, key=lambda one: (self.sources[one.source].grade, one.within_m))
        named = {one.by for one in reports if one.by}
        shown = {by: self.proof([one for one in reports if one.by == by]) for by in sorted(named)}
        by = max(shown, key=lambda one: shown[one], default=None)
        known = BASE_VOCABULARY.fields(kind)
        fields = tuple(
            (key, Amount(value, value) if isinstance(value, int) else value)
            for key, value in best.fields
            if key in known
        )
        return Fact(
            id=name,
            kind=kind,
            by=by,
            fields=fields,
            place=self.drawn.stage.cast.place(best.spot, best.within_m),
            when=when(best),
            learned_at=min(one.learned_at for one in reports),
            occurred=self.proof(of_kind),
            who=Proof.ALLEGED if by is None else shown[by],
        )

    def facts(self) -> list[Fact]:
        entered = [
            read_row({key: value for key, value in row.items() if value is not None}, loaded(), Where(""))
            for rows in self.drawn.entered.values()
            for row in rows
        ]
        return [*entered, *(self.fact(f"i-{act}", reports) for act, reports in self.incidents().items())]

    def scored(self, facts: dict[str, Fact]) -> list[Scored]:
        return [
            Scored(
                id=f"i-{act}",
                kind=facts[f"i-{act}"].kind,
                by=facts[f"i-{act}"].by,
                when=facts[f"i-{act}"].when,
                reports=tuple(one.id for one in reports),
                occurred=facts[f"i-{act}"].occurred,
                who=facts[f"i-{act}"].who,
                first_known=facts[f"i-{act}"].learned_at,
            )
            for act, reports in self.incidents().items()
        ]


def when(one: Told) -> Interval:
    if one.day:
        day = day_of(one.at, "EET")
        return Interval(start_of_day(day, "EET"), end_of_day(day, "EET"))
    return Interval(one.at, one.at + one.rounded)


@pytest.mark.parametrize("seed", SEEDS)
def test_grouped_rightly_no_drill_makes_anybody_accuse_a_party_that_did_not_act(seed: int) -> None:
    desk = Desk(drill(seed, days=30, difficulty=HOSTILE))
    facts = desk.facts()
    end = desk.drawn.stage.days.end(29)

    found = standing(agreement(), facts, Question(as_of=end, known_at=NEVER))

    of = truth_of(desk.drawn, days=[29])
    result = score(of, desk.scored({one.id: one for one in facts}), [Stood.of(one) for one in found.stands])
    wrong = ("verdict falsely contrary", "wrong party", "invented, corroborated", "merged", "split", "missed")
    assert {name: result.count(ALL, name) for name in wrong} == dict.fromkeys(wrong, 0)
    assert all(result.count(party, "verdict right") > 20 for party in (NORTH, SOUTH))


def test_a_flood_of_ten_thousand_copies_proves_nothing() -> None:
    desk = Desk(drill(4, days=12, difficulty=difficulty("hostile", flood=10_000)))
    flooded = next(one.of for one in desk.drawn.told if "flood" in one.marks)

    assert len(desk.incidents()[flooded]) > 10_000
    assert desk.proof(desk.incidents()[flooded]) is Proof.ALLEGED


def test_the_late_report_turns_how_its_day_stood_to_contrary() -> None:
    for seed in SEEDS:
        desk = Desk(drill(seed, days=5, difficulty=FAIR))
        late, days = desk.drawn.late, desk.drawn.stage.days
        as_of, next_day = days.end(FIRST_ATTACK_DAY), days.end(FIRST_ATTACK_DAY + 1)

        verdicts = []
        for known_at in (as_of, next_day):
            told = tuple(one for one in desk.drawn.told if one.learned_at <= known_at)
            facts = Desk(replace(desk.drawn, told=told)).facts()
            found = standing(agreement(), facts, Question(as_of=as_of, known_at=known_at), only="halt")
            sector = f"sector-{late.spot.tile + 1}"
            verdicts += [one.verdict for one in found.stands if one.by == late.by and one.binding[0][1] == sector]

        assert verdicts == [Verdict.CANNOT_TELL, Verdict.CONTRARY]
