"""Exported Python is undefined exactly where the reference is: whatever Python would not compute, it computes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.export.base import ExportError
from neurosynth.export.json import inputs_of
from neurosynth.export.laziness import may_be_undefined
from neurosynth.export.python import PythonExporter
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Undefined
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.synthesize import load_language
from neurosynth.values.frozen import freeze, thaw, typed_key
from neurosynth.values.types import parse_type
from tests.strategies import programs, values

CASES = [
    # language, program, request, inputs, what the reference gives
    ("lists", "(or true (even (head x0)))", "list int -> bool", ([],), UNDEFINED),
    ("lists", "(and false (even (head x0)))", "list int -> bool", ([],), UNDEFINED),
    ("lists", "(or true (even (head x0)))", "list int -> bool", ([1],), True),
    ("lists", "(and false (even (head x0)))", "list int -> bool", ([1],), False),
    ("lists", "(or (even (head x0)) true)", "list int -> bool", ([],), UNDEFINED),
    ("lists", "(not (or (is_empty x0) (> (last x0) 1)))", "list int -> bool", ([],), UNDEFINED),
    ("lists", "(or (is_empty x0) (> (maximum x0) 1))", "list int -> bool", ([],), UNDEFINED),
    ("lists", "(and (> (length x0) 0) (> (minimum x0) 1))", "list int -> bool", ([],), UNDEFINED),
    ("lists", "(or (= x0 0) (= 1 (div 6 x0)))", "int -> bool", (0,), UNDEFINED),
    ("lists", "(or (= x0 0) (= 1 (mod 6 x0)))", "int -> bool", (0,), UNDEFINED),
    ("lists", "(if (is_empty x0) 0 (head x0))", "list int -> int", ([],), 0),
    ("lists", "(if (> x0 0) (div 6 x0) 1)", "int -> int", (0,), 1),
    ("lists", "(filter (lambda (a) (or true (= 1 (div a 0)))) x0)", "list int -> list int", ([1],), UNDEFINED),
    ("lists", "(filter (lambda (a) (and false (= 1 (div a 0)))) x0)", "list int -> list int", ([],), []),
    ("lists", "(if (or true (even (head x0))) 1 2)", "list int -> int", ([],), UNDEFINED),
]


def exported(program: Program) -> Any:
    """The function that exported code defines."""
    space: dict[str, Any] = {}
    exec(PythonExporter().export(program), space)
    return space["program"]


@pytest.mark.parametrize(("language", "text", "request_", "inputs", "wanted"), CASES, ids=[c[1] for c in CASES])
def test_what_python_would_skip(language: str, text: str, request_: str, inputs: tuple[Any, ...], wanted: Any) -> None:
    program = parse_program(text, load_language(language), request=request_)
    assert Evaluator().run(program, freeze(inputs)) == (freeze(wanted) if wanted is not UNDEFINED else UNDEFINED)
    function = exported(program)
    if wanted is UNDEFINED:
        with pytest.raises((IndexError, ValueError, ZeroDivisionError)):
            function(*inputs)
    else:
        assert function(*inputs) == wanted


def test_what_cannot_be_undefined_stays_readable() -> None:
    program = parse_program("(and (> x0 1) (or (< x0 5) (even x0)))", load_language("lists"), request="int -> bool")
    assert "return x0 > 1 and (x0 < 5 or x0 % 2 == 0)" in PythonExporter().export(program)


DECLARED = (IndexError, ValueError, ZeroDivisionError, KeyError, OverflowError)
"""What primitives of the shipped languages declare."""

REQUESTS = {
    "lists": ["list int -> bool", "list int -> int", "int -> bool", "list int -> list int"],
    "strings": ["string -> bool", "string -> string", "string -> int"],
}


@pytest.mark.parametrize(("name", "request_"), [(n, r) for n, rs in REQUESTS.items() for r in rs])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_undefined_exactly_where_the_reference_is(name: str, request_: str, data: st.DataObject) -> None:
    language: Language = load_language(name)
    t = parse_type(request_)
    program = data.draw(programs(language, t))
    inputs = tuple(data.draw(values(p)) for p in t.parameters)  # type: ignore[union-attr]
    given_ = [thaw(freeze(inputs[i.index])) for i in inputs_of(program)]
    budget = Budget(steps=10_000, size=10_000, bits=2_000)
    evaluator = Evaluator(budget)
    closure = evaluator.closure(program)
    evaluator.reset()
    try:
        wanted = closure(freeze(inputs), ())
    except Undefined as error:
        if "budget" in str(error):
            return  # exported code has none
        wanted = UNDEFINED
    try:
        function = exported(program)
    except ExportError:
        return
    if wanted is UNDEFINED:
        assert may_be_undefined(program)
        with pytest.raises(DECLARED):
            function(*given_)
        return
    found = function(*given_)
    assert typed_key(freeze(found)) == typed_key(wanted)
