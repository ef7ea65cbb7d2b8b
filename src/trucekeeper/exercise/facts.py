"""The facts of a drill: those that people enter beside the reports, and the perfect ones, which nobody has.

Entered are declarations, who watched and who was kept away, notices of movements, counters' claims, where units were
seen, complaints and inspections. Perfect is everything that happened, verified, under eyes that never close: from
these the true standing is worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.exercise.acts import Act, Happened, Refusal, jams
from trucekeeper.exercise.dice import Dice
from trucekeeper.exercise.world import (
    COMMISSION,
    GUARANTOR,
    RELIEF,
    SENSOR,
    TIME_ZONE,
    Cast,
    Days,
    degrees,
    tile_name,
)
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucekeeper.exercise.telling import Stage, Told
    from trucekeeper.terms import Moment

Row = dict[str, object]
SEEN_BY_PATROLS = ["military-operation", "movement", "overflight"]
ALL_KINDS = [*SEEN_BY_PATROLS, "obstruction", "delivery", "release", "position", "allegation", "inspection"]
CORROBORATED = {"occurred": "corroborated", "who": "corroborated"}
VERIFIED = {"occurred": "verified", "who": "verified"}


def said(moment: Moment) -> str:
    """Return a moment as the files of a drill have it."""
    return write_moment(moment, TIME_ZONE)


def entered(stage: Stage, true: Happened, told: Sequence[Told]) -> dict[str, list[Row]]:
    """Return the rows that people enter, by the name of their file, in the order in which they became known."""
    complaints = list(_complaints(stage, told))
    found = {
        "declarations": [_ceasefire(true)],
        "watching": [
            *_watches(true),
            *_network(stage.days, true),
            *_own_log(stage.days),
            *(_denial(number, one) for number, one in enumerate(true.refusals, start=1)),
        ],
        "notices": list(_notices(stage, true, CORROBORATED)),
        "claims": list(_claims(stage, true)),
        "positions": [row for row, seen in _positions(stage.cast, true, CORROBORATED) if seen],
        "complaints": complaints,
    }
    return {name: sorted(rows, key=_known) for name, rows in found.items()}


def perfect(stage: Stage, true: Happened, told: Sequence[Told]) -> list[Row]:
    """Return what one would know who had seen everything."""
    span = {"from": said(stage.days.start(0)), "until": said(stage.days.end(stage.days.count - 1))}
    eyes: Row = {
        "id": "eyes-that-never-close",
        "kind": "coverage",
        "by": COMMISSION,
        **span,
        "fields": {"detects": ALL_KINDS},
        "learned_at": span["from"],
        **VERIFIED,
    }
    complaints = [row | VERIFIED for row in _complaints(stage, told)]
    return [
        _ceasefire(true),
        eyes,
        *(_act(stage.cast, one) for one in true.acts),
        *_notices(stage, true, VERIFIED),
        *(row for row, _ in _positions(stage.cast, true, VERIFIED)),
        *complaints,
    ]


def _known(row: Row) -> tuple[str, str]:
    return str(row["learned_at"]), str(row["id"])


def _ceasefire(true: Happened) -> Row:
    at = said(true.ceasefire)
    return {
        "id": "ceasefire",
        "kind": "declaration",
        "by": GUARANTOR,
        "at": at,
        "fields": {"of": "ceasefire"},
        "learned_at": at,
        **VERIFIED,
        "source": GUARANTOR,
        "grade": "A1",
    }


def _act(cast: Cast, act: Act) -> Row:
    where = cast.place(act.spot)
    at = said(act.at)
    fields = dict(act.fields)
    if act.kind == "incursion":
        fields["code"] = "not announced"  # so that no notice of another movement may excuse it
    return {
        "id": act.id,
        "kind": act.kind,
        "by": act.by,
        "at": at,
        "lat": degrees(where.lat_e7),
        "lon": degrees(where.lon_e7),
        "fields": fields or None,
        "learned_at": at,
        **VERIFIED,
    }


# ---- who watched ---------------------------------------------------------------------------------------------------


def _watches(true: Happened) -> Iterator[Row]:
    for number, one in enumerate(true.watches, start=1):
        yield {
            "id": f"watch-{number}",
            "kind": "coverage",
            "by": COMMISSION,
            "from": said(one.start),
            "until": said(one.end),
            "zone": tile_name(one.tile),
            "fields": {"detects": SEEN_BY_PATROLS},
            "learned_at": said(one.end),
            **CORROBORATED,
            "source": one.patrol,
            "grade": "B2",
        }


def _network(days: Days, true: Happened) -> Iterator[Row]:
    """Yield when the acoustic network heard the whole Basin: a day at a time, but for when it was jammed."""
    number = 0
    for day in range(days.count):
        start, end = days.start(day), days.end(day)
        dark = sorted((one.start, one.end) for one in jams(true) if one.start <= end and start <= one.end)
        for until, again in [*dark, (end + 1, end + 1)]:
            if start < until:
                number += 1
                yield {
                    "id": f"network-{number}",
                    "kind": "coverage",
                    "by": COMMISSION,
                    "from": said(start),
                    "until": said(until - 1),
                    "zone": "basin",
                    "fields": {"detects": ["attack"]},
                    "learned_at": said(until - 1),
                    **CORROBORATED,
                    "source": SENSOR,
                    "grade": "B2",
                }
            start = max(start, again + 1)


def _own_log(days: Days) -> Iterator[Row]:
    """Yield, a day at a time, that the commission knows when it is kept away."""
    for day in range(days.count):
        yield {
            "id": f"own-log-{day + 1}",
            "kind": "coverage",
            "by": COMMISSION,
            "from": said(days.start(day)),
            "until": said(days.end(day)),
            "fields": {"detects": ["obstruction"]},
            "learned_at": said(days.end(day)),
            **CORROBORATED,
            "source": COMMISSION,
            "grade": "A2",
        }


def _denial(number: int, one: Refusal) -> Row:
    """Return a refusal as it is entered: a patrol knows who stopped it, nobody saw who jammed the network."""
    jammed = not one.patrol
    return {
        "id": f"denial-{number}",
        "kind": "denial",
        "by": None if jammed else one.by,
        "from": said(one.start),
        "until": said(one.end),
        "zone": "basin" if jammed else tile_name(one.tile),
        "fields": {"detects": ["attack"] if jammed else SEEN_BY_PATROLS, "against": COMMISSION}
        | {"reason": "jamming" if jammed else "refused at a barrier"},
        "learned_at": said(one.end),
        "occurred": "corroborated",
        "who": "alleged" if jammed else "corroborated",
        "source": SENSOR if jammed else one.patrol,
        "grade": "B2",
    }


# ---- paper ---------------------------------------------------------------------------------------------------------


def _notices(stage: Stage, true: Happened, proof: dict[str, str]) -> Iterator[Row]:
    for act in true.acts:
        if act.permitted:
            dice = Dice(stage.seed, f"notice of {act.code}")
            at = said(max(stage.days.start(0), act.at - dice.between(6 * 60, 36 * 60) * MINUTE))
            yield {
                "id": f"notice-{act.code}",
                "kind": "notice",
                "by": act.by,
                "at": at,
                "fields": {"to": COMMISSION, "code": act.code},
                "learned_at": at,
                **proof,
                "source": COMMISSION,
                "grade": "A2",
            }


COMPLAINED, INSPECTED = 30, 85


def _complaints(stage: Stage, told: Sequence[Told]) -> Iterator[Row]:
    """Yield formal complaints, which parties make of some of what their offices say, and the inspections of them."""
    dice = Dice(stage.seed, "complaints")
    number = 0
    for one in told:
        side = one.source.removesuffix("-office")
        if side == one.source or not dice.percent(COMPLAINED):
            continue
        number += 1
        at, name = one.learned_at + HOUR, f"complaint-{number}"
        yield _paper(name, ("allegation", side), at, of=one.id)
        answered = at + dice.between(3 * 60, 28 * 60) * MINUTE
        if dice.percent(INSPECTED) and answered <= stage.days.end(stage.days.count - 1):
            yield _paper(f"inspection-{number}", ("inspection", COMMISSION), answered, of=name)


def _paper(name: str, what: tuple[str, str], at: Moment, *, of: str) -> Row:
    kind, by = what
    return {
        "id": name,
        "kind": kind,
        "by": by,
        "at": said(at),
        "fields": {"of": of},
        "learned_at": said(at),
        **CORROBORATED,
        "source": COMMISSION,
        "grade": "A2",
    }


# ---- counts --------------------------------------------------------------------------------------------------------

COUNTED = 85
"""On so many of a hundred days the Relief Society's counter is at the crossing."""


