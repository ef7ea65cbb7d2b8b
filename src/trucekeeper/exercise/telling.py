"""Telling: how each source tells of what happened, or says that something did.

A patrol tells of whatever happened before its eyes, and of nothing else. The acoustic network hears every attack in
the Basin while it is not jammed, and never who it was. A party's office tells of what is done to it, in its own
manner; of what it did itself it says nothing, or that it was the other. Its paper and its friends repeat it. The
agency reports for itself, or cites. Nobody without an interest ever names a party that did not do it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucekeeper.exercise.acts import FIRST_ATTACK_DAY, INVENTED, Act, Happened, jams
from trucekeeper.exercise.dice import Dice
from trucekeeper.exercise.english import repeated, sentence
from trucekeeper.exercise.world import (
    DATASET,
    HOTLINE,
    RAIDERS,
    RELIEF,
    SENSOR,
    TILES,
    WIRE,
    Cast,
    Days,
    Spot,
)
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, SECOND, WEEK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucekeeper.exercise.difficulty import Difficulty
    from trucekeeper.terms import Moment

SEEN_M, HEARD_M = 150, 200
"""How far off a patrol and the acoustic network put what they saw and heard, at most, along each axis."""
HALF_HOUR = 30 * MINUTE
ATTACKS = ("shelling", "gunfire", "airstrike", "ground-attack")
OTHER_WORDS = {
    "gunfire": "shelling",
    "shelling": "airstrike",
    "movement": "ground-attack",
    "incursion": "ground-attack",
    "surveillance": "airstrike",
}
"""What a party calls an act to make it a graver one."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How strongly a party does each of these, in percent of what the difficulty says."""

    exaggerates: int
    blames: int
    invents: int
    mislabels: int
    shifts: int
    is_late: int
    copies: int

    @staticmethod
    def drawn(dice: Dice) -> Habits:
        """Return one party's habits."""
        return Habits(*(dice.between(50, 150) for _ in range(7)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One report: who says it, when, what, and the truth of it.

    `of` is the act, true or invented, that it tells of. `marks` say what is wrong with it. Its time lies between `at`
    and so long later as `rounded` says; with `day` only the civil day is known.
    """

    source: str
    learned_at: Moment
    kind: str
    by: str
    at: Moment
    spot: Spot
    within_m: int
    fields: tuple[tuple[str, int | str], ...]
    text: str
    of: str
    rounded: int = 0
    day: bool = False
    area: bool = False
    first_hand: bool = False
    url: str = ""
    cites: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    name: str = ""

    @property
    def id(self) -> str:
        """Return its permanent name."""
        return f"{self.source}/{self.name}"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the telling of a drill needs besides dice."""

    cast: Cast
    days: Days
    difficulty: Difficulty
    habits: dict[str, Habits]
    seed: int


def told(stage: Stage, true: Happened) -> tuple[tuple[Act, ...], tuple[Told, ...]]:
    """Return what is invented, and every report in the order in which its source gave it, each with its name."""
    first = next(one for one in true.acts if one.kind in ATTACKS)
    invented = tuple(_invented(stage, true))
    flooded = _flooded(stage, invented)
    found: list[Told] = []
    for act in (*true.acts, *invented):
        dice = Dice(stage.seed, f"telling of {act.id}")
        seen = list(_first_hand(dice, stage, true, act, late=act is first))
        said = [] if act is first else [*_offices(dice, stage, act), *_public(dice, stage, act)]
        echoes = [echo for one in said for echo in _echoes(dice, stage, one, flood=one.of == flooded)]
        found += [*seen, *said, *echoes]
    found += list(_dataset(Dice(stage.seed, "dataset"), stage, found))
    return invented, _named(found)


def _named(found: list[Told]) -> tuple[Told, ...]:
    """Return the reports with their names: a source numbers its own, in the order in which it gives them."""
    order = sorted(range(len(found)), key=lambda one: (found[one].learned_at, one))
    counts: dict[str, int] = {}
    named: list[Told] = []
    for one in order:
        source = found[one].source
        counts[source] = counts.get(source, 0) + 1
        named.append(replace(found[one], name=str(counts[source])))
    return tuple(named)


# ---- those who were there ------------------------------------------------------------------------------------------


def _first_hand(dice: Dice, stage: Stage, true: Happened, act: Act, *, late: bool) -> Iterator[Told]:
    """Yield what patrols saw, what the network heard, and what the Relief Society received."""
    if act.invented or act.kind == "delivery":
        return
    if act.kind == "obstruction":
        yield _obstructed(dice, act)
        return
    if act.kind == "release":
        yield _report(dice, act, source=RELIEF, manner="relief", learned_at=act.at + HOUR, within_m=300, seen=SEEN_M)
        return
    for watch in true.watches:
        if watch.sees(act):
            delayed = late or dice.percent(stage.difficulty.late)
            learned = watch.end + dice.between(10, 90) * MINUTE + (_lateness(dice, late=late) if delayed else 0)
            by = act.by if late or dice.percent(80) else ""
            one = _report(
                dice, act, source=watch.patrol, manner="patrol", learned_at=learned, within_m=300, seen=SEEN_M, by=by
            )
            yield replace(one, first_hand=True, marks=("late",) if delayed else ())
    if act.kind in ATTACKS and not any(one.start <= act.at <= one.end for one in jams(true)):
        learned = act.at + dice.between(1, 9) * MINUTE
        heard = _report(dice, act, source=SENSOR, manner="sensor", learned_at=learned, within_m=400, seen=HEARD_M)
        yield replace(heard, by="", first_hand=True, fields=())


def _lateness(dice: Dice, *, late: bool) -> int:
    return 20 * HOUR if late else dice.between(1, 3) * DAY


def _obstructed(dice: Dice, act: Act) -> Told:
    """Return the commission's own word on what kept it away: a patrol knows who stopped it, the network does not."""
    learned = act.at + 30 * MINUTE
    if act.patrol:
        one = _report(dice, act, source=act.patrol, manner="patrol", learned_at=learned, within_m=300, seen=SEEN_M)
        return replace(one, first_hand=True)
    one = _report(dice, act, source=SENSOR, manner="sensor", learned_at=learned, within_m=20_000, seen=HEARD_M)
    return replace(one, by="", first_hand=True)


def _report(
    dice: Dice,
    act: Act,
    *,
    source: str,
    manner: str,
    learned_at: Moment,
    within_m: int,
    seen: int,
    by: str | None = None,
) -> Told:
    """Return a report that tells of an act as it was, its place so far off at most along each axis."""
    named = act.by if by is None else by
    off = (seen * 7 // 10) or 1
    return Told(
        source=source,
        learned_at=max(learned_at, act.at + MINUTE),
        kind=act.kind,
        by=named,
        at=act.at + dice.between(-30, 30) * SECOND,
        spot=act.spot.moved(dice.between(-off, off), dice.between(-off, off)),
        within_m=within_m,
        fields=act.fields,
        text=sentence(dice, manner, act, by=named, fields=dict(act.fields)),
        of=act.id,
    )


# ---- the parties ---------------------------------------------------------------------------------------------------


def _invented(stage: Stage, true: Happened) -> Iterator[Act]:
    """Yield what each party says that the other did, and nobody did."""
    dice = Dice(stage.seed, "inventing")
    number = 0
    for day in range(1, stage.days.count):
        for side in stage.cast.sides:
            often = stage.difficulty.invented_per_mille * stage.habits[side].invents // 100
            if day == FIRST_ATTACK_DAY or not dice.per_mille(often):
                continue
            number += 1
            kind = dice.pick(("shelling", "gunfire", "incursion", "surveillance"))
            far = dice.between(500, 2000) if kind in {"incursion", "surveillance"} else dice.between(500, 14_000)
            yield Act(
                id=f"{INVENTED}{number}",
                kind=kind,
                by=stage.cast.other(side),
                at=max(true.ceasefire, stage.days.start(day) + dice.between(60, 1300) * MINUTE),
                spot=stage.cast.spot(side, _east(dice), far),
                fields=(("killed", dice.between(0, 4)), ("injured", dice.between(0, 9))) if kind in ATTACKS else (),
                claimed_by=side,
            )


def _east(dice: Dice) -> int:
    return dice.between(0, TILES - 1) * 10_000 - 30_000 + dice.between(1500, 8500)


def _offices(dice: Dice, stage: Stage, act: Act) -> Iterator[Told]:
    """Yield what the parties' offices say of an act."""
    if act.kind in {"delivery", "obstruction"}:
        return
    for side in stage.cast.sides:
        accused = _accused(dice, stage, act, side)
        if accused is not None:
            yield _as_told(dice, stage, act, (side, accused))


def _accused(dice: Dice, stage: Stage, act: Act, side: str) -> str | None:
    """Return of whom an office says that he did it, None where it says nothing."""
    if act.invented:
        return act.by if act.claimed_by == side else None
    tells = dice.percent(stage.difficulty.office_tells)
    blames = dice.percent(stage.difficulty.blamed_on_the_other * stage.habits[side].blames // 100)
    if act.kind == "release":
        return act.by if tells else None
    if act.by == side:
        return stage.cast.other(side) if blames and act.kind in ATTACKS else None
    if not tells:
        return None
    return stage.cast.other(side) if act.by != RAIDERS or blames else RAIDERS


def _as_told(dice: Dice, stage: Stage, act: Act, who: tuple[str, str]) -> Told:
    """Return an act in a party's manner, with a mark for each thing that is not so."""
    side, accused = who
    hard, habits = stage.difficulty, stage.habits[side]
    marks = [*(["invented"] if act.invented else []), *(["wrong party"] if accused != act.by else [])]
    as_said = act
    if dice.percent(hard.exaggerated * habits.exaggerates // 100) and (act.number("killed") or act.number("count")):
        as_said, marks = replace(as_said, fields=_exaggerated(dice, act, side)), [*marks, "exaggerated"]
    if dice.percent(hard.mislabelled * habits.mislabels // 100) and act.kind in OTHER_WORDS:
        as_said, marks = replace(as_said, kind=OTHER_WORDS[act.kind]), [*marks, "mislabelled"]
    if dice.percent(hard.shifted * habits.shifts // 100) and act.kind != "release":
        own = stage.cast.spot(side, 0, hard.shifted_m)
        as_said, marks = replace(as_said, spot=act.spot.moved(own.east_m, own.ahead_m)), [*marks, "shifted"]
    learned = act.at + dice.between(30, 300) * MINUTE
    if dice.percent(hard.late * habits.is_late // 100):
        learned, marks = learned + dice.between(1, 3) * DAY, [*marks, "late"]
    one = _report(
        dice,
        as_said,
        source=f"{side}-office",
        manner="office",
        learned_at=learned,
        within_m=500,
        seen=300,
        by=accused,
    )
    return replace(one, url=_address(dice, f"{side}.example/statements", learned), marks=tuple(marks))


def _address(dice: Dice, where: str, moment: Moment) -> str:
    """Return an address that is nobody else's, and tells nothing."""
    return f"https://{where}/{moment // SECOND}-{dice.between(100, 999)}"


def _exaggerated(dice: Dice, act: Act, side: str) -> tuple[tuple[str, int | str], ...]:
    """Return the counts as a party gives them: more dead on its own side, more captives released by itself."""
    times = dice.between(2, 4)
    lowered = act.kind == "release" and act.by != side

    def changed(value: int | str) -> int | str:
        if not isinstance(value, int):
            return value
        return (
            max(1, value * 2 // 3) if lowered else value + (value + 1) // 2 * (1 if act.kind == "release" else times)
        )

    return tuple((name, changed(value)) for name, value in act.fields)


# ---- those who repeat it, and the public ---------------------------------------------------------------------------


def _flooded(stage: Stage, invented: tuple[Act, ...]) -> str:
    """Return the one claim with which a party floods, "" if none does."""
    dice = Dice(stage.seed, "flooding")
    return dice.pick(invented).id if invented and stage.difficulty.flood else ""


def _echoes(dice: Dice, stage: Stage, one: Told, *, flood: bool) -> Iterator[Told]:
    """Yield who repeats an office's words: its paper, its friends, and the agency, which says whom it cites."""
    side, _, office = one.source.partition("-")
    if office != "office":
        return
    mean = stage.difficulty.copies * stage.habits[side].copies
    copies = stage.difficulty.flood if flood else dice.between(0, 2 * mean) // 100
    for number in range(copies):
        source = f"{side}-paper" if number % 3 == 0 and not flood else f"{side}-voices"
        cites = (one.source,) if dice.percent(stage.difficulty.cited) else ()
        yield replace(
            one,
            source=source,
            learned_at=one.learned_at + dice.between(5, 600) * MINUTE,
            text=repeated(dice, one.text, one.source),
            cites=cites,
            url=one.url if dice.percent(50) else _address(dice, f"{source}.example/{number}", one.learned_at),
            marks=tuple(dict.fromkeys((*one.marks, "copy", *(["flood"] if flood else [])))),
        )
    if dice.percent(stage.difficulty.wire // 2):
        learned = one.learned_at + dice.between(20, 300) * MINUTE
        yield replace(
            one,
            source=WIRE,
            learned_at=learned,
            within_m=2000,
            text=f"The {one.source} says: {one.text}",
            cites=(one.source,),
            url=_address(dice, "wire.example/cited", learned),
            marks=tuple(dict.fromkeys((*one.marks, "copy"))),
        )


def _public(dice: Dice, stage: Stage, act: Act) -> Iterator[Told]:
    """Yield what the agency found out for itself, and who called: both blurred, neither naming the wrong one."""
    if act.invented or act.kind in {"delivery", "obstruction"}:
        return
    hard = stage.difficulty
    if dice.percent(hard.wire) and act.kind != "movement":
        by = act.by if dice.percent(50) else ""
        at = act.at + dice.between(60, 900) * MINUTE
        one = _report(
            dice,
            act,
            source=WIRE,
            manner="wire",
            learned_at=at,
            within_m=2 * hard.blurred_m,
            seen=hard.blurred_m,
            by=by,
        )
        one = replace(one, url=_address(dice, "wire.example/news", at), area=True)
        yield one
        yield from _reprints(dice, stage, one)
    for _ in range(2):
        if dice.percent(hard.witnesses):
            by = act.by if dice.percent(40) and act.by != RAIDERS else ""
            late = dice.percent(hard.late)
            learned = act.at + HALF_HOUR + dice.between(5, 400) * MINUTE + (dice.between(1, 2) * DAY if late else 0)
            off = {"within_m": 2 * hard.blurred_m, "seen": hard.blurred_m}
            call = _report(dice, act, source=HOTLINE, manner="hotline", learned_at=learned, by=by, **off)
            at = call.at // HALF_HOUR * HALF_HOUR  # people say the half hour
            marks = ("late",) if late else ()
            yield replace(call, at=at, rounded=HALF_HOUR, fields=(), day=dice.percent(20), marks=marks)


def _reprints(dice: Dice, stage: Stage, one: Told) -> Iterator[Told]:
    """Yield the papers that print what the agency found out, with or without saying whose it is."""
    for side in stage.cast.sides:
        if dice.percent(20):
            source, learned = f"{side}-paper", one.learned_at + dice.between(60, 600) * MINUTE
            cites = (WIRE,) if dice.percent(stage.difficulty.cited) else ()
            text = repeated(dice, one.text, WIRE)
            url = _address(dice, f"{source}.example/news", learned)
            yield replace(one, source=source, learned_at=learned, text=text, cites=cites, url=url, marks=("copy",))


def _dataset(dice: Dice, stage: Stage, found: list[Told]) -> Iterator[Told]:
    """Yield a week's entries, a few days after its end: the day and the town, as the agency had it."""
    start = stage.days.start(0)
    of_wire = [one for one in found if one.source == WIRE]
    kinds = [one for one in of_wire if one.kind not in {"release", "movement"} and dice.percent(60)]
    for one in kinds:
        week_end = start + ((one.learned_at - start) // WEEK + 1) * WEEK
        yield replace(
            one,
            source=DATASET,
            learned_at=week_end + 2 * DAY,
            day=True,
            area=True,
            within_m=5000,
            text=f"Coded event, after {WIRE}: {one.kind}",
            cites=(WIRE, *one.cites),
            url="",
            marks=tuple(dict.fromkeys((*one.marks, "copy"))),
        )
