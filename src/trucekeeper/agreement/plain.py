"""The agreement back as numbered plain sentences that two opposing lawyers could sign.

Everything that the language can say is said: a key that changes no sentence would be a promise hidden in a file.
Each line is one thing (a party, a text, a reading, an event, a clause, a decision). Where its wording depends on a
reading, or on who is bound, only the sentences that differ are given once for each option. Example:

    14. withdraw (Protocol, art. 2) [partly computable]
        North's units leave the agreed area within 24 hours (our paraphrase, not the text).
        North is to have its units west of the Agreed Line.
        This is due no later than 24 hours after 'approval'.
        This binds from 'approval' on.
        Computable only in part: no map of 'agreed-line' is drawn: what happened near it may be inside or outside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from trucekeeper.agreement.computability import Sort, computability
from trucekeeper.agreement.english import (
    English,
    clock_words,
    length,
    listed,
    numbered,
    plural,
    quoted,
    sentence,
    spoken,
)
from trucekeeper.agreement.language import ProofRule
from trucekeeper.agreement.phrases import UNSTATED, Civil
from trucekeeper.agreement.roles import roles
from trucekeeper.agreement.sentences import Said, of_clause, only_once
from trucekeeper.geo import Line as DrawnLine
from trucekeeper.terms import DAWN, NEVER
from trucekeeper.terms.moments import datetime_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trucekeeper.agreement import language as lang
    from trucekeeper.agreement.agreement import Agreement, ClauseHistory, ClauseVersion, Variants
    from trucekeeper.agreement.phrases import When
    from trucekeeper.geo import Zone
    from trucekeeper.terms.moments import Length

T = TypeVar("T")

Case: TypeAlias = "tuple[dict[str, str], dict[str, str]]"
"""One option for each reading (and under the empty name a party bound), and what is said then, by its topic."""

NOT_THE_TEXT = "(our paraphrase, not the text)"

HOW_TO_READ = (
    "Each of several that are named as bound is bound by itself",
    "A deadline and a window include their last instant; late means after it",
    "A kind of fact includes every sort of it",
    "Silence shows that nothing happened only where somebody was watching all the while, unless a clause asks less",
    "A clause that names no beginning binds from entry into force",
    "What the text does not say is said to be so; nothing is put in its place",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered line: what it is about, its citation, how far it can be computed (clauses), and its sentences.

    `gloss` is our paraphrase, marked as such; empty if there is none.
    """

    number: int
    part: str
    clause: str
    cite: str
    sort: Sort | None
    sentences: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    gloss: str = ""

    def __str__(self) -> str:
        """Return the line as it is printed, its sentences indented below its heading."""
        cite = f" ({self.cite})" if self.cite else ""
        sort = f" [{self.sort.value}]" if self.sort is not None else ""
        heading = f"{self.number}. {self.clause}{cite}{sort}"
        short = "Computable only in part: " if self.sort is Sort.PARTLY else "Not computable: "
        why = sentence(short + "; ".join(self.reasons)) if self.reasons else ""
        below = (self.gloss, *self.sentences, why)
        return "\n".join([heading, *(f"    {one}" for one in below if one)])


def read_back(agreement: Agreement) -> tuple[Line, ...]:
    """Return the whole agreement in numbered lines: head, readings, events, clauses, amendments."""
    english = English(agreement)
    drafts = [
        *_head(english),
        *_places(english),
        *_words(english),
        *(_reading(agreement, name) for name in agreement.readings),
        *(_event(english, name) for name in agreement.events),
        *(_clause(english, history) for history in agreement.clauses.values()),
        *(_amendment(english, amendment) for amendment in agreement.amendments.values()),
    ]
    return tuple(replace(draft, number=number) for number, draft in enumerate(drafts, 1))


def _line(part: str, about: str, said: Iterable[str], cite: str = "") -> Line:
    return Line(0, part, about, cite, None, tuple(sentence(one) for one in said if one))


# ---- the head ------------------------------------------------------------------------------------------------


