"""The app of the screens, as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class Screens(AppConfig):
    """The screens; they keep nothing of their own."""

    name = "trucekeeper.opsroom.screens"
    label = "screens"
