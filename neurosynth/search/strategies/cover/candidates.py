"""How a candidate is judged on the rows of the column that have no outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Input, Program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.values.types import STRING

__all__ = ["inner_signs", "judged", "shape", "shapes_of", "told_bits", "unread"]

NUMBERS = 3
"""Number of numbers in one output that may lack their decimals, the last ones."""


_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"^-(?=[\d.])"), ""),
    (re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![,\d])|\d+"), "0"),
    (re.compile(r"[^\W\d_]+"), "a"),
)


def shape(text: str, inner: str = "") -> str:
    """A text with every run of digits, letters or white space as one character.

    A leading minus is left out, and digits in groups of three are one run. Letters with one of the ``inner`` signs between them are one
    word, to which a point belongs, too, if it is one of them: an initial.
    """
    if inner:
        between = f"[{re.escape(inner)}]"
        point = r"(?:\.(?=\s|$))?" if "." in inner else ""
        text = re.sub(rf"[^\W\d_]+(?:{between}[^\W\d_]+)*{point}", "a", text)
    for pattern, by in _SHAPES:
        text = pattern.sub(by, text)
    return text


_DECIMALS = re.compile(r"(?<![0.,])0\.0(?![.,]?0)")


def shapes_of(outputs: Iterable[str], inner: str = "") -> frozenset[str]:
    """The shapes of outputs. If numbers have decimals, also the shapes without them: ``0.9`` and then ``1``."""
    found = {shape(text, inner) for text in outputs}
    for text in list(found):
        ends = [m.start() + 1 for m in _DECIMALS.finditer(text)][-NUMBERS:]
        for count in range(1, len(ends) + 1):
            for chosen in combinations(ends, count):
                found.add("".join(c for i, c in enumerate(text) if i not in chosen and i - 1 not in chosen))
    return frozenset(found)


def judged(
    program: Program,
    cost: int,
    column: Column,
    config: CoverConfig,
    evaluator: Evaluator,
    shapes: frozenset[str],
    malformed: Callable[[str], bool] = lambda text: False,
) -> int | None:
    """The cost with the surcharge for rows without outputs, or None if an example is wrong.

    ``malformed`` tells whether a text contains something impossible; it counts only if no example does.
    """
    function = evaluator.function(program)
    stays = words_stay = False
    for row, wanted in zip(column.rows, column.outputs, strict=True):
        if function(row) != wanted:
            return None
        stays = stays or wanted in row
        words_stay = words_stay or (wanted in row and isinstance(wanted, str) and _LETTER.search(wanted) is not None)
    undefined = nothing = stayed = odd = new = longer = left = cased = short = 0
    casing, whole = _casing(column), _whole(column)
    merged = {_as_one(s) for s in shapes}
    codes = {(len(o), _is_code(o)) for o in column.outputs if isinstance(o, str)}
    gone, bare, length = _gone(column), _bare(column), _length(column)
    known, mask = {_input_shape(row, column) for row in column.rows}, _mask(column)
    copies = isinstance(program, Input)  # hardly what is asked for: decimals that no output has count there
    inner, numeric = inner_signs(column), _numeric(column)
    endless = any(isinstance(o, str) and _ENDLESS.search(o) for o in column.outputs) or _floats(column)
    split = 0
    for row in column.judged:
        value = function(row)
        if value is UNDEFINED or value is None:
            undefined += not _empty(row) and (not numeric or _digits(row))  # no number is found in ``Unknown``
        elif (
            isinstance(value, str)
            and value in row
            and (words_stay or (stays and _digits((value,))))
            and _LETTER.search(value)
        ):
            # words that stay unchanged, as they do in an example, are not odd, but numbers in another form are, a little
            stayed += _digits((value,)) and shape(value, inner) not in shapes
        elif isinstance(value, str):
            found = shape(value, inner)
            more_parts = found not in shapes and _as_one(found) in merged
            more_parts = more_parts or (found not in shapes and (len(value), True) in codes and _is_code(value))
            more_parts = more_parts or (found not in shapes and not copies and _short_decimals(found, value, shapes))
            longer += more_parts
            unseen = (
                found not in shapes and not more_parts and (copies or not _with_decimals(found, value, row, shapes))
            )
            strange = unseen or (bare and _PADDED.search(value) is not None)
            wrong = (length is not None and len(value) != length) or malformed(value)
            wrong = wrong or (not endless and value not in row and _ENDLESS.search(value) is not None)
            wrong = wrong or (mask is not None and any(map(str.isdigit, value)) and _DIGIT.sub("0", value) != mask)
            alike = wrong or (strange and _input_shape(row, column) in known)
            alike = alike or (numeric and value != "" and not _digits((value,)))  # a word in the place of a number
            strange = strange or wrong
            if strange and not alike and not value:
                nothing += 1 + numeric  # a number that is not there is missing rather than empty
            else:
                odd, new = odd + (strange and alike), new + (strange and not alike)
            left += not gone.isdisjoint(map(_kind, value))
            cased += casing is not None and casing(value) != value
            short += whole and not _all_words(row, value)
            split += bool(inner) and _splits_word(row, value, inner)
    count = max(1, len(column.judged))
    # one odd row of two is no evidence: it may be the row for which an example is missing; all of several are
    unlike = config.odd * odd + config.odd_new * new + config.longer * longer
    unlike += config.nothing * nothing + config.stayed * stayed
    every = 1 < count == odd
    unlike //= min(count + config.odd_every, max(count, config.odd_rows)) if every else max(count, config.odd_rows)
    unfit = config.unfit * ((odd > 0) + (short > 0)) + config.splits_some * (split > 0)
    lost = config.undefined * undefined + config.left * left + config.cased * cased + config.short * short
    lost = (lost + config.splits * split) // count
    return cost + lost + unlike + unfit + unread(program, column, config)


_ENDLESS = re.compile(r"\.\d{12}")
"""Decimals of a quotient that nobody writes out."""
_WHOLE_FLOAT, _LONG_FLOAT = re.compile(r"-?\d+\.0"), re.compile(r"-?\d+\.\d+[1-9]")


def _floats(column: Column) -> bool:
    """Whether a program wrote the numbers of the table, whose quotients then have all their decimals: ``10.0`` stands in one column with
    ``12.75``."""
    if "floats" not in column.memo:
        cells = [column.outputs, *zip(*column.every, strict=True)]
        texts = [[v for v in some if isinstance(v, str)] for some in cells]
        column.memo["floats"] = any(
            any(map(_WHOLE_FLOAT.fullmatch, t)) and any(map(_LONG_FLOAT.fullmatch, t)) for t in texts
        )
    return bool(column.memo["floats"])


def _digits(row: Sequence[Any]) -> bool:
    """Whether any cell has a digit."""
    return any(c.isdigit() for v in row if isinstance(v, str) for c in v)


def _numeric(column: Column) -> bool:
    """Whether several examples, and most rows of the table, have a number, and every output has one."""
    key = ("numeric", column.rows)
    if key not in column.memo:
        told = len(column.rows) > 1 and all(map(_digits, column.rows)) and all(_digits((o,)) for o in column.outputs)
        column.memo[key] = told and sum(map(_digits, column.every)) * 3 >= len(column.every) * 2
    return bool(column.memo[key])


INNER = "'’-."
"""Signs that may be a part of words."""


def inner_signs(column: Column) -> str:
    """Signs that may be a part of words, because no example cuts its input next to one of them, and none has one that its input lacks."""
    key = ("inner", column.rows)
    if key not in column.memo:
        pairs = [(r, o) for r, o in zip(column.rows, column.outputs, strict=True) if isinstance(o, str)]
        column.memo[key] = "".join(c for c in INNER if not any(_cuts_at(c, row, o) for row, o in pairs))
    found: str = column.memo[key]
    return found


def _cuts_at(sign: str, row: Sequence[Any], output: str) -> bool:
    """Whether an output has a word that stands next to a sign in an input and has none there itself, or a sign that no input has."""
    texts = [v for v in row if isinstance(v, str)]
    if sign in output:
        if any(f"{sign}{output}" in t or f"{output}{sign}" in t for t in texts):
            return True
        words = [w for w in output.split() if sign in w]
        return any(not any(w.strip(",;:()") in t for t in texts) for w in words)
    words = _RUN.findall(output)
    return any(f"{sign}{w}" in t or f"{w}{sign}" in t for t in texts if sign in t for w in words)


def _splits_word(row: Sequence[Any], value: str, inner: str) -> bool:
    """Whether a value that is a part of an input ends there within a word, at a sign that belongs to words."""
    if not value or not value[0].isalpha() or not value[-1].isalpha():
        return False
    for text in row:
        at = text.find(value) if isinstance(text, str) else -1
        while at >= 0:
            before, behind = text[:at], text[at + len(value) :]
            cut = len(before) > 1 and before[-1] in inner and before[-2].isalpha()
            cut = cut or (behind[:1] in inner and behind != "" and (behind[1:2].isalpha() or behind[0] == "."))
            if not cut:
                return False
            at = text.find(value, at + 1)
            if at < 0:
                return True
    return False


_RUN, _BETWEEN = re.compile(r"[^\W_]+"), re.compile(r"[\W_]+")


def _all_words(row: Sequence[Any], output: str) -> bool:
    """Whether all words and numbers of a row's inputs occur in an output, in any letter case, whatever is between them."""
    text = _BETWEEN.sub("", output.casefold())
    return all(run.casefold() in text for v in row if isinstance(v, str) for run in _RUN.findall(v))


