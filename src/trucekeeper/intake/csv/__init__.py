"""CSV: anybody's table of reports as text, read by a mapping file."""

from trucekeeper.intake.csv.read import read
from trucekeeper.intake.expects import checked
from trucekeeper.intake.source import Source

SOURCE = Source("csv", "A table of reports as text, by a mapping file", checked(read, __name__), __name__)
