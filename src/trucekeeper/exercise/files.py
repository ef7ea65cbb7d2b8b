"""A drill as a folder.

README.md                       what it is, how hard, and the commands that run it
agreement/agreement.yaml        what was agreed, and zones.geojson
reports/NAME.csv                what each source tells, in the order in which it did
reports/NAME.yaml               how that file is read, and what the registry says of its source
facts/NAME.ndjson               what people enter besides, in the facts format
truth/                          what really happened: see `trucekeeper.exercise.truth`; and facts.ndjson, the facts
                                of one who saw everything, from which the true standing is worked out
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from typing import TYPE_CHECKING

from trucekeeper.exercise.acts import FIRST_ATTACK_DAY, INVENTED
from trucekeeper.exercise.facts import perfect, said
from trucekeeper.exercise.telling import Habits
from trucekeeper.exercise.truth import DRILL, write_truth
from trucekeeper.exercise.world import (
    NORTH,
    SOUTH,
    TIME_ZONE,
    Teller,
    agreement_text,
    degrees,
    rulings,
    tellers,
    word,
    zones_text,
)
from trucekeeper.terms import BASE_VOCABULARY, Fault, Refused
from trucekeeper.terms.moments import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from trucekeeper.exercise.drill import Drill
    from trucekeeper.exercise.telling import Told
    from trucekeeper.exercise.truth import Truth

COLUMNS = (
    *("name", "learned_at", "kind", "by", "against", "time", "until", "lat", "lon", "within_m", "area"),
    *("killed", "injured", "count", "category", "code", "of", "url", "heard_from", "text"),
)
"""A time is a moment, or a day; with `until` it lies between the two. `heard_from` is where a report began."""
FIELDS = ("killed", "injured", "count", "category", "code", "of")


def write_drill(drawn: Drill, truth: Truth, folder: Path) -> None:
    """Write a drill and its truth into a folder that is new or empty. Raises Refused."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused([Fault(str(folder), 0, 0, "something is there already", "name a folder that is not there yet")])
    for name, text in texts(drawn).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    write_truth(truth, folder / "truth")


def texts(drawn: Drill) -> dict[str, str]:
    """Return the files of a drill by their names, all but what `write_truth` writes."""
    stage = drawn.stage
    sources = [one for one in tellers(stage.cast, stage.difficulty.patrols) if _of(drawn, one)]
    return {
        "README.md": _readme(drawn, sources),
        "agreement/agreement.yaml": agreement_text(),
        "agreement/zones.geojson": zones_text(),
        **{f"reports/{one.name}.csv": _table(drawn, one) for one in sources},
        **{f"reports/{one.name}.yaml": mapping_text(one) for one in sources},
        **{f"facts/{name}.ndjson": _lines(rows) for name, rows in drawn.entered.items() if rows},
        "truth/facts.ndjson": _lines(perfect(stage, drawn.true, drawn.told)),
        "truth/README.md": _truth_readme(drawn),
    }


def _of(drawn: Drill, teller: Teller) -> list[Told]:
    return [one for one in drawn.told if one.source == teller.name]


def _lines(rows: Iterable[Mapping[str, object]]) -> str:
    kept = ({name: value for name, value in row.items() if value is not None} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)


# ---- reports -------------------------------------------------------------------------------------------------------


def _table(drawn: Drill, teller: Teller) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(report_row(drawn, teller, one) for one in _of(drawn, teller))
    return out.getvalue()


def report_row(drawn: Drill, teller: Teller, one: Told) -> dict[str, str]:
    """Return a report as a row of its source's file."""
    where = drawn.stage.cast.place(one.spot)
    possible = BASE_VOCABULARY.fields(one.kind)
    told = {name: str(value) for name, value in one.fields if name in possible}
    row = {
        "name": one.name,
        "learned_at": said(one.learned_at),
        "kind": word(teller.manner, one.kind),
        "by": one.by,
        "lat": degrees(where.lat_e7),
        "lon": degrees(where.lon_e7),
        "within_m": str(one.within_m),
        "area": "true" if one.area else "",
        "url": one.url,
        "heard_from": one.cites[-1] if one.cites else "",
        "text": one.text,
        **told,
        **_when(one),
    }
    return {name: row.get(name, "") for name in COLUMNS}


def _when(one: Told) -> dict[str, str]:
    if one.day:
        return {"time": day_of(one.at, TIME_ZONE).isoformat()}
    return {"time": said(one.at)} | ({"until": said(one.at + one.rounded)} if one.rounded else {})


