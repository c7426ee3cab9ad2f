"""The features that indicate whether the first program found is right, computed from programs, examples and rows to fill."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program
from neurosynth.ranking.agreement import Ranking, cases, read_inputs
from neurosynth.ranking.bits import copied_bits, is_conditional, plain_bits, program_bits, spelled_runs
from neurosynth.ranking.fills import Rows, looks, of_fills, of_table
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.tasks.task import Example, Task
from neurosynth.values.frozen import typed_key
from neurosynth.values.types import BOOL, TypeConstructor

__all__ = ["MEANINGS", "Evidence", "features"]

MEANINGS = {
    "log_examples": "the number of examples",
    "log_looks": "how many kinds of inputs the examples show",
    "same_outputs": "examples with the same output",
    "log_program_bits": "the length of the program",
    "log_output_bits": "the information in the outputs",
    "bits_ratio": "the length of the program compared with the information in the outputs",
    "plain_ratio": "the length of the program compared with the length of the outputs",
    "own_ratio": "the cost of the program compared with the information in the outputs, both without the text that all outputs share",
    "search_ratio": "the cost of the program compared with the information in the outputs",
    "unread": "inputs that are not read",
    "constant": "that no input is read",
    "identity": "that it returns an input as it is",
    "cases": "the number of cases that the program distinguishes",
    "cases_an_example": "cases for few examples each",
    "lone_cases": "cases that a single example shows",
    "depth": "the depth of the program",
    "depth_searched": "the depth of a program that was not found by cover",
    "typed": "whether it computes with dates or numbers",
    "spelled": "the share of the outputs that constants spell",
    "spelled_once": "the share of the outputs that constants of a single output spell",
    "entries_an_example": "table entries for few examples each",
    "keys_inside": "table entries known by something that is no whole word or number of the examples",
    "keys_of_parts": "table entries known by a part of a cell",
    "keys_unlike": "table entries that do not resemble the part of a cell that they are known by",
    "constant_letters": "letters in constants",
    "constant_digits": "digits in constants",
    "constants_alone": "constants that occur in a single output",
    "number_bits": "the size of the numbers in the program",
    "undefined": "rows for which it has no value",
    "some_undefined": "whether there are rows for which it has no value",
    "unchanged": "rows that it returns unchanged",
    "surprise": "how much its values differ in form from the given outputs",
    "log_unlike": "the number of rows for which its value looks unlike the outputs",
    "log_new_looks": "the number of rows that look unlike the examples",
    "unlike": "rows for which its value looks unlike the outputs",
    "copied_less": "how much of its values occurs in the rows",
    "longer": "rows for which its value is much longer or shorter",
    "empty": "rows for which its value is empty text",
    "other_words": "rows with more or fewer words and numbers than any example",
    "new_letters": "rows with accents or other letters that no example has",
    "other_counts": "rows in which a sign that it looks for occurs more or less often than in the examples",
    "table": "rows to fill",
    "log_rows": "the number of rows to fill",
    "new_signs": "rows with signs that no example has",
    "new_looks": "rows that look unlike the examples",
    "behaviours": "the number of programs that behave differently",
    "entropy": "how evenly probability is spread over programs that behave differently",
    "close": "about equally likely programs that behave differently",
    "alone": "whether other programs behave differently",
    "margin": "the distance to the next program",
    "share": "the probability of programs that behave the same",
    "agreement": "how much other programs agree on other rows",
    "least_agreement": "the row on which other programs agree least",
    "log_tried": "the number of programs compared with the examples",
    "suspect": "that some programs may be coincidental",
    "guide_proposed": "that a guide proposed it",
    "open_numbers": "programs with another number that the examples do not rule out",
    "near_miss": "a simpler program that is right on all examples but one",
    "by_cover": "the search that found it",
    "by_cases": "that it consists of cases or a table",
    "by_chance": "the number of programs compared, relative to the information in the outputs",
}
"""The meaning of each feature, for people."""

ROWS = 80
"""Number of rows to fill that are examined, evenly spread."""
CLOSE = 2.5
"""Difference of scores within which another program is about as likely as the first."""
MOST_NUMBER_BITS = 16.0
"""Maximum number of bits counted for a program's numbers: a word of 64 bits is no less likely than several places."""
OTHERS = 24
"""Number of programs with different behaviour that are compared on them."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The information that a search leaves about the programs that are right on all examples."""

    task: Task
    programs: tuple[Program, ...]
    """In the order in which they were found."""
    bits: Mapping[Program, int] = field(default_factory=dict)
    """Their costs in bits, if a search judged them on the whole table."""
    sources: Mapping[Program, str] = field(default_factory=dict)
    """The strategy that made each."""
    suspects: Collection[Program] = ()
    """Those that may be among the coincidental ones."""
    guide_proposed: Collection[Program] = ()
    """Those that a guide generated."""
    tried: int = 0
    """Number of candidates that were compared with the examples."""
    near: Program | None = None
    """A simpler program that is right on all examples but one, if there is one."""


