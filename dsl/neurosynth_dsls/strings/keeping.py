"""A text without some of its characters."""

from __future__ import annotations

from neurosynth.engine.kernels import ASK_REFERENCE, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import CAPITAL, DIGIT, LETTER, belongs, beyond_ascii, is_space

__all__ = ["part"]

part = Language("strings.keeping")


@helper
def _kept(out: Data, a: Data, i: int, n: int, kind: int, wanted: bool) -> int:
    """The characters of a class, or those of no class."""
    if kind != DIGIT and beyond_ascii(a, i, n):
        return ASK_REFERENCE
    written = 0
    for k in range(n):
        if belongs(a[i + k], kind) == wanted:
            if written == out.size:
                return -1
            out[written] = a[i + k]
            written += 1
    return written


@part.primitive(name="str.only_digits", cost=2, python='"".join(c for c in {0} if "0" <= c <= "9")')
def only_digits(s: str) -> str:
    """Digits alone, put together."""
    return "".join(c for c in s if "0" <= c <= "9")


@only_digits.kernel
def only_digits_kernel(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, DIGIT, True)


@part.primitive(name="str.only_letters", cost=2, python='"".join(c for c in {0} if c.isalpha())')
def only_letters(s: str) -> str:
    """Letters alone, put together."""
    return "".join(c for c in s if c.isalpha())


@only_letters.kernel
def only_letters_kernel(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, LETTER, True)


@part.primitive(name="str.only_capitals", cost=3, python='"".join(c for c in {0} if c.isupper())')
def only_capitals(s: str) -> str:
    """Capital letters alone, put together."""
    return "".join(c for c in s if c.isupper())


@only_capitals.kernel
def only_capitals_kernel(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, CAPITAL, True)


@part.primitive(name="str.drop_digits", cost=3, python='"".join(c for c in {0} if not "0" <= c <= "9")')
def drop_digits(s: str) -> str:
    """Everything but digits, put together."""
    return "".join(c for c in s if not "0" <= c <= "9")


@drop_digits.kernel
def drop_digits_kernel(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, DIGIT, False)


@part.primitive(name="str.squeeze", cost=3)
def squeeze(s: str) -> str:
    """Each run of one repeated character as that character once."""
    return "".join(c for i, c in enumerate(s) if i == 0 or c != s[i - 1])


@squeeze.kernel
def squeeze_kernel(out: Data, a: Data, i: int, n: int) -> int:
    written = 0
    for k in range(n):
        if k == 0 or a[i + k] != a[i + k - 1]:
            if written == out.size:
                return -1
            out[written] = a[i + k]
            written += 1
    return written


@part.primitive(name="str.collapse", cost=3, python='" ".join({0}.split())')
def collapse(s: str) -> str:
    """Each run of white space as one blank, none at the ends."""
    return " ".join(s.split())


@collapse.kernel
def collapse_kernel(out: Data, a: Data, i: int, n: int) -> int:
    written = 0
    for k in range(n):
        if is_space(a[i + k]):
            continue
        gap = 1 if written > 0 and is_space(a[i + k - 1]) else 0
        if written + gap >= out.size:
            return -1
        if gap == 1:
            out[written] = 32
        out[written + gap] = a[i + k]
        written += gap + 1
    return written
