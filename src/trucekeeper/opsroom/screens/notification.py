"""Notification: what a party announced before it did it, so that it is not read as contrary where the text says so.

It becomes a fact of the kind by which a clause's excuse is shown: a notice, a permit, a declaration. Whom it was told
to, and what it is of, follows from the clause. If the delegation to which it was addressed enters it, that it was
told is corroborated, since the text itself names who is to be told; entered by anybody else it is alleged.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from trucekeeper.agreement.language import AnyoneExcept, Prohibit
from trucekeeper.agreement.rows import Known, Where, read_row, write_row
from trucekeeper.mission import kinds
from trucekeeper.mission.watch_log import WatchLog
from trucekeeper.opsroom import acts, clock, missions
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.report import CONSENT, LTR, WITHIN, label, place_of, room_of
from trucekeeper.opsroom.screens.sheets import length
from trucekeeper.terms import Fact, Proof, Refused
from trucekeeper.terms.moments import MINUTE, SECOND, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.language import AnyClause, Excuse
    from trucekeeper.journal.statements import Body
    from trucekeeper.opsroom.people.models import Account

PLAIN = "notice"
"""The kind of what is announced under no clause."""
ANNOUNCED = (PLAIN, "permit", "declaration", "information")
"""By what may be announced, of all acts on paper; decisions and rulings are put on record by those who decide."""
SORTS = (
    ("movement", gettext_lazy("a planned movement")),
    ("repair", gettext_lazy("a repair")),
    ("law-enforcement", gettext_lazy("a law-enforcement operation")),
    ("other", gettext_lazy("something else")),
)
_NONCE = 32


@dataclass(frozen=True, slots=True)
class Ground:
    """An excuse that an announcement can show: its clause, what kind it must be, and what it must say."""

    clause: AnyClause
    excuse: Excuse
    kind: str
    by: tuple[str, ...]
    said: dict[str, tuple[str, ...]]

    @property
    def same(self) -> tuple[str, ...]:
        """Return in what it must agree with the act."""
        return () if self.excuse.shown is None else self.excuse.shown.same


def grounds(agreement: Agreement) -> dict[str, Ground]:
    """Return the excuses that an announcement can show, by names for a form, in the order of the text."""
    worded = [history.all()[-1] for history in agreement.clauses.values()]
    several = [
        (f"{one.id}-{number}", found)
        for one in worded
        if isinstance(one, Prohibit)
        for number, found in enumerate(_grounds(one, agreement))
    ]
    return dict(several)


def _grounds(clause: Prohibit, agreement: Agreement) -> Iterator[Ground]:
    for excuse in clause.excuse:
        pattern = excuse.shown
        if pattern is None or not any(agreement.vocabulary.is_a(pattern.fact, one) for one in ANNOUNCED):
            continue
        said = {name: (value,) if isinstance(value, str) else value for name, value in pattern.fields}
        if all(isinstance(value, tuple) for value in said.values()):
            by = () if pattern.by is None or isinstance(pattern.by, AnyoneExcept) else tuple(pattern.by)
            yield Ground(clause, excuse, pattern.fact, by, said)  # type: ignore[arg-type]  # all are words


def _ltr() -> forms.TextInput:
    return forms.TextInput(attrs=LTR)


class Notification(forms.Form):
    """Who announced what, where it is to be, when, and to whom it was told."""

    nonce = forms.CharField(widget=forms.HiddenInput, min_length=_NONCE, max_length=64)
    sort = forms.ChoiceField(label=gettext_lazy("What is planned"), choices=SORTS)
    under = forms.ChoiceField(label=gettext_lazy("Announced under"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Notified by"))
    to = forms.ChoiceField(label=gettext_lazy("Notified to"))
    unit = forms.CharField(label=gettext_lazy("Who is to do it (a unit or force)"), max_length=80, required=False)
    code = forms.CharField(
        label=gettext_lazy("Its code or number"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("by which what happens later is known to be this"),
    )
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=80,
        help_text=gettext_lazy("coordinates, or the name of a zone"),
        widget=_ltr(),
    )
    within_m = forms.TypedChoiceField(label=gettext_lazy("Within"), choices=WITHIN, coerce=int, initial=1000)
    at = forms.CharField(label=gettext_lazy("When it was notified"), max_length=40, widget=_ltr())
    begins = forms.CharField(label=gettext_lazy("Planned from"), max_length=40, widget=_ltr())
    ends = forms.CharField(label=gettext_lazy("Planned until"), max_length=40, widget=_ltr())
    text = forms.CharField(
        label=gettext_lazy("In their words, without names of people"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    consent = forms.ChoiceField(label=gettext_lazy("It may be used"), choices=CONSENT, initial="parties")

    def __init__(self, agreement: Agreement, account: Account, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django calls it
        """Offer what the agreement speaks of."""
        super().__init__(*args, **kwargs)
        self._agreement, self._account, self.grounds = agreement, account, grounds(agreement)
        offered = [(name, f"{one.clause.cite}: {one.clause.gloss}") for name, one in self.grounds.items()]
        self.fields["under"].choices = [*offered, ("", _("no clause: only put it on record"))]  # type: ignore[attr-defined]
        actors = [(one, one) for one in sorted(agreement.actors())]
        for name in ("by", "to"):
            self.fields[name].choices = [("", ""), *actors]  # type: ignore[attr-defined]

    def clean_place(self) -> dict[str, str]:
        """Return the columns of the place."""
        return place_of(self.cleaned_data["place"], self._agreement)

    def clean_at(self) -> int:
        """Return when it was told: what is to be told later is on record later."""
        moment = _moment(self.cleaned_data["at"])
        if moment > clock.now() + MINUTE:
            raise forms.ValidationError(_("That is still to come."))
        return moment

    def clean_begins(self) -> int:
        """Return when it is planned to begin."""
        return _moment(self.cleaned_data["begins"])

    def clean_ends(self) -> int:
        """Return when it is planned to end."""
        return _moment(self.cleaned_data["ends"])

    def clean(self) -> dict[str, Any]:
        """Hold that it is what its clause asks for, and that a fact can be made of it."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        if said["ends"] < said["begins"]:
            self.add_error("ends", _("It ends before it begins."))
        self._hold(said)
        if not self.errors:
            try:
                self.fact = read_row(self._row(said), Known.of(self._agreement), Where("form"))
            except Refused as refused:
                raise forms.ValidationError([f"{one.what}: {one.remedy}" for one in refused.faults]) from None
        return said

    def _hold(self, said: dict[str, Any]) -> None:
        """Hold that who told, and whom, are those that the clause names."""
        ground = self.ground
        if ground is None:
            return
        asked = {"by": ground.by, "to": ground.said.get("to", ())}
        for name, names in asked.items():
            if names and said[name] not in names:
                wants = _("%(cite)s asks for %(names)s here.")
                self.add_error(name, wants % {"cite": ground.clause.cite, "names": ", ".join(names)})

    @property
    def ground(self) -> Ground | None:
        """Return under what it is announced, None for no clause."""
        return self.grounds.get(self.cleaned_data.get("under", ""))

    @property
    def is_established(self) -> bool:
        """Return whether the text itself names who says that it was told: the one to whom it was."""
        return bool(self.cleaned_data["to"] == self._account.delegation)

    def _row(self, said: dict[str, Any]) -> dict[str, Any]:
        ground, level = self.ground, Proof.CORROBORATED if self.is_established else Proof.ALLEGED
        kind = PLAIN if ground is None else ground.kind
        known = self._agreement.vocabulary.fields(kind)
        fields = {"to": said["to"], "unit": said["unit"], "code": said["code"], **_fixed(ground)}
        return {
            "id": f"{kind}-{said['nonce'][:16]}",
            "kind": kind,
            "by": said["by"],
            **said["place"],
            **({} if "zone" in said["place"] else {"within_m": said["within_m"]}),
            "at": write_moment(said["at"]),
            "from": write_moment(said["begins"]),
            "until": write_moment(said["ends"]),
            "fields": {name: value for name, value in fields.items() if value and name in known},
            "learned_at": write_moment(max(clock.now(), said["at"])),
            "occurred": level.word,
            "who": level.word,
            "source": room_of(self._account.delegation),
            "note": ": ".join(filter(None, [said["sort"], said["text"]])),
        }


