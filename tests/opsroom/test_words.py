"""The words of the pages: each has its Arabic, which says the same values."""

from __future__ import annotations

import re
from ast import literal_eval
from pathlib import Path

import pytest
from django.utils import translation

import trucekeeper.opsroom
from trucekeeper.opsroom.people.models import ROLE_NAMES
from trucekeeper.opsroom.rights import ROLES
from trucekeeper.opsroom.screens.sheets import length
from trucekeeper.opsroom.screens.words import LIFECYCLES, point
from trucekeeper.terms import Lifecycle

ROOM = Path(trucekeeper.opsroom.__file__).parent
_VALUE = re.compile(r"%\((\w+)\)s")


def in_templates() -> set[str]:
    """Return what the templates say."""
    found = set[str]()
    for file in ROOM.glob("templates/**/*.html"):
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r"""{% translate ["']([^"']*(?:'[^"]*)?)["'] %}""", text))
        for said in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL):
            found |= {re.sub(r"{{ *(\w+) *}}", r"%(\1)s", one) for one in said.split("{% plural %}")[:1]}
    return found


def in_code() -> set[str]:
    """Return what the code says."""
    found = set[str]()
    for file in ROOM.glob("**/*.py"):
        for said in re.findall(
            r"""\b(?:_|gettext_lazy)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)""", file.read_text(encoding="utf-8")
        ):
            found.add(str(literal_eval(f"({said})")))
    return found


@pytest.mark.parametrize("said", sorted(in_templates() | in_code()))
def test_what_a_page_says_has_its_arabic(said: str) -> None:
    with translation.override("ar"):
        arabic = (
            translation.ngettext(said, "-", 11)
            if said in {"%(n)s report", "%(n)s origin"}
            else translation.gettext(said)
        )

    assert re.search("[\u0600-\u06ff]", arabic), f"add it to locale/ar: {said}"
    assert set(_VALUE.findall(arabic)) == set(_VALUE.findall(said))


def test_every_role_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(ROLES)


def test_every_lifecycle_has_a_word() -> None:
    assert set(LIFECYCLES) == {one.value for one in Lifecycle}


def test_a_point_is_read_latitude_first_in_arabic_too() -> None:
    with translation.override("ar"):
        said = point(152_000, -299_792_000, 500)

    assert "\N{LEFT-TO-RIGHT ISOLATE}0.0152, -29.9792\N{POP DIRECTIONAL ISOLATE}" in said


def test_a_length_of_time_reads_in_the_direction_of_its_words() -> None:
    with translation.override("ar"):
        assert length(600).startswith("\N{FIRST STRONG ISOLATE}")
