"""Capital and small letters."""

from __future__ import annotations

from neurosynth.engine.kernels import ASK_REFERENCE, Data
from neurosynth.language.language import Language

__all__ = ["part"]

part = Language("strings.casing")


@part.primitive(name="str.lower", python="{0}.lower()")
def lower(s: str) -> str:
    """All letters small."""
    return s.lower()


@lower.kernel
def lower_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        out[k] = c + 32 if 65 <= c <= 90 else c
    return n


@part.primitive(name="str.upper", python="{0}.upper()")
def upper(s: str) -> str:
    """All letters capital."""
    return s.upper()


@upper.kernel
def upper_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        out[k] = c - 32 if 97 <= c <= 122 else c
    return n


@part.primitive(name="str.title", python="{0}.title()")
def title(s: str) -> str:
    """First letter of each run of letters capital, the others small."""
    return s.title()


@title.kernel
def title_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    inside = False  # of a run of letters
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        if 65 <= c <= 90:
            out[k] = c + 32 if inside else c
            inside = True
        elif 97 <= c <= 122:
            out[k] = c if inside else c - 32
            inside = True
        else:
            out[k] = c
            inside = False
    return n