def mapping_text(teller: Teller) -> str:
    """Return the mapping file with which a source's table is read."""
    source = {
        "name": teller.name,
        "reader": "csv",
        "says": teller.says,
        "grade": teller.grade,
        "bloc": teller.bloc,
        "interest": teller.interest,
        "zone": TIME_ZONE,
        "within_m": teller.within_m,
        "first_hand": teller.first_hand,
    }
    lines = [f"{name}: {json.dumps(value)}" for name, value in source.items() if value]
    ruled = [f"{json.dumps(theirs)}: {ours}" for theirs, ours in rulings(teller.manner).items()]
    others = [name for name in COLUMNS if name not in {"time", "until", *FIELDS}]
    return "\n".join(
        [
            "source:",
            *(f"  {one}" for one in lines),
            "  rulings:",
            "    kind:",
            *(f"      {one}" for one in ruled),
            "report:",
            "  time: {column: time, last: until}",
            *(f"  {name}: {{column: {name}}}" for name in others),
            "  fields:",
            *(f"    {name}: {{column: {name}}}" for name in FIELDS),
            "",
        ]
    )


# ---- pages ---------------------------------------------------------------------------------------------------------


_README = """\
# A drill: seed {seed}, {days} days, {difficulty}

Valoria, its parties and all that is told of them are made up. `truth` says what really happened: leave it shut until
the drill is over.

From {first_day} on, {told} reports of {sources} sources are told, and {entered} facts are entered beside them. Every
file is in the order in which things became known (`learned_at`), so that a drill may also be entered day by day.

## Running it

In this folder:

    truce check agreement
    truce key new root.pem --name root.valoria.example --no-passphrase
    truce key new desk.pem --name desk.valoria.example --no-passphrase
    truce open mission --agreement agreement --root root.pem --name valoria.example/drill --no-passphrase
    truce key certify mission desk.pem --delegation commission --role analyst --by root.pem
    truce enter mission facts facts/*.ndjson --by desk.pem
{entering}
    truce standing mission --key desk.pem --as-reported --as-of {last}
    truce score mission --truth truth

## A report that comes late

`{late}` tells on {late_at} of the day before. What it changes in how that day stood:

    truce compare mission --key desk.pem --as-reported --as-of {day} --known-at {day} --known-at {next_day}

## How hard it is

{numbers}
"""
ENTERING = "    truce enter mission csv reports/{name}.csv --mapping reports/{name}.yaml --by desk.pem"


def _readme(drawn: Drill, sources: list[Teller]) -> str:
    stage = drawn.stage
    late = drawn.late
    return _README.format(
        seed=stage.seed,
        days=stage.days.count,
        difficulty=stage.difficulty.name,
        first_day=stage.days.first,
        told=len(drawn.told),
        sources=len(sources),
        entered=sum(len(rows) for rows in drawn.entered.values()),
        entering="\n".join(ENTERING.format(name=one.name) for one in sources),
        last=said(stage.days.end(stage.days.count - 1)),
        late=late.id,
        late_at=said(late.learned_at),
        day=said(stage.days.end(FIRST_ATTACK_DAY)),
        next_day=said(stage.days.end(FIRST_ATTACK_DAY + 1)),
        numbers=_numbers(drawn),
    )


def _numbers(drawn: Drill) -> str:
    hard = drawn.stage.difficulty
    return _table_of({"number": f"`{hard.name}`"} | {name: str(one) for name, one in hard.numbers().items()})


def _table_of(rows: Mapping[str, str]) -> str:
    """Return a table whose first row is its head."""
    (name, one), *others = rows.items()
    return "\n".join(
        [f"| {name} | {one} |", f"|---|{'---|' * (one.count('|') + 1)}"] + [f"| {a} | {b} |" for a, b in others]
    )


_TRUTH = """\
# The truth of the drill: seed {seed}, {days} days, {difficulty}

{acts} acts happened. {invented} more are only claimed, in {reports} reports. `acts.ndjson`, `reports.ndjson` and
`standing.ndjson` say which, and `{drill}` with which numbers the drill was drawn. `facts.ndjson` is what one would
enter who had seen everything:

    truce standing ../agreement --facts facts.ndjson --as-of {last}

{marked}

What each party does, in percent of what the difficulty says:

{habits}

{numbers}
"""


def _truth_readme(drawn: Drill) -> str:
    stage, invented = drawn.stage, [one for one in drawn.told if one.of.startswith(INVENTED)]
    marks = sorted({mark for one in drawn.told for mark in one.marks})
    counted = {mark: str(sum(mark in one.marks for one in drawn.told)) for mark in marks}
    names = [one.name for one in fields(Habits)]
    habits = {name: " | ".join(str(getattr(stage.habits[side], name)) for side in (NORTH, SOUTH)) for name in names}
    return _TRUTH.format(
        seed=stage.seed,
        days=stage.days.count,
        difficulty=stage.difficulty.name,
        acts=len(drawn.true.acts),
        invented=len(drawn.invented),
        reports=len(invented),
        drill=DRILL,
        last=said(stage.days.end(stage.days.count - 1)),
        marked=_table_of({"reports that are": "so many"} | counted),
        habits=_table_of({"habit": f"{NORTH} | {SOUTH}"} | habits),
        numbers=_numbers(drawn),
    )
