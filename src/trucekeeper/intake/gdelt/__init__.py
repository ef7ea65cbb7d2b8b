"""GDELT: events that machines read in the news, and where the news mention them."""

from trucekeeper.intake.expects import checked
from trucekeeper.intake.gdelt.read import read
from trucekeeper.intake.source import Source

SOURCE = Source("gdelt", "GDELT events and mentions, machine-coded news", checked(read, __name__), __name__)
