"""New report: what a tired officer fills in within thirty seconds. It becomes a report of the delegation's own room.

Each delegation's room is a source of its own, so that two officers of one delegation never corroborate each other.
Whoever says that somebody may be in danger, or gives no consent, keeps the report within his delegation.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from trucekeeper.agreement.rows import Where
from trucekeeper.intake.registered import Registered
from trucekeeper.intake.said import Said
from trucekeeper.mission import kinds
from trucekeeper.opsroom import acts, clock, missions, places, uploads
from trucekeeper.opsroom.screens.reader import Reader, for_reader
from trucekeeper.opsroom.screens.words import isolated
from trucekeeper.terms import Nature
from trucekeeper.terms.moments import MINUTE, parse_moment, write_moment

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.opsroom.people.models import Account

_WITHIN = ((50, "50 m"), (200, "200 m"), (500, "500 m"), (1000, "1 km"), (5000, "5 km"))
HOW = (
    ("seen", gettext_lazy("I saw it")),
    ("heard", gettext_lazy("I heard it")),
    ("recorded", gettext_lazy("It was recorded")),
    ("told", gettext_lazy("Somebody told me")),
)
WITHIN = tuple((metres, isolated(says)) for metres, says in _WITHIN)
LTR = {"dir": "ltr"}
"""Coordinates and moments are read from left to right in every language."""
GIVE = ((0, gettext_lazy("to the minute")), (5, "± 5 min"), (30, "± 30 min"), (180, "± 3 h"))
OWN, PUBLIC = "mechanism", "public"
CONSENT = (
    (OWN, gettext_lazy("for my delegation")),
    ("parties", gettext_lazy("for all delegations")),
    (PUBLIC, gettext_lazy("for the public")),
)
NUMBERS = ("count", "killed", "injured")
NONCE = 32
FIRST = ("kind", "place", "within_m", "by", "text", "at", "how", "danger")
"""What a report is hardly ever without, in the order in which it is told; all else has its usual answer already."""
_ARTICLE = re.compile("(a|an) ")


class NewReport(forms.Form):
    """What happened, where, when, and how it is known."""

    nonce = forms.CharField(widget=forms.HiddenInput, min_length=NONCE, max_length=64)
    kind = forms.ChoiceField(label=gettext_lazy("What"), widget=forms.Select(attrs={"autofocus": True}))
    how = forms.ChoiceField(label=gettext_lazy("How you know"), choices=HOW, widget=forms.RadioSelect, initial="seen")
    told_by = forms.CharField(label=gettext_lazy("Who told you (a pseudonym)"), max_length=80, required=False)
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=80,
        help_text=gettext_lazy("coordinates, or the name of a zone"),
        widget=forms.TextInput(attrs=LTR),
    )
    within_m = forms.TypedChoiceField(label=gettext_lazy("Within"), choices=WITHIN, coerce=int, initial=200)
    at = forms.CharField(label=gettext_lazy("When"), max_length=40, widget=forms.TextInput(attrs=LTR))
    give = forms.TypedChoiceField(label=gettext_lazy("How exactly"), choices=GIVE, coerce=int, initial=0)
    count = forms.IntegerField(label=gettext_lazy("Count"), min_value=0, max_value=1_000_000, required=False)
    killed = forms.IntegerField(label=gettext_lazy("Killed"), min_value=0, max_value=1_000_000, required=False)
    injured = forms.IntegerField(label=gettext_lazy("Injured"), min_value=0, max_value=1_000_000, required=False)
    bearing = forms.IntegerField(
        label=gettext_lazy("Bearing, in degrees"), min_value=0, max_value=360, required=False
    )
    by = forms.ChoiceField(label=gettext_lazy("Said to be done by"), required=False)
    text = forms.CharField(
        label=gettext_lazy("In your words, without names of people"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = uploads.Uploads(
        label=gettext_lazy("Photos and other evidence"),
        required=False,
        help_text=gettext_lazy("kept as they are, and shown without what they say of where they were taken"),
    )
    consent = forms.ChoiceField(label=gettext_lazy("It may be used"), choices=CONSENT, initial="parties")
    danger = forms.BooleanField(label=gettext_lazy("Somebody may be in danger if this is known"), required=False)

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django calls it
        """Offer what the agreement speaks of."""
        super().__init__(*args, **kwargs)
        self._agreement = agreement
        vocabulary = agreement.vocabulary.kinds
        happen = sorted((_bare(one.says), name) for name, one in vocabulary.items() if one.nature is Nature.EVENT)
        self.fields["kind"].choices = [("", ""), *((name, says) for says, name in happen)]  # type: ignore[attr-defined]
        actors = [(one, one) for one in sorted(agreement.actors())]
        self.fields["by"].choices = [("", _("I do not know")), *actors]  # type: ignore[attr-defined]

    @property
    def first(self) -> list[forms.BoundField]:
        """Return what is asked of everybody."""
        return [self[name] for name in FIRST]

    @property
    def more(self) -> list[forms.BoundField]:
        """Return what may be left as it is."""
        return [one for one in self.visible_fields() if one.name not in FIRST]

    @property
    def shows_more(self) -> bool:
        """Return whether something is amiss in what may be left as it is."""
        return any(one.errors for one in self.more)

    def clean_place(self) -> dict[str, str]:
        """Return the columns of the place."""
        return place_of(self.cleaned_data["place"], self._agreement)

    def clean_at(self) -> int:
        """Return the moment; no report is of what is still to come."""
        try:
            moment = parse_moment(self.cleaned_data["at"])
        except ValueError:
            raise forms.ValidationError(_("Write it as 2026-05-03T14:20+03:00.")) from None
        if moment > clock.now() + MINUTE:
            raise forms.ValidationError(_("That is still to come."))
        return moment

    def said(self) -> Said:
        """Return what the form says, as a source's report."""
        said = self.cleaned_data
        known = self._agreement.vocabulary.fields(said["kind"])
        numbers = {name: said[name] for name in NUMBERS if said[name] is not None and name in known}
        return Said(
            where=Where(f"form {said['nonce'][:8]}"),
            name=said["nonce"][:16],
            columns={
                **said["place"],
                **({} if "zone" in said["place"] else {"within_m": said["within_m"]}),
                **self._when(),
                **({"fields": numbers} if numbers else {}),
                "learned_at": write_moment(clock.now()),
                "grade": "B2" if said["how"] != "told" else "C3",
            },
            words={"kind": said["kind"], **({"by": said["by"]} if said["by"] else {})},
            first_hand=said["how"] != "told",
            chains=((said["told_by"],),) if said["how"] == "told" and said["told_by"] else (),
            text="\n".join(filter(None, [self._observed(numbers), said["text"]])),
        )

    def _when(self) -> dict[str, str]:
        at, give = self.cleaned_data["at"], self.cleaned_data["give"] * MINUTE
        if not give:
            return {"at": write_moment(at)}
        return {"earliest": write_moment(at - give), "latest": write_moment(min(at + give, clock.now()))}

    def _observed(self, numbers: dict[str, int]) -> str:
        """Return what the columns have no place for."""
        said = self.cleaned_data
        more = [
            f"{name} {said[name]}" for name in ("count", "bearing") if said[name] is not None and name not in numbers
        ]
        return ", ".join([said["how"], *more])

    @property
    def consent_given(self) -> str:
        """Return what it may be used for: where somebody may be in danger, for the delegation alone."""
        return OWN if self.cleaned_data["danger"] else str(self.cleaned_data["consent"])


