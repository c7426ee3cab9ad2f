"""The table of text functions that pieces are made with: letter case, initials, slugs, groups, cleaning …"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input, Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call

__all__ = [
    "FIRST_UPPER",
    "MASKS",
    "SNAKE",
    "TIDY",
    "TIDY_FIRST_UPPER",
    "UPPER_SNAKE",
    "TextFunction",
    "compiled",
    "masking",
    "rotation",
]


@dataclass(frozen=True, slots=True, eq=False)
class TextFunction:
    """A function of a text, as a program over it."""

    cost: int
    build: Callable[[Program], Program]
    may_be_empty: bool = False
    """Whether it is offered because it gives an empty text where others give nothing."""
    joins: bool = False
    """Whether it is offered only if it joins parts of some example; where it gives a part of all of them, a substring says so better."""


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


def _unit(*names: str) -> Callable[[Program], Program]:
    """The word behind the first number."""
    return lambda p: _then("str.trim", *names)(call("text.match", p, r"(?<=\d)\s*[^\W\d_]+", 0))


SMALL_WORDS = (
    "a an and as at but by for from in into nor of on or over the to upon with",
    "d' da das de del della di do dos du e el en et i il l' la las le les lo los y",
    "am an auf bei de den der des die het im in op ob ter 't und van vom von vor zu zum zur",
)
"""Small words inside English titles, and inside Romance and Germanic names of people and places."""


def _title_except(small: str) -> Callable[[Program], Program]:
    return lambda p: call("text.title_except", small, p)


def _titled(case: str, signs: str) -> Callable[[Program], Program]:
    """Words with capitals, and blanks for the signs between them."""
    return lambda p: call(case, call("str.trim", call("text.replace_pattern", p, signs, " ")))


def _before_signs(p: Program) -> Program:
    """A text without blanks before punctuation."""
    return call("text.replace_pattern", call("str.collapse", p), " +(?=[,.;:!?])", "")


def _part_of_address(pattern: str) -> Callable[[Program], Program]:
    """A part of a web address, with or without its scheme."""
    return lambda p: call("re.replace", rf"^(?:[a-z][a-z0-9+.-]*://)?{pattern}$", r"\1", p)


def _sentences(case: str, *names: str) -> Callable[[Program], Program]:
    """Each sentence of a text, changed by some functions, with its first letter in another case: a capital, and small letters or not."""

    def build(p: Program) -> Program:
        change = Lambda((STRING,), call(case, Variable(0, STRING)))
        found = call("re.find_all", r".+?(?:[.!?]+\s+|$)", _then(*names)(p))
        return call("pieces.join", "", call("pieces.map", change, found))

    return build


HONORIFICS = (
    r"^\s*(?:(?:[Mm][Rr][Ss]?|[Mm][SsXx]|[Mm][Ii][Ss][Ss]|[Dd][Rr]|[Pp][Rr][Oo][Ff](?:[Ee][Ss][Ss][Oo][Rr])?|[Ss][Ii][Rr]|[Dd][Aa][Mm][Ee]"
    r"|[Hh][Ee][Rr][Rr]|[Ff][Rr][Aa][Uu]|[Mm][Mm][Ee]|[Mm][Ll][Ll][Ee]|[Ss][Rr][Aa]?|[Dd][Oo][Tt][Tt])(?:\.\s*|\s+))+(?=\S)"
)
"""Titles before names, in any letter case."""
LIST_MARK = r"^\s*(?:[•·*–-]+|\d{1,2}[.)](?=\s))\s*"
"""The mark or the number of an item of a list."""


def _untitled(p: Program) -> Program:
    return call("str.collapse", call("text.replace_pattern", p, HONORIFICS, ""))


def _abbreviated(sign: str) -> Callable[[Program], Program]:
    """Items between signs, all but the last cut to their first characters: ``o.a.kafka``, ``/u/l/bin``."""
    item = f"[^{re.escape(sign)}]"
    return lambda p: call("re.replace", f"({item}){item}*(?={re.escape(sign)})", r"\1", p)


SIGNS_BETWEEN = "./:-_"
"""Signs between items of which all but the last are abbreviated."""
MARK = 12
"""Bits of a sign between groups of two digits that may be a decimal mark."""
FIRST_UPPER = TextFunction(4, _then("text.first_upper"))
TIDY_FIRST_UPPER = TextFunction(6, _then("str.collapse", "text.first_upper"))
SNAKE = TextFunction(5, _then("text.snake"))
UPPER_SNAKE = TextFunction(7, _then("text.snake", "str.upper"))
"""Words with underscores, cut at changes of letter case, in small letters and in capitals."""
FUNCTIONS: tuple[TextFunction, ...] = (
    *(TextFunction(7, _run(p), True) for p in (r"^\d*", r"\d*$", r"^[^\W\d_]*", r"[^\W\d_]*$")),
    TextFunction(8, _run(r"\d+$")),
    TextFunction(5, _unit()),
    TextFunction(7, _unit("str.lower")),
    TextFunction(7, _unit("str.upper")),
    TextFunction(1, _then("str.trim")),
    TextFunction(2, _then("str.lower")),
    TextFunction(2, _then("str.upper")),
    TextFunction(2, _then("str.title")),
    TextFunction(4, _then("text.title_words")),
    TextFunction(3, _then("str.capitalize")),
    FIRST_UPPER,
    TIDY_FIRST_UPPER,
    TextFunction(5, _then("str.collapse", "str.capitalize")),
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
    TextFunction(7, lambda p: call("str.drop", call("str.only_digits", p), -4)),
    TextFunction(7, lambda p: call("str.drop", call("text.without_blanks", p), -4), joins=True),
    TextFunction(4, _then("str.drop_digits")),
    TextFunction(5, _replace(r"[^0-9.]", "")),
    TextFunction(6, _replace(r"[^0-9.-]", "")),
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
    TextFunction(5, _then("text.umlauts")),
    TextFunction(6, _then("text.umlauts", "str.lower")),
    TextFunction(6, _then("text.umlauts", "str.upper")),
    *(TextFunction(6, _title_except(small)) for small in SMALL_WORDS),
    TextFunction(8, _then("text.plural")),
    TextFunction(8, _then("text.singular")),
    TextFunction(9, _then("text.article")),
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
    SNAKE,
    TextFunction(6, lambda p: call("str.replace_all", call("text.slug", p), "-", "_")),
    TextFunction(7, lambda p: call("text.slug", call("text.replace_pattern", p, "['’]", ""))),
    TextFunction(9, lambda p: call("text.slug", call("str.replace_all", p, "&", "and"))),
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
    TextFunction(7, _then("text.spaced", "str.upper")),
    UPPER_SNAKE,
    TextFunction(8, lambda p: call("str.upper", call("str.replace_all", call("text.slug", p), "-", "_"))),
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
    *(
        TextFunction(bits, _titled(case, signs))
        for bits, case, signs in (
            (6, "str.title", r"[\W_]+"),
            (7, "text.title_words", r"[\W_]+"),  # 1st stays as it is
            (7, "str.title", r"[\d._+]+"),  # anna-lena.schmidt2
        )
    ),
    TextFunction(5, _replace(r"^[\W_]+|[\W_]+$", "")),
    TextFunction(8, _part_of_address(r"(?:www\.)?([^/?#:]+).*")),
    TextFunction(9, _part_of_address(r"([^/?#:]+).*")),
    TextFunction(9, _part_of_address(r"[^/?#]+([^?#]*).*")),
    TextFunction(7, lambda p: call("re.replace", r"([^\w\s])\1+", r"\1", p)),
    TextFunction(6, _replace(r"<[^>]*>", "")),
    TextFunction(8, lambda p: call("text.unescape", call("text.replace_pattern", p, r"<[^>]*>", ""))),
    TextFunction(8, lambda p: call("str.collapse", call("text.replace_pattern", p, r"<[^>]*>", " "))),
    TextFunction(5, lambda p: call("str.collapse", call("text.replace_pattern", p, r"\(.*?\)|\[.*?\]|\{.*?\}", ""))),
    TextFunction(6, _replace(r"^0+(?=\d)", "")),
    TextFunction(6, _replace(r"^[\d\W_]+", "")),
    TextFunction(7, _sentences("str.capitalize")),
    TextFunction(8, _sentences("text.first_upper")),
    TextFunction(9, _sentences("text.first_upper", "str.collapse")),
    TextFunction(7, _replace(LIST_MARK, "")),
    TextFunction(8, lambda p: call("text.first_upper", call("text.replace_pattern", p, LIST_MARK, ""))),
    TextFunction(7, _untitled),
    TextFunction(8, lambda p: call("str.title", _untitled(p))),
    TextFunction(9, lambda p: call("re.replace", r"(?<=\s)([^\W\d_])[\w'’-]*\.?", r"\1.", p)),
    TextFunction(9, lambda p: call("re.replace", r"(?<!\S)([^\W\d_])[\w'’-]*\.?(?=\s)", r"\1.", p)),
    *(TextFunction(9, _abbreviated(sign)) for sign in SIGNS_BETWEEN),
    TextFunction(4, lambda p: call("re.replace", r"""^(["'])(.*)\1$""", r"\2", p)),
    TextFunction(5, _before_signs),
    TextFunction(7, lambda p: call("re.replace", r"([,;])(?=[^\s\d])", r"\1 ", _before_signs(p))),
    TextFunction(5, lambda p: call("str.replace_all", call("re.replace", r'^"(.*)"$', r"\1", p), '""', '"')),
    TextFunction(8, _then("text.without_legal_form")),
    TextFunction(9, _then("text.next_code")),
    TextFunction(6, _then("text.name_case")),
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
        for n, separator in ((2, ":"), (2, "-"), (4, "."), (4, " "), (4, "-"), (2, " "))
        for case in (None, "str.lower", "str.upper")
    ),
    *(
        TextFunction(9 + n // 3 + MARK * (n == 2 and separator in ".,"), _chunks(n * sign, separator))
        for n in (2, 3, 4)
        for sign in (1, -1)
        for separator in (" ", "-", ",", ":", ".")
    ),
)

