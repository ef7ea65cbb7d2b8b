"""XLSX: anybody's workbook of reports, read by a mapping file."""

from trucekeeper.intake.expects import checked
from trucekeeper.intake.source import Source
from trucekeeper.intake.xlsx.read import read

SOURCE = Source("xlsx", "A workbook of reports, by a mapping file", checked(read, __name__), __name__)
