"""Reads ACLED's export as CSV, as its site and its interface give it out.

event_id_cnty        the report's name: `SDN12345`, kept when the event is edited
sub_event_type       the word for what happened
actor1, actor2, assoc_actor_*   involved; ACLED says of neither side that it attacked
event_date           1: that day. With time_precision 2, a week: six days to both sides of it, for the date may be
its beginning, its middle or a weekend. With 3, the whole month
geo_precision        1: a town, within 5 km; 2: near a town, or a small area, within 30 km; 3: a province or region,
within 150 km. The distances are ours: ACLED gives none
fatalities           `killed`, if it is not 0: ACLED writes 0 also where nobody says
source               one chain for each, `;` between
notes                the text, in ACLED's English
timestamp            when ACLED last put it up, and so when it was learned; an edit has a later one
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from trucekeeper.intake.expects import Expects
from trucekeeper.intake.records import Record, kept, tabled
from trucekeeper.intake.said import Said
from trucekeeper.intake.written import told
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import add_months, moment_of, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Fault

KILOMETRE = 1_000
WITHIN = {"1": 5 * KILOMETRE, "2": 30 * KILOMETRE, "3": 150 * KILOMETRE}
A_WEEK_BUT_A_DAY = timedelta(days=6)
FORMATS = ("iso", "%d %B %Y")  # 2031-03-04, and as exports were until 2023, 04 March 2031
ACTORS = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the events of files, and what is wrong with them."""
    yield from tabled(paths, setting, Expects.of(__package__, setting).columns, lambda record: said(record, setting))


def said(record: Record, setting: Setting) -> Said:
    """Return the report that a row makes. Raises ValueError, saying what is wrong with it."""
    cells = record.cells
    if "event_id_cnty" not in cells:
        raise ValueError("event_id_cnty is empty: an event without its name cannot be corrected")
    first, last = _days(cells)
    columns: dict[str, Json] = {
        **setting.days(first, last),
        **_place(cells),
        "learned_at": _learned(cells, setting, first),
    }
    if killed := _killed(cells):
        columns["fields"] = {"killed": killed}
    actors = [one.strip() for name in ACTORS for one in cells.get(name, "").split(";") if one.strip()]
    return Said(
        where=record.where,
        name=cells["event_id_cnty"],
        columns=columns,
        words={"kind": cells.get("sub_event_type", ""), "involves": list(dict.fromkeys(actors))},
        day=first == last,
        area="lat" in columns,
        chains=tuple((one.strip(),) for one in cells.get("source", "").split(";") if one.strip()),
        text=cells.get("notes", ""),
        language="en" if "notes" in cells else "",
        **kept(record.original),
    )


def _days(cells: Mapping[str, str]) -> tuple[date, date]:
    found = told(cells.get("event_date", ""), FORMATS)
    day = found.date() if isinstance(found, datetime) else found
    match cells.get("time_precision", ""):
        case "1":
            return day, day
        case "2":
            return day - A_WEEK_BUT_A_DAY, day + A_WEEK_BUT_A_DAY
        case "3":
            first = day.replace(day=1)
            return first, add_months(first, 1) - timedelta(days=1)
        case other:
            raise ValueError(f"time_precision is '{other}': ACLED has 1, 2 and 3")


def _place(cells: Mapping[str, str]) -> dict[str, Json]:
    lat, lon, precision = (cells.get(name, "") for name in ("latitude", "longitude", "geo_precision"))
    if not lat or not lon:
        return {}
    if precision not in WITHIN:
        raise ValueError(f"geo_precision is '{precision}': {suggestion(precision, WITHIN)}")
    return {"lat": lat, "lon": lon, "within_m": WITHIN[precision]}


def _killed(cells: Mapping[str, str]) -> int:
    text = cells.get("fatalities", "0")
    if not text.isdecimal():
        raise ValueError(f"fatalities is '{text[:40]}', and no number of people")
    return int(text)


def _learned(cells: Mapping[str, str], setting: Setting, first: date) -> str:
    """Return when ACLED put it up. Raises ValueError for a time before it happened."""
    text = cells.get("timestamp", "")
    if not text.isdecimal():
        raise ValueError(f"timestamp is '{text[:40]}', and not seconds since 1970")
    learned = moment_of(datetime.fromtimestamp(int(text), UTC))
    if learned < parse_moment(str(setting.days(first)["earliest"])):
        raise ValueError(f"timestamp {text} is before the event: nobody learns of a thing before it happens")
    return write_moment(learned)
