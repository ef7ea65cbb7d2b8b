"""Triage: the reports at which somebody still has to look, one after the other, and what is done about each.

Whoever decides says which decision he saw last (`trucekeeper.mission.triaging`). If another came in between, nothing
follows from his: he is shown what the other did, and what he had written is kept.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trucekeeper.mission import kinds
from trucekeeper.mission.inbox import AT_ONCE, Inbox
from trucekeeper.mission.incident_rows import SET_ASIDE as ASIDE_STATE
from trucekeeper.mission.listing import NOTHING, link
from trucekeeper.mission.triaging import ACCEPT, DUPLICATE, SET_ASIDE, TAKE_BACK
from trucekeeper.opsroom import acts, missions
from trucekeeper.opsroom.screens import told
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.terms.texts import unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.mission.looking import Row
    from trucekeeper.opsroom.people.models import Account

LONGEST_WHY, LONGEST_NAME = 1000, 200
NONCE = re.compile("[0-9a-f]{32}")
ENTRY = re.compile("[0-9]{1,15}")
ASIDE = "aside"


class NotDecidedError(Exception):
    """Nothing follows from what was sent; says why, for the person who sent it."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def triage(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the inbox with one report opened, or do what is said about one."""
    inbox = Inbox(missions.looking())
    if request.method != "POST":
        return _page(request, who, inbox, request.GET.get("report", ""))
    name = request.POST.get("report", "")
    row = inbox.one(who.sight, name)
    if row is None:
        raise Http404
    try:
        says = _act(_Said(request, who, inbox, row))
    except (NotDecidedError, acts.NotDoneError) as error:
        return _page(request, who, inbox, name, why=str(error))
    messages.success(request, says)
    return redirect(_where(request, report=inbox.next(who.sight, row["entry"])))


# ---- what is shown -------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, who: Reader, inbox: Inbox, name: str, *, why: str = "") -> HttpResponse:
    """Return the page; with why nothing follows from what was sent, if so."""
    aside, after = request.GET.get("list") == ASIDE, _entry(request.GET.get("after", ""))
    rows = inbox.page(who.sight, after=-1 if after is None else after, aside=aside)
    said = missions.looking().said(who.sight, [one["entry"] for one in rows])
    rows = [{**one, **row} for one, row in zip(said, rows, strict=True)]
    name = name or (str(rows[0]["id"]) if rows else "")
    row = inbox.one(who.sight, name) if name else None
    if name and row is None:
        raise Http404
    before, following = _neighbours([str(one["id"]) for one in rows], name)
    shown = {
        "rows": [told.listed(one, who) for one in rows],
        "aside": aside,
        "count": inbox.count(who.sight) if who.past else missions.waiting(who.sight.audience),
        "more": _where(request, after=str(rows[-1]["entry"])) if len(rows) == AT_ONCE else "",
        "before": before and _where(request, report=before),
        "following": following and _where(request, report=following),
        "here": _where(request),
        "one": row and _opened(who, inbox, row),
        "nonce": secrets.token_hex(16),
        "why": why,
        "typed": request.POST,
        "past": who.past,
        "longest": LONGEST_WHY,
    }
    return render(request, "screens/triage.html", shown, status=409 if why else 200)


def _opened(who: Reader, inbox: Inbox, row: Row) -> dict[str, Any]:
    return {
        **told.shown(row, who, inbox),
        "own": told.own(inbox, row, who),
        "near": told.beside(inbox, row, who) if not row.get("about") else [],
        "needs": [
            {"number": number, "sort": sort, "word": word, "means": _meanings(who, sort)}
            for number, (_source, sort, word) in enumerate(row["needs"])
        ],
    }


def _meanings(who: Reader, sort: str) -> list[tuple[str, str]]:
    """Return what a word can mean: what the agreement speaks of."""
    if sort == "kind":
        return sorted((name, one.says) for name, one in who.agreement.vocabulary.kinds.items())
    return [(one, one) for one in sorted(who.agreement.actors())]


def _neighbours(names: Sequence[str], name: str) -> tuple[str, str]:
    """Return what stands before and after a report in the list; "" at its ends."""
    if name not in names:
        return "", names[0] if names else ""
    at = names.index(name)
    return (names[at - 1] if at else ""), (names[at + 1] if at + 1 < len(names) else "")


