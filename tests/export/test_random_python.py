"""Random programs over every primitive of a language, file-only operators included: exported code gives what the reference gives.

Python is run; SMT-LIB is computed by z3 and cvc5.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.export.python import PythonExporter
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.tasks.sygus_writer import define_fun
from neurosynth.tasks.task import Task, example
from neurosynth.values.registry import domain_of
from neurosynth.values.style import plain_style
from neurosynth.values.types import Arrow, Type, is_ground, parse_type, type_variables
from tests.dsl.conftest import cvc5_refutes, literal, z3_refutes

GROUND = {
    "bitvectors": ["bitvec 8", "bitvec 4", "bitvec 1", "bool", "int"],
    "strings": ["string", "int", "bool", "reglan"],
    "robustfill": ["string", "int", "case", "token", "place", "delimiter", "character", "regex"],
    "lists": ["int", "bool", "list int", "list bool"],
}
FAMILIES = {
    "bitvectors": ["extract 3 0", "extract 7 4", "extract 7 7", "zero_extend 4", "sign_extend 4", "rotate_left 3",
                   "rotate_right 11", "repeat 2", "int_to_bv 8", "int2bv 4", "zero_extend 0", "repeat 1"],
    "strings": ["re.^ 2", "re.loop 0 2", "re.loop 2 1"],
}  # fmt: skip
INPUTS = {
    "bitvectors": ["bitvec 8", "bitvec 4"],
    "strings": ["string", "int"],
    "robustfill": ["string"],
    "lists": ["list int", "int"],
}
BUDGET = Budget(steps=20_000, size=2_000, bits=62)


class Drawer:
    """Draws programs of a language."""

    def __init__(self, name: str, rng: random.Random) -> None:
        self.rng = rng
        self.language: Language = ns.load_language(name)
        self.inputs = tuple(Input(i, parse_type(t)) for i, t in enumerate(INPUTS[name]))
        types = [parse_type(t) for t in GROUND[name]]
        heads = [*self.language.primitives.values(), *(self.language[n] for n in FAMILIES.get(name, []))]
        self.by_type: dict[Type, list[Primitive]] = {t: [] for t in types}
        widths = [8, 4, 1]
        for head in heads:
            names = sorted(type_variables(head.type))
            for chosen in itertools.product(*([*types, *widths] for _ in names)):
                ground = self._at(head, dict(zip(names, chosen, strict=True)))
                if ground is not None and {*ground.parameters, ground.result} <= {*types}:
                    self.by_type[ground.result].append(ground)

    @staticmethod
    def _at(head: Primitive, bindings: dict[str, Any]) -> Primitive | None:
        if head.name.startswith("extract") and bindings["n"] not in range(int(head.name.split()[1]) + 1, 65):
            return None  # SMT-LIB has no such bits
        try:
            found = head.at(bindings)
            return found if is_ground(found.type) and not any(isinstance(t, Arrow) for t in found.parameters) else None
        except (ns.NeurosynthError, ValueError, TypeError, AttributeError):
            return None  # a width where a type belongs, or the other way round

    def program(self, t: Type, depth: int) -> Program:
        """A program of a type."""
        heads = self.by_type[t]
        inner = [p for p in heads if p.parameters]
        if depth and inner and self.rng.random() < 0.85:
            head = self.rng.choice(inner)
            return Apply(head, tuple(self.program(p, depth - 1) for p in head.parameters))
        own = [i for i in self.inputs if i.type == t]
        if own and self.rng.random() < 0.7:
            return self.rng.choice(own)
        nullary = [p for p in heads if not p.parameters]
        if nullary and self.rng.random() < 0.8:
            return Apply(self.rng.choice(nullary), ())
        return Constant(self.value(t), t)

    def value(self, t: Type) -> Any:
        """A value of a type."""
        return domain_of(t).sample(self.rng, plain_style(self.rng))


Check = Callable[[Drawer, Program, Sequence[tuple[tuple[Any, ...], Any]]], None]


def python(drawer: Drawer, program: Program, calls: Sequence[tuple[tuple[Any, ...], Any]]) -> None:
    """The exported function gives the same."""
    code = PythonExporter().export(
        program, Task([example(*calls[0][0], output=calls[0][1])], type=_type(drawer, program))
    )
    space: dict[str, Any] = {}
    exec(compile(code, "<exported>", "exec"), space)
    for values, wanted in calls:
        given = space["program"](*(domain_of(i.type).thaw(v) for i, v in zip(drawer.inputs, values, strict=True)))
        found = domain_of(program.type).freeze(given)
        assert (found, type(found)) == (wanted, type(wanted)), (
            f"{program} on {values}: {found!r}, not {wanted!r}\n{code}"
        )


def _type(drawer: Drawer, program: Program) -> Arrow:
    assert not isinstance(program.type, Arrow)
    return Arrow(tuple(i.type for i in drawer.inputs), program.type)


EQUAL = ("=", "distinct")
REGLAN = parse_type("reglan")


def solver(refutes: Callable[[str], bool]) -> Check:
    """What a solver computes by the exported ``define-fun``."""

    def check(drawer: Drawer, program: Program, calls: Sequence[tuple[tuple[Any, ...], Any]]) -> None:
        task = Task([example(*calls[0][0], output=calls[0][1])], type=_type(drawer, program))
        if any(isinstance(p, Constant) and p.type == REGLAN for p in program.subprograms()):
            with pytest.raises(ns.InputError, match="SMT-LIB has no literal for"):
                define_fun(program, task)
            return
        if any(
            isinstance(p, Apply) and p.primitive.name in EQUAL and p.arguments[0].type == REGLAN
            for p in program.subprograms()
        ):
            return  # two expressions that are written differently are different values here, whatever they match
        text = define_fun(program, task)
        equations = []
        for values, wanted in calls:
            given = " ".join(literal(v, i.type) for v, i in zip(values, drawer.inputs, strict=True))
            equations.append(f"(= (f {given}) {literal(wanted, program.type)})")
        assert refutes(f"{text} (assert (not (and true {' '.join(equations)})))"), f"{program}: {calls}\n{text}"

    return check


def run(name: str, count: int, check: Check, unknown: frozenset[str] = frozenset(), seed: int = 0) -> int:
    """So many random programs; how many calls were compared."""
    rng = random.Random(f"{name} {seed}")
    drawer = Drawer(name, rng)
    compared = 0
    results = [t for t in map(parse_type, GROUND[name]) if str(t) not in ("reglan", *GROUND["robustfill"][2:])]
    for _ in range(count):
        program = drawer.program(rng.choice(results), rng.randint(1, 4))
        used = {p.primitive.name for p in program.subprograms() if isinstance(p, Apply)}
        if used & unknown:
            continue
        rows = [tuple(drawer.value(i.type) for i in drawer.inputs) for _ in range(4)]
        function = Evaluator(BUDGET).function(program)
        calls = [(row, value) for row in rows if (value := function(row)) is not UNDEFINED]
        if calls:
            check(drawer, program, calls)
            compared += len(calls)
    return compared


@pytest.mark.parametrize("name", GROUND)
def test_python(name: str) -> None:
    assert run(name, 100, python) > 100


@pytest.mark.slow
@pytest.mark.parametrize("name", GROUND)
def test_much_python(name: str) -> None:
    assert run(name, 5000, python, seed=1) > 5000


Z3_LACKS = frozenset({"bvite", "str.rev", "str.to_lower", "str.to_upper", "str.update", "str.indexof_re"})
CVC5_LACKS = frozenset({"ext_rotate_left", "ext_rotate_right", "bvumul_noovfl", "bvsmul_noovfl", "bvsmul_noudfl"})


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["bitvectors", "strings"])
@pytest.mark.parametrize(("refutes", "lacks"), [(z3_refutes, Z3_LACKS), (cvc5_refutes, CVC5_LACKS)], ids=["z3", "cvc5"])
def test_smtlib(name: str, refutes: Callable[[str], bool], lacks: frozenset[str], count: int) -> None:
    from tests.dsl.rows.strings import BEYOND_SMTLIB

    assert run(name, count, solver(refutes), lacks | BEYOND_SMTLIB, seed=count) > count / 4