_ONE_NUMBER = re.compile(r"\s*-?\d+(?:[.,]\d+)?\s*")


def _whole(column: Column) -> bool:
    """Whether no example loses a word, so that other rows should not lose one either; decimals of a number are no word."""
    key = ("whole", column.rows)
    if key not in column.memo:
        rows = list(zip(column.rows, column.outputs, strict=True))
        numbers = all(v is None or _ONE_NUMBER.fullmatch(v) for row in column.rows for v in row)
        column.memo[key] = (
            len(rows) > 1 and not numbers and all(isinstance(o, str) and _all_words(row, o) for row, o in rows)
        )
    return bool(column.memo[key])


def _with_decimals(shape: str, text: str, row: Sequence[Any], shapes: frozenset[str]) -> bool:
    """Whether a shape is known except for decimals, and the numbers with decimals are copied from an input."""
    if _DECIMALS.sub("0", shape) not in shapes:
        return False
    return all(any(n in v for v in row if isinstance(v, str)) for n in re.findall(r"\d+\.\d+", text))


FEW_DECIMALS = 3
"""Decimals up to which a computed number may have some although no output has any."""


def _short_decimals(shape: str, text: str, shapes: frozenset[str]) -> bool:
    """Whether a shape is known except for a few decimals."""
    if _DECIMALS.sub("0", shape) not in shapes:
        return False
    return all(len(n) <= FEW_DECIMALS for n in re.findall(r"(?<=\d\.)\d+", text))


