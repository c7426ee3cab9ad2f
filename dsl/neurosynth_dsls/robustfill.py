"""The language ``robustfill``: pieces of a text, written otherwise, side by side.

The operators and their meaning are those of RobustFill (Devlin et al., ICML 2017) as ExeDec has them (Shi et al., ICLR
2024), whose programs concatenate pieces: characters, substrings, and modifications of substrings or of modifications.

Six types of the language are enumerations of ExeDec's.  Their values are small numbers; the names below are the only ones
that programs are made of.

=============  =============================================================================
type           names, and the numbers they stand for
=============  =============================================================================
``case``       ``UpperCase``, ``LowerCase``, ``ProperCase``: 0, 1, 2
``token``      kinds of token, ``Number`` … ``Char``: 0 to 7
``place``      ``@1`` the first character, ``@-1`` the last, ``@0`` behind it: modulo 64
``delimiter``  ``Comma`` … ``Space``: its code
``character``  ``'A'``, ``'z'``, ``'7'``, ``(Sign Comma)``: its code
``regex``      ``(Token Word)``, ``(Mark Comma)``: 256 and a kind of token, or a code
=============  =============================================================================

Beside them a ``bool`` is a boundary (``Start``, ``End``) and an ``int`` an index: 1 for the first match, -1 for the last.

Every function is total: what is not there is ``""``, and what cannot be done changes nothing.  ``GetSpan`` has ExeDec's
own way with an index that no match has: beyond the matches, a positive one is the position ``matches - 1`` and a negative
one the position 0; programs of its data depend on that.

Costs follow how often ExeDec's generator draws what they stand for, in steps of two bits: an operator 4 bits, one of 21
delimiters or 62 letters and digits as much as they are; what has few distinct values on a text is cheaper.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import partial

from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.types import bitvec, parse_type
from neurosynth_dsls.strings import pieces

__all__ = ["DELIMITERS", "robustfill"]

robustfill = Language(
    "robustfill",
    doc="Pieces of a text, written otherwise, side by side: RobustFill's operators.",
    requests=("string -> string",),
)
for _type, _bits in (("case", 2), ("token", 3), ("place", 6), ("delimiter", 7), ("character", 8), ("regex", 9)):
    robustfill.type(_type, bitvec(_bits))

_KERNELS = "neurosynth_dsls.robustfill_kernels:"

DELIMITERS = {
    "Ampersand": "&", "Comma": ",", "Dot": ".", "Question": "?", "Exclamation": "!", "At": "@", "LeftParen": "(",
    "RightParen": ")", "LeftBracket": "[", "RightBracket": "]", "Percent": "%", "LeftBrace": "{", "RightBrace": "}",
    "Slash": "/", "Colon": ":", "Semicolon": ";", "Dollar": "$", "Hash": "#", "Quote": '"', "Apostrophe": "'", "Space": " ",
}  # fmt: skip
"""Names of the characters that separate tokens."""

_TOKENS = (
    "[0-9]+",
    "[A-Za-z]+",
    "[A-Za-z0-9]+",
    "[A-Z]+",
    "[A-Z][a-z]+",
    "[a-z]+",
    "[0-9]",
    "[]A-Za-z0-9&,.?!@()[%{}/:;$#\"' ]",
)
LONGEST = 20
"""The farthest position that has a name: ExeDec's inputs are at most that long."""


def _spans(s: str, regex: int) -> Iterator[tuple[int, int]]:
    """Where the matches of a regex start and end."""
    pattern = _TOKENS[regex & 7] if regex >= 256 else re.escape(chr(regex))
    return (found.span() for found in re.finditer(pattern, s))


def _nth(s: str, kind: int, index: int) -> str:
    """Token ``index`` of a kind; "" where there is none."""
    tokens = re.findall(_TOKENS[kind], s)
    place = index - 1 if index > 0 else len(tokens) + index
    return tokens[place] if 0 <= place < len(tokens) else ""


def _edge(s: str, regex: int, index: int, at_end: bool) -> int:
    """The start or the end of match ``index``; -1 where nothing matches at all."""
    matches = list(_spans(s, regex))
    place = index - 1 if index > 0 else len(matches) + index
    if not matches:
        return -1
    if place >= len(matches):
        return len(matches) - 1
    return matches[place][at_end] if place >= 0 else 0


# Enumerations.


def _value(value: int) -> int:
    return value


def _named(name: str, type_: str, value: int, doc: str, *, cost: int, python: str) -> None:
    robustfill.add(
        Primitive(
            name=name,
            type=parse_type(type_),
            function=partial(_value, value),
            doc=doc,
            cost=cost,
            python=python.replace("{", "{{").replace("}", "}}"),
            origin=__file__,
        )
    )