def _where(request: HttpRequest, **more: str) -> str:
    """Return the address of the page with what it was asked for, and something more."""
    kept = {name: request.GET[name] for name in ("list", "after", "at") if request.GET.get(name)}
    asked = {name: value for name, value in {**kept, **more}.items() if value}
    return reverse("triage") + (f"?{urlencode(asked)}" if asked else "")


def _entry(text: str) -> int | None:
    """Return an entry's number; None for none. Raises BadAskingError."""
    if not text:
        return None
    if not ENTRY.fullmatch(text):
        raise BadAskingError(_("“after” is the number of an entry."))
    return int(text)


# ---- what is done --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """A form that was sent, and the report that it is about as its sender may see it."""

    request: HttpRequest
    who: Reader
    inbox: Inbox
    row: Row

    @property
    def account(self) -> Account:
        """Return who sent it."""
        return self.request.user  # type: ignore[return-value]  # the guard let it through

    def text(self, name: str, most: int) -> str:
        """Return what was written in a field. Raises NotDecidedError."""
        said = self.request.POST.get(name, "").replace("\r\n", "\n").strip()
        if len(said) > most:
            raise NotDecidedError(
                _("Nothing was put on record: that is longer than %(most)s characters. Say it shorter.")
                % {"most": most}
            )
        if wrong := unfit(said):
            raise NotDecidedError(
                _("Nothing was put on record: %(character)s is a character that no text may hold. Take it out.")
                % {"character": wrong}
            )
        return said

    @property
    def again(self) -> bool:
        """Return whether the form was sent before: what it says is on record, or part of it."""
        return acts.is_sent(self.account, self.nonce)

    @property
    def nonce(self) -> str:
        """Return the form's own name, which makes one statement. Raises BadAskingError."""
        said = self.request.POST.get("nonce", "")
        if not NONCE.fullmatch(said):
            raise BadAskingError(_("The form is not whole: open the page again."))
        return said


def _act(said: _Said) -> str:
    """Do what was said about a report, and return it in words. Raises NotDecidedError and NotDoneError."""
    act, _colon, about = said.request.POST.get("act", "").partition(":")
    done = _ACTS.get(act)
    if done is None:
        raise BadAskingError(_("The form is not whole: open the page again."))
    return done(said, about)


def _decide(said: _Said, does: str, *, why: str = "", of: str = "") -> None:
    """Put a decision on record; it counts, or NotDecidedError says who came before."""
    after = _entry(said.request.POST.get("after", "")) or 0
    if said.row["touched"] != after and not said.again:
        raise NotDecidedError(_told_of(said.row, _("Nothing was put on record.")))
    body: dict[str, Any] = {"report": said.row["id"], "does": does, "why": why, "after": after}
    if of:
        body["of"] = of
    done = acts.put(said.account, acts.Act(said.nonce, kinds.TRIAGE, body, {}))
    row = said.inbox.one(said.who.sight, said.row["id"])
    if row is None or not done.shown:
        raise NotDecidedError(_("It is on record, and not shown yet. Open the page again in a moment."))
    if any(one["entry"] == done.seq and one["late"] for one in row["decided"]):
        told_ = _("What you decided is entry %(entry)s, and nothing follows from it.") % {"entry": done.seq}
        raise NotDecidedError(_told_of(row, told_))


def _told_of(row: Row, then: str) -> str:
    """Return who decided on a report meanwhile, and what."""
    found = next((one for one in row["decided"] if one["entry"] == row["touched"]), None)
    if found is None:
        return _("What was decided on it was taken away meanwhile. %(then)s Look at it again.") % {"then": then}
    words = {"entry": found["entry"], "by": found["by"], "did": told.DONE[found["does"]], "then": then}
    says = _("Entry %(entry)s decided on it meanwhile: %(by)s %(did)s. %(then)s What you wrote is kept.") % words
    return f"{says} ({found['why']})" if found["why"] else says


def _accept(said: _Said, _about: str) -> str:
    _decide(said, ACCEPT)
    return _("Accepted: %(report)s stands where it is.") % {"report": said.row["id"]}


