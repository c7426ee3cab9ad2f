"""The names in programs: cases, kinds of token, places, delimiters, characters, and their regexes."""

from __future__ import annotations

import string
from functools import partial

from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.values.types import bitvec, parse_type
from neurosynth_dsls.robustfill.matching import KINDS, signed

__all__ = ["DELIMITERS", "part"]

part = Language("robustfill.names")
for _type, _bits in (("case", 2), ("token", 3), ("place", 6), ("delimiter", 7), ("character", 8), ("regex", 9)):
    part.type(_type, bitvec(_bits))

DELIMITERS = {
    "Ampersand": "&", "Comma": ",", "Dot": ".", "Question": "?", "Exclamation": "!", "At": "@", "LeftParen": "(",
    "RightParen": ")", "LeftBracket": "[", "RightBracket": "]", "Percent": "%", "LeftBrace": "{", "RightBrace": "}",
    "Slash": "/", "Colon": ":", "Semicolon": ";", "Dollar": "$", "Hash": "#", "Quote": '"', "Apostrophe": "'", "Space": " ",
}  # fmt: skip
"""Names of the characters that separate tokens."""

LONGEST = 20
"""The largest named position: ExeDec's inputs are at most this long."""


def _value(value: int) -> int:
    return value


def _named(name: str, type_: str, value: int, doc: str, *, cost: int, python: str) -> None:
    part.add(
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


@part.primitive(name="Char", type="token", cost=1)
def char() -> int:
    """Any one letter, digit or delimiter."""
    return 7


@part.primitive(name="Digit", type="token", cost=2)
def digit() -> int:
    """One digit."""
    return 6


@part.primitive(name="Number", type="token", cost=2)
def number() -> int:
    """A run of digits."""
    return 0


@part.primitive(name="Word", type="token", cost=2)
def word() -> int:
    """A run of letters."""
    return 1


@part.primitive(name="Alphanum", type="token", cost=2)
def alphanum() -> int:
    """A run of letters and digits."""
    return 2


@part.primitive(name="AllCaps", type="token", cost=2)
def all_caps() -> int:
    """A run of capital letters."""
    return 3


@part.primitive(name="PropCase", type="token", cost=2)
def prop_case() -> int:
    """A capital letter and a run of small ones."""
    return 4


@part.primitive(name="Lower", type="token", cost=2)
def lower() -> int:
    """A run of small letters."""
    return 5


@part.primitive(name="UpperCase", type="case")
def upper_case() -> int:
    """All letters capital."""
    return 0


@part.primitive(name="LowerCase", type="case")
def lower_case() -> int:
    """All letters small."""
    return 1


@part.primitive(name="ProperCase", type="case")
def proper_case() -> int:
    """The first character capital, if it is a letter, all others small."""
    return 2


@part.primitive(name="Start", type="bool")
def start() -> bool:
    """Where a match starts."""
    return False


@part.primitive(name="End", type="bool")
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


@part.primitive(name="Token", type="token -> regex", cost=0, python="256 + {0}")
def token(kind: int) -> int:
    """The regex of a kind of token."""
    return 256 + kind


@token.kernel
def token_kernel(kind: int) -> int:
    return KINDS + signed(kind)


@part.primitive(name="Mark", type="delimiter -> regex", cost=1, python="{0}")
def mark(delimiter: int) -> int:
    """The regex of a delimiter."""
    return delimiter


@mark.kernel
def mark_kernel(delimiter: int) -> int:
    return signed(delimiter)


@part.primitive(name="Sign", type="delimiter -> character", cost=1, python="{0}")
def sign(delimiter: int) -> int:
    """The character that a delimiter is."""
    return delimiter


@sign.kernel
def sign_kernel(delimiter: int) -> int:
    return signed(delimiter)
