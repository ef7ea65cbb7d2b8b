"""Tracks as a source: the options of a mapping file, and the facts that tracks become.

    units: {tracker-a: n1}        device, as the files call it: the unit that carries it. Needed
    by: {n1: north}               whose unit it is
    watched_by: observers         who keeps the trackers
    zones: [valley]               the zones and lines to ask about; absent: all of the agreement
    base_time: 2031-03-10T06:00Z  when a log without times began
    learned_at: 2031-03-11T00:00Z when whoever gives the files had them; absent: with the last fix
    occurred: corroborated        how far the trackers are believed; absent: alleged
    accuracy_m, max_speed_kmh, gap_minutes, every_minutes: as README.md says; columns: of a table

A file that is read again makes the same facts, since nothing in them depends on when it is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.said import Row
from trucekeeper.intake.takings import misread
from trucekeeper.intake.track.settings import Settings
from trucekeeper.intake.track.tracks import read_track
from trucekeeper.terms import Proof
from trucekeeper.terms.moments import MINUTE, parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Said
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Fault, Moment

OPTIONS = frozenset(
    {
        *("source", "units", "by", "watched_by", "zones", "base_time", "learned_at", "accuracy_m", "max_speed_kmh"),
        *("gap_minutes", "every_minutes", "columns", "owner", "releasable_to", "occurred"),
    }
)


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield the facts that tracks become, and what is wrong with their rows. Raises Refused for a bad mapping."""
    options = setting.options
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise misread(f"{unknown[0]}: a track's mapping says no such thing", f"it says {', '.join(sorted(OPTIONS))}")
    tracked = read_track(
        paths,
        units=_words(options, "units"),
        atlas=setting.atlas,
        zone_names=_zones(setting),
        learned_at=setting.now,
        base_time=_moment(options, "base_time"),
        settings=_settings(setting),
    )
    rows: Sequence[Mapping[str, Json]] = tracked.rows  # type: ignore[assignment]  # made of what JSON has
    learned = options.get("learned_at") or max(map(_last, rows), default="")
    for row in rows:
        yield Row(Where("track"), {**row, "learned_at": learned})
    for note in tracked.notes:
        setting.note(note)
    setting.note(
        f"{tracked.positions:,} positions, {tracked.doubtful:,} of them doubtful, {tracked.aside:,} set aside"
    )
    yield from tracked.faults


def _last(row: Mapping[str, Json]) -> str:
    """Return the last moment of which a fact speaks."""
    return max(str(row[name]) for name in ("at", "latest", "until") if name in row)


def _settings(setting: Setting) -> Settings:
    options = setting.options
    whole = {name: _whole(options, name) for name in ("accuracy_m", "max_speed_kmh", "gap_minutes", "every_minutes")}
    default = Settings()
    several = options.get("releasable_to", [])
    return replace(
        default,
        source=setting.source,
        time_zone=setting.zone,
        by=_words(options, "by"),
        columns=_words(options, "columns"),
        watched_by=str(options.get("watched_by", "")),
        occurred=_proof(options),
        owner=str(options.get("owner", "")),
        releasable_to=tuple(str(one) for one in several) if isinstance(several, list) else (),
        accuracy_m=default.accuracy_m if whole["accuracy_m"] is None else whole["accuracy_m"],
        max_speed_kmh=whole["max_speed_kmh"],
        gap=None if whole["gap_minutes"] is None else whole["gap_minutes"] * MINUTE,
        every=default.every if whole["every_minutes"] is None else whole["every_minutes"] * MINUTE,
    )


def _proof(options: Mapping[str, Json]) -> str:
    found = options.get("occurred", Proof.ALLEGED.word)
    if found not in (Proof.ALLEGED.word, Proof.CORROBORATED.word):
        raise misread(f"occurred: {found!r} is not for a tracker to say", "it is alleged or corroborated")
    return str(found)


def _words(options: Mapping[str, Json], name: str) -> dict[str, str]:
    found = options.get(name, {})
    if not isinstance(found, dict):
        raise misread(f"{name}: it is no list of pairs", f"write it as {name}: {{tracker-a: n1}}")
    return {key: str(value) for key, value in found.items()}


def _whole(options: Mapping[str, Json], name: str) -> int | None:
    found = options.get(name)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int) or found < 0):
        raise misread(f"{name}: {found!r} is no whole number", "write it as 10")
    return found if isinstance(found, int) else None


def _moment(options: Mapping[str, Json], name: str) -> Moment | None:
    found = options.get(name)
    try:
        return None if found is None else parse_moment(str(found))
    except ValueError as error:
        raise misread(f"{name}: {error}", "write it as 2031-03-10T06:00Z") from None


def _zones(setting: Setting) -> Sequence[str]:
    asked = setting.options.get("zones")
    if asked is None:
        return setting.atlas.ids()
    names = [str(one) for one in asked] if isinstance(asked, list) else [str(asked)]
    for name in names:
        if name not in setting.atlas.ids():
            raise misread(
                f"zones: the agreement draws no '{name[:80]}'", f"it draws {', '.join(setting.atlas.ids())}"
            )
    return names
