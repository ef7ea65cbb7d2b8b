"""The level of proof at which a page is read: in its URL, in each badge, and one link away from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from trucekeeper.opsroom.screens.reader import BadAskingError
from trucekeeper.opsroom.screens.words import PROOFS
from trucekeeper.terms import Proof

if TYPE_CHECKING:
    from django.http import HttpRequest

LEVELS = (Proof.ALLEGED, Proof.CORROBORATED, Proof.VERIFIED)


def level(request: HttpRequest) -> Proof:
    """Return the level that a page is asked at. Raises BadAskingError for what is none."""
    said = request.GET.get("proof") or Proof.CORROBORATED.word
    for one in LEVELS:
        if one.word == said:
            return one
    raise BadAskingError(_("“proof” is no level of proof: say alleged, corroborated or verified."))


def levels(request: HttpRequest, chosen: Proof) -> list[dict[str, Any]]:
    """Return the links to the same page at each level."""
    found = []
    for one in LEVELS:
        asked = request.GET.copy()
        asked["proof"] = one.word
        found.append({"query": asked.urlencode(), "says": PROOFS[one.word], "here": one is chosen})
    return found
