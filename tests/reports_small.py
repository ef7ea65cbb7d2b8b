"""Small reports to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.terms import Amount, Fact, Interval, Place, Report
from trucekeeper.terms.moments import DAY, HOUR, MINUTE, parse_moment

if TYPE_CHECKING:
    from trucekeeper.terms import Field

BEGUN = parse_moment("2031-03-10T12:00+02:00")


def report(  # noqa: PLR0917  it is written in a line
    key: int,
    source: str = "patrols",
    kind: str = "shelling",
    hours: float = 0.0,
    metres: int = 0,
    *,
    name: str | None = None,
    by: str | None = None,
    grade: str = "C3",
    within_m: int = 200,
    placed: bool = True,
    day: bool = False,
    bloc: str | None = None,
    fields: dict[str, int] | None = None,
    origin: str = "",
    **more: object,
) -> Report:
    """Return a report of an event so many hours after the beginning, so many metres east of a place in Valoria."""
    moment = BEGUN + int(hours * HOUR)
    when = Interval(moment - moment % DAY, moment - moment % DAY + DAY - 1) if day else Interval.at(moment)
    said: tuple[tuple[str, Field], ...] = tuple(
        (one, Amount(number, number)) for one, number in (fields or {}).items()
    )
    fact = Fact(
        id=f"{source}/{key if name is None else name}",
        kind=kind,
        by=by,
        fields=said,
        place=Place(450_000_000, 300_000_000 + metres * 127, within_m) if placed else None,
        when=when,
        learned_at=moment + 10 * MINUTE,
        recorded_at=moment + 20 * MINUTE,
        source=source,
        grade=grade,
        origin=origin,
    )
    return Report(key=key, entry=key, fact=fact, day=day, bloc=source if bloc is None else bloc, **more)  # type: ignore[arg-type]
