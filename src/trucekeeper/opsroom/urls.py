"""Every page. `rights.PAGES` says who may see each; one that it does not list answers to nobody."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from trucekeeper.opsroom.people import views as people
from trucekeeper.opsroom.screens import (
    agreement,
    commitments,
    compare,
    correction,
    evidence,
    incident,
    live,
    now,
    record,
    report,
    sources,
    tallies,
    triage,
    why,
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="now"), name="home"),
    path("health", live.health, name="health"),
    path("language", people.language, name="lang"),
    path("door/", include("allauth.account.urls")),
    path("door/keys/", include("allauth.mfa.urls")),
    path("invited/<str:token>", people.invited, name="invited"),
    path("people/", people.people, name="people"),
    path("people/invite", people.invite, name="invite"),
    path("people/<str:name>/close", people.close, name="close"),
    path("now/", now.now, name="now"),
    path("now/incidents", now.incidents, name="incidents"),
    path("now/points", now.points, name="points"),
    path("now/zones", now.zones, name="zones"),
    path("now/changes", live.changes, name="changes"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/texts/<int:entry>", agreement.text, name="text"),
    path("commitments/", commitments.commitments, name="commitments"),
    path("commitments/why", why.why, name="why"),
    path("incidents/<str:name>", incident.incident, name="incident"),
    path("incidents/<str:name>/verify", incident.verify, name="verify"),
    path("evidence/<str:digest>/view", evidence.view, name="evidence"),
    path("evidence/<str:digest>/original", evidence.original, name="original"),
    path("report/<int:entry>/correct", correction.correct, name="correct"),
    path("report/<int:entry>/retract", correction.retract, name="retract"),
    path("tallies/", tallies.tallies, name="tallies"),
    path("triage/", triage.triage, name="triage"),
    path("triage/compare/", compare.compare, name="compare"),
    path("sources/", sources.sources, name="sources"),
    path("report/", report.report, name="report"),
    path("record/", record.record, name="record"),
    path("record/log.zip", record.bundle, name="bundle"),
    path("record/<int:entry>.zip", record.proof, name="proof"),
]
