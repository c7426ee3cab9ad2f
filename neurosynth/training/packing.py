"""Programs as flat tuples that can be pickled, and back without type inference. Primitives contain functions, which in general cannot
be sent to other processes; both ends have the language.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.types import Type, parse_type, unify

__all__ = ["Packed", "pack", "unpack"]

Packed = tuple[tuple[Any, ...], ...]
"""Nodes in prefix order: kind, type as text, and further data of the kind."""


def pack(program: Program) -> Packed:
    """The nodes of a program."""
    return tuple(map(_node, program.subprograms()))


def _node(p: Program) -> tuple[Any, ...]:
    match p:
        case Input(index, t, name):
            return "input", str(t), index, name
        case Variable(index, t):
            return "variable", str(t), index
        case Constant(value, t):
            return "constant", str(t), value
        case Lambda(parameters):
            return "lambda", "", tuple(map(str, parameters))
        case Apply(primitive):
            return "apply", str(p.type), primitive.name, str(primitive.type)
    raise AssertionError(p)


def unpack(nodes: Packed, language: Language) -> Program:
    """The program of :func:`pack`.

    Raises:
        UnknownNameError: if the language lacks one of its primitives.
    """
    program, end = _unpack(nodes, 0, language)
    assert end == len(nodes)
    return program


def _unpack(nodes: Packed, at: int, language: Language) -> tuple[Program, int]:
    kind, text, first, *rest = nodes[at]
    if kind == "lambda":
        body, end = _unpack(nodes, at + 1, language)
        return Lambda(tuple(map(parse_type, first)), body), end
    t = parse_type(text)
    if kind == "apply":
        primitive = _instance(language, first, parse_type(rest[0]))
        arguments, end = [], at + 1
        for _ in range(primitive.arity):
            argument, end = _unpack(nodes, end, language)
            arguments.append(argument)
        return Apply(primitive, tuple(arguments), t), end
    match kind:
        case "input":
            return Input(first, t, *rest), at + 1
        case "variable":
            return Variable(first, t), at + 1
    return Constant(first, t), at + 1


@lru_cache(maxsize=4096)
def _instance(language: Language, name: str, t: Type) -> Primitive:
    """The primitive of that name, at the type of its use."""
    primitive = language[name]
    bindings: dict[str, Type | int] = {}
    unify(primitive.type, t, bindings)
    return primitive.at(bindings)
