"""A mission's questions, one method each. For now a mission is a folder that somebody curates."""

from trucekeeper.mission.board import Line, board
from trucekeeper.mission.changes import Change, changes
from trucekeeper.mission.folder import Folder, Step, open_folder

__all__ = ["Change", "Folder", "Line", "Step", "board", "changes", "open_folder"]
