"""Hypothesis strategies: types, values, a tiny language, its well-typed programs, tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from neurosynth.language.evaluate import evaluate
from neurosynth.language.language import A, B, Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.tasks.task import Example, Task
from neurosynth.values.registry import domain_of, is_known
from neurosynth.values.types import (
    BOOL,
    INT,
    STRING,
    Arrow,
    Size,
    Type,
    TypeConstructor,
    TypeVariable,
    bitvec,
    is_ground,
    list_of,
    substitute,
    type_variables,
    unify,
)

__all__ = ["ground_types", "languages", "programs", "requests", "tasks", "tiny", "types", "values"]

WORDS = (INT, BOOL, STRING)
WIDTHS = (1, 3, 8, 12)
FREE = (INT, BOOL, STRING, list_of(INT))
"""What a type variable that nothing fixes is drawn from."""


def _words(language: Language) -> None:
    """Numbers, truth values and bits."""

    @language.primitive(name="+", commutative=True, python="{0} + {1}")
    def add(a: int, b: int) -> int:
        """Sum."""
        return a + b

    @language.primitive(raises=(ZeroDivisionError,))
    def div(a: int, b: int) -> int:
        """Quotient, rounded down."""
        return a // b

    @language.primitive
    def zero() -> int:
        """Nought."""
        return 0

    @language.primitive(name="=", type="a -> a -> bool")
    def equal(a: Any, b: Any) -> bool:
        """Whether both are the same."""
        return bool(a == b)

    @language.primitive(name="not")
    def negation(a: bool) -> bool:
        """The other one."""
        return not a

    @language.primitive(type="bitvec n -> bitvec n")
    def bvnot(a: int, *, n: int) -> int:
        """All bits turned."""
        return a ^ ((1 << n) - 1)

    @language.primitive(type="bitvec n -> bitvec m -> bitvec n+m")
    def bvconcat(a: int, b: int, *, n: int, m: int) -> int:
        """The bits of both, one after the other."""
        return a << m | b


def _lists(language: Language) -> None:
    """Lists and texts."""

    @language.primitive
    def take(n: int, xs: Sequence[A]) -> list[A]:
        """First n elements."""
        return list(xs[: max(n, 0)])

    @language.primitive(raises=(IndexError,))
    def head(xs: Sequence[A]) -> A:
        """First element."""
        return xs[0]

    @language.primitive
    def pair(a: A, b: A) -> list[A]:
        """A list of two."""
        return [a, b]

    @language.primitive(size=lambda n, text: max(n, 0) * len(text), raises=(OverflowError,))
    def repeat(n: int, text: str) -> str:
        """The text n times."""
        return text * n


def _functions(language: Language) -> None:
    """Lambdas and laziness."""

    @language.primitive(name="map")
    def map_(f: Callable[[A], B], xs: Sequence[A]) -> list[B]:
        """Each element through f."""
        return [f(x) for x in xs]

    @language.primitive(name="filter")
    def filter_(f: Callable[[A], bool], xs: Sequence[A]) -> list[A]:
        """The elements f holds for."""
        return [x for x in xs if f(x)]

    @language.primitive
    def fold(f: Callable[[B, A], B], start: B, xs: Sequence[A]) -> B:
        """From the left."""
        for x in xs:
            start = f(start, x)
        return start

    @language.primitive(name="if", type="bool -> a -> a -> a", lazy=True)
    def choose(condition: Callable[[], bool], then: Callable[[], Any], other: Callable[[], Any]) -> Any:
        """The second where the first holds, else the third."""
        return then() if condition() else other()


def tiny() -> Language:
    """A language with a bit of everything: polymorphism, lambdas, laziness, undefinedness, sizes, widths."""
    language = Language("tiny", doc="For tests.")
    for group in (_words, _lists, _functions):
        group(language)
    language.constant(0, "int")
    language.constant(1, "int")
    language.constant("a b", "string", cost=2)
    return language


def languages() -> st.SearchStrategy[Language]:
    """The tiny language, or some of its primitives."""
    whole = tiny()

    def part(names: set[str]) -> Language:
        language = Language("part")
        language.constants = list(whole.constants)
        for name in sorted(names):
            language.add(whole[name])
        return language

    return st.one_of(st.just(whole), st.sets(st.sampled_from(sorted(whole.primitives)), min_size=1).map(part))


def _leaves(widths: Sequence[int]) -> st.SearchStrategy[Type]:
    return st.one_of(st.sampled_from(WORDS), st.sampled_from(widths).map(bitvec))


def ground_types() -> st.SearchStrategy[Type]:
    """Types without variables and arrows."""
    return st.recursive(_leaves(WIDTHS), lambda inner: inner.map(list_of), max_leaves=2)


def types() -> st.SearchStrategy[Type]:
    """Any type that can be printed, arrows with functional parameters included."""
    sizes = st.sampled_from(["n", "n+m", "n+4"]).map(bitvec)
    variables = st.sampled_from("abc").map(TypeVariable)
    flat = st.recursive(st.one_of(_leaves(WIDTHS), sizes, variables), lambda inner: inner.map(list_of), max_leaves=3)
    arrows = st.recursive(
        flat,
        lambda inner: st.builds(lambda ps, r: Arrow(tuple(ps), r), st.lists(inner, min_size=1, max_size=3), flat),
        max_leaves=4,
    )
    return st.one_of(arrows, st.builds(lambda t: list_of(t), arrows))


@lru_cache(maxsize=512)
def values(t: Type, *, min_size: int = 0) -> st.SearchStrategy[Any]:
    """Values of a ground type, lists as tuples; lists have at least ``min_size`` elements."""
    match t:
        case TypeConstructor("int"):
            return st.one_of(st.integers(-10, 10), st.integers())
        case TypeConstructor("bool"):
            return st.booleans()
        case TypeConstructor("string"):
            return st.text(max_size=4)
        case TypeConstructor("bitvec", (size,)):
            return st.integers(0, (1 << int(str(size))) - 1)
        case TypeConstructor("list", (element,)):
            assert not isinstance(element, Size)
            return st.lists(values(element, min_size=min_size), min_size=min_size, max_size=3).map(tuple)
        case TypeConstructor() if is_known(t):  # of a type that a language brings
            return st.sampled_from(domain_of(t).probes)
    raise AssertionError(t)


def requests() -> st.SearchStrategy[Type]:
    """Request types: up to three inputs and a result."""

    def request(parameters: list[Type], result: Type) -> Type:
        assert not isinstance(result, Arrow)
        return Arrow(tuple(parameters), result) if parameters else result

    return st.builds(request, st.lists(ground_types(), max_size=3), ground_types())


@st.composite
def programs(draw: st.DrawFn, language: Language, request: Type, *, depth: int = 4) -> Program:
    """A well-typed program of ``language``; every part of it tells its type.

    That leaves out the empty list of anything but ints: nothing in ``(length [])`` says what it is a list of.
    """
    parameters = request.parameters if isinstance(request, Arrow) else ()
    result = request.result if isinstance(request, Arrow) else request
    inputs = tuple(Input(i, t) for i, t in enumerate(parameters))
    return _program(draw, language, inputs, result, (), depth)


def _program(
    draw: st.DrawFn, language: Language, inputs: tuple[Input, ...], target: Type, scope: tuple[Type, ...], depth: int
) -> Program:
    leaves: list[Program] = [i for i in inputs if i.type == target]
    leaves += [Variable(i, t) for i, t in enumerate(reversed(scope)) if t == target]
    instances = [p for p in language.primitives.values() if depth > 1 and _fits(p, target)]
    choice = draw(st.integers(0, 5))
    if instances and choice > 1:
        instance = _instance(draw, draw(st.sampled_from(instances)), target)
        arguments: list[Program] = []
        for t in instance.parameters:
            if isinstance(t, Arrow):
                body = _program(draw, language, inputs, t.result, (*scope, *t.parameters), depth - 1)
                arguments.append(Lambda(t.parameters, body))
            else:
                arguments.append(_program(draw, language, inputs, t, scope, depth - 1))
        return Apply(instance, tuple(arguments), target)
    if leaves and choice != 1:
        return draw(st.sampled_from(leaves))
    return Constant(draw(values(target, min_size=0 if target == list_of(INT) else 1)), target)


def _fits(primitive: Primitive, target: Type) -> bool:
    if "+" in str(primitive.result):
        return isinstance(target, TypeConstructor) and target.name == "bitvec" and int(str(target.arguments[0])) > 1
    return unify(primitive.result, target, {})


def _instance(draw: st.DrawFn, primitive: Primitive, target: Type) -> Primitive:
    """The primitive with a ground type and the given result."""
    bindings: dict[str, Type | int] = {}
    if "+" in str(primitive.result):
        assert isinstance(target, TypeConstructor)
        width = int(str(target.arguments[0]))
        bindings["n"] = draw(st.integers(1, width - 1))
        bindings["m"] = width - int(str(bindings["n"]))
    assert unify(primitive.result, target, bindings)
    for name in type_variables(primitive.type):
        if name not in bindings:
            bindings[name] = draw(st.sampled_from(FREE))
    assert is_ground(substitute(primitive.type, bindings))
    return primitive.at(bindings)


@st.composite
def tasks(draw: st.DrawFn, language: Language) -> Task:
    """A task some program of ``language`` solves, where that program is defined on at least one drawn input."""
    parameters = tuple(draw(st.lists(st.sampled_from(FREE), min_size=1, max_size=2)))
    result = draw(st.sampled_from(FREE))
    request = Arrow(parameters, result)
    program = draw(programs(language, request, depth=3))
    rows = draw(st.lists(st.tuples(*(values(t) for t in parameters)), min_size=1, max_size=4))
    found = [Example(row, output) for row in rows if (output := evaluate(program, row)) is not UNDEFINED]
    if not found:
        program = Constant(draw(values(result)), result)
        found = [Example(row, evaluate(program, row)) for row in rows]
    return Task(found, type=request)
