"""Enter each of some files into a mission, twice: `python -m bench.files --data ../shared/data`.

One line for each file: how many reports and facts entered, how many rows were set aside and why, how many of the
reports wait for a ruling, and what entering it again changed. Each sort of file goes into a mission of its own, whose
agreement draws no zones, so that no file of another part of the world is refused for that.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trucekeeper.cli.tables import show_csv
from trucekeeper.intake.source import mapping_of
from trucekeeper.journal.envelopes import PrivateKey
from trucekeeper.ledger.lines import base64
from trucekeeper.ledger.notes import SIGNS, Signer
from trucekeeper.mission.adopting import Draft
from trucekeeper.mission.entering import entering
from trucekeeper.mission.founding import found
from trucekeeper.mission.mission import Mission
from trucekeeper.mission.settings import Settings
from trucekeeper.mission.taking import How
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.moments import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucekeeper.journal.canonical import Json

ORIGIN = "valoria.example/files"
AGREEMENT = """\
agreement: files
title: An agreement to take files in under
time_zone: UTC
parties: {north: {units: [n1]}, south: {}}
actors: {commission: {role: mechanism}}
clauses:
  - {id: halt, kind: prohibit, cite: art. 1, gloss: neither side attacks, by: [north, south], act: {fact: attack}}
"""
ADSB, AIS, GEOLIFE = "adsb_noisy_spoofing.json.gz", "ais_nmea_data_sample.txt", "geolife_demodata.csv"
CLAIMS = Path(__file__).resolve().parent.parent / "src" / "trucekeeper" / "intake" / "claims"


@dataclass(frozen=True, slots=True)
class File:
    """A file, the source by which it is read, and the options of a mapping file."""

    path: Path
    source: str
    options: Mapping[str, Json] = field(default_factory=dict)


def files_in(data: Path) -> Iterator[File]:
    """Yield the files of a folder of real data that somebody fetched, each with its source."""
    events, tracks, standards = data / "events", data / "tracks", data / "standards"
    for name in ("GEDEvent_v23_1_CAR482.geojson", "ucdpged_sample1000_2023.rda"):
        yield File(events / name, "ucdp")
    for name in ("gdelt_events.csv", "gdelt_mentions.csv"):
        yield File(events / name, "gdelt")
    for name, mapping in (
        ("t4p_casualties_daily.json", "t4p_gaza"),
        ("t4p_west_bank_daily.json", "t4p_west_bank"),
        ("t4p_lebanon_casualties_daily.json", "t4p_lebanon"),
        ("t4p_infrastructure-damaged.json", "t4p_infrastructure"),
        ("loc_cfv.csv", "loc_cfv"),
        ("loc_cfv_sectors_var.csv", "loc_cfv_sectors"),
    ):
        yield File(events / name, "claims", mapping_of(CLAIMS / f"{mapping}.yaml"))
    rows = csv.DictReader((tracks / GEOLIFE).read_text().splitlines(), delimiter=";")
    yield File(tracks / GEOLIFE, "track", {"units": _units(row["tracker"] for row in rows)})
    yield File(tracks / AIS, "track", {"units": {}})
    yield File(tracks / AIS, "track", {"units": {}, "base_time": "2031-03-10T06:00Z"})
    aircraft = json.loads(gzip.decompress((tracks / ADSB).read_bytes()))["icao24"].values()
    yield File(tracks / ADSB, "track", {"units": _units(aircraft)})
    for folder, source in (("odk", "odk"), ("xlsform", "odk"), ("cot", "cot")):
        for path in sorted((standards / folder).rglob("*")):
            if path.is_file():
                yield File(path, source)


def _units(devices: Iterable[str]) -> dict[str, Json]:
    """Return a unit for each device."""
    return {one: f"unit-{number}" for number, one in enumerate(sorted(set(devices)), 1)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What entering one file came to."""

    entered: Counter[str]
    known: int
    aside: int
    why: str


def enter(mission: Mission, file: File, key: PrivateKey) -> Outcome:
    """Enter one file."""
    new = entering(mission, file.source, [file.path], "commission", how=How(file.options))
    entered: Counter[str] = Counter()
    try:
        for batch in new.batches():
            for one in batch:
                entered[one.kind] += 1
            receipts = mission.enter([mission.said(one.kind, one.body, by=[key], label=one.label) for one in batch])
            new.faults += [Fault(file.path.name, 0, 0, one.refused) for one in receipts if one.refused is not None]
    except Refused as refused:
        new.faults += refused.faults
    said = "; ".join(dict.fromkeys(one.what for one in new.faults[:3]))
    more = f" ... and {len(new.faults) - 3} more" if len(new.faults) > 3 else ""  # noqa: PLR2004  enough for a line
    return Outcome(entered, new.known, len(new.faults), f"{said}{more}")


def opened(folder: Path, key: PrivateKey) -> Settings:
    """Found a mission of one agreement and one key."""
    log = Signer(ORIGIN, SIGNS, Ed25519PrivateKey.generate())
    draft = folder / "draft"
    draft.mkdir(parents=True)
    (draft / "agreement.yaml").write_text(AGREEMENT)
    settings = Settings(folder / "mission", log.verifier, folder / "log.key", "", (), 0)
    root = PrivateKey(Ed25519PrivateKey.generate())
    found(settings, Draft.read(draft), [root], objection_hours=72, clock=clock, signer=lambda: log)
    with Mission.open(settings.folder, clock=clock, signer=lambda _: log) as mission:
        body = {"key": base64(key.public.raw), "delegation": "commission", "role": "chair"}
        mission.enter([mission.said("key.certify", body, by=[root])])
    SIGNERS[settings.folder] = log
    return settings


SIGNERS: dict[Path, Signer] = {}


def _signer(settings: Settings) -> Signer:
    return SIGNERS[settings.folder]


def clock() -> int:
    """Return the moment it is."""
    return moment_of(datetime.now(tz=UTC))  # noqa: TID251  this measures, and is no rule


def main() -> None:
    """Print the table, as CSV."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there")
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, file in enumerate(files_in(said.data)):
            key = PrivateKey(Ed25519PrivateKey.generate())
            settings = opened(Path(scratch) / str(number), key)
            with Mission.open(settings.folder, clock=clock, signer=_signer) as mission:
                first, second = enter(mission, file, key), enter(mission, file, key)
                waiting = sum(1 for one in mission.reported(None).set_aside.values() if one.needs)
            rows.append(
                {
                    "file": os.fspath(file.path.relative_to(said.data)),
                    "source": file.source,
                    "reports": first.entered["report"],
                    "facts": first.entered["fact"],
                    "set_aside": first.aside,
                    "wait_for_rulings": waiting,
                    "again": sum(second.entered.values()),
                    "why": first.why,
                }
            )
    show_csv(rows)


if __name__ == "__main__":
    main()