def _head(english: English) -> Iterator[Line]:
    head = english.agreement.head
    yield _line("agreement", head.agreement, _agreement(english))
    yield _line("agreement", "how to read this", HOW_TO_READ)
    for name, text in head.texts.items():
        yield _line("texts", name, _text(text))
    yield _line("texts", "precedence", (_precedence(head.precedence),))
    for name, party in head.parties.items():
        yield _line("who", name, _party(name, party))
    for name, actor in head.actors.items():
        yield _line("who", name, _actor(english, name, actor))


def _agreement(english: English) -> Iterator[str]:
    head = english.agreement.head
    yield f"this is '{head.title}'"
    yield f"civil days, weeks and months, and times of day, are those of {head.time_zone}"
    yield from _told(_cases(english.agreement.in_force, lambda when: {"in force": _in_force(english, when)}))
    if head.note is not None:
        yield f"note: {head.note}"


def _in_force(english: English, when: When | None) -> str:
    if when is None:
        return "no moment of entry into force is given; a clause that names no beginning has always been binding"
    return f"it enters into force at {english.moment(when)}"


def _text(text: lang.TextOf) -> Iterator[str]:
    yield f"this is one of the texts: '{text.title}'"
    if text.language is not None:
        yield f"its language is {text.language}"
    if text.signed is not None:
        yield f"it was signed: {text.signed}"
    if text.read_at is not None:
        yield f"it was read at {text.read_at}"
    if text.sha256 is not None:
        yield f"the SHA-256 of what was read is {text.sha256}"
    if text.note is not None:
        yield f"note: {text.note}"


def _precedence(precedence: str) -> str:
    if precedence == UNSTATED:
        return "the texts do not say which of them prevails; where they conflict, each is read and shown"
    return f"which text prevails: {precedence}"


def _party(name: str, party: lang.Party) -> Iterator[str]:
    capacity = {
        "signed_as": "bound in the capacity in which it signed",
        "claimed": "bound in a capacity that it claims for itself",
        "disputed": "and the capacity in which it is bound is disputed",
        "unstated": "and the texts do not say in which capacity it is bound",
    }[party.capacity]
    yield f"{party.name or name} is a party, {capacity}"
    if party.forces:
        yield f"its forces are {listed(party.forces)}"
    if party.units:
        yield f"its declared units are {listed(party.units)}"
    if party.note is not None:
        yield f"note: {party.note}"


def _actor(english: English, name: str, actor: lang.Actor) -> Iterator[str]:
    role = {
        "non_signatory": "an armed actor that signed nothing",
        "affiliate": "an affiliate",
        "intermediary": "an intermediary",
        "observer": "an observer",
    }.get(actor.role, f"a {actor.role}")
    yield f"{actor.name or name} is {role}"
    if actor.of is not None:
        yield f"it belongs to {english.named(actor.of)}; this link is {actor.link}"
    if actor.note is not None:
        yield f"note: {actor.note}"


def _places(english: English) -> Iterator[Line]:
    for feature in english.agreement.atlas.features:
        yield _line("places", feature.id, _place(english, feature), feature.cite)


def _place(english: English, feature: Zone | DrawnLine) -> Iterator[str]:
    title = feature.title or feature.id
    if isinstance(feature, DrawnLine):
        yield f"{title} is a line; as one walks along it, '{feature.left}' is left and '{feature.right}' is right"
    else:
        yield f"{title} is a zone; its border belongs to it"
    if feature.geometry is None:
        yield f"no map of it is drawn; it rests on {feature.author}"
    else:
        yield f"it is drawn by {feature.author}; its edge may be off by {plural(feature.accuracy_m, 'metre')}"
    if not isinstance(feature, DrawnLine) and feature.part_of:
        yield f"by agreement it lies in {listed([english.place(name) for name in feature.part_of])}"
    if feature.since != DAWN or feature.until != NEVER:
        yield f"this version is valid{_validity(english, feature)}"
    if feature.ground_marking:
        yield f"on the ground it is marked by {feature.ground_marking}"
    if feature.note:
        yield f"note: {feature.note}"


def _validity(english: English, feature: Zone | DrawnLine) -> str:
    zone = english.agreement.time_zone
    since = "" if feature.since == DAWN else f" from {clock_words(datetime_of(feature.since, zone))}"
    return since + ("" if feature.until == NEVER else f" up to {clock_words(datetime_of(feature.until, zone))}")


