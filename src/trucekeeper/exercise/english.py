"""What the sources of a drill say, in sentences. Those who saw for themselves word it each in their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucekeeper.exercise.world import TOWNS

if TYPE_CHECKING:
    from trucekeeper.exercise.acts import Act
    from trucekeeper.exercise.dice import Dice

_HAPPENED = {
    "shelling": ("shells fell on {where}", "artillery fire on {where}", "{where} came under mortar fire"),
    "airstrike": ("aircraft struck {where}", "an air raid on {where}", "bombs were dropped on {where}"),
    "gunfire": ("shots were fired at {where}", "machine-gun fire near {where}", "a burst of fire at {where}"),
    "ground-attack": ("soldiers stormed {where}", "an assault on {where}", "armed men attacked {where}"),
    "surveillance": ("a drone flew over {where}", "a drone circled above {where}", "an unmanned craft over {where}"),
    "incursion": ("soldiers crossed into {where}", "armed men entered {where}", "a group in uniform was in {where}"),
    "movement": (
        "a convoy passed {where}",
        "military vehicles drove through {where}",
        "trucks with troops at {where}",
    ),
    "obstruction": (
        "no way through to {where}",
        "the road to {where} was closed to us",
        "we were stopped at {where}",
    ),
    "release": (
        "captives were handed over at {where}",
        "a release of captives at {where}",
        "people freed at {where}",
    ),
}
_OPENING = {
    "patrol": ("Seen from our post:", "Patrol log:", "On duty we noted:"),
    "sensor": ("Recorded:", "Signal:", "Detected:"),
    "relief": ("Received by our delegates:", "Our team was present:", "Handed to us:"),
    "office": ("We condemn it:", "The press office announces:", "The world must know:"),
    "wire": ("Residents and medics say", "Our correspondent reports", "According to people on the spot"),
    "hotline": ("Caller says", "A woman on the telephone:", "Message left at night:"),
    "dataset": ("Coded event:", "Entry:", "Record:"),
}


def sentence(dice: Dice, manner: str, act: Act, *, by: str, fields: dict[str, int | str]) -> str:
    """Return a report's text."""
    where = TOWNS[act.spot.tile] + dice.pick(("", ", by the mill", ", near the school", ", on the river road"))
    said = [dice.pick(_OPENING[manner]), dice.pick(_HAPPENED[act.kind]).format(where=where)]
    if by:
        said.append(dice.pick(("by the {by}", "it was the {by}", "the {by} did this")).format(by=by.capitalize()))
    counts = [f"{fields[name]} {_counted(name, act)}" for name in ("killed", "injured", "count") if fields.get(name)]
    return ", ".join([" ".join(said[:2]), *said[2:], *counts]) + f". {_close(dice)}"


def _counted(name: str, act: Act) -> str:
    """Return what a count is a count of."""
    if name != "count":
        return name
    return {"shelling": "impacts", "airstrike": "bombs", "release": "captives", "surveillance": "craft"}.get(
        act.kind, "men"
    )


def repeated(dice: Dice, text: str, told_by: str) -> str:
    """Return a text as one who copies it gives it: nearly the same."""
    return dice.pick(("{text}", "RT {by}: {text}", "{text} (via {by})", "Shared: {text}")).format(
        text=text, by=told_by
    )


def _close(dice: Dice) -> str:
    """Return a last sentence that differs from report to report, as people's do."""
    sky = dice.pick(("clear", "dark", "cloudy", "foggy", "windy"))
    then = dice.pick(("dogs barked", "lights went out", "the bridge was empty", "the market closed", "buses stopped"))
    return f"It was {sky}, and {then} for {dice.between(5, 90)} minutes"
