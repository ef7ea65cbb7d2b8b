"""Claims: one counter's figures for a tally, from tables and lists of counts, per period or running."""

from trucekeeper.intake.claims.read import read
from trucekeeper.intake.expects import checked
from trucekeeper.intake.source import Source

SOURCE = Source("claims", "Counts and running totals, as CSV or JSON", checked(read, __name__), __name__)