def _words(english: English) -> Iterator[Line]:
    """Yield what the words mean: kinds that the agreement adds, and the sorts of each kind that it uses."""
    if english.agreement.head.corroborated_by != ProofRule():
        yield _line("words", "corroborated", [_proof_rule(english.agreement.head.corroborated_by)])
    for name, kind in english.agreement.head.vocabulary.items():
        yield _line("words", name, _new_kind(english, kind))
    kinds = english.agreement.vocabulary.kinds
    for name in _facts_used(english.agreement):
        sorts = [one for one in kinds if one != name and english.agreement.vocabulary.is_a(one, name)]
        if sorts:
            meant = listed([english.says(one) for one in sorts], "or")
            yield _line("words", name, [f"by '{english.says(name)}' is also meant: {meant}"])


def _proof_rule(rule: ProofRule) -> str:
    """Return what corroborates a report, where the agreement says another thing than is usual."""
    several = f"a report is corroborated by {rule.origins} independent origins of different blocs"
    if rule.first_hand is None:
        return several
    return f"{several}, or by one first-hand observation graded {rule.first_hand} or better"


def _new_kind(english: English, kind: lang.NewKind) -> Iterator[str]:
    yield f"this agreement adds a kind of fact: {kind.says}"
    if kind.is_ is not None:
        yield f"it is a sort of this: {english.says(kind.is_)}"
    if kind.nature is not None:
        natures = {
            "event": "something that happens",
            "state": "how something is at a moment",
            "watch": "that somebody was watching",
            "record": "an act of word or paper",
        }
        yield f"such a fact says {natures[kind.nature]}"
    if kind.fields:
        yield f"it may say: {listed([f'{spoken(name)} (a {sort})' for name, sort in kind.fields.items()])}"


def _facts_used(agreement: Agreement) -> list[str]:
    events = [one for variants in agreement.events.values() for one in variants.values.values()]
    patterns = [pattern for event in events for pattern in event.shown_by]
    clauses = [clause for history in agreement.clauses.values() for clause in history.all()]
    patterns += [role.pattern for clause in clauses for role in roles(clause)]
    return sorted({pattern.fact for pattern in patterns})


# ---- readings, and what depends on them ----------------------------------------------------------------------


def _reading(agreement: Agreement, name: str) -> Line:
    reading = agreement.readings[name]
    options = [f"{option}: {says}" for option, says in reading.options.items()]
    adopted = (
        "no decision has adopted one of them; each is evaluated and shown"
        if reading.adopted == "none"
        else f"reading {reading.adopted} has been adopted"
    )
    said = (f"the text can be read in {plural(len(options), 'way')}: {numbered(options)}", adopted)
    return _line("readings", name, said, reading.cite or "")


def _cases(variants: Variants[T], say: Callable[[T], dict[str, str]]) -> list[Case]:
    return [(dict(way), say(value)) for way, value in variants.values.items()]


