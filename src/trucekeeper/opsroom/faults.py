"""What is answered when a page cannot be: what happened, what was kept, and what to do, and nothing of the mission.

These pages ask no database, since it may be the database that is at fault, and say nothing that a stranger may not
read. A disk that is full or a database that is locked passes: 503. What is our own fault is 500, and goes to the log.
"""

from __future__ import annotations

import sqlite3
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

import sqlalchemy.exc
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, IntegrityError, ProgrammingError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from trucekeeper.mission.mission import OUR_OWN as ENGINES_OWN

if TYPE_CHECKING:
    from django.http import HttpRequest

PASSING = (DatabaseError, sqlalchemy.exc.DBAPIError, sqlite3.DatabaseError, OSError)
"""What a disk or a database says that is full, locked or gone, and what is raised when we asked it amiss."""
OUR_OWN = (IntegrityError, ProgrammingError, *ENGINES_OWN)


def passes(error: BaseException | None) -> bool:
    """Return whether something went wrong that is no fault of ours: it may be well the next time."""
    return isinstance(error, PASSING) and not isinstance(error, OUR_OWN)


def page(request: HttpRequest, status: HTTPStatus, heading: str, says: str) -> HttpResponse:
    """Return a page that says what happened, in the language that the browser asks for."""
    content = render_to_string("fault.html", {"heading": heading, "says": says, "status": status.value})
    answer = HttpResponse(content, status=status)
    answer.headers["Content-Language"] = get_language_from_request(request)
    return answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be read, or came to the wrong door."""
    with override(get_language_from_request(request)):
        if isinstance(exception, RequestDataTooBig):
            says = _("What was sent is larger than this page takes. Nothing was put on record: send less at once.")
            return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is too large"), says)
        says = _("What your browser sent could not be read. Nothing was changed. Go back, and try again.")
        return page(request, HTTPStatus.BAD_REQUEST, _("This could not be read"), says)


def asked_amiss(request: HttpRequest, says: str) -> HttpResponse:
    """Answer an address that asks for what a page does not have: a moment that is none, for example."""
    return page(request, HTTPStatus.BAD_REQUEST, _("This could not be read"), says)


def being_laid_anew(request: HttpRequest) -> HttpResponse:
    """Answer while what pages read is worked out anew."""
    says = _("What follows from the record is being worked out anew. Nothing was changed. Try again in a minute.")
    return page(request, HTTPStatus.SERVICE_UNAVAILABLE, _("Not now"), says)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Answer what is allowed to nobody."""
    with override(get_language_from_request(request)):
        return page(request, HTTPStatus.FORBIDDEN, _("This is not allowed"), _("Nothing was changed."))


def shut_out(request: HttpRequest) -> HttpResponse:
    """Answer whose key was revoked on record."""
    says = _("The key of your account was revoked, on record. An administrator can give you a new link.")
    return page(request, HTTPStatus.FORBIDDEN, _("This is not allowed"), says)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Answer a form that did not come from a page of ours, or from one that was opened in another session."""
    with override(get_language_from_request(request)):
        says = _(
            "This form was opened before you signed in, or did not come from here. Nothing was changed. Go back, "
            "load the page again, and send it once more: a draft is kept on this device."
        )
        return page(request, HTTPStatus.FORBIDDEN, _("This form is not good any more"), says)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """Answer that there is no such page, or none for whoever asks: which of the two, nobody is told."""
    with override(get_language_from_request(request)):
        says = _("There is no page of this address for you. It may be for another role, or for nobody.")
        return page(request, HTTPStatus.NOT_FOUND, _("There is nothing here"), says)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong: as what passes if a disk or database is at fault, else as ours."""
    with override(get_language_from_request(request)):
        if passes(sys.exc_info()[1]):
            says = _(
                "The disk is full, or a database does not answer. What is on record is safe; what you sent just now "
                "may not be. Send it again in a minute: what is sent twice is on record once."
            )
            return page(request, HTTPStatus.SERVICE_UNAVAILABLE, _("Not now"), says)
        says = _(
            "Something of ours went wrong, and is written down for whoever runs this server. What is on record is "
            "safe. Try again; if it stays so, tell the administrator when it happened."
        )
        return page(request, HTTPStatus.INTERNAL_SERVER_ERROR, _("This went wrong"), says)


def locked_out(request: HttpRequest, *_more: object) -> HttpResponse:
    """Answer somebody who gave too many wrong passwords for one name from one machine."""
    with override(get_language_from_request(request)):
        says = _(
            "Too many wrong passwords for this name from this machine. Wait a quarter of an hour; if you have lost "
            "your password, an administrator can give you a new link."
        )
        return page(request, HTTPStatus.TOO_MANY_REQUESTS, _("The door is locked for a while"), says)