def features(evidence: Evidence, ranking: Ranking) -> dict[str, float]:
    """Numbers by name, of the first program of a ranking.

    Raises:
        ValueError: for a ranking without programs.
    """
    if not ranking.programs:
        raise ValueError("a ranking without programs has no features")
    rows = _rows(evidence.task, ranking)
    found: dict[str, float] = {}
    for part in _PARTS:
        found |= part(evidence, ranking, rows)
    return found


def _rows(task: Task, ranking: Ranking) -> Rows:
    known = {e.inputs for e in task.examples}
    inputs = [row for row in dict.fromkeys(map(tuple, task.unlabelled)) if row not in known]
    if len(inputs) > ROWS:
        inputs = [inputs[i * len(inputs) // ROWS] for i in range(ROWS)]
    inputs = inputs or unseen_inputs(task)
    evaluator = Evaluator()
    values = [list(map(evaluator.function(p), inputs)) for p in ranking.programs[:OTHERS]]
    shares = ranking.shares[:OTHERS]
    whole = sum(shares)
    agreement = [
        sum(s for s, v in zip(shares, values, strict=True) if typed_key(v[i]) == typed_key(values[0][i])) / whole
        for i in range(len(inputs))
    ]
    return Rows(inputs, values[0], agreement)


def _description(evidence: Evidence, ranking: Ranking, rows: Rows) -> dict[str, float]:
    """The bits of a program, and those of the outputs that it explains."""
    task, first = evidence.task, ranking.programs[0]
    program, told = program_bits(first, task.examples), copied_bits(task.examples)
    ratio = min(4.0, program / max(told, 1.0))
    searched = min(4.0, evidence.bits[first] / max(told, 1.0)) if first in evidence.bits else ratio
    outputs = {typed_key(e.output) for e in task.examples}
    return {
        "log_examples": math.log2(len(task.examples)),
        "log_looks": math.log2(len({tuple(sorted(looks(e.inputs))) for e in task.examples})),
        "same_outputs": 1.0 - len(outputs) / len(task.examples),
        "log_program_bits": math.log2(1 + program),
        "log_output_bits": math.log2(1 + told),
        "bits_ratio": ratio,
        "plain_ratio": min(4.0, program / max(1.0, sum(plain_bits(e.output) for e in task.examples))),
        "own_ratio": _own_ratio(first, task.examples, float(evidence.bits.get(first, program))),
        "search_ratio": searched,
        "unread": float(len(task.inputs) - len(read_inputs(first))),
        "constant": float(not read_inputs(first)),
        "identity": float(isinstance(first, Input)),
        "cases": math.log2(cases(first)),
        "cases_an_example": min(2.0, (cases(first) - 1) / len(task.examples)),
        "lone_cases": _lone_cases(first, [e.inputs for e in task.examples], Evaluator()) / len(task.examples),
        "depth": math.log2(_levels(first)),
        "depth_searched": 0.0 if first in evidence.bits else math.log2(_levels(first)),
        "typed": float(any(_is_typed(p, task) for p in first.subprograms())),
    }


def _own_ratio(first: Program, examples: Sequence[Example], bits: float) -> float:
    """The cost of a program in bits over the bits of the outputs, without the constants that all outputs have.

    ``14 months`` is mostly a constant: a formula that fits its numbers by coincidence is short beside the outputs, and long beside
    their numbers.
    """
    outputs = [e.output for e in examples]
    if len(outputs) > 1 and all(isinstance(o, str) for o in outputs):
        texts = {
            p.value for p in first.subprograms() if isinstance(p, Constant) and isinstance(p.value, str) and p.value
        }
        for text in sorted(texts, key=lambda t: (-len(t), t)):
            if all(text in o for o in outputs):
                outputs = [o.replace(text, "", 1) for o in outputs]
                bits -= plain_bits(text)
    told = copied_bits([replace(e, output=o) for e, o in zip(examples, outputs, strict=True)])
    return min(4.0, bits / max(told, 1.0))


def _levels(p: Program, above: str = "") -> int:
    """The depth of a program in which calls of one primitive inside each other are one level: five texts joined by pairs are no deeper
    than two."""
    match p:
        case Lambda():
            return 1 + _levels(p.body)
        case Apply():
            name = p.primitive.name
            return (name != above) + max((_levels(a, name) for a in p.arguments), default=0)
    return 1


def _lone_cases(p: Program, rows: Sequence[tuple[Any, ...]], run: Evaluator) -> int:
    """The number of branches that exactly one of several rows reaches: what is special there may be a mistake in the example."""
    if not isinstance(p, Apply) or len(rows) < 2:
        return 0
    if not (is_conditional(p) and len(p.arguments) == 3 and p.arguments[0].type == BOOL):
        return sum(_lone_cases(a, rows, run) for a in p.arguments)
    holds = [run.run(p.arguments[0], row) is True for row in rows]
    found = 0
    for wanted, branch in ((True, p.arguments[1]), (False, p.arguments[2])):
        reached = [row for row, held in zip(rows, holds, strict=True) if held is wanted]
        found += 1 if len(reached) == 1 else _lone_cases(branch, reached, run)
    return found


def _is_typed(p: Program, task: Task) -> bool:
    """Whether a part has a type that neither the task nor counting needs: a date, a decimal."""
    t = p.type
    return (
        isinstance(t, TypeConstructor)
        and t.name not in ("string", "int", "bool", "list")
        and t
        not in (
            *task.parameters,
            task.output_type,
        )
    )


def _constants(evidence: Evidence, ranking: Ranking, rows: Rows) -> dict[str, float]:
    """The texts in a program: how much of the outputs they spell, and how many examples support them."""
    task = evidence.task
    entries = [p.value for p in ranking.programs[0].subprograms() if isinstance(p, Constant) and _is_table(p.value)]
    outputs = [e.output for e in task.examples if isinstance(e.output, str)]
    texts = list(_texts(ranking.programs[0], outputs))
    spelled = [min(1.0, sum(len(t) for t in texts if t in o) / len(o)) for o in outputs if o]
    new = [t for t in texts if any(t in o for o in outputs)]
    new = [t for t in new if not all(any(isinstance(v, str) and t in v for v in e.inputs) for e in task.examples)]
    alone = [t for t in texts if any(c.isalnum() for c in t) and sum(t in o for o in outputs) == 1]
    once = [min(1.0, sum(len(t) for t in alone if t in o) / len(o)) for o in outputs if o]
    return {
        "spelled": sum(spelled) / len(spelled) if spelled else 0.0,
        "spelled_once": sum(once) / len(once) if once else 0.0,
        "entries_an_example": min(2.0, sum(map(len, entries)) / 2 / len(task.examples)),
        "keys_inside": _keys_inside(task, ranking.programs[0]),
        **_keys_of_parts(task, ranking.programs[0]),
        "constant_letters": math.log2(1 + sum(c.isalpha() for t in new for c in t)),
        "constant_digits": math.log2(1 + sum(c.isdigit() for t in new for c in t)),
        "constants_alone": math.log2(1 + (len(alone) if len(outputs) > 1 else 0)),
        "number_bits": min(MOST_NUMBER_BITS, sum(map(_number_bits, ranking.programs[0].subprograms()))),
    }


def _number_bits(p: Program) -> float:
    """Bits of a whole number in a program: a counted position is right on few rows except the examples."""
    number = p.value if isinstance(p, Constant) and isinstance(p.value, int) else 0
    return math.log2(1 + abs(number))


def _entries(program: Program) -> list[tuple[str, Any]]:
    """The entries of a program's tables: keys with the values they stand for."""
    found: list[tuple[str, Any]] = []
    for p in program.subprograms():
        tables = (
            [a.value for a in p.arguments if isinstance(a, Constant) and _is_table(a.value)]
            if isinstance(p, Apply)
            else []
        )
        if len(tables) > 1:  # keys come before their values
            found += [(k, v) for k, v in zip(*tables[:2], strict=False) if isinstance(k, str) and k]
    return found


def _keys(program: Program) -> list[str]:
    """The keys of a program's tables."""
    return [key for key, _ in _entries(program)]


def _keys_inside(task: Task, program: Program) -> float:
    """The share of table entries whose key is no whole word or number of any example: a piece of one, or something computed.

    Any few examples differ in some letter and in their lengths: a table with such keys fits by coincidence, whereas one with whole
    words may be intended.
    """
    keys = _keys(program)
    return sum(not _stands_alone(key, task) for key in keys) / len(keys) if keys else 0.0


def _keys_of_parts(task: Task, program: Program) -> dict[str, float]:
    """Entries of tables for each example whose key is a part of a cell, because any few cells differ in some word; and those of them
    whose value does not resemble the key, as ``Small`` resembles ``S``."""
    cells = {v.casefold() for e in task.examples for v in e.inputs if isinstance(v, str)}
    parts = [(key.casefold(), value) for key, value in _entries(program) if key.casefold() not in cells]
    unlike = sum(not (isinstance(value, str) and value.casefold().startswith(key[0])) for key, value in parts)
    count = len(task.examples)
    return {"keys_of_parts": min(2.0, len(parts) / count), "keys_unlike": min(2.0, unlike / count)}


def _stands_alone(key: str, task: Task) -> bool:
    whole = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)" if key.isalnum() else re.escape(key), re.IGNORECASE)
    return any(whole.search(v) for e in task.examples for v in e.inputs if isinstance(v, str))


def _texts(program: Program, outputs: Sequence[str]) -> Iterator[str]:
    """The text constants of a program, including those in its tables and the literal text in formats."""
    for p in program.subprograms():
        if isinstance(p, Constant):
            for v in p.value if _is_table(p.value) else (p.value,):
                if isinstance(v, str):
                    yield v
                    if not any(v in o for o in outputs):
                        yield from spelled_runs(v, outputs)


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(v, str) for v in value)


