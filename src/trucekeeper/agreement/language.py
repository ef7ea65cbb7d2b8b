"""The agreement language: what a clause may say. The JSON Schema and the loader both come from these classes.

Eight kinds bear verdicts (prohibit, achieve, maintain, tally, quota, respond, phase, power); `define` and `procedure`
do not. `unstated` is a legal value wherever a text may be silent. Any value may be given per reading, as
`{reading: clock, a: 72h, b: 24h}`, or per party bound, as `{obligor: {north: line-a, south: line-b}}`; the loader
puts the chosen value in its place before these classes see it.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.dataclasses import dataclass

from trucekeeper.agreement.phrases import (
    NAME,
    DistancePhrase,
    LengthPhrase,
    SidePhrase,
    Unstated,
    WhenPhrase,
    WithinPhrase,
)
from trucekeeper.terms import Proof

STRICT = ConfigDict(extra="forbid")

Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$", max_length=80)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


def _proof(value: Any) -> Any:
    try:
        level = Proof.named(value)
    except (KeyError, AttributeError):
        level = Proof.REFUTED
    if level is Proof.REFUTED:
        raise ValueError("a level of proof is alleged, corroborated or verified")
    return level


Names = Annotated[tuple[Name, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
Level = Annotated[Proof, PlainValidator(_proof), WithJsonSchema({"enum": ["alleged", "corroborated", "verified"]})]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AnyoneExcept:
    """Everybody but these."""

    anyone_except: Names


Who: TypeAlias = Annotated[Names, Field(title="names")] | AnyoneExcept
"""Names of parties, their components or roles; `anyone`; `unstated`; or everybody except some."""


# ---- patterns: which facts a clause looks at ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Bound:
    """A number at or past a limit; the limits of `at_least` and `at_most` belong to it."""

    at_least: Whole | None = None
    at_most: Whole | None = None
    above: Whole | None = None
    below: Whole | None = None

    def __post_init__(self) -> None:
        """Hold that at least one limit is given."""
        if self.at_least is self.at_most is self.above is self.below is None:
            raise ValueError("give at_least, at_most, above or below")


FieldTest: TypeAlias = Flag | Whole | str | tuple[str, ...] | Bound

_STRUCTURE = {"fact", "by", "in", "outside", "side", "distance", "judgement", "same", "fields", "stale_after"}


def _gather_fields(value: Any) -> Any:
    """Move every key that is not structure into `fields`, where the vocabulary will judge it."""
    if not isinstance(value, dict):
        return value
    if "fields" in value:
        raise ValueError("write the fields beside `fact`, not under `fields`")
    structure = {key: one for key, one in value.items() if key in _STRUCTURE}
    fields = tuple(
        (key, tuple(one) if isinstance(one, list) else one) for key, one in value.items() if key not in _STRUCTURE
    )
    return {**structure, "fields": fields}


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PatternBody:
    """Which facts are meant: their kind, who did them, where, and what their fields say."""

    fact: Name
    by: Who | None = None
    in_: Names = Field(default=(), alias="in")
    outside: Names = ()
    side: SidePhrase | None = None
    distance: DistancePhrase | None = None
    judgement: Name | None = None
    same: Names = ()
    stale_after: LengthPhrase | None = None
    fields: tuple[tuple[str, FieldTest], ...] = ()


Pattern: TypeAlias = Annotated[PatternBody, BeforeValidator(_gather_fields)]
Patterns: TypeAlias = Annotated[tuple[Pattern, ...], BeforeValidator(_as_tuple), Field(min_length=1)]


# ---- conditions: gates, powers and `while` -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Watched:
    """What watching the absence of something needs: by whom, and how much of the time."""

    by: Names = ()
    at_least: Annotated[str, StringConstraints(pattern=r"^\d{1,3}%$")] | Unstated = "100%"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class QuietDays:
    """So many consecutive civil days without these facts, each of them watched."""

    consecutive_days: Annotated[Whole, Field(ge=1, le=3660)]
    without: Patterns
    watched: Watched = Watched()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Happened:
    """Some such fact is on record, at most so long before (any time before, if no length is given)."""

    happened: Pattern
    within: LengthPhrase | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MetClause:
    """A clause was met, judged at a level fixed here."""

    met: Name
    at: Level = Proof.CORROBORATED


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StandsClause:
    """A clause stands as said, judged at a level fixed here."""

    clause: Name
    stands: Literal["consistent", "contrary", "not contrary"]
    at: Level = Proof.CORROBORATED


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Holds:
    """Something counts as holding until the body that decides finds otherwise; a contest is evaluated both ways."""

    holds: Name
    determined_by: Who | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Open:
    """A phase is open, or a named event has happened."""

    open: Name


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AllOf:
    """Every one of these."""

    all: Conditions


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AnyOf:
    """At least one of these."""

    any: Conditions


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Not:
    """Not this."""

    not_: Condition = Field(alias="not")


Condition: TypeAlias = QuietDays | Happened | MetClause | StandsClause | Holds | Open | AllOf | AnyOf | Not
Conditions: TypeAlias = tuple[Condition, ...]


# ---- excuses ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Excuse:
    """What excuses an act or a failure.

    A `plea` is judged by a case: it is printed beside the verdict and excuses only once a determination finds it
    established at `established_at`. `shown` is an excuse that facts can show (a notice, a permit): within so long
    before the act. `burden: pleader` means that a merely possible excuse does not excuse; `accuser`, that it leaves
    the verdict at cannot tell. `unless` is the one nested exception.
    """

    plea: Name | None = None
    shown: Pattern | None = None
    within: LengthPhrase | None = None
    if_: Condition | None = Field(default=None, alias="if")
    unless: Pattern | None = None
    cite: Text | None = None
    available_to: Names = ()
    burden: Literal["pleader", "accuser"] = "pleader"
    established_at: Level = Proof.CORROBORATED
    judged_by: Name | None = None

    def __post_init__(self) -> None:
        """Hold that it says what excuses."""
        if self.plea is None and self.shown is None:
            raise ValueError("say what excuses: `plea: <name>` (a case judges it) or `shown: {fact: ...}`")


Excuses: TypeAlias = Annotated[tuple[Excuse, ...], BeforeValidator(_as_tuple)]


# ---- clauses ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, config=STRICT)
class UnitsOf:
    """The units of a party or force, as the agreement declares them."""

    of: Name


@dataclass(frozen=True, kw_only=True, config=STRICT)
class DeclaredBy:
    """A set that facts declare: the values of one field of such facts."""

    declared_by: Pattern
    field: Name


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PairedWith:
    """The counterpart's clause whose fulfilment, member by member, this one waits for."""

    clause: Name
    if_undetermined: Literal["closed", "open", "ask"]
    at: Level = Proof.CORROBORATED


