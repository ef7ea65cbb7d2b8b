"""The reader of a page: for whom it is worked out, what of the past it looks at, and how moments are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from trucekeeper.mission.looking import Sight
from trucekeeper.opsroom import clock, missions
from trucekeeper.opsroom.faults import asked_amiss, being_laid_anew
from trucekeeper.opsroom.rights import COARSE
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from trucekeeper.agreement.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and the agreement in force by what he looks at."""

    sight: Sight
    agreement: Agreement
    digest: str
    """Of that version of the agreement."""

    @property
    def zone(self) -> str:
        """Return the time zone in which moments are written."""
        return self.agreement.time_zone

    @property
    def parties(self) -> list[str]:
        """Return the parties and other actors, in the order in which the agreement names them."""
        return [*self.agreement.head.parties, *self.agreement.head.actors]

    @property
    def past(self) -> bool:
        """Return whether a past state of knowledge is looked at."""
        return self.sight.at is not None


class BadAskingError(Exception):
    """A page was asked for something that it cannot be asked for; says what, for the reader."""


def for_reader(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a page that is handed its reader, and answers what it cannot be asked for with a sentence."""

    @wraps(page)
    def answered(request: HttpRequest, **more: object) -> HttpResponseBase:
        try:
            return page(request, reader(request), **more)
        except BadAskingError as error:
            return asked_amiss(request, str(error))
        except missions.AnewError:
            return being_laid_anew(request)

    return answered


def reader(request: HttpRequest) -> Reader:
    """Return the reader of a request. Raises AnewError, and BadAskingError if its `at` is no moment, or to act in."""
    now = clock.now()
    said = request.GET.get("at", "")
    try:
        at = parse_moment(said) if said else None
    except ValueError as error:
        raise BadAskingError(_("“at” is no moment: %(why)s") % {"why": error}) from None
    if at is not None and request.method == "POST":
        raise BadAskingError(_("Nothing can be put on record in the past: go back to now."))
    if at is not None and at > now:
        raise BadAskingError(_("“at” is still to come: look at an earlier moment, or at now."))
    account = request.user
    sight = Sight(account.delegation, now, at, account.role in COARSE)  # type: ignore[union-attr]  # it is signed in
    adopted = missions.looking().adopted(at)
    if adopted is None and at is None:
        raise missions.AnewError
    if adopted is None:
        raise BadAskingError(_("No agreement was on record then: look at a later moment."))
    return Reader(sight, missions.agreement(adopted.digest), adopted.digest)
