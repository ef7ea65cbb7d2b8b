"""Who may do what: one table of roles, one of pages, and nothing is open that neither names.

A page that is not listed answers to nobody. What a page may show is another question, and has one answer for all
pages: what follows from what may be released to the reader's delegation (`trucekeeper.mission.looking`).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Right(Enum):
    """What a role allows."""

    ANYBODY = "come to the door"
    ACCOUNT = "mind one's own account"
    SEE = "see what may be released to one's delegation"
    EVIDENCE = "see originals: a photo shows a place"
    REPORT = "enter reports, notifications and evidence"
    TRIAGE = "accept, join, part and set aside reports, and rule on words"
    LOG = "write and sign the watch log"
    PEOPLE = "make accounts, and close them"
    AUDIT = "see who of one's delegation was handed originals, and who looked at what is not for all"


_READS = frozenset({Right.ANYBODY, Right.ACCOUNT, Right.SEE, Right.EVIDENCE})
_TELLS = _READS | {Right.REPORT}
_WATCHES = _TELLS | {Right.TRIAGE, Right.LOG}
ROLES: Mapping[str, frozenset[Right]] = {
    "watch_officer": _WATCHES,
    "analyst": _WATCHES,
    "delegation_head": _TELLS,
    "liaison": _TELLS - {Right.EVIDENCE},
    "guarantor": _TELLS,
    "mediator": _TELLS,
    "protection_officer": _TELLS | {Right.AUDIT},
    "auditor": _READS | {Right.AUDIT},
    "administrator": frozenset({Right.ANYBODY, Right.ACCOUNT, Right.PEOPLE}),
}
"""What each role allows; an administrator sees no content, and an auditor enters nothing."""
COARSE = frozenset({"liaison"})
"""Who sees positions late and on a grid: what he sees may not direct fire."""

DOOR = (
    *("account_login", "account_logout", "account_inactive", "account_reauthenticate"),
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_login_webauthn"),
    *("invited", "lang", "health"),
)
OWN = (
    *("home", "sessions", "end_session"),
    *("account_change_password", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
)
PAGES: Mapping[str, Right] = {
    **dict.fromkeys(DOOR, Right.ANYBODY),
    **dict.fromkeys(OWN, Right.ACCOUNT),
    "now": Right.SEE,
    "incidents": Right.SEE,
    "points": Right.SEE,
    "zones": Right.SEE,
    "watched": Right.SEE,
    "changes": Right.SEE,
    "agreement": Right.SEE,
    "text": Right.SEE,
    "commitments": Right.SEE,
    "why": Right.SEE,
    "incident": Right.SEE,
    "verify": Right.TRIAGE,
    "evidence": Right.EVIDENCE,
    "original": Right.EVIDENCE,
    "correct": Right.REPORT,
    "retract": Right.REPORT,
    "record": Right.SEE,
    "proof": Right.SEE,
    "bundle": Right.SEE,
    "report": Right.REPORT,
    "notification": Right.REPORT,
    "watch": Right.LOG,
    "note": Right.LOG,
    "hand_over": Right.LOG,
    "handing": Right.LOG,
    "take_over": Right.LOG,
    "withdraw": Right.LOG,
    "handed_over": Right.LOG,
    "tallies": Right.SEE,
    "triage": Right.TRIAGE,
    "compare": Right.TRIAGE,
    "sources": Right.SEE,
    "audit": Right.AUDIT,
    "people": Right.PEOPLE,
    "invite": Right.PEOPLE,
    "again": Right.PEOPLE,
    "end_all": Right.PEOPLE,
    "close": Right.PEOPLE,
}
"""Which right opens each page, by the name of its URL."""


def rights_of(role: str) -> frozenset[Right]:
    """Return what a role allows: one that is not known, nothing."""
    return ROLES.get(role, frozenset())
