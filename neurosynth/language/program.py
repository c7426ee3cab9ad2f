"""Programs: immutable typed trees.

Five kinds of node, all final: :class:`Input` (``x0``), :class:`Variable` (bound by a lambda, de Bruijn index),
:class:`Constant`, :class:`Apply` and :class:`Lambda`.  Equality, hash and order are structural: ``a < b`` compares
size, then tokens, so that sorted programs are in the order a person would read them, and types where all tokens agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, total_ordering
from itertools import count, islice
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.primitive import Primitive
from neurosynth.values.frozen import freeze
from neurosynth.values.registry import domain_of, read_word
from neurosynth.values.types import Arrow, Type, substitute, unify

__all__ = ["Apply", "Constant", "Input", "Lambda", "Program", "Variable", "literal"]


@total_ordering
class Program:
    """Base of the five kinds of nodes; never instantiated itself."""

    __slots__ = ()
    type: Type

    @property
    def children(self) -> tuple[Program, ...]:
        """Direct subprograms."""
        return ()

    @property
    def size(self) -> int:
        """Number of nodes."""
        return 1 + sum(child.size for child in self.children)

    @property
    def depth(self) -> int:
        """Length of the longest path; a leaf has 1."""
        return 1 + max((child.depth for child in self.children), default=0)

    def tokens(self) -> Iterator[str]:
        """Tokens in prefix order: the words of the text without parentheses."""
        yield self.head
        for child in self.children:
            yield from child.tokens()

    @property
    def head(self) -> str:
        """The node's own token."""
        raise AssertionError("abstract")

    def subprograms(self) -> Iterator[Program]:
        """This node and all below it, in prefix order."""
        yield self
        for child in self.children:
            yield from child.subprograms()

    def at(self, bindings: Mapping[str, Type | int]) -> Program:
        """This program with type variables of its nodes fixed."""
        if not bindings:
            return self
        match self:
            case Lambda(parameters, body):
                return Lambda(tuple(substitute(t, bindings) for t in parameters), body.at(bindings))
            case Apply(primitive, arguments):
                return Apply(primitive, tuple(a.at(bindings) for a in arguments), substitute(self.type, bindings))
            case Input() | Variable() | Constant():
                return replace(self, type=substitute(self.type, bindings))
        raise AssertionError(self)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Program):
            return NotImplemented
        mine, theirs = (self.size, _order_tokens(self)), (other.size, _order_tokens(other))
        return mine < theirs if mine != theirs else _order_types(self) < _order_types(other)

    def __str__(self) -> str:
        return to_text(self)

    def __call__(self, *inputs: Any) -> Any:
        """Run on inputs; see :func:`neurosynth.evaluate`."""
        from neurosynth.language.evaluate import evaluate

        return evaluate(self, inputs)


@dataclass(frozen=True, slots=True, eq=True)
class Input(Program):
    """The ``index``-th input of the task. ``name``, its name in text (``x0`` by default), is not compared."""

    index: int
    type: Type
    name: str = field(default="", compare=False)

    @property
    def head(self) -> str:
        return symbol(self.name) if self.name else f"x{self.index}"


@dataclass(frozen=True, slots=True, eq=True)
class Variable(Program):
    """A lambda's parameter: 0 is the last one bound by the innermost lambda (de Bruijn)."""

    index: int
    type: Type

    @property
    def head(self) -> str:
        return f"${self.index}"


@dataclass(frozen=True, slots=True)
class Constant(Program):
    """A literal value of a ground type.  Lists are stored as tuples."""

    value: Any
    type: Type

    def __post_init__(self) -> None:
        if isinstance(self.value, list):
            object.__setattr__(self, "value", freeze(self.value))

    @property
    def head(self) -> str:
        return literal(self.value, self.type)


