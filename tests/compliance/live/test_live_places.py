"""Where a fact lies is looked at anew where zones are drawn anew, and where its place is corrected."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.compliance_live import hold
from tests.compliance_small import HEAD, TICK, at, clause, fact
from trucekeeper.agreement.load import load_agreement
from trucekeeper.geo import read_geojson
from trucekeeper.terms import Place


def _square(west: float, east: float) -> list[list[list[float]]]:
    return [[[west, 0.0], [east, 0.0], [east, 0.2], [west, 0.2], [west, 0.0]]]


def _zone(name: str, west: float, east: float, **more: str) -> dict[str, object]:
    about = {"id": name, "author": "map 1", "accuracy_m": 0, **more}
    return {
        "type": "Feature",
        "properties": about,
        "geometry": {"type": "Polygon", "coordinates": _square(west, east)},
    }


CHANGED = "2031-03-04T00:00+02:00"
MAPS = {
    "drawn anew": [
        _zone("hill", -30.3, -30.1, until=CHANGED),
        _zone("hill", -30.3, -30.2, **{"from": CHANGED}),
        _zone("camp", -30.15, -30.12),
    ],
    "drawn later": [_zone("hill", -30.3, -30.1, **{"from": CHANGED}), _zone("camp", -30.15, -30.12)],
    "given up": [_zone("hill", -30.3, -30.1, until=CHANGED), _zone("camp", -30.15, -30.12)],
    "drawn once": [_zone("hill", -30.3, -30.1), _zone("camp", -30.15, -30.12)],
}
STILL = clause("still", "prohibit", by="north", act={"fact": "movement", "in": "hill"})
FAR = clause("far", "achieve", by="north", after="2031-03-02T00:00+02:00", within="72h")
INSIDE, OUTSIDE = Place.of(lat="0.1", lon="-30.25", within_m=0), Place.of(lat="0.1", lon="-30.14", within_m=0)


@pytest.mark.parametrize("name", MAPS)
def test_a_zone_is_that_of_the_time_of_each_fact(name: str) -> None:
    drawn = read_geojson(json.dumps({"type": "FeatureCollection", "features": MAPS[name]}), "zones.geojson")
    far = {**FAR, "state": {"fact": "deployment", "outside": "hill"}}
    what = load_agreement(json.dumps({**HEAD, "clauses": [STILL, far]}), "agreement.yaml", drawn)
    old = fact("m1", "movement", "3", by="north", zone="camp", learned_at=at("2"))
    several = [
        old,
        replace(fact("m2", "movement", "4", by="north", zone="camp"), learned_at=at("2")),
        replace(old, rev=2, zone=None, place=OUTSIDE, when=fact("", "movement", "4").when),
        fact("p1", "deployment", "4 12:00", by="north", place=OUTSIDE, learned_at=at("2")),
    ]

    hold(what, several, [at("3"), at("4") - TICK, at("4"), at("4 12:00"), at("5") + TICK], clock=at("2"))


def test_a_correction_of_its_place_alone_moves_a_fact() -> None:
    drawn = read_geojson(json.dumps({"type": "FeatureCollection", "features": MAPS["drawn once"]}), "zones.geojson")
    what = load_agreement(json.dumps({**HEAD, "clauses": [STILL]}), "agreement.yaml", drawn)
    first = fact("m1", "movement", "3", by="north", place=INSIDE)
    several = [first, replace(first, rev=2, place=Place.of(lat="0.5", lon="-30.25", within_m=0))]

    hold(what, [*several, replace(first, rev=3, place=None, zone="camp")], [at("3"), at("4")], clock=at("2"))
