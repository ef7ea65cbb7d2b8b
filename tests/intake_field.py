"""Valoria, as files from the field are read there: what a setting knows, and what a source yields in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.rows import Known, read_row
from trucekeeper.geo import read_geojson
from trucekeeper.intake.checks import fault_of
from trucekeeper.intake.expects import Expects
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.said import Row, Said
from trucekeeper.intake.setting import Setting
from trucekeeper.terms import BASE_VOCABULARY, Fault
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.geo import Atlas
    from trucekeeper.intake.source import Source
    from trucekeeper.journal.canonical import Json

Options: TypeAlias = "Mapping[str, Json]"

ROOT = Path(__file__).resolve().parent.parent
NOW = parse_moment("2031-02-01T00:00Z")


@cache
def atlas() -> Atlas:
    file = ROOT / "scenarios" / "valoria.geojson"
    return read_geojson(file.read_text(encoding="utf-8"), file.name)


@cache
def known() -> Known:
    zones = frozenset(atlas().ids())
    return Known(BASE_VOCABULARY, frozenset({"north", "south", "envoy"}), zones, "Africa/Cairo", atlas().extent())


def setting(source: str, delegation: str = "guarantor", options: Options | None = None) -> Setting:
    told = options or {}
    return Setting(source=source, known=known(), now=NOW, zone="Africa/Cairo", options=told, delegation=delegation)


class Yielded:
    """What a source yields of some files, by sort."""

    def __init__(
        self, source: Source, *paths: Path, delegation: str = "guarantor", options: Options | None = None
    ) -> None:
        self.setting = setting(source.name, delegation, options)
        self.all = list(source.read(paths, self.setting))
        self.said = [one for one in self.all if isinstance(one, Said)]
        self.rows = [one for one in self.all if isinstance(one, Row)]
        self.faults = [one for one in self.all if isinstance(one, Fault)]

    def everything(self) -> str:
        """Return all that anybody could come to read of it: bodies, rows and faults."""
        bodies = [one.body(self.setting.source) for one in self.said]
        return "\n".join([*map(str, bodies), *(str(one.columns) for one in self.rows), *map(str, self.faults)])

    def hold(self) -> None:
        """Hold that what it yields can be taken as it is."""
        for one in self.all:
            assert not isinstance(one, Fault)
            assert fault_of(one, self.setting) is None
        for row in self.rows:
            read_row(row.columns, self.setting.known, row.where)


def hold_folder(source: Source) -> None:
    """Hold that a source's folder has what every source's has."""
    rulings = dict(source.shipped("rulings.yaml"))
    registered = Registered.read({**source.shipped("source.yaml"), "rulings": rulings})
    assert registered.name == source.name
    Expects.read(source.shipped("expects.yaml"))
    kinds = registered.rulings.get("kind", {}).values()
    assert [kind for kind in kinds if kind is not None and kind not in BASE_VOCABULARY] == []
