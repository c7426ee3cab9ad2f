"""The language ``strings``: text, integers and conditions on them, as SMT-LIB 2.6 defines them, and what data needs.

A string is a sequence of Unicode code points.  The SMT-LIB functions are total: out of range gives ``""`` or -1, never
an error.  Names are those of SyGuS files (``str.to.int``); ``smtlib`` holds the spelling of SMT-LIB 2.6 where it
differs.  Beyond SMT-LIB come case, trimming, reversal, words and fields, for columns of real data, and all of
:mod:`neurosynth_dsls.strings_text`.

Every function stands by itself, so that its source can be taken away with an exported program.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.logic import logic
from neurosynth_dsls.strings_inverses import (
    inverse_add,
    inverse_char_at,
    inverse_concat_first,
    inverse_concat_second,
    inverse_field,
    inverse_from_int,
    inverse_negate,
    inverse_replace_all_by,
    inverse_replace_by,
    inverse_replace_pattern,
    inverse_reverse,
    inverse_substring_count,
    inverse_substring_start,
    inverse_subtract_first,
    inverse_subtract_second,
    inverse_word,
)
from neurosynth_dsls.strings_text import text

__all__ = ["strings"]

strings = Language("strings", doc="Text and integers: SMT-LIB strings, and case, words and fields for columns of data.")

_KERNELS = "neurosynth_dsls.strings_kernels:"
_INVERSE = "neurosynth_dsls.strings_inverse_kernels:"

for _shared in logic.primitives.values():
    strings.add(_shared)

for _text, _cost in (("", 1), (" ", 1), (",", 1), (".", 2), ("-", 2)):
    strings.constant(_text, "string", cost=_cost)
for _number, _cost in ((0, 1), (1, 1), (2, 2), (3, 2), (-1, 1)):
    strings.constant(_number, "int", cost=_cost)


# Lengths of results, asked before the result is made.


def _concat_size(s: str, t: str) -> int:
    return len(s) + len(t)


def _replace_size(s: str, pattern: str, by: str) -> int:
    return len(s) + len(by) - len(pattern) if pattern in s else len(s)


def _replace_all_size(s: str, pattern: str, by: str) -> int:
    return len(s) + s.count(pattern) * (len(by) - len(pattern)) if pattern else len(s)


# Text, as SMT-LIB has it.


@strings.primitive(
    name="str.++",
    python="{0} + {1}",
    size=_concat_size,
    kernel=_KERNELS + "concat",
    hash_kernel="concat",
    inverse=(inverse_concat_first, inverse_concat_second),
    inverse_kernels=(_INVERSE + "inverse_concat_first", _INVERSE + "inverse_concat_second"),
)
def concat(s: str, t: str) -> str:
    """First text followed by the second."""
    return s + t


@strings.primitive(
    name="str.at",
    kernel=_KERNELS + "char_at",
    slices=True,
    inverse=(None, inverse_char_at),
    inverse_kernels=(None, _INVERSE + "inverse_char_at"),
)
def char_at(s: str, i: int) -> str:
    """Character at position i, counted from 0; "" where there is none."""
    return s[i] if 0 <= i < len(s) else ""


@strings.primitive(
    name="str.substr",
    kernel=_KERNELS + "substring",
    slices=True,
    inverse=(None, inverse_substring_start, inverse_substring_count),
    inverse_kernels=(None, _INVERSE + "inverse_substring_start", _INVERSE + "inverse_substring_count"),
)
def substring(s: str, i: int, n: int) -> str:
    """At most n characters from position i on; "" where i is no position."""
    return s[i : i + n] if 0 <= i < len(s) and n > 0 else ""


@strings.primitive(
    name="str.replace",
    python="{0}.replace({1}, {2}, 1)",
    size=_replace_size,
    kernel=_KERNELS + "replace_first",
    hash_kernel=(_KERNELS + "note_first", _KERNELS + "replaced_first"),
    inverse=(None, inverse_replace_pattern, inverse_replace_by),
    inverse_kernels=(None, _INVERSE + "inverse_replace_pattern", _INVERSE + "inverse_replace_by"),
)
def replace_first(s: str, pattern: str, by: str) -> str:
    """First text with the first occurrence of the second replaced by the third; an empty second puts it in front."""
    return s.replace(pattern, by, 1)


@strings.primitive(
    name="str.replace_all",
    size=_replace_all_size,
    kernel=_KERNELS + "replace_all",
    hash_kernel=_KERNELS + "replaced_all",
    inverse=(None, None, inverse_replace_all_by),
    inverse_kernels=(None, None, _INVERSE + "inverse_replace_all_by"),
)
def replace_all(s: str, pattern: str, by: str) -> str:
    """First text with every occurrence of the second replaced by the third; an empty second changes nothing."""
    return s.replace(pattern, by) if pattern else s


@strings.primitive(name="str.len", python="len({0})", kernel=_KERNELS + "length")
def length(s: str) -> int:
    """Number of characters."""
    return len(s)


@strings.primitive(name="str.indexof", kernel=_KERNELS + "index_of")
def index_of(s: str, pattern: str, start: int) -> int:
    """First position from start on where the second text occurs in the first; -1 for none."""
    return s.find(pattern, start) if start >= 0 else -1


@strings.primitive(name="str.rindexof", python="{0}.rfind({1})", kernel=_KERNELS + "last_index_of")
def last_index_of(s: str, pattern: str) -> int:
    """Last position where the second text occurs in the first; -1 for none."""
    return s.rfind(pattern)


@strings.primitive(name="str.prefixof", python="{1}.startswith({0})", kernel=_KERNELS + "is_prefix")
def is_prefix(prefix: str, s: str) -> bool:
    """Whether the second text starts with the first."""
    return s.startswith(prefix)


@strings.primitive(name="str.suffixof", python="{1}.endswith({0})", kernel=_KERNELS + "is_suffix")
def is_suffix(suffix: str, s: str) -> bool:
    """Whether the second text ends with the first."""
    return s.endswith(suffix)


@strings.primitive(name="str.contains", python="{1} in {0}", kernel=_KERNELS + "contains")
def contains(s: str, pattern: str) -> bool:
    """Whether the second text occurs in the first."""
    return pattern in s


@strings.primitive(name="str.<", cost=2, python="{0} < {1}", kernel=_KERNELS + "text_less")
def text_less(s: str, t: str) -> bool:
    """Whether the first text comes before the second, by code points."""
    return s < t


@strings.primitive(name="str.<=", cost=2, python="{0} <= {1}", kernel=_KERNELS + "text_less_equal")
def text_less_equal(s: str, t: str) -> bool:
    """Whether the first text comes before the second or is the same, by code points."""
    return s <= t


@strings.primitive(name="str.is_digit", kernel=_KERNELS + "is_digit")
def is_digit(s: str) -> bool:
    """Whether it is one character, 0 to 9."""
    return len(s) == 1 and "0" <= s <= "9"


# Text and numbers.


@strings.primitive(name="str.to.int", smtlib="str.to_int", raises=(ValueError,), kernel=_KERNELS + "to_int")
def to_int(s: str) -> int:
    """Number written in decimal digits; -1 for any other text.  More than 4300 digits are undefined, as in Python."""
    return int(s) if s.isascii() and s.isdigit() else -1


@strings.primitive(
    name="int.to.str",
    smtlib="str.from_int",
    raises=(ValueError,),
    kernel=_KERNELS + "from_int",
    inverse=(inverse_from_int,),
    inverse_kernels=(_INVERSE + "inverse_from_int",),
)
def from_int(n: int) -> str:
    """Decimal digits of a number; "" for a negative one.  More than 4300 digits are undefined, as in Python."""
    return str(n) if n >= 0 else ""


@strings.primitive(name="str.to_code", cost=2, kernel=_KERNELS + "to_code")
def to_code(s: str) -> int:
    """Code point of a text of one character; -1 for any other."""
    return ord(s) if len(s) == 1 else -1


@strings.primitive(name="str.from_code", cost=2, kernel=_KERNELS + "from_code")
def from_code(n: int) -> str:
    """Character with code point n; "" outside 0 to 196607, the characters of SMT-LIB."""
    return chr(n) if 0 <= n < 0x30000 else ""


# Numbers.


@strings.primitive(
    name="+",
    commutative=True,
    python="{0} + {1}",
    kernel=_KERNELS + "add",
    inverse=(inverse_add, inverse_add),
    inverse_kernels=(_KERNELS + "subtract", _KERNELS + "subtract"),
)
def add(m: int, n: int) -> int:
    """Sum."""
    return m + n


@strings.primitive(
    name="-",
    python="{0} - {1}",
    kernel=_KERNELS + "subtract",
    inverse=(inverse_subtract_first, inverse_subtract_second),
    inverse_kernels=(_KERNELS + "add", _INVERSE + "inverse_subtract_second"),
)
def subtract(m: int, n: int) -> int:
    """First minus second."""
    return m - n


@strings.primitive(
    name="neg",
    cost=2,
    python="-{0}",
    smtlib="-",
    kernel=_KERNELS + "negate",
    inverse=(inverse_negate,),
    inverse_kernels=(_KERNELS + "negate",),
)
def negate(n: int) -> int:
    """The number with the other sign."""
    return -n


@strings.primitive(name="<", python="{0} < {1}", kernel=_KERNELS + "less")
def less(m: int, n: int) -> bool:
    """Whether the first is less than the second."""
    return m < n


@strings.primitive(name="<=", python="{0} <= {1}", kernel=_KERNELS + "less_equal")
def less_equal(m: int, n: int) -> bool:
    """Whether the first is at most the second."""
    return m <= n


@strings.primitive(name=">", cost=2, python="{0} > {1}", kernel=_KERNELS + "greater")
def greater(m: int, n: int) -> bool:
    """Whether the first is more than the second."""
    return m > n


@strings.primitive(name=">=", cost=2, python="{0} >= {1}", kernel=_KERNELS + "greater_equal")
def greater_equal(m: int, n: int) -> bool:
    """Whether the first is at least the second."""
    return m >= n


# Beyond SMT-LIB: what columns of data need.


@strings.primitive(name="str.lower", python="{0}.lower()", kernel=_KERNELS + "lower")
def lower(s: str) -> str:
    """All letters small."""
    return s.lower()


@strings.primitive(name="str.upper", python="{0}.upper()", kernel=_KERNELS + "upper")
def upper(s: str) -> str:
    """All letters capital."""
    return s.upper()


@strings.primitive(name="str.title", python="{0}.title()", kernel=_KERNELS + "title")
def title(s: str) -> str:
    """First letter of each run of letters capital, the others small."""
    return s.title()


@strings.primitive(name="str.trim", python="{0}.strip()", kernel=_KERNELS + "trim", slices=True)
def trim(s: str) -> str:
    """Without white space at both ends."""
    return s.strip()


@strings.primitive(
    name="str.reverse",
    python="{0}[::-1]",
    kernel=_KERNELS + "reverse",
    inverse=(inverse_reverse,),
    inverse_kernels=(_KERNELS + "reverse",),
)
def reverse(s: str) -> str:
    """Characters in reverse order."""
    return s[::-1]


@strings.primitive(
    name="str.word",
    kernel=_KERNELS + "word",
    slices=True,
    inverse=(None, inverse_word),
    inverse_kernels=(None, _INVERSE + "inverse_word"),
)
def word(s: str, n: int) -> str:
    """Word n of the text split at white space, from 0, or from -1 backwards; "" where there is none."""
    words = s.split()
    return words[n] if -len(words) <= n < len(words) else ""


@strings.primitive(
    name="str.field",
    kernel=_KERNELS + "field",
    slices=True,
    inverse=(None, None, inverse_field),
    inverse_kernels=(None, None, _INVERSE + "inverse_field"),
)
def field(s: str, separator: str, n: int) -> str:
    """Field n of the text split at each separator, from 0, or from -1 backwards; "" where there is none."""
    fields = s.split(separator) if separator else [s]
    return fields[n] if -len(fields) <= n < len(fields) else ""


# Last, so that of programs of one cost those in SMT-LIB's own functions are found first.
for _column in text.primitives.values():
    strings.add(_column)