Each: TypeAlias = dict[Name, Names | UnitsOf]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Clause:
    """What every clause has: its place in the text, our gloss, who is bound, and when it is in force.

    `text_only` gives the reason why nothing in it can be computed; `partly` says what the computable form leaves out.
    """

    bears_verdict: ClassVar[bool] = True

    id: Name
    kind: str
    cite: Text
    gloss: Text
    by: Who = ("unstated",)
    text: dict[Name, Text] = Field(default_factory=dict)
    after: WhenPhrase | Unstated | None = None
    until: WhenPhrase | Unstated | None = None
    during: Name | None = None
    while_: Condition | None = Field(default=None, alias="while")
    each: Each = Field(default_factory=dict)
    excuse: Excuses = ()
    watched: Watched = Watched()
    text_only: Text | None = None
    partly: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Prohibit(Clause):
    """These acts are not to happen, by those bound, from `after` on (for so long, until, while)."""

    kind: Literal["prohibit"]
    act: Patterns = ()
    for_: WithinPhrase | None = Field(default=None, alias="for")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Start:
    """The undertaking to begin by a time, and what shows the beginning."""

    within: WithinPhrase
    shown_by: Patterns


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Achieve(Clause):
    """A state is to be reached by a deadline. `shown_by` lists what shows it, strongest first."""

    kind: Literal["achieve"]
    state: Pattern | None = None
    shown_by: Patterns = ()
    within: WithinPhrase | None = None
    deadline: WhenPhrase | Unstated | None = None
    start: Start | None = None
    paired_with: PairedWith | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Maintain(Clause):
    """A state or a level is to be kept, every snapshot of it; a lapse no longer than `tolerance` is let pass."""

    kind: Literal["maintain"]
    state: Pattern | None = None
    measure: Pattern | None = None
    field: Name = "count"
    at_least: Whole | None = None
    at_most: Whole | None = None
    tolerance: LengthPhrase | None = None
    stale_after: LengthPhrase | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Share:
    """A percentage of a declared base figure."""

    percent: Annotated[Whole, Field(ge=1, le=100)]
    of: Pattern


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Ratio:
    """So many for each one of something."""

    ratio: Annotated[Whole, Field(ge=1)]
    per: Pattern


