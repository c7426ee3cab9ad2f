"""Conditions on the inputs of a row: what a text holds, how it looks, how long it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from neurosynth.language.pieces import Column, Condition
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, primitives

__all__ = ["TextConditions"]

WORDS = 12
"""Words of a text that conditions look for."""

Test = tuple[int, Callable[[str], bool], Callable[[Program], Program], str]
"""Bits, the test, its program, its name."""

PATTERNS = (
    (4, r"\d", "contains", "has a digit"),
    (4, r"[^\W\d_]", "contains", "has a letter"),
    (4, r"\s*-?\d+(\.\d+)?\s*", "whole", "is a number"),
    (4, r"\s*\d.*", "whole", "starts with a digit"),
    (5, r".*\d\s*", "whole", "ends with a digit"),
    (6, r"[A-Z].*", "whole", "starts with a capital"),
    (6, r"[a-z]", "contains", "has a small letter"),
    (8, r"[AEIOUaeiou].*", "whole", "starts with a vowel"),
    (7, r"[^a-z]*", "whole", "has no small letter"),
)


@dataclass(frozen=True)
class TextConditions:
    """Conditions on texts."""

    name: str = "texts"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """Those that are true on some of the example rows and false on others."""
        at = {row: k for k, row in enumerate(column.every)}
        for i, program in enumerate(column.inputs):
            values = [row[i] for row in column.every]
            if not all(v is None or isinstance(v, str) for v in values):
                continue
            shown = [values[at[row]] for row in column.rows]
            for cost, test, build, name in _tests([v for v in shown if v is not None], any(v is None for v in shown)):
                rows = tuple(_holds(test, v) for v in shown)
                if len(set(rows)) == 2:
                    every = tuple(_holds(test, v) for v in values)
                    yield Condition(cost, rows, every, lambda b=build, p=program: b(p), name)


def _holds(test: Callable[[Any], bool], value: Any) -> bool:
    return test(value) if value is not None else test is _missing


def _missing(value: Any) -> bool:
    return value is None


def _tests(texts: list[str], missing: bool) -> Iterator[Test]:
    if missing and "is_missing" in primitives():
        yield 3, _missing, lambda p: call("is_missing", p), "is missing"
    yield 3, lambda s: not s.strip(), lambda p: call("=", call("str.trim", p), ""), "is empty"
    yield from _parts(texts)
    for s in sorted(set(texts)):
        yield 10, lambda t, s=s: t == s, lambda p, s=s: call("=", p, s), f"is {s!r}"
    for cost, pattern, how, name in PATTERNS:
        found = re.compile(pattern, re.S)
        if how == "contains":
            yield (
                cost,
                lambda t, r=found: r.search(t) is not None,
                lambda p, x=pattern: call("text.contains_pattern", p, x),
                name,
            )
        else:
            yield (
                cost,
                lambda t, r=found: r.fullmatch(t) is not None,
                lambda p, x=pattern: call("text.matches", p, x),
                name,
            )
    yield from _counts(texts)
    for pattern in sorted({_shape(t) for t in texts if len(t) <= 60}):
        found = re.compile(pattern)
        yield (
            8,
            lambda t, r=found: r.fullmatch(t) is not None,
            lambda p, x=pattern: call("text.matches", p, x),
            "looks like",
        )


def _parts(texts: list[str]) -> Iterator[Test]:
    parts = {c for t in texts for c in t if not c.isalnum()}
    for t in texts:
        parts |= {*re.findall(r"[^\W_]+", t)[:WORDS], t[:1], t[-1:]}
    for s in sorted(parts - {""}):
        cost = 5 if not s[0].isalnum() else 9 + 3 * s.isdigit() if len(s) == 1 else min(14, 6 + 3 * len(s) if s.isdigit() else 6 + len(s) // 2)
        yield cost, lambda t, s=s: s in t, lambda p, s=s: call("str.contains", p, s), f"has {s!r}"
        yield cost + 1, lambda t, s=s: t.startswith(s), lambda p, s=s: call("str.prefixof", s, p), f"starts with {s!r}"
        yield cost + 1, lambda t, s=s: t.endswith(s), lambda p, s=s: call("str.suffixof", s, p), f"ends with {s!r}"


def _counts(texts: list[str]) -> Iterator[Test]:
    signs = sorted({c for t in texts for c in t if not c.isalnum()})
    counted = [(8, re.escape(c), repr(c)) for c in signs] + [(7, r"\d", "digits"), (8, r"[^\W_]+", "words")]
    for cost, pattern, name in counted:
        found = re.compile(pattern)
        counts = sorted({len(found.findall(t)) for t in texts})
        for n in counts[1:]:
            if n > 1:
                yield (
                    cost,
                    lambda t, r=found, n=n: len(r.findall(t)) >= n,
                    lambda p, x=pattern, n=n: call(">=", call("text.count_pattern", p, x), n),
                    f"{n} or more {name}",
                )
    for n in sorted({len(t) for t in texts})[1:]:
        yield (
            11,
            lambda t, n=n: len(t) >= n,
            lambda p, n=n: call(">=", call("str.len", p), n),
            f"{n} or more characters",
        )


def _shape(text: str) -> str:
    """A pattern of what looks like the text: runs of digits and letters of any length, the rest as it is."""
    return "".join(
        r"\d+" if run[0].isdigit() else r"[^\W\d_]+" if run[0].isalpha() else re.escape(run)
        for run in re.findall(r"\d+|[^\W\d_]+|.", text, re.S)
    )
