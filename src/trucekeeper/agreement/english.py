"""The phrases of an agreement in plain English: who, where, which facts, when, how long, on what condition.

What the agreement itself names (events, clauses, phases, pleas, words in fields) stands in quotes, as the defined
terms of a contract do; parties, bodies, zones and lines stand by the names that the agreement gives them. Verbs are
neutral: "is to", "is not to", "may". Every phrase says all that its value says, so that two different agreements
never read alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.phrases import (
    WEEKDAYS,
    Among,
    Anchor,
    Civil,
    CivilDay,
    DistanceFrom,
    Fixed,
    NextWeekday,
    Offset,
)
from trucekeeper.terms import FieldType, Nature
from trucekeeper.terms.moments import DAY, datetime_of, write_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from trucekeeper.agreement.agreement import Agreement
    from trucekeeper.agreement.phrases import When
    from trucekeeper.terms.moments import Length

# Not `strftime`: its names follow the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# A state has no author who carries it out; one has it, reaches it, keeps it.
_STATES = {
    "position": "units",
    "armed-presence": "armed people or positions",
    "weapon-position": "weapons",
    "deployment": "forces",
    "strength": "forces",
}
_UNITS = frozenset({"mm", "ft", "m", "km"})
_BODIES = frozenset(
    {"guarantor", "mediator", "mechanism", "intermediary", "affiliate", "observer", "source", "party"}
)


def sentence(text: str) -> str:
    """Return the text as a sentence: its first letter a capital, a full stop at its end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", '."')) else ".")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as `a`, `a and b` or `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def numbered(parts: Sequence[str], last: str = "or") -> str:
    """Return longer parts as `(1) a; or (2) b`; a single one as it is."""
    if len(parts) == 1:
        return parts[0]
    marked = [f"({number}) {part}" for number, part in enumerate(parts, 1)]
    return "; ".join([*marked[:-1], f"{last} {marked[-1]}"])


def quoted(names: Iterable[str], last: str = "and") -> str:
    """Return names as `'a', 'b' and 'c'`."""
    return listed([f"'{name}'" for name in names], last)


def spoken(name: str) -> str:
    """Return a field's name as words, as `calibre in mm`."""
    words, _, last = name.replace("-", "_").rpartition("_")
    return f"{words.replace('_', ' ')} in {last}" if words and last in _UNITS else name.replace("_", " ")


