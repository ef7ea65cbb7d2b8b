"""Why: one commitment, and the tree of reasons under its verdict, down to incidents and entries with their proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from trucekeeper.mission.looking import LATE
from trucekeeper.mission.questions import Asked, Questions, TooManyError
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens.agreement import clause
from trucekeeper.opsroom.screens.levels import level, levels
from trucekeeper.opsroom.screens.lines import readings
from trucekeeper.opsroom.screens.reader import BadAskingError, Reader, for_reader
from trucekeeper.opsroom.screens.words import LIFECYCLES, badge, due, isolated, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.terms import Moment, Proof

OPEN = 2
"""So many levels of the tree are open at first."""
ANSWERS = {"yes": gettext_lazy("yes"), "maybe": gettext_lazy("perhaps"), "no": gettext_lazy("no")}


@require_GET
@for_reader
def why(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the page."""
    proof, name = level(request), request.GET.get("name", "")
    if not name:
        raise BadAskingError(_("This page explains one commitment: open it from one."))
    rows = missions.looking().commitment(who.sight, name, proof=proof)
    if not rows:
        raise Http404
    told, silent = _told(request, who, rows, proof)
    stands = told["stands"] or [{**row, "reading": row["key"][2], "ground": None} for row in rows]
    facts = told["facts"]
    more = {
        "one": clause(who, rows[0]["clause"]) if rows[0]["clause"] in who.agreement.clauses else {"id": name},
        "by": rows[0]["by"],
        "bound": ", ".join(f"{name} {value}" for name, value in rows[0]["binding"]),
        "stands": [_stand(one, facts, who, number) for number, one in enumerate(stands)],
        "as_of": moment(told["as_of"], who.zone) if told["stands"] else "",
        "silent": silent,
        "levels": levels(request, proof),
        "past": who.past,
    }
    return render(request, "screens/why.html", more)


def _told(request: HttpRequest, who: Reader, rows: list[dict[str, Any]], proof: Proof) -> tuple[dict[str, Any], str]:
    """Return what the keeper answers, and if that is nothing, a sentence that says why."""
    asked = Asked(who.sight.audience, rows[0]["clause"], rows[0]["key"][0], proof, who.sight.at)
    nothing: dict[str, Any] = {"stands": [], "facts": {}, "as_of": 0}
    questions = Questions(missions.looking().projections)
    try:
        said = questions.ask(asked, request.user.get_username(), max(row["since"] for row in rows))
    except TooManyError:
        return nothing, _("You ask more than is answered just now: wait a moment, and ask again.")
    if said is None and questions.at_work(asked):
        return nothing, _("Its reasons are being worked out: ask again in a moment.")
    if said is None:
        return nothing, _("Nobody keeps this mission just now, so its reasons cannot be worked out: ask again later.")
    if not said["stands"]:
        return nothing, _("Of what may be released to you today nothing explains it.")
    return said, ""


def _stand(said: Mapping[str, Any], facts: Mapping[str, Any], who: Reader, number: int) -> dict[str, Any]:
    tree = _Tree(facts, who)
    return {
        "badge": badge(said),
        "lifecycle": LIFECYCLES[said["lifecycle"]],
        "readings": readings(said["reading"]),
        "due": due(said, who.zone),
        "figure": said["figure"],
        "rests_on": said["rests_on"],
        "waits_for": ", ".join(said["waits_for"]),
        "nodes": [] if said["ground"] is None else list(tree.nodes(said["ground"])),
        "beside": [{"says": one["says"], "facts": tree.facts(one["facts"])} for one in said["beside"]],
        "open": number == 0,
    }


class _Tree:
    """Reasons as the lines of a tree, as far as a sight has them."""

    def __init__(self, facts: Mapping[str, Any], who: Reader) -> None:
        self._facts, self._who = facts, who

    def nodes(self, ground: Mapping[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
        """Yield each reason with how many branches it opens and closes, outermost first."""
        withheld = self._withheld(ground)
        below = [] if withheld else ground["of"]
        yield {
            "says": _("withheld for six hours") if withheld else ground["says"],
            "answer": "" if withheld else ANSWERS.get(ground["answer"], ""),
            "cite": ground["cite"],
            "span": "" if withheld else self._span(ground["span"]),
            "facts": [] if withheld else self.facts(ground["facts"]),
            "unnamed": 0 if withheld else ground["unnamed"],
            "branch": bool(below),
            "open": depth < OPEN,
        }
        for one in below:
            yield from self.nodes(one, depth + 1)
        if ground["more"] and not withheld:
            yield {"says": _("and %(n)s more") % {"n": ground["more"]}, "branch": False}
        if below:
            yield {"ends": True}

    def _withheld(self, ground: Mapping[str, Any]) -> bool:
        """Return whether a reason speaks of where something just was, or who just watched, to who sees that late."""
        late = ground["span"] is not None and self._just_now(ground["span"][1])
        return self._who.sight.coarse and (late or any(map(self._is_late, ground["facts"])))

    def _is_late(self, name: str) -> bool:
        """Return whether a fact says where something just was, to somebody who sees that late."""
        one = self._facts.get(name, {})
        return bool(self._who.sight.coarse and one.get("placed") and self._just_now(one["latest"]))

    def _just_now(self, latest: Moment) -> bool:
        return latest > self._who.sight.now - LATE

    def _span(self, span: list[int] | None) -> str:
        if span is None:
            return ""
        first, last = (moment(one, self._who.zone) for one in span)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    def facts(self, names: list[str]) -> list[dict[str, Any]]:
        """Return the facts that a reason rests on, each with its entries; which clause they touch says where."""
        kinds = self._who.agreement.vocabulary.kinds
        found = []
        for name in names:
            if self._is_late(name):
                continue
            one = self._facts.get(name, {"kind": "", "incident": False, "entries": []})
            kind = kinds.get(one["kind"])
            says = one["kind"] if kind is None else kind.says
            found.append({**one, "id": isolated(name), "name": name, "says": says})
        return found
