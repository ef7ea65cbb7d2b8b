"""What is held of every report, whatever its source: that its time has come, and that its place can be true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.terms.moments import DAY, parse_moment, write_moment
from trucekeeper.terms.places import degrees_e7

if TYPE_CHECKING:
    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting
    from trucekeeper.terms import Fault

AHEAD = DAY
"""A source whose clock or civil day is further ahead of ours than any time zone is not believed."""


def fault_of(said: Said | Row, setting: Setting) -> Fault | None:
    """Return why a row cannot be taken as it is, None if it can."""
    return _time(said, setting) or _place(said, setting)


def _time(said: Said | Row, setting: Setting) -> Fault | None:
    for name in ("at", "earliest", "learned_at"):
        text = said.columns.get(name)
        if not isinstance(text, str):
            continue
        try:
            ahead = parse_moment(text) - setting.now
        except ValueError as error:
            return said.where.fault(name, f"{name}: {error}", "give the source's zone: 'zone' in the mapping file")
        if ahead > AHEAD and not (isinstance(said.columns.get("kind"), str) and said.columns["kind"] == "schedule"):
            what = f"{name}: {write_moment(parse_moment(text))} is still to come"
            return said.where.fault(name, what, "nobody reports what has not happened: is the date's order right?")
    return None


def _place(said: Said | Row, setting: Setting) -> Fault | None:
    lat, lon = said.columns.get("lat"), said.columns.get("lon")
    if lat is None or lon is None:
        return None
    try:
        here = degrees_e7(str(lat)), degrees_e7(str(lon))
    except ValueError as error:
        return said.where.fault("lat", str(error), "write decimal degrees, as 31.5")
    if here == (0, 0):
        what = "the place is 0, 0, in the Gulf of Guinea: that is what a missing place turns into"
        return said.where.fault("lat", what, "leave the place out, or give it")
    if setting.known.swapped(*here):
        return said.where.fault(
            "lat",
            "the place lies far from every zone, and would not with lat and lon exchanged",
            "exchange the columns in the mapping file",
        )
    if not setting.known.near(*here):
        what = f"the place {lat}, {lon} lies outside the theatre: more than three degrees from every zone"
        return said.where.fault("lat", what, "mend it, or have the agreement draw a zone there")
    return None
