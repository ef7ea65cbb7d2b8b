"""The forms that we ship, as workbooks (XLSForm) for ODK Collect, KoboToolbox and Central.

A form is written in YAML, `forms/NAME.yaml`; what all share in `forms/shared.yaml`, taken in with `use:`. The
workbook is made on demand, with the mission's own zones, actors and tallies as lists to choose from:

    workbook("spot-report", {"zones": {"valley": "The Valley"}, "actors": {"north": "North"}})
    workbook("spot-report", lists_of(agreement))

A question of type `mission zones` is then a choice, and a text where the list is not given. The same form and lists
give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

from trucekeeper.agreement.language import Quota, Tally
from trucekeeper.agreement.yaml_text import read_yaml
from trucekeeper.intake.odk.submissions import MARK
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trucekeeper.agreement.agreement import Agreement

FORMS = ("patrol", "spot-report", "access-denial", "complaint", "count")
LANGUAGES = {"en": "English (en)", "ar": "Arabic (ar)"}
MISSION = "mission "
"""So begins the type of a question whose answers a mission gives: its zones, actors, tallies."""
_COLUMNS = ("type", "name", "required", "relevant", "constraint", "calculation", "appearance", "parameters")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can say
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")

Question: TypeAlias = "Mapping[str, str]"
Lists: TypeAlias = "Mapping[str, Mapping[str, str]]"


def workbook(name: str, lists: Lists | None = None) -> bytes:
    """Return the workbook of one of our forms. Raises Refused for no form of ours, or without openpyxl."""
    form = _form(name)
    given = {key: one for key, one in (lists or {}).items() if one}
    questions = [*questions_of(name, given), _marking(form)]
    return _written(
        {
            "survey": [_survey_head(), *(_survey_row(one) for one in questions)],
            "choices": [["list_name", "name", *_labels("label")], *_choices(questions, given)],
            "settings": [
                ["form_title", "form_id", "version", "default_language"],
                [f"{form['title']['en']} | {form['title']['ar']}", form["form"], form["version"], LANGUAGES["en"]],
            ],
        }
    )


def lists_of(agreement: Agreement) -> Lists:
    """Return the lists that an agreement gives to forms: its zones and lines, its actors, and what it counts."""
    drawn = [*agreement.atlas.zones(), *agreement.atlas.lines()]
    head = agreement.head
    named = {name: one.name for name, one in head.parties.items()} | {
        name: one.name for name, one in head.actors.items()
    }
    counts = [
        one for history in agreement.clauses.values() for one in history.all() if isinstance(one, (Tally, Quota))
    ]
    return {
        "zones": {one.id: one.title for one in sorted(drawn, key=lambda one: one.id)},
        "actors": {name: said or name for name, said in named.items()},
        "tallies": {one.claims or one.id: one.gloss for one in counts},
    }


def questions_of(name: str, lists: Lists | None = None) -> list[Question]:
    """Return the questions of a form in their order. Raises Refused for no form of ours."""
    return [_settled(one, lists or {}) for one in _spread(_form(name)["questions"])]


def _form(name: str) -> Any:  # noqa: ANN401  plain YAML
    if name not in FORMS:
        raise Refused([Fault("FORM", 0, 0, f"there is no form '{name[:60]}'", suggestion(name, FORMS))])
    return _yaml(name)


@cache
def _yaml(name: str) -> Any:  # noqa: ANN401  plain YAML
    text = files("trucekeeper.intake.odk").joinpath(f"forms/{name}.yaml").read_text(encoding="utf-8")
    return read_yaml(text, f"{name}.yaml").data


def _spread(questions: list[Any]) -> Iterator[Question]:
    for one in questions:
        if "use" in one:
            yield from _spread(_yaml("shared")[one["use"]])
        else:
            yield one


def _settled(question: Question, lists: Lists) -> Question:
    """Return a question with a mission's list, or as a text where it gives none."""
    wanted = question["type"].removeprefix(MISSION)
    if wanted == question["type"]:
        return {"name": "", **question}
    return {**question, "type": f"select_one {wanted}" if wanted in lists else "text"}


def _marking(form: Mapping[str, Any]) -> Question:
    return {"type": "calculate", "name": MARK, "calculation": f"'{form['form']}'"}


def _labels(column: str) -> list[str]:
    return [f"{column}::{one}" for one in LANGUAGES.values()]


def _survey_head() -> list[str]:
    return [*_COLUMNS, *_labels("label"), *_labels("hint"), *_labels("constraint_message")]


def _survey_row(question: Question) -> list[str]:
    own = [question.get(column, "") for column in _COLUMNS]
    told = [question.get(one, "") for one in LANGUAGES] + [question.get(f"{one}_hint", "") for one in LANGUAGES]
    messages = _MESSAGES if "constraint" in question else ["", ""]
    return [*own, *told, *messages]


_MESSAGES = ["This cannot be: look at it again.", "لا يمكن أن يكون هذا: راجعه."]


def _choices(questions: list[Question], lists: Lists) -> Iterator[list[str]]:
    """Yield the choices of those lists that the form uses, ours and the mission's."""
    used = dict.fromkeys(one["type"].partition(" ")[2] for one in questions if one["type"].startswith("select"))
    for name in used:
        if name in lists:
            yield from ([name, key, *([said] * len(LANGUAGES))] for key, said in lists[name].items())
        else:
            yield from (
                [name, one["name"], *(one[key] for key in LANGUAGES)] for one in _yaml("shared")["lists"][name]
            )


def _written(sheets: Mapping[str, list[list[str]]]) -> bytes:
    """Return a workbook whose bytes hang on what it says alone. Raises Refused without openpyxl."""
    try:
        from openpyxl import Workbook  # noqa: PLC0415  an extra: only who writes forms needs it
    except ImportError:
        remedy = "pip install 'trucekeeper[field]'"
        raise Refused(
            [Fault("FORM", 0, 0, "a workbook is written with openpyxl, which is not there", remedy)]
        ) from None
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([cell or None for cell in row])
    made = io.BytesIO()
    book.save(made)
    return _timeless(made.getvalue())


def _timeless(workbook: bytes) -> bytes:
    """Return a workbook without the time at which it was written."""
    timeless = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", old.read(name)))
    return timeless.getvalue()
