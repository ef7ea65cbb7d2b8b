"""What a clause says, in sentences: one short function for each sentence, one `match` over the kinds of clause.

A sentence is told with what it is about, so that wordings under different readings can be laid side by side. Every
key of a clause is in one of them: a key that changes no sentence would be a promise hidden in a file.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.english import end_after, length, listed, numbered, quoted, spoken
from trucekeeper.agreement.phrases import UNSTATED, Civil

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucekeeper.agreement.english import English
    from trucekeeper.agreement.phrases import When
    from trucekeeper.terms.moments import Length

Said: TypeAlias = tuple[str, str]
"""What a sentence is about, and the sentence, still without its capital and full stop."""

_KIND_UNNAMED = (lang.Phase, lang.Define, lang.Procedure)
"""Kinds that bind nobody unless they say so."""

_USUAL = lang.Excuse(plea="any")
_EXCUSE_BURDEN = {
    "pleader": "whoever pleads it must establish it; a merely possible one does not excuse",
    "accuser": "whoever accuses must rule it out; while it is possible, nobody can tell",
}
_MAY = {
    "suspend": "suspend",
    "extend": "extend the deadline of",
    "waive": "waive",
    "excuse": "do what would otherwise be contrary to",
    "terminate": "end",
    "amend": "amend",
}
_UNDETERMINED = {
    "closed": "it counts as closed",
    "open": "it counts as open",
    "ask": "those who decide are to be asked",
}


def only_once(said: Iterator[Said]) -> dict[str, str]:
    """Return what is said by what it is about; two sentences about one thing are a bug, for one would be lost."""
    listing = list(said)
    twice = [topic for topic, count in Counter(topic for topic, _ in listing).items() if count > 1]
    if twice:
        raise RuntimeError(f"bug: two sentences about {twice}, one of which would be lost")
    return dict(listing)


def of_clause(english: English, clause: lang.AnyClause) -> Iterator[Said]:
    """Yield what one wording of a clause says, its citation, paraphrase and computability apart."""
    yield from _undertaking(english, clause)
    yield from _sets(english, clause)
    yield from _binding(english, clause)
    for number, excuse in enumerate(clause.excuse, 1):
        yield from _excuse(english, excuse, f"excuse {number}" if len(clause.excuse) > 1 else "excuse")
    if clause.watched != lang.Watched():
        yield "watched", f"for silence to show that nothing happened, {english.watched('the time', clause.watched)}"
    for name, text in clause.text.items():
        yield f"text {name}", f'the text itself ({name}): "{text}"'
    if clause.note is not None:
        yield "note", f"note: {clause.note}"


def _undertaking(english: English, clause: lang.AnyClause) -> Iterator[Said]:  # noqa: C901  one case a kind
    match clause:
        case lang.Prohibit():
            yield from _prohibit(english, clause)
        case lang.Achieve():
            yield from _achieve(english, clause)
        case lang.Maintain():
            yield from _maintain(english, clause)
        case lang.Tally():
            yield from _tally(english, clause)
        case lang.Quota():
            yield from _quota(english, clause)
        case lang.Respond():
            yield from _respond(english, clause)
        case lang.Phase():
            yield from _phase(english, clause)
        case lang.Power():
            yield from _power(english, clause)
        case lang.Define():
            yield from _define(english, clause)
        case lang.Procedure():
            yield from _procedure(english, clause)


# ---- from when, until when, for whom -------------------------------------------------------------------------


def _sets(english: English, clause: lang.AnyClause) -> Iterator[Said]:
    if isinstance(clause, _KIND_UNNAMED) and clause.by != (UNSTATED,):
        yield "by", f"this is for {english.who(clause.by)}"
    if clause.each:
        sets = [english.members(name, members) for name, members in clause.each.items()]
        yield "each", f"this holds separately for {listed(sets)}"


def _binding(english: English, clause: lang.AnyClause) -> Iterator[Said]:
    if clause.after == UNSTATED:
        yield "after", "the text does not say from when this binds"
    elif clause.after is not None:
        yield "after", f"this binds from {english.moment(clause.after)} on"
    if isinstance(clause, lang.Prohibit):
        yield from _lasting(english, clause)
    if clause.until == UNSTATED:
        yield "until", "the text does not say until when this binds"
    elif clause.until is not None:
        yield "until", f"this binds until {english.moment(clause.until)}, that instant included"
    if clause.during is not None:
        yield "during", f"this binds only from the opening of phase '{clause.during}' on"
    if clause.while_ is not None:
        yield "while", f"this binds only as long as {english.condition(clause.while_)}"


def _lasting(english: English, clause: lang.Prohibit) -> Iterator[Said]:
    if clause.for_ == UNSTATED:
        yield "for", "the text does not say for how long this binds"
    elif clause.for_ is not None:
        yield "for", f"this binds until {end_after(clause.for_, _start(english, clause))}, that instant included"


def _start(english: English, clause: lang.AnyClause) -> str:
    """Return the moment from which the lengths of a clause are counted."""
    if clause.after == UNSTATED:
        return "the moment from which it binds, which the text does not say"
    began = "entry into force" if clause.after is None else english.moment(clause.after)
    return began if clause.during is None else f"the later of {began} and the opening of phase '{clause.during}'"


def _due(
    english: English,
    clause: lang.AnyClause,
    within: Length | Civil | str | None,
    deadline: When | str | None,
) -> str:
    """Return by when something is due. A moment given outright goes before a length."""
    counted = None if within is None or within == UNSTATED else end_after(within, _start(english, clause))
    if deadline is not None and not isinstance(deadline, str):
        beside = (
            "" if within is None else f"; this goes before the length that is also given, {counted or 'unstated'}"
        )
        return f"due no later than {english.moment(deadline)}{beside}"
    silent = "; otherwise the text gives no deadline" if deadline == UNSTATED else ""
    if counted is not None:
        return f"due no later than {counted}{silent}"
    given = "the text gives no deadline" if UNSTATED in (within, deadline) else "no deadline is given here"
    return f"due at no stated time: {given}"


def _excuse(english: English, excuse: lang.Excuse, name: str) -> Iterator[Said]:
    cite = f" ({excuse.cite})" if excuse.cite is not None else ""
    yield name, f"{name}{cite}: {_ground(english, excuse)}"
    conditions = [
        *([f"only if {english.condition(excuse.if_)}"] if excuse.if_ is not None else []),
        *([f"not if there is {_before(english, excuse, excuse.unless)}"] if excuse.unless is not None else []),
        *([f"only {english.who(excuse.available_to, 'or')}"] if excuse.available_to else []),
    ]
    if conditions:
        yield f"{name} conditions", f"this excuses {'; '.join(conditions)}"
    if excuse.shown is None or excuse.judged_by is not None or excuse.established_at is not _USUAL.established_at:
        level = f"at the level {excuse.established_at.word}"
        yield f"{name} judged", f"it excuses only once established{_judge(english, excuse.judged_by)} {level}"
    yield f"{name} burden", _EXCUSE_BURDEN[excuse.burden]


def _judge(english: English, judge: str | None) -> str:
    if judge is None:
        return ""
    if judge == UNSTATED:
        return " (the text does not say by whom)"
    return " by a case" if judge == "case" else f" by {english.named(judge)}"


def _ground(english: English, excuse: lang.Excuse) -> str:
    plea = f"the plea of '{excuse.plea}'"
    if excuse.shown is None:
        return f"{plea}, which is printed beside the verdict"
    called = f"{plea}, shown by " if excuse.plea is not None else ""
    return f"{called}{_before(english, excuse, excuse.shown)}"


def _before(english: English, excuse: lang.Excuse, pattern: lang.PatternBody) -> str:
    about = "" if pattern.same else "the act or this clause"
    time = "at any time" if excuse.within is None else f"no more than {length(excuse.within)}"
    return f"{english.fact(pattern, about)}, {time} before"


# ---- what each kind says -------------------------------------------------------------------------------------


def _prohibit(english: English, clause: lang.Prohibit) -> Iterator[Said]:
    deeds = (
        numbered([english.deed(pattern) for pattern in clause.act]) if clause.act else "do what the text rules out"
    )
    yield "undertaking", f"{english.is_not_to(clause.by)} {deeds}"


def _achieve(english: English, clause: lang.Achieve) -> Iterator[Said]:
    reached = (
        english.reach(clause.state)
        if clause.state is not None
        else "bring about what is shown as follows"
        if clause.shown_by
        else "bring about what the text says"
    )
    yield "undertaking", f"{english.is_to(clause.by)} {reached}"
    if clause.shown_by:
        ways = [_way(english, clause, pattern) for pattern in clause.shown_by]
        order = ", the strongest first" if len(ways) > 1 else ""
        yield (
            "shown",
            f"this is shown by any of these{order}: {numbered(ways)}" if order else f"this is shown by {ways[0]}",
        )
    if clause.start is not None:
        yield "start", f"its beginning is {_due(english, clause, clause.start.within, None)}"
        begun = [english.own(pattern, "this clause") for pattern in clause.start.shown_by]
        yield "start shown", f"its beginning is shown by {numbered(begun)}"
    if clause.text_only is None or clause.within is not None or clause.deadline is not None:
        yield "due", f"this is {_due(english, clause, clause.within, clause.deadline)}"
    if clause.paired_with is not None:
        yield "paired", _paired(clause.paired_with)


def _way(english: English, clause: lang.Achieve, pattern: lang.PatternBody) -> str:
    """Return one way of showing; a pattern that only names the state's kind means a record of the state itself."""
    if clause.state is None or pattern.fact != clause.state.fact:
        return english.fact(pattern, "this clause")
    old = "" if pattern.stale_after is None else f", no more than {length(pattern.stale_after)} old at the deadline"
    return f"a record of that state itself{old}"


