"""Uploads: the files that somebody hands in with a report, held to what is taken, and kept before it is said.

An original without a statement that names it does no harm; a statement without its originals the keeper refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trucekeeper.opsroom import missions
from trucekeeper.opsroom.originals import ENDINGS, MOST_BYTES, MOST_FILES, MOST_TOGETHER, NotTakenError, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from trucekeeper.journal.canonical import Json

LONGEST_NAME = 60
NOT_KEPT = gettext_lazy("None of the files was kept: choose them again.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is taken: its bytes, and what they are."""

    data: bytes
    kind: str


def _too_much() -> str:
    """Return what may be chosen."""
    bounds = {"files": MOST_FILES, "each": filesizeformat(MOST_BYTES), "together": filesizeformat(MOST_TOGETHER)}
    return _("At most %(files)s files, of %(each)s each and %(together)s together.") % bounds


too_much = lazy(_too_much, str)
"""What may be chosen, said in the language of whoever reads it."""


class Chooser(forms.FileInput):
    """Lets several files be chosen, and tells a page how many and how large they may be before they are sent."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        """Offer what is taken."""
        bounds = {"data-files": MOST_FILES, "data-bytes": MOST_BYTES, "data-together": MOST_TOGETHER}
        super().__init__({"accept": ",".join(ENDINGS), **bounds, "data-too-much": too_much()})


class Uploads(forms.FileField):
    """Some files, each of a kind that is taken, and not too large."""

    widget = Chooser

    def clean(self, data: Sequence[UploadedFile[bytes]], initial: object = None) -> tuple[Upload, ...]:  # noqa: ARG002
        """Return the files. Raises ValidationError, with a sentence for each file that is not taken."""
        if len(data) > MOST_FILES or sum(one.size or 0 for one in data) > MOST_TOGETHER:
            raise forms.ValidationError([str(too_much()), str(NOT_KEPT)])
        taken, wrong = list[Upload](), list[str]()
        for one in data:
            try:
                taken.append(_taken(one))
            except NotTakenError as error:
                wrong.append(f"{_named(one)}: {error}")
        if wrong:
            raise forms.ValidationError([*wrong, str(NOT_KEPT)])
        return tuple(taken)


def kept(several: Sequence[Upload], before: Mapping[str, Json]) -> dict[str, Json]:
    """Keep files as they are, and return the columns of a report that name them after those that it had before."""
    found: dict[str, Json] = {}
    for one in several:
        digest = missions.mission().evidence.keep(one.data)
        found[digest] = {"sha256": digest, "bytes": len(one.data), "kind": one.kind}
    had, said = _list(before.get("evidence")), _list(before.get("attached"))
    new = {digest: one for digest, one in found.items() if digest not in had}
    columns: dict[str, Json] = {"evidence": [*had, *new], "attached": [*said, *new.values()]}
    return {name: value for name, value in columns.items() if value}


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


def _taken(one: UploadedFile[bytes]) -> Upload:
    """Return a file that is taken. Raises NotTakenError."""
    if not one.size:
        raise NotTakenError(_("It is empty."))
    if one.size > MOST_BYTES:
        raise NotTakenError(_("It is larger than %(most)s.") % {"most": filesizeformat(MOST_BYTES)})
    data = one.read()
    return Upload(data, kind_of(data))


def _named(one: UploadedFile[bytes]) -> str:
    """Return the name of a file for whoever chose it, and for nobody else: it is kept nowhere."""
    plain = "".join(letter for letter in one.name or "" if letter.isprintable())
    return f"\N{FIRST STRONG ISOLATE}{plain[:LONGEST_NAME]}\N{POP DIRECTIONAL ISOLATE}"
