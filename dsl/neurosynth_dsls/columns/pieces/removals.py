"""Removals: prefixes and suffixes of a few kinds, and characters that become others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.variants import joined

__all__ = ["removals"]

BASE = 12
"""Bits of a removal or of a table of characters, in addition to its words or characters."""
WORD = 4
"""Bits of a removed word, in addition to its letters; it is visible in the table."""
SEEN = 2
"""Bits of a word that several rows of the table have at the same place."""
CHARACTER = 3
"""Bits of a character that becomes another one."""
MOST = 3
"""Maximum number of words removed from one text."""
KINDS = 4
"""Maximum number of kinds of removed words."""
RUN = 3
"""Bits of a removed run, in addition to its classes."""
LONGEST = 30
"""Maximum number of characters of such a run."""
CHANGED = 12
"""Maximum number of replaced characters."""
TRIED = 300
"""Maximum number of alignments of a text with its output."""

_OPENING = re.compile(r"[^\W\d_]+[^\w\s]*\s+|[^\w\s]+\s*")
_ENDING = re.compile(r"[,;]?\s+[^\W\d_]+\.?$|\s*[^\w\s]+$")


def removals(column: Column) -> Iterator[Piece]:
    """Whole inputs without words at one end, or with replaced characters."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts):
            continue
        every = [row[i] for row in column.every if isinstance(row[i], str)]
        yield from _openings(source, texts, every, column.outputs)
        yield from _runs(source, texts, every, column.outputs)
        yield from _endings(source, texts, every, column.outputs)
        yield from _characters(source, texts, every, column.outputs)
        yield from _substituted(source, texts, column.outputs)


def _openings(source: Program, texts: Sequence[str], every: Sequence[str], outputs: Sequence[str]) -> Iterator[Piece]:
    """Texts without prefixes such as ``Re: ``, however often they are repeated."""
    words: list[str] = []
    values: list[str] = []
    for text, output in zip(texts, outputs, strict=True):
        removed = 0
        while text not in output and removed < MOST and (found := _OPENING.match(text)):
            words.append(found.group())
            text, removed = text[found.end() :], removed + 1
        if not text or text not in output:
            return
        values.append(text)
    if not words or len(words) == len(texts) == len({*words}):
        return  # nothing is removed, or another word in each row: that is a position
    kinds = _followed(list(dict.fromkeys(words)), every)
    if len(kinds) > KINDS or not any(not _OPENING.match(t) or not t.startswith(tuple(kinds)) for t in every):
        return
    pattern = f"^(?:{_alternatives(kinds)})+"
    yield from _removed(source, texts, values, pattern, _bits(kinds, every))


def _bits(kinds: Sequence[str], every: Sequence[str]) -> int:
    return sum(SEEN if sum(k in t for t in every) > 1 else WORD + len(k) for k in kinds)


def _followed(kinds: list[str], every: Sequence[str]) -> list[str]:
    """The prefixes, and others in the table that precede one of them and end in the same signs."""
    signs = {re.sub(r"\w", "", k) for k in kinds}
    for text in every:
        found = _OPENING.match(text)
        known = not found or found.group() in kinds or re.sub(r"\w", "", found.group()) not in signs - {" "}
        if found and not known and text[found.end() :].startswith(tuple(kinds)):
            kinds.append(found.group())
    return kinds


def _endings(source: Program, texts: Sequence[str], every: Sequence[str], outputs: Sequence[str]) -> Iterator[Piece]:
    """Texts without suffixes such as `` Ltd``."""
    words: list[str] = []
    values: list[str] = []
    for text, output in zip(texts, outputs, strict=True):
        removed = 0
        while text not in output and removed < MOST and (found := _ENDING.search(text)):
            words.append(found.group())
            text, removed = text[: found.start()], removed + 1
        if not text or text not in output:
            return
        values.append(text)
    kinds = list(dict.fromkeys(words))
    if not kinds or len(words) == len(texts) == len(kinds) or len(kinds) > KINDS:
        return
    if all(t.endswith(tuple(kinds)) for t in every):
        return
    yield from _removed(source, texts, values, f"(?:{_alternatives(kinds)})+$", _bits(kinds, every))