def _paired(pair: lang.PairedWith) -> str:
    waits = f"its deadline bites only once clause '{pair.clause}' is met for the same member"
    judged = f"judged at the level {pair.at.word}"
    return f"{waits}, {judged}; where that cannot be determined, {_UNDETERMINED[pair.if_undetermined]}"


def _maintain(english: English, clause: lang.Maintain) -> Iterator[Said]:
    bound = english.is_to(clause.by)
    if clause.state is not None:
        yield "undertaking", f"{bound} {english.keep(clause.state)}"
    if clause.measure is not None:
        limits = _limits(clause.at_least, clause.at_most)
        yield "measure", f"{bound} keep {limits} {english.measured(clause.measure, clause.field)}"
    if clause.state is None and clause.measure is None:
        yield "undertaking", f"{bound} keep up what the text says"
    if clause.tolerance is not None:
        yield "tolerance", f"a lapse that is made good within {length(clause.tolerance)} is let pass"
    if clause.stale_after is not None:
        yield "stale", f"a record shows how things are for no longer than {length(clause.stale_after)}"


def _limits(least: int | None, most: int | None) -> str:
    limits = [f"{word} {limit:,}" for word, limit in (("at least", least), ("at most", most)) if limit is not None]
    return f"to {listed(limits)}" if limits else "at what the text says"


