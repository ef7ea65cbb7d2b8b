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
    handing,
    incident,
    live,
    notification,
    now,
    record,
    report,
    sources,
    tallies,
    triage,
    watch,
    why,
)

handler400 = "trucekeeper.opsroom.faults.bad_request"
handler403 = "trucekeeper.opsroom.faults.forbidden"
handler404 = "trucekeeper.opsroom.faults.not_found"
handler500 = "trucekeeper.opsroom.faults.broken"

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
    path("people/<str:name>/link", people.again, name="again"),
    path("people/<str:name>/end", people.end_all, name="end_all"),
    path("audit/", people.audit, name="audit"),
    path("sessions/", people.own_sessions, name="sessions"),
    path("sessions/<str:name>/end", people.end_session, name="end_session"),
    path("now/", now.now, name="now"),
    path("now/incidents", now.incidents, name="incidents"),
    path("now/points", now.points, name="points"),
    path("now/zones", now.zones, name="zones"),
    path("now/watched", now.watched, name="watched"),
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
    path("report/notification", notification.notification, name="notification"),
    path("watch/", watch.watch, name="watch"),
    path("watch/note", watch.note, name="note"),
    path("watch/hand-over", handing.hand_over, name="hand_over"),
    path("watch/hand-over/<int:pk>", handing.handing, name="handing"),
    path("watch/hand-over/<int:pk>/sign", handing.take_over, name="take_over"),
    path("watch/hand-over/<int:pk>/withdraw", handing.withdraw, name="withdraw"),
    path("watch/<int:entry>", watch.handed_over, name="handed_over"),
    path("record/", record.record, name="record"),
    path("record/log.zip", record.bundle, name="bundle"),
    path("record/<int:entry>.zip", record.proof, name="proof"),
]
