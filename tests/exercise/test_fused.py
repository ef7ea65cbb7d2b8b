"""Drills from their files to verdicts, as a mission takes them but without its record: read, ruled, fused, judged."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from trucekeeper.agreement.rows import Known, Where, read_row
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.exercise.difficulty import FAIR, difficulty
from trucekeeper.exercise.drill import Drill, agreement, drill, truth_of
from trucekeeper.exercise.files import texts
from trucekeeper.exercise.score import ALL, Score, Scored, score
from trucekeeper.exercise.truth import Stood
from trucekeeper.exercise.world import NORTH, SOUTH, TIME_ZONE
from trucekeeper.fusion.copies import plain
from trucekeeper.fusion.fusing import Fusing
from trucekeeper.fusion.incidents import Incident, Rules
from trucekeeper.fusion.model import Model
from trucekeeper.fusion.origins import Registry
from trucekeeper.intake.csv import SOURCE
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.rulings import Rulings, Told
from trucekeeper.intake.said import Said
from trucekeeper.intake.setting import Setting
from trucekeeper.terms import NEVER, Fact, Proof, Report

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = range(10)


@cache
def known() -> Known:
    return Known.of(agreement())


class Watch:
    """What a watch makes of a drill's files."""

    def __init__(self, drawn: Drill, folder: Path) -> None:
        self.drawn, self.folder, self.pages = drawn, folder, texts(drawn)
        self.sources = {one.name: one for one in map(self._source, self._mappings())}
        names = {plain(name): name for name in self.sources}
        registry = Registry(names, {name: one.bloc or name for name, one in self.sources.items()})
        self.rules = Rules(agreement().vocabulary, agreement().head.corroborated_by, registry)

    def _mappings(self) -> list[str]:
        return [name for name in self.pages if name.startswith("reports/") and name.endswith(".yaml")]

    def _source(self, name: str) -> Registered:
        return Registered.read(read_yaml(self.pages[name], name).data["source"])

    def said(self) -> list[tuple[str, Said]]:
        """Return every report in its source's words, in the order in which it was known."""
        found: list[tuple[str, Said]] = []
        for name in self._mappings():
            options = read_yaml(self.pages[name], name).data
            source = self._source(name)
            table = self.folder / f"{source.name}.csv"
            table.write_text(self.pages[name.replace(".yaml", ".csv")], encoding="utf-8")
            setting = Setting(source=source.name, known=known(), now=NEVER, zone=TIME_ZONE, options=options)
            for one in SOURCE.read([table], setting):
                assert isinstance(one, Said), one
                found.append((source.name, one))
        return sorted(found, key=lambda one: (str(one[1].columns["learned_at"]), one[0], one[1].name))

    def incidents(self) -> list[Incident]:
        rulings = Rulings(agreement(), self.sources)
        reports: list[Report] = []
        for entry, (source, one) in enumerate(self.said(), start=1):
            found = rulings.report(Told(entry, entry, 0, "commission", one.body(source)))
            assert isinstance(found, Report), found
            reports.append(found)
        fusing = Fusing(Model.default())
        fusing.change(added=reports)
        keys = {fusing.holding(one.key) for one in reports}
        several = (fusing.incident(key) for key in sorted(key for key in keys if key is not None))
        return [one for one in several if one is not None]

    def fact(self, incident: Incident) -> Fact:
        return incident.fact(self.rules, rev=1, recorded_at=None)

    def score(self) -> Score:
        incidents, last = self.incidents(), self.drawn.stage.days.count - 1
        facts = [self.fact(one) for one in incidents]
        entered = [read_row(row, known(), Where("")) for rows in self.drawn.entered.values() for row in rows]
        asked = Question(as_of=self.drawn.stage.days.end(last), known_at=NEVER)
        stood = [Stood.of(one) for one in standing(agreement(), [*entered, *facts], asked).stands]
        held = [_scored(one, fact) for one, fact in zip(incidents, facts, strict=True)]
        return score(truth_of(self.drawn, [last]), held, stood)


def _scored(incident: Incident, fact: Fact) -> Scored:
    return Scored(
        id=incident.id,
        kind=fact.kind,
        by=fact.by,
        when=fact.when,
        reports=tuple(one.fact.id for one in incident.reports),
        occurred=fact.occurred,
        who=fact.who,
        first_known=min(one.fact.learned_at for one in incident.reports),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_verdict_is_contrary_against_a_party_that_did_not_act(seed: int, tmp_path: Path) -> None:
    found = Watch(drill(seed, days=30, difficulty=FAIR), tmp_path).score()

    assert [found.count(party, "verdict falsely contrary") for party in (NORTH, SOUTH)] == [0, 0]
    assert [found.count(party, "invented, corroborated") for party in (NORTH, SOUTH)] == [0, 0]
    assert found.count(ALL, "found") > 8 * found.count(ALL, "missed")
    assert found.stray == ()


def test_a_flood_raises_neither_what_occurred_nor_who_did_it(tmp_path: Path) -> None:
    watch = Watch(drill(4, days=12, difficulty=difficulty("fair", flood=2_000)), tmp_path)
    flood = {one.id for one in watch.drawn.told if "flood" in one.marks}

    flooded = [one for one in watch.incidents() if flood & {report.fact.id for report in one.reports}]

    assert sum(len(one.reports) for one in flooded) >= 2_000
    assert {(fact.occurred, fact.who) for fact in map(watch.fact, flooded)} == {(Proof.ALLEGED, Proof.ALLEGED)}