def _claims(stage: Stage, true: Happened) -> Iterator[Row]:
    """Yield rival counts of trucks and captives: the Society's, which are right, and those of the two parties."""
    dice = Dice(stage.seed, "claims")
    totals = dict.fromkeys(stage.cast.sides, 0)
    for act in true.acts:
        if act.kind == "delivery":
            day = (act.at - stage.days.start(0)) // DAY
            yield from _trucks(dice, stage, act, day)
        elif act.kind == "release":
            totals[act.by] += act.number("count")
            when = {"until": said(act.at + HOUR)}
            for counter, value in ((RELIEF, totals[act.by]), (act.by, totals[act.by] + dice.between(0, 3))):
                yield _claim(counter, f"captives-{act.by}", value, when)


def _trucks(dice: Dice, stage: Stage, act: Act, day: int) -> Iterator[Row]:
    tally, count = f"trucks-{act.by}", act.number("count")
    period = {"from": said(stage.days.start(day)), "until": said(stage.days.end(day))}
    there = dice.percent(COUNTED)
    raised, lowered = count + dice.between(0, 9), max(0, count - dice.between(0, 9))
    if there:
        yield _claim(RELIEF, tally, count, period)
    yield _claim(act.by, tally, raised, period)
    yield _claim(stage.cast.other(act.by), tally, lowered, period)


def _claim(by: str, tally: str, value: int, period: dict[str, str]) -> Row:
    """Return a counter's figure. What a party says of either is alleged, whoever says it."""
    neutral = by == RELIEF
    return {
        "id": f"{by}-counts-{tally}-until-{period['until'][:13]}",
        "kind": "claim",
        "by": by,
        **period,
        "fields": {"tally": tally, "value": value},
        "learned_at": period["until"],
        **(CORROBORATED if neutral else {}),
        "source": by,
        "grade": "A2" if neutral else "E4",
    }


# ---- units ---------------------------------------------------------------------------------------------------------


def _positions(cast: Cast, true: Happened, proof: dict[str, str]) -> Iterator[tuple[Row, bool]]:
    """Yield where each unit was, and whether anybody looked."""
    for number, fix in enumerate(true.fixes, start=1):
        where, at = cast.place(fix.spot), said(fix.at)
        row: Row = {
            "id": f"fix-{number}",
            "kind": "position",
            "by": fix.by,
            "at": at,
            "lat": degrees(where.lat_e7),
            "lon": degrees(where.lon_e7),
            "within_m": 100,
            "fields": {"unit": fix.unit},
            "learned_at": at,
            **proof,
            "source": "tracks",
            "grade": "B2",
        }
        yield row, fix.seen
