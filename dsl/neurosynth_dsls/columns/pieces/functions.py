"""Whole inputs, and their parts at a delimiter, through one or two text functions: initials, slugs, letters without accents …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import column_of_decimals, texts_of
from neurosynth_dsls.columns.pieces.variants import joined

__all__ = ["Functions", "TextIndex"]

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
PART = 4
"""Bits for taking a part at a delimiter first."""
UNDEFINED_BITS = 20
"""Bits for a piece that is undefined on all rows of the table; proportional if on some."""


class TextIndex:
    """Pieces with known texts, found by the continuation of the first row."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Piece]] = {}
        self._lengths: list[int] = []

    def add(self, piece: Piece) -> None:
        """Keep a piece; its first text must not be empty."""
        first = piece.texts[0]
        if first not in self._pieces:
            self._pieces[first] = []
            self._lengths = sorted({len(first), *self._lengths})
        self._pieces[first].append(piece)

    def starting(self, rests: Sequence[str]) -> Iterator[Piece]:
        """The pieces that the rests start with."""
        first = rests[0]
        for n in self._lengths:
            if n > len(first):
                return
            for piece in self._pieces.get(first[:n], ()):
                if all(r.startswith(t) for r, t in zip(rests, piece.texts, strict=True)):
                    yield piece


@dataclass(frozen=True, slots=True, eq=False)
class TextFunction:
    """A function of a text, as a program over it."""

    cost: int
    build: Callable[[Program], Program]
    may_be_empty: bool = False
    """Whether it is offered because it gives an empty text where others give nothing."""


def _replace(pattern: str, by: str) -> Callable[[Program], Program]:
    return lambda p: call("text.replace_pattern", p, pattern, by)


_JOINS = {"_join": "", "_join_words": " "}


def _then(*names: str) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        for name in names:
            p = call("pieces.join", _JOINS[name], p) if name in _JOINS else call(name, p)
        return p

    return build


def _mapped(count: int, split: str, separator: str) -> Callable[[Program], Program]:
    """The first characters of all pieces, joined."""

    def build(p: Program) -> Program:
        first = Lambda((STRING,), call("str.take", Variable(0, STRING), count))
        return call("pieces.join", separator, call("pieces.map", first, call(split, p)))

    return build


def _chunks(n: int, separator: str) -> Callable[[Program], Program]:
    return lambda p: call("pieces.join", separator, call("pieces.chunks", n, p))


def _regrouped(case: str | None, n: int, separator: str) -> Callable[[Program], Program]:
    """Letters and digits alone in groups of equal length, as addresses of devices are written."""

    def build(p: Program) -> Program:
        p = call("text.only_alphanumeric", p)
        return _chunks(n, separator)(p if case is None else call(case, p))

    return build


def _run(pattern: str) -> Callable[[Program], Program]:
    return lambda p: call("text.match", p, pattern, 0)


