"""What an uploaded file is, by its bytes alone: its name says nothing here, and is kept nowhere.

A closed set of kinds is taken: what a phone, a recorder or an office makes. A file that can be read as two things at
once is refused, and so is what a browser would run: a page, a drawing with scripts, an archive.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import puremagic
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_FILES = 6
MOST_BYTES = 25 << 20
MOST_TOGETHER = 60 << 20
"""Of one report: what a weak line carries in a night, and a small server holds in memory."""
TEXT, PDF = "text/plain", "application/pdf"
IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""What can be shown; all else that is taken can be downloaded."""
ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    PDF: "pdf",
    TEXT: "txt",
}
"""Every kind that is taken, and how the name of a file of it ends."""

_BEGIN = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": PDF,
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"#!AMR": "audio/amr",
}
_INSIDE_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"hevc", b"mif1"), "image/heic"),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash"), "video/mp4"),
    **dict.fromkeys((b"M4V ", b"MSNV"), "video/mp4"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a"), "video/3gpp"),
}
"""The major brands of ISO base media files (ISO/IEC 14496-12) that phones and recorders write."""
_EBML = b"\x1a\x45\xdf\xa3"
_HEAD = 1024
"""So far in do readers of PDF look for a beginning, and browsers for a page."""
_MARKUP = (b"<script", b"<!doctype", b"<html", b"<?php", b"<iframe")
_RUNS = (*_MARKUP, b"<svg", b"<?xml")
_UNWRITTEN = re.compile("[\0-\b\v\x0e-\x1f]")
"""What no text has: the control characters, but for tabs, lines and pages."""


class NotTakenError(Exception):
    """A file is not of a kind that is taken; says why, for whoever chose it."""


def kind_of(data: bytes) -> str:
    """Return what bytes are. Raises NotTakenError."""
    kind = _begun(data) or (TEXT if _is_text(data) else "")
    if not kind:
        raise NotTakenError(
            _("It is no photo, PDF, sound, film or plain text (it looks like: %(what)s).") % {"what": _seems(data)}
        )
    if _is_two_things(data, kind):
        raise NotTakenError(_("It can be read as two things at once, such as a photo and a page."))
    return kind


def _begun(data: bytes) -> str:
    """Return the kind that the first bytes of a file say, "" for none."""
    if data[:4] == b"RIFF":
        return _INSIDE_RIFF.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "")
    if data[:4] == _EBML:
        return "video/webm" if b"webm" in data[:64] else ""
    return next((kind for begin, kind in _BEGIN.items() if data.startswith(begin)), "")


def _is_text(data: bytes) -> bool:
    """Return whether bytes are text (UTF-8) that nothing would run."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if _UNWRITTEN.search(text):
        return False
    return bool(text.strip()) and not text.lstrip().startswith(("<", "#!"))


def _is_two_things(data: bytes, kind: str) -> bool:
    """Return whether somebody could be handed a file as one thing and have it opened as another."""
    head = data[:_HEAD].lower()
    if kind != PDF and b"%pdf-" in head:
        return True
    searched = data.lower() if kind == TEXT or kind in IMAGES else b""
    marked = any(one in head for one in _RUNS) or any(one in searched for one in _MARKUP)
    return marked or zipfile.is_zipfile(io.BytesIO(data))


def _seems(data: bytes) -> str:
    """Return what a file that is not taken looks like, by the signatures that are known of files."""
    try:
        found = puremagic.magic_string(data[: 1 << 16])
    except (ValueError, puremagic.PureError):
        found = []
    return (found[0].name if found else "") or _("nothing that is known")
