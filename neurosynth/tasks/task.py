"""A task: examples of what a program should do, and what is known about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neurosynth.errors import InputError
from neurosynth.language.evaluate import freeze, thaw
from neurosynth.language.program import Constant, Input
from neurosynth.language.types import BOOL, INT, STRING, Arrow, Type, TypeConstructor, TypeVariable, list_of, parse_type

if TYPE_CHECKING:
    from neurosynth.language.grammar import Grammar

__all__ = ["Example", "Task", "example", "type_of_values"]


@dataclass(frozen=True, slots=True)
class Example:
    """Inputs and the output wanted for them.  Lists are kept as tuples."""

    inputs: tuple[Any, ...]
    output: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", tuple(freeze(v) for v in self.inputs))
        object.__setattr__(self, "output", freeze(self.output))

    def __str__(self) -> str:
        return f"{', '.join(_show(v) for v in self.inputs)} → {_show(self.output)}"


def _show(value: Any) -> str:
    import json

    return json.dumps(thaw(value), ensure_ascii=False)


def example(*inputs: Any, output: Any) -> Example:
    """``example([1, 2], 3, output=6)``: one input-output example."""
    return Example(inputs, output)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Examples, and where known the language, the type, constants, names of the inputs, held-out examples, a grammar.

    Raises:
        InputError: for no examples, a different number of inputs among examples, two examples that contradict (both are
            named), values that have no type or not the stated one.
    """

    examples: Sequence[Example]
    name: str = "task"
    language: str | None = field(default=None, kw_only=True)
    type: Type | None = field(default=None, kw_only=True)
    """The request type, ``int -> list int -> int``; read off the examples when not given."""
    constants: Sequence[Constant] = field(default=(), kw_only=True)
    """Constants the task brings along, beyond the language's own."""
    input_names: Sequence[str] = field(default=(), kw_only=True)
    test_examples: Sequence[Example] = field(default=(), kw_only=True)
    """Examples held out: never shown to a search, used to score."""
    grammar: Grammar | None = field(default=None, kw_only=True)
    """The space of programs, when the task brings its own (SyGuS)."""
    extra: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    """Fields of the file that mean nothing here, kept."""

    def __post_init__(self) -> None:
        if not self.examples:
            raise InputError(f"task {self.name!r} has no examples; at least one is needed")
        object.__setattr__(self, "examples", tuple(self.examples))
        object.__setattr__(self, "test_examples", tuple(self.test_examples))
        object.__setattr__(self, "constants", tuple(self.constants))
        object.__setattr__(self, "input_names", tuple(self.input_names))
        self._check_examples()
        if self.type is None:
            object.__setattr__(self, "type", self._infer_type())
        else:
            if isinstance(self.type, str):
                object.__setattr__(self, "type", parse_type(self.type))
            self._check_types()

    def _check_examples(self) -> None:
        arity = len(self.examples[0].inputs)
        seen: dict[tuple[Any, ...], tuple[int, Example]] = {}
        for i, e in enumerate(self.examples, 1):
            if len(e.inputs) != arity:
                raise InputError(
                    f"task {self.name!r}: example {i} has {len(e.inputs)} inputs, example 1 has {arity}; all need the same number"
                )
            key = typed_key(e.inputs)
            first = seen.setdefault(key, (i, e))
            if typed_key(first[1].output) != typed_key(e.output):
                raise InputError(
                    f"task {self.name!r}: examples {first[0]} and {i} contradict: the same inputs ({', '.join(map(_show, e.inputs))}) "
                    f"give {_show(first[1].output)} and {_show(e.output)}; remove or correct one"
                )
        if self.input_names and len(self.input_names) != arity:
            raise InputError(f"task {self.name!r} names {len(self.input_names)} inputs, its examples have {arity}")

    def _infer_type(self) -> Type:
        every = [*self.examples, *self.test_examples]
        columns = list(zip(*(e.inputs for e in every), strict=False)) if self.examples[0].inputs else []
        parameters = tuple(
            type_of_values(column, f"task {self.name!r}, input {i + 1}") for i, column in enumerate(columns)
        )
        output = type_of_values([e.output for e in every], f"task {self.name!r}, output")
        assert not isinstance(output, Arrow)
        return Arrow(parameters, output) if parameters else output

    def _check_types(self) -> None:
        parameters, output = self.parameters, self.output_type
        if len(parameters) != self.arity:
            raise InputError(
                f"task {self.name!r}: type {self.type} has {len(parameters)} inputs, the examples have {self.arity}"
            )
        for i, e in enumerate(self.examples, 1):
            for j, (value, t) in enumerate(zip(e.inputs, parameters, strict=True), 1):
                if not has_type(value, t):
                    raise InputError(f"task {self.name!r}: example {i}, input {j}: {_show(value)} is no {t}")
            if not has_type(e.output, output):
                raise InputError(f"task {self.name!r}: example {i}, output: {_show(e.output)} is no {output}")

    @property
    def arity(self) -> int:
        """Number of inputs."""
        return len(self.examples[0].inputs)

    @property
    def parameters(self) -> tuple[Type, ...]:
        """Types of the inputs."""
        return self.type.parameters if isinstance(self.type, Arrow) else ()

    @property
    def output_type(self) -> Type:
        """Type of the output."""
        assert self.type is not None
        return self.type.result if isinstance(self.type, Arrow) else self.type

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs as programs, under their names."""
        names = self.input_names or [""] * self.arity
        return tuple(Input(i, t, name) for i, (t, name) in enumerate(zip(self.parameters, names, strict=True)))


def typed_key(value: Any) -> Any:
    """A key that keeps ``1`` and ``True`` apart, which Python's equality does not."""
    if isinstance(value, tuple):
        return tuple(typed_key(v) for v in value)
    return (type(value).__name__, value)


