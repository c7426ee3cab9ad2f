"""Second opinions on the languages that follow SMT-LIB: z3 and cvc5 compute the same calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cvc5
import pytest
import z3
from neurosynth_dsls.strings import strings

from neurosynth.language.primitive import Primitive
from neurosynth.tasks.sygus_syntax import REGLAN
from neurosynth.values.types import BOOL, INT, STRING, Type

Calls = Sequence[tuple[tuple[Any, ...], Any]]


def _expression(value: Any) -> str:
    kind, *rest = value
    names = {
        "to": "str.to_re",
        "range": "re.range",
        "any": "re.allchar",
        "all": "re.all",
        "none": "re.none",
        "++": "re.++",
    }
    names |= {"|": "re.union", "&": "re.inter", "-": "re.diff", "~": "re.comp", "*": "re.*"}
    if kind == "^":
        return f"((_ re.loop {rest[1]} {rest[2]}) {_expression(rest[0])})"
    parts = [literal(v, STRING) if isinstance(v, str) else _expression(v) for v in rest]
    return f"({' '.join([names[kind], *parts])})" if parts else names[kind]


def literal(value: Any, t: Type) -> str:
    if t == BOOL:
        return "true" if value else "false"
    if t == INT:
        return str(value) if value >= 0 else f"(- {-value})"
    if t == REGLAN:
        return _expression(value)
    if t == STRING:
        return '"' + "".join(ch if ch.isalnum() and ch.isascii() else f"\\u{{{ord(ch):x}}}" for ch in value) + '"'
    return f"(_ bv{value} {str(t).removeprefix('bitvec ')})"


PATIENCE = 500
"""Milliseconds a solver has for some calls; beyond it has no opinion."""


def z3_refutes(assertion: str) -> bool:
    solver = z3.Solver()
    solver.set("timeout", PATIENCE)
    solver.from_string(assertion)
    return bool(solver.check() != z3.sat)


def cvc5_refutes(assertion: str) -> bool:
    manager = cvc5.TermManager()
    solver = cvc5.Solver(manager)
    solver.setOption("strings-exp", "true")
    solver.setOption("tlimit-per", str(PATIENCE))
    solver.setLogic("ALL")
    symbols = cvc5.SymbolManager(manager)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, assertion, "calls")
    while not (command := parser.nextCommand()).isNull():
        assert "error" not in command.invoke(solver, symbols)
    return not solver.checkSat().isSat()


SOLVERS = {"z3": z3_refutes, "cvc5": cvc5_refutes}


def _agrees(solver: str, primitive: Primitive, calls: Calls) -> bool:
    equations = []
    for arguments, result in calls:
        texts = [literal(v, t) for v, t in zip(arguments, primitive.parameters, strict=True)]
        head = primitive.smtlib or primitive.name
        call = f"({' '.join([head, *texts])})" if texts else head
        if (
            primitive.result == REGLAN
        ):  # by what it matches: solvers take long over whether two expressions are the same
            for text in ("", "a", "ab", "7"):
                whole = strings["str.in_re"].function(text, result)
                equations.append(f"(= (str.in_re {literal(text, STRING)} {call}) {literal(whole, BOOL)})")
        else:
            equations.append(f"(= {call} {literal(result, primitive.result)})")
    return SOLVERS[solver](f"(assert (not (and true {' '.join(equations)})))")


@pytest.fixture(scope="session")
def check_with() -> Callable[[str, Primitive, Calls], None]:
    """``check("z3", primitive, [(arguments, result), ...])``: fails on the first call where the solver has another result."""

    def check(solver: str, primitive: Primitive, calls: Calls) -> None:
        if not _agrees(solver, primitive, calls):
            wrong = [call for call in calls if not _agrees(solver, primitive, [call])]
            pytest.fail(f"{solver} has another value for {primitive}: {wrong[:1]}")

    return check
