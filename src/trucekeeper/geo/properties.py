"""The properties of one feature, with every fault of theirs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from trucekeeper.geo.located import Faults, Node, members_of
from trucekeeper.terms import DAWN, NEVER
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from trucekeeper.terms import Moment

MOST_ACCURACY_M = 1_000_000  # beyond a thousand kilometres a drawing says nothing

PROPERTIES = (
    *("id", "title", "author", "accuracy_m", "ground_marking", "from", "until"),
    *("part_of", "sides", "cite", "note"),
)


class Shared(TypedDict):
    """What a zone and a line have in common."""

    id: str
    title: str
    author: str
    accuracy_m: int
    ground_marking: str
    since: Moment
    until: Moment
    cite: str
    note: str


class Properties:
    """Reads the properties of one feature; `name` is what its faults call it."""

    def __init__(self, faults: Faults, node: Node) -> None:
        self.faults = faults
        self.at = node.at
        self.given = members_of(node)
        self.id = self._id()
        self.name = f"'{self.id}'" if self.id else "this feature"

    def __contains__(self, key: str) -> bool:
        return key in self.given

    def shared(self, *, drawn: bool) -> Shared:
        """Return what zones and lines have in common; a drawn one must say how accurate it is."""
        if "author" not in self.given:
            self.faults.add(self.at, f"{self.name} has no author", "say who drew it, or which text agrees it")
        since, until = self._moment("from", DAWN), self._moment("until", NEVER)
        if since >= until:
            what = f"{self.name} ceases to be valid no later than it becomes so"
            self.faults.add(self.given["until"].at, what, "put 'from' before 'until'")
        return Shared(
            id=self.id,
            title=self._text("title") or self.id,
            author=self._text("author"),
            accuracy_m=self._accuracy(drawn=drawn),
            ground_marking=self._text("ground_marking"),
            since=since,
            until=until,
            cite=self._text("cite"),
            note=self._text("note"),
        )

    def part_of(self) -> tuple[str, ...]:
        """Return the zones it is said to be part of."""
        node = self.given.get("part_of")
        if node is None:
            return ()
        parents = [one.value for one in node.value] if isinstance(node.value, list) else [None]
        words = tuple(one for one in parents if isinstance(one, str))
        if len(words) != len(parents):
            self.faults.add(node.at, f"{self.name}: part_of is no list of ids", 'write it as ["valley"]')
        return words

    def sides(self) -> tuple[str, str]:
        """Return the names of the left and the right side."""
        node = self.given.get("sides")
        given = members_of(node)
        words = [given[key].value if key in given else "" for key in ("left", "right")]
        left, right = (word.strip() if isinstance(word, str) else "" for word in words)
        if not left or not right or left == right or len(given) != len(words):
            what = "is a line without sides" if node is None else "has sides without two names"
            remedy = 'write "sides": {"left": "...", "right": "..."}, as seen walking along its coordinates'
            self.faults.add(node.at if node else self.at, f"{self.name} {what}", remedy)
        return left, right

    def refuse(self, key: str, what: str) -> None:
        """Add a fault if there is a property that has no place here."""
        if key in self.given:
            self.faults.add(self.given[key].at, what, f"leave '{key}' out")

    def _id(self) -> str:
        """Return the id, "" if there is none."""
        node = self.given.get("id")
        word = node.value if node and isinstance(node.value, str) else ""
        if not word or word != word.strip():
            what = "a feature without an id" if node is None else "an id that is no word"
            remedy = "add the property 'id': the name by which clauses and facts call it"
            self.faults.add(node.at if node else self.at, what, remedy)
        return word

    def _text(self, key: str) -> str:
        """Return a text, "" if it is not there or a fault."""
        node = self.given.get(key)
        if node is None:
            return ""
        if not isinstance(node.value, str) or not node.value.strip():
            what = f"{self.name}: '{key}' is no text"
            self.faults.add(node.at, what, f'write "{key}": "..." with words in it, or leave it out')
            return ""
        return node.value

    def _accuracy(self, *, drawn: bool) -> int:
        node = self.given.get("accuracy_m")
        if node is None:
            if drawn:
                remedy = "say by how many metres the drawn edge may be off; 0 if its coordinates are agreed"
                self.faults.add(self.at, f"{self.name} has no accuracy_m", remedy)
            return 0
        if isinstance(node.value, Decimal) and 0 <= node.value <= MOST_ACCURACY_M and node.value % 1 == 0:
            return int(node.value)
        what = f"{self.name}: accuracy_m is no whole number from 0 to {MOST_ACCURACY_M:,}"
        self.faults.add(node.at, what, "write it in whole metres, rounded up")
        return 0

    def _moment(self, key: str, unsaid: Moment) -> Moment:
        node = self.given.get(key)
        if node is None:
            return unsaid
        try:
            return parse_moment(node.value if isinstance(node.value, str) else "")
        except ValueError as error:
            remedy = "the instant of a change has a date, a time of day and an offset"
            self.faults.add(node.at, f"{self.name}, '{key}': {error}", remedy)
            return unsaid