def has_type(value: Any, t: Type) -> bool:
    """Whether a (frozen) value belongs to a ground type."""
    match t:
        case TypeConstructor("int"):
            return isinstance(value, int) and not isinstance(value, bool)
        case TypeConstructor("bool"):
            return isinstance(value, bool)
        case TypeConstructor("string"):
            return isinstance(value, str)
        case TypeConstructor("bitvec", (size,)):
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << int(str(size))
        case TypeConstructor("list", (element,)):
            return isinstance(value, tuple) and all(has_type(v, element) for v in value)  # type: ignore[arg-type]  # a list's argument is a type
    return False


def type_of_values(values: Iterable[Any], where: str) -> Type:
    """The one type of all ``values``: int, bool, string or (nested) list; an element type never seen becomes int.

    Raises:
        InputError: for null, floats, objects, or values of different types, with the values.
    """
    found: Type | None = None
    for value in values:
        t = _type_of(freeze(value), where)
        merged = t if found is None else _merge(found, t)
        if merged is None:
            raise InputError(
                f"{where}: values of different types, {found} and {t} ({_show(value)}); all need the same type"
            )
        found = merged
    if found is None:
        raise InputError(f"{where}: no values")
    return _default(found)


def _type_of(value: Any, where: str) -> Type:
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case str():
            return STRING
        case tuple():
            element: Type = TypeVariable("a")
            for v in value:
                merged = _merge(element, _type_of(v, where))
                if merged is None:
                    raise InputError(f"{where}: the list {_show(value)} mixes types; all elements need the same type")
                element = merged
            return list_of(element)
    shown = "null" if value is None else repr(value)
    raise InputError(f"{where}: {shown} has no type here; allowed: integers, true and false, strings, lists of these")


def _merge(a: Type, b: Type) -> Type | None:
    match a, b:
        case TypeVariable(), _:
            return b
        case _, TypeVariable():
            return a
        case TypeConstructor("list", (x,)), TypeConstructor("list", (y,)):
            inner = _merge(x, y)  # type: ignore[arg-type]  # a list's argument is a type
            return None if inner is None else list_of(inner)
    return a if a == b else None


def _default(t: Type) -> Type:
    match t:
        case TypeVariable():
            return INT
        case TypeConstructor("list", (x,)):
            return list_of(_default(x))  # type: ignore[arg-type]  # a list's argument is a type
    return t
