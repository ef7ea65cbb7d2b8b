"""Who was watching: for each agreed zone whether it was observed in a time, by whom, and where access was refused.

It is looked up, and nothing follows from it here: where nothing is told of a zone, that is "quiet" if somebody
watched it throughout, and "not observed" if nobody did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from shapely import box

from trucekeeper.mission.watch_rows import COVERAGE
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.words import PROOFS, moment
from trucekeeper.terms import Interval, Tri
from trucekeeper.terms.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucekeeper.geo.zones import Zone
    from trucekeeper.mission.looking import Filter
    from trucekeeper.opsroom.screens.reader import Reader
    from trucekeeper.terms import Moment

WATCHED, PARTLY, UNWATCHED, REFUSED = "watched", "partly", "unwatched", "refused"
MOST_LOOKED = 1000
"""Of more incidents than these it is not said which zones they leave out."""
MOST = 3
"""More gaps than these nobody reads one by one."""


@dataclass(frozen=True, slots=True)
class Observed:
    """How a zone was observed in a time, as a word for the map and in sentences."""

    zone: str
    state: str
    says: tuple[str, ...]


def window(who: Reader, wanted: Filter) -> tuple[Moment, Moment]:
    """Return the time that is asked about: up to what is looked at, and a day of it if no beginning is said."""
    looked = who.sight.now if who.sight.at is None else who.sight.at
    end = looked if wanted.until is None else min(wanted.until, looked)
    return (end - DAY if wanted.since is None else min(wanted.since, end)), end


def observed(who: Reader, wanted: Filter) -> list[Observed]:
    """Return how each drawn zone in the box was observed, by the names of the zones."""
    start, end = window(who, wanted)
    rows = [one for one in missions.looking().watched(who.sight, start, end) if _is_of(one, who, wanted.kinds)]
    zones = [one for one in who.agreement.atlas.zones() if one.since <= end < one.until and _in_box(one, wanted)]
    struck = _struck(who, replace(wanted, since=start, until=end, box=None, below=None))
    names = sorted(one.id for one in zones)
    return [_observed(who, one, rows, (start, end), quiet=struck is not None and one not in struck) for one in names]


def _struck(who: Reader, wanted: Filter) -> set[str] | None:
    """Return the zones in which something happened, or may have; None if that cannot be said of each."""
    several = missions.looking().incidents(who.sight, wanted, most=MOST_LOOKED + 1)
    if who.sight.coarse or len(several) > MOST_LOOKED:
        return None
    if any(one["lat_e7"] is None and not one["zone"] for one in several):
        return None  # it may have been anywhere
    return {zone for one in several for zone in (one["zone"], *one["inside"], *one["borders"].split())}


def _is_of(row: Mapping[str, Any], who: Reader, kinds: Iterable[str]) -> bool:
    """Return whether a watch is of an area, and for all kinds that are asked for."""
    if row["unit"] or row["occurred"] == "refuted":
        return False
    known = who.agreement.vocabulary
    return row["sort"] != COVERAGE or all(any(known.is_a(kind, one) for one in row["detects"]) for kind in kinds)


def _in_box(zone: Zone, wanted: Filter) -> bool:
    if zone.geometry is None:
        return False
    if wanted.box is None or wanted.box[0] > wanted.box[2]:
        return True
    return bool(zone.geometry.intersects(box(*wanted.box)))


def _observed(
    who: Reader, zone: str, rows: Sequence[Mapping[str, Any]], span: tuple[Moment, Moment], *, quiet: bool
) -> Observed:
    atlas, at = who.agreement.atlas, Interval.at(span[1])
    over = {one for one in atlas.ids() if atlas.zone_inside(one, zone, at) is Tri.YES} | {"", zone}
    mine = [one for one in rows if one["zone"] in over]
    covering = [one for one in mine if one["sort"] == COVERAGE]
    refused = [one for one in mine if one["sort"] != COVERAGE]
    gaps = gaps_in(span, [(one["begins"], one["ends"]) for one in covering])
    state = WATCHED if not gaps else REFUSED if refused else PARTLY if covering else UNWATCHED
    watched = _watched_by(covering, gaps, who.zone)
    says = _("quiet: %(watched)s") % {"watched": watched} if quiet and state == WATCHED else watched
    return Observed(zone, state, (says, *_refused_by(refused, who.zone)))


def gaps_in(span: tuple[Moment, Moment], several: Iterable[tuple[Moment, Moment]]) -> list[tuple[Moment, Moment]]:
    """Return the parts of a span that are in none of several, in order."""
    reached, end = span
    gaps = []
    for begins, ends in sorted(several):
        if begins > reached + 1:  # a day that ends at its last microsecond leaves no gap before the next
            gaps.append((reached, min(begins, end)))
        reached = max(reached, ends)
    return [*gaps, (reached, end)] if reached < end else gaps


def _watched_by(rows: Sequence[Mapping[str, Any]], gaps: Sequence[tuple[Moment, Moment]], zone: str) -> str:
    if not rows:
        return _("not observed: nobody is on record as watching")
    by = _several(sorted({f"{one['by']} ({PROOFS.get(one['occurred'], one['occurred'])})" for one in rows}))
    if not gaps:
        return _("watched throughout by %(by)s") % {"by": by}
    told = [_from_to(one, zone) for one in gaps[:MOST]]
    more = len(gaps) - len(told)
    said = {"by": by, "gaps": _several([*told, *([_("%(n)s more") % {"n": more}] if more else [])])}
    return _("watched by %(by)s; not observed %(gaps)s") % said


def _refused_by(rows: Sequence[Mapping[str, Any]], zone: str) -> list[str]:
    return [
        _("access refused or hindered by %(by)s, %(span)s: %(why)s")
        % {
            "by": one["by"] or _("somebody who is not named"),
            "span": _from_to((one["begins"], one["ends"]), zone),
            "why": one["reason"] or _("no reason is said"),
        }
        for one in rows[-MOST:]
    ]


def _from_to(span: tuple[Moment, Moment], zone: str) -> str:
    return _("%(first)s to %(last)s") % {"first": moment(span[0], zone), "last": moment(span[1], zone)}


def _several(words: Sequence[str]) -> str:
    return _(", ").join(words)
