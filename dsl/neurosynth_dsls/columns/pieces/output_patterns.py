"""Common patterns of the outputs of a column, which are looked for in its inputs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosynth_dsls.columns.pieces.positions import Token

__all__ = ["output_tokens"]


def output_tokens(outputs: Sequence[str], every: Sequence[str]) -> list[Token]:
    """Common patterns of the outputs, with exact and with arbitrary lengths, which are looked for in the inputs."""
    decimals = _decimals(outputs, every)
    if decimals is not None:
        return decimals
    shapes = [re.findall(r"\d+|[A-Z]+|[a-z]+|.", output, re.S) for output in outputs]
    if all(re.fullmatch("[0-9]{5,}", output) for output in outputs) and len({*map(len, outputs)}) == 1:  # 4 make a year
        number = f"[0-9]{{{len(outputs[0])}}}"
        return _inside_words(f"(?<![^\\W_]){number}(?![^\\W_])", number, outputs[0], every)
    if not all(1 < len(runs) <= 7 for runs in shapes):
        return []
    loose = {"".join(_run(r, "+") for r in runs) for runs in shapes}
    exact = {"".join(_run(r, f"{{{len(r)}}}") for r in runs) for runs in shapes}
    if len(loose) > 1:
        return []
    found = [_apart(loose.pop(), LOOSE)]
    one = len(exact) == 1
    pattern = exact.pop() if one else _half_exact(shapes)
    if pattern is not None:
        found.append(_apart(pattern, EXACT if one else HALF, telling=len(shapes[0]) >= TELLING))
        found += _inside_words(found[-1].pattern, pattern, outputs[0], every)
    return found


LOOSE, HALF, EXACT = 4, 4, 3
"""Bits of patterns of runs of any lengths, of which some have one length, and of which all have one."""
TELLING = 3
"""Least number of runs of a pattern that tells by itself what is meant."""


def _apart(pattern: str, bits: int, *, telling: bool = False) -> Token:
    return Token(f"(?<![^\\W_]){pattern}(?![^\\W_])", bits, telling=telling)


def _half_exact(shapes: Sequence[Sequence[str]]) -> str | None:
    """The pattern of runs of which only some have one length in all outputs: four digits, a hyphen, and digits; None if there are none."""
    columns = [(runs[0], {*map(len, runs)}) for runs in zip(*shapes, strict=True)]
    if not any(run.isalnum() and len(lengths) == 1 and len(run) > 1 for run, lengths in columns):
        return None
    return "".join(_run(run, f"{{{len(run)}}}" if len(lengths) == 1 else "+") for run, lengths in columns)


INSIDE = 2
"""Bits of a pattern that is also found inside words, between characters of other kinds: rows alone show that it is meant."""


def _inside_words(apart: str, pattern: str, output: str, every: Sequence[str]) -> list[Token]:
    """The pattern between characters of other kinds, if it is not always apart from words: ``2024-0418`` in ``INV2024-0418``."""
    before, behind = _kind(output[0]), _kind(output[-1])
    if not before or not behind:
        return []
    inside = f"(?<!{before}){pattern}(?!{behind})"
    strict, wide = re.compile(apart), re.compile(inside)
    if not any(wide.search(t) and not strict.search(t) for t in every):
        return []
    return [Token(inside, INSIDE, whole=True, telling=True)]


def _kind(character: str) -> str:
    """The class of digits or letters that a character belongs to; empty for others."""
    return next((k for k in ("[0-9]", "[A-Z]", "[a-z]") if re.fullmatch(k, character)), "")


_POINT = re.compile(r"(?<![\d.,])\d+[.,]\d+(?![\d.,]*\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def _decimals(outputs: Sequence[str], every: Sequence[str]) -> list[Token] | None:
    """The pattern of outputs with one number that may have decimals, like some numbers of the column; None for others."""
    if not any(map(_POINT.search, every)):
        return None
    patterns, runs = set(), 0
    for output in outputs:
        numbers = list(_NUMBER.finditer(output))
        if len(numbers) != 1 or len(output) > 40:
            return None
        at = numbers[0].span()
        before, behind = (re.findall(r"[A-Z]+|[a-z]+|.", t, re.S) for t in (output[: at[0]], output[at[1] :]))
        runs = len(before) + len(behind)
        patterns.add("".join([*(_run(r, "+") for r in before), r"\d+(?:[.,]\d+)?", *(_run(r, "+") for r in behind)]))
    if len(patterns) != 1 or patterns == {r"\d+(?:[.,]\d+)?"}:
        return None
    return [Token(rf"(?<![\w.,]){patterns.pop()}(?![^\W_])", 2 + max(0, runs - 2) // 2, whole=True)]


def _run(run: str, times: str) -> str:
    if not (run.isalnum() and run.isascii()):
        return re.escape(run)
    return ("[0-9]" if run[0].isdigit() else "[A-Z]" if run[0].isupper() else "[a-z]") + times
