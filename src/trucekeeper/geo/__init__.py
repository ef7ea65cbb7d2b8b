"""Zones, lines and distances with their doubt: inside, outside, or nobody can tell."""

from trucekeeper.geo.atlas import Atlas
from trucekeeper.geo.measure import ANYWHERE
from trucekeeper.geo.reading import read_geojson
from trucekeeper.geo.zones import Line, Zone

__all__ = ["ANYWHERE", "Atlas", "Line", "Zone", "read_geojson"]