@lru_cache(maxsize=8192)  # searches build the same calls many thousand times, and matching types is most of it
def _result(primitive: Primitive, types: tuple[Type, ...]) -> Type | None:
    """The type of a primitive's result for arguments of these types; None if one does not fit."""
    bindings: dict[str, Type | int] = {}
    if all(unify(p, t, bindings) for p, t in zip(primitive.parameters, types, strict=True)):
        return substitute(primitive.result, bindings)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Apply(Program):
    """A primitive applied to all its arguments; the result type follows by unification.

    Raises:
        InputError: for a wrong number or type of arguments.
    """

    primitive: Primitive
    arguments: tuple[Program, ...]
    type: Type = field(default=None)  # type: ignore[assignment]  # filled below when not given
    _size: int = field(default=0, repr=False)
    _hash: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        if self.type is None:
            object.__setattr__(self, "type", self._infer())
        object.__setattr__(self, "_size", 1 + sum(a.size for a in self.arguments))
        object.__setattr__(self, "_hash", hash((self.primitive.name, self.arguments)))

    def _infer(self) -> Type:
        parameters = self.primitive.parameters
        if len(parameters) != len(self.arguments):
            raise InputError(f"{self.primitive} takes {len(parameters)} arguments, not {len(self.arguments)}")
        result = _result(self.primitive, tuple(a.type for a in self.arguments))
        if result is not None:
            return result
        bindings: dict[str, Type | int] = {}
        for i, (parameter, argument) in enumerate(zip(parameters, self.arguments, strict=True)):
            if not unify(parameter, argument.type, bindings):
                raise InputError(
                    f"argument {i + 1} of {self.primitive.name} is {substitute(parameter, bindings)}; "
                    f"{argument} is {argument.type}"
                )
        raise AssertionError(self.primitive)  # all arguments fit, and there was no result

    @property
    def children(self) -> tuple[Program, ...]:
        return self.arguments

    @property
    def size(self) -> int:
        return self._size

    @property
    def head(self) -> str:
        return self.primitive.name

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Apply)
            and self._hash == other._hash
            and self.primitive.name == other.primitive.name  # its instance follows from the types of the nodes
            and self.arguments == other.arguments
            and self.type == other.type
        )

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True, eq=True)
class Lambda(Program):
    """A function value; binds ``len(parameters)`` variables in ``body``."""

    parameters: tuple[Type, ...]
    body: Program

    @property
    def type(self) -> Type:  # type: ignore[override]  # derived, where the base has a field
        assert not isinstance(self.body.type, Arrow)
        return Arrow(self.parameters, self.body.type)

    @property
    def children(self) -> tuple[Program, ...]:
        return (self.body,)

    @property
    def head(self) -> str:
        return "lambda" if len(self.parameters) == 1 else f"lambda{len(self.parameters)}"


def literal(value: Any, t: Type) -> str:
    """The text of a value of a ground type in programs: ``-3``, ``true``, ``"a\\n"``, ``#x00ff``, ``[1 2]``."""
    return domain_of(t).literal(value)


_SYMBOL = re.compile(r'[^\s()\[\]"|;]+')
_RESERVED = re.compile(r"#.*|\$\d+|lambda\d*")


def symbol(name: str) -> str:
    """The form of a name in program text: the name itself, or between bars (``|First name|``) if it would not parse back."""
    if _SYMBOL.fullmatch(name) and not _RESERVED.fullmatch(name) and not _is_literal(name):
        return name
    return "|" + name.replace("\\", "\\\\").replace("|", "\\|") + "|"


def _is_literal(name: str) -> bool:
    try:
        return read_word(name) is not None
    except ValueError:  # it looks like a literal
        return True


def to_text(program: Program) -> str:
    """The s-expression of a program: ``(map (lambda (a) (+ a 1)) x0)``.

    Lambda parameters are named a, b, c … by depth; names of the program's inputs and of primitives without arguments are skipped.
    """
    taken = {p.head for p in program.subprograms() if isinstance(p, (Input, Apply)) and not p.children}
    return _text(program, (), frozenset(taken))


def variable_name(level: int) -> str:
    """Name of the parameter bound at ``level`` (0 the outermost): a … w, then a1 …"""
    letters = "abcdefghijklmnopqrstuvw"
    return letters[level % 23] + (str(level // 23) if level >= 23 else "")


def _text(p: Program, scope: tuple[str, ...], taken: frozenset[str]) -> str:
    match p:
        case Variable(index):
            return scope[-1 - index] if index < len(scope) else f"${index}"
        case Lambda(parameters, body):
            free = (n for n in map(variable_name, count()) if n not in taken and n not in scope)
            names = tuple(islice(free, len(parameters)))
            return f"(lambda ({' '.join(names)}) {_text(body, scope + names, taken)})"
        case Apply(primitive, arguments) if arguments or " " in primitive.name:
            return f"({' '.join([primitive.name, *(_text(a, scope, taken) for a in arguments)])})"
        case _:
            return p.head


def _order_tokens(program: Program) -> tuple[str, ...]:
    """Tokens with inputs by index: their names are not compared, so the order must not depend on them."""
    return tuple(f"x{p.index}" if isinstance(p, Input) else p.head for p in program.subprograms())


def _order_types(program: Program) -> tuple[str, ...]:
    """What equality compares in addition to the tokens."""
    return tuple(f"{type(p).__name__} {p.type}" for p in program.subprograms())