def _bare(says: str) -> str:
    """Return the words for a kind without an article, so that its first letters find it in a list."""
    return _ARTICLE.sub("", says, count=1) if _ARTICLE.match(says) else says


def place_of(said: str, agreement: Agreement) -> dict[str, str]:
    """Return the columns of a place as somebody wrote it. Raises ValidationError, which says what to write."""
    if said in agreement.atlas.ids():
        return {"zone": said}
    try:
        found = places.coordinates(said)
    except places.NoPlaceError as error:
        raise forms.ValidationError(str(error)) from None
    if found is None:
        raise forms.ValidationError(_("There is no zone of this name: give coordinates."))
    return {"lat": found[0], "lon": found[1]}


def label(delegation: str, consent: str) -> dict[str, Any]:
    """Return for whom something is that a delegation enters."""
    if consent == PUBLIC:
        return {}
    everyone = {delegation, *missions.mission().delegations().values()}
    return {"owner": delegation, "releasable_to": [delegation] if consent == OWN else sorted(everyone)}


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def report(request: HttpRequest, who: Reader) -> HttpResponse:
    """Return the form, or put on record what it says."""
    form = NewReport(who.agreement, request.POST or None, request.FILES or None, initial=_initial(who))
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, "", status=400 if request.method == "POST" else 200)
    account: Account = request.user  # type: ignore[assignment]  # the guard let it through
    try:
        _register(account, who)
        said = form.said()
        body = {**said.body(room_of(account.delegation)), **uploads.kept(form.cleaned_data["evidence"], {})}
        shown_to = label(account.delegation, form.consent_given)
        acts.put(account, acts.Act(form.cleaned_data["nonce"], kinds.REPORT, body, shown_to))
    except acts.NotDoneError as error:
        return _page(request, form, str(error), status=409)
    name = missions.looking().holding(who.sight, str(body["id"]))
    return redirect("incident", name) if name else redirect("now")


def _initial(who: Reader) -> dict[str, Any]:
    return {"nonce": secrets.token_hex(NONCE // 2), "at": write_moment(who.sight.now // MINUTE * MINUTE, who.zone)}


def _page(request: HttpRequest, form: NewReport, why: str, *, status: int) -> HttpResponse:
    return render(request, "screens/report.html", {"form": form, "why": why}, status=status)


def room_of(delegation: str) -> str:
    """Return the source as which a delegation's room reports."""
    return f"room-{delegation}"


def _register(account: Account, who: Reader) -> None:
    """Register the delegation's room as a source, unless it is one by now. Raises NotDoneError."""
    name = room_of(account.delegation)
    if missions.looking().is_said(kinds.SOURCE, "name", name):
        return
    kinds_ = {one: one for one in who.agreement.vocabulary.kinds}
    source = Registered(
        name=name,
        reader="csv",
        says=f"operations room, {account.delegation}",
        grade="B2",
        bloc=account.delegation,
        entered_by=account.delegation,
        rulings={"kind": kinds_, "actor": {one: one for one in who.agreement.actors()}},
    )
    acts.put(account, acts.Act(f"source {name}", kinds.SOURCE, source.body(), {}))
