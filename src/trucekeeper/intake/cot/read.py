"""Reads logs of CoT and packages of TAK: positions of the units that the mapping names, and what people reported.

    units: {ANDROID-0000: first, BEACON-7: {unit: second, by: north}}   # whose tracker it is
    owner: guarantor            # whose the messages are; if left out, of the delegation that enters them
    shared_with: [north]        # to whom they may be released
    language: ar                # in which language people write

A tracker that the mapping does not name is somebody: its positions are left aside, counted, and it is never named.
What a message says of friend and foe (the second letter of an atom's type) is its sender's screen colour and no
attribution.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from trucekeeper.agreement.rows import shown
from trucekeeper.intake.cot.events import Event, events
from trucekeeper.intake.members import Members
from trucekeeper.intake.opening import Opening
from trucekeeper.intake.said import Row, Said
from trucekeeper.terms import Fault
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json

OPTIONS = ("units", "owner", "shared_with", "language")
ATOM, CHAT, MACHINES = "a-", "b-t-f", "t-x-"
"""Types begin so: of things on the map; of what people write to each other; of what machines tell each other."""
BY_HAND = "h-"
"""So begins how a point came about that a person set."""


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield what the messages in these files say, and every fault."""
    wrong = _wrong_options(setting)
    if wrong:
        yield from wrong
        return
    reading = _Reading(setting)
    for path in paths:
        for one in _events(path):
            if isinstance(one, Event):
                reading.look(one)
    for path in paths:
        for one in _events(path):
            if isinstance(one, Fault):
                yield one
            else:
                yield from reading.told(one)
        yield from reading.left_aside(str(path))


def _events(path: Path) -> Iterator[Event | Fault]:
    if Members.of(path).workbook:
        yield Fault(str(path), 0, 0, "it is a workbook, and holds no message of a tracker", "a log of CoT is XML")
        return
    opening, empty = Opening(path), True
    for part in opening.parts():
        for one in events(part):
            empty = False
            yield one
    if empty and not opening.faults.count:
        yield Fault(str(path), 0, 0, "it holds no message of a tracker", "a log of CoT holds <event> elements")
    yield from opening.faults.all()


def _wrong_options(setting: Setting) -> list[Fault]:
    """Return what is wrong with the mapping file, and whether nobody is named whose the messages are."""
    file = "the mapping file"
    found = [
        Fault(file, 0, 0, f"'{key[:60]}' is nothing that it can say", suggestion(key, OPTIONS))
        for key in setting.own()
        if key not in OPTIONS
    ]
    units = setting.options.get("units", {})
    if not isinstance(units, dict) or not all(_unit(one) for one in units.values()):
        found.append(Fault(file, 0, 0, "'units' does not name units", "write 'units: {UID: UNIT}'"))
        return found
    actors = {str(one["by"]) for one in units.values() if isinstance(one, dict) and "by" in one}
    found += [
        Fault(file, 0, 0, f"{shown(one)} is no actor of the agreement", suggestion(one, setting.known.actors))
        for one in sorted(actors - setting.known.actors)
    ]
    if not setting.options.get("owner") and not setting.delegation:
        found.append(Fault(file, 0, 0, "nobody is named whose the messages are", "write 'owner: NAME'"))
    return found


def _unit(said: Json) -> bool:
    """Return whether a mapping names a unit: by its name, or with whose it is."""
    if isinstance(said, dict):
        return (
            isinstance(said.get("unit"), str) and set(said) <= {"unit", "by"} and isinstance(said.get("by", ""), str)
        )
    return isinstance(said, str)


