"""Messages of trackers: Cursor on Target as XML, and the protobuf of TAK."""

from trucekeeper.intake.cot.read import read
from trucekeeper.intake.source import Source

SOURCE = Source("cot", "Messages of trackers (Cursor on Target, TAK)", read, __name__)