def _runs(source: Program, texts: Sequence[str], every: Sequence[str], outputs: Sequence[str]) -> Iterator[Piece]:
    """Texts without a run that some of them have, described by classes: `` (2)`` in a file name."""
    shared: set[str] | None = None
    described: list[set[str]] = []
    for text, output in zip(texts, outputs, strict=True):
        if text != output:
            mine = {p for run in _removed_runs(text, output) for p in _described(run)}
            shared = mine if shared is None else shared & mine
            described += [mine] if mine not in described else []
    if shared is not None and not shared:
        yield from _two_runs(source, texts, described, every, outputs)
    for pattern in sorted(shared or (), key=lambda p: (len(p), p)):
        found = re.compile(pattern)
        if all(map(found.search, every)):
            continue
        if [found.sub("", t) for t in texts] == list(outputs):
            bits = BASE + RUN + len(pattern) // 4
            yield Piece(
                tuple(outputs), bits, partial(call, "text.replace_pattern", source, pattern, ""), name="without"
            )
            return


TWO = 8
"""Bits of a second kind of run, in addition to its own."""


def _two_runs(
    source: Program, texts: Sequence[str], described: Sequence[set[str]], every: Sequence[str], outputs: Sequence[str]
) -> Iterator[Piece]:
    """Texts without runs of two kinds, each in several rows of the table: `` - Copy`` and `` (2)`` in names of files."""
    if not all(described) or len(described) > KINDS:
        return
    repeated = (p for p in set().union(*described) if sum(re.search(p, t) is not None for t in every) > 1)
    patterns = sorted(repeated, key=lambda p: (len(p), p))
    for first, second in combinations(patterns, 2):
        either = f"{second}|{first}"
        found = re.compile(either)
        if [found.sub("", t) for t in texts] == list(outputs) and not all(map(found.search, every)):
            bits = BASE + TWO + 2 * RUN + len(either) // 4
            build = partial(call, "text.replace_pattern", source, either, "")
            yield Piece(tuple(outputs), bits, build, name="without either")
            return


def _removed_runs(text: str, output: str) -> Iterator[str]:
    """The run of the text without which it equals the output; several if the run is repeated."""
    length = len(text) - len(output)
    if not 0 < length <= LONGEST:
        return
    for at in range(len(output) + 1):
        if text[at + length :] == output[at:]:
            yield text[at : at + length]
        if text[at : at + 1] != output[at : at + 1]:
            return


def _described(run: str) -> Iterator[str]:
    """A run by classes, with literal signs, and brackets with any content."""
    parts = re.findall(r"\d+|[^\W\d_]+|\s+|.", run, re.DOTALL)
    if len(parts) > 8 or not any(c.isalnum() for c in run):
        return
    for letters in (False, True):
        yield "".join(
            r"\d+" if p[0].isdigit() else (r"[^\W\d_]+" if letters else p) if p[0].isalpha() else re.escape(p)
            for p in parts
        )
    found = re.fullmatch(r"(\s*)([(\[{<]).*([)\]}>])(\s*)", run)
    if found:
        o, c = re.escape(found[2]), re.escape(found[3])
        yield f"{re.escape(found[1])}{o}[^{o}{c}]*{c}{re.escape(found[4])}"


def _alternatives(kinds: Sequence[str]) -> str:
    """The words as a pattern, in which a common ending is written once."""
    tail = kinds[0][len(kinds[0].rstrip(" :;,.-")) :]
    if len(kinds) > 1 and tail and all(k.endswith(tail) for k in kinds):
        return f"(?:{'|'.join(re.escape(k[: -len(tail)]) for k in kinds)}){re.escape(tail)}"
    return "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))


def _removed(source: Program, texts: Sequence[str], values: Sequence[str], pattern: str, bits: int) -> Iterator[Piece]:
    found = re.compile(pattern)
    if [found.sub("", t) for t in texts] == list(values):
        yield Piece(
            tuple(values), BASE + bits, partial(call, "text.replace_pattern", source, pattern, ""), name="without words"
        )


