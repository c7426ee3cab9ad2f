"""Types of values and programs, and their one printed form.

A type is a constructor applied to arguments (``int``, ``list int``, ``bitvec 64``), a type variable (``a``) or an arrow
(``int -> list a -> list a``).  Arrows are curried in print and n-ary in use: ``Arrow((INT, LIST_A), LIST_A)``.
``parse_type(str(t)) == t`` for every type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from neurosynth.errors import InputError, TypeSyntaxError, nearest

__all__ = [
    "BOOL",
    "INT",
    "STRING",
    "Arrow",
    "Size",
    "Type",
    "TypeConstructor",
    "TypeVariable",
    "bitvec",
    "declare",
    "declared",
    "is_ground",
    "list_of",
    "names_type",
    "parse_type",
    "substitute",
    "type_variables",
    "unify",
]


@dataclass(frozen=True, slots=True)
class Size:
    """The width of a bit-vector type: a number, or a sum of variables and numbers (``n``, ``n+m``, ``n+4``)."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def value(self) -> int | None:
        """The number, if it is one."""
        return int(self.text) if self.text.isdigit() else None

    def bind(self, sizes: Mapping[str, int]) -> Size:
        """Replace the variables; a sum whose parts are all known becomes a number."""
        parts = [str(sizes.get(part, part)) for part in self.text.split("+")]
        if all(part.isdigit() for part in parts):
            return Size(str(sum(int(part) for part in parts)))
        return Size("+".join(parts))


@dataclass(frozen=True, slots=True)
class TypeConstructor:
    """A named type: ``int``, ``date``, ``list`` of one type, ``bitvec`` of one size, or a type that a language declares."""

    name: str
    arguments: tuple[TypeConstructor | TypeVariable | Arrow | Size, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.name, *(_atom(a) for a in self.arguments)])


@dataclass(frozen=True, slots=True)
class TypeVariable:
    """Represents any type; the same letter is the same type throughout one signature."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Arrow:
    """A function type, n-ary: parameters and result."""

    parameters: tuple[TypeConstructor | TypeVariable | Arrow, ...]
    result: TypeConstructor | TypeVariable

    def __str__(self) -> str:
        parameters = (f"({p})" if isinstance(p, Arrow) else str(p) for p in self.parameters)
        return " -> ".join([*parameters, str(self.result)])


Type = TypeConstructor | TypeVariable | Arrow

INT = TypeConstructor("int")
BOOL = TypeConstructor("bool")
STRING = TypeConstructor("string")

_PARAMETERS = {
    **dict.fromkeys(("int", "bool", "string", "decimal", "date", "time", "datetime", "duration"), ""),
    "list": "type",
    "bitvec": "size",
}
"""What follows each known type name: nothing, ``type`` or ``size``."""


def declare(name: str, parameter: str = "") -> None:
    """Register a type name with :func:`parse_type`, and what follows it: nothing, a ``"type"`` or a ``"size"``.

    Raises:
        InputError: for a name that cannot occur in the text of a type.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]+", name) or _VARIABLE.fullmatch(name):
        raise InputError(
            f"{name!r} cannot name a type; allowed: two or more letters, digits and underscores, a letter first "
            "(one letter, or one and a digit, is a type variable)"
        )
    _PARAMETERS[name] = parameter


def names_type(name: str) -> bool:
    """Whether a word alone is a type: ``int``, not ``list``."""
    return _PARAMETERS.get(name) == ""


def declared() -> tuple[str, ...]:
    """All known type names, sorted."""
    return tuple(sorted(_PARAMETERS))


def list_of(element: Type) -> TypeConstructor:
    """``list element``."""
    return TypeConstructor("list", (element,))


def bitvec(width: int | str) -> TypeConstructor:
    """``bitvec width``; a string names a size variable or a sum (``"n"``, ``"n+m"``)."""
    return TypeConstructor("bitvec", (Size(str(width)),))


def _atom(t: Type | Size) -> str:
    if isinstance(t, (Size, TypeVariable)) or (isinstance(t, TypeConstructor) and not t.arguments):
        return str(t)
    return f"({t})"


_VARIABLE = re.compile(r"[a-z]\d?")
_TOKEN = re.compile(r"\s*(->|[()]|[A-Za-z_][A-Za-z0-9_]*(?:\+[A-Za-z0-9_]+)*|\d+)")


MAX_NESTING = 60
"""Maximum depth of types inside types in a text."""