def _told(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return every sentence; one that depends on a reading or on who is bound, once for each option that matters."""
    return tuple(
        text for topic in _topics(cases) for text in _one_topic([(way, said.get(topic, "")) for way, said in cases])
    )


def _topics(cases: Sequence[Case]) -> list[str]:
    """Return every topic once, each after the one that it follows."""
    order: list[str] = []
    for _, said in cases:
        place = 0
        for topic in said:
            if topic not in order:
                order.insert(place, topic)
            place = order.index(topic) + 1
    return order


def _one_topic(values: list[tuple[dict[str, str], str]]) -> Iterator[str]:
    every = list(values[0][0])
    axes = [axis for axis in every if _matters(axis, values)]
    found = {(_key(way, axes), text) for way, text in values}
    if len({key for key, _ in found}) < len(found):
        axes = every
    for key, text in {_key(way, axes): text for way, text in values}.items():
        if text:
            yield _under(key, text) + sentence(text)


def _key(way: dict[str, str], axes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((axis, way[axis]) for axis in axes)


def _matters(axis: str, values: list[tuple[dict[str, str], str]]) -> bool:
    """Return whether two ways that differ in nothing but this axis are told differently."""
    others = [one for one in values[0][0] if one != axis]
    told = {(_key(way, others), text) for way, text in values}
    return len({key for key, _ in told}) < len(told)


def _under(key: tuple[tuple[str, str], ...], said: str) -> str:
    """Return for which options something is said; a party that it speaks of anyway is not named twice."""
    readings = [f"{axis}: {option}" for axis, option in key if axis]
    party = [f"for {option}" for axis, option in key if not axis and not said.startswith(f"{option} ")]
    under = [f"under reading {listed(readings)}"] if readings else []
    text = ", ".join([*under, *party])
    return text[:1].upper() + text[1:] + " \N{EM DASH} " if text else ""


# ---- events --------------------------------------------------------------------------------------------------


def _event(english: English, name: str) -> Line:
    variants = english.agreement.events[name]
    said = _told(_cases(variants, lambda event: only_once(_of_event(english, name, event))))
    line = _line("events", name, ())
    cites = _alike([event.cite or "" for event in variants.values.values()])
    glosses = _told(_cases(variants, lambda event: {"gloss": event.gloss or ""}))
    return replace(line, cite=cites, sentences=said, gloss=_marked(glosses))


def _of_event(english: English, name: str, event: lang.Event) -> Iterator[Said]:
    each = "" if event.per is None else f", separately for each member of the list '{event.per}'"
    yield "head", f"'{name}' is something that happens once{each}"
    if event.shown_by:
        facts = english.facts(event.shown_by, "this event")
        yield "shown", f"it happens when this does: {facts}; where several disagree, they are rivals for one time"
    if event.at == UNSTATED:
        yield (
            "at",
            "it is known to have happened; the text does not say when, and until a fact shows it nobody can tell",
        )
    elif event.at is not None:
        yield "at", f"its moment is {english.moment(event.at)}"
    if event.planned:
        yield "planned", "before it happens, the latest announced schedule gives its time"
    if event.renews is not None:
        yield "renews", _renewal(english, event.renews)


def _renewal(english: English, renews: lang.Renewal) -> str:
    first = f"it is the end of a term, the first of which ends at {english.moment(renews.first_ends)}"
    again = f"the term renews itself by {length(renews.every)}{_first_day(renews.every)} each time"
    notice = f"unless there is {english.fact(renews.unless, 'this event')}"
    return f"{first}; {again} {notice} at least {length(renews.notice)}{_first_day(renews.notice)} before its end"


def _first_day(value: Length | Civil | str) -> str:
    if not isinstance(value, Civil) or not value.days:
        return ""
    if value.first_day_counts is None:
        return " (the text does not say whether the first day counts)"
    return " (the first day counts)" if value.first_day_counts else " (the first day does not count)"


# ---- clauses -------------------------------------------------------------------------------------------------


def _clause(english: English, history: ClauseHistory) -> Line:
    """Return a clause as it first stood, with what became of it; the decisions say what they changed."""
    first = history.versions[0]
    computable = computability(english.agreement, history.id)
    line = _line("clauses", history.id, ())
    return replace(
        line,
        cite=_alike([clause.cite for clause in first.all()]),
        sort=computable.sort,
        sentences=(*_fate(english, history), *_wordings(english, first, of_clause)),
        reasons=computable.reasons,
        gloss=_marked(_wordings(english, first, _gloss)),
    )


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as one text has it, in sentences: `amendment` is that decision, "" the founding text."""

    amendment: str
    sentences: tuple[str, ...]


def wordings(agreement: Agreement, clause: str) -> tuple[Wording, ...]:
    """Return a clause as each text of an agreement has it, the founding one first; removed, it has no sentences."""
    english = English(agreement)
    return tuple(
        Wording(version.amendment or "", _wordings(english, version, of_clause))
        for version in agreement.clauses[clause].versions
    )


def _fate(english: English, history: ClauseHistory) -> Iterator[str]:
    for number, version in enumerate(history.versions):
        if version.amendment is not None:
            effective = english.moment(english.agreement.amendments[version.amendment].effective)
            done = "removed" if version.wordings is None else "changed" if number else "added"
            yield sentence(f"{done} by '{version.amendment}' with effect from {effective}")


def _marked(glosses: tuple[str, ...]) -> str:
    return f"{' '.join(glosses).removesuffix('.')} {NOT_THE_TEXT}." if any(glosses) else ""


def _alike(cites: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(cite for cite in cites if cite))


def _wordings(
    english: English, version: ClauseVersion, say: Callable[[English, lang.AnyClause], Iterator[Said]]
) -> tuple[str, ...]:
    """Return what is said of a clause in every way of reading it, for each party bound where it differs for each."""
    if version.wordings is None:
        return ()
    return _told(
        [
            ({**dict(way), "": english.named(party)}, only_once(say(replace(english, party=party), clause)))
            for way, by_party in version.wordings.values.items()
            for party, clause in by_party.items()
        ]
    )


# ---- amendments ----------------------------------------------------------------------------------------------


def _amendment(english: English, amendment: lang.AmendmentHead) -> Line:
    line = _line("amendments", amendment.id, _of_amendment(english, amendment), amendment.cite)
    return replace(line, gloss=_marked((sentence(amendment.gloss),)))


def _of_amendment(english: English, amendment: lang.AmendmentHead) -> Iterator[str]:
    adopted, effective = english.moment(amendment.adopted), english.moment(amendment.effective)
    yield f"this decision was adopted at {adopted} and takes effect at {effective}"
    yield {
        "cured": "what was unmet before then counts as made good",
        "preserved": "what happened before then is judged as the text stood",
        "unstated": "it does not say what becomes of what was unmet before then; both ways are shown",
    }[amendment.effect_on_past]
    for reading, option in amendment.adopts.items():
        yield f"it adopts reading {reading}: {option}"
    for history in english.agreement.clauses.values():
        yield from _changes(english, history, amendment.id)
    missing = [name for name in amendment.removes if name not in english.agreement.clauses]
    if missing:
        yield f"it removes {quoted(missing)}"
    if amendment.note is not None:
        yield f"note: {amendment.note}"


def _changes(english: English, history: ClauseHistory, amendment: str) -> Iterator[str]:
    for number, version in enumerate(history.versions):
        if version.amendment == amendment:
            earlier = [one for one in history.versions[:number] if one.wordings is not None]
            yield from _change(english, history.id, version, earlier[-1] if earlier else None)


def _change(english: English, name: str, version: ClauseVersion, earlier: ClauseVersion | None) -> Iterator[str]:
    if version.wordings is None:
        yield f"it removes clause '{name}'"
        return
    if earlier is None:
        yield f"it adds clause '{name}', which stands above"
        return
    before, now = _whole(english, earlier), _whole(english, version)
    gone = [one for one in before if one not in now]
    new = [one for one in now if one not in before]
    if not gone and not new:
        yield f"it restates clause '{name}' without a change"
    if gone:
        yield f"in clause '{name}' this is no longer said: {_speech(gone)}"
    if new:
        yield (
            f"in clause '{name}' this is said instead: {_speech(new)}"
            if gone
            else f"in clause '{name}' this is added: {_speech(new)}"
        )


def _speech(sentences: Sequence[str]) -> str:
    return '"' + " ".join(sentences) + '"'


def _whole(english: English, version: ClauseVersion) -> tuple[str, ...]:
    """Return every sentence of a version, its citation, paraphrase and the reasons given with it among them."""
    return (*_wordings(english, version, of_clause), *_wordings(english, version, _beyond_sentences))


def _gloss(_: English, clause: lang.AnyClause) -> Iterator[Said]:
    yield "gloss", clause.gloss


def _beyond_sentences(_: English, clause: lang.AnyClause) -> Iterator[Said]:
    yield "cite", f"its citation: {clause.cite}"
    yield "gloss", f"{clause.gloss} {NOT_THE_TEXT}"
    if clause.text_only is not None:
        yield "text only", f"none of it can be computed: {clause.text_only}"
    if clause.partly is not None:
        yield "partly", f"not all of it can be computed: {clause.partly}"
