"""ACLED: political violence and protest, coded weekly by people from news and local partners."""

from trucekeeper.intake.acled.read import read
from trucekeeper.intake.expects import checked
from trucekeeper.intake.source import Source

SOURCE = Source("acled", "Armed Conflict Location and Event Data", checked(read, __name__), __name__)
