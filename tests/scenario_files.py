"""Law tests as files that a lawyer can read and amend; `scenarios/README.md` says how one is written.

A case puts facts to an agreement and says where each promise then stands. What the file itself gets wrong (an unknown
key, a verdict that does not exist) is refused like any other file of ours, with file, line and column.
The format, its reader and its trial are one module, past 500 lines: a new key changes all three.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from trucekeeper.agreement.load import load_agreement
from trucekeeper.agreement.rows import Known, Where, check_revisions, civil_day, read_row
from trucekeeper.agreement.yaml_text import Located, read_yaml
from trucekeeper.agreement.yaml_text import Path as Keys
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question, standing
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.terms import NEVER, Fact, Interval, Lifecycle, Moment, Nature, Proof, Refused, Tri, Verdict
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import day_of, end_of_day, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.compliance.grounds import Stand
    from trucekeeper.terms import Fault

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"
HEAD, MAP = FOLDER / "valoria.yaml", FOLDER / "valoria.geojson"

ASKED = ("as_of", "known_at", "proof", "audience", "asked_at")
SHARED = ("cite", "agreement", "rename", "units", "zones", "given", *ASKED)
"""What a file may say once for all its cases, and a case for all it expects."""
CASE = ("case", "xfail", "expect", *SHARED)
WHICH = ("by", "binding", "reading", "occurrence", "version")
LOADING = ("loads", "fault", "line")
PROOFS = {one.word: one for one in Proof}

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One line under `expect`: which stands are meant under which question, and what is to be true of them."""

    place: str
    clause: str
    question: Question
    which: Mapping[str, Any]
    wanted: Mapping[str, Any]
    every: bool
    absent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The expectation that a scenario's agreement, map or facts are refused, with such a fault."""

    place: str
    fault: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One case: an agreement, its map, the facts given, and what is expected.

    `renamed` says by which name a real agreement knows each name used here.
    """

    file: str
    case: str
    cite: str
    xfail: str
    agreement: str
    zones: str
    given: tuple[Mapping[str, object], ...]
    refusal: Refusal | None
    expect: tuple[Expectation, ...]
    renamed: Mapping[str, str]


# ---- reading a file ------------------------------------------------------------------------------------------------


def read_scenarios(path: Path) -> tuple[Scenario, ...]:
    """Return the cases of a file. Raises Refused with everything that is wrong with it."""
    reader = _Reader(path, read_yaml(path.read_text(encoding="utf-8"), path.name))
    cases = reader.scenarios()
    if reader.faults:
        raise Refused(reader.faults)
    return cases


@dataclass
class _Reader:
    path: Path
    located: Located
    faults: list[Fault] = field(default_factory=list)

    def fault(self, keys: Keys, what: str, remedy: str = "") -> None:
        self.faults.append(self.located.fault(keys, what, remedy))

    def scenarios(self) -> tuple[Scenario, ...]:
        root = self.located.data
        if isinstance(root, list):
            return self.cases(root, (), {})
        if isinstance(root, dict) and "cases" in root:
            self.known((), root, ("cases", *SHARED))
            shared = {key: value for key, value in root.items() if key != "cases"}
            return self.cases(root["cases"], ("cases",), shared)
        return self.cases([root], None, {})

    def cases(self, cases: object, at: Keys | None, shared: dict[str, Any]) -> tuple[Scenario, ...]:
        found: list[Scenario] = []
        for index, case in enumerate(cases if isinstance(cases, list) else []):
            keys: Keys = () if at is None else (*at, index)
            if isinstance(case, dict):
                found.append(self.scenario(case, keys, shared))
            else:
                self.fault(keys, "a case is a mapping with 'case', 'cite', 'given' and 'expect'")
        if not found:
            self.fault(at or (), "no case in this file", "add 'case:', 'cite:' and 'expect:'")
        names = [one.case for one in found]
        for name in sorted({one for one in names if names.count(one) > 1}):
            self.fault(at or (), f"two cases are called '{name}'", "a case's name says what sets it apart")
        return tuple(found)

    def scenario(self, case: dict[str, Any], keys: Keys, shared: dict[str, Any]) -> Scenario:
        self.known(keys, case, CASE)
        whole = {**shared, **case}
        for key in ("case", "cite", "expect", "agreement"):
            if not whole.get(key):
                self.fault(keys, f"a case without '{key}'", f"add '{key}:'")
        given = [*(shared.get("given") or []), *(case.get("given") or [])]
        agreement, zones = self.texts(whole, given, keys)
        refusals, expect = self.expectations(whole, keys)
        return Scenario(
            file=self.path.stem,
            case=str(whole.get("case")),
            cite=str(whole.get("cite")),
            xfail=str(whole.get("xfail", "")),
            agreement=agreement,
            zones=zones,
            given=tuple(self.row(row, number, keys) for number, row in enumerate(given, 1)),
            refusal=refusals[0] if refusals else None,
            expect=expect,
            renamed={str(new): old for old, new in (whole.get("rename") or {}).items()},
        )

    def texts(self, case: dict[str, Any], given: list[Any], keys: Keys) -> tuple[str, str]:
        """Return agreement and map as texts: a real one's with every name in it exchanged, else as they stand."""
        said = case.get("agreement")
        folder = self.path.parent / said if isinstance(said, str) and "\n" not in said else self.path
        if not folder.is_dir():
            for key in ("rename", "units"):
                if key in case:
                    self.fault(keys, f"'{key}' is for the folder of a real agreement", "leave it out")
            return self.agreement(said, keys), self.zones(case.get("zones"))
        head = read_yaml((folder / "agreement.yaml").read_text("utf-8"), "agreement.yaml").data
        map_ = json.loads((folder / "zones.geojson").read_text("utf-8"))
        names = case.get("rename") or {}
        told = {word for one in (case.get("case"), given, case.get("expect")) for word in _told(one)}
        for what, remedy in _renaming_faults(head, map_, names, told):
            self.fault(keys, what, remedy)
        head, map_ = _renamed(head, names), _renamed(map_, names)
        for party, units in (case.get("units") or {}).items():
            if party in head["parties"]:
                head["parties"][party]["units"] = units
            else:
                self.fault(keys, f"'units' of '{party}', which is no party here", suggestion(party, head["parties"]))
        return json.dumps(head, ensure_ascii=False, indent=1), json.dumps(map_, ensure_ascii=False)

    def agreement(self, said: object, keys: Keys) -> str:
        """Return the agreement as YAML text: a text as it stands, a file, or a mapping on the head of Valoria."""
        if isinstance(said, str):
            return self.file(said, keys) if re.fullmatch(r"[\w./-]+\.yaml", said) else said
        if not isinstance(said, dict):
            return ""
        head = read_yaml(HEAD.read_text(encoding="utf-8"), HEAD.name).data
        return json.dumps({**head, **said}, ensure_ascii=False, indent=1)  # JSON is YAML, with every text in quotes

    def zones(self, said: object) -> str:
        """Return the map as GeoJSON text: a file, a mapping, or Valoria's."""
        if said is None:
            return MAP.read_text(encoding="utf-8")
        if isinstance(said, str):
            return self.file(said, ())
        return json.dumps(_numbers(said), ensure_ascii=False, indent=1)

    def file(self, name: str, keys: Keys) -> str:
        path = self.path.parent / name
        if not path.is_file():
            self.fault(keys, f"there is no file '{name}' beside this one", "give its path from this file")
            return ""
        return path.read_text(encoding="utf-8")

    def row(self, row: object, number: int, keys: Keys) -> Mapping[str, object]:
        """Return a row of facts with what scenarios leave out: its name, and proof as a matter of course."""
        if not isinstance(row, dict):
            self.fault((*keys, "given"), "a fact is a mapping", "write {kind: .., at: ..}")
            return {}
        proof = {} if row.get("op", "assert") != "assert" else {"occurred": "corroborated", "who": "corroborated"}
        return {"id": f"f{number}", **proof, **row}

    # what is expected

    def expectations(self, case: dict[str, Any], keys: Keys) -> tuple[list[Refusal], tuple[Expectation, ...]]:
        said = case.get("expect")
        entries = said if isinstance(said, list) else [said] if isinstance(said, dict) else []
        refusals: list[Refusal] = []
        found: list[Expectation] = []
        for index, entry in enumerate(entries):
            at = (*keys, "expect", index) if isinstance(said, list) else (*keys, "expect")
            if not isinstance(entry, dict):
                self.fault(at, "what is expected is a mapping", "write {clause: .., as_of: .., verdict: ..}")
            elif "loads" in entry:
                refusals.append(self.refusal(entry, at))
            else:
                found.append(self.expectation({**{key: case[key] for key in ASKED if key in case}, **entry}, at))
        if len(refusals) > 1 or (refusals and found):
            self.fault(keys, "what is refused stands nowhere", "expect the refusal alone")
        return refusals, tuple(found)

    def refusal(self, entry: dict[str, Any], at: Keys) -> Refusal:
        self.known(at, entry, LOADING)
        if entry["loads"] is not False or not entry.get("fault"):
            self.fault(at, "only a refusal is said of loading", "write {loads: false, fault: words of the message}")
        return Refusal(place=self.place(at), fault=str(entry.get("fault")), line=entry.get("line"))

    def expectation(self, entry: dict[str, Any], at: Keys) -> Expectation:
        self.known(at, entry, ("clause", "every", "absent", *ASKED, *WHICH, *WANTED))
        wanted = {key: self.wanted(key, entry[key], at) for key in WANTED if key in entry}
        every, absent = entry.get("every", False) is True, entry.get("absent", False) is True
        if "clause" not in entry:
            self.fault(at, "an expectation without a clause", "add 'clause: <id>'")
        if not wanted and not absent:
            self.fault(at, "nothing is expected here", "say at least which verdict")
        return Expectation(
            place=self.place(at),
            clause=str(entry.get("clause")),
            question=self.question(entry, at),
            which={key: entry[key] for key in WHICH if key in entry},
            wanted=wanted,
            every=every,
            absent=absent,
        )

    def question(self, entry: dict[str, Any], at: Keys) -> Question:
        if "as_of" not in entry:
            self.fault(at, "an expectation without 'as_of'", "say as of which moment")
        audience = entry.get("audience")
        asked_at = self.moment(entry, "asked_at", at)
        return Question(
            as_of=self.moment(entry, "as_of", at),
            known_at=self.moment(entry, "known_at", at),
            proof=self.word(entry.get("proof", "corroborated"), {one.word: one for one in Proof}, at)
            or Proof.ALLEGED,
            audience=None if audience is None else Audience(str(audience), asked_at),
        )

    def wanted(self, key: str, value: object, at: Keys) -> object:
        """Return what is expected, its closed words as words of the engine."""
        match key:
            case "verdict":
                return self.word(value, {one.value: one for one in Verdict}, at)
            case "lifecycle":
                return self.word(value, {one.value: one for one in Lifecycle}, at)
            case "met":
                return self.word(value, {one.name.lower(): one for one in Tri}, at)
            case "due" | "met_at":
                return self.interval(value, at)
            case "beside" | "says" | "not_says" | "waits_for" | "acts" | "possible_acts" | "rests_on_facts":
                return tuple(value) if isinstance(value, list) else (value,)
            case _:
                return value

    def interval(self, value: object, at: Keys) -> Interval | None:
        if value == "none":
            return None
        ends = value if isinstance(value, dict) else {"earliest": value, "latest": value}
        self.known(at, ends, ("earliest", "latest"))
        return Interval(self.moment(ends, "earliest", at), self.moment(ends, "latest", at))

    def moment(self, entry: dict[str, Any], key: str, at: Keys) -> Moment:
        """Return a moment; where none is said, after everything."""
        if entry.get(key) in (None, "never"):
            return NEVER
        try:
            return parse_moment(str(entry[key]))
        except ValueError as error:
            self.fault((*at, key), f"{key}: {error}")
            return NEVER

    def word(self, value: object, words: Mapping[str, _Value], at: Keys) -> _Value | None:
        if value not in words:
            self.fault(at, f"'{value}' is none of the words that may stand here", suggestion(str(value), words))
            return None
        return words[str(value)]

    def known(self, at: Keys, entry: dict[str, Any], keys: Collection[str]) -> None:
        for key in entry:
            if key not in keys:
                self.fault((*at, key), f"'{key}' is not known here", suggestion(key, keys))

    def place(self, at: Keys) -> str:
        return f"{self.path.name}:{self.located.position(at)[0]}"


