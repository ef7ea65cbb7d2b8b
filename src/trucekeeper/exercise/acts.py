"""Acts: what truly happens in a drill, and who was truly watching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.exercise.dice import Dice
from trucekeeper.exercise.world import (
    COMMISSION,
    RAIDERS,
    RELEASE_DAYS,
    RELEASED,
    TILE_M,
    TILES,
    TRUCKS,
    WITHDRAW_DAYS,
    Cast,
    Days,
    Spot,
    patrol_name,
    tile_name,
)
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.exercise.difficulty import Difficulty
    from trucekeeper.terms import Moment

FIRST_ATTACK_DAY = 2
"""The first attack comes on the third day, and what shows it is handed in a day late."""
FEWEST_DAYS = 5
INVENTED = "invented-"
CEASEFIRE_H = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that happened; or that somebody only says did, and then `claimed_by` says who.

    `by` did it, or is said to have. `deliveries` are told by counters' claims and not by reports. A permitted
    movement bears the code of the notice that was given of it.
    """

    id: str
    kind: str
    by: str
    at: Moment
    spot: Spot
    fields: tuple[tuple[str, int | str], ...] = ()
    permitted: bool = False
    claimed_by: str = ""
    patrol: str = ""

    @property
    def invented(self) -> bool:
        """Return whether it never happened."""
        return bool(self.claimed_by)

    def number(self, name: str) -> int:
        """Return a field that is a number, 0 if it has none such."""
        value = dict(self.fields).get(name, 0)
        return value if isinstance(value, int) else 0

    @property
    def code(self) -> str:
        """Return the code of a movement that was announced."""
        return str(dict(self.fields).get("code", ""))


@dataclass(frozen=True, slots=True)
class Watch:
    """A patrol in a sector of the buffer: from when until when. Whatever happens there then, it sees."""

    patrol: str
    tile: int
    start: Moment
    end: Moment

    def sees(self, act: Act) -> bool:
        """Return whether an act happened before its eyes."""
        return act.spot.watchable and act.spot.tile == self.tile and self.start <= act.at <= self.end


@dataclass(frozen=True, slots=True)
class Refusal:
    """A patrol that was not let into its sector; or, without one, the acoustic network jammed."""

    patrol: str
    tile: int
    by: str
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a unit was at a moment, and whether anybody looked."""

    unit: str
    by: str
    at: Moment
    spot: Spot
    seen: bool


@dataclass(frozen=True, slots=True)
class Conduct:
    """Which parties ever fire, fly over the buffer, move in it, or keep the commission out."""

    firing: tuple[str, ...]
    flying: tuple[str, ...]
    moving: tuple[str, ...]
    refusing: tuple[str, ...]

    @staticmethod
    def drawn(dice: Dice, cast: Cast, restrained: int) -> Conduct:
        """Return what parties allow themselves, drawn alike for both. Somebody fires."""
        four = [tuple(side for side in cast.sides if not dice.percent(restrained)) for _ in range(4)]
        return Conduct(four[0] or (dice.pick(cast.sides),), *four[1:])


@dataclass(frozen=True, slots=True)
class Happened:
    """All that truly happened in a drill."""

    acts: tuple[Act, ...]
    watches: tuple[Watch, ...]
    refusals: tuple[Refusal, ...]
    fixes: tuple[Fix, ...]
    ceasefire: Moment


@dataclass(frozen=True, slots=True)
class Plan:
    """What a drill's acts are drawn from, besides dice."""

    cast: Cast
    days: Days
    difficulty: Difficulty
    conduct: Conduct


def happened(seed: int, cast: Cast, days: Days, difficulty: Difficulty) -> Happened:
    """Return what happens in a drill, acts in the order of their times."""
    conduct = Conduct.drawn(Dice(seed, "conduct"), cast, difficulty.restrained)
    plan = Plan(cast, days, difficulty, conduct)
    watches, refusals = _watching(Dice(seed, "watching"), plan)
    acts = [
        *_force(Dice(seed, "force"), plan),
        _first_attack(Dice(seed, "first"), plan, watches),
        *_movements(Dice(seed, "movements"), plan),
        *_releases(Dice(seed, "releases"), plan),
        *_deliveries(Dice(seed, "deliveries"), plan),
        *(_refused(one) for one in refusals),
    ]
    order = sorted(range(len(acts)), key=lambda one: acts[one].at)
    numbered = {acts[one].id: f"act-{number}" for number, one in enumerate(order, start=1)}
    return Happened(
        tuple(replace(acts[one], id=numbered[acts[one].id]) for one in order),
        watches,
        refusals,
        _tracks(Dice(seed, "tracks"), plan),
        days.start(0) + CEASEFIRE_H * HOUR,
    )


# ---- watching ------------------------------------------------------------------------------------------------------


