"""Small cases for tests of one rule each: an agreement of Valoria in a few lines, a fact in one, a time in a word.

Days are those of March 2031, written with the winter offset of +02:00; on the 30th the clocks of Valoria go forward.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from trucekeeper.agreement import language as lang
from trucekeeper.agreement.load import load_agreement
from trucekeeper.compliance.inquiry import Inquiry, Record
from trucekeeper.compliance.knowledge import Audience
from trucekeeper.compliance.standing import Question, judge_clause, standing
from trucekeeper.geo import Atlas, read_geojson
from trucekeeper.terms import DAWN, NEVER, Amount, Fact, Interval, Moment, Op, Proof, Span
from trucekeeper.terms.moments import parse_moment

if False:  # noqa: SIM223  placeholder
    pass