def _take_back(said: _Said, _about: str) -> str:
    _decide(said, TAKE_BACK)
    return _("Taken back: %(report)s waits for a look again.") % {"report": said.row["id"]}


def _set_aside(said: _Said, _about: str) -> str:
    why = said.text("why", LONGEST_WHY)
    if not why:
        raise NotDecidedError(_("Say why it is set aside: whoever looks at it later has to know."))
    _decide(said, SET_ASIDE, why=why)
    return _("Set aside: %(report)s counts for nothing.") % {"report": said.row["id"]}


def _duplicate(said: _Said, _about: str) -> str:
    of, why = said.text("of", LONGEST_NAME), said.text("why", LONGEST_WHY)
    other = said.inbox.one(said.who.sight, of) if of and of != said.row["id"] else None
    if other is None:
        raise NotDecidedError(_("Give the name of another report that there is, as patrols/17."))
    if other["state"] == ASIDE_STATE:
        raise NotDecidedError(
            _("%(report)s is set aside itself, so that nothing would be left.") % {"report": other["id"]}
        )
    _decide(said, DUPLICATE, why=why, of=str(other["id"]))
    words = {"report": said.row["id"], "other": other["id"]}
    return _("Duplicate: %(report)s counts for nothing beside %(other)s.") % words


def _link(said: _Said, incident: str) -> str:
    """Have the report be of the event of another incident: of the report there that lies nearest."""
    nearest = said.inbox.nearest(said.who.sight, said.row, incident)
    if not nearest or said.row.get("about") or (incident == said.row["incident"] and not said.again):
        raise NotDecidedError(_("There is no such incident any more to link it with: look at the list again."))
    _decide(said, ACCEPT)
    _put_links(said, [nearest], same=True)
    return _("Linked: %(report)s is of one event with %(other)s.") % {"report": said.row["id"], "other": nearest}


def _new(said: _Said, _about: str) -> str:
    """Have the report leave its incident, and be one of its own."""
    others = said.inbox.others(said.who.sight, said.row) if said.row["incident"] else []
    if said.row.get("about") or not (others or said.again):
        raise NotDecidedError(_("It is parted from nothing: it is alone in its incident, but for its copies."))
    _decide(said, ACCEPT)
    _put_links(said, others, same=False)
    return _("New incident: %(report)s is of an event of its own.") % {"report": said.row["id"]}


def _put_links(said: _Said, others: Sequence[str], *, same: bool) -> None:
    """Put on record that the report is of one event with others, or not; sent again, they are the same."""
    acts.put_all(
        said.account,
        [
            acts.Act(
                f"{said.nonce}-{sha256(one.encode()).hexdigest()[:16]}",
                kinds.LINK,
                link(str(said.row["id"]), one, same=same, why="triage"),
                {},
            )
            for one in others
        ],
    )


def _rule(said: _Said, number: str) -> str:
    """Have a word mean something to the agreement, or nothing."""
    needs, word = said.row["needs"], said.text("word", LONGEST_NAME)
    at = int(number) if ENTRY.fullmatch(number) else -1
    if said.again:
        return _("Ruled: every report that waited for “%(word)s” alone goes on.") % {"word": word}
    if not 0 <= at < len(needs) or needs[at][2].strip() != word:
        raise NotDecidedError(_("Somebody ruled on that word meanwhile. Nothing was put on record."))
    source, sort, exactly = needs[at]
    means = said.request.POST.get("means", "")
    if means not in {NOTHING, *(name for name, _says in _meanings(said.who, sort))}:
        raise NotDecidedError(_("Choose what the word means; nothing is guessed."))
    body = {"source": source, "sort": sort, "word": exactly, "means": None if means == NOTHING else means}
    acts.put(said.account, acts.Act(said.nonce, kinds.RULING, body, {}))
    return _("Ruled: every report that waited for “%(word)s” alone goes on.") % {"word": exactly}


_ACTS: Mapping[str, Callable[[_Said, str], str]] = {
    "accept": _accept,
    "take_back": _take_back,
    "set_aside": _set_aside,
    "duplicate": _duplicate,
    "link": _link,
    "new": _new,
    "rule": _rule,
}
