"""Where something is said to have happened: a point on WGS84 and the radius of our doubt."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

E7 = 10_000_000
"""Degrees are kept as integers of 1e-7 degree (about a centimetre)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in integers of 1e-7 degree, and the radius in whole metres within which it truly lies."""

    lat_e7: int
    lon_e7: int
    within_m: int = 0

    def __post_init__(self) -> None:
        """Hold that the point is on the earth and the radius not negative."""
        if not -90 * E7 <= self.lat_e7 <= 90 * E7:
            raise ValueError("the latitude is not between -90 and 90 degrees")
        if not -180 * E7 <= self.lon_e7 <= 180 * E7:
            raise ValueError("the longitude is not between -180 and 180 degrees")
        if self.within_m < 0:
            raise ValueError("the radius is negative")

    @staticmethod
    def of(*, lat: str, lon: str, within_m: int = 0) -> Place:
        """Return the place of two decimal texts in degrees. Raises ValueError for what is not a number in range."""
        return Place(degrees_e7(lat), degrees_e7(lon), within_m)


def degrees_e7(text: str) -> int:
    """Return decimal degrees as an integer of 1e-7 degree, rounded to nearest. Raises ValueError for no number."""
    try:
        value = Decimal(text)
        return int((value * E7).to_integral_value())
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"'{text}' is not a number of degrees") from error
