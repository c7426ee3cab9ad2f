"""Whole inputs in which several words become others by a table, wherever they stand: abbreviations written out, or words made short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Lambda, Program, Variable
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["with_other_words"]

BASE = 16
"""Bits of a table of words, in addition to its entries."""
ENTRY = 4
"""Bits of an entry, whose word is visible in the table."""
CHARACTER, SHORT = 5, 2
"""Bits of a character of what replaces a word, and of one by which a word and its abbreviation differ."""
AGAIN = 2
"""A word that several examples replace costs so many times less."""
ALONE = 24
"""Bits of a table each of whose words stands in one row of the table alone: it says nothing about the other rows."""
TOKEN = r"[^\W_]+\.?|[\W_]+"
"""Words, with the point of an abbreviation, and the text between them."""
MOST = 10
"""Maximum number of entries."""


def with_other_words(column: Column) -> Iterator[Piece]:
    """Inputs in which two words or more are replaced, each always by the same, and other words stay."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(" " in t or t == o for t, o in zip(texts, column.outputs, strict=True)):
            continue
        table: dict[str, str] = {}
        seen: Counter[str] = Counter()
        stays: set[str] = set()
        for text, output in zip(texts, column.outputs, strict=True):
            words = re.findall(TOKEN, text)
            pairs = _replaced(words, re.findall(TOKEN, output))
            if pairs is None or any(table.setdefault(old, new) != new for old, new in pairs):
                break
            seen.update(old for old, _ in pairs)
            stays |= {w for w in words if w[0].isalnum()} - {old for old, _ in pairs}
        else:
            if 1 < len(table) <= MOST and stays and not stays & table.keys():
                bits = BASE + sum(_bits(old, new, seen[old]) for old, new in table.items())
                every = [row[i].split(" ") for row in column.every if isinstance(row[i], str)]
                bits += ALONE * (len(column.judged) > 1 and _alone(table, seen, [row[i] for row in column.judged]))
                last = _ends(table, [t.split(" ") for t in texts], every)
                build = partial(_of_last if last else _program, source, table)
                yield Piece(tuple(column.outputs), bits, build, name="other words")


def _alone(table: Mapping[str, str], seen: Mapping[str, int], others: Sequence[object]) -> bool:
    """Whether each replaced word stands in one example, and in no other row."""
    words = {w for t in others if isinstance(t, str) for w in re.findall(TOKEN, t)}
    return all(seen[old] == 1 and old not in words for old in table)


def _ends(table: Mapping[str, str], shown: Sequence[Sequence[str]], every: Sequence[Sequence[str]]) -> bool:
    """Whether replaced words are the last ones in all examples, and no row of the table has one before a last word that stays."""
    if any(word in table for words in shown for word in words[:-1]):
        return False
    return not any(words[-1] not in table and any(w in table for w in words) for words in every)


def _replaced(words: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]] | None:
    """Each word that differs with what stands in its place: one word or, for a single word, several; None if words are left out."""
    found: list[tuple[str, str]] = []
    for kind, i, j, k, n in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        old, new = words[i:j], others[k:n]
        if kind == "equal":
            continue
        if kind != "replace" or not (len(old) == len(new) or len(old) == 1):
            return None
        found += zip(old, new, strict=True) if len(old) == len(new) else [(old[0], "".join(new))]
    named = all(any(map(str.isalpha, old)) and any(map(str.isalpha, new)) for old, new in found)
    cased = any(old.casefold() == new.casefold() for old, new in found)
    return found if named and not cased else None


def _bits(old: str, new: str, times: int) -> int:
    short, long = sorted((_letters(old), _letters(new)), key=len)
    told = SHORT * (len(long) - len(short)) if _abbreviates(short, long) else CHARACTER * len(new)
    return ENTRY + told // (AGAIN if times > 1 else 1)


def _letters(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum())


def _abbreviates(short: str, long: str) -> bool:
    """Whether one word has the letters of the other one in their order, from its first on."""
    rest = iter(long)
    return short[:1] == long[:1] and all(c in rest for c in short)


def _program(source: Program, table: dict[str, str]) -> Program:
    change = Lambda((STRING,), _looked_up(table, Variable(0, STRING)))
    return call("pieces.join", "", call("pieces.map", change, call("re.find_all", TOKEN, source)))


def _of_last(source: Program, table: dict[str, str]) -> Program:
    """The same for the last word alone."""
    return call(
        "str.++", call("re.extract", "^.* ", 0, source), _looked_up(table, call("text.split_at", source, " ", -1))
    )


def _looked_up(table: dict[str, str], word: Program) -> Program:
    keys, values = (Constant(tuple(words), list_of(STRING)) for words in (table, table.values()))
    return call("lookup_or", keys, values, word, word)
