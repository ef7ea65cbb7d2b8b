"""Tracks: where devices were over time, as facts about their units. README.md says how it is meant."""

from trucekeeper.intake.track.presence import Ground, Intervals, Presence, State, presence
from trucekeeper.intake.track.settings import Settings
from trucekeeper.intake.track.tracks import Tracked, read_track

__all__ = ["Ground", "Intervals", "Presence", "Settings", "State", "Tracked", "presence", "read_track"]
