"""Pictures as they are shown: decoded by few decoders, turned upright, and written anew without anything beside them.

Positions, names of devices and whatever else a photo carries stay in the original, which is sealed. Nothing that is
shown lies on a disk, and nothing is decoded before its header has said that it is no larger than can be borne.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
"""Decoded whole these are 200 MB; a phone's photo has a quarter of them."""
LARGE, SMALL = 2048, 320
"""The longer side of what is shown, in pixels."""
KIND = "image/jpeg"
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 85
_SPOILT = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError),
    *(struct.error, zlib.error),
)
"""What Pillow says of bytes that are no whole picture."""


class NotShownError(Exception):
    """A picture cannot be shown; says why, and that its original is there."""


def shown(original: bytes, side: int) -> bytes:
    """Return a picture as a JPEG of no more than so many pixels on a side. Raises NotShownError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they quote the picture, and would stand in the server's log
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _shown(original, side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotShownError(_too_large()) from None
    except _SPOILT:
        raise NotShownError(
            _("It cannot be shown: it is cut off, or spoilt. The original can be downloaded.")
        ) from None


def _shown(original: bytes, side: int) -> bytes:
    with Image.open(io.BytesIO(original), formats=_FORMATS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise NotShownError(_too_large())
        found.thumbnail((side, side))  # a JPEG is decoded no larger than that needs
        return _plain(ImageOps.exif_transpose(found))


def _plain(picture: Image.Image) -> bytes:
    """Return nothing of a picture but its pixels, on white where they let through."""
    whole = picture.convert("RGBA")
    ground = Image.new("RGB", whole.size, "white")
    ground.paste(whole, mask=whole.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _too_large() -> str:
    return _("It cannot be shown: it has more than %(most)s pixels. The original can be downloaded.") % {
        "most": f"{MOST_PIXELS:,}"
    }