def plural(count: int, word: str) -> str:
    """Return a count with its word, as `1 day` or `14 days`."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def ordinal(number: int) -> str:
    """Return a number as `1st`, `2nd`, `3rd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def length(value: Length | Civil | str) -> str:
    """Return a length, exact or civil, or that the text gives none."""
    if isinstance(value, str):
        return "a time that the text does not give"
    if isinstance(value, Civil):
        parts = [plural(value.months, "month")] if value.months else []
        return listed([*parts, *([plural(value.days, "civil day")] if value.days else [])])
    exact = " of 24 hours" if value % DAY == 0 and value > 3 * DAY else ""  # as `write_length` writes days
    return write_length(value) + exact


def end_after(value: Length | Civil | str, start: str) -> str:
    """Return the moment at which a length after `start` has run out; civil days run to the end of their last day."""
    if not isinstance(value, Civil):
        return f"{length(value)} after {start}"
    if value.months:
        return f"the end of the civil day {length(value)} after {start}" + _first_day(value, start)
    last = f"the end of the {ordinal(value.days)} civil day"
    return f"{last} after the day of {start}" if value.first_day_counts is False else last + _first_day(value, start)


def _first_day(value: Civil, start: str) -> str:
    if not value.days:
        return ""
    match value.first_day_counts:
        case True:
            return f", the day of {start} being the first"
        case False:
            return f", the day of {start} not counting"
        case None:
            return f" from {start}; the text does not say whether the day of {start} itself counts"


def day_words(day: date) -> str:
    """Return a day as `26 January 2025`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_words(local: datetime) -> str:
    """Return a moment as `04:00 on 26 January 2025 (UTC+02:00)`, without digits that it does not need."""
    exact = "microseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return f"{local.time().isoformat(exact)} on {day_words(local.date())} (UTC{local.isoformat()[-6:]})"


@dataclass(frozen=True, slots=True)
class English:
    """The phrases of one agreement, by its names and its vocabulary.

    `party` is the one of several bound of whom alone is spoken, where the text says different things of each.
    """

    agreement: Agreement
    party: str = ""

    # ---- who and where ---------------------------------------------------------------------------------------

    def named(self, name: str) -> str:
        """Return a party, body or role as people call it."""
        head = self.agreement.head
        if name in head.parties:
            return head.parties[name].name or name
        if name in head.actors:
            return head.actors[name].name or name
        if name in _BODIES:
            return f"any {name}"
        return {
            "non_signatory": "any actor that signed nothing",
            "unstated": "somebody whom the text does not name",
        }.get(name, name)

    def who(self, who: lang.Who, last: str = "and") -> str:
        """Return those named, or everybody but those."""
        if isinstance(who, lang.AnyoneExcept):
            return f"anyone except {listed([self.named(name) for name in who.anyone_except])}"
        return listed([self.named(name) for name in who], last)

    def is_to(self, who: lang.Who) -> str:
        """Return those bound with their verb, as `North is to`."""
        return self._bound(who, "is to", "are to")

    def is_not_to(self, who: lang.Who) -> str:
        """Return those forbidden with their verb, as `North is not to` or `no one is to`."""
        if isinstance(who, lang.AnyoneExcept) and not self.party:
            return f"no one except {self.who(who.anyone_except)} is to"
        return (
            "no one is to" if who == ("anyone",) and not self.party else self._bound(who, "is not to", "are not to")
        )

    def may(self, who: lang.Who) -> str:
        """Return those allowed with their verb, as `North may`."""
        return "anyone may" if who == ("anyone",) and not self.party else self._bound(who, "may", "may")

    def _bound(self, who: lang.Who, one: str, several: str) -> str:
        if self.party:
            return f"{self.named(self.party)} {one}"
        if isinstance(who, lang.AnyoneExcept):
            return f"everyone except {self.who(who.anyone_except)} {one}"
        if who == ("anyone",):
            return f"everyone {one}"
        if who == ("unstated",):
            return f"whoever is bound (the text does not say who) {one}"
        return f"{self.who(who)}, each for itself, {several}" if len(who) > 1 else f"{self.who(who)} {one}"

    def place(self, name: str) -> str:
        """Return a zone or line by its latest title, a group of zones in quotes, a member of a set as `that`."""
        titles = [one.title for one in self.agreement.atlas.features if one.id == name]
        if titles:
            return re.sub("^The ", "the ", titles[-1] or name)
        return f"'{name}'" if name in self.agreement.clauses else f"that {spoken(name)}"

    def _places(self, names: Sequence[str], last: str) -> str:
        return listed([self.place(name) for name in names], last)

    # ---- which facts -----------------------------------------------------------------------------------------

    def deed(self, pattern: lang.PatternBody) -> str:
        """Return as a verb what those bound are not to do, as `carry out an attack in The Valley`."""
        match self._nature(pattern):
            case Nature.STATE:
                return f"have {self._states(pattern)}"
            case Nature.RECORD:
                return f"be the author of {self.own(pattern)}"
            case _:
                return f"carry out {self.own(pattern)}"

    def own(self, pattern: lang.PatternBody, about: str = "") -> str:
        """Return as a noun a fact of those bound, unless the pattern names somebody else."""
        by = "" if pattern.by is None else f" by {self.who(pattern.by, 'or')}"
        return self._noun(pattern) + by + self._about(pattern, about) + self._rest(pattern)

    def fact(self, pattern: lang.PatternBody, about: str = "") -> str:
        """Return as a noun a fact of whomever the pattern names; of anyone, if it names nobody."""
        by = "anyone" if pattern.by is None else self.who(pattern.by, "or")
        noun = self._noun(pattern)
        comma = "," if "," in noun or " by " in noun else ""
        return f"{noun}{comma} by {by}" + self._about(pattern, about) + self._rest(pattern)

    def facts(self, patterns: Sequence[lang.PatternBody], about: str = "") -> str:
        """Return several facts, any of which will do."""
        return numbered([self.fact(pattern, about) for pattern in patterns])

    def reach(self, pattern: lang.PatternBody) -> str:
        """Return as a verb the state to be reached, as `have its units west of The Line`."""
        if self._nature(pattern) is Nature.STATE:
            return f"have {self._its(pattern)}"
        return f"bring about {self.own(pattern)}"

    def keep(self, pattern: lang.PatternBody) -> str:
        """Return as a verb the state to be kept."""
        if self._nature(pattern) is Nature.STATE:
            return f"keep {self._its(pattern)}"
        return f"keep up {self.own(pattern)}"

    def measured(self, pattern: lang.PatternBody, field: str) -> str:
        """Return the figure of a measured state."""
        return f"the {spoken(field)} of {self._its(pattern)}"

    def _nature(self, pattern: lang.PatternBody) -> Nature:
        kind = self.agreement.vocabulary.kinds.get(pattern.fact)
        return Nature.EVENT if kind is None else kind.nature

    def says(self, name: str) -> str:
        """Return a kind of fact in words; one that the vocabulary lacks, in quotes."""
        kind = self.agreement.vocabulary.kinds.get(name)
        return f"'{name}'" if kind is None else kind.says

    def _noun(self, pattern: lang.PatternBody) -> str:
        says = self.says(pattern.fact)
        return f"a record of {says}" if self._nature(pattern) is Nature.STATE else says

    def _states(self, pattern: lang.PatternBody) -> str:
        of = "" if pattern.by is None else f" of {self.who(pattern.by, 'or')}"
        word = self._state_word(pattern)
        says = self.says(pattern.fact)
        if word is None:
            return f"this state: {says}{of}{self._rest(pattern)}"
        sort = "" if pattern.fact in _STATES else f" ('{says}')"
        return word + sort + of + self._rest(pattern)

    def _its(self, pattern: lang.PatternBody) -> str:
        own = pattern.by is None and self._state_word(pattern) is not None
        return ("its " if own else "") + self._states(pattern)

    def _state_word(self, pattern: lang.PatternBody) -> str | None:
        """Return the noun of a state, that of the nearest kind that it is a sort of; None for one that has none."""
        return next((_STATES[one] for one in self.agreement.vocabulary.lineage(pattern.fact) if one in _STATES), None)

    def _about(self, pattern: lang.PatternBody, about: str) -> str:
        """Return what a paper must name to count: whatever its clause or event is, if its kind has a field `of`."""
        names = "of" in self.agreement.vocabulary.fields(pattern.fact)
        said = any(name == "of" for name, _ in pattern.fields)
        return f" that names {about}" if about and names and not said else ""

    def _rest(self, pattern: lang.PatternBody) -> str:
        return "".join([*self._where(pattern), *self._fields(pattern), *self._remarks(pattern)])

    def _where(self, pattern: lang.PatternBody) -> Iterator[str]:
        if pattern.in_:
            yield f" in {self._places(pattern.in_, 'or')}"
        if pattern.outside:
            yield f" outside {self._places(pattern.outside, 'and')}"
        if pattern.side is not None:
            yield f" {pattern.side.side} of {self.place(pattern.side.line)}"
        if pattern.distance is not None:
            yield f" {self._distance(pattern.distance)}"

    def _distance(self, distance: DistanceFrom) -> str:
        metres = distance.metres
        words = f"{metres // 1000:,} km" if metres % 1000 == 0 and metres else f"{metres:,} m"
        return ("less than " if distance.under else "at least ") + f"{words} from {self.place(distance.line)}"

    def _fields(self, pattern: lang.PatternBody) -> Iterator[str]:
        types = self.agreement.vocabulary.fields(pattern.fact)
        tests = {name: self._test(types.get(name), test) for name, test in pattern.fields}
        for name, word in (("of", "about"), ("to", "to"), ("against", "against")):
            if name in tests:
                yield f", {word} {tests.pop(name)}"
        if tests:
            yield f", with {listed([f'{spoken(name)} {test}' for name, test in tests.items()])}"

    def _test(self, kind: FieldType | None, test: lang.FieldTest) -> str:
        if isinstance(test, lang.Bound):
            return _limits(test)
        if isinstance(test, bool):
            return "yes" if test else "no"
        if isinstance(test, int):
            return f"exactly {test:,}"
        words = (test,) if isinstance(test, str) else test
        if kind is FieldType.ACTOR:
            return self.who(words, "or")
        return self._places(words, "or") if kind is FieldType.ZONE else quoted(words, "or")

    def _remarks(self, pattern: lang.PatternBody) -> Iterator[str]:
        if pattern.same:
            yield f", of the same {listed([spoken(name) for name in pattern.same])} as what it concerns"
        if pattern.judgement is not None:
            yield f", which a case judges to be '{pattern.judgement}'"
        if pattern.stale_after is not None:
            yield f", no more than {length(pattern.stale_after)} old"

    # ---- when ------------------------------------------------------------------------------------------------

    def moment(self, when: When) -> str:
        """Return a moment: a date and time of day in the agreement's time zone, or what it hangs on."""
        match when:
            case Fixed(moment):
                return clock_words(datetime_of(moment, self.agreement.time_zone))
            case CivilDay(day, end):
                return f"the {'end' if end else 'start'} of {day_words(day)}"
            case Anchor(name):
                return self._anchor(name)
            case Offset(span, of):
                return f"{length(abs(span))} {'after' if span >= 0 else 'before'} {self.moment(of)}"
            case Among(last, several):
                moments = listed([self.moment(one) for one in several])
                return f"the {'last' if last else 'first'} of these: {moments}"
            case NextWeekday(weekday, hour, minute, after):
                clock = f"{hour:02}:{minute:02} on a {WEEKDAYS[weekday].capitalize()}"
                return f"the first {clock} at or after {self.moment(after)}"

    def _anchor(self, name: str) -> str:
        if name == "in_force":
            return "entry into force"
        if name in self.agreement.events:
            return f"'{name}'"
        if name in self.agreement.phases():
            return f"the opening of phase '{name}'"
        return f"the fulfilment of clause '{name}'"

    # ---- on what condition -----------------------------------------------------------------------------------

    def condition(self, condition: lang.Condition) -> str:  # noqa: PLR0911  one return a kind: a closed set
        """Return a condition as a clause with its verb; several are numbered, inner ones in brackets."""
        match condition:
            case lang.QuietDays():
                return self._quiet(condition)
            case lang.Happened(happened=pattern, within=recent):
                since = "" if recent is None else f", no more than {length(recent)} before"
                return f"there is on record {self.fact(pattern)}{since}"
            case lang.MetClause(met=name, at=level):
                return f"clause '{name}' has been met (judged at the level {level.word})"
            case lang.StandsClause(clause=name, stands=stands, at=level):
                return f"clause '{name}' stands {stands} (judged at the level {level.word})"
            case lang.Holds(holds=name, determined_by=who):
                decides = "the body that decides" if who is None else self.who(who, "or")
                until = f"as it does until {decides} determines otherwise; while contested, both ways are shown"
                return f"'{name}' holds ({until})"
            case lang.Open(open=name):
                return f"'{name}' has happened" if name in self.agreement.events else f"phase '{name}' is open"
            case lang.AllOf(all=several):
                return f"all of these hold: {self._inner(several, 'and')}"
            case lang.AnyOf(any=several):
                return f"any of these holds: {self._inner(several, 'or')}"
            case lang.Not(not_=inner):
                return f"it is not so that [{self.condition(inner)}]"

    def _inner(self, several: Sequence[lang.Condition], last: str) -> str:
        grouped = lang.AllOf | lang.AnyOf
        words = [(self.condition(one), isinstance(one, grouped)) for one in several]
        return numbered([f"[{text}]" if group else text for text, group in words], last)

    def _quiet(self, condition: lang.QuietDays) -> str:
        days = plural(condition.consecutive_days, "consecutive civil day")
        watched = self.watched("each of these days", condition.watched)
        return f"{days} passed without {self.facts(condition.without)}, and {watched}"

    def watched(self, time: str, watched: lang.Watched) -> str:
        """Return how much of a time somebody must have been watching for silence to count, and who."""
        much = {
            "100%": "in full",
            "unstated": "for a share of it that the text does not give",
        }.get(watched.at_least, f"for at least {watched.at_least} of it")
        by = "" if not watched.by else f" by {self.who(watched.by, 'or')}"
        return f"{time} must have been watched {much}{by}"

    # ---- sets ------------------------------------------------------------------------------------------------

    def members(self, name: str, members: lang.Names | lang.UnitsOf) -> str:
        """Return one set for each of whose members a clause binds separately."""
        if isinstance(members, lang.UnitsOf):
            units = self.agreement.units_of(members.of)
            return (
                f"each {spoken(name)} of {self.named(members.of)} ({listed(units) if units else 'none is declared'})"
            )
        if len(members) == 1 and members[0] in self.agreement.clauses:
            return f"each {spoken(name)} on the list '{members[0]}'"
        return f"each {spoken(name)} of these: {listed([self.member(one) for one in members])}"

    def member(self, name: str) -> str:
        """Return one member of a set: a zone, a party, or a name as it stands."""
        return self.place(name) if name in self.agreement.atlas.ids() else self.named(name)


def _limits(test: lang.Bound) -> str:
    limits = (("at least", test.at_least), ("at most", test.at_most), ("above", test.above), ("below", test.below))
    return listed([f"{word} {limit:,}" for word, limit in limits if limit is not None])
