"""Kernels of macros give what their bodies give: run as plain Python here, and compiled in a slow test."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.lists import lists
from neurosynth_dsls.strings import strings
from neurosynth_dsls.turtle import turtle

from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.kernels.kinds import kind_of, symbol
from neurosynth.engine.kernels.macros import MacroText, macro_text, texts_of
from neurosynth.language.compile import compile_grammar
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.generalise import parse_body
from neurosynth.language.language import Language
from neurosynth.language.macros import macro
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.testing.kernels import filled_space
from neurosynth.values.types import INT, parse_type

ROOM = 24

LISTS = {
    "mirror": "(append x0 (reverse x0))",
    "map_add": "(map (lambda (a) (+ a x0)) x1)",
    "largest": "(last (sort x0))",
    "next": "(+ x0 1)",
    "square": "(* x0 (next x0))",
    "map_square": "(map (lambda (a) (square a)) (mirror x0))",
    "pick": "(if (> x0 2) (take x0 x1) (reverse x1))",
    "guarded": "(if (is_empty x0) 0 (head x0))",
    "cap": "(if (> x0 3) (next x0) (- 0 x0))",
    "numbers": "(append [1 2 3] (sort x0))",
    "second": "(head (tail x0))",
    "larger": "(count (lambda (a) (> a x0)) x1)",
    "first_of": "(take x0 (drop 1 x1))",
    "clamp": "(map (lambda (a) (if (> a x0) x0 (if (< a 0) (div 1 a) a))) x1)",
}
STRINGS = {
    "dashed": '(str.++ (str.++ x0 "-") x1)',
    "initial": "(str.at x0 0)",
    "after": '(str.substr x0 (+ 1 (str.indexof x0 " " 0)) (str.len x0))',
    "grown": '(str.len (str.++ x0 (str.replace x1 " " "")))',
    "either": '(ite (str.contains x0 "b") (str.replace x0 "b" x1) (str.++ x1 x0))',
}


def grown(base: Language, bodies: dict[str, str]) -> tuple[Language, list[Primitive]]:
    """The language with macros of these bodies, and the macros at lists of ints."""
    made: list[Primitive] = []
    for name, text in bodies.items():
        body, t = parse_body(text, base)
        made.append(macro(name, t, body))
        base = base.with_primitives(made[-1:])
    return base, [p.at({"a": INT, "b": INT}) for p in made]


GROWN_LISTS, LIST_MACROS = grown(lists, LISTS)
_, STRING_MACROS = grown(strings, STRINGS)


def text_of(primitive: Primitive) -> MacroText | None:
    return macro_text(primitive, "".join(map(kind_of, primitive.parameters)), kind_of(primitive.result))


def plain(text: MacroText) -> Callable[..., Any]:
    """The function of a macro's text, run as Python."""
    names: dict[str, Any] = {
        "np": np,
        "int64": int,
        "uint64": int,
        "UNDEFINED": UNDEFINED_WORD,
        "njit": lambda **_: lambda f: f,
        "overload": lambda stub: lambda f: None,
    }
    for one in texts_of([text]):
        for reference in one.references:
            module, name = reference.split(":")
            names[symbol(reference)] = getattr(importlib.import_module(module), name)
        exec(one.source, names)
    return names[text.name]  # type: ignore[no-any-return]


def by_kernel(primitive: Primitive, values: Sequence[Any]) -> Any:
    text = text_of(primitive)
    assert text is not None, primitive
    call: list[Any] = []
    out = np.zeros(ROOM, np.int32 if kind_of(primitive.result) == "c" else np.int64)
    if kind_of(primitive.result) in "ci":
        call.append(out)
    for value in values:
        if isinstance(value, str):
            call += [np.array([ord(c) for c in value], np.int32), 0, len(value)]
        elif isinstance(value, tuple):
            call += [np.array(value, np.int64), 0, len(value)]
        else:
            call.append(value)
    found = plain(text)(*call)
    if kind_of(primitive.result) == "w":
        return UNDEFINED if found == UNDEFINED_WORD else bool(found) if str(primitive.result) == "bool" else int(found)
    if found < 0:
        return UNDEFINED
    elements = out[:found].tolist()
    return "".join(map(chr, elements)) if kind_of(primitive.result) == "c" else tuple(elements)


def wanted(primitive: Primitive, values: Sequence[Any]) -> Any:
    return Evaluator(Budget(size=ROOM, bits=62)).run(primitive.macro, values)


VALUES = {
    "int": st.integers(-5, 9),
    "list int": st.lists(st.integers(-5, 9), max_size=8).map(tuple),
    "string": st.text("ab c", max_size=6),
}


@pytest.mark.parametrize("primitive", [*LIST_MACROS, *STRING_MACROS], ids=lambda p: p.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_macros_kernel_gives_what_its_body_gives(primitive: Primitive, data: st.DataObject) -> None:
    values = [data.draw(VALUES[str(t)]) for t in primitive.parameters]
    assert by_kernel(primitive, values) == wanted(primitive, values)


@pytest.mark.parametrize(("times", "turn"), [(1, 4), (5, 4), (7, 3), (0, 4), (4, 5)])
def test_a_function_of_known_points_is_handed_on_as_a_table(times: int, turn: int) -> None:
    """Without that, a learned loop sent every program of the language to Python objects: a twentieth of the candidates."""
    _, (around, spiral) = grown(
        turtle, {"around": "(loop x0 x1 done)", "spiral": "(around x0 (lambda (a) (forward a (left x1 done))))"}
    )
    points = tuple(range(1, 10))
    assert macro_text(around, "wt", "i", points) is not None
    assert macro_text(around, "wi", "i", points) is None  # a function is no sequence
    text = macro_text(spiral, "ww", "i", points)
    assert text is not None
    out = np.zeros(200, np.int64)
    length = plain(text)(out, times, turn)
    found = UNDEFINED if length < 0 else tuple(out[:length].tolist())
    assert found == Evaluator().run(spiral.macro, (times, turn))


def test_what_has_no_kernel_for_a_part_has_none() -> None:
    _, (nested, lists_in_lambdas) = grown(
        lists, {"nested": "(map (lambda (a) (length (take a x0))) x0)", "fn": "(map x0 (map x0 x1))"}
    )
    assert text_of(nested) is None
    assert text_of(lists_in_lambdas) is not None


def test_a_body_of_open_types_has_none() -> None:
    body, t = parse_body("(append x0 x0)", lists)
    assert text_of(macro("doubled", t, body)) is None


@pytest.mark.slow
@pytest.mark.parametrize("request_", ["list int -> list int", "int -> list int -> int"])
def test_compiled_and_objects_give_the_same_bank(request_: str) -> None:
    small = Language("small")
    for name in ("+", "-", "head", "tail", "take", "map", "filter", ">"):
        small.add(lists[name])
    for p in GROWN_LISTS.primitives.values():
        if p.macro is not None:
            small.add(p)
    for value in (0, 1, 2, -1):
        small.constant(value, "int")
    rng = random.Random(1)
    rows = [
        tuple(
            rng.randint(-3, 6) if part.strip() == "int" else tuple(rng.randint(-4, 9) for _ in range(rng.randint(0, 5)))
            for part in request_.split("->")[:-1]
        )
        for _ in range(4)
    ]
    filled_space(compile_grammar(small, parse_type(request_)), rows, rng, name="macros")
