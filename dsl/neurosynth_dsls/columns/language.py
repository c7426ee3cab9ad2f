"""The language ``columns``: all of ``strings``, and further primitives for people's tables.

Each family of primitives is in a separate module; this one combines them. Every primitive returns missing (``None``) for a missing
argument, except those that test for it. Enumeration uses the primitives of ``strings``: the others need constants that are read from
the examples (formats, patterns, steps, tables), which :mod:`neurosynth.search.strategies.cover` does. If a task's inputs or output are
numbers or dates, the primitives over its types are enumerated, too.
"""

from __future__ import annotations

from dataclasses import replace

from neurosynth.language.language import Language
from neurosynth.values.types import INT, STRING
from neurosynth_dsls.columns.aggregates import aggregates
from neurosynth_dsls.columns.amounts import amounts
from neurosynth_dsls.columns.casing import casing
from neurosynth_dsls.columns.choices import choices
from neurosynth_dsls.columns.datetimes import datetimes
from neurosynth_dsls.columns.decimals import decimals
from neurosynth_dsls.columns.durations import durations
from neurosynth_dsls.columns.encodings import encodings
from neurosynth_dsls.columns.mathematics import mathematics
from neurosynth_dsls.columns.notations import notations
from neurosynth_dsls.columns.nouns import nouns
from neurosynth_dsls.columns.parts import parts
from neurosynth_dsls.columns.patterns import patterns
from neurosynth_dsls.columns.phrases import phrases
from neurosynth_dsls.columns.python_aggregates import AGGREGATES
from neurosynth_dsls.columns.python_amounts import AMOUNTS
from neurosynth_dsls.columns.python_dates import DATES
from neurosynth_dsls.columns.python_maths import MATHS
from neurosynth_dsls.columns.python_numbers import NUMBERS
from neurosynth_dsls.columns.python_parts import PARTS
from neurosynth_dsls.columns.python_phrases import PHRASES
from neurosynth_dsls.columns.python_records import RECORDS
from neurosynth_dsls.columns.python_text import TEXT
from neurosynth_dsls.columns.records import records
from neurosynth_dsls.columns.slices import slices
from neurosynth_dsls.columns.spelled import spelled
from neurosynth_dsls.columns.splitting import pieces
from neurosynth_dsls.strings import strings

__all__ = ["columns"]

FAMILIES = (
    *(choices, datetimes, durations, decimals, mathematics, notations, amounts, spelled),
    *(casing, nouns, encodings, parts, pieces, aggregates, patterns, slices, records, phrases),
)

columns = Language(
    "columns",
    doc="Columns of tables: text, exact numbers, dates, times, durations, missing values.",
    requests=("string -> string", "string -> string", "string -> string -> string", "string -> int"),
)

columns.extends = ("strings",)

_HOOKS = {**DATES, **NUMBERS, **TEXT, **PARTS, **AGGREGATES, **MATHS, **RECORDS, **AMOUNTS, **PHRASES}

for _primitive in strings.primitives.values():
    if not _primitive.enumerated:  # for files in SMT-LIB's notation
        continue
    _own = choices["ite"] if _primitive.name == "ite" else replace(_primitive, missing="passes")
    columns.add(replace(_own, python_call=_HOOKS.get(_own.name)))
for _family in FAMILIES:
    for _primitive in _family.primitives.values():
        if _primitive.name != "ite":
            columns.add(
                replace(
                    _primitive,
                    missing=_primitive.missing or "passes",
                    enumerated=False,
                    python_call=_HOOKS.get(_primitive.name),
                )
            )
for _constant, _cost in strings.constants:
    columns.constant(_constant.value, _constant.type, cost=_cost)
columns.on_demand = frozenset(
    name
    for name, p in columns.primitives.items()
    if not p.enumerated
    and name not in mathematics.primitives
    and name.startswith(("decimal.", "date.", "time.", "datetime.", "duration."))
    and (name.endswith(".parse") or STRING not in p.parameters)
    and p.result != INT
)
"""Steps, units and formats are texts that enumeration does not know; a primitive that reads texts completes the grammar."""
columns.forms_in("neurosynth_dsls.columns.forms")
