"""A task: examples of what a program should do, and what is known about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neurosynth.errors import InputError
from neurosynth.language.program import Constant, Input
from neurosynth.values.frozen import freeze, show, typed_key
from neurosynth.values.reading import has_type, type_of_values, type_told_by_all
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, TypeConstructor, parse_type

if TYPE_CHECKING:
    from neurosynth.language.grammar import Grammar

__all__ = ["Example", "Task", "example", "first_contradiction"]


@dataclass(frozen=True, slots=True)
class Example:
    """Inputs and their expected output.  Lists are kept as tuples."""

    inputs: tuple[Any, ...]
    output: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", tuple(freeze(v) for v in self.inputs))
        object.__setattr__(self, "output", freeze(self.output))

    def __str__(self) -> str:
        return f"{', '.join(show(v) for v in self.inputs)} → {show(self.output)}"


def example(*inputs: Any, output: Any) -> Example:
    """``example([1, 2], 3, output=6)``: one input-output example."""
    return Example(inputs, output)


def _as_example(given: Any, where: str) -> Example:
    """An example, also of a pair of inputs and output; a tuple in the place of the inputs has one value for each input."""
    if isinstance(given, Example):
        return given
    if isinstance(given, (tuple, list)) and len(given) == 2:
        inputs, output = given
        return Example(inputs if isinstance(inputs, tuple) else (inputs,), output)
    raise InputError(
        f"{where}: {given!r} is not an example; allowed: neurosynth.example('a b', output='a') or a pair of input and output, "
        "('a b', 'a'); with several inputs, (('a', 'b'), 'a b')"
    )


def _type_of(values: Sequence[Any], where: str) -> Type:
    return type_told_by_all(values) or type_of_values(values, where)


def first_contradiction(examples: Iterable[Example], noise: int = 0) -> tuple[int, int] | None:
    """Positions of the first two examples with the same inputs and different outputs, or None.

    With ``noise``, that many examples may be wrong: None if leaving out that many examples removes every contradiction.
    """
    found: tuple[int, int] | None = None
    seen: dict[object, Counter[object]] = {}
    first: dict[object, int] = {}
    for i, e in enumerate(examples):
        inputs = typed_key(e.inputs)
        outputs = seen.setdefault(inputs, Counter())
        outputs[typed_key(e.output)] += 1
        if found is None and len(outputs) > 1:
            found = first[inputs], i
        first.setdefault(inputs, i)
    wrong = sum(outputs.total() - max(outputs.values()) for outputs in seen.values())
    return found if wrong > noise else None


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Input-output examples, and what is known about the wanted program: its language, type, constants, names of inputs, a grammar.

    Raises:
        InputError: for no examples, a different number of inputs among examples, two examples that contradict (both are
            named), a ``noise`` that is not below half of them, and values that have no type or not the stated one.
    """

    examples: Sequence[Example]
    """Also given as pairs of input and output; several inputs are a tuple."""
    name: str = "task"
    language: str | None = field(default=None, kw_only=True)
    type: Type | None = field(default=None, kw_only=True)
    """The request type, such as ``int -> list int -> int``; inferred from the examples by default."""
    constants: Sequence[Constant] = field(default=(), kw_only=True)
    """Constants that programs may use in addition to those of the language."""
    input_names: Sequence[str] = field(default=(), kw_only=True)
    test_examples: Sequence[Example] = field(default=(), kw_only=True)
    """Held-out examples, which are never shown to a search and are used to score its answer."""
    unlabelled: Sequence[Sequence[Any]] = field(default=(), kw_only=True)
    """Rows of inputs whose outputs are wanted: the remaining rows of a table, which are evidence for ranking."""
    noise: int = field(default=0, kw_only=True)
    """Number of examples that may be wrong, or that may contradict others."""
    grammar: Grammar | None = field(default=None, kw_only=True)
    """The grammar of the task, if it has its own (SyGuS)."""
    extra: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    """Other fields of the file, which are kept unchanged."""

    def __post_init__(self) -> None:
        if not self.examples:
            raise InputError(f"task {self.name!r} has no examples; at least one is needed")
        for name in ("examples", "test_examples"):
            where = f"task {self.name!r}: {name.removesuffix('s').replace('_', ' ')}"
            given = enumerate(getattr(self, name), 1)
            object.__setattr__(self, name, tuple(_as_example(e, f"{where} {i}") for i, e in given))
        object.__setattr__(self, "constants", tuple(self.constants))
        object.__setattr__(self, "input_names", tuple(self.input_names))
        object.__setattr__(self, "unlabelled", tuple(tuple(freeze(v) for v in row) for row in self.unlabelled))
        self._check_examples()
        if self.type is None:
            object.__setattr__(self, "type", self._infer_type())
            self._check_types()
        else:
            if isinstance(self.type, str):
                object.__setattr__(self, "type", parse_type(self.type))
            self._check_types()
        self._check_unlabelled()

    def _check_unlabelled(self) -> None:
        rows = []
        for i, row in enumerate(self.unlabelled, 1):
            where = f"task {self.name!r}: unlabelled row {i}"
            if len(row) != self.arity:
                raise InputError(
                    f"{where} has {len(row)} inputs, the examples have {self.arity}; all need the same number"
                )
            found = []
            for j, (value, t) in enumerate(zip(row, self.parameters, strict=True), 1):
                known = has_type(value, t)
                converted = value if known or not isinstance(t, TypeConstructor) else domain_of(t).freeze(value)
                if not known and not has_type(converted, t):
                    raise InputError(
                        f"{where}, input {j}: {show(value)} is not a valid {t}; all rows need the examples' types"
                    )
                found.append(converted)
            rows.append(tuple(found))
        object.__setattr__(self, "unlabelled", tuple(rows))

    def _check_examples(self) -> None:
        arity = len(self.examples[0].inputs)
        if not 0 <= self.noise <= (len(self.examples) - 1) // 2:
            raise InputError(
                f"task {self.name!r}: noise is {self.noise} for {len(self.examples)} examples; allowed: 0 to "
                f"{(len(self.examples) - 1) // 2}, fewer than half of them; give more examples"
            )
        for i, e in enumerate(self.examples, 1):
            if len(e.inputs) != arity:
                raise InputError(
                    f"task {self.name!r}: example {i} has {len(e.inputs)} inputs, example 1 has {arity}; all need the same number"
                )
        clash = first_contradiction(self.examples, self.noise)
        if clash is not None:
            first, second = (self.examples[at] for at in clash)
            raise InputError(
                f"task {self.name!r}: examples {clash[0] + 1} and {clash[1] + 1} contradict: the same inputs "
                f"({', '.join(map(show, first.inputs))}) give {show(first.output)} and {show(second.output)}; remove or correct one"
            )
        if self.input_names and len(self.input_names) != arity:
            raise InputError(f"task {self.name!r} names {len(self.input_names)} inputs, its examples have {arity}")

    def _infer_type(self) -> Type:
        every = [*self.examples, *self.test_examples]
        columns = list(zip(*(e.inputs for e in every), strict=False)) if self.examples[0].inputs else []
        parameters = tuple(_type_of(column, f"task {self.name!r}, input {i + 1}") for i, column in enumerate(columns))
        output = _type_of([e.output for e in every], f"task {self.name!r}, output")
        assert not isinstance(output, Arrow)
        return Arrow(parameters, output) if parameters else output

    def _check_types(self) -> None:
        if len(self.parameters) != self.arity:
            raise InputError(
                f"task {self.name!r}: type {self.type} has {len(self.parameters)} inputs, the examples have {self.arity}"
            )
        object.__setattr__(self, "examples", tuple(self._typed(e, i) for i, e in enumerate(self.examples, 1)))

    def _typed(self, e: Example, number: int) -> Example:
        """The example with its values in the form of their types (a decimal for a float)."""
        where = f"task {self.name!r}: example {number}"
        types = (*self.parameters, self.output_type)
        values = (*e.inputs, e.output)
        if all(has_type(value, t) for value, t in zip(values, types, strict=True)):
            return e
        found = []
        for j, (value, t) in enumerate(zip(values, types, strict=True), 1):
            known = has_type(value, t)
            converted = value if known or not isinstance(t, TypeConstructor) else domain_of(t).freeze(value)
            if not known and not has_type(converted, t):
                place = f", input {j}" if j <= self.arity else ", output"
                raise InputError(f"{where}{place}: {show(value)} is not a valid {t}")
            found.append(converted)
        return Example(tuple(found[:-1]), found[-1])

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
        """The inputs as programs, by name."""
        names = self.input_names or [""] * self.arity
        return tuple(Input(i, t, name) for i, (t, name) in enumerate(zip(self.parameters, names, strict=True)))
