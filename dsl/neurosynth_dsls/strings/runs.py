"""Runs of characters of one class, ends, and the text before and after a separator.

Runs and words count from 0, and from -1 backwards.  Digits are 0 to 9; letters, capitals and small letters are Unicode's.
"""

from __future__ import annotations

from neurosynth.engine.kernels import ASK_REFERENCE, UNDEFINED_WORD, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import CAPITAL, DIGIT, LETTER, SMALL, belongs, beyond_ascii, find, is_space

__all__ = ["part"]

part = Language("strings.runs")


@helper
def _run(a: Data, i: int, n: int, index: int, kind: int) -> tuple[int, int]:
    """Run ``index`` of the characters of a class."""
    if kind != DIGIT and beyond_ascii(a, i, n):
        return i, ASK_REFERENCE
    if index < 0:
        for k in range(n):  # a run starts after another character or the beginning
            if belongs(a[i + k], kind) and (k == 0 or not belongs(a[i + k - 1], kind)):
                index += 1
        if index < 0:
            return i, 0
    start = 0
    while start < n:
        end = start
        while end < n and belongs(a[i + end], kind):
            end += 1
        if end > start:
            if index == 0:
                return i + start, end - start
            index -= 1
        start = end + 1
    return i, 0


@part.primitive(name="str.number")
def number(s: str, n: int) -> str:
    """Run n of digits, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if "0" <= c <= "9" else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@number.kernel(slices=True)
def number_kernel(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, DIGIT)


@part.primitive(name="str.letters")
def letters(s: str, n: int) -> str:
    """Run n of letters, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if c.isalpha() else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@letters.kernel(slices=True)
def letters_kernel(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, LETTER)


@part.primitive(name="str.before")
def before(s: str, separator: str) -> str:
    """What comes before the first separator; all of the text where there is none."""
    return s.partition(separator)[0] if separator else ""


@before.kernel(slices=True)
def before_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> tuple[int, int]:
    at = find(a, i, n, b, j, m, 0)
    return i, at if at >= 0 else n


@part.primitive(name="str.after")
def after(s: str, separator: str) -> str:
    """What comes after the first separator; "" where there is none."""
    return s.partition(separator)[2] if separator else s


@after.kernel(slices=True)
def after_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> tuple[int, int]:
    at = find(a, i, n, b, j, m, 0)
    return (i + at + m, n - at - m) if at >= 0 else (i, 0)


@part.primitive(name="str.take", python="{0}[:{1}]")
def take(s: str, n: int) -> str:
    """First n characters; for a negative n all but the last -n."""
    return s[:n]


@take.kernel(slices=True)
def take_kernel(a: Data, i: int, n: int, count: int) -> tuple[int, int]:
    return i, min(count, n) if count >= 0 else max(n + count, 0)


@take.inverse(1)
def inverse_take(output: str, s: str) -> list[int]:
    """The number of characters taken, if the text starts with the output."""
    return [len(output)] if s.startswith(output) else []


@take.inverse_kernel(1)
def inverse_take_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The goal's length, if ``b`` starts with it."""
    return n if n <= m and find(b, j, n, goal, i, n, 0) == 0 else UNDEFINED_WORD


@part.primitive(name="str.drop", python="{0}[{1}:]")
def drop(s: str, n: int) -> str:
    """All but the first n characters; for a negative n the last -n."""
    return s[n:]


@drop.kernel(slices=True)
def drop_kernel(a: Data, i: int, n: int, count: int) -> tuple[int, int]:
    start = min(count, n) if count >= 0 else max(n + count, 0)
    return i + start, n - start


@drop.inverse(1)
def inverse_drop(output: str, s: str) -> list[int]:
    """The number of characters left out, if the text ends with the output."""
    return [len(s) - len(output)] if s.endswith(output) else []


@drop.inverse_kernel(1)
def inverse_drop_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The length of ``b`` before the goal, if it ends with the goal."""
    return m - n if n <= m and find(b, j + m - n, n, goal, i, n, 0) == 0 else UNDEFINED_WORD


@part.primitive(name="str.initials", cost=2, python='"".join(w[0] for w in {0}.split())')
def initials(s: str) -> str:
    """First characters of all words, that is, of the parts between white space."""
    return "".join(w[0] for w in s.split())


@initials.kernel
def initials_kernel(out: Data, a: Data, i: int, n: int) -> int:
    written = 0
    for k in range(n):
        if not is_space(a[i + k]) and (k == 0 or is_space(a[i + k - 1])):
            if written == out.size:
                return -1
            out[written] = a[i + k]
            written += 1
    return written


@part.primitive(name="str.capitals", cost=3)
def capitals(s: str, n: int) -> str:
    """Run n of capital letters, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if c.isupper() else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@capitals.kernel(slices=True)
def capitals_kernel(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, CAPITAL)


@part.primitive(name="str.lowers", cost=3)
def lowers(s: str, n: int) -> str:
    """Run n of small letters, from 0, or from -1 backwards; "" where there is none."""
    runs = "".join(c if c.islower() else " " for c in s).split()
    return runs[n] if -len(runs) <= n < len(runs) else ""


@lowers.kernel(slices=True)
def lowers_kernel(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, SMALL)
