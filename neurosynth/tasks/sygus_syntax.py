"""The syntax of SyGuS-IF, shared by reader and writer: s-expressions, sorts, literals, symbols, spellings.

Version 1 and version 2 differ in spelling only where it matters here: ``(BitVec 64)`` and ``(_ BitVec 64)``,
``str.to.int`` and ``str.to_int``, ``-1`` and ``(- 1)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters

from neurosynth.errors import InputError, ParseError
from neurosynth.language.program import Constant
from neurosynth.values.types import BOOL, INT, STRING, Type, TypeConstructor, bitvec

__all__ = [
    "EARLIER_NAMES",
    "LEFT_ASSOCIATIVE",
    "OPERATORS",
    "REGLAN",
    "V1_NAMES",
    "V2_NAMES",
    "Form",
    "Sexp",
    "SygusText",
    "literal_text",
    "literal_value",
    "sort_text",
    "symbol_name",
    "symbol_text",
]

V1_NAMES = {"str.to_int": "str.to.int", "str.from_int": "int.to.str"}
"""Version 2 spelling → version 1 spelling, which the languages use."""

V2_NAMES = {old: new for new, old in V1_NAMES.items()}

EARLIER_NAMES = {
    "str.in.re": "str.in_re", "str.to.re": "str.to_re", "re.nostr": "re.none", "re.complement": "re.comp",
    "int2str": "int.to.str", "str.to-int": "str.to.int", "bv2int": "ubv_to_int",
}  # fmt: skip
"""# Operators that solvers had before SMT-LIB named them → the SMT-LIB name."""

REGLAN = TypeConstructor("reglan")
"""Regular expressions; a language of strings declares the type."""

_ASSOCIATIVE = "+ - * and or xor str.++ re.++ re.union re.inter re.diff concat bvand bvor bvxor bvadd bvmul"
LEFT_ASSOCIATIVE = frozenset(_ASSOCIATIVE.split())
"""Operators of two arguments that may be written with more."""

_SMTLIB = """
    true false not and or xor => = ite + - * < <= > >= div mod abs
    str.++ str.len str.at str.substr str.prefixof str.suffixof str.contains str.indexof str.replace str.replace_all
    str.rev str.to_lower str.to_upper str.update
    str.to_re str.in_re str.replace_re str.replace_re_all str.indexof_re
    re.all re.allchar re.none re.++ re.union re.inter re.* re.+ re.opt re.range re.comp re.diff
    str.is_digit str.to_code str.from_code str.to_int str.from_int str.to.int int.to.str str.< str.<=
    concat bvnot bvneg bvand bvor bvxor bvnand bvnor bvxnor bvadd bvsub bvmul bvudiv bvurem bvsdiv bvsrem bvsmod
    bvredor bvredand bvite ext_rotate_left ext_rotate_right bvnego bvuaddo bvsaddo bvusubo bvssubo bvumulo bvsmulo bvsdivo
    bvumul_noovfl bvsmul_noovfl bvsmul_noudfl ubv_to_int sbv_to_int bv2nat distinct
    bvshl bvlshr bvashr bvcomp bvult bvule bvugt bvuge bvslt bvsle bvsgt bvsge
"""
OPERATORS = frozenset(_SMTLIB.split())
"""SMT-LIB names of the operators that the shipped languages share with it; no input may have such a name."""

_WORDS = "! _ as BINARY DECIMAL HEXADECIMAL NUMERAL STRING exists forall let match par"
_RESERVED = frozenset(_WORDS.split())
_SIMPLE = re.compile(r"[a-zA-Z~!@$%^&*_\-+=<>.?/][a-zA-Z0-9~!@$%^&*_\-+=<>.?/]*")
_QUOTABLE = re.compile(r"[ -\[\]-{}~]+")  # printable ASCII without | and backslash
_ESCAPE = re.compile(r"\\u(?:\{([0-9a-fA-F]{1,5})\}|([0-9a-fA-F]{4}))")
_MAX_CODE_POINT = 0x2FFFF  # the last character SMT-LIB strings have
_MAX_NESTING = 300
_EXCERPT = 100


