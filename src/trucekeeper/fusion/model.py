"""Model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """By which weights reports are taken for one event."""

    @staticmethod
    def default() -> Model:
        """Return the model."""
        return Model()