TIDY: tuple[TextFunction, ...] = (
    TextFunction(0, lambda p: p),
    TextFunction(1, _then("str.trim")),
    TextFunction(2, _then("str.collapse")),
    TextFunction(2, _then("str.lower")),
    TextFunction(2, _then("str.upper")),
    TextFunction(2, _then("str.title")),
    TextFunction(3, _then("str.capitalize")),
    TextFunction(4, _then("str.collapse", "str.title")),
    TextFunction(4, _then("str.collapse", "str.lower")),
    TextFunction(4, _then("str.collapse", "str.upper")),
    FIRST_UPPER,
    TextFunction(5, _then("str.collapse", "str.capitalize")),
    TextFunction(5, _then("str.trim", "text.first_upper")),
    TIDY_FIRST_UPPER,
    TextFunction(8, _sentences("text.first_upper", "str.collapse")),
)
"""Functions that tidy a text before it is given a beginning or an ending."""


MASKS = "*Xx#•"
"""Characters that hide others."""
MASKED = (
    (6, r"[^\W_]"),
    (6, r"(?<=[^\W_])[^\W_]"),
    (6, r"\d"),
    (7, r"[^\W_](?=.*[^\W_]{4})"),
    (7, r"."),
    (8, r"[^\W_](?=.*[^\W_]{2})"),
    *((8 + (n != 4), rf"\d(?=(?:\D*\d){{{n}}})") for n in range(1, 5)),
    *((9 + (n != 4), rf"[^\W_](?=(?:[\W_]*[^\W_]){{{n}}})") for n in range(1, 5)),
)
"""Bits and patterns of what is hidden: all letters and digits, those after the first of a word, digits, all but the last four or two,
every character, and all digits, or letters and digits, but the last ones, whatever stands between them."""