Quantity: TypeAlias = Annotated[Whole, Field(ge=0)] | Share | Ratio


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Tranche:
    """A part of the target with its own deadline."""

    at_least: Quantity
    within: WithinPhrase | None = None
    deadline: WhenPhrase | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Tally(Clause):
    """A count is to be reached (or not passed) by a deadline.

    Events are summed over `field`, or their different values of `distinct` counted. Claims to the tally named by
    `claims` (by default the clause's id) bound the count; below the asked proof they stand beside.
    """

    kind: Literal["tally"]
    count: Patterns = ()
    field: Name = "count"
    distinct: Name | None = None
    at_least: Quantity | None = None
    at_most: Quantity | None = None
    exactly: Quantity | None = None
    within: WithinPhrase | None = None
    deadline: WhenPhrase | Unstated | None = None
    tranches: tuple[Tranche, ...] = ()
    claims: Name | None = None
    counted_as: Name | None = None
    beside: dict[Name, Pattern] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Quota(Clause):
    """A count per period. Only whole periods are judged.

    `every: day | week | month` are civil; `7d` is counted in exact lengths from `after`, `{months: 6}` in civil
    months from it. `cured_within` lets the named longer quota of the same agreement make a short period good.
    """

    kind: Literal["quota"]
    count: Patterns = ()
    field: Name = "count"
    at_least: Annotated[Whole, Field(ge=0)] | None = None
    at_most: Annotated[Whole, Field(ge=0)] | None = None
    every: Literal["day", "week", "month"] | WithinPhrase = "day"
    week_starts: (
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "trigger"] | Unstated
    ) = "unstated"
    cured_by: Name | None = None
    claims: Name | None = None
    counted_as: Name | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Respond(Clause):
    """To each of these facts, an answer within a time. `result_alone` makes the fact itself contrary."""

    kind: Literal["respond"]
    to: Patterns = ()
    with_: Patterns = Field(default=(), alias="with")
    within: WithinPhrase | None = None
    result_alone: Flag = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Phase(Clause):
    """A gate: when the condition is fulfilled and, where the text asks it, the body has confirmed."""

    kind: Literal["phase"]
    opens: Name
    when: Condition | None = None
    confirmed_by: Pattern | None = None
    if_undetermined: Literal["closed", "open", "ask"] = "closed"
    deadline: WhenPhrase | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Power(Clause):
    """Who may suspend, extend, waive, excuse, invoke or end, on what condition, and what it does to clocks."""

    kind: Literal["power"]
    may: Literal["suspend", "extend", "waive", "excuse", "terminate", "amend"]
    of: Names
    exercise: Pattern | None = None
    if_: Condition | None = Field(default=None, alias="if")
    notice: LengthPhrase | None = None
    stops_clock: Flag | Unstated = "unstated"
    burden: Literal["pleader", "accuser"] = "pleader"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Define(Clause):
    """A line, a list, a term or a date: no undertaking, so no verdict. A list may be given or declared by facts."""

    bears_verdict: ClassVar[bool] = False

    kind: Literal["define"]
    list: Names | DeclaredBy | Unstated | None = None
    base: Whole | None = None
    coded: Flag = False
    zones: Names = ()
    date: WhenPhrase | None = None
    term: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Step:
    """One step of a procedure."""

    who: Names
    does: Text
    within: WithinPhrase | None = None
    binding: Flag = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Procedure(Clause):
    """Who decides, in which steps: never a verdict, but conditions may read how it ended."""

    bears_verdict: ClassVar[bool] = False

    kind: Literal["procedure"]
    steps: tuple[Step, ...]