@robustfill.primitive(name="Char", type="token", cost=1)
def char() -> int:
    """Any one letter, digit or delimiter."""
    return 7


@robustfill.primitive(name="Digit", type="token", cost=2)
def digit() -> int:
    """One digit."""
    return 6


@robustfill.primitive(name="Number", type="token", cost=2)
def number() -> int:
    """A run of digits."""
    return 0


@robustfill.primitive(name="Word", type="token", cost=2)
def word() -> int:
    """A run of letters."""
    return 1


@robustfill.primitive(name="Alphanum", type="token", cost=2)
def alphanum() -> int:
    """A run of letters and digits."""
    return 2


@robustfill.primitive(name="AllCaps", type="token", cost=2)
def all_caps() -> int:
    """A run of capital letters."""
    return 3


@robustfill.primitive(name="PropCase", type="token", cost=2)
def prop_case() -> int:
    """A capital letter and a run of small ones."""
    return 4


@robustfill.primitive(name="Lower", type="token", cost=2)
def lower() -> int:
    """A run of small letters."""
    return 5


@robustfill.primitive(name="UpperCase", type="case")
def upper_case() -> int:
    """All letters capital."""
    return 0


@robustfill.primitive(name="LowerCase", type="case")
def lower_case() -> int:
    """All letters small."""
    return 1


@robustfill.primitive(name="ProperCase", type="case")
def proper_case() -> int:
    """The first character capital, if it is a letter, all others small."""
    return 2


@robustfill.primitive(name="Start", type="bool")
def start() -> bool:
    """Where a match starts."""
    return False


@robustfill.primitive(name="End", type="bool")
def end() -> bool:
    """Where a match ends."""
    return True


for _name, _sign in DELIMITERS.items():
    _named(_name, "delimiter", ord(_sign), f"The delimiter {_sign!r}.", cost=2, python=f"ord({_sign!r})")
for _sign in string.ascii_letters + string.digits:
    _named(f"'{_sign}'", "character", ord(_sign), f"The character {_sign}.", cost=3, python=f"ord({_sign!r})")
for _place in range(-LONGEST, LONGEST + 1):
    _named(
        f"@{_place}",
        "place",
        _place & 63,
        f"Position {_place}.",
        cost=3,
        python=f"{_place} & 63" if _place < 0 else str(_place),
    )
for _index, _cost in ((1, 1), (-1, 1), (2, 1), (-2, 1), (3, 2), (-3, 2), (4, 2), (-4, 2), (5, 2), (-5, 2)):
    robustfill.constant(_index, "int", cost=_cost)


@robustfill.primitive(name="Token", type="token -> regex", cost=0, python="256 + {0}", kernel=_KERNELS + "token")
def token(kind: int) -> int:
    """The regex of a kind of token."""
    return 256 + kind


@robustfill.primitive(name="Mark", type="delimiter -> regex", cost=1, python="{0}", kernel=_KERNELS + "mark")
def mark(delimiter: int) -> int:
    """The regex of a delimiter."""
    return delimiter


@robustfill.primitive(name="Sign", type="delimiter -> character", cost=1, python="{0}", kernel=_KERNELS + "sign")
def sign(delimiter: int) -> int:
    """The character that a delimiter is."""
    return delimiter


# Pieces.


def _concat_size(s: str, t: str) -> int:
    return len(s) + len(t)


@robustfill.primitive(
    name="Concat",
    cost=5,
    python="{0} + {1}",
    size=_concat_size,
    kernel=pieces.concat_kernel,
    hash_kernel="concat",
    inverse=(pieces.inverse_concat_first, pieces.inverse_concat_second),
    inverse_kernels=(pieces.inverse_concat_first_kernel, pieces.inverse_concat_second_kernel),
)
def concat(s: str, t: str) -> str:
    """First text followed by the second."""
    return s + t


@robustfill.primitive(name="Const", type="character -> string", python="chr({0})", kernel=_KERNELS + "const")
def const(c: int) -> str:
    """The text of one character."""
    return chr(c)


@robustfill.primitive(
    name="SubStr", type="string -> place -> place -> string", cost=2, kernel=_KERNELS + "sub_str", slices=True
)
def sub_str(s: str, first: int, last: int) -> str:
    """From one position to another, both included; "" unless the first is in the text and before the last."""
    p, q = (place - 64 if place > 31 else place for place in (first, last))
    p, q = (place - 1 if place > 0 else len(s) + place for place in (p, q))
    return s[p : q + 1] if 0 <= p < q else ""


