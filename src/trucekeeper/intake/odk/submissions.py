"""Submissions: what one filled form says, whichever way it was handed over.

The same submission reads alike as OpenRosa XML, as an object of Kobo's JSON and as a row of Central's CSV: answers by
the path of their question (`report/when`), repeated groups apart. What names a device or a person is left behind
here, before anything else is done: see `PROTECTED`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucekeeper.agreement.rows import Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from trucekeeper.intake.elements import Element

MARK = "trucekeeper_form"
"""The hidden question by which our own forms are known, whatever a server calls them."""

PROTECTED = re.compile(
    r"(?:^|[_-])(?:device_?id|imei|sim_?serial|subscriber_?id|device_?phone_?num|phone|phone_?num(?:ber)?|telephone"
    r"|mobile|msisdn|whatsapp|e_?mail|user_?name|login|enumerator|interviewer|collector|submitter|submitter_?(?:id|name)"
    r"|submitted_by|respondent|witness|(?:first|last|full|family|given|sur)_?name|contact|address|signature"
    r"|instance_?name|audit|background[_-]audio)(?:$|[_\-0-9])|^(?:my_|your_)?names?$",
    re.IGNORECASE,
)
"""Questions whose answers are never kept, by the last part of their name: devices, telephones, accounts, persons."""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers by the path of their question, and groups that were filled several times by theirs."""

    answers: Mapping[str, str]
    repeats: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """Return the answer to a question by its path, or by its last part if only one path has it; "" if none."""
        paths = self.paths(name)
        return self.answers[paths[0]] if len(paths) == 1 else ""

    def paths(self, name: str) -> list[str]:
        """Return the paths that a question's name may mean."""
        return [name] if name in self.answers else [path for path in self.answers if path.endswith(f"/{name}")]

    def filled(self, name: str) -> tuple[str, tuple[Group, ...]]:
        """Return the path of a group by it or its last part, and how it was filled each time."""
        found = ((path, one) for path, one in self.repeats.items() if path == name or path.endswith(f"/{name}"))
        return next(found, (name, ()))

    def plain(self, protected: Collection[str], of: str = "", only: Group | None = None) -> dict[str, object]:
        """Return all answers but the protected ones, as JSON has them; of the group `of`, `only` one filling."""
        answers = {path: text for path, text in self.answers.items() if text and not kept_back(path, protected)}
        several = {
            path: [one.plain(protected) for one in groups if only is None or path != of or one is only]
            for path, groups in self.repeats.items()
        }
        return {**answers, **several}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One filled form. `name` is that of this version, `formerly` the version that it replaces, `root` the first one.

    `written` is when it was sent, as far as the file says; `own` which of our forms it is.
    """

    where: Where
    form: str
    name: str
    formerly: str = ""
    root: str = ""
    written: str = ""
    own: str = ""
    group: Group

    def original(self, protected: Collection[str], of: str = "", only: Group | None = None) -> str:
        """Return its answers word for word as canonical text, without what is protected; see `Group.plain`."""
        said = self.group.plain(protected, of, only)
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def kept_back(path: str, protected: Collection[str]) -> bool:
    """Return whether an answer is never kept: by its name, or because its form declares it."""
    last = path.rpartition("/")[2]
    return bool(PROTECTED.search(last)) or last in protected or path in protected


def plain_name(text: str) -> str:
    """Return the name of a submission without `uuid:`."""
    return text.strip().removeprefix("uuid:").strip("{}")


# ---- OpenRosa XML --------------------------------------------------------------------------------------------------


def of_element(root: Element, file: str, repeated: frozenset[str]) -> Submission | None:
    """Return the submission that an XML document is, None if it has no name of its own.

    `repeated` are groups that may be filled several times: filled once, XML does not tell them from others.
    """
    meta = root.child("meta")
    named = {one.name: one.text for one in (meta.children if meta else [])}
    name = plain_name(named.get("instanceID") or root.attributes.get("instanceID", ""))
    if not name:
        return None
    answers: dict[str, str] = {}
    repeats: dict[str, tuple[Group, ...]] = {}
    _Filling(repeated).fill(root, "", answers, repeats)
    group = Group(answers, repeats)
    return Submission(
        where=Where(file, root.line),
        form=root.attributes.get("id", "") or root.name,
        name=name,
        formerly=plain_name(named.get("deprecatedID", "")),
        root=plain_name(named.get("rootUuid", "")),
        written=root.attributes.get("submissionDate", ""),
        own=group.said(MARK),
        group=group,
    )


@dataclass(frozen=True, slots=True)
class _Filling:
    """Takes the answers of an element by their paths."""

    repeated: frozenset[str]

    def fill(self, above: Element, path: str, answers: dict[str, str], repeats: dict[str, tuple[Group, ...]]) -> None:
        """Put in the answers below an element: a name that comes twice is a group filled twice."""
        often = Counter(one.name for one in above.children if one.children)
        for one in above.children:
            here = f"{path}{one.name}"
            if not path and one.name == "meta":
                continue
            if not one.children:
                answers[here] = one.text
            elif often[one.name] > 1 or one.name in self.repeated:
                within: dict[str, str] = {}
                deeper: dict[str, tuple[Group, ...]] = {}
                self.fill(one, "", within, deeper)
                repeats[here] = (*repeats.get(here, ()), Group(within, deeper))
            else:
                self.fill(one, f"{here}/", answers, repeats)


# ---- Kobo JSON -----------------------------------------------------------------------------------------------------


def of_object(said: Mapping[str, object], file: str, number: int) -> Submission | None:
    """Return the submission that an object of Kobo's JSON is, None if it has no name of its own."""
    plain = {key: str(value) for key, value in said.items() if isinstance(value, str)}
    name = next((plain[key] for key in ("meta/instanceID", "_uuid", "instanceID") if plain.get(key)), "")
    if not name:
        return None
    group = _of_json(said)
    return Submission(
        where=Where(file, number),
        form=plain.get("_xform_id_string", ""),
        name=plain_name(name),
        formerly=plain_name(plain.get("meta/deprecatedID", "")),
        root=plain_name(plain.get("meta/rootUuid", "")),
        written=_utc(plain.get("_submission_time", "")),
        own=group.said(MARK),
        group=group,
    )


