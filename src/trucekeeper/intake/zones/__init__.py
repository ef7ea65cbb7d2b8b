"""Maps: GeoJSON, KML and shapefiles into the zones and lines of an agreement."""

from trucekeeper.intake.source import Source
from trucekeeper.intake.zones.read import drawn, read

SOURCE = Source("zones", "Maps (GeoJSON, KML, shapefile)", read, __name__)

__all__ = ["SOURCE", "drawn"]
