"""What happened under `bench/mixed/agreement.yaml`: facts of every kind that it reads, drawn from a seed.

Sixty days, over the change to summer time. Half of the facts are positions of units, as trackers send them, with a
radius; the rest is what a mission writes down: attacks, movements, flights, weapons seen, strengths, deliveries,
releases, weapons handed over, reported violations and the inspections that answer most of them, notices, permits,
pleas and what was decided on them, watches and refusals. Ordered by when they became known, so that the file can also
be told to a live execution line by line. Of a hundred facts

    4   were corrected (2), retracted (1) or came days late (1); of a thousand, one was redacted
    5   have no certain time
    3   are not corroborated: alleged, verified, refuted

A few facts do not grow in number with the log: the signature, the ceasefire with its two rival times, the planned
day, the base figure, suspensions, the opening of the second stage, reports, claims and the daily watch.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
from pyarrow import parquet

from bench.log import CACHE, SEED, made_by
from bench.wide import ROW_GROUP, TIME, WORD
from trucekeeper.agreement.load import load_agreement
from trucekeeper.geo import read_geojson
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, SECOND, datetime_of, parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.terms import Moment

Row: TypeAlias = dict[str, Any]
"""One row of the facts format; moments are whole microseconds, a field of the kind is `fields.NAME`."""

FOLDER = Path(__file__).resolve().parent / "mixed"
START = parse_moment("2031-03-01T00:00+02:00")
DAYS = 60
END = START + DAYS * DAY
"""As of when to ask: the end of the sixtieth day."""

SIDES = ("north", "south")
UNITS = {"north": [f"n{number}" for number in range(1, 13)], "south": [f"s{number}" for number in range(1, 13)]}
WEAPONS = ("howitzer", "mortar", "rocket", "tank", "gun")
GOODS = ("food", "food", "food", "fuel", "medicine")
CRAFT = ("drone", "helicopter", "aircraft")
NATIONALITIES = ("northern", "eastern", "western", "island", "coastal", "hill", "river", "unknown")
WATCHED = ("attack", "movement", "overflight", "delivery", "inspection", "measure", "release", "arms-handover")
VALLEY, HARBOUR, LINE = (-30.2, 0.1), (-29.8, 0.1), -30.0
QUIET_FROM = 25
"""From this day on no attack in the Harbour is drawn."""

LEFT = ("kind", "by", "at", "earliest", "latest", "from", "until")
"""What a redaction leaves of a fact: that something of its kind happened then, but neither where nor what."""

MOMENTS = ("at", "earliest", "latest", "from", "until", "learned_at")
WHOLE = ("rev", "within_m", "fields.count", "fields.value", "fields.calibre_mm", "fields.altitude_ft")
TEXTS = ("id", "lat", "lon", "fields.of")
WORDS = (
    *("op", "kind", "by", "zone", "occurred", "who", "source", "cite", "owner"),
    *("fields.unit", "fields.weapon", "fields.category", "fields.goods", "fields.counted_as", "fields.craft"),
    *("fields.purpose", "fields.to", "fields.outcome", "fields.finding", "fields.plea", "fields.level"),
    *("fields.nationality", "fields.tally", "fields.reason", "fields.stage"),
)
SCHEMA = pa.schema(
    [(name, pa.string()) for name in TEXTS]
    + [(name, pa.int64()) for name in WHOLE]
    + [(name, TIME) for name in MOMENTS]
    + [(name, WORD) for name in WORDS]
    + [("fields.detects", pa.list_(pa.string()))]
)


def agreement() -> Agreement:
    """Return the agreement of all eight kinds."""
    zones, text = FOLDER / "zones.geojson", FOLDER / "agreement.yaml"
    atlas = read_geojson(zones.read_text(encoding="utf-8"), zones.name)
    return load_agreement(text.read_text(encoding="utf-8"), text.name, atlas)


def mixed(size: int, *, seed: int = SEED) -> Path:
    """Return the Parquet file of a history of about so many facts; written if it is not there."""
    file = CACHE / f"mixed-{size}-{seed}-{made_by(Path(__file__))}.parquet"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".part")
        told = iter(rows(size, seed=seed))
        with parquet.ParquetWriter(half, SCHEMA, compression="zstd") as writer:
            while chunk := list(islice(told, ROW_GROUP)):
                writer.write_table(table(chunk), row_group_size=ROW_GROUP)
        half.replace(file)
    return file


def table(told: Iterable[Row]) -> Any:  # noqa: ANN401  pyarrow has no types
    """Return rows as a table of the facts format."""
    several = list(told)
    return pa.table(
        {one.name: pa.array([row.get(one.name) for row in several], one.type) for one in SCHEMA}, schema=SCHEMA
    )


def rows(size: int, *, seed: int = SEED) -> list[Row]:
    """Return the history, every revision of every fact, in the order in which they became known."""
    draw = Random(seed)
    told = _Told(draw)
    for row in _fixed(size, draw):
        told.add(row)
    drawn = draw.choices(list(_SHARES), list(_SHARES.values()), k=size)
    for kind in drawn:
        kind(told, START + draw.randrange(DAYS * DAY // SECOND) * SECOND)
    return sorted(told.rows, key=lambda row: row["learned_at"])


class _Told:
    """The rows so far, and the number of the next fact."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        """Add a fact that is neither in doubt nor ever corrected."""
        row.setdefault("id", f"h{len(self.rows)}")
        row.setdefault("learned_at", row.get("at", row.get("from")))
        self.rows.append({"rev": 1, "op": "assert", "occurred": "corroborated", "who": "corroborated", **row})

    def tell(self, row: Row) -> str:
        """Add a fact as reports come: perhaps in doubt, late, and corrected afterwards. Return its name."""
        draw, when = self.draw, row["at"]
        name = f"h{len(self.rows)}"
        first = {"id": name, "rev": 1, "op": "assert", "occurred": "corroborated", "who": "corroborated"}
        first |= {"source": f"post-{draw.randrange(9)}", "cite": "the log of spring 2031", **row}
        if draw.random() < 0.05:
            first |= {"at": None, "earliest": when - 20 * MINUTE, "latest": when + 20 * MINUTE}
        if draw.random() < 0.03:
            first["occurred"] = draw.choice(("alleged", "alleged", "verified", "refuted"))
        if draw.random() < 0.02:
            first["owner"] = draw.choice((*SIDES, "guarantor"))
        first["learned_at"] = when + 30 * MINUTE
        self.rows.append(first)
        self._afterwards(first)
        return name

    def _afterwards(self, first: Row) -> None:
        fate = self.draw.random()
        if fate < 0.01:
            first["learned_at"] += self.draw.randrange(HOUR, 5 * DAY)
        elif fate < 0.041:
            known = first["learned_at"] + self.draw.randrange(HOUR, 3 * DAY)
            again = {"id": first["id"], "rev": 2, "learned_at": known}
            if fate < 0.03:
                self.rows.append({**first, **again, **_mended(first)})
            elif fate < 0.04:
                self.rows.append({**again, "op": "retract"})
            else:
                left = {name: first.get(name) for name in LEFT}
                self.rows.append({**again, **left, "op": "redact"})


def _mended(first: Row) -> Row:
    """Return what a correction changes: how many, else where, else when."""
    if first.get("fields.count") is not None:
        return {"fields.count": first["fields.count"] + 1}
    if first.get("lat") is not None:
        return {"within_m": first["within_m"] + 250}
    moved = {name: first[name] + 7 * MINUTE for name in ("at", "earliest", "latest") if first.get(name) is not None}
    return moved if first["kind"] != "coverage" else {"zone": "valley"}


# ---- what happens --------------------------------------------------------------------------------------------------


def _near(draw: Random, middle: tuple[float, float], *, spread: float = 0.06, within: int = 500) -> Row:
    lon, lat = draw.gauss(middle[0], spread), draw.gauss(middle[1], spread)
    return {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}", "within_m": draw.randrange(within)}


def _position(told: _Told, when: Moment) -> None:
    draw, day = told.draw, (when - START) // DAY
    side = draw.choice(SIDES)
    leaving = side == "north" and day < 12 and draw.random() < 0.9 - day / 12
    middle = (LINE + 0.15, 0.1) if leaving else (LINE - 0.4, 0.1) if side == "north" else HARBOUR
    told.tell(
        {"kind": "position", "by": side, "at": when, "fields.unit": draw.choice(UNITS[side])} | _near(draw, middle)
    )


def _weapon(told: _Told, when: Moment) -> None:
    draw = told.draw
    where = _near(draw, draw.choice((VALLEY, HARBOUR)), spread=0.15, within=2000)
    sort = {"fields.weapon": draw.choice(WEAPONS), "fields.calibre_mm": draw.choice((60, 81, 105, 122, 155))}
    told.tell({"kind": "weapon-position", "by": draw.choice(SIDES), "at": when, **sort, **where})


def _strength(told: _Told, when: Moment) -> None:
    draw = told.draw
    counted = {
        "zone": "harbour",
        "fields.unit": draw.choice(UNITS["south"]),
        "fields.count": draw.randrange(300, 610),
    }
    told.tell({"kind": "strength", "by": "south", "at": when, **counted})


def _overflight(told: _Told, when: Moment) -> None:
    draw = told.draw
    kind, by = draw.choice(("overflight", "surveillance")), draw.choice((*SIDES, "raiders", "relief"))
    how = {"fields.craft": draw.choice(CRAFT), "fields.altitude_ft": draw.randrange(500, 20000)}
    told.tell({"kind": kind, "by": by, "at": when, **how, **_near(draw, draw.choice((VALLEY, HARBOUR)), spread=0.2)})


def _attack(told: _Told, when: Moment) -> None:
    draw, day = told.draw, (when - START) // DAY
    kind = draw.choice(("shelling", "gunfire", "airstrike", "attack", "bombing"))
    row: Row = {"kind": kind, "at": when, "fields.weapon": draw.choice(WEAPONS), **_near(draw, VALLEY, within=4000)}
    if draw.random() < 0.95:
        row["by"] = draw.choice(SIDES)
    if day < QUIET_FROM and draw.random() < 0.05:
        row |= {"by": draw.choice(("raiders", "border-band")), **_near(draw, HARBOUR, spread=0.02)}
    name = told.tell(row)
    if draw.random() < 0.05:
        _plead(told, name, when, row.get("by", "north"))


def _plead(told: _Told, name: str, when: Moment, by: str) -> None:
    draw, said = told.draw, {"fields.of": name, "fields.plea": "self-defence"}
    told.tell({"kind": "plea", "by": by, "at": when + draw.randrange(DAY), **said})
    if draw.random() < 0.6:
        finding = {"fields.finding": draw.choice(("established", "rejected"))}
        told.tell({"kind": "determination", "by": "commission", "at": when + 2 * DAY, **said, **finding})


def _movement(told: _Told, when: Moment) -> None:
    draw, side = told.draw, told.draw.choice(SIDES)
    kind = "incursion" if draw.random() < 0.1 else "movement"
    row = {"kind": kind, "by": side, "at": when, "fields.unit": draw.choice(UNITS[side])}
    if draw.random() < 0.3:
        row["fields.weapon"] = draw.choice(WEAPONS)
    row["fields.purpose"] = draw.choice(("withdrawal", "supply", "patrol"))
    told.tell(row | _near(draw, VALLEY, spread=0.15, within=1000))


def _delivery(told: _Told, when: Moment) -> None:
    draw = told.draw
    what = {"fields.count": draw.randrange(1, 6), "fields.goods": draw.choice(GOODS), "fields.counted_as": "crossed"}
    told.tell({"kind": "delivery", "by": "relief", "at": when, **what})


def _release(told: _Told, when: Moment) -> None:
    draw = told.draw
    who = {"fields.category": draw.choice(("captive", "captive", "detainee")), "fields.count": draw.randrange(1, 9)}
    told.tell({"kind": "release", "by": "south", "at": when, "fields.nationality": draw.choice(NATIONALITIES), **who})


def _handover(told: _Told, when: Moment) -> None:
    draw = told.draw
    what = {"fields.count": draw.randrange(1, 6), "fields.outcome": draw.choice(("accepted", "accepted", "rejected"))}
    told.tell({"kind": "arms-handover", "by": "south", "at": when, "fields.weapon": draw.choice(WEAPONS), **what})


def _deployment(told: _Told, when: Moment) -> None:
    row = {"kind": "deployment", "by": "south", "at": when, "fields.category": "police"}
    told.tell(row | _near(told.draw, VALLEY, spread=0.04))


def _allegation(told: _Told, when: Moment) -> None:
    draw = told.draw
    name = told.tell({"kind": "allegation", "by": draw.choice((*SIDES, *SIDES, "relief")), "at": when})
    answered = when + int(draw.expovariate(1 / 16) * HOUR)
    if draw.random() < 0.9 and answered < END:
        finding = {"fields.of": name, "fields.outcome": draw.choice(("confirmed", "not confirmed"))}
        told.tell({"kind": "inspection", "by": "commission", "at": answered, **finding})


def _measure(told: _Told, when: Moment) -> None:
    told.tell({"kind": "measure", "by": "south", "at": when, "zone": told.draw.choice(("valley", "harbour"))})


def _notice(told: _Told, when: Moment) -> None:
    row = {"kind": "notice", "by": told.draw.choice((*SIDES, "raiders")), "at": when, "fields.to": "commission"}
    told.tell(row)
    if told.draw.random() < 0.1:
        objection = {"fields.finding": "objection", "at": when + 5 * MINUTE, "fields.to": row["by"]}
        told.tell({"kind": "decision", "by": "commission", **objection})


def _permit(told: _Told, when: Moment) -> None:
    told.tell({"kind": "permit", "by": "commission", "at": when, "fields.weapon": told.draw.choice(WEAPONS)})


def _answered_fire(told: _Told, when: Moment) -> None:
    draw, side = told.draw, told.draw.choice(SIDES)
    if draw.random() < 0.5:
        told.tell({"kind": "order", "by": side, "at": when - HOUR, "fields.level": draw.choice(("top", "field"))})
        outcome = {"fields.outcome": draw.choice(("unsuccessful", "settled"))}
        told.tell({"kind": "procedure-ended", "by": "commission", "at": when - 2 * HOUR, **outcome})
    told.tell({"kind": "return-fire", "by": side, "at": when, **_near(draw, VALLEY)})


def _coverage(told: _Told, when: Moment) -> None:
    draw = told.draw
    until = when + draw.randrange(2, 9) * HOUR
    sees = {"zone": draw.choice(("valley", "harbour")), "fields.detects": [draw.choice(WATCHED)]}
    told.tell({"kind": "coverage", "by": "commission", "at": when, "from": when, "until": until, **sees})


def _denial(told: _Told, when: Moment) -> None:
    draw = told.draw
    what = {"zone": draw.choice(("valley", "harbour")), "fields.detects": ["attack"], "fields.reason": "security"}
    until = when + draw.randrange(1, 12) * HOUR
    told.tell({"kind": "denial", "by": draw.choice(SIDES), "at": when, "from": when, "until": until, **what})


_SHARES: dict[Callable[[_Told, Moment], None], float] = {
    _position: 0.5,
    _delivery: 0.12,
    _weapon: 0.1,
    _attack: 0.05,
    _movement: 0.05,
    _overflight: 0.05,
    _allegation: 0.03,
    _strength: 0.03,
    _coverage: 0.012,
    _release: 0.01,
    _handover: 0.01,
    _deployment: 0.01,
    _permit: 0.006,
    _notice: 0.006,
    _measure: 0.003,
    _answered_fire: 0.003,
    _denial: 0.001,
}
"""Of a hundred happenings so many are of each sort; some bring further facts with them."""


# ---- what happens once ---------------------------------------------------------------------------------------------


def _fixed(size: int, draw: Random) -> Iterator[Row]:
    yield from _events()
    handed_over = 0.01 * 3 * 2 / 3 * size  # as many weapons as are accepted in the sixty days, and some more
    yield {
        "kind": "base",
        "by": "south",
        "at": _on(1),
        "fields.of": "weapons",
        "fields.count": int(handed_over * 1.1),
    }
    for first in (5, 22, 41):
        yield from _suspended(first, draw.choice(SIDES))
    yield {"kind": "decision", "by": "commission", "at": _on(38, 12), "fields.of": "stage-2"}
    yield {"kind": "record", "by": "north", "at": _on(45), "fields.of": "south-implements", "fields.finding": "fails"}
    for day in range(4, DAYS, 5):
        yield {"kind": "report-issued", "by": "commission", "at": _on(day, 18), "fields.of": "reports"}
    for day in range(DAYS):
        yield from _daily(day, size, draw)


def _events() -> Iterator[Row]:
    guarantor = {"by": "guarantor"}
    yield {"kind": "signature", "at": _on(0, 10), "fields.of": "signature", **guarantor}
    for minute in (0, 20):  # two texts of the same statement, with different times
        when = _on(1, 6) + minute * MINUTE
        yield {"kind": "declaration", "at": when, "fields.of": "ceasefire", **guarantor}
    planned = {"at": _on(3), "learned_at": _on(2), "fields.of": "d-day"}
    yield {"kind": "schedule", **planned, **guarantor}
    yield {"kind": "declaration", "at": _on(4), "fields.of": "d-day", **guarantor}
    yield {"kind": "declaration", "at": _on(13), "fields.of": "withdraw", **guarantor}


def _suspended(day: int, by: str) -> Iterator[Row]:
    """Yield a suspension that the other side accepts, and its end two days later."""
    other, power = next(side for side in SIDES if side != by), "suspend-exchange"
    yield {"kind": "suspension", "by": by, "at": _on(day, 8), "fields.of": power, "id": f"suspension-{day}"}
    accepted = {"fields.of": f"suspension-{day}", "fields.finding": "accepted"}
    yield {"kind": "declaration", "by": other, "at": _on(day, 14), **accepted}
    yield {"kind": "resumption", "by": by, "at": _on(day + 2, 8), "fields.of": f"suspension-{day}"}


def _daily(day: int, size: int, draw: Random) -> Iterator[Row]:
    """Yield the day's watch over each zone, which is missing now and then, and two counters' rival claims."""
    whole = {"from": _on(day), "until": _on(day + 1) - 1}
    for zone in ("valley", "harbour", None):
        if draw.random() < 0.97:
            seen = {"zone": zone, "fields.detects": list(WATCHED), "learned_at": whole["until"]}
            yield {"kind": "coverage", "by": "commission", **whole, **seen}
    for by in ("commission", "relief"):
        counted = int(size * 0.12 / DAYS * 3 * draw.uniform(0.8, 1.2))
        claim = {"fields.tally": "trucks", "fields.value": counted, "fields.counted_as": "crossed"}
        yield {"kind": "claim", "by": by, "learned_at": whole["until"] + HOUR, **whole, **claim}


def _on(day: int, hour: int = 0) -> Moment:
    return START + day * DAY + hour * HOUR


def as_row(row: Row) -> Row:
    """Return a row as a line of NDJSON has it: moments as text, the kind's fields in one object."""
    said = {key: value for key, value in row.items() if value is not None}
    plain = {key: _text(key, value) for key, value in said.items() if not key.startswith("fields.")}
    fields = {key.removeprefix("fields."): value for key, value in said.items() if key.startswith("fields.")}
    return {**plain, **({"fields": fields} if fields else {})}


def _text(key: str, value: Any) -> Any:  # noqa: ANN401  one cell
    if key not in MOMENTS:
        return value
    return (datetime_of(value) if isinstance(value, int) else value).isoformat()