AnyClause: TypeAlias = Annotated[
    Prohibit | Achieve | Maintain | Tally | Quota | Respond | Phase | Power | Define | Procedure,
    Field(discriminator="kind"),
]
KINDS = (
    "prohibit",
    "achieve",
    "maintain",
    "tally",
    "quota",
    "respond",
    "phase",
    "power",
    "define",
    "procedure",
)


# ---- the head of the file ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, config=STRICT)
class TextOf:
    """One text of the deal: its title, language, date, hash and where it was read."""

    title: Text
    language: Text | None = None
    signed: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None
    read_at: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Party:
    """Who is bound, in which capacity, with its armed components and their declared units."""

    name: Text | None = None
    capacity: Literal["signed_as", "claimed", "disputed", "unstated"] = "signed_as"
    forces: Annotated[tuple[Name, ...], BeforeValidator(_as_tuple)] = ()
    units: Annotated[tuple[Name, ...], BeforeValidator(_as_tuple)] = ()
    note: Text | None = None


ActorRole: TypeAlias = Literal[
    "guarantor",
    "mediator",
    "mechanism",
    "intermediary",
    "non_signatory",
    "affiliate",
    "observer",
    "source",
]
"""What anybody but a party may be in an agreement."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Actor:
    """Anybody else: what it is in this agreement, and, for an affiliate, whose, and whether that is disputed."""

    role: ActorRole
    name: Text | None = None
    of: Name | None = None
    link: Literal["accepted", "disputed"] = "accepted"
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class NewKind:
    """A kind of fact that this agreement adds to the vocabulary."""

    says: Text
    is_: Name | None = Field(default=None, alias="is")
    nature: Literal["event", "state", "watch", "record"] | None = None
    fields: dict[Name, Literal["word", "number", "flag", "actor", "zone", "kinds"]] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Reading:
    """One named ambiguity: each way to read it in a sentence of ours, and which one a decision adopted, if any."""

    options: dict[Name, Text]
    adopted: Name
    cite: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Renewal:
    """A term that renews itself, unless notice was given so long before its end."""

    first_ends: WhenPhrase
    every: WithinPhrase
    unless: Pattern
    notice: WithinPhrase


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Event:
    """A thing that happens once (once for each member of `per`), and how its moment is known.

    `shown_by`: facts whose time is its time; rival facts are readings of one time. `at`: a computed or fixed moment;
    `unstated` where it is known to have happened but not when, until a fact shows it.
    `planned`: before it happens, the latest `schedule` fact of it gives the time. `renews`: the end of a term.
    """

    gloss: Text | None = None
    cite: Text | None = None
    shown_by: Patterns = ()
    at: WhenPhrase | Unstated | None = None
    planned: Flag = False
    per: Name | None = None
    renews: Renewal | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AmendmentHead:
    """A later decision: when adopted, from when effective, and what it says of what had already happened."""

    id: Name
    cite: Text
    gloss: Text
    adopted: WhenPhrase
    effective: WhenPhrase
    effect_on_past: Literal["cured", "preserved", "unstated"]
    adopts: dict[Name, Name] = Field(default_factory=dict)
    removes: Annotated[tuple[Name, ...], BeforeValidator(_as_tuple)] = ()
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ProofRule:
    """What corroborates a report: so many independent origins of different blocs, or one good observation.

    `first_hand` is the worst Admiralty code with which a first-hand observation corroborates alone; null: none does.
    """

    origins: Annotated[int, Strict(), Field(ge=2, le=100)] = 2
    first_hand: Annotated[str, StringConstraints(pattern=r"^[A-E][1-5]$")] | None = "B2"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Head:
    """The head of `agreement.yaml`: everything but readings, events, clauses and amendments."""

    agreement: Name
    title: Text
    time_zone: Name | Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]+(/[A-Za-z_+\-0-9]+)*$")]
    in_force: WhenPhrase | None = None
    texts: dict[Name, TextOf] = Field(default_factory=dict)
    precedence: Text = "unstated"
    parties: dict[Name, Party] = Field(default_factory=dict)
    actors: dict[Name, Actor] = Field(default_factory=dict)
    vocabulary: dict[Name, NewKind] = Field(default_factory=dict)
    corroborated_by: ProofRule = ProofRule()
    note: Text | None = None
