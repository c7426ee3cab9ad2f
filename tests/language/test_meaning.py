"""Fingerprints of meaning: the same for the same function however it is written, another for another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.meaning import meaning
from neurosynth.language.primitive import Primitive
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import parse_type


def primitive(type_: str, function: Callable[..., Any], **more: Any) -> Primitive:
    return Primitive(name="p", type=parse_type(type_), function=function, **more)


@pytest.mark.parametrize(
    ("type_", "one", "same", "other"),
    [
        ("int -> int", lambda n: n + n, lambda n: 2 * n, lambda n: 2 * n + 1),
        ("int -> int -> int", max, lambda a, b: a if a > b else b, min),
        ("string -> string", str.upper, lambda s: s.upper(), str.lower),
        ("list a -> list a", lambda xs: xs[::-1], lambda xs: tuple(reversed(xs)), lambda xs: xs),
        ("(a -> b) -> list a -> list b", lambda f, xs: [f(x) for x in xs], lambda f, xs: list(map(f, xs)),
         lambda f, xs: [f(x) for x in xs[1:]]),
        ("bitvec n -> bitvec n", lambda v, n: ~v % (1 << n), lambda v, n: (1 << n) - 1 - v, lambda v, n: v),
        ("int", lambda: 3, lambda: 1 + 2, lambda: 4),
        ("bool -> bool -> bool", lambda a, b: a and b, lambda a, b: not (not a or not b), lambda a, b: a or b),
    ],
)  # fmt: skip
def test_it_goes_by_what_is_done_and_not_by_how(type_: str, one: Any, same: Any, other: Any) -> None:
    assert meaning(primitive(type_, one)) == meaning(primitive(type_, same))
    assert meaning(primitive(type_, one)) != meaning(primitive(type_, other))


def test_undefined_is_a_result() -> None:
    defined = primitive("int -> int", lambda n: n)
    partial = primitive("int -> int", lambda n: {0: 0, 1: 1, 2: 2, 3: 3, 5: 5}[n], raises=(KeyError,))
    assert meaning(defined) != meaning(partial)


def test_lazy_arguments_are_asked_for() -> None:
    lazy = primitive("bool -> a -> a -> a", lambda c, a, b: a() if c() else b(), lazy=True)
    assert meaning(lazy) == meaning(primitive("bool -> a -> a -> a", lambda c, a, b: a if c else b))


def test_of_an_unknown_type_nothing_is_known() -> None:
    lists = load_language("lists")
    from neurosynth.values.types import Arrow, TypeConstructor

    colour = TypeConstructor("colour")
    assert meaning(replace(lists["head"], type=Arrow((colour,), colour))) == ""


def test_a_macro_is_its_body_and_what_that_uses() -> None:
    def language(step: int) -> Language:
        made = Language("m")
        made.primitive(name="inc", type="int -> int")(lambda n: n + step)
        return made

    def macro(text: str, step: int = 1) -> Primitive:
        body = parse_program(text, language(step), request="int -> int")
        return primitive("int -> int", lambda n: n, macro=body)

    assert meaning(macro("(inc (inc x0))")) == meaning(macro("(inc (inc x0))"))
    assert meaning(macro("(inc (inc x0))")) != meaning(macro("(inc x0)"))
    assert meaning(macro("(inc x0)")) != meaning(macro("(inc x0)", step=2))
    one, two = (Language("l") for _ in "ab")
    one.add(macro("(inc x0)"))
    two.add(macro("(inc (inc x0))"))
    assert one.fingerprint != two.fingerprint


@pytest.mark.parametrize("name", ["lists", "strings", "bitvectors", "robustfill", "towers", "lists-little"])
def test_every_shipped_primitive_has_one(name: str) -> None:
    primitives = load_language(name).primitives.values()
    found = {p.name: meaning(p) for p in primitives}
    assert all(found.values())
    assert found == {p.name: meaning(p) for p in primitives}
