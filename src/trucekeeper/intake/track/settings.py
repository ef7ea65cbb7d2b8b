"""What a mission may decide about tracks; every number that a claim rests on stands here with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from trucekeeper.intake.opening import Limits
from trucekeeper.terms.moments import MINUTE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trucekeeper.terms import Moment
    from trucekeeper.terms.moments import Length

AIRCRAFT_KMH, OTHER_KMH = 1_200, 200
"""No airliner flies faster over ground, jet stream included; no truck, tank or ship drives faster."""

LEAST_GAP = 10 * MINUTE
"""A tracker that fell silent for less was under a bridge, not switched off."""

STEPS_TO_A_GAP = 3
"""Two fixes lost in a row are chance; three are silence."""

_NONE: Mapping[str, str] = MappingProxyType({})
_NO_SPEEDS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How tracks are read and what is made of them.

    `accuracy_m` holds where a file does not say how accurate a fix is: a phone under trees. `gap` is the silence that
    ends an interval; None takes three times the device's usual step, and ten minutes at least. `max_speed_kmh` is
    the speed beyond which a step is impossible; None takes 1,200 for aircraft and 200 else; `speeds` is the same for
    single units. `every` is how often at most a unit's position is stated while nothing changes: no longer than the
    shortest window that a clause judges. `by` names the actor of each unit,
    `watched_by` whoever keeps the trackers. `time_zone` is the IANA zone of times
    without an offset, which else are refused. `columns` names the columns of a table: time, lat, lon, device,
    accuracy. The rest, from `kind` on, is of the facts made; `occurred` is also how far their author is established.
    """

    accuracy_m: int = 100
    gap: Length | None = None
    max_speed_kmh: int | None = None
    speeds: Mapping[str, int] = field(default_factory=lambda: _NO_SPEEDS)
    every: Length = 10 * MINUTE
    by: Mapping[str, str] = field(default_factory=lambda: _NONE)
    time_zone: str | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: _NONE)
    watched_by: str = ""
    kind: str = "position"
    detects: tuple[str, ...] = ("position",)
    occurred: str = "alleged"
    source: str = ""
    grade: str = ""
    owner: str = ""
    releasable_to: tuple[str, ...] = ()
    not_before: Moment | None = None
    precision: str = ""
    limits: Limits = field(default_factory=Limits)
    chunk: int = 1 << 19
    """So many fixes are held at a time."""
    scratch: Path | None = None
    """Where what does not fit in memory is put meanwhile; None for the system's own place."""

    def __post_init__(self) -> None:
        """Hold that the numbers make sense."""
        if self.accuracy_m < 0 or self.every <= 0 or self.chunk < 1 or (self.gap is not None and self.gap <= 0):
            raise ValueError("an accuracy is 0 m or more; a gap, a cadence and a chunk are more than nothing")
        if any(not 0 < kmh <= 100_000 for kmh in (self.max_speed_kmh or 1, *self.speeds.values())):  # noqa: PLR2004
            raise ValueError("a greatest speed lies between 1 and 100,000 km/h")
