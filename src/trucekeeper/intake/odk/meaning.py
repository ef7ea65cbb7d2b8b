"""What a submission says, by a mapping: reports, facts and faults.

To whom it may be shown is settled here, and narrowly. Without consent to be recorded nothing is entered. Without
consent to share, only the owner may see it; with it, those besides whom the mapping file names. Consent is a limit
and releases nothing: what is to be public, an act on record says later. A submission that asks for protection is
owned by `protection`, whoever enters it.

No fault repeats an answer, save a time or a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import asin, atan2, ceil, cos, degrees, radians, sin, sqrt
from typing import TYPE_CHECKING, TypeAlias

from trucekeeper.agreement.rows import shown
from trucekeeper.intake.odk.mapping import YES, Form, Make
from trucekeeper.intake.said import Row, Said
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import MINUTE, day_of, parse_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trucekeeper.intake.odk.submissions import Group, Submission
    from trucekeeper.intake.setting import Setting
    from trucekeeper.journal.canonical import Json
    from trucekeeper.terms import Fault

NOT_LISTED = "not_listed"
"""So our forms say that the word stands in the question beside."""
PROTECTION = "protection"
"""The owner of what must be kept from everybody but those who protect."""
EARTH_M = 6_371_008.8  # the mean radius
SPARE = 1.006  # the earth is no sphere: a distance on one is off by at most this much
LEAST_WIDE = 5  # degrees: nobody takes a bearing by hand better than this
FARTHEST_M = 200_000  # no observer sees, or hears, as far
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,18})?(E-?\d{1,2})?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)

Columns: TypeAlias = "dict[str, Json]"
Photo: TypeAlias = "Callable[[str], bytes | None]"


class _Faulty(Exception):  # noqa: N818  the name says what happened
    """One thing that a submission would make cannot be made."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class _Of:
    """What all things made of one submission share."""

    submission: Submission
    form: Form
    setting: Setting
    label: Columns
    learned: str


def made(submission: Submission, form: Form, setting: Setting, photo: Photo | None) -> Iterator[Said | Row | Fault]:
    """Return everything that a submission makes, each with its label, or what is wrong with it.

    `photo` gives the bytes of a photo by its name; None where the photos are elsewhere.
    """
    try:
        label, learned = _label(submission.group, form, setting), _learned(submission, setting)
        _hold_answers(submission.group, form)
    except _Faulty as faulty:
        yield submission.where.fault("", f"{_called(submission)}: {faulty.what}", faulty.remedy)
        return
    of = _Of(submission, form, setting, label, learned)
    for make in form.makes:
        for number, group in _groups(submission.group, make):
            making = _Making(of, make, group, number)
            try:
                if make.only_if and not making.answer(make.only_if):
                    continue
                yield making.row() if make.row else making.said(photo)
            except _Faulty as faulty:
                yield submission.where.fault("", f"{_called(submission)}: {faulty.what}", faulty.remedy)
            yield from making.missing


def _hold_answers(group: Group, form: Form) -> None:
    """Hold that something is answered of what the mapping asks. Raises _Faulty."""
    for make in form.makes:
        if any(_answer(one, question) for _, one in _groups(group, make) for question in make.asked()):
            return
    raise _Faulty("it answers none of the questions that its mapping names", "is it of this form, and not empty?")


def _called(submission: Submission) -> str:
    return f"submission {submission.name[:60]}"


def _groups(group: Group, make: Make) -> list[tuple[int, Group]]:
    return list(enumerate(group.filled(make.each)[1], start=1)) if make.each else [(0, group)]


def _answer(group: Group, question: str) -> str:
    """Return an answer, or the constant in its place. Raises _Faulty for a name that means several questions."""
    if question.startswith("="):
        return question[1:]
    if len(group.paths(question)) > 1:
        what = f"several groups of the form have a question '{question[:60]}'"
        raise _Faulty(what, "name it in the mapping file by its path, group/question")
    return group.said(question).strip()


def _label(group: Group, form: Form, setting: Setting) -> Columns:
    """Return the columns of the label. Raises _Faulty without consent to be recorded, or without an owner."""
    agreed = {use: _answer(group, question).lower() in YES for use, question in form.consent.items()}
    if not agreed.get("record", True):
        raise _Faulty(
            "nobody consented that it be recorded", "nothing of it was entered: delete it where it came from"
        )
    if form.protection and _answer(group, form.protection).lower() in YES:
        return {"owner": PROTECTION, "releasable_to": []}
    owner = form.owner or setting.delegation
    if not owner:
        raise _Faulty("nobody is named whose it is", "write 'owner: NAME' into the mapping file")
    return {"owner": owner, "releasable_to": list(form.shared_with) if agreed.get("share", True) else []}


def _learned(submission: Submission, setting: Setting) -> str:
    """Return when the source knew it: when it was sent, else when the form was closed or begun. Raises _Faulty."""
    for text in (submission.written, *(submission.group.said(name) for name in ("end", "start"))):
        if text.strip():
            return _moment(text, setting)
    raise _Faulty(
        "it does not say when it was filled or sent", "export it with its times, or have the form ask 'end'"
    )