FUNCTIONS: tuple[TextFunction, ...] = (
    *(TextFunction(7, _run(p), True) for p in (r"^\d*", r"\d*$", r"^[^\W\d_]*", r"[^\W\d_]*$")),
    TextFunction(1, _then("str.trim")),
    TextFunction(2, _then("str.lower")),
    TextFunction(2, _then("str.upper")),
    TextFunction(2, _then("str.title")),
    TextFunction(3, _then("text.title_words")),
    TextFunction(3, _then("str.capitalize")),
    TextFunction(4, _then("text.first_upper")),
    TextFunction(4, _then("text.first_lower")),
    TextFunction(2, _then("str.collapse")),
    TextFunction(4, _then("str.collapse", "str.title")),
    TextFunction(4, _then("str.collapse", "str.upper")),
    TextFunction(4, _then("str.collapse", "str.lower")),
    TextFunction(3, _then("str.only_digits")),
    TextFunction(4, _then("str.only_letters")),
    TextFunction(6, _then("str.only_letters", "str.upper")),
    TextFunction(6, _then("str.only_letters", "str.lower")),
    TextFunction(7, _then("str.only_capitals")),
    TextFunction(4, _then("str.drop_digits")),
    TextFunction(5, _then("str.initials")),
    TextFunction(6, _then("str.initials", "str.upper")),
    TextFunction(6, _then("str.initials", "str.lower")),
    TextFunction(6, lambda p: call("str.initials", call("text.replace_pattern", p, r"[\W_]+", " "))),
    TextFunction(7, lambda p: call("str.upper", call("str.initials", call("text.replace_pattern", p, r"[\W_]+", " ")))),
    TextFunction(6, lambda p: call("text.replace_pattern", p, r"(?<=\w)\w+|[\W_]", "")),
    TextFunction(7, lambda p: call("text.replace_pattern", p, r"\b[a-z]\w*|(?<=\w)\w+|[\W_]", "")),
    TextFunction(6, _then("str.reverse")),
    TextFunction(7, _then("str.swapcase")),
    TextFunction(4, _then("text.plain")),
    TextFunction(5, _then("text.plain", "str.upper")),
    TextFunction(5, _then("text.plain", "str.lower")),
    TextFunction(4, _then("text.unescape")),
    TextFunction(4, _then("text.url_decode")),
    TextFunction(5, _then("text.escape")),
    TextFunction(5, _then("text.url_encode")),
    TextFunction(7, _then("text.base64")),
    TextFunction(7, _then("text.from_base64")),
    TextFunction(8, _then("text.hex")),
    TextFunction(9, _then("text.hex", "str.upper")),
    TextFunction(8, _then("text.from_hex")),
    TextFunction(9, lambda p: call("text.rotate", 13, p)),
    TextFunction(8, _then("fraction.reduce")),
    TextFunction(8, _replace(r"[aeiouAEIOU]", "")),
    TextFunction(10, _replace(r"(?<=.)[aeiouAEIOU]", "")),
    TextFunction(11, lambda p: call("int.to.str", call("text.count_pattern", p, "[aeiouAEIOU]"))),
    TextFunction(5, _then("text.slug")),
    TextFunction(5, _then("text.snake")),
    TextFunction(6, _then("text.kebab")),
    TextFunction(6, _then("text.camel")),
    TextFunction(6, _then("text.pascal")),
    TextFunction(6, _then("text.spaced")),
    TextFunction(7, _replace(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])", " ")),
    TextFunction(7, _replace(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])", " ")),
    TextFunction(7, _replace(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])", "-")),
    TextFunction(7, _then("text.spaced", "str.title")),
    TextFunction(7, _then("text.spaced", "str.capitalize")),
    TextFunction(7, _then("text.spaced", "str.lower")),
    TextFunction(7, _then("text.snake", "str.upper")),
    TextFunction(4, _then("text.only_alphanumeric")),
    TextFunction(6, _then("text.only_alphanumeric", "str.upper")),
    TextFunction(6, _then("text.only_alphanumeric", "str.lower")),
    TextFunction(4, lambda p: call("str.collapse", call("text.replace_pattern", p, r"[^\w\s]", ""))),
    TextFunction(6, lambda p: call("str.lower", call("str.collapse", call("text.replace_pattern", p, r"[^\w\s]", "")))),
    TextFunction(4, _then("text.without_blanks")),
    TextFunction(6, _then("text.without_blanks", "str.upper")),
    TextFunction(6, _then("text.without_blanks", "str.lower")),
    TextFunction(5, _replace(r"[\W_]+", "-")),
    TextFunction(5, _replace(r"[\W_]+", "_")),
    TextFunction(5, _replace(r"[\W_]+", ".")),
    TextFunction(5, _replace(r"\s+", "-")),
    TextFunction(5, _replace(r"\s+", "_")),
    TextFunction(5, _replace(r"\s+", ".")),
    TextFunction(6, _replace(r"\s+", ", ")),
    TextFunction(5, lambda p: call("str.trim", call("text.replace_pattern", p, r"[\W_]+", " "))),
    TextFunction(6, lambda p: call("str.lower", call("str.trim", call("text.replace_pattern", p, r"[\W_]+", " ")))),
    TextFunction(6, lambda p: call("str.title", call("str.trim", call("text.replace_pattern", p, r"[\W_]+", " ")))),
    TextFunction(5, _replace(r"^[\W_]+|[\W_]+$", "")),
    TextFunction(6, _replace(r"<[^>]*>", "")),
    TextFunction(8, lambda p: call("str.collapse", call("text.replace_pattern", p, r"<[^>]*>", " "))),
    TextFunction(5, lambda p: call("str.collapse", call("text.replace_pattern", p, r"\(.*?\)|\[.*?\]|\{.*?\}", ""))),
    TextFunction(6, _replace(r"^0+(?=\d)", "")),
    TextFunction(9, lambda p: call("re.replace", r"(?<=\s)([^\W\d_])[^\W\d_]+", r"\1.", p)),
    TextFunction(9, lambda p: call("re.replace", r"([^\W\d_])[^\W\d_]+(?=\s)", r"\1.", p)),
    TextFunction(4, lambda p: call("re.replace", r"""^(["'])(.*)\1$""", r"\2", p)),
    TextFunction(12, _then("str.squeeze")),
    TextFunction(14, _then("pieces.characters", "pieces.unique", "_join")),
    TextFunction(12, _then("pieces.characters", "pieces.sort", "_join")),
    TextFunction(8, _then("pieces.words", "pieces.reverse", "_join_words")),
    TextFunction(9, _then("pieces.words", "pieces.sort", "_join_words")),
    TextFunction(8, _then("pieces.words", "pieces.unique", "_join_words")),
    TextFunction(10, _mapped(1, "pieces.words", ". ")),
    TextFunction(10, _mapped(1, "pieces.words", ".")),
    TextFunction(11, _mapped(1, "pieces.words", " ")),
    TextFunction(11, lambda p: call("str.upper", _mapped(1, "pieces.words", ".")(p))),
    TextFunction(11, lambda p: call("str.upper", _mapped(1, "pieces.words", ". ")(p))),
    TextFunction(10, lambda p: call("int.to.str", call("str.len", p))),
    TextFunction(12, lambda p: call("int.to.str", call("pieces.count", call("pieces.words", p)))),
    *(
        TextFunction(10 + (case is not None), _regrouped(case, n, separator))
        for n, separator in ((2, ":"), (2, "-"), (4, "."))
        for case in (None, "str.lower", "str.upper")
    ),
    *(
        TextFunction(9 + n // 3, _chunks(n * sign, separator))
        for n in (2, 3, 4)
        for sign in (1, -1)
        for separator in (" ", "-", ",", ":", ".")
    ),
)


MASKS = "*Xx#•"
"""Characters that hide others."""
MASKED = (
    (6, r"[^\W_]"),
    (6, r"(?<=[^\W_])[^\W_]"),
    (6, r"\d"),
    (7, r"[^\W_](?=.*[^\W_]{4})"),
    (7, r"."),
    (8, r"[^\W_](?=.*[^\W_]{2})"),
)
"""Bits and patterns of what is hidden: all letters and digits, those after the first of a word, digits, all but the last four or two,
every character."""


@cache
def masking(mask: str) -> tuple[tuple[TextFunction, Callable[[tuple[Any, ...]], Any]], ...]:
    """Functions that hide characters behind a mask, with the code that computes them."""
    evaluator = Evaluator()
    found = (TextFunction(bits, _replace(pattern, mask)) for bits, pattern in MASKED)
    return tuple((f, evaluator.function(f.build(Input(0, STRING)))) for f in found)


@cache
def rotation(n: int) -> tuple[TextFunction, Callable[[tuple[Any, ...]], Any]]:
    """The function that moves letters on in the alphabet, with the code that computes it."""
    function = TextFunction(11, lambda p: call("text.rotate", n, p))
    return function, Evaluator().function(function.build(Input(0, STRING)))


@cache
def compiled() -> tuple[tuple[TextFunction, Callable[[tuple[Any, ...]], Any]], ...]:
    """The functions, with the code that computes them."""
    evaluator = Evaluator()
    return tuple((f, evaluator.function(f.build(Input(0, STRING)))) for f in FUNCTIONS)


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
        functions = [*compiled(), *(f for mask in _masks(column) for f in masking(mask))]
        functions += [rotation(n) for n in _rotations(column)]
        decimals = [column_of_decimals(column, i) for i in range(len(column.inputs))]
        for source, texts, judged, first in _sources(column):
            number = isinstance(source, Input) and decimals[column.inputs.index(source)]
            if first:
                self.index.add(Piece(tuple(texts), BASE + first, lambda p=source: p, name="first present"))  # type: ignore[misc]  # mypy infers no type for a bound default
            for program, base, cost, parts in _bases(source, texts, judged):
                for function, compute in functions:
                    values = []
                    for text, output in zip(base, outputs, strict=True):
                        value = memo.get((function, text))
                        if value is None:
                            value = memo[function, text] = compute((text,))
                        if not value or value is UNDEFINED or value not in output:
                            break
                        values.append(value)
                    if len(values) < len(outputs):
                        continue
                    short = SHORT * all(len(v) == 1 for v in values)
                    bits = first + short + BASE + cost + function.cost + SAME * (values == base)
                    bits += ONE_ROW * (
                        len(outputs) == 1 and function.cost >= COUNT and all(v.isdigit() for v in values)
                    )
                    bits += POINTLESS * (
                        number and all(v.isdigit() and "." in t for v, t in zip(values, base, strict=True))
                    )
                    if function.may_be_empty and not any(t is not None and compute((t,)) == "" for t in parts):
                        continue
                    bits += 0 if function.may_be_empty else _undefined(parts, compute)
                    bits += _joined(base, values, parts, compute)
                    self.index.add(Piece(tuple(values), bits, _builder(function, program), name="function"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The values that the rests start with."""
        return self.index.starting(rests)


def _masks(column: Column) -> list[str]:
    """Characters that all outputs have, different outputs so many times, and no input; otherwise they are constants."""
    inputs = "".join(v for row in column.rows for v in row if isinstance(v, str))
    return [
        m
        for m in MASKS
        if m not in inputs and all(m in o for o in column.outputs) and len({o.count(m) for o in column.outputs}) > 1
    ]


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


FIRST_PRESENT = 6
"""Bits of taking another input if one is missing."""


def _sources(column: Column) -> Iterator[tuple[Program, list[str], list[str], int]]:
    """Texts of the example rows and of the judged ones, with bits: the inputs, and the first of two that is not missing."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is not None:
            yield source, texts, [row[i] for row in column.judged if isinstance(row[i], str) and row[i]], 0
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


def _builder(function: TextFunction, program: Callable[[], Program]) -> Callable[[], Program]:
    return lambda: function.build(program())


def _undefined(texts: Sequence[str | None], compute: Callable[[tuple[Any, ...]], Any]) -> int:
    if not texts:
        return 0
    failed = sum(t is None or compute((t,)) in (UNDEFINED, "") for t in texts)
    return UNDEFINED_BITS * failed // len(texts)


def _joined(
    base: Sequence[str], values: Sequence[str], judged: Sequence[str | None], compute: Callable[[tuple[Any, ...]], Any]
) -> int:
    others = [(t, v) for t in judged if t is not None and isinstance(v := compute((t,)), str)]
    return joined(list(zip(base, values, strict=True)), others)


def _bases(
    source: Program, texts: list[str], judged: list[str]
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
                yield (partial(call, "text.split_at", source, sign, n)), parts, PART, others