def _counted(english: English, patterns: Sequence[lang.PatternBody], field: str) -> str:
    fields = [english.agreement.vocabulary.fields(pattern.fact) for pattern in patterns]
    by_one = [pattern for pattern, known in zip(patterns, fields, strict=True) if field not in known]
    if len(by_one) == len(patterns) and field == "count":
        return f"each one of: {english.facts(patterns)}"
    one = "; a fact of a kind that gives no such figure counts as one" if by_one else ""
    return f"the total {spoken(field)} of: {english.facts(patterns)}{one}"


def _tally(english: English, clause: lang.Tally) -> Iterator[Said]:
    for word, quantity in (("at least", clause.at_least), ("exactly", clause.exactly)):
        if quantity is not None:
            target = _quantity(english, quantity)
            yield word, f"{english.is_to(clause.by)} bring the count to {word} {target}"
    if clause.at_most is not None:
        yield "at most", f"{english.is_not_to(clause.by)} let the count pass {_quantity(english, clause.at_most)}"
    if all(one is None for one in (clause.at_least, clause.at_most, clause.exactly)):
        rest = "in the parts that follow" if clause.tranches else "that the text says"
        yield "undertaking", f"{english.is_to(clause.by)} reach the count {rest}"
    if clause.count:
        yield "count", f"counted is {_counted(english, clause.count, clause.field)}"
    if clause.distinct is not None:
        yield "distinct", f"of these, only the different values of '{spoken(clause.distinct)}' are counted, each once"
    whole = not clause.tranches and clause.text_only is None
    if whole or clause.within is not None or clause.deadline is not None:
        yield "due", f"the count is {_due(english, clause, clause.within, clause.deadline)}"
    for number, tranche in enumerate(clause.tranches, 1):
        due = _due(english, clause, tranche.within, tranche.deadline)
        yield f"tranche {number}", f"part {number}: at least {_quantity(english, tranche.at_least)}, {due}"
    yield from _claims(clause)
    for name, pattern in clause.beside.items():
        counted = _counted(english, [pattern], clause.field)
        yield f"beside {name}", f"beside it, without effect on it, is shown as '{name}': {counted}"


