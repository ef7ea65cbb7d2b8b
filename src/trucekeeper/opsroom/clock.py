"""The clock of the room: the time of day; in an exercise a time of its own, which runs faster.

TRUCE_CLOCK    "BEGUN REAL SPEED": it was BEGUN in the exercise when it was REAL, both in microseconds since 1970,
               and each second since has been SPEED seconds there
"""

from __future__ import annotations

import os
import time

CLOCK = "TRUCE_CLOCK"


def now() -> int:
    """Return the moment, in microseconds since 1970."""
    real, said = time.time_ns() // 1000, os.environ.get(CLOCK, "")
    if not said:
        return real
    begun, then, speed = (int(one) for one in said.split())
    return begun + (real - then) * speed


def run_from(begun: int, speed: int) -> None:
    """Have it be a moment now, here and in processes begun from here, and time pass so much faster from here on."""
    os.environ[CLOCK] = f"{begun} {time.time_ns() // 1000} {speed}"


def is_exercise() -> bool:
    """Return whether time is an exercise's."""
    return bool(os.environ.get(CLOCK))
