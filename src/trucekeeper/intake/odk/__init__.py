"""Forms filled in the field: what ODK, KoboToolbox and OpenRosa servers give out, and the forms that we ship."""

from trucekeeper.intake.odk.read import read
from trucekeeper.intake.source import Source

SOURCE = Source("odk", "Forms filled in the field (ODK, KoboToolbox, OpenRosa)", read, __name__)