def _utc(text: str) -> str:
    """Return Kobo's time of submission, which is in UTC and does not say so."""
    return f"{text}Z" if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", text) else text


def _of_json(said: Mapping[str, object], above: str = "") -> Group:
    answers: dict[str, str] = {}
    repeats: dict[str, tuple[Group, ...]] = {}
    for key, value in said.items():
        path = key.removeprefix(above)
        if path.startswith(("_", "meta/", "formhub/")):
            continue
        if isinstance(value, list):
            repeats[path] = tuple(_of_json(one, f"{key}/") for one in value if isinstance(one, dict))
        elif isinstance(value, dict):
            answers.update({f"{path}/{deep}": text for deep, text in _of_json(value).answers.items()})
        elif value is not None:
            answers[path] = str(value)
    return Group(answers, repeats)


# ---- Central's CSV -------------------------------------------------------------------------------------------------

_PARTS = ("Latitude", "Longitude", "Altitude", "Accuracy")


def of_row(
    row: Mapping[str, str], place: Where, form: str, repeats: Mapping[str, tuple[Group, ...]]
) -> Submission | None:
    """Return the submission that a row of Central's CSV is, None if it has no KEY."""
    name = plain_name(row.get("KEY", ""))
    if not name:
        return None
    group = Group(csv_answers(row), repeats)
    return Submission(
        where=place, form=form, name=name, written=row.get("SubmissionDate", ""), own=group.said(MARK), group=group
    )


_CENTRAL = frozenset(
    {
        *("KEY", "PARENT_KEY", "SubmissionDate", "SubmitterID", "SubmitterName", "AttachmentsPresent"),
        *("AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "instanceID"),
    }
)


def csv_answers(row: Mapping[str, str]) -> dict[str, str]:
    """Return the answers of a row by their paths; a point that was taken apart is put together again."""
    answers: dict[str, str] = {}
    for column, text in row.items():
        base, _, part = column.rpartition("-")
        if column in _CENTRAL or column.startswith("meta-") or part in _PARTS[1:]:
            continue
        if part == _PARTS[0]:
            lat, lon, *rest = (row.get(f"{base}-{one}", "").strip() for one in _PARTS)
            answers[base.replace("-", "/")] = (
                " ".join([lat, lon, *(one or "0" for one in rest)]) if lat or lon else ""
            )
        else:
            answers[column.replace("-", "/")] = text
    return answers


def objects_of(found: object) -> Iterator[Mapping[str, object]]:
    """Return the objects of an export: a list of them, an object that lists them as `results`, or one alone."""
    if isinstance(found, dict) and isinstance(found.get("results"), list):
        found = found["results"]
    for one in found if isinstance(found, list) else [found]:
        yield one if isinstance(one, dict) else {}
