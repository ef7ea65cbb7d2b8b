"""Slips in the file as a whole, its head, names, readings, events and amendments, and every fault told of them.

`agreement.yaml:` before each fault is left out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bad_input.valoria import GOOD, HALT, HEAD, clause, instead, with_readings

if TYPE_CHECKING:
    from tests.bad_input.conftest import Run

DECISION = (
    "amendments:\n"
    "  - {id: d1, cite: c, gloss: g, adopted: 2025-10-10T00:00+02:00, "
    "effective: 2025-10-10T00:00+02:00, effect_on_past: cured}\n"
)
SLIPS = [
    pytest.param(
        "",
        [
            (" the file is empty\n    write it, or remove it"),
        ],
        id="an empty file",
    ),
    pytest.param(
        "# nothing yet\n",
        [
            (" the file is empty\n    write it, or remove it"),
        ],
        id="a file of comments",
    ),
    pytest.param(
        GOOD + "  - &a {id: x, kind: define, cite: c, gloss: g}\n  - *a\n",
        [
            ("19:5: an anchor, &a: each thing is said where it holds\n    remove it"),
            (
                "20:5: an alias, *a: a reader would have to look elsewhere for what it says\n"
                "    write out what it stands for"
            ),
        ],
        id="an anchor and an alias",
    ),
    pytest.param(
        instead("title: The", "title: !!str The"),
        [
            ("2:8: a tag, !!str: types come from the format\n    remove it"),
        ],
        id="a tag",
    ),
    pytest.param(
        instead("    kind", "\tkind"),
        [
            (
                "13:1: a tab: editors show it at different widths, so that what looks aligned need not be\n"
                "    use spaces"
            ),
        ],
        id="a tab",
    ),
    pytest.param(
        GOOD + "---\n" + GOOD,
        [
            ("19:1: a second document in one file\n    keep one document; remove the '---'"),
        ],
        id="two documents",
    ),
    pytest.param(
        "- agreement\n",
        [
            ("1:1: an agreement is a mapping\n    begin with 'agreement: <id>'"),
        ],
        id="a list",
    ),
    pytest.param(
        "agreement\n",
        [
            ("1:1: an agreement is a mapping\n    begin with 'agreement: <id>'"),
        ],
        id="a word",
    ),
    pytest.param(
        instead("{role: guarantor}", "{role: guarantor"),
        [
            (
                "9:7: not YAML: expected ',' or '}', but got ':' (while parsing a flow mapping, opened in "
                "line 8)\n"
                "    mend the brackets, the quotes or the indentation here or just above"
            ),
        ],
        id="a bracket that is not closed",
    ),
    pytest.param(
        "agreement: valoria\n",
        [
            ("1:1: the agreement has no clauses\n    add 'clauses:' with at least one clause"),
            ("1:1: the head has no 'time_zone'\n    add 'time_zone:'"),
            ("1:1: the head has no 'title'\n    add 'title:'"),
        ],
        id="a head alone",
    ),
    pytest.param(
        "agreement:\ntitle:\ntime_zone:\nparties:\nactors:\nvocabulary:\ntexts:\nprecedence:\nnote:\nevents:\nreadings:\namendments:\nin_force:\nclauses:\n",
        [
            ("1:1: 'agreement' is empty\n    write its value"),
            ("2:1: 'title' is empty\n    write its value"),
            ("3:1: 'time_zone' is empty\n    write its value"),
            ("4:1: 'parties' is empty\n    write its value, or leave it out"),
            ("5:1: 'actors' is empty\n    write its value, or leave it out"),
            ("6:1: 'vocabulary' is empty\n    write its value, or leave it out"),
            ("7:1: 'texts' is empty\n    write its value, or leave it out"),
            ("8:1: 'precedence' is empty\n    write its value, or leave it out"),
            ("14:1: the agreement has no clauses\n    add 'clauses:' with at least one clause"),
        ],
        id="nothing anywhere",
    ),
    pytest.param(
        HEAD,
        [
            ("11:1: the agreement has no clauses\n    add 'clauses:' with at least one clause"),
        ],
        id="no clauses",
    ),
    pytest.param(
        HEAD.replace("clauses:", "clauses: []"),
        [
            ("11:1: the agreement has no clauses\n    add 'clauses:' with at least one clause"),
        ],
        id="an empty list of clauses",
    ),
    pytest.param(
        HEAD + "  halt: {kind: prohibit}\n",
        [
            ("11:1: 'clauses' is a mapping, where a list is wanted\n    begin each with '- '"),
        ],
        id="clauses as a mapping",
    ),
    pytest.param(
        HEAD.replace("clauses:", "clauses: none"),
        [
            ("11:1: 'clauses' is 'none', where a list is wanted\n    begin each with '- '"),
        ],
        id="clauses as a word",
    ),
    pytest.param(
        GOOD + "  - halt\n",
        [
            (
                "19:5: a clause is 'halt', where a mapping is wanted\n"
                "    write it as {id: .., kind: .., cite: .., gloss: ..}"
            ),
        ],
        id="a clause that is a word",
    ),
    pytest.param(
        GOOD + "  -\n",
        [
            (
                "19:4: a clause is empty, where a mapping is wanted\n"
                "    write it as {id: .., kind: .., cite: .., gloss: ..}"
            ),
        ],
        id="a clause that is nothing",
    ),
    pytest.param(
        GOOD + "  - {kind: define, cite: c, gloss: g}\n",
        [
            ("19:5: a clause without an id\n    add 'id: <name>'"),
        ],
        id="a clause without an id",
    ),
    pytest.param(
        GOOD + "  - {id: 7, kind: define, cite: c, gloss: g}\n",
        [
            ("19:6: 'id' is 7, where a name is wanted\n    put it in quotes: \"7\""),
        ],
        id="a clause with a number for an id",
    ),
    pytest.param(
        GOOD + "  - {id: no fire, kind: define, cite: c, gloss: g}\n",
        [
            (
                "19:6: 'id': 'no fire' is not a name\n"
                "    use letters, digits, '-', '_' and '.' only, a letter or a digit first"
            ),
        ],
        id="a clause with two words for an id",
    ),
    pytest.param(
        GOOD + "  - {id: {reading: clock, a: x, b: y}, kind: define, cite: c, gloss: g}\n",
        [
            ("19:6: a clause without an id\n    add 'id: <name>'"),
        ],
        id="a clause with a reading for an id",
    ),
    pytest.param(
        GOOD + HALT,
        [
            ("12:5: there are 2 clauses 'halt'\n    give each clause its own id"),
            ("19:5: there are 2 clauses 'halt'\n    give each clause its own id"),
        ],
        id="two clauses of one id",
    ),
    pytest.param(
        GOOD + "  - {id: x, cite: c, gloss: g}\n",
        [
            (
                "19:5: this clause has no 'kind'\n"
                "    add 'kind:', one of prohibit, achieve, maintain, tally, quota, respond, phase, power, "
                "define, procedure"
            ),
        ],
        id="a clause without a kind",
    ),
    pytest.param(
        GOOD + "  - {id: x, kind: , cite: c, gloss: g}\n",
        [
            (
                "19:13: this clause has no 'kind'\n"
                "    add 'kind:', one of prohibit, achieve, maintain, tally, quota, respond, phase, power, "
                "define, procedure"
            ),
        ],
        id="a clause with an empty kind",
    ),
    pytest.param(
        GOOD + "  - {id: x, kind: prohibt, cite: c, gloss: g}\n",
        [
            ("19:13: 'prohibt' is no kind of clause\n    did you mean 'prohibit'?"),
        ],
        id="a clause of an unknown kind",
    ),
    pytest.param(
        GOOD + "  - {id: x, kind: [define, phase], cite: c, gloss: g}\n",
        [
            (
                "19:13: a list is no kind of clause\n"
                "    known: achieve, define, maintain, phase, power, procedure, prohibit, quota, respond, "
                "tally"
            ),
        ],
        id="a clause of several kinds",
    ),
    pytest.param(
        GOOD + "  - {id: x, kind: prohibit, act: {fact: attack}}\n",
        [
            ("19:5: this clause has no 'cite'\n    add 'cite:'"),
            ("19:5: this clause has no 'gloss'\n    add 'gloss:'"),
        ],
        id="a clause without its place and gloss",
    ),
    pytest.param(
        GOOD + "  - {[a]: b}\n  - {{a: b}: c}\n",
        [
            ("19:6: a key that is a list or a mapping\n    write the key as one word"),
            ("20:6: a key that is a list or a mapping\n    write the key as one word"),
        ],
        id="keys that are lists and mappings",
    ),
    pytest.param(
        instead("    kind: prohibit", "    kind: prohibit\n    kind: define"),
        [
            ("14:5: 'kind' is given twice, first in line 13: nobody can tell which is meant\n    keep one"),
        ],
        id="a key given twice",
    ),
    pytest.param(
        "a: " + "[" * 100 + "]" * 100,
        [
            ("1:67: nested deeper than 64 levels\n    say it with fewer levels"),
        ],
        id="nesting without an end",
    ),
    pytest.param(
        instead("title:", "tittle: x\ntitle:"),
        [
            ("2:1: 'tittle' is not known here\n    did you mean 'title'?"),
        ],
        id="an unknown key of the head",
    ),
    pytest.param(
        instead("title: The Valley Ceasefire\n", ""),
        [
            ("1:1: the head has no 'title'\n    add 'title:'"),
        ],
        id="a key of the head that is missing",
    ),
    pytest.param(
        instead("agreement: valoria", "agreement: 2031"),
        [
            ("1:1: 'agreement' is 2031, where a name is wanted\n    put it in quotes: \"2031\""),
        ],
        id="a number for an id",
    ),
    pytest.param(
        instead("Asia/Beirut", "Asia/Beiruth"),
        [
            (
                "3:1: 'Asia/Beiruth' is no IANA time zone\n"
                "    did you mean 'Asia/Beirut' or 'Asia/Brunei' or 'Australia/Perth'?"
            ),
        ],
        id="a time zone misspelt",
    ),
    pytest.param(
        instead("Asia/Beirut", "../etc/passwd"),
        [
            ("3:1: '../etc/passwd' is no IANA time zone\n    write one like Asia/Beirut"),
        ],
        id="a path for a time zone",
    ),
    pytest.param(
        instead("Asia/Beirut", "Asia"),
        [
            ("3:1: 'Asia' is no IANA time zone\n    did you mean 'Asia/Oral' or 'Asia/Omsk' or 'Asia/Hovd'?"),
        ],
        id="a folder of time zones",
    ),
    pytest.param(
        instead("Asia/Beirut", "+03:00"),
        [
            ("3:1: '+03:00' is no IANA time zone\n    write one like Asia/Beirut"),
        ],
        id="an offset for a time zone",
    ),
    pytest.param(
        instead("Asia/Beirut", "3"),
        [
            ("3:1: 'time_zone' is 3, where a name is wanted\n    put it in quotes: \"3\""),
        ],
        id="a number for a time zone",
    ),
    pytest.param(
        instead("Asia/Beirut", "localtime"),
        [
            ("3:1: 'localtime' is no IANA time zone\n    write one like Asia/Beirut"),
        ],
        id="the time zone of the machine",
    ),
    pytest.param(
        instead("events:", "texts: {main: {title: Main text, sha256: abc}}\nevents:"),
        [
            ("9:34: 'sha256': 'abc' is not a SHA-256\n    write its 64 digits, 0 to 9 and a to f"),
        ],
        id="a hash that is none",
    ),
    pytest.param(
        instead("parties:\n  north: {units: [first, second]}\n  south: {}", "parties: [north, south]"),
        [
            ("4:1: 'parties' is a list, where a mapping is wanted\n    write it as {name: ..}"),
        ],
        id="parties as a list",
    ),
    pytest.param(
        instead("south: {}", "south:"),
        [
            ("6:3: 'south' is empty\n    write its value, or leave it out"),
        ],
        id="a party that is empty",
    ),
    pytest.param(
        instead("south: {}", "s\u043euth: {}"),
        [
            (
                "6:3: 's\u043euth' is not a name\n"
                "    use letters, digits, '-', '_' and '.' only, a letter or a digit first"
            ),
        ],
        id="a party in letters that only look like ours",
    ),
    pytest.param(
        instead("south: {}", "anyone: {}").replace("[north, south]", "[north, anyone]"),
        [
            ("6:3: 'anyone' is a word of the language\n    choose another name"),
        ],
        id="a party named as everybody",
    ),
    pytest.param(
        instead("envoy: {role", "north: {role").replace("by: envoy", "by: guarantor"),
        [
            ("5:3: 2 are called 'north'\n    give each a name of its own"),
            ("8:3: 2 are called 'north'\n    give each a name of its own"),
        ],
        id="one name for a party and an actor",
    ),
    pytest.param(
        instead("south: {}", "south: {forces: guard, units: [first]}"),
        [
            ("5:11: 2 are called 'first'\n    give each a name of its own"),
            ("6:26: 2 are called 'first'\n    give each a name of its own"),
        ],
        id="one name for two units",
    ),
    pytest.param(
        instead("south: {}", "south: {forces: first}"),
        [
            ("5:11: 2 are called 'first'\n    give each a name of its own"),
            ("6:11: 2 are called 'first'\n    give each a name of its own"),
        ],
        id="one name for two forces",
    ),
    pytest.param(
        instead("{role: guarantor}", "{}"),
        [
            ("8:3: 'envoy' has no 'role'\n    add 'role:'"),
        ],
        id="an actor without a role",
    ),
    pytest.param(
        instead("{role: guarantor}", "{role: garantor}"),
        [
            ("8:11: 'role' cannot be 'garantor'\n    did you mean 'guarantor'?"),
        ],
        id="an actor of an unknown role",
    ),
    pytest.param(
        instead("{role: guarantor}", "{role: affiliate, of: nrth}"),
        [
            ("8:28: nobody here is called 'nrth'\n    did you mean 'north'?"),
        ],
        id="an affiliate of nobody",
    ),
    pytest.param(
        instead(
            "envoy: {role: guarantor}", "envoy: {role: affiliate, of: band}\n  band: {role: affiliate, of: envoy}"
        ),
        [
            ("8:28: 'envoy' belongs to itself, through 'band'\n    break the circle"),
            ("9:27: 'band' belongs to itself, through 'envoy'\n    break the circle"),
        ],
        id="affiliates of each other",
    ),
    pytest.param(
        instead("events:", "vocabulary: {attack: {says: an attack}}\nevents:"),
        [
            ("9:14: 'attack' is already a kind of fact\n    choose another name"),
        ],
        id="a kind of fact that is there already",
    ),
    pytest.param(
        instead("events:", "vocabulary: {barrage: {says: a barrage, is: shellin}}\nevents:"),
        [
            ("9:41: 'shellin' is no kind of fact declared before\n    did you mean 'shelling'?"),
        ],
        id="a kind of fact that is a sort of an unknown one",
    ),
    pytest.param(
        instead("events:", "vocabulary: {barrage: {says: a barrage, is: barrage}}\nevents:"),
        [
            (
                "9:41: 'barrage' is no kind of fact declared before\n"
                "    known: abduction, abuse, access, airstrike, allegation, amnesty, armed-presence, "
                "arms-handover, attack, base, bombing, ceremony, ..."
            ),
        ],
        id="a kind of fact that is a sort of itself",
    ),
    pytest.param(
        instead("events:", "vocabulary: {barrage: {says: a barrage, fields: {rounds: int}}}\nevents:"),
        [
            ("9:50: 'rounds' cannot be 'int'\n    write word, number, flag, actor, zone or kinds"),
        ],
        id="a field of an unknown type",
    ),
    pytest.param(
        instead("events:", "readings: {clock: {a: x, adopted: none}}\nevents:"),
        [
            ("9:12: reading 'clock' has fewer than two options\n    give each way to read the text"),
        ],
        id="a reading with one option",
    ),
    pytest.param(
        instead("events:", "readings: {clock: a}\nevents:"),
        [
            ("9:12: reading 'clock' is 'a', where a mapping is wanted\n    write {a: .., b: .., adopted: none}"),
        ],
        id="a reading that is a word",
    ),
    pytest.param(
        instead("events:", "readings: {clock: {a: x, b: y, adopted: c}}\nevents:"),
        [
            ("9:32: 'c' is no option of reading 'clock'\n    known: a, b, none"),
        ],
        id="a reading that adopts an unknown option",
    ),
    pytest.param(
        instead("events:", "readings: {clock: {a: x, b: y}}\nevents:"),
        [
            ("9:12: 'clock' has no 'adopted'\n    add 'adopted:'"),
        ],
        id="a reading that does not say what was adopted",
    ),
    pytest.param(
        instead("events:", "readings: {clock: {a: 1, b: y, adopted: none}}\nevents:"),
        [
            ("9:20: 'a' is 1, where a text is wanted\n    put it in quotes: \"1\""),
        ],
        id="a reading with an option that is a number",
    ),
    pytest.param(
        instead("events:", "readings: {the clock: {a: x, b: y, adopted: none}}\nevents:"),
        [
            ("9:12: 'the clock' is not a name\n    use letters, digits, '-', '_' and '.' only"),
        ],
        id="a reading of two words",
    ),
    pytest.param(
        instead("events:", "readings: [clock]\nevents:"),
        [
            (
                "9:1: 'readings' is a list, where a mapping of names is wanted\n"
                "    write 'readings:' and below it one 'name: ..' a line"
            ),
        ],
        id="readings as a list",
    ),
    pytest.param(
        with_readings(instead("title: The Valley Ceasefire", "title: {reading: clock, a: x, b: y}")),
        [
            ("2:1: 'title' is a mapping, where a text is wanted\n    write one text"),
        ],
        id="a reading in the head",
    ),
    pytest.param(
        with_readings(
            instead(
                "{shown_by: {fact: declaration, by: envoy}}",
                "{at: {reading: clock, a: unstated, b: 2025-10-10T12:00}}",
            )
        ),
        [
            (
                "12:48: 'at': '2025-10-10T12:00' has no time of day with an offset\n"
                "    write it as 2025-10-10T12:00+03:00"
            ),
        ],
        id="a bad time in an event under a reading",
    ),
    pytest.param(
        with_readings(instead("act: {fact: attack}", "act: {reading: clock, a: {fact: attack}}")),
        [
            ("20:5: the option 'b' of reading 'clock' has no value here\n    add 'b:'"),
        ],
        id="an option missing",
    ),
    pytest.param(
        with_readings(
            instead(
                "act: {fact: attack}",
                "act: {reading: clock, a: {fact: attack}, b: {fact: shelling}, c: {fact: gunfire}}",
            )
        ),
        [
            ("20:67: 'c' is no option of reading 'clock'\n    known: a, b"),
        ],
        id="an option too many",
    ),
    pytest.param(
        with_readings(instead("act: {fact: attack}", "act: {reading: clok, a: {fact: attack}, b: {fact: shelling}}")),
        [
            ("20:11: reading 'clok' is not declared\n    did you mean 'clock'?"),
        ],
        id="the name of a reading misspelt",
    ),
    pytest.param(
        with_readings(
            instead(
                "act: {fact: attack}", "act: {reading: clock, a: {fact: attack}, b: {fact: attack}}\n    until: soon"
            )
        ),
        [
            (
                "21:5: there is no event, clause or phase 'soon': a trigger that cannot happen\n"
                "    known: approval, halt, in_force"
            ),
        ],
        id="a fault under both options",
    ),
    pytest.param(
        instead("{shown_by: {fact: declaration, by: envoy}}", "{gloss: the approval}"),
        [
            (
                "10:3: nothing shows when this event happens: a trigger that cannot happen\n"
                "    add 'shown_by: {fact: ..}' or 'at:'"
            ),
        ],
        id="an event that nothing shows",
    ),
    pytest.param(
        instead("approval: {shown_by: {fact: declaration, by: envoy}}", "approval:"),
        [
            ("10:3: 'approval' is empty\n    write its value, or leave it out"),
        ],
        id="an event that is empty",
    ),
    pytest.param(
        instead("approval: {shown_by: {fact: declaration, by: envoy}}", "approval: [declaration]"),
        [
            ("10:3: 'approval' is a list, where a mapping is wanted\n    write it as {gloss: ..}"),
        ],
        id="an event that is a list",
    ),
    pytest.param(
        instead("events:\n  approval: {shown_by: {fact: declaration, by: envoy}}", "events: [approval]"),
        [
            (
                "9:1: 'events' is a list, where a mapping of names is wanted\n"
                "    write 'events:' and below it one 'name: ..' a line"
            ),
        ],
        id="events as a list",
    ),
    pytest.param(
        instead("approval: {", "the approval: {").replace("after: approval", "after: in_force"),
        [
            ("10:3: 'the approval' is not a name\n    use letters, digits, '-', '_' and '.' only"),
        ],
        id="an event of two words",
    ),
    pytest.param(
        instead("approval: {", "in_force: {").replace("after: approval", "after: in_force"),
        [
            ("10:3: 'in_force' is a word of the language\n    choose another name"),
        ],
        id="an event by the name of the beginning",
    ),
    pytest.param(
        instead("events:", "events:\n  halt: {at: unstated}"),
        [
            ("10:3: a clause is called 'halt' too\n    give the event another name"),
        ],
        id="an event by the name of a clause",
    ),
    pytest.param(
        clause("phase", "opens: approval", "confirmed_by: {fact: declaration}"),
        [
            ("10:3: a phase is called 'approval' too\n    give the event another name"),
        ],
        id="an event by the name of a phase",
    ),
    pytest.param(
        instead("{fact: declaration, by: envoy}", "[{fact: declaration}, {fact: declration, by: envy}]"),
        [
            (
                "10:47: 'declration' is no kind of fact\n"
                "    did you mean 'declaration' or 'evacuation' or 'demolition'?"
            ),
        ],
        id="an event shown by a kind that is none",
    ),
    pytest.param(
        instead("{fact: declaration, by: envoy}", "{fact: declration}"),
        [
            (
                "10:25: 'declration' is no kind of fact\n"
                "    did you mean 'declaration' or 'evacuation' or 'demolition'?"
            ),
        ],
        id="an event shown by one kind that is none",
    ),
    pytest.param(
        instead("by: envoy}}", "by: envoy}, per: units}"),
        [
            ("10:56: 'units' is no list\n    none is declared"),
        ],
        id="an event for each of no list",
    ),
    pytest.param(
        instead("shown_by: {fact: declaration, by: envoy}", "at: 48h before expiry"),
        [
            (
                "10:14: there is no event, clause or phase 'expiry': a trigger that cannot happen\n"
                "    known: approval, halt, in_force"
            ),
        ],
        id="an event at another that is not there",
    ),
    pytest.param(
        instead("shown_by: {fact: declaration, by: envoy}", "at: approval"),
        [
            (
                "10:3: approval -> approval: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="an event at itself",
    ),
    pytest.param(
        instead("shown_by: {fact: declaration, by: envoy}", "at: 2h after talks").replace(
            "clauses:", "  talks: {at: 1h before approval}\nclauses:"
        ),
        [
            (
                "10:3: approval -> talks -> approval: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="two events that wait for each other",
    ),
    pytest.param(
        clause("achieve", "shown_by: {fact: declaration}", "after: two")
        + "  - {id: two, kind: achieve, cite: c, gloss: g, after: one, shown_by: {fact: declaration}}\n",
        [
            (
                "19:5: one -> two -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="two clauses that wait for each other",
    ),
    pytest.param(
        clause("prohibit", "act: {fact: attack}", "while: {clause: two, stands: consistent}")
        + "  - {id: two, kind: prohibit, cite: c, gloss: g, act: {fact: attack}, while: {not: {clause: one, stands: contrary}}}\n",  # noqa: E501  one line of YAML
        [
            (
                "19:5: one -> two -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="two clauses that stand as the other does",
    ),
    pytest.param(
        clause("phase", "opens: stage", "confirmed_by: {fact: declaration}", "during: stage"),
        [
            (
                "19:5: one -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a clause that waits for the end of the phase it opens",
    ),
    pytest.param(
        instead(
            "events:",
            "events:\n  term: {renews: {first_ends: approval, every: 0d, unless: {fact: termination}, notice: 30d}}",
        ),
        [
            ("10:41: 'every: 0d' is less than a minute\n    is the unit right?"),
        ],
        id="a term that renews itself in no time",
    ),
    pytest.param(
        instead(
            "events:",
            "events:\n  term: {renews: {first_ends: approval, every: unstated, unless: {fact: termination}, notice: unstated}}",  # noqa: E501  one line of YAML
        ),
        [
            ("10:41: 'every: unstated' gives nothing to compute with\n    say 'at: unstated' instead"),
            ("10:87: 'notice: unstated' gives nothing to compute with\n    say 'at: unstated' instead"),
        ],
        id="a term whose renewal is unstated",
    ),
    pytest.param(
        instead(
            "events:",
            "events:\n  term: {renews: {first_ends: term, every: {months: 6}, unless: {fact: termination}, notice: 30d}}",  # noqa: E501  one line of YAML
        ),
        [
            (
                "10:3: term -> term: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a term that first ends with itself",
    ),
    pytest.param(
        instead(
            "events:",
            "events:\n  term: {renews: {first_ends: aproval, every: {months: 6}, unless: {fact: terminaton}, notice: 30d}}",  # noqa: E501  one line of YAML
        ),
        [
            (
                "10:19: there is no event, clause or phase 'aproval': a trigger that cannot happen\n"
                "    did you mean 'approval'?"
            ),
            (
                "10:69: 'terminaton' is no kind of fact\n"
                "    did you mean 'termination' or 'determination' or 'permit'?"
            ),
        ],
        id="a term that something unknown ends",
    ),
    pytest.param(
        instead("events:", "in_force: aproval\nevents:"),
        [
            (
                "9:1: there is no event, clause or phase 'aproval': a trigger that cannot happen\n"
                "    did you mean 'approval'?"
            ),
        ],
        id="a beginning that is not declared",
    ),
    pytest.param(
        instead("events:", "in_force: in_force\nevents:"),
        [
            (
                "9:1: in_force -> in_force: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a beginning that waits for itself",
    ),
    pytest.param(
        instead("events:", "in_force: one\nevents:")
        + "  - {id: one, kind: achieve, cite: c, gloss: g, shown_by: {fact: declaration}}\n",
        [
            (
                "20:5: one -> in_force -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a beginning that waits for a clause that waits for it",
    ),
    pytest.param(
        clause("quota", "count: {fact: release}", "at_least: 5", "after: approval", "cured_by: two")
        + "  - {id: two, kind: quota, cite: c, gloss: g, count: {fact: release}, at_least: 9, every: week, "
        + "after: approval, cured_by: one}\n",
        [
            (
                "19:5: one -> two -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="quotas that make each other good",
    ),
    pytest.param(
        instead("events:", "in_force: 2025-10-10T12:00\nevents:")
        + "  - {id: one, kind: achieve, cite: c, gloss: g, shown_by: {fact: declaration}, within: 72h}\n",
        [
            (
                "9:1: 'in_force': '2025-10-10T12:00' has no time of day with an offset\n"
                "    write it as 2025-10-10T12:00+03:00"
            ),
        ],
        id="a beginning without an offset, and a length that then has its trigger",
    ),
    pytest.param(
        GOOD.replace("  approval: {shown_by: {fact: declaration, by: envoy}}\n", "").replace(
            "    after: approval\n", ""
        )
        + "  - {id: one, kind: achieve, cite: c, gloss: g, shown_by: {fact: declaration}, within: 72h}\n",
        [
            (
                "17:80: 'within: 72h' has no trigger\n"
                "    declare an event that starts its clock, and add 'after: <event>'"
            ),
        ],
        id="a trigger missing where no event is declared",
    ),
    pytest.param(
        (GOOD + DECISION)
        .replace("adopted: 2025-10-10T00:00+02:00", "adopted: approval")
        .replace("effective: 2025-10-10T00:00+02:00", "effective: 48h after approval"),
        [
            ("20:33: 'adopted' is no date of its own\n    give the date of the decision itself"),
            ("20:52: 'effective' is no date of its own\n    give the date of the decision itself"),
        ],
        id="an amendment dated by an event",
    ),
    pytest.param(
        (GOOD + DECISION).replace(
            "adopted: 2025-10-10T00:00+02:00", "adopted: {next: monday, at: '12:00', after: 2025-10-10T00:00+02:00}"
        ),
        [
            ("20:33: 'adopted' is no date of its own\n    give the date of the decision itself"),
        ],
        id="an amendment dated by a weekday",
    ),
    pytest.param(
        (GOOD + DECISION).replace("adopted: 2025-10-10T00:00+02:00, ", ""),
        [
            ("20:5: this amendment has no 'adopted'\n    add 'adopted:'"),
        ],
        id="an amendment without its date",
    ),
    pytest.param(
        (GOOD + DECISION).replace("cured", "cure"),
        [
            ("20:101: 'effect_on_past' cannot be 'cure'\n    did you mean 'cured'?"),
        ],
        id="an amendment of an unknown effect",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, adopts: {clock: a}"),
        [
            ("20:133: reading 'clock' is not declared\n    none is declared"),
        ],
        id="an amendment of an unknown reading",
    ),
    pytest.param(
        with_readings(GOOD) + DECISION.replace("cured", "cured, adopts: {clock: c}"),
        [
            ("22:133: 'c' is no option of reading 'clock'\n    known: a, b"),
        ],
        id="an amendment that adopts an unknown option",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, removes: hlt"),
        [
            ("20:124: there is no clause 'hlt'\n    did you mean 'halt'?"),
        ],
        id="an amendment that removes an unknown clause",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, clauses: {halt: {for: 3d}}"),
        [
            ("20:124: 'clauses' is a mapping, where a list is wanted\n    begin each with '- '"),
        ],
        id="an amendment whose clauses are a mapping",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, clauses: [halt]"),
        [
            (
                "20:134: a clause is 'halt', where a mapping is wanted\n"
                "    write it as {id: .., kind: .., cite: .., gloss: ..}"
            ),
        ],
        id="an amendment whose clause is a word",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, clauses: [{id: halt, for: 3d}, {id: halt, for: 4d}]"),
        [
            ("20:135: there are 2 changes of the clause 'halt'\n    give each clause its own id"),
            ("20:156: there are 2 changes of the clause 'halt'\n    give each clause its own id"),
        ],
        id="an amendment with two changes of one clause",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, clauses: [{id: halt, gloss: null}]"),
        [
            ("12:5: this clause has no 'gloss'\n    add 'gloss:'"),
        ],
        id="an amendment that takes away what a clause needs",
    ),
    pytest.param(
        GOOD + DECISION.replace("cured", "cured, clauses: [{id: halt, act: {fact: atack}}]"),
        [
            ("20:151: 'atack' is no kind of fact\n    did you mean 'attack' or 'talks'?"),
        ],
        id="an amendment that puts a fault into a clause",
    ),
    pytest.param(
        GOOD + "amendments: [3]\n",
        [
            (
                "19:14: an amendment is 3, where a mapping is wanted\n"
                "    write it as {id: .., cite: .., gloss: .., adopted: .., effective: .., effect_on_past: "
                "..}"
            ),
        ],
        id="an amendment that is a number",
    ),
    pytest.param(
        GOOD + "amendments: {d1: {cite: c}}\n",
        [
            ("19:1: 'amendments' is a mapping, where a list is wanted\n    begin each with '- '"),
        ],
        id="amendments as a mapping",
    ),
    pytest.param(
        GOOD + DECISION + DECISION.replace("amendments:\n", ""),
        [
            ("21:6: there are two amendments 'd1'\n    give each its own id"),
        ],
        id="two amendments of one id",
    ),
    pytest.param(
        GOOD + DECISION.replace("id: d1", "id: [d1]"),
        [
            ("20:6: 'id' is a list, where a name is wanted\n    write one"),
        ],
        id="an amendment with a list for an id",
    ),
    pytest.param(
        instead("title: The Valley Ceasefire", 'title: "\\e[31mCeasefire"'),
        [
            ("2:8: a character that no text holds, U+001B\n    remove it"),
        ],
        id="an escape sequence in a title",
    ),
    pytest.param(
        instead("title: The Valley Ceasefire", 'title: "\\u202eCeasefire"'),
        [
            ("2:8: a character that no text holds, U+202E\n    remove it"),
        ],
        id="an override of the order of writing in a title",
    ),
    pytest.param(
        instead("title: The Valley Ceasefire", 'title: "\\ud800Ceasefire"'),
        [
            ("2:8: a character that no text holds, U+D800\n    remove it"),
        ],
        id="half a character in a title",
    ),
    pytest.param(
        instead("title:", '"\\e[31mtitel": x\ntitle:'),
        [
            ("2:1: a character that no text holds, U+001B\n    remove it"),
        ],
        id="an escape sequence in a key",
    ),
    pytest.param(
        instead("title: The", "title: \x1b[31mThe"),
        [
            ("2:8: a character that no text holds, U+001B\n    remove it"),
        ],
        id="an escape sequence as it is",
    ),
    pytest.param(
        instead("The Valley Ceasefire", "x" * 20_001),
        [
            ("2:1: 'title' has 20,001 characters, over the 20,000 that are read\n    shorten it"),
        ],
        id="a title without an end",
    ),
    pytest.param(
        instead("{fact: attack}", "{fact: " + "x" * 81 + "}"),
        [
            ("18:11: 'fact' has 81 characters, over the 80 that are read\n    shorten it"),
        ],
        id="a name without an end",
    ),
    pytest.param(
        bytes(range(256)),
        [
            ("2:118: not UTF-8: the byte 0x80\n    save the file as UTF-8 text"),
        ],
        id="a file that is no text",
    ),
    pytest.param(
        b"\x89PNG\r\n\x1a\n",
        [
            ("1:1: not UTF-8: the byte 0x89\n    save the file as UTF-8 text"),
        ],
        id="a picture",
    ),
    pytest.param(
        instead("Valley", "Vallée").encode("latin-1"),
        [
            ("2:16: not UTF-8: the byte 0xE9\n    save the file as UTF-8 text"),
        ],
        id="a text in another encoding",
    ),
    pytest.param(
        GOOD + "#" + "x" * 10_000_000,
        [
            (
                " the file has 10,000,381 characters, over the 5,000,000 that are read at once\n"
                "    split it into several files"
            ),
        ],
        id="a file of ten megabytes",
    ),
]


@pytest.mark.parametrize(("agreement", "faults"), SLIPS)
def test_a_slip_in_the_agreement_is_told_with_its_place_and_what_to_write(
    check: Run, agreement: str | bytes, faults: list[str]
) -> None:
    answer = check(agreement)

    assert [fault.removeprefix("agreement.yaml:") for fault in answer.faults] == faults
    assert (answer.code, answer.out) == (2, "")


def test_the_agreement_that_each_test_spoils_is_good(check: Run) -> None:
    answer = check(GOOD)

    assert (answer.code, answer.err) == (0, "")
