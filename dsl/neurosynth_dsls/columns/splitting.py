"""Pieces of a text: split, mapped, filtered, sorted, counted, joined."""

from __future__ import annotations

import re
from collections.abc import Callable

from neurosynth.language.language import Language
from neurosynth_dsls.columns.casing import case_words

__all__ = ["LONGEST", "between", "pieces", "ranges", "runs"]

pieces = Language("pieces", doc="Pieces of a text: split, mapped, filtered, put in order, counted, joined.")


@pieces.primitive(name="pieces.split", raises=(ValueError,))
def split(separator: str, s: str) -> list[str]:
    """Pieces between occurrences of a separator."""
    return s.split(separator)


@pieces.primitive(name="pieces.words")
def words(s: str) -> list[str]:
    """Pieces between runs of white space."""
    return s.split()


@pieces.primitive(name="pieces.lines")
def lines(s: str) -> list[str]:
    """Lines of a text."""
    return s.splitlines()


@pieces.primitive(name="pieces.characters")
def characters(s: str) -> list[str]:
    """Characters of a text, one a piece."""
    return list(s)


@pieces.primitive(name="pieces.case_words")
def case_words_(s: str) -> list[str]:
    """Words of a name such as parseHTTPRequest, some_name or some-name: runs of letters and digits, cut before capitals."""
    return case_words(s)


@pieces.primitive(name="pieces.chunks", raises=(ValueError,))
def chunks(n: int, s: str) -> list[str]:
    """Pieces of n characters, the last one shorter; for a negative n counted from the end, the first one shorter."""
    if n == 0:
        raise ValueError("pieces of 0 characters; allowed: any other number")
    first = len(s) % -n if n < 0 else 0
    size = abs(n)
    return [s[max(0, i) : i + size] for i in range(first - size if first else 0, len(s), size)]


@pieces.primitive(name="pieces.map", type="(string -> string) -> list string -> list string", raises=(ValueError,))
def map_(f: Callable[[str], str | None], xs: list[str]) -> list[str]:
    """Each piece under a function, which has a value for all of them."""
    found = [f(x) for x in xs]
    if None in found:
        raise ValueError(f"no value for {xs[found.index(None)]!r}; allowed: pieces that the function knows")
    return [x for x in found if x is not None]


@pieces.primitive(name="pieces.filter", type="(string -> bool) -> list string -> list string", raises=(ValueError,))
def filter_(f: Callable[[str], bool | None], xs: list[str]) -> list[str]:
    """The pieces for which a condition holds, which has a value for all of them."""
    held = [f(x) for x in xs]
    if None in held:
        raise ValueError(f"no value for {xs[held.index(None)]!r}; allowed: pieces that the condition knows")
    return [x for x, holds in zip(xs, held, strict=True) if holds]


@pieces.primitive(name="pieces.sort")
def sort(xs: list[str]) -> list[str]:
    """Pieces in order of their characters."""
    return sorted(xs)


@pieces.primitive(name="pieces.sort_numbers", raises=(ValueError,))
def sort_numbers(xs: list[str]) -> list[str]:
    """Pieces that are whole numbers, in order of their size."""
    return sorted(xs, key=int)


@pieces.primitive(name="pieces.reverse")
def reverse(xs: list[str]) -> list[str]:
    """Pieces in reverse order."""
    return xs[::-1]


@pieces.primitive(name="pieces.unique")
def unique(xs: list[str]) -> list[str]:
    """Each piece once, where it came first."""
    return list(dict.fromkeys(xs))


@pieces.primitive(name="pieces.take")
def take(n: int, xs: list[str]) -> list[str]:
    """First n pieces; for a negative n all but the last -n."""
    return xs[:n]


@pieces.primitive(name="pieces.drop")
def drop(n: int, xs: list[str]) -> list[str]:
    """All but the first n pieces; for a negative n the last -n."""
    return xs[n:]


@pieces.primitive(name="pieces.item")
def item(n: int, xs: list[str]) -> str:
    """Piece n, from 0, or from -1 backwards; "" where there is none."""
    return xs[n] if -len(xs) <= n < len(xs) else ""


@pieces.primitive(name="pieces.count")
def count(xs: list[str]) -> int:
    """How many pieces there are."""
    return len(xs)


@pieces.primitive(name="pieces.join")
def join(separator: str, xs: list[str]) -> str:
    """All pieces with a separator between them."""
    return separator.join(xs)


@pieces.primitive(name="pieces.join_last")
def join_last(separator: str, last: str, xs: list[str]) -> str:
    """All pieces with a separator between them, and another one before the last: a, b and c."""
    return last.join([separator.join(xs[:-1]), xs[-1]]) if len(xs) > 1 else "".join(xs)


@pieces.primitive(name="pieces.between", raises=(ValueError,))
def between(opening: str, closing: str, s: str) -> list[str]:
    """What stands between an opening mark and the next closing one, each time: items between tags or brackets."""
    if not opening or not closing:
        raise ValueError("an empty mark; allowed: any other text")
    return re.findall(f"{re.escape(opening)}(.*?){re.escape(closing)}", s, re.DOTALL)


@pieces.primitive(name="pieces.without")
def without(others: list[str], xs: list[str]) -> list[str]:
    """The pieces of the second list that the first has not."""
    return [x for x in xs if x not in others]


@pieces.primitive(name="pieces.common")
def common(others: list[str], xs: list[str]) -> list[str]:
    """The pieces of the second list that the first has, too."""
    return [x for x in xs if x in others]


@pieces.primitive(name="pieces.numbered")
def numbered(separator: str, xs: list[str]) -> list[str]:
    """Numbers the pieces, from 1, with a separator after each number: 1. a, 2. b."""
    return [f"{n}{separator}{x}" for n, x in enumerate(xs, 1)]


LONGEST = 10_000
"""Numbers of one range that are written out, at most."""


@pieces.primitive(name="pieces.ranges", raises=(ValueError,))
def ranges(separator: str, xs: list[str]) -> list[str]:
    """Ranges among the pieces written out: 3-6 becomes 3, 4, 5, 6; other pieces stay."""
    if not separator:
        raise ValueError("an empty separator; allowed: any other text")
    found: list[str] = []
    for x in xs:
        ends = re.fullmatch(f"([0-9]+){re.escape(separator)}([0-9]+)", x)
        if ends is None:
            found.append(x)
            continue
        low, high = int(ends[1]), int(ends[2])
        if high - low >= LONGEST:
            raise ValueError(f"{x}: a range of more than {LONGEST} numbers")
        found += map(str, range(low, high + 1))
    return found


@pieces.primitive(name="pieces.runs", raises=(ValueError,))
def runs(least: int, separator: str, xs: list[str]) -> list[str]:
    """Whole numbers that follow one another as ranges: 1, 2, 3, 5 becomes 1-3, 5; runs of fewer than least numbers stay."""
    if least < 2:
        raise ValueError(f"runs of {least} numbers; allowed: 2 and more")
    found: list[list[str]] = []
    for x in xs:
        follows = (
            found and _NUMBER.fullmatch(x) and _NUMBER.fullmatch(found[-1][-1]) and int(x) == int(found[-1][-1]) + 1
        )
        if follows:
            found[-1].append(x)
        else:
            found.append([x])
    return [x for run in found for x in ([f"{run[0]}{separator}{run[-1]}"] if len(run) >= least else run)]


_NUMBER = re.compile(r"[0-9]+")
