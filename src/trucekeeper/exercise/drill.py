"""A drill: everything that one seed gives, and the true standing of every promise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import Known, Where, read_row
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.exercise.acts import FEWEST_DAYS, Act, Happened, happened
from trucekeeper.exercise.dice import Dice
from trucekeeper.exercise.facts import Row, entered, perfect
from trucekeeper.exercise.telling import ATTACKS, Habits, Stage, Told, told
from trucekeeper.exercise.truth import Stood, TrueAct, TrueReport, Truth
from trucekeeper.exercise.world import FIRST_DAY, NORTH, SOUTH, Cast, Days, agreement_text, degrees, zones_text
from trucekeeper.geo import read_geojson
from trucekeeper.terms import Fault, Proof, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.exercise.difficulty import Difficulty

MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Drill:
    """What a seed gives: what happened, what is invented, what is told of both, and what people enter."""

    stage: Stage
    true: Happened
    invented: tuple[Act, ...]
    told: tuple[Told, ...]
    entered: dict[str, list[Row]]

    @property
    def late(self) -> Told:
        """Return the report that alone shows who began the first attack, and is handed in a day late."""
        first = next(one for one in self.true.acts if one.kind in ATTACKS)
        return next(one for one in self.told if one.of == first.id and one.first_hand and "late" in one.marks)


def drill(
    seed: int, *, days: int, difficulty: Difficulty, first: date = FIRST_DAY, cast: Cast | None = None
) -> Drill:
    """Return the drill of a seed. Which party plays which part is drawn, unless a cast is given. Raises Refused."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        what = f"a drill of {days} days"
        raise Refused([Fault("--days", 0, 0, what, f"it lasts {FEWEST_DAYS} to {MOST_DAYS} days")])
    dice = Dice(seed, "cast")
    drawn = dice.pick((Cast(NORTH, SOUTH), Cast(SOUTH, NORTH)))
    played = drawn if cast is None else cast
    habits = {side: Habits.drawn(dice) for side in played.sides}
    stage = Stage(played, Days(first, days), difficulty, habits, seed)
    true = happened(seed, played, stage.days, difficulty)
    invented, reports = told(stage, true)
    return Drill(stage, true, invented, reports, entered(stage, true, reports))


def agreement() -> Agreement:
    """Return the agreement of every drill."""
    return load_agreement(agreement_text(), "agreement.yaml", read_geojson(zones_text(), "zones.geojson"))


def truth_of(
    drawn: Drill, days: Iterable[int] | None = None, progress: Callable[[int, int], None] = lambda _done, _whole: None
) -> Truth:
    """Return the truth of a drill: acts, reports, and where every promise truly stood at the end of each of the days.

    Without `days`, of all of them.
    """
    loaded = agreement()
    known = Known.of(loaded)
    rows = perfect(drawn.stage, drawn.true, drawn.told)
    facts = tuple(read_row(row, known, Where("truth")) for row in rows)
    stood: list[Stood] = []
    asked = list(range(drawn.stage.days.count) if days is None else days)
    for number, day in enumerate(asked, start=1):
        end = drawn.stage.days.end(day)
        found = standing(loaded, facts, Question(as_of=end, known_at=end, proof=Proof.CORROBORATED))
        stood += [Stood.of(one, drawn.stage.days.date(day).isoformat()) for one in found.stands]
        progress(number, len(asked))
    return Truth(
        acts=tuple(_true_act(drawn.stage.cast, one) for one in (*drawn.true.acts, *drawn.invented)),
        reports=tuple(TrueReport(one.id, one.of, one.learned_at, one.marks) for one in drawn.told),
        stood=tuple(stood),
        parties=(NORTH, SOUTH),
        said=_said(drawn.stage),
    )


def _true_act(cast: Cast, act: Act) -> TrueAct:
    where = cast.place(act.spot)
    return TrueAct(
        id=act.id,
        kind=act.kind,
        by=act.by,
        at=act.at,
        lat=degrees(where.lat_e7),
        lon=degrees(where.lon_e7),
        fields=dict(act.fields),
        permitted=act.permitted,
        claimed_by=act.claimed_by,
    )


def _said(stage: Stage) -> dict[str, object]:
    """Return what a drill is told by, and the numbers that it was drawn with."""
    return {
        "seed": stage.seed,
        "first_day": stage.days.first.isoformat(),
        "days": stage.days.count,
        "difficulty": stage.difficulty.name,
        "numbers": stage.difficulty.numbers(),
        "cast": list(stage.cast.sides),
        "habits": {side: asdict(stage.habits[side]) for side in (NORTH, SOUTH)},
    }
