"""Primitives: the typed functions of a language.

A primitive is declared once, as a Python function; see :meth:`neurosynth.Language.primitive`.
"""

from __future__ import annotations

import builtins
import collections.abc
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal, Protocol

from neurosynth.errors import InputError
from neurosynth.values.registry import annotated
from neurosynth.values.types import Arrow, Type, TypeVariable, list_of, substitute
from neurosynth.values.undefined import UNDEFINED, Undefined, UndefinedType

__all__ = ["UNDEFINED", "Primitive", "PythonCall", "Undefined", "UndefinedType", "type_of_function"]


Kernel = Callable[..., Any]
"""A function at the top level of an importable module: compiled loops import it by module and name."""


class PythonCall(Protocol):
    """The argument of a function in ``Primitive.python_call``: one application of the primitive, and what the module may need."""

    @property
    def arguments(self) -> Sequence[str]:
        """The arguments as Python expressions, in parentheses if necessary."""

    def constant(self, position: int) -> Any:
        """The value of an argument that is a constant.

        Raises:
            ExportError: if it is not a constant.
        """

    def is_constant(self, position: int) -> bool:
        """Whether an argument is a constant."""

    @property
    def programs(self) -> Sequence[Any]:
        """The arguments as programs."""

    @property
    def portable(self) -> bool:
        """Whether the expression must avoid what platforms do differently, because the usual one gave another value here."""

    @property
    def primitive(self) -> Primitive:
        """The primitive that is applied."""

    def literals(self, position: int) -> Sequence[str]:
        """The elements of an argument that is a constant list, as expressions."""

    def named(self, position: int) -> str:
        """An argument as a name, for expressions that use it more than once."""

    def bound(self, expression: str, t: Type) -> str:
        """A name for an expression of a type."""

    def function(self, position: int) -> tuple[str, str]:
        """Variable and body of an argument that is a lambda of one parameter."""

    def use(self, value: Any) -> str:
        """The name of a module, function or class, which is imported or defined on first use."""

    def imported(self, module: str, name: str) -> str:
        """The name of a constant of a module of the standard library."""

    def constant_named(self, name: str, value: Any) -> str:
        """The name of a constant at the top of the module."""

    def define(self, name: str, source: str) -> str:
        """The name of a function given by its source, where ``{name}`` represents it; the same source is defined once."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Primitive:
    """A typed function of a language.

    ``function`` is the reference semantics: it takes evaluated arguments (zero-argument callables when ``lazy``) and returns a value,
    or raises one of ``raises``, which makes the value undefined. Functional arguments are Python callables. For types with size
    variables (``bitvec n -> bitvec n``) it also takes each size by keyword (``n=64``); :meth:`at` fixes them.

    Two primitives are equal when their names, types and sizes are.
    """

    name: str
    type: Type
    function: Callable[..., Any]
    doc: str = ""
    cost: int = 1
    """Integer cost in enumeration; leaves cost one by default too."""
    raises: tuple[builtins.type[Exception], ...] = ()
    """What the function raises for arguments on which it is undefined; any other exception is a bug."""
    lazy: bool = False
    """Whether arguments are zero-argument callables, as for conditionals."""
    missing: Literal["", "passes", "gives", "seen"] = ""
    """The treatment of missing arguments (``None``): ``passes`` returns missing without calling the function; so does ``gives``, which
    may also return missing for other arguments; ``seen`` calls the function. Empty if the language has no missing values, which then
    cost nothing."""
    enumerated: bool = True
    """Whether enumeration uses it; False for primitives that only make sense with constants read from the examples (formats,
    tables)."""
    commutative: bool = False
    """Whether both arguments may be swapped: the search then tries each pair once."""
    size: Callable[..., int] | None = None
    """Length of the result (list elements, characters) from the arguments, computed before ``function`` runs."""
    inverse: tuple[Callable[..., Any] | None, ...] | None = None
    """For each argument: ``(output, *other arguments) -> iterable of the possible values of that argument`` (inverse semantics). For an
    argument that is a function: lists of required calls ``((a, b …), result)``. Any function that answers such a list (and is defined
    elsewhere) makes the output, and every function that makes it answers one of the lists.
    """
    kernel: Kernel | Literal["select"] | Mapping[str, Kernel] | None = None
    """A plain function that numba can compile and that computes the same on machine values; see ``docs/kernels.md``."""
    hash_kernel: Kernel | Literal["concat"] | tuple[Kernel, Kernel | None] | None = None
    """Length and hash of a sequence result from those of its arguments: "concat", a function, or a pair; see ``docs/kernels.md``."""
    slices: bool = False
    """Whether the kernel only cuts a piece out of its first sequence: it returns (start, length) and writes nothing."""
    inverse_kernels: tuple[Kernel | None, ...] | None = None
    """Compiled counterparts of ``inverse``, one for each argument."""
    python: str | None = None
    """Template of the exported Python expression (``"{0} + {1}"``); by default a call of the function's own source."""
    python_call: Callable[[PythonCall], str] | None = None
    """Writes the exported expression if a template is not enough: it knows which arguments are constants."""
    smtlib: str | None = None
    """Its SMT-LIB form, if that differs from ``name`` (``(_ extract 7 0)``)."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Size variables already fixed."""
    macro: Any = None
    """For a ``define-fun``: its body, a Program over one Input for each parameter."""
    forms: str = ""
    """A module whose ``FORMS`` have its form in other languages (SQL, pandas); see :mod:`neurosynth.export.expressions`."""
    origin: str = ""
    """File and line of the declaration, for messages."""

    @property
    def parameters(self) -> tuple[Type, ...]:
        """Types of the arguments."""
        return self.type.parameters if isinstance(self.type, Arrow) else ()

    @property
    def result(self) -> Type:
        """Type of the result."""
        return self.type.result if isinstance(self.type, Arrow) else self.type

    @property
    def arity(self) -> int:
        """Number of arguments."""
        return len(self.parameters)

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, int], ...]]:
        """The key of identity, order and hash."""
        return self.name, str(self.type), tuple(sorted(self.sizes.items()))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Primitive) and self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return f"{self.name} : {self.type}"

    def kernels(self) -> Iterator[tuple[str, Kernel | str]]:
        """The functions under ``kernel``, ``hash_kernel`` and ``inverse_kernels``, each with the option's name."""
        yield from (("kernel", k) for k in _each(self.kernel))
        yield from (("hash_kernel", k) for k in _each(self.hash_kernel))
        yield from (("inverse_kernels", k) for k in _each(self.inverse_kernels))

    @property
    def signature(self) -> str:
        """``take : int -> list a -> list a    "First n elements."``."""
        doc = self.doc.strip().split("\n", 1)[0]
        return f'{self}    "{doc}"' if doc else str(self)

    def at(self, bindings: Mapping[str, Type | int]) -> Primitive:
        """This primitive with type and size variables fixed."""
        sizes = {k: v for k, v in bindings.items() if isinstance(v, int)}
        if not bindings:
            return self
        function, inverse = self.function, self.inverse
        if sizes:
            function = partial(function, **sizes)
            inverse = inverse and tuple(f and partial(f, **sizes) for f in inverse)
        return replace(
            self,
            type=substitute(self.type, bindings),
            function=function,
            inverse=inverse,
            sizes={**self.sizes, **sizes},
            macro=self.macro and self.macro.at(bindings),
        )


