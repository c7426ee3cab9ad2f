"""What the examples of a column have in common, and programs for its other rows should have, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.search.strategies.cover.shapes import (
    DIGIT,
    ENDLESS,
    LETTER,
    PADDED,
    PADDED_NO_HOUR,
    RUN,
    all_words,
    as_one,
    has_digits,
    is_code,
    kind_of,
    shape,
)

__all__ = ["Traits", "inner_signs", "input_shape", "mask_of", "traits_of"]


@dataclass(frozen=True, slots=True)
class Traits:
    """What the examples of a column have in common."""

    stays: bool
    """Whether an example has an input as its output."""
    words_stay: bool
    """Whether an example has an input with letters as its output."""
    casing: Callable[[str], str] | None
    """The function that leaves outputs unchanged: capital or small letters only; None if they have both."""
    whole: bool
    """Whether no example loses a word."""
    codes: frozenset[tuple[int, bool]]
    """The lengths of outputs, and whether they are codes."""
    gone: frozenset[str]
    """Kinds of characters that inputs have and no output has."""
    bare: re.Pattern[str] | None
    """Numbers with a leading zero, if the outputs have numbers of one digit, and none of these."""
    length: int | None
    """The length of all outputs that are parts of codes."""
    known: frozenset[tuple[Any, ...]]
    """The shapes of the inputs."""
    changed: frozenset[tuple[Any, ...]]
    """The shapes of inputs of which examples change a text, and none leaves one as it is."""
    inner: str
    """Signs that are parts of words."""
    numeric: bool
    """Whether examples and most rows have numbers, and so does every output."""
    endless: bool
    """Whether quotients keep all their decimals."""


def traits_of(column: Column) -> Traits:
    """What the examples of a column have in common; read once for each set of examples."""
    key = ("traits", column.rows, column.leaf)
    if key not in column.memo:
        rows = list(zip(column.rows, column.outputs, strict=True))
        stay = [o for row, o in rows if o in row]
        column.memo[key] = Traits(
            stays=bool(stay),
            words_stay=any(isinstance(o, str) and LETTER.search(o) is not None for o in stay),
            casing=_casing(column),
            whole=_whole(column),
            codes=frozenset((len(o), is_code(o)) for o in column.outputs if isinstance(o, str)),
            gone=_gone(column),
            bare=_bare(column),
            length=_length(column),
            known=frozenset(input_shape(row, column) for row in column.rows),
            changed=_changed(column),
            inner=inner_signs(column),
            numeric=_numeric(column),
            endless=any(isinstance(o, str) and ENDLESS.search(o) for o in column.outputs) or _floats(column),
        )
    found: Traits = column.memo[key]
    return found


def _changed(column: Column) -> frozenset[tuple[Any, ...]]:
    """The shapes of inputs that no example has as its output, and that are unlike those that are."""
    rows = list(zip(column.rows, column.outputs, strict=True))
    stay = {input_shape(row, column) for row, o in rows if o in row}
    return frozenset(input_shape(row, column) for row, o in rows if o not in row and isinstance(o, str)) - stay


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


def _numeric(column: Column) -> bool:
    """Whether several examples, and most rows of the table, have a number, and every output has one."""
    key = ("numeric", column.rows)
    if key not in column.memo:
        told = (
            len(column.rows) > 1 and all(map(has_digits, column.rows)) and all(has_digits((o,)) for o in column.outputs)
        )
        column.memo[key] = told and sum(map(has_digits, column.every)) * 3 >= len(column.every) * 2
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
    words = RUN.findall(output)
    return any(f"{sign}{w}" in t or f"{w}{sign}" in t for t in texts if sign in t for w in words)


_ONE_NUMBER = re.compile(r"\s*-?\d+(?:[.,]\d+)?\s*")


def _whole(column: Column) -> bool:
    """Whether no example loses a word, so that other rows should not lose one either; decimals of a number are no word."""
    key = ("whole", column.rows)
    if key not in column.memo:
        rows = list(zip(column.rows, column.outputs, strict=True))
        numbers = all(v is None or _ONE_NUMBER.fullmatch(v) for row in column.rows for v in row)
        column.memo[key] = (
            len(rows) > 1 and not numbers and all(isinstance(o, str) and all_words(row, o) for row, o in rows)
        )
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


_GROUPED = re.compile(r"[^\w.,]*\d+(?:[^\w.,]+\d+)+")
MASKED = 3
"""Number of examples whose digits are grouped alike from which others must be, too, branches or not."""


def mask_of(column: Column) -> str | None:
    """The outputs of all examples with 0 for each digit, if they are all alike: groups of digits as in telephone numbers."""
    if not column.leaf:
        texts = [o for o in column.outputs if isinstance(o, str)]
        masks = {DIGIT.sub("0", t) for t in texts}
        same = len(texts) >= MASKED and len(masks) == 1 and _GROUPED.fullmatch(texts[0]) is not None
        column.memo["mask"] = masks.pop() if same and sum(map(str.isdigit, texts[0])) > CODE else None
    found: str | None = column.memo.get("mask")
    return found


def _plain(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def input_shape(row: Sequence[Any], column: Column) -> tuple[Any, ...]:
    """The shapes of the texts of a row."""
    memo: dict[Any, tuple[Any, ...]] = column.memo.setdefault("input shapes", {})
    found = memo.get(row)
    if found is None:
        found = memo[tuple(row)] = tuple(as_one(shape(v)) if isinstance(v, str) else v is None for v in row)
    return found


def _gone(column: Column) -> frozenset[str]:
    """Kinds of characters that inputs of examples have, and no output has."""
    known = column.memo.get(("gone", column.rows))
    if known is None:
        inputs = {kind_of(c) for row in column.rows for v in row if isinstance(v, str) for c in v}
        known = frozenset(inputs - {kind_of(c) for o in column.outputs if isinstance(o, str) for c in o} - {""})
        column.memo["gone", column.rows] = known
    return known


_BARE = re.compile(r"(?<![\d.,:])\d(?![\d.,])")


def _bare(column: Column) -> re.Pattern[str] | None:
    """What finds numbers with a leading zero, if the outputs have numbers of one digit and none of these. Hours of a time count only if an
    output has an hour of one digit."""
    texts = [o for o in column.outputs if isinstance(o, str)]
    if not any(map(_BARE.search, texts)) or any(map(PADDED.search, texts)):
        return None
    return PADDED if any(map(_SHORT_HOUR.search, texts)) else PADDED_NO_HOUR


_SHORT_HOUR = re.compile(r"(?<!\d)\d:\d\d")
