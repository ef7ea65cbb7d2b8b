"""YAML and zones into an Agreement, or all their faults at once.

    agreement: valoria-2031            # id, title, time zone, parties, actors, texts: the head
    readings:  {clock: {a: from approval, b: from signature, adopted: none}}
    events:    {approval: {shown_by: {fact: declaration}}}
    clauses:   [{id: halt, kind: prohibit, cite: art. 1, gloss: .., by: [north, south], act: {fact: attack}}]
    amendments: [{id: .., cite: .., adopted: .., effective: .., effect_on_past: unstated, clauses: [{id: halt, ..}]}]

An amendment's clause names the clause it changes by id and gives only the keys that change (null takes a key away);
a new id is a new clause.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trucekeeper.agreement.agreement import (
    Agreement,
    ClauseHistory,
    ClauseVersion,
    Variants,
    assignments,
)
from trucekeeper.agreement.checks import check_agreement
from trucekeeper.agreement.choices import (
    Sourced,
    chosen,
    merged,
    obligor_choices,
    reading_choices,
    readings_in,
    sourced,
)
from trucekeeper.agreement.language import AmendmentHead, AnyClause, Event, Head, NewKind, Reading
from trucekeeper.agreement.phrases import WhenPhrase, anchors
from trucekeeper.agreement.validation import validated
from trucekeeper.agreement.yaml_text import Located, Path, read_yaml
from trucekeeper.geo import Atlas
from trucekeeper.terms import BASE_VOCABULARY, Fault, FieldType, Kind, Nature, Refused, Vocabulary
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucekeeper.agreement.phrases import When

SECTIONS = ("readings", "events", "clauses", "amendments")
MOST_READINGS_AT_ONCE = 64
"""More ways to read one clause than this could not be shown side by side, nor meant."""


def load_agreement(text: str, file: str, atlas: Atlas | None = None) -> Agreement:
    """Return the agreement that a YAML text and its zones give. Raises Refused with every fault found."""
    located = read_yaml(text, file)
    if not isinstance(located.data, dict):
        raise Refused([located.fault((), "an agreement is a mapping", "begin with 'agreement: <id>'")])
    loader = _Loader(located, Atlas() if atlas is None else atlas)
    agreement = loader.load(hashlib.sha256(text.encode()).hexdigest())
    if loader.faults or agreement is None:
        raise Refused(sorted(set(loader.faults)))
    return agreement


@dataclass
class _Loader:
    located: Located
    atlas: Atlas
    faults: list[Fault] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    origins: dict[tuple[str, int], Sourced] = field(default_factory=dict)

    def load(self, digest: str) -> Agreement | None:
        head = self._head()
        self.readings = self._readings()
        events = {name: self._event(name) for name in self._section("events", dict)}
        in_force = self._in_force()
        amendments = self._amendments()
        clauses = self._clauses(amendments)
        if head is None or self.faults:
            return None
        agreement = Agreement(
            head=head,
            readings=self.readings,
            events={name: event for name, event in events.items() if event is not None},
            in_force=in_force,
            clauses=clauses,
            amendments=amendments,
            atlas=self.atlas,
            vocabulary=self._vocabulary(head.vocabulary),
            digest=digest,
        )
        self.faults += check_agreement(agreement, self._locate)
        return agreement

    def _fault(self, path: Path, what: str, remedy: str = "") -> None:
        self.faults.append(self.located.fault(path, what, remedy))

    def _locate(self, section: str, name: str, version: int, path: Path, what: str, remedy: str) -> Fault:
        """Return a fault found in a clause (or event) at a path of its own, at its line in the file."""
        if section == "clauses":
            return self.located.fault(self.origins[name, version].origin(path), what, remedy)
        return self.located.fault((section, name, *path), what, remedy)

    def _section(self, name: str, kind: type[dict[str, Any] | list[Any]]) -> Any:
        value = self.located.data.get(name)
        if value is None:
            return kind()
        if not isinstance(value, kind):
            self._fault((name,), f"'{name}' is not a " + ("mapping" if kind is dict else "list"))
            return kind()
        return value

    def _head(self) -> Head | None:
        data = {key: value for key, value in self.located.data.items() if key not in (*SECTIONS, "in_force")}
        known = [*Head.__dataclass_fields__, *SECTIONS]
        for key in list(data):
            if key not in known:
                self._fault((key,), f"'{key}' is not known here", suggestion(key, known))
                del data[key]
        head = validated(Head, sourced(data, ()), self.located, self.faults)
        if head is not None:
            try:
                ZoneInfo(head.time_zone)
            except (ZoneInfoNotFoundError, ValueError):
                self._fault(("time_zone",), f"'{head.time_zone}' is no IANA time zone", "write one like Asia/Beirut")
        if "clauses" not in self.located.data:
            self._fault((), "the agreement has no clauses", "add 'clauses:' with at least one clause")
        return head

    def _readings(self) -> dict[str, Reading]:
        found: dict[str, Reading] = {}
        for name, raw in self._section("readings", dict).items():
            path: Path = ("readings", name)
            if not isinstance(raw, dict):
                self._fault(path, f"reading '{name}' is not a mapping", "write {a: .., b: .., adopted: none}")
                continue
            options = {key: value for key, value in raw.items() if key not in ("adopted", "cite")}
            source = Sourced(
                {"options": options, **{key: raw[key] for key in ("adopted", "cite") if key in raw}},
                {
                    (): path,
                    **{("options", key): (*path, key) for key in options},
                    ("adopted",): (*path, "adopted"),
                },
            )
            reading = validated(Reading, source, self.located, self.faults)
            if reading is None:
                continue
            if len(options) < 2:  # noqa: PLR2004  one way to read a text is not an ambiguity
                self._fault(path, f"reading '{name}' has fewer than two options", "give each way to read the text")
            if reading.adopted not in (*options, "none"):
                self._fault(
                    (*path, "adopted"),
                    f"'{reading.adopted}' is not an option",
                    suggestion(reading.adopted, [*options, "none"]),
                )
            found[name] = reading
        return found

    def _axes(self, source: Sourced) -> tuple[str, ...]:
        """Return the readings that a value depends on; a fault for an unknown one, or an option not given."""
        for path, choice in reading_choices(source.data):
            where = source.origin(path)
            name = choice["reading"]
            if name not in self.readings:
                self._fault(
                    (*where, "reading"),
                    f"reading '{name}' is not declared",
                    suggestion(str(name), self.readings),
                )
                continue
            wanted, given = set(self.readings[name].options), set(choice) - {"reading"}
            for option in sorted(wanted - given):
                self._fault(where, f"the option '{option}' of reading '{name}' has no value here", f"add '{option}:'")
            for option in sorted(given - wanted):
                self._fault(
                    (*where, option),
                    f"'{option}' is no option of reading '{name}'",
                    suggestion(option, wanted),
                )
        axes = tuple(sorted(readings_in(source.data) & set(self.readings)))
        ways = 1
        for axis in axes:
            ways *= len(self.readings[axis].options)
        if ways > MOST_READINGS_AT_ONCE:
            self._fault(source.origin(()), f"{ways} ways to read one clause", "split the clause")
            return ()
        return axes

    def _variants(self, kind: Any, source: Sourced) -> Variants[Any] | None:
        before = len(self.faults)
        axes = self._axes(source)
        if len(self.faults) > before:
            return None
        values = {
            way: validated(kind, chosen(source, dict(way), ""), self.located, self.faults)
            for way in assignments(self.readings, axes)
        }
        return None if len(self.faults) > before else Variants(axes, values)

    def _event(self, name: str) -> Variants[Event] | None:
        return self._variants(Event, sourced(self.located.data["events"][name], ("events", name)))

    def _in_force(self) -> Variants[When | None]:
        raw = self.located.data.get("in_force")
        if raw is None:
            return Variants((), {(): None})
        return self._variants(WhenPhrase, sourced(raw, ("in_force",))) or Variants((), {(): None})

    def _amendments(self) -> dict[str, AmendmentHead]:
        found: dict[str, AmendmentHead] = {}
        for index, raw in enumerate(self._section("amendments", list)):
            path: Path = ("amendments", index)
            if not isinstance(raw, dict):
                self._fault(path, "an amendment is a mapping")
                continue
            head = {key: value for key, value in raw.items() if key != "clauses"}
            amendment = validated(AmendmentHead, sourced(head, path), self.located, self.faults)
            if amendment is None:
                continue
            for name in ("adopted", "effective"):
                if anchors(getattr(amendment, name)):
                    self._fault((*path, name), f"'{name}' names an event", "give the date of the decision itself")
            if amendment.id in found:
                self._fault((*path, "id"), f"there are two amendments '{amendment.id}'", "give each its own id")
            for name, option in amendment.adopts.items():
                if name not in self.readings or option not in self.readings[name].options:
                    self._fault(
                        (*path, "adopts", name),
                        f"'{name}: {option}' is no reading and option",
                        suggestion(name, self.readings),
                    )
            found[amendment.id] = amendment
        return found

    def _clauses(self, amendments: Mapping[str, AmendmentHead]) -> dict[str, ClauseHistory]:
        raw: dict[str, list[tuple[str | None, Sourced | None]]] = {}
        self._take_in(raw, None, "clauses", self._section("clauses", list), ("clauses",))
        for index, entry in enumerate(self._section("amendments", list)):
            if not isinstance(entry, dict) or entry.get("id") not in amendments:
                continue
            amendment = amendments[entry["id"]]
            for name in amendment.removes:
                if name not in raw:
                    self._fault(
                        ("amendments", index, "removes"),
                        f"there is no clause '{name}'",
                        suggestion(name, raw),
                    )
                else:
                    raw[name].append((amendment.id, None))
            patches = entry.get("clauses") or []
            if isinstance(patches, list):
                self._take_in(raw, amendment.id, "changes", patches, ("amendments", index, "clauses"))
        return {name: ClauseHistory(name, self._versions(name, history)) for name, history in raw.items()}

    def _take_in(
        self,
        raw: dict[str, list[tuple[str | None, Sourced | None]]],
        amendment: str | None,
        what: str,
        clauses: list[Any],
        at: Path,
    ) -> None:
        ids = Counter(clause.get("id") for clause in clauses if isinstance(clause, dict))
        for index, clause in enumerate(clauses):
            path: Path = (*at, index)
            name = clause.get("id") if isinstance(clause, dict) else None
            if not isinstance(name, str):
                self._fault(
                    path,
                    "a clause is a mapping with an 'id' that is text",
                    "add 'id: <name>', in quotes if it is a number",
                )
                continue
            if ids[name] > 1:
                self._fault((*path, "id"), f"there are {ids[name]} {what} of '{name}'", "give each clause its own id")
            earlier = next((one for _, one in reversed(raw.get(name, [])) if one is not None), None)
            source = sourced(clause, path)
            raw.setdefault(name, []).append((amendment, source if earlier is None else merged(earlier, source)))

    def _versions(self, name: str, history: list[tuple[str | None, Sourced | None]]) -> tuple[ClauseVersion, ...]:
        versions: list[ClauseVersion] = []
        for index, (amendment, source) in enumerate(history):
            wordings = None if source is None else self._wordings(source)
            if source is not None:
                self.origins[name, index] = source
            versions.append(ClauseVersion(amendment, wordings))
        return tuple(versions)

    def _wordings(self, source: Sourced) -> Variants[Mapping[str, AnyClause]] | None:
        before = len(self.faults)
        axes = self._axes(source)
        if len(self.faults) > before:
            return None
        values: dict[Any, Mapping[str, AnyClause]] = {}
        for way in assignments(self.readings, axes):
            one = chosen(source, dict(way), "")
            obligors = self._obligors(one)
            wordings = {
                obligor: validated(AnyClause, chosen(one, {}, obligor), self.located, self.faults)
                for obligor in obligors
            }
            values[way] = cast("Mapping[str, AnyClause]", wordings)
        return None if len(self.faults) > before else Variants(axes, values)

    def _obligors(self, source: Sourced) -> list[str]:
        """Return the parties for whom a clause says different things; one empty name where it says the same for all."""
        choices = obligor_choices(source.data)
        if not choices:
            return [""]
        by = source.data.get("by")
        named = (
            [by]
            if isinstance(by, str)
            else [one for one in by if isinstance(one, str)]
            if isinstance(by, list)
            else []
        )
        for path, choice in choices:
            for name in sorted(set(named) ^ set(choice)):
                self._fault(
                    source.origin(path),
                    f"'{name}' is not both in 'by' and among these",
                    "name every party bound, and nobody else",
                )
        return named or [""]

    def _vocabulary(self, new: Mapping[str, NewKind]) -> Vocabulary:
        kinds: dict[str, Kind] = {}
        for name, kind in new.items():
            path: Path = ("vocabulary", name)
            parent = kinds.get(kind.is_ or "") or BASE_VOCABULARY.kinds.get(kind.is_ or "")
            if name in BASE_VOCABULARY:
                self._fault(path, f"'{name}' is already a kind of fact", "choose another name")
            if kind.is_ is not None and parent is None:
                self._fault(
                    (*path, "is"),
                    f"'{kind.is_}' is no kind of fact declared before",
                    suggestion(kind.is_, [*BASE_VOCABULARY.kinds, *kinds]),
                )
            nature = parent.nature if parent is not None else Nature(kind.nature or "event")
            fields = tuple((key, FieldType(value)) for key, value in kind.fields.items())
            kinds[name] = Kind(name, kind.says, nature, kind.is_, fields)
        return BASE_VOCABULARY.extended(kinds)
