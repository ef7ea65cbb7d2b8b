"""Slips within one clause: what was written, and every fault that is told of it, with its remedy.

The lines are those of a second clause of the agreement; the first of them is line 23. `agreement.yaml:` before each
fault is left out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bad_input.valoria import clause

if TYPE_CHECKING:
    from tests.bad_input.conftest import Run

SLIPS = [
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: many"],
        [
            (
                "24:5: 'at_least' is 'many', where a whole number is wanted\n"
                "    write it as 12, without a point, a unit or quotes; or write {percent: .., of: ..} or "
                "{ratio: .., per: ..}"
            ),
        ],
        id="a count that is a word",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: 3", "field: 3"],
        [
            ("25:5: 'field' is 3, where a name is wanted\n    put it in quotes: \"3\""),
        ],
        id="a name that is a number",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: 72"],
        [
            (
                "25:5: 'within': 72 is not a length of time\n"
                "    write it as 72h, or as {days: 14, first_day: counts | excluded | unstated}, or as "
                "{months: 6}"
            ),
        ],
        id="a length that is a number",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: soon"],
        [
            ("25:5: 'within': 'soon' is not a length of time\n    write it as 72h, 90m, 14d or 2w"),
        ],
        id="a length that is no length",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: {days: 14, from: noon}"],
        [
            (
                "25:5: 'within': a mapping that is no length of time\n"
                "    write it as 72h, or as {days: 14, first_day: counts | excluded | unstated}, or as "
                "{months: 6}"
            ),
        ],
        id="a length in a mapping of another kind",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: {days: 0, first_day: counts}"],
        [
            ("25:5: 'within': 0 days cannot be counted\n    write a whole number from 1 to 73,200"),
        ],
        id="no days at all",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: {days: true}"],
        [
            ("25:5: 'within': true days cannot be counted\n    write a whole number from 1 to 73,200"),
        ],
        id="days that are a flag",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: {months: 2401}"],
        [
            ("25:5: 'within': 2401 months cannot be counted\n    write a whole number from 1 to 2,400"),
        ],
        id="more months than 200 years",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: approval", "within: 73201d"],
        [
            ("25:5: 'within': '73201d' is longer than 200 years\n    is the unit right?"),
        ],
        id="a length of more than 200 years",
    ),
    pytest.param(
        "prohibit",
        ["by: 3", "act: {fact: attack}"],
        [
            ("23:5: 'by' is 3, where a name is wanted\n    put it in quotes: \"3\"; or write {anyone_except: ..}"),
        ],
        id="a party that is a number",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: attack"],
        [
            ("24:5: 'act' is 'attack', where a mapping is wanted\n    write it as {fact: ..}"),
        ],
        id="a pattern that is a word",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: 3"],
        [
            ("24:5: 'act' is 3, where a mapping is wanted\n    write it as {fact: ..}"),
        ],
        id="a pattern that is a number",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: [attack]"],
        [
            ("24:11: an entry of 'act' is 'attack', where a mapping is wanted\n    write it as {fact: ..}"),
        ],
        id="a list of words where patterns stand",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: [{fact: attack}, null]"],
        [
            ("24:27: an entry of 'act' is empty\n    write its value, or leave it out"),
        ],
        id="a list with nothing in one place",
    ),
    pytest.param(
        "prohibit",
        ["by: []", "act: {fact: attack}"],
        [
            (
                "23:5: 'by' is an empty list\n"
                "    write one or more, or leave the key out; or write {anyone_except: ..}"
            ),
        ],
        id="an empty list",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {in: valley}"],
        [
            ("24:5: 'act' has no 'fact'\n    add 'fact:'"),
        ],
        id="a pattern without a kind of fact",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, fields: {weapon: mortar}}"],
        [
            ("24:25: the fields of a fact do not stand under 'fields'\n    write them beside 'fact'"),
        ],
        id="fields under 'fields'",
    ),
    pytest.param(
        "respond",
        ["by: north", "to: {fact: attack}", "result_alone: often"],
        [
            (
                "25:5: 'result_alone' is 'often', where true or false is wanted\n"
                "    write true or false, without quotes"
            ),
        ],
        id="a flag that is a word",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: -3"],
        [
            (
                "24:5: 'at_least' cannot be -3\n"
                "    write a whole number of at least 0; or write {percent: .., of: ..} or {ratio: .., per: "
                "..}"
            ),
        ],
        id="a negative count",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "after: approval", "at_least: -1"],
        [
            ("25:5: 'at_least' cannot be -1\n    write a whole number of at least 0"),
        ],
        id="a negative quota",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: {percent: 120, of: {fact: base}}"],
        [
            ("24:16: 'percent' cannot be 120\n    write a whole number from 1 to 100"),
        ],
        id="a percentage over a hundred",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: {percent: 0, of: {fact: base}}"],
        [
            ("24:16: 'percent' cannot be 0\n    write a whole number from 1 to 100"),
        ],
        id="a percentage of nothing",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: {percent: 50}"],
        [
            ("24:5: 'at_least' has no 'of'\n    add 'of:'"),
        ],
        id="a percentage without its base",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: 50%"],
        [
            (
                "24:5: 'at_least' is '50%', where a whole number is wanted\n"
                "    write it as 12, without a point, a unit or quotes; or write {percent: .., of: ..} or "
                "{ratio: .., per: ..}"
            ),
        ],
        id="a percentage as text",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "watched: {at_least: 200%}"],
        [
            ("25:15: 'at_least: 200%' is more than all of the time\n    write a percentage from 0% to 100%"),
        ],
        id="a watch of more than all the time",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "watched: {at_least: most}"],
        [
            ("25:15: 'at_least': 'most' is not a percentage\n    write it as 80%"),
        ],
        id="a watch for part of the time without the sign",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {met: halt, at: hearsay}"],
        [
            ("25:24: 'at' cannot be 'hearsay'\n    a level of proof is alleged, corroborated or verified"),
        ],
        id="a level of proof that is none",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "excuse: {plea: self-defence, burden: judge}"],
        [
            ("25:34: 'burden' cannot be 'judge'\n    write pleader or accuser"),
        ],
        id="an unknown burden",
    ),
    pytest.param(
        "define",
        ["note: [a, b]"],
        [
            ("23:5: 'note' is a list, where a text is wanted\n    write one text"),
        ],
        id="a gloss in a list",
    ),
    pytest.param(
        "define",
        ["text: neither side attacks"],
        [
            ("23:5: 'text' is 'neither side attacks', where a mapping is wanted\n    write it as {name: ..}"),
        ],
        id="a text for each language that is a text",
    ),
    pytest.param(
        "define",
        ["text: {'in English': neither side attacks}"],
        [
            (
                "23:12: 'in English' is not a name\n"
                "    use letters, digits, '-', '_' and '.' only, a letter or a digit first"
            ),
        ],
        id="a text under a language that is no name",
    ),
    pytest.param(
        "define",
        ["note: ''"],
        [
            ("23:5: 'note' is an empty text\n    write it, or leave the key out"),
        ],
        id="a text that is empty",
    ),
    pytest.param(
        "define",
        ["note: 2031"],
        [
            ("23:5: 'note' is 2031, where a text is wanted\n    put it in quotes: \"2031\""),
        ],
        id="a number as a text",
    ),
    pytest.param(
        "procedure",
        ["steps: {who: envoy, does: decides}"],
        [
            (
                "23:5: 'steps' is a mapping, where a list is wanted\n"
                "    write it as [.., ..], or each entry on a line of its own after '- '"
            ),
        ],
        id="steps that are one step",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "after: approval", "at_least: 1", "week_starts: mon"],
        [
            ("26:5: 'week_starts' cannot be 'mon'\n    did you mean 'monday'?"),
        ],
        id="a weekday in short",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "after: approval", "at_least: 1", "every: fortnight"],
        [
            (
                "26:5: 'every': 'fortnight' is not a length of time\n"
                "    write it as 72h, 90m, 14d or 2w; or write day, week or month"
            ),
        ],
        id="a period that is no period",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "after: approval", "at_least: 1", "every: 0d"],
        [
            ("26:5: 'every: 0d' is less than a minute\n    is the unit right?"),
        ],
        id="a period of no length",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: 3", "tranches:", "field:"],
        [
            ("25:5: 'tranches' is empty\n    write its value, or leave it out"),
            ("26:5: 'field' is empty\n    write its value, or leave it out"),
        ],
        id="a value that is empty",
    ),
    pytest.param(
        "tally",
        ["cuont: {fact: release}", "at_least: 3"],
        [
            ("23:5: 'cuont' is not known here\n    did you mean 'count' or 'until'?"),
        ],
        id="a key of the clause misspelt",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "excuse: {plea: self-defence, burdn: pleader}"],
        [
            ("25:34: 'burdn' is not known here\n    did you mean 'burden'?"),
        ],
        id="a key of an excuse misspelt",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, killed: {at_lest: 3}}"],
        [
            ("24:34: 'at_lest' is not known here\n    did you mean 'at_least' or 'at_most'?"),
        ],
        id="a key of a limit misspelt",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {consecutive_day: 7, without: {fact: attack}}"],
        [
            ("25:13: 'consecutive_day' is not known here\n    did you mean 'consecutive_days'?"),
        ],
        id="the key that a condition needs misspelt",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {all: [{open: approval}, {not: {opn: approval}}]}"],
        [
            ("25:44: 'opn' is not known here\n    did you mean 'open'?"),
        ],
        id="a condition inside another misspelt",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "tranches: [{at_least: 3}]"],
        [
            (
                "25:5: 'tranches' is not known here\n"
                "    known: act, after, by, cite, during, each, excuse, for, gloss, id, kind, note, ..."
            ),
        ],
        id="a key of another kind of clause",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release, categry: civilian}", "at_least: 3"],
        [
            ("23:28: 'categry: civilian' is no field of 'release'\n    did you mean 'category'?"),
        ],
        id="an unknown field of a kind of fact",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, outsid: valley}"],
        [
            ("24:25: 'outsid: valley' is no field of 'attack'\n    did you mean 'outside' or 'side'?"),
        ],
        id="a key of the pattern misspelt",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: peace"],
        [
            (
                "25:5: 'while' is 'peace', where a mapping is wanted\n"
                "    write it as {consecutive_days: .., without: ..}, {happened: ..}, {met: ..}, {clause: "
                ".., stands: ..}, {holds: ..}, {open: ..}, {all: ..}, {any: ..} or {not: ..}"
            ),
        ],
        id="a condition that is a word",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {}"],
        [
            (
                "25:5: 'while' is a mapping of no kind known here\n"
                "    write {consecutive_days: .., without: ..}, {happened: ..}, {met: ..}, {clause: .., "
                "stands: ..}, {holds: ..}, {open: ..}, {all: ..}, {any: ..} or {not: ..}"
            ),
        ],
        id="a condition that is empty",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {met: halt, open: approval}"],
        [
            (
                "25:5: 'while' says several things at once: met, open\n"
                "    write one of them, or join them as {all: [{..}, {..}]}"
            ),
        ],
        id="two conditions in one",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: {percent: 50, ratio: 3}"],
        [
            ("24:5: 'at_least' says several things at once: percent, ratio\n    write one of them"),
        ],
        id="two quantities in one",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {all: {open: approval}}"],
        [
            (
                "25:13: 'all' is a mapping, where a list is wanted\n"
                "    write it as [.., ..], or each entry on a line of its own after '- '"
            ),
        ],
        id="conditions that are no list",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {consecutive_days: seven, without: {fact: attack}}"],
        [
            (
                "25:13: 'consecutive_days' is 'seven', where a whole number is wanted\n"
                "    write it as 12, without a point, a unit or quotes"
            ),
        ],
        id="days that are a word",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {consecutive_days: 0, without: {fact: attack}}"],
        [
            ("25:13: 'consecutive_days' cannot be 0\n    write a whole number from 1 to 3660"),
        ],
        id="no quiet days",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {met: halt}"],
        [
            ("25:13: 'halt' is no clause that can be met\n    none is declared"),
        ],
        id="a condition on a clause that can never be met",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {clause: hlt, stands: consistent}"],
        [
            ("25:13: there is no clause 'hlt'\n    did you mean 'halt'?"),
        ],
        id="a condition on a clause that is not there",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {open: aproval}"],
        [
            ("25:13: there is no phase or event 'aproval'\n    did you mean 'approval'?"),
        ],
        id="a condition on a phase that is not there",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "while: {holds: calm, determined_by: envy}"],
        [
            ("25:26: nobody here is called 'envy'\n    did you mean 'envoy'?"),
        ],
        id="a condition that nobody here decides",
    ),
    pytest.param(
        "prohibit",
        [
            "by: north",
            "act: {fact: attack}",
            "while: {consecutive_days: 7, without: {fact: attack}, watched: {by: envy, at_least: 101%}}",
        ],
        [
            ("25:69: nobody here is called 'envy'\n    did you mean 'envoy'?"),
            ("25:79: 'at_least: 101%' is more than all of the time\n    write a percentage from 0% to 100%"),
        ],
        id="quiet days watched by nobody here",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, in: vally}"],
        [
            (
                "24:25: zone 'vally' is not in zones.geojson\n"
                "    draw it, or give it 'geometry: null' if no map was published"
            ),
        ],
        id="an undrawn zone",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, outside: vally}"],
        [
            (
                "24:25: zone 'vally' is not in zones.geojson\n"
                "    draw it, or give it 'geometry: null' if no map was published"
            ),
        ],
        id="an undrawn zone outside of which",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, side: west of the-line}"],
        [
            ("24:29: line 'the-line' is not in zones.geojson\n    draw it as a LineString with sides"),
        ],
        id="an undrawn line",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, side: west of valley}"],
        [
            ("24:29: line 'valley' is not in zones.geojson\n    draw it as a LineString with sides"),
        ],
        id="a zone where a line is meant",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, side: top of agreed-line}"],
        [
            ("24:29: line 'agreed-line' has no side 'top'\n    known: east, west"),
        ],
        id="a side that the line has not",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, side: west}"],
        [
            ("24:29: 'side': 'west' is no side of a line\n    write it as 'west of agreed-line'"),
        ],
        id="a side without its line",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, side: [west, agreed-line]}"],
        [
            ("24:29: 'side': a list is no side of a line\n    write it as 'west of agreed-line'"),
        ],
        id="a side that is a list",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, distance: 25km}"],
        [
            (
                "24:29: 'distance': '25km' is no distance from a line or zone\n"
                "    write it as 'at least 25km from agreed-line' or 'under 10km from agreed-line'"
            ),
        ],
        id="a distance without a line",
    ),
    pytest.param(
        "achieve",
        ["by: north", "state: {fact: position, distance: at least 25km from the-line}"],
        [
            ("24:29: 'the-line' is not in zones.geojson\n    draw it"),
        ],
        id="a distance from an undrawn line",
    ),
    pytest.param(
        "define",
        ["zones: [valley, vally]"],
        [
            (
                "23:5: zone 'vally' is not in zones.geojson\n"
                "    draw it, or give it 'geometry: null' if no map was published"
            ),
        ],
        id="a definition with an undrawn zone",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: movement, toward: vally}"],
        [
            (
                "24:27: zone 'vally' is not in zones.geojson\n"
                "    draw it, or give it 'geometry: null' if no map was published"
            ),
        ],
        id="an undrawn zone in a field",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 2025-10-10T12:00"],
        [
            (
                "24:5: 'deadline': '2025-10-10T12:00' has no time of day with an offset\n"
                "    write it as 2025-10-10T12:00+03:00"
            ),
        ],
        id="a time without an offset",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 2025-10-10"],
        [
            (
                "24:5: 'deadline': '2025-10-10' is a day, not a moment\n"
                "    write 'start of 2025-10-10' or 'end of 2025-10-10'"
            ),
        ],
        id="a day where a moment is wanted",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: end of 2025-02-30"],
        [
            ("24:5: 'deadline': '2025-02-30' is in no calendar\n    mend the month or the day"),
        ],
        id="a day that no calendar has",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 2025-02-30T12:00+02:00"],
        [
            ("24:5: 'deadline': '2025-02-30' is in no calendar\n    mend the month or the day"),
        ],
        id="a moment of a day that no calendar has",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 2025-02-03T25:00+02:00"],
        [
            ("24:5: 'deadline': '2025-02-03T25:00+02:00' is not a time\n    hour must be in 0..23"),
        ],
        id="an hour that no clock has",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 2025-02"],
        [
            ("24:5: 'deadline': '2025-02' is not a time\n    write it as 2025-10-10T12:00+03:00"),
        ],
        id="a month alone",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 0205-10-10T12:00+02:00"],
        [
            ("24:5: 'deadline': '0205-10-10T12:00+02:00' is not in the years 1900 to 2199\n    is the year right?"),
        ],
        id="a misread year",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: end of 9999-12-31"],
        [
            ("24:5: 'deadline': '9999-12-31' is not in the years 1900 to 2199\n    is the year right?"),
        ],
        id="a year for no end",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 20251010"],
        [
            (
                "24:5: 'deadline': 20251010 is no moment\n"
                "    name an event, or write a time with its offset as 2025-10-10T12:00+03:00, or '48h "
                "before expiry'"
            ),
        ],
        id="a moment that is a number",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: true"],
        [
            (
                "24:5: 'deadline': true is no moment\n"
                "    name an event, or write a time with its offset as 2025-10-10T12:00+03:00, or '48h "
                "before expiry'"
            ),
        ],
        id="a moment that is a flag",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: when all is quiet"],
        [
            (
                "24:5: 'deadline': 'when all is quiet' is no moment\n"
                "    name an event, or write a time with its offset as 2025-10-10T12:00+03:00, or '48h "
                "before expiry'"
            ),
        ],
        id="a moment that is a sentence",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {noon: monday}"],
        [
            (
                "24:5: 'deadline': a mapping that is no moment\n"
                '    write {first_of: [..]}, {last_of: [..]} or {next: monday, at: "12:00", after: approval}'
            ),
        ],
        id="a moment in a mapping of another kind",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {last_of: []}"],
        [
            ("24:5: 'deadline': 'last_of' without moments\n    write {last_of: [approval, exchange]}"),
        ],
        id="the last of no moments",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {first_of: approval}"],
        [
            ("24:5: 'deadline': 'first_of' without moments\n    write {first_of: [approval, exchange]}"),
        ],
        id="the first of a word",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {next: mon, at: '12:00', after: approval}"],
        [
            (
                "24:5: 'deadline': no weekday with a time of day\n"
                '    write {next: monday, at: "12:00", after: approval}'
            ),
        ],
        id="a weekday that is none",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {next: monday, at: '24:00', after: approval}"],
        [
            (
                "24:5: 'deadline': no weekday with a time of day\n"
                '    write {next: monday, at: "12:00", after: approval}'
            ),
        ],
        id="a time of day that is none",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {last_of: [approval, 48h before 2025-10-10]}"],
        [
            (
                "24:5: 'deadline': '2025-10-10' is a day, not a moment\n"
                "    write 'start of 2025-10-10' or 'end of 2025-10-10'"
            ),
        ],
        id="a moment inside another that is none",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: {last_of: [approval, unstated]}"],
        [
            (
                "24:5: 'deadline': 'unstated' is no moment here\n"
                "    leave the key out, or name an event whose time is unstated"
            ),
        ],
        id="an unstated moment inside another",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: 999999999w before approval"],
        [
            ("24:5: 'deadline': '999999999w' is longer than 200 years\n    is the unit right?"),
        ],
        id="a length of time before an event too long",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "deadline: " + "1h before " * 50 + "approval"],
        [
            ("24:5: 'deadline': a moment of 508 characters\n    name an event for it, and say there when it is"),
        ],
        id="a phrase without an end",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "after: 2025-02-01T00:00+02:00", "until: 2025-01-01T00:00+02:00"],
        [
            (
                "26:5: 'until: 2025-01-01T00:00+02:00' is before 'after': nothing ends before it begins\n"
                "    mend one of the two"
            ),
        ],
        id="an end before the beginning",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: start of 2025-02-01", "deadline: end of 2025-01-31"],
        [
            (
                "25:5: 'deadline: end of 2025-01-31' is before 'after': nothing ends before it begins\n"
                "    mend one of the two"
            ),
        ],
        id="a deadline before the beginning",
    ),
    pytest.param(
        "maintain",
        ["state: {fact: position, side: west of agreed-line}", "tolerance: 24"],
        [
            ("24:5: 'tolerance': 24 is not a length of time\n    write it as 72h, 90m, 14d or 2w"),
        ],
        id="a tolerance that is a number",
    ),
    pytest.param(
        "maintain",
        ["state: {fact: position, side: west of agreed-line}", "tolerance: a day"],
        [
            ("24:5: 'tolerance': 'a day' is not a length of time\n    write it as 72h, 90m, 14d or 2w"),
        ],
        id="a tolerance that is a word",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "within: 72h"],
        [
            ("24:5: 'within: 72h' has no trigger\n    add 'after: approval'"),
        ],
        id="a trigger missing",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: aproval", "within: 72h"],
        [
            (
                "24:5: there is no event, clause or phase 'aproval': a trigger that cannot happen\n"
                "    did you mean 'approval'?"
            ),
        ],
        id="a trigger that is not declared",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: halt"],
        [
            ("24:5: clause 'halt' can never be met: a trigger that cannot happen\n    name an event instead"),
        ],
        id="a trigger that can never be met",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "tranches: [{at_least: 3, deadline: aproval}]"],
        [
            (
                "24:30: there is no event, clause or phase 'aproval': a trigger that cannot happen\n"
                "    did you mean 'approval'?"
            ),
        ],
        id="a trigger of a part that is not declared",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "during: two"],
        [
            ("25:5: there is no phase 'two'\n    none is declared"),
        ],
        id="a phase that is not declared",
    ),
    pytest.param(
        "phase",
        ["opens: two"],
        [
            ("19:5: nothing opens this phase\n    add 'when:' or 'confirmed_by:'"),
        ],
        id="a phase that nothing opens",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "after: one"],
        [
            (
                "19:5: one -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a clause that waits for itself",
    ),
    pytest.param(
        "phase",
        ["opens: two", "when: {open: two}"],
        [
            (
                "19:5: one -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a clause that waits for the phase it opens",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "paired_with: {clause: one, if_undetermined: ask}"],
        [
            (
                "19:5: one -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a clause paired with itself",
    ),
    pytest.param(
        "power",
        ["may: excuse", "of: halt", "if: {clause: halt, stands: not contrary}"],
        [
            (
                "12:5: halt -> the condition of one -> halt: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a prohibition whose power to excuse asks how it stands",
    ),
    pytest.param(
        "power",
        ["may: excuse", "of: all", "if: {not: {clause: halt, stands: contrary}}"],
        [
            (
                "12:5: halt -> the condition of one -> halt: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a prohibition among all that a power excuses that asks how it stands",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "tranches: [{at_least: 3, deadline: 24h after one}]"],
        [
            (
                "19:5: one -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a tranche that waits for its own tally",
    ),
    pytest.param(
        "define",
        ["date: 24h after one"],
        [
            (
                "19:5: one -> one: each waits for the other at the same instant\n"
                "    break the circle with an event that facts show"
            ),
        ],
        id="a date that waits for itself",
    ),
    pytest.param(
        "achieve",
        ["shown_by: {fact: declaration}", "paired_with: {clause: two, if_undetermined: ask}"],
        [
            ("24:19: there is no clause 'two'\n    known: halt, one"),
        ],
        id="a clause paired with one that is not there",
    ),
    pytest.param(
        "prohibit",
        ["by: north"],
        [
            ("19:5: a prohibition without 'act'\n    add 'act: {fact: ..}' or 'text_only: <reason>'"),
        ],
        id="a prohibition of nothing",
    ),
    pytest.param(
        "achieve",
        ["by: north"],
        [
            (
                "19:5: nothing shows the state to be achieved\n"
                "    add 'state:' or 'shown_by:', or 'text_only: <reason>'"
            ),
        ],
        id="an undertaking that nothing shows",
    ),
    pytest.param(
        "maintain",
        ["by: north"],
        [
            ("19:5: a state to be kept needs either 'state' or 'measure'\n    give one of them"),
        ],
        id="a state that nothing shows",
    ),
    pytest.param(
        "maintain",
        ["state: {fact: position, side: west of agreed-line}", "measure: {fact: strength}", "at_least: 3"],
        [
            ("19:5: a state to be kept needs either 'state' or 'measure'\n    give one of them"),
        ],
        id="a state shown twice",
    ),
    pytest.param(
        "maintain",
        ["measure: {fact: strength}"],
        [
            ("23:5: a measure without a limit\n    add 'at_least:' or 'at_most:'"),
        ],
        id="a measure without a limit",
    ),
    pytest.param(
        "maintain",
        ["measure: {fact: strength}", "at_least: 5", "at_most: 4"],
        [
            ("24:5: 'at_least: 5' is over 'at_most: 4': no number is both\n    exchange them, or mend one"),
        ],
        id="a measure between limits that no number keeps",
    ),
    pytest.param(
        "tally",
        ["at_least: 3"],
        [
            ("19:5: a tally without 'count'\n    add 'count: {fact: ..}' or 'text_only: <reason>'"),
        ],
        id="a tally of nothing",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}"],
        [
            ("19:5: a tally without a target\n    add 'at_least:', 'at_most:', 'exactly:' or 'tranches:'"),
        ],
        id="a tally without a target",
    ),
    pytest.param(
        "tally",
        ["count: {fact: release}", "at_least: 5", "at_most: 4"],
        [
            ("24:5: 'at_least: 5' is over 'at_most: 4': no number is both\n    exchange them, or mend one"),
        ],
        id="a tally between limits that no number keeps",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "after: approval"],
        [
            ("19:5: a quota needs 'count' and 'at_least' or 'at_most'\n    add them, or 'text_only: <reason>'"),
        ],
        id="a quota without a number",
    ),
    pytest.param(
        "quota",
        ["at_least: 3", "after: approval"],
        [
            ("19:5: a quota needs 'count' and 'at_least' or 'at_most'\n    add them, or 'text_only: <reason>'"),
        ],
        id="a quota of nothing",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "at_least: 1"],
        [
            ("19:5: a quota without a first day\n    add 'after: approval', or 'in_force:' at the head"),
        ],
        id="a quota without a first day",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "at_least: 5", "at_most: 4", "after: approval"],
        [
            ("24:5: 'at_least: 5' is over 'at_most: 4': no number is both\n    exchange them, or mend one"),
        ],
        id="a quota between limits that no number keeps",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "at_least: 5", "after: approval", "cured_by: one"],
        [
            ("26:5: there is no other quota 'one'\n    none is declared"),
        ],
        id="a quota cured by itself",
    ),
    pytest.param(
        "quota",
        ["count: {fact: release}", "at_least: 5", "after: approval", "cured_by: halt"],
        [
            ("26:5: there is no other quota 'halt'\n    none is declared"),
        ],
        id="a quota cured by a prohibition",
    ),
    pytest.param(
        "respond",
        ["with: {fact: inspection}"],
        [
            ("19:5: a duty to respond needs 'to' and 'with'\n    add them, or 'text_only: <reason>'"),
        ],
        id="a duty to answer nothing",
    ),
    pytest.param(
        "respond",
        ["to: {fact: attack}"],
        [
            ("19:5: a duty to respond needs 'to' and 'with'\n    add them, or 'text_only: <reason>'"),
        ],
        id="a duty to answer with nothing",
    ),
    pytest.param(
        "power",
        ["may: suspend", "of: hlt", "exercise: {fact: suspension}"],
        [
            ("24:5: there is no clause 'hlt'\n    did you mean 'halt'?"),
        ],
        id="a power over a clause that is not there",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: atack}"],
        [
            ("24:11: 'atack' is no kind of fact\n    did you mean 'attack' or 'talks'?"),
        ],
        id="a kind of fact outside the vocabulary",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: coverage}"],
        [
            (
                "24:11: 'coverage' cannot stand here: it says what was seen or counted, not what happened\n"
                "    name what happened, as attack or release"
            ),
        ],
        id="a watch as an act",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: claim}"],
        [
            (
                "24:11: 'claim' cannot stand here: it says what was seen or counted, not what happened\n"
                "    name what happened, as attack or release"
            ),
        ],
        id="a claim as an act",
    ),
    pytest.param(
        "maintain",
        ["measure: {fact: attack}", "at_least: 3"],
        [
            ("23:15: 'attack' is no state that can be measured\n    use strength, position, deployment, .."),
        ],
        id="an event as a measure",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, killed: many}"],
        [
            (
                "24:25: 'killed: many' cannot be tested so: it holds a number\n"
                "    write a whole number, or {at_least: 3}, {at_most: 3}, {above: 3} or {below: 3}"
            ),
        ],
        id="a number tested as a word",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, killed: true}"],
        [
            (
                "24:25: 'killed: true' cannot be tested so: it holds a number\n"
                "    write a whole number, or {at_least: 3}, {at_most: 3}, {above: 3} or {below: 3}"
            ),
        ],
        id="a number tested as a flag",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, permitted: maybe}"],
        [
            (
                "24:25: 'permitted: maybe' cannot be tested so: it holds true or false\n"
                "    write true or false, without quotes"
            ),
        ],
        id="a flag tested as a word",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, weapon: 3}"],
        [
            ("24:25: 'weapon: 3' cannot be tested so: it holds words\n    write a word or a list of words"),
        ],
        id="a word tested as a number",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, weapon: {above: 3}}"],
        [
            ("24:25: 'weapon' cannot be tested so: it holds words\n    write a word or a list of words"),
        ],
        id="a word tested by a limit",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, against: 3}"],
        [
            ("24:25: 'against: 3' cannot be tested so: it holds the name of an actor\n    write its name"),
        ],
        id="an actor tested as a number",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, against: [south, wst]}"],
        [
            (
                "24:25: nobody here is called 'wst'\n"
                "    known: affiliate, anyone, envoy, first, guarantor, intermediary, mechanism, mediator, "
                "non_signatory, north, observer, party, ..."
            ),
        ],
        id="an actor who is nobody",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, killed: {}}"],
        [
            ("24:25: 'killed' says too little\n    give at_least, at_most, above or below"),
        ],
        id="a limit without a number",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, killed: {at_least: 5, at_most: 4}}"],
        [
            ("24:34: 'at_least: 5' is over 'at_most: 4': no number is both\n    exchange them, or mend one"),
        ],
        id="limits that no number keeps",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, killed: null}"],
        [
            ("24:25: 'killed' is empty\n    write its value, or leave it out"),
        ],
        id="a test that is empty",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, weapon: []}"],
        [
            ("24:25: 'weapon' is an empty list: no fact could match it\n    name one or more, or leave it out"),
        ],
        id="a test by an empty list",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack, weapon: [[mortar]]}"],
        [
            ("24:34: an entry of 'weapon' is a list, where a text is wanted\n    write one text"),
        ],
        id="a test by a list of lists",
    ),
    pytest.param(
        "respond",
        ["to: {fact: attack}", "with: {fact: denial, detects: [attack, atack]}"],
        [
            (
                "24:12: 'denial' cannot stand here: it says what was seen or counted, not what happened\n"
                "    name what happened, as attack or release"
            ),
            ("24:26: 'atack' is no kind of fact\n    did you mean 'attack' or 'talks'?"),
        ],
        id="a kind of fact that a watch is for, and nobody knows",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "excuse: {shown: {fact: attack}}"],
        [
            (
                "25:14: the excuse is the very act: more of it would both incriminate and excuse\n"
                "    say what else excuses"
            ),
        ],
        id="an excuse equal to the act",
    ),
    pytest.param(
        "respond",
        ["to: {fact: attack}", "with: {fact: inspection}", "excuse: {shown: {fact: attack}}"],
        [
            (
                "25:14: the excuse is the very act: more of it would both incriminate and excuse\n"
                "    say what else excuses"
            ),
        ],
        id="an excuse equal to what is to be answered",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "excuse: {cite: art. 3}"],
        [
            (
                "25:5: 'excuse' says too little\n"
                "    say what excuses: `plea: <name>` (a case judges it) or `shown: {fact: ...}`"
            ),
        ],
        id="an excuse that says nothing",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "excuse: self-defence"],
        [
            ("25:5: 'excuse' is 'self-defence', where a mapping is wanted\n    write it as {plea: ..}"),
        ],
        id="an excuse that is a word",
    ),
    pytest.param(
        "prohibit",
        [
            "by: north",
            "act: {fact: attack}",
            "excuse: [{plea: self-defence}, {plea: notice, judged_by: envy, available_to: nort}]",
        ],
        [
            ("25:51: nobody here is called 'envy'\n    did you mean 'envoy'?"),
            ("25:68: nobody here is called 'nort'\n    did you mean 'north'?"),
        ],
        id="an excuse judged by nobody here",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {fact: attack}", "excuse: {plea: notice, judged_by: envy}"],
        [
            ("25:28: nobody here is called 'envy'\n    did you mean 'envoy'?"),
        ],
        id="one excuse judged by nobody here",
    ),
    pytest.param(
        "prohibit",
        ["by: nort", "act: {fact: attack}"],
        [
            ("23:5: nobody here is called 'nort'\n    did you mean 'north'?"),
        ],
        id="an unknown party",
    ),
    pytest.param(
        "prohibit",
        ["by: {anyone_except: [north, soth]}", "act: {fact: attack}"],
        [
            ("23:5: nobody here is called 'soth'\n    did you mean 'south' or 'north'?"),
        ],
        id="everybody but an unknown party",
    ),
    pytest.param(
        "prohibit",
        ["act: {fact: attack, by: [north, soth]}"],
        [
            ("23:25: nobody here is called 'soth'\n    did you mean 'south' or 'north'?"),
        ],
        id="an act by nobody here",
    ),
    pytest.param(
        "prohibit",
        ["act: {fact: attack}", "watched: {by: envy}"],
        [
            ("24:15: nobody here is called 'envy'\n    did you mean 'envoy'?"),
        ],
        id="a watch by nobody here",
    ),
    pytest.param(
        "procedure",
        ["steps: [{who: [envoy], does: hears}, {who: envy, does: decides}]"],
        [
            ("23:43: nobody here is called 'envy'\n    did you mean 'envoy'?"),
        ],
        id="a step by nobody here",
    ),
    pytest.param(
        "prohibit",
        ["act: {fact: attack}", "each: {unit: {of: nort}}"],
        [
            ("24:12: there is no party 'nort'\n    did you mean 'north'?"),
        ],
        id="the units of nobody",
    ),
    pytest.param(
        "prohibit",
        ["act: {fact: attack}", "each: {unit: first}"],
        [
            ("24:12: 'first' is no list\n    list the members, or name a clause of kind define with a list"),
        ],
        id="a list that is none",
    ),
    pytest.param(
        "prohibit",
        ["act: {fact: attack}", "each: {unit: []}"],
        [
            ("24:12: 'unit' is an empty list\n    write one or more, or leave the key out; or write {of: ..}"),
        ],
        id="a list without members",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {reading: clock, a: {fact: attack}, b: {fact: shelling}}"],
        [
            ("24:11: reading 'clock' is not declared\n    declare it under 'readings:' (none is declared)"),
        ],
        id="a reading that is not declared",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {reading: [clock], a: {fact: attack}}"],
        [
            (
                "24:11: 'reading' is a list, where a name is wanted\n"
                "    write one reading, and inside its options another"
            ),
        ],
        id="a reading that is a list",
    ),
    pytest.param(
        "prohibit",
        ["by: [north, south]", "act: {obligor: {north: {fact: attack}}}"],
        [
            ("24:11: 'south' is bound by this clause, but nothing is said for it\n    add 'south:'"),
        ],
        id="a value for one of two parties",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {obligor: {north: {fact: attack}, south: {fact: attack}}}"],
        [
            (
                "24:44: 'south' is not among those whom 'by' binds\n"
                "    name under 'by' every party for which something is said"
            ),
        ],
        id="a value for a party that is not bound",
    ),
    pytest.param(
        "prohibit",
        ["by: north", "act: {obligor: north}"],
        [
            (
                "24:11: 'obligor' is 'north', where a mapping of parties is wanted\n"
                "    write it as {obligor: {north: .., south: ..}}"
            ),
        ],
        id="values for parties that are a word",
    ),
    pytest.param(
        "prohibit",
        ["act: {obligor: {}}"],
        [
            (
                "23:11: 'obligor' is empty, where a mapping of parties is wanted\n"
                "    write it as {obligor: {north: .., south: ..}}"
            ),
        ],
        id="values for no party",
    ),
    pytest.param(
        "prohibit",
        ["by: {anyone_except: south}", "act: {obligor: {north: {fact: attack}}}"],
        [
            (
                "24:21: 'north' is not among those whom 'by' binds\n"
                "    name under 'by' every party for which something is said"
            ),
        ],
        id="values for parties where everybody but one is bound",
    ),
]


@pytest.mark.parametrize(("kind", "lines", "faults"), SLIPS)
def test_a_slip_in_a_clause_is_told_with_its_place_and_what_to_write(
    check: Run, kind: str, lines: list[str], faults: list[str]
) -> None:
    answer = check(clause(kind, *lines))

    assert answer.faults == [f"agreement.yaml:{fault}" for fault in faults]
    assert (answer.code, answer.out) == (2, "")
