"""FIRMS: heat seen from space by NASA's satellites."""

from trucekeeper.intake.expects import checked
from trucekeeper.intake.firms.read import read
from trucekeeper.intake.source import Source

SOURCE = Source("firms", "NASA FIRMS, heat seen from space", checked(read, __name__), __name__)
