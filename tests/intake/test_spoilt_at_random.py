"""Files from the field, spoilt at random: they are read or refused, and never crash whoever reads them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
import takproto

from tests.intake_field import ROOT, Yielded, setting
from trucekeeper.intake import cot, odk, zones
from trucekeeper.intake.checks import fault_of
from trucekeeper.intake.said import Said
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from trucekeeper.intake.source import Source

INTAKE = ROOT / "src" / "trucekeeper" / "intake"
TOKENS = (
    *(b"<", b">", b'"', b"&", b"\x00", b"\xff", b"{", b"}", b"[", b"]", b",", b":", b"-", b"/", b"1e999", b"NaN"),
    *(b"null", b"true", b"<!DOCTYPE a>", b"&x;", b"\xef\xbb\xbf", b"9" * 40, b"seen"),
)
EVENT = (
    '<event version="2.0" uid="a" type="b-m" how="h-e" time="2031-01-05T08:00:00Z" start="2031-01-05T08:00:00Z" '
    'stale="2031-01-05T08:00:00Z"><point lat="0.1" lon="-30" hae="0" ce="9" le="9"/>'
    "<detail><remarks>x</remarks></detail></event>"
)


def whole() -> list[tuple[Source, str, bytes]]:
    """Return a whole file of each format that a source reads, alone and in a zip."""
    plain = [(odk.SOURCE, one.suffix, one.read_bytes()) for one in sorted((INTAKE / "odk" / "sample").iterdir())]
    plain += [
        (cot.SOURCE, ".xml", (INTAKE / "cot" / "sample" / "patrol.xml").read_bytes()),
        (cot.SOURCE, ".tak", bytes(takproto.functions.xml2proto(EVENT, takproto.TAKProtoVer.STREAM)) * 3),
        (zones.SOURCE, ".kml", (INTAKE / "zones" / "sample" / "valley.kml").read_bytes()),
        (zones.SOURCE, ".geojson", (ROOT / "scenarios" / "valoria.geojson").read_bytes()),
    ]
    return plain + [(source, ".zip", zipped(data, ending)) for source, ending, data in plain]


def zipped(data: bytes, ending: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"one/file{ending}", data)
    return packed.getvalue()


def spoilt(data: bytes, random: Random) -> bytes:
    found = bytearray(data)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(found) + 1)
        match random.randrange(5):
            case 0:
                del found[at : at + random.randint(1, 30)]
            case 1:
                found[at:at] = random.choice(TOKENS)
            case 2:
                found[at : at + 1] = bytes([random.randrange(256)])
            case 3:
                del found[at:]
            case _:
                begin = random.randrange(len(found) + 1)
                found[at:at] = found[begin : begin + random.randint(1, 60)]
    return bytes(found)


@pytest.mark.parametrize("seed", range(4))
def test_a_spoilt_file_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    random, files = Random(seed), whole()  # noqa: S311  of a seed, so that a failure can be had again

    for number in range(250):
        source, ending, data = random.choice(files)
        file = Path(tmp_path / f"{number}{ending}")
        file.write_bytes(spoilt(data, random))
        zones.drawn([file], None, setting("zones", options={"author": "=a", "accuracy_m": "=1"}))
        found = Yielded(source, file)
        for one in found.all:
            if not isinstance(one, Fault):
                fault_of(one, found.setting)
            if isinstance(one, Said):
                one.body(source.name)
