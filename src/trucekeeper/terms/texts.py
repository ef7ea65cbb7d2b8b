"""Which characters no text of ours holds: those that could write over a terminal, or show a line in another order."""

from __future__ import annotations

import re

# Control characters but tab and line feed; line and paragraph separators; bidirectional embeddings, overrides and
# isolates (the marks U+200E and U+200F, which right-to-left scripts need, stay); halves of characters.
_NEVER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def unfit(text: str) -> str:
    """Return the first character that no text holds, as `U+202E`; "" if there is none."""
    found = _NEVER.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def fit(text: str) -> str:
    """Return the text with U+FFFD for every character that no text holds, and so safe to print."""
    return _NEVER.sub("\ufffd", text)
