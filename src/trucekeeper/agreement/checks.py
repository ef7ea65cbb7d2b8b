"""What only the whole agreement shows: unknown names, triggers that cannot happen, clauses that lack something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.idle import idle_keys
from trucekeeper.agreement.naming import check_actors, check_who
from trucekeeper.agreement.pattern_checks import DRAW_IT, check_limits, check_pattern
from trucekeeper.agreement.phrases import UNSTATED, Civil, anchors, fixed_moment
from trucekeeper.agreement.roles import Polarity, Role, conditions_of, roles
from trucekeeper.agreement.waiting import IN_FORCE, circles
from trucekeeper.agreement.yaml_text import Path
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import MINUTE

if TYPE_CHECKING:
    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.phrases import When
    from trucekeeper.terms import Moment

Finding: TypeAlias = tuple[Path, str, str]
Part: TypeAlias = tuple[str, str, int]
"""A section of the file, a name in it, and which of its versions."""
Locate: TypeAlias = Callable[[Part, Finding], Fault]

SHORTEST_PERIOD = MINUTE
"""A shorter period than this is a slip: nobody counts by it."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What is missing from an agreement because it is faulty itself: names, and with `zones` the whole map."""

    names: frozenset[str] = frozenset()
    zones: bool = False

    def explains(self, what: str) -> bool:
        """Return whether a finding only misses what could not be read."""
        return (self.zones and "zones.geojson" in what) or any(f"'{name}'" in what for name in self.names)


def check_agreement(agreement: Agreement, locate: Locate, unread: Unread) -> list[Fault]:
    """Return every fault that only the whole shows, but those which faulty parts explain that are not in it."""
    return [locate(part, finding) for part, finding in _findings(agreement) if not unread.explains(finding[1])]


def _findings(agreement: Agreement) -> Iterator[tuple[Part, Finding]]:
    yield from (((section, name, 0), finding) for section, name, finding in check_actors(agreement))
    for when in agreement.in_force.values.values():
        yield from ((("in_force", "", 0), finding) for finding in _check_when(agreement, when, ()))
    for name, event in agreement.events.items():
        for wording in event.values.values():
            yield from ((("events", name, 0), finding) for finding in _check_event(agreement, name, wording))
    for history in agreement.clauses.values():
        for index, version in enumerate(history.versions):
            part = ("clauses", history.id, index)
            for clause in version.all():
                yield from ((part, finding) for finding in _check_clause(agreement, clause))
    for chain in circles(agreement):
        first = chain[0]
        section = IN_FORCE if first == IN_FORCE else "events" if first in agreement.events else "clauses"
        what = f"{' -> '.join([*chain, first])}: each waits for the other at the same instant"
        yield (section, first, 0), ((), what, "break the circle with an event that facts show")


def _check_event(agreement: Agreement, name: str, event: lang.Event) -> Iterator[Finding]:
    if not event.shown_by and event.at is None and event.renews is None and not event.planned:
        yield (
            (),
            "nothing shows when this event happens: a trigger that cannot happen",
            "add 'shown_by: {fact: ..}' or 'at:'",
        )
    for index, pattern in enumerate(event.shown_by):
        path: Path = ("shown_by",) if len(event.shown_by) == 1 else ("shown_by", index)
        yield from check_pattern(agreement, Role("event", path, pattern, Polarity.NEITHER), ())
    # A name that stands for two things would start the clock of the one where the other is meant.
    if name in agreement.clauses:
        yield (), f"a clause is called '{name}' too", "give the event another name"
    elif name in agreement.phases():
        yield (), f"a phase is called '{name}' too", "give the event another name"
    if event.per is not None and event.per not in _lists(agreement):
        yield ("per",), f"'{event.per}' is no list", suggestion(event.per, _lists(agreement))
    yield from _check_when(agreement, event.at, ("at",))
    if event.renews is not None:
        yield from _check_when(agreement, event.renews.first_ends, ("renews", "first_ends"))
        for key in ("every", "notice"):
            if getattr(event.renews, key) == UNSTATED:
                yield ("renews", key), f"'{key}' gives nothing to compute with", "say 'at: unstated' instead"
        yield from _check_period(event.renews.every, ("renews", "every"))
        yield from check_pattern(
            agreement, Role("event", ("renews", "unless"), event.renews.unless, Polarity.NEITHER), ()
        )


