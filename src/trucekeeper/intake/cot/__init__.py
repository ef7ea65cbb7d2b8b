"""Messages of trackers: Cursor on Target as XML, and the protobuf of TAK."""

from trucekeeper.intake.cot.read import read
from trucekeeper.intake.expects import checked_together
from trucekeeper.intake.source import Source

SOURCE = Source("cot", "Messages of trackers (Cursor on Target, TAK)", checked_together(read, __name__), __name__)