@robustfill.primitive(
    name="GetSpan",
    type="string -> regex -> int -> bool -> regex -> int -> bool -> string",
    kernel=_KERNELS + "get_span",
    slices=True,
)
def get_span(s: str, regex1: int, index1: int, end1: bool, regex2: int, index2: int, end2: bool) -> str:
    """From an edge of a match to an edge of another; "" where either regex has no match."""
    p, q = _edge(s, regex1, index1, end1), _edge(s, regex2, index2, end2)
    return s[p:q] if min(p, q) >= 0 else ""


@robustfill.primitive(
    name="GetToken", type="string -> token -> int -> string", cost=2, kernel=_KERNELS + "get_token", slices=True
)
def get_token(s: str, kind: int, index: int) -> str:
    """A token by its index; "" where there is none."""
    return _nth(s, kind, index)


@robustfill.primitive(
    name="GetUpto", type="string -> regex -> string", cost=2, kernel=_KERNELS + "get_upto", slices=True
)
def get_upto(s: str, regex: int) -> str:
    """All up to the end of the first match; "" where there is none."""
    return next((s[:stop] for _, stop in _spans(s, regex)), "")


@robustfill.primitive(
    name="GetFrom", type="string -> regex -> string", cost=2, kernel=_KERNELS + "get_from", slices=True
)
def get_from(s: str, regex: int) -> str:
    """All from the end of the first match on; "" where there is none."""
    return next((s[stop:] for _, stop in _spans(s, regex)), "")


# A text written otherwise.


@robustfill.primitive(name="Trim", cost=2, python="{0}.strip()", kernel=_KERNELS + "trim", slices=True)
def trim(s: str) -> str:
    """Without white space at both ends."""
    return s.strip()


@robustfill.primitive(name="ToCase", type="string -> case -> string", cost=2, kernel=_KERNELS + "to_case")
def to_case(s: str, case: int) -> str:
    """With letters capital, small or proper."""
    return s.upper() if case == 0 else s.lower() if case == 1 else s.capitalize() if case == 2 else s


@robustfill.primitive(
    name="Replace",
    type="string -> delimiter -> delimiter -> string",
    cost=2,
    python="{0}.replace(chr({1}), chr({2}))",
    kernel=_KERNELS + "replace",
)
def replace(s: str, old: int, new: int) -> str:
    """With another delimiter in the place of every one that is the first."""
    return s.replace(chr(old), chr(new))


@robustfill.primitive(name="GetFirst", type="string -> token -> int -> string", cost=2, kernel=_KERNELS + "get_first")
def get_first(s: str, kind: int, count: int) -> str:
    """So many of the first tokens, side by side; for a negative number all but so many of the last."""
    return "".join(re.findall(_TOKENS[kind], s)[:count])


@robustfill.primitive(name="GetAll", type="string -> token -> string", cost=2, kernel=_KERNELS + "get_all")
def get_all(s: str, kind: int) -> str:
    """All tokens, side by side."""
    return "".join(re.findall(_TOKENS[kind], s))


@robustfill.primitive(
    name="Substitute",
    type="string -> token -> int -> character -> string",
    cost=2,
    kernel=_KERNELS + "substitute",
)
def substitute(s: str, kind: int, index: int, c: int) -> str:
    """With a character in the place of what first reads like the token of an index, if there is one."""
    found = _nth(s, kind, index)
    return s.replace(found, chr(c), 1) if found else s


@robustfill.primitive(
    name="SubstituteAll", type="string -> token -> character -> string", cost=2, kernel=_KERNELS + "substitute_all"
)
def substitute_all(s: str, kind: int, c: int) -> str:
    """With a character in the place of each token, one after the other."""
    for found in re.findall(_TOKENS[kind], s):
        s = s.replace(found, chr(c), 1)
    return s


@robustfill.primitive(name="Remove", type="string -> token -> int -> string", cost=2, kernel=_KERNELS + "remove")
def remove(s: str, kind: int, index: int) -> str:
    """Without what first reads like the token of an index, if there is one."""
    found = _nth(s, kind, index)
    return s.replace(found, "", 1) if found else s


@robustfill.primitive(name="RemoveAll", type="string -> token -> string", cost=2, kernel=_KERNELS + "remove_all")
def remove_all(s: str, kind: int) -> str:
    """Without all tokens of a kind."""
    for found in re.findall(_TOKENS[kind], s):
        s = s.replace(found, "", 1)
    return s
