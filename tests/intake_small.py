"""What the tests of intake share: a setting, the mapping files that are shipped, and a reading put into heaps."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import Known, read_row
from trucekeeper.geo import read_geojson
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.rulings import Aside, Needed, Rulings, Told
from trucekeeper.intake.said import Row, Said
from trucekeeper.intake.setting import Setting
from trucekeeper.intake.source import Source, mapping_of, shipped
from trucekeeper.terms import BASE_VOCABULARY, Fault, Report
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucekeeper.journal.canonical import Json

NOW = parse_moment("2031-06-01T12:00Z")
EVERYWHERE = Known(BASE_VOCABULARY, frozenset(), frozenset(), "EET", None)
MAP = Path(__file__).resolve().parent.parent / "scenarios" / "valoria.geojson"
VALORIA = load_agreement(
    """\
agreement: valoria-2031
title: The Valoria Protocol
time_zone: EET
parties: {north: {name: Government of Valoria}, south: {name: Southern Front}}
actors: {guarantor: {role: guarantor}}
events: {approval: {shown_by: {fact: decision}}}
clauses:
  - {id: halt, kind: prohibit, cite: art. 1, gloss: neither side attacks, by: [north, south], act: {fact: attack},
     after: approval}
""",
    "agreement.yaml",
    read_geojson(MAP.read_text(encoding="utf-8"), MAP.name),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a source's reader made of files, and the notes it gave."""

    all: tuple[Said | Row | Fault, ...]
    notes: tuple[str, ...]

    @property
    def said(self) -> list[Said]:
        return [one for one in self.all if isinstance(one, Said)]

    @property
    def rows(self) -> list[Row]:
        return [one for one in self.all if isinstance(one, Row)]

    @property
    def faults(self) -> list[str]:
        return [str(one) for one in self.all if isinstance(one, Fault)]


def source(name: str) -> Source:
    found = import_module(f"trucekeeper.intake.{name}").SOURCE
    assert isinstance(found, Source)
    return found


def found(name: str, *paths: Path, zone: str = "EET", options: dict[str, Json] | None = None) -> Found:
    """Return what a source makes of files, for an agreement that has no zones."""
    notes: list[str] = []
    setting = Setting(source=name, known=EVERYWHERE, now=NOW, zone=zone, options=options or {}, note=notes.append)
    return Found(tuple(source(name).read(paths, setting)), tuple(notes))


def mapped(name: str, path: Path, mapping: Path) -> Found:
    """Return what a source makes of a file with a mapping file."""
    options = dict(mapping_of(mapping))
    said = options["source"]
    assert isinstance(said, dict)
    entry = Registered.read({**shipped(f"trucekeeper.intake.{name}", "source.yaml"), **said})
    return found(name, path, zone=entry.zone, options=options)


def folder(name: str) -> Path:
    return Path(str(files(f"trucekeeper.intake.{name}")))


def sample(name: str, file: str) -> Path:
    return folder(name) / "sample" / file


def reports(name: str, said: Sequence[Said], **ruled: str | None) -> list[Report | Needed | Aside]:
    """Return what an agreement makes of reports by the rulings that are shipped, and of actors by these."""
    package = f"trucekeeper.intake.{name}"
    entry = Registered.read({**shipped(package, "source.yaml"), "rulings": dict(shipped(package, "rulings.yaml"))})
    rulings = Rulings(VALORIA, {name: entry}, [((name, "actor", word), means) for word, means in ruled.items()])
    return [rulings.report(Told(number, number, NOW, "", one.body(name))) for number, one in enumerate(said)]


def assert_facts(rows: Sequence[Row]) -> None:
    for row in rows:
        read_row(row.columns, EVERYWHERE, row.where)
