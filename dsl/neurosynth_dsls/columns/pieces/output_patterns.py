"""Patterns that the outputs of a column have in common, to be found in its inputs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosynth_dsls.columns.pieces.positions import Token

__all__ = ["output_tokens"]


def output_tokens(outputs: Sequence[str], every: Sequence[str]) -> list[Token]:
    """Patterns that the outputs have in common, exact lengths and loose, to be found in the inputs."""
    loose, exact = set(), set()
    decimals = _decimals(outputs, every)
    if decimals is not None:
        return decimals
    for output in outputs:
        runs = re.findall(r"\d+|[A-Z]+|[a-z]+|.", output, re.S)
        if not 1 < len(runs) <= 7:
            return []
        loose.add("".join(_run(r, "+") for r in runs))
        exact.add("".join(_run(r, f"{{{len(r)}}}") for r in runs))
    found = []
    for patterns, cost in ((loose, 4), (exact, 3)):
        if len(patterns) == 1:
            found.append(Token(f"(?<![^\\W_]){patterns.pop()}(?![^\\W_])", cost))
    return found


_POINT = re.compile(r"(?<![\d.,])\d+[.,]\d+(?![\d.,]*\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def _decimals(outputs: Sequence[str], every: Sequence[str]) -> list[Token] | None:
    """The pattern of outputs whose one number may have decimals, as some numbers of the column have; None for others."""
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
