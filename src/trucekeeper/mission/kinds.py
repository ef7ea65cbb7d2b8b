"""The kinds of statement that a mission's record holds, each in the versions that it ever had.

    found, key.certify, key.revoke, seal, object, redact    as `journal` says: they govern the record
    agreement   {"files":{"agreement.yaml":"<sha256>","zones.geojson":"<sha256>"},"digest":"<hex>","replaces":"<hex>"}
                the agreement from here on; `digest` as every standing names it, `replaces` the one before it or ""
    fact        {"id":"r-17","rev":1,"kind":"shelling",...}    a row of the facts format, its label apart
    text        {"name":"protocol","language":"en","file":"protocol.en.txt","sha256":"<hex>","bytes":51234}
                a text of the deal in one language, word for word, kept as evidence

The label of a fact holds `owner`, `releasable_to`, `not_before` and `precision` as its row had them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.journal.charter import GOVERNING
from trucekeeper.journal.keys import ROOT
from trucekeeper.journal.statements import Kinds

if TYPE_CHECKING:
    from trucekeeper.journal.statements import Body

AGREEMENT, FACT, TEXT = "agreement", "fact", "text"
TELLERS = ("analyst", "chair", "delegate", "delegation_head", "monitor", "protection_officer")
KINDS = Kinds(
    {**GOVERNING, AGREEMENT: (), FACT: (), TEXT: ()},
    lasting=frozenset({*GOVERNING, AGREEMENT}),
    roles={AGREEMENT: (ROOT, "chair"), FACT: TELLERS, TEXT: (ROOT, *TELLERS)},
)
LABEL = ("owner", "releasable_to", "not_before", "precision")
"""The columns of a fact's row that are its statement's label."""


def parted(row: Body) -> tuple[Body, Body]:
    """Return a fact's row without its label, and the label."""
    return (
        {name: value for name, value in row.items() if name not in LABEL},
        {name: value for name, value in row.items() if name in LABEL},
    )