def _watching(dice: Dice, plan: Plan) -> tuple[tuple[Watch, ...], tuple[Refusal, ...]]:
    """Return when which patrol stands where, and when it is refused. Nobody is kept away before the first attack."""
    watches: list[Watch] = []
    refusals: list[Refusal] = []
    hard, refusing = plan.difficulty, plan.conduct.refusing
    for day in range(plan.days.count):
        for patrol in range(hard.patrols):
            watch = _shift(dice, plan, day, patrol)
            if day > FIRST_ATTACK_DAY and refusing and dice.percent(hard.refused):
                refusals.append(Refusal(watch.patrol, watch.tile, dice.pick(refusing), watch.start, watch.end))
            else:
                watches.append(watch)
        if day > FIRST_ATTACK_DAY and refusing and dice.percent(hard.jammed):
            side, start = dice.pick(refusing), plan.days.start(day) + dice.between(0, 18 * 60) * MINUTE
            refusals.append(Refusal("", dice.between(0, TILES - 1), side, start, start + dice.between(2, 5) * HOUR))
    return tuple(watches), tuple(refusals)


def _shift(dice: Dice, plan: Plan, day: int, patrol: int) -> Watch:
    """Return where a patrol stands on a day, and when: all sectors in turn."""
    start, hours = plan.days.start(day), plan.difficulty.patrol_hours
    tile = (day * plan.difficulty.patrols + patrol) % TILES
    if hours * HOUR >= DAY:
        return Watch(patrol_name(patrol), tile, start, plan.days.end(day))
    start += dice.between(5, 24 - hours) * HOUR
    return Watch(patrol_name(patrol), tile, start, start + hours * HOUR)


