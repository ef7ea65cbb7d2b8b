"""Files spoilt at random: every reader goes on to the end, and says what is wrong in faults, never in a crash."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake_small import found, sample
from trucekeeper.intake.said import Row, Said
from trucekeeper.intake.source import mapping_of
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from trucekeeper.journal.canonical import Json

FILES = {
    "ged.csv": ("ucdp", ""),
    "ged.geojson": ("ucdp", ""),
    "ged.rda": ("ucdp", ""),
    "acled.csv": ("acled", ""),
    "events.csv": ("gdelt", ""),
    "mentions.csv": ("gdelt", ""),
    "viirs.csv": ("firms", ""),
    "monthly.csv": ("claims", "claims/monthly.yaml"),
    "daily.json": ("claims", "claims/daily.yaml"),
    "complaints.csv": ("csv", "csv/complaints.yaml"),
    "complaints.xlsx": ("xlsx", "csv/complaints.yaml"),
}
GEOJSON = """\
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"id": 1, "type_of_violence": 1, "side_a": "Hill Guard", "side_b": "Lake Guard",
 "source_article": "Lake News 4/3-31", "where_prec": 1, "date_prec": 1, "date_start": "2031-03-04",
 "date_end": "2031-03-04", "best": 1, "high": 2, "low": 0},
 "geometry": {"type": "Point", "coordinates": [-30.2, 0.1]}}
]}
"""


@cache
def whole(file: str) -> bytes:
    """Return a file as it is before it is spoilt."""
    name = FILES[file][0]
    if file == "ged.geojson":
        return GEOJSON.encode()
    if file == "ged.rda":
        rdata, pandas = pytest.importorskip("rdata"), pytest.importorskip("pandas")
        stream = io.BytesIO()
        numbers = pandas.read_csv(sample("ucdp", "ged.csv")).select_dtypes("number")  # rdata writes no others
        rdata.write_rda(stream, {"ged": numbers.astype(float)})
        return stream.getvalue()
    if file == "complaints.xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for line in sample("csv", "complaints.csv").read_text(encoding="utf-8").splitlines():
            book.active.append(line.split(","))
        book.save(stream)
        return stream.getvalue()
    return sample(name, file).read_bytes()


@st.composite
def spoilt(draw: st.DrawFn, file: str) -> bytes:
    """Return a file with bytes taken out, put in, or cut off."""
    content = bytearray(whole(file))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        gone = draw(st.sampled_from([0, 0, 1, 1, 3, 40, 4_000]))
        new = draw(
            st.one_of(
                st.binary(max_size=6), st.sampled_from([b'"', b"\n", b",", b"\t", b"{", b"]", b"\0", b"9" * 30])
            )
        )
        content[at : at + gone] = new
    return bytes(content)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_spoilt_file_is_read_to_its_end_or_refused(tmp_path: Path, file: str, data: st.DataObject) -> None:
    name, mapping = FILES[file]
    path = tmp_path / file
    path.write_bytes(data.draw(spoilt(file)))
    options: dict[str, Json] = {}
    if mapping:
        folder, _, which = mapping.partition("/")
        options = dict(mapping_of(sample(folder, which)))

    for one in found(name, path, options=options).all:
        assert isinstance(one, (Said, Row, Fault))
        if isinstance(one, Said):
            assert one.name
            assert one.columns["learned_at"]
            one.body(name)