def _pieces_of(program: Program) -> list[Program]:
    """The parts that a program joins to its output."""
    if isinstance(program, Apply) and program.primitive.hash_kernel == "concat" and program.type == STRING:
        return [part for argument in program.arguments for part in _pieces_of(argument)]
    return [program]


def _only_signs(piece: Program, column: Column) -> bool:
    """Whether a piece gives signs and blanks alone on all examples: whatever input it reads, it says nothing of it."""
    if not isinstance(piece, Apply) or piece.type != STRING:
        return False
    function = Evaluator().function(piece)
    values = [function(row) for row in column.rows]
    return all(isinstance(v, str) and not any(c.isalnum() for c in v) for v in values)


def unread(program: Program, column: Column, config: CoverConfig) -> int:
    """Bits for inputs that a program does not read, if there are few and their values differ: they are rarely useless."""
    if not 1 < len(column.inputs) <= len(config.unread) + 1 or column.leaf:
        return 0
    read: set[int] = set()
    for piece in _pieces_of(program):
        if not _only_signs(piece, column):
            read |= read_inputs(piece)
    vain = sum(i.index not in read and _varies(column, n) for n, i in enumerate(column.inputs) if isinstance(i, Input))
    return config.unread[len(column.inputs) - 2] * vain


def _varies(column: Column, n: int) -> bool:
    key = ("varies", n)
    if key not in column.memo:
        column.memo[key] = len({row[n] for row in column.every}) > 1
    return bool(column.memo[key])


def _casing(column: Column) -> Callable[[str], str] | None:
    """The function that leaves outputs unchanged: capital or small letters only, if all examples are so; None if they have both."""
    key = ("casing", column.rows)
    if key not in column.memo:
        letters = "".join(c for o in column.outputs if isinstance(o, str) for c in o if c.isalpha())
        alone = [f for f in (str.upper, str.lower) if len(letters) > 1 and f(letters) == letters]
        column.memo[key] = alone[0] if len(alone) == 1 else None
    found: Callable[[str], str] | None = column.memo[key]
    return found