@dataclass(slots=True, eq=False)
class Form:
    """A parenthesised list, from offset ``start`` up to ``end``."""

    items: list[Sexp]
    start: int
    end: int


Sexp: TypeAlias = Token | Form


@dataclass(frozen=True, slots=True)
class SygusText:
    """The text of a file, and errors that point into it."""

    text: str
    path: str

    def read(self) -> list[Sexp]:
        """The top-level s-expressions.

        Raises:
            ParseError: for a parenthesis without its partner, a string that does not close, a stray character.
        """
        top: list[Sexp] = []
        open_forms: list[Form] = []
        items = top
        try:
            for token in _lexer().lex(self.text):
                if token.type == "LPAR":
                    form = Form([], token.start_pos or 0, 0)
                    items.append(form)
                    open_forms.append(form)
                    items = form.items
                    if len(open_forms) > _MAX_NESTING:
                        raise self.error(
                            f"more than {_MAX_NESTING} nested parentheses; split the term into define-funs", token
                        )
                elif token.type == "RPAR":
                    if not open_forms:
                        raise self.error("')' closes nothing; remove it, or add the '(' it belongs to", token)
                    open_forms.pop().end = token.end_pos or 0
                    items = open_forms[-1].items if open_forms else top
                else:
                    items.append(token)
        except UnexpectedCharacters as error:
            raise self._stray(error.pos_in_stream or 0) from None
        if open_forms:
            first = open_forms[0]
            first.end = first.start + 1
            raise self.error(f"this '(' is not closed: {len(open_forms)} ')' missing at the end of the file", first)
        return top

    def _stray(self, at: int) -> ParseError:
        character = self.text[at]
        place = Form([], at, at + 1)
        if character == '"':
            return self.error('this string does not close; end it with \'"\' (a quote inside is written "")', place)
        if character == "|":
            return self.error("this symbol does not close; end it with '|' (it may not contain a backslash)", place)
        return self.error(
            f"{character!r} starts nothing here; allowed: parentheses, symbols, integers, strings, "
            "#x and #b literals, ; comments",
            place,
        )

    def span(self, node: Sexp) -> tuple[int, int]:
        """Offsets of the first character of ``node`` and of the one after it."""
        if isinstance(node, Form):
            return node.start, node.end
        return node.start_pos or 0, node.end_pos or 0

    def quote(self, node: Sexp) -> str:
        """The text of ``node`` on one line, shortened."""
        start, end = self.span(node)
        words = " ".join(self.text[start:end].split())
        return words if len(words) <= 120 else words[:117] + "..."

    def line(self, node: Sexp) -> int:
        """The line on which ``node`` starts, counted from 1."""
        return self.text.count("\n", 0, self.span(node)[0]) + 1

    def error(self, message: str, node: Sexp) -> ParseError:
        """``path, line 3, column 7: message``; the line with carets under ``node`` is a note to the exception.

        A note, so that the message itself stays one line, as the command line prints it.
        """
        start, end = self.span(node)
        begin = self.text.rfind("\n", 0, start) + 1
        stop = self.text.find("\n", start)
        line_text = self.text[begin : stop if stop >= 0 else len(self.text)].rstrip()
        line, column = self.line(node), start - begin + 1
        shift = max(0, column - 1 - _EXCERPT // 2)
        excerpt = line_text[shift : shift + _EXCERPT].replace("\t", " ")
        before = column - 1 - shift
        carets = "^" * max(1, min(end - start, len(excerpt) - before))
        where = f"{self.path}, line {line}, column {column}"
        error = ParseError(f"{where}: {message}", line=line, column=column, detail=message)
        error.add_note(f"    {excerpt}\n    {' ' * before}{carets}")
        return error


@lru_cache(maxsize=1)
def _lexer() -> Lark:
    # The reader nests the tokens itself, so that it can say which parenthesis is open; that is also twice as fast.
    return Lark.open("sygus.lark", rel_to=__file__, parser="lalr", lexer="basic")


def symbol_name(node: Sexp) -> str | None:
    """The name of a symbol, ``|a b|`` without its bars; None for anything else."""
    if isinstance(node, Form):
        return None
    if node.type == "SYMBOL":
        return str(node)
    return str(node)[1:-1] if node.type == "QUOTED" else None


def symbol_text(name: str) -> str | None:
    """The symbol with that name, quoted if necessary; None if SMT-LIB has no such symbol."""
    if _SIMPLE.fullmatch(name) and name not in _RESERVED:
        return name
    return f"|{name}|" if _QUOTABLE.fullmatch(name) else None


def sort_text(t: Type, version: int) -> str:
    """A sort: ``String``, ``(_ BitVec 64)``.

    Raises:
        InputError: for a type that has no sort in SyGuS-IF.
    """
    simple = {INT: "Int", BOOL: "Bool", STRING: "String", REGLAN: "RegLan"}
    if t in simple:
        return simple[t]
    if isinstance(t, TypeConstructor) and t.name == "bitvec":
        return f"(BitVec {t.arguments[0]})" if version == 1 else f"(_ BitVec {t.arguments[0]})"
    raise InputError(
        f"SyGuS-IF has no sort for {t}; it has Int, Bool, String, (_ BitVec n): write the task as JSON instead"
    )


def literal_value(node: Sexp) -> Constant | None:
    """The constant of a literal: ``"a"``, ``-1``, ``(- 1)``, ``#x0f``, ``(_ bv15 8)``, ``true``.

    Bit-vectors are as wide as their literals.  None for other terms.
    """
    if isinstance(node, Form):
        return _form_value(node)
    match node.type:
        case "STRING":
            return Constant(_ESCAPE.sub(_unescape, node[1:-1].replace('""', '"')), STRING)
        case "INTEGER":
            return Constant(int(node), INT)
        case "HEXADECIMAL":
            return Constant(int(node[2:], 16), bitvec(4 * (len(node) - 2)))
        case "BINARY":
            return Constant(int(node[2:], 2), bitvec(len(node) - 2))
        case "SYMBOL" if node in ("true", "false"):
            return Constant(node == "true", BOOL)
    return None


def _form_value(node: Form) -> Constant | None:
    match node.items:
        case [Token(value="-"), Token(type="INTEGER") as digits] if not digits.startswith("-"):
            return Constant(-int(digits), INT)
        case [Token(value="_"), Token(type="SYMBOL") as name, Token(type="INTEGER") as width] if re.fullmatch(
            r"bv[0-9]{1,4000}", name
        ):
            bits, value = int(width), int(name[2:])
            if bits < value.bit_length():  # otherwise there is nothing to cut off, and 2 ** bits may be very large
                value %= 1 << bits
            return Constant(value, bitvec(bits)) if bits > 0 else None
    return None


def _unescape(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    # Beyond the last character of SMT-LIB, and for surrogates, which are not characters, the text is literal.
    return match.group(0) if code > _MAX_CODE_POINT or 0xD800 <= code <= 0xDFFF else chr(code)


def literal_text(constant: Constant, version: int) -> str:
    """A literal that reads back as ``constant``.

    Raises:
        InputError: for a type SyGuS-IF has no sort or no literals for, or a character SMT-LIB strings do not have.
    """
    value, t = constant.value, constant.type
    if t == INT:
        return f"(- {-value})" if value < 0 and version != 1 else str(value)
    if t == STRING:
        return '"' + "".join(_character(ch) for ch in value) + '"'
    if t == REGLAN:
        raise InputError(
            f"SMT-LIB has no literal for {constant.head}: regular expressions are terms, such as (re.+ (str.to_re x)); "
            "export the program as python or json instead"
        )
    sort_text(t, version)
    return constant.head


def _character(ch: str) -> str:
    if ch == '"':
        return '""'
    if " " <= ch <= "~" and ch != "\\":
        return ch
    if ord(ch) > _MAX_CODE_POINT or "\ud800" <= ch <= "\udfff":
        raise InputError(
            f"SMT-LIB strings have no character U+{ord(ch):X} ({ch!r}); "
            "they end at U+2FFFF and have no surrogates: write the task as JSON instead"
        )
    return f"\\u{{{ord(ch):x}}}"