def _moment(text: str, setting: Setting) -> str:
    try:
        return setting.moment(text)
    except (ValueError, OSError, KeyError):
        remedy = "write it as 2031-01-04T11:20+02:00, or give the source's zone"
        raise _Faulty(f"{shown(text)} is no time", remedy) from None


class _Making:
    """One thing as it is made of one group of answers; `number` counts the times that the group was filled."""

    def __init__(self, of: _Of, make: Make, group: Group, number: int) -> None:
        self.of, self.make, self.group = of, make, group
        self.name = ".".join(
            [of.submission.name, *([make.name] if make.name else []), *([str(number)] if number else [])]
        )
        self.missing: list[Fault] = []

    def answer(self, question: str) -> str:
        """Return an answer in the group, else in the submission; nothing where it says that nobody knows."""
        text = _answer(self.group, question) or _answer(self.of.submission.group, question)
        return "" if text in self.of.form.not_known else text

    def asked(self, role: str) -> str:
        """Return what answers the question for a role, "" if none does."""
        return self.answer(self.make.questions[role]) if role in self.make.questions else ""

    def said(self, photo: Photo | None) -> Said:
        """Return the report. Raises _Faulty."""
        times, day = self._times()
        chain = self.asked("chain")
        if chain.isascii() and chain.isdigit():
            chain = f"{self.make.questions['chain'].rpartition('/')[2]} {chain}"
        grade = self.asked("grade")
        return Said(
            where=self.of.submission.where,
            name=self.name,
            columns={
                **times,
                **self._place(),
                **({"fields": fields} if (fields := self._fields()) else {}),
                **({"grade": grade} if grade else {}),
                "learned_at": self.of.learned,
                **self.of.label,
            },
            words=self._words(),
            day=day,
            first_hand=self.asked("first_hand").lower() in YES,
            chains=((chain,),) if chain else (),
            text=self.asked("text"),
            language=self.asked("language"),
            about=self._about(),
            attachments=tuple(self._photos(photo)),
            original=self._original(),
        )

    def row(self) -> Row:
        """Return the fact. Its `cite` says what it was made of, so that a consent withdrawn is a revision.

        Raises _Faulty.
        """
        times, _ = self._times()
        original = self._original()
        by, note = self._actor(self.asked("by")), self.asked("text")
        columns: Columns = {
            "id": f"{self.of.setting.source}/{self.name}",
            "kind": self.make.row,
            **({"by": by} if by else {}),
            **({"fields": fields} if (fields := self._fields()) else {}),
            **self._place(),
            **times,
            "learned_at": self.of.learned,
            "source": self.of.setting.source,
            "cite": f"submission {self.of.submission.name}, SHA-256 {sha256(original.encode()).hexdigest()[:16]}",
            **self.of.label,
            **({"note": note} if note else {}),
        }
        return Row(self.of.submission.where, columns, original)

    def _original(self) -> str:
        """Return the answers word for word: of groups filled several times, the one that this is made of."""
        submission = self.of.submission
        if not self.make.each:
            return submission.original(self.of.form.protected)
        path, _ = submission.group.filled(self.make.each)
        return submission.original(self.of.form.protected, path, self.group)

    def _about(self) -> str:
        if self.make.adds_to is None:
            return ""
        return ".".join([self.of.submission.name, *([self.make.adds_to] if self.make.adds_to else [])])

    def _words(self) -> dict[str, str | list[str]]:
        kind = self.asked("kind")
        free = self.asked("kind_else")
        words: dict[str, str | list[str]] = {"kind": free if free and kind in {"", NOT_LISTED} else kind}
        words |= {role: self.asked(role) for role in ("by", "against")}
        return {**words, "involves": self.asked("involves").split()}

    def _actor(self, said: str) -> str:
        """Return an actor of the agreement, "" for none named. Raises _Faulty for another word."""
        actor = self.of.form.actors.get(said, said)
        if actor and actor not in self.of.setting.known.actors:
            remedy = "translate it in the mapping file, 'actors: {WORD: ACTOR}'; "
            remedy += suggestion(actor, self.of.setting.known.actors)
            raise _Faulty("who it names is no actor of the agreement", remedy)
        return actor

    # when

    def _times(self) -> tuple[Columns, bool]:
        """Return the columns of its time, and whether no more than the day is known. Raises _Faulty."""
        if "when" not in self.make.questions:
            lasting = {role: text for role in ("from", "until") if (text := self.asked(role))}
            if not lasting:
                raise _Faulty("it does not say when", "nothing can be judged without a time: ask whoever sent it")
            return {role: _moment(text, self.of.setting) for role, text in lasting.items()}, False
        text, doubt = self.asked("when"), self.asked("within_minutes")
        if not text:
            raise _Faulty("it does not say when", "nothing can be judged without a time: ask whoever sent it")
        if _DAY.fullmatch(text) or doubt == "day":
            return self._day(text), True
        moment = _moment(text, self.of.setting)
        minutes = self._number("within_minutes") or 0
        if minutes <= 0:
            return {"at": moment}, False
        begin, end = (parse_moment(moment) + sign * minutes * MINUTE for sign in (-1, 1))
        return {"earliest": write_moment(begin), "latest": write_moment(end)}, False

    def _day(self, text: str) -> Columns:
        try:
            found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
            moment = parse_moment(_moment(text, self.of.setting)) if found is None else 0
            return self.of.setting.days(found or day_of(moment, self.of.setting.zone))
        except (ValueError, OSError, KeyError):
            raise _Faulty(f"{shown(text)} is no day", "write it as 2031-01-04, and give the source's zone") from None

    # where

    def _place(self) -> Columns:
        """Return the columns of its place: the point given, or the one that a bearing and a range lead to."""
        zone = self.asked("zone")
        if zone and zone not in self.of.setting.known.zones:
            remedy = suggestion("", self.of.setting.known.zones)
            raise _Faulty("its zone is no zone or line of the agreement", remedy)
        found: Columns = {"zone": zone} if zone else {}
        point, stood = self.asked("where"), self.asked("seen_from")
        if point:
            return {**found, **_point(point)}
        if stood and self.asked("bearing") and self.asked("range_most"):
            return {**found, **self._sighted(stood)}
        return found

    def _sighted(self, stood: str) -> Columns:
        """Return the middle of what an observer pointed at, and the radius that holds all that he may have meant."""
        here = _point(stood)
        bearing, wide = self._number("bearing") or 0, max(self._number("bearing_within") or LEAST_WIDE, LEAST_WIDE)
        near, far = self._number("range_least") or 0, self._number("range_most") or 0
        if not (0 <= bearing <= 360 and wide <= 90 and 0 <= near <= far <= FARTHEST_M):  # noqa: PLR2004  degrees
            what = f"it was seen at {bearing} +- {wide} degrees, {near} to {far} metres away"
            raise _Faulty(what, f"a bearing is 0 to 360, a range at most {FARTHEST_M:,} metres, the least one first")
        middle = (near + far) / 2
        spread = max(sqrt(middle**2 + end**2 - 2 * middle * end * cos(radians(wide))) for end in (near, far))
        lat, lon = _led(float(str(here["lat"])), float(str(here["lon"])), radians(bearing), middle)
        own = here.get("within_m", 0)
        within = ceil(spread * SPARE + middle * (SPARE - 1)) + (own if isinstance(own, int) else 0) + 1
        return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}", "within_m": within}

    # what

    def _fields(self) -> Columns:
        found: Columns = {}
        for role, question in self.make.several.get("fields", {}).items():
            if text := self.answer(question):
                found[role] = text
        for role, question in self.make.several.get("numbers", {}).items():
            number = self._whole(self.answer(question))
            if number is not None:
                found[role] = number
        for role, question in self.make.several.get("lists", {}).items():
            if several := self.answer(question).split():
                found[role] = list(several)
        for role, question in self.make.several.get("flags", {}).items():
            if text := self.answer(question):
                found[role] = text.lower() in YES
        return found

    def _number(self, role: str) -> int | None:
        return self._whole(self.asked(role))

    def _whole(self, text: str) -> int | None:
        """Return a whole number, None for no answer. Raises _Faulty for anything else."""
        if not text:
            return None
        number = text.removesuffix(".0")
        if not _WHOLE.fullmatch(number):
            raise _Faulty("where a whole number is asked, another thing is answered", "write digits alone")
        return int(number)

    def _photos(self, photo: Photo | None) -> Iterator[bytes]:
        for question in self.make.photos:
            name = self.answer(question)
            if not name or photo is None:
                continue
            found = photo(name)
            if found:
                yield found
            else:
                what = f"{_called(self.of.submission)}: a photo that it names is not among the files"
                remedy = "export it with its media; the rest of it is entered"
                self.missing.append(self.of.submission.where.fault("", what, remedy))


def _point(text: str) -> Columns:
    """Return the columns of `lat lon altitude accuracy`. Raises _Faulty."""
    several = text.split(";", maxsplit=1)[0].split()
    if len(several) < 2 or not all(_NUMBER.fullmatch(one) for one in several):  # noqa: PLR2004  latitude, longitude
        raise _Faulty("its place is no point", "a point is 'latitude longitude altitude accuracy'")
    accuracy = ceil(float(several[3])) if len(several) > 3 else 0  # noqa: PLR2004  where it stands
    return {"lat": several[0], "lon": several[1], **({"within_m": accuracy} if accuracy > 0 else {})}


def _led(lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float]:
    """Return the point, in degrees, to which a bearing and a distance on a sphere lead."""
    far, here = metres / EARTH_M, radians(lat)
    there = asin(sin(here) * cos(far) + cos(here) * sin(far) * cos(bearing))
    turn = atan2(sin(bearing) * sin(far) * cos(here), cos(far) - sin(here) * sin(there))
    return degrees(there), (lon + degrees(turn) + 540) % 360 - 180
