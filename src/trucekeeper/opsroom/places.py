"""A place as a tired person writes it: decimal degrees, degrees and minutes, degrees, minutes and seconds, or a zone.

    31.5, 34.51 · 31.5 N 34.51 E · 31°30'N 34°30.6'E · 31 30 00 N, 34 30 36 E

Latitude stands before longitude unless letters say otherwise. What could be read in two ways is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

LONGEST = 80
_NUMBER = r"\d{1,3}(?:\.\d{1,9})?"
_MINUTES, _SECONDS = "'\N{PRIME}", '"\N{DOUBLE PRIME}'


def _pattern(number: int, *, lettered: bool) -> str:
    """Return one of the two numbers, and what may stand about it; only beside a letter are minutes told apart."""
    degrees = rf"(?P<sign{number}>[-+]?)(?P<d{number}>{_NUMBER})[°º ]*"
    minutes = rf"(?:(?P<m{number}>{_NUMBER})[{_MINUTES} ]*)?(?:(?P<s{number}>{_NUMBER})[{_SECONDS} ]*)?"
    return rf"{degrees}{minutes}(?P<l{number}>[NSEW])" if lettered else degrees


_BOTH = re.compile(rf"\s*{_pattern(1, lettered=False)}\s*[,; ]\s*{_pattern(2, lettered=False)}\s*")
_LETTERS = re.compile(rf"\s*{_pattern(1, lettered=True)}\s*[,;]?\s*{_pattern(2, lettered=True)}\s*", re.IGNORECASE)
_MOST = {"lat": 90, "lon": 180}
_SIXTY = 60


class NoPlaceError(Exception):
    """What was written is no place; says why, for whoever wrote it."""


def coordinates(text: str) -> tuple[str, str] | None:
    """Return latitude and longitude in decimal degrees; None if the text has no number. Raises NoPlaceError."""
    if not any(one.isdigit() for one in text):
        return None
    if len(text) > LONGEST:
        raise NoPlaceError(_("That is too long to be a place."))
    found = _LETTERS.fullmatch(text) if _lettered(text) else _BOTH.fullmatch(text)
    if found is None:
        raise NoPlaceError(_("Write it as 31.5, 34.51 or as 31°30'N 34°30'36\"E, or name a zone."))
    halves = [_half(found, number) for number in (1, 2)]
    named = [one for _value, one in halves]
    if set(named) in ({"lat"}, {"lon"}):
        raise NoPlaceError(_("Both are of one sort: give north or south, and east or west."))
    values = [value for value, _one in halves]
    lat, lon = reversed(values) if named[0] == "lon" or named[1] == "lat" else values
    for name, value in (("lat", lat), ("lon", lon)):
        if abs(value) > _MOST[name]:
            raise NoPlaceError(_("%(value)s is no latitude or longitude: is the order right?") % {"value": value})
    return _plain(lat), _plain(lon)


def _lettered(text: str) -> bool:
    return len(re.findall("[NSEW]", text, re.IGNORECASE)) > 1


def _half(found: re.Match[str], number: int) -> tuple[Decimal, str]:
    """Return one of two numbers in degrees, and which of the two its letter says that it is, if it has one."""
    said = {name: text or "" for name, text in found.groupdict().items()}
    degrees, minutes, seconds = (_decimal(said.get(f"{part}{number}", "")) for part in "dms")
    letter, sign = said.get(f"l{number}", "").upper(), said[f"sign{number}"]
    if max(minutes, seconds) >= _SIXTY:
        raise NoPlaceError(_("There are sixty minutes to a degree, and sixty seconds to a minute."))
    if sign and letter:
        raise NoPlaceError(_("A sign and a letter say the same: leave one out."))
    value = degrees + minutes / _SIXTY + seconds / (_SIXTY * _SIXTY)
    south_or_west = letter in {"S", "W"} or sign == "-"
    return -value if south_or_west else value, {"": "", "N": "lat", "S": "lat", "E": "lon", "W": "lon"}[letter]


def _decimal(text: str) -> Decimal:
    return Decimal(text or 0)


def _plain(value: Decimal) -> str:
    """Return degrees to a centimetre."""
    said = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if said in {"", "-0"} else said
