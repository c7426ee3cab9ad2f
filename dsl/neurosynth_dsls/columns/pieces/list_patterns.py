"""All codes of one pattern in a text, also if some are written with a blank or a hyphen inside: ``E330, E150d`` of ``E330 and E 150d``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.list_joins import joined_lists
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["PatternItems"]

LOOSE, EXACT = 8, 10
"""Bits of a pattern with any number of digits and letters in each run, and of one with as many as all items have."""
TIDIED = 3
"""Bits of leaving out blanks and hyphens inside items."""
RUNS = 6
"""Maximum number of runs of letters, digits and signs of an item."""
GAPS = " -."
"""What may stand between letters and digits of the same code."""
_RUN = re.compile(r"\d+|[A-Z]+|[a-z]+|[^\sA-Za-z\d]")
_BETWEEN = re.compile(r"\s?[,;|/+&]\s?|\s(?:and|or|und|et|y)\s|\s")
Runs = list[str]


@dataclass(frozen=True)
class PatternItems:
    """Codes with digits anywhere in a text."""

    name: str = "pattern items"

    def bind(self, column: Column) -> _BoundPatternItems:
        """Find the common pattern of the items of the outputs."""
        return _BoundPatternItems(column)


class _BoundPatternItems:
    """The codes of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if not column.believes or len(column.rows) < 2:
            return
        items = [x for o in column.outputs for x in _BETWEEN.split(o) if re.search(r"\d", x)]
        if len({*items}) < 2 or len(items) <= len({o for o in column.outputs if re.search(r"\d", o)}):
            return
        runs = [_RUN.findall(x) for x in items]
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None:
                continue
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            gaps = "".join(g for g in GAPS if any(_parted(g, rs, t) for t in every for rs in runs))
            seen: list[tuple[list[str], ...]] = []
            for bits, pattern in _patterns(runs, gaps):
                found = tuple(_found(pattern, gaps, t) for t in texts)
                if found in seen or not all(x in o for xs, o in zip(found, column.outputs, strict=True) for x in xs):
                    continue
                seen.append(found)
                cost = bits + TIDIED * bool(gaps)
                build = partial(_items, pattern, gaps, source)
                self.pieces += joined_lists(found, cost, build, column.outputs, 0, _never)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """The lists that the rests start with."""
        return (p for p in self.pieces if all(map(str.startswith, rests, p.texts)))


def _never(text: str, rows: Sequence[int]) -> bool:
    return False


def _parted(gap: str, runs: Runs, text: str) -> bool:
    """Whether a code stands in a text with something between its first letters and digits."""
    if len(runs) < 2 or not (runs[0].isalpha() and runs[1].isdigit()):
        return False
    return re.search(rf"(?<!\w){runs[0]}{re.escape(gap)}{runs[1]}(?!\d)", text) is not None


def _patterns(items: Sequence[Runs], gaps: str) -> Iterator[tuple[int, str]]:
    """Patterns of runs of the same kinds, of which the last may be missing in some items."""
    most = max(items, key=len)
    if len(most) > RUNS or any(len(most) - len(rs) > 1 for rs in items):
        return
    columns = [[rs[n] for rs in items if n < len(rs)] for n in range(len(most))]
    kinds = [{*map(_kind, column)} for column in columns]
    if any(len(k) > 1 for k in kinds):
        return
    last = len(columns[-1]) < len(items)
    if last and not columns[-1][0].isalnum():
        return
    for bits, write in ((LOOSE, _loose), (EXACT, _exact)):
        parts = [write(column) for column in columns]
        if last:
            parts[-1] = f"(?:{_loose(columns[-1])})?" if write is _loose else f"{_kind(columns[-1][0])}?"
        if gaps:
            parts.insert(1, f"[{re.escape(gaps)}]?")
        yield bits, rf"(?<!\w){''.join(parts)}(?!\w)"


def _kind(run: str) -> str:
    return "[0-9]" if run.isdigit() else "[A-Z]" if run.isupper() else "[a-z]" if run.isalpha() else re.escape(run)


def _loose(column: Sequence[str]) -> str:
    kind = _kind(column[0])
    same = len({*column}) == 1 and not column[0].isdigit()
    return re.escape(column[0]) if same else f"{kind}+"


def _exact(column: Sequence[str]) -> str:
    lengths = {*map(len, column)}
    if len(lengths) > 1 or len({*column}) == 1:
        return _loose(column)
    length = lengths.pop()
    return _kind(column[0]) + (f"{{{length}}}" if length > 1 else "")


def _found(pattern: str, gaps: str, text: str) -> list[str]:
    items = re.findall(pattern, text)
    return [re.sub(f"[{re.escape(gaps)}]", "", x) for x in items] if gaps else items


def _items(pattern: str, gaps: str, source: Program) -> Program:
    found = call("re.find_all", pattern, source)
    if not gaps:
        return found
    return call("pieces.map", _tidied(gaps), found)


def _tidied(gaps: str) -> Lambda:
    item = Variable(0, STRING)
    if len(gaps) == 1:
        return Lambda((STRING,), call("str.replace_all", item, gaps, ""))
    return Lambda((STRING,), call("re.replace", f"[{re.escape(gaps)}]", "", item))
