"""Forms filled in the field: what ODK, KoboToolbox and OpenRosa servers give out, and the forms that we ship."""

from trucekeeper.intake.expects import checked_together
from trucekeeper.intake.odk.read import read
from trucekeeper.intake.source import Source

SOURCE = Source(
    "odk", "Forms filled in the field (ODK, KoboToolbox, OpenRosa)", checked_together(read, __name__), __name__
)
