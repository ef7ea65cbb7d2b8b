"""The setting in which files are read: whose clock, which civil days, which part of the world, which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucekeeper.terms.moments import end_of_day, moment_of, start_of_day, write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.agreement.rows import Known
    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a reader may ask besides the file: the agreement's names, the moment it is, and the source's own options.

    `zone` is the IANA zone of days and times that a file gives without one. `options` come from the mapping file.
    """

    source: str
    known: Known
    now: Moment
    zone: str
    options: Mapping[str, Json] = field(default_factory=dict)

    def moment(self, text: str) -> str:
        """Return a time of the source as RFC 3339: one without an offset is of the source's zone.

        Raises ValueError for no ISO 8601 time.
        """
        found = datetime.fromisoformat(text.strip())
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(self.zone))
        return write_moment(moment_of(found))

    def days(self, first: date, last: date | None = None) -> dict[str, Json]:
        """Return civil days of the source's zone, the last one whole, as columns of the facts format."""
        return {
            "earliest": write_moment(start_of_day(first, self.zone)),
            "latest": write_moment(end_of_day(last or first, self.zone)),
        }
