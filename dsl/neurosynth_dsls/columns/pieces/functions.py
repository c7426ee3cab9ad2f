"""Whole inputs, and their parts at a delimiter, through one or two text functions: initials, slugs, letters without accents …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import contains
from typing import Any

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth_dsls.columns.casing import case_words
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.contexts import SHORT as STOPS_SHORT
from neurosynth_dsls.columns.pieces.contexts import Contexts
from neurosynth_dsls.columns.pieces.folding import folding_of
from neurosynth_dsls.columns.pieces.function_table import (
    FIRST_UPPER,
    MASKS,
    SNAKE,
    TIDY_FIRST_UPPER,
    UPPER_SNAKE,
    TextFunction,
    compiled,
    masking,
    rotation,
)
from neurosynth_dsls.columns.pieces.nested import parts_of_parts
from neurosynth_dsls.columns.pieces.padded_numbers import paddings
from neurosynth_dsls.columns.pieces.path_parts import path_parts
from neurosynth_dsls.columns.pieces.shown_signs import shown_signs
from neurosynth_dsls.columns.pieces.substrings import column_of_decimals, texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex
from neurosynth_dsls.columns.pieces.variants import joined

__all__ = ["Functions"]

BASE = 10
"""Bits of any function of a text."""
SAME = 15
"""Additional bits if a function changed nothing on the example rows."""
SHORT = 8
"""Additional bits if the result has only one character: many functions agree on it by coincidence."""
COUNT, ONE_ROW = 10, 8
"""Bits of functions that count, and additional bits if only one row supports the count."""
POINTLESS = 20
"""Bits for the digits of a number with decimals without its point, which is another number and rarely intended."""
CAPITALS = 4
"""Bits saved by the first letter in upper case, if all examples have a capital later: the smaller change is likelier."""
_INNER_CAPITAL = re.compile(r"\s[A-Z]")
RUN = 3
"""Least number of masks side by side if inputs have the same character as a letter."""
CUT_WORDS = 4
"""Bits for cutting words at a change of letter case (``pH``) on some row, where no example has such a word: blanks part them already."""
PART = 4
"""Bits for taking a part at a delimiter first."""
UNDEFINED_BITS = 20
"""Bits for a piece that is undefined on all rows of the table; proportional if on some."""


@dataclass(frozen=True)
class Functions:
    """Text functions of inputs and of their parts."""

    name: str = "functions"

    def bind(self, column: Column) -> BoundFunctions:
        """Compute all functions on the example rows."""
        return BoundFunctions(column)


class BoundFunctions:
    """The values of the functions in one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        outputs = column.outputs
        memo: dict[Any, Any] = column.memo.setdefault("functions", {})
        further = [f for mask in _masks(column) for f in masking(mask)]
        further += [*(rotation(n) for n in _rotations(column)), *paddings(column), *shown_signs(column)]
        decimals = [column_of_decimals(column, i) for i in range(len(column.inputs))]
        for source, texts, judged, first in _sources(column):
            number = isinstance(source, Input) and decimals[column.inputs.index(source)]
            if first:
                self.index.add(Piece(tuple(texts), BASE + first, lambda p=source: p, name="first present"))  # type: ignore[misc]  # mypy infers no type for a bound default
            bases = [(b, False) for b in _bases(source, texts, judged, outputs)]
            bases += [(b, True) for b in _rests(source, texts, judged, outputs)]
            for (program, base, cost, parts), rest in bases:
                for function, compute, values in _fitting(base, outputs, further, memo):
                    made = function.joins or rest  # a part of a rest is a part of the text, which others cut better
                    if made and all(v in t for v, t in zip(values, base, strict=True)):
                        continue
                    short = SHORT * all(len(v) == 1 for v in values)
                    bits = first + short + BASE + cost + function.cost + SAME * (values == base)
                    bits += ONE_ROW * (
                        len(outputs) == 1 and function.cost >= COUNT and all(v.isdigit() for v in values)
                    )
                    bits += POINTLESS * (
                        number and all(v.isdigit() and "." in t for v, t in zip(values, base, strict=True))
                    )
                    bits -= CAPITALS * (
                        function in (FIRST_UPPER, TIDY_FIRST_UPPER)
                        and values != base
                        and all(map(_INNER_CAPITAL.search, base))
                    )
                    bits += CUT_WORDS * (function in (SNAKE, UPPER_SNAKE) and _cuts_words(base, parts))
                    if function.may_be_empty and not any(
                        t is not None and _value(function, compute, t, memo) == "" for t in parts
                    ):
                        continue
                    results = [None if t is None else _value(function, compute, t, memo) for t in parts]
                    bits += 0 if function.may_be_empty else _undefined(results)
                    bits += _joined(base, values, parts, results)
                    self.index.add(Piece(tuple(values), bits, _builder(function, program), name="function"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The values that the rests start with."""
        return self.index.starting(rests)


Compiled = tuple[TextFunction, Callable[[tuple[Any, ...]], Any]]


def _fitting(
    base: Sequence[str], outputs: Sequence[str], further: Sequence[Compiled], memo: dict[Any, Any]
) -> Iterator[tuple[TextFunction, Callable[[tuple[Any, ...]], Any], list[str]]]:
    """The functions whose values stand in all outputs, with these values.

    Most functions fail on the first row, where the values of a text are kept together: to look up each costs more than the test.
    """
    known = memo.get(base[0])
    if known is None:
        found = [(f, c, c((base[0],))) for f, c in compiled()]
        known = memo[base[0]] = [(f, c, v) for f, c, v in found if v and v is not UNDEFINED]
    output = outputs[0]
    fits = [entry for entry in known if entry[2] in output]
    for function, compute in further:
        value = _value(function, compute, base[0], memo)
        if value and value is not UNDEFINED and value in output:
            fits.append((function, compute, value))
    for function, compute, value in fits:
        values = [value]
        for text, shown in zip(base[1:], outputs[1:], strict=True):
            value = _value(function, compute, text, memo)
            if not value or value is UNDEFINED or value not in shown:
                break
            values.append(value)
        else:
            yield function, compute, values


def _value(function: TextFunction, compute: Callable[[tuple[Any, ...]], Any], text: str, memo: dict[Any, Any]) -> Any:
    """The value of a function of a text, computed once for all branches of a column."""
    value = memo.get((function, text))
    if value is None:
        value = memo[function, text] = compute((text,))
    return value


def _masks(column: Column) -> list[str]:
    """Characters that hide those of an input: they stand in all outputs, and different outputs have so many, or the inputs of the
    other rows are longer or shorter than those of the examples; otherwise they are constants."""
    inputs = "".join(v for row in column.rows for v in row if isinstance(v, str))
    found = [m for m in MASKS if all(m in o for o in column.outputs) and (m not in inputs or _in_runs(column, m))]
    return [m for m in found if len({o.count(m) for o in column.outputs}) > 1 or _lengths_differ(column)]


def _in_runs(column: Column, mask: str) -> bool:
    """Whether a character that the inputs have as a letter, too, stands several times in a row in all outputs, and never so in an input."""
    run = mask * RUN
    return all(run in o for o in column.outputs) and not any(
        run in v for row in column.rows for v in row if isinstance(v, str)
    )


def _lengths_differ(column: Column) -> bool:
    """Whether an input of letters and digits alone has one length in the examples, and others in other rows of the table."""
    return any(
        len({len(row[i]) for row in column.rows if isinstance(row[i], str)}) == 1
        and len({len(row[i]) for row in column.every if isinstance(row[i], str)}) > 1
        and all(row[i].isalnum() for row in column.every if isinstance(row[i], str) and row[i])
        for i in range(len(column.inputs))
    )


def _rotations(column: Column) -> list[int]:
    """Places by which the first letter of an input of the same length has moved on in the first output."""
    output = column.outputs[0]
    found = set()
    for value in column.rows[0]:
        if isinstance(value, str) and len(value) == len(output) > 1 and value.isascii() and output.isascii():
            letters = [
                (a.lower(), b.lower()) for a, b in zip(value, output, strict=True) if a.isalpha() and b.isalpha()
            ]
            moved = {(ord(b) - ord(a)) % 26 for a, b in letters}
            found |= moved - {0, 13} if len(moved) == 1 else set()
    return sorted(found)


FOLDED = 1
"""Bits of losing accents first, where some example loses one."""
FIRST_PRESENT = 6
"""Bits of taking another input if one is missing."""


def _sources(column: Column) -> Iterator[tuple[Program, list[str], list[str], int]]:
    """Texts of the example rows and of the judged ones, with bits: the inputs, and the first of two that is not missing."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is not None:
            judged = [row[i] for row in column.judged if isinstance(row[i], str) and row[i]]
            folding = folding_of(column, i)
            if folding is not None:
                yield folding.program(source), [*map(folding.text, texts)], [*map(folding.text, judged)], FOLDED
            yield source, texts, judged, 0
        if not any(row[i] is None for row in column.rows) or all(row[i] is None for row in column.rows):
            continue
        for j, other in enumerate(column.inputs):
            if i == j or other.type != source.type:
                continue
            shown, judged = (
                [row[j] if row[i] is None else row[i] for row in rows] for rows in (column.rows, column.judged)
            )
            if all(isinstance(t, str) and t for t in shown):
                yield call("first_present", source, other), shown, [t for t in judged if t], FIRST_PRESENT


def _cuts_words(shown: Sequence[str], others: Sequence[str | None]) -> bool:
    """Whether words between blanks and signs change their letter case in other texts alone, and no other text is one such word."""
    if any(map(_cases_change, shown)):
        return False
    changing = [t for t in others if t is not None and _cases_change(t)]
    return bool(changing) and all(map(_PARTED.search, changing))


def _cases_change(text: str) -> bool:
    return len(case_words(text)) > len(_WORDS.findall(text))


_WORDS = re.compile(r"[^\W_]+")
_PARTED = re.compile(r"[^\W_][\W_]+[^\W_]")


def _builder(function: TextFunction, program: Callable[[], Program]) -> Callable[[], Program]:
    return lambda: function.build(program())


def _undefined(results: Sequence[Any]) -> int:
    return UNDEFINED_BITS * sum(r in (None, UNDEFINED, "") for r in results) // max(len(results), 1)


def _joined(base: Sequence[str], values: Sequence[str], judged: Sequence[str | None], results: Sequence[Any]) -> int:
    others = [(t, v) for t, v in zip(judged, results, strict=True) if t is not None and isinstance(v, str)]
    return joined(list(zip(base, values, strict=True)), others)


_ENDING = re.compile(r"[^.]\.[^\W_]{1,5}$")
"""The ending of the name of a file."""
MIXED = 2
"""Additional bits of an item between separators that differ from row to row."""
_SEPARATOR = re.compile(r"[,;|/]")


def _mixed(texts: Sequence[str]) -> range:
    """The items of texts whose separators differ from row to row."""
    signs = [{*_SEPARATOR.findall(t)} for t in texts]
    if len(texts) < 2 or not all(signs) or len({*map(frozenset, signs)}) == 1:
        return range(0)
    return range(min(len(_SEPARATOR.split(t)) for t in texts))[:4]


def _mixed_item(source: Program, n: int) -> Program:
    return call("str.trim", call("text.match", source, r"[^,;|/]+", n))


def _stops_short(texts: Sequence[str], judged: Sequence[str], sign: str, n: int) -> bool:
    """Whether part ``n`` on some row of the table stops before a word that stands before what is behind the part in all examples."""
    if n < 0 or sign != " ":
        return False
    contexts = Contexts((t, 0, _end(t, sign, n)) for t in texts)
    return any(contexts.stops_short((t, 0, _end(t, sign, n))) for t in judged)


def _end(text: str, sign: str, n: int) -> int:
    return len(sign.join(text.split(sign)[: n + 1]))


def _bases(
    source: Program, texts: list[str], judged: list[str], outputs: Sequence[str]
) -> Iterator[tuple[Callable[[], Program], list[str], int, Sequence[str | None]]]:
    """A program, its texts on the example rows, its bits, its texts on the judged rows."""
    yield lambda: source, texts, 0, judged
    signs = {c for c in set.intersection(*map(set, texts)) if not c.isalnum()}
    words = set.intersection(*({*re.findall(r"[^\W\d_]{2,}|[^\w\s] ", t)} for t in texts))
    for sign in sorted(signs | words):
        for n in (0, 1, -1):
            if any(len(t.split(sign)) <= abs(n) for t in texts):
                continue
            parts = [t.split(sign)[n] for t in texts]
            if all(parts):
                others = [p[n] if -len(p := t.split(sign)) <= n < len(p) else None for t in judged]
                bits = PART + STOPS_SHORT * _stops_short(texts, judged, sign, n)
                yield (partial(call, "text.split_at", source, sign, n)), parts, bits, others
    if all(map(_ENDING.search, texts)) and any(t.count(".") > 1 for t in (*texts, *judged)):
        named = [t.rpartition(".")[0] for t in judged if _ENDING.search(t)]
        yield partial(call, "text.before_last", source, "."), [t.rpartition(".")[0] for t in texts], PART, named
    for n in _mixed(texts):
        program = partial(_mixed_item, source, n)
        parts = [p[n].strip() for p in map(_SEPARATOR.split, texts) if n < len(p)]
        if len(parts) == len(texts) and all(parts):
            yield (
                program,
                parts,
                PART + MIXED,
                [p[n].strip() if n < len(p := _SEPARATOR.split(t)) else None for t in judged],
            )
    for part in (*path_parts(source, texts, judged), *parts_of_parts(source, texts, judged, outputs)):
        yield part.build, list(part.texts), part.cost, part.others


REST = 5
"""Bits of all that stands behind the first separator, or before the last one."""


def _rests(
    source: Program, texts: list[str], judged: list[str], outputs: Sequence[str]
) -> Iterator[tuple[Callable[[], Program], list[str], int, Sequence[str | None]]]:
    """What stands behind the first separator of texts or before the last one, if some have several and functions alone make an output
    of it."""
    for sign in sorted({c for c in set.intersection(*map(set, texts)) if not c.isalnum()}):
        if all(t.count(sign) == 1 for t in texts):
            continue
        for name, at in (("str.after", 2), ("text.before_last", 0)):
            rests = [(t.rpartition(sign) if at == 0 else t.partition(sign))[at] for t in texts]
            if all(rests) and not all(map(contains, outputs, rests)):
                others = [(t.rpartition(sign) if at == 0 else t.partition(sign))[at] or None for t in judged]
                yield partial(call, name, source, sign), rests, REST, others