def _refused(one: Refusal) -> Act:
    """Return what a refusal is to the agreement: an obstruction of the commission."""
    middle = Spot(one.tile * TILE_M - TILES * TILE_M // 2 + TILE_M // 2, 0)
    way = "access to " + tile_name(one.tile) if one.patrol else "the acoustic network"
    fields = (("against", COMMISSION), ("of", way))
    name = f"refused {one.patrol} {one.start}"
    return Act(id=name, kind="obstruction", by=one.by, at=one.start, spot=middle, fields=fields, patrol=one.patrol)


def jams(happened: Happened) -> tuple[Refusal, ...]:
    """Return when the acoustic network was jammed."""
    return tuple(one for one in happened.refusals if not one.patrol)


# ---- acts of force -------------------------------------------------------------------------------------------------


def _first_attack(dice: Dice, plan: Plan, watches: tuple[Watch, ...]) -> Act:
    """Return the one attack of its day, in front of the first patrol."""
    watch = [one for one in watches if one.patrol == patrol_name(0)][FIRST_ATTACK_DAY]
    side, at = dice.pick(plan.conduct.firing), watch.start + dice.between(60, 180) * MINUTE
    return Act(id="first", kind="gunfire", by=side, at=at, spot=_in_tile(dice, watch.tile), fields=_harm(dice, 2))


def _in_tile(dice: Dice, tile: int) -> Spot:
    """Return a spot in a sector of the buffer, well inside it and off the line."""
    west = tile * TILE_M - TILES * TILE_M // 2
    own = dice.between(600, 2000) * dice.pick((1, -1))
    return Spot(west + dice.between(1500, TILE_M - 1500), own)


def _harm(dice: Dice, most: int) -> tuple[tuple[str, int | str], ...]:
    return (("killed", dice.between(0, most)), ("injured", dice.between(0, 2 * most)))


def _moment(dice: Dice, days: Days, day: int) -> Moment:
    return days.start(day) + dice.between(20, 1400) * MINUTE + dice.between(0, 59) * SECOND


def _force(dice: Dice, plan: Plan) -> Iterator[Act]:
    """Yield shelling, repeated at its place on later days, gunfire, and raids by those who signed nothing."""
    targets: dict[str, Spot] = {}
    hard = plan.difficulty
    for day in range(FIRST_ATTACK_DAY + 1, plan.days.count):
        quiet = dice.percent(hard.quiet_days)
        for number, side in enumerate(plan.conduct.firing):
            if not dice.percent(hard.repeated):
                targets.pop(side, None)
            if side not in targets and dice.per_mille(hard.force_per_mille):
                targets[side] = plan.cast.spot(side, dice.between(-28_000, 28_000), -dice.between(4_000, 15_000))
            if side in targets and not quiet:
                again = Act(id=f"shelling-{day}-{number}", kind="shelling", by=side, at=0, spot=targets[side])
                yield from _shellings(dice, plan.days.start(day), again)
            if not quiet and dice.per_mille(hard.force_per_mille):
                yield _gunfire(dice, plan, day, side)
        if not quiet and dice.per_mille(hard.raids_per_mille):
            yield _gunfire(dice, plan, day, RAIDERS)


def _gunfire(dice: Dice, plan: Plan, day: int, by: str) -> Act:
    spot, at = _in_tile(dice, dice.between(0, TILES - 1)), _moment(dice, plan.days, day)
    return Act(id=f"gunfire-{day}-{by}", kind="gunfire", by=by, at=at, spot=spot, fields=_harm(dice, 3))


def _shellings(dice: Dice, midnight: Moment, again: Act) -> Iterator[Act]:
    """Yield one day of shelling of a place: once or twice, hours apart, within 150 metres of where it fell before."""
    first = midnight + dice.between(30, 600) * MINUTE
    for number in range(dice.pick((1, 1, 2))):
        spot = again.spot.moved(dice.between(-150, 150), dice.between(-150, 150))
        at = first + number * dice.between(360, 700) * MINUTE + dice.between(0, 59) * SECOND
        fields = (*_harm(dice, 5), ("count", dice.between(3, 40)))
        yield replace(again, id=f"{again.id}-{number}", at=at, spot=spot, fields=fields)


# ---- movements, flights --------------------------------------------------------------------------------------------


def _movements(dice: Dice, plan: Plan) -> Iterator[Act]:
    """Yield flights over the buffer, incursions into it, and movements that were announced."""
    hard, conduct, code = plan.difficulty, plan.conduct, 0
    for day in range(1, plan.days.count):
        for side in plan.cast.sides:
            if side in conduct.flying and dice.per_mille(hard.flights_per_mille):
                yield _moving(dice, plan, day, ("surveillance", side))
            if side in conduct.moving and dice.per_mille(hard.incursions_per_mille):
                yield _moving(dice, plan, day, ("incursion", side))
            if dice.per_mille(hard.permitted_per_mille):
                code += 1
                act = _moving(dice, plan, day, ("movement", side))
                yield replace(act, permitted=True, fields=(*act.fields, ("code", f"M-{code}")))


def _moving(dice: Dice, plan: Plan, day: int, what: tuple[str, str]) -> Act:
    kind, side = what
    spot, at = _in_tile(dice, dice.between(0, TILES - 1)), _moment(dice, plan.days, day)
    fields = () if kind == "surveillance" else (("count", dice.between(3, 25)),)
    return Act(id=f"{kind}-{day}-{side}", kind=kind, by=side, at=at, spot=spot, fields=fields)


# ---- people and goods ----------------------------------------------------------------------------------------------


def _releases(dice: Dice, plan: Plan) -> Iterator[Act]:
    """Yield three releases by each party before the deadline; one in four falls short of what is due."""
    for number, side in enumerate(plan.cast.sides):
        whole = RELEASED - dice.between(1, 8) if dice.percent(25) else RELEASED + dice.between(0, 4)
        part = whole // 3
        for one, count in enumerate((part, part, whole - 2 * part)):
            day = dice.between(3 * one + 1, 3 * one + 2)
            at = plan.days.start(day) + dice.between(10 * 60, 16 * 60) * MINUTE
            fields = (("count", count), ("category", "captive"))
            spot = _in_tile(dice, dice.between(0, TILES - 1))
            if day < min(plan.days.count, RELEASE_DAYS):
                yield Act(id=f"release-{number}-{one}", kind="release", by=side, at=at, spot=spot, fields=fields)


def _deliveries(dice: Dice, plan: Plan) -> Iterator[Act]:
    """Yield how many trucks each party let through each day."""
    for day in range(plan.days.count):
        for number, side in enumerate(plan.cast.sides):
            short = dice.percent(plan.difficulty.short_days)
            count = dice.between(TRUCKS - 20, TRUCKS - 1) if short else dice.between(TRUCKS, TRUCKS + 15)
            fields = (("count", count), ("goods", "relief"))
            spot = Spot(0, 0)
            at = plan.days.start(day) + 20 * HOUR
            yield Act(id=f"delivery-{day}-{number}", kind="delivery", by=side, at=at, spot=spot, fields=fields)


# ---- units ---------------------------------------------------------------------------------------------------------

FIX_EVERY = 8 * HOUR
UNITS = 2


def unit_name(side: str, number: int) -> str:
    """Return a party's unit."""
    return f"{side}-{number + 1}"


def _tracks(dice: Dice, plan: Plan) -> tuple[Fix, ...]:
    """Return where every unit was, three times a day: it leaves in time, or late, and may come back for a night."""
    found: list[Fix] = []
    settled = plan.days.start(WITHDRAW_DAYS)  # who came back around the deadline might seem never to have left
    for side in plan.cast.sides:
        moves = side in plan.conduct.moving
        for number in range(UNITS):
            east = dice.between(-28_000, 28_000)
            late = dice.between(1, 3) * DAY if moves and dice.percent(20) else 0
            leaves = plan.days.start(0) + dice.between(24, WITHDRAW_DAYS * 24 - 12) * HOUR + late
            for look in range(3 * plan.days.count):
                at = plan.days.start(look // 3) + (look % 3) * FIX_EVERY
                night = moves and look % 3 == 0 and at > max(leaves, settled) + DAY
                back = night and dice.per_mille(3 * plan.difficulty.unit_returns_per_mille)
                own = 1500 if at < leaves or back else 7000 + dice.between(-800, 800)
                spot = plan.cast.spot(side, east + dice.between(-300, 300), own)
                seen = not dice.percent(plan.difficulty.blind_fixes)
                found.append(Fix(unit_name(side, number), side, at, spot, seen))
    return tuple(sorted(found, key=lambda one: one.at))