def _characters(source: Program, texts: Sequence[str], every: Sequence[str], outputs: Sequence[str]) -> Iterator[Piece]:
    """Texts with replaced characters, each always by the same one: curly quotes by straight ones, ä by ae."""
    table: dict[str, str] = {}
    for text, output in zip(texts, outputs, strict=True):
        found = _aligned(text, output, table)
        if found is None:
            return
        table = found
    changed = {c: d for c, d in table.items() if c != d}
    if not 0 < len(changed) <= CHANGED:
        return
    cost = BASE + sum(CHARACTER * (1 + len(d)) for d in changed.values())
    if not any(changed.values()):  # what is one part of a text is hardly several parts of another
        kept = [(t, "".join(c for c in t if c not in changed)) for t in every if t not in texts]
        cost += joined(list(zip(texts, outputs, strict=True)), kept)
    characters, others = (Constant(tuple(v), list_of(STRING)) for v in (changed, changed.values()))
    yield Piece(tuple(outputs), cost, partial(call, "text.translate", characters, others, source), name="characters")


def _substituted(source: Program, texts: Sequence[str], outputs: Sequence[str]) -> Iterator[Piece]:
    """Texts with letters and digits replaced by others, each always by the same, and the text read backwards: O by 0, a strand's complement.

    The replaced characters must stand there oftener than the table has entries, else anything is made of anything. Digits of numbers
    are not replaced: numbers are computed.
    """
    if not any(c.isalpha() for t in (*texts, *outputs) for c in t):
        return
    for backwards in (False, True):
        table: dict[str, str] = {}
        read = [t[::-1] for t in texts] if backwards else list(texts)
        if any(len(t) != len(o) for t, o in zip(read, outputs, strict=True)):
            return
        pairs = [(c, d) for t, o in zip(read, outputs, strict=True) for c, d in zip(t, o, strict=True)]
        if any(table.setdefault(c, d) != d for c, d in pairs):
            continue
        changed = {c: d for c, d in table.items() if c != d}
        seen = sum(c in changed for c, _ in pairs)
        cased = all(c.casefold() == d.casefold() for c, d in changed.items())
        if not changed or len(changed) > CHANGED or 3 * len(changed) > 2 * seen or cased:
            continue
        digits = sum(c.isdigit() and d.isdigit() for c, d in changed.items())
        cost = BASE + SUBSTITUTED * len(changed) + DIGIT * digits + REVERSED * backwards
        letters, by = (Constant(tuple(v), list_of(STRING)) for v in (changed, changed.values()))
        made = call("str.reverse", source) if backwards else source
        yield Piece(tuple(outputs), cost, partial(call, "text.translate", letters, by, made), name="substituted")


SUBSTITUTED = 9
"""Bits of a letter or digit that becomes another."""
DIGIT = 4
"""Additional bits of a digit that becomes another digit: numbers are computed."""
REVERSED = 6
"""Bits of reading a text backwards."""


def _aligned(text: str, output: str, table: dict[str, str]) -> dict[str, str] | None:
    """The table of characters, extended so that it gives the output of the text; None if that is impossible.

    Plain letters, digits and blanks are never replaced.
    """
    states: list[tuple[int, int, dict[str, str]]] = [(0, 0, table)]
    for _ in range(TRIED):
        if not states:
            return None
        i, j, known = states.pop()
        while i < len(text):
            c = text[i]
            if c not in known:
                kept = output.startswith(c, j)
                if not (c.isascii() and (c.isalnum() or c.isspace())):
                    lengths = [n for n in (0, 3, 2, 1) if j + n <= len(output) and output[j : j + n] != c]
                    states += [(i, j, {**known, c: output[j : j + n]}) for n in lengths]
                if not kept:
                    break
                known = {**known, c: c}
            if not output.startswith(known[c], j):
                break
            i, j = i + 1, j + len(known[c])
        else:
            if j == len(output):
                return known
    return None