@lru_cache(maxsize=4096)
def parse_type(text: str) -> Type:
    """Read a type back from its printed form.

    Raises:
        TypeSyntaxError: with the column, what was expected there and the nearest known name.
    """
    tokens: list[tuple[str, int]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise TypeSyntaxError(text, position + 1, "a type name, a type variable, '->' or a parenthesis")
        tokens.append((match.group(1), match.start(1)))
        position = match.end()
    reader = _TypeReader(text, tokens)
    result = reader.arrow()
    reader.expect_end()
    return result


class _TypeReader:
    def __init__(self, text: str, tokens: list[tuple[str, int]]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0
        self.depth = 0

    def peek(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def fail(self, allowed: str) -> TypeSyntaxError:
        column = self.tokens[self.at][1] + 1 if self.at < len(self.tokens) else len(self.text) + 1
        return TypeSyntaxError(self.text, column, allowed)

    def expect_end(self) -> None:
        if self.peek() is not None:
            raise self.fail("'->' or the end")

    def arrow(self) -> Type:
        parts = [self.application()]
        while self.peek() == "->":
            self.at += 1
            parts.append(self.application())
        if len(parts) == 1:
            return parts[0]
        *parameters, result = parts
        if isinstance(result, Arrow):
            return Arrow((*parameters, *result.parameters), result.result)
        return Arrow(tuple(parameters), result)

    def application(self) -> Type:
        if self.depth > MAX_NESTING:
            raise self.fail(f"a type of at most {MAX_NESTING} levels")
        token = self.peek()
        if token is None or token == "->" or token == ")":
            raise self.fail("a type")
        if token == "(":
            return self.parenthesised()
        if token in _PARAMETERS:
            self.at += 1
            parameter = _PARAMETERS[token]
            self.depth += 1
            made = TypeConstructor(token, (self.argument(parameter),) if parameter else ())
            self.depth -= 1
            return made
        if _VARIABLE.fullmatch(token):
            self.at += 1
            return TypeVariable(token)
        raise self.fail(f"one of {', '.join(declared())}, or a one-letter type variable{nearest(token, _PARAMETERS)}")

    def argument(self, parameter: str) -> Type | Size:
        token = self.peek()
        if parameter == "size":
            if token is None or not re.fullmatch(r"[a-z0-9+]+", token):
                raise self.fail("a width")
            if re.search(r"[0-9]{10}", token):
                raise self.fail("a width of at most 9 digits")
            self.at += 1
            return Size(token)
        if token == "(":
            return self.parenthesised()
        return self.application()

    def parenthesised(self) -> Type:
        self.at += 1
        self.depth += 1
        inner = self.arrow()
        self.depth -= 1
        if self.peek() != ")":
            raise self.fail("')'")
        self.at += 1
        return inner


def type_variables(t: Type | Size) -> Iterator[str]:
    """Names of the type and size variables in ``t``, each once, in order of appearance."""
    seen: set[str] = set()
    for name in _variables(t):
        if name not in seen:
            seen.add(name)
            yield name


def _variables(t: Type | Size) -> Iterator[str]:
    match t:
        case TypeVariable(name):
            yield name
        case Size(text):
            yield from (part for part in text.split("+") if not part.isdigit())
        case TypeConstructor(_, arguments):
            for argument in arguments:
                yield from _variables(argument)
        case Arrow(parameters, result):
            for parameter in parameters:
                yield from _variables(parameter)
            yield from _variables(result)


def is_ground(t: Type | Size) -> bool:
    """Whether ``t`` has no variables."""
    return next(_variables(t), None) is None


def substitute(t: Type, bindings: Mapping[str, Type | int]) -> Type:
    """Replace variables: types for type variables, numbers for size variables."""
    match t:
        case TypeVariable(name):
            bound = bindings.get(name, t)
            return t if isinstance(bound, int) else bound
        case TypeConstructor(name, arguments):
            sizes = {k: v for k, v in bindings.items() if isinstance(v, int)}
            return TypeConstructor(
                name, tuple(a.bind(sizes) if isinstance(a, Size) else substitute(a, bindings) for a in arguments)
            )
        case Arrow(parameters, result):
            new_result = substitute(result, bindings)
            new_parameters = tuple(substitute(p, bindings) for p in parameters)
            if isinstance(new_result, Arrow):
                return Arrow((*new_parameters, *new_result.parameters), new_result.result)
            return Arrow(new_parameters, new_result)
    raise AssertionError(t)


def unify(pattern: Type | Size, target: Type | Size, bindings: dict[str, Type | int]) -> bool:
    """Match ``pattern`` against the ground ``target``, extending ``bindings`` in place.

    One-way: variables of ``target`` are constants.  A sum of sizes is checked only once its variables are bound.
    """
    match pattern, target:
        case TypeVariable(name), _ if not isinstance(target, Size):
            if name in bindings:
                return bindings[name] == target
            bindings[name] = target
            return True
        case Size(), Size():
            bound = pattern.bind({k: v for k, v in bindings.items() if isinstance(v, int)})
            if bound.value is not None:
                return bound == target
            if bound.text.isidentifier() and target.value is not None:
                bindings[bound.text] = target.value
                return True
            return False
        case TypeConstructor(name, arguments), TypeConstructor(other, others):
            return (
                name == other
                and len(arguments) == len(others)
                and all(unify(a, b, bindings) for a, b in zip(arguments, others, strict=True))
            )
        case Arrow(parameters, result), Arrow(others, other_result):
            return (
                len(parameters) == len(others)
                and all(unify(a, b, bindings) for a, b in zip(parameters, others, strict=True))
                and unify(result, other_result, bindings)
            )
    return False
