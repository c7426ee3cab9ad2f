"""A second opinion on the languages that follow SMT-LIB: z3 computes the same calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import z3

from neurosynth.language.primitive import Primitive
from neurosynth.values.types import BOOL, INT, STRING, Type

Calls = Sequence[tuple[tuple[Any, ...], Any]]


def _literal(value: Any, t: Type) -> str:
    if t == BOOL:
        return "true" if value else "false"
    if t == INT:
        return str(value) if value >= 0 else f"(- {-value})"
    if t == STRING:
        return '"' + "".join(ch if ch.isalnum() and ch.isascii() else f"\\u{{{ord(ch):x}}}" for ch in value) + '"'
    return f"(_ bv{value} {str(t).removeprefix('bitvec ')})"


def _agrees(primitive: Primitive, calls: Calls) -> bool:
    equations = []
    for arguments, result in calls:
        texts = [_literal(v, t) for v, t in zip(arguments, primitive.parameters, strict=True)]
        call = f"({primitive.smtlib or primitive.name} {' '.join(texts)})"
        equations.append(f"(= {call} {_literal(result, primitive.result)})")
    solver = z3.Solver()
    solver.from_string(f"(assert (not (and {' '.join(equations)})))")
    return bool(solver.check() == z3.unsat)


@pytest.fixture(scope="session")
def check_with_z3() -> Callable[[Primitive, Calls], None]:
    """``check(primitive, [(arguments, result), ...])``: fails on the first call where z3 has another result."""

    def check(primitive: Primitive, calls: Calls) -> None:
        if not _agrees(primitive, calls):
            wrong = [call for call in calls if not _agrees(primitive, [call])]
            pytest.fail(f"z3 has another value for {primitive}: {wrong[:1]}")

    return check
