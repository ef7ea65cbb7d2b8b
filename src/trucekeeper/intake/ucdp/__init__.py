"""UCDP GED: events of organised violence with at least one death, coded by the Uppsala Conflict Data Program."""

from trucekeeper.intake.expects import checked
from trucekeeper.intake.source import Source
from trucekeeper.intake.ucdp.read import read

SOURCE = Source("ucdp", "UCDP Georeferenced Event Dataset", checked(read, __name__), __name__)
