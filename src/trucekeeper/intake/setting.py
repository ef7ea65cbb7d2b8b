"""The setting in which files are read: whose clock, which civil days, which part of the world, which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucekeeper.geo import Atlas
from trucekeeper.terms.moments import day_of, end_of_day, moment_of, parse_moment, start_of_day, write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trucekeeper.agreement.rows import Known
    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Moment


SHARED = frozenset({"source", "expects"})
"""What every mapping file may say: what the source is, and what its files have always been like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a reader may ask besides the file: the agreement's names, the moment it is, and the source's own options.

    `zone` is the IANA zone of days and times that a file gives without one. `options` come from the mapping file.
    `note` takes what is worth saying of a file and is no fault: how it was read, what was decided.
    `became` takes what became of each column of a table.
    `delegation` is who enters the files, and so whose they are where nothing else says.
    """

    source: str
    known: Known
    now: Moment
    zone: str
    options: Mapping[str, Json] = field(default_factory=dict)
    note: Callable[[str], None] = field(default=lambda _: None, compare=False)
    became: Callable[[str, str], None] = field(default=lambda _column, _what: None, compare=False)
    delegation: str = ""
    atlas: Atlas = field(default_factory=Atlas, compare=False)

    def own(self) -> dict[str, Json]:
        """Return the options that are this kind of source's own, without those that every mapping file may have."""
        return {name: value for name, value in self.options.items() if name not in SHARED}

    def moment(self, text: str) -> str:
        """Return a time of the source as RFC 3339: one without an offset is of the source's zone.

        Raises ValueError for no ISO 8601 time.
        """
        found = datetime.fromisoformat(text.strip())
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(self.zone))
        return write_moment(moment_of(found))

    def clock(self, shown: datetime) -> dict[str, Json]:
        """Return a time that a clock of the source's zone showed, as columns of the facts format.

        An hour that the clocks showed twice is both. Raises ValueError for one that they skipped.
        """
        zone = ZoneInfo(self.zone)
        first, second = (moment_of(shown.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
        if first > second:
            raise ValueError(f"the clocks of {self.zone} were put forward, and never showed {shown:%Y-%m-%d %H:%M}")
        if first == second:
            return {"at": write_moment(first)}
        return {"earliest": write_moment(first), "latest": write_moment(second)}

    def one_day(self, earliest: str, latest: str) -> bool:
        """Return whether two moments are the ends of one civil day of the source's zone."""
        return _one_day(earliest, latest, self.zone)

    def days(self, first: date, last: date | None = None) -> dict[str, Json]:
        """Return civil days of the source's zone, the last one whole, as columns of the facts format."""
        earliest, latest = _days(first, last or first, self.zone)
        return {"earliest": earliest, "latest": latest}


@lru_cache(maxsize=4096)
def _days(first: date, last: date, zone: str) -> tuple[str, str]:
    """Return the ends of civil days. Tables have many rows of few days, and a third of reading one went here."""
    return write_moment(start_of_day(first, zone)), write_moment(end_of_day(last, zone))


@lru_cache(maxsize=4096)
def _one_day(earliest: str, latest: str, zone: str) -> bool:
    day = day_of(parse_moment(earliest), zone)
    return _days(day, day, zone) == (earliest, latest)
