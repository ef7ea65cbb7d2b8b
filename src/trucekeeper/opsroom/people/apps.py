"""The app of accounts, as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    """Accounts."""

    name = "trucekeeper.opsroom.people"
    label = "people"
