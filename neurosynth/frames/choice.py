"""The choice of columns and rows of a large table for a search: the most informative ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from neurosynth.values.words import text_shape

__all__ = ["choose_examples", "choose_inputs", "offers_of"]

_LOOKED_AT = 50
"""Number of rows with an output on which columns are compared."""
_KINDS = {
    "plain number": re.compile(r"\W{0,4}\d[\d.,' ]*\W{0,4}"),
    "span": re.compile(r"(?i)\d+ ?(?:h|hrs?|hours?|m|mins?|minutes?|d|days?|weeks?)(?: ?\d+ ?(?:m|mins?|minutes?)?)?"),
    "number": re.compile(r"\D{0,4}[-+(]?\d[\d.,' ]*\)?\D{0,4}"),
    "moment": re.compile(r"(?=\D*\d)[\w ]+([-/.:, ][ ]?\w+){1,6}([ ]?[AaPp]\.?[Mm]\.?)?"),
}
"""Kinds of cells by their look: a number, a duration, a number with letters (its unit, a code), a date or time."""
_RELATED = {
    ("plain number", "plain number"): 1.0,
    ("plain number", "number"): 1.0,
    ("number", "plain number"): 0.5,
    ("number", "number"): 0.5,
    ("moment", "moment"): 0.5,
    ("plain number", "moment"): 0.4,
    ("number", "moment"): 0.4,
    ("span", "moment"): 0.9,
    ("span", "span"): 0.5,
}
"""Scores of columns for the kinds of their cells and of the outputs. Numbers make numbers, with few digits in common: that a digit of a
code occurs in them, too, must not count for more."""
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def offers_of(
    columns: Mapping[str, Sequence[Any]],
    outputs: Sequence[Any],
    labelled: Sequence[int],
    empty: Sequence[int],
    *,
    most: tuple[int, int],
) -> list[list[str]]:
    """The columns that searches read, one after the other: the most telling ones, then more of them if the table has more.

    Most programs read few columns, and a search over few is fast and finds less by chance. Where it fails, the column that decides may
    have had nothing in common with the given cells: a discount, a number of days.

    Args:
        columns: the cells of each column.
        outputs: the cells of the column to fill.
        labelled: rows with an output.
        empty: rows to fill.
        most: number of columns for the first search, and for the second one.
    """
    first, more = _chosen(columns, outputs, labelled, empty, most=(most[0], max(most)))
    return [first] if more == first else [first, more]


def choose_inputs(
    columns: Mapping[str, Sequence[Any]],
    outputs: Sequence[Any],
    labelled: Sequence[int],
    empty: Sequence[int],
    *,
    most: int,
) -> list[str]:
    """Up to ``most`` columns that have most in common with the outputs, in the order of the table.

    A column that is empty in every row to fill is left out if another remains: it can decide nothing there. The score of a column is the
    share of the outputs' text that occurs in it, too (words and numbers, then single characters), whether its cells are parts of the
    outputs, whether both hold numbers or both dates or times (numbers also count for dates, which they may move), and whether equal
    cells always have equal outputs, as in a lookup. Cells that are empty in rows to fill lower it.

    Args:
        columns: the cells of each column.
        outputs: the cells of the column to fill.
        labelled: rows with an output.
        empty: rows to fill.
        most: number of columns.
    """
    return _chosen(columns, outputs, labelled, empty, most=(most,))[0]


def _chosen(
    columns: Mapping[str, Sequence[Any]],
    outputs: Sequence[Any],
    labelled: Sequence[int],
    empty: Sequence[int],
    *,
    most: Sequence[int],
) -> list[list[str]]:
    """What :func:`choose_inputs` returns for each of several numbers of columns, with one look at the cells."""
    share = {name: sum([cells[r] is not None for r in empty]) / max(1, len(empty)) for name, cells in columns.items()}
    readable = [name for name in columns if share[name] > 0] or list(columns)
    if len(readable) <= min(most):
        return [readable] * len(most)
    rows = labelled[:_LOOKED_AT]
    wanted = [outputs[r] for r in rows]
    scores = {name: _score([columns[name][r] for r in rows], wanted) * (0.5 + share[name]) for name in readable}
    ranked = sorted(readable, key=lambda name: -scores[name])
    return [[name for name in readable if name in ranked[:n]] for n in most]


def _score(cells: Sequence[Any], outputs: Sequence[Any]) -> float:
    shared, parts = 0.0, []
    for cell, output in zip(cells, outputs, strict=True):
        if cell is None or output is None:
            continue
        text, wanted = str(cell).casefold(), str(output).casefold()
        tokens = _TOKEN.findall(wanted)
        whole = sum(len(t) for t in tokens if t in text or t.lstrip("0") in _numbers(text))
        letters = sum(min(wanted.count(c), text.count(c)) for c in set(wanted) if c.isalnum())
        length = max(1, sum(c.isalnum() for c in wanted))
        shared += whole / length + 0.2 * letters / length
        own = _TOKEN.findall(text)
        parts.append(bool(own) and all(t in tokens for t in own))
    groups: dict[Any, set[Any]] = {}
    for cell, output in zip(cells, outputs, strict=True):
        groups.setdefault(cell, set()).add(output)
    repeated = len(groups) < len(cells)
    decides = repeated and all(len(g) == 1 for g in groups.values())
    kind, made = _kind(cells), _kind(outputs)
    related = _RELATED.get((kind, made), 0.0)
    contained = bool(parts) and all(parts)  # a long text holds the letters of any output, a short one may be part of it
    return shared / max(1, len(cells)) + 0.5 * decides + 0.6 * contained + related


def _kind(cells: Sequence[Any]) -> str:
    """The kind of :data:`_KINDS` of which all cells are that are not empty, else nothing."""
    texts = [str(c).strip() for c in cells if c is not None]
    for kind, pattern in _KINDS.items():
        if texts and all(pattern.fullmatch(t) for t in texts):
            return kind
    return ""


def _numbers(text: str) -> set[str]:
    return {t.lstrip("0") for t in _TOKEN.findall(text) if t.isdigit()}


def choose_examples(
    rows: Sequence[tuple[Any, ...]], outputs: Sequence[Any], labelled: Sequence[int], *, most: int
) -> list[int]:
    """Up to ``most`` rows with an output, in the order of the table: the first one of each shape, then others, evenly spread."""
    if len(labelled) <= most:
        return list(labelled)
    looks: dict[tuple[str, ...], int] = {}
    for row in labelled:
        look = tuple(text_shape(str(v)) for v in (*rows[row], outputs[row]))
        if len(looks) < most // 2:
            looks.setdefault(look, row)
    chosen = set(looks.values())
    step = max(1, len(labelled) // (most - len(chosen)))
    chosen.update(labelled[::step][: most - len(chosen)])
    return sorted(chosen)