def _quantity(english: English, quantity: lang.Quantity) -> str:
    match quantity:
        case lang.Share(percent=percent, of=of):
            base = english.fact(of, "this clause")
            return f"{percent} percent, rounded up, of the figure last put on record as {base}"
        case lang.Ratio(ratio=ratio, per=per):
            return f"{ratio:,} for each one of: {english.fact(per)}"
        case number:
            return f"{number:,}"


def _claims(clause: lang.Tally | lang.Quota) -> Iterator[Said]:
    if clause.claims is not None:
        yield "claims", f"what counters claim for '{clause.claims}' bounds the count"
    if clause.counted_as is not None:
        yield "counted as", f"only claims counted as '{clause.counted_as}' bound the count"


def _quota(english: English, clause: lang.Quota) -> Iterator[Said]:
    period = (
        f"civil {clause.every}" if clause.every in ("day", "week", "month") else f"period of {length(clause.every)}"
    )
    if clause.at_least is not None:
        yield (
            "at least",
            f"{english.is_to(clause.by)} reach a count of at least {clause.at_least:,} in every {period}",
        )
    if clause.at_most is not None:
        yield "at most", f"{english.is_not_to(clause.by)} let the count pass {clause.at_most:,} in any {period}"
    if clause.at_least is None and clause.at_most is None:
        yield "undertaking", f"{english.is_to(clause.by)} reach, in every {period}, the count that the text says"
    if clause.count:
        yield "count", f"counted is {_counted(english, clause.count, clause.field)}"
    yield "periods", f"only whole periods are judged, the first beginning no earlier than {_start(english, clause)}"
    if clause.every == "week":
        yield "week", _week_starts(clause.week_starts)
    if clause.cured_by is not None:
        yield (
            "cured",
            f"a period that falls short is made good if the longer period of clause '{clause.cured_by}' is met",
        )
    yield from _claims(clause)


def _week_starts(day: str) -> str:
    match day:
        case "unstated":
            return "the text does not say on which day a week starts"
        case "trigger":
            return "a week starts on the weekday of the first whole day on which this binds"
        case weekday:
            return f"a week starts on {weekday.capitalize()}"


def _respond(english: English, clause: lang.Respond) -> Iterator[Said]:
    called = english.facts(clause.to) if clause.to else "what the text names"
    about = "what it answers"
    own = [english.own(one, "" if one.same else about) for one in clause.with_]
    answered = numbered(own) if own else "what the text asks" if not clause.result_alone else "nothing in particular"
    yield "undertaking", f"whenever there is {called}, {english.is_to(clause.by)} answer with {answered}"
    if clause.within is not None and clause.within != UNSTATED:
        yield "due", f"the answer is due no later than {end_after(clause.within, about)}"
    elif clause.within is not None or clause.text_only is None:
        given = "no deadline is given here" if clause.within is None else "the text gives no deadline"
        yield "due", f"the answer is due at no stated time: {given}"
    if clause.result_alone:
        yield "result", "that it happened is by itself contrary to this, whatever the answer"


