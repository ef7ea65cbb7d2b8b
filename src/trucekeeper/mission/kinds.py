"""The kinds of statement that a mission's record holds, each in the versions that it ever had.

    found, key.certify, key.revoke, seal, object, redact    as `journal` says: they govern the record
    agreement   {"files":{"agreement.yaml":"<sha256>","zones.geojson":"<sha256>"},"digest":"<hex>","replaces":"<hex>"}
                the agreement from here on; `digest` as every standing names it, `replaces` the one before it or ""
    fact        {"id":"r-17","rev":1,"kind":"shelling",...}    a row of the facts format, its label apart
    report      {"id":"ucdp/36210","source":"ucdp","words":{...},...}    as `trucekeeper.intake.said` says, its label
                apart
    source      {"name":"ucdp","reader":"ucdp",...}    a source, as `trucekeeper.intake.registered` says
    ruling      {"source":"ucdp","sort":"kind","word":"state-based","means":"ground-attack"}    what a word means;
                `null`: nothing that the agreement speaks of
    link        {"reports":["ucdp/36210","patrols/17"],"same":true,"why":"..."}    whether two reports are of
                one event
    model       {"sha256":"<hex>","bytes":57610}    by which weights reports are taken for one event: canonical JSON
                as `trucekeeper.fusion.model` says, kept as evidence
    verify      {"incident":"i-412","occurred":"verified","who":"verified","by":"south","why":"..."}    how far a
                person, having looked into it, holds an incident, and that author of it, to be established
    triage      {"report":"patrols/17","does":"set_aside","why":"...","after":411}    what a person who looked at a
                report decided of it, as `triaging` says
    text        {"name":"protocol","language":"en","file":"protocol.en.txt","sha256":"<hex>","bytes":51234}
                a text of the deal in one language, word for word, kept as evidence
    note        {"watch":"watch-412","text":"...","about":"i-412"}    a line of a delegation's watch log, in the
                watch that a hand-over began, by its entry ("watch-0": the first); `about` an incident, or absent
    handover    {"since":"2031-03-10T06:00Z","until":"2031-03-10T14:00Z","out":"kestrel","in":"heron","sheet":{...},
                "remarks":"..."}    a watch is handed over, by a sheet as `trucekeeper.mission.sheet` says; two
                officers of one delegation sign it, whom their certificates name so

The label of a fact or a report holds `owner`, `releasable_to`, `not_before` and `precision` as its row had them, that
of a source what releases it to those for whom its rows are (`taking`). A link, a ruling, a verification or a triage
needs none: it is shown to whoever may see what it names (`naming`). What is of the watch log bears its owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.journal.charter import GOVERNING
from trucekeeper.journal.keys import ROOT
from trucekeeper.journal.statements import Kinds

if TYPE_CHECKING:
    from trucekeeper.journal.statements import Body

AGREEMENT, FACT, TEXT = "agreement", "fact", "text"
REPORT, SOURCE, RULING, LINK, MODEL, VERIFY = "report", "source", "ruling", "link", "model", "verify"
TRIAGE = "triage"
NAMED = (FACT, REPORT)
"""What has a name and revisions, a label of its own, and leaves something behind when it is redacted."""
DECIDED = (SOURCE, RULING, LINK, MODEL, VERIFY, TRIAGE)
"""What people decide about reports."""
NOTE, HANDOVER = "note", "handover"
LOGGED = (NOTE, HANDOVER)
"""What stands in a delegation's watch log."""
TELLERS = (
    *("analyst", "chair", "delegate", "delegation_head", "guarantor", "liaison", "mediator", "monitor"),
    *("protection_officer", "watch_officer"),
)
LOGGERS = ("analyst", "watch_officer")
DECIDERS = (ROOT, "analyst", "chair", "watch_officer")
KINDS = Kinds(
    {**GOVERNING, **dict.fromkeys((AGREEMENT, *NAMED, *DECIDED, *LOGGED, TEXT), ())},
    lasting=frozenset({*GOVERNING, AGREEMENT}),
    roles={
        AGREEMENT: (ROOT, "chair"),
        **dict.fromkeys(NAMED, TELLERS),
        **dict.fromkeys(DECIDED, DECIDERS),
        **dict.fromkeys(LOGGED, LOGGERS),
        TEXT: (ROOT, *TELLERS),
    },
    joint={HANDOVER: ("out", "in")},
)
LABEL = ("owner", "releasable_to", "not_before", "precision")
"""The columns of a fact's row that are its statement's label."""


def parted(row: Body) -> tuple[Body, Body]:
    """Return a fact's row without its label, and the label."""
    return (
        {name: value for name, value in row.items() if name not in LABEL},
        {name: value for name, value in row.items() if name in LABEL},
    )
