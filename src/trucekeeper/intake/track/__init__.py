"""Tracks: where devices were over time, as facts about their units. README.md says how it is meant."""

from trucekeeper.intake.source import Source
from trucekeeper.intake.track.presence import Ground, Intervals, Presence, State, presence
from trucekeeper.intake.track.settings import Settings
from trucekeeper.intake.track.source import read
from trucekeeper.intake.track.tracks import Tracked, read_track

SOURCE = Source("track", "Positions of tracked units (GPX, CSV, AIS, ADS-B, GeoJSON)", read, __name__)

__all__ = ["SOURCE", "Ground", "Intervals", "Presence", "Settings", "State", "Tracked", "presence", "read_track"]
