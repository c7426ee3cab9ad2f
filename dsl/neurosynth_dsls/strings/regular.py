"""SMT-LIB's regular expressions: their type ``reglan``, and the functions that use them.

A value is a nested tuple whose first item names its operator: ``("to", "ab")``, ``("range", "a", "z")``, ``("any",)``, ``("all",)``,
``("none",)``, ``("++", r, s)``, ``("|", r, s)``, ``("&", r, s)``, ``("-", r, s)``, ``("~", r)``, ``("*", r)`` and ``("^", r, low,
high)``. A match is the set of all ends of a piece from a start, which makes complement, intersection and difference as simple as the
rest, in time polynomial in the text; Python's ``re`` has none of the three.

Files and programs may use them; enumeration uses them only if the grammar of a task has them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from random import Random
from typing import Annotated, Any

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.values.domain import Domain, Reference
from neurosynth.values.style import Style

__all__ = ["RegLan", "indexed", "part"]

LEAVES = {"to": (str,), "range": (str, str), "any": (), "all": (), "none": ()}
"""The items after the first one, for expressions without subexpressions."""
INNER = {"++": 2, "|": 2, "&": 2, "-": 2, "~": 1, "*": 1, "^": 1}
"""Number of subexpressions after the first item, for the other operators."""
DEEPEST = 200
MOST_REPEATS = 1000


def _is_expression(value: Any, depth: int = 0) -> bool:
    if not isinstance(value, tuple) or not value or not isinstance(value[0], str) or depth > DEEPEST:
        return False
    kind, *rest = value
    if kind in LEAVES:
        return len(rest) == len(LEAVES[kind]) and all(isinstance(v, t) for v, t in zip(rest, LEAVES[kind], strict=True))
    count = INNER.get(kind, 0)
    numbers = rest[count:]
    if len(numbers) != (2 if kind == "^" else 0) or not count:
        return False
    if any(type(v) is not int or not 0 <= v <= MOST_REPEATS for v in numbers):
        return False
    return all(_is_expression(v, depth + 1) for v in rest[:count])


@dataclass(frozen=True, kw_only=True)
class RegLan(Domain):
    """Regular expressions over all characters; expressions that are written differently are different values."""

    def contains(self, value: Any) -> bool:
        """Whether it is built from existing operators."""
        return _is_expression(value)

    def thaw(self, value: Any) -> Any:
        """The value itself: its tuples are not lists."""
        return value

    def write(self, value: Any) -> str:
        """As JSON."""
        return json.dumps(value, ensure_ascii=False)

    def read(self, text: str) -> Any:
        """From JSON."""
        try:
            value = self.freeze(json.loads(text))
        except (ValueError, RecursionError):
            value = None
        if not self.contains(value):
            raise ValueError('expected a regular expression like ["++", ["to", "a"], ["*", ["range", "0", "9"]]]')
        return value

    @property
    def probes(self) -> tuple[Any, ...]:
        """One expression with each operator."""
        letter, digit = ("range", "a", "z"), ("range", "0", "9")
        joined, both = ("++", letter, ("*", digit)), ("&", ("~", ("to", "b1")), ("-", ("all",), ("none",)))
        return letter, joined, both, ("|", ("^", ("any",), 2, 3), ("to", "a"))

    def annotation(self, refer: Reference) -> str:
        """In exported code."""
        return "tuple[object, ...]"

    def sample(self, rng: Random, style: Style) -> Any:
        """A random expression of a few operators, at most four deep."""
        return self._sample(rng, style, 4)

    def _sample(self, rng: Random, style: Style, depth: int) -> Any:
        kind = rng.choice([*LEAVES, *(INNER if depth else ())])
        if kind in LEAVES:
            texts = {
                "to": (style.text(rng)[:3],),
                "range": rng.choice([("a", "z"), ("0", "9"), ("A", "Z"), ("z", "a")]),
            }
            return (kind, *texts.get(kind, ()))
        low = rng.randrange(3)
        numbers = (low, low + rng.randrange(3)) if kind == "^" else ()
        return (kind, *(self._sample(rng, style, depth - 1) for _ in range(INNER[kind])), *numbers)


part = Language("strings.regular")
Expression = Annotated[tuple[Any, ...], "reglan"]
REGLAN = part.type("reglan", RegLan(), annotation=Expression)


# --- matching ---------------------------------------------------------------------------------------------------------


def _repeated(
    expression: Any, starts: set[int], s: str, low: int, high: int | None, known: dict[Any, set[int]]
) -> set[int]:
    """The ends of ``low`` to ``high`` consecutive matches from any of the starts."""
    found: set[int] = set(starts) if low == 0 else set()
    reached, seen, count = set(starts), set(found), 0
    while reached and (high is None or count < high):
        reached = {end for start in reached for end in _ends(expression, start, s, known)}
        count += 1
        if count >= low:
            if high is None:  # positions that were reached before lead nowhere new
                reached -= seen
                seen |= reached
            found |= reached
    return found


def _ends(expression: Any, start: int, s: str, known: dict[Any, set[int]]) -> set[int]:
    """The ends of the matches that begin at ``start``."""
    key = id(expression), start
    if key in known:
        return known[key]
    kind, *rest = expression
    if kind == "to":
        found = {start + len(rest[0])} if s.startswith(rest[0], start) else set()
    elif kind == "range":
        one = len(rest[0]) == 1 == len(rest[1]) and rest[0] <= s[start : start + 1] <= rest[1]
        found = {start + 1} if one else set()
    elif kind == "any":
        found = {start + 1} if start < len(s) else set()
    elif kind == "all":
        found = set(range(start, len(s) + 1))
    elif kind == "none":
        found = set()
    elif kind == "*":
        found = _repeated(rest[0], {start}, s, 0, None, known)
    elif kind == "^":
        found = _repeated(rest[0], {start}, s, rest[1], rest[2], known)
    else:
        first = _ends(rest[0], start, s, known)
        if kind == "++":
            found = {end for middle in first for end in _ends(rest[1], middle, s, known)}
        elif kind == "|":
            found = first | _ends(rest[1], start, s, known)
        elif kind == "&":
            found = first & _ends(rest[1], start, s, known)
        elif kind == "-":
            found = first - _ends(rest[1], start, s, known)
        else:
            found = set(range(start, len(s) + 1)) - first
    known[key] = found
    return found


# --- expressions ------------------------------------------------------------------------------------------------------


@part.primitive(name="str.to_re", enumerated=False, python='("to", {0})')
def to_re(s: str) -> Expression:
    """Matches this text alone."""
    return ("to", s)


@part.primitive(name="re.range", enumerated=False, python='("range", {0}, {1})')
def char_range(low: str, high: str) -> Expression:
    """Matches one character from the first to the second; nothing where one of these is not a single character."""
    return ("range", low, high)


@part.primitive(name="re.allchar", enumerated=False, python='("any",)')
def all_char() -> Expression:
    """Matches any one character."""
    return ("any",)


@part.primitive(name="re.all", enumerated=False, python='("all",)')
def everything() -> Expression:
    """Matches any text."""
    return ("all",)


@part.primitive(name="re.none", enumerated=False, python='("none",)')
def nothing() -> Expression:
    """Matches no text."""
    return ("none",)


@part.primitive(name="re.++", enumerated=False, python='("++", {0}, {1})')
def in_turn(r: Expression, s: Expression) -> Expression:
    """Matches a match of the first and then one of the second."""
    return ("++", r, s)


@part.primitive(name="re.union", enumerated=False, python='("|", {0}, {1})')
def union(r: Expression, s: Expression) -> Expression:
    """Matches what one of both does."""
    return ("|", r, s)


@part.primitive(name="re.inter", enumerated=False, python='("&", {0}, {1})')
def intersection(r: Expression, s: Expression) -> Expression:
    """Matches what both do."""
    return ("&", r, s)


@part.primitive(name="re.diff", enumerated=False, python='("-", {0}, {1})')
def difference(r: Expression, s: Expression) -> Expression:
    """Matches what the first does and the second does not."""
    return ("-", r, s)


@part.primitive(name="re.comp", enumerated=False, python='("~", {0})')
def complement(r: Expression) -> Expression:
    """Matches what it does not."""
    return ("~", r)


@part.primitive(name="re.*", enumerated=False, python='("*", {0})')
def star(r: Expression) -> Expression:
    """Matches any number of matches in a row."""
    return ("*", r)


@part.primitive(name="re.+", enumerated=False)
def plus(r: Expression) -> Expression:
    """Matches one or more matches in a row."""
    return ("++", r, ("*", r))


@part.primitive(name="re.opt", enumerated=False, python='("|", ("to", ""), {0})')
def optional(r: Expression) -> Expression:
    """Matches a match or the empty text."""
    return ("|", ("to", ""), r)


# --- functions over texts ---------------------------------------------------------------------------------------------


@part.primitive(name="str.in_re", enumerated=False)
def in_re(s: str, r: Expression) -> bool:
    """Whether the expression matches the whole text."""
    return len(s) in _ends(r, 0, s, {})


@part.primitive(name="str.indexof_re", enumerated=False)
def index_of_re(s: str, r: Expression, start: int) -> int:
    """Where the first match from a position on starts; -1 if there is none."""
    if not 0 <= start <= len(s):
        return -1
    known: dict[Any, set[int]] = {}
    return next((i for i in range(start, len(s) + 1) if _ends(r, i, s, known)), -1)


def _first_match(s: str, r: Any) -> tuple[int, int] | None:
    """Start of the first match, and end of the shortest match there."""
    known: dict[Any, set[int]] = {}
    for i in range(len(s) + 1):
        if ends := _ends(r, i, s, known):
            return i, min(ends)
    return None


def _replaced_size(s: str, r: Any, by: str) -> int:
    found = _first_match(s, r)
    return len(s) if found is None else len(s) - (found[1] - found[0]) + len(by)


@part.primitive(name="str.replace_re", enumerated=False, size=_replaced_size)
def replace_re(s: str, r: Expression, by: str) -> str:
    """First match, the shortest there, replaced; the same text if there is none."""
    found = _first_match(s, r)
    return s if found is None else s[: found[0]] + by + s[found[1] :]


def _matches(s: str, r: Any) -> list[tuple[int, int]]:
    """Start and end of all matches, from left to right, the shortest first; empty ones are ignored."""
    known: dict[Any, set[int]] = {}
    found, i = [], 0
    while i < len(s):
        end = min((e for e in _ends(r, i, s, known) if e > i), default=i)
        if end > i:
            found.append((i, end))
        i = max(end, i + 1)
    return found


def _all_replaced_size(s: str, r: Any, by: str) -> int:
    return len(s) + sum(len(by) - (end - start) for start, end in _matches(s, r))


@part.primitive(name="str.replace_re_all", enumerated=False, size=_all_replaced_size)
def replace_re_all(s: str, r: Expression, by: str) -> str:
    """All matches replaced, from left to right, the shortest first; empty ones are none."""
    pieces, done = [], 0
    for start, end in _matches(s, r):
        pieces += [s[done:start], by]
        done = end
    return "".join([*pieces, s[done:]])


# --- operators with indices -------------------------------------------------------------------------------------------


def repeated(r: Any, *, i: int, j: int) -> Any:
    """So many matches in a row."""
    return ("^", r, i, j) if i <= j else ("none",)


def indexed(name: str) -> Primitive | None:
    """``re.^ n`` and ``re.loop i j``, or None for another name.

    Raises:
        InputError: for a wrong number of indices, or too large ones.
    """
    match = re.fullmatch(r"(re\.\^|re\.loop)((?: [0-9]{1,20})+)", name)
    if match is None:
        return None
    numbers = [int(text) for text in match[2].split()]
    if len(numbers) != (1 if match[1] == "re.^" else 2) or max(numbers) > MOST_REPEATS:
        raise InputError(f"no operator {name!r}; allowed: re.^ n, re.loop i j, with indices up to {MOST_REPEATS}")
    low, high = numbers[0], numbers[-1]
    fixed = Primitive(
        name="re.^", type=part["re.*"].type, function=repeated, doc=f"Matches {low} to {high} matches in a row."
    ).at({"i": low, "j": high})
    python = f'("^", {{0}}, {low}, {high})' if low <= high else '("none",)'
    return replace(fixed, name=name, smtlib=f"(_ {name})", enumerated=False, python=python)