def effects(row: Mapping[str, Any], agreement: Agreement) -> list[str]:
    """Return what follows by the text from an announcement that is on record, in sentences."""
    several = [one for one in grounds(agreement).values() if _shows(row, one, agreement)]
    if not several:
        return [_("It is announced under no clause, and excuses nothing.")]
    if row.get("occurred", Proof.ALLEGED.word) == Proof.ALLEGED.word:
        to = {"to": row["fields"].get("to", "-")}
        return [_("It counts as alleged until %(to)s, to whom it was told, puts it on record too.") % to]
    return [said for one in several for said in _effects(row, one)]


def _shows(row: Mapping[str, Any], ground: Ground, agreement: Agreement) -> bool:
    """Return whether an announcement is of the kind by which an excuse is shown, and says what it must."""
    fields = row.get("fields") or {}
    says = all(fields.get(name) in values for name, values in {**_about(ground), **ground.said}.items())
    by = not ground.by or row.get("by") in ground.by
    return agreement.vocabulary.is_a(str(row["kind"]), ground.kind) and by and says


def _effects(row: Mapping[str, Any], ground: Ground) -> list[str]:
    window, words = ground.excuse.within, {"cite": ground.clause.cite}
    if window is None:
        found = [_("By %(cite)s it excuses what agrees with it, from its time on.") % words]
    else:
        words["within"] = length(window // SECOND)
        found = [_("By %(cite)s it excuses what agrees with it, for %(within)s from its time on.") % words]
        if parse_moment(row["until"]) > parse_moment(row["at"]) + window:
            found.append(_("What is planned ends later than that: have it announced again in time."))
    if "code" in ground.same and "code" not in row["fields"]:
        found.append(_("It has no code to compare, so it can leave a verdict open and not settle it."))
    return found


def _about(ground: Ground) -> dict[str, tuple[str, ...]]:
    """Return what an announcement must be of: the clause, unless that compares them in other ways."""
    return {} if ground.same or "of" in ground.said else {"of": (ground.clause.id,)}


def _fixed(ground: Ground | None) -> dict[str, str]:
    """Return what the clause itself says that an announcement says."""
    if ground is None:
        return {}
    said = {**_about(ground), **ground.said}
    return {name: values[0] for name, values in said.items() if len(values) == 1}


def _moment(text: str) -> int:
    try:
        return parse_moment(text)
    except ValueError:
        raise forms.ValidationError(_("Write it as 2026-05-03T14:20+03:00.")) from None


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def notification(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the form, or put on record what it says."""
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    form = Notification(who.agreement, account, request.POST or None, initial=_initial(who, account))
    if request.method != "POST" or not form.is_valid():
        told = [] if request.method == "POST" else _told(request, who)
        return _page(request, form, "", told=told, status=400 if request.method == "POST" else 200)
    said = form.cleaned_data
    body, _label = kinds.parted(_body(form.fact))
    act = acts.Act(said["nonce"], kinds.FACT, body, label(account.delegation, said["consent"]))
    try:
        done = acts.put(account, act)
    except acts.NotDoneError as error:
        return _page(request, form, str(error), status=409)
    return redirect(f"{request.path}?entry={done.seq}")


def _told(request: HttpRequest, who: Reader) -> list[str]:
    """Return what is said of the announcement that was put on record just now."""
    said = request.GET.get("entry", "")
    if not (said.isascii() and said.isdigit() and len(said) < 16):  # noqa: PLR2004  a whole number
        return []
    log, entry = WatchLog(missions.mission().projections), int(said)
    found = log.acts(who.sight, only=(kinds.FACT,), first=entry, before=entry + 1, most=1)
    here = [one for one in found if str(one.said.get("source", "")).startswith("room-")]
    return [
        line
        for one in here
        for line in (_("Entry %(entry)s is on record.") % {"entry": one.seq}, *effects(one.said, who.agreement))
    ]


def _body(fact: Fact) -> Body:
    return dict(write_row(fact))  # type: ignore[arg-type]  # made of what JSON has


def _initial(who: Reader, account: Account) -> dict[str, Any]:
    now = who.sight.now // MINUTE * MINUTE
    to = account.delegation if account.delegation in who.agreement.actors() else ""
    under = next(iter(grounds(who.agreement)), "")
    return {"nonce": secrets.token_hex(_NONCE // 2), "at": write_moment(now, who.zone), "to": to, "under": under}


def _page(
    request: HttpRequest, form: Notification, why: str, *, told: Sequence[str] = (), status: int
) -> HttpResponse:
    return render(request, "screens/notification.html", {"form": form, "why": why, "told": told}, status=status)
