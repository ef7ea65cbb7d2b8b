"""Zones, lines and distances with their doubt: inside, outside, or nobody can tell."""

from trucekeeper.geo.atlas import Atlas
from trucekeeper.geo.holding import Held
from trucekeeper.geo.many import Places, Times
from trucekeeper.geo.measure import ANYWHERE
from trucekeeper.geo.reading import read_geojson
from trucekeeper.geo.zones import Line, Zone

__all__ = ["ANYWHERE", "Atlas", "Held", "Line", "Places", "Times", "Zone", "read_geojson"]