@dataclass(slots=True)
class _Reading:
    """Messages as they are told: of a report that was sent again, the newest; of what is left aside, a count."""

    setting: Setting
    newest: dict[str, str] = field(default_factory=dict)
    told_already: set[str] = field(default_factory=set)
    aside: Counter[str] = field(default_factory=Counter)
    strangers: set[bytes] = field(default_factory=set)

    def look(self, event: Event) -> None:
        """Take note of when a report was last sent."""
        if self._is_report(event):
            name = _name(event)
            self.newest[name] = max(self.newest.get(name, ""), _order(event, self.setting))

    def told(self, event: Event) -> Iterator[Said | Row | Fault]:
        """Yield what a message says."""
        if event.type.startswith(MACHINES):
            return
        if self._is_report(event):
            name, order = _name(event), _order(event, self.setting)
            if order and (name in self.told_already or order < self.newest[name]):
                return
            if order:
                self.told_already.add(name)
        try:
            if event.type.startswith(ATOM) and not self._is_report(event):
                yield from self._position(event)
            else:
                yield from self._report(event)
        except ValueError as error:
            remedy = "is the log whole, and of this source? export it again"
            yield event.where.fault("", str(error), remedy)

    def _is_report(self, event: Event) -> bool:
        """Return whether a message is what a person reported, and not where a tracker was."""
        if not event.type.startswith(ATOM):
            return not event.type.startswith(MACHINES)
        return event.how.startswith(BY_HAND) and not event.of_device and event.uid not in self._units()

    def _units(self) -> Mapping[str, Json]:
        units = self.setting.options.get("units", {})
        return units if isinstance(units, dict) else {}

    def _position(self, event: Event) -> Iterator[Row]:
        unit = self._units().get(event.uid)
        if unit is None:
            self.strangers.add(sha256(event.uid.encode()).digest()[:8])
            self.aside["stranger"] += 1
            return
        if event.place is None:
            self.aside["no place"] += 1
            return
        named = unit if isinstance(unit, dict) else {"unit": unit}
        at, learned = self._times(event)
        key = sha256("|".join((event.uid, at, *event.place)).encode()).hexdigest()[:16]
        yield Row(
            event.where,
            {
                "id": f"{self.setting.source}/{named['unit']}.{key}",
                "kind": "position",
                **({"by": named["by"]} if named.get("by") else {}),
                "fields": {"unit": named["unit"]},
                **_placed(event),
                "at": at,
                "learned_at": learned,
                "source": self.setting.source,
                **self._label(),
            },
            event.original(),
        )

    def _report(self, event: Event) -> Iterator[Said]:
        chat = event.type.startswith(CHAT)
        if chat and not event.words:
            self.aside["no words"] += 1
            return
        at, learned = self._times(event)
        language = self.setting.options.get("language", "")
        yield Said(
            where=event.where,
            name=_name(event),
            columns={"at": at, **_placed(event), "learned_at": learned, **self._label()},
            words={} if chat else {"kind": _kind(event.type)},
            first_hand=event.how.startswith("m-"),
            text=event.words,
            language=language if event.words and isinstance(language, str) else "",
            original=event.original(),
        )

    def _times(self, event: Event) -> tuple[str, str]:
        """Return when it was so, and when it was sent, which is never before. Raises ValueError."""
        if not event.start and not event.time:
            raise ValueError("a message without a time")
        moments = []
        for text in (event.start or event.time, event.time or event.start):
            try:
                moments.append(self.setting.moment(text))
            except (ValueError, OSError, KeyError):
                raise ValueError(f"{shown(text)} is no time") from None
        at, sent = moments
        return at, sent if parse_moment(sent) >= parse_moment(at) else at

    def _label(self) -> dict[str, Json]:
        shared = self.setting.options.get("shared_with", [])
        return {"owner": self.setting.options.get("owner") or self.setting.delegation, "releasable_to": shared}

    def left_aside(self, file: str) -> Iterator[Fault]:
        """Yield how many messages of a file were left aside, and why; of nobody is it said whose they are."""
        said = {
            "stranger": (
                f"positions of trackers that the mapping does not name ({len(self.strangers)} of them)",
                "write 'units: {UID: UNIT}' for those whose unit you know, and no others; their uids are in the file",
            ),
            "no place": ("positions without a place", "the trackers had no fix: nothing is known of where they were"),
            "no words": ("chat messages without words", "there is nothing in them that anybody said"),
        }
        for reason, count in sorted(self.aside.items()):
            what, remedy = said[reason]
            yield Fault(file, 0, 0, f"{count:,} {what}: left aside", remedy)
        self.aside.clear()
        self.strangers.clear()


def _placed(event: Event) -> dict[str, Json]:
    if event.place is None:
        return {}
    lat, lon = event.place
    error = {"within_m": ceil(event.error_m)} if event.error_m is not None and event.error_m > 0 else {}
    return {"lat": lat, "lon": lon, **error}


def _kind(written: str) -> str:
    """Return a type as the word for a kind. Friend and foe are left out, as CoT's table of types does: `a-.-G`."""
    letters = written.split("-")
    return "-".join(["a", ".", *letters[2:]]) if letters[0] == "a" else written


def _name(event: Event) -> str:
    """Return the name of a report: of the message that first made it, and of all that change it."""
    return sha256(f"cot|{event.uid}".encode()).hexdigest()[:24]


def _order(event: Event, setting: Setting) -> str:
    """Return a key by which messages of one report come in the order in which they were sent; "" for no time."""
    try:
        sent = parse_moment(setting.moment(event.time or event.start))
        setting.moment(event.start or event.time)
    except (ValueError, OSError, KeyError):
        return ""
    return f"{sent:020d} {sha256(event.original().encode()).hexdigest()}"