# ---- a real agreement, told of nobody real -------------------------------------------------------------------------


def _renamed(node: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  any part of a file
    """Return a part of an agreement or map with each scalar and key that is an old name exchanged for the new one.

    What stands after `role:` is a word of the language, though an actor may be called by it.
    """
    if isinstance(node, dict):
        new = {key: value if key == "role" else _renamed(value, names) for key, value in node.items()}
        return {names.get(key, key): value for key, value in new.items()}
    if isinstance(node, list):
        return [_renamed(value, names) for value in node]
    return names.get(node, node) if isinstance(node, str) else node


def _renaming_faults(head: Any, map_: Any, names: dict[str, str], told: set[str]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield what is wrong with the new names of an agreement and map, and with what a scenario tells of real ones."""
    words = {*_words(head), *_words(map_)}
    parties = head["parties"].values()
    actors = {*head["parties"], *head["actors"]} | {one for party in parties for one in party.get("forces", ())}
    new = list(names.values())
    for old in sorted(actors - set(names)):
        yield f"'{old}' keeps its real name", "nothing may be made up of anybody real: name it under 'rename:'"
    for old in sorted(set(names) - words):
        yield f"'{old}' is no name of this agreement", suggestion(old, words)
    for name in sorted({name for name in new if new.count(name) > 1 or name in words}):
        yield f"'{name}' would mean two things in this agreement", "choose another name"
    for old in sorted(told & {old.casefold() for old in names}):
        yield f"the real name '{old}' is used in the case, 'given' or 'expect'", "write the new one"


def _words(node: object) -> Iterator[str]:
    """Yield every key and every text in a part of a file."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)
    elif isinstance(node, str):
        yield node


def _told(node: object) -> set[str]:
    """Return the single words of all texts in a part of a scenario, as names are written."""
    return {word for text in _words(node) for word in re.findall(r"\w[\w.-]*\w|\w", text.casefold())}


def _numbers(node: object) -> object:
    """Return a map with its degrees as numbers: our YAML keeps 31.5 as text, so that nothing is rounded unseen."""
    if isinstance(node, dict):
        return {key: _numbers(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_numbers(value) for value in node]
    return float(node) if isinstance(node, str) and re.fullmatch(r"-?\d+\.\d+", node) else node


# ---- trying a case -------------------------------------------------------------------------------------------------


def try_scenario(scenario: Scenario) -> list[str]:
    """Return every way in which what there is differs from what was expected, in words; none if it agrees."""
    try:
        agreement, facts = _loaded(scenario)
    except Refused as refused:
        return _refused(scenario, refused)
    if scenario.refusal is not None:
        return [
            f"{scenario.refusal.place}: it should have been refused with '{scenario.refusal.fault}', and it loads"
        ]
    return [said for expectation in scenario.expect for said in _differences(agreement, facts, expectation)]


def _loaded(scenario: Scenario) -> tuple[Agreement, tuple[Fact, ...]]:
    agreement = _agreement(scenario.agreement, scenario.zones)
    zones = frozenset(agreement.atlas.ids())
    known = Known(agreement.vocabulary, agreement.actors(), zones, agreement.time_zone)
    faults: list[Fault] = []
    rows: list[tuple[Fact, Where]] = []
    for number, row in enumerate(scenario.given, 1):
        where = Where("given", number)
        try:
            rows.append((read_row(_learned(row, known), known, where), where))
        except Refused as refused:
            faults += refused.faults
    facts, rivals = check_revisions(rows)
    if faults or rivals:
        raise Refused([*faults, *rivals])
    return agreement, facts


@lru_cache(maxsize=4)  # the cases of a file that share an agreement come one after the other
def _agreement(text: str, zones: str) -> Agreement:
    atlas = read_geojson(zones, "zones.geojson") if zones else Atlas()
    return load_agreement(text, "agreement.yaml", atlas)


def _learned(row: Mapping[str, object], known: Known) -> Mapping[str, object]:
    """Return a row that says when it was learned: at the end of its own time, unless it says otherwise."""
    latest = row.get("at") or row.get("latest")
    kind = known.vocabulary.kinds.get(str(row.get("kind")))
    early = kind is not None and known.vocabulary.is_a(kind.name, "schedule")  # a plan is known before its time
    if "learned_at" in row or row.get("op", "assert") != "assert" or early:
        return row
    if latest is None and ("on" in row or "earliest" in row):
        said = str(row.get("on") or row.get("earliest"))
        try:
            day = civil_day(said[:10], known.time_zone)
        except ValueError:
            return row
        if "earliest" in row:
            day = Interval(day.earliest, end_of_day(day_of(parse_moment(said), known.time_zone), known.time_zone))
        latest = write_moment(day.latest)
    if latest is None:
        watch = kind is not None and kind.nature is Nature.WATCH
        latest = row.get("until") or (row.get("from") if watch else None)
    return row if latest is None else {**row, "learned_at": latest}


def _refused(scenario: Scenario, refused: Refused) -> list[str]:
    faults = [str(fault) for fault in refused.faults]
    if scenario.refusal is None:
        return ["it was refused:", *faults]
    wanted = scenario.refusal
    for fault in refused.faults:
        if wanted.fault in str(fault) and wanted.line in (None, fault.line):
            return []
    line = "" if wanted.line is None else f" in line {wanted.line}"
    return [f"{wanted.place}: no fault says '{wanted.fault}'{line}; there were:", *faults]


def _differences(agreement: Agreement, facts: tuple[Fact, ...], expectation: Expectation) -> Iterator[str]:
    if expectation.clause not in agreement.clauses:
        yield f"{expectation.place}: there is no clause '{expectation.clause}'"
        return
    stands = standing(agreement, facts, expectation.question, only=expectation.clause).of(expectation.clause)
    meant = [one for one in stands if all(MEANT[key](one, value) for key, value in expectation.which.items())]
    there = [f"    {_row(one)}" for one in stands] or ["    nothing at all"]
    if expectation.absent:
        if meant:
            yield "\n".join([f"{expectation.place}: nothing should stand here; there is:", *there])
    elif not meant or (len(meant) > 1 and not expectation.every):
        number = "none" if not meant else f"{len(meant)}, and not one,"
        yield "\n".join([f"{expectation.place}: {number} of these is meant:", *there])
    else:
        for one in meant:
            wrong = [
                f"    {key}: expected {_shown(value)}, found {_shown(WANTED[key][0](one))}"
                for key, value in expectation.wanted.items()
                if not WANTED[key][1](WANTED[key][0](one), value)
            ]
            if wrong:
                yield "\n".join([f"{expectation.place}: {_row(one)}", *wrong, *_why(one)])


# ---- which stand is meant ------------------------------------------------------------------------------------------


def _named_in(pairs: tuple[tuple[str, str], ...], wanted: object) -> bool:
    return isinstance(wanted, dict) and all((key, str(value)) in pairs for key, value in wanted.items())


def _occurrence(stand: Stand, wanted: object) -> bool:
    """Return whether it is this occurrence; of a period, its first day is enough."""
    return stand.occurrence == str(wanted or "") or stand.occurrence.startswith(f"{wanted} ")


MEANT: Mapping[str, Callable[[Stand, Any], bool]] = {
    "by": lambda stand, wanted: stand.by == wanted,
    "binding": lambda stand, wanted: _named_in(stand.binding, wanted),
    "reading": lambda stand, wanted: _named_in(stand.reading, wanted),
    "occurrence": _occurrence,
    "version": lambda stand, wanted: stand.version == ("" if wanted in (None, "founding text") else wanted),
}


# ---- what is expected of it ----------------------------------------------------------------------------------------


def _says(stand: Stand) -> tuple[str, ...]:
    return tuple(ground.says for _, ground in stand.ground.walk())


def _equal(found: object, wanted: object) -> bool:
    return found == wanted


def _each_said(found: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return all(any(one in said for said in found) for one in wanted)


def _none_said(found: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return not any(one in said for one in wanted for said in found)


def _among(found: Collection[str], wanted: tuple[str, ...]) -> bool:
    return set(wanted) <= set(found)


def _episodes(stand: Stand, answer: Tri) -> tuple[str, ...]:
    return tuple(one.fact for one in stand.episodes if one.answer is answer)


WANTED: Mapping[str, tuple[Callable[[Stand], Any], Callable[[Any, Any], bool]]] = {
    "verdict": (lambda stand: stand.verdict, _equal),
    "lifecycle": (lambda stand: stand.lifecycle, _equal),
    "due": (lambda stand: stand.due, _equal),
    "met": (lambda stand: stand.met, _equal),
    "met_at": (lambda stand: stand.met_at, _equal),
    "figure": (lambda stand: stand.figure, _equal),
    "status_only": (lambda stand: stand.status_only, _equal),
    "rests_on": (lambda stand: stand.rests_on, _equal),
    "rests_on_facts": (lambda stand: sorted(stand.ground.leaves()), _among),
    "waits_for": (lambda stand: stand.waits_for, _among),
    "acts": (lambda stand: _episodes(stand, Tri.YES), lambda found, wanted: set(found) == set(wanted)),
    "possible_acts": (lambda stand: _episodes(stand, Tri.MAYBE), lambda found, wanted: set(found) == set(wanted)),
    "beside": (lambda stand: tuple(one.says for one in stand.beside), _each_said),
    "says": (_says, _each_said),
    "not_says": (_says, _none_said),
}
"""For each key: what the stand has, and whether that is as expected."""


# ---- in words ------------------------------------------------------------------------------------------------------


def _shown(value: object) -> str:
    match value:
        case Verdict() | Lifecycle():
            return str(value.value)
        case Tri():
            return value.name.lower()
        case Interval(earliest, latest):
            return write_moment(earliest) + ("" if earliest == latest else f" to {write_moment(latest)}")
        case tuple() | list():
            return "; ".join(str(one) for one in value) or "nothing"
        case None:
            return "none"
        case _:
            return f"'{value}'"


def _row(stand: Stand) -> str:
    names = {
        "by": stand.by,
        **dict(stand.binding),
        "occurrence": stand.occurrence,
        "version": stand.version,
        "reading": ", ".join(f"{key}: {value}" for key, value in stand.reading),
        "figure": stand.figure,
        "due": "" if stand.due is None else _shown(stand.due),
    }
    which = "; ".join(f"{key} {value}" for key, value in names.items() if value)
    return f"{stand.clause} ({which}): {stand.verdict.value}, {stand.lifecycle.value}"


def _why(stand: Stand) -> list[str]:
    beside = [f"        beside: {one.says}" for one in stand.beside]
    return ["    because:", *(f"      {'  ' * depth}{one.says}" for depth, one in stand.ground.walk()), *beside]