ENDS, LONG_ENDS = 4, 8
"""Maximum number of characters that stay at both ends of a text whose middle is hidden, and at one end of it."""
_KEPT = (
    *((n, m) for n in range(ENDS + 1) for m in range(ENDS + 1) if n + m),
    *((n, 0) for n in range(ENDS + 1, LONG_ENDS + 1)),
    *((0, n) for n in range(ENDS + 1, LONG_ENDS + 1)),
    (6, 4),
)
"""How many characters stay at the start and at the end: six and four of the numbers of cards."""
BEFORE_AT = 8
"""Bits of hiding what stands before the at sign of a mail address."""


def _middle(first: int, last: int, mask: str) -> TextFunction:
    """A mask in place of every character but some at both ends."""
    before, behind = (f"(?<=.{{{first}}})" if first else ""), (f"(?=.{{{last}}})" if last else "")
    return TextFunction(9 + (first > 0) + (last > 0) + (max(first, last) > ENDS), _replace(f"{before}.{behind}", mask))


def _before_at(first: int, last: int, mask: str) -> TextFunction:
    """A mask in place of the characters before an at sign, but some at both ends."""
    before = f"(?<=.{{{first}}})" if first else ""
    return TextFunction(BEFORE_AT + first + last, _replace(f"{before}[^@](?=[^@]{{{last}}}[^@]*@)", mask))


@cache
def masking(mask: str) -> tuple[tuple[TextFunction, Callable[[tuple[Any, ...]], Any]], ...]:
    """Functions that hide characters behind a mask, with the code that computes them."""
    evaluator = Evaluator()
    found = [TextFunction(bits, _replace(pattern, mask)) for bits, pattern in MASKED]
    found += [_middle(n, m, mask) for n, m in _KEPT]
    found += [_before_at(n, m, mask) for n in range(4) for m in range(2)]
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
