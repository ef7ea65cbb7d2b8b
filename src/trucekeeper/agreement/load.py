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
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from trucekeeper.agreement.agreement import (
    Agreement,
    ClauseHistory,
    ClauseVersion,
    Variants,
    assignments,
)
from trucekeeper.agreement.checks import Finding, Part, Unread, check_agreement
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
from trucekeeper.agreement.phrases import NAME, UNSTATED, Fixed, WhenPhrase, fixed_moment
from trucekeeper.agreement.rows import Known
from trucekeeper.agreement.validation import said, validated
from trucekeeper.agreement.waiting import IN_FORCE
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


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read of an agreement.

    `agreement` is None if anything in it is faulty; `names`, what facts may speak of, only if those parts are.
    """

    agreement: Agreement | None
    names: Known | None
    faults: tuple[Fault, ...]


def load_agreement(text: str, file: str, atlas: Atlas | None = None) -> Agreement:
    """Return the agreement that a YAML text and its zones give. Raises Refused with every fault found."""
    draft = draft_agreement(text, file, Atlas() if atlas is None else atlas)
    if draft.agreement is None:
        raise Refused(list(draft.faults))
    return draft.agreement


def draft_agreement(text: str, file: str, atlas: Atlas | None) -> Draft:
    """Return what could be read, with every fault. Without an atlas, zones and lines are not looked up."""
    try:
        located = read_yaml(text, file)
    except Refused as refused:
        return Draft(None, None, refused.faults)
    if not isinstance(located.data, dict):
        return Draft(None, None, (located.fault((), "an agreement is a mapping", "begin with 'agreement: <id>'"),))
    loader = _Loader(located, atlas)
    agreement = loader.load(hashlib.sha256(text.encode()).hexdigest())
    faults = tuple(sorted(set(loader.faults)))
    return Draft(None if faults else agreement, loader.names, faults)


@dataclass
class _Loader:
    """Reads one file. `unread` are names that the file declares in a part that is faulty: nobody misses them."""

    located: Located
    atlas: Atlas | None
    names: Known | None = None
    faults: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    readings: dict[str, Reading] = field(default_factory=dict)
    origins: dict[tuple[str, int], Sourced] = field(default_factory=dict)

    def load(self, digest: str) -> Agreement | None:
        """Return as much of the agreement as is good, checked as a whole; None if not even its names are."""
        head = self._head()
        self.readings = self._readings()
        events = {name: self._event(name) for name in self._section("events", dict)}
        in_force = self._in_force()
        amendments = self._amendments()
        clauses = self._clauses(amendments)
        if head is None:
            return None
        agreement = Agreement(
            head=head,
            readings=self.readings,
            events={name: event for name, event in events.items() if event is not None},
            in_force=in_force,
            clauses=clauses,
            amendments=amendments,
            atlas=self.atlas or Atlas(),
            vocabulary=self._vocabulary(head.vocabulary),
            digest=digest,
        )
        self.names = Known.of(agreement)
        unread = Unread(frozenset(self.unread), zones=self.atlas is None)
        self.faults += check_agreement(agreement, self._locate, unread)
        return agreement

    def _fault(self, path: Path, what: str, remedy: str) -> None:
        self.faults.append(self.located.fault(path, what, remedy))

    def _locate(self, part: Part, finding: Finding) -> Fault:
        """Return a fault found in a clause (or another named part) at a path of its own, at its line in the file."""
        (section, name, version), (path, what, remedy) = part, finding
        source = self.origins.get((name, version)) if section == "clauses" else None
        origin = (section, name, *path) if source is None else source.origin(path)
        return self.located.fault(origin, self._with_value(origin, what), remedy)

    def _with_value(self, origin: Path, what: str) -> str:
        """Return a sentence that begins with a key with its value beside it: `'within: 72h' has no trigger`."""
        node, key = self.located.data, f"'{origin[-1]}' "
        if what.startswith(key):
            for step in origin:
                node = (
                    node.get(step) if isinstance(node, dict) else node[int(step)] if isinstance(node, list) else None
                )
        if not isinstance(node, str | int):
            return what
        value = node if isinstance(node, str) else said(node)
        return what.replace(key, f"'{origin[-1]}: {value}' ", 1)

    def _section(self, name: str, kind: type[dict[str, Any] | list[Any]]) -> Any:
        value = self.located.data.get(name)
        if value is None:
            return kind()
        if not isinstance(value, kind):
            wanted = "a mapping of names" if kind is dict else "a list"
            remedy = f"write '{name}:' and below it one 'name: ..' a line" if kind is dict else "begin each with '- '"
            self._fault((name,), f"'{name}' is {said(value)}, where {wanted} is wanted", remedy)
            self.unread |= _words_in(value)
            return kind()
        return value

    def _named(self, section: str, name: str) -> None:
        """Add a fault if what a section declares under this name has a name that nothing could call it by."""
        if not re.fullmatch(NAME, name):
            self._fault((section, name), f"{said(name)} is not a name", "use letters, digits, '-', '_' and '.' only")
        if name in {UNSTATED, IN_FORCE}:
            self._fault((section, name), f"'{name}' is a word of the language", "choose another name")

    def _head(self) -> Head | None:
        """Return the head; if only what nobody refers to is faulty, with that left out."""
        data = {key: value for key, value in self.located.data.items() if key not in (*SECTIONS, "in_force")}
        known = [*Head.__dataclass_fields__, *SECTIONS]
        for key in list(data):
            if key not in known:
                self._fault((key,), f"{said(key)} is not known here", suggestion(key, known))
                del data[key]
        zone = data.get("time_zone")
        if isinstance(zone, str) and not _is_time_zone(zone):
            near = suggestion(zone, available_timezones())
            remedy = near if near.startswith("did you mean") else "write one like Asia/Beirut"
            self._fault(("time_zone",), f"{said(zone)} is no IANA time zone", remedy)
            data["time_zone"] = "UTC"
        if not self.located.data.get("clauses"):
            self._fault(("clauses",), "the agreement has no clauses", "add 'clauses:' with at least one clause")
        head: Head | None = validated(Head, sourced(data, ()), self.located, self.faults)
        if head is None:
            needed = {key: data[key] for key in ("time_zone", "parties", "actors", "vocabulary") if key in data}
            needed |= {"agreement": "unread", "title": "unread"}
            head = validated(Head, sourced(needed, ()), self.located, [])
        return head

    def _readings(self) -> dict[str, Reading]:
        found: dict[str, Reading] = {}
        for name, raw in self._section("readings", dict).items():
            path: Path = ("readings", name)
            self._named("readings", name)
            if not isinstance(raw, dict):
                self._fault(
                    path,
                    f"reading {said(name)} is {said(raw)}, where a mapping is wanted",
                    "write {a: .., b: .., adopted: none}",
                )
                self.unread.add(name)
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
            reading: Reading | None = validated(Reading, source, self.located, self.faults)
            if reading is None:
                self.unread.add(name)
                continue
            if len(options) < 2:  # noqa: PLR2004  one way to read a text is not an ambiguity
                self._fault(path, f"reading '{name}' has fewer than two options", "give each way to read the text")
            if reading.adopted not in (*options, "none"):
                self._fault(
                    (*path, "adopted"),
                    f"'{reading.adopted}' is no option of reading '{name}'",
                    suggestion(reading.adopted, [*options, "none"]),
                )
            found[name] = reading
        return found

    def _axes(self, source: Sourced) -> tuple[str, ...] | None:
        """Return the readings that a value depends on; None, with its faults, if one cannot be chosen."""
        before = len(self.faults)
        doubtful = False
        for path, choice in reading_choices(source.data):
            where = source.origin(path)
            name = choice["reading"]
            if isinstance(name, str) and name in self.unread:
                doubtful = True
                continue
            if not isinstance(name, str):
                what = f"'reading' is {said(name)}, where a name is wanted"
                self._fault((*where, "reading"), what, "write one reading, and inside its options another")
                continue
            if name not in self.readings:
                near = suggestion(name, self.readings)
                remedy = near if near.startswith("did you mean") else f"declare it under 'readings:' ({near})"
                self._fault((*where, "reading"), f"reading {said(name)} is not declared", remedy)
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
            what = f"{ways} ways to read it, by {', '.join(axes)}: over {MOST_READINGS_AT_ONCE} nobody can compare"
            self._fault(source.origin(()), what, "split it, so that each part depends on fewer readings")
        return None if doubtful or len(self.faults) > before else axes

    def _variants(self, kind: Any, source: Sourced) -> Variants[Any] | None:
        before = len(self.faults)
        axes = self._axes(source)
        if axes is None:
            return None
        values = {
            way: validated(kind, chosen(source, dict(way), ""), self.located, self.faults)
            for way in assignments(self.readings, axes)
        }
        return None if len(self.faults) > before else Variants(axes, values)

    def _event(self, name: str) -> Variants[Event] | None:
        self._named("events", name)
        found = self._variants(Event, sourced(self.located.data["events"][name], ("events", name)))
        if found is None:
            self.unread.add(name)
        return found

    def _in_force(self) -> Variants[When | None]:
        raw = self.located.data.get("in_force")
        if raw is None:
            return Variants((), {(): None})
        # Where it is faulty, that is one fault: clauses are not to lack a beginning besides.
        return self._variants(WhenPhrase, sourced(raw, ("in_force",))) or Variants((), {(): Fixed(0)})

    def _amendments(self) -> dict[str, AmendmentHead]:
        found: dict[str, AmendmentHead] = {}
        for index, raw in enumerate(self._section("amendments", list)):
            path: Path = ("amendments", index)
            if not isinstance(raw, dict):
                remedy = "write it as {id: .., cite: .., gloss: .., adopted: .., effective: .., effect_on_past: ..}"
                self._fault(path, f"an amendment is {said(raw)}, where a mapping is wanted", remedy)
                self.unread |= _words_in(raw)
                continue
            head = {key: value for key, value in raw.items() if key != "clauses"}
            amendment: AmendmentHead | None = validated(AmendmentHead, sourced(head, path), self.located, self.faults)
            if amendment is None:
                self.unread |= _words_in(raw.get("clauses")) | _words_in(raw.get("id"))
                continue
            for name in ("adopted", "effective"):
                if fixed_moment(getattr(amendment, name), "UTC") is None:
                    self._fault(
                        (*path, name), f"'{name}' is no date of its own", "give the date of the decision itself"
                    )
            if amendment.id in found:
                self._fault((*path, "id"), f"there are two amendments '{amendment.id}'", "give each its own id")
            self._check_adopts(amendment, path)
            found[amendment.id] = amendment
        return found

    def _check_adopts(self, amendment: AmendmentHead, path: Path) -> None:
        for name, option in amendment.adopts.items():
            at = (*path, "adopts", name)
            if name in self.unread:
                continue
            if name not in self.readings:
                self._fault(at, f"reading '{name}' is not declared", suggestion(name, self.readings))
            elif option not in (known := self.readings[name].options):
                self._fault(at, f"'{option}' is no option of reading '{name}'", suggestion(option, known))

    def _clauses(self, amendments: Mapping[str, AmendmentHead]) -> dict[str, ClauseHistory]:
        raw: dict[str, list[tuple[str | None, Sourced | None]]] = {}
        self._take_in(raw, None, self._section("clauses", list), ("clauses",))
        for index, entry in enumerate(self._section("amendments", list)):
            amendment = amendments.get(str(entry.get("id"))) if isinstance(entry, dict) else None
            if amendment is None:
                continue
            for name in amendment.removes:
                if name not in raw and name in self.unread:
                    continue
                if name not in raw:
                    self._fault(
                        ("amendments", index, "removes"),
                        f"there is no clause '{name}'",
                        suggestion(name, raw),
                    )
                else:
                    raw[name].append((amendment.id, None))
            patches, at = entry.get("clauses") or [], ("amendments", index, "clauses")
            if isinstance(patches, list):
                self._take_in(raw, amendment.id, patches, at)
            else:
                self._fault(at, f"'clauses' is {said(patches)}, where a list is wanted", "begin each with '- '")
                self.unread |= _words_in(patches)
        histories = {name: self._versions(name, history) for name, history in raw.items()}
        return {name: ClauseHistory(name, versions) for name, versions in histories.items() if versions}

    def _take_in(
        self,
        raw: dict[str, list[tuple[str | None, Sourced | None]]],
        amendment: str | None,
        clauses: list[Any],
        at: Path,
    ) -> None:
        ids = Counter(str(clause.get("id")) for clause in clauses if isinstance(clause, dict))
        for index, clause in enumerate(clauses):
            path: Path = (*at, index)
            name = clause.get("id") if isinstance(clause, dict) else None
            if not isinstance(name, str):
                self._unnamed(path, clause)
                continue
            if ids[name] > 1:
                what = "clauses" if amendment is None else "changes of the clause"
                self._fault((*path, "id"), f"there are {ids[name]} {what} '{name}'", "give each clause its own id")
            earlier = next((one for _, one in reversed(raw.get(name, [])) if one is not None), None)
            source = sourced(clause, path)
            raw.setdefault(name, []).append((amendment, source if earlier is None else merged(earlier, source)))

    def _unnamed(self, path: Path, clause: Any) -> None:
        """Add the fault of a clause without an id that is a text."""
        self.unread |= _words_in(clause)
        if not isinstance(clause, dict):
            remedy = "write it as {id: .., kind: .., cite: .., gloss: ..}"
            self._fault(path, f"a clause is {said(clause)}, where a mapping is wanted", remedy)
        elif isinstance(clause.get("id"), int):
            value = said(clause["id"])
            self._fault((*path, "id"), f"'id' is {value}, where a name is wanted", f'put it in quotes: "{value}"')
        else:
            self._fault((*path, "id"), "a clause without an id", "add 'id: <name>'")

    def _versions(self, name: str, history: list[tuple[str | None, Sourced | None]]) -> tuple[ClauseVersion, ...]:
        """Return every version of a clause; none, and the clause's names as unread, if one is faulty."""
        versions: list[ClauseVersion] = []
        good = True
        for index, (amendment, source) in enumerate(history):
            wordings = None if source is None else self._wordings(source)
            if source is not None:
                self.origins[name, index] = source
                good = good and wordings is not None
                if wordings is None:
                    self.unread |= {name, *_words_in(source.data.get("opens"))}
            versions.append(ClauseVersion(amendment, wordings))
        return tuple(versions) if good else ()

    def _wordings(self, source: Sourced) -> Variants[Mapping[str, AnyClause]] | None:
        before = len(self.faults)
        axes = self._axes(source)
        if axes is None:
            return None
        values: dict[Any, Mapping[str, AnyClause]] = {}
        for way in assignments(self.readings, axes):
            one = chosen(source, dict(way), "")
            wordings = {
                obligor: validated(AnyClause, chosen(one, {}, obligor), self.located, self.faults)
                for obligor in self._obligors(one)
            }
            values[way] = cast("Mapping[str, AnyClause]", wordings)
        return None if len(self.faults) > before else Variants(axes, values)

    def _obligors(self, source: Sourced) -> list[str]:
        """Return the parties for whom a clause says different things; one empty name where it says the same for all.

        Where it does not say what it says for whom, none, and its faults are added.
        """
        choices = obligor_choices(source.data)
        if not choices:
            return [""]
        by = source.data.get("by") if isinstance(source.data, dict) else None
        named = [one for one in (by if isinstance(by, list) else [by]) if isinstance(one, str)]
        before = len(self.faults)
        for path, choice in choices:
            where = (*source.origin(path), "obligor")
            if not isinstance(choice, dict) or not choice:
                what = f"'obligor' is {said(choice) if choice else 'empty'}, where a mapping of parties is wanted"
                self._fault(where, what, "write it as {obligor: {north: .., south: ..}}")
                continue
            for name in sorted(set(named) - set(choice)):
                self._fault(where, f"'{name}' is bound by this clause, but nothing is said for it", f"add '{name}:'")
            for name in sorted(set(choice) - set(named)):
                remedy = "name under 'by' every party for which something is said"
                self._fault((*where, name), f"{said(name)} is not among those whom 'by' binds", remedy)
        return named if len(self.faults) == before else []

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


def _words_in(value: Any) -> set[str]:
    """Return every text in a value that could not be read: what it would have declared, if it were good."""
    if isinstance(value, dict):
        return {*value, *(word for one in value.values() for word in _words_in(one))}
    if isinstance(value, list):
        return {word for one in value for word in _words_in(one)}
    return {value} if isinstance(value, str) else set()


def _is_time_zone(name: str) -> bool:
    """Return whether it is one, and the same on every machine."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return name not in {"localtime", "posixrules"}