def _phase(english: English, clause: lang.Phase) -> Iterator[Said]:
    condition = "what the text asks has happened" if clause.when is None else english.condition(clause.when)
    if clause.confirmed_by is None:
        yield "when", f"phase '{clause.opens}' opens when {condition}"
    else:
        confirmation = english.fact(clause.confirmed_by, "this clause or the phase")
        yield "confirmed", f"phase '{clause.opens}' is opened by {confirmation}, and by nothing else"
        if clause.when is not None:
            yield "when", f"beside it, the machine shows whether the text's own condition is fulfilled: {condition}"
    yield "undetermined", f"where it cannot be determined whether it is open, {_UNDETERMINED[clause.if_undetermined]}"
    if clause.deadline is not None:
        yield "due", f"its opening is due no later than {english.moment(clause.deadline)}"


def _power(english: English, clause: lang.Power) -> Iterator[Said]:
    of = "every clause" if clause.of == ("all",) else f"clause{'s' if len(clause.of) > 1 else ''} {quoted(clause.of)}"
    yield "undertaking", f"{english.may(clause.by)} {_MAY[clause.may]} {of}"
    if clause.if_ is not None:
        yield "if", f"this may be done only if {english.condition(clause.if_)}"
    if clause.notice is not None:
        yield "notice", f"notice of it is to be given at least {length(clause.notice)} before"
    if clause.exercise is not None:
        yield "exercise", f"it is done by {english.own(clause.exercise, 'it or a clause that it covers')}"
    yield from _stops_clock(clause)
    burden = {
        "pleader": "whoever does it must establish its conditions; merely possible ones do not suffice",
        "accuser": "whoever contests it must rule out its conditions; while they are possible, nobody can tell",
    }[clause.burden]
    if clause.if_ is not None or clause.notice is not None or clause.burden != "pleader":
        yield "burden", burden


def _stops_clock(clause: lang.Power) -> Iterator[Said]:
    match clause.stops_clock:
        case True:
            yield "clock", "meanwhile the clock stands still: deadlines move by as long as it lasts"
        case False:
            yield "clock", "meanwhile the clock runs on: deadlines do not move"
        case _ if clause.may == "suspend":
            yield "clock", "the text does not say whether the clock stands still meanwhile"
        case _:
            return


def _define(english: English, clause: lang.Define) -> Iterator[Said]:
    if clause.term is not None:
        yield "term", f"'{clause.id}' means: {clause.term}"
    if clause.zones:
        yield "zones", f"'{clause.id}' is the area of {listed([english.place(zone) for zone in clause.zones])}"
    if clause.list is not None:
        yield "list", _list(english, clause)
    if clause.coded:
        yield "coded", "its entries are codes, never names"
    if clause.base is not None:
        yield "base", f"its base figure is {clause.base:,}"
    if clause.date is not None:
        yield "date", f"'{clause.id}' is a date: {english.moment(clause.date)}"
    if not any((clause.term, clause.zones, clause.list, clause.base, clause.date)):
        yield "term", f"'{clause.id}' means what the text says"


def _list(english: English, clause: lang.Define) -> str:
    members = clause.list
    if isinstance(members, lang.DeclaredBy):
        facts = english.fact(members.declared_by, "it")
        return f"the list '{clause.id}' is every '{spoken(members.field)}' declared by {facts}"
    if not isinstance(members, tuple) or members == (UNSTATED,):
        return f"the text does not say who or what is on the list '{clause.id}'"
    return f"the list '{clause.id}' is {listed([english.member(one) for one in members])}"


def _procedure(english: English, clause: lang.Procedure) -> Iterator[Said]:
    for number, step in enumerate(clause.steps, 1):
        yield f"step {number}", f"step {number}, by {english.who(step.who)}: {step.does}{_step_time(step)}"


def _step_time(step: lang.Step) -> str:
    binding = "; the outcome is binding" if step.binding else ""
    if step.within is None:
        return binding
    if step.within == UNSTATED:
        return f"; the text gives no time for it{binding}"
    return f"; to be done no later than {end_after(step.within, 'the step before')}{binding}"
