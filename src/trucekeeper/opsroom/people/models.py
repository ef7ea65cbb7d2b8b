"""An account: a pseudonym, a delegation, a role. Who the person is, no table here says."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

NAME = RegexValidator(r"\A[a-z0-9][a-z0-9-]{0,39}\Z", _("small letters, digits and dashes, at most 40"))
ADMINISTRATOR = "administrator"
ROLE_NAMES = {
    "watch_officer": _("watch officer"),
    "analyst": _("analyst"),
    "delegation_head": _("delegation head"),
    "liaison": _("liaison"),
    "guarantor": _("guarantor"),
    "mediator": _("mediator"),
    "protection_officer": _("protection officer"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
}
"""What people call the roles of `rights`."""


class Accounts(BaseUserManager["Account"]):
    """How accounts are found and made."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of a name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who may come in."""

    username = models.CharField(_("name"), max_length=40, unique=True, validators=[NAME])
    delegation = models.CharField(_("delegation"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=40, choices=list(ROLE_NAMES.items()))
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Django's own."""

        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(role=ADMINISTRATOR) ^ ~models.Q(delegation=""),
                name="an administrator, and nobody else, is of no delegation",
            )
        ]

    def __str__(self) -> str:
        """Return the pseudonym."""
        return self.username


class Sent(models.Model):
    """What an account put on record, by the nonce of its form; the bytes are kept until it is there."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=64)
    envelope = models.BinaryField()
    ticket = models.CharField(max_length=64)

    class Meta:
        """Django's own."""

        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["account", "nonce"], name="sent once")]

    def __str__(self) -> str:
        """Return by whom, and which."""
        return f"{self.account.username} {self.nonce}"


class Viewed(models.Model):
    """That somebody saw or was handed an original: which, by its SHA-256, how, and when."""

    VIEW, ORIGINAL = "view", "original"
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    what = models.CharField(max_length=64)
    how = models.CharField(max_length=10, choices=[(VIEW, _("seen")), (ORIGINAL, _("handed out"))])
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Return who, and what."""
        return f"{self.account.username} {self.how} {self.what[:16]}"


class Handing(models.Model):
    """A hand-over that waits to be signed by who comes in: the statement, signed by who goes out, word for word."""

    out = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="handing_out")
    to = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="handed_to")
    nonce = models.CharField(max_length=64)
    envelope = models.BinaryField()

    def __str__(self) -> str:
        """Return from whom, and to whom."""
        return f"{self.out.username} {self.to.username}"


class Invitation(models.Model):
    """A one-time link: whoever opens it first sets the password of an account. Only its hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    until = models.DateTimeField()

    def __str__(self) -> str:
        """Return for whom it is."""
        return self.account.username