_REPEATED = re.compile(r"(a[^a0]+)\1+")


def _as_one(shape: str) -> str:
    """A shape in which adjacent words, and words with the same separator after each, count as one."""
    return _REPEATED.sub(r"\1", re.sub(r"a(?: a)+", "a", shape))


CODE = 6
"""Number of letters and digits from which texts of one length are codes."""


def _length(column: Column) -> int | None:
    """The length of all outputs if the only input is a code: the same number of letters and digits in all rows of the table."""
    key = ("code", column.rows)
    if key not in column.memo:
        texts = [row[0] for row in column.every if isinstance(row[0], str) and row[0]]
        counts = {sum(map(str.isalnum, t)) for t in texts}
        lengths = {len(o) for o in column.outputs if isinstance(o, str)}
        code = len(column.inputs) == len(counts) == len(lengths) == 1 and len(texts) > 2 and min(counts) >= CODE
        shown = zip(column.rows, column.outputs, strict=True)
        kept = code and all(isinstance(row[0], str) and _plain(o) in _plain(row[0]) for row, o in shown)
        column.memo[key] = min(lengths) if kept else None
    found: int | None = column.memo[key]
    return found


_DIGIT = re.compile(r"\d")
_GROUPED = re.compile(r"[^\w.,]*\d+(?:[^\w.,]+\d+)+")
MASKED = 3
"""Number of examples whose digits are grouped alike from which others must be, too, branches or not."""


def _mask(column: Column) -> str | None:
    """The outputs of all examples with 0 for each digit, if they are all alike: groups of digits as in telephone numbers."""
    if not column.leaf:
        texts = [o for o in column.outputs if isinstance(o, str)]
        masks = {_DIGIT.sub("0", t) for t in texts}
        same = len(texts) >= MASKED and len(masks) == 1 and _GROUPED.fullmatch(texts[0]) is not None
        column.memo["mask"] = masks.pop() if same and sum(map(str.isdigit, texts[0])) > CODE else None
    found: str | None = column.memo.get("mask")
    return found


def _is_code(text: str) -> bool:
    """Whether a text is made of capitals and digits alone, in any order."""
    return text.isalnum() and text.isascii() and text == text.upper()


def _plain(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def _input_shape(row: Sequence[Any], column: Column) -> tuple[Any, ...]:
    """The shapes of the texts of a row."""
    memo: dict[Any, tuple[Any, ...]] = column.memo.setdefault("input shapes", {})
    found = memo.get(row)
    if found is None:
        found = memo[tuple(row)] = tuple(_as_one(shape(v)) if isinstance(v, str) else v is None for v in row)
    return found


def _kind(c: str) -> str:
    """The kind of a character: letters with marks, or the sign itself. Digits, plain letters and blanks have none."""
    if c.isalpha():
        return "" if c.isascii() else "é"
    return "" if c.isdigit() or c.isspace() else c


def _gone(column: Column) -> frozenset[str]:
    """Kinds of characters that inputs of examples have, and no output has."""
    known = column.memo.get(("gone", column.rows))
    if known is None:
        inputs = {_kind(c) for row in column.rows for v in row if isinstance(v, str) for c in v}
        known = frozenset(inputs - {_kind(c) for o in column.outputs if isinstance(o, str) for c in o} - {""})
        column.memo["gone", column.rows] = known
    return known


_LETTER = re.compile(r"[^\W\d_]")
_PADDED = re.compile(r"(?<![\d.,:])0\d(?![\d.,])")
_BARE = re.compile(r"(?<![\d.,:])\d(?![\d.,])")


def _bare(column: Column) -> bool:
    """Whether the outputs have numbers of one digit, and none with a leading zero."""
    texts = [o for o in column.outputs if isinstance(o, str)]
    return any(map(_BARE.search, texts)) and not any(map(_PADDED.search, texts))


def told_bits(column: Column, config: CoverConfig) -> int:
    """Bits of the outputs as literal text; a program must have fewer to explain anything."""
    return sum(map(config.output_cost, column.outputs))


def _empty(row: Sequence[Any]) -> bool:
    """Whether a row is empty, so that no output can be expected."""
    return all(value is None or value == "" for value in row)