def _rivals(evidence: Evidence, ranking: Ranking, rows: Rows) -> dict[str, float]:
    """The other programs: how many behave differently, how far behind they are, and where they agree."""
    margin = ranking.scores[0] - ranking.scores[1] if len(ranking.scores) > 1 else math.inf
    shares = [share for share in ranking.shares if share > 0]
    return {
        "behaviours": math.log2(len(ranking.programs)),
        "entropy": -sum(share * math.log2(share) for share in shares),
        "close": math.log2(sum(score > ranking.scores[0] - CLOSE for score in ranking.scores)),
        "alone": float(len(ranking.programs) == 1),
        "margin": min(1.0, max(0.0, margin) / 10.0),
        "share": ranking.confidence,
        "agreement": sum(rows.agreement) / len(rows.agreement) if rows.agreement else 1.0,
        "least_agreement": min(rows.agreement, default=1.0),
        "open_numbers": math.log2(1 + ranking.relatives),
    }


def _search(evidence: Evidence, ranking: Ranking, rows: Rows) -> dict[str, float]:
    """The strategy that made the program, and the number of compared candidates."""
    first = ranking.programs[0]
    source = evidence.sources.get(first, "").split(" (")[0]
    covered = first in evidence.bits
    return {
        "log_tried": math.log2(1 + evidence.tried),
        "suspect": float(first in evidence.suspects),
        "near_miss": float(evidence.near is not None),
        "guide_proposed": float(first in evidence.guide_proposed),
        "by_cover": float(covered),
        "by_cases": float(source in ("cases", "table", "lookup", "decision trees")),
        "by_chance": math.log2(1 + evidence.tried) - copied_bits(evidence.task.examples)
        if not covered and copied_bits(evidence.task.examples) < 60
        else -60.0,
    }


_Part = Callable[[Evidence, Ranking, Rows], dict[str, float]]
_PARTS: tuple[_Part, ...] = (
    _description,
    _constants,
    lambda evidence, ranking, rows: of_fills(evidence.task, ranking.programs[0], rows),
    lambda evidence, ranking, rows: of_table(evidence.task, ranking.programs[0], rows),
    _rivals,
    _search,
)