def _check_clause(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:
    yield from check_who(agreement, clause.by, ("by",))
    yield from _check_sets(agreement, clause)
    yield from _check_named(agreement, clause)
    for role in roles(clause):
        yield from check_pattern(agreement, role, tuple(clause.each))
    for path, condition in conditions_of(clause):
        yield from _check_condition(agreement, condition, path)
    yield from _check_times(agreement, clause)
    yield from _check_watched(agreement, clause.watched, ("watched",))
    yield from _check_excuses(agreement, clause)
    if clause.bears_verdict and clause.text_only is None:
        yield from _check_complete(agreement, clause)
        yield from _check_polarity(clause)
        yield from idle_keys(clause, agreement.vocabulary)


def _check_times(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:
    for name in ("after", "until", "deadline", "date"):
        yield from _check_when(agreement, getattr(clause, name, None), (name,))
    for index, tranche in enumerate(getattr(clause, "tranches", ())):
        yield from _check_when(agreement, tranche.deadline, ("tranches", index, "deadline"))
    yield from _check_order(agreement, clause)
    phases = agreement.phases()
    if clause.during is not None and clause.during not in phases:
        yield ("during",), f"there is no phase '{clause.during}'", suggestion(clause.during, phases)


def _check_excuses(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:
    for index, excuse in enumerate(clause.excuse):
        path: Path = ("excuse",) if len(clause.excuse) == 1 else ("excuse", index)
        if excuse.judged_by not in (None, "case"):
            yield from check_who(agreement, (excuse.judged_by,), (*path, "judged_by"))
        yield from check_who(agreement, excuse.available_to, (*path, "available_to"))


def _check_complete(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:  # noqa: C901, PLR0912
    """Yield what a clause of this kind lacks to be judged."""
    match clause:
        case lang.Prohibit() if not clause.act:
            yield (), "a prohibition without 'act'", "add 'act: {fact: ..}' or 'text_only: <reason>'"
        case lang.Achieve() if clause.state is None and not clause.shown_by:
            yield (
                (),
                "nothing shows the state to be achieved",
                "add 'state:' or 'shown_by:', or 'text_only: <reason>'",
            )
        case lang.Maintain():
            if (clause.state is None) == (clause.measure is None):
                yield (), "a state to be kept needs either 'state' or 'measure'", "give one of them"
            if clause.measure is not None and clause.at_least is None and clause.at_most is None:
                yield ("measure",), "a measure without a limit", "add 'at_least:' or 'at_most:'"
            yield from check_limits(clause.at_least, clause.at_most, ())
        case lang.Tally():
            targets = [clause.at_least, clause.at_most, clause.exactly]
            if not clause.count:
                yield (), "a tally without 'count'", "add 'count: {fact: ..}' or 'text_only: <reason>'"
            if not clause.tranches and all(target is None for target in targets):
                yield (), "a tally without a target", "add 'at_least:', 'at_most:', 'exactly:' or 'tranches:'"
            yield from check_limits(clause.at_least, clause.at_most, ())
        case lang.Quota():
            if not clause.count or (clause.at_least is None and clause.at_most is None):
                yield (
                    (),
                    "a quota needs 'count' and 'at_least' or 'at_most'",
                    "add them, or 'text_only: <reason>'",
                )
            if clause.after is None and agreement.in_force.first() is None:
                yield (), "a quota without a first day", f"{_after_event(agreement)}, or 'in_force:' at the head"
            yield from check_limits(clause.at_least, clause.at_most, ())
            yield from _check_period(clause.every, ("every",))
            others = [one for one in agreement.clauses if one != clause.id and _is_quota(agreement, one)]
            if clause.cured_by is not None and clause.cured_by not in others:
                yield (
                    ("cured_by",),
                    f"there is no other quota '{clause.cured_by}'",
                    suggestion(clause.cured_by, others),
                )
        case lang.Respond() if not clause.to or not (clause.with_ or clause.result_alone):
            yield (), "a duty to respond needs 'to' and 'with'", "add them, or 'text_only: <reason>'"
        case lang.Phase() if clause.when is None and clause.confirmed_by is None:
            yield (), "nothing opens this phase", "add 'when:' or 'confirmed_by:'"
        case lang.Power():
            for name in clause.of:
                if name not in agreement.clauses and name != "all":
                    yield (
                        ("of",),
                        f"there is no clause '{name}'",
                        suggestion(name, [*agreement.clauses, "all"]),
                    )
        case _:
            pass
    within = getattr(clause, "within", None)
    if (
        within not in (None, UNSTATED) and not isinstance(clause, lang.Respond) and clause.after in (None, UNSTATED)
    ) and agreement.in_force.first() is None:
        yield ("within",), "'within' has no trigger", _after_event(agreement)


def _is_quota(agreement: Agreement, name: str) -> bool:
    return isinstance(agreement.clauses[name].latest(), lang.Quota)


def _after_event(agreement: Agreement) -> str:
    name = next(iter(agreement.events), "")
    return f"add 'after: {name}'" if name else "declare an event that starts its clock, and add 'after: <event>'"


def _check_period(every: str | int | Civil, path: Path) -> Iterator[Finding]:
    """Yield a period that has hardly a length."""
    if isinstance(every, int) and every < SHORTEST_PERIOD:
        yield path, "'every' is less than a minute", "is the unit right?"


def _check_order(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:
    """Yield fixed moments in an impossible order: an end before the beginning."""
    begins = _fixed(agreement, clause.after)
    for key in ("until", "deadline"):
        ends = _fixed(agreement, getattr(clause, key, None))
        if begins is not None and ends is not None and ends < begins:
            yield (key,), f"'{key}' is before 'after': nothing ends before it begins", "mend one of the two"


def _fixed(agreement: Agreement, when: When | str | None) -> Moment | None:
    return None if when is None or isinstance(when, str) else fixed_moment(when, agreement.time_zone)


def _check_watched(agreement: Agreement, watched: lang.Watched, path: Path) -> Iterator[Finding]:
    yield from check_who(agreement, watched.by, (*path, "by"))
    if watched.at_least != UNSTATED and int(watched.at_least.removesuffix("%")) > 100:  # noqa: PLR2004  all of it
        yield (*path, "at_least"), "'at_least' is more than all of the time", "write a percentage from 0% to 100%"


def _check_polarity(clause: lang.AnyClause) -> Iterator[Finding]:
    """Yield an excuse that is the very thing it excuses: such a clause could never be contrary."""
    acts = [role.pattern for role in roles(clause) if role.name in ("act", "to")]
    for role in roles(clause):
        if role.name == "excuse" and role.pattern in acts:
            yield (
                role.path,
                "the excuse is the very act: more of it would both incriminate and excuse",
                "say what else excuses",
            )


def _lists(agreement: Agreement) -> frozenset[str]:
    return frozenset(
        history.id
        for history in agreement.clauses.values()
        for clause in history.all()
        if isinstance(clause, lang.Define) and clause.list is not None
    )


def _check_sets(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:
    for name, members in clause.each.items():
        if isinstance(members, lang.UnitsOf):
            if members.of not in agreement.head.parties:
                yield (
                    ("each", name),
                    f"there is no party '{members.of}'",
                    suggestion(members.of, agreement.head.parties),
                )
        elif len(members) == 1 and members[0] not in _lists(agreement):
            yield (
                ("each", name),
                f"'{members[0]}' is no list",
                "list the members, or name a clause of kind define with a list",
            )
    if isinstance(getattr(clause, "paired_with", None), lang.PairedWith):
        counterpart = clause.paired_with.clause  # type: ignore[union-attr]  # only achieve has it, just tested
        if counterpart not in agreement.clauses:
            yield (
                ("paired_with", "clause"),
                f"there is no clause '{counterpart}'",
                suggestion(counterpart, agreement.clauses),
            )


def _check_named(agreement: Agreement, clause: lang.AnyClause) -> Iterator[Finding]:
    """Yield zones and people that a definition or a procedure names and nobody declares."""
    if isinstance(clause, lang.Define):
        for zone in clause.zones:
            if zone not in agreement.atlas.ids():
                yield ("zones",), f"zone '{zone}' is not in zones.geojson", DRAW_IT
    if isinstance(clause, lang.Procedure):
        for index, step in enumerate(clause.steps):
            yield from check_who(agreement, step.who, ("steps", index, "who"))


def _check_when(agreement: Agreement, when: When | str | None, path: Path) -> Iterator[Finding]:
    if when is None or isinstance(when, str):
        return
    known = [*agreement.events, *agreement.phases(), *agreement.clauses, "in_force"]
    for name in anchors(when):
        if name not in known:
            yield (
                path,
                f"there is no event, clause or phase '{name}': a trigger that cannot happen",
                suggestion(name, known),
            )
        elif name in agreement.clauses and not (_can_be_met(agreement, name) or _is_date(agreement, name)):
            yield (
                path,
                f"clause '{name}' can never be met: a trigger that cannot happen",
                "name an event instead",
            )


def _is_date(agreement: Agreement, name: str) -> bool:
    latest = agreement.clauses[name].latest()
    return isinstance(latest, lang.Define) and latest.date is not None


def _can_be_met(agreement: Agreement, name: str) -> bool:
    latest = agreement.clauses[name].latest()
    return isinstance(latest, lang.Achieve | lang.Tally | lang.Phase) and latest.text_only is None


def _check_condition(agreement: Agreement, condition: lang.Condition, path: Path) -> Iterator[Finding]:
    match condition:
        case lang.MetClause(met=name) if name not in agreement.clauses or not _can_be_met(agreement, name):
            yield (
                (*path, "met"),
                f"'{name}' is no clause that can be met",
                suggestion(name, [one for one in agreement.clauses if _can_be_met(agreement, one)]),
            )
        case lang.StandsClause(clause=name) if name not in agreement.clauses:
            yield (*path, "clause"), f"there is no clause '{name}'", suggestion(name, agreement.clauses)
        case lang.Holds(determined_by=who):
            yield from check_who(agreement, who, (*path, "determined_by"))
        case lang.QuietDays(watched=watched):
            yield from _check_watched(agreement, watched, (*path, "watched"))
        case lang.Open(open=name) if name not in agreement.events and name not in agreement.phases():
            yield (
                (*path, "open"),
                f"there is no phase or event '{name}'",
                suggestion(name, [*agreement.phases(), *agreement.events]),
            )
        case _:
            return