def _each(given: Any) -> Iterator[Kernel | str]:
    several = given.values() if isinstance(given, Mapping) else given if isinstance(given, tuple) else (given,)
    return (k for k in several if k is not None)


def type_of_function(function: Callable[..., Any]) -> Type:
    """The type in a function's annotations: classes of values, ``list[...]``, ``Callable``, type variables.

    Raises:
        InputError: for a missing or foreign annotation, with the parameter's name.
    """
    hints = _hints(function)
    parameters = [p for p in inspect.signature(function).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    where = f"primitive {function.__name__}"
    for parameter in parameters:
        if parameter.name not in hints:
            raise InputError(
                f"{where}: parameter {parameter.name!r} has no type annotation; write e.g. {parameter.name}: int"
            )
    if "return" not in hints:
        raise InputError(f"{where}: the result has no type annotation; write e.g. -> int")
    types = tuple(_from_annotation(hints[p.name], f"{where}, parameter {p.name!r}") for p in parameters)
    result = _from_annotation(hints["return"], f"{where}, result")
    if not types:
        return result
    if isinstance(result, Arrow):
        return Arrow((*types, *result.parameters), result.result)
    return Arrow(types, result)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """``typing.get_type_hints`` compiles the text of each annotation, a third of the time of importing a language."""
    simple: dict[Any, Any] = {"int": int, "bool": bool, "str": str}
    written = getattr(function, "__annotations__", {})
    if all(isinstance(text, str) and text in simple for text in written.values()):
        return {name: simple[text] for name, text in written.items()}
    return typing.get_type_hints(function, include_extras=True)


def _from_annotation(hint: Any, where: str) -> Type:
    simple = annotated(hint)
    if simple is not None:
        return simple
    if isinstance(hint, typing.TypeVar):
        return TypeVariable(hint.__name__.lower())
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _from_annotation(arguments[0], where)
    if origin in (list, collections.abc.Sequence, tuple) and arguments:
        return list_of(_from_annotation(arguments[0], where))
    if origin is collections.abc.Callable:
        result = _from_annotation(arguments[1], where)
        assert not isinstance(result, Arrow)
        return Arrow(tuple(_from_annotation(a, where) for a in arguments[0]), result)
    raise InputError(
        f"{where}: {hint!r} is not a type of programs; allowed: int, bool, str, Decimal, date, time, datetime, timedelta, "
        "a class that a type of the language has, list[...], Callable[[...], ...], a TypeVar, "
        "or pass type='int -> list a' to the decorator"
    )
